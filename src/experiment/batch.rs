//! Many replicates side by side, handed on in their order.
//!
//! Owns who runs when. While at least as many replicates are left as there are threads, each thread has a replicate
//! to itself; the last ones, and single large ones, share the threads. However they finish, results are handed on by
//! number, and a replicate starts only when few before it are unfinished, so that memory does not grow with their
//! number. What a replicate does is passed in; what becomes of its result, too.

use super::plan::Plan;
use crate::engine::parallel::Workers;
use crate::output::manifest::ReplicateStatus;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Barrier, Condvar, Mutex, mpsc};

/// How a replicate ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ended<T> {
    /// With a result.
    Finished(T),
    /// With an error, in words.
    Failed(String),
    /// Cut short because a stop was asked for.
    Interrupted,
    /// A stop was asked for before its turn came.
    NotStarted,
}

/// Who watches a batch. Called from many threads at once.
pub trait Observer: Sync {
    /// Replicate `replicate` has lived through its month number `month` (from 0), with so many people.
    fn month(&self, replicate: u32, month: usize, people: u64);

    /// A replicate has ended, well or not. Called in the order of the replicates.
    fn ended(&self, replicate: &ReplicateStatus);

    /// So many runs of each scenario will be computed next.
    fn round(&self, _runs: &[u32]) {}

    /// The runs of a scenario, by position, begin.
    fn scenario(&self, _position: usize) {}
}

/// Nobody watches.
pub struct Unobserved;

impl Observer for Unobserved {
    fn month(&self, _replicate: u32, _month: usize, _people: u64) {}
    fn ended(&self, _replicate: &ReplicateStatus) {}
}

/// How many replicates may be under way or wait to be handed on, per replicate that runs.
const WINDOW: u32 = 2;

/// Holds back replicates that are too far ahead of the last one handed on.
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

/// The threads of a plan.
///
/// # Errors
///
/// If the system does not let the program have so many.
pub fn pool(plan: &Plan) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    let name = |number| format!("replicates-{number}");
    rayon::ThreadPoolBuilder::new().num_threads(plan.threads).thread_name(name).build()
}

/// Runs every replicate of a plan by `work` and hands the ends to `sink` in the order of their numbers, on the calling
/// thread. `pool` has the threads of the plan. When `stop` is set, or `sink` fails, no replicate is begun any more; `work` is expected to ask `stop` too
/// and to give nothing when it has been cut short.
///
/// # Errors
///
/// The first error of `sink`.
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
    // A lane that began while another had not would run on top of it, on one thread, and could wait for it for ever.
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
                // In the last round some threads are idle, or soon will be: they may lend a hand.
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

/// How many replicates of a plan run side by side.
pub fn side_by_side(plan: &Plan) -> u32 {
    let most = plan.threads.min(plan.side_by_side).max(1);
    u32::try_from(most).unwrap_or(u32::MAX).min(plan.replicate_count()).max(1)
}

fn one<T>(replicate: u32, workers: Workers, work: &(impl Fn(u32, Workers) -> Option<T> + Sync)) -> Ended<T> {
    // A fault of the program in one replicate must not cost the others; the panic itself has been reported on stderr.
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
    fn results_come_in_order_whatever_finishes_first() {
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
        let (begun, handed_on, most) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
        let stop = AtomicBool::new(false);
        let work = |replicate, _| {
            let ahead = begun.fetch_add(1, Ordering::SeqCst) + 1 - handed_on.load(Ordering::SeqCst);
            most.fetch_max(ahead, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(if replicate == 1 { 100 } else { 0 }));
            Some(())
        };
        run_small(&small(200, 4), &stop, work, |_, _| {
            handed_on.fetch_add(1, Ordering::SeqCst);
            Ok::<(), Infallible>(())
        })
        .unwrap();
        assert_eq!(begun.into_inner(), 200);
        // The count of those handed on is read a moment before or after the gate opens: one either way.
        let most = most.into_inner();
        assert!(most <= 4 * WINDOW + 1, "{most} replicates in memory at once");
    }

    #[test]
    fn threads_go_to_replicates_first_and_then_into_them() {
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
    fn one_that_fails_costs_no_other() {
        let got = all(5, 2, |replicate, _| {
            assert!(replicate != 3, "month 1937-08 went wrong");
            Some(replicate)
        });
        assert_eq!(got[2], (3, Ended::Failed("month 1937-08 went wrong".into())));
        assert_eq!(got.iter().filter(|(_, ended)| matches!(ended, Ended::Finished(_))).count(), 4);
    }

    #[test]
    fn after_a_stop_nothing_is_begun() {
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
