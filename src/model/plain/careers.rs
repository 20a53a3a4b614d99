//! Step 7 but for the vacancy chain, person by person: departures, graduates, movers, school, hires, party.

use super::{Country, Somebody};
use crate::engine::calendar::Month;
use crate::engine::distributions::round_randomly;
use crate::engine::random::{uniform, uniform64};
use crate::model::conditions::Conditions;
use crate::model::identity;
use crate::model::people::Person;
use crate::model::person::{Party, REGIONAL, WORKER};
use crate::model::processes::departures::{degrade, plant_after_demotion};
use crate::model::processes::merit::better;
use crate::model::processes::movers::{self, Deficits};
use crate::model::processes::outcome::{Outcome, outcome};
use crate::model::processes::recruitment::{self, Joining, Outsiders};
use crate::model::processes::school::{self, Cohort, Student};
use crate::model::processes::{births, hiring};
use crate::model::purpose::{self, BIRTH, DESTINATION, RARE, monthly, rare};

/// Somebody on the way to another unit, and to which: as a demoted official, or as a worker who seeks, of whom it is the one left.
pub(super) struct Mover {
    somebody: Somebody,
    to: usize,
    falls: bool,
}

fn workers(people: &[Somebody]) -> u32 {
    people.iter().filter(|somebody| somebody.rank() == WORKER).count() as u32
}

impl Country {
    /// The dead and the arrested go, the fallen lose rank or party card, workers leave or are on the way elsewhere.
    pub(super) fn depart(&mut self, conditions: &Conditions) -> Vec<Mover> {
        let population = self.setup.population;
        let leaving = conditions.rules.leaving_industry as f32;
        let mut movers = Vec::new();
        for (position, (unit, people)) in self.units.iter_mut().zip(&mut self.people).enumerate() {
            for mut somebody in std::mem::take(people) {
                let leaves = uniform(somebody.words[monthly::LEAVE_INDUSTRY]) < leaving;
                let marks = somebody.fate;
                let person = &mut somebody.person;
                let official = person.standing.rank() == REGIONAL;
                let outcome = outcome(marks, person.standing.boss());
                degrade(person, marks, outcome, conditions.month.0);
                somebody.moved = matches!(outcome, Outcome::Demoted(_));
                match outcome {
                    Outcome::Arrested | Outcome::Natural => {}
                    Outcome::Quits | Outcome::Dismissed if leaves => unit.now.left_industry += 1,
                    Outcome::Quits | Outcome::Dismissed => {
                        unit.now.moved_out += 1;
                        movers.push(Mover { somebody, to: position, falls: false });
                    }
                    Outcome::Demoted(_) if official => {
                        let (enterprises, regions) = (population.enterprises, population.regions);
                        let identity = somebody.person.identity;
                        let to =
                            plant_after_demotion(conditions, enterprises, regions, unit.region, identity);
                        movers.push(Mover { somebody, to: to as usize, falls: true });
                    }
                    Outcome::Demoted(_) | Outcome::Stays => people.push(somebody),
                }
            }
            unit.now.workers_left = workers(people);
        }
        movers
    }

    /// Those whose time at school is over come to plants.
    pub(super) fn return_graduates(&mut self, conditions: &Conditions) {
        let month = conditions.month;
        let early = month.0 < school::MONTHS;
        let cohort = if early {
            Cohort { workers: Vec::new(), outsiders: self.early_students[month.index()] }
        } else {
            self.school.pop_front().unwrap_or_default()
        };
        for student in cohort.workers {
            let person = school::learn(student.person, month.0);
            self.graduate(conditions, person, student.region as usize, 1);
        }
        for ordinal in 0..cohort.outsiders {
            let identity = if early {
                identity::early_student(month, ordinal)
            } else {
                identity::student(Month(month.0 - school::MONTHS), ordinal)
            };
            let person = births::outside_graduate(&conditions.key, &conditions.rules, identity, month.0);
            let draw = uniform64(conditions.key.block(RARE, month.0, identity)[rare::REGION]);
            let regions = self.regions.len();
            self.graduate(conditions, person, ((draw * regions as f64) as usize).min(regions - 1), 0);
        }
    }

    fn graduate(&mut self, conditions: &Conditions, person: Person, region: usize, kind: usize) {
        let words = conditions.key.block(RARE, conditions.month.0, person.identity);
        let turn = self.regional_sizes[region].draw(words[rare::PLANT], words[rare::PLANT + 1]);
        let position = region + turn * self.regions.len();
        let unit = &mut self.units[position];
        let mut person = school::graduate(person, conditions.month.0);
        person.brigade = unit.brigade(uniform64(words[rare::BRIGADE]));
        unit.now.graduates[kind] += 1;
        unit.now.graduates_by_origin[kind][person.standing.origin() as usize] += 1;
        self.people[position].push(Somebody::new(conditions, person));
    }

    /// Movers find a plant, or stay where they are if no plant lacks anybody.
    pub(super) fn place_movers(&mut self, conditions: &Conditions, movers: Vec<Mover>) {
        let plants = self.units[..self.plants()].iter();
        let deficits = Deficits::new(plants.map(|unit| (unit.workers_wanted, unit.now.workers_left)));
        let month = conditions.month.0;
        for Mover { mut somebody, mut to, falls } in movers {
            let person = &mut somebody.person;
            if falls {
                self.units[to].now.fallen_in += 1;
            } else {
                if !deficits.none() {
                    let key = &conditions.key;
                    let words = key.block(DESTINATION, month, person.identity);
                    let plant =
                        deficits.destination(key, month, person.identity, |word| words[word], &self.sizes);
                    to = plant as usize;
                    person.brigade = self.units[to].brigade(uniform64(words[movers::BRIGADE]));
                    let tenure = person.tenure(month) * conditions.rules.tenure_kept as f32;
                    person.set_tenure(tenure, month);
                }
                self.units[to].now.moved_in += 1;
            }
            self.people[to].push(somebody);
        }
        for (unit, people) in self.units.iter_mut().zip(&self.people) {
            let missing = unit.workers_wanted - f64::from(workers(people));
            unit.now.workers_missing = if unit.office { 0.0 } else { missing.max(0.0) };
        }
    }

    /// R9: of all workers who may study, the best; `places` are those for workers and for outsiders.
    pub(super) fn send_to_school(&mut self, conditions: &Conditions, places: (u64, u64)) {
        let month = conditions.month.0;
        let mut candidates: Vec<(f32, u64, usize)> = Vec::new();
        for (unit, people) in self.people.iter().enumerate() {
            for Somebody { person, words, .. } in people {
                if school::eligible(person.standing, person.tenure(month)) {
                    let word = words[monthly::SCHOOL];
                    let score = school::score(
                        person.standing,
                        person.drive.ambition().value(),
                        person.competence(month),
                        word,
                    );
                    candidates.push((score, person.identity, unit));
                }
            }
        }
        candidates.sort_by(|one, other| better((one.0, one.1), (other.0, other.1)));
        candidates.truncate(places.0 as usize);
        let mut cohort = Cohort { workers: Vec::new(), outsiders: places.1 as u32 };
        for (_, identity, position) in candidates {
            let (unit, people) = (&mut self.units[position], &mut self.people[position]);
            let Some(row) = people.iter().position(|one| one.person.identity == identity) else {
                unreachable!("candidates are there")
            };
            let person = people.swap_remove(row).person;
            cohort.workers.push(Student { person, region: unit.region });
            unit.now.students += 1;
        }
        cohort.workers.sort_by_key(|student| student.person.identity);
        self.school.push_back(cohort);
    }

    /// R9: workers come into industry.
    pub(super) fn hire(&mut self, conditions: &Conditions) {
        let (rules, month) = (&conditions.rules, conditions.month);
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            let missing = unit.now.workers_missing;
            unit.tightness =
                hiring::tightness(unit.tightness, missing, unit.workers_wanted, rules.vacancy_reference);
            let draw = uniform64(unit.words[purpose::unit::HIRES]);
            unit.now.hired = round_randomly(rules.hiring_share * missing, draw) as u32;
            for ordinal in 0..unit.now.hired {
                let identity = identity::hire(month, unit.number, ordinal);
                let words = conditions.key.block(BIRTH, month.0, identity);
                let (mut person, draw) = births::hire(rules, identity, month.0, &words);
                person.brigade = unit.brigade(draw);
                unit.now.hired_by_origin[person.standing.origin() as usize] += 1;
                people.push(Somebody::new(conditions, person));
            }
        }
    }

    /// R9: people join the party.
    pub(super) fn recruit(&mut self, conditions: &Conditions) {
        let Some(joining) = Joining::new(conditions, None) else { return };
        let mut outsiders = Outsiders::default();
        for somebody in self.people.iter().flatten() {
            outsiders.add(joining.outsider(&somebody.person));
        }
        let chance = recruitment::chance(conditions, &outsiders) as f32;
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            for Somebody { person, words, .. } in people {
                let joins = uniform(words[monthly::RECRUITMENT]) < chance * joining.weight(person);
                if joins && !person.standing.in_party() {
                    person.standing.set_party(Party::Candidate);
                    person.dates.set_joined(conditions.month.0 as i16);
                    unit.now.recruits += 1;
                }
            }
        }
    }
}
