//! The crew: who goes over the units in a sweep, with what each thread needs for it.
//!
//! Owns the scratch of every thread and the watch that times what is done between sweeps. Knows no rule and no step of
//! the month.

use std::sync::{Mutex, PoisonError};

use super::profile::{Clock, Process, Profile, Watch};
use super::scratch::Scratch;
use crate::engine::parallel::{Blocks, Workers};

/// The threads of a society, one scratch each.
pub(super) struct Crew {
    scratch: Vec<Mutex<Scratch>>,
    /// Times what is done between sweeps.
    pub(super) watch: Watch,
}

impl Crew {
    /// A crew for these workers.
    pub(super) fn new(workers: Workers) -> Self {
        let threads = match workers {
            Workers::One => 1,
            Workers::Pool => rayon::current_num_threads(),
        };
        Crew { scratch: (0..threads).map(|_| Mutex::default()).collect(), watch: Watch::default() }
    }

    /// Does `work` on each block of items, as [`Blocks::each`]; what it takes is timed by the scratch.
    pub(super) fn sweep<T: Send, O: Send>(
        &mut self,
        workers: Workers,
        blocks: &Blocks,
        items: &mut [T],
        outcomes: &mut [O],
        work: impl Fn(&mut Scratch, usize, &mut [T], &mut O) + Sync,
    ) {
        self.watch.lap(Process::Country);
        blocks.each(workers, items, outcomes, &self.scratch, |scratch, first, items, outcome| {
            scratch.watch.start();
            work(scratch, first, items, outcome);
        });
        self.watch.start();
    }

    /// Scratch for the calling thread, between sweeps. Its watch stands still: what is done counts as between units.
    pub(super) fn alone(&mut self) -> &mut Scratch {
        let scratch = self.scratch[0].get_mut().unwrap_or_else(PoisonError::into_inner);
        scratch.watch.stop();
        scratch
    }

    /// Tells from now on where the time goes, by this clock.
    pub(super) fn time(&mut self, clock: Clock) {
        self.watch = Watch::new(clock);
        for scratch in &mut self.scratch {
            scratch.get_mut().unwrap_or_else(PoisonError::into_inner).watch = Watch::new(clock);
        }
    }

    /// Where the time went, summed over threads.
    pub(super) fn profile(&self) -> Profile {
        let mut profile = self.watch.profile().clone();
        for scratch in &self.scratch {
            profile.add(scratch.lock().unwrap_or_else(PoisonError::into_inner).watch.profile());
        }
        profile
    }
}
