//! Writes single files outside the result folder protocol: pages and pictures.
//!
//! A file is written under a temporary name and renamed, so a half-written file is never visible. It replaces an
//! existing file only with `--force`, and only if kadry wrote that file and it has not been changed since. To detect
//! this, a page ends with a seal and a folder of pictures contains a list of digests.

use super::folder::{hexadecimal, in_words, mark_of};
use super::manifest::{FileMark, Program};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// File name of the list in a folder of pictures.
const LIST: &str = "pictures.json";

/// Beginning of a seal, the last line of a page.
const SEAL: &str = "<!-- kadry: ";

/// The error if a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum SingleFileError {
    /// The file exists, and `force` is not given.
    #[error("{0} already exists: give --force to replace it, or write elsewhere")]
    Exists(PathBuf),
    /// The file exists, and kadry did not write it or it has been changed.
    #[error(
        "{0} is not a file that kadry wrote, or has been changed since, so it is not replaced: move it away, or write elsewhere"
    )]
    NotOurs(PathBuf),
    /// The folder of the file does not exist.
    #[error("cannot write {0}: there is no folder {1}; create it, or write elsewhere")]
    NoFolder(PathBuf, PathBuf),
    /// The system refused to write the file.
    #[error("cannot write {path}: {reason}; free some space, or write elsewhere", path = .0.display(), reason = in_words(.1))]
    Write(PathBuf, io::Error),
}

/// The seal of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Digest of the manifest of the result that the page was made from.
    pub manifest: Option<String>,
    /// Whether the page is unchanged since kadry wrote it.
    pub intact: bool,
}

/// Reads the seal of a page; `None` if the page has no seal or cannot be read.
pub fn seal_of(path: &Path) -> Option<Seal> {
    let text = String::from_utf8(read_regular(path).ok()?).ok()?;
    let begin = text.rfind(SEAL)?;
    let words: Vec<&str> = text[begin + SEAL.len()..].split_whitespace().collect();
    let after = |word: &str| {
        let position = words.iter().position(|other| *other == word)?;
        words.get(position + 1).map(|value| (*value).to_owned())
    };
    let manifest = after("manifest");
    // Anything else in the last line or after it was added by the user.
    let intact = text == sealed(&text[..begin], manifest.as_deref());
    Some(Seal { manifest, intact })
}

/// Whether a page is as kadry wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageState {
    /// It is.
    Intact,
    /// It has been changed.
    Changed,
    /// There is no page of kadry.
    None,
}

/// Whether the page at a path is as kadry wrote it.
pub fn page_state(path: &Path) -> PageState {
    match seal_of(path) {
        Some(Seal { intact: true, .. }) => PageState::Intact,
        Some(_) => PageState::Changed,
        // A damaged seal is none, but the head of a page names the program, too.
        None => match read_regular(path) {
            Ok(bytes) if bytes.windows(GENERATOR.len()).any(|bytes| bytes == GENERATOR) => PageState::Changed,
            _ => PageState::None,
        },
    }
}

/// Part of the head of every page.
const GENERATOR: &[u8] = b"<meta name=\"generator\" content=\"kadry";

/// Appends a seal to a page.
fn sealed(page: &str, manifest: Option<&str>) -> String {
    let manifest = manifest.map_or_else(String::new, |digest| format!("manifest {digest} "));
    format!("{page}{SEAL}{manifest}sha256 {} -->\n", digest(page))
}

fn digest(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

/// Checks whether a page may be written.
///
/// # Errors
///
/// If the folder does not exist, or the file exists and must not be replaced.
pub fn may_write(path: &Path, force: bool) -> Result<(), SingleFileError> {
    match fs::symlink_metadata(path) {
        Err(_) => match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) if !folder.is_dir() => Err(SingleFileError::NoFolder(path.into(), folder.into())),
            _ => Ok(()),
        },
        Ok(found) if !found.is_file() => Err(SingleFileError::NotOurs(path.into())),
        Ok(_) if !force => Err(SingleFileError::Exists(path.into())),
        Ok(_) if seal_of(path).is_some_and(|seal| seal.intact) => Ok(()),
        Ok(_) => Err(SingleFileError::NotOurs(path.into())),
    }
}

/// Writes a page with a seal, an HTML comment, as its last line. `manifest` is the digest of the manifest of the result
/// that the page was made from. `force` allows replacing an unchanged page of kadry.
///
/// # Errors
///
/// If the file must not be replaced or cannot be written.
pub fn write_sealed(
    path: &Path,
    page: &str,
    manifest: Option<&str>,
    force: bool,
) -> Result<(), SingleFileError> {
    may_write(path, force)?;
    write(path, sealed(page, manifest).as_bytes())
}

/// The list in a folder of pictures.
#[derive(Debug, Serialize, Deserialize)]
struct List {
    program: Program,
    files: BTreeMap<String, FileMark>,
}

/// Writes pictures and a list of them to a folder, and creates the folder if necessary. `force` allows replacing
/// unchanged pictures of kadry. All names are checked before the first file is written.
///
/// # Errors
///
/// If a file must not be replaced or cannot be written.
pub fn write_pictures(
    folder: &Path,
    files: impl IntoIterator<Item = (String, String)>,
    force: bool,
) -> Result<(), SingleFileError> {
    let files: Vec<(String, String)> = files.into_iter().collect();
    let list = folder.join(LIST);
    let known = match fs::read(&list) {
        Ok(bytes) => {
            let list: Option<List> = serde_json::from_slice(&bytes).ok();
            let list = list.filter(|list: &List| list.program.name == Program::this().name);
            list.ok_or_else(|| SingleFileError::NotOurs(folder.join(LIST)))?.files
        }
        Err(_) => BTreeMap::new(),
    };
    let written_by_kadry = |name: &str| {
        let path = folder.join(name);
        let regular = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
        let mark = mark_of(&path).ok();
        let same = files.iter().find(|(other, _)| other == name);
        let same =
            same.is_some_and(|(_, text)| mark.as_ref().is_some_and(|mark| mark.sha256 == digest(text)));
        regular && (same || mark.is_some() && mark == known.get(name).cloned())
    };
    let names = files.iter().map(|(name, _)| name.as_str());
    for name in names.chain([LIST]) {
        let path = folder.join(name);
        match fs::symlink_metadata(&path) {
            Err(_) => {}
            Ok(_) if !force => return Err(SingleFileError::Exists(path)),
            Ok(_) if name == LIST || written_by_kadry(name) => {}
            Ok(_) => return Err(SingleFileError::NotOurs(path)),
        }
    }
    fs::create_dir_all(folder).map_err(|reason| SingleFileError::Write(folder.into(), reason))?;
    let mut marks = BTreeMap::new();
    for (name, text) in &files {
        write(&folder.join(name), text.as_bytes())?;
        marks.insert(name.clone(), FileMark { sha256: digest(text), bytes: text.len() as u64 });
    }
    // Remove pictures of the earlier result that the new one does not have.
    let stale = known
        .keys()
        .filter(|name| !marks.contains_key(*name) && !name.contains(['/', '\\']) && written_by_kadry(name));
    stale.for_each(|name| drop(fs::remove_file(folder.join(name))));
    let list_text = serde_json::to_vec_pretty(&List { program: Program::this(), files: marks });
    write(&list, &list_text.expect("a list has text keys"))
}

/// Writes a file under a temporary name and renames it.
fn write(path: &Path, bytes: &[u8]) -> Result<(), SingleFileError> {
    let error = |reason| SingleFileError::Write(path.into(), reason);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.file_name().is_none() {
        return Err(error(io::Error::other("it has no name")));
    }
    let write = || {
        let mut file = temporary(folder, ".kadry-")?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)
    };
    write().map(drop).map_err(error)
}

/// Reads a regular file; fails for a pipe or a device, which could block forever.
pub(crate) fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.is_file() {
        fs::read(path)
    } else {
        Err(io::Error::other("it is not a regular file"))
    }
}

/// Creates a temporary file in a folder with the permissions of an ordinary new file.
pub(crate) fn temporary(folder: &Path, prefix: &str) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The umask removes permissions.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_replaced_only_with_force_and_only_if_kadry_wrote_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("page.html");
        write_sealed(&path, "old\n", Some("abc"), false).unwrap();
        assert_eq!(seal_of(&path), Some(Seal { manifest: Some("abc".into()), intact: true }));
        assert!(matches!(write_sealed(&path, "new\n", None, false), Err(SingleFileError::Exists(_))));
        write_sealed(&path, "new\n", None, true).unwrap();
        assert!(fs::read_to_string(&path).unwrap().starts_with("new\n"));
        assert_eq!(seal_of(&path), Some(Seal { manifest: None, intact: true }));
        let page = fs::read_to_string(&path).unwrap();
        fs::write(&path, page.clone() + "my notes\n").unwrap();
        assert!(matches!(write_sealed(&path, "new\n", None, true), Err(SingleFileError::NotOurs(_))));
        fs::write(&path, page.replace("new", "my own")).unwrap();
        assert!(matches!(write_sealed(&path, "new\n", None, true), Err(SingleFileError::NotOurs(_))));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        assert!(matches!(write_sealed(home.path(), "", None, true), Err(SingleFileError::NotOurs(_))));
        assert!(matches!(
            write_sealed(&home.path().join("no/where"), "", None, true),
            Err(SingleFileError::NoFolder(..))
        ));
    }

    #[test]
    fn pictures_are_replaced_only_with_force_and_only_if_kadry_wrote_them() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("pictures");
        let files =
            |text: &str| [("a.svg".to_owned(), text.to_owned()), ("a.csv".to_owned(), "2".to_owned())];
        write_pictures(&folder, files("1"), false).unwrap();
        assert!(matches!(write_pictures(&folder, files("2"), false), Err(SingleFileError::Exists(_))));
        write_pictures(&folder, files("2"), true).unwrap();
        assert_eq!(fs::read_to_string(folder.join("a.svg")).unwrap(), "2");
        fs::write(folder.join("a.csv"), "my own").unwrap();
        assert!(matches!(write_pictures(&folder, files("3"), true), Err(SingleFileError::NotOurs(_))));
        assert_eq!(fs::read_to_string(folder.join("a.svg")).unwrap(), "2");
        // A picture that the new result does not have is removed, unless it has been changed.
        write_pictures(&folder, [("b.svg".to_owned(), "4".to_owned())], true).unwrap();
        assert!(!folder.join("a.svg").exists() && folder.join("a.csv").exists());
    }

    #[test]
    fn a_planted_link_is_not_followed() {
        let home = tempfile::tempdir().unwrap();
        let precious = home.path().join("precious");
        fs::write(&precious, "years of work").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&precious, home.path().join("page.html")).unwrap();
        #[cfg(unix)]
        assert!(write_sealed(&home.path().join("page.html"), "x", None, true).is_err());
        assert_eq!(fs::read_to_string(&precious).unwrap(), "years of work");
    }
}
