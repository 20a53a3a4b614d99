//! Runs scenarios and computes statistics of their results.
//!
//! This layer plans runs, executes replicates in parallel, fills tables, compares scenarios and estimates memory, disk and
//! time beforehand. It prints nothing; progress goes to a [`study::execute::Observer`].

pub mod claims;
pub mod compare;
pub mod diverge;
pub mod fit;
pub mod foresight;
pub mod futures;
pub mod history;
pub mod lives;
pub mod machine;
pub mod moments;
pub mod plan;
pub mod planned;
pub mod quantiles;
pub mod replicate;
pub mod rounding;
pub mod run;
pub mod soundness;
pub mod status;
pub mod stored;
pub mod study;
pub mod summary;
pub mod sweep;
pub mod tables;
pub mod verify;
