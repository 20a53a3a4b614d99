//! Departures: carries out what the month's draws decided about leaving, rank and party (R4, R6).
//!
//! First part of step 7. The arrested and those who leave naturally go; bosses are demoted; members are expelled;
//! workers who quit or are dismissed leave industry or become movers. Demoted regional officials go to a plant of
//! their region.

use super::outcome::Outcome;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::purpose::{RARE, rare};
use crate::model::setup::Population;
use crate::model::state::fate;
use crate::model::state::person::Person;
use crate::model::state::standing::{Party, Role};
use crate::model::state::traits::{Career, NEVER_ENTERED};

/// Plants of a region: every `regions`-th from the region's own number on.
pub fn plants_of(region: u32, enterprises: u32, regions: u32) -> u32 {
    (enterprises - region).div_ceil(regions)
}

/// The plant of the own region to which a demoted official goes.
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
    /// Leaves a rank of the elite, or enters one below: the loss of rank of rule R6.
    ///
    /// Rank falls by two, but not below worker; a share of suspicion lasts; the role goes with the elite, since roles exist
    /// from rank 2 on; a grudge begins. A new spell in the elite begins in `month` if the person is still in it.
    ///
    /// The two ranks are no parameter, because the spells of `survival.csv` rest on them: a director becomes a foreman, a
    /// regional official comes to the middle rank of a plant.
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

/// Carries out what costs rank or the party card.
#[inline(always)]
pub(crate) fn degrade(rules: &Parameters, person: &mut Person, marks: u16, outcome: Outcome, month: u16) {
    if let Outcome::Demoted(_) = outcome {
        person.demote(rules, month);
    }
    if marks & fate::EXPELLED != 0 {
        person.standing.set_party(Party::Outside);
        person.suspicion += rules.expulsion_suspicion as f32;
        person.take_offence(rules, month);
    }
    if marks & fate::LEFT_PARTY != 0 {
        person.standing.set_party(Party::Outside);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::person::tests::somebody;
    use crate::model::state::traits::ENTERED_BEFORE;

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
        let mut person = somebody(1, 3);
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
    fn a_regional_official_who_is_demoted_keeps_the_role_and_begins_a_new_spell() {
        let mut person = somebody(1, 4);
        person.standing.set_role(Role::Union);
        person.career.set_entered(ENTERED_BEFORE);
        person.demote(&Parameters::default(), 20);
        assert_eq!(
            (person.standing.rank(), person.standing.role(), person.career.entered()),
            (2, Role::Union, 20)
        );
    }
}
