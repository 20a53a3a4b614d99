//! Computes batches of runs on the threads of this process and stores each finished batch as a part.
//!
//! The threads take the runs of all variants together, in the order of the batches. Each thread computes one run while at
//! least as many runs are left as there are threads; the last runs, and single large ones, share the threads. Memory is
//! bounded, because runs are taken in order: no more batches are incomplete than runs are in progress.

use super::address::Address;
use super::part;
use super::{RunId, Study};
use crate::engine::parallel::Workers;
use crate::experiment::plan::Plan;
use crate::experiment::replicate::RunOutput;
use crate::model::simulation::Profile;
use crate::output::folder::{FolderError, Parts};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, MutexGuard};

/// Receives the progress of runs, from several threads at once.
pub trait Observer: Sync {
    /// More work is expected: this many months, with this weight in all.
    fn expect(&self, _months: u64, _weight: u64) {}

    /// A run has simulated a month that began with `people` people; `weight` is its part of the expected weight.
    fn month(&self, _weight: u64, _people: u64) {}

    /// A run of the scenario with this label has ended.
    fn ended(&self, _scenario: &str, _replicate: u32, _end: &End) {}
}

/// An [`Observer`] that ignores everything.
pub struct Unobserved;

impl Observer for Unobserved {}

/// The end of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It has a result.
    Finished,
    /// It panicked, with this message.
    Failed(String),
    /// It was stopped.
    Interrupted,
}

/// What to compute, and with what.
pub struct Job<'a> {
    /// The study.
    pub study: &'a Study,
    /// Where finished batches are stored.
    pub parts: &'a Parts,
    /// Names of parts that are known, and do not hold the runs of the batches whatever their names.
    pub known: &'a [String],
    /// The threads.
    pub pool: &'a rayon::ThreadPool,
    /// Receives the progress.
    pub observer: &'a dyn Observer,
    /// When set, the work stops.
    pub stop: &'a AtomicBool,
}

/// A stored part: its name and its runs with their agent-months.
pub type StoredBatch = (String, Vec<(Address, u64)>);

/// What became of the batches.
#[derive(Debug, Default)]
pub struct Executed {
    /// The parts that were stored.
    pub stored: Vec<StoredBatch>,
    /// Runs that failed or were interrupted.
    pub unfinished: BTreeMap<RunId, End>,
    /// Whether another process stored one of the batches meanwhile.
    pub elsewhere: bool,
    /// Number of finished runs.
    pub finished: u64,
    /// Sum over months and finished runs of the people present.
    pub agent_months: u64,
    /// Time by process of the month; empty unless the plan asks for it.
    pub profile: Profile,
}

/// A batch that is being computed.
#[derive(Default)]
struct Open {
    begun: bool,
    elsewhere: bool,
    ended: usize,
    outputs: BTreeMap<usize, RunOutput>,
}

/// Creates the thread pool of a plan.
///
/// # Errors
///
/// If the system refuses to start that many threads.
pub fn pool(plan: &Plan) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    let name = |number| format!("runs-{number}");
    rayon::ThreadPoolBuilder::new().num_threads(plan.threads).thread_name(name).build()
}

/// Number of runs that are computed at the same time.
pub fn side_by_side(plan: &Plan, runs: u64) -> u32 {
    let most = u32::try_from(plan.threads.min(plan.side_by_side)).unwrap_or(u32::MAX);
    most.min(u32::try_from(runs).unwrap_or(u32::MAX)).max(1)
}

/// Calls `work` with the numbers from 0 to `lanes` (excluded) at the same time, each on a thread of the pool.
///
/// `work` must not panic.
pub fn in_lanes(pool: &rayon::ThreadPool, lanes: usize, work: impl Fn(usize) + Sync) {
    // Wait until every lane has a thread of its own: a thread that waits inside one lane could otherwise pick up another
    // lane and run it on top of the first.
    let all_begun = Barrier::new(lanes);
    let (all_begun, work) = (&all_begun, &work);
    pool.in_place_scope(|scope| {
        for lane in 0..lanes {
            scope.spawn(move |_| {
                all_begun.wait();
                work(lane);
            });
        }
    });
}

/// Computes batches with `simulate`, which returns `None` if it is stopped.
///
/// A run that panics is reported in [`Executed::unfinished`] and harms no other. Finished runs of an incomplete batch are
/// stored, too.
///
/// # Errors
///
/// If a part cannot be stored; earlier parts stay, and `stop` is set.
pub fn execute(
    job: &Job<'_>,
    batches: &[Vec<RunId>],
    simulate: &(impl Fn(&Plan, RunId, Workers) -> Option<RunOutput> + Sync),
) -> Result<Executed, FolderError> {
    let executor = Executor {
        job,
        batches,
        tables: job.study.recorded(),
        tasks: batches
            .iter()
            .enumerate()
            .flat_map(|(batch, runs)| (0..runs.len()).map(move |position| (batch, position)))
            .collect(),
        next: AtomicUsize::new(0),
        open: batches.iter().map(|_| Mutex::default()).collect(),
        done: Mutex::default(),
    };
    let lanes = side_by_side(&job.study.base, executor.tasks.len() as u64) as usize;
    in_lanes(job.pool, lanes, |_| executor.lane(lanes, simulate));
    for batch in 0..batches.len() {
        let outputs = std::mem::take(&mut lock(&executor.open[batch]).outputs);
        executor.store(batch, outputs);
    }
    let Done { executed, error } = executor.done.into_inner().expect("no lane panics with the lock");
    error.map_or(Ok(executed), Err)
}

struct Executor<'a> {
    job: &'a Job<'a>,
    batches: &'a [Vec<RunId>],
    tables: Vec<String>,
    /// Batch, and position in it, of each run.
    tasks: Vec<(usize, usize)>,
    next: AtomicUsize,
    open: Vec<Mutex<Open>>,
    done: Mutex<Done>,
}

/// What became of the batches so far, and the first error.
#[derive(Default)]
struct Done {
    executed: Executed,
    error: Option<FolderError>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no lane panics with the lock")
}

impl Executor<'_> {
    /// Takes runs until none are left or the work stops.
    fn lane(&self, lanes: usize, simulate: &(impl Fn(&Plan, RunId, Workers) -> Option<RunOutput> + Sync)) {
        let count = self.tasks.len();
        let mut last: Option<(usize, Arc<Plan>)> = None;
        loop {
            let position = self.next.fetch_add(1, Ordering::Relaxed);
            if position >= count || self.job.stop.load(Ordering::Relaxed) {
                return;
            }
            let (batch, place) = self.tasks[position];
            if self.is_elsewhere(batch) {
                continue;
            }
            let run = self.batches[batch][place];
            let plan = match last.take() {
                Some((variant, plan)) if variant == run.variant => plan,
                _ => self.job.study.plan(run.variant),
            };
            // In the last round some threads are idle, or soon will be, and can share the work of a run.
            let full_round = lanes == self.job.study.base.threads && position < count - count % lanes;
            let workers = if full_round { Workers::One } else { Workers::Pool };
            // A bug that shows in one run must not lose the others. The panic hook has already reported it on stderr.
            let ended = catch_unwind(AssertUnwindSafe(|| simulate(&plan, run, workers)));
            self.end(batch, place, &plan, ended);
            last = Some((run.variant, plan));
        }
    }

    /// Whether another process has stored the batch. Asked once, before its first run.
    fn is_elsewhere(&self, batch: usize) -> bool {
        let mut open = lock(&self.open[batch]);
        if !open.begun {
            open.begun = true;
            let runs = self.batches[batch].iter().map(|run| self.job.study.address(*run));
            let name = part::name(&self.tables, runs);
            open.elsewhere = !self.job.known.contains(&name) && self.job.parts.contains(&name);
            if open.elsewhere {
                lock(&self.done).executed.elsewhere = true;
            }
        }
        open.elsewhere
    }

    fn end(&self, batch: usize, place: usize, plan: &Plan, ended: std::thread::Result<Option<RunOutput>>) {
        let run = self.batches[batch][place];
        let (output, end) = match ended {
            Ok(Some(output)) => (Some(output), End::Finished),
            Ok(None) => (None, End::Interrupted),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
                (None, End::Failed(text.unwrap_or("the program failed without saying why").to_owned()))
            }
        };
        self.job.observer.ended(&plan.scenario, run.replicate, &end);
        if end != End::Finished {
            lock(&self.done).executed.unfinished.insert(run, end);
        }
        let mut open = lock(&self.open[batch]);
        open.ended += 1;
        if let Some(output) = output {
            open.outputs.insert(place, output);
        }
        if open.ended == self.batches[batch].len() {
            let outputs = std::mem::take(&mut open.outputs);
            drop(open);
            self.store(batch, outputs);
        }
    }

    /// Stores the finished runs of a batch.
    fn store(&self, batch: usize, outputs: BTreeMap<usize, RunOutput>) {
        if outputs.is_empty() || lock(&self.done).error.is_some() {
            return;
        }
        let mut agent_months = 0;
        let mut profile = Profile::default();
        let runs: Vec<(Address, RunOutput)> = outputs
            .into_iter()
            .map(|(place, output)| {
                agent_months += output.agent_months;
                profile.add(&output.profile);
                (self.job.study.address(self.batches[batch][place]), output)
            })
            .collect();
        let heads: Vec<(Address, u64)> =
            runs.iter().map(|(address, output)| (*address, output.agent_months)).collect();
        let name = part::name(&self.tables, heads.iter().map(|(address, _)| *address));
        let result = self.job.parts.store(&name, &part::encode(&self.tables, &runs));
        let mut done = lock(&self.done);
        match result {
            Ok(()) => {
                done.executed.finished += heads.len() as u64;
                done.executed.agent_months += agent_months;
                done.executed.profile.add(&profile);
                done.executed.stored.push((name, heads));
            }
            Err(error) => {
                done.error.get_or_insert(error);
                self.job.stop.store(true, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::plan::tests::small;
    use crate::experiment::study::part::Part;
    use crate::experiment::study::session::StudyVerb;
    use crate::output::folder::{Opened, Request, Workspace, open};
    use std::sync::atomic::AtomicU32;
    use std::time::Duration;

    /// A study of replicates, with its folder.
    struct Case {
        _home: tempfile::TempDir,
        workspace: Workspace,
        study: Study,
        stop: AtomicBool,
    }

    impl Case {
        fn new(replicates: u32, threads: usize) -> Case {
            let home = tempfile::tempdir().unwrap();
            let run = crate::experiment::run::Run::new(small(replicates, threads), String::new(), true);
            let plan = run.plan_file(BTreeMap::new()).sealed();
            let folder = home.path().join("result");
            let request = Request { folder: &folder, plan: &plan, replace: false, extends: None };
            let Ok(Opened::Work(workspace)) = open(&request) else { panic!("a new folder") };
            Case { _home: home, workspace, study: run.study, stop: AtomicBool::new(false) }
        }

        /// Batches of `size` runs.
        fn batches(&self, size: usize) -> Vec<Vec<RunId>> {
            self.study.runs().collect::<Vec<_>>().chunks(size).map(<[RunId]>::to_vec).collect()
        }

        fn execute(
            &self,
            size: usize,
            simulate: impl Fn(&Plan, RunId, Workers) -> Option<RunOutput> + Sync,
        ) -> Executed {
            let (pool, parts) = (pool(&self.study.base).unwrap(), self.workspace.parts().unwrap());
            let job = Job {
                study: &self.study,
                parts: &parts,
                known: &[],
                pool: &pool,
                observer: &Unobserved,
                stop: &self.stop,
            };
            execute(&job, &self.batches(size), &simulate).unwrap()
        }
    }

    /// An output that names its replicate.
    fn output(run: RunId) -> Option<RunOutput> {
        let rows = format!("{}\n", run.replicate).into_bytes();
        Some(RunOutput {
            tables: vec![rows; small(1, 1).tables.len()],
            agent_months: 10,
            ..RunOutput::default()
        })
    }

    #[test]
    fn every_run_is_stored_once_in_its_batch() {
        for (threads, count, size) in [(1, 1, 1), (2, 7, 3), (3, 20, 4), (8, 40, 7)] {
            let case = Case::new(count, threads);
            let executed = case.execute(size, |_, run, _| {
                std::thread::sleep(Duration::from_millis(u64::from(run.replicate * 7919 % 5)));
                output(run)
            });
            assert_eq!((executed.finished, executed.agent_months), (u64::from(count), 10 * u64::from(count)));
            assert_eq!(executed.stored.len(), (count as usize).div_ceil(size));
            let parts = case.workspace.parts().unwrap();
            let mut seen = Vec::new();
            for name in parts.names().unwrap() {
                let part = Part::decode(&parts.read(&name).unwrap().unwrap()).unwrap();
                seen.extend(
                    (0..part.runs.len())
                        .map(|run| String::from_utf8_lossy(part.rows(run, 3)).trim().parse::<u32>().unwrap()),
                );
            }
            seen.sort_unstable();
            assert!(seen.into_iter().eq(1..=count));
        }
    }

    #[test]
    fn the_last_runs_share_the_threads() {
        let workers = |count, threads| {
            let case = Case::new(count, threads);
            let seen = Mutex::new(BTreeMap::new());
            case.execute(2, |_, run, workers| {
                seen.lock().unwrap().insert(run, workers);
                output(run)
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
        let case = Case::new(40, 3);
        let sum = || (0..20_000u64).into_par_iter().map(|n| n % 7).sum::<u64>();
        let executed = case.execute(3, |_, run, _| {
            assert_eq!(sum(), (0..20_000u64).map(|n| n % 7).sum::<u64>());
            output(run)
        });
        assert_eq!(executed.finished, 40);
    }

    #[test]
    fn a_failure_leaves_the_other_runs_of_its_batch_alone() {
        let case = Case::new(5, 2);
        let executed = case.execute(5, |_, run, _| {
            assert!(run.replicate != 3, "month 1937-08 went wrong");
            output(run)
        });
        let failed = RunId { variant: 0, replicate: 3 };
        assert_eq!(executed.unfinished, [(failed, End::Failed("month 1937-08 went wrong".into()))].into());
        assert_eq!((executed.finished, executed.stored.len()), (4, 1));
    }

    #[test]
    fn a_stop_keeps_the_finished_runs_of_an_incomplete_batch() {
        let case = Case::new(6, 1);
        let executed = case.execute(6, |_, run, _| {
            if run.replicate == 3 {
                case.stop.store(true, Ordering::Relaxed);
                return None;
            }
            output(run)
        });
        let interrupted = RunId { variant: 0, replicate: 3 };
        assert_eq!(executed.unfinished, [(interrupted, End::Interrupted)].into());
        assert_eq!(executed.finished, 2);
    }

    #[test]
    fn a_batch_that_another_process_has_stored_is_not_computed() {
        let case = Case::new(6, 2);
        case.execute(3, |_, run, _| output(run));
        let computed = AtomicU32::new(0);
        let again = case.execute(3, |_, run, _| {
            computed.fetch_add(1, Ordering::Relaxed);
            output(run)
        });
        assert!(again.elsewhere && again.finished == 0 && computed.into_inner() == 0);
    }

    #[test]
    fn a_part_that_cannot_be_stored_ends_the_work() {
        let case = Case::new(1_000, 2);
        let (pool, parts) = (pool(&case.study.base).unwrap(), case.workspace.parts().unwrap());
        std::fs::remove_dir_all(case.workspace.shown()).unwrap();
        let job = Job {
            study: &case.study,
            parts: &parts,
            known: &[],
            pool: &pool,
            observer: &Unobserved,
            stop: &case.stop,
        };
        let begun = AtomicU32::new(0);
        let result = execute(&job, &case.batches(1), &|_: &Plan, run, _| {
            begun.fetch_add(1, Ordering::Relaxed);
            output(run)
        });
        assert!(matches!(result, Err(FolderError::Removed(_))));
        assert!(begun.into_inner() < 20);
    }
}
