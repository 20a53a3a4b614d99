//! Step 7, first part: lets people leave, lose rank or party card, or move to another plant (R4, R6, R9).

use crate::engine::random::{uniform, uniform64};
use crate::model::conditions::Conditions;
use crate::model::purpose::{DESTINATION, monthly};
use crate::model::rules::demotion::{degrade, plant_after_demotion};
use crate::model::rules::destinations::{self, Deficits};
use crate::model::rules::outcome::{Outcome, outcome};
use crate::model::society::{Agent, Society};
use crate::model::state::standing::{REGIONAL, WORKER};

/// A person on the way to another unit.
pub(in crate::model) struct Mover {
    agent: Agent,
    /// Position of a unit: the new plant of a demoted official, the plant just left of a worker who looks for a job.
    to: usize,
    /// True for a demoted regional official.
    demoted: bool,
}

fn workers(people: &[Agent]) -> u32 {
    people.iter().filter(|agent| agent.rank() == WORKER).count() as u32
}

impl Society {
    /// Carries out the fates of step 4 and the quitting of step 2; returns the people who go to another unit.
    pub(in crate::model) fn depart(&mut self, conditions: &Conditions) -> Vec<Mover> {
        let month = conditions.month.0;
        let population = self.country.setup.population;
        let leaving_industry = conditions.parameters.leaving_industry as f32;
        let mut movers = Vec::new();
        for (position, (unit, people)) in self.units.iter_mut().zip(&mut self.people).enumerate() {
            for mut agent in std::mem::take(people) {
                let official = agent.rank() == REGIONAL;
                let outcome = outcome(agent.fate, agent.person.standing.boss());
                degrade(&conditions.parameters, &mut agent.person, agent.fate, outcome, month);
                agent.rank_changed = matches!(outcome, Outcome::Demoted(_));
                match outcome {
                    Outcome::Arrested | Outcome::Natural => {}
                    Outcome::Quits | Outcome::Dismissed => {
                        if uniform(agent.words[monthly::LEAVE_INDUSTRY]) < leaving_industry {
                            unit.now.left_industry += 1;
                        } else {
                            unit.now.moved_out += 1;
                            movers.push(Mover { agent, to: position, demoted: false });
                        }
                    }
                    Outcome::Demoted(_) if official => {
                        let identity = agent.person.identity;
                        let to = plant_after_demotion(conditions, &population, unit.region, identity);
                        movers.push(Mover { agent, to: to as usize, demoted: true });
                    }
                    Outcome::Demoted(_) | Outcome::Stays => people.push(agent),
                }
            }
            unit.now.workers_left = workers(people);
        }
        movers
    }

    /// Sends movers to plants that lack workers, or back to their own if none does, and demoted officials to their
    /// new plants.
    pub(in crate::model) fn place_movers(&mut self, conditions: &Conditions, movers: Vec<Mover>) {
        let plants = self.units[..self.country.plants()].iter();
        let deficits = Deficits::new(plants.map(|unit| (unit.workers_wanted, unit.now.workers_left)));
        let (key, month) = (&conditions.key, conditions.month.0);
        for Mover { mut agent, mut to, demoted } in movers {
            let person = &mut agent.person;
            if demoted {
                self.units[to].now.fallen_in += 1;
            } else {
                if !deficits.none() {
                    let words = key.block(DESTINATION, month, person.identity);
                    let sizes = &self.country.sizes;
                    to =
                        deficits.destination(key, month, person.identity, |word| words[word], sizes) as usize;
                    person.brigade = self.units[to].brigade(uniform64(words[destinations::BRIGADE]));
                    person.lose_tenure(conditions.parameters.tenure_kept as f32, month);
                }
                self.units[to].now.arrived += 1;
            }
            self.people[to].push(agent);
        }
        for (unit, people) in self.units.iter_mut().zip(&self.people) {
            let missing = unit.workers_wanted - f64::from(workers(people));
            unit.now.workers_missing = if unit.office { 0.0 } else { missing.max(0.0) };
        }
    }
}
