//! R9 School: who is sent to study, and who comes back trained.
//!
//! Step 7 of the month. The number of places follows the size of the elite, and the workers' share of the
//! places follows origin preference. Workers are chosen from the whole country by ambition, party membership,
//! ability and chance. Outsiders come from white-collar families. Both return after four years as junior
//! technicians. Meanwhile suspicion and fear fade as they do at work. Claims C20, C26.

use super::fear;
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

/// Months at school. Not a parameter, because the identities of students, their dates and the cohorts of
/// January 1928 depend on it.
pub const MONTHS: u16 = 48;

/// Returns the workers' share of the school places, 0 to 1. `school_worker_share` (b_sch) is the share
/// without preference; `origin_preference`, 0 to 1, raises the odds.
pub fn worker_share(rules: &Parameters, origin_preference: f64) -> f64 {
    let workers = rules.school_worker_share * (1.0 + rules.school_preference * origin_preference);
    let others = 1.0 - rules.school_worker_share;
    if workers + others > 0.0 { workers / (workers + others) } else { 0.0 }
}

/// Returns the places of the month for workers and for outsiders, each rounded with a draw of its own.
///
/// `elite` is the number of elite people present at the start of the month.
pub fn places(conditions: &Conditions, elite: u64) -> (u64, u64) {
    let Levers { schooling, origin_preference, .. } = conditions.levers;
    let places = conditions.parameters.school_places * schooling * elite as f64;
    let share = worker_share(&conditions.parameters, origin_preference);
    let words = conditions.key.block(purpose::UNIT, conditions.month.0, CENTRE);
    let draw = |slot: usize| uniform64(words[slot]);
    (
        round_randomly(places * share, draw(purpose::unit::WORKER_PLACES)),
        round_randomly(places * (1.0 - share), draw(purpose::unit::OUTSIDE_PLACES)),
    )
}

/// Returns true if a person may be sent to school: an experienced, untrained worker who does not belong to
/// the former people. `tenure` is in months.
pub fn eligible(rules: &Parameters, standing: Standing, tenure: f32) -> bool {
    let experienced = tenure >= rules.school_tenure as f32;
    standing.rank() == WORKER && experienced && !standing.trained() && !standing.former()
}

/// Returns the score of a worker for a school place without the noise.
pub fn promise(rules: &Parameters, standing: Standing, ambition: f32, competence: f32) -> f32 {
    rules.school_ambition as f32 * ambition
        + if standing.in_party() { rules.school_loyalty as f32 } else { 0.0 }
        + rules.school_merit as f32 * competence
}

/// Returns the largest possible [`promise`]: that of a worker in the party whose ambition and ability are 1.
pub fn most_promise(rules: &Parameters) -> f64 {
    rules.school_ambition + rules.school_loyalty + rules.school_merit
}

/// Returns the score of a worker for a school place: [`promise`] plus noise, a standard Gumbel deviate given
/// by `word`.
///
/// The noise is the unit in which the weights of [`promise`] are measured.
pub fn score(rules: &Parameters, standing: Standing, ambition: f32, competence: f32, word: u32) -> f32 {
    promise(rules, standing, ambition, competence) + gumbel_of_word(word)
}

/// Returns a person who comes from school in `month`, as a junior technician.
pub fn graduate(rules: &Parameters, mut person: Person, month: u16) -> Person {
    person.standing.set_rank(FOREMAN);
    person.standing.train();
    person.set_months_in_rank(rules.graduate_since as i16, month);
    person
}

/// How suspicion and fear change in a month at school.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fading {
    /// Share of suspicion that is left.
    kept: f32,
    fear: fear::Terms,
}

impl Fading {
    /// Returns what a month under these levers does.
    pub(crate) fn new(rules: &Parameters, levers: &Levers) -> Self {
        Fading { kept: (1.0 - rules.suspicion_forgetting) as f32, fear: fear::at_school(rules, levers) }
    }

    /// Lets a month pass for a student: nobody accuses a student, and no arrest is seen from school.
    pub(crate) fn pass(&self, student: &mut Person) {
        student.suspicion *= self.kept;
        student.fear = fear::fear(&self.fear, student.fear, student.suspicion);
    }
}

/// Returns a worker who comes back from school in `month`: with more ability. Experience, conviction and grievance
/// are those of the day of leaving; suspicion, fear and a grudge have faded month by month.
pub fn learn(rules: &Parameters, mut person: Person, month: u16) -> Person {
    person.resume(MONTHS);
    let ability = person.competence(month) + rules.school_ability as f32;
    person.set_competence(ability.min(1.0), month);
    person
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::person::tests::sample_person;

    #[test]
    fn preference_raises_the_workers_share() {
        let rules = Parameters::default();
        assert!((worker_share(&rules, 0.0) - 0.42).abs() < 1e-12);
        assert!((worker_share(&rules, 1.0) - 1.89 / 2.47).abs() < 1e-12);
    }

    #[test]
    fn suspicion_and_fear_fade_at_school() {
        let mut student = Person { suspicion: 0.6, fear: 0.5, ..sample_person(1, 0) };
        let fading = Fading::new(&Parameters::default(), &Levers { vigilance: 0.5, ..Levers::default() });
        // .88 of .6 is above .5: under half vigilance the suspect's fear is .9 of what it was, and .05.
        fading.pass(&mut student);
        assert!((student.suspicion - 0.528).abs() < 1e-6 && (student.fear - 0.5).abs() < 1e-6);
        // .88 of .528 is not.
        fading.pass(&mut student);
        assert!((student.suspicion - 0.464_64).abs() < 1e-6 && (student.fear - 0.45).abs() < 1e-6);
        (2..MONTHS).for_each(|_| fading.pass(&mut student));
        assert!(student.suspicion < 0.002 && student.fear < 0.004);
    }
}
