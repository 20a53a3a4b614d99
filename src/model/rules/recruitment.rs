//! R9 Recruitment to the party.
//!
//! End of step 7, all ranks. Everyone present outside the party, except for people who lost the card this
//! month, joins with a probability that is relative to the mean over all of them. The ambitious, those in higher ranks, people of the preferred origin and shock
//! workers join first; former people and suspects join less often. Recruits are candidates at first and
//! become members after a year and a half. Claims C07, C35.

use crate::engine::maths::{exp, fixed, from_fixed, scale_above};
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::state::person::Person;
use crate::model::state::standing::{Origin, Party, Standing};
use crate::model::state::traits::{Dates, Drive};

/// Months after which a candidate becomes a member. Not a parameter, because no rule distinguishes candidates
/// from members.
const CANDIDACY_MONTHS: i16 = 18;

/// Terms of the weight that do not depend on the person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    ambition: f32,
    rank: f32,
    preference: f32,
    shock_worker: f32,
    shock_below: f32,
    former: f32,
    suspicion: f32,
    suspicion_ceiling: f32,
    /// Scale of the sums: weights are summed as shares of this power of two, which exceeds every weight.
    pub(crate) scale: f32,
    /// The present month.
    month: u16,
}

impl Terms {
    pub(crate) fn new(conditions: &Conditions) -> Self {
        let Conditions { parameters, levers, shock_below, month, .. } = conditions;
        Terms { month: month.0, ..Terms::of(parameters, levers.origin_preference, *shock_below) }
    }

    fn of(rules: &Parameters, origin_preference: f64, shock_below: f32) -> Self {
        Terms {
            ambition: rules.recruitment_ambition as f32,
            rank: rules.recruitment_rank as f32,
            preference: (rules.recruitment_origin * origin_preference) as f32,
            shock_worker: rules.recruitment_shock as f32,
            shock_below,
            former: rules.recruitment_former as f32,
            suspicion: rules.recruitment_suspicion as f32,
            suspicion_ceiling: rules.recruitment_suspicion_ceiling as f32,
            scale: scale(rules),
            month: 0,
        }
    }
}

/// Returns the scale of the weights; 32 for the default parameters.
fn scale(rules: &Parameters) -> f32 {
    let ranks = 2.0 * rules.recruitment_rank;
    let (ambition, origin) = (rules.recruitment_ambition, rules.recruitment_origin);
    scale_above(libm::exp(ambition + ranks + origin + rules.recruitment_shock))
}

impl Terms {
    /// Returns the weight of a person (w), above 0.
    pub(crate) fn weight(&self, person: &Person) -> f32 {
        weight(self, person.standing, person.drive, person.suspicion)
    }

    /// Returns a person's contribution to the sums over people who may join the party; zero for a person in it and
    /// for one who lost the card this month.
    pub(crate) fn outsider(&self, person: &Person) -> Outsiders {
        if !may_join(person.standing, person.dates, self.month) {
            return Outsiders::default();
        }
        Outsiders { weights: u64::from(fixed(self.weight(person) * (1.0 / self.scale))), people: 1 }
    }
}

/// Returns the weight of a person outside the party (w), above 0.
#[inline(always)]
pub(crate) fn weight(terms: &Terms, standing: Standing, drive: Drive, suspicion: f32) -> f32 {
    exp(log_weight(terms, standing, drive, suspicion))
}

/// Returns the natural logarithm of [`weight`].
#[inline(always)]
pub(crate) fn log_weight(terms: &Terms, standing: Standing, drive: Drive, suspicion: f32) -> f32 {
    let rank = standing.rank();
    let suspicion = if suspicion < terms.suspicion_ceiling { suspicion } else { terms.suspicion_ceiling };
    // All ranks of the elite count as rank 2.
    terms.ambition * drive.ambition().value()
        + terms.rank * f32::from(if rank < 2 { rank } else { 2 })
        + if standing.origin_bits() == Origin::Worker as u16 { terms.preference } else { 0.0 }
        + if drive.shock_quality().value() < terms.shock_below { terms.shock_worker } else { 0.0 }
        - if standing.origin_bits() == Origin::Former as u16 { terms.former } else { 0.0 }
        - terms.suspicion * suspicion
}

/// The number of people outside the party, and the sum of their weights.
///
/// Both wrap around, so that people can be subtracted before they are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outsiders {
    /// Sum of the weights in fixed point, as shares of [`Terms::scale`].
    pub(crate) weights: u64,
    pub(crate) people: u64,
}

impl Outsiders {
    /// Adds the people and weights of `more`.
    pub fn add(&mut self, more: Outsiders) {
        self.weights = self.weights.wrapping_add(more.weights);
        self.people = self.people.wrapping_add(more.people);
    }

    /// Subtracts the people and weights of `fewer`.
    pub fn remove(&mut self, fewer: Outsiders) {
        self.weights = self.weights.wrapping_sub(fewer.weights);
        self.people = self.people.wrapping_sub(fewer.people);
    }

    /// Returns the mean weight, or `None` if there are no people outside the party.
    pub(crate) fn mean(&self, terms: &Terms) -> Option<f64> {
        (self.people > 0).then(|| from_fixed(self.weights) * f64::from(terms.scale) / self.people as f64)
    }
}

/// Returns true if the party recruits this month.
pub fn open(conditions: &Conditions) -> bool {
    conditions.levers.party_recruitment > 0.0
}

/// Returns the share of people outside the party who join in a month.
pub(crate) fn rate(conditions: &Conditions) -> f64 {
    // The parameter is per year.
    conditions.parameters.recruitment_rate / 12.0 * conditions.levers.party_recruitment
}

/// Returns the monthly probability of joining per unit of weight. `outsiders` are all people outside the
/// party in the country.
pub(crate) fn chance(conditions: &Conditions, terms: &Terms, outsiders: &Outsiders) -> f64 {
    let mean = outsiders.mean(terms).unwrap_or(0.0);
    if mean > 0.0 { rate(conditions) / mean } else { 0.0 }
}

/// Returns true if a person may join the party in `month`: one outside it who has not lost the card this month.
#[inline(always)]
pub(crate) fn may_join(standing: Standing, dates: Dates, month: u16) -> bool {
    !standing.in_party() && !lost_card(standing, dates, month)
}

/// Returns true if a person is outside the party and lost the card in `month`.
#[inline(always)]
pub(crate) fn lost_card(standing: Standing, dates: Dates, month: u16) -> bool {
    !standing.in_party() && dates.joined() == month as i16
}

/// Takes the party card away from a person in `month`, by expulsion or quiet departure.
pub(crate) fn lose_card(person: &mut Person, month: u16) {
    person.standing.set_party(Party::Outside);
    person.dates.set_joined(month as i16);
}

/// Lets a person join the party in `month`, as a candidate.
pub fn join(person: &mut Person, month: u16) {
    person.standing.set_party(Party::Candidate);
    person.dates.set_joined(month as i16);
}

impl Person {
    /// Returns the standing in the party in `month`. A candidate becomes a member at the end of the
    /// eighteenth month after joining; no rule distinguishes the two.
    pub fn party(&self, month: u16) -> Party {
        match self.standing.joined_as() {
            Party::Candidate if month as i16 - self.dates.joined() > CANDIDACY_MONTHS => Party::Member,
            party => party,
        }
    }

    /// Returns true if the person is outside the party and lost the card in `month`.
    pub fn lost_card(&self, month: u16) -> bool {
        lost_card(self.standing, self.dates, month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::person::tests::sample_person;
    use crate::model::state::traits::Trait;

    #[test]
    fn a_candidacy_ends_with_its_eighteenth_month() {
        let mut person = sample_person(1, 0);
        assert_eq!(person.party(7), Party::Outside);
        person.standing.set_party(Party::Candidate);
        person.dates.set_joined(7);
        assert_eq!(
            [7, 25, 26].map(|month| person.party(month)),
            [Party::Candidate, Party::Candidate, Party::Member]
        );
        person.standing.set_party(Party::Member);
        assert_eq!(person.party(7), Party::Member);
    }

    #[test]
    fn the_card_lost_this_month_is_not_given_back_in_it() {
        let rules = Parameters::default();
        let pool =
            |person: &Person, month| Terms { month, ..Terms::of(&rules, 0.0, 0.0) }.outsider(person).people;
        let mut person = sample_person(1, 0);
        assert_eq!(pool(&person, 0), 1);
        join(&mut person, 4);
        assert_eq!(pool(&person, 9), 0);
        lose_card(&mut person, 9);
        assert_eq!((pool(&person, 9), pool(&person, 10)), (0, 1));
    }

    #[test]
    fn the_ambitious_risen_and_preferred_join_first() {
        let terms = Terms::of(&Parameters::default(), 0.5, 0.2);
        assert_eq!((terms.preference, terms.scale), (0.3, 32.0));
        let drive = |ambition, quality| Drive::new(Trait::nearest(ambition), Trait::nearest(quality));
        let mut standing = Standing::worker(Origin::Worker, false);
        assert!((weight(&terms, standing, drive(0.5, 0.5), 0.0) - 0.7f64.exp_m1() as f32 - 1.0).abs() < 1e-5);
        standing.set_rank(3);
        assert!((weight(&terms, standing, drive(0.0, 0.1), 4.0) - 1.1f64.exp_m1() as f32 - 1.0).abs() < 1e-5);
        let former = Standing::worker(Origin::Former, true);
        assert!((weight(&terms, former, drive(0.0, 0.5), 0.0) - (-1f64).exp_m1() as f32 - 1.0).abs() < 1e-6);
    }
}
