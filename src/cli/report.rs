//! `kadry report DIR`: turns a result folder into a page of pictures.
//!
//! Here are the arguments of the verb and the places of the files; what is in them comes from [`crate::report`].

use super::Exit;
use super::stdout::print;
use crate::output::place::{may_place, place_pictures, place_sealed};
use crate::output::reading::ResultFolder;
use crate::report::build;
use std::path::PathBuf;
use std::process::ExitCode;

/// Turn a result folder into one page of charts
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Result folder of `kadry run` or `kadry compare`
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// File to write the page to [default: report.html in the result folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Also write every chart as an SVG file, with its numbers as CSV, to this folder
    #[arg(long, value_name = "DIR")]
    svg: Option<PathBuf>,

    /// Replace an older page and older charts that kadry wrote; other files are never replaced
    #[arg(long)]
    force: bool,
}

/// Does what the verb asks for.
///
/// # Errors
///
/// If the folder is not a whole result of this version, or something cannot be written.
pub fn report(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let out = arguments.out.clone().unwrap_or_else(|| arguments.folder.join("report.html"));
    let digest = ResultFolder::open(&arguments.folder)?.manifest.digest;
    may_place(&out, arguments.force)?;
    let report = build(&arguments.folder)?;
    let mut written = Vec::new();
    if let Some(folder) = &arguments.svg {
        let files = report.pictures().flat_map(|picture| {
            let numbers = (format!("{}.csv", picture.id), picture.numbers.to_csv());
            [(format!("{}.svg", picture.id), picture.alone()), numbers]
        });
        place_pictures(folder, files, arguments.force)?;
        written.push(folder);
    }
    place_sealed(&out, &report.page(), Some(&digest), arguments.force)?;
    written.push(&out);
    for path in written {
        print(&format!("{}\n", path.display()))?;
    }
    Ok(Exit::Done.into())
}
