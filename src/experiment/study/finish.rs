//! Writes the manifest of a study and completes its result folder.

use super::execute;
use super::session::{GENERATOR, RunError, Session};
use crate::experiment::machine;
use crate::output::manifest::{
    self, ComparisonMark, Cost, Manifest, Platform, Program, Status, SweepMark, UnfinishedRun,
};
use std::collections::BTreeMap;

/// What a verb adds to the manifest.
#[derive(Default)]
pub struct VerbMark {
    /// The scenarios and statistics of a comparison.
    pub comparison: Option<ComparisonMark>,
    /// Whether the result is that of a sweep.
    pub sweep: bool,
}

impl Session<'_> {
    /// Moves the tables into place and writes the manifest.
    ///
    /// # Errors
    ///
    /// If a file of the user is in the way, or the disk is full.
    pub fn finish(self, verb: VerbMark, last: u32) -> Result<(), RunError> {
        let (study, base) = (self.study, &self.study.base);
        let mut unfinished: Vec<UnfinishedRun> = Vec::new();
        let missing = self.missing(last);
        if verb.sweep && !missing.is_empty() {
            for (variant, mark) in study.marks.iter().enumerate() {
                let statuses = self.statuses(variant, last).into_iter();
                let open = statuses.filter(|one| one.status != Status::Finished);
                unfinished.extend(
                    open.map(|run| UnfinishedRun { scenario: mark.scenario.called().to_owned(), run }),
                );
            }
        }
        let complete = missing.is_empty();
        let profile = self.profile.seconds().map(|(name, seconds)| (name.to_owned(), seconds)).collect();
        let manifest = Manifest {
            form: manifest::FORM,
            digest: String::new(),
            complete,
            program: Program::this(),
            scenario: base.mark(),
            seed: base.seed,
            seed_text: base.seed.to_string(),
            months: self.plan.mark.months.clone(),
            generator: GENERATOR.into(),
            replicates: self.statuses(0, last),
            files: self.workspace.marks().clone(),
            plan: self.plan.mark.clone(),
            options: self.plan.options.clone(),
            comparison: verb.comparison,
            sweep: verb.sweep.then(|| SweepMark {
                keys: study.keys.clone(),
                points: study.marks.len() as u64 - 1,
                unfinished,
            }),
            cost: Cost {
                wall_seconds: self.seconds(),
                peak_memory_bytes: machine::peak_memory(),
                threads: base.threads,
                side_by_side: execute::side_by_side(base, study.run_count()),
                runs_computed: self.computed,
                agent_months: self.agent_months(last),
                process_seconds: if base.profile { profile } else { BTreeMap::new() },
            },
            platform: Platform::this(),
        };
        Ok(self.workspace.finish(&manifest.sealed())?)
    }
}
