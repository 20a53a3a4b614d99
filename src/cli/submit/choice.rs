//! Chooses how many tasks a study is divided into, and the time and memory that each asks for.

use crate::cli::estimate::MOST_TASKS;
use std::collections::BTreeMap;
use std::num::NonZeroU64;

/// What remains to be computed of a study.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TaskEstimate {
    /// Runs that are not finished.
    pub(crate) runs: u64,
    /// Numbers of the batches that are not finished, in ascending order. A task computes whole batches: those whose numbers
    /// leave the same remainder when divided by the number of tasks.
    pub(crate) batches: Vec<u64>,
    /// Time that one core needs for all of them, in seconds, if it is known.
    pub(crate) core_seconds: Option<f64>,
    /// Peak memory of one run in bytes; a task on several cores runs as many at the same time.
    pub(crate) memory_bytes: u64,
}

/// A task has at least this much work, in seconds: a scheduler starts only a few tasks per second, and each waits in the
/// queue.
const LEAST_WORK: f64 = 600.0;

/// A task asks for this many times the estimated time, because nodes differ in speed and batches in size.
const SLACK: f64 = 2.0;

/// Minutes added to the time that a task asks for: the start of the program and the notice before the time limit.
const START: f64 = 5.0;

/// A task asks for this many times the estimated memory.
const MEMORY_SLACK: f64 = 1.25;

/// Bytes added to the memory that a task asks for: the program, its tables and the shell around it.
const MEMORY_BASE: f64 = (256 << 20) as f64;

impl TaskEstimate {
    /// Number of tasks: as many as have ten minutes of work each, at most 64 and one per batch. If the missing batches
    /// would be shared out unevenly, because an earlier job has computed the others, down to half as many.
    pub(super) fn tasks(&self, cpus: u32) -> u64 {
        let fitting = match self.core_seconds {
            Some(seconds) => (seconds / f64::from(cpus) / LEAST_WORK) as u64,
            None => MOST_TASKS,
        };
        let most = fitting.min(MOST_TASKS).min(self.batches.len() as u64).max(1);
        let numbers = (most.div_ceil(2)..=most).filter_map(NonZeroU64::new);
        numbers.min_by_key(|tasks| self.largest_share(*tasks)).map_or(1, NonZeroU64::get)
    }

    /// Number of missing batches of the task that has most.
    fn largest_share(&self, tasks: NonZeroU64) -> u64 {
        let mut shares = BTreeMap::new();
        for batch in &self.batches {
            *shares.entry(*batch % tasks).or_insert(0) += 1;
        }
        shares.into_values().max().unwrap_or(0)
    }

    /// Time that each task asks for, in minutes: twice the estimate of the largest one, and five minutes; `None` if the
    /// time is not known.
    pub(super) fn minutes(&self, tasks: NonZeroU64, cpus: u32) -> Option<u64> {
        let share = self.largest_share(tasks) as f64 / self.batches.len().max(1) as f64;
        let seconds = self.core_seconds? * share / f64::from(cpus);
        Some((SLACK * seconds / 60.0 + START).ceil() as u64)
    }

    /// Memory that each task asks for, in MiB.
    pub(super) fn mebibytes(&self, cpus: u32) -> u64 {
        let bytes = MEMORY_SLACK * self.memory_bytes as f64 * f64::from(cpus) + MEMORY_BASE;
        mebibytes(bytes as u64)
    }
}

/// Converts bytes to MiB, rounded up.
pub(super) fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(batches: u64, core_seconds: Option<f64>) -> TaskEstimate {
        TaskEstimate {
            runs: 10 * batches,
            batches: (1..=batches).collect(),
            core_seconds,
            memory_bytes: 100 << 20,
        }
    }

    fn minutes(estimate: &TaskEstimate, tasks: u64, cpus: u32) -> Option<u64> {
        estimate.minutes(NonZeroU64::new(tasks).unwrap(), cpus)
    }

    #[test]
    fn each_task_has_ten_minutes_of_work() {
        // An hour on one core: six tasks of ten minutes. On two cores: three.
        let hour = estimate(360, Some(3_600.0));
        assert_eq!([1, 2, 4, 100].map(|cpus| hour.tasks(cpus)), [6, 3, 1, 1]);
        // A minute: one task. A month: 64 tasks.
        assert_eq!(estimate(6, Some(60.0)).tasks(1), 1);
        assert_eq!(estimate(896, Some(2_592_000.0)).tasks(1), 64);
    }

    #[test]
    fn there_are_no_more_tasks_than_batches() {
        assert_eq!(estimate(5, Some(36_000.0)).tasks(1), 5);
        assert_eq!(estimate(5, None).tasks(1), 5);
        assert_eq!(estimate(640, None).tasks(1), 64);
        assert_eq!(estimate(0, None).tasks(1), 1);
    }

    #[test]
    fn what_an_earlier_job_left_is_shared_out_evenly() {
        // Two of 64 tasks were killed, and left every 64th batch from the 3rd and from the 5th. Of four tasks, two would
        // get nothing; three get four batches each.
        let batches = (0..6).flat_map(|round| [64 * round + 3, 64 * round + 5]).collect();
        let left = TaskEstimate { batches, ..estimate(0, Some(2_400.0)) };
        assert_eq!([2, 3, 4].map(|tasks| left.largest_share(NonZeroU64::new(tasks).unwrap())), [12, 4, 6]);
        assert_eq!(left.tasks(1), 3);
        // Four of twelve batches of 200 s: 13.3 min, doubled, and 5.
        assert_eq!(minutes(&left, 3, 1), Some(32));
        assert_eq!(minutes(&left, 2, 1), Some(85));
    }

    #[test]
    fn a_task_asks_for_twice_the_time_of_the_largest() {
        // 360 batches of 10 s. Of 6 tasks each has 60: 10 min, doubled, and 5.
        let hour = estimate(360, Some(3_600.0));
        assert_eq!(minutes(&hour, 6, 1), Some(25));
        // On two cores 5 min, doubled, and 5.
        assert_eq!(minutes(&hour, 6, 2), Some(15));
        // Of 7 tasks the largest has 52: 520 s, doubled: 17.3 min, and 5, rounded up.
        assert_eq!(minutes(&hour, 7, 1), Some(23));
        // One batch of 100 s for each of 64 tasks at most: 3.3 min, and 5, rounded up.
        assert_eq!(minutes(&estimate(30, Some(3_000.0)), 64, 1), Some(9));
        assert_eq!(minutes(&estimate(360, None), 6, 1), None);
        assert_eq!(minutes(&estimate(0, Some(0.0)), 1, 1), Some(5));
    }

    #[test]
    fn a_task_asks_for_the_memory_of_the_runs_side_by_side() {
        // 1.25 x 100 MiB + 256 MiB; of four runs side by side 1.25 x 400 MiB + 256 MiB.
        let hour = estimate(360, Some(3_600.0));
        assert_eq!([1, 4].map(|cpus| hour.mebibytes(cpus)), [381, 756]);
        assert_eq!([0, 1, 1 << 20, (1 << 20) + 1].map(mebibytes), [0, 1, 1, 2]);
    }
}
