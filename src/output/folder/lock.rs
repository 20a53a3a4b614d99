//! Locks a result folder, so that only one `run` or `compare` writes to it at a time.
//!
//! The lock is a file lock, which the system releases however the process ends; a stale process number cannot block the
//! folder.

use super::{FolderError, LOCK, WORK};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Number of attempts to lock a file that other processes may remove at the same time.
const ATTEMPTS: usize = 100;

/// A locked folder; dropping it releases the lock.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Locks a folder; `shown` is its name in messages.
    pub(super) fn take(root: &Path, shown: &Path) -> Result<Self, FolderError> {
        let make = |reason| FolderError::Make { path: shown.into(), reason };
        let path = root.join(WORK).join(LOCK);
        for _ in 0..ATTEMPTS {
            match fs::create_dir(root.join(WORK)) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(make(error)),
                _ => {}
            }
            // A link could lead out of the result folder.
            if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
                return Err(FolderError::Taken { path: shown.into(), file: format!("{WORK}/{LOCK}") });
            }
            let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
            let mut file = match opened {
                // The previous holder has just removed the folder.
                Err(error) if error.kind() == io::ErrorKind::NotFound && root.is_dir() => continue,
                other => other.map_err(make)?,
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(FolderError::Busy { path: shown.into(), holder: holder(&mut file) });
                }
                // Without a lock, two processes could mix their runs.
                Err(TryLockError::Error(reason)) => {
                    let _ = fs::remove_file(&path).and_then(|()| fs::remove_dir(root.join(WORK)));
                    return Err(FolderError::NoLock { path: shown.into(), reason });
                }
            }
            if !is_at(&file, &path) {
                continue;
            }
            let holder = format!("process {} on {}", std::process::id(), host());
            let write =
                file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(holder.as_bytes()));
            write.map_err(make)?;
            return Ok(Lock { path, file });
        }
        Err(FolderError::Busy { path: shown.into(), holder: "other processes".into() })
    }

    /// Whether the lock file is still in place. If not, the folder has been removed or replaced, and the path belongs
    /// to another process.
    pub(super) fn holds(&self) -> bool {
        is_at(&self.file, &self.path)
    }

    /// Removes the lock file and releases the lock.
    pub(super) fn remove(self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether a path leads to the open file; the previous holder of the lock may have removed it.
#[cfg(unix)]
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |found: fs::Metadata| (found.dev(), found.ino());
    let open = file.metadata().ok().map(identity);
    open.is_some() && open == fs::symlink_metadata(path).ok().map(identity)
}

#[cfg(not(unix))]
pub(super) fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}

pub(super) fn host() -> String {
    #[cfg(unix)]
    return rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    return std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this machine".into());
}

/// Describes the process that holds a lock file, and how long it has held it.
fn holder(file: &mut File) -> String {
    let mut name = String::new();
    if file.read_to_string(&mut name).is_err() || name.trim().is_empty() {
        "another process".clone_into(&mut name);
    }
    let since = file.metadata().and_then(|file| file.modified()).ok().and_then(|since| since.elapsed().ok());
    since.map_or_else(|| name.clone(), |since| format!("{name} (for {} s)", since.as_secs()))
}
