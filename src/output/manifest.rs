//! Defines the manifest of a result folder: what was run, by which program, how it ended, and the digest of each file.
//!
//! The types are the format of `manifest.json`; [`super::plan`] has that of `.kadry/plan.json`. Two runs of the same
//! scenario and seed may differ in wall time, peak memory, threads, options and platform, and therefore in the digest of the manifest, but in
//! nothing else.

use super::folder::hexadecimal;
use super::plan::PlanMark;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Component, Path};

/// Version of the format; raised if a reader of the old format would misread the new one.
pub const FORM: u32 = 3;

/// Placeholder for the digest while the digest is computed.
pub(super) const NO_DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Name of the file in a result folder.
pub const FILE: &str = "manifest.json";

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORM`].
    pub form: u32,
    /// SHA-256 of this file with 64 zeros in place of these digits.
    pub digest: String,
    /// Whether every file contains all requested replicates.
    pub complete: bool,
    /// The program.
    pub program: Program,
    /// The scenario.
    pub scenario: ScenarioMark,
    /// Seed of all replicates.
    pub seed: u64,
    /// The seed as text, because some JSON readers keep only 53 bits of a number.
    pub seed_text: String,
    /// First and last requested month, inclusive, as `YYYY-MM`.
    pub months: [String; 2],
    /// Name of the random number generator.
    pub generator: String,
    /// One entry per replicate, in order.
    pub replicates: Vec<ReplicateStatus>,
    /// SHA-256 and size of each file except the manifest, by name.
    pub files: BTreeMap<String, FileMark>,
    /// Everything that determines the bytes of the files.
    pub plan: PlanMark,
    /// Options in force, by name, including defaults.
    pub options: BTreeMap<String, serde_json::Value>,
    /// The scenarios and statistics of a comparison; `None` for the folder of a run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comparison: Option<ComparisonMark>,
    /// The points of a sweep; `None` for other commands.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sweep: Option<SweepMark>,
    /// Time and memory of the run.
    pub cost: Cost,
    /// The platform of the run.
    pub platform: Platform,
}

/// The program that wrote a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// `kadry`.
    pub name: String,
    /// Version of the crate.
    pub version: String,
    /// Commit of the source, with `-modified` if files differed from it; `unknown` if not built from a clone.
    pub revision: String,
}

impl Program {
    /// This program.
    pub fn this() -> Self {
        Program {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            revision: env!("KADRY_REVISION").into(),
        }
    }
}

/// The scenario of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioMark {
    /// Name of the scenario; for an altered scenario, of the original.
    pub name: String,
    /// Label of an altered scenario in the tables; `None` if not altered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<String>,
    /// Hash of the resolved scenario.
    pub hash: String,
}

impl ScenarioMark {
    /// The value of the column `scenario` in the tables.
    pub fn called(&self) -> &str {
        self.label.as_ref().unwrap_or(&self.name)
    }
}

/// SHA-256 of texts, one after the other.
pub fn digest_of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    texts.into_iter().for_each(|text| digest.update(text));
    hexadecimal(&digest.finalize())
}

/// The contents of a folder of `compare`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparisonMark {
    /// Every scenario, the baseline first, in the order of the tables.
    pub scenarios: Vec<ComparedMark>,
    /// Number of looks at the intervals of this folder: one, plus one for each extension and each check of
    /// `--until-precise`.
    pub looks: u32,
    /// Number of looks at the result that this one extends.
    pub looks_before: u32,
    /// Level of the intervals `lo` to `hi`.
    pub level: f64,
    /// Number of tests in the correction.
    pub tests: u64,
    /// Whether every interval is as narrow as `--until-precise` requires; `None` without that option.
    pub precise: Option<bool>,
}

/// One scenario of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedMark {
    /// Name and hash.
    #[serde(flatten)]
    pub scenario: ScenarioMark,
    /// The file of the resolved scenario.
    pub file: String,
    /// One entry per replicate, in order.
    pub replicates: Vec<ReplicateStatus>,
}

/// The contents of a folder of `sweep`. The table of points lists the points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepMark {
    /// The varied keys, in the order of the columns.
    pub keys: Vec<String>,
    /// Number of points, without the base.
    pub points: u64,
    /// Runs that are not finished.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub unfinished: Vec<UnfinishedRun>,
}

/// A run of a sweep that is not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnfinishedRun {
    /// Label of the point.
    pub scenario: String,
    /// How the run ended.
    #[serde(flatten)]
    pub run: ReplicateStatus,
}

/// How one replicate ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicateStatus {
    /// Number of the replicate, from 1.
    pub replicate: u32,
    /// The tables have rows of the replicate only if it is `finished`.
    pub status: Status,
    /// The error, if it failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// The end of a replicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All months were run and all rows are written.
    Finished,
    /// It stopped with an error.
    Failed,
    /// It was interrupted by a signal.
    Interrupted,
    /// It was not started.
    NotStarted,
}

/// Digest and size of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMark {
    /// SHA-256 in lower-case hexadecimal digits.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// Time and memory of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Time from the start to the writing of the manifest, in seconds.
    pub wall_seconds: f64,
    /// Peak resident memory of the process in bytes; `None` if unknown.
    pub peak_memory_bytes: Option<u64>,
    /// Number of threads.
    pub threads: usize,
    /// Number of replicates that ran at the same time.
    pub side_by_side: u32,
    /// Number of runs that the process computed; the other runs were already finished.
    pub runs_computed: u64,
    /// Number of people present, summed over months and finished runs.
    pub agent_months: u64,
    /// Seconds per process of the month, summed over threads and finished replicates; empty without `--profile`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub process_seconds: BTreeMap<String, f64>,
}

/// The platform of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// Target triple that the program was built for.
    pub target: String,
    /// Operating system.
    pub os: String,
    /// Processor architecture.
    pub arch: String,
    /// Build profile: `release` or `debug`.
    pub profile: String,
}

impl Platform {
    /// The platform of this program.
    pub fn this() -> Self {
        Platform {
            target: env!("KADRY_TARGET").into(),
            os: std::env::consts::OS.into(),
            arch: std::env::consts::ARCH.into(),
            profile: if cfg!(debug_assertions) { "debug" } else { "release" }.into(),
        }
    }
}

impl Manifest {
    /// Whether this is the finished result of a plan.
    pub fn is_of(&self, plan: &PlanMark) -> bool {
        self.complete && self.plan == *plan
    }

    /// Fills in the digest.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        NO_DIGEST.clone_into(&mut self.digest);
        self.digest = hexadecimal(&Sha256::digest(json_bytes(&self)));
        self
    }

    /// The bytes of `manifest.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        json_bytes(self)
    }

    /// Parses `manifest.json`, and checks that this program wrote it, that it is unchanged, and that its file names
    /// stay inside the folder.
    ///
    /// # Errors
    ///
    /// A description of the fault.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        check_form(bytes, FORM)?;
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        check_digest(bytes, &manifest.digest)?;
        check_names(manifest.files.keys())?;
        Ok(manifest)
    }
}

/// What a `manifest.json` is, as far as its bytes show.
#[derive(Debug)]
pub enum Examined {
    /// A manifest that this version can read.
    Intact(Box<Manifest>),
    /// A manifest that was changed after kadry wrote it.
    Damaged(String),
    /// An unchanged manifest of another form; the version of the program that wrote it.
    OtherForm(String),
    /// The file of another program.
    NotOurs,
}

/// Distinguishes a damaged manifest from one of another version and from the file of another program.
pub fn examine(bytes: &[u8]) -> Examined {
    let value: serde_json::Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        // Whatever byte is damaged, one of two words is left.
        Err(error) => {
            let has = |word: &str| bytes.windows(word.len()).any(|found| found == word.as_bytes());
            let ours = has("\"kadry\"") || has("ChaCha8");
            return if ours { Examined::Damaged(format!("is damaged: {error}")) } else { Examined::NotOurs };
        }
    };
    let digest = value["digest"].as_str().unwrap_or_default();
    if let Err(reason) = check_digest(bytes, digest) {
        let keys = ["digest", "generator", "replicates", "seed_text", "platform"];
        let ours = keys.iter().filter(|key| !value[**key].is_null()).count() > 2;
        return if ours { Examined::Damaged(reason) } else { Examined::NotOurs };
    }
    match Manifest::from_bytes(bytes) {
        Ok(manifest) => Examined::Intact(Box::new(manifest)),
        Err(_) if value["program"]["name"] != Program::this().name => Examined::NotOurs,
        Err(_) => {
            Examined::OtherForm(value["program"]["version"].as_str().unwrap_or("of another version").into())
        }
    }
}

pub(super) fn json_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes =
        serde_json::to_vec_pretty(value).expect("a manifest has text keys and finite numbers only");
    bytes.push(b'\n');
    bytes
}

/// Checks the digest that a file contains of itself.
pub(super) fn check_digest(bytes: &[u8], digest: &str) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let blank = text.replacen(digest, NO_DIGEST, 1);
    if digest.len() != NO_DIGEST.len() || hexadecimal(&Sha256::digest(blank.as_bytes())) != digest {
        return Err("it has been changed: its digest does not match".into());
    }
    Ok(())
}

/// Checks that this program wrote a file, and in this form.
pub(super) fn check_form(bytes: &[u8], form: u32) -> Result<(), String> {
    #[derive(Deserialize)]
    struct Form {
        form: u32,
        program: Program,
    }
    let Form { form: found, program } = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if program.name != Program::this().name {
        return Err(format!("it was written by the program {:?}", program.name));
    }
    if found != form {
        let version = program.version;
        return Err(format!("kadry {version} wrote it in form {found}; this version writes form {form}"));
    }
    Ok(())
}

/// Refuses names that lead out of the folder, are hidden, or are the name of the manifest.
pub(super) fn check_names<'a>(mut names: impl Iterator<Item = &'a String>) -> Result<(), String> {
    let valid = |name: &str| {
        let mut parts = Path::new(name).components();
        let visible = |part: Component<'_>| matches!(part, Component::Normal(part) if !part.to_string_lossy().starts_with('.'));
        parts.clone().count() <= 2
            && parts.all(visible)
            && !name.is_empty()
            && !name.contains('\\')
            && name != FILE
    };
    match names.find(|name| !valid(name)) {
        Some(name) => Err(format!("its files include {name:?}, which is not a file of a result folder")),
        None => Ok(()),
    }
}
