//! A result folder as pictures: one page, or a file for each.
//!
//! Owns the way from the tables of a folder to drawings with a sentence and the numbers behind them. Reads tables as
//! streams into moments, whose size does not depend on the number of replicates; runs nothing, and changes nothing in
//! the folder. Every number in it stands in a table of the folder or is a mean, share or rate of such numbers, as its
//! picture says.

pub mod build;
pub mod draw;
pub mod figures;
pub mod measures;
pub mod page;
pub mod palette;
pub mod picture;
pub mod sections;
pub mod source;
pub mod spread;

pub use build::{Report, build};
pub use source::ReportError;
