//! The folder of a result: drafted under a temporary name beside its target, put in place by a rename at the end.
//!
//! Owns the promise that whatever stands under the target's name is whole: a draft that is dropped, for whatever
//! reason, is removed; what was cut short is kept under a name that ends in `.incomplete`; an older result is
//! replaced only if that was asked for, and only once the new one is complete. Knows nothing of what the files hold.

mod parts;

use super::manifest::{self, FileMark};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

// What the system said stands inside each message, before the advice; as a source it would be told twice.
/// Why a result folder could not be written. Nothing stands under its name then that was not there before.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The target is there already.
    #[error("{0} exists already: give --force to replace it, or --out DIR to write elsewhere")]
    Exists(PathBuf),
    /// The target is there, may be replaced, but is no result folder.
    #[error(
        "{0} is not a result folder (no manifest.json in it), so --force does not replace it: give another --out DIR, or remove it yourself"
    )]
    NotAResult(PathBuf),
    /// The target is a file, or some such.
    #[error("{0} is not a folder: give another --out DIR")]
    NotAFolder(PathBuf),
    /// The target has no name of its own, such as `/` or `..`.
    #[error("{0} has no name of its own: give --out the name of a folder to be made")]
    Nameless(PathBuf),
    /// The folder cannot be made.
    #[error("cannot make a folder in {path}: {reason}; give --out DIR somewhere you may write")]
    Make {
        /// Where.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// A file cannot be written; the disk may be full.
    #[error(
        "cannot write {file}: {reason}; nothing was kept: free some space, or give --out DIR on another disk"
    )]
    Write {
        /// Name of the file in the folder.
        file: String,
        /// What the system said.
        reason: io::Error,
    },
    /// The finished folder cannot be put in place.
    #[error("cannot put the results in place as {path}: {reason}; give another --out DIR")]
    Place {
        /// The target.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

/// What stands under a folder's name before the work starts.
fn refuse_unless_free(target: &Path, force: bool) -> Result<(), FolderError> {
    let Ok(metadata) = fs::metadata(target) else { return Ok(()) };
    if !metadata.is_dir() {
        return Err(FolderError::NotAFolder(target.into()));
    }
    let empty = fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
    match (empty, force) {
        (true, _) => Ok(()),
        (false, false) => Err(FolderError::Exists(target.into())),
        (false, true) if target.join(manifest::FILE).is_file() => Ok(()),
        (false, true) => Err(FolderError::NotAResult(target.into())),
    }
}

/// A result folder while it is written.
#[derive(Debug)]
pub struct Draft {
    shown: PathBuf,
    target: PathBuf,
    directory: PathBuf,
    force: bool,
    marks: BTreeMap<String, FileMark>,
    placed: bool,
}

impl Draft {
    /// Opens a draft for `target`. With `force` an older result folder there will be replaced at the end.
    ///
    /// # Errors
    ///
    /// If something stands in the way, or the disk does not let itself be written.
    pub fn open(target: &Path, force: bool) -> Result<Self, FolderError> {
        refuse_unless_free(target, force)?;
        let make = |path: &Path| {
            let path = path.to_path_buf();
            move |reason| FolderError::Make { path, reason }
        };
        // A link is followed now, so that the rename at the end meets the folder and not the link to it.
        let resolved =
            fs::canonicalize(target).or_else(|_| std::path::absolute(target)).map_err(make(target))?;
        let (Some(parent), Some(name)) = (resolved.parent(), resolved.file_name()) else {
            return Err(FolderError::Nameless(target.into()));
        };
        fs::create_dir_all(parent).map_err(make(parent))?;
        let directory = parent.join(format!(".{}.partial-{}", name.to_string_lossy(), std::process::id()));
        fs::create_dir(&directory).map_err(make(parent))?;
        let marks = BTreeMap::new();
        Ok(Draft { shown: target.into(), target: resolved, directory, force, marks, placed: false })
    }

    /// Opens a file that will be written piece by piece.
    ///
    /// # Errors
    ///
    /// If the file cannot be made.
    pub fn stream(&self, file: &str) -> Result<Stream, FolderError> {
        let path = self.directory.join(file);
        // A file may stand in a folder of its own, such as `scenarios/historical.toml`.
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let made = folder.and_then(|()| File::create_new(&path));
        let made = made.map_err(|reason| FolderError::Write { file: file.into(), reason })?;
        Ok(Stream {
            file: file.into(),
            writer: BufWriter::with_capacity(1 << 16, made),
            digest: Sha256::new(),
            bytes: 0,
        })
    }

    /// Closes a file and notes its digest.
    ///
    /// # Errors
    ///
    /// If the disk cannot take the rest.
    pub fn close(&mut self, stream: Stream) -> Result<(), FolderError> {
        let Stream { file, writer, digest, bytes } = stream;
        let error = |reason| FolderError::Write { file: file.clone(), reason };
        let written = writer.into_inner().map_err(|failure| error(failure.into_error()))?;
        // Some disks report that they are full only now.
        written.sync_all().map_err(error)?;
        self.marks.insert(file, FileMark { sha256: hexadecimal(&digest.finalize()), bytes });
        Ok(())
    }

    /// Writes a whole file and notes its digest.
    ///
    /// # Errors
    ///
    /// If the disk cannot take it.
    pub fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let mut stream = self.stream(file)?;
        stream.append(bytes)?;
        self.close(stream)
    }

    /// Digests and sizes of the files closed so far, by name.
    pub fn marks(&self) -> &BTreeMap<String, FileMark> {
        &self.marks
    }

    /// Writes the manifest and puts the folder under its name; tells where it stands. If another run has taken the
    /// name meanwhile, a number is added to it.
    ///
    /// # Errors
    ///
    /// If the disk cannot take the manifest, or the rename fails; an older result is back in its place then.
    pub fn finish(mut self, manifest: &[u8]) -> Result<PathBuf, FolderError> {
        self.write(manifest::FILE, manifest)?;
        // An empty folder gives way; anything else makes this call fail and stays.
        let _ = fs::remove_dir(&self.target);
        if self.force && refuse_unless_free(&self.target, true).is_ok() && self.target.exists() {
            self.replace()?;
        } else {
            let free = free_name(&self.target, "");
            self.rename(&free)?;
            self.target = free;
        }
        Ok(self.as_shown())
    }

    /// Writes the manifest and keeps what there is under a free name that ends in `.incomplete`; tells where.
    ///
    /// # Errors
    ///
    /// As for [`Draft::finish`].
    pub fn keep_incomplete(mut self, manifest: &[u8]) -> Result<PathBuf, FolderError> {
        self.write(manifest::FILE, manifest)?;
        let free = free_name(&self.target, ".incomplete");
        self.rename(&free)?;
        self.target = free;
        Ok(self.as_shown())
    }

    fn replace(&mut self) -> Result<(), FolderError> {
        let aside = self.directory.with_extension(format!("replaced-{}", std::process::id()));
        let place = |reason| FolderError::Place { path: self.shown.clone(), reason };
        fs::rename(&self.target, &aside).map_err(place)?;
        let target = self.target.clone();
        if let Err(error) = self.rename(&target) {
            let _ = fs::rename(&aside, &self.target);
            return Err(error);
        }
        // The new result is in place: an old one that cannot be removed whole does no harm.
        let _ = fs::remove_dir_all(&aside);
        Ok(())
    }

    fn rename(&mut self, to: &Path) -> Result<(), FolderError> {
        fs::rename(&self.directory, to)
            .map_err(|reason| FolderError::Place { path: self.shown.clone(), reason })?;
        self.placed = true;
        Ok(())
    }

    /// The final path in the words of the user: relative if it was given so.
    fn as_shown(&self) -> PathBuf {
        match self.target.file_name() {
            Some(name) => self.shown.with_file_name(name),
            None => self.shown.clone(),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.placed {
            let _ = fs::remove_dir_all(&self.directory);
        }
    }
}

/// The first of `NAME`, `NAME-2`, `NAME-3` ... (each with `ending` behind it) that nothing stands under.
fn free_name(target: &Path, ending: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let numbered = |number: u32| match number {
        1 => format!("{name}{ending}"),
        _ => format!("{name}-{number}{ending}"),
    };
    let mut candidates = (1..).map(|number| target.with_file_name(numbered(number)));
    candidates.find(|path| fs::symlink_metadata(path).is_err()).expect("numbers do not run out")
}

/// A file of a draft that is written piece by piece, with a running digest.
#[derive(Debug)]
pub struct Stream {
    file: String,
    writer: BufWriter<File>,
    digest: Sha256,
    bytes: u64,
}

impl Stream {
    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// If the disk cannot take them.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), FolderError> {
        let written = self.writer.write_all(bytes);
        written.map_err(|reason| FolderError::Write { file: self.file.clone(), reason })?;
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}

/// Lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(target: &Path, force: bool) -> Draft {
        let mut draft = Draft::open(target, force).unwrap();
        draft.write("a.csv", b"abc").unwrap();
        draft
    }

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_finished_draft_stands_whole_under_its_name() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("deep/er/result");
        let draft = draft(&target, false);
        assert_eq!(
            draft.marks()["a.csv"].sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(draft.finish(b"{}").unwrap(), target);
        assert_eq!(names(&target), ["a.csv", "manifest.json"]);
        assert_eq!(names(target.parent().unwrap()), ["result"]);
    }

    #[test]
    fn a_dropped_draft_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        drop(draft(&home.path().join("result"), false));
        assert!(names(home.path()).is_empty());
    }

    #[test]
    fn an_older_result_is_replaced_only_by_force_and_only_at_the_end() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("result");
        draft(&target, false).finish(b"old").unwrap();
        assert!(matches!(Draft::open(&target, false), Err(FolderError::Exists(_))));

        let new = draft(&target, true);
        assert_eq!(fs::read(target.join("manifest.json")).unwrap(), b"old");
        drop(new);
        assert_eq!(fs::read(target.join("manifest.json")).unwrap(), b"old");

        draft(&target, true).finish(b"new").unwrap();
        assert_eq!(fs::read(target.join("manifest.json")).unwrap(), b"new");
        assert_eq!(names(home.path()), ["result"]);
    }

    #[test]
    fn force_spares_what_is_no_result() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("thesis.txt"), "years of work").unwrap();
        assert!(matches!(Draft::open(home.path(), true), Err(FolderError::NotAResult(_))));
        assert!(matches!(
            Draft::open(&home.path().join("thesis.txt"), true),
            Err(FolderError::NotAFolder(_))
        ));
        assert!(matches!(
            Draft::open(Path::new("/"), true),
            Err(FolderError::NotAResult(_) | FolderError::Nameless(_))
        ));
    }

    #[test]
    fn an_empty_folder_is_free() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("result");
        fs::create_dir(&target).unwrap();
        assert_eq!(draft(&target, false).finish(b"{}").unwrap(), target);
        assert_eq!(names(home.path()), ["result"]);
    }

    #[test]
    fn a_name_taken_meanwhile_gets_a_number() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("result");
        let late = draft(&target, false);
        fs::create_dir(&target).unwrap();
        fs::write(target.join("theirs"), "").unwrap();
        assert_eq!(late.finish(b"{}").unwrap(), home.path().join("result-2"));
        assert_eq!(names(&target), ["theirs"]);
    }

    #[test]
    fn what_was_cut_short_is_kept_and_marked() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("result");
        draft(&target, false).keep_incomplete(b"{}").unwrap();
        draft(&target, false).keep_incomplete(b"{}").unwrap();
        assert_eq!(names(home.path()), ["result-2.incomplete", "result.incomplete"]);
    }
}
