//! Students: who leaves plants for technical schools, and who comes to plants from them.
//!
//! Parts of step 7. Owns the choice of students from the whole country and the return of graduates; who may study,
//! how many, and what school does to a person are rules of [`super::processes::school`].

use super::conditions::Conditions;
use super::identity;
use super::people::{Person, fate};
use super::processes::school::{Bar, Cohort, Student};
use super::processes::{births, merit, school};
use super::purpose::{MONTHLY, RARE, monthly, rare};
use super::scratch::Scratch;
use super::society::Society;
use super::unit::Unit;
use super::watchlists::{LateWords, Lookout, Watched};
use crate::engine::calendar::Month;
use crate::engine::parallel::Workers;
use crate::engine::random::uniform64;
use crate::engine::select::{positions, room};
use crate::engine::simd::dispatch;

/// Places at school this month, and the score below which no worker is looked at for one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    workers: u64,
    outsiders: u64,
    pub(super) bar: Bar,
}

/// Somebody who may be sent to school.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidacy {
    score: f32,
    identity: u64,
    unit: u32,
    row: u32,
}

impl Society {
    /// Places at school this month.
    pub(super) fn school_places(&self, conditions: &Conditions) -> Places {
        let (mut workers, mut elite) = (0u64, 0u64);
        for unit in &self.units {
            workers += unit.people.ranks.workers().len() as u64;
            elite += unit.people.ranks.elite().len() as u64;
        }
        let (places, outsiders) = school::places(conditions, elite);
        Places { workers: places, outsiders, bar: Bar::new(places, workers, self.enough_for_school) }
    }

    /// Graduates of this month come to plants of their region: own workers, and outsiders.
    pub(super) fn return_graduates(&mut self, conditions: &Conditions, lookout: &Lookout) {
        let month = conditions.month;
        let (workers, outsiders) = if month.0 < school::MONTHS {
            (Vec::new(), self.early_students[month.index()])
        } else {
            let cohort = self.school.pop_front().unwrap_or_default();
            (cohort.workers, cohort.outsiders)
        };
        for student in workers {
            let person = school::learn(student.person, month.0);
            self.graduate(conditions, lookout, person, student.region, 1);
        }
        for ordinal in 0..outsiders {
            let identity = if month.0 < school::MONTHS {
                identity::early_student(month, ordinal)
            } else {
                identity::student(Month(month.0 - school::MONTHS), ordinal)
            };
            let words = conditions.key.block(RARE, month.0, identity);
            let regions = self.regions.len();
            let region = ((uniform64(words[rare::REGION]) * regions as f64) as usize).min(regions - 1);
            let person = births::outside_graduate(&conditions.key, &conditions.rules, identity, month.0);
            self.graduate(conditions, lookout, person, region as u32, 0);
        }
    }

    /// A graduate comes to a plant of the region, drawn in proportion to posts of rank 2, which are in proportion to
    /// the plants' sizes.
    fn graduate(
        &mut self,
        conditions: &Conditions,
        lookout: &Lookout,
        person: Person,
        region: u32,
        kind: usize,
    ) {
        let month = conditions.month.0;
        let words = conditions.key.block(RARE, month, person.identity);
        let turn = self.regional_sizes[region as usize].draw(words[rare::PLANT], words[rare::PLANT + 1]);
        let unit = &mut self.units[region as usize + turn * self.regions.len()];
        let mut person = school::graduate(person, month);
        person.brigade = unit.brigade(uniform64(words[rare::BRIGADE]));
        unit.now.graduates[kind] += 1;
        unit.now.graduates_by_origin[kind][person.standing.origin() as usize] += 1;
        let row = unit.people.insert(person);
        unit.watched.outsiders.add(lookout.outsider(&person));
        let words = conditions.key.block(MONTHLY, month, person.identity);
        lookout.newcomer(conditions, unit, row, &LateWords::of(|word| words[word]));
    }

    /// R9: the best of the workers who want to study leave for school; if there are places for all, all do. `hopeful` are
    /// those whom [`find_hopeful`] found.
    pub(super) fn send_to_school(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        lookout: &Lookout,
        places: &Places,
        hopeful: Vec<Candidacy>,
    ) {
        let chosen = self.choose_students(workers, conditions, places, hopeful);
        let mut cohort = Cohort { workers: Vec::new(), outsiders: places.outsiders as u32 };
        let mut leaving: Vec<(u32, u32)> = chosen.iter().map(|chosen| (chosen.unit, chosen.row)).collect();
        // From the last row of a unit on, so that no row that still has to go is moved.
        leaving.sort_unstable_by(|one, other| other.cmp(one));
        for (unit, row) in leaving {
            let unit = &mut self.units[unit as usize];
            let person = unit.people.remove(row as usize);
            unit.watched.outsiders.remove(lookout.outsider(&person));
            unit.now.students += 1;
            cohort.workers.push(Student { person, region: unit.region });
        }
        cohort.workers.sort_unstable_by_key(|student| student.person.identity);
        self.school.push_back(cohort);
    }

    fn choose_students(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        places: &Places,
        mut hopeful: Vec<Candidacy>,
    ) -> Vec<Candidacy> {
        let least = places.bar.least;
        let places = places.workers as usize;
        if places == 0 {
            return Vec::new();
        }
        self.take_best(&mut hopeful, places);
        // Whoever was not looked at scores less.
        if hopeful.len() < places || hopeful[places - 1].score < least {
            hopeful = self.everybody_for_school(workers, conditions);
            self.take_best(&mut hopeful, places);
        }
        let last = hopeful.last().map(|last| (last.score, hopeful.len() as u64));
        self.enough_for_school = last.or(self.enough_for_school);
        hopeful
    }

    /// Leaves the best of the candidates, best first, of those who have not risen since.
    fn take_best(&self, candidates: &mut Vec<Candidacy>, places: usize) {
        candidates.retain_mut(|one| {
            let people = &self.units[one.unit as usize].people;
            let row = people.find(one.identity, one.row).filter(|row| people.ranks.workers().contains(row));
            one.row = row.map_or(one.row, |row| row as u32);
            row.is_some()
        });
        candidates.sort_unstable_by(|one, other| {
            merit::better((one.score, one.identity), (other.score, other.identity))
        });
        candidates.truncate(places);
    }

    /// Everybody who may be sent to school.
    fn everybody_for_school(&mut self, workers: Workers, conditions: &Conditions) -> Vec<Candidacy> {
        let mut found = vec![Vec::new(); self.blocks.count()];
        self.crew.sweep(workers, &self.blocks, &mut self.units, &mut found, |_, first, units, found| {
            for (position, unit) in (first..).zip(units) {
                for row in 0..unit.people.len() {
                    let identity = unit.people.identity[row];
                    let words = conditions.key.block(MONTHLY, conditions.month.0, identity);
                    found.extend(Candidacy::of(conditions, position, unit, row, words[monthly::SCHOOL]));
                }
            }
        });
        found.concat()
    }
}

impl Candidacy {
    /// The candidacy of somebody who may be sent to school; `word` is the person's noise.
    fn of(conditions: &Conditions, position: usize, unit: &Unit, row: usize, word: u32) -> Option<Candidacy> {
        school::candidate(&unit.people, row, conditions.month.0, word).map(|score| Candidacy {
            score,
            identity: unit.people.identity[row],
            unit: position as u32,
            row: row as u32,
        })
    }
}

/// Adds those of a unit to `found` who were noted by [`watch`], are still there and may be sent to school.
pub(super) fn find_hopeful(
    conditions: &Conditions,
    position: usize,
    unit: &Unit,
    found: &mut Vec<Candidacy>,
) {
    found.extend(unit.watched.students.iter().filter_map(|student| {
        let row = unit.people.find(student.identity, student.seen)?;
        Candidacy::of(conditions, position, unit, row, student.word)
    }));
}

/// Notes those who reach the bar, unless they leave anyway. Bosses whom a demotion this month makes workers, and so
/// candidates, are noted when they fall. `scratch.words` are those of the unit's people.
pub(super) fn watch(conditions: &Conditions, lookout: &Lookout, unit: &mut Unit, scratch: &mut Scratch) {
    let words = scratch.words.column(monthly::SCHOOL);
    let marks = room(&mut scratch.marks, words.len());
    mark_reaching(conditions.instructions, marks, words, &lookout.school);
    positions(marks, &mut scratch.rows);
    let people = &unit.people;
    unit.watched.students.extend(scratch.rows.iter().filter_map(|&seen| {
        let (row, word) = (seen as usize, words[seen as usize]);
        let stays = scratch.fates[row] & fate::LEAVING == 0;
        let reached = stays && lookout.school.reached(people, row, conditions.month.0, word);
        reached.then(|| Watched { identity: people.identity[row], seen, word })
    }));
}

dispatch! {
    fn mark_reaching(instructions, marks: &mut [bool], words: &[u32], bar: &Bar) {
        let bar = *bar;
        for (mark, &word) in marks.iter_mut().zip(words) {
            *mark = bar.may_reach(word);
        }
    }
}
