//! A society with its people in columns.

use std::sync::Arc;

use super::arrivals::Arrivals;
use super::departures::Movers;
use super::profile::{Clock, Profile};
use super::unit::Unit;
use super::workspace::Workspaces;
use crate::engine::calendar::Month;
use crate::engine::parallel::{Blocks, Workers};
use crate::engine::random::Key;
use crate::engine::simd::Instructions;
use crate::model::country::{Country, UnitsByPosition};
use crate::model::setup::Setup;
use crate::model::state::region::{Centre, Region};
use crate::model::state::school::Cohort;
use crate::model::state::unit;

/// A society of one replicate, whose months are computed by columns. A clone has empty buffers of its own.
#[derive(Debug, Clone)]
pub struct Society {
    pub(in crate::model) country: Country,
    /// Plants, then the regional offices.
    pub(super) units: Vec<Unit>,
    /// Mean weight of the people outside the party when it last recruited, if that was last month: a guess that affects speed
    /// alone.
    pub(super) outsiders_mean: Option<f64>,
    /// The lowest score that sufficed when workers last went to school, and how many went: another such guess.
    pub(super) enough_for_school: Option<(f32, u64)>,
    pub(super) instructions: Instructions,
    pub(super) workers: Workers,
    /// Blocks of units, each the work of one thread at a time.
    pub(super) blocks: Blocks,
    /// The lists of movers, each a block of its own.
    pub(super) lists: Blocks,
    /// People on the way to another unit, by block of the unit that they leave.
    pub(super) movers: Vec<Movers>,
    pub(super) arrivals: Arrivals,
    pub(super) workspaces: Workspaces,
}

/// How a society is computed; results do not depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Threads among which blocks are shared.
    pub workers: Workers,
    /// People in a block of units at the start.
    pub block: f64,
    /// Instruction set for loops over columns.
    pub instructions: Instructions,
}

impl Default for Options {
    /// One thread, the best instruction set of the processor, and blocks of a few hundred kilobytes, which fit the second
    /// cache.
    fn default() -> Self {
        Options { workers: Workers::One, block: 4096.0, instructions: Instructions::detect() }
    }
}

impl Society {
    /// The society at the start of January 1928. A pure function of setup, seed and replicate.
    pub fn start(setup: Arc<Setup>, seed: u64, replicate: u32, options: Options) -> Self {
        super::start::society(setup, Key::new(seed, replicate), options)
    }

    /// The units: plants in the order of their numbers, then the regional offices.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The units, for experiments that change a person's fate between two months. Ranks are changed only by `insert`, `remove` and
    /// `replace` of [`super::people::People`].
    pub fn units_mut(&mut self) -> &mut [Unit] {
        &mut self.units
    }

    /// The month that [`Society::month`] will simulate next.
    pub fn next(&self) -> Month {
        self.country.next
    }

    /// The regions.
    pub fn regions(&self) -> &[Region] {
        &self.country.regions
    }

    /// The centre.
    pub fn centre(&self) -> &Centre {
        &self.country.centre
    }

    /// People at school, by month of entry; the first cohort entered first.
    pub fn school(&self) -> impl Iterator<Item = &Cohort> {
        self.country.school.iter()
    }

    /// Number of people present; those at school are not counted.
    pub fn people(&self) -> u64 {
        self.units.iter().map(|unit| unit.people.len() as u64).sum()
    }

    /// Number of blocks into which the units are split.
    pub fn block_count(&self) -> usize {
        self.blocks.count()
    }

    /// Times processes with this clock from now on, at the cost of a few per cent of the time.
    pub fn time(&mut self, clock: Clock) {
        self.workspaces.time(clock);
    }

    /// Time per process, summed over threads, since [`Society::time`].
    pub fn profile(&self) -> Profile {
        self.workspaces.profile()
    }

    /// Bytes held for people, including those on the way between units.
    pub fn bytes(&self) -> usize {
        let people: usize = self.units.iter().map(|unit| unit.people.bytes()).sum();
        let movers: usize = self.movers.iter().map(Movers::bytes).sum();
        people + movers
    }
}

impl UnitsByPosition for Vec<Unit> {
    fn unit(&mut self, position: usize) -> &mut unit::Unit {
        &mut self[position].state
    }
}
