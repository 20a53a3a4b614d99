//! Holds what identifies a test of a file of hypotheses: file, base, seed, and how much was run.
//!
//! The manifest of a result folder stores it among the settings of the analysis, so that a page can be made from the folder.

use super::evidence::Evidence;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The word of [`crate::output::plan::PlanMark::command`] for folders with claims.
pub const COMMAND: &str = "claims";

/// What identifies a test of a file of hypotheses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// Name of the file's claims.
    pub claims: String,
    /// Title of the file.
    pub title: String,
    /// SHA-256 of the file, in hexadecimal.
    pub file_sha256: String,
    /// The base on which the claims were tested.
    pub base: String,
    /// Seed.
    pub seed: u64,
    /// People in January 1928.
    pub people: u64,
    /// Replicates of the base and of each scenario.
    pub replicates: u32,
    /// Replicates of null models, mechanisms and rungs.
    pub null_replicates: u32,
    /// Draws of shifted levers and turns of policy.
    pub jitter_draws: u32,
    /// Draws of parameters from their prior.
    pub prior_draws: u32,
    /// Level of the intervals that agree with the verdicts, for all tests together: 1 minus the family-wise error, such as 0.95.
    pub level: f64,
}

impl Heading {
    /// The heading of what was found.
    pub fn of(evidence: &Evidence) -> Heading {
        Heading {
            claims: evidence.claims.name.clone(),
            title: evidence.claims.title.clone(),
            file_sha256: evidence.digest.clone(),
            base: evidence.base.clone(),
            seed: evidence.seed,
            people: evidence.people,
            replicates: evidence.replicates,
            null_replicates: evidence.null_replicates,
            jitter_draws: evidence.draws.0,
            prior_draws: evidence.draws.1,
            level: evidence.level,
        }
    }

    /// The heading as settings for [`crate::output::plan::PlanMark::analysis`].
    ///
    /// # Panics
    ///
    /// Never: the heading has finite numbers and texts only.
    pub fn analysis(&self) -> BTreeMap<String, Value> {
        match serde_json::to_value(self).expect("a heading is an object of numbers and texts") {
            Value::Object(settings) => settings.into_iter().collect(),
            _ => BTreeMap::new(),
        }
    }

    /// Reads a heading from the settings of a manifest. Other settings are ignored.
    ///
    /// # Errors
    ///
    /// What is missing or has another type, in words.
    pub fn read(analysis: &BTreeMap<String, Value>) -> Result<Heading, String> {
        let settings = analysis.iter().map(|(name, value)| (name.clone(), value.clone()));
        let heading: Heading =
            serde_json::from_value(Value::Object(settings.collect())).map_err(|error| error.to_string())?;
        let usable = heading.level >= 0.5 && heading.level < 1.0;
        if usable { Ok(heading) } else { Err(format!("level is {}, not from 0.5 to below 1", heading.level)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_survives_the_manifest() {
        let heading = Heading::of(&super::super::example::evidence());
        let mut settings = heading.analysis();
        assert_eq!(Heading::read(&settings), Ok(heading));
        settings.insert("another".into(), Value::Bool(true));
        assert!(Heading::read(&settings).is_ok());
        settings.insert("level".into(), 2.into());
        assert!(Heading::read(&settings).unwrap_err().contains("level is 2"));
        settings.remove("base");
        assert!(Heading::read(&settings).unwrap_err().contains("base"));
    }
}
