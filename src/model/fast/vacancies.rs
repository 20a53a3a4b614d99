//! Runs the vacancy chain over blocks of units and over regions (R8), in the order of [`crate::model::steps`].

use super::arrivals::Arrivals;
use super::conditions::Conditions;
use super::departures::Movers;
use super::prefilter::Prefilter;
use super::profile::Process;
use super::promotion::Candidate;
use super::school::SchoolCandidate;
use super::society::Society;
use super::unit::{Unit, for_each_with_next};
use super::workspace::Workspace;
use super::{hiring, movers, promotion, school};
use crate::engine::prefetch::prefetch;
use crate::model::purpose::{MONTHLY, monthly};
use crate::model::rules::merit;
use crate::model::rules::promotion::{posts_to_fill, promoted, turn, words};
use crate::model::state::standing::{DIRECTOR, ELITE, FOREMAN, REGIONAL};

/// Units that could not fill their posts from within, with the number of posts still open.
type Short = Vec<(u32, u64)>;

/// Results of a block whose lowest posts have been filled.
#[derive(Debug, Default)]
struct Left {
    short: Short,
    for_school: Vec<SchoolCandidate>,
}

impl Society {
    /// Rank 4: promotes the best directors of each region to its office.
    pub(super) fn fill_regional_posts(&mut self, conditions: &Conditions, prefilter: &Prefilter) {
        let plants = self.country.plants();
        for region in 0..self.country.regions.len() {
            let office = plants + region;
            let holders = self.units[office].people.ranks.count(REGIONAL) as u64;
            let posts = posts_to_fill(conditions, &mut self.units[office].state, REGIONAL, holders);
            if posts > 0 {
                let turns = vec![office as u32; posts as usize];
                self.promote_best(conditions, prefilter, region, &turns, REGIONAL);
            }
        }
    }

    /// Ranks 3 and 2: promotes each unit's own best; posts still open go to the best of the region.
    pub(super) fn fill_posts_of_the_elite(&mut self, conditions: &Conditions, prefilter: &Prefilter) {
        for rank in (ELITE..=DIRECTOR).rev() {
            let mut short = vec![Short::new(); self.blocks.count()];
            self.workspaces.sweep(
                self.workers,
                &self.blocks,
                &mut self.units,
                &mut short,
                |workspace, first, units, short| {
                    let mut place = 0;
                    for_each_with_next(units, |unit, next| {
                        next.iter()
                            .for_each(|next| prefetch(&next.candidates.for_promotion[usize::from(rank) - 1]));
                        choose(conditions, first, place, unit, rank, workspace, short);
                        place += 1;
                    });
                    promotion::promote_chosen(conditions, prefilter, units, rank, workspace);
                    workspace.timer.lap(Process::Chain);
                },
            );
            self.fill_from_region(conditions, prefilter, short.concat(), rank);
        }
    }

    /// Lets movers arrive, fills rank 1 likewise, hires, and returns the candidates for school.
    ///
    /// Hires and candidates are handled here because the units are in the cache. The regional pass of rank 1, which
    /// follows, can take candidates for school away but not add any.
    pub(super) fn fill_lowest_posts_and_hire(
        &mut self,
        conditions: &Conditions,
        prefilter: &Prefilter,
    ) -> Vec<SchoolCandidate> {
        let mut left: Vec<Left> = Vec::new();
        left.resize_with(self.blocks.count(), Left::default);
        let (arrivals, lists) = (&self.arrivals, &self.movers);
        self.workspaces.sweep(
            self.workers,
            &self.blocks,
            &mut self.units,
            &mut left,
            |workspace, first, units, left| {
                let mut place = 0;
                for_each_with_next(units, |unit, next| {
                    let position = first + place as usize;
                    if let Some(next) = next {
                        await_arrivals(next, arrivals, lists, position + 1);
                        next.candidates.for_promotion[0]
                            .iter()
                            .for_each(|one| next.people.prefetch_identity(one.seen as usize));
                    }
                    // Copied in one go, so that the cache misses overlap.
                    workspace.movers.arriving.clear();
                    workspace
                        .movers
                        .arriving
                        .extend(arrivals.of(position).map(|(list, index)| lists[list].people[index]));
                    let brigades = arrivals.brigades(position);
                    movers::arrive(conditions, prefilter, unit, &mut workspace.movers.arriving, brigades);
                    let there = f64::from(unit.state.now.workers_left + unit.state.now.arrived);
                    unit.state.now.workers_missing =
                        if unit.state.office { 0.0 } else { (unit.state.workers_wanted - there).max(0.0) };
                    workspace.timer.lap(Process::Movers);
                    choose(conditions, first, place, unit, FOREMAN, workspace, &mut left.short);
                    workspace.timer.lap(Process::Chain);
                    place += 1;
                });
                promotion::promote_chosen(conditions, prefilter, units, FOREMAN, workspace);
                workspace.timer.lap(Process::Chain);
                for (position, unit) in (first..).zip(units) {
                    school::find(conditions, position, unit, &mut left.for_school);
                    hiring::pass(conditions, prefilter, unit, workspace);
                }
                workspace.timer.lap(Process::Hiring);
            },
        );
        let (mut short, mut for_school) = (Short::new(), Vec::new());
        for left in left {
            short.extend(left.short);
            for_school.extend(left.for_school);
        }
        self.fill_from_region(conditions, prefilter, short, FOREMAN);
        for_school
    }

    /// Promotes the best of each region into the posts that its units could not fill; the units take turns.
    fn fill_from_region(
        &mut self,
        conditions: &Conditions,
        prefilter: &Prefilter,
        mut short: Short,
        rank: u8,
    ) {
        short.sort_by_key(|&(unit, _)| turn(&self.units[unit as usize].state, rank));
        for region in 0..self.country.regions.len() {
            let of_region = |unit: u32| self.units[unit as usize].state.region as usize == region;
            let turns: Vec<u32> = short
                .iter()
                .filter(|&&(unit, _)| of_region(unit))
                .flat_map(|&(unit, posts)| (0..posts).map(move |_| unit))
                .collect();
            if !turns.is_empty() {
                self.promote_best(conditions, prefilter, region, &turns, rank);
            }
        }
    }

    /// Returns the candidates of a region for posts of `rank` outside their own units.
    fn candidates(&mut self, conditions: &Conditions, region: usize, rank: u8) -> Vec<Candidate> {
        let workspace = self.workspaces.first();
        let plants = self.country.plants();
        let mut found = Vec::new();
        for position in (region..plants).step_by(self.country.regions.len()) {
            if let Some(next) = self.units[..plants].get(position + self.country.regions.len()) {
                prefetch(&next.candidates.for_promotion[usize::from(rank) - 1]);
            }
            let unit = &self.units[position];
            promotion::candidates(conditions, unit, position as u32, rank, workspace, &mut found);
        }
        found
    }

    /// Promotes the best candidates of a region, one into each of the units in `turns`.
    fn promote_best(
        &mut self,
        conditions: &Conditions,
        prefilter: &Prefilter,
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
            unit.candidates.strike(rank - 1, candidate.identity);
        }
        let person = |one: &Candidate| self.units[one.unit as usize].people.person(one.row as usize);
        let people: Vec<_> = candidates.iter().map(person).collect();
        // From the last row of a unit to the first, so that no row still to be handled moves.
        candidates.sort_unstable_by_key(|candidate| std::cmp::Reverse((candidate.unit, candidate.row)));
        for candidate in &candidates {
            self.units[candidate.unit as usize].people.remove(candidate.row as usize);
        }
        for (before, &to) in people.iter().zip(turns) {
            let unit = &mut self.units[to as usize];
            let words = words(conditions, before.identity);
            let (person, record) = promoted(conditions, *before, rank, &words);
            let row = unit.people.insert(person);
            let recruitment = || {
                let words = conditions.key.block(MONTHLY, conditions.month.0, before.identity);
                words[monthly::RECRUITMENT]
            };
            promotion::rise(prefilter, unit, row, before, &person, recruitment);
            unit.state.now.promotions.push(record);
            unit.state.now.risen_in += 1;
        }
    }
}

/// Prefetches the movers who will arrive in the unit in `position`, and the rows for them.
fn await_arrivals(unit: &mut Unit, arrivals: &Arrivals, lists: &[Movers], position: usize) {
    let mut coming = 0;
    for (list, index) in arrivals.of(position) {
        lists[list].prefetch(index);
        coming += 1;
    }
    // Hires are not known yet; on average they are a fifth of all newcomers.
    unit.people.prefetch_room(coming + coming / 4 + 4);
}

/// Chooses people for posts of `rank` from a unit's own people, and notes the posts still open. `place` is the unit's
/// index within the block, `first` the position of the block's first unit.
fn choose(
    conditions: &Conditions,
    first: usize,
    place: u32,
    unit: &mut Unit,
    rank: u8,
    workspace: &mut Workspace,
    short: &mut Short,
) {
    let posts = promotion::choose(conditions, unit, place, rank, workspace);
    if posts > 0 {
        short.push((first as u32 + place, posts));
    }
}
