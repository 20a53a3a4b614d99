//! Single files put in place: written under a hidden name beside the target, and moved.
//!
//! Owns that a file is whole wherever it stands under its name, and that nothing is replaced unless that was asked for.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file could not be put in place.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// It is there already.
    #[error("{0} exists already: give --force to replace it, or write elsewhere")]
    Exists(PathBuf),
    /// It cannot be written.
    #[error("cannot write {0}: {1}; free some space, or write elsewhere")]
    Write(PathBuf, io::Error),
}

fn refuse_unless_free(target: &Path, force: bool) -> Result<(), PlaceError> {
    match fs::symlink_metadata(target) {
        Ok(_) if !force => Err(PlaceError::Exists(target.into())),
        Ok(metadata) if metadata.is_dir() => {
            Err(PlaceError::Write(target.into(), io::Error::other("it is a folder")))
        }
        _ => Ok(()),
    }
}

/// Writes a file; with `force` an older one is replaced once the new one is whole.
///
/// # Errors
///
/// If something stands under its name, or the disk cannot take it; nothing is left then that was not there before.
pub fn place_file(target: &Path, bytes: &[u8], force: bool) -> Result<(), PlaceError> {
    refuse_unless_free(target, force)?;
    let error = |reason| PlaceError::Write(target.into(), reason);
    let name = target.file_name().ok_or_else(|| error(io::Error::other("it has no name of its own")))?;
    let hidden = target.with_file_name(format!(".{}.partial-{}", name.to_string_lossy(), std::process::id()));
    let write = || {
        let mut file = fs::File::create_new(&hidden)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&hidden, target)
    };
    write().map_err(|reason| {
        let _ = fs::remove_file(&hidden);
        error(reason)
    })
}

/// Writes files into a folder, which is made if it is not there. All names are looked at before anything is written.
///
/// # Errors
///
/// As for [`place_file`]; the files before the one that fails stay.
pub fn place_folder(
    folder: &Path,
    files: impl IntoIterator<Item = (String, String)>,
    force: bool,
) -> Result<(), PlaceError> {
    let files: Vec<(PathBuf, String)> =
        files.into_iter().map(|(name, text)| (folder.join(name), text)).collect();
    files.iter().try_for_each(|(target, _)| refuse_unless_free(target, force))?;
    fs::create_dir_all(folder).map_err(|reason| PlaceError::Write(folder.into(), reason))?;
    files.iter().try_for_each(|(target, text)| place_file(target, text.as_bytes(), force))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_by_force_and_leaves_nothing_beside_it() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("page.html");
        place_file(&target, b"old", false).unwrap();
        assert!(matches!(place_file(&target, b"new", false), Err(PlaceError::Exists(_))));
        place_file(&target, b"new", true).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        assert!(matches!(place_file(home.path(), b"", true), Err(PlaceError::Write(..))));
        assert!(matches!(place_file(&home.path().join("no/where"), b"", true), Err(PlaceError::Write(..))));
    }

    #[test]
    fn pictures_are_written_all_or_none() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("pictures");
        let files = || [("a.svg".to_owned(), "1".to_owned()), ("b.svg".to_owned(), "2".to_owned())];
        place_folder(&folder, files(), false).unwrap();
        fs::remove_file(folder.join("a.svg")).unwrap();
        assert!(place_folder(&folder, files(), false).is_err());
        assert!(!folder.join("a.svg").exists());
        place_folder(&folder, files(), true).unwrap();
    }
}
