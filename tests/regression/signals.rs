//! Tests of signals, resource limits and closed streams.

#![cfg(unix)]

use super::*;
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const LONG: [&str; 8] =
    ["run", "historical", "--population", "2000", "--replicates", "100000", "--out", "result"];

/// Runs a shell command in `home`; `$KADRY` is the program.
fn shell(home: &Path, line: &str) -> Output {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line).current_dir(home).env("KADRY", env!("CARGO_BIN_EXE_kadry"));
    command.output().unwrap()
}

fn send(signal: Signal, process: &Child) {
    kill_process(Pid::from_child(process), signal).unwrap();
}

fn parts(home: &Path) -> usize {
    fs::read_dir(home.join("result/.kadry/parts")).map_or(0, Iterator::count)
}

/// Starts a long run and waits until it has stored more than `before` parts.
fn started(home: &Path, before: usize) -> Child {
    let mut command = kadry(home, &LONG);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let begin = Instant::now();
    while parts(home) <= before {
        assert!(begin.elapsed() < Duration::from_secs(120), "nothing was kept in two minutes");
        std::thread::sleep(Duration::from_millis(10));
    }
    child
}

#[test]
fn an_interrupted_run_ends_soon_and_is_continued() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let home = tempfile::tempdir().unwrap();
        let child = started(home.path(), 0);
        send(signal, &child);
        // The same key press, passed on by a wrapper.
        send(signal, &child);
        let asked = Instant::now();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{signal:?}: {}", err(&output));
        assert!(asked.elapsed() < Duration::from_secs(20), "it took {:?} to stop", asked.elapsed());
        assert!(err(&output).contains("the same command continues"), "{}", err(&output));
        assert!(names(&home.path().join("result")).iter().all(|name| name.starts_with(".kadry/")));
        let child = started(home.path(), parts(home.path()));
        send(signal, &child);
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(130));
        let refused_report = kadry(home.path(), &["report", "result"]).output().unwrap();
        refused(&refused_report, "is unfinished");
    }
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let home = tempfile::tempdir().unwrap();
    let line = "trap '' HUP INT; \"$KADRY\" run historical --population 2000 --replicates 60 --out result >/dev/null &
        process=$!; sleep 0.2; kill -HUP $process; kill -INT $process; wait $process";
    let output = shell(home.path(), line);
    succeeds(&output);
    assert!(home.path().join("result/manifest.json").is_file());
}

#[test]
fn a_limit_on_the_size_of_files_is_an_error_and_raising_it_continues() {
    let home = tempfile::tempdir().unwrap();
    let run = "exec \"$KADRY\" run historical --population 2000 --replicates 60 --out result";
    // With 64 blocks no part can be written; with 10,000 blocks parts can, but not the series of sixty replicates.
    for (blocks, kept) in [(64, false), (10_000, true)] {
        let output = shell(home.path(), &format!("ulimit -f {blocks}; {run}"));
        assert_eq!(code(&output), 1, "{}", err(&output));
        assert!(err(&output).contains("ulimit -f"), "{}", err(&output));
        assert_eq!(home.path().join("result").exists(), kept, "{blocks} blocks");
    }
    let output = shell(home.path(), run);
    succeeds(&output);
    assert!(err(&output).contains("60 of 60 replicates were finished before"), "{}", err(&output));
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_memory_is_refused_beforehand() {
    let home = tempfile::tempdir().unwrap();
    let output = shell(
        home.path(),
        "ulimit -v 1000000; exec \"$KADRY\" run historical --population 20000000 --out result",
    );
    refused(&output, "of memory");
    assert!(!home.path().join("result").exists());
}

#[test]
fn a_closed_error_stream_is_no_failure() {
    let home = tempfile::tempdir().unwrap();
    let run = "\"$KADRY\" run historical --population 500 --until 1928-06 --profile -v --progress always";
    for (name, streams) in [("closed", "2>&-"), ("full", "2>/dev/full"), ("both", ">/dev/null 2>&-")] {
        let output = shell(home.path(), &format!("{run} --out {name} {streams}"));
        assert_eq!(code(&output), 0, "{name}");
        assert!(home.path().join(name).join("manifest.json").is_file());
    }
}
