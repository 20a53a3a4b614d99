//! Creates, locks, continues and completes result folders, for every command that writes results.
//!
//! Work in progress is in the subfolder `.kadry/`: the plan, the finished parts, the tables that are being written, and
//! a lock. When all tables are complete they are moved out, and `manifest.json` is written last, so a folder is
//! finished exactly if its manifest says so and every digest matches. The same command given again continues unfinished
//! work. Files that the manifest does not list, or whose digest differs from it, belong to the user and are never
//! overwritten or removed. docs/output.md has the table of states.

mod commit;
mod error;
mod lock;
mod notes;
mod parts;
mod removal;
mod state;

use super::manifest::{FileMark, Manifest};
use super::plan::PlanFile;
use super::single_files::{read_regular, temporary};
use lock::Lock;
use sha2::{Digest, Sha256};
use state::Found;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

pub use error::FolderError;
pub(crate) use error::in_words;
pub use notes::{Note, notes, process_name, remove_note, write_note};
pub use parts::Parts;
pub use state::{FolderState, folder_state};

/// Name of the folder of work in progress, inside the result folder.
pub const WORK: &str = ".kadry";
/// In [`WORK`]: the plan.
const PLAN: &str = "plan.json";
/// In [`WORK`]: the lock file, which names its holder.
const LOCK: &str = "lock";
/// In [`WORK`]: the manifest of a result whose tables are being moved out.
const PENDING: &str = "manifest.json";
/// In [`WORK`]: the manifest of the result that is being replaced.
const REPLACED: &str = "replaced.json";
/// In [`WORK`]: the folder of finished runs.
const PARTS: &str = "parts";
/// Extension of a file in [`PARTS`].
const PART: &str = ".part";
/// Extension of a damaged part, which is kept out of the way.
const DAMAGED: &str = ".damaged";
/// In [`WORK`]: the folder in which each process says what it is computing.
const WORKERS: &str = "workers";
/// In [`WORK`]: the folder of reports on failed runs.
const FAILURES: &str = "failures";
/// In [`WORK`]: the folder of what the tasks of a scheduler print.
pub const LOGS: &str = "logs";
/// In [`WORK`]: the scripts of a scheduler, for the tasks that work and the job that collects.
pub const SCRIPTS: [&str; 2] = ["submit.sbatch", "collect.sbatch"];
/// In [`WORK`]: the folder of tables that are being written.
const TABLES: &str = "tables";
/// Prefix of the names of temporary files in [`WORK`].
const TEMPORARY: &str = "tmp-";

/// A request of a command to write a result.
#[derive(Debug)]
pub struct Request<'a> {
    /// Path of the folder, as the user gave it.
    pub folder: &'a Path,
    /// The plan.
    pub plan: &'a PlanFile,
    /// Whether a result or finished runs of another plan may be replaced.
    pub replace: bool,
    /// If the plan extends a result, the digest of its manifest.
    pub extends: Option<&'a str>,
}

/// The result of [`open`].
#[derive(Debug)]
pub enum Opened {
    /// The plan is already finished.
    Finished(Box<Manifest>),
    /// The folder is locked and ready for work.
    Work(Workspace),
}

/// Opens a folder for a plan: starts the plan, continues it, or reports that it is finished.
///
/// # Errors
///
/// If the folder belongs to the user, to another plan or to another process, or cannot be written. It is then
/// unchanged.
pub fn open(request: &Request<'_>) -> Result<Opened, FolderError> {
    let shown = request.folder;
    // A finished result needs no lock, so it may be on a read-only disk.
    let found = state::inspect(shown, shown)?;
    let begun = found.in_work;
    if !begun
        && let Some(manifest) = found.manifest.filter(|manifest| manifest.is_of(&request.plan.mark))
        && state::all_unchanged(shown, &manifest)
    {
        return Ok(Opened::Finished(Box::new(manifest)));
    }
    let created = !shown.exists();
    let make = |path: &Path| {
        let path = path.to_path_buf();
        move |reason| FolderError::Make { path, reason }
    };
    fs::create_dir_all(shown).map_err(make(shown))?;
    let root = fs::canonicalize(shown).map_err(make(shown))?;
    let lock = Lock::take(&root, shown)?;
    let mut workspace = Workspace {
        shown: shown.into(),
        root,
        lock: Some(lock),
        created,
        planned: found.planned,
        files: request.plan.mark.files.clone(),
        marks: BTreeMap::new(),
    };
    match workspace.prepare(request) {
        Ok(Some(manifest)) => Ok(Opened::Finished(Box::new(manifest))),
        Ok(None) => Ok(Opened::Work(workspace)),
        Err(error) => {
            // Leave the work of an earlier process as it is.
            if begun {
                workspace.lock = None;
            }
            Err(error)
        }
    }
}

/// Completes an interrupted move of tables, and leaves any other folder unchanged. Call it before reading a result to
/// extend: a result whose move was interrupted has no manifest yet.
///
/// # Errors
///
/// Same as [`open`].
pub fn recover(folder: &Path) -> Result<(), FolderError> {
    if !state::inspect(folder, folder)?.pending {
        return Ok(());
    }
    let root =
        fs::canonicalize(folder).map_err(|reason| FolderError::Make { path: folder.into(), reason })?;
    let lock = Some(Lock::take(&root, folder)?);
    let (shown, files, marks) = (folder.into(), Vec::new(), BTreeMap::new());
    let mut workspace = Workspace { shown, root, lock, created: false, planned: true, files, marks };
    let moved = workspace.roll_forward();
    workspace.lock = None;
    moved
}

/// Reads the plan of the work in progress in a folder; `None` if there is none.
///
/// # Errors
///
/// If the plan cannot be read or is not a plan of this version.
pub fn plan_of(folder: &Path) -> Result<Option<PlanFile>, FolderError> {
    let bytes = match read_regular(&folder.join(WORK).join(PLAN)) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(reason) => return Err(FolderError::Plan(folder.into(), in_words(&reason))),
    };
    PlanFile::from_bytes(&bytes).map(Some).map_err(|reason| FolderError::Plan(folder.into(), reason))
}

/// Removes what a process has left that was killed while it removed the parts of a finished result.
///
/// # Errors
///
/// As [`open`].
pub fn clean_up(folder: &Path) -> Result<(), FolderError> {
    if let Some(plan) = plan_of(folder)? {
        open(&Request { folder, plan: &plan, replace: false, extends: None })?;
    }
    Ok(())
}

/// Opens the parts of the work in progress in a folder without locking it.
///
/// # Errors
///
/// If there are none.
pub fn parts_of(folder: &Path) -> Result<Parts, FolderError> {
    Parts::open(folder, folder.join(WORK).join(PARTS))
}

/// A result folder that this process has locked and writes to.
#[derive(Debug)]
pub struct Workspace {
    shown: PathBuf,
    root: PathBuf,
    /// `None` after the lock has been released.
    lock: Option<Lock>,
    /// Whether this process created the folder.
    created: bool,
    /// Whether the plan is kept even without finished runs.
    planned: bool,
    files: Vec<String>,
    marks: BTreeMap<String, FileMark>,
}

impl Workspace {
    /// Prepares the locked folder for the plan; returns the manifest if the plan is already finished.
    fn prepare(&mut self, request: &Request<'_>) -> Result<Option<Manifest>, FolderError> {
        let mut found = state::inspect(&self.root, &self.shown)?;
        if found.pending {
            // Another process was killed while it moved its tables; complete the move first.
            self.roll_forward()?;
            found = state::inspect(&self.root, &self.shown)?;
        }
        let Found { manifest, begun, planned, .. } = found;
        let asked = &request.plan.mark;
        // A plan without finished runs may always be replaced, unless somebody asked for the plan alone.
        let has_parts = parts::names(&self.work().join(PARTS)).is_ok_and(|parts| !parts.is_empty());
        if has_parts && begun.is_none() && self.work().join(PLAN).exists() && !request.replace {
            let (path, what) = (self.shown.clone(), "its .kadry/plan.json cannot be read".into());
            return Err(FolderError::OtherPlan { path, what, unfinished: true, extendable: false });
        }
        let begun = begun.filter(|_| has_parts || planned);
        if let Some(digest) = request.extends
            && manifest.as_ref().map(|manifest| manifest.digest.as_str()) != Some(digest)
        {
            return Err(FolderError::ChangedMeanwhile(self.shown.clone()));
        }
        let continues = begun.as_ref() == Some(asked);
        if let Some(manifest) = manifest.as_ref().filter(|manifest| manifest.is_of(asked))
            && state::all_unchanged(&self.root, manifest)
        {
            // Keep finished runs of another plan for the command that continues it.
            if begun.is_none() || continues {
                self.remove_work(&asked.files);
            }
            return Ok(Some(manifest.clone()));
        }
        if let Some(other) = begun.as_ref().or(manifest.as_ref().map(|manifest| &manifest.plan)) {
            let extended = request.extends.is_some() && other.can_be_extended_to(asked);
            let same = other == asked;
            if !(same || extended || request.replace) {
                return Err(state::other_plan(&self.shown, other, asked, begun.is_some()));
            }
        }
        state::check_names(&self.root, &self.shown, &self.files, manifest.as_ref())?;
        // Finished runs of another plan stay: what a run follows from is part of its address.
        self.remove_drafts(&begun.as_ref().map_or_else(Vec::new, |plan| plan.files.clone()));
        if !continues || request.plan.planned {
            self.write_whole(PLAN, &request.plan.to_bytes())?;
            self.planned = request.plan.planned;
        }
        for folder in [PARTS, TABLES] {
            let result = fs::create_dir(self.work().join(folder));
            result.or_else(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => Ok(()),
                _ => Err(self.write_error(folder, error)),
            })?;
        }
        self.remove_drafts(&asked.files);
        Ok(None)
    }

    /// Path of the folder, as the user gave it.
    pub fn shown(&self) -> &Path {
        &self.shown
    }

    /// Fails if the folder has been removed or replaced; the path then belongs to another process.
    fn check_lock(&self) -> Result<(), FolderError> {
        match &self.lock {
            Some(lock) if lock.holds() => Ok(()),
            _ => Err(FolderError::Removed(self.shown.clone())),
        }
    }

    fn work(&self) -> PathBuf {
        self.root.join(WORK)
    }

    fn write_error(&self, file: &str, reason: io::Error) -> FolderError {
        FolderError::Write { file: self.shown.join(file).display().to_string(), reason }
    }

    /// Writes a file in [`WORK`] under a temporary name and renames it, so a half-written file is never visible.
    fn write_whole(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        self.check_lock()?;
        let write = || {
            let mut file = temporary(&self.work(), TEMPORARY)?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(self.work().join(name)).map_err(|error| error.error)
        };
        write().map(drop).map_err(|reason| self.write_error(WORK, reason))
    }

    /// Opens the parts, in which finished runs are stored.
    ///
    /// # Errors
    ///
    /// If the folder has been removed.
    pub fn parts(&self) -> Result<Parts, FolderError> {
        self.check_lock()?;
        Parts::open(&self.shown, self.work().join(PARTS))
    }

    /// Releases the folder and keeps the plan, for processes that compute its runs.
    pub fn keep_plan(mut self) {
        self.lock = None;
    }

    /// Opens a table to append to.
    ///
    /// # Errors
    ///
    /// If the file cannot be created.
    pub fn stream(&self, file: &str) -> Result<Stream, FolderError> {
        debug_assert!(self.files.iter().any(|name| name == file), "{file} is not in the plan");
        self.check_lock()?;
        let path = self.work().join(TABLES).join(file);
        // A file may be in a subfolder, such as `scenarios/historical.toml`.
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let created = folder.and_then(|()| File::create_new(&path));
        Ok(Stream {
            shown: self.shown.join(file).display().to_string(),
            file: file.into(),
            writer: BufWriter::with_capacity(
                1 << 16,
                created.map_err(|reason| self.write_error(file, reason))?,
            ),
            digest: Sha256::new(),
            bytes: 0,
        })
    }

    /// Closes a table and records its digest.
    ///
    /// # Errors
    ///
    /// If the disk is full.
    pub fn close(&mut self, stream: Stream) -> Result<(), FolderError> {
        let Stream { shown, file, writer, digest, bytes } = stream;
        let error = |reason| FolderError::Write { file: shown.clone(), reason };
        let written = writer.into_inner().map_err(|failure| error(failure.into_error()))?;
        // Some file systems report a full disk only on sync.
        written.sync_all().map_err(error)?;
        self.marks.insert(file, FileMark { sha256: hexadecimal(&digest.finalize()), bytes });
        Ok(())
    }

    /// Writes a whole table and records its digest.
    ///
    /// # Errors
    ///
    /// If the disk is full.
    pub fn write(&mut self, file: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let mut stream = self.stream(file)?;
        stream.append(bytes)?;
        self.close(stream)
    }

    /// Digests and sizes of the closed tables, by name.
    pub fn marks(&self) -> &BTreeMap<String, FileMark> {
        &self.marks
    }

    /// Moves the tables out and writes the manifest. If the manifest is complete, the parts are removed; otherwise they
    /// stay, and the same command tries the missing runs again.
    ///
    /// # Errors
    ///
    /// If a file of the user is in the way, a table has disappeared, or the disk is full.
    pub fn finish(mut self, manifest: &Manifest) -> Result<(), FolderError> {
        self.check_lock()?;
        // A link may have been changed since.
        if fs::canonicalize(&self.shown).ok().as_ref() != Some(&self.root) {
            return Err(FolderError::Removed(self.shown.clone()));
        }
        for (file, mark) in &self.marks {
            let written = fs::symlink_metadata(self.work().join(TABLES).join(file));
            if !written.is_ok_and(|metadata| metadata.is_file() && metadata.len() == mark.bytes) {
                return Err(FolderError::Lost { path: self.shown.clone(), file: file.clone() });
            }
        }
        let before = state::inspect(&self.root, &self.shown)?.manifest;
        state::check_names(&self.root, &self.shown, &self.files, before.as_ref())?;
        self.write_whole(PENDING, &manifest.to_bytes())?;
        self.roll_forward()?;
        if manifest.complete {
            let files = std::mem::take(&mut self.files);
            self.remove_work(&files);
        } else {
            self.lock = None;
        }
        Ok(())
    }
}

/// A table that is being written, with a running digest.
#[derive(Debug)]
pub struct Stream {
    shown: String,
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
    /// If the disk is full.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), FolderError> {
        let written = self.writer.write_all(bytes);
        written.map_err(|reason| FolderError::Write { file: self.shown.clone(), reason })?;
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}

/// Computes size and SHA-256 of a file.
pub fn mark_of(path: &Path) -> io::Result<FileMark> {
    check_regular(path)?;
    let mut file = File::open(path)?;
    let (mut digest, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(FileMark { sha256: hexadecimal(&digest.finalize()), bytes }),
            read => {
                digest.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

/// Fails unless a path leads to a regular file: reading a pipe or a device could block for ever.
fn check_regular(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.is_file() { Ok(()) } else { Err(io::Error::other("it is not a regular file")) }
}

/// Formats bytes as lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
