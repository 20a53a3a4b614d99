//! Stores finished runs in files that are never changed, so that any number of processes can add to them at once.
//!
//! A part is written under a temporary name and renamed. Its name is that of its contents: two processes that write the
//! same part write the same rows. No lock is needed.

use super::lock::is_at;
use super::{DAMAGED, FolderError, PART, TEMPORARY, WORK, check_regular};
use crate::output::single_files::temporary;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// The parts of a result folder.
#[derive(Debug)]
pub struct Parts {
    /// The result folder, as the user named it.
    shown: PathBuf,
    folder: PathBuf,
    /// The folder of parts when it was opened.
    opened: File,
}

impl Parts {
    /// Opens the folder of parts; `shown` is the result folder in messages.
    pub(super) fn open(shown: &Path, folder: PathBuf) -> Result<Self, FolderError> {
        let opened = open_folder(&folder).map_err(|reason| write_error(shown, reason))?;
        Ok(Parts { shown: shown.into(), folder, opened })
    }

    /// Path of the result folder, as the user named it.
    pub fn shown(&self) -> &Path {
        &self.shown
    }

    /// Names of the stored parts, sorted.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn names(&self) -> Result<Vec<String>, FolderError> {
        names(&self.folder).map_err(|reason| self.gone(reason))
    }

    /// Whether a part is stored.
    pub fn contains(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// Reads a part; `None` if it has been removed.
    ///
    /// # Errors
    ///
    /// If it is there and cannot be read. That is no sign of damage: the disk may be away for a moment.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, FolderError> {
        let path = self.path(name);
        self.found(name, check_regular(&path).and_then(|()| fs::read(path)))
    }

    /// Reads the first `lines` lines of a part; `None` if it has been removed.
    ///
    /// # Errors
    ///
    /// As [`Parts::read`].
    pub fn read_lines(&self, name: &str, lines: usize) -> Result<Option<Vec<u8>>, FolderError> {
        let read = || {
            check_regular(&self.path(name))?;
            let mut reader = BufReader::new(File::open(self.path(name))?);
            let mut bytes = Vec::new();
            for _ in 0..lines {
                reader.read_until(b'\n', &mut bytes)?;
            }
            Ok(bytes)
        };
        self.found(name, read())
    }

    fn found(&self, name: &str, read: io::Result<Vec<u8>>) -> Result<Option<Vec<u8>>, FolderError> {
        match read {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(reason) => {
                Err(FolderError::Unreadable { file: self.path(name).display().to_string(), reason })
            }
        }
    }

    /// Stores a part completely or not at all.
    ///
    /// # Errors
    ///
    /// If the disk is full or the folder has been removed or replaced.
    pub fn store(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        if !is_at(&self.opened, &self.folder) {
            return Err(FolderError::Removed(self.shown.clone()));
        }
        let write = || {
            let mut file = temporary(&self.folder, TEMPORARY)?;
            file.write_all(bytes)?;
            // Some file systems report a full disk only on sync.
            file.as_file().sync_all()?;
            file.persist(self.path(name)).map_err(|error| error.error)
        };
        write().map(drop).map_err(|reason| self.gone(reason))
    }

    /// Puts a damaged part out of the way, so that its runs are computed again.
    pub fn put_aside(&self, name: &str) {
        let _ = fs::rename(self.path(name), self.folder.join(format!("{name}{DAMAGED}")));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{PART}"))
    }

    fn gone(&self, reason: io::Error) -> FolderError {
        if is_at(&self.opened, &self.folder) {
            write_error(&self.shown, reason)
        } else {
            FolderError::Removed(self.shown.clone())
        }
    }
}

#[cfg(unix)]
fn open_folder(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

/// Folders cannot be opened everywhere; the folder's own existence is checked instead.
#[cfg(not(unix))]
fn open_folder(folder: &Path) -> io::Result<File> {
    let file = tempfile::tempfile_in(folder)?;
    Ok(file)
}

fn write_error(shown: &Path, reason: io::Error) -> FolderError {
    FolderError::Write { file: shown.join(WORK).display().to_string(), reason }
}

/// Names of the parts in a folder, sorted.
pub(super) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        names.extend(name.to_str().and_then(|name| name.strip_suffix(PART)).map(str::to_owned));
    }
    names.sort_unstable();
    Ok(names)
}

/// Removes the parts and temporary files in a folder; other files stay.
pub(super) fn clear(folder: &Path) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(PART) || name.ends_with(DAMAGED) || name.starts_with(TEMPORARY) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
