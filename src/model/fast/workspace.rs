//! Defines workspaces, the buffers of a thread that are reused for each unit, and the sweep over blocks of units.
//!
//! Workspaces hold no state of the model: nothing is read that the same call has not written.

use std::sync::{Mutex, PoisonError};

use super::profile::{Clock, Process, Profile, Timer};
use super::{acquaintance, departures, merit, movers, promotion, repression, unit_steps};
use crate::engine::chacha::Words;
use crate::engine::parallel::{Blocks, Workers};

/// The buffers of one thread: a few that several steps share, each overwriting what the step before left, and those of single
/// steps, which only these steps can read.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    /// Random words of the people of a unit, or of `identities`.
    pub(super) words: Words,
    /// Fates of the people of a unit, as bits of [`crate::model::state::fate`].
    pub(super) fates: Vec<u16>,
    /// One mark for each row, set by a loop over columns.
    pub(super) marks: Vec<bool>,
    /// Rows whose marks are set.
    pub(super) rows: Vec<u32>,
    /// Identities whose words are computed together.
    pub(super) identities: Vec<u64>,
    /// Times the steps of this thread.
    pub(super) timer: Timer,
    pub(super) acquaintance: acquaintance::Layout,
    pub(super) punishment: unit_steps::Buffers,
    pub(super) repression: repression::Buffers,
    pub(super) departures: departures::Buffers,
    pub(super) movers: movers::Buffers,
    pub(super) merit: merit::Buffers,
    pub(super) promotion: promotion::Buffers,
}

/// The workspaces of all threads, and the timer for work between sweeps.
#[derive(Debug)]
pub(super) struct Workspaces {
    threads: Vec<Mutex<Workspace>>,
    pub(super) timer: Timer,
}

impl Workspaces {
    /// Creates a workspace for each thread of these workers.
    pub(super) fn new(workers: Workers) -> Self {
        let threads = match workers {
            Workers::One => 1,
            Workers::Pool => rayon::current_num_threads(),
        };
        Workspaces { threads: (0..threads).map(|_| Mutex::default()).collect(), timer: Timer::default() }
    }

    /// Calls `work` on each block of items, as [`Blocks::each`] does.
    pub(super) fn sweep<T: Send, O: Send>(
        &mut self,
        workers: Workers,
        blocks: &Blocks,
        items: &mut [T],
        results: &mut [O],
        work: impl Fn(&mut Workspace, usize, &mut [T], &mut O) + Sync,
    ) {
        self.timer.lap(Process::Country);
        blocks.each(workers, items, results, &self.threads, |workspace, first, items, result| {
            workspace.timer.start();
            work(workspace, first, items, result);
        });
        self.timer.start();
    }

    /// Returns the workspace for work on the calling thread between sweeps.
    ///
    /// Its own timer is stopped; such work is timed as work between units.
    pub(super) fn first(&mut self) -> &mut Workspace {
        let workspace = self.threads[0].get_mut().unwrap_or_else(PoisonError::into_inner);
        workspace.timer.stop();
        workspace
    }

    /// Times processes with this clock from now on.
    pub(super) fn time(&mut self, clock: Clock) {
        self.timer = Timer::new(clock);
        for workspace in &mut self.threads {
            workspace.get_mut().unwrap_or_else(PoisonError::into_inner).timer = Timer::new(clock);
        }
    }

    /// Returns the time per process, summed over threads.
    pub(super) fn profile(&self) -> Profile {
        let mut profile = self.timer.profile().clone();
        for workspace in &self.threads {
            profile.add(workspace.lock().unwrap_or_else(PoisonError::into_inner).timer.profile());
        }
        profile
    }
}

impl Clone for Workspaces {
    /// Returns as many empty workspaces: they hold nothing that a clone could miss.
    fn clone(&self) -> Self {
        Workspaces {
            threads: self.threads.iter().map(|_| Mutex::default()).collect(),
            timer: Timer::default(),
        }
    }
}
