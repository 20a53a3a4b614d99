//! Tests of options and of the exit codes for wrong usage.

use super::*;

#[test]
fn wrong_usage_ends_with_2_and_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let wrong: &[&[&str]] = &[
        &["--replicates", "0"],
        &["--replicates", "-1"],
        &["--replicates", "2", "--replicate", "2"],
        &["--replicate", "0"],
        &["--seed", "one"],
        &["--threads", "0"],
        &["--until", "1941-07"],
        &["--until", "1937-13"],
        &["--until", "1937"],
        &["--population", "0"],
        &["--population", "many"],
        &["--tables", "series,nothing"],
        &["--memory-limit", "5 parsecs"],
        &["--progress", "sometimes"],
        &["--quiet", "--verbose"],
        &["--nonsense"],
    ];
    for arguments in wrong {
        let all: Vec<&str> = ["run", "historical"].iter().chain(*arguments).copied().collect();
        let output = kadry(home.path(), &all).output().unwrap();
        assert_eq!(code(&output), 2, "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains("error:") && out(&output).is_empty(), "{arguments:?}");
    }
    assert_eq!(code(&kadry(home.path(), &["run"]).output().unwrap()), 2);
    assert_eq!(code(&kadry(home.path(), &[]).output().unwrap()), 2);
    assert!(names(home.path()).is_empty());
}

#[test]
fn an_invalid_scenario_ends_with_3() {
    let home = tempfile::tempdir().unwrap();
    let output = kadry(home.path(), &["run", "historic"]).output().unwrap();
    assert_eq!(code(&output), 3);
    let output = run(home.path(), &["--set", "parameters.quit_bass=0.1"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("quit_base"), "{}", err(&output));
    assert!(names(home.path()).is_empty());
}

#[test]
fn help_and_version_are_not_errors() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [&["--help"] as &[&str], &["--version"], &["run", "--help"]] {
        let output = kadry(home.path(), arguments).output().unwrap();
        assert_eq!(code(&output), 0);
        assert!(!out(&output).is_empty() && err(&output).is_empty());
    }
}

#[test]
fn one_replicate_can_be_run_alone() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(code(&run(home.path(), &["--replicate", "7", "--until", "1928-03", "--out", "result"])), 0);
    let folder = home.path().join("result");
    assert!(
        read(&folder, "series.csv")
            .lines()
            .skip(1)
            .all(|line| line.starts_with("historical+population=2000,7,1,"))
    );
    assert_eq!(manifest(&folder)["replicates"][0]["replicate"], 7);
    // A single replicate has no spread.
    assert!(
        read(&folder, "summary.csv")
            .lines()
            .skip(1)
            .all(|line| line.ends_with(",,,") || line.ends_with(",0,,,,"))
    );
}

#[test]
fn the_last_month_ends_the_last_phase() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(code(&run(home.path(), &["--until", "1931-08", "--out", "result"])), 0);
    let folder = home.path().join("result");
    let phases = read(&folder, "phases.csv");
    assert_eq!(phases.lines().count(), 1 + 3 * 2, "{phases}");
    assert!(
        read(&folder, "series.csv")
            .lines()
            .last()
            .unwrap()
            .starts_with("historical+population=2000,3,1,1931-08,")
    );
}

#[test]
fn a_dry_run_prints_an_estimate_and_writes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let output = run(home.path(), &["--dry-run"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    for word in ["runs ", "people ", "months ", "memory ", "disk ", "time ", "folder "] {
        assert!(out(&output).contains(word), "{word}: {}", out(&output));
    }
    let output = run(home.path(), &["--dry-run", "--json", "--threads", "2"]);
    let told: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!((&told["runs"], &told["months"], &told["side_by_side"]), (&3.into(), &162.into(), &2.into()));
    assert!(told["memory_bytes"].as_u64().unwrap() > 1 << 20);
    assert!(told["people_most"].as_u64().unwrap() > told["people_first"].as_u64().unwrap());
    assert!(names(home.path()).is_empty());
}

#[test]
fn the_summary_has_a_row_per_phase_and_json_reads_back() {
    let home = tempfile::tempdir().unwrap();
    let output = run(home.path(), &["--out", "people"]);
    let text = out(&output);
    assert!(
        text.starts_with("historical+population=2000, seed 1, replicates 1 to 3, 1928-01 to 1941-06\n"),
        "{text}"
    );
    assert!(text.ends_with("\npeople\n") && text.contains("seed 1"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colour where there is no terminal");
    let phases: Vec<String> = read(&home.path().join("people"), "phases.csv")
        .lines()
        .filter(|line| line.starts_with("historical+population=2000,1,"))
        .map(|line| line.split(',').nth(3).unwrap().to_owned())
        .collect();
    assert!(phases.len() > 1);
    for phase in &phases {
        assert!(
            text.lines().any(|line| line.starts_with(phase.as_str()) && line.contains('±')),
            "{phase}: {text}"
        );
    }

    let output = run(home.path(), &["--out", "machines", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(told["complete"], true);
    assert_eq!(told["folder"], "machines");
    assert_eq!(told["seed"], 1);
    assert_eq!(told["replicates"]["finished"], 3);
    assert_eq!(told["phases"].as_array().unwrap().len(), phases.len());
}

#[test]
fn progress_is_silent_without_a_terminal_unless_asked_for() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(err(&run(home.path(), &["--out", "auto"])), "");
    assert_eq!(err(&run(home.path(), &["--out", "never", "--progress", "never"])), "");
    let always = run(home.path(), &["--out", "always", "--progress", "always"]);
    assert!(err(&always).contains("100 %") && err(&always).contains("month 486 of 486"), "{}", err(&always));
    assert!(err(&run(home.path(), &["--out", "verbose", "-v"])).contains("replicate 3 computed"));
}

#[test]
fn a_profile_reports_seconds_per_process_and_changes_no_byte() {
    let home = tempfile::tempdir().unwrap();
    let short = ["--until", "1929-12", "--progress", "never"];
    assert_eq!(code(&run(home.path(), &[&short[..], &["--out", "plain"]].concat())), 0);
    let output = run(home.path(), &[&short[..], &["--out", "profiled", "--profile"]].concat());
    assert_eq!(code(&output), 0);
    assert!(err(&output).contains("accusation (R5)"), "{}", err(&output));
    let folders = ["plain", "profiled"].map(|name| home.path().join(name));
    assert_eq!(read(&folders[0], "series.csv"), read(&folders[1], "series.csv"));
    let [plain, profiled] = folders.map(|folder| manifest(&folder)["cost"]["process_seconds"].clone());
    assert!(plain.is_null());
    let seconds: Vec<f64> =
        profiled.as_object().unwrap().values().map(|value| value.as_f64().unwrap()).collect();
    assert_eq!(seconds.len(), kadry::model::simulation::PROCESSES.len());
    assert!(seconds.iter().all(|seconds| *seconds >= 0.0) && seconds.iter().sum::<f64>() > 0.0);
}
