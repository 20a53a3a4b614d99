//! Moves finished tables out of the work folder. Every step can be interrupted and done again.
//!
//! The manifest of the new result is written to `.kadry/manifest.json` before anything moves. From then on the result
//! exists: whichever process comes next finishes the move. The manifest of an older result goes first, so that a mixture
//! of both never has one.

use super::{FolderError, PENDING, REPLACED, TABLES, Workspace, mark_of, state};
use crate::output::manifest::{self, Manifest};
use crate::output::place::read_regular;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

impl Workspace {
    /// Moves the tables of the pending manifest into place, then the manifest.
    pub(super) fn roll_forward(&self) -> Result<(), FolderError> {
        let pending = self.work().join(PENDING);
        let error = |file: &str| {
            let file = self.shown.join(file).display().to_string();
            move |reason| FolderError::Write { file, reason }
        };
        let read = |path: &Path| Manifest::from_bytes(&read_regular(path).ok()?).ok();
        let Some(new) = read(&pending) else { return Ok(()) };
        let there = self.root.join(manifest::FILE);
        if read(&there).is_some_and(|there| there.digest != new.digest) {
            fs::rename(&there, self.work().join(REPLACED)).map_err(error(manifest::FILE))?;
        }
        if let Some(old) = read(&self.work().join(REPLACED)) {
            self.remove_replaced(&old, &new).map_err(error(manifest::FILE))?;
        }
        for (file, mark) in &new.files {
            let (draft, target) = (self.work().join(TABLES).join(file), self.root.join(file));
            if fs::symlink_metadata(&draft).is_ok() {
                if !state::parent_is_a_folder(&self.root, file) {
                    return Err(FolderError::Taken { path: self.shown.clone(), file: file.clone() });
                }
                if let Some(folder) = target.parent() {
                    fs::create_dir_all(folder).map_err(error(file))?;
                }
                self.move_out(&draft, &target, file)?;
            } else if !state::fits(&target, mark) {
                self.abandon(&new);
                return Err(FolderError::Lost { path: self.shown.clone(), file: file.clone() });
            }
        }
        self.move_out(&pending, &there, manifest::FILE)?;
        let _ = fs::remove_file(self.work().join(REPLACED));
        // So that the names survive a failure of power. Some file systems cannot do this for folders.
        let _ = fs::File::open(&self.root).and_then(|folder| folder.sync_all());
        Ok(())
    }

    /// Removes the files of a result that is replaced, as far as they are still what its manifest says.
    fn remove_replaced(&self, old: &Manifest, new: &Manifest) -> io::Result<()> {
        let mut folders = BTreeSet::new();
        for (file, mark) in &old.files {
            // A file of the new result that has been moved already may equal the old one.
            let moved = new.files.contains_key(file)
                && fs::symlink_metadata(self.work().join(TABLES).join(file)).is_err();
            let path = self.root.join(file);
            if !moved && state::parent_is_a_folder(&self.root, file) && state::fits(&path, mark) {
                fs::remove_file(&path)?;
                folders.extend(Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty()));
            }
        }
        // A folder in which the user has files of their own is not empty, and stays.
        folders.iter().for_each(|folder| drop(fs::remove_dir(self.root.join(folder))));
        Ok(())
    }

    /// Gives up a move that cannot be finished, because a table that had been moved was removed or changed since: removes
    /// the tables that are there as they were written, so that the next command writes all of them again from the parts.
    fn abandon(&self, new: &Manifest) {
        for (file, mark) in &new.files {
            let path = self.root.join(file);
            if state::parent_is_a_folder(&self.root, file) && state::fits(&path, mark) {
                let _ = fs::remove_file(path);
            }
        }
        for name in [PENDING, REPLACED] {
            let _ = fs::remove_file(self.work().join(name));
        }
    }

    /// Renames a file; never over another one.
    fn move_out(&self, from: &Path, to: &Path, file: &str) -> Result<(), FolderError> {
        let mut path =
            tempfile::TempPath::try_from_path(from).map_err(|reason| self.write_error(file, reason))?;
        path.disable_cleanup(true);
        let Err(error) = path.persist_noclobber(to) else { return Ok(()) };
        match error.error {
            // Where files are moved by a second name for them, a process may have been killed between the two steps.
            reason if reason.kind() == io::ErrorKind::AlreadyExists => match (mark_of(from), mark_of(to)) {
                (Ok(ours), Ok(there)) if ours == there => {
                    fs::remove_file(from).map_err(|reason| self.write_error(file, reason))
                }
                _ => Err(FolderError::Taken { path: self.shown.clone(), file: file.into() }),
            },
            // Some file systems know neither a rename that does not replace nor second names.
            _ if fs::symlink_metadata(to).is_err() => {
                fs::rename(from, to).map_err(|reason| self.write_error(file, reason))
            }
            reason => Err(self.write_error(file, reason)),
        }
    }
}
