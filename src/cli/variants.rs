//! Runs a study of many variants for `sweep`, `claims` and `soundness`: estimates it, or carries it out and says how far it has come.

use super::Exit;
use super::carry_out::carry_out;
use super::estimate::{check_memory, cluster_text, core_seconds, folder_remark, folder_word, time_text};
use super::interrupt::Signals;
use super::quantity::{bytes, count};
use super::report::warn_of_outdated_page;
use super::run_options::RunOptions;
use super::stderr::eprint_line;
use super::stdout::print;
use super::work::report_reused;
use crate::experiment::foresight::speed;
use crate::experiment::study::Study;
use crate::experiment::study::outcome::Outcome;
use crate::experiment::study::session::{Destination, StudyVerb};
use crate::output::folder::folder_state;
use crate::output::plan::PlanFile;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What an estimate says of a study before months, memory, disk and time.
pub(super) struct Heading {
    /// Lines of text, each with its end.
    pub(super) text: String,
    /// Entries of the JSON.
    pub(super) json: Map<String, Value>,
}

/// Carries out a study in a folder and returns its report; the exit code if nothing was to be carried out, because an
/// estimate or a plan alone was asked for.
///
/// # Errors
///
/// If the folder cannot be used or written, memory is too small, or every run fails.
pub(super) fn run<V: StudyVerb>(
    verb: &V,
    plan: &PlanFile,
    folder: PathBuf,
    shared: &RunOptions,
    estimate: Option<(Heading, bool)>,
) -> anyhow::Result<Result<(V::Report, Signals), ExitCode>> {
    let study = verb.study();
    let foresight = study.foresight();
    let limit = shared.memory_limit();
    let memory = limit.map_or(Ok(()), |limit| check_memory(&foresight, foresight.memory, limit));
    let extends = shared.extends(&folder, study, plan)?;
    if let Some((heading, as_json)) = estimate {
        print(&estimated(study, plan, &folder, shared, heading, as_json)?)?;
        return memory.map(|()| Err(Exit::Success.into()));
    }
    let destination = Destination { extends, folder, force: shared.force, reuse: &shared.reuse };
    if !shared.plan_only {
        memory?;
    }
    Ok(carry_out(verb, plan, &destination, shared, true)?.ok_or_else(|| Exit::Success.into()))
}

/// The estimate of `--dry-run`, as text or JSON.
fn estimated(
    study: &Study,
    plan: &PlanFile,
    folder: &Path,
    shared: &RunOptions,
    heading: Heading,
    as_json: bool,
) -> anyhow::Result<String> {
    let state = folder_state(folder, &plan.mark, shared.force || shared.extend)?;
    let (base, foresight) = (&study.base, study.foresight());
    let speed = speed::try_speed(base, study.run_count(), shared.memory_limit().map(|(limit, _)| limit));
    let batches = plan.batches.len() as u64;
    let agent_months = foresight.agent_months;
    if as_json {
        let common = json!({
            "scenario": { "name": base.name, "hash": base.hash },
            "runs": study.run_count(),
            "threads": base.threads,
            "agent_months": agent_months,
            "memory_bytes": foresight.memory,
            "disk_bytes": foresight.disk,
            "seconds": speed.map(|speed| speed.seconds(agent_months)),
            "batches": batches,
            "core_seconds": speed.map(|speed| core_seconds(speed, agent_months, foresight.side_by_side)),
            "folder": folder.to_string_lossy(),
            "folder_state": folder_word(state),
        });
        let mut value = heading.json;
        value.extend(common.as_object().cloned().unwrap_or_default());
        return Ok(format!("{:#}\n", Value::Object(value)));
    }
    Ok(format!(
        "{}\
         months  {} in each run, {} agent-months in all\n\
         memory  about {}\n\
         disk    about {}\n\
         time    {}\n\
         cluster {}\n\
         folder  {}{}\n",
        heading.text,
        base.months().count(),
        count(agent_months),
        bytes(foresight.memory),
        bytes(foresight.disk),
        time_text(speed, agent_months),
        cluster_text(speed, &foresight, batches),
        folder.display(),
        folder_remark(state),
    ))
}

/// Says on stderr how far a study has come: finished before, interrupted, or which runs were taken up.
pub(super) fn report_outcome(outcome: &Outcome) {
    let folder = outcome.folder.display();
    if outcome.already {
        eprint_line(&format!("nothing to do: {folder} is finished"));
    } else if outcome.missing > 0 {
        let (why, next) = if outcome.stopped {
            ("interrupted", "continues")
        } else {
            ("some runs failed", "runs the others again")
        };
        eprint_line(&format!(
            "{why}: {} of {} runs are finished and kept in {folder}, and the same command {next}",
            count(outcome.runs - outcome.missing),
            count(outcome.runs)
        ));
    } else if outcome.taken_up > 0 {
        eprint_line(&format!(
            "{} runs were already finished, {} were computed",
            count(outcome.taken_up),
            count(outcome.computed)
        ));
    }
    report_reused(&outcome.reused);
}

/// Warns of a page that is older than the result, and returns the exit code of a study that was not stopped.
pub(super) fn end(outcome: &Outcome) -> ExitCode {
    warn_of_outdated_page(&outcome.folder);
    if outcome.missing == 0 { Exit::Success } else { Exit::SomeFailed }.into()
}
