//! Defines the options that the verbs that run scenarios share, and makes the plan of a run from them.

use super::faults::load_or_print_faults;
use super::progress::When;
use super::quantity::Bytes;
use crate::engine::calendar::Month;
use crate::experiment::machine;
use crate::experiment::plan::Plan;
use crate::experiment::stored::StoredResult;
use crate::experiment::study::Study;
use crate::experiment::tables::Table;
use crate::output::folder::{hexadecimal, recover};
use crate::output::plan::PlanFile;
use crate::output::reading::ResultFolder;
use crate::scenario::{Scenario, Size};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options shared by the verbs that run scenarios.
#[derive(Debug, clap::Args)]
pub(super) struct RunOptions {
    /// Seed of the random numbers [default: 1]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = seed)]
    pub(super) seed: Option<u64>,

    /// Number of people in January 1928, or `one-to-one` for the whole industry; enterprises keep their mean size
    #[arg(long, value_name = "N|one-to-one", allow_negative_numbers = true)]
    pub(super) population: Option<Size>,

    /// Number of threads (does not affect results) [default: as many as the process may use]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,

    /// Change a key of the scenario, such as `levers.union=0.6` (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,

    /// Name of the altered scenario in tables and reports [default: its name with the changes of --set and
    /// --population]
    #[arg(long, value_name = "TEXT")]
    pub(super) label: Option<String>,

    /// Last month of the run [default: 1941-06]
    #[arg(long, value_name = "YYYY-MM")]
    pub(super) until: Option<Month>,

    /// Replace an existing result; files that kadry did not write are kept
    #[arg(long)]
    pub(super) force: bool,

    /// Add to the result in the folder, and run only what is missing
    #[arg(long, conflicts_with = "force")]
    pub(super) extend: bool,

    /// Take finished runs that are the same from another result folder (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(super) reuse: Vec<PathBuf>,

    /// Write the plan into the folder and run nothing: `kadry work DIR` computes it, on any number of machines
    #[arg(long, conflicts_with_all = ["json", "dry_run"])]
    pub(super) plan_only: bool,

    /// Memory limit, such as 8GiB; if needed, fewer replicates run at the same time, or the run is refused
    #[arg(long, value_name = "SIZE")]
    pub(super) memory_limit: Option<Bytes>,

    /// Estimate memory, disk and time, then exit
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Exit code after SIGTERM, for schedulers [default: 130]
    #[arg(long, value_name = "CODE", value_parser = clap::value_parser!(u8).range(1..))]
    pub(super) on_term: Option<u8>,

    /// When to show progress on stderr
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    progress: When,

    /// Print only the seed and the folder
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Print more details on stderr
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// The tightest memory limit in bytes, and what sets it, in words; `None` if no limit is known.
pub(super) fn memory_limit(asked: Option<Bytes>) -> Option<(u64, &'static str)> {
    let asked = asked.map(|Bytes(limit)| (limit, "--memory-limit allows"));
    let machine = machine::memory_available().map(|limit| (limit, "this machine has free"));
    let process = machine::process_room().map(|limit| (limit, "the limit of the process (ulimit -v) leaves"));
    asked.into_iter().chain(machine).chain(process).min_by_key(|(limit, _)| *limit)
}

/// The number of threads asked for, or as many as the process may use. Work outside the runs uses no more, either.
pub(super) fn use_threads(asked: Option<u16>) -> usize {
    let threads = threads(asked);
    // It fails if the pool exists already, which then has as many threads.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    threads
}

/// The number of threads asked for, or as many as the process may use.
pub(super) fn threads(asked: Option<u16>) -> usize {
    asked.map_or_else(
        || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
        usize::from,
    )
}

pub(super) fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("write a whole number from 0 to {}", u64::MAX))
}

impl RunOptions {
    /// Loads a scenario and alters it as the options ask. If it has faults, prints them and returns the exit code.
    pub(super) fn load(&self, name_or_path: impl AsRef<OsStr>) -> Result<Scenario, ExitCode> {
        load_or_print_faults(name_or_path, &self.set, self.population, self.label.as_deref())
    }

    /// Plans runs of a scenario with one replicate per thread at a time; [`Study::fit`] reduces that to the memory there is.
    pub(super) fn plan(
        &self,
        scenario: &Scenario,
        replicates: RangeInclusive<u32>,
        tables: Vec<&'static dyn Table>,
    ) -> Plan {
        let threads = self.threads();
        Plan {
            seed: self.seed(),
            replicates,
            last: self.until(),
            tables,
            threads,
            side_by_side: threads,
            ..Plan::of(scenario)
        }
    }

    /// The seed.
    pub(super) fn seed(&self) -> u64 {
        self.seed.unwrap_or(1)
    }

    /// The last month.
    pub(super) fn until(&self) -> Month {
        self.until.unwrap_or(Month::LAST)
    }

    /// The number of threads.
    pub(super) fn threads(&self) -> usize {
        use_threads(self.threads)
    }

    /// The tightest memory limit in bytes, and what sets it, in words; `None` if no limit is known.
    pub(super) fn memory_limit(&self) -> Option<(u64, &'static str)> {
        memory_limit(self.memory_limit)
    }

    /// The digest of the result in `folder` if `--extend` asks to add to it.
    ///
    /// # Errors
    ///
    /// If there is no finished result, or the study lacks a part of it.
    pub(super) fn extends(
        &self,
        folder: &Path,
        study: &Study,
        plan: &PlanFile,
    ) -> anyhow::Result<Option<String>> {
        if !self.extend {
            return Ok(None);
        }
        if !folder.exists() {
            anyhow::bail!(
                "there is no result {} to extend: leave out --extend, or give its folder with --out DIR",
                folder.display()
            );
        }
        if !self.dry_run {
            recover(folder)?;
        }
        let result = ResultFolder::open(folder)?;
        let digest = result.manifest.digest.clone();
        result.manifest.files.keys().try_for_each(|file| result.verify(file))?;
        let mut lost = result.manifest.plan.lost_in(&plan.mark);
        if lost.is_empty() && !study.keys.is_empty() {
            let ours: BTreeSet<&str> = study.marks.iter().map(|mark| mark.substance.as_str()).collect();
            let theirs = StoredResult::open(result)?.variants;
            let points = theirs.iter().filter(|point| !ours.contains(hexadecimal(&point.substance).as_str()));
            lost.extend(points.map(|point| format!("the point {}", point.scenario.called())));
        }
        if !lost.is_empty() {
            let more = if lost.len() > 3 { format!(", and {} more", lost.len() - 3) } else { String::new() };
            lost.truncate(3);
            anyhow::bail!(
                "{} cannot be extended, because this would be lost: {}{more}; ask for it, too, or give another --out DIR",
                folder.display(),
                lost.join(", ")
            );
        }
        Ok(Some(digest))
    }

    /// Passes each option that alters the scenario or its months, if it is given, to `option`: for the command line on a page.
    pub(super) fn each_alteration(&self, mut option: impl FnMut(&str, String)) {
        self.population.iter().for_each(|population| option("population", population.to_string()));
        self.set.iter().for_each(|setting| option("set", setting.clone()));
        self.label.iter().for_each(|label| option("label", label.clone()));
        if self.until() != Month::LAST {
            option("until", self.until().to_string());
        }
    }

    /// When to show progress; `--quiet` overrides `--progress`.
    pub(super) fn when(&self) -> When {
        if self.quiet { When::Never } else { self.progress }
    }

    /// Returns the options in force, for the manifest.
    pub(super) fn options(&self, threads: usize) -> BTreeMap<String, Value> {
        let population = match self.population {
            Some(Size::People(size)) => json!(size),
            Some(Size::OneToOne) => json!("one-to-one"),
            None => Value::Null,
        };
        [
            ("seed", json!(self.seed())),
            ("population", population),
            ("threads", json!(threads)),
            ("set", json!(self.set)),
            ("label", json!(self.label)),
            ("until", json!(self.until().to_string())),
            ("force", json!(self.force)),
            ("memory_limit", json!(self.memory_limit.map(|limit| limit.0))),
            ("progress", json!(self.progress.word())),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}
