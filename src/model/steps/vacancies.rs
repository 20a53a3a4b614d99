//! Step 7, the vacancy chain: promotes people into vacant posts, rank by rank from the top (R8).

use super::entries::take;
use crate::model::conditions::Conditions;
use crate::model::purpose::monthly;
use crate::model::rules::merit::{self, Merit};
use crate::model::rules::promotion;
use crate::model::society::{Agent, Society};
use crate::model::state::standing::{FOREMAN, REGIONAL};
use crate::model::state::unit::Promotion;

/// A person who may be promoted: score, identity, position of the unit.
type Candidate = (f32, u64, usize);

impl Society {
    /// R8: fills posts of ranks 4, 3, 2 and 1 in turn.
    ///
    /// A unit first promotes its own best people; the best of its region take the posts that remain. Posts of rank 4
    /// go to the best of the region directly.
    pub(in crate::model) fn fill_posts(&mut self, conditions: &Conditions) {
        let merit = Merit::new(&conditions.parameters, &conditions.levers);
        for office in self.country.plants()..self.units.len() {
            let posts = self.posts_to_fill(conditions, office, REGIONAL);
            let turns = vec![office; posts as usize];
            self.promote_from_region(conditions, &merit, self.units[office].region, REGIONAL, &turns);
        }
        for rank in (FOREMAN..REGIONAL).rev() {
            let mut short: Vec<usize> = Vec::new();
            for unit in 0..self.units.len() {
                let posts = self.posts_to_fill(conditions, unit, rank);
                let promoted = self.promote_from_within(conditions, &merit, unit, rank, posts);
                short.extend((promoted..posts).map(|_| unit));
            }
            short.sort_by_key(|&unit| promotion::turn(&self.units[unit], rank));
            for region in 0..self.country.regions.len() as u32 {
                let of_region = short.iter().copied().filter(|&unit| self.units[unit].region == region);
                let turns: Vec<usize> = of_region.collect();
                self.promote_from_region(conditions, &merit, region, rank, &turns);
            }
        }
    }

    fn posts_to_fill(&mut self, conditions: &Conditions, unit: usize, rank: u8) -> u64 {
        let holders = self.people[unit].iter().filter(|agent| agent.rank() == rank).count();
        promotion::posts_to_fill(conditions, &mut self.units[unit], rank, holders as u64)
    }

    /// Promotes the best of the unit's own people; returns how many.
    fn promote_from_within(
        &mut self,
        conditions: &Conditions,
        merit: &Merit,
        unit: usize,
        rank: u8,
        posts: u64,
    ) -> u64 {
        if posts == 0 {
            return 0;
        }
        let people = self.people[unit].iter().filter(|agent| may_rise(conditions, merit, agent, rank));
        let best = best(people.map(|agent| candidate(conditions, merit, agent, true, unit)), posts as usize);
        for &(_, identity, _) in &best {
            let agent = take(&mut self.people[unit], identity);
            let (agent, record) = promote(conditions, agent, rank);
            self.people[unit].push(agent);
            self.units[unit].now.promotions.push(Promotion { from_elsewhere: false, ..record });
        }
        best.len() as u64
    }

    /// Promotes the best people of a region's plants, one into each of the units in `turns`.
    fn promote_from_region(
        &mut self,
        conditions: &Conditions,
        merit: &Merit,
        region: u32,
        rank: u8,
        turns: &[usize],
    ) {
        let plants = (region as usize..self.country.plants()).step_by(self.country.regions.len());
        let of_plant = |unit: usize| {
            let people = self.people[unit].iter().filter(|agent| may_rise(conditions, merit, agent, rank));
            people.map(move |agent| candidate(conditions, merit, agent, rank == REGIONAL, unit))
        };
        let best = best(plants.flat_map(of_plant), turns.len());
        for (&(_, identity, from), &to) in best.iter().zip(turns) {
            let agent = take(&mut self.people[from], identity);
            let (agent, record) = promote(conditions, agent, rank);
            self.people[to].push(agent);
            self.units[to].now.promotions.push(record);
            self.units[to].now.risen_in += 1;
        }
    }
}

fn may_rise(conditions: &Conditions, merit: &Merit, agent: &Agent, rank: u8) -> bool {
    let (person, month) = (&agent.person, conditions.month.0);
    // A regional post brings the party card, which is not given back in the month of its loss.
    let barred = rank == REGIONAL && person.lost_card(month);
    !agent.rank_changed && !barred && merit.candidate(rank, person.standing, person.competence(month))
}

/// Returns a person as a candidate. With `with_chance`, as for posts within a unit and regional posts, noise and
/// training count too.
fn candidate(
    conditions: &Conditions,
    terms: &Merit,
    agent: &Agent,
    with_chance: bool,
    unit: usize,
) -> Candidate {
    let person = &agent.person;
    let ability = person.competence(conditions.month.0);
    let merit = terms.of(person.standing, ability, person.ambition(), person.suspicion);
    let score = if with_chance {
        terms.score(merit, agent.words[monthly::PROMOTION], terms.training(person.standing))
    } else {
        merit
    };
    (score, person.identity, unit)
}

/// Returns the best `count` of the candidates, best first.
fn best(candidates: impl Iterator<Item = Candidate>, count: usize) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = candidates.collect();
    candidates.sort_by(|one, other| merit::better((one.0, one.1), (other.0, other.1)));
    candidates.truncate(count);
    candidates
}

fn promote(conditions: &Conditions, agent: Agent, rank: u8) -> (Agent, Promotion) {
    let words = promotion::words(conditions, agent.person.identity);
    let (person, record) = promotion::promoted(conditions, agent.person, rank, &words);
    (Agent { person, rank_changed: true, ..agent }, record)
}
