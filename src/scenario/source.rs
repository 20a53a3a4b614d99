//! Finds and reads the texts of scenarios, and converts places in them to lines and columns.
//!
//! Size limits and file type checks protect against huge files, devices and pipes.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::fault::Problem;
use super::shipped;

/// Maximum size of a scenario file in bytes, about fifty times that of the longest sensible scenario.
pub const MAX_BYTES: u64 = 1 << 19;

/// A text: a file, a shipped scenario or an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Name in messages: a path, `standard input`, or an option such as `--set`.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A byte range in one of the texts of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceSpan {
    /// Position of the text in [`Sources`].
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// The texts of a scenario, the requested file first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and returns its position.
    pub(super) fn add(&mut self, name: String, text: String) -> usize {
        self.0.push(Source { name, text });
        self.0.len() - 1
    }

    /// Total size of the texts in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|source| source.text.len()).sum()
    }

    /// The text at a position.
    pub fn get(&self, source: usize) -> &Source {
        &self.0[source]
    }

    /// Line and column (in characters) of the start of a place, both counted from 1.
    pub fn line_column(&self, place: &SourceSpan) -> (usize, usize) {
        let text = &self.get(place.source).text;
        let before = &text[..floor_boundary(text, place.start)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let lines = before.bytes().filter(|byte| *byte == b'\n').count();
        (lines + 1, before[line_start..].chars().count() + 1)
    }

    /// `file:line` of the start of a place.
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

/// The names of standard input on the command line and in messages.
const STANDARD_INPUT: (&str, &str) = ("-", "standard input");

/// The location of the text of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Location {
    /// Compiled into the program.
    Shipped(&'static shipped::Shipped),
    /// A file.
    Disk(PathBuf),
    /// Standard input.
    Input,
}

impl Location {
    /// Finds a scenario named on the command line: `-` is standard input, otherwise see [`Location::base`].
    pub(super) fn asked(name_or_path: &OsStr) -> Result<Self, Problem> {
        if name_or_path == STANDARD_INPUT.0 { Ok(Location::Input) } else { Self::base(name_or_path, None) }
    }

    /// Finds a scenario. A name with a path separator or the extension `.toml` or `.json` is a path (relative to
    /// `folder`, if given); another name is a shipped scenario or, failing that, an existing file.
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

    /// Name in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Location::Shipped(shipped) => format!("scenarios/{}.toml", shipped.name),
            Location::Disk(path) => path.display().to_string(),
            Location::Input => STANDARD_INPUT.1.to_owned(),
        }
    }

    /// Identifies the scenario independently of the spelling of its path.
    pub(super) fn identity(&self) -> String {
        match self {
            Location::Shipped(shipped) => format!("shipped:{}", shipped.name),
            Location::Input => STANDARD_INPUT.0.to_owned(),
            Location::Disk(path) => {
                std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()).display().to_string()
            }
        }
    }

    /// The folder for relative paths in the scenario; `None` is the current folder.
    pub(super) fn folder(&self) -> Option<&Path> {
        match self {
            Location::Shipped(_) | Location::Input => None,
            Location::Disk(path) => path.parent(),
        }
    }

    /// Whether the text is JSON: by its extension or, without `.json` or `.toml` (such as a pipe), by its first
    /// character. No TOML text begins with a brace.
    pub(super) fn is_json(&self, text: &str) -> bool {
        let extension = match self {
            Location::Disk(path) => path.extension(),
            Location::Shipped(_) | Location::Input => None,
        };
        match extension {
            Some(extension) if extension == "json" => true,
            Some(extension) if extension == "toml" => false,
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
    // Opening a device or a named pipe without a writer could block forever. A pipe that a shell has opened for this
    // process (`kadry check <(...)`) cannot.
    let readable = metadata.is_file() || (is_open_here(path) && is_pipe(&metadata));
    if !readable {
        return Err(Problem::NotAFile { path: name, directory: metadata.is_dir() });
    }
    let file = File::open(path).map_err(unreadable)?;
    decode(file, name)
}

/// Reads standard input, which can be read only once.
fn read_input() -> Result<String, Problem> {
    static READ: AtomicBool = AtomicBool::new(false);
    if READ.swap(true, Ordering::Relaxed) {
        return Err(Problem::StandardInputTwice);
    }
    decode(std::io::stdin().lock(), STANDARD_INPUT.1.to_owned())
}

/// Whether a path is an open file descriptor of this process.
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

/// Reads a UTF-8 text of at most [`MAX_BYTES`] and removes a byte order mark; `name` is its name in messages.
fn decode(reader: impl Read, name: String) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    // Reading one byte more than allowed detects a file that is too large, even one that grows meanwhile.
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

/// The message of a system error in lower case, without the error number.
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
