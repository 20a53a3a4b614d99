//! Inspects a folder: finished, unfinished, empty, or the user's. It changes nothing.

use super::{FAILURES, FolderError, LOGS, PARTS, PENDING, PLAN, TABLES, WORK, WORKERS, mark_of};
use crate::output::manifest::{self, FileMark, Manifest};
use crate::output::plan::{PlanFile, PlanMark};
use crate::output::single_files::read_regular;
use std::fs;
use std::path::Path;

/// What kadry has written in a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The manifest, if there is one.
    pub(super) manifest: Option<Manifest>,
    /// The plan of the work in progress.
    pub(super) begun: Option<PlanMark>,
    /// Whether that plan is to be kept without finished runs.
    pub(super) planned: bool,
    /// Whether a move of tables was interrupted.
    pub(super) pending: bool,
    /// Whether there is a folder of work in progress.
    pub(super) in_work: bool,
}

/// Inspects a folder; `shown` is its name in messages.
///
/// # Errors
///
/// If it belongs to the user or is not a folder.
pub(super) fn inspect(folder: &Path, shown: &Path) -> Result<Found, FolderError> {
    let Ok(metadata) = fs::metadata(folder) else {
        // `components` drops a trailing slash, which would follow the link.
        return match fs::read_link(folder.components().as_path()) {
            Ok(to) => Err(FolderError::Dangling(shown.into(), to)),
            Err(_) => Ok(Found::default()),
        };
    };
    if !metadata.is_dir() {
        return Err(FolderError::NotAFolder(shown.into()));
    }
    let manifest = read_manifest(folder, shown)?;
    let work = folder.join(WORK);
    // A link could lead to files that are not kadry's.
    for name in ["", PARTS, TABLES, "tables/scenarios", WORKERS, FAILURES, LOGS] {
        let name = Path::new(WORK).join(name);
        if fs::symlink_metadata(folder.join(&name).components().as_path()).is_ok_and(|found| !found.is_dir())
        {
            return Err(FolderError::Taken { path: shown.into(), file: name.display().to_string() });
        }
    }
    let in_work = work.is_dir();
    let plan = read_regular(&work.join(PLAN)).ok().and_then(|bytes| PlanFile::from_bytes(&bytes).ok());
    let planned = plan.as_ref().is_some_and(|plan| plan.planned);
    let begun = plan.map(|plan| plan.mark);
    let pending = read_regular(&work.join(PENDING)).is_ok_and(|bytes| Manifest::from_bytes(&bytes).is_ok());
    if manifest.is_none() && begun.is_none() && !pending {
        let entries =
            fs::read_dir(folder).map_err(|reason| FolderError::Make { path: shown.into(), reason })?;
        // An empty file system contains `lost+found`.
        let foreign =
            entries.flatten().find(|entry| entry.file_name() != WORK && entry.file_name() != "lost+found");
        if let Some(entry) = foreign {
            let name = entry.file_name().to_string_lossy().into_owned();
            return Err(FolderError::Foreign(shown.into(), name));
        }
    }
    Ok(Found { manifest, begun, planned, pending, in_work })
}

/// Reads the manifest of a folder. A manifest that is not kadry's is an error, because kadry would have to overwrite
/// it.
fn read_manifest(folder: &Path, shown: &Path) -> Result<Option<Manifest>, FolderError> {
    let path = folder.join(manifest::FILE);
    let error = |reason: String| FolderError::Manifest(shown.into(), reason);
    match fs::symlink_metadata(&path) {
        Err(_) => Ok(None),
        Ok(metadata) if !metadata.is_file() => Err(error("it is not a regular file".into())),
        Ok(_) => {
            let bytes = fs::read(&path).map_err(|reason| error(reason.to_string()))?;
            Manifest::from_bytes(&bytes).map(Some).map_err(error)
        }
    }
}

/// Whether a file exists and has the size and digest of the mark.
pub(super) fn is_unchanged(path: &Path, mark: &FileMark) -> bool {
    let regular = fs::symlink_metadata(path).is_ok_and(|file| file.is_file() && file.len() == mark.bytes);
    regular && mark_of(path).is_ok_and(|found| found == *mark)
}

/// Whether all files of a manifest exist unchanged.
pub(super) fn all_unchanged(folder: &Path, manifest: &Manifest) -> bool {
    manifest.files.iter().all(|(file, mark)| is_unchanged(&folder.join(file), mark))
}

/// What a command would find in a folder, for `--dry-run`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderState {
    /// The folder is new or empty.
    New,
    /// The plan is unfinished and would be continued.
    Unfinished,
    /// The plan is finished and nothing would be done.
    Finished,
    /// Kadry's own files would be replaced.
    Replaceable,
}

/// Determines what a command with this plan would find in a folder.
///
/// # Errors
///
/// Same as [`super::open`], except for errors of locking and writing.
pub fn folder_state(folder: &Path, plan: &PlanMark, replace: bool) -> Result<FolderState, FolderError> {
    let found = inspect(folder, folder)?;
    if found.manifest.as_ref().is_some_and(|manifest| manifest.is_of(plan) && all_unchanged(folder, manifest))
    {
        return Ok(FolderState::Finished);
    }
    let state = match found.begun.as_ref().or(found.manifest.as_ref().map(|manifest| &manifest.plan)) {
        None => FolderState::New,
        Some(_) if found.begun.as_ref() == Some(plan) => FolderState::Unfinished,
        Some(other) if replace || other == plan => FolderState::Replaceable,
        Some(other) => return Err(other_plan(folder, other, plan, found.begun.is_some())),
    };
    check_names(folder, folder, &plan.files, found.manifest.as_ref())?;
    Ok(state)
}

/// The error for a folder with another plan.
pub(super) fn other_plan(shown: &Path, theirs: &PlanMark, asked: &PlanMark, unfinished: bool) -> FolderError {
    let extendable = !unfinished && theirs.can_be_extended_to(asked);
    FolderError::OtherPlan { path: shown.into(), what: theirs.difference(asked), unfinished, extendable }
}

/// Checks that no file of the user has a name that kadry needs. `own` is the manifest of the result to replace.
pub(super) fn check_names(
    root: &Path,
    shown: &Path,
    files: &[String],
    own: Option<&Manifest>,
) -> Result<(), FolderError> {
    let taken = |file: &str| FolderError::Taken { path: shown.into(), file: file.into() };
    for file in files {
        let path = root.join(file);
        if !parent_is_a_folder(root, file) {
            return Err(taken(file));
        }
        let free = fs::symlink_metadata(&path).is_err();
        let unchanged =
            || own.and_then(|own| own.files.get(file)).is_some_and(|mark| is_unchanged(&path, mark));
        if !free && !unchanged() {
            return Err(taken(file));
        }
    }
    Ok(())
}

/// Whether the subfolder of a file is a real folder or does not exist. A link could lead out of the result folder.
pub(super) fn parent_is_a_folder(root: &Path, file: &str) -> bool {
    let parent = Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty());
    parent.is_none_or(|folder| fs::symlink_metadata(root.join(folder)).map_or(true, |found| found.is_dir()))
}
