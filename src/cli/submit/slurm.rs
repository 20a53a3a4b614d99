//! Calls Slurm's commands.

use crate::cli::stderr::eprint;
use anyhow::{Context, bail};
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

/// Largest index of an array plus one, unless Slurm gives another.
const MAX_ARRAY_SIZE: u64 = 1_001;

/// Number of tasks that an array can have: Slurm's setting, or its default if Slurm does not answer.
pub(super) fn most_tasks() -> u64 {
    let config = output(Command::new("scontrol").args(["show", "config"]));
    config.as_deref().and_then(max_array_size).unwrap_or(MAX_ARRAY_SIZE).saturating_sub(1).max(1)
}

/// The value of `MaxArraySize = 1001` in the output of `scontrol show config`.
fn max_array_size(config: &str) -> Option<u64> {
    let mut pairs = config.lines().filter_map(|line| line.split_once('='));
    pairs.find(|(key, _)| key.trim() == "MaxArraySize")?.1.trim().parse().ok()
}

/// Jobs of this name that wait or run, by number; none if Slurm does not answer.
pub(super) fn queued(name: &str) -> Vec<String> {
    let list = output(Command::new("squeue").args(["--noheader", "--format=%F", "--name", name]));
    let mut jobs: Vec<String> =
        list.iter().flat_map(|list| list.split_whitespace()).map(str::to_owned).collect();
    jobs.sort();
    jobs.dedup();
    jobs
}

/// The output of a command that succeeded.
fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A submitted job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Submitted {
    /// Number of the job.
    pub(super) job: String,
    /// The cluster, if there are several.
    cluster: Option<String>,
}

/// Submits a script from its folder. The job starts when all tasks of the job `after` have succeeded, if one is given.
///
/// # Errors
///
/// If there is no `sbatch`, or it refuses the script.
pub(super) fn submit(folder: &Path, script: &str, after: Option<&Submitted>) -> anyhow::Result<Submitted> {
    let mut command = Command::new("sbatch");
    command.current_dir(folder).arg("--parsable").stdin(Stdio::null());
    if let Some(after) = after {
        // A task that failed will not succeed; without the option the job would wait forever.
        command.arg(format!("--dependency=afterok:{}", after.job)).arg("--kill-on-invalid-dep=yes");
        command.args(after.cluster.iter().map(|cluster| format!("--clusters={cluster}")));
    }
    let output = command.arg(script).output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!(NO_SBATCH),
        _ => anyhow::Error::new(error).context("cannot start sbatch"),
    })?;
    let complaints = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let complaints = complaints.trim_end();
        bail!(
            "sbatch refused {}: {}\ncorrect the options that it names, or ask it for others by --sbatch-option; --dry-run prints the script",
            folder.join(script).display(),
            if complaints.is_empty() {
                format!("it ended with {}", output.status)
            } else {
                complaints.into()
            }
        );
    }
    eprint(&complaints);
    parse(&String::from_utf8_lossy(&output.stdout))
}

/// The error without Slurm.
const NO_SBATCH: &str = "cannot find sbatch, Slurm's command to submit jobs: give this command on the login node of a cluster with Slurm; --dry-run prints the script without it; docs/clusters.md shows GNU parallel, HyperQueue, Snakemake, Ray and Dask";

/// Parses the output of `sbatch --parsable`: `12`, or `12;cluster`.
fn parse(output: &str) -> anyhow::Result<Submitted> {
    let line = output.lines().last().unwrap_or_default().trim();
    let (job, cluster) = match line.split_once(';') {
        Some((job, cluster)) => (job, Some(cluster.to_owned())),
        None => (line, None),
    };
    let number: Result<u64, _> = job.parse();
    number.with_context(|| format!("sbatch printed `{line}` in place of the number of a job"))?;
    Ok(Submitted { job: job.to_owned(), cluster })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_array_is_found() {
        let config = "MaxArraySize            = 4001\nMaxJobCount             = 10000\n";
        assert_eq!(max_array_size(config), Some(4_001));
        assert_eq!(max_array_size("MaxJobCount = 10000\n"), None);
        assert_eq!(max_array_size(""), None);
    }

    #[test]
    fn the_number_of_a_job_is_parsed() {
        assert_eq!(parse("12\n").unwrap(), Submitted { job: "12".into(), cluster: None });
        assert_eq!(parse("12;east\n").unwrap(), Submitted { job: "12".into(), cluster: Some("east".into()) });
        assert!(parse("").is_err());
        assert!(parse("Submitted batch job 12").is_err());
    }
}
