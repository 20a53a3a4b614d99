//! `kadry report DIR`: writes a page of charts from a result folder.
//!
//! Defines the arguments and chooses the paths; [`crate::report`] makes the contents.

use super::Exit;
use super::stderr::eprint_line;
use super::stdout::print;
use crate::output::reading::ResultFolder;
use crate::output::single_files::{may_write, seal_of, write_pictures, write_sealed};
use crate::report::build;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Write a page of charts from a result folder
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Result folder of `kadry run`, `kadry compare`, `kadry sweep` or `kadry claims`
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// File to write the page to [default: report.html in the result folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Also write every chart as an SVG file, with its numbers as CSV, to this folder
    #[arg(long, value_name = "DIR")]
    svg: Option<PathBuf>,

    /// Replace a page and charts that kadry wrote; other files are never replaced
    #[arg(long)]
    force: bool,
}

/// Writes the page and the charts, and prints their paths.
///
/// # Errors
///
/// If the folder is not a complete result of this version, or a file cannot be written.
pub(super) fn report(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let out = arguments.out.clone().unwrap_or_else(|| arguments.folder.join("report.html"));
    let digest = ResultFolder::open(&arguments.folder)?.manifest.digest;
    may_write(&out, arguments.force)?;
    let report = build(&arguments.folder)?;
    let mut written = Vec::new();
    if let Some(folder) = &arguments.svg {
        let files = report.pictures().flat_map(|picture| {
            let numbers = (format!("{}.csv", picture.id), picture.numbers.to_csv());
            [(format!("{}.svg", picture.id), picture.alone()), numbers]
        });
        write_pictures(folder, files, arguments.force)?;
        written.push(folder);
    }
    write_sealed(&out, &report.page(), Some(&digest), arguments.force)?;
    written.push(&out);
    for path in written {
        print(&format!("{}\n", path.display()))?;
    }
    Ok(Exit::Success.into())
}

/// Warns if the page in a result folder was made from an earlier result.
pub(super) fn warn_of_outdated_page(folder: &Path) {
    let page = folder.join("report.html");
    let made_from = seal_of(&page).and_then(|seal| seal.manifest);
    let current = ResultFolder::open(folder).ok().map(|folder| folder.manifest.digest);
    if made_from.is_some() && current.is_some() && made_from != current {
        eprint_line(&format!(
            "{} shows an earlier result: `kadry report {} --force` updates it",
            page.display(),
            folder.display()
        ));
    }
}
