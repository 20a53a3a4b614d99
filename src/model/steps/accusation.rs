//! Step 3: lets each person meet one acquaintance and perhaps accuse that person (R5).

use super::acquaintance::Pools;
use crate::engine::maths::one_minus_exp_neg;
use crate::engine::random::uniform;
use crate::model::conditions::Conditions;
use crate::model::purpose::monthly;
use crate::model::rules::accusation::{self, Accuser, Climate, Target, eligible};
use crate::model::rules::acquaintance::{Meeting, Met, Official, by_chance};
use crate::model::rules::profiles::{Context, Seen};
use crate::model::society::{Agent, Society};
use crate::model::state::person::Person;
use crate::model::state::region::RegionMonth;
use crate::model::state::standing::{REGIONAL, WORKER};
use crate::model::state::unit::{Act, Unit};

impl Society {
    /// R5: computes the month's accusations and the suspicion that follows from them.
    pub(in crate::model) fn accuse(&mut self, conditions: &Conditions, months: &[RegionMonth]) {
        let (plants, notes) = (self.country.plants(), self.country.notes);
        let officials: Vec<Vec<Official>> =
            self.people[plants..].iter().map(|people| officials(conditions, people)).collect();
        for position in 0..self.units.len() {
            let (unit, people) = (&self.units[position], &self.people[position]);
            let region = unit.region as usize;
            let eligible = eligible_workers(conditions, people);
            let climate = accusation::climate(
                conditions,
                &self.country.regions[region],
                unit,
                eligible,
                self.units[plants + region].posts[usize::from(REGIONAL)],
                months[region].directors as u32,
            );
            let pools = Pools::new(&conditions.parameters, people, &officials[region]);
            let context = Context {
                thirds: notes.thirds,
                open_posts: unit.now.open_posts,
                able: climate.able,
                month: conditions.month.0,
            };
            let of_row = |row| Some((row, act(conditions, &climate, &context, notes.chance, &pools, row)?));
            let (accusers, acts): (Vec<usize>, Vec<Act>) = (0..people.len()).filter_map(of_row).unzip();
            let expected = pools.expected(conditions);
            for (row, act) in accusers.into_iter().zip(&acts) {
                self.people[position][row].accuses = true;
                let target = if act.official { plants + region } else { position };
                receive(&mut self.units[target], &mut self.people[target][act.row as usize]);
            }
            let now = &mut self.units[position].now;
            (now.accusers, now.acquaintances) = (acts.len() as u32, expected);
            now.count_eligible_workers(eligible);
            now.acts = acts;
        }
        let kept = (1.0 - conditions.parameters.suspicion_forgetting) as f32;
        for Agent { person, accusations, .. } in self.people.iter_mut().flatten() {
            person.suspicion = kept * person.suspicion + f32::from(*accusations);
        }
    }
}

/// Returns the officials of a regional office, as the people of the region's plants see them.
fn officials(conditions: &Conditions, people: &[Agent]) -> Vec<Official> {
    let regional = (0u32..).zip(people).filter(|(_, agent)| agent.rank() == REGIONAL);
    regional.map(|(row, agent)| Official::of(&agent.person, row, conditions.month.0)).collect()
}

/// Counts the workers who are eligible for a post.
fn eligible_workers(conditions: &Conditions, people: &[Agent]) -> u32 {
    let able = conditions.parameters.eligible_ability as f32;
    let hopes = |agent: &&Agent| {
        let Agent { person, .. } = agent;
        agent.rank() == WORKER && eligible(person.standing, person.competence(conditions.month.0), able)
    };
    people.iter().filter(hopes).count() as u32
}

/// Returns the accusation that the person in `row` makes, if any.
fn act(
    conditions: &Conditions,
    climate: &Climate,
    context: &Context,
    chance: bool,
    pools: &Pools,
    row: usize,
) -> Option<Act> {
    let (month, shock_below) = (conditions.month.0, conditions.shock_below);
    let agent = &pools.people[row];
    let met = pools.meet(row, &Meeting::of(|word| agent.words[word]))?;
    let accuser = Accuser::of(climate, &agent.person, month, shock_below);
    let target = match met {
        Met::Row(row) => Target::of(&pools.people[row as usize].person, month, shock_below),
        Met::Official(place) => Target::official(&pools.officials[place as usize]),
    };
    let motives = accusation::motives(climate, &accuser, &target);
    let hazard = motives.iter().sum::<f32>() * accusation::opportunity(climate, &accuser, &target);
    if uniform(agent.words[monthly::ACCUSE]) >= one_minus_exp_neg(hazard) {
        return None;
    }
    let (row_of_target, official) = match met {
        Met::Row(row) => (row, false),
        Met::Official(place) => (pools.officials[place as usize].row, true),
    };
    let profile = |met| {
        let seen = match met {
            Met::Row(row) => Seen::of(&pools.people[row as usize].person, month, shock_below),
            Met::Official(place) => Seen::official(&pools.officials[place as usize]),
        };
        context.profile(agent.person.standing, agent.person.brigade, &seen)
    };
    let meet = |meeting: &Meeting| pools.meet(row, meeting);
    let chance = chance.then(|| by_chance(&conditions.key, month, agent.person.identity, meet)).flatten();
    let chance = chance.map(profile);
    Some(accusation::act(&motives, &accuser, profile(met), chance, row_of_target, official))
}

/// Counts an accusation against a person of this unit.
fn receive(unit: &mut Unit, target: &mut Agent) {
    let Person { standing, .. } = target.person;
    unit.now.accused += u32::from(target.accusations == 0);
    target.accusations = target.accusations.saturating_add(1);
    unit.now.accusations_received += 1;
    unit.now.accusations_of_bosses += u32::from(standing.boss());
}
