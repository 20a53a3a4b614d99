//! Defines a society with its people in columns.

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

/// A society of one replicate whose months are computed by columns. A clone gets empty buffers of its own.
#[derive(Debug, Clone)]
pub struct Society {
    pub(in crate::model) country: Country,
    /// Plants, then the regional offices.
    pub(super) units: Vec<Unit>,
    /// Mean weight of the people outside the party last month, if it recruited then: a guess that affects speed
    /// alone.
    pub(super) outsiders_mean: Option<f64>,
    /// Lowest score that sufficed when workers last went to school, and how many went: a guess that affects speed
    /// alone.
    pub(super) enough_for_school: Option<(f32, u64)>,
    pub(super) instructions: Instructions,
    pub(super) workers: Workers,
    /// Blocks of units, each the work of one thread at a time.
    pub(super) blocks: Blocks,
    /// The lists of movers, each a block of its own.
    pub(super) lists: Blocks,
    /// People on the way to another unit, by block of the unit they leave.
    pub(super) movers: Vec<Movers>,
    pub(super) arrivals: Arrivals,
    pub(super) workspaces: Workspaces,
}

/// How a society is computed; results do not depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Threads that share the blocks.
    pub workers: Workers,
    /// Number of people in a block of units at the start.
    pub block: f64,
    /// Instruction set for loops over columns.
    pub instructions: Instructions,
}

impl Default for Options {
    /// Returns one thread, the best instruction set of the processor, and blocks of a few hundred kilobytes, which
    /// fit the second cache.
    fn default() -> Self {
        Options { workers: Workers::One, block: 4096.0, instructions: Instructions::detect() }
    }
}

impl Society {
    /// Creates the society at the start of January 1928. The result depends only on setup, seed and replicate.
    pub fn start(setup: Arc<Setup>, seed: u64, replicate: u32, options: Options) -> Self {
        super::start::society(setup, Key::new(seed, replicate), options)
    }

    /// Returns the units: plants in the order of their numbers, then the regional offices.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Returns the units, for experiments that change a person's fate between two months.
    ///
    /// Ranks may only be changed by `insert`, `remove` and `replace` of [`People`](super::people::People).
    pub fn units_mut(&mut self) -> &mut [Unit] {
        &mut self.units
    }

    /// Draws the months from `from` on with the words of another replicate, as
    /// [`with_future`](crate::model::simulation::Simulation::with_future) of a simulation.
    #[must_use]
    pub fn with_future(mut self, from: Month, replicate: u32) -> Self {
        self.country.set_future(from, replicate);
        self
    }

    /// Draws somebody by chance beside the target of each accusation, as
    /// [`with_chance_targets`](crate::model::simulation::Simulation::with_chance_targets) of a simulation.
    #[must_use]
    pub fn with_chance_targets(mut self) -> Self {
        self.country.notes.chance = true;
        self
    }

    /// Returns the month that [`Society::month`] will simulate next.
    pub fn next(&self) -> Month {
        self.country.next
    }

    /// Returns the regions.
    pub fn regions(&self) -> &[Region] {
        &self.country.regions
    }

    /// Returns the centre.
    pub fn centre(&self) -> &Centre {
        &self.country.centre
    }

    /// Returns the cohorts at school, in the order of entry.
    pub fn school(&self) -> impl Iterator<Item = &Cohort> {
        self.country.school.iter()
    }

    /// Returns the number of people present, not counting those at school.
    pub fn people(&self) -> u64 {
        self.units.iter().map(|unit| unit.people.len() as u64).sum()
    }

    /// Returns the number of blocks into which the units are split.
    pub fn block_count(&self) -> usize {
        self.blocks.count()
    }

    /// Times processes with this clock from now on, at the cost of a few per cent of the time.
    pub fn time(&mut self, clock: Clock) {
        self.workspaces.time(clock);
    }

    /// Returns the time per process since [`Society::time`], summed over threads.
    pub fn profile(&self) -> Profile {
        self.workspaces.profile()
    }

    /// Returns the bytes held for people, including those on the way between units.
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
