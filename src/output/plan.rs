//! Defines the plan of a result: everything that determines the bytes of its files, and how its runs are divided into
//! batches.
//!
//! [`PlanFile`] is the format of `.kadry/plan.json`. Any process that finds it, on any machine, can compute a batch of the
//! plan or join the finished runs into the result.

use super::folder::hexadecimal;
use super::manifest::{NO_DIGEST, Program, ScenarioMark, check_digest, check_form, check_names, json_bytes};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Version of the format of [`PlanFile`].
pub const FORM: u32 = 1;

/// `.kadry/plan.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanFile {
    /// [`FORM`].
    pub form: u32,
    /// SHA-256 of this file with 64 zeros in place of these digits.
    pub digest: String,
    /// The program that wrote the plan.
    pub program: Program,
    /// Whether the plan was written with `--plan-only`: it is then kept without finished runs.
    pub planned: bool,
    /// Everything that determines the bytes of the files.
    #[serde(flatten)]
    pub mark: PlanMark,
    /// Resolved scenarios: of a comparison, one per variant; otherwise the only one, or the base of a sweep.
    pub scenario_texts: Vec<String>,
    /// The variants, in the order of the tables; the base or baseline first.
    pub variants: Vec<VariantMark>,
    /// Options in force, by name, including defaults, for the manifest.
    pub options: BTreeMap<String, serde_json::Value>,
    /// Number of looks at the comparison that this one extends.
    #[serde(default)]
    pub looks_before: u32,
    /// First run of each batch. Runs are numbered from 0 in the order of the tables: by variant, then by replicate.
    pub batches: Vec<u64>,
}

/// A variant of a study: a resolved scenario, and how it is told apart from the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantMark {
    /// Name, label and hash.
    #[serde(flatten)]
    pub scenario: ScenarioMark,
    /// Digest of everything that the bytes of a run follow from, except seed, replicate and last month.
    pub substance: String,
    /// Values of the varied keys, in the order of the keys; empty if no key is varied.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub values: Vec<String>,
    /// Numbers of the first and the last replicate, if they are not those of the plan.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub replicates: Option<[u32; 2]>,
    /// Expected sum over months of the people present in one run.
    pub agent_months: u64,
}

/// Everything that determines the bytes of the files of a result. Commands with equal plans write the same tables, and
/// each continues unfinished work of the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanMark {
    /// The command: `run`, `compare` or `sweep`.
    pub command: String,
    /// Version of the results: programs of different versions write different bytes.
    pub results: u32,
    /// The scenarios, the baseline first; of a sweep, the base alone.
    pub scenarios: Vec<ScenarioMark>,
    /// The varied keys of a sweep.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub keys: Vec<String>,
    /// Digest of the points of a sweep.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub points: Option<String>,
    /// Seed of all replicates.
    pub seed: u64,
    /// Numbers of the first and the last replicate.
    pub replicates: [u32; 2],
    /// Pasts and futures that the replicates stand for, if they do.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub futures: Option<FuturesMark>,
    /// First and last month.
    pub months: [String; 2],
    /// Digest of the scenario files, including titles and other texts.
    pub texts: String,
    /// Names of the tables by replicate.
    pub tables: Vec<String>,
    /// Settings of the analysis in words, by name; empty for `run`.
    pub analysis: BTreeMap<String, serde_json::Value>,
    /// The same settings, in the form of the command.
    pub settings: serde_json::Value,
    /// Names of all files except the manifest.
    pub files: Vec<String>,
}

/// Many futures of several pasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FuturesMark {
    /// First month whose draws are those of the future, as `YYYY-MM`.
    pub fresh_from: String,
    /// Number of pasts.
    pub pasts: u32,
    /// Number of futures of each past.
    pub futures: u32,
}

impl PlanFile {
    /// Fills in the digest.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        NO_DIGEST.clone_into(&mut self.digest);
        self.digest = hexadecimal(&Sha256::digest(json_bytes(&self)));
        self
    }

    /// The bytes of `plan.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        json_bytes(self)
    }

    /// Parses `plan.json`.
    ///
    /// # Errors
    ///
    /// A description of the fault.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        check_form(bytes, FORM)?;
        let plan: PlanFile = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        check_digest(bytes, &plan.digest)?;
        check_names(plan.mark.files.iter())?;
        Ok(plan)
    }

    /// Number of runs.
    pub fn runs(&self) -> u64 {
        let of = |variant: &VariantMark| {
            let [first, last] = variant.replicates.unwrap_or(self.mark.replicates);
            u64::from((last + 1).saturating_sub(first))
        };
        self.variants.iter().map(of).sum()
    }
}

impl PlanMark {
    /// Whether `--extend` can extend this plan to the requested one, which then contains all that this one has.
    pub fn can_be_extended_to(&self, asked: &PlanMark) -> bool {
        self.lost_in(asked).is_empty()
    }

    /// What the result of this plan has and that of the requested one has not, in words. The points of a sweep are not
    /// compared: their values are not part of the plan.
    pub fn lost_in(&self, asked: &PlanMark) -> Vec<String> {
        let of = |plan: &PlanMark| {
            (
                plan.command.clone(),
                plan.results,
                plan.seed,
                plan.months.clone(),
                plan.futures.clone(),
                plan.keys.clone(),
            )
        };
        if of(self) != of(asked) || self.scenarios.first() != asked.scenarios.first() {
            return vec![self.difference(asked)];
        }
        let mut lost = Vec::new();
        let ([first, last], [asked_first, asked_last]) = (self.replicates, asked.replicates);
        if first < asked_first {
            lost.push(format!("replicates before {asked_first}"));
        }
        if last > asked_last {
            lost.push(format!("replicates after {asked_last}"));
        }
        lost.extend(self.files.iter().filter(|file| !asked.files.contains(file)).cloned());
        lost
    }

    /// Describes how this plan differs from the requested one: `seed 2, not 1`.
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
        let range = |[first, last]: [u32; 2]| format!("{first} to {last}");
        let futures = |mark: &Option<FuturesMark>| {
            mark.as_ref().map_or_else(
                || "none".to_owned(),
                |mark| format!("{} x {} from {}", mark.pasts, mark.futures, mark.fresh_from),
            )
        };
        let missing = |one: &PlanMark, other: &PlanMark| {
            let files = other.files.iter().filter(|file| !one.files.contains(file));
            files.cloned().collect::<Vec<_>>().join(", ")
        };
        let pairs = [
            ("results version", self.results.to_string(), asked.results.to_string()),
            ("scenarios", list(&self.scenarios), list(&asked.scenarios)),
            ("varied keys", self.keys.join(", "), asked.keys.join(", ")),
            ("seed", self.seed.to_string(), asked.seed.to_string()),
            ("pasts and futures", futures(&self.futures), futures(&asked.futures)),
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
        if self.keys == asked.keys && self.points != asked.points {
            differing.push("other values of the varied keys".into());
        }
        for (what, files) in [("without", missing(self, asked)), ("with", missing(asked, self))] {
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
