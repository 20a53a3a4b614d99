//! Tests that a result that looks finished is finished, and is in the requested folder.

use super::*;

#[test]
fn the_same_command_finds_its_result_finished_and_another_plan_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let first = run(home.path(), &["--out", "result", "--replicates", "3"]);
    succeeds(&first);
    let before = everything(home.path());
    let again = run(home.path(), &["--out", "result", "--replicates", "3"]);
    succeeds(&again);
    assert!(err(&again).contains("nothing to do: result is finished"), "{}", err(&again));
    let table = |output: &Output| out(output).split("\nseed ").next().unwrap().to_owned();
    assert_eq!(table(&again), table(&first));
    let others: [(&[&str], &str); 4] = [
        (&["--replicates", "4"], "replicates 1 to 3, not 1 to 4"),
        (&["--replicates", "3", "--seed", "2"], "seed 1, not 2"),
        (&["--replicates", "3", "--tables", "series"], "with phases.csv, "),
        (&["--replicates", "3", "--set", "mechanisms.fear=false"], "scenarios historical"),
    ];
    for (arguments, words) in others {
        refused(&run(home.path(), &[&["--out", "result"], arguments].concat()), words);
    }
    refused(&compare(home.path(), &["--replicates", "2", "--out", "result"]), "made by `kadry run`");
    assert_eq!(everything(home.path()), before);
    let first = compare(home.path(), &["--replicates", "2", "--out", "c"]);
    succeeds(&first);
    let again = compare(home.path(), &["--replicates", "2", "--out", "c"]);
    succeeds(&again);
    assert!(err(&again).contains("nothing to do"), "{}", err(&again));
    let table = |output: &Output| out(output).split("\nseed ").next().unwrap().to_owned();
    assert_eq!(table(&again), table(&first));
}

#[cfg(unix)]
#[test]
fn a_killed_command_is_continued_by_the_same_command_with_the_same_bytes() {
    use std::os::unix::process::ExitStatusExt;
    use std::time::Duration;
    let home = tempfile::tempdir().unwrap();
    let arguments = ["compare", "historical", "unions_kept", "--population", "500", "--replicates", "30"];
    let into = |folder: &str| kadry(home.path(), &[&arguments[..], &["--out", folder]].concat());
    succeeds(&into("whole").output().unwrap());
    let mut killed = 0;
    for delay in (0..400).step_by(23) {
        let mut child = into("result").stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        let _ = child.kill();
        if child.wait().unwrap().signal() == Some(9) {
            killed += 1;
            assert!(
                !home.path().join("result/manifest.json").exists()
                    || names(&home.path().join("result")).len() > 8
            );
        }
    }
    assert!(killed > 0);
    succeeds(&into("result").output().unwrap());
    let tables = |folder: &str| {
        let mut all = everything(&home.path().join(folder));
        all.retain(|(name, _)| name != "manifest.json");
        all
    };
    assert_eq!(tables("result"), tables("whole"));
}

#[test]
fn results_are_where_the_user_said_or_there_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    let here = |folder: &Path, arguments: &[&str]| {
        kadry(folder, &[&["run", "historical", "-q"], &SMALL[..], arguments].concat()).output().unwrap()
    };
    // The current folder is allowed if it is empty.
    let empty = home.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let output = here(&empty, &["--out", "."]);
    succeeds(&output);
    assert_eq!(out(&output), "seed 1  .\n");
    assert!(empty.join("manifest.json").is_file());
    // Long names, names that are not UTF-8, and folders that do not exist yet.
    let long = "x".repeat(255);
    succeeds(&here(home.path(), &["--out", &long]));
    assert!(home.path().join(&long).join("manifest.json").is_file());
    succeeds(&here(home.path(), &["--out", "a/b/c/"]));
    assert!(home.path().join("a/b/c/manifest.json").is_file());
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
        let mut command =
            kadry(home.path(), &[&["run", "historical", "-q"], &SMALL[..], &["--out"]].concat());
        succeeds(&command.arg(name).output().unwrap());
        assert!(home.path().join(name).join("manifest.json").is_file());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("nowhere", home.path().join("dangling")).unwrap();
        refused(&here(home.path(), &["--out", "dangling"]), "which does not exist");
        assert!(!home.path().join("nowhere").exists());
        fs::create_dir(home.path().join("real")).unwrap();
        symlink("real", home.path().join("link")).unwrap();
        let output = here(home.path(), &["--out", "link"]);
        succeeds(&output);
        assert_eq!(out(&output), "seed 1  link\n");
        assert!(home.path().join("real/manifest.json").is_file());
    }
}

#[test]
fn one_writer_at_a_time() {
    let home = tempfile::tempdir().unwrap();
    let long = ["run", "historical", "--population", "2000", "--replicates", "200", "--out", "result"];
    let mut first = kadry(home.path(), &long).stdout(std::process::Stdio::null()).spawn().unwrap();
    while !home.path().join("result/.kadry/plan.json").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let second = run(home.path(), &["--out", "result", "--force"]);
    let _ = first.kill();
    first.wait().unwrap();
    refused(&second, &format!("in use by process {}", first.id()));
    // The lock ended with the process.
    succeeds(&run(home.path(), &["--out", "result", "--force"]));
}

#[test]
fn a_folder_removed_while_kadry_runs_is_an_error() {
    let home = tempfile::tempdir().unwrap();
    let long = ["run", "historical", "--population", "2000", "--replicates", "40", "--out", "result"];
    let mut command = kadry(home.path(), &long);
    let child =
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    while !home.path().join("result/.kadry/plan.json").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // A file that kadry writes during the removal makes it fail.
    while let Err(error) = fs::remove_dir_all(home.path().join("result")) {
        assert_eq!(error.kind(), std::io::ErrorKind::DirectoryNotEmpty, "{error}");
    }
    refused(&child.wait_with_output().unwrap(), "has been removed");
    assert!(!home.path().join("result").exists());
}

#[test]
fn a_dry_run_says_what_would_happen_to_the_folder() {
    let home = tempfile::tempdir().unwrap();
    let state = |arguments: &[&str]| {
        let output = run(home.path(), &[&["--out", "result", "--dry-run", "--json"], arguments].concat());
        let told: Option<serde_json::Value> = serde_json::from_str(&out(&output)).ok();
        told.map_or_else(|| err(&output), |told| told["folder_state"].as_str().unwrap().to_owned())
    };
    assert_eq!(state(&[]), "new");
    assert!(!home.path().join("result").exists());
    succeeds(&run(home.path(), &["--out", "result"]));
    assert_eq!(state(&[]), "finished");
    assert_eq!(state(&["--seed", "2", "--force"]), "replaced");
    assert!(state(&["--seed", "2"]).contains("seed 1, not 2"));
    fs::write(home.path().join("result/manifest.json"), "{}").unwrap();
    assert!(state(&["--force"]).contains("is not a manifest"));
}
