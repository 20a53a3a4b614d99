//! What goes wrong: disks, memory, pipes, interrupts. Whatever it is, nothing is left that looks finished and is not.

use super::*;

#[test]
fn more_people_than_memory_is_refused_before_the_start() {
    let home = tempfile::tempdir().unwrap();
    let output = run(home.path(), &["--population", "one-to-one", "--memory-limit", "100MB"]);
    // The population is given twice: the second one is refused as wrong usage.
    assert_eq!(code(&output), 2);
    let arguments = ["run", "historical", "--population", "one-to-one", "--memory-limit", "100MB"];
    let output = kadry(home.path(), &arguments).output().unwrap();
    assert_eq!(code(&output), 1);
    assert!(
        err(&output).contains("--memory-limit allows") && err(&output).contains("--population"),
        "{}",
        err(&output)
    );
    let output = kadry(home.path(), &["run", "historical", "--population", "200000000", "--replicates", "1"]);
    let output = { output }.arg("--memory-limit").arg("1TiB").output().unwrap();
    if cfg!(target_os = "linux") && code(&output) == 1 {
        assert!(err(&output).contains("this machine has free"), "{}", err(&output));
    }
    assert!(names(home.path()).is_empty());
}

#[test]
fn a_place_that_cannot_be_written_is_told_before_the_start() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("file"), "").unwrap();
    for (place, words) in [("file", "is not a folder"), ("file/below", "cannot make a folder")] {
        let output = run(home.path(), &["--out", place]);
        assert_eq!(code(&output), 1, "{place}");
        assert!(err(&output).contains(words) && err(&output).contains("--out DIR"), "{}", err(&output));
    }
    assert_eq!(names(home.path()), ["file"]);
}

#[cfg(target_os = "linux")]
#[test]
fn devices_and_the_process_file_system_are_no_places() {
    let home = tempfile::tempdir().unwrap();
    for place in ["/dev/full", "/dev/full/below", "/proc/result"] {
        let output = run(home.path(), &["--out", place]);
        assert_eq!(code(&output), 1, "{place}: {}", err(&output));
        assert!(err(&output).contains("--out DIR"), "{}", err(&output));
    }
}

/// Runs a line of the shell in `home`; `$KADRY` is the program.
#[cfg(unix)]
fn shell(home: &Path, line: &str) -> Output {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line).current_dir(home).env("KADRY", env!("CARGO_BIN_EXE_kadry"));
    command.output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    // No file may grow past 64 blocks of 512 or 1024 bytes: the series of twenty replicates does.
    let line = "trap '' XFSZ; ulimit -f 64; exec \"$KADRY\" run historical --population 2000 --replicates 20 --out result";
    let output = shell(home.path(), line);
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(err(&output).contains("cannot write series.csv"), "{}", err(&output));
    assert!(names(home.path()).is_empty(), "{:?}", names(home.path()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_is_an_error_and_a_reader_who_left_is_none() {
    let home = tempfile::tempdir().unwrap();
    let run = "\"$KADRY\" run historical --population 2000 --until 1928-06";
    let full = shell(home.path(), &format!("{run} --out full > /dev/full"));
    assert_eq!(code(&full), 1);
    assert!(err(&full).contains("cannot write to stdout"), "{}", err(&full));
    // The folder was in place before the summary was printed.
    assert_eq!(manifest(&home.path().join("full"))["complete"], true);

    let closed = shell(
        home.path(),
        &format!("({run} --out closed; echo $? > code) | true; while ! [ -s code ]; do sleep 0.05; done"),
    );
    assert_eq!(read(home.path(), "code"), "0\n");
    assert_eq!(err(&closed), "");
    assert_eq!(manifest(&home.path().join("closed"))["complete"], true);
    let gone = shell(home.path(), &format!("{run} -v --progress always --out gone 2>&- > /dev/null"));
    assert_eq!(code(&gone), 0);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_was_finished_and_marks_it() {
    use std::process::Stdio;
    use std::time::{Duration, Instant};
    for signal in ["INT", "TERM"] {
        let home = tempfile::tempdir().unwrap();
        // So many that they cannot be finished before the signal comes.
        let arguments =
            ["run", "historical", "--population", "2000", "--replicates", "100000", "--out", "result", "-v"];
        let mut command = kadry(home.path(), &arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The first replicates take their time where the machine is busy.
        let begin = Instant::now();
        let some_rows = || {
            let partial = names(home.path()).into_iter().find(|name| name.contains(".partial-"));
            let series = partial.map(|name| home.path().join(name).join("series.csv"));
            series.and_then(|path| fs::metadata(path).ok()).is_some_and(|file| file.len() > 100_000)
        };
        while !some_rows() {
            assert!(begin.elapsed() < Duration::from_secs(120), "no replicate was written in two minutes");
            std::thread::sleep(Duration::from_millis(20));
        }
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
        let asked = Instant::now();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{signal}: {}", err(&output));
        assert!(asked.elapsed() < Duration::from_secs(20), "it took {:?} to stop", asked.elapsed());
        assert!(err(&output).contains("interrupted"), "{}", err(&output));
        assert_eq!(names(home.path()), ["result.incomplete"]);

        let folder = home.path().join("result.incomplete");
        let manifest = manifest(&folder);
        assert_eq!(manifest["complete"], false);
        let statuses = manifest["replicates"].as_array().unwrap();
        assert_eq!(statuses.len(), 100_000);
        let finished = statuses.iter().filter(|one| one["status"] == "finished").count();
        assert!(finished > 0 && finished < statuses.len());
        assert_eq!(read(&folder, "series.csv").lines().count(), 1 + 162 * finished);
        let last = statuses.last().unwrap();
        assert_eq!(
            (last["replicate"].as_u64(), last["status"].as_str()),
            (Some(100_000), Some("not_started"))
        );
    }
}
