//! Writes results to stdout. A pipe that the reader closes early (`kadry explain historical | head`) is not an error.

use std::io::{ErrorKind, Write};

/// Writes a text to stdout.
///
/// # Errors
///
/// If stdout cannot be written, except for a closed pipe.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(anyhow::Error::new(error).context("cannot write to stdout"))
        }
        _ => Ok(()),
    }
}

/// Writes JSON to stdout, indented.
///
/// # Errors
///
/// Same as [`print()`].
pub(super) fn print_json(value: &serde_json::Value) -> anyhow::Result<()> {
    print(&format!("{value:#}\n"))
}
