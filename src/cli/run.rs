//! `kadry run SCENARIO`: runs one scenario, writes a result folder and prints a summary by phase.
//!
//! Defines the options and messages; [`crate::experiment::run`] does the work.

mod summary;

use super::carry_out::carry_out;
use super::estimate::{check_memory, cluster_text, core_seconds, folder_remark, folder_word, time_text};
use super::progress;
use super::quantity::{bytes, count, duration, plural};
use super::report::warn_of_outdated_page;
use super::run_options::RunOptions;
use super::stderr::eprint_line;
use super::stdout::print;
use super::terminal::Terminal;
use super::work::report_reused;
use super::{Exit, interrupt};
use crate::engine::calendar::Month;
use crate::experiment::foresight::speed::{self, Speed};
use crate::experiment::foresight::{self, Foresight};
use crate::experiment::plan::{Futures, Plan};
use crate::experiment::run::{Run, RunReport};
use crate::experiment::study::session::{Destination, StudyVerb};
use crate::experiment::tables::{TABLES, Table, by_default, default_names, names, on_request};
use crate::output::folder::{FolderState, folder_state};
use crate::output::manifest::Status;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Run one scenario, write a result folder, and print a summary by phase
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Scenario file, name of a shipped scenario such as `historical`, or `-` for standard input
    scenario: OsString,

    /// Run replicates 1 to N
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    replicates: u32,

    /// Run replicate K only; its rows are the same as in a run of several replicates
    #[arg(long, value_name = "K", conflicts_with = "replicates", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    replicate: Option<u32>,

    /// Number of pasts, for --fresh-from; each is continued by every future
    #[arg(long, value_name = "N", requires = "fresh_from", conflicts_with_all = ["replicates", "replicate"], value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pasts: Option<u32>,

    /// Number of futures of each past, for --fresh-from
    #[arg(long, value_name = "N", requires = "fresh_from", conflicts_with_all = ["replicates", "replicate"], value_parser = clap::value_parser!(u32).range(1..=1_000))]
    futures: Option<u32>,

    /// First month that every future draws anew; months before are those of the past (docs/futures.md)
    #[arg(long, value_name = "YYYY-MM", requires = "pasts", requires = "futures")]
    fresh_from: Option<Month>,

    /// Result folder [default: output/SCENARIO-HASH, the first 8 digits of the scenario's hash]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[arg(long, value_name = "LIST", value_delimiter = ',', help = tables_help(), value_parser = PossibleValuesParser::new(names()))]
    tables: Option<Vec<String>>,

    /// Measure the time of each process of the month, print it on stderr, and record it in the manifest
    #[arg(long)]
    profile: bool,

    /// Print the summary as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    shared: RunOptions,
}

/// Runs the scenario.
///
/// # Errors
///
/// If the folder cannot be written, memory is too small, or every replicate fails.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let scenario = match arguments.shared.load(&arguments.scenario) {
        Ok(scenario) => scenario,
        Err(code) => return Ok(code),
    };
    let shared = &arguments.shared;
    let futures = futures(arguments);
    if let Some(Futures { from, .. }) = futures.filter(|futures| futures.from > shared.until()) {
        eprint_line(&format!(
            "error: --fresh-from {from} is after the last month of the run, {}: all futures would be the same",
            shared.until()
        ));
        return Ok(Exit::Usage.into());
    }
    let replicates = match (futures, arguments.replicate) {
        (Some(futures), _) => 1..=futures.pasts * futures.futures,
        (None, Some(number)) => number..=number,
        (None, None) => 1..=arguments.replicates,
    };
    let mut plan = shared.plan(&scenario, replicates, tables(arguments));
    plan.profile = arguments.profile;
    plan.futures = futures;
    let folder = arguments
        .out
        .clone()
        .unwrap_or_else(|| Path::new("output").join(format!("{}-{}", scenario.name, &plan.hash[..8])));
    let limit = shared.memory_limit();
    let summary = arguments.tables.as_ref().is_none_or(|tables| tables.iter().any(|name| name == "summary"));
    let options = options(arguments, &plan);
    let mut run = Run::new(plan, scenario.to_toml(), summary);
    limit.iter().for_each(|(limit, _)| run.study.fit(*limit));
    let (plan, plan_file) = (&run.study.base, run.plan_file(options).sealed());
    let foresight = run.study.foresight();
    let memory = limit.map_or(Ok(()), |limit| check_memory(&foresight, foresight.memory, limit));
    if shared.dry_run {
        shared.extends(&folder, &run.study, &plan_file)?;
        let replaces = shared.force || shared.extend;
        let state = folder_state(&folder, &plan_file.mark, replaces)?;
        let speed = speed::try_speed(plan, run.study.run_count(), limit.map(|(limit, _)| limit));
        let batches = plan_file.batches.len() as u64;
        print(&estimate(plan, &foresight, (speed, batches), (&folder, state), arguments.json))?;
        return memory.map(|()| Exit::Success.into());
    }
    let destination = Destination {
        extends: shared.extends(&folder, &run.study, &plan_file)?,
        folder,
        force: shared.force,
        reuse: &shared.reuse,
    };
    if !shared.plan_only {
        memory?;
        if shared.verbose {
            print_plan(plan, &foresight);
        }
    }
    match carry_out(&run, &plan_file, &destination, shared, false)? {
        Some((report, signals)) => conclude(arguments, plan, &report, &signals),
        None => Ok(Exit::Success.into()),
    }
}

/// Prints messages and the summary, and returns the exit code.
fn conclude(
    arguments: &Arguments,
    plan: &Plan,
    report: &RunReport,
    signals: &interrupt::Signals,
) -> anyhow::Result<ExitCode> {
    let stopped = report.stopped;
    let (asked, finished) = (report.replicates.len(), report.count(Status::Finished));
    let complete = asked == finished;
    let folder = report.folder.display();
    if report.already {
        eprint_line(&format!("nothing to do: {folder} is finished"));
    } else if !complete {
        let why = if stopped { "interrupted" } else { "some replicates failed" };
        let kept = match (finished, stopped) {
            (0, _) => "nothing is kept".to_owned(),
            (_, true) => format!("they are kept in {folder}, and the same command continues"),
            (_, false) => format!("they are kept in {folder}, and the same command runs the others again"),
        };
        eprint_line(&format!(
            "{why}: {finished} of {asked} replicate{} finished; {kept}",
            plural(asked as u64)
        ));
    } else if report.taken_up > 0 {
        eprint_line(&format!("continued: {} of {asked} replicates were finished before", report.taken_up));
    }
    report_reused(&report.reused);
    if plan.profile && report.agent_months_computed > 0 {
        eprint_line(summary::profile_table(&report.profile).trim_end());
    }
    let seed = plan.seed;
    print(&if arguments.json {
        summary::json(plan, report, complete)
    } else if arguments.shared.quiet {
        format!("seed {seed}  {folder}\n")
    } else {
        let terminal = Terminal::of_stdout();
        let mut text = terminal.wrapped(&heading(plan), 0);
        if finished > 0 && report.summarised {
            text.push_str(&format!("\n{}\n", summary::phase_table(report)));
            if plan.futures.is_some() {
                text.push_str(&format!("{}\n", summary::share_table(report)));
            }
            text.push_str(&summary::charts(plan, report));
        }
        let mut end = format!("seed {seed}");
        if report.agent_months_computed > 0 {
            let rate = report.agent_months_computed as f64 / report.seconds.max(1e-9) / 1e6;
            end.push_str(&format!(
                ", {}, {rate:.1} million agent-months per second",
                duration(report.seconds)
            ));
        }
        text.push_str(&format!("\n{}", terminal.wrapped(&end, 0)));
        if complete || !stopped {
            text.push_str(&format!("{folder}\n"));
        }
        text
    })?;
    warn_of_outdated_page(&report.folder);
    Ok(match (complete, stopped) {
        (true, _) => Exit::Success.into(),
        (false, true) => signals.exit_code(arguments.shared.on_term),
        (false, false) => Exit::SomeFailed.into(),
    })
}

/// The pasts and futures that are asked for.
fn futures(arguments: &Arguments) -> Option<Futures> {
    let (pasts, futures) = arguments.pasts.zip(arguments.futures)?;
    arguments.fresh_from.map(|from| Futures { from, pasts, futures })
}

/// The help of `--tables`, with the tables that are not written by default.
fn tables_help() -> String {
    format!(
        "Tables to write, separated by commas; the choice does not affect their contents [default: all but {}]",
        on_request().join(", ")
    )
}

/// The tables to write.
fn tables(arguments: &Arguments) -> Vec<&'static dyn Table> {
    let Some(chosen) = &arguments.tables else { return by_default() };
    TABLES.iter().copied().filter(|table| chosen.iter().any(|name| name == table.layout().name)).collect()
}

fn heading(plan: &Plan) -> String {
    let replicates = match plan.futures {
        Some(Futures { from, pasts, futures }) => {
            format!("{pasts} pasts with {futures} futures each from {from}")
        }
        None => progress::replicates(&plan.replicates),
    };
    format!("{}, seed {}, {replicates}, {} to {}\n", plan.scenario, plan.seed, Month::FIRST, plan.last)
}

fn print_plan(plan: &Plan, foresight: &Foresight) {
    let first = foresight.people.first().copied().unwrap_or(0);
    let side = u64::from(foresight.side_by_side);
    eprint_line(&format!(
        "{}{} people, {side} replicate{} at a time on {} thread{}, about {} of memory",
        heading(plan),
        count(first),
        plural(side),
        plan.threads,
        plural(plan.threads as u64),
        bytes(foresight.memory),
    ));
}

/// The estimate of `--dry-run`, as text or JSON.
fn estimate(
    plan: &Plan,
    foresight: &Foresight,
    (speed, batches): (Option<Speed>, u64),
    (folder, state): (&Path, FolderState),
    json: bool,
) -> String {
    let (first, most) = (foresight.people[0], foresight.people.iter().copied().max().unwrap_or(0));
    if json {
        let value = json!({
            "scenario": { "name": plan.scenario, "hash": plan.hash },
            "seed": plan.seed,
            "runs": plan.replicate_count(),
            "side_by_side": foresight.side_by_side,
            "threads": plan.threads,
            "people_first": first,
            "people_most": most,
            "months": plan.months().count(),
            "agent_months": foresight.agent_months,
            "memory_bytes": foresight.memory,
            "disk_bytes": foresight.disk,
            "seconds": speed.map(|speed| speed.seconds(foresight.agent_months)),
            "batches": batches,
            "core_seconds": speed.map(|speed| core_seconds(speed, foresight.agent_months, foresight.side_by_side)),
            "folder": folder.to_string_lossy(),
            "folder_state": folder_word(state),
        });
        return format!("{value:#}\n");
    }
    let remark = folder_remark(state);
    format!(
        "{heading}\n\
         runs    {runs}, {side} at a time on {threads} thread{s}\n\
         people  {first} in {from}, at most {most} by {last}\n\
         months  {months} in each run, {agent_months} agent-months in all\n\
         memory  about {memory} ({each} bytes per person)\n\
         disk    about {disk}\n\
         time    {time}\n\
         cluster {cluster}\n\
         folder  {folder}{remark}\n",
        heading = heading(plan),
        runs = plan.replicate_count(),
        side = foresight.side_by_side,
        threads = plan.threads,
        s = plural(plan.threads as u64),
        first = count(first),
        from = Month::FIRST,
        most = count(most),
        last = plan.last,
        months = plan.months().count(),
        agent_months = count(foresight.agent_months),
        memory = bytes(foresight.memory),
        each = foresight::BYTES_PER_PERSON,
        disk = bytes(foresight.disk),
        time = time_text(speed, foresight.agent_months),
        cluster = cluster_text(speed, foresight, batches),
        folder = folder.display(),
    )
}

/// Returns the options in force, for the manifest.
fn options(arguments: &Arguments, plan: &Plan) -> BTreeMap<String, Value> {
    let replicates = match arguments.replicate {
        Some(number) => ("replicate", json!(number)),
        None => ("replicates", json!(arguments.replicates)),
    };
    let tables =
        arguments.tables.clone().unwrap_or_else(|| default_names().into_iter().map(str::to_owned).collect());
    let own = [
        ("scenario", json!(arguments.scenario.to_string_lossy())),
        replicates,
        ("tables", json!(tables)),
        ("profile", json!(arguments.profile)),
        ("pasts", json!(arguments.pasts)),
        ("futures", json!(arguments.futures)),
        ("fresh_from", json!(arguments.fresh_from.map(|month| month.to_string()))),
    ];
    let mut options = arguments.shared.options(plan.threads);
    options.extend(own.map(|(name, value)| (name.to_owned(), value)));
    options
}
