//! R6 Demotion and expulsion: what the loss of rank or party membership does to a person.
//!
//! First part of step 7. A demoted boss falls by two ranks and, on leaving the elite, loses the role. Part of
//! the suspicion remains, and a grudge begins. A demoted regional official goes to a plant of the region.
//! Expulsion from the party adds suspicion, starts a grudge and takes away an office of party or union; quiet
//! departure from it has no other effect.

use super::outcome::Outcome;
use super::recruitment::lose_card;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::purpose::{RARE, rare};
use crate::model::setup::Population;
use crate::model::state::fate;
use crate::model::state::person::Person;
use crate::model::state::standing::Role;
use crate::model::state::traits::{Career, NEVER_ENTERED};

/// Returns the number of plants of a region: every `regions`-th plant belongs to it, starting with the
/// region's own number.
pub fn plants_of(region: u32, enterprises: u32, regions: u32) -> u32 {
    (enterprises - region).div_ceil(regions)
}

/// Returns the number of the plant to which a demoted official of the region goes, with equal chances for all
/// of its plants.
pub(crate) fn plant_after_demotion(
    conditions: &Conditions,
    population: &Population,
    region: u32,
    identity: u64,
) -> u32 {
    let &Population { enterprises, regions, .. } = population;
    let words = conditions.key.block(RARE, conditions.month.0, identity);
    let plants = plants_of(region, enterprises, regions);
    let turn = (uniform64(words[rare::PLANT]) * f64::from(plants)) as u32;
    region + regions * turn.min(plants - 1)
}

impl Person {
    /// Lowers a person's rank by two, but not below worker (R6).
    ///
    /// A share of suspicion remains, and a grudge begins. The role is lost with the elite, since roles exist
    /// from rank 2 on. If the person is still in the elite, a new spell begins in `month`.
    ///
    /// The two ranks are not a parameter, because the spells in `survival.csv` depend on them: a director
    /// becomes a foreman, and a regional official takes a post of the middle rank in a plant.
    pub fn demote(&mut self, rules: &Parameters, month: u16) {
        let was_elite = self.standing.elite();
        let rank = self.standing.rank().saturating_sub(2);
        self.standing.set_rank(rank);
        if !self.standing.elite() {
            self.standing.set_role(Role::None);
        }
        self.suspicion *= rules.demotion_suspicion as f32;
        self.take_offence(rules, month);
        if was_elite {
            self.career.set_entered(if self.standing.elite() { month as i16 } else { NEVER_ENTERED });
        }
        if self.standing.boss() {
            self.set_months_in_rank(rules.demotion_since as i16, month);
        } else {
            self.career = Career::none();
        }
    }
}

/// Returns the role of a person whom a demotion leaves in the elite: an official who is `expelled` from the party
/// becomes a manager.
pub(crate) fn role_after(role: Role, expelled: bool) -> Role {
    if expelled && matches!(role, Role::Party | Role::Union) { Role::Manager } else { role }
}

/// Applies demotion, expulsion from the party and quiet departure from it to a person.
#[inline(always)]
pub(crate) fn degrade(rules: &Parameters, person: &mut Person, marks: u16, outcome: Outcome, month: u16) {
    if let Outcome::Demoted(_) = outcome {
        person.demote(rules, month);
    }
    if marks & fate::EXPELLED != 0 {
        lose_card(person, month);
        person.standing.set_role(role_after(person.standing.role(), true));
        person.suspicion += rules.expulsion_suspicion as f32;
        person.take_offence(rules, month);
    }
    if marks & fate::LEFT_PARTY != 0 {
        lose_card(person, month);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::person::tests::sample_person;
    use crate::model::state::standing::Party;
    use crate::model::state::traits::ENTERED_BEFORE;
    use crate::model::state::unit::Cause;

    #[test]
    fn every_plant_belongs_to_one_region() {
        for (enterprises, regions) in [(30, 6), (31, 6), (10, 10), (1, 1), (7, 3)] {
            let total: u32 = (0..regions).map(|region| plants_of(region, enterprises, regions)).sum();
            assert_eq!(total, enterprises);
            for region in 0..regions {
                let last = region + regions * (plants_of(region, enterprises, regions) - 1);
                assert!(last < enterprises && last % regions == region);
            }
        }
    }

    #[test]
    fn a_director_who_is_demoted_becomes_a_foreman_without_a_role() {
        let mut person = sample_person(1, 3);
        person.standing.set_role(Role::Manager);
        person.career = Career::new(5, 3);
        person.suspicion = 2.0;
        person.demote(&Parameters::default(), 20);
        assert_eq!((person.standing.rank(), person.standing.role()), (1, Role::None));
        assert_eq!((person.months_in_rank(20), person.career.entered()), (48, NEVER_ENTERED));
        assert!(person.rankles(25) && !person.rankles(26));
        assert!((person.suspicion - 0.6).abs() < 1e-6);
    }

    #[test]
    fn expulsion_marks_as_much_as_an_accusation_and_leaves_no_office() {
        let rules = Parameters::default();
        let mut person = sample_person(1, 4);
        person.standing.set_role(Role::Party);
        person.standing.set_party(Party::Member);
        person.dates.set_joined(3);
        person.suspicion = 2.0;
        degrade(&rules, &mut person, fate::EXPELLED | fate::PURGED, Outcome::Demoted(Cause::Purge), 20);
        assert_eq!((person.standing.rank(), person.standing.role()), (2, Role::Manager));
        assert!(!person.standing.in_party() && person.lost_card(20) && !person.lost_card(21));
        assert!(person.rankles(25) && !person.rankles(26));
        // .3 of the suspicion before, and 1. A month later .88 of it is left, which alone exceeds the threshold.
        assert!((person.suspicion - 1.6).abs() < 1e-6);
        let left = rules.expulsion_suspicion * (1.0 - rules.suspicion_forgetting);
        assert!((left - 0.88).abs() < 1e-12 && left > rules.suspicion_threshold);
        let mut worker = sample_person(2, 0);
        worker.standing.set_party(Party::Member);
        degrade(&rules, &mut worker, fate::LEFT_PARTY, Outcome::Stays, 20);
        assert!(!worker.standing.in_party() && worker.lost_card(20) && !worker.rankles(20));
        assert_eq!(worker.suspicion, 0.0);
    }

    #[test]
    fn a_regional_official_who_is_demoted_keeps_the_role_and_begins_a_new_spell() {
        let mut person = sample_person(1, 4);
        person.standing.set_role(Role::Union);
        person.career.set_entered(ENTERED_BEFORE);
        person.demote(&Parameters::default(), 20);
        assert_eq!(
            (person.standing.rank(), person.standing.role(), person.career.entered()),
            (2, Role::Union, 20)
        );
    }
}
