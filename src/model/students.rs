//! Students: who leaves plants for technical schools, and who comes to plants from them.
//!
//! Parts of step 7. Owns the choice of students from the whole country and the return of graduates; who may study,
//! how many, and what school does to a person are rules of [`super::processes::school`].

use super::chain::Risen;
use super::conditions::Conditions;
use super::identity;
use super::people::{Person, fate};
use super::processes::recruitment::Outsiders;
use super::processes::school::{Cohort, Student};
use super::processes::{births, promotion, recruitment, school};
use super::purpose::{MONTHLY, RARE, monthly, rare};
use super::scratch::Scratch;
use super::society::Society;
use super::unit::Unit;
use crate::engine::calendar::Month;
use crate::engine::instructions::{Instructions, dispatch};
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

/// Somebody who may be sent to school.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidacy {
    score: f32,
    identity: u64,
    unit: u32,
    row: u32,
}

/// Largest score for a school place without noise.
const MOST_PROMISE: f32 = 3.5;

impl Society {
    /// Places at school this month, and the noise above which a worker may hope for one: about forty times as many
    /// workers pass it as there are places, and whether that was enough is checked when places are given.
    pub(super) fn school_hopes(&self, conditions: &Conditions) -> Hopes {
        let (mut workers, mut elite) = (0u64, 0u64);
        for unit in &self.units {
            workers += u64::from(unit.stock.ranks[0]);
            elite += unit.stock.ranks[2..].iter().map(|&count| u64::from(count)).sum::<u64>();
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
        unit.people.push(person);
    }

    /// R9: the best of the workers who want to study are chosen for school; if there are places for all, all are.
    /// `hopeful` are those whom [`find_hopeful`] found before the vacancy chain was closed.
    pub(super) fn choose_students(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        hopes: Hopes,
        mut hopeful: Vec<Candidacy>,
    ) -> Vec<Candidacy> {
        let places = hopes.workers as usize;
        if places == 0 {
            return Vec::new();
        }
        self.take_best(&mut hopeful, places);
        // Whoever was not looked at scores below this.
        let bound = MOST_PROMISE + gumbel_of_word(hopes.above);
        if hopeful.len() < places || hopeful[places - 1].score < bound {
            hopeful = self.everybody_for_school(workers, conditions);
            self.take_best(&mut hopeful, places);
        }
        hopeful
    }

    /// Leaves the best of the candidates who have not just risen into another unit, best first.
    fn take_best(&self, candidates: &mut Vec<Candidacy>, places: usize) {
        candidates
            .retain(|one| self.units[one.unit as usize].people.fate[one.row as usize] & fate::MOVED_UP == 0);
        candidates.sort_unstable_by(|one, other| {
            promotion::better((one.score, one.identity), (other.score, other.identity))
        });
        candidates.truncate(places);
    }

    /// Everybody who may be sent to school.
    fn everybody_for_school(&mut self, workers: Workers, conditions: &Conditions) -> Vec<Candidacy> {
        let mut found = vec![Vec::new(); self.blocks.count()];
        self.crew.sweep(workers, &self.blocks, &mut self.units, &mut found, |_, first, units, found| {
            for (position, unit) in (first..).zip(units) {
                for row in 0..unit.people.len() {
                    found.extend(Candidacy::of(conditions, position, unit, row));
                }
            }
        });
        found.concat()
    }

    /// Those chosen leave for school, those who rose leave for their new unit; what that changes among those outside the
    /// party is put right.
    pub(super) fn see_off(
        &mut self,
        conditions: &Conditions,
        risen: &[Risen],
        students: &[Candidacy],
        hopes: Hopes,
        outsiders: &mut Outsiders,
    ) {
        let recruiting = recruitment::open(conditions);
        let mut cohort = Cohort { workers: Vec::new(), outsiders: hopes.outsiders as u32 };
        let mut leaving: Vec<(u32, u32, bool)> = risen
            .iter()
            .map(|risen| (risen.from, risen.row, false))
            .chain(students.iter().map(|student| (student.unit, student.row, true)))
            .collect();
        // From the last row of a unit on, so that no row that still has to go is moved.
        leaving.sort_unstable_by(|one, other| other.cmp(one));
        for (unit, row, student) in leaving {
            let unit = &mut self.units[unit as usize];
            let person = unit.people.take(row as usize);
            if recruiting {
                outsiders.remove(Outsiders::person(conditions, &person));
            }
            if student {
                cohort
                    .workers
                    .push(Student { person: Person { fate: 0, accused: 0, ..person }, region: unit.region });
                unit.now.students += 1;
            }
        }
        if recruiting {
            for risen in risen {
                outsiders.add(Outsiders::person(conditions, &risen.mover.person));
            }
        }
        cohort.workers.sort_unstable_by_key(|student| student.person.identity);
        self.school.push_back(cohort);
    }
}

impl Candidacy {
    /// The candidacy of somebody who may be sent to school.
    fn of(conditions: &Conditions, position: usize, unit: &Unit, row: usize) -> Option<Candidacy> {
        let people = &unit.people;
        let (standing, identity) = (people.standing[row], people.identity[row]);
        school::eligible(standing, people.tenure[row]).then(|| {
            let word = conditions.key.block(MONTHLY, conditions.month.0, identity)[monthly::SCHOOL];
            Candidacy {
                score: school::score(standing, people.ambition[row], people.competence[row], word),
                identity,
                unit: position as u32,
                row: row as u32,
            }
        })
    }
}

/// Adds those of a unit to `found` who were marked by [`mark_hopes`] and may be sent to school.
pub(super) fn find_hopeful(
    conditions: &Conditions,
    position: usize,
    unit: &Unit,
    scratch: &mut Scratch,
    found: &mut Vec<Candidacy>,
) {
    let Scratch { marks, rows, .. } = scratch;
    unit.people.rows_with(fate::HOPES, conditions.instructions, marks, rows);
    found.extend(rows.iter().filter_map(|&row| Candidacy::of(conditions, position, unit, row as usize)));
}

/// Marks those whose noise may be enough for a place: bosses as well, since a demotion this month can make workers,
/// and so candidates, of them.
pub(super) fn mark_hopes(instructions: Instructions, unit: &mut Unit, scratch: &Scratch, hopes: Hopes) {
    mark_above(instructions, &mut unit.people.fate, scratch.words.column(monthly::SCHOOL), hopes.above);
}

dispatch! {
    fn mark_above(instructions, fates: &mut [u16], words: &[u32], above: u32) {
        for (fate, &word) in fates.iter_mut().zip(words) {
            *fate |= if word > above { fate::HOPES } else { 0 };
        }
    }
}
