//! Students: who leaves plants for technical schools, and who comes to plants from them.
//!
//! Parts of step 7. Owns the choice of students from the whole country and the return of graduates; who may study,
//! how many, and what school does to a person are rules of [`super::processes::school`].

use super::conditions::Conditions;
use super::identity;
use super::people::{Person, fate};
use super::processes::school::{Cohort, Student};
use super::processes::{births, school};
use super::purpose::{MONTHLY, RARE, monthly, rare};
use super::scratch::Scratch;
use super::society::Society;
use super::unit::Unit;
use crate::engine::calendar::Month;
use crate::engine::maths::gumbel_of_word;
use crate::engine::parallel::Workers;
use crate::engine::random::uniform64;

/// Those flagged as hopeful for school: the places for workers and for outsiders, and the word above which noise may
/// be enough for a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hopes {
    workers: u64,
    outsiders: u64,
    above: u32,
}

/// Largest score for a school place without noise.
const MOST_PROMISE: f32 = 3.5;

impl Society {
    /// Places at school this month, and the noise above which a worker may hope for one: about forty times as many
    /// workers pass it as there are places, and whether that was enough is checked when places are given.
    pub(super) fn school_hopes(&self, conditions: &Conditions) -> Hopes {
        let (mut workers, mut elite) = (0u64, 0u64);
        for unit in &self.units {
            workers += u64::from(unit.now.counts[0]);
            elite += unit.now.counts[2..].iter().map(|&count| u64::from(count)).sum::<u64>();
        }
        let (places, outsiders) = school::places(conditions, elite);
        let share = (40.0 * (places as f64 + 2.0) / workers.max(1) as f64).min(1.0);
        Hopes { workers: places, outsiders, above: ((1.0 - share) * f64::from(u32::MAX)) as u32 }
    }

    /// Graduates of this month come to plants of their region: own workers, and outsiders.
    pub(super) fn return_graduates(&mut self, conditions: &Conditions) {
        let month = conditions.month;
        let (workers, outsiders) = if month.0 < school::MONTHS {
            (Vec::new(), self.early_students[month.index()])
        } else {
            let cohort = self.school.pop_front().unwrap_or_default();
            (cohort.workers, cohort.outsiders)
        };
        for student in workers {
            self.graduate(conditions, school::learn(student.person), student.region, 1);
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
            self.graduate(conditions, person, region as u32, 0);
        }
    }

    /// A graduate comes to a plant of the region, drawn in proportion to posts of rank 2, which are in proportion to
    /// the plants' sizes.
    fn graduate(&mut self, conditions: &Conditions, person: Person, region: u32, kind: usize) {
        let words = conditions.key.block(RARE, conditions.month.0, person.identity);
        let monthly_words = conditions.key.block(MONTHLY, conditions.month.0, person.identity);
        let turn = self.regional_sizes[region as usize].draw(words[rare::PLANT], words[rare::PLANT + 1]);
        let unit = &mut self.units[region as usize + turn * self.regions.len()];
        let mut person = school::graduate(person);
        person.keep_words(&monthly_words);
        person.brigade = unit.brigade(uniform64(words[rare::BRIGADE]));
        unit.now.graduates[kind] += 1;
        unit.now.graduates_by_origin[kind][person.standing.origin() as usize] += 1;
        unit.settle(person);
    }

    /// R9: the best of the workers who want to study leave for school; if there are places for all, all do.
    pub(super) fn send_to_school(&mut self, workers: Workers, conditions: &Conditions, hopes: Hopes) {
        let mut cohort = Cohort { workers: Vec::new(), outsiders: hopes.outsiders as u32 };
        if hopes.workers > 0 {
            let places = hopes.workers as usize;
            let mut best = self.best_students(workers, conditions, Some(hopes), places);
            // Whoever was not looked at scores below this.
            let bound = MOST_PROMISE + gumbel_of_word(hopes.above);
            if best.len() < places || best[places - 1].0 < bound {
                best = self.best_students(workers, conditions, None, places);
            }
            for (_, _, unit, row) in &best {
                self.units[*unit as usize].people.fate[*row as usize] |= fate::STUDENT;
            }
            let mut units: Vec<u32> = best.iter().map(|&(_, _, unit, _)| unit).collect();
            units.sort_unstable();
            units.dedup();
            for unit in units {
                let unit = &mut self.units[unit as usize];
                for row in (0..unit.people.len()).rev() {
                    if unit.people.fate[row] & fate::STUDENT != 0 {
                        let person = unit.people.take(row);
                        cohort.workers.push(Student {
                            person: Person { fate: 0, accused: 0, ..person },
                            region: unit.region,
                        });
                        unit.now.students += 1;
                    }
                }
            }
            cohort.workers.sort_unstable_by_key(|student| student.person.identity);
        }
        self.school.push_back(cohort);
    }

    /// The best `places` candidates for school: of those marked as hopeful, or of all.
    fn best_students(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        hopes: Option<Hopes>,
        places: usize,
    ) -> Vec<(f32, u64, u32, u32)> {
        let order = |one: &(f32, u64, u32, u32), other: &(f32, u64, u32, u32)| {
            other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
        };
        let mut found = vec![Vec::new(); self.blocks.count()];
        self.blocks.each(workers, &mut self.units, &mut found, &self.scratch, |_, first, units, found| {
            for (position, unit) in (first..).zip(units) {
                let people = &unit.people;
                for row in 0..people.len() {
                    let looked_at = hopes.is_none() || people.fate[row] & fate::HOPES != 0;
                    if looked_at && school::eligible(people, row) {
                        let score = school::score(conditions, people, row);
                        found.push((score, people.identity[row], position as u32, row as u32));
                    }
                }
            }
            found.sort_unstable_by(order);
            found.truncate(places);
        });
        let mut best = found.concat();
        best.sort_unstable_by(order);
        best.truncate(places);
        best
    }
}

/// Marks those whose noise may be enough for a place: bosses as well, since a demotion this month can make workers,
/// and so candidates, of them.
pub(super) fn mark_hopes(unit: &mut Unit, scratch: &Scratch, hopes: Hopes) {
    for (fate, &word) in unit.people.fate.iter_mut().zip(scratch.words.column(monthly::SCHOOL)) {
        *fate |= if word > hopes.above { fate::HOPES } else { 0 };
    }
}
