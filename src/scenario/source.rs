//! Texts that scenarios are read from, and places in them.
//!
//! Owns finding, opening and decoding a scenario's text, with limits that keep a huge or odd file from doing harm.
//! Does not know what a scenario says.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::fault::Problem;
use super::shipped;

/// Largest scenario file, in bytes. The longest sensible scenario is a hundredth of it.
pub const MAX_BYTES: u64 = 1 << 20;

/// One text: a file, a shipped scenario or a `--set` option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What to call it in messages: a path, or `--set`.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A stretch of one of the texts of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Position of the text in [`Sources`].
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
}

/// Every text that one scenario was read from, the asked one first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and gives its number.
    pub(super) fn add(&mut self, name: String, text: String) -> usize {
        self.0.push(Source { name, text });
        self.0.len() - 1
    }

    /// The text with a number.
    pub fn get(&self, source: usize) -> &Source {
        &self.0[source]
    }

    /// Line and column (in characters) of the start of a place, both from 1.
    pub fn line_column(&self, place: &Place) -> (usize, usize) {
        let text = &self.get(place.source).text;
        let before = &text[..floor_boundary(text, place.start)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// `file:line` of a place, for provenance.
    pub fn position(&self, place: &Place) -> String {
        format!("{}:{}", self.get(place.source).name, self.line_column(place).0)
    }
}

/// The last character boundary at or before a byte.
pub(super) fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// Where a scenario's text is to be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Location {
    /// Inside the program.
    Shipped(&'static shipped::Shipped),
    /// On disk.
    Disk(PathBuf),
}

impl Location {
    /// Finds a scenario: anything with a separator or the ending `.toml` or `.json` is a path (relative to `folder`, if
    /// given); anything else is the name of a shipped scenario or, failing that, of an existing file.
    pub(super) fn find(name_or_path: &str, folder: Option<&Path>) -> Result<Self, Problem> {
        let looks_like_path = name_or_path.contains(['/', std::path::MAIN_SEPARATOR])
            || name_or_path.ends_with(".toml")
            || name_or_path.ends_with(".json");
        if !looks_like_path && let Some(shipped) = shipped::find(name_or_path) {
            return Ok(Location::Shipped(shipped));
        }
        let path = folder.map_or_else(|| PathBuf::from(name_or_path), |folder| folder.join(name_or_path));
        if looks_like_path || path.is_file() {
            return Ok(Location::Disk(path));
        }
        Err(Problem::no_such_scenario(name_or_path))
    }

    /// What messages call it.
    pub(super) fn name(&self) -> String {
        match self {
            Location::Shipped(shipped) => format!("scenarios/{}.toml", shipped.name),
            Location::Disk(path) => path.display().to_string(),
        }
    }

    /// Two locations with equal identity are the same scenario, however their paths are spelt.
    pub(super) fn identity(&self) -> String {
        match self {
            Location::Shipped(shipped) => format!("shipped:{}", shipped.name),
            Location::Disk(path) => {
                std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()).display().to_string()
            }
        }
    }

    /// The folder that relative paths in the scenario start from; none for a shipped one.
    pub(super) fn folder(&self) -> Option<&Path> {
        match self {
            Location::Shipped(_) => None,
            Location::Disk(path) => path.parent(),
        }
    }

    /// True if the text is JSON, by the ending of its name.
    pub(super) fn is_json(&self) -> bool {
        matches!(self, Location::Disk(path) if path.extension().is_some_and(|ending| ending == "json"))
    }

    /// Reads the text.
    pub(super) fn read(&self) -> Result<String, Problem> {
        match self {
            Location::Shipped(shipped) => Ok(shipped.text.to_owned()),
            Location::Disk(path) => read_file(path),
        }
    }
}

fn read_file(path: &Path) -> Result<String, Problem> {
    let name = path.display().to_string();
    let unreadable =
        |error: std::io::Error| Problem::Unreadable { path: name.clone(), reason: reason(&error) };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    // Opening a pipe or a device could wait for ever.
    if !metadata.is_file() {
        return Err(Problem::NotAFile { path: name, directory: metadata.is_dir() });
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    // One byte more than allowed is enough to know, even if the file grows while it is read.
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Problem::TooLarge { path: name, limit: MAX_BYTES });
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
        Problem::NotUtf8 { path: name, line }
    })
}

/// What the system said, in our style: lower case and without the number of the error.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}
