//! Tests that scenarios can be read from standard input, from pipes, and from paths that are not UTF-8.
#![cfg(unix)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const TEXT: &str = "name = \"piped\"\nextends = \"historical\"\n[mechanisms]\nfear = false\n";

fn with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kadry"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may close the pipe before the end.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_scenario_can_come_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let output = with_input(folder.path(), &["check", "-"], TEXT.as_bytes());
    assert_eq!(texts(&output), ("standard input: valid\n".into(), String::new()));
    let output = with_input(folder.path(), &["explain", "-", "fear"], TEXT.as_bytes());
    assert!(texts(&output).0.contains("set: standard input:4"), "{output:?}");
    let json = "{\"name\": \"piped\", \"extends\": \"historical\", \"mechanisms\": {\"fear\": false}}";
    let output = with_input(folder.path(), &["diff", "historical", "-"], json.as_bytes());
    assert!(texts(&output).0.contains("fear  true -> false"), "{output:?}");
    let run = ["run", "-", "--population", "300", "--until", "1928-01", "--out", "made", "-q"];
    assert!(with_input(folder.path(), &run, TEXT.as_bytes()).status.success());
    let series = std::fs::read_to_string(folder.path().join("made/series.csv")).unwrap();
    assert!(series.lines().nth(1).unwrap().starts_with("piped+population=300,"), "{series}");
}

#[test]
fn faults_of_standard_input_are_called_so() {
    let folder = tempfile::tempdir().unwrap();
    let output = with_input(folder.path(), &["check", "-"], TEXT.replace("fear", "fera").as_bytes());
    assert_eq!(output.status.code(), Some(3));
    assert!(texts(&output).1.contains("standard input:4:1"), "{output:?}");
    let output = with_input(folder.path(), &["check", "-"], b"\xff");
    assert!(texts(&output).1.contains("`standard input` is not UTF-8"), "{output:?}");
    let output = with_input(folder.path(), &["check", "-"], &vec![b'#'; 1 << 21]);
    assert!(texts(&output).1.contains("`standard input` is larger than"), "{output:?}");
    let output = with_input(folder.path(), &["diff", "-", "-"], TEXT.as_bytes());
    assert_eq!(output.status.code(), Some(3));
    assert!(texts(&output).1.contains("standard input can be read only once"), "{output:?}");
    // A base needs a name or a path; `-` is neither.
    let output = with_input(folder.path(), &["check", "-"], b"name = \"x\"\nextends = \"-\"\n");
    assert!(texts(&output).1.contains("there is no scenario named `-`"), "{output:?}");
}

#[test]
fn process_substitution_works() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("piped.toml"), TEXT).unwrap();
    let line = format!("'{}' check <(cat piped.toml)", env!("CARGO_BIN_EXE_kadry"));
    let Ok(output) = Command::new("bash").current_dir(folder.path()).args(["-c", &line]).output() else {
        println!("skipped: there is no bash");
        return;
    };
    let (stdout, stderr) = texts(&output);
    assert!(stdout.ends_with(": valid\n"), "{stdout}{stderr}");
    let output = with_input(folder.path(), &["check", "/dev/stdin"], TEXT.as_bytes());
    assert!(texts(&output).0.ends_with(": valid\n"), "{output:?}");
}

#[test]
fn a_path_need_not_be_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.toml");
    if std::fs::write(folder.path().join(name), TEXT).is_err() {
        println!("skipped: this file system takes UTF-8 only");
        return;
    }
    for verb in ["check", "explain"] {
        let output = Command::new(env!("CARGO_BIN_EXE_kadry"))
            .current_dir(folder.path())
            .arg(verb)
            .arg(name)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_kadry"))
        .current_dir(folder.path())
        .arg("run")
        .arg(name)
        .args(["--population", "300", "--until", "1928-01", "-q"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}
