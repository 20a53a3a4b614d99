//! What a folder is: finished, unfinished, empty, or the user's. Reads, and changes nothing.

use super::{FolderError, PENDING, PLAN, WORK, mark_of};
use crate::output::manifest::{self, FileMark, Manifest, PlanMark};
use std::fs;
use std::path::Path;

/// What kadry has left in a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The manifest, if there is one.
    pub(super) manifest: Option<Manifest>,
    /// The plan of the work in progress.
    pub(super) begun: Option<PlanMark>,
    /// The manifest of a result whose tables were being moved out.
    pub(super) pending: bool,
    /// True if there is a folder of work in progress.
    pub(super) in_work: bool,
}

/// Looks at a folder.
///
/// # Errors
///
/// If it belongs to the user, or is no folder.
pub(super) fn look(folder: &Path) -> Result<Found, FolderError> {
    let Ok(metadata) = fs::metadata(folder) else {
        return match fs::read_link(folder) {
            Ok(to) => Err(FolderError::Dangling(folder.into(), to)),
            Err(_) => Ok(Found::default()),
        };
    };
    if !metadata.is_dir() {
        return Err(FolderError::NotAFolder(folder.into()));
    }
    let manifest = read_manifest(folder)?;
    let work = folder.join(WORK);
    let in_work = match fs::symlink_metadata(&work) {
        // A link would lead kadry to files that are not its own.
        Ok(metadata) if !metadata.is_dir() => {
            return Err(FolderError::Taken { path: folder.into(), file: WORK.into() });
        }
        Ok(_) => true,
        Err(_) => false,
    };
    let begun = fs::read(work.join(PLAN)).ok().and_then(|bytes| PlanMark::from_bytes(&bytes).ok());
    let pending = fs::read(work.join(PENDING)).is_ok_and(|bytes| Manifest::from_bytes(&bytes).is_ok());
    if manifest.is_none() && begun.is_none() && !pending {
        let entries =
            fs::read_dir(folder).map_err(|reason| FolderError::Make { path: folder.into(), reason })?;
        if entries.flatten().any(|entry| entry.file_name() != WORK) {
            return Err(FolderError::Foreign(folder.into()));
        }
    }
    Ok(Found { manifest, begun, pending, in_work })
}

/// The manifest of a folder; one that is not kadry's is an error, because kadry would have to overwrite it.
fn read_manifest(folder: &Path) -> Result<Option<Manifest>, FolderError> {
    let path = folder.join(manifest::FILE);
    let error = |reason: String| FolderError::Manifest(folder.into(), reason);
    match fs::symlink_metadata(&path) {
        Err(_) => Ok(None),
        Ok(metadata) if !metadata.is_file() => Err(error("it is not a regular file".into())),
        Ok(_) => {
            let bytes = fs::read(&path).map_err(|reason| error(reason.to_string()))?;
            Manifest::from_bytes(&bytes).map(Some).map_err(error)
        }
    }
}

/// True if a file is there and is what a mark says.
pub(super) fn fits(path: &Path, mark: &FileMark) -> bool {
    let regular = fs::symlink_metadata(path).is_ok_and(|file| file.is_file() && file.len() == mark.bytes);
    regular && mark_of(path).is_ok_and(|found| found == *mark)
}

/// True if every file of a manifest is there and is what it says.
pub(super) fn whole(folder: &Path, manifest: &Manifest) -> bool {
    manifest.files.iter().all(|(file, mark)| fits(&folder.join(file), mark))
}

/// What would happen to a folder, for `--dry-run`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is new or empty.
    New,
    /// It is unfinished, and the plan would be continued.
    Continues,
    /// It is finished, and nothing would be done.
    Finished,
    /// Kadry's own files in it would be replaced.
    Replaces,
}

/// What would happen to a folder.
///
/// # Errors
///
/// As [`super::open`], except for what shows only when the folder is locked or written.
pub fn standing(folder: &Path, plan: &PlanMark, replace: bool) -> Result<Standing, FolderError> {
    let found = look(folder)?;
    if found.manifest.as_ref().is_some_and(|manifest| manifest.is_of(plan) && whole(folder, manifest)) {
        return Ok(Standing::Finished);
    }
    if found.begun.as_ref() == Some(plan) {
        return Ok(Standing::Continues);
    }
    let unfinished = found.begun.is_some();
    match found.begun.or(found.manifest.map(|manifest| manifest.plan)) {
        None => Ok(Standing::New),
        Some(other) if replace || other == *plan => Ok(Standing::Replaces),
        Some(other) => {
            Err(FolderError::OtherPlan { path: folder.into(), what: other.difference(plan), unfinished })
        }
    }
}
