//! A result folder read back.
//!
//! Owns the door to what is there: a folder with a manifest of a form that this program knows, and tables that are
//! what the manifest says they are. What the columns mean is the business of whoever reads them.

use super::dictionary;
use super::folder::hexadecimal;
use super::manifest::{self, Manifest};
use super::table::Kind;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// Why a result folder cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no manifest.
    #[error("{0} is not a result folder: there is no manifest.json in it that can be read ({1})")]
    NotAResult(PathBuf, std::io::Error),
    /// The manifest is broken, or of another form.
    #[error("{0}/manifest.json is broken or of another version of the program: {1}")]
    Manifest(PathBuf, String),
    /// The folder holds several scenarios where one is meant.
    #[error("{0} is a comparison of several scenarios, this wants the result of one: run it by `kadry run`")]
    Several(PathBuf),
    /// A table was not written, or is gone.
    #[error("{folder} has no {file} ({reason}): run again without --tables, or with it among them")]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The file.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// A table is not what the manifest says.
    #[error("{0}/{1} is not what was written: its digest differs from the one in manifest.json")]
    Changed(PathBuf, String),
    /// A table cannot be understood.
    #[error("{0}/{1}: {2}")]
    Broken(PathBuf, String, String),
}

/// A result folder whose manifest has been read.
#[derive(Debug)]
pub struct ResultFolder {
    /// Where it stands.
    pub path: PathBuf,
    /// What was run.
    pub manifest: Manifest,
}

impl ResultFolder {
    /// Opens a folder.
    ///
    /// # Errors
    ///
    /// If it is not a result folder, or one of another form.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let bytes = fs::read(path.join(manifest::FILE));
        let bytes = bytes.map_err(|reason| ReadError::NotAResult(path.into(), reason))?;
        let broken = |reason: String| ReadError::Manifest(path.into(), reason);
        let read: Manifest = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
        if read.form != manifest::FORM {
            return Err(broken(format!("its form is {}, not {}", read.form, manifest::FORM)));
        }
        Ok(ResultFolder { path: path.into(), manifest: read })
    }

    /// Reads a file through once and compares it with the manifest.
    ///
    /// # Errors
    ///
    /// If the file is gone or has been changed.
    pub fn verify(&self, file: &str) -> Result<(), ReadError> {
        self.open_file(file)?.finish(self, file)
    }

    /// Refuses a folder that holds more than one scenario.
    ///
    /// # Errors
    ///
    /// If it is one of `kadry compare`.
    pub fn of_one_scenario(&self) -> Result<(), ReadError> {
        match self.manifest.comparison {
            Some(_) => Err(ReadError::Several(self.path.clone())),
            None => Ok(()),
        }
    }

    /// The bytes of a small file, if they are those that the manifest vouches for.
    ///
    /// # Errors
    ///
    /// If the file is gone or has been changed.
    pub fn bytes(&self, file: &str) -> Result<Vec<u8>, ReadError> {
        let mut checked = self.open_file(file)?;
        let mut bytes = Vec::new();
        let read = checked.read_to_end(&mut bytes);
        read.map_err(|error| self.missing(file, error.to_string()))?;
        checked.finish(self, file)?;
        Ok(bytes)
    }

    /// Hands each row of a table to `take`: the cells of `columns`, in their order. The table is read as a stream, so
    /// that memory does not depend on its length; what `take` was given counts only if this succeeds.
    ///
    /// # Errors
    ///
    /// If the table cannot be read or has been changed, a column is missing, or a cell of one of the columns does not have
    /// the type that the folder's data dictionary states.
    pub fn rows(&self, file: &str, columns: &[&str], take: impl FnMut(&[&str])) -> Result<(), ReadError> {
        let kinds = self.kinds(file)?;
        let mut checked = self.open_file(file)?;
        let read = rows(&mut checked, columns, &kinds, take);
        // A table that was changed is told as such, whatever reading it led to.
        checked.finish(self, file)?;
        read.map_err(|reason| ReadError::Broken(self.path.clone(), file.into(), reason))
    }

    /// The types of the columns of a table by the folder's data dictionary; empty if the folder has none.
    fn kinds(&self, file: &str) -> Result<BTreeMap<String, Kind>, ReadError> {
        let dictionary = dictionary::layout().file();
        if !self.manifest.files.contains_key(&dictionary) {
            return Ok(BTreeMap::new());
        }
        let bytes = self.bytes(&dictionary)?;
        let mut kinds = BTreeMap::new();
        let read = rows(&mut bytes.as_slice(), &["file", "column", "type"], &BTreeMap::new(), |cells| {
            if let Some(kind) = Kind::of_word(cells[2]).filter(|_| cells[0] == file) {
                kinds.insert(cells[1].to_owned(), kind);
            }
        });
        read.map_err(|reason| ReadError::Broken(self.path.clone(), dictionary, reason))?;
        Ok(kinds)
    }

    fn missing(&self, file: &str, reason: String) -> ReadError {
        ReadError::Missing { folder: self.path.clone(), file: file.into(), reason }
    }

    fn open_file(&self, file: &str) -> Result<Checked, ReadError> {
        if !self.manifest.files.contains_key(file) {
            return Err(self.missing(file, "the manifest does not list it".into()));
        }
        let opened = File::open(self.path.join(file));
        let reader =
            BufReader::with_capacity(1 << 16, opened.map_err(|e| self.missing(file, e.to_string()))?);
        Ok(Checked { reader, digest: Sha256::new() })
    }
}

/// A file that is digested while it is read.
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
    /// Reads what is left and compares the whole with the manifest.
    fn finish(mut self, folder: &ResultFolder, file: &str) -> Result<(), ReadError> {
        let rest = io::copy(&mut self, &mut io::sink());
        rest.map_err(|error| folder.missing(file, error.to_string()))?;
        let expected = folder.manifest.files.get(file).map(|mark| mark.sha256.as_str());
        if expected == Some(hexadecimal(&self.digest.finalize()).as_str()) {
            return Ok(());
        }
        Err(ReadError::Changed(folder.path.clone(), file.into()))
    }
}

/// Passes the rows of a table to `take`; checks the cells of the columns whose types are known.
///
/// # Errors
///
/// The reason why the table cannot be read.
fn rows(
    table: &mut impl Read,
    columns: &[&str],
    kinds: &BTreeMap<String, Kind>,
    mut take: impl FnMut(&[&str]),
) -> Result<(), String> {
    let mut reader = csv::Reader::from_reader(table);
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let place = |column: &&str| {
        let found = header.iter().position(|name| name == *column);
        found.ok_or_else(|| format!("there is no column {column}"))
    };
    let places = columns.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let known: Vec<Option<Kind>> = columns.iter().map(|column| kinds.get(*column).copied()).collect();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| error.to_string())? {
        let cells: Vec<&str> = places.iter().map(|&place| &record[place]).collect();
        for ((column, kind), cell) in columns.iter().zip(&known).zip(&cells) {
            if let Some(kind) = kind {
                let line = record.position().map_or(0, csv::Position::line);
                kind.read(column, cell).map_err(|error| format!("line {line}: {error}"))?;
            }
        }
        take(&cells);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_result_is_refused() {
        let home = tempfile::tempdir().unwrap();
        assert!(matches!(ResultFolder::open(home.path()), Err(ReadError::NotAResult(..))));
        fs::write(home.path().join("manifest.json"), "{}").unwrap();
        assert!(matches!(ResultFolder::open(home.path()), Err(ReadError::Manifest(..))));
    }
}
