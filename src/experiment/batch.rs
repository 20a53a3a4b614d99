//! Runs replicates in parallel and delivers their results in order.
//!
//! Each thread runs one replicate while at least as many replicates are left as there are threads; the last replicates, and
//! single large ones, share the threads. Results are delivered by replicate number, whichever finishes first. A replicate
//! starts only when few earlier ones are unfinished, so memory does not grow with the number of replicates.

use super::plan::Plan;
use crate::engine::parallel::Workers;
use crate::output::manifest::ReplicateStatus;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Barrier, Condvar, Mutex, mpsc};

/// The end of a replicate.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended<T> {
    /// It has a result.
    Finished(T),
    /// It panicked, with this message.
    Failed(String),
    /// It was stopped before its end.
    Interrupted,
    /// It was not started, because the batch was stopped.
    NotStarted,
}

/// Receives the progress of a batch, from several threads at once.
pub trait Observer: Sync {
    /// Replicate `replicate` has simulated month number `month` (from 0), which began with `people` people.
    fn month(&self, replicate: u32, month: usize, people: u64);

    /// A replicate has ended, with a result or without. Called in the order of the replicates.
    fn ended(&self, replicate: &ReplicateStatus);

    /// The next round starts; `runs` holds the number of runs of each scenario.
    fn round(&self, _runs: &[u32]) {}

    /// The runs of the scenario at a position start.
    fn scenario(&self, _position: usize) {}
}

/// An [`Observer`] that ignores everything.
pub struct Unobserved;

impl Observer for Unobserved {
    fn month(&self, _replicate: u32, _month: usize, _people: u64) {}
    fn ended(&self, _replicate: &ReplicateStatus) {}
}

/// Maximum number of replicates that run or wait for delivery, per replicate that runs.
const WINDOW: u32 = 2;

/// Blocks replicates that are too far ahead of the last one delivered.
struct Gate {
    open_until: Mutex<u64>,
    moved: Condvar,
}

impl Gate {
    fn pass(&self, position: u32) {
        let open = self.open_until.lock().expect("no one panics with the lock");
        let _open = self.moved.wait_while(open, |open| u64::from(position) >= *open).expect("as above");
    }

    fn open(&self, until: u64) {
        *self.open_until.lock().expect("no one panics with the lock") = until;
        self.moved.notify_all();
    }
}

/// Creates the thread pool of a plan.
///
/// # Errors
///
/// If the system refuses to start that many threads.
pub fn pool(plan: &Plan) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    let name = |number| format!("replicates-{number}");
    rayon::ThreadPoolBuilder::new().num_threads(plan.threads).thread_name(name).build()
}

/// Runs every replicate of a plan with `work` on the threads of `pool`, and passes each end to `sink` on the calling
/// thread, in the order of the replicates.
///
/// Once `stop` is set or `sink` fails, no further replicate starts. `work` should check `stop` too, and return `None` if it
/// stops early.
///
/// # Errors
///
/// Returns the first error of `sink`.
pub fn run<T: Send, E>(
    plan: &Plan,
    pool: &rayon::ThreadPool,
    stop: &AtomicBool,
    work: impl Fn(u32, Workers) -> Option<T> + Sync,
    mut sink: impl FnMut(u32, Ended<T>) -> Result<(), E>,
) -> Result<(), E> {
    let count = plan.replicate_count();
    let lanes = side_by_side(plan);
    let window = u64::from(lanes * WINDOW);
    let gate = Gate { open_until: Mutex::new(window), moved: Condvar::new() };
    let next = AtomicU32::new(0);
    // Wait until every lane has a thread of its own: a thread that waits inside one lane could otherwise pick up another
    // lane, run it on top of the first and deadlock.
    let all_begun = Barrier::new(lanes as usize);
    let (sender, receiver) = mpsc::channel();
    let lane = |sender: mpsc::Sender<(u32, Ended<T>)>| {
        all_begun.wait();
        loop {
            let position = next.fetch_add(1, Ordering::Relaxed);
            if position >= count {
                return;
            }
            gate.pass(position);
            let ended = if stop.load(Ordering::Relaxed) {
                Ended::NotStarted
            } else {
                // In the last round some threads are idle, or soon will be, and can share the work of a replicate.
                let full_round = lanes as usize == plan.threads && position < count - count % lanes;
                let workers = if full_round { Workers::One } else { Workers::Pool };
                one(plan.replicates.start() + position, workers, &work)
            };
            if sender.send((position, ended)).is_err() {
                return;
            }
        }
    };
    let mut result = Ok(());
    pool.in_place_scope(|scope| {
        for _ in 0..lanes {
            let sender = sender.clone();
            let lane = &lane;
            scope.spawn(move |_| lane(sender));
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (position, ended) in receiver {
            early.insert(position, ended);
            while let Some(ended) = early.remove(&due) {
                if result.is_ok() {
                    result = sink(plan.replicates.start() + due, ended);
                    if result.is_err() {
                        stop.store(true, Ordering::Relaxed);
                    }
                }
                due += 1;
                gate.open(u64::from(due) + window);
            }
        }
    });
    result
}

/// Returns the number of replicates of a plan that run at the same time.
pub fn side_by_side(plan: &Plan) -> u32 {
    let most = plan.threads.min(plan.side_by_side).max(1);
    u32::try_from(most).unwrap_or(u32::MAX).min(plan.replicate_count()).max(1)
}

fn one<T>(replicate: u32, workers: Workers, work: &(impl Fn(u32, Workers) -> Option<T> + Sync)) -> Ended<T> {
    // A bug that shows in one replicate must not lose the others. The panic hook has already reported it on stderr.
    match catch_unwind(AssertUnwindSafe(|| work(replicate, workers))) {
        Ok(Some(value)) => Ended::Finished(value),
        Ok(None) => Ended::Interrupted,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Ended::Failed(text.unwrap_or("the program failed without saying why").to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::plan::tests::small;
    use std::convert::Infallible;
    use std::time::Duration;

    fn run_small<T: Send, E>(
        plan: &Plan,
        stop: &AtomicBool,
        work: impl Fn(u32, Workers) -> Option<T> + Sync,
        sink: impl FnMut(u32, Ended<T>) -> Result<(), E>,
    ) -> Result<(), E> {
        run(plan, &pool(plan).unwrap(), stop, work, sink)
    }

    fn all(
        count: u32,
        threads: usize,
        work: impl Fn(u32, Workers) -> Option<u32> + Sync,
    ) -> Vec<(u32, Ended<u32>)> {
        let mut got = Vec::new();
        let stop = AtomicBool::new(false);
        run_small(&small(count, threads), &stop, work, |replicate, ended| {
            got.push((replicate, ended));
            Ok::<(), Infallible>(())
        })
        .unwrap();
        got
    }

    #[test]
    fn results_come_in_order_whichever_finishes_first() {
        for threads in [1, 2, 3, 8] {
            for count in [1, 2, 7, 20] {
                let got = all(count, threads, |replicate, _| {
                    std::thread::sleep(Duration::from_millis(u64::from(replicate * 7919 % 5)));
                    Some(replicate * 10)
                });
                let expected: Vec<_> =
                    (1..=count).map(|replicate| (replicate, Ended::Finished(replicate * 10))).collect();
                assert_eq!(got, expected);
            }
        }
    }

    #[test]
    fn a_slow_first_replicate_holds_the_others_back() {
        let (begun, delivered, most) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
        let stop = AtomicBool::new(false);
        let work = |replicate, _| {
            let ahead = begun.fetch_add(1, Ordering::SeqCst) + 1 - delivered.load(Ordering::SeqCst);
            most.fetch_max(ahead, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(if replicate == 1 { 100 } else { 0 }));
            Some(())
        };
        run_small(&small(200, 4), &stop, work, |_, _| {
            delivered.fetch_add(1, Ordering::SeqCst);
            Ok::<(), Infallible>(())
        })
        .unwrap();
        assert_eq!(begun.into_inner(), 200);
        // The counter is read shortly before or after the gate opens, so it may be off by one.
        let most = most.into_inner();
        assert!(most <= 4 * WINDOW + 1, "{most} replicates in memory at once");
    }

    #[test]
    fn the_last_replicates_share_the_threads() {
        let workers = |count, threads| {
            let seen = Mutex::new(BTreeMap::new());
            all(count, threads, |replicate, workers| {
                seen.lock().unwrap().insert(replicate, workers);
                Some(replicate)
            });
            seen.into_inner().unwrap().into_values().collect::<Vec<_>>()
        };
        assert_eq!(workers(4, 2), [Workers::One; 4]);
        assert_eq!(workers(3, 2), [Workers::One, Workers::One, Workers::Pool]);
        assert_eq!(workers(3, 8), [Workers::Pool; 3]);
        assert_eq!(workers(1, 1), [Workers::One]);
    }

    #[test]
    fn work_inside_the_pool_never_waits_for_itself() {
        use rayon::prelude::*;
        let got = all(40, 3, |replicate, _| {
            let sum: u64 = (0..20_000u64).into_par_iter().map(|n| n % 7).sum();
            assert_eq!(sum, (0..20_000u64).map(|n| n % 7).sum::<u64>());
            Some(replicate)
        });
        assert_eq!(got.len(), 40);
        let mut plan = small(40, 3);
        plan.side_by_side = 2;
        let mut count = 0;
        let stop = AtomicBool::new(false);
        let work = |_, workers| {
            assert_eq!(workers, Workers::Pool);
            Some((0..20_000u64).into_par_iter().map(|n| n % 7).sum::<u64>())
        };
        run_small(&plan, &stop, work, |_, _| {
            count += 1;
            Ok::<(), Infallible>(())
        })
        .unwrap();
        assert_eq!(count, 40);
    }

    #[test]
    fn a_failure_leaves_the_other_replicates_alone() {
        let got = all(5, 2, |replicate, _| {
            assert!(replicate != 3, "month 1937-08 went wrong");
            Some(replicate)
        });
        assert_eq!(got[2], (3, Ended::Failed("month 1937-08 went wrong".into())));
        assert_eq!(got.iter().filter(|(_, ended)| matches!(ended, Ended::Finished(_))).count(), 4);
    }

    #[test]
    fn no_replicate_starts_after_a_stop() {
        let stop = AtomicBool::new(false);
        let work = |replicate, _| {
            if replicate == 3 {
                stop.store(true, Ordering::Relaxed);
                return None;
            }
            Some(replicate)
        };
        let mut got = Vec::new();
        run_small(&small(6, 1), &stop, work, |_, ended| {
            got.push(ended);
            Ok::<(), Infallible>(())
        })
        .unwrap();
        use Ended::{Finished, Interrupted, NotStarted};
        assert_eq!(got, [Finished(1), Finished(2), Interrupted, NotStarted, NotStarted, NotStarted]);
    }

    #[test]
    fn a_sink_that_fails_ends_the_batch() {
        let stop = AtomicBool::new(false);
        let begun = AtomicU32::new(0);
        let work = |replicate, _| {
            begun.fetch_add(1, Ordering::Relaxed);
            Some(replicate)
        };
        let result = run_small(&small(1000, 2), &stop, work, |_, _| Err("disk full"));
        assert_eq!(result, Err("disk full"));
        assert!(begun.into_inner() < 20);
    }
}
