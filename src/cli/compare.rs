//! `kadry compare BASELINE SCENARIO...`: runs scenarios with common random numbers and prints their differences with
//! confidence intervals.
//!
//! Defines the options; `prepare` checks that they fit together, [`crate::experiment::compare`] does the work, and
//! `summary` and `json` format the result.

mod difference_table;
mod estimate;
mod findings_command;
mod json;
mod prepare;
mod summary;

use super::carry_out::carry_out;
use super::estimate::check_memory;
use super::report::warn_of_outdated_page;
use super::run_options::RunOptions;
use super::stderr::eprint_line;
use super::stdout::print;
use super::work::report_reused;
use super::{Exit, interrupt};
use crate::experiment::compare::contrasts::Width;
use crate::experiment::compare::findings;
use crate::experiment::compare::run::{Comparison, ComparisonReport, Settings};
use crate::experiment::foresight::speed;
use crate::experiment::study::Study;
use crate::experiment::study::session::{Destination, StudyVerb};
use crate::experiment::tables::names;
use crate::output::single_files::{may_write, write_sealed};
use crate::scenario::{SHIPPED, Scenario};
use anyhow::Context;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use prepare::{Misuse, Prepared, prepare, warn_of_weak_comparisons};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Run scenarios with the same random numbers, and print their differences from a baseline
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Scenario that the others are compared with: a file, the name of a shipped scenario, or `-` for standard input
    baseline: OsString,

    /// Scenarios to compare with it [default: compare the phases of the baseline with each other]
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<OsString>,

    /// Compare all shipped counterfactuals
    #[arg(long)]
    all: bool,

    /// Run replicates 1 to N of each scenario, at least 2 [default: 20]
    #[arg(long, value_name = "N", value_parser = replicates)]
    replicates: Option<u32>,

    /// Compare this metric, a column of phases.csv (repeatable, or separated by commas) [default: all]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    metric: Vec<String>,

    /// Compare this phase, or `whole period` (repeatable) [default: all, and the whole period]
    #[arg(long, value_name = "NAME")]
    phase: Vec<String>,

    /// Also compare the phases of each scenario with each other
    #[arg(long)]
    phases: bool,

    /// Confidence level of the intervals
    #[arg(long, value_name = "L", default_value_t = 0.95, value_parser = level)]
    level: f64,

    /// Correction of p-values for multiple testing
    #[arg(long, value_name = "METHOD", value_enum, default_value_t = Method::Holm)]
    correction: Method,

    /// Half-width for which `replicates_needed` is computed: in the metric's unit, or as N% of the baseline's mean
    #[arg(long, value_name = "H", default_value = "5%", value_parser = width)]
    half_width: Width,

    /// Add replicates until every interval is narrower than W: in the metric's unit, or as N% of the baseline's mean
    #[arg(long, value_name = "W", value_parser = width, requires = "metric", conflicts_with_all = ["half_width", "plan_only"])]
    until_precise: Option<Width>,

    /// Maximum number of replicates for --until-precise [default: 1000]
    #[arg(long, value_name = "N", value_parser = replicates, requires = "until_precise")]
    at_most: Option<u32>,

    /// Result folder [default: output/compare-HASH, the first 8 digits of a hash of the scenarios]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Tables to write in addition to series and phases, separated by commas [default: none]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = PossibleValuesParser::new(names()))]
    tables: Vec<String>,

    /// Maximum number of differences to print for each scenario
    #[arg(long, value_name = "N", default_value_t = 12)]
    top: usize,

    /// Also write a page that tests the predictions of each scenario (docs/comparing.md)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["metric", "phase", "plan_only"])]
    findings: Option<PathBuf>,

    /// Print all differences as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    shared: RunOptions,
}

/// Values of `--correction`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
    /// Holm's step-down method
    Holm,
    /// No correction
    None,
}

fn replicates(text: &str) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(0 | 1) => Err("a comparison needs at least 2 replicates".into()),
        Ok(number) if number <= 1_000_000 => Ok(number),
        _ => Err("write a whole number from 2 to 1000000".into()),
    }
}

pub(super) fn level(text: &str) -> Result<f64, String> {
    let level = text.parse::<f64>().ok().filter(|level| (0.5..=0.9999).contains(level));
    level.ok_or_else(|| "write a level from 0.5 to 0.9999, such as 0.95".into())
}

fn width(text: &str) -> Result<Width, String> {
    let (number, width): (&str, fn(f64) -> Width) = match text.strip_suffix('%') {
        Some(number) => (number, |percent| Width::Share(percent / 100.0)),
        None => (text, Width::Absolute),
    };
    let number = number.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    let fault = "write a number above 0 in the metric's unit, such as 0.01, or a share of the baseline's mean, such as 5%";
    number.map(width).ok_or_else(|| fault.into())
}

/// Runs the comparison.
///
/// # Errors
///
/// If a folder cannot be read or written, memory is too small, or every replicate fails.
pub(super) fn compare(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let scenarios = match load(arguments) {
        Ok(scenarios) => scenarios,
        Err(code) => return Ok(code),
    };
    match prepare(arguments, scenarios) {
        Ok(prepared) => prepared.run(arguments),
        Err(error) if error.is::<Misuse>() => {
            eprint_line(&format!("error: {error}"));
            Ok(Exit::Usage.into())
        }
        Err(error) => Err(error),
    }
}

/// Loads the scenarios, the baseline first; if any have faults, prints the faults of all and returns the exit code.
fn load(arguments: &Arguments) -> Result<Vec<Scenario>, ExitCode> {
    let mut given = vec![arguments.baseline.clone()];
    given.extend(arguments.scenarios.iter().cloned());
    if arguments.all {
        let more =
            SHIPPED.iter().filter(|shipped| !shipped.is_base()).map(|shipped| OsString::from(shipped.name));
        given.extend(more.filter(|name| !given.contains(name)).collect::<Vec<_>>());
    }
    let loaded: Vec<_> = given.iter().map(|name| arguments.shared.load(name)).collect();
    loaded.into_iter().collect()
}

impl Prepared {
    fn run(self, arguments: &Arguments) -> anyhow::Result<ExitCode> {
        let shared = &arguments.shared;
        warn_of_weak_comparisons(&self.scenarios, shared.until());
        let limit = shared.memory_limit();
        let mut comparison = self.comparison(arguments);
        limit.iter().for_each(|(limit, _)| comparison.study.fit(*limit));
        let base = &comparison.study.base;
        let foresight = comparison.study.foresight();
        let memory = foresight.memory.saturating_add(estimate::value_bytes(base, self.scenarios.len()));
        let memory_fits = limit.map_or(Ok(()), |limit| check_memory(&foresight, memory, limit));
        if let Some(path) = &arguments.findings {
            may_write(path, shared.force).context("--findings")?;
        }
        let plan_file = comparison.plan_file(self.options(arguments, base)).sealed();
        if shared.dry_run {
            let runs = comparison.study.run_count();
            let speed = speed::try_speed(base, runs, limit.map(|(limit, _)| limit));
            print(&self.estimate_text(arguments, &plan_file, &foresight, memory, speed)?)?;
            return memory_fits.map(|()| Exit::Success.into());
        }
        let destination = Destination {
            folder: self.folder.clone(),
            force: shared.force,
            extends: self.earlier.as_ref().map(|earlier| earlier.folder.manifest.digest.clone()),
            reuse: &shared.reuse,
        };
        if !shared.plan_only {
            memory_fits?;
        }
        match carry_out(&comparison, &plan_file, &destination, shared, true)? {
            Some((report, signals)) => conclude(arguments, &self.scenarios, &report, &signals),
            None => Ok(Exit::Success.into()),
        }
    }

    /// The comparison to run.
    fn comparison(&self, arguments: &Arguments) -> Comparison {
        let shared = &arguments.shared;
        let plan = |scenario| shared.plan(scenario, 1..=self.rule.most(), self.tables.clone());
        let plans = self.scenarios.iter().map(plan).collect();
        let looks = self.earlier.as_ref().and_then(|earlier| earlier.folder.manifest.comparison.as_ref());
        Comparison {
            study: Study::of_plans(plans),
            texts: self.scenarios.iter().map(Scenario::to_toml).collect(),
            settings: Settings {
                analysis: self.analysis.clone(),
                rule: self.rule,
                all_months: arguments.metric.is_empty(),
            },
            looks_before: looks.map_or(0, |comparison| comparison.looks),
        }
    }
}

/// Prints messages, writes the page of findings, prints the summary, and returns the exit code.
fn conclude(
    arguments: &Arguments,
    scenarios: &[Scenario],
    report: &ComparisonReport,
    signals: &interrupt::Signals,
) -> anyhow::Result<ExitCode> {
    let stopped = report.stopped;
    let complete = report.complete();
    let folder = report.folder.display();
    if report.already {
        eprint_line(&format!("nothing to do: {folder} is finished"));
    } else if !complete {
        let why = if stopped { "interrupted" } else { "some replicates failed" };
        let (finished, asked) = (report.finished(), report.replicates.first().map_or(0, Vec::len));
        let next = if stopped { "continues" } else { "runs the others again" };
        let kept = match report.taken_up + report.computed {
            0 => "nothing is kept".to_owned(),
            1 => format!("1 run is kept in {folder}, and the same command {next}"),
            runs => format!("{runs} runs are kept in {folder}, and the same command {next}"),
        };
        eprint_line(&format!(
            "{why}: {finished} of {asked} replicates are finished in every scenario; {kept}"
        ));
    } else if report.taken_up > 0 {
        eprint_line(&format!(
            "{} runs were already finished, {} were computed",
            report.taken_up, report.computed
        ));
    }
    report_reused(&report.reused);
    if report.precise == Some(false) && complete {
        eprint_line(&format!(
            "some intervals are wider than requested after {} replicates, the maximum: give a larger --at-most N",
            report.finished()
        ));
    }
    if let Some(path) = arguments.findings.as_ref().filter(|_| complete) {
        let page = findings::page(
            scenarios,
            report,
            arguments.shared.until(),
            &findings_command::command(arguments),
        );
        write_sealed(path, &page, None, arguments.shared.force)
            .context("the comparison is finished, but the page of findings cannot be written")?;
    }
    print(&if stopped && !complete {
        String::new()
    } else if arguments.json {
        json::json(scenarios, report)
    } else if arguments.shared.quiet {
        format!("seed {}  {folder}\n", report.names.seed)
    } else {
        summary::text(scenarios, report, arguments.shared.until(), arguments.top)
    })?;
    warn_of_outdated_page(&report.folder);
    Ok(match (complete, stopped) {
        (true, _) => Exit::Success.into(),
        (false, true) => signals.exit_code(arguments.shared.on_term),
        (false, false) => Exit::SomeFailed.into(),
    })
}
