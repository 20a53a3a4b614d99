//! The manifest of a result folder: what was run, by what, how it went, and the digest of each file.
//!
//! Owns the form of `manifest.json`. Wall time, peak memory, threads, options and platform may differ between two
//! runs of the same scenario and seed; everything else may not.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the form below; rises when a reader of the old form would be misled.
pub const FORM: u32 = 1;

/// Name of the file in a result folder.
pub const FILE: &str = "manifest.json";

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORM`].
    pub form: u32,
    /// True if every replicate asked for is in every file; false for a folder that was cut short.
    pub complete: bool,
    /// The program.
    pub program: Program,
    /// The scenario.
    pub scenario: ScenarioMark,
    /// Seed, shared by all replicates.
    pub seed: u64,
    /// First and last month that were asked for, both included, as `YYYY-MM`.
    pub months: [String; 2],
    /// How random numbers are made.
    pub generator: String,
    /// One entry per replicate, in order.
    pub replicates: Vec<ReplicateStatus>,
    /// SHA-256 and size of each file beside the manifest, by name.
    pub files: BTreeMap<String, FileMark>,
    /// Options in force, by name, defaults included.
    pub options: BTreeMap<String, serde_json::Value>,
    /// What a folder of `compare` holds beside its baseline; none in the folder of a run, where `scenario` and
    /// `replicates` say all.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comparison: Option<ComparisonMark>,
    /// What the run cost.
    pub cost: Cost,
    /// Where it ran.
    pub platform: Platform,
}

/// The program that made a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// `kadry`.
    pub name: String,
    /// Version of the crate.
    pub version: String,
    /// Commit of the source, with `-modified` if files differed from it; `unknown` if it was not built from a clone.
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

/// The scenario that a folder holds results of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioMark {
    /// Name, as in the tables.
    pub name: String,
    /// Hash of the resolved scenario.
    pub hash: String,
}

/// What a folder of `compare` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparisonMark {
    /// Every scenario, the baseline first, in the order of the tables.
    pub scenarios: Vec<ComparedMark>,
    /// Runs that the command computed which wrote this folder; the others were there before.
    pub runs_computed: u64,
    /// How many times the intervals of this folder have been looked at: once, and once more for each time that it was
    /// extended or that `--until-precise` looked.
    pub looks: u32,
    /// Level of the intervals `lo` to `hi`.
    pub level: f64,
    /// Tests that the correction was made over.
    pub tests: u64,
    /// Whether every interval is as narrow as `--until-precise` asked; none where it did not.
    pub precise: Option<bool>,
}

/// One scenario of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedMark {
    /// Name, as in the tables.
    pub name: String,
    /// Hash of the resolved scenario, which is `scenarios/NAME.toml`.
    pub hash: String,
    /// One entry per replicate, in order.
    pub replicates: Vec<ReplicateStatus>,
}

/// How one replicate went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicateStatus {
    /// Number of the replicate, from 1.
    pub replicate: u32,
    /// `finished`: its rows are in the tables. Otherwise it has no rows: `failed`, `interrupted`, `not_started`.
    pub status: Status,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// How a replicate ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All its months were run and all its rows are written.
    Finished,
    /// It stopped with an error.
    Failed,
    /// It was cut short from outside.
    Interrupted,
    /// Its turn never came.
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

/// What the run cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Time from start to the writing of the manifest, in seconds.
    pub wall_seconds: f64,
    /// Largest resident memory of the process in bytes; none where the system does not say.
    pub peak_memory_bytes: Option<u64>,
    /// Threads used.
    pub threads: usize,
    /// Replicates that ran side by side.
    pub side_by_side: u32,
    /// Sum over months and finished replicates of the people present.
    pub agent_months: u64,
    /// Seconds that each process of the month took, summed over threads and finished replicates; empty unless
    /// `--profile` asked for them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub process_seconds: BTreeMap<String, f64>,
}

/// Where a run took place.
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
    /// Where this program runs.
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
    /// The bytes of `manifest.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes =
            serde_json::to_vec_pretty(self).expect("a manifest has text keys and finite numbers only");
        bytes.push(b'\n');
        bytes
    }
}
