//! Scenarios compared on common random numbers: replicate k of each shares its draws, so differences are paired.
//!
//! Owns what `kadry compare` does between reading its arguments and printing its table: who runs, what is kept of
//! the replicates, the statistics of the differences, and the folder. Prints nothing.

pub mod contrasts;
pub mod findings;
pub mod ranking;
pub mod run;
pub mod samples;
pub mod sequential;
pub mod statistics;
pub mod tables;
pub mod verdict;
