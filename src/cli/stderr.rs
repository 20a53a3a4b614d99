//! Messages on stderr.
//!
//! Owns the one way to write them: where stderr is gone there is nobody to tell, and that is never worth failing for.

use std::io::{self, Write};

/// Writes a line to stderr, if somebody listens.
pub(super) fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
