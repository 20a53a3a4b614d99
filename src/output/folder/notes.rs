//! Stores small files about the work in progress: what each process computes, and why a run failed.
//!
//! They serve `status` alone. No result depends on them, so a note that cannot be written is not an error.

use super::{FAILURES, TEMPORARY, WORK, WORKERS};
use crate::output::single_files::temporary;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The kinds of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// What a process computes.
    Worker,
    /// Why a run failed.
    Failure,
}

impl Note {
    fn folder(self, folder: &Path) -> PathBuf {
        folder.join(WORK).join(match self {
            Note::Worker => WORKERS,
            Note::Failure => FAILURES,
        })
    }
}

/// Writes a note, if the folder of the work in progress exists.
pub fn write_note(folder: &Path, kind: Note, name: &str, bytes: &[u8]) {
    let notes = kind.folder(folder);
    let write = || {
        // A link could lead out of the result folder.
        match fs::symlink_metadata(&notes) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(std::io::ErrorKind::NotADirectory.into()),
            Err(_) => fs::create_dir(&notes)?,
        }
        let mut file = temporary(&notes, TEMPORARY)?;
        file.write_all(bytes)?;
        file.persist(notes.join(name)).map_err(|error| error.error)
    };
    let _ = write();
}

/// Removes a note.
pub fn remove_note(folder: &Path, kind: Note, name: &str) {
    let notes = kind.folder(folder);
    if fs::symlink_metadata(&notes).is_ok_and(|found| found.is_dir()) {
        let _ = fs::remove_file(notes.join(name));
    }
}

/// Reads the notes of a kind: name, contents, and the time since each was written, in the order of their names.
pub fn notes(folder: &Path, kind: Note) -> Vec<(String, Vec<u8>, Duration)> {
    let entries = fs::read_dir(kind.folder(folder)).into_iter().flatten().flatten();
    let mut notes: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok().filter(|name| !name.starts_with(TEMPORARY))?;
            let age = entry.metadata().ok()?.modified().ok()?.elapsed().unwrap_or_default();
            Some((name, fs::read(entry.path()).ok()?, age))
        })
        .collect();
    notes.sort();
    notes
}

/// Name of this process among all that may work on a folder: host and process number.
pub fn process_name() -> String {
    format!("{}-{}", super::lock::host(), std::process::id())
}
