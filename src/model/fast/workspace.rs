//! Defines workspaces, the buffers of a thread that are reused for each unit, and the sweep over blocks of units.
//!
//! Workspaces hold no state of the model: nothing is read that the same call has not written.

use std::sync::{Mutex, PoisonError};

use super::acquaintance::Layout;
use super::candidates::{Event, PromotionCandidate};
use super::departures::Mover;
use super::profile::{Clock, Process, Profile, Timer};
use super::promotion::Chosen;
use crate::engine::chacha::Words;
use crate::engine::parallel::{Blocks, Workers};

/// The buffers of one thread.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    /// Random words of the people of a unit.
    pub(super) words: Words,
    /// Fates of these people, as bits of [`crate::model::state::fate`].
    pub(super) fates: Vec<u16>,
    /// Brigade chains and counts for acquaintances.
    pub(super) layout: Layout,
    /// Rows that a loop over columns selected.
    pub(super) rows: Vec<u32>,
    /// A position elsewhere for each of these rows.
    pub(super) places: Vec<u32>,
    /// Movers without a plant: their position in the list, and the position of their words.
    pub(super) seeking: Vec<(u32, u32)>,
    /// Merits of the candidates for promotion.
    pub(super) merits: Vec<f32>,
    /// Scores for promotion, or for arrest.
    pub(super) scores: Vec<f32>,
    /// Events of a unit, in months in which they are carried out while the unit is in the cache.
    pub(super) events: Vec<Event>,
    /// Workers who may be promoted.
    pub(super) for_promotion: Vec<PromotionCandidate>,
    /// Movers who arrive in a unit.
    pub(super) arriving: Vec<Mover>,
    /// Rows of the accused, once for each accusation.
    pub(super) targets: Vec<u32>,
    /// People chosen for posts in their own units.
    pub(super) chosen: Vec<Chosen>,
    /// One mark for each row, from which `rows` is made.
    pub(super) marks: Vec<bool>,
    /// Identities whose words are computed together.
    pub(super) identities: Vec<u64>,
    /// Best candidates for promotion or arrest: score, identity, row.
    pub(super) best: Vec<(f32, u64, u32)>,
    /// Timer of the thread.
    pub(super) timer: Timer,
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
