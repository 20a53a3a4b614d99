//! Tests of `kadry submit` with stand-ins for Slurm's commands, which record what they are asked. A real Slurm runs in
//! `study.sh` beside this file.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A name that a careless script would break on.
const STUDY: &str = "it's a \"study\" in $(parts)\nand `lines`";

/// An empty folder with a planned study and a folder of stand-ins for Slurm's commands.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Home {
        let home = Home { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(home.path("bin")).unwrap();
        let planned = home.kadry(&[
            "run",
            "historical",
            "--population",
            "500",
            "--until",
            "1928-06",
            "--replicates",
            "3",
            "--plan-only",
            "--out",
            STUDY,
        ]);
        assert!(planned.status.success(), "{}", text(&planned.stderr));
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program. Its search path has nothing but the stand-ins.
    fn kadry(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
        command.current_dir(self.folder.path()).args(arguments).env("LC_ALL", "C.UTF-8");
        command.env("PATH", self.path("bin")).output().unwrap()
    }

    fn submit(&self, more: &[&str]) -> Output {
        self.kadry(&[&["submit", STUDY, "--to", "slurm"], more].concat())
    }

    /// A stand-in for a command of Slurm.
    fn stand_in(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, format!("#!/bin/bash\nPATH=/usr/bin:/bin\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// An `sbatch` that records its arguments and the script, and numbers jobs from 41.
    fn sbatch(&self) {
        let home = self.folder.path().display();
        self.stand_in(
            "sbatch",
            &format!(
                "echo \"$*\" >>'{home}/calls'\n\
                 cat \"${{@: -1}}\" >>'{home}/scripts' || exit 1\n\
                 echo $((40 + $(wc -l <'{home}/calls')))"
            ),
        );
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    fn study(&self) -> PathBuf {
        self.path(STUDY)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every file below a folder, with its contents.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.push((path.clone(), Vec::new()));
                folders.push(path);
            } else {
                found.push((path.clone(), fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_study_is_submitted_as_an_array_and_a_job_that_collects() {
    let home = Home::new();
    home.sbatch();
    let output = home.submit(&["--tasks", "2", "--time", "30", "--memory", "1GiB"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(
        text(&output.stdout),
        "job 41: 2 tasks of at most 30 min\njob 42: collects when all of them have succeeded\n"
    );
    assert_eq!(
        home.read("calls"),
        "--parsable submit.sbatch\n--parsable --dependency=afterok:41 --kill-on-invalid-dep=yes collect.sbatch\n"
    );
    let work = home.study().join(".kadry");
    assert!(work.join("logs").is_dir());
    let scripts =
        ["submit.sbatch", "collect.sbatch"].map(|name| fs::read_to_string(work.join(name)).unwrap());
    assert_eq!(home.read("scripts"), scripts.concat());
    for directive in ["--array=1-2", "--time=30", "--mem=1024M", "--cpus-per-task=1", "--signal=B:TERM@60"] {
        assert!(scripts[0].contains(&format!("\n#SBATCH {directive}\n")), "{}", scripts[0]);
    }
    // The second submission continues: it is a matter of the folder, not of the scheduler.
    assert!(home.submit(&["--time", "30"]).status.success());
    assert_eq!(home.read("calls").lines().count(), 4);
}

#[test]
fn the_submitted_scripts_finish_the_study() {
    let home = Home::new();
    home.sbatch();
    assert!(home.submit(&["--tasks", "2"]).status.success());
    let work = home.study().join(".kadry");
    // The job that collects waits a minute before it tries again.
    home.stand_in("sleep", &format!("echo \"$1\" >>'{}'", home.path("slept").display()));
    let path = format!("{}:{}", home.path("bin").display(), std::env::var("PATH").unwrap());
    let run = |script: &str, task: &str| {
        let mut shell = Command::new("bash");
        shell.env("PATH", &path);
        shell.arg(script).current_dir(&work).env("SLURM_ARRAY_JOB_ID", "41").env("SLURM_ARRAY_TASK_ID", task);
        shell.env("SLURM_JOB_ID", "43").output().unwrap()
    };
    assert!(run("submit.sbatch", "1").status.success());
    // One shard of two is missing: `collect` says so, and the next submission needs one task for one batch.
    assert_eq!(run("collect.sbatch", "").status.code(), Some(4));
    assert_eq!(home.read("slept"), "60\n");
    let output = home.submit(&["--tasks", "2", "--dry-run"]);
    assert!(text(&output.stdout).contains("#SBATCH --array=1-1\n"), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("only 1 batch is left"), "{}", text(&output.stderr));
    assert!(run("submit.sbatch", "2").status.success());
    let output = home.submit(&[]);
    assert!(
        output.status.success() && text(&output.stderr).contains("kadry collect"),
        "{}",
        text(&output.stderr)
    );
    assert!(run("collect.sbatch", "").status.success());
    assert!(home.study().join("manifest.json").exists());
    let calls = home.read("calls");
    let output = home.submit(&[]);
    assert!(
        output.status.success() && text(&output.stderr).contains("nothing to do"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(home.read("calls"), calls);
}

#[test]
fn a_dry_run_prints_the_scripts_and_changes_nothing() {
    let home = Home::new();
    let before = contents(home.folder.path());
    // Without any command of Slurm.
    let output = home.submit(&["--partition", "short", "--sbatch-option=--constraint=avx512", "--dry-run"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let script = text(&output.stdout);
    assert!(script.starts_with("#!/bin/bash\n") && script.matches("#!/bin/bash\n").count() == 2, "{script}");
    for line in ["#SBATCH --array=1-1", "#SBATCH --partition=short", "#SBATCH --constraint=avx512"] {
        assert!(script.lines().any(|other| other == line), "{line} is not in\n{script}");
    }
    assert!(!script.contains(&text(STUDY.as_bytes())) && script.contains("\\x0aand `lines`"), "{script}");
    assert_eq!(contents(home.folder.path()), before);
}

#[test]
fn without_slurm_the_error_names_other_ways() {
    let home = Home::new();
    let output = home.submit(&["--time", "30"]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    for part in ["sbatch", "--dry-run", "docs/clusters.md"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn what_sbatch_says_is_shown() {
    let home = Home::new();
    home.stand_in("sbatch", "echo 'sbatch: error: invalid partition specified: short' >&2; exit 1");
    let output = home.submit(&["--partition", "short"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("invalid partition specified: short"), "{}", text(&output.stderr));
    // The second job fails: the first is named.
    home.stand_in(
        "sbatch",
        "[[ $* != *afterok* ]] || { echo 'no dependencies today' >&2; exit 1; }; echo 41",
    );
    let output = home.submit(&[]);
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(
        message.contains("job 41 is submitted") && message.contains("no dependencies today"),
        "{message}"
    );
}

#[test]
fn a_study_in_the_queue_is_not_submitted_again() {
    let home = Home::new();
    home.sbatch();
    home.stand_in("squeue", "[[ $* == *--name\\ kadry-* ]] && printf '41\\n41\\n42\\n'");
    let output = home.submit(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("scancel 41 42"), "{}", text(&output.stderr));
    assert_eq!(home.read("calls"), "");
}

#[test]
fn an_array_is_no_larger_than_this_slurm_allows() {
    let home = Home::new();
    home.stand_in("scontrol", "[[ $* == 'show config' ]] && echo 'MaxArraySize            = 3'");
    let output = home.submit(&["--tasks", "3", "--dry-run"]);
    assert!(text(&output.stdout).contains("#SBATCH --array=1-2\n"), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("Slurm allows 2"), "{}", text(&output.stderr));
}

#[test]
fn a_folder_without_a_plan_is_refused() {
    let home = Home::new();
    home.sbatch();
    fs::create_dir(home.path("empty")).unwrap();
    for (folder, part) in [("empty", "--plan-only --out empty"), ("nowhere", "no folder")] {
        let output = home.kadry(&["submit", folder, "--to", "slurm"]);
        assert_eq!(output.status.code(), Some(1), "{folder}");
        assert!(text(&output.stderr).contains(part), "{}", text(&output.stderr));
    }
    assert!(contents(&home.path("empty")).is_empty());
    assert_eq!(home.read("calls"), "");
}

#[test]
fn wrong_options_are_wrong_usage() {
    let home = Home::new();
    let wrong: [&[&str]; 7] = [
        &["--time", "2"],
        &["--time", "soon"],
        &["--tasks", "0"],
        &["--cpus", "0"],
        &["--partition", "a\nb"],
        &["--sbatch-option=--array=1-9"],
        &["--sbatch-option", "constraint"],
    ];
    for options in wrong {
        assert_eq!(home.submit(options).status.code(), Some(2), "{options:?}");
    }
    assert_eq!(home.kadry(&["submit", STUDY]).status.code(), Some(2));
}
