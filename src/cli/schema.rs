//! `kadry schema`: prints the JSON Schema of a scenario file, for editors.

use std::process::ExitCode;

use super::stdout::print;

/// Print the JSON Schema of a scenario file
#[derive(Debug, clap::Args)]
pub struct SchemaArgs {}

/// Prints the schema.
///
/// # Errors
///
/// If stdout cannot be written.
pub fn schema(_args: &SchemaArgs) -> anyhow::Result<ExitCode> {
    print(&crate::scenario::schema())?;
    Ok(ExitCode::SUCCESS)
}
