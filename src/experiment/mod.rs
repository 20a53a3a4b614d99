//! What to run, running it, and the statistics of what came out.
//!
//! Owns replicates side by side, the tables that a replicate fills, moments over replicates, and the foresight of
//! people, memory, disk and time. Prints nothing; who watches is told through [`batch::Observer`].

pub mod batch;
pub mod compare;
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
