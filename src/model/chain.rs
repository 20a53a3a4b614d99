//! The vacancy chain across units: regional posts, the regional pass, and what follows for openness and mobility.
//!
//! Third part of step 7. Owns the order in which ranks, units and regions are served; scores, candidates and what a
//! promotion does to a person are rules of [`super::processes::promotion`].

use super::conditions::Conditions;
use super::people::fate;
use super::person::{DIRECTOR, ELITE, FOREMAN, REGIONAL};
use super::processes::departures::{Mover, Way};
use super::processes::promotion::Candidate;
use super::processes::recruitment::Outsiders;
use super::processes::regions::RegionMonth;
use super::processes::{hiring, movers, promotion, recruitment, regions};
use super::profile::Process;
use super::scratch::Scratch;
use super::society::Society;
use super::students::{self, Candidacy};
use super::unit::Unit;
use crate::engine::parallel::Workers;

/// Somebody promoted into another unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Risen {
    /// The person, with the new rank, on the way there.
    pub(super) mover: Mover,
    /// Position of the unit left behind.
    pub(super) from: u32,
    /// Row in it, which stands as it was until the chain is closed.
    pub(super) row: u32,
}

/// Units that could not fill their posts from within, with the posts still open.
type Short = Vec<(u32, u64)>;

/// What the units of a block leave behind when their last posts have been filled.
#[derive(Debug, Default)]
struct Left {
    short: Short,
    outsiders: Outsiders,
    hopeful: Vec<Candidacy>,
}

impl Society {
    /// Rank 4: the best directors of the region come to its office.
    pub(super) fn fill_regional_posts(&mut self, conditions: &Conditions) -> Vec<Risen> {
        let mut risen = Vec::new();
        let plants = self.units.len() - self.regions.len();
        for region in 0..self.regions.len() {
            let office = plants + region;
            let posts = promotion::posts_to_fill(conditions, &mut self.units[office], REGIONAL);
            if posts > 0 {
                let turns = vec![office as u32; posts as usize];
                self.promote_best(conditions, region, &turns, REGIONAL, &mut risen);
            }
        }
        risen
    }

    /// Ranks 3 and 2: units promote their own best; posts still short go to the best of the region.
    pub(super) fn fill_posts_of_the_elite(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        risen: &mut Vec<Risen>,
    ) {
        for rank in (ELITE..=DIRECTOR).rev() {
            let mut short = vec![Short::new(); self.blocks.count()];
            self.crew.sweep(
                workers,
                &self.blocks,
                &mut self.units,
                &mut short,
                |scratch, first, units, short| {
                    for (position, unit) in (first..).zip(units) {
                        fill_from_within(conditions, position, unit, rank, scratch, short);
                    }
                    scratch.watch.lap(Process::Chain);
                },
            );
            self.fill_from_region(conditions, short.concat(), rank, risen);
        }
    }

    /// Rank 1 likewise. While the people of a unit are at hand: its hires, the weights of those outside the party, and
    /// who hopes for school. Neither the chain nor school can change what is hired; what they change of the weights is
    /// accounted for when their people leave.
    pub(super) fn fill_lowest_posts_and_hire(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        risen: &mut Vec<Risen>,
    ) -> (Outsiders, Vec<Candidacy>) {
        let recruiting = recruitment::open(conditions);
        let mut left: Vec<Left> = Vec::new();
        left.resize_with(self.blocks.count(), Left::default);
        self.crew.sweep(workers, &self.blocks, &mut self.units, &mut left, |scratch, first, units, left| {
            for (position, unit) in (first..).zip(units) {
                fill_from_within(conditions, position, unit, FOREMAN, scratch, &mut left.short);
                students::find_hopeful(conditions, position, unit, scratch, &mut left.hopeful);
                scratch.watch.lap(Process::Chain);
                hiring::pass(conditions, unit, scratch);
                scratch.watch.lap(Process::Hiring);
                if recruiting {
                    left.outsiders.add(recruitment::weigh(conditions, unit));
                    scratch.watch.lap(Process::Recruitment);
                }
            }
        });
        let (mut short, mut outsiders, mut hopeful) = (Short::new(), Outsiders::default(), Vec::new());
        for left in left {
            short.extend(left.short);
            outsiders.add(left.outsiders);
            hopeful.extend(left.hopeful);
        }
        self.fill_from_region(conditions, short, FOREMAN, risen);
        (outsiders, hopeful)
    }

    /// The best of each region rise into the posts that its units could not fill, which take turns.
    fn fill_from_region(
        &mut self,
        conditions: &Conditions,
        mut short: Short,
        rank: u8,
        risen: &mut Vec<Risen>,
    ) {
        short.sort_by_key(|&(unit, _)| promotion::turn(&self.units[unit as usize], rank));
        for region in 0..self.regions.len() {
            let of_region = |unit: u32| self.units[unit as usize].region as usize == region;
            let turns: Vec<u32> = short
                .iter()
                .filter(|&&(unit, _)| of_region(unit))
                .flat_map(|&(unit, posts)| (0..posts).map(move |_| unit))
                .collect();
            if !turns.is_empty() {
                self.promote_best(conditions, region, &turns, rank, risen);
            }
        }
    }

    /// The candidates of a region for posts of `rank` elsewhere than in their own unit.
    fn candidates(&mut self, conditions: &Conditions, region: usize, rank: u8) -> Vec<Candidate> {
        let scratch = self.crew.alone();
        let plants = self.units.len() - self.regions.len();
        let mut found = Vec::new();
        for position in (region..plants).step_by(self.regions.len()) {
            let unit = &self.units[position];
            promotion::candidates(conditions, unit, position as u32, rank, scratch, &mut found);
        }
        found
    }

    /// The best candidates of a region rise, each into the next of the units that take turns.
    fn promote_best(
        &mut self,
        conditions: &Conditions,
        region: usize,
        turns: &[u32],
        rank: u8,
        risen: &mut Vec<Risen>,
    ) {
        let mut candidates = self.candidates(conditions, region, rank);
        let order = |one: &Candidate, other: &Candidate| {
            promotion::better((one.score, one.identity), (other.score, other.identity))
        };
        if turns.len() < candidates.len() {
            candidates.select_nth_unstable_by(turns.len(), order);
            candidates.truncate(turns.len());
        }
        candidates.sort_unstable_by(order);
        for (candidate, &to) in candidates.iter().zip(turns) {
            let from = &mut self.units[candidate.unit as usize];
            let row = candidate.row as usize;
            let (person, record) = promotion::promoted(conditions, from.people.person(row), rank);
            from.people.fate[row] |= fate::MOVED_UP;
            from.holders[usize::from(rank) - 1] -= 1;
            let unit = &mut self.units[to as usize];
            unit.holders[usize::from(rank)] += 1;
            unit.now.promotions.push(record);
            let mover = Mover { person, to, way: Way::Rises, brigade: 0 };
            risen.push(Risen { mover, from: candidate.unit, row: candidate.row });
        }
    }

    /// Those who rose elsewhere arrive; openness of the units and the rise of the origin groups follow.
    pub(super) fn close_chain(
        &mut self,
        conditions: &Conditions,
        risen: &[Risen],
        months: &mut [RegionMonth],
    ) {
        for risen in risen {
            movers::arrive(conditions, &mut self.units[risen.mover.to as usize], &risen.mover);
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

/// Fills posts of `rank` of a unit from its own people, and notes what it is short of.
fn fill_from_within(
    conditions: &Conditions,
    position: usize,
    unit: &mut Unit,
    rank: u8,
    scratch: &mut Scratch,
    short: &mut Short,
) {
    let posts = promotion::fill_from_within(conditions, unit, rank, scratch);
    if posts > 0 {
        short.push((position as u32, posts));
    }
}
