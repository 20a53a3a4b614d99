//! The vacancy chain of step 7, by full lists: candidates scored, sorted, taken.

use super::{Country, Somebody};
use crate::model::conditions::Conditions;
use crate::model::person::{FOREMAN, REGIONAL};
use crate::model::processes::merit::{self, Merit, better};
use crate::model::processes::promotion;
use crate::model::processes::regions::{self, RegionMonth};
use crate::model::purpose::monthly;
use crate::model::unit::Promotion;

/// Somebody who may be promoted: score, identity, position of the unit.
type Candidate = (f32, u64, usize);

impl Country {
    /// R8: posts of ranks 4, 3, 2, 1 in turn.
    pub(super) fn fill_posts(&mut self, conditions: &Conditions) {
        for office in self.plants()..self.units.len() {
            let posts = self.posts_to_fill(conditions, office, REGIONAL);
            let turns = vec![office; posts as usize];
            self.promote_from_region(conditions, self.units[office].region, REGIONAL, &turns);
        }
        for rank in (FOREMAN..REGIONAL).rev() {
            let mut short: Vec<usize> = Vec::new();
            for unit in 0..self.units.len() {
                let posts = self.posts_to_fill(conditions, unit, rank);
                let promoted = self.promote_from_within(conditions, unit, rank, posts);
                short.extend((promoted..posts).map(|_| unit));
            }
            short.sort_by_key(|&unit| promotion::turn(&self.units[unit], rank));
            for region in 0..self.regions.len() as u32 {
                let of_region = short.iter().copied().filter(|&unit| self.units[unit].region == region);
                let turns: Vec<usize> = of_region.collect();
                self.promote_from_region(conditions, region, rank, &turns);
            }
        }
    }

    fn posts_to_fill(&mut self, conditions: &Conditions, unit: usize, rank: u8) -> u64 {
        let holders = self.people[unit].iter().filter(|somebody| somebody.rank() == rank).count();
        promotion::posts_to_fill(conditions, &mut self.units[unit], rank, holders as u64)
    }

    /// The unit's own best rise; returns how many.
    fn promote_from_within(&mut self, conditions: &Conditions, unit: usize, rank: u8, posts: u64) -> u64 {
        if posts == 0 {
            return 0;
        }
        let mut candidates: Vec<(f32, u64, usize)> = Vec::new();
        for (row, somebody) in self.people[unit].iter().enumerate() {
            if is_candidate(conditions, somebody, rank) {
                let score = score(conditions, somebody, true);
                candidates.push((score, somebody.person.identity, row));
            }
        }
        candidates.sort_by(|one, other| better((one.0, one.1), (other.0, other.1)));
        candidates.truncate(posts as usize);
        for &(_, _, row) in &candidates {
            let somebody = &mut self.people[unit][row];
            let (person, record) = promotion::promoted(
                conditions,
                somebody.person,
                rank,
                &promotion::words(conditions, somebody.person.identity),
            );
            (somebody.person, somebody.moved) = (person, true);
            self.units[unit].now.promotions.push(Promotion { from_elsewhere: false, ..record });
        }
        candidates.len() as u64
    }

    /// The best of a region's plants rise, one into each of the units that take turns.
    fn promote_from_region(&mut self, conditions: &Conditions, region: u32, rank: u8, turns: &[usize]) {
        if turns.is_empty() {
            return;
        }
        let mut candidates: Vec<Candidate> = Vec::new();
        for unit in (region as usize..self.plants()).step_by(self.regions.len()) {
            for somebody in
                self.people[unit].iter().filter(|somebody| is_candidate(conditions, somebody, rank))
            {
                let score = score(conditions, somebody, rank == REGIONAL);
                candidates.push((score, somebody.person.identity, unit));
            }
        }
        candidates.sort_by(|one, other| better((one.0, one.1), (other.0, other.1)));
        for (&(_, identity, from), &to) in candidates.iter().zip(turns) {
            let Some(row) = self.people[from].iter().position(|one| one.person.identity == identity) else {
                unreachable!("candidates are there")
            };
            let somebody = self.people[from].swap_remove(row);
            let (person, record) = promotion::promoted(
                conditions,
                somebody.person,
                rank,
                &promotion::words(conditions, somebody.person.identity),
            );
            self.people[to].push(Somebody { person, moved: true, ..somebody });
            self.units[to].now.promotions.push(record);
            self.units[to].now.risen_in += 1;
        }
    }

    /// Openness of the units and the rise of the origin groups, from the month's promotions.
    pub(super) fn rise_of_groups(&mut self, months: &mut [RegionMonth]) {
        for unit in &mut self.units {
            let posts = unit.posts[1..].iter().sum();
            unit.openness = promotion::openness(unit.openness, unit.now.promotions.len(), posts);
            let promotions = promotion::by_group(unit);
            for (group, &count) in promotions.iter().enumerate() {
                months[unit.region as usize].promotions[group] += count;
            }
        }
        for (region, month) in self.regions.iter_mut().zip(months) {
            regions::rise_of_groups(region, month);
        }
    }
}

fn is_candidate(conditions: &Conditions, somebody: &Somebody, rank: u8) -> bool {
    let person = &somebody.person;
    !somebody.moved && merit::candidate(rank, person.standing, person.competence(conditions.month.0))
}

/// Score for a post of the next rank; with chance and training where a unit chooses among its own, and for regional posts.
fn score(conditions: &Conditions, somebody: &Somebody, with_chance: bool) -> f32 {
    let person = &somebody.person;
    let merit = Merit::new(&conditions.rules, &conditions.levers).of(
        person.standing,
        person.competence(conditions.month.0),
        person.drive.ambition().value(),
        person.suspicion,
    );
    if !with_chance {
        return merit;
    }
    merit::score(merit, somebody.words[monthly::PROMOTION], merit::training(person.standing))
}
