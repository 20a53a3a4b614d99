//! `kadry history DIR`: compares a result with the published figures.
//!
//! [`crate::experiment::history`] makes the comparison; this module formats it.

use super::Exit;
use super::stderr::eprint_line;
use super::stdout::{print, print_json};
use super::table::{Column, tables};
use super::terminal::Terminal;
use crate::experiment::history::{
    Grid, HistoryComparison, READING, cautions, compare, compared, figures_of, markdown, overview, what,
    without,
};
use crate::output::reading::ResultFolder;
use anyhow::Context;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare a result with the published figures
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Result folder of `kadry run` that has series.csv
    #[arg(value_name = "DIR")]
    folder: PathBuf,

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
    let folder = ResultFolder::open(&arguments.folder)?;
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
