//! `kadry history DIR`: how far a result is from the published figures.
//!
//! Owns the arguments of the verb. The comparison is [`crate::experiment::history`]'s.

use super::Exit;
use super::stderr::complain;
use super::stdout::{print, print_json};
use crate::experiment::history::{compare, markdown, text};
use crate::output::reading::ResultFolder;
use anyhow::Context;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare a result folder with the published figures that are inside the program
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A result folder of `kadry run` with series.csv in it
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Print the comparison for machines
    #[arg(long, conflicts_with = "markdown")]
    json: bool,

    /// Print it as a page, the form of docs/history.md
    #[arg(long)]
    markdown: bool,
}

/// Does what the verb asks for.
///
/// # Errors
///
/// If the folder is not a result or cannot be read.
pub fn history(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let folder = ResultFolder::open(&arguments.folder)?;
    folder.of_one_scenario()?;
    let comparison = compare(&folder)?;
    if !comparison.complete {
        complain("the result was cut short: only its finished replicates are compared");
    }
    if arguments.json {
        print_json(&serde_json::to_value(&comparison).context("cannot write the comparison as JSON")?)?;
    } else if arguments.markdown {
        print(&markdown(&comparison))?;
    } else {
        print(&text(&comparison))?;
    }
    Ok(Exit::Done.into())
}
