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

/// Months at school.
pub const MONTHS: u16 = 48;

/// Months of experience without which no worker is sent.
const LEAST_TENURE: f32 = 12.0;

/// Months in rank with which graduates begin.
const GRADUATE_SINCE: i16 = 12;

/// What school adds to ability.
const LEARNED: f32 = 0.25;

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
pub fn eligible(standing: Standing, tenure: f32) -> bool {
    standing.rank() == WORKER && tenure >= LEAST_TENURE && !standing.trained() && !standing.former()
}

/// Score of a worker for a school place, noise apart; at most 3.5.
pub fn promise(standing: Standing, ambition: f32, competence: f32) -> f32 {
    2.0 * ambition + if standing.in_party() { 0.5 } else { 0.0 } + competence
}

/// Score of a worker for a school place; `word` is the person's random word of the noise in it.
pub fn score(standing: Standing, ambition: f32, competence: f32, word: u32) -> f32 {
    promise(standing, ambition, competence) + gumbel_of_word(word)
}

/// Somebody who comes from school in `month`, as a junior technician.
pub fn graduate(mut person: Person, month: u16) -> Person {
    person.standing.set_rank(FOREMAN);
    person.standing.train();
    person.set_months_in_rank(GRADUATE_SINCE, month);
    person
}

/// A worker who comes back from school in `month`: abler, and otherwise as at leaving.
pub fn learn(mut person: Person, month: u16) -> Person {
    person.resume(MONTHS);
    person.set_competence((person.competence(month) + LEARNED).min(1.0), month);
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
