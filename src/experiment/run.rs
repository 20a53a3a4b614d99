//! A plan carried out: replicates run, rows written as they come, the folder put in place.
//!
//! Owns what `kadry run` does between reading its arguments and printing its summary.

use super::batch::{self, Ended, Observer};
use super::machine;
use super::plan::Plan;
use super::replicate::{self, Outcome};
use super::summary::{self, Summary};
use super::tables::layouts;
use crate::engine::calendar::Month;
use crate::engine::parallel::Workers;
use crate::model::profile::Profile;
use crate::output::dictionary;
use crate::output::folder::{Draft, FolderError, Stream};
use crate::output::manifest::{
    self, Cost, Manifest, Platform, Program, ReplicateStatus, ScenarioMark, Status,
};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// The generator of random numbers, by name.
pub const GENERATOR: &str = "ChaCha8, keyed by seed, replicate, month, identity and purpose";

/// Where results go, and what stands beside the tables.
#[derive(Debug)]
pub struct Destination<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Whether an older result there may be replaced.
    pub force: bool,
    /// The resolved scenario, for `scenario.toml`.
    pub scenario_toml: &'a str,
    /// Whether `summary.csv` is written.
    pub summary: bool,
    /// Options in force, for the manifest.
    pub options: BTreeMap<String, serde_json::Value>,
}

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    /// Where the results stand.
    pub folder: PathBuf,
    /// How each replicate ended.
    pub replicates: Vec<ReplicateStatus>,
    /// Moments over the finished replicates.
    pub summary: Summary,
    /// Sum over months and finished replicates of the people present.
    pub agent_months: u64,
    /// Time it took, in seconds.
    pub seconds: f64,
    /// Where the time went, summed over threads and replicates; nothing unless the plan asks for it.
    pub profile: Profile,
}

impl Report {
    /// Number of replicates that ended so.
    pub fn count(&self, status: Status) -> usize {
        self.replicates.iter().filter(|replicate| replicate.status == status).count()
    }
}

/// Why a run left nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder could not be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The system does not let the program have its threads.
    #[error("cannot start {threads} threads: {reason}; give a smaller --threads N")]
    Threads {
        /// So many were wanted.
        threads: usize,
        /// What the system said.
        reason: rayon::ThreadPoolBuildError,
    },
    /// No replicate came to its end.
    #[error(
        "no replicate came to its end; replicate {replicate}: {reason}; this is a fault of the program: please report it with the scenario and the seed"
    )]
    AllFailed {
        /// The first that failed.
        replicate: u32,
        /// Why.
        reason: String,
    },
}

/// Carries out a plan. When `stop` is set the run ends within a month of the model, and what was finished is kept in
/// a folder marked incomplete; likewise when some replicates fail.
///
/// # Errors
///
/// If the folder cannot be written or no replicate comes to its end; nothing is left then.
pub fn run(
    plan: &Plan,
    destination: Destination<'_>,
    observer: &dyn Observer,
    stop: &AtomicBool,
) -> Result<Report, RunError> {
    let work = |number, workers| {
        let mut months = 0;
        replicate::run(plan, number, workers, |people| {
            observer.month(number, months, people);
            months += 1;
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    };
    carry_out(plan, destination, observer, stop, work)
}

fn carry_out(
    plan: &Plan,
    destination: Destination<'_>,
    observer: &dyn Observer,
    stop: &AtomicBool,
    work: impl Fn(u32, Workers) -> Option<Outcome> + Sync,
) -> Result<Report, RunError> {
    let begin = Instant::now();
    let pool = batch::pool(plan).map_err(|reason| RunError::Threads { threads: plan.threads, reason })?;
    let mut draft = Draft::open(destination.folder, destination.force)?;
    draft.write("scenario.toml", destination.scenario_toml.as_bytes())?;
    draft.write(&dictionary::layout().file(), &dictionary::csv(&layouts()))?;
    let mut streams = open_streams(plan, &draft)?;

    let mut summary = Summary::new(plan);
    let mut replicates = Vec::new();
    let mut agent_months = 0;
    let mut profile = Profile::default();
    batch::run(plan, &pool, stop, work, |number, ended| {
        let (status, reason) = match ended {
            Ended::Finished(outcome) => {
                append(&mut streams, &outcome)?;
                summary.add(&outcome);
                agent_months += outcome.agent_months;
                profile.add(&outcome.profile);
                (Status::Finished, None)
            }
            Ended::Failed(reason) => (Status::Failed, Some(reason)),
            Ended::Interrupted => (Status::Interrupted, None),
            Ended::NotStarted => (Status::NotStarted, None),
        };
        replicates.push(ReplicateStatus { replicate: number, status, reason });
        observer.ended(&replicates[replicates.len() - 1]);
        Ok::<(), FolderError>(())
    })?;

    let all = |status| replicates.iter().all(|replicate: &ReplicateStatus| replicate.status == status);
    if all(Status::Failed)
        && let Some(first) = replicates.first()
    {
        let reason = first.reason.clone().unwrap_or_default();
        return Err(RunError::AllFailed { replicate: first.replicate, reason });
    }
    let complete = all(Status::Finished);
    for stream in streams {
        draft.close(stream)?;
    }
    if destination.summary {
        draft.write(&summary::layout().file(), &summary.to_csv(plan))?;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let manifest = Manifest {
        form: manifest::FORM,
        complete,
        program: Program::this(),
        scenario: ScenarioMark { name: plan.scenario.clone(), hash: plan.hash.clone() },
        seed: plan.seed,
        months: [Month::FIRST.to_string(), plan.last.to_string()],
        generator: GENERATOR.into(),
        replicates: replicates.clone(),
        files: draft.marks().clone(),
        options: destination.options,
        comparison: None,
        cost: Cost {
            wall_seconds: seconds,
            peak_memory_bytes: machine::peak_memory(),
            threads: plan.threads,
            side_by_side: batch::side_by_side(plan),
            agent_months,
            process_seconds: if plan.profile {
                profile.seconds().map(|(name, seconds)| (name.to_owned(), seconds)).collect()
            } else {
                BTreeMap::new()
            },
        },
        platform: Platform::this(),
    };
    let bytes = manifest.to_bytes();
    let folder = if complete { draft.finish(&bytes)? } else { draft.keep_incomplete(&bytes)? };
    Ok(Report { folder, replicates, summary, agent_months, seconds, profile })
}

fn open_streams(plan: &Plan, draft: &Draft) -> Result<Vec<Stream>, FolderError> {
    let open = |layout: crate::output::table::Layout| {
        let mut stream = draft.stream(&layout.file())?;
        stream.append(&layout.header())?;
        Ok(stream)
    };
    plan.tables.iter().map(|table| open(table.layout())).collect()
}

fn append(streams: &mut [Stream], outcome: &Outcome) -> Result<(), FolderError> {
    streams.iter_mut().zip(&outcome.tables).try_for_each(|(stream, rows)| stream.append(rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::batch::Unobserved;
    use crate::experiment::plan::tests::small;
    use std::fs;

    fn destination(folder: &Path) -> Destination<'_> {
        Destination {
            folder,
            force: false,
            scenario_toml: "name = \"small\"\n",
            summary: true,
            options: BTreeMap::new(),
        }
    }

    fn tables(folder: &Path) -> Vec<Vec<u8>> {
        ["series.csv", "phases.csv", "summary.csv", "columns.csv"]
            .map(|file| fs::read(folder.join(file)).unwrap())
            .to_vec()
    }

    #[test]
    fn threads_change_no_byte() {
        let home = tempfile::tempdir().unwrap();
        let mut of_one = None;
        for threads in [1, 2, 3, 8] {
            let folder = home.path().join(threads.to_string());
            let never = AtomicBool::new(false);
            let report = run(&small(20, threads), destination(&folder), &Unobserved, &never).unwrap();
            assert_eq!((report.folder.as_path(), report.count(Status::Finished)), (folder.as_path(), 20));
            let got = tables(&folder);
            assert_eq!(of_one.get_or_insert_with(|| got.clone()), &got, "{threads} threads");
        }
    }

    #[test]
    fn a_replicate_alone_gives_the_rows_it_gives_beside_others() {
        let home = tempfile::tempdir().unwrap();
        let never = AtomicBool::new(false);
        run(&small(20, 2), destination(&home.path().join("all")), &Unobserved, &never).unwrap();
        let mut plan = small(20, 2);
        plan.replicates = 7..=7;
        run(&plan, destination(&home.path().join("one")), &Unobserved, &never).unwrap();
        for file in ["series.csv", "phases.csv"] {
            let read = |folder: &str| fs::read_to_string(home.path().join(folder).join(file)).unwrap();
            let (all, one) = (read("all"), read("one"));
            let rows: Vec<&str> = all.lines().filter(|line| line.starts_with("small,7,")).collect();
            assert_eq!(one.lines().skip(1).collect::<Vec<_>>(), rows, "{file}");
        }
    }

    /// Asks for a stop once some replicate has ended.
    struct StopAfter<'a>(u32, &'a AtomicBool);

    impl Observer for StopAfter<'_> {
        fn month(&self, _replicate: u32, _month: usize, _people: u64) {}
        fn ended(&self, replicate: &ReplicateStatus) {
            if replicate.replicate == self.0 {
                self.1.store(true, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn a_run_that_is_stopped_keeps_what_was_finished() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("result");
        let stop = AtomicBool::new(false);
        let report = run(&small(500, 2), destination(&folder), &StopAfter(3, &stop), &stop).unwrap();
        assert_eq!(report.folder, home.path().join("result.incomplete"));
        assert!(!folder.exists());
        let manifest: Manifest =
            serde_json::from_slice(&fs::read(report.folder.join(manifest::FILE)).unwrap()).unwrap();
        assert!(!manifest.complete);
        assert_eq!(manifest.replicates.len(), 500);
        let finished = report.count(Status::Finished);
        assert!((3..500).contains(&finished));
        let series = fs::read_to_string(report.folder.join("series.csv")).unwrap();
        assert_eq!(series.lines().count(), 1 + finished * 72);
    }

    fn whole(plan: &Plan, replicate: u32) -> Option<Outcome> {
        replicate::run(plan, replicate, Workers::One, |_| ControlFlow::Continue(()))
    }

    #[test]
    fn when_some_replicates_fail_the_others_are_kept_and_marked() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("result");
        let (plan, never) = (small(5, 2), AtomicBool::new(false));
        let work = |replicate, _| {
            assert!(replicate != 2, "a fault of the model");
            whole(&plan, replicate)
        };
        let report = carry_out(&plan, destination(&folder), &Unobserved, &never, work).unwrap();
        assert_eq!(report.folder, home.path().join("result.incomplete"));
        assert_eq!((report.count(Status::Finished), report.count(Status::Failed)), (4, 1));
        assert_eq!(report.replicates[1].reason.as_deref(), Some("a fault of the model"));
        let series = fs::read_to_string(report.folder.join("series.csv")).unwrap();
        assert!(!series.contains("small,2,") && series.contains("small,5,"));
        let summary = fs::read_to_string(report.folder.join("summary.csv")).unwrap();
        assert!(summary.lines().nth(1).unwrap().split(',').nth(6) == Some("4"), "{summary}");
    }

    #[test]
    fn when_every_replicate_fails_nothing_is_left() {
        let home = tempfile::tempdir().unwrap();
        let never = AtomicBool::new(false);
        let work = |_, _| panic!("a fault of the model");
        let folder = home.path().join("result");
        let error = carry_out(&small(3, 2), destination(&folder), &Unobserved, &never, work).unwrap_err();
        assert!(error.to_string().contains("replicate 1: a fault of the model"), "{error}");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
