//! Writes the two scripts that Slurm runs: the array of tasks that work, and the job that collects.

use crate::cli::Exit;
use crate::cli::quote::quoted;
use std::ffi::OsStr;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

/// Exit code of a task that was stopped before its time limit and can be continued.
const STOPPED: u8 = 75;

/// Exit code of `kadry collect` if runs are missing.
const MISSING: u8 = Exit::SomeFailed.code();

/// Seconds after which NFS shows what other nodes have written, by default.
const STALE: u32 = 60;

/// What a script asks of Slurm, and what it runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Job {
    /// Name in the queue: letters, digits, `.`, `_` and `-`.
    pub(super) name: String,
    /// Absolute path of the program.
    pub(super) program: PathBuf,
    /// Absolute path of the result folder.
    pub(super) folder: PathBuf,
    /// Number of tasks.
    pub(super) tasks: NonZeroU64,
    /// Time limit of each task in minutes.
    pub(super) minutes: u64,
    /// Memory of each task in MiB, if it is known.
    pub(super) mebibytes: Option<u64>,
    /// Cores of each task.
    pub(super) cpus: u32,
    /// Options for `sbatch`, each as in a line `#SBATCH`.
    pub(super) options: Vec<String>,
}

impl Job {
    /// The script of the tasks.
    pub(super) fn work(&self) -> String {
        let tasks = self.tasks;
        let header = self.header(
            "Computes a share of the batches of a study: every n-th, n being the number of tasks.",
            &[format!("--job-name={}", self.name), format!("--array=1-{tasks}"), "--signal=B:TERM@60".into()],
            ("%A_%a", "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"),
        );
        let (program, folder) = (quoted(self.program.as_os_str()), quoted(self.folder.as_os_str()));
        let cpus = self.cpus;
        format!(
            r#"{header}
program={program}
folder={folder}

# The task by its number in the array: the number of its job may be that of the whole array.
task=${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID

# RUNNING before the time limit; COMPLETING after scancel, when the task must not go back to the queue.
state() {{
    squeue --noheader --jobs="$task" --format=%T
}}

# Number of finished batches of the study.
finished() {{
    local parts=("$folder"/.kadry/parts/*.part)
    echo "${{#parts[@]}}"
}}
shopt -s nullglob
before=$(finished)

# Slurm sends TERM to this shell alone, one to two minutes before the time limit.
stopped='' worker=''
trap 'stopped=yes; [[ -z $worker ]] || kill -TERM "$worker"' TERM
"$program" work "$folder" --shard "$SLURM_ARRAY_TASK_ID/{tasks}" --threads {cpus} --on-term {STOPPED} --progress never &
worker=$!
[[ -z $stopped ]] || kill -TERM "$worker"
# A signal ends the wait before it ends the program.
while wait "$worker"; code=$?; kill -0 "$worker" 2>/dev/null; do :; done

if [[ $code == {STOPPED} ]]; then
    if (($(finished) <= before)); then
        echo "told to stop before a batch was finished: submit again with more --time" >&2
    elif [[ $(state) == RUNNING ]]; then
        echo "told to stop: back to the queue" >&2
        scontrol requeue "$task" || echo "not possible: submit again, which continues" >&2
    fi
fi
exit "$code"
"#
        )
    }

    /// The script of the job that collects.
    pub(super) fn collect(&self) -> String {
        let header = self.header(
            "Joins the finished batches of a study into its tables.",
            &[format!("--job-name={}", self.name)],
            ("collect-%j", "collect-$SLURM_JOB_ID"),
        );
        let (program, folder) = (quoted(self.program.as_os_str()), quoted(self.folder.as_os_str()));
        format!(
            r#"{header}
program={program}
folder={folder}

"$program" collect "$folder"
code=$?
if [[ $code == {MISSING} ]]; then
    # On NFS a node may see a folder as it was a minute ago.
    sleep {STALE}
    "$program" collect "$folder"
    code=$?
fi
exit "$code"
"#
        )
    }

    /// Shebang, comment and directives. `log` is the name of the log for Slurm and for the shell, without its extension.
    fn header(&self, what: &str, directives: &[String], log: (&str, &str)) -> String {
        let mut script = format!(
            "#!/bin/bash\n# {what}\n# Written by `kadry submit`, which submits it from its own folder.\n"
        );
        let plain_folder = !contains_any(self.folder.as_os_str(), b"%\\");
        let common = [
            Some("--requeue".into()),
            Some(format!("--time={}", self.minutes)),
            Some("--nodes=1".into()),
            Some("--ntasks=1".into()),
            Some(format!("--cpus-per-task={}", self.cpus)),
            self.mebibytes.map(|size| format!("--mem={size}M")),
            Some("--open-mode=append".into()),
            // Slurm replaces `%` and `\` in the folder too.
            Some(format!(
                "--output={}",
                if plain_folder { format!("logs/{}.log", log.0) } else { "/dev/null".into() }
            )),
        ];
        for directive in directives.iter().chain(common.iter().flatten()).chain(&self.options) {
            script += &format!("#SBATCH {directive}\n");
        }
        if !plain_folder {
            script += &format!("\nexec >>\"logs/{}.log\" 2>&1\n", log.1);
        }
        script
    }
}

fn contains_any(text: &OsStr, bytes: &[u8]) -> bool {
    text.as_encoded_bytes().iter().any(|byte| bytes.contains(byte))
}

/// A name for the queue: the name of the folder as far as every tool can print it, and eight digits that tell folders
/// of the same name apart.
pub(super) fn job_name(folder: &Path, digits: &str) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let safe = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let name: String = name.chars().map(|letter| if safe(letter) { letter } else { '_' }).take(40).collect();
    format!("kadry-{name}-{digits}")
}
