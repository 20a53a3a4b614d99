//! Makes pictures of a result folder: one page, or a file for each.
//!
//! Tables become drawings with a caption and the numbers behind them. Tables are read as streams into moments, so that
//! memory does not grow with the replicates; only the values by phase that predictions compare are kept. It runs nothing
//! and changes nothing in the folder. Every number is in a table of the folder, or is a mean, share or rate of such
//! numbers, as its caption says. Identifiers and names of files come from fixed words and numbers, never from the texts of
//! a scenario.

pub mod build;
pub mod draw;
pub mod figures;
pub mod format;
pub mod measures;
pub mod page;
pub mod palette;
pub mod picture;
pub mod sections;
pub mod source;
pub mod spread;
pub mod validate;

pub use build::{Report, build};
pub use source::ReportError;
