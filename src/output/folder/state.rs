//! What a folder is: finished, unfinished, empty, or the user's. Reads, and changes nothing.

use super::{FolderError, PARTS, PENDING, PLAN, TABLES, WORK, mark_of};
use crate::output::manifest::{self, FileMark, Manifest, PlanMark};
use crate::output::place::read_regular;
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
pub(super) fn look(folder: &Path, shown: &Path) -> Result<Found, FolderError> {
    let Ok(metadata) = fs::metadata(folder) else {
        // Without the slash at the end, which would follow the link.
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
    // A link would lead kadry to files that are not its own.
    for name in ["", PARTS, TABLES, "tables/scenarios"] {
        let name = Path::new(WORK).join(name);
        if fs::symlink_metadata(folder.join(&name).components().as_path()).is_ok_and(|found| !found.is_dir())
        {
            return Err(FolderError::Taken { path: shown.into(), file: name.display().to_string() });
        }
    }
    let in_work = work.is_dir();
    let begun = read_regular(&work.join(PLAN)).ok().and_then(|bytes| PlanMark::from_bytes(&bytes).ok());
    let pending = read_regular(&work.join(PENDING)).is_ok_and(|bytes| Manifest::from_bytes(&bytes).is_ok());
    if manifest.is_none() && begun.is_none() && !pending {
        let entries =
            fs::read_dir(folder).map_err(|reason| FolderError::Make { path: shown.into(), reason })?;
        // A new file system has a folder of its own.
        let foreign =
            entries.flatten().find(|entry| entry.file_name() != WORK && entry.file_name() != "lost+found");
        if let Some(entry) = foreign {
            let name = entry.file_name().to_string_lossy().into_owned();
            return Err(FolderError::Foreign(shown.into(), name));
        }
    }
    Ok(Found { manifest, begun, pending, in_work })
}

/// The manifest of a folder; one that is not kadry's is an error, because kadry would have to overwrite it.
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
    let found = look(folder, folder)?;
    if found.manifest.as_ref().is_some_and(|manifest| manifest.is_of(plan) && whole(folder, manifest)) {
        return Ok(Standing::Finished);
    }
    let standing = match found.begun.as_ref().or(found.manifest.as_ref().map(|manifest| &manifest.plan)) {
        None => Standing::New,
        Some(_) if found.begun.as_ref() == Some(plan) => Standing::Continues,
        Some(other) if replace || other == plan => Standing::Replaces,
        Some(other) => return Err(other_plan(folder, other, plan, found.begun.is_some())),
    };
    check_names(folder, folder, &plan.files, found.manifest.as_ref())?;
    Ok(standing)
}

/// The error about a folder that holds another plan than the one asked for.
pub(super) fn other_plan(shown: &Path, theirs: &PlanMark, asked: &PlanMark, unfinished: bool) -> FolderError {
    let extendable = !unfinished && theirs.can_be_extended_to(asked);
    FolderError::OtherPlan { path: shown.into(), what: theirs.difference(asked), unfinished, extendable }
}

/// Refuses to go on if a file of the user has a name that kadry needs. `own` is the manifest of the result that is
/// replaced.
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
        let ours = || own.and_then(|own| own.files.get(file)).is_some_and(|mark| fits(&path, mark));
        if !free && !ours() {
            return Err(taken(file));
        }
    }
    Ok(())
}

/// False if the folder that a file is in is there and is a link, which would lead out of the result folder, or a file.
pub(super) fn parent_is_a_folder(root: &Path, file: &str) -> bool {
    let parent = Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty());
    parent.is_none_or(|folder| fs::symlink_metadata(root.join(folder)).map_or(true, |found| found.is_dir()))
}
