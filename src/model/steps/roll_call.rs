//! Step 1: draws the month's random words and counts the people present.

use crate::model::conditions::Conditions;
use crate::model::identity;
use crate::model::purpose::UNIT;
use crate::model::rules::{enforcement, school};
use crate::model::society::{Agent, Society};
use crate::model::state::standing::ELITE;
use crate::model::state::unit::{Unit, since_bin};

impl Society {
    /// Draws the random words of all people and units, and counts people. The counts hold through steps 2 to 6.
    pub(in crate::model) fn call_roll(&mut self, conditions: &Conditions) {
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            unit.now.clear();
            unit.words = conditions.key.block(UNIT, conditions.month.0, identity::unit(unit.number));
            for agent in people {
                *agent = Agent::present(conditions, agent.person);
                count(conditions, unit, agent);
            }
            enforcement::update(conditions, unit);
        }
    }

    /// Returns the places at the technical school this month, for workers and for outsiders.
    pub(in crate::model) fn school_places(&self, conditions: &Conditions) -> (u64, u64) {
        let elite = self.units.iter().flat_map(|unit| &unit.now.people_by_rank[usize::from(ELITE)..]);
        school::places(conditions, elite.map(|&count| u64::from(count)).sum())
    }
}

fn count(conditions: &Conditions, unit: &mut Unit, agent: &Agent) {
    let (now, person) = (&mut unit.now, &agent.person);
    let standing = person.standing;
    now.people_by_rank[usize::from(standing.rank())] += 1;
    now.origins[standing.origin() as usize] += 1;
    now.party += u32::from(standing.in_party());
    now.shock_workers += u32::from(person.is_shock_worker(conditions.shock_below));
    if standing.boss() {
        now.bosses_by_since[since_bin(person.months_in_rank(conditions.month.0))] += 1;
        now.former_bosses += u32::from(standing.former());
    }
    if standing.elite() {
        let role = (standing.role() as usize).saturating_sub(1);
        now.elite_by_role[usize::from(standing.rank() - ELITE)][role] += 1;
        now.former_elite += u32::from(standing.former());
    }
}
