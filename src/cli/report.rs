//! `kadry report DIR`: a result folder as a page of pictures.
//!
//! Owns the arguments of the verb and where the files go. What is in them is [`crate::report`]'s.

use super::Exit;
use super::stdout::print;
use crate::output::place::{place_file, place_folder};
use crate::report::build;
use std::path::PathBuf;
use std::process::ExitCode;

/// Turn a result folder into one page of pictures that opens without a network
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A result folder of `kadry run`
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Write the page here [default: report.html in the folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Write every picture as an SVG file too, each with its CSV, into this folder
    #[arg(long, value_name = "DIR")]
    svg: Option<PathBuf>,

    /// Replace an older page and older pictures
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
    let report = build(&arguments.folder)?;
    let mut written = Vec::new();
    if let Some(folder) = &arguments.svg {
        let files = report.pictures().flat_map(|picture| {
            let numbers = (format!("{}.csv", picture.id), picture.numbers.to_csv());
            [(format!("{}.svg", picture.id), picture.alone()), numbers]
        });
        place_folder(folder, files, arguments.force)?;
        written.push(folder);
    }
    place_file(&out, report.page().as_bytes(), arguments.force)?;
    written.push(&out);
    for path in written {
        print(&format!("{}\n", path.display()))?;
    }
    Ok(Exit::Done.into())
}
