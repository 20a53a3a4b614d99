//! `kadry history`: compares a result, or the rungs of the ladder, with the published figures.
//!
//! [`crate::experiment::history`] makes the comparisons; this module formats them.

use super::Exit;
use super::faults::print_faults;
use super::progress::{Progress, When};
use super::run_options::{seed, use_threads};
use super::stderr::eprint_line;
use super::stdout::{print, print_json};
use super::table::{Column, tables};
use super::terminal::Terminal;
use crate::experiment::history::{
    Climb, Grid, HistoryComparison, LADDER_READING, LadderComparison, READING, cautions, climb, compare,
    compared, figures_of, ladder_grids, ladder_markdown, ladder_what, markdown, overview, what, without,
};
use crate::output::reading::ResultFolder;
use crate::scenario::{Size, Stack};
use anyhow::Context;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare a result, or the rungs of the ladder, with the published figures
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Result folder of `kadry run` that has series.csv
    #[arg(value_name = "DIR", required_unless_present = "ladder")]
    folder: Option<PathBuf>,

    /// Simulate a scenario on the rungs M0 to M6 of the ladder and compare each with the figures, beside a null without
    /// people [default scenario: historical]
    #[arg(long, value_name = "SCENARIO", num_args = 0..=1, default_missing_value = "historical")]
    #[arg(conflicts_with = "folder")]
    ladder: Option<OsString>,

    /// Replicates of each rung [default: 20]
    #[arg(long, value_name = "N", requires = "ladder", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    replicates: Option<u32>,

    /// Seed of the random numbers of the rungs [default: 1]
    #[arg(long, value_name = "N", requires = "ladder", allow_negative_numbers = true, value_parser = seed)]
    seed: Option<u64>,

    /// Number of people in January 1928 on the rungs, or `one-to-one`; enterprises keep their mean size
    #[arg(long, value_name = "N|one-to-one", requires = "ladder", allow_negative_numbers = true)]
    population: Option<Size>,

    /// Number of threads (does not affect results) [default: as many as the process may use]
    #[arg(long, value_name = "N", requires = "ladder", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// When to show progress on stderr [default: auto]
    #[arg(long, value_name = "WHEN", value_enum, requires = "ladder")]
    progress: Option<When>,

    /// Print the comparison as JSON
    #[arg(long, conflicts_with = "markdown")]
    json: bool,

    /// Print the comparison as Markdown, as in docs/history.md
    #[arg(long)]
    markdown: bool,
}

/// Prints the comparison.
///
/// # Errors
///
/// If the folder is not a result or cannot be read.
pub(super) fn history(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if let Some(scenario) = &arguments.ladder {
        return ladder(scenario, arguments);
    }
    let folder = ResultFolder::open(arguments.folder.as_ref().context("no result folder is given")?)?;
    folder.of_one_scenario()?;
    let comparison = compare(&folder)?;
    if !comparison.complete {
        eprint_line("warning: the result is incomplete; only its finished replicates are compared");
    }
    if arguments.json {
        print_json(&serde_json::to_value(&comparison).context("cannot write the comparison as JSON")?)?;
    } else if arguments.markdown {
        print(&markdown(&comparison))?;
    } else {
        print(&text(&comparison, Terminal::of_stdout()))?;
    }
    Ok(Exit::Success.into())
}

/// Simulates the rungs and prints how near each comes to the figures.
fn ladder(scenario: &OsStr, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    use_threads(arguments.threads);
    let asked = Climb {
        seed: arguments.seed.unwrap_or(1),
        replicates: arguments.replicates.unwrap_or(20),
        population: arguments.population,
    };
    let progress = Progress::new(true, arguments.progress.unwrap_or(When::Auto), false);
    let found = Stack::load(scenario).and_then(|stack| climb(&stack, asked, &progress));
    progress.finish();
    let comparison = match found {
        Ok(comparison) => comparison,
        Err(faults) => return Ok(print_faults(&faults)),
    };
    if arguments.json {
        print_json(&serde_json::to_value(&comparison).context("cannot write the comparison as JSON")?)?;
    } else if arguments.markdown {
        print(&ladder_markdown(&comparison, &command(scenario, asked)))?;
    } else {
        print(&ladder_text(&comparison, Terminal::of_stdout()))?;
    }
    Ok(Exit::Success.into())
}

/// The command that makes a comparison of the ladder.
fn command(scenario: &OsStr, asked: Climb) -> String {
    let population = asked.population.map_or_else(String::new, |size| format!(" --population {size}"));
    format!(
        "kadry history --ladder {} --seed {} --replicates {}{population}",
        scenario.to_string_lossy(),
        asked.seed,
        asked.replicates
    )
}

/// The comparison of the ladder as text.
fn ladder_text(comparison: &LadderComparison, terminal: Terminal) -> String {
    let paragraph = |text: &str| terminal.wrapped(text, 0);
    let mut text = paragraph(&format!("{}: what the agents add", ladder_what(comparison)));
    for (title, rows) in ladder_grids(comparison) {
        text += &format!("\n{title}\n{}", grid(&rows, terminal));
    }
    text += &format!("\n{}\ncautions\n", paragraph(&LADDER_READING.replace('`', "")));
    for caution in cautions() {
        text += &terminal.wrapped(caution, 2);
    }
    text
}

/// The comparison as text.
fn text(comparison: &HistoryComparison, terminal: Terminal) -> String {
    let paragraph = |text: &str| terminal.wrapped(text, 0);
    let mut text = paragraph(&format!("{}: the model against history", what(comparison)));
    text += &format!("\n{}\n{}", grid(&overview(comparison), terminal), paragraph(READING));
    for series in compared(comparison) {
        let model = series.model.replace('`', "");
        text += &format!("\n{}", paragraph(&format!("{} ({}): {model}", series.series, series.unit)));
        text += &paragraph(&format!("caution: {}", series.caution));
        text += &grid(&figures_of(series), terminal);
    }
    text += &format!("\n{}", paragraph("series without a counterpart in the model"));
    for (series, reason) in without(comparison) {
        text += &terminal.wrapped(&format!("{series}: {reason}"), 2);
    }
    text += "\ncautions\n";
    for caution in cautions() {
        text += &terminal.wrapped(caution, 2);
    }
    text
}

fn grid(grid: &Grid, terminal: Terminal) -> String {
    let Some((header, rows)) = grid.0.split_first() else { return String::new() };
    let mut columns = header.iter().enumerate().map(|(column, heading)| Column {
        heading: heading.clone(),
        cells: rows.iter().map(|row| row[column].clone()).collect(),
        left: true,
    });
    let Some(names) = columns.next() else { return String::new() };
    tables(&names, &columns.collect::<Vec<_>>(), terminal, "\n")
}
