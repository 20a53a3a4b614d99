//! Carries out what a verb has prepared, or only plans it: the part that `run`, `compare`, `sweep` and `claims` share.

use super::interrupt::{self, Signals};
use super::progress::Progress;
use super::run_options::RunOptions;
use super::work::print_planned;
use crate::experiment::study::session::{Destination, StudyVerb, write_plan};
use crate::output::plan::PlanFile;
use anyhow::Context;

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
