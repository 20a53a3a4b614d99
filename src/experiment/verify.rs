//! Verifies a result folder: compares every file with its digest, and computes the runs again.
//!
//! The runs are recomputed in a temporary folder, from the plan that the manifest records, and the files made from them are
//! compared byte by byte. With a sample, the other runs are taken from the tables of the result.

use super::planned::{PlannedError, PlannedStudy};
use super::stored::StoredResult;
use super::study::RunId;
use super::study::address::Address;
use super::study::execute::Observer;
use super::study::import::ImportError;
use super::study::part::{Part, PartFault};
use super::study::session::RunError;
use super::study::version::{RESULTS_VERSION, changes_since};
use crate::output::folder::{FolderError, WORK, hexadecimal, in_words, mark_of, parts_of, plan_of};
use crate::output::manifest::{self, Examined, Manifest};
use crate::output::plan::{PlanFile, VariantMark};
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::single_files::{PageState, page_state, read_regular};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// The page of a result, which `kadry report` writes.
const PAGE: &str = "report.html";

/// What to verify, and with what.
pub struct Verification<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Number of runs to recompute; `None` for all.
    pub sample: Option<u64>,
    /// Number of threads.
    pub threads: usize,
    /// Memory that may be used, in bytes, if it is known.
    pub memory: Option<u64>,
    /// Receives the progress.
    pub observer: &'a dyn Observer,
    /// When set, the work stops.
    pub stop: &'a AtomicBool,
}

/// The outcome.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Files that were compared with their digests.
    pub files: u64,
    /// Runs that were recomputed.
    pub runs: u64,
    /// Runs of the result.
    pub all_runs: u64,
    /// What differs.
    pub damage: Vec<Damage>,
    /// Whether the result is unfinished: its finished runs were then checked, but not recomputed.
    pub unfinished: bool,
    /// Whether the work was stopped.
    pub stopped: bool,
}

/// A file that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Its name in the folder.
    pub file: String,
    /// What is wrong with it.
    pub what: String,
}

/// The error if a folder cannot be verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The folder cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The runs cannot be recomputed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The plan in the folder cannot be used.
    #[error(transparent)]
    Planned(#[from] PlannedError),
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The manifest has another form.
    #[error(
        "{folder} was written by kadry {version} in another form, so it cannot be verified: it may be undamaged; use that version"
    )]
    OtherForm {
        /// The folder.
        folder: PathBuf,
        /// Version of the program that wrote it.
        version: String,
    },
    /// The result has another version.
    #[error(
        "{folder} has results of version {theirs}, and this kadry computes version {RESULTS_VERSION} ({}): {files} files match \
         their digests, and the runs cannot be recomputed; use the kadry that wrote it", changes_since(*.theirs)
    )]
    OtherResults {
        /// The folder.
        folder: PathBuf,
        /// Version of its results.
        theirs: u32,
        /// Number of files that match their digests.
        files: u64,
    },
    /// There is no temporary folder.
    #[error(
        "cannot create a temporary folder for the recomputed result: {0}; set TMPDIR to a folder with enough space"
    )]
    Temporary(io::Error),
}

impl Verification<'_> {
    /// Verifies the folder.
    ///
    /// # Errors
    ///
    /// If it is not a result folder, has results of another version, or cannot be recomputed. Damage is not an error.
    pub fn carry_out(&self) -> Result<Verified, VerifyError> {
        let mut verified = Verified::default();
        let manifest = match read_regular(&self.folder.join(manifest::FILE)) {
            Ok(bytes) => manifest::examine(&bytes),
            Err(_) => return self.unfinished(verified),
        };
        let manifest = match manifest {
            Examined::Intact(manifest) => *manifest,
            Examined::Damaged(what) => {
                verified.files = 1;
                verified.add(manifest::FILE, what);
                return Ok(verified);
            }
            Examined::OtherForm(version) => {
                return Err(VerifyError::OtherForm { folder: self.folder.into(), version });
            }
            Examined::NotOurs => return Err(ReadError::NotAResult(self.folder.into()).into()),
        };
        self.digests(&manifest, &mut verified);
        if self.folder.join(WORK).is_dir() && parts_of(self.folder).is_ok() {
            self.work_in_progress(&mut verified)?;
        }
        if !verified.damage.is_empty() {
            return Ok(verified);
        }
        if manifest.plan.results != RESULTS_VERSION {
            let (folder, theirs, files) = (self.folder.into(), manifest.plan.results, verified.files);
            return Err(VerifyError::OtherResults { folder, theirs, files });
        }
        self.recompute(&manifest, &mut verified)?;
        Ok(verified)
    }

    /// Compares every file with its digest.
    fn digests(&self, manifest: &Manifest, verified: &mut Verified) {
        verified.files = 1;
        for (file, mark) in &manifest.files {
            verified.files += 1;
            match mark_of(&self.folder.join(file)) {
                Err(error) => verified.add(file, format!("cannot be read: {}", in_words(&error))),
                Ok(found) if found != *mark => {
                    verified.add(file, "has been changed: its digest is not that of the manifest");
                }
                Ok(_) => {}
            }
        }
        match page_state(&self.folder.join(PAGE)) {
            PageState::Changed => {
                verified.files += 1;
                verified.add(PAGE, "has been changed since kadry wrote it");
            }
            PageState::Intact => verified.files += 1,
            PageState::None => {}
        }
    }

    /// Checks the plan and the parts of an unfinished result.
    fn unfinished(&self, mut verified: Verified) -> Result<Verified, VerifyError> {
        verified.unfinished = true;
        verified.all_runs = self.work_in_progress(&mut verified)?;
        Ok(verified)
    }

    /// Checks the plan and the parts of work in progress; returns the number of finished runs.
    fn work_in_progress(&self, verified: &mut Verified) -> Result<u64, VerifyError> {
        let mut runs = 0;
        match plan_of(self.folder) {
            Ok(None) => {
                ResultFolder::open(self.folder)?;
            }
            Ok(Some(_)) => {}
            Err(error) => verified.add(&format!("{WORK}/plan.json"), error.to_string()),
        }
        verified.files += 1;
        let parts = parts_of(self.folder)?;
        for name in parts.names()? {
            verified.files += 1;
            let file = format!("{WORK}/parts/{name}.part");
            let bytes = parts.read(&name)?.unwrap_or_default();
            match Part::decode(&bytes) {
                Ok(part) => runs += part.runs.len() as u64,
                Err(PartFault::Damaged) => verified
                    .add(&file, "is damaged; the command that began the result computes its runs again"),
                Err(PartFault::OtherResults(theirs)) => {
                    let folder = self.folder.into();
                    return Err(VerifyError::OtherResults { folder, theirs, files: verified.files });
                }
            }
        }
        Ok(runs)
    }

    /// Computes the result again, and compares its files.
    fn recompute(&self, manifest: &Manifest, verified: &mut Verified) -> Result<(), VerifyError> {
        let home = tempfile::tempdir().map_err(VerifyError::Temporary)?;
        let folder = home.path().join("result");
        let result = ResultFolder::open(self.folder)?;
        let mut planned = PlannedStudy::of_result(&result)?;
        planned.use_threads(self.threads, self.memory);
        let study = planned.study();
        let mut finished: Vec<Address> = Vec::new();
        let stored = StoredResult::open(ResultFolder::open(self.folder)?)?;
        for (variant, stored) in stored.variants.iter().enumerate() {
            let runs = stored.replicates.iter().map(|&replicate| RunId { variant, replicate });
            finished.extend(runs.map(|run| study.address(run)));
        }
        verified.all_runs = finished.len() as u64;
        // Addresses are digests, so their order is as good as random, and the same in every call.
        finished.sort_unstable();
        finished.dedup();
        let count = self.sample.unwrap_or(u64::MAX).min(finished.len() as u64);
        let sampled: BTreeSet<Address> = finished.into_iter().take(count as usize).collect();
        let again = match planned.recompute(&folder, self.folder, &sampled, self.observer, self.stop) {
            Err(RunError::Import(ImportError::Read(ReadError::Broken(_, file, what)))) => {
                verified.add(&file, what);
                return Ok(());
            }
            again => again?,
        };
        verified.runs = again.computed;
        if again.stopped {
            verified.stopped = true;
            return Ok(());
        }
        let again = ResultFolder::open(&folder)?;
        for what in differences(manifest, &again.manifest) {
            verified.add(manifest::FILE, format!("its {what} is not that of the recomputed result"));
        }
        for (file, mark) in &manifest.files {
            match again.manifest.files.get(file) {
                Some(found) if found == mark => {}
                Some(_) => {
                    let what = first_difference(&self.folder.join(file), &folder.join(file));
                    verified.add(file, format!("differs from the recomputed result{what}"));
                }
                None => verified.add(file, "is not part of the recomputed result"),
            }
        }
        Ok(())
    }
}

/// What two manifests of the same result must have in common and have not.
fn differences(ours: &Manifest, again: &Manifest) -> Vec<&'static str> {
    let looks =
        |manifest: &Manifest| manifest.comparison.as_ref().map(|one| (one.looks, one.tests, one.precise));
    let files = |manifest: &Manifest| manifest.files.keys().cloned().collect::<Vec<_>>();
    let pairs = [
        ("scenario", ours.scenario == again.scenario),
        ("seed", (ours.seed, &ours.seed_text) == (again.seed, &again.seed_text)),
        ("last month", ours.months == again.months),
        ("generator", ours.generator == again.generator),
        ("plan", ours.plan == again.plan),
        ("comparison", looks(ours) == looks(again)),
        ("list of files", files(ours) == files(again)),
    ];
    pairs.into_iter().filter(|(_, equal)| !equal).map(|(what, _)| what).collect()
}

impl Verified {
    fn add(&mut self, file: &str, what: impl Into<String>) {
        self.damage.push(Damage { file: file.into(), what: what.into() });
    }
}

/// Describes the first line in which two files differ.
fn first_difference(one: &Path, other: &Path) -> String {
    let lines = |path: &Path| File::open(path).map(|file| BufReader::new(file).split(b'\n'));
    let (Ok(mut one), Ok(mut other)) = (lines(one), lines(other)) else { return String::new() };
    let mut number = 0;
    loop {
        number += 1;
        let (line, expected) = (one.next().and_then(Result::ok), other.next().and_then(Result::ok));
        if line == expected && line.is_none() {
            return String::new();
        }
        if line != expected {
            let text = line.map(|line| String::from_utf8_lossy(&line).chars().take(60).collect::<String>());
            return format!(", first in line {number}: {}", text.unwrap_or_else(|| "it is missing".into()));
        }
    }
}

/// The variants of a sweep as its tables record them; empty for other results.
fn recorded_points(result: &ResultFolder) -> Result<Vec<VariantMark>, VerifyError> {
    if result.manifest.sweep.is_none() {
        return Ok(Vec::new());
    }
    let stored = StoredResult::open(ResultFolder::open(&result.path)?)?;
    let variants = stored.variants.into_iter().map(|variant| VariantMark {
        scenario: variant.scenario,
        substance: hexadecimal(&variant.substance),
        values: variant.values,
        replicates: None,
        agent_months: 0,
    });
    Ok(variants.collect())
}

impl PlannedStudy {
    /// The study of a finished result.
    ///
    /// # Errors
    ///
    /// If a file of the result cannot be read.
    pub fn of_result(result: &ResultFolder) -> Result<Self, VerifyError> {
        let manifest = &result.manifest;
        let files: Vec<String> = match &manifest.comparison {
            Some(comparison) => comparison.scenarios.iter().map(|one| one.file.clone()).collect(),
            None => vec!["scenario.toml".into()],
        };
        let mut texts = Vec::new();
        for file in &files {
            let text = String::from_utf8(result.bytes(file)?);
            texts.push(text.map_err(|error| result.broken(file, error.to_string()))?);
        }
        let plan = PlanFile {
            form: crate::output::plan::FORM,
            digest: String::new(),
            program: manifest.program.clone(),
            planned: false,
            mark: manifest.plan.clone(),
            scenario_texts: texts,
            variants: recorded_points(result)?,
            options: manifest.options.clone(),
            looks_before: manifest.comparison.as_ref().map_or(0, |comparison| comparison.looks_before),
            batches: Vec::new(),
        };
        Ok(PlannedStudy::of_recorded(&result.path, plan)?)
    }
}
