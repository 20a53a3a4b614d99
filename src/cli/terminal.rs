//! Standard output and standard error, which may be closed or full.
//!
//! Owns what is done then: a reader of standard output who has gone away is no error (as with `kadry ... | head`), a
//! full disk behind it is one, and standard error is never worth failing for.

use anyhow::Context;
use std::io::{self, Write};

/// Writes to standard output.
///
/// # Errors
///
/// If it cannot be written, unless its reader has gone away.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

/// Writes a line to standard error, if somebody listens.
pub(super) fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
