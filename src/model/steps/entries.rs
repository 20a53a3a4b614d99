//! Step 7, second part: places graduates, sends students to school, hires, and admits people to the party (R9).

use crate::engine::random::uniform;
use crate::model::conditions::Conditions;
use crate::model::identity;
use crate::model::purpose::{BIRTH, monthly};
use crate::model::rules::recruitment::{self, Outsiders, Terms};
use crate::model::rules::{entrants, hiring, merit, school};
use crate::model::society::{Agent, Society};
use crate::model::state::school::{Cohort, Student};

impl Society {
    /// Brings the students who have finished school to plants, as junior technicians.
    pub(in crate::model) fn return_graduates(&mut self, conditions: &Conditions) {
        for placement in self.country.graduates(conditions, &mut self.units) {
            self.people[placement.plant].push(Agent::present(conditions, placement.person));
        }
    }

    /// Sends the best eligible workers to school; `places` are the places for workers and for outsiders.
    pub(in crate::model) fn send_to_school(&mut self, conditions: &Conditions, places: (u64, u64)) {
        let (rules, month) = (&conditions.parameters, conditions.month.0);
        let mut candidates: Vec<(f32, u64, usize)> = Vec::new();
        for (position, people) in self.people.iter().enumerate() {
            for Agent { person, words, .. } in people {
                if school::eligible(rules, person.standing, person.tenure(month)) {
                    let ability = person.competence(month);
                    let noise = words[monthly::SCHOOL];
                    let score = school::score(rules, person.standing, person.ambition(), ability, noise);
                    candidates.push((score, person.identity, position));
                }
            }
        }
        candidates.sort_by(|one, other| merit::better((one.0, one.1), (other.0, other.1)));
        candidates.truncate(places.0 as usize);
        let mut cohort = Cohort { workers: Vec::new(), outsiders: places.1 as u32 };
        for (_, identity, position) in candidates {
            let unit = &mut self.units[position];
            let person = take(&mut self.people[position], identity).person;
            cohort.workers.push(Student { person, region: unit.region });
            unit.now.students += 1;
        }
        cohort.workers.sort_by_key(|student| student.person.identity);
        self.country.school.push_back(cohort);
    }

    /// Hires a share of the workers that each plant lacks.
    pub(in crate::model) fn hire(&mut self, conditions: &Conditions) {
        let month = conditions.month;
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            hiring::update(conditions, unit);
            for ordinal in 0..unit.now.hired {
                let identity = identity::hire(month, unit.number, ordinal);
                let words = conditions.key.block(BIRTH, month.0, identity);
                let person =
                    entrants::hire(&conditions.parameters, identity, month.0, unit.brigades(), &words);
                unit.now.hired_by_origin[person.standing.origin() as usize] += 1;
                people.push(Agent::present(conditions, person));
            }
        }
    }

    /// Admits people to the party, with chances in proportion to weights relative to their mean over the country.
    pub(in crate::model) fn recruit(&mut self, conditions: &Conditions) {
        if !recruitment::open(conditions) {
            return;
        }
        let terms = Terms::new(conditions);
        let mut outsiders = Outsiders::default();
        for Agent { person, .. } in self.people.iter().flatten() {
            outsiders.add(terms.outsider(person));
        }
        let chance = recruitment::chance(conditions, &terms, &outsiders) as f32;
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            for Agent { person, words, .. } in people {
                let joins = uniform(words[monthly::RECRUITMENT]) < chance * terms.weight(person);
                if joins && recruitment::may_join(person.standing, person.dates, conditions.month.0) {
                    recruitment::join(person, conditions.month.0);
                    unit.now.recruits += 1;
                }
            }
        }
    }
}

/// Removes and returns the person with this identity.
pub(super) fn take(people: &mut Vec<Agent>, identity: u64) -> Agent {
    let row = people.iter().position(|agent| agent.person.identity == identity);
    people.swap_remove(row.unwrap_or_else(|| unreachable!("candidates are present")))
}
