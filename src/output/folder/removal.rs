//! Removes what a command leaves in `.kadry/`, and nothing that belongs to the user.

use super::{
    FAILURES, FolderError, LOGS, PARTS, PENDING, PLAN, REPLACED, SCRIPTS, TABLES, TEMPORARY, WORK, WORKERS,
    Workspace, parts, state,
};
use std::fs;
use std::path::Path;

impl Workspace {
    /// Removes the parts and drafts of a plan.
    pub(super) fn clear(&self, files: &[String]) -> Result<(), FolderError> {
        let parts = parts::clear(&self.work().join(PARTS));
        parts.map_err(|reason| self.write_error(&format!("{WORK}/{PARTS}"), reason))?;
        for folder in [WORKERS, FAILURES, LOGS] {
            let folder = self.work().join(folder);
            // A link could lead to files that are not kadry's.
            if fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir()) {
                let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
                entries.for_each(|entry| drop(fs::remove_file(entry.path())));
                let _ = fs::remove_dir(folder);
            }
        }
        self.remove_drafts(files);
        let _ = fs::remove_file(self.work().join(PLAN));
        Ok(())
    }

    /// Removes unfinished tables and temporary files.
    pub(super) fn remove_drafts(&self, files: &[String]) {
        let tables = self.work().join(TABLES);
        // A link could lead to files that are not kadry's.
        for file in files.iter().filter(|file| state::parent_is_a_folder(&tables, file)) {
            let _ = fs::remove_file(tables.join(file));
        }
        let entries = fs::read_dir(self.work()).into_iter().flatten().flatten();
        let temporary = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(TEMPORARY));
        temporary.for_each(|entry| drop(fs::remove_file(entry.path())));
    }

    /// Removes kadry's files in `.kadry/`, and the folder itself if nothing else is in it.
    pub(super) fn remove_work(&mut self, files: &[String]) {
        let _ = self.clear(files);
        let tables = self.work().join(TABLES);
        for folder in files.iter().filter_map(|file| Path::new(file).parent()) {
            let _ = fs::remove_dir(tables.join(folder));
        }
        for folder in [tables, self.work().join(PARTS)] {
            let _ = fs::remove_dir(folder);
        }
        for name in [PENDING, REPLACED].into_iter().chain(SCRIPTS) {
            let _ = fs::remove_file(self.work().join(name));
        }
        if let Some(lock) = self.lock.take() {
            lock.remove();
        }
        let _ = fs::remove_dir(self.work());
    }
}

impl Drop for Workspace {
    /// Removes work that cannot be continued; keeps finished parts and a started move.
    fn drop(&mut self) {
        if self.check_lock().is_err() {
            return;
        }
        let files = std::mem::take(&mut self.files);
        let pending = self.work().join(PENDING).exists();
        if pending {
            return;
        }
        self.remove_drafts(&files);
        let parts = parts::names(&self.work().join(PARTS));
        if !self.planned && parts.map_or(true, |parts| parts.is_empty()) {
            self.remove_work(&files);
            if self.created {
                let _ = fs::remove_dir(&self.root);
            }
        }
    }
}
