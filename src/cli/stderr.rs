//! Writes messages to stderr and ignores failures.
//!
//! The program does not use `eprintln!`, which panics if stderr cannot be written.

use std::io::{self, Write};

/// Writes a line to stderr.
pub(super) fn eprint_line(line: &str) {
    eprint(&format!("{line}\n"));
}

/// Writes a text to stderr.
pub(super) fn eprint(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
