//! `kadry submit DIR --to slurm`: hands a planned study to a scheduler, as an array of tasks that work and a job that
//! collects.
//!
//! It writes the scripts into `DIR/.kadry/` and submits them. What is finished is decided by the folder alone: given
//! again after a failure, the command submits what is missing.

mod choice;
mod script;
mod slurm;

use super::Exit;
use super::estimate::core_seconds;
use super::quantity::{Bytes, count, plural};
use super::quote::quoted;
use super::run_options::memory_limit;
use super::stderr::eprint_line;
use super::stdout::print;
use crate::experiment::foresight::foresee_among;
use crate::experiment::foresight::speed::try_speed;
use crate::experiment::plan::Plan;
use crate::experiment::planned::PlannedStudy;
use crate::experiment::study::RunId;
use crate::output::folder::{LOGS, SCRIPTS, WORK, hexadecimal};
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::single_files::temporary;
use anyhow::{Context, bail};
use choice::TaskEstimate;
use clap::ValueEnum;
use script::{Job, job_name};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Scripts of the tasks and of the job that collects, in [`WORK`].
const SUBMIT: &str = SCRIPTS[0];
const COLLECT: &str = SCRIPTS[1];

/// Shortest time limit in minutes: Slurm sends its notice up to two minutes before the end.
const LEAST_MINUTES: u64 = 3;
/// Longest time limit in minutes, a year.
const MOST_MINUTES: u64 = 366 * 24 * 60;

/// Submit a planned study to the scheduler of a cluster
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Result folder that a command with --plan-only has written
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Scheduler
    #[arg(long, value_name = "SCHEDULER", value_enum)]
    to: Scheduler,

    /// Number of tasks [default: as many as have ten minutes of work each, at most 64]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    tasks: Option<u64>,

    /// Time limit of each task: minutes, HH:MM:SS or D-HH:MM:SS [default: twice the estimate, and five minutes]
    #[arg(long, value_name = "TIME", value_parser = minutes)]
    time: Option<u64>,

    /// Partition to submit to [default: the cluster's]
    #[arg(long, value_name = "NAME", value_parser = name)]
    partition: Option<String>,

    /// Account to charge [default: the cluster's]
    #[arg(long, value_name = "NAME", value_parser = name)]
    account: Option<String>,

    /// Memory of each task, such as 2GiB [default: the estimate, and some more]
    #[arg(long, value_name = "SIZE")]
    memory: Option<Bytes>,

    /// Cores of each task
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    cpus: u32,

    /// Another option of sbatch, such as --sbatch-option=--constraint=avx512 (repeatable)
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, value_parser = sbatch_option)]
    sbatch_option: Vec<String>,

    /// The program that tasks run, as the nodes see it [default: this one]
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,

    /// Print the scripts; write and submit nothing
    #[arg(long)]
    dry_run: bool,
}

/// Schedulers that the command knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scheduler {
    /// Slurm
    Slurm,
}

/// Submits the missing batches of a study.
///
/// # Errors
///
/// If the folder has no plan, a job of it is in the queue, or the scheduler refuses it.
pub(super) fn submit(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Scheduler::Slurm = arguments.to;
    let folder = &arguments.folder;
    let Some(planned) = PlannedStudy::open(folder)? else {
        return match ResultFolder::open(folder) {
            Ok(result) if result.manifest.complete => {
                eprint_line(&format!("nothing to do: {} is finished", folder.display()));
                Ok(Exit::Success.into())
            }
            Err(error @ (ReadError::Nothing(_) | ReadError::NotAFolder(_))) => Err(error.into()),
            _ => bail!(
                "{} has no plan: give `kadry run`, `kadry compare`, `kadry sweep` or `kadry claims` with `--plan-only --out {}` first",
                folder.display(),
                quoted(folder.as_os_str())
            ),
        };
    };
    let estimate = estimate(planned, arguments.tasks.is_none() || arguments.time.is_none())?;
    if estimate.batches.is_empty() {
        eprint_line(&format!(
            "nothing to submit: all runs are finished; `kadry collect {}` writes the tables",
            quoted(folder.as_os_str())
        ));
        return Ok(Exit::Success.into());
    }
    let job = job(arguments, &estimate, slurm::most_tasks())?;
    if arguments.dry_run {
        // The second script begins where the first has ended its shell: both can be saved as one.
        print(&format!("{}\n{}", job.work(), job.collect()))?;
        return Ok(Exit::Success.into());
    }
    let queued = slurm::queued(&job.name);
    if !queued.is_empty() {
        let numbers = queued.join(" ");
        bail!(
            "an earlier `kadry submit` of {} has jobs in the queue ({numbers}): wait for them, or cancel them with `scancel {numbers}` and give this command again",
            folder.display(),
        );
    }
    let work = folder.join(WORK);
    fs::create_dir_all(work.join(LOGS)).with_context(|| cannot_write(&work.join(LOGS)))?;
    write(&work, SUBMIT, &job.work())?;
    write(&work, COLLECT, &job.collect())?;
    let tasks = slurm::submit(&work, SUBMIT, None)?;
    let collects = slurm::submit(&work, COLLECT, Some(&tasks)).with_context(|| {
        format!(
            "job {} is submitted, but not the one that collects: when it has ended, give `kadry collect {}`",
            tasks.job,
            quoted(folder.as_os_str())
        )
    })?;
    print(&format!(
        "job {}: {} task{} of at most {} min\njob {}: collects when all of them have succeeded\n",
        tasks.job,
        count(job.tasks.get()),
        plural(job.tasks.get()),
        count(job.minutes),
        collects.job,
    ))?;
    eprint_line(&format!(
        "`kadry status {dir}` shows what is finished; logs are in {logs}",
        dir = quoted(folder.as_os_str()),
        logs = work.join(LOGS).display()
    ));
    Ok(Exit::Success.into())
}

/// Writes a script completely or not at all.
fn write(work: &Path, name: &str, script: &str) -> anyhow::Result<()> {
    let path = work.join(name);
    let write = || {
        let mut file = temporary(work, "tmp-")?;
        file.write_all(script.as_bytes())?;
        file.persist(&path).map_err(|error| error.error)
    };
    write().map(drop).with_context(|| cannot_write(&path))
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}; free some space, or allow this user to write there", path.display())
}

/// Determines what remains to be computed of a planned study. `timed` asks for the time, which takes a trial of a second
/// or two.
///
/// # Errors
///
/// If the finished runs cannot be read.
fn estimate(mut planned: PlannedStudy, timed: bool) -> anyhow::Result<TaskEstimate> {
    planned.use_threads(1, None);
    let (store, study) = (planned.store()?, planned.study());
    let missing = || study.runs().enumerate().filter(|(_, run)| !store.has(&study.address(*run)));
    let agent_months = |run: RunId| study.marks[run.variant].agent_months;
    let mut batches: Vec<u64> = missing()
        .map(|(number, _)| planned.batches().partition_point(|begin| *begin <= number as u64) as u64)
        .collect();
    let runs = batches.len() as u64;
    batches.dedup();
    let sum = missing().map(|(_, run)| agent_months(run)).fold(0u64, u64::saturating_add);
    let largest = missing().max_by_key(|(_, run)| agent_months(*run)).map_or(0, |(_, run)| run.variant);
    let plan = study.variants.plan(largest);
    let foresight = foresee_among(&plan, study.run_count());
    let plan = Plan { threads: 1, side_by_side: 1, ..Plan::clone(&plan) };
    let room = memory_limit(None).map(|(limit, _)| limit);
    let speed = if timed && runs > 0 { try_speed(&plan, 1, room) } else { None };
    Ok(TaskEstimate {
        runs,
        batches,
        core_seconds: speed.map(|speed| core_seconds(speed, sum, 1)),
        memory_bytes: foresight.memory_per_replicate,
    })
}

/// The job for what remains, in an array of at most `most_tasks`.
///
/// # Errors
///
/// If the time is neither given nor known, or a path cannot be made absolute.
fn job(arguments: &Arguments, estimate: &TaskEstimate, most_tasks: u64) -> anyhow::Result<Job> {
    let cpus = arguments.cpus;
    let batches = estimate.batches.len() as u64;
    let asked = arguments.tasks.unwrap_or_else(|| estimate.tasks(cpus));
    let tasks = asked.min(most_tasks).min(batches);
    if tasks < asked {
        let why = if tasks == most_tasks {
            format!("Slurm allows {} in an array", count(most_tasks))
        } else {
            format!(
                "only {} batch{} left to compute",
                count(batches),
                if batches == 1 { " is" } else { "es are" }
            )
        };
        eprint_line(&format!("{} task{} in place of {}: {why}", count(tasks), plural(tasks), count(asked)));
    }
    let tasks = NonZeroU64::new(tasks).unwrap_or(NonZeroU64::MIN);
    let Some(minutes) = arguments.time.or_else(|| estimate.minutes(tasks, cpus)) else {
        bail!("the time of this study is not known: give each task a limit, such as --time 30 (minutes)");
    };
    let memory = arguments.memory.map(|Bytes(size)| choice::mebibytes(size).max(1));
    let program = match &arguments.program {
        Some(path) => path.clone(),
        None => std::env::current_exe().context("cannot find this program; give its path by --program")?,
    };
    // Links stay: a node may know the folder by this path alone.
    let absolute = |path: &Path| {
        std::path::absolute(path).with_context(|| format!("{} has no absolute path", path.display()))
    };
    let folder = absolute(&arguments.folder)?;
    let true_folder = fs::canonicalize(&folder).unwrap_or_else(|_| folder.clone());
    let digits = hexadecimal(&Sha256::digest(true_folder.as_os_str().as_encoded_bytes())[..4]);
    let named =
        |option: &str, value: &Option<String>| value.as_ref().map(|value| format!("--{option}={value}"));
    let options = [named("partition", &arguments.partition), named("account", &arguments.account)];
    Ok(Job {
        name: job_name(&folder, &digits),
        program: absolute(&program)?,
        folder,
        tasks,
        minutes: minutes.clamp(LEAST_MINUTES, MOST_MINUTES),
        mebibytes: memory.or_else(|| (estimate.memory_bytes > 0).then(|| estimate.mebibytes(cpus))),
        cpus,
        options: options.into_iter().flatten().chain(arguments.sbatch_option.iter().cloned()).collect(),
    })
}

/// Parses a time limit into minutes, rounded up.
fn minutes(text: &str) -> Result<u64, String> {
    let (days, rest) = match text.split_once('-') {
        Some((days, rest)) => (Some(days), rest),
        None => (None, text),
    };
    let numbers = |text: &str| -> Option<Vec<u64>> {
        let is_number =
            |text: &str| (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.split(':').map(|text| is_number(text).then(|| text.parse().ok())?).collect()
    };
    let seconds = match (days.map(numbers), numbers(rest).as_deref()) {
        (None, Some([minutes])) => Some(60 * minutes),
        // Two fields could be hours or minutes.
        (None, Some([hours, minutes, seconds])) => Some(3_600 * hours + 60 * minutes + seconds),
        (Some(Some(days)), Some(clock @ ([_] | [_, _] | [_, _, _]))) if days.len() == 1 => {
            Some(clock.iter().zip([3_600, 60, 1]).fold(86_400 * days[0], |sum, (n, unit)| sum + n * unit))
        }
        _ => None,
    };
    let minutes = seconds.map(|seconds| seconds.div_ceil(60));
    let example = "write minutes, HH:MM:SS or D-HH:MM:SS, for example 30 or 02:30:00";
    match minutes {
        Some(minutes @ LEAST_MINUTES..=MOST_MINUTES) => Ok(minutes),
        Some(0..LEAST_MINUTES) => Err(format!(
            "at least {LEAST_MINUTES} minutes are needed: Slurm tells a task to stop up to two minutes before the limit"
        )),
        Some(_) => Err(format!("at most a year is possible; {example}")),
        None => Err(example.into()),
    }
}

/// Checks the name of a partition or an account.
fn name(text: &str) -> Result<String, String> {
    let safe = |letter: char| letter.is_alphanumeric() || "._-,@+/".contains(letter);
    if !text.is_empty() && text.chars().all(safe) {
        Ok(text.to_owned())
    } else {
        Err("write letters, digits, and . _ - , @ + /".into())
    }
}

/// Checks an option of `sbatch`: it becomes a line of the script.
fn sbatch_option(text: &str) -> Result<String, String> {
    if text.contains(char::is_control) {
        return Err("write one line".into());
    }
    if !text.starts_with('-') {
        return Err("write an option with its dashes, for example --sbatch-option=--constraint=avx512".into());
    }
    let option = text.split(['=', ' ']).next().unwrap_or_default();
    match option {
        "--array" => Err("the array follows from --tasks".into()),
        _ if text.starts_with("-a") => Err("the array follows from --tasks".into()),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests;
