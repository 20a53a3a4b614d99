//! Compares scenarios on common random numbers.
//!
//! Replicate k of every scenario uses the same random numbers, so differences are paired. This is what `kadry compare` does
//! between reading its arguments and printing its table; nothing is printed here.

pub mod contrasts;
pub mod findings;
pub mod ranking;
pub mod run;
pub mod samples;
pub mod sequential;
pub mod statistics;
pub mod tables;
pub mod verdict;
