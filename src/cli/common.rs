//! The options that every verb shares that runs scenarios.
//!
//! Owns them, the plan that they make of a scenario, and the refusal of runs for which there is no memory.

use super::faults::load_or_report;
use super::progress::When;
use super::quantity::{Bytes, bytes, count, span};
use super::stderr::complain;
use crate::engine::calendar::Month;
use crate::experiment::foresight::speed::Speed;
use crate::experiment::foresight::{self, Foresight};
use crate::experiment::machine;
use crate::experiment::plan::Plan;
use crate::experiment::tables::Table;
use crate::output::folder::Standing;
use crate::output::place::seal_of;
use crate::output::reading::ResultFolder;
use crate::scenario::{Scenario, Size};
use anyhow::bail;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::ExitCode;

/// Options of every verb that runs scenarios.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Seed of the random numbers
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = seed)]
    pub(super) seed: u64,

    /// Number of people in January 1928, or `one-to-one` for the whole industry; enterprises keep their mean size
    #[arg(long, value_name = "N|one-to-one", allow_negative_numbers = true)]
    pub(super) population: Option<Size>,

    /// Number of threads (does not affect results) [default: as many as the process may use]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,

    /// Change a key of the scenario, such as `levers.union=0.6` (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,

    /// Name of the altered scenario in tables and reports [default: its name and what --set and --population change]
    #[arg(long, value_name = "TEXT")]
    pub(super) label: Option<String>,

    /// Last month of the run
    #[arg(long, value_name = "YYYY-MM", default_value_t = Month::LAST)]
    pub(super) until: Month,

    /// Replace an existing result; files that kadry did not write are kept
    #[arg(long)]
    pub(super) force: bool,

    /// Memory limit, such as 8GiB; if needed, fewer replicates run at the same time, or the run is refused
    #[arg(long, value_name = "SIZE")]
    pub(super) memory_limit: Option<Bytes>,

    /// Estimate memory, disk and time, then exit
    #[arg(long)]
    pub(super) dry_run: bool,

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

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("write a whole number from 0 to {}", u64::MAX))
}

impl Common {
    /// The scenario of a name or path, altered as the options ask, or the exit code after its faults were printed.
    pub(super) fn load(&self, name_or_path: impl AsRef<OsStr>) -> Result<Scenario, ExitCode> {
        load_or_report(name_or_path, &self.set, self.population, self.label.as_deref())
    }

    /// The plan to run a scenario.
    pub(super) fn plan(
        &self,
        scenario: &Scenario,
        replicates: RangeInclusive<u32>,
        tables: Vec<&'static dyn Table>,
    ) -> Plan {
        let threads = self.threads.map_or_else(
            || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
            usize::from,
        );
        Plan {
            seed: self.seed,
            replicates,
            last: self.until,
            tables,
            threads,
            side_by_side: threads,
            ..Plan::of(scenario)
        }
    }

    /// Bytes that the run may take, and whose limit that is.
    pub(super) fn memory_limit(&self) -> Option<(u64, &'static str)> {
        let asked = self.memory_limit.map(|Bytes(limit)| (limit, "--memory-limit allows"));
        let machine = machine::memory_available().map(|limit| (limit, "this machine has free"));
        let process =
            machine::process_room().map(|limit| (limit, "the limit of the process (ulimit -v) leaves"));
        asked.into_iter().chain(machine).chain(process).min_by_key(|(limit, _)| *limit)
    }

    /// A plan with as many replicates side by side as a limit of memory has room for.
    pub(super) fn fit(&self, mut plan: Plan, limit: Option<(u64, &str)>) -> Plan {
        if let Some((limit, _)) = limit {
            let fitting = usize::try_from(foresight::fitting(&plan, limit)).unwrap_or(usize::MAX);
            plan.side_by_side = plan.side_by_side.min(fitting).max(1);
        }
        plan
    }

    /// When progress is shown.
    pub(super) fn when(&self) -> When {
        if self.quiet { When::Never } else { self.progress }
    }

    /// The options in force, for the manifest.
    pub(super) fn options(&self, threads: usize) -> BTreeMap<String, Value> {
        let population = match self.population {
            Some(Size::People(size)) => json!(size),
            Some(Size::OneToOne) => json!("one-to-one"),
            None => Value::Null,
        };
        [
            ("seed", json!(self.seed)),
            ("population", population),
            ("threads", json!(threads)),
            ("set", json!(self.set)),
            ("label", json!(self.label)),
            ("until", json!(self.until.to_string())),
            ("force", json!(self.force)),
            ("memory_limit", json!(self.memory_limit.map(|limit| limit.0))),
            ("progress", json!(self.progress.word())),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

/// What would happen to the result folder, after its name in `--dry-run`.
pub(super) fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::New => "",
        Standing::Continues => "  (unfinished: the run would continue)",
        Standing::Finished => "  (finished: there would be nothing to do)",
        Standing::Replaces => "  (kadry's own files in it would be replaced)",
    }
}

/// The same in a word, for `--json`.
pub(super) fn state_word(standing: Standing) -> &'static str {
    match standing {
        Standing::New => "new",
        Standing::Continues => "unfinished",
        Standing::Finished => "finished",
        Standing::Replaces => "replaced",
    }
}

/// Warns if the page in a result folder was made from an earlier result.
pub(super) fn warn_of_old_page(folder: &Path) {
    let page = folder.join("report.html");
    let made_from = seal_of(&page).and_then(|seal| seal.manifest);
    let current = ResultFolder::open(folder).ok().map(|folder| folder.manifest.digest);
    if made_from.is_some() && current.is_some() && made_from != current {
        complain(&format!(
            "{} shows an earlier result: `kadry report {} --force` updates it",
            page.display(),
            folder.display()
        ));
    }
}

/// The time that so many agent-months will take, and on what that was tried.
pub(super) fn time(speed: Option<Speed>, agent_months: u64) -> String {
    let Some(speed) = speed else { return "unknown: the trial runs failed".to_owned() };
    format!(
        "about {} (at {:.1} million agent-months per second, measured with up to {} people)",
        span(speed.seconds(agent_months)),
        speed.rate / 1e6,
        count(speed.tried)
    )
}

/// Refuses a run that needs more memory than a limit.
///
/// # Errors
///
/// If it does, with what would help.
pub(super) fn enough_memory(
    foresight: &Foresight,
    needed: u64,
    (limit, whose): (u64, &str),
) -> anyhow::Result<()> {
    if needed <= limit {
        return Ok(());
    }
    let most = foresight.people.iter().copied().max().unwrap_or(0);
    bail!(
        "{} people at most need about {} of memory, more than the {} that {whose}: give a smaller --population N, an \
         earlier --until YYYY-MM{}",
        count(most),
        bytes(needed),
        bytes(limit),
        match whose {
            whose if whose.starts_with("--") => ", or a larger --memory-limit",
            whose if whose.contains("ulimit") => ", or raise the limit",
            _ => ", or free some memory",
        },
    )
}
