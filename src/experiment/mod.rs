//! Runs scenarios and computes statistics of their results.
//!
//! This layer plans runs, executes replicates in parallel, fills tables, compares scenarios and estimates memory, disk and
//! time beforehand. It prints nothing; progress goes to a [`batch::Observer`].

pub mod batch;
pub mod compare;
pub mod diverge;
pub mod foresight;
pub mod gather;
pub mod history;
pub mod machine;
pub mod moments;
pub mod plan;
pub mod quantiles;
pub mod replicate;
pub mod reread;
pub mod rounding;
pub mod run;
pub mod summary;
pub mod tables;
