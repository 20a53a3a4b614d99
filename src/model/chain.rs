//! The vacancy chain across units: regional posts, the regional pass, and what follows for openness and mobility.
//!
//! Third part of step 7. Owns the order in which ranks, units and regions are served; scores, candidates and what a
//! promotion does to a person are rules of [`super::processes::promotion`].

use super::arrivals::Arrivals;
use super::conditions::Conditions;
use super::person::{DIRECTOR, ELITE, FOREMAN, REGIONAL};
use super::processes::departures::Movers;
use super::processes::promotion::Candidate;
use super::processes::recruitment::Outsiders;
use super::processes::regions::RegionMonth;
use super::processes::{hiring, merit, movers, promotion, regions};
use super::profile::Process;
use super::purpose::{MONTHLY, monthly};
use super::scratch::Scratch;
use super::society::Society;
use super::students::{self, Candidacy};
use super::unit::{Unit, for_each_with_next};
use super::watchlists::Lookout;
use crate::engine::parallel::Workers;
use crate::engine::prefetch::prefetch;

/// Units that could not fill their posts from within, with the posts still open.
type Short = Vec<(u32, u64)>;

/// What the units of a block leave behind when their last posts have been filled.
#[derive(Debug, Default)]
struct Left {
    short: Short,
    hopeful: Vec<Candidacy>,
}

impl Society {
    /// Rank 4: the best directors of the region come to its office.
    pub(super) fn fill_regional_posts(&mut self, conditions: &Conditions, lookout: &Lookout) {
        let plants = self.units.len() - self.regions.len();
        for region in 0..self.regions.len() {
            let office = plants + region;
            let holders = self.units[office].people.ranks.count(REGIONAL) as u64;
            let posts = promotion::posts_to_fill(conditions, &mut self.units[office], REGIONAL, holders);
            if posts > 0 {
                let turns = vec![office as u32; posts as usize];
                self.promote_best(conditions, lookout, region, &turns, REGIONAL);
            }
        }
    }

    /// Ranks 3 and 2: units promote their own best; posts still short go to the best of the region.
    pub(super) fn fill_posts_of_the_elite(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        lookout: &Lookout,
    ) {
        for rank in (ELITE..=DIRECTOR).rev() {
            let mut short = vec![Short::new(); self.blocks.count()];
            self.crew.sweep(
                workers,
                &self.blocks,
                &mut self.units,
                &mut short,
                |scratch, first, units, short| {
                    let mut place = 0;
                    for_each_with_next(units, |unit, next| {
                        next.iter().for_each(|next| prefetch(&next.watched.hopefuls[usize::from(rank) - 1]));
                        choose(conditions, first, place, unit, rank, scratch, short);
                        place += 1;
                    });
                    promotion::promote_chosen(conditions, lookout, units, rank, scratch);
                    scratch.watch.lap(Process::Chain);
                },
            );
            self.fill_from_region(conditions, lookout, short.concat(), rank);
        }
    }

    /// Movers arrive; rank 1 is filled likewise. While the unit is at hand: its hires, and who hopes for school, which
    /// the regional pass of rank 1 may still change, but not make more.
    pub(super) fn fill_lowest_posts_and_hire(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        lookout: &Lookout,
    ) -> Vec<Candidacy> {
        let mut left: Vec<Left> = Vec::new();
        left.resize_with(self.blocks.count(), Left::default);
        let (arrivals, lists) = (&self.arrivals, &self.movers);
        self.crew.sweep(workers, &self.blocks, &mut self.units, &mut left, |scratch, first, units, left| {
            let mut place = 0;
            for_each_with_next(units, |unit, next| {
                let position = first + place as usize;
                if let Some(next) = next {
                    await_arrivals(next, arrivals, lists, position + 1);
                    next.watched.hopefuls[0]
                        .iter()
                        .for_each(|one| next.people.prefetch_identity(one.seen as usize));
                }
                // Copied in one go, so that the processor waits for many of them at once.
                scratch.arriving.clear();
                scratch.arriving.extend(arrivals.of(position).map(|(list, index)| lists[list].people[index]));
                let brigades = arrivals.brigades(position);
                movers::arrive(conditions, lookout, unit, &mut scratch.arriving, brigades);
                let there = f64::from(unit.now.workers_left + unit.now.moved_in);
                unit.now.workers_missing =
                    if unit.office { 0.0 } else { (unit.workers_wanted - there).max(0.0) };
                scratch.watch.lap(Process::Movers);
                choose(conditions, first, place, unit, FOREMAN, scratch, &mut left.short);
                scratch.watch.lap(Process::Chain);
                place += 1;
            });
            promotion::promote_chosen(conditions, lookout, units, FOREMAN, scratch);
            scratch.watch.lap(Process::Chain);
            for (position, unit) in (first..).zip(units) {
                students::find_hopeful(conditions, position, unit, &mut left.hopeful);
                hiring::pass(conditions, lookout, unit, scratch);
            }
            scratch.watch.lap(Process::Hiring);
        });
        let (mut short, mut hopeful) = (Short::new(), Vec::new());
        for left in left {
            short.extend(left.short);
            hopeful.extend(left.hopeful);
        }
        self.fill_from_region(conditions, lookout, short, FOREMAN);
        hopeful
    }

    /// The best of each region rise into the posts that its units could not fill, which take turns.
    fn fill_from_region(&mut self, conditions: &Conditions, lookout: &Lookout, mut short: Short, rank: u8) {
        short.sort_by_key(|&(unit, _)| promotion::turn(&self.units[unit as usize], rank));
        for region in 0..self.regions.len() {
            let of_region = |unit: u32| self.units[unit as usize].region as usize == region;
            let turns: Vec<u32> = short
                .iter()
                .filter(|&&(unit, _)| of_region(unit))
                .flat_map(|&(unit, posts)| (0..posts).map(move |_| unit))
                .collect();
            if !turns.is_empty() {
                self.promote_best(conditions, lookout, region, &turns, rank);
            }
        }
    }

    /// The candidates of a region for posts of `rank` elsewhere than in their own unit.
    fn candidates(&mut self, conditions: &Conditions, region: usize, rank: u8) -> Vec<Candidate> {
        let scratch = self.crew.alone();
        let plants = self.units.len() - self.regions.len();
        let mut found = Vec::new();
        for position in (region..plants).step_by(self.regions.len()) {
            if let Some(next) = self.units[..plants].get(position + self.regions.len()) {
                prefetch(&next.watched.hopefuls[usize::from(rank) - 1]);
            }
            let unit = &self.units[position];
            promotion::candidates(conditions, unit, position as u32, rank, scratch, &mut found);
        }
        found
    }

    /// The best candidates of a region rise, each into the next of the units that take turns.
    fn promote_best(
        &mut self,
        conditions: &Conditions,
        lookout: &Lookout,
        region: usize,
        turns: &[u32],
        rank: u8,
    ) {
        let mut candidates = self.candidates(conditions, region, rank);
        let order = |one: &Candidate, other: &Candidate| {
            merit::better((one.score, one.identity), (other.score, other.identity))
        };
        if turns.len() < candidates.len() {
            candidates.select_nth_unstable_by(turns.len(), order);
            candidates.truncate(turns.len());
        }
        candidates.sort_unstable_by(order);
        for candidate in &mut candidates {
            let unit = &mut self.units[candidate.unit as usize];
            let Some(row) = unit.people.find(candidate.identity, candidate.row) else {
                unreachable!("candidates are there")
            };
            candidate.row = row as u32;
            unit.watched.strike(rank - 1, candidate.identity);
        }
        let person = |one: &Candidate| self.units[one.unit as usize].people.person(one.row as usize);
        let people: Vec<_> = candidates.iter().map(person).collect();
        // From the last row of a unit on, so that no row that still has to go is moved.
        candidates.sort_unstable_by_key(|candidate| std::cmp::Reverse((candidate.unit, candidate.row)));
        for candidate in &candidates {
            self.units[candidate.unit as usize].people.remove(candidate.row as usize);
        }
        for (before, &to) in people.iter().zip(turns) {
            let unit = &mut self.units[to as usize];
            let words = promotion::words(conditions, before.identity);
            let (person, record) = promotion::promoted(conditions, *before, rank, &words);
            let row = unit.people.insert(person);
            let recruitment = || {
                let words = conditions.key.block(MONTHLY, conditions.month.0, before.identity);
                words[monthly::RECRUITMENT]
            };
            promotion::rise(lookout, unit, row, before, &person, recruitment);
            unit.now.promotions.push(record);
            unit.now.risen_in += 1;
        }
    }

    /// Openness of the units and the rise of the origin groups follow from the chain. Returns those outside the party, now
    /// that everybody has found a place.
    pub(super) fn close_chain(&mut self, months: &mut [RegionMonth]) -> Outsiders {
        let mut outsiders = Outsiders::default();
        for unit in &mut self.units {
            outsiders.add(unit.watched.outsiders);
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
        outsiders
    }
}

/// Asks for the memory of those who will come to the unit in `position`, and of the rows behind which they will stand.
fn await_arrivals(unit: &mut Unit, arrivals: &Arrivals, lists: &[Movers], position: usize) {
    let mut coming = 0;
    for (list, index) in arrivals.of(position) {
        lists[list].prefetch(index);
        coming += 1;
    }
    // Hires, not known yet, are a fifth of them on average.
    unit.people.prefetch_room(coming + coming / 4 + 4);
}

/// Chooses who fills posts of `rank` of a unit from its own people, and notes what it is short of; the unit has this place
/// among those at hand, which begin with the `first` of the country.
fn choose(
    conditions: &Conditions,
    first: usize,
    place: u32,
    unit: &mut Unit,
    rank: u8,
    scratch: &mut Scratch,
    short: &mut Short,
) {
    let posts = promotion::choose(conditions, unit, place, rank, scratch);
    if posts > 0 {
        short.push((first as u32 + place, posts));
    }
}
