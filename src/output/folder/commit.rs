//! Moves finished tables out of the work folder. Every step can be interrupted and done again.
//!
//! The manifest of the new result is written to `.kadry/manifest.json` before anything moves. From then on the result
//! exists: whichever process comes next finishes the move. The manifest of an older result goes first, so that a mixture
//! of both never has one.

use super::{FolderError, PENDING, REPLACED, TABLES, Workspace, state};
use crate::output::manifest::{self, Manifest};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

impl Workspace {
    /// Refuses to go on if a file of the user has a name that kadry needs. `own` is the manifest of the result that is
    /// replaced.
    pub(super) fn check_names(&self, own: Option<&Manifest>) -> Result<(), FolderError> {
        let taken = |file: &str| FolderError::Taken { path: self.shown.clone(), file: file.into() };
        for file in &self.files {
            let path = self.root.join(file);
            if let Some(folder) = Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty()) {
                // A link would lead out of the folder.
                if fs::symlink_metadata(self.root.join(folder)).is_ok_and(|found| !found.is_dir()) {
                    return Err(taken(&folder.to_string_lossy()));
                }
            }
            let free = fs::symlink_metadata(&path).is_err();
            let ours =
                || own.and_then(|own| own.files.get(file)).is_some_and(|mark| state::fits(&path, mark));
            if !free && !ours() {
                return Err(taken(file));
            }
        }
        Ok(())
    }

    /// Moves the tables of the pending manifest into place, then the manifest.
    pub(super) fn roll_forward(&self) -> Result<(), FolderError> {
        let pending = self.work().join(PENDING);
        let error = |file: &str| {
            let file = self.shown.join(file).display().to_string();
            move |reason| FolderError::Write { file, reason }
        };
        let read = |path: &Path| {
            let bytes = fs::read(path).ok()?;
            Manifest::from_bytes(&bytes).ok()
        };
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
                if let Some(folder) = target.parent() {
                    fs::create_dir_all(folder).map_err(error(file))?;
                }
                self.move_out(&draft, &target, file)?;
            }
            let moved = fs::symlink_metadata(&target);
            if !moved.is_ok_and(|found| found.is_file() && found.len() == mark.bytes) {
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
            if !moved && state::fits(&path, mark) {
                fs::remove_file(&path)?;
                folders.extend(Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty()));
            }
        }
        // A folder in which the user has files of their own is not empty, and stays.
        folders.iter().for_each(|folder| drop(fs::remove_dir(self.root.join(folder))));
        Ok(())
    }

    /// Renames a file; never over another one.
    fn move_out(&self, from: &Path, to: &Path, file: &str) -> Result<(), FolderError> {
        let mut path =
            tempfile::TempPath::try_from_path(from).map_err(|reason| self.write_error(file, reason))?;
        path.disable_cleanup(true);
        path.persist_noclobber(to).map_err(|error| match error.error {
            reason if reason.kind() == io::ErrorKind::AlreadyExists => {
                FolderError::Taken { path: self.shown.clone(), file: file.into() }
            }
            reason => self.write_error(file, reason),
        })
    }
}
