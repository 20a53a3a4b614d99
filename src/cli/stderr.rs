//! Writes messages to stderr.
//!
//! This is the only place that does: `eprintln!` panics where stderr cannot be written, and a message that cannot be
//! delivered is no reason to fail.

use std::io::{self, Write};

/// Writes a line to stderr, if it can be written.
pub(super) fn complain(line: &str) {
    write(&format!("{line}\n"));
}

/// Writes a text to stderr, if it can be written.
pub(super) fn write(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
