//! Reads a result folder.
//!
//! Accepts only a manifest of this program in the current form, and only files that match their digests in it.

use super::folder::hexadecimal;
use super::folder::{WORK, in_words};
use super::manifest::{self, Manifest};
use super::single_files::read_regular;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// The error if a result folder cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The path does not exist.
    #[error("there is no folder {0}: give a result folder; the command that writes one prints its path last")]
    Nothing(PathBuf),
    /// The path is not a folder.
    #[error("{0} is not a folder: give a result folder; the command that writes one prints its path last")]
    NotAFolder(PathBuf),
    /// There is no manifest.
    #[error("{0} is not a result folder: it has no manifest.json; give a folder that kadry has written")]
    NotAResult(PathBuf),
    /// The result is unfinished.
    #[error("{0} is unfinished: give the command that started it again, which continues")]
    Unfinished(PathBuf),
    /// The manifest cannot be read.
    #[error(
        "cannot read {0}/manifest.json: {1}; allow this user to read it, or copy the result folder again"
    )]
    Unreadable(PathBuf, String),
    /// The manifest is damaged or has another form.
    #[error(
        "{0}/manifest.json is not a manifest that this version of kadry wrote ({1}): run the scenario again into another folder"
    )]
    Manifest(PathBuf, String),
    /// The folder has several scenarios, but one is needed.
    #[error(
        "{0} is a comparison or a sweep with several scenarios, but this command needs the result of one: give a folder of `kadry run`"
    )]
    Several(PathBuf),
    /// The folder has futures of pasts, but independent replicates are needed.
    #[error(
        "{0} has many futures of several pasts, which are not independent replicates: run the scenario without --fresh-from"
    )]
    Futures(PathBuf),
    /// A file is missing or cannot be read.
    #[error(
        "{folder} has no {file} ({reason}): copy the whole folder again, or run the scenario again with this table"
    )]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The file.
        file: String,
        /// The reason, in words.
        reason: String,
    },
    /// A file does not match its digest in the manifest.
    #[error(
        "{0}/{1} has been changed: its digest differs from the one in manifest.json; move it away and give the command that wrote it again"
    )]
    Changed(PathBuf, String),
    /// A table cannot be parsed.
    #[error("{0}/{1}: {2}")]
    Broken(PathBuf, String, String),
}

/// A result folder whose manifest has been read.
#[derive(Debug)]
pub struct ResultFolder {
    /// Path of the folder, as given.
    pub path: PathBuf,
    /// The manifest.
    pub manifest: Manifest,
}

impl ResultFolder {
    /// Opens a folder and reads its manifest.
    ///
    /// # Errors
    ///
    /// If it is not a result folder, is unfinished, or was written by another version.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let bytes = read_regular(&path.join(manifest::FILE)).map_err(|reason| match reason.kind() {
            _ if fs::symlink_metadata(path).is_err() => ReadError::Nothing(path.into()),
            _ if path.join(WORK).is_dir() => ReadError::Unfinished(path.into()),
            io::ErrorKind::NotFound => ReadError::NotAResult(path.into()),
            io::ErrorKind::NotADirectory => ReadError::NotAFolder(path.into()),
            _ => ReadError::Unreadable(path.into(), in_words(&reason)),
        })?;
        let manifest =
            Manifest::from_bytes(&bytes).map_err(|reason| ReadError::Manifest(path.into(), reason))?;
        Ok(ResultFolder { path: path.into(), manifest })
    }

    /// The error for a file with wrong contents.
    pub fn broken(&self, file: &str, what: impl Into<String>) -> ReadError {
        ReadError::Broken(self.path.clone(), file.into(), what.into())
    }

    /// Reads a whole file and compares its digest with the manifest.
    ///
    /// # Errors
    ///
    /// If the file is missing or has been changed.
    pub fn verify(&self, file: &str) -> Result<(), ReadError> {
        self.open_file(file)?.finish(self, file)
    }

    /// Checks that the folder has independent replicates of one scenario.
    ///
    /// # Errors
    ///
    /// If it is a folder of `kadry compare` or `kadry sweep`.
    pub fn of_one_scenario(&self) -> Result<(), ReadError> {
        let several = self.manifest.comparison.is_some() || self.manifest.sweep.is_some();
        if several {
            return Err(ReadError::Several(self.path.clone()));
        }
        match self.manifest.plan.futures {
            Some(_) => Err(ReadError::Futures(self.path.clone())),
            None => Ok(()),
        }
    }

    /// Reads a small file and checks its digest.
    ///
    /// # Errors
    ///
    /// If the file is missing or has been changed.
    pub fn bytes(&self, file: &str) -> Result<Vec<u8>, ReadError> {
        let mut checked = self.open_file(file)?;
        let mut bytes = Vec::new();
        let read = checked.read_to_end(&mut bytes);
        read.map_err(|error| self.missing(file, in_words(&error)))?;
        checked.finish(self, file)?;
        Ok(bytes)
    }

    /// Calls `take` for each row of a table with the cells of `columns`, in that order. The table is streamed, so
    /// memory does not depend on its length. The digest is checked at the end: discard what `take` collected on an
    /// error.
    ///
    /// # Errors
    ///
    /// If the table cannot be read, has been changed, or a column is missing.
    pub fn rows(&self, file: &str, columns: &[&str], take: impl FnMut(&[&str])) -> Result<(), ReadError> {
        let mut checked = self.open_file(file)?;
        let read = rows(&mut checked, columns, take);
        // A changed table is reported as changed, even if reading it also failed.
        checked.finish(self, file)?;
        read.map_err(|reason| self.broken(file, reason))
    }

    /// Returns the names of a table's columns, from its header. The digest of the table is not checked; reading its
    /// rows does that.
    ///
    /// # Errors
    ///
    /// If the table is missing or has no readable header.
    pub fn columns(&self, file: &str) -> Result<Vec<String>, ReadError> {
        let mut reader = csv::Reader::from_reader(self.open_file(file)?);
        let header = reader.headers().map_err(|error| self.broken(file, error.to_string()))?;
        Ok(header.iter().map(str::to_owned).collect())
    }

    fn missing(&self, file: &str, reason: String) -> ReadError {
        ReadError::Missing { folder: self.path.clone(), file: file.into(), reason }
    }

    fn open_file(&self, file: &str) -> Result<Checked, ReadError> {
        if !self.manifest.files.contains_key(file) {
            return Err(self.missing(file, "the manifest does not list it".into()));
        }
        let path = self.path.join(file);
        // Opening a pipe or a device could block forever.
        if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
            return Err(self.missing(file, "it is not a regular file".into()));
        }
        let opened = File::open(path).map_err(|error| self.missing(file, in_words(&error)))?;
        Ok(Checked { reader: BufReader::with_capacity(1 << 16, opened), digest: Sha256::new() })
    }
}

/// A file whose digest is computed while it is read.
struct Checked {
    reader: BufReader<File>,
    digest: Sha256,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.digest.update(&buffer[..count]);
        Ok(count)
    }
}

impl Checked {
    /// Reads the rest of the file and compares its digest with the manifest.
    fn finish(mut self, folder: &ResultFolder, file: &str) -> Result<(), ReadError> {
        let rest = io::copy(&mut self, &mut io::sink());
        rest.map_err(|error| folder.missing(file, in_words(&error)))?;
        let expected = folder.manifest.files.get(file).map(|mark| mark.sha256.as_str());
        if expected == Some(hexadecimal(&self.digest.finalize()).as_str()) {
            return Ok(());
        }
        Err(ReadError::Changed(folder.path.clone(), file.into()))
    }
}

/// Calls `take` for each row of a table; the error is the reason in words.
fn rows(table: &mut impl Read, columns: &[&str], mut take: impl FnMut(&[&str])) -> Result<(), String> {
    let mut reader = csv::Reader::from_reader(table);
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let position = |column: &&str| {
        let found = header.iter().position(|name| name == *column);
        found.ok_or_else(|| format!("there is no column {column}"))
    };
    let positions = columns.iter().map(position).collect::<Result<Vec<_>, _>>()?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| error.to_string())? {
        let cells: Vec<&str> = positions.iter().map(|&position| &record[position]).collect();
        take(&cells);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_a_result_is_refused() {
        let home = tempfile::tempdir().unwrap();
        assert!(matches!(ResultFolder::open(home.path()), Err(ReadError::NotAResult(_))));
        assert!(matches!(ResultFolder::open(&home.path().join("nowhere")), Err(ReadError::Nothing(_))));
        fs::write(home.path().join("manifest.json"), "{}").unwrap();
        assert!(matches!(ResultFolder::open(home.path()), Err(ReadError::Manifest(..))));
    }
}
