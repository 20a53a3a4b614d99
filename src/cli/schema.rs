//! `kadry schema`: prints the JSON Schema of scenario files, for editors.

use std::process::ExitCode;

use super::stdout::print;

/// Print the JSON Schema of scenario files
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

/// Prints the schema.
///
/// # Errors
///
/// If stdout cannot be written.
pub(super) fn schema(_args: &Arguments) -> anyhow::Result<ExitCode> {
    print(&crate::scenario::schema())?;
    Ok(ExitCode::SUCCESS)
}
