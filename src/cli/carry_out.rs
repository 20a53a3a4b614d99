//! Carries out what a verb has prepared, or only plans it: the part that `run`, `compare` and `sweep` share.

use super::interrupt::{self, Signals};
use super::progress::Progress;
use super::quantity::count;
use super::run_options::RunOptions;
use super::stderr::eprint_line;
use super::work::print_planned;
use crate::experiment::study::session::{Destination, StudyVerb, write_plan};
use crate::output::plan::PlanFile;
use anyhow::Context;
use std::path::Path;

/// Carries out a study and returns its report with the signals that arrived; `None` if `--plan-only` asks for the plan alone,
/// which is then written. Progress names the scenario if there are `several`.
///
/// # Errors
///
/// If the folder cannot be used or written, or every run fails.
pub(super) fn carry_out<V: StudyVerb>(
    verb: &V,
    plan: &PlanFile,
    destination: &Destination<'_>,
    options: &RunOptions,
    several: bool,
) -> anyhow::Result<Option<(V::Report, Signals)>> {
    if options.plan_only {
        let reused = write_plan(verb.study(), plan.clone(), destination)?;
        print_planned(plan, &destination.folder, reused)?;
        return Ok(None);
    }
    let signals = interrupt::listen().context("cannot listen for Ctrl-C")?;
    let progress = Progress::new(several, options.when(), options.verbose);
    let report = verb.carry_out(plan, destination, &progress, &signals.stop);
    progress.finish();
    Ok(Some((report?, signals)))
}

/// How far a study with many variants has come.
pub(super) struct Outcome<'a> {
    /// The result folder.
    pub(super) folder: &'a Path,
    /// Whether it was finished before.
    pub(super) already: bool,
    /// Whether the work was stopped.
    pub(super) stopped: bool,
    /// Number of runs.
    pub(super) runs: u64,
    /// Runs that are not finished.
    pub(super) missing: u64,
    /// Runs that were finished before.
    pub(super) taken_up: u64,
    /// Runs that this process computed.
    pub(super) computed: u64,
}

impl Outcome<'_> {
    /// Prints it on stderr.
    pub(super) fn report(&self) {
        let folder = self.folder.display();
        if self.already {
            eprint_line(&format!("nothing to do: {folder} is finished"));
        } else if self.missing > 0 {
            let (why, next) = if self.stopped {
                ("interrupted", "continues")
            } else {
                ("some runs failed", "runs the others again")
            };
            eprint_line(&format!(
                "{why}: {} of {} runs are finished and kept in {folder}, and the same command {next}",
                count(self.runs - self.missing),
                count(self.runs)
            ));
        } else if self.taken_up > 0 {
            eprint_line(&format!(
                "{} runs were already finished, {} were computed",
                count(self.taken_up),
                count(self.computed)
            ));
        }
    }
}
