//! Kadry: an agent-based model of elite formation, denunciation and discipline in Soviet industry, 1928-41.
//!
//! # Features
//!
//! - `cli` (default): the module `cli` and the program `kadry`. Without it the library needs no argument parser,
//!   progress bars or signal handling.
//! - `dev-hooks`: access to internals for this package's own tests and benchmarks. It carries no promise of stability.

#[cfg(feature = "cli")]
pub mod cli;
pub mod engine;
pub mod experiment;
pub mod model;
pub mod output;
pub mod report;
pub mod scenario;
