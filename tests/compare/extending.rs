//! Tests adding replicates and scenarios to an existing comparison.

use super::*;

const FILES: [&str; 8] = [
    "series.csv",
    "phases.csv",
    "whole_period.csv",
    "summary.csv",
    "compare.csv",
    "compare_months.csv",
    "columns.csv",
    "scenarios/unions_kept.toml",
];

#[test]
fn only_additions_are_computed_and_the_result_equals_a_fresh_one() {
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = compare(home.path(), arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {}", err(&output));
        output
    };
    let computed = |folder: &str| manifest(&home.path().join(folder))["cost"]["runs_computed"].clone();
    run(&["historical", "unions_kept", "--replicates", "2", "--out", "grown"]);
    let before = read(&home.path().join("grown"), "series.csv");
    // One more scenario: two runs.
    run(&["historical", "no_enemies", "--extend", "--out", "grown"]);
    assert_eq!(computed("grown"), 2);
    // Two more replicates of all three scenarios: six runs.
    run(&["historical", "--replicates", "4", "--extend", "--out", "grown"]);
    assert_eq!(computed("grown"), 6);
    // No addition.
    let output = run(&["historical", "no_enemies", "--extend", "--out", "grown"]);
    assert!(err(&output).contains("nothing to do"), "{}", err(&output));
    run(&["historical", "unions_kept", "no_enemies", "--replicates", "4", "--out", "fresh"]);
    assert_eq!(computed("fresh"), 12);
    for file in FILES {
        assert_eq!(read(&home.path().join("grown"), file), read(&home.path().join("fresh"), file), "{file}");
    }
    let after = read(&home.path().join("grown"), "series.csv");
    let was_there = |line: &&str| {
        let mut labels = line.split(',');
        matches!(
            (labels.next(), labels.next()),
            (Some("scenario"), _)
                | (Some("historical+population=1000" | "unions_kept+population=1000"), Some("1" | "2"))
        )
    };
    assert!(before.lines().eq(after.lines().filter(was_there)), "existing rows have changed");
    assert_eq!(manifest(&home.path().join("grown"))["comparison"]["looks"], 3);
}

#[test]
fn asking_for_fewer_replicates_removes_none() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(
        code(&compare(home.path(), &["historical", "unions_kept", "--replicates", "3", "--out", "c"])),
        0
    );
    let output =
        compare(home.path(), &["historical", "no_enemies", "--replicates", "2", "--extend", "--out", "c"]);
    assert_eq!(code(&output), 0);
    assert!(err(&output).contains("already has 3 replicates"), "{}", err(&output));
    assert_eq!(manifest(&home.path().join("c"))["cost"]["runs_computed"], 3);
}

#[test]
fn mismatched_extensions_are_refused_and_change_nothing() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(
        code(&compare(home.path(), &["historical", "unions_kept", "--replicates", "2", "--out", "c"])),
        0
    );
    let before = read(&home.path().join("c"), "manifest.json");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["historical", "--seed", "2"], 2, "has seed 1"),
        (&["historical", "--until", "1930-12"], 2, "runs until 1931-12"),
        (&["unions_kept", "historical"], 2, "has the baseline `historical+population=1000`"),
        (
            &["historical", "--set", "mechanisms.fear=false"],
            2,
            "has the baseline `historical+population=1000`, not",
        ),
        (&["historical", "--tables", "images"], 2, "leave out --tables"),
        (&["historical", "--force"], 2, "cannot be used with"),
    ];
    for (arguments, expected, words) in cases {
        let output =
            compare(home.path(), &[*arguments, &["--extend", "--out", "c", "--replicates", "3"]].concat());
        assert_eq!(code(&output), *expected, "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(words), "{arguments:?}: {}", err(&output));
    }
    assert_eq!(read(&home.path().join("c"), "manifest.json"), before);
}

#[test]
fn missing_or_damaged_folders_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let extend = |folder: &str| {
        compare(home.path(), &["historical", "--extend", "--out", folder, "--replicates", "3"])
    };
    let refused = |folder: &str, words: &str| {
        let output = extend(folder);
        assert_eq!(code(&output), 1, "{}", err(&output));
        assert!(err(&output).contains(words), "{}", err(&output));
    };
    refused("nowhere", "there is no comparison");
    fs::create_dir(home.path().join("empty")).unwrap();
    refused("empty", "is not a result folder");
    let run = ["run", "historical", "--population", "1000", "--until", "1931-12", "--out", "run"];
    assert!(
        Command::new(env!("CARGO_BIN_EXE_kadry"))
            .current_dir(home.path())
            .args(run)
            .status()
            .unwrap()
            .success()
    );
    refused("run", "the result of `kadry run`");
    assert_eq!(
        code(&compare(home.path(), &["historical", "unions_kept", "--replicates", "2", "--out", "c"])),
        0
    );
    let series = home.path().join("c/series.csv");
    let whole = fs::read(&series).unwrap();
    fs::write(&series, &whole[..whole.len() - 100]).unwrap();
    refused("c", "series.csv has been changed");
    fs::write(&series, whole).unwrap();
    fs::remove_file(home.path().join("c/whole_period.csv")).unwrap();
    refused("c", "has no whole_period.csv");
}
