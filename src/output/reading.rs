//! A result folder read back.
//!
//! Owns the door to what is there: a folder with a manifest of a form that this program knows, and tables that are
//! what the manifest says they are. What the columns mean is the business of whoever reads them.

use super::folder::hexadecimal;
use super::manifest::{self, Manifest};
use sha2::{Digest, Sha256};
use std::fs;
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
    path: PathBuf,
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

    /// The bytes of a file, if they are those that the manifest vouches for.
    ///
    /// # Errors
    ///
    /// If the file is gone or has been changed.
    pub fn bytes(&self, file: &str) -> Result<Vec<u8>, ReadError> {
        let missing =
            |reason: String| ReadError::Missing { folder: self.path.clone(), file: file.into(), reason };
        let mark =
            self.manifest.files.get(file).ok_or_else(|| missing("the manifest does not list it".into()))?;
        let bytes = fs::read(self.path.join(file)).map_err(|error| missing(error.to_string()))?;
        if hexadecimal(&Sha256::digest(&bytes)) != mark.sha256 {
            return Err(ReadError::Changed(self.path.clone(), file.into()));
        }
        Ok(bytes)
    }

    /// Hands each row of a table to `take`: the cells of `columns`, in their order.
    ///
    /// # Errors
    ///
    /// If the table cannot be read or a column is missing.
    pub fn rows(&self, file: &str, columns: &[&str], mut take: impl FnMut(&[&str])) -> Result<(), ReadError> {
        let bytes = self.bytes(file)?;
        let broken = |reason: String| ReadError::Broken(self.path.clone(), file.into(), reason);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().map_err(|error| broken(error.to_string()))?.clone();
        let place = |column: &&str| {
            let found = header.iter().position(|name| name == *column);
            found.ok_or_else(|| broken(format!("there is no column {column}")))
        };
        let places = columns.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        for row in reader.records() {
            let row = row.map_err(|error| broken(error.to_string()))?;
            let cells: Vec<&str> = places.iter().map(|&place| &row[place]).collect();
            take(&cells);
        }
        Ok(())
    }
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
