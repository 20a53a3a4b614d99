//! The manifest of a result folder: what was run, by what, how it went, and the digest of each file.
//!
//! This is the form of `manifest.json` and of `.kadry/plan.json`. Wall time, peak memory, threads, options and platform
//! may differ between two runs of the same scenario and seed, and with them the digest of the manifest; everything else
//! may not.

use super::folder::hexadecimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Component, Path};

/// Version of the form below; raised when a reader of the old form would be misled.
pub const FORM: u32 = 2;

/// What the digest is computed over in place of itself.
const NO_DIGEST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Name of the file in a result folder.
pub const FILE: &str = "manifest.json";

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORM`].
    pub form: u32,
    /// SHA-256 of this file with 64 zeros in place of these digits.
    pub digest: String,
    /// True if every replicate asked for is in every file; false for a folder that was cut short.
    pub complete: bool,
    /// The program.
    pub program: Program,
    /// The scenario.
    pub scenario: ScenarioMark,
    /// Seed, shared by all replicates.
    pub seed: u64,
    /// The same as text: some readers of JSON keep no more than 53 bits of a number.
    pub seed_text: String,
    /// First and last month that were asked for, both included, as `YYYY-MM`.
    pub months: [String; 2],
    /// How random numbers are made.
    pub generator: String,
    /// One entry per replicate, in order.
    pub replicates: Vec<ReplicateStatus>,
    /// SHA-256 and size of each file beside the manifest, by name.
    pub files: BTreeMap<String, FileMark>,
    /// What the bytes of the files follow from.
    pub plan: PlanMark,
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
    /// Name of the scenario, or of the one that was altered.
    pub name: String,
    /// What the tables call an altered scenario; none if it is not altered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<String>,
    /// Hash of the resolved scenario.
    pub hash: String,
}

impl ScenarioMark {
    /// What the column `scenario` of the tables holds.
    pub fn called(&self) -> &str {
        self.label.as_ref().unwrap_or(&self.name)
    }
}

/// Everything that the bytes of a result's files follow from. Two commands with equal plans write the same tables, and
/// one continues what the other left unfinished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanMark {
    /// The command: `run` or `compare`.
    pub command: String,
    /// The program: another source may give other bytes.
    pub program: Program,
    /// The scenarios, the baseline first.
    pub scenarios: Vec<ScenarioMark>,
    /// Seed, shared by all replicates.
    pub seed: u64,
    /// Numbers of the first and the last replicate.
    pub replicates: [u32; 2],
    /// First and last month.
    pub months: [String; 2],
    /// Digest of the scenario files, titles and other texts included.
    pub texts: String,
    /// Names of the tables of replicates.
    pub tables: Vec<String>,
    /// Settings of the analysis, by name; none for `run`.
    pub analysis: BTreeMap<String, serde_json::Value>,
    /// Names of all files beside the manifest.
    pub files: Vec<String>,
}

impl PlanMark {
    /// The bytes of `plan.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        json_bytes(self)
    }

    /// Reads `plan.json`.
    ///
    /// # Errors
    ///
    /// What is wrong, in words.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let plan: PlanMark = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        check_program(&plan.program)?;
        check_names(plan.files.iter())?;
        Ok(plan)
    }

    /// True if `compare --extend` can go from this plan to the one asked for.
    pub fn can_be_extended_to(&self, asked: &PlanMark) -> bool {
        let of =
            |plan: &PlanMark| (plan.command.clone(), plan.program.clone(), plan.seed, plan.months.clone());
        self.command == "compare"
            && of(self) == of(asked)
            && self.scenarios.first() == asked.scenarios.first()
    }

    /// True if finished runs of this plan are runs of the one asked for too: at most the numbers of replicates and of
    /// scenarios, and the analysis, differ.
    pub fn has_the_runs_of(&self, asked: &PlanMark) -> bool {
        let of =
            |plan: &PlanMark| (plan.program.clone(), plan.seed, plan.months.clone(), plan.tables.clone());
        self.command == asked.command
            && of(self) == of(asked)
            && self.replicates[0] == asked.replicates[0]
            && self.scenarios.iter().zip(&asked.scenarios).all(|(ours, theirs)| ours == theirs)
    }

    /// How this plan differs from the one asked for, in words: `seed 2, not 1`.
    pub fn difference(&self, asked: &PlanMark) -> String {
        if self.command != asked.command {
            return format!("made by `kadry {}`, not `kadry {}`", self.command, asked.command);
        }
        let list = |scenarios: &[ScenarioMark]| {
            let one = |mark: &ScenarioMark| {
                format!("{} ({})", mark.called(), mark.hash.get(..8).unwrap_or(&mark.hash))
            };
            scenarios.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let program = |program: &Program| format!("{} ({})", program.version, program.revision);
        let range = |[first, last]: [u32; 2]| format!("{first} to {last}");
        let lacks = |one: &PlanMark, other: &PlanMark| {
            let lacking = other.files.iter().filter(|file| !one.files.contains(file));
            lacking.cloned().collect::<Vec<_>>().join(", ")
        };
        let pairs = [
            ("made by kadry", program(&self.program), program(&asked.program)),
            ("scenarios", list(&self.scenarios), list(&asked.scenarios)),
            ("seed", self.seed.to_string(), asked.seed.to_string()),
            ("replicates", range(self.replicates), range(asked.replicates)),
            ("last month", self.months[1].clone(), asked.months[1].clone()),
        ];
        let analysis = asked.analysis.iter().map(|(name, value)| {
            let theirs = self.analysis.get(name).unwrap_or(&serde_json::Value::Null);
            (name.as_str(), theirs.to_string(), value.to_string())
        });
        let mut differing: Vec<String> = pairs
            .into_iter()
            .chain(analysis)
            .filter(|(_, theirs, asked)| theirs != asked)
            .map(|(what, theirs, asked)| format!("{what} {theirs}, not {asked}"))
            .collect();
        for (what, files) in [("without", lacks(self, asked)), ("with", lacks(asked, self))] {
            if !files.is_empty() {
                differing.push(format!("{what} {files}"));
            }
        }
        if differing.is_empty() {
            "titles or other texts of its scenarios".into()
        } else {
            differing.join("; ")
        }
    }
}

/// Digest of texts, in their order.
pub fn digest_of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    texts.into_iter().for_each(|text| digest.update(text));
    hexadecimal(&digest.finalize())
}

/// What a folder of `compare` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparisonMark {
    /// Every scenario, the baseline first, in the order of the tables.
    pub scenarios: Vec<ComparedMark>,
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
    /// Name and hash.
    #[serde(flatten)]
    pub scenario: ScenarioMark,
    /// The file of the resolved scenario.
    pub file: String,
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
    /// Runs that the process computed that wrote this manifest; the others were there before.
    pub runs_computed: u64,
    /// Sum over months and finished runs of the people present.
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
    /// True if this is the finished result of a plan.
    pub fn is_of(&self, plan: &PlanMark) -> bool {
        self.complete && self.plan == *plan
    }

    /// The manifest with its digest filled in.
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

    /// Reads `manifest.json`, and checks that it is one of this program, that it has not been changed, and that its
    /// names lead to files inside the folder.
    ///
    /// # Errors
    ///
    /// What is wrong, in words.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Form {
            form: u32,
            program: Program,
        }
        let begin: Form = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        check_program(&begin.program)?;
        if begin.form != FORM {
            let version = begin.program.version;
            return Err(format!(
                "kadry {version} wrote it in form {}; this version writes form {FORM}",
                begin.form
            ));
        }
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
        let blank = text.replacen(&manifest.digest, NO_DIGEST, 1);
        if manifest.digest.len() != NO_DIGEST.len()
            || hexadecimal(&Sha256::digest(blank.as_bytes())) != manifest.digest
        {
            return Err("it has been changed: its digest does not match".into());
        }
        check_names(manifest.files.keys())?;
        Ok(manifest)
    }
}

fn json_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes =
        serde_json::to_vec_pretty(value).expect("a manifest has text keys and finite numbers only");
    bytes.push(b'\n');
    bytes
}

fn check_program(program: &Program) -> Result<(), String> {
    let ours = Program::this().name;
    if program.name == ours {
        Ok(())
    } else {
        Err(format!("it was written by the program {:?}", program.name))
    }
}

/// Refuses names that lead out of the folder, are hidden, or are those of the manifest.
fn check_names<'a>(mut names: impl Iterator<Item = &'a String>) -> Result<(), String> {
    let sound = |name: &str| {
        let mut parts = Path::new(name).components();
        let plain = |part: Component<'_>| matches!(part, Component::Normal(part) if !part.to_string_lossy().starts_with('.'));
        parts.clone().count() <= 2
            && parts.all(plain)
            && !name.is_empty()
            && !name.contains('\\')
            && name != FILE
    };
    match names.find(|name| !sound(name)) {
        Some(name) => Err(format!("its files include {name:?}, which is not a file of a result folder")),
        None => Ok(()),
    }
}
