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
use crate::model::people::{People, Person};
use crate::model::person::{FOREMAN, Standing, WORKER};
use crate::model::processes::ageing::{competence, learned, tenure};
use crate::model::purpose;

/// Months at school.
pub const MONTHS: u16 = 48;
/// Months of experience without which no worker is sent.
const LEAST_TENURE: f32 = 12.0;
/// Months in rank with which graduates begin.
const GRADUATE_SINCE: i16 = 12;
/// Largest [`promise`].
const MOST_PROMISE: f32 = 3.5;
/// What school adds to ability.
const LEARNED: f32 = 0.25;

/// A worker at school, and the region to which the plant left behind belongs.
#[derive(Debug, Clone, Copy)]
pub struct Student {
    /// Who, as at leaving.
    pub person: Person,
    /// Region of return.
    pub region: u32,
}

/// Those who entered school in one month.
#[derive(Debug, Clone, Default)]
pub struct Cohort {
    /// Workers.
    pub workers: Vec<Student>,
    /// Number of outsiders.
    pub outsiders: u32,
}

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

/// The score below which nobody is looked at for a place this month: a guess of speed alone. Whether it was low enough shows
/// when places are given.
#[derive(Debug, Clone, Copy)]
pub struct Bar {
    /// The score.
    pub least: f32,
    /// The noise of no smaller word is enough for it, whoever the person is.
    from: u32,
}

impl Bar {
    /// The bar for so many places among so many workers: of the last month that had any, `last` gives the lowest score that
    /// was enough, and the places. Twice as many as needed reach it, and twenty more: beyond the bulk of the scores, their
    /// number falls as e^-score.
    pub fn new(places: u64, workers: u64, last: Option<(f32, u64)>) -> Bar {
        let wanted = 2.0 * places as f64 + 20.0;
        let least = match last {
            Some((score, enough)) => f64::from(score) - libm::log(wanted / enough as f64),
            // By noise alone, for the most promising.
            None => f64::from(MOST_PROMISE) - libm::log(20.0 * wanted / workers.max(1) as f64),
        };
        let noise = least - f64::from(MOST_PROMISE);
        // The margin is far more than rounding.
        let below = libm::exp(-libm::exp(-(noise - 0.001)));
        Bar { least: least as f32, from: (below * f64::from(u32::MAX)) as u32 }
    }

    /// Whether this word may be enough for somebody.
    #[inline(always)]
    pub fn may_reach(&self, word: u32) -> bool {
        word >= self.from
    }

    /// Whether the person in a row may be sent to school in `month` and reaches the bar with this word.
    pub fn reached(&self, people: &People, row: usize, month: u16, word: u32) -> bool {
        self.may_reach(word) && candidate(people, row, month, word).is_some_and(|score| score >= self.least)
    }
}

/// Score for a place in `month` of the person in a row with this word; none if the person may not be sent to school.
pub fn candidate(people: &People, row: usize, month: u16, word: u32) -> Option<f32> {
    // Only what is asked for is read: the rest of the row may be far away.
    let standing = people.standing[row];
    eligible(standing, tenure(people.skill[row], month)).then(|| {
        let competence = competence(people.skill[row], learned(month));
        score(standing, people.drive[row].ambition().value(), competence, word)
    })
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
    fn nobody_who_reaches_the_bar_is_missed_by_its_word() {
        for (places, workers, last) in
            [(0, 0, None), (3, 40, None), (150, 900_000, None), (2, 9, Some((8.5, 150)))]
        {
            let bar = Bar::new(places, workers, last);
            let Some(below) = bar.from.checked_sub(1) else { continue };
            let noise = gumbel_of_word(below);
            assert!(MOST_PROMISE + noise < bar.least, "{bar:?} {noise}");
            assert!(MOST_PROMISE + noise > bar.least - 0.1, "{bar:?} {noise}");
        }
        // Fifty hoped for where ten were enough: scores sink by ln 5.
        assert!((Bar::new(15, 0, Some((8.0, 10))).least - (8.0 - 1.609_438)).abs() < 1e-6);
    }

    #[test]
    fn preference_raises_the_workers_share() {
        let rules = Parameters::default();
        assert!((worker_share(&rules, 0.0) - 0.42).abs() < 1e-12);
        assert!((worker_share(&rules, 1.0) - 1.89 / 2.47).abs() < 1e-12);
    }
}
