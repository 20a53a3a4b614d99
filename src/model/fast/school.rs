//! Sends students to technical schools and places the graduates (R9, [`crate::model::rules::school`]).
//!
//! The first sweep lists the workers whose score reaches a threshold guessed from the last month that had places. If
//! the list turns out too short, all workers of the country are scored.

use super::candidates::{Candidate, LateWords};
use super::conditions::Conditions;
use super::fates as fate;
use super::people::People;
use super::prefilter::Prefilter;
use super::society::Society;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::engine::select::{positions, room};
use crate::engine::simd::dispatch;
use crate::model::country::Placement;
use crate::model::identity;
use crate::model::parameters::Parameters;
use crate::model::purpose::{MONTHLY, monthly};
use crate::model::rules::ageing::{competence, learned, tenure};
use crate::model::rules::merit;
use crate::model::rules::school::{eligible, most_promise, places as school_places, score};
use crate::model::state::school::{Cohort, Student};

/// The score above which workers are listed as candidates for school.
///
/// The threshold is a guess that affects speed only. Whether it was low enough is checked when places are
/// given.
#[derive(Debug, Clone, Copy)]
pub(super) struct SchoolThreshold {
    /// Least score of the workers listed.
    pub(super) least: f32,
    /// Smallest word whose noise can lift the most promising person to the threshold.
    from: u32,
}

impl SchoolThreshold {
    /// Returns the threshold for this number of places and workers in the country.
    ///
    /// `last` holds the lowest score admitted in the last month that had places, and the number of places
    /// filled then. The threshold aims at a list of twice as many workers as needed plus twenty: in the upper
    /// tail, the number of workers above a score falls as e^-score.
    pub(super) fn new(
        rules: &Parameters,
        places: u64,
        workers: u64,
        last: Option<(f32, u64)>,
    ) -> SchoolThreshold {
        let most = most_promise(rules);
        let wanted = 2.0 * places as f64 + 20.0;
        let least = match last {
            Some((score, enough)) => f64::from(score) - libm::log(wanted / enough as f64),
            // Without an earlier month: the noise that few enough of the workers exceed.
            None => most - libm::log(20.0 * wanted / workers.max(1) as f64),
        };
        let noise = least - most;
        // The margin exceeds rounding by far. It and the numbers above affect speed only.
        let below = libm::exp(-libm::exp(-(noise - 0.001)));
        SchoolThreshold { least: least as f32, from: (below * f64::from(u32::MAX)) as u32 }
    }

    /// Returns true if a person with this word may reach the threshold.
    #[inline(always)]
    pub(super) fn may_reach(&self, word: u32) -> bool {
        word >= self.from
    }

    /// Returns true if the person in a row may be sent to school and reaches the threshold with this word.
    pub(super) fn reached(&self, conditions: &Conditions, people: &People, row: usize, word: u32) -> bool {
        let score = || candidate(conditions, people, row, word);
        self.may_reach(word) && score().is_some_and(|score| score >= self.least)
    }
}

/// Returns the score for a place of the person in a row with this word; `None` if the person may not be sent
/// to school.
fn candidate(conditions: &Conditions, people: &People, row: usize, word: u32) -> Option<f32> {
    let (rules, month) = (&conditions.parameters, conditions.month.0);
    // Reads only the columns needed; others may not be in the cache.
    let standing = people.standing[row];
    eligible(rules, standing, tenure(people.skill[row], month)).then(|| {
        let competence = competence(people.skill[row], learned(month));
        score(rules, standing, people.drive[row].ambition().value(), competence, word)
    })
}

/// Places at school this month, and the threshold for listing workers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    workers: u64,
    outsiders: u64,
    pub(super) threshold: SchoolThreshold,
}

/// A worker who may be sent to school.
#[derive(Debug, Clone, Copy)]
pub(super) struct SchoolCandidate {
    score: f32,
    identity: u64,
    unit: u32,
    row: u32,
}

impl Society {
    /// Returns the places at school this month.
    pub(super) fn school_places(&self, conditions: &Conditions) -> Places {
        let (mut workers, mut elite) = (0u64, 0u64);
        for unit in &self.units {
            workers += unit.people.ranks.workers().len() as u64;
            elite += unit.people.ranks.elite().len() as u64;
        }
        let (places, outsiders) = school_places(conditions, elite);
        Places {
            workers: places,
            outsiders,
            threshold: SchoolThreshold::new(&conditions.parameters, places, workers, self.enough_for_school),
        }
    }

    /// Places graduates in plants of their regions, as junior technicians.
    pub(super) fn return_graduates(&mut self, conditions: &Conditions, prefilter: &Prefilter) {
        for Placement { person, plant } in self.country.graduates(conditions, &mut self.units) {
            let unit = &mut self.units[plant];
            let row = unit.people.insert(person);
            unit.candidates.outsiders.add(prefilter.outsider(&person));
            let words = conditions.key.block(MONTHLY, conditions.month.0, person.identity);
            prefilter.add_newcomer(conditions, unit, row, &LateWords::of(|word| words[word]));
        }
    }

    /// R9: sends the best of the eligible workers to school, or all of them if there are enough places. `candidates`
    /// come from [`find`].
    pub(super) fn send_to_school(
        &mut self,
        conditions: &Conditions,
        prefilter: &Prefilter,
        places: &Places,
        candidates: Vec<SchoolCandidate>,
    ) {
        let chosen = self.choose_students(conditions, places, candidates);
        let mut cohort = Cohort { workers: Vec::new(), outsiders: places.outsiders as u32 };
        let mut leaving: Vec<(u32, u32)> = chosen.iter().map(|chosen| (chosen.unit, chosen.row)).collect();
        // From the last row of a unit on, so that no row that still has to go is moved.
        leaving.sort_unstable_by(|one, other| other.cmp(one));
        for (unit, row) in leaving {
            let unit = &mut self.units[unit as usize];
            let person = unit.people.remove(row as usize);
            unit.candidates.outsiders.remove(prefilter.outsider(&person));
            unit.state.now.students += 1;
            cohort.workers.push(Student { person, region: unit.state.region });
        }
        cohort.workers.sort_unstable_by_key(|student| student.person.identity);
        self.country.school.push_back(cohort);
    }

    fn choose_students(
        &mut self,
        conditions: &Conditions,
        places: &Places,
        mut candidates: Vec<SchoolCandidate>,
    ) -> Vec<SchoolCandidate> {
        let least = places.threshold.least;
        let places = places.workers as usize;
        if places == 0 {
            return Vec::new();
        }
        self.keep_best(&mut candidates, places);
        // Workers who are not listed score below the threshold.
        if candidates.len() < places || candidates[places - 1].score < least {
            candidates = self.everybody_for_school(conditions);
            self.keep_best(&mut candidates, places);
        }
        let last = candidates.last().map(|last| (last.score, candidates.len() as u64));
        self.enough_for_school = last.or(self.enough_for_school);
        candidates
    }

    /// Keeps the best of the candidates, best first, after dropping those who have been promoted since.
    fn keep_best(&self, candidates: &mut Vec<SchoolCandidate>, places: usize) {
        candidates.retain_mut(|one| {
            let people = &self.units[one.unit as usize].people;
            let row = people.find(one.identity, one.row).filter(|row| people.ranks.workers().contains(row));
            one.row = row.map_or(one.row, |row| row as u32);
            row.is_some()
        });
        let order = |one: &SchoolCandidate, other: &SchoolCandidate| {
            merit::better((one.score, one.identity), (other.score, other.identity))
        };
        if places < candidates.len() {
            candidates.select_nth_unstable_by(places, order);
            candidates.truncate(places);
        }
        candidates.sort_unstable_by(order);
    }

    /// Returns all workers who may be sent to school.
    fn everybody_for_school(&mut self, conditions: &Conditions) -> Vec<SchoolCandidate> {
        let mut found = vec![Vec::new(); self.blocks.count()];
        let (workers, units) = (self.workers, &mut self.units);
        self.workspaces.sweep(workers, &self.blocks, units, &mut found, |workspace, first, units, found| {
            for (position, unit) in (first..).zip(units) {
                let rows = unit.people.ranks.workers();
                let identities = &unit.people.identity[rows.clone()];
                let (key, month) = (&conditions.key, conditions.month.0);
                workspace.words.fill(conditions.instructions, key, MONTHLY, month, identities);
                let words = workspace.words.column(monthly::SCHOOL);
                // The month's hires are present already, but are hired only after school has been filled.
                let hired = |row| identity::is_hire_of(unit.people.identity[row], conditions.month);
                let others = rows.zip(words).filter(|&(row, _)| !hired(row));
                found.extend(
                    others.filter_map(|(row, &word)| {
                        SchoolCandidate::of(conditions, position, unit, row, word)
                    }),
                );
            }
        });
        found.concat()
    }
}

impl SchoolCandidate {
    /// Returns the candidacy of a person who may be sent to school; `word` is the person's noise.
    fn of(
        conditions: &Conditions,
        position: usize,
        unit: &Unit,
        row: usize,
        word: u32,
    ) -> Option<SchoolCandidate> {
        candidate(conditions, &unit.people, row, word).map(|score| SchoolCandidate {
            score,
            identity: unit.people.identity[row],
            unit: position as u32,
            row: row as u32,
        })
    }
}

/// Adds to `found` the people listed by [`list`] who are still present and may be sent to school.
pub(super) fn find(conditions: &Conditions, position: usize, unit: &Unit, found: &mut Vec<SchoolCandidate>) {
    found.extend(unit.candidates.for_school.iter().filter_map(|student| {
        let row = unit.people.find(student.identity, student.seen)?;
        SchoolCandidate::of(conditions, position, unit, row, student.word)
    }));
}

/// Lists the workers who reach the threshold and do not leave the unit.
///
/// `workspace.words` must be those of the unit's people. Bosses demoted to worker this month are listed at their
/// demotion.
pub(super) fn list(
    conditions: &Conditions,
    prefilter: &Prefilter,
    unit: &mut Unit,
    workspace: &mut Workspace,
) {
    let words = workspace.words.column(monthly::SCHOOL);
    let marks = room(&mut workspace.marks, words.len());
    mark_reaching(conditions.instructions, marks, words, &prefilter.school);
    positions(marks, &mut workspace.rows);
    let people = &unit.people;
    unit.candidates.for_school.extend(workspace.rows.iter().filter_map(|&seen| {
        let (row, word) = (seen as usize, words[seen as usize]);
        let stays = workspace.fates[row] & fate::LEAVING == 0;
        let reached = stays && prefilter.school.reached(conditions, people, row, word);
        reached.then(|| Candidate { identity: people.identity[row], seen, word })
    }));
}

dispatch! {
    fn mark_reaching(instructions, marks: &mut [bool], words: &[u32], threshold: &SchoolThreshold) {
        let threshold = *threshold;
        for (mark, &word) in marks.iter_mut().zip(words) {
            *mark = threshold.may_reach(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::maths::gumbel_of_word;

    #[test]
    fn nobody_who_reaches_the_threshold_is_missed_by_its_word() {
        let rules = Parameters::default();
        assert_eq!(most_promise(&rules), 3.5);
        for (places, workers, last) in
            [(0, 0, None), (3, 40, None), (150, 900_000, None), (2, 9, Some((8.5, 150)))]
        {
            let threshold = SchoolThreshold::new(&rules, places, workers, last);
            let Some(below) = threshold.from.checked_sub(1) else { continue };
            let noise = gumbel_of_word(below);
            assert!(3.5 + noise < threshold.least, "{threshold:?} {noise}");
            assert!(3.5 + noise > threshold.least - 0.1, "{threshold:?} {noise}");
        }
        // Wanting fifty where ten were enough lowers the threshold by ln 5.
        assert!(
            (SchoolThreshold::new(&rules, 15, 0, Some((8.0, 10))).least - (8.0 - 1.609_438)).abs() < 1e-6
        );
    }
}
