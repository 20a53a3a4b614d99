//! Tests of failures of disks, memory and pipes: none may leave a result that looks finished but is not.

use super::*;

#[test]
fn more_people_than_memory_is_refused_before_the_start() {
    let home = tempfile::tempdir().unwrap();
    let output = run(home.path(), &["--population", "one-to-one", "--memory-limit", "100MB"]);
    // The second --population is wrong usage.
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
fn an_unwritable_folder_is_reported_before_the_start() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("file"), "").unwrap();
    for (place, words) in [("file", "is not a folder"), ("file/below", "cannot create a folder")] {
        let output = run(home.path(), &["--out", place]);
        assert_eq!(code(&output), 1, "{place}");
        assert!(err(&output).contains(words) && err(&output).contains("--out DIR"), "{}", err(&output));
    }
    assert_eq!(names(home.path()), ["file"]);
}

#[cfg(target_os = "linux")]
#[test]
fn devices_and_the_process_file_system_are_refused() {
    let home = tempfile::tempdir().unwrap();
    for place in ["/dev/full", "/dev/full/below", "/proc/result"] {
        let output = run(home.path(), &["--out", place]);
        assert_eq!(code(&output), 1, "{place}: {}", err(&output));
        assert!(err(&output).contains("--out DIR"), "{}", err(&output));
    }
}

/// Runs a shell command in `home`; `$KADRY` is the program.
#[cfg(unix)]
fn shell(home: &Path, line: &str) -> Output {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line).current_dir(home).env("KADRY", env!("CARGO_BIN_EXE_kadry"));
    command.output().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_stdout_is_an_error_and_a_closed_pipe_is_not() {
    let home = tempfile::tempdir().unwrap();
    let run = "\"$KADRY\" run historical --population 2000 --until 1928-06";
    let full = shell(home.path(), &format!("{run} --out full > /dev/full"));
    assert_eq!(code(&full), 1);
    assert!(err(&full).contains("cannot write to stdout"), "{}", err(&full));
    // The folder was complete before the summary was printed.
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
