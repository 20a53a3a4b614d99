//! R9 School: who is sent to study, and who comes back trained.
//!
//! Step 7 of the month. Places follow the size of the elite; workers' share of them follows origin preference. Workers
//! are chosen from the whole country by ambition, party card, ability and noise; outsiders come from white-collar
//! families. Both return after four years as junior technicians. Claims C20, C26.

use crate::engine::distributions::round_randomly;
use crate::engine::maths::gumbel_of_word;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::identity::CENTRE;
use crate::model::levers::Levers;
use crate::model::parameters::Parameters;
use crate::model::purpose;
use crate::model::state::person::Person;
use crate::model::state::standing::{FOREMAN, Standing, WORKER};

/// Months at school. No parameter: identities of students, their dates and the cohorts of January 1928 rest on it.
pub const MONTHS: u16 = 48;

/// Workers' share of the school places (b_sch with odds raised by origin preference).
pub fn worker_share(rules: &Parameters, origin_preference: f64) -> f64 {
    let workers = rules.school_worker_share * (1.0 + rules.school_preference * origin_preference);
    let others = 1.0 - rules.school_worker_share;
    if workers + others > 0.0 { workers / (workers + others) } else { 0.0 }
}

/// Places of the month for workers and for outsiders, rounded by two keyed draws; `elite` are the elite people
/// present at the start of the month.
pub fn places(conditions: &Conditions, elite: u64) -> (u64, u64) {
    let Levers { schooling, origin_preference, .. } = conditions.levers;
    let places = conditions.rules.school_places * schooling * elite as f64;
    let share = worker_share(&conditions.rules, origin_preference);
    let words = conditions.key.block(purpose::UNIT, conditions.month.0, CENTRE);
    let draw = |slot: usize| uniform64(words[slot]);
    (
        round_randomly(places * share, draw(purpose::unit::WORKER_PLACES)),
        round_randomly(places * (1.0 - share), draw(purpose::unit::OUTSIDE_PLACES)),
    )
}

/// May be sent to school.
pub fn eligible(rules: &Parameters, standing: Standing, tenure: f32) -> bool {
    let experienced = tenure >= rules.school_tenure as f32;
    standing.rank() == WORKER && experienced && !standing.trained() && !standing.former()
}

/// Score of a worker for a school place, noise apart.
pub fn promise(rules: &Parameters, standing: Standing, ambition: f32, competence: f32) -> f32 {
    rules.school_ambition as f32 * ambition
        + if standing.in_party() { rules.school_loyalty as f32 } else { 0.0 }
        + rules.school_merit as f32 * competence
}

/// The largest [`promise`]: that of a fully ambitious and able worker in the party.
pub fn most_promise(rules: &Parameters) -> f64 {
    rules.school_ambition + rules.school_loyalty + rules.school_merit
}

/// Score of a worker for a school place; `word` is the person's random word of the noise in it. The noise is the unit of
/// the score, in which the weights of [`promise`] are measured.
pub fn score(rules: &Parameters, standing: Standing, ambition: f32, competence: f32, word: u32) -> f32 {
    promise(rules, standing, ambition, competence) + gumbel_of_word(word)
}

/// Somebody who comes from school in `month`, as a junior technician.
pub fn graduate(rules: &Parameters, mut person: Person, month: u16) -> Person {
    person.standing.set_rank(FOREMAN);
    person.standing.train();
    person.set_months_in_rank(rules.graduate_since as i16, month);
    person
}

/// A worker who comes back from school in `month`: abler, and otherwise as at leaving.
pub fn learn(rules: &Parameters, mut person: Person, month: u16) -> Person {
    person.resume(MONTHS);
    let ability = person.competence(month) + rules.school_ability as f32;
    person.set_competence(ability.min(1.0), month);
    person
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preference_raises_the_workers_share() {
        let rules = Parameters::default();
        assert!((worker_share(&rules, 0.0) - 0.42).abs() < 1e-12);
        assert!((worker_share(&rules, 1.0) - 1.89 / 2.47).abs() < 1e-12);
    }
}
