//! Step 1: draws the month's random words and counts the people present.

use crate::engine::maths::fixed;
use crate::model::conditions::Conditions;
use crate::model::identity;
use crate::model::purpose::UNIT;
use crate::model::rules::profiles;
use crate::model::rules::thirds::{AbilityThirds, ambition_third};
use crate::model::rules::{enforcement, school};
use crate::model::society::{Agent, Society};
use crate::model::state::person::Person;
use crate::model::state::standing::{ELITE, FOREMAN, RANKS};
use crate::model::state::target::{SUSPECTED, suspicion_share};
use crate::model::state::unit::{Unit, since_bin};

impl Society {
    /// Draws the random words of all people and units, and counts people. The counts hold through steps 2 to 6.
    pub(in crate::model) fn call_roll(&mut self, conditions: &Conditions) {
        let bosses = self.people.iter().flatten().filter(|agent| agent.person.standing.boss());
        self.country
            .divide_bosses(conditions, bosses.map(|boss| (boss.rank(), boss.person.skill.aptitude())));
        let notes = self.country.notes;
        let plants = self.country.plants();
        let open_in_office: Vec<bool> = self.units[plants..]
            .iter()
            .zip(&self.people[plants..])
            .map(|(office, people)| profiles::open_in_office(office, people.len()))
            .collect();
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            unit.now.clear();
            unit.words = conditions.key.block(UNIT, conditions.month.0, identity::unit(unit.number));
            for agent in people.iter_mut() {
                *agent = Agent::present(conditions, agent.person);
                count(conditions, unit, agent);
                if agent.person.standing.boss() {
                    count_boss(conditions, &notes.thirds, unit, agent);
                }
            }
            unit.now.open_posts = profiles::open_posts(unit, open_in_office[unit.region as usize]);
            people.iter().for_each(|agent| count_candidate(conditions, unit, &agent.person));
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
    if standing.elite() {
        let (rank, role) =
            (usize::from(standing.rank() - ELITE), (standing.role() as usize).saturating_sub(1));
        now.elite_by_role[rank][role] += 1;
        now.elite_in_party[rank][role] += u32::from(standing.in_party());
        now.former_elite += u32::from(standing.former());
    }
}

fn count_boss(conditions: &Conditions, thirds: &AbilityThirds, unit: &mut Unit, agent: &Agent) {
    let (now, person) = (&mut unit.now, &agent.person);
    let standing = person.standing;
    now.bosses_by_since[since_bin(person.months_in_rank(conditions.month.0))] += 1;
    now.bosses_by_ambition[usize::from(ambition_third(person.ambition()))] += 1;
    now.bosses_by_ability[usize::from(thirds.third(standing.rank(), person.skill.aptitude()))] += 1;
    now.suspected_bosses += u32::from(person.suspicion > SUSPECTED);
    now.former_bosses += u32::from(standing.former());
    now.foremen_in_party += u32::from(standing.rank() == FOREMAN && standing.in_party());
}

/// Counts a person who is a candidate for an open post of ranks 2 to 4.
fn count_candidate(conditions: &Conditions, unit: &mut Unit, person: &Person) {
    let (now, post) = (&mut unit.now, usize::from(person.rank()) + 1);
    if person.standing.boss() && post < RANKS && now.open_posts[post] {
        now.candidates[post] += 1;
        now.candidates_in_party[post] += u32::from(person.standing.in_party());
        now.candidate_ability[post] += u64::from(fixed(person.competence(conditions.month.0)));
        now.candidate_ambition[post] += u64::from(fixed(person.ambition()));
        now.candidate_suspicion[post] += u64::from(fixed(suspicion_share(person.suspicion)));
    }
}
