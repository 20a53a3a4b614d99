//! Texts that scenarios are read from, and places in them: finding, opening and decoding.
//!
//! Limits keep huge and odd files from doing harm. The contents of a scenario are not known here.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::fault::Problem;
use super::shipped;

/// Largest scenario file, in bytes. The longest sensible scenario is a fiftieth of it.
pub const MAX_BYTES: u64 = 1 << 19;

/// One text: a file, a shipped scenario or a `--set` option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name in messages: a path, `standard input`, or an option such as `--set`.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A stretch of one of the texts of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceSpan {
    /// Position of the text in [`Sources`].
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
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

    /// Bytes of all texts together.
    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|source| source.text.len()).sum()
    }

    /// The text with a number.
    pub fn get(&self, source: usize) -> &Source {
        &self.0[source]
    }

    /// Line and column (in characters) of the start of a place, both from 1.
    pub fn line_column(&self, place: &SourceSpan) -> (usize, usize) {
        let text = &self.get(place.source).text;
        let before = &text[..floor_boundary(text, place.start)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let lines = before.bytes().filter(|byte| *byte == b'\n').count();
        (lines + 1, before[line_start..].chars().count() + 1)
    }

    /// `file:line` of a place, for provenance.
    pub fn position(&self, place: &SourceSpan) -> String {
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

/// The name of standard input on the command line, and what messages call it.
const STANDARD_INPUT: (&str, &str) = ("-", "standard input");

/// Where a scenario's text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Location {
    /// Inside the program.
    Shipped(&'static shipped::Shipped),
    /// On disk.
    Disk(PathBuf),
    /// Standard input.
    Input,
}

impl Location {
    /// Finds the scenario that a user asks for: `-` is standard input, otherwise as [`Location::base`].
    pub(super) fn asked(name_or_path: &OsStr) -> Result<Self, Problem> {
        if name_or_path == STANDARD_INPUT.0 { Ok(Location::Input) } else { Self::base(name_or_path, None) }
    }

    /// Finds a scenario: anything with a separator or the ending `.toml` or `.json` is a path (relative to `folder`, if
    /// given); anything else is the name of a shipped scenario or, failing that, of an existing file.
    pub(super) fn base(name_or_path: &OsStr, folder: Option<&Path>) -> Result<Self, Problem> {
        let bytes = name_or_path.as_encoded_bytes();
        let separates = |byte: &u8| *byte == b'/' || char::from(*byte) == std::path::MAIN_SEPARATOR;
        let looks_like_path =
            bytes.iter().any(separates) || bytes.ends_with(b".toml") || bytes.ends_with(b".json");
        if !looks_like_path && let Some(shipped) = name_or_path.to_str().and_then(shipped::find) {
            return Ok(Location::Shipped(shipped));
        }
        let path = folder.map_or_else(|| PathBuf::from(name_or_path), |folder| folder.join(name_or_path));
        if looks_like_path || path.is_file() {
            return Ok(Location::Disk(path));
        }
        Err(Problem::no_such_scenario(&name_or_path.to_string_lossy()))
    }

    /// What messages call it.
    pub(super) fn name(&self) -> String {
        match self {
            Location::Shipped(shipped) => format!("scenarios/{}.toml", shipped.name),
            Location::Disk(path) => path.display().to_string(),
            Location::Input => STANDARD_INPUT.1.to_owned(),
        }
    }

    /// Two locations with equal identity are the same scenario, however their paths are spelt.
    pub(super) fn identity(&self) -> String {
        match self {
            Location::Shipped(shipped) => format!("shipped:{}", shipped.name),
            Location::Input => STANDARD_INPUT.0.to_owned(),
            Location::Disk(path) => {
                std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()).display().to_string()
            }
        }
    }

    /// The folder that relative paths in the scenario start from; none means the current folder.
    pub(super) fn folder(&self) -> Option<&Path> {
        match self {
            Location::Shipped(_) | Location::Input => None,
            Location::Disk(path) => path.parent(),
        }
    }

    /// True if the text is JSON: by the ending of its name, or by its first character where the name has no ending of
    /// either language, as that of a pipe. No TOML text begins with a brace.
    pub(super) fn is_json(&self, text: &str) -> bool {
        let ending = match self {
            Location::Disk(path) => path.extension(),
            Location::Shipped(_) | Location::Input => None,
        };
        match ending {
            Some(ending) if ending == "json" => true,
            Some(ending) if ending == "toml" => false,
            _ => text.trim_start().starts_with('{'),
        }
    }

    /// Reads the text.
    pub(super) fn read(&self) -> Result<String, Problem> {
        match self {
            Location::Shipped(shipped) => Ok(shipped.text.to_owned()),
            Location::Disk(path) => read_file(path),
            Location::Input => read_input(),
        }
    }
}

fn read_file(path: &Path) -> Result<String, Problem> {
    let name = path.display().to_string();
    let unreadable =
        |error: std::io::Error| Problem::Unreadable { path: name.clone(), reason: reason(&error) };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    // Opening a device, or a named pipe that nothing writes to, could wait for ever. A pipe that a shell has opened for
    // this process (`kadry check <(...)`) cannot.
    let readable = metadata.is_file() || (is_open_here(path) && is_pipe(&metadata));
    if !readable {
        return Err(Problem::NotAFile { path: name, directory: metadata.is_dir() });
    }
    let file = File::open(path).map_err(unreadable)?;
    decode(file, name)
}

/// Reads standard input, which gives its text once.
fn read_input() -> Result<String, Problem> {
    static READ: AtomicBool = AtomicBool::new(false);
    if READ.swap(true, Ordering::Relaxed) {
        return Err(Problem::StandardInputTwice);
    }
    decode(std::io::stdin().lock(), STANDARD_INPUT.1.to_owned())
}

/// True if a path names a file that this process has open.
fn is_open_here(path: &Path) -> bool {
    let of_process =
        |path: &Path| path.starts_with("/proc") && path.parent().is_some_and(|parent| parent.ends_with("fd"));
    path.starts_with("/dev/fd") || path == Path::new("/dev/stdin") || of_process(path)
}

#[cfg(unix)]
fn is_pipe(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_metadata: &std::fs::Metadata) -> bool {
    false
}

/// Reads a text called `name` in messages: UTF-8, at most [`MAX_BYTES`], without the byte order mark in front.
fn decode(reader: impl Read, name: String) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    // One byte more than allowed shows that there are too many, even if the file grows while it is read.
    let read = reader.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| Problem::Unreadable { path: name.clone(), reason: reason(&error) })?;
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

/// The message of the system in lower case, without the number of the error.
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
