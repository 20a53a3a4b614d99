//! Writes and reads results: tables as tidy CSV, their data dictionary, the manifest, and the result folder.
//!
//! It depends neither on the model nor on scenarios; the definitions of columns come with the tables.

pub mod dictionary;
pub mod folder;
pub mod manifest;
pub mod plan;
pub mod reading;
pub mod single_files;
pub mod table;
