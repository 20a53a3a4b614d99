//! What a run leaves behind: tables as tidy CSV, their data dictionary, the manifest, and the folder they live in.
//!
//! Owns the text form of a cell, the bytes of a table, the digests and the way a folder is put in place. Knows
//! nothing of the model, of scenarios or of what a column means beyond the words its table gives.

pub mod dictionary;
pub mod folder;
pub mod manifest;
pub mod place;
pub mod reading;
pub mod table;
