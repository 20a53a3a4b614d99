//! Moves finished tables out of the work folder. Every step can be interrupted and repeated.
//!
//! Before the move, the new manifest is written to `.kadry/manifest.json`. From then on the result is committed: the
//! next process completes an interrupted move. The manifest of an older result is removed first, so that a mixture of
//! both results never has a manifest.

use super::{FolderError, PENDING, REPLACED, TABLES, Workspace, mark_of, state};
use crate::output::manifest::{self, Manifest};
use crate::output::single_files::read_regular;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

impl Workspace {
    /// Moves the tables of the pending manifest into place, then the manifest itself. Does nothing without one.
    pub(super) fn roll_forward(&self) -> Result<(), FolderError> {
        let pending = self.work().join(PENDING);
        let error = |file: &str| {
            let file = self.shown.join(file).display().to_string();
            move |reason| FolderError::Write { file, reason }
        };
        let read = |path: &Path| Manifest::from_bytes(&read_regular(path).ok()?).ok();
        let Some(new) = read(&pending) else { return Ok(()) };
        let target = self.root.join(manifest::FILE);
        if read(&target).is_some_and(|current| current.digest != new.digest) {
            fs::rename(&target, self.work().join(REPLACED)).map_err(error(manifest::FILE))?;
        }
        if let Some(old) = read(&self.work().join(REPLACED)) {
            self.remove_replaced(&old, &new).map_err(error(manifest::FILE))?;
        }
        for (file, mark) in &new.files {
            let (draft, target) = (self.work().join(TABLES).join(file), self.root.join(file));
            if fs::symlink_metadata(&draft).is_ok() {
                // A link in either folder could lead to files that are not kadry's.
                let drafts = self.work().join(TABLES);
                if !state::parent_is_a_folder(&self.root, file) || !state::parent_is_a_folder(&drafts, file) {
                    return Err(FolderError::Taken { path: self.shown.clone(), file: file.clone() });
                }
                if let Some(folder) = target.parent() {
                    fs::create_dir_all(folder).map_err(error(file))?;
                }
                self.move_out(&draft, &target, file)?;
            } else if !state::is_unchanged(&target, mark) {
                self.abandon(&new);
                return Err(FolderError::Lost { path: self.shown.clone(), file: file.clone() });
            }
        }
        self.move_out(&pending, &target, manifest::FILE)?;
        let _ = fs::remove_file(self.work().join(REPLACED));
        // Sync the folder, so that the names survive a power failure. Some file systems cannot sync folders.
        let _ = fs::File::open(&self.root).and_then(|folder| folder.sync_all());
        Ok(())
    }

    /// Removes the files of the replaced result that are unchanged.
    fn remove_replaced(&self, old: &Manifest, new: &Manifest) -> io::Result<()> {
        let mut folders = BTreeSet::new();
        for (file, mark) in &old.files {
            // A file of the new result that has already been moved may equal the old one.
            let moved = new.files.contains_key(file)
                && fs::symlink_metadata(self.work().join(TABLES).join(file)).is_err();
            let path = self.root.join(file);
            if !moved && state::parent_is_a_folder(&self.root, file) && state::is_unchanged(&path, mark) {
                fs::remove_file(&path)?;
                folders.extend(Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty()));
            }
        }
        // A folder with files of the user is not empty and stays.
        folders.iter().for_each(|folder| drop(fs::remove_dir(self.root.join(folder))));
        Ok(())
    }

    /// Abandons a move that cannot be completed, because a moved table has since been removed or changed. Removes the
    /// unchanged tables, so that the next command writes all tables again from the parts.
    fn abandon(&self, new: &Manifest) {
        for (file, mark) in &new.files {
            let path = self.root.join(file);
            if state::parent_is_a_folder(&self.root, file) && state::is_unchanged(&path, mark) {
                let _ = fs::remove_file(path);
            }
        }
        for name in [PENDING, REPLACED] {
            let _ = fs::remove_file(self.work().join(name));
        }
    }

    /// Renames a file without replacing another file.
    fn move_out(&self, from: &Path, to: &Path, file: &str) -> Result<(), FolderError> {
        let mut path =
            tempfile::TempPath::try_from_path(from).map_err(|reason| self.write_error(file, reason))?;
        path.disable_cleanup(true);
        let Err(error) = path.persist_noclobber(to) else { return Ok(()) };
        match error.error {
            // If the rename is a hard link and a removal, a process may have been killed between the two.
            reason if reason.kind() == io::ErrorKind::AlreadyExists => match (mark_of(from), mark_of(to)) {
                (Ok(source), Ok(target)) if source == target => {
                    fs::remove_file(from).map_err(|reason| self.write_error(file, reason))
                }
                _ => Err(FolderError::Taken { path: self.shown.clone(), file: file.into() }),
            },
            // Some file systems support neither a rename without replacing nor hard links.
            _ if fs::symlink_metadata(to).is_err() => {
                fs::rename(from, to).map_err(|reason| self.write_error(file, reason))
            }
            reason => Err(self.write_error(file, reason)),
        }
    }
}
