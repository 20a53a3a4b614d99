//! The society as a whole: units, regions, centre, school; and the door to one month.
//!
//! Owns all state of one replicate. What happens in a month is written in `model::month`, how it begins in
//! `model::start`.

use std::collections::VecDeque;
use std::sync::Arc;

use super::arrivals::Arrivals;
use super::crew::Crew;
use super::month;
use super::parameters::Parameters;
use super::person::ORIGINS;
use super::policy::{Observation, Policy};
use super::processes::departures::Movers;
use super::processes::school::Cohort;
use super::profile::{Clock, Profile};
use super::region::{Centre, Region};
use super::setup::Setup;
use super::start;
use super::tally::MonthRecord;
use super::unit::Unit;
use crate::engine::calendar::Month;
use crate::engine::parallel::{Blocks, Workers};
use crate::engine::random::Key;
use crate::engine::sampling::Alias;
use crate::engine::simd::Instructions;

/// A society of one replicate, at the end of some month.
pub struct Society {
    pub(super) setup: Arc<Setup>,
    pub(super) rules: Parameters,
    pub(super) key: Key,
    pub(super) instructions: Instructions,
    pub(super) next: Month,
    pub(super) policy: Box<dyn Policy>,
    pub(super) observed: Option<Observation>,
    /// Mean weight of those outside the party when it last recruited, if that was last month.
    pub(super) outsiders_mean: Option<f64>,
    /// Of the last month in which workers went to school, the lowest score that was enough, and how many went.
    pub(super) enough_for_school: Option<(f32, u64)>,
    /// Plants, then the regional offices.
    pub(super) units: Vec<Unit>,
    pub(super) regions: Vec<Region>,
    pub(super) centre: Centre,
    /// Those at school, by month of entry; the front entered first.
    pub(super) school: VecDeque<Cohort>,
    /// Outsiders at school in January 1928, by month of graduation.
    pub(super) early_students: Vec<u32>,
    /// Sizes of the plants relative to each other, in the country and by region.
    pub(super) sizes: Alias,
    pub(super) regional_sizes: Vec<Alias>,
    pub(super) blocks: Blocks,
    /// The lists of movers, each a block of its own.
    pub(super) lists: Blocks,
    /// People on the way to another unit, by block of the unit they leave.
    pub(super) movers: Vec<Movers>,
    pub(super) arrivals: Arrivals,
    pub(super) crew: Crew,
}

impl Society {
    /// The society at the start of January 1928. A pure function of setup, seed and replicate.
    pub fn start(setup: Arc<Setup>, seed: u64, replicate: u32, workers: Workers) -> Self {
        start::society(setup, Key::new(seed, replicate), workers)
    }

    /// Lives through one month and says what happened. The same bytes whoever does the work.
    ///
    /// Not to be called after June 1941, the last month of the calendar.
    pub fn month(&mut self, workers: Workers) -> MonthRecord {
        month::live(self, workers)
    }

    /// The month that [`Society::month`] would live through.
    pub fn next(&self) -> Month {
        self.next
    }

    /// People present now, those at school not counted.
    pub fn people(&self) -> u64 {
        self.units.iter().map(|unit| unit.people.len() as u64).sum()
    }

    /// The units: plants in order of their numbers, then the regional offices.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The regions.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// Workers at school.
    pub fn students(&self) -> u64 {
        self.school.iter().map(|cohort| cohort.workers.len() as u64).sum()
    }

    /// Those at school, by month of entry; the front entered first.
    pub fn school(&self) -> impl Iterator<Item = &Cohort> {
        self.school.iter()
    }

    /// The centre.
    pub fn centre(&self) -> &Centre {
        &self.centre
    }

    /// Blocks into which the work of a month is split, whoever does it.
    pub fn block_count(&self) -> usize {
        self.blocks.count()
    }

    /// Workers at school by origin.
    pub fn students_by_origin(&self) -> [u64; ORIGINS] {
        let mut counts = [0; ORIGINS];
        for student in self.school.iter().flat_map(|cohort| &cohort.workers) {
            counts[student.person.standing.origin() as usize] += 1;
        }
        counts
    }

    /// Outsiders who entered school in the month just lived through; 0 before the first.
    pub fn outsiders_to_school(&self) -> u64 {
        self.school.back().map_or(0, |cohort| u64::from(cohort.outsiders))
    }

    /// Computes with these instructions instead of the best that the processor has; results are the same.
    pub fn with_instructions(mut self, instructions: Instructions) -> Self {
        self.instructions = instructions;
        self
    }

    /// Tells from now on where the time goes, by this clock, at the cost of a few per cent more of it.
    pub fn with_profile(mut self, clock: Clock) -> Self {
        self.crew.time(clock);
        self
    }

    /// Where the time went, summed over threads, if [`Society::with_profile`] asked for it.
    pub fn profile(&self) -> Profile {
        self.crew.profile()
    }

    /// The units, for experiments that change somebody's fate between two months. Ranks change by [`super::people::People`]'s
    /// `insert`, `remove` and `replace` alone.
    pub fn units_mut(&mut self) -> &mut [Unit] {
        &mut self.units
    }

    /// Bytes held for people, those at school and on the move included.
    pub fn bytes(&self) -> usize {
        let people: usize = self.units.iter().map(|unit| unit.people.bytes()).sum();
        let movers: usize = self.movers.iter().map(Movers::bytes).sum();
        people + movers
    }
}
