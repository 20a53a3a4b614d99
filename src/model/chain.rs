//! The vacancy chain across units: regional posts, the regional pass, and what follows for openness and mobility.
//!
//! Third part of step 7. Owns the order in which ranks, units and regions are served; scores, candidates and what a
//! promotion does to a person are rules of [`super::processes::promotion`].

use std::sync::PoisonError;

use super::conditions::Conditions;
use super::people::fate;
use super::person::{DIRECTOR, FOREMAN, REGIONAL};
use super::processes::departures::{Mover, Way};
use super::processes::promotion::Candidate;
use super::processes::regions::RegionMonth;
use super::processes::{movers, promotion, regions};
use super::society::Society;
use crate::engine::parallel::Workers;

impl Society {
    /// Rank 4: the best directors of the region come to its office.
    pub(super) fn fill_regional_posts(&mut self, conditions: &Conditions) -> Vec<Mover> {
        let mut risen = Vec::new();
        let plants = self.units.len() - self.regions.len();
        for region in 0..self.regions.len() {
            let office = plants + region;
            let posts = promotion::posts_to_fill(conditions, &mut self.units[office], REGIONAL);
            if posts > 0 {
                let mut candidates = self.candidates(conditions, region, REGIONAL);
                let turns = (0..posts).map(|_| office as u32);
                self.promote_best(conditions, &mut candidates, turns, REGIONAL, &mut risen);
            }
        }
        risen
    }

    /// Ranks 3, 2, 1: units promote their own best; posts still short go to the best of the region.
    pub(super) fn fill_posts(&mut self, workers: Workers, conditions: &Conditions, risen: &mut Vec<Mover>) {
        for rank in (FOREMAN..=DIRECTOR).rev() {
            let mut short: Vec<Vec<(u32, u64)>> = vec![Vec::new(); self.blocks.count()];
            self.blocks.each(
                workers,
                &mut self.units,
                &mut short,
                &self.scratch,
                |scratch, first, units, short| {
                    for (position, unit) in (first..).zip(units) {
                        let posts = promotion::fill_from_within(conditions, unit, rank, scratch);
                        if posts > 0 {
                            short.push((position as u32, posts));
                        }
                    }
                },
            );
            let mut short: Vec<(u32, u64)> = short.concat();
            short.sort_by_key(|&(unit, _)| promotion::turn(conditions, unit, rank));
            for region in 0..self.regions.len() {
                let of_region = |unit: u32| self.units[unit as usize].region as usize == region;
                let turns: Vec<u32> = short
                    .iter()
                    .filter(|&&(unit, _)| of_region(unit))
                    .flat_map(|&(unit, posts)| (0..posts).map(move |_| unit))
                    .collect();
                if turns.is_empty() {
                    continue;
                }
                let mut candidates = self.candidates(conditions, region, rank);
                self.promote_best(conditions, &mut candidates, turns.into_iter(), rank, risen);
            }
        }
    }

    /// The candidates of a region for posts of `rank` elsewhere than in their own unit.
    fn candidates(&self, conditions: &Conditions, region: usize, rank: u8) -> Vec<Candidate> {
        // The calling thread is alone here.
        let mut scratch = self.scratch[0].lock().unwrap_or_else(PoisonError::into_inner);
        let plants = self.units.len() - self.regions.len();
        let mut found = Vec::new();
        for position in (region..plants).step_by(self.regions.len()) {
            let unit = &self.units[position];
            promotion::candidates(conditions, unit, position as u32, rank, &mut scratch, &mut found);
        }
        found
    }

    /// The best candidates rise, each into the next of the units that take turns.
    fn promote_best(
        &mut self,
        conditions: &Conditions,
        candidates: &mut [Candidate],
        turns: impl Iterator<Item = u32>,
        rank: u8,
        risen: &mut Vec<Mover>,
    ) {
        candidates.sort_unstable_by(|one, other| {
            promotion::better((one.score, one.identity), (other.score, other.identity))
        });
        for (candidate, to) in candidates.iter().zip(turns) {
            let from = &mut self.units[candidate.unit as usize];
            let row = candidate.row as usize;
            let (person, record) = promotion::promoted(conditions, from.people.person(row), rank);
            from.people.fate[row] |= fate::MOVED_UP;
            from.holders[usize::from(rank) - 1] -= 1;
            let unit = &mut self.units[to as usize];
            unit.holders[usize::from(rank)] += 1;
            unit.now.promotions.push(record);
            risen.push(Mover { person, to, way: Way::Rises, brigade: 0 });
        }
    }

    /// Those who rose elsewhere arrive; openness of the units and the rise of the origin groups follow.
    pub(super) fn close_chain(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        risen: Vec<Mover>,
        months: &mut [RegionMonth],
    ) {
        if !risen.is_empty() {
            self.each_unit(workers, |_, unit| promotion::see_off(unit));
        }
        for mover in &risen {
            movers::arrive(conditions, &mut self.units[mover.to as usize], mover);
        }
        for unit in &mut self.units {
            let posts = unit.posts[1..].iter().sum();
            unit.openness = promotion::openness(unit.openness, unit.now.promotions.len(), posts);
            let month = &mut months[unit.region as usize];
            for (sum, promotions) in month.promotions.iter_mut().zip(promotion::by_group(unit)) {
                *sum += promotions;
            }
        }
        for (region, month) in self.regions.iter_mut().zip(months) {
            regions::rise_of_groups(region, month);
        }
    }
}
