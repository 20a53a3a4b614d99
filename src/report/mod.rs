//! Draws the pictures of a result folder, on one page or in a file each.
//!
//! Each picture has a caption, a description and its numbers as CSV. Every number is in a table of the folder, or is a
//! mean, share or rate of such numbers, as the caption says. Tables are read as streams into moments, so memory does not
//! grow with the replicates; only the values by phase that predictions compare are stored. Identifiers and names of files
//! consist of fixed words and numbers, never of texts of a scenario. This layer runs no simulation and changes nothing in
//! the folder.

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
pub mod trend;
pub mod validate;

pub use build::{Report, build};
pub use source::ReportError;
