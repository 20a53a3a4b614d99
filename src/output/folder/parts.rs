//! Tables that are written in parts at once, and joined when all are whole.
//!
//! Owns the parts' files: they stand in a folder of the draft that is gone when the last table has been joined.

use super::{Draft, FolderError, Stream};
use std::fs::{self, File};
use std::io::Read;

/// Folder of the parts inside a draft.
const PARTS: &str = ".parts";

impl Draft {
    /// Opens a part that will be joined to others by [`Draft::join`].
    ///
    /// # Errors
    ///
    /// If the file cannot be made.
    pub fn part(&self, name: &str) -> Result<Stream, FolderError> {
        self.stream(&format!("{PARTS}/{name}"))
    }

    /// Writes a file: `header`, then the parts in their order, which are removed.
    ///
    /// # Errors
    ///
    /// If the disk cannot take it, or a part cannot be read back.
    pub fn join(&mut self, file: &str, header: &[u8], parts: Vec<Stream>) -> Result<(), FolderError> {
        let mut whole = self.stream(file)?;
        whole.append(header)?;
        let mut buffer = vec![0; 1 << 16];
        for part in parts {
            let error = |reason| FolderError::Write { file: file.into(), reason };
            let path = self.directory.join(&part.file);
            drop(part.writer.into_inner().map_err(|failure| error(failure.into_error()))?);
            let mut written = File::open(&path).map_err(error)?;
            loop {
                match written.read(&mut buffer).map_err(error)? {
                    0 => break,
                    read => whole.append(&buffer[..read])?,
                }
            }
            fs::remove_file(&path).map_err(error)?;
        }
        // Only the last table leaves it empty.
        let _ = fs::remove_dir(self.directory.join(PARTS));
        self.close(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_in_order_and_gone() {
        let home = tempfile::tempdir().unwrap();
        let mut draft = Draft::open(&home.path().join("result"), false).unwrap();
        let (mut one, mut two) = (draft.part("one").unwrap(), draft.part("two").unwrap());
        two.append(b"3\n").unwrap();
        one.append(b"1\n2\n").unwrap();
        draft.join("a.csv", b"n\n", vec![one, two]).unwrap();
        draft.write("deep/b.toml", b"").unwrap();
        let folder = draft.finish(b"{}").unwrap();
        assert_eq!(fs::read(folder.join("a.csv")).unwrap(), b"n\n1\n2\n3\n");
        assert!(!folder.join(PARTS).exists() && folder.join("deep/b.toml").exists());
    }
}
