//! Tests that the number of threads and of simultaneous replicates changes no byte.

use super::*;

/// The files of every table.
fn tables() -> Vec<String> {
    let layouts = kadry::experiment::tables::default_layouts();
    layouts.iter().map(|layout| layout.file()).chain(["columns.csv".to_owned()]).collect()
}

#[test]
fn threads_change_no_byte() {
    let home = tempfile::tempdir().unwrap();
    for threads in ["1", "2", "3", "8"] {
        let output = run(home.path(), &["--threads", threads, "--replicates", "5", "--out", threads]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        for file in tables() {
            assert_eq!(
                fs::read(home.path().join(threads).join(&file)).unwrap(),
                fs::read(home.path().join("1").join(&file)).unwrap(),
                "{file} with {threads} threads"
            );
        }
    }
}

#[test]
fn replicate_7_of_20_equals_replicate_7_alone() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(code(&run(home.path(), &["--replicates", "20", "--out", "all"])), 0);
    assert_eq!(code(&run(home.path(), &["--replicate", "7", "--out", "one"])), 0);
    let over_replicates = ["summary.csv", "columns.csv"];
    for file in tables().into_iter().filter(|file| !over_replicates.contains(&file.as_str())) {
        let all = read(&home.path().join("all"), &file);
        let of_seven: Vec<&str> =
            all.lines().filter(|line| line.starts_with("historical+population=2000,7,")).collect();
        assert_eq!(
            read(&home.path().join("one"), &file).lines().skip(1).collect::<Vec<_>>(),
            of_seven,
            "{file}"
        );
    }
}

#[test]
fn a_memory_limit_for_one_replicate_changes_no_byte() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(code(&run(home.path(), &["--threads", "4", "--replicates", "4", "--out", "free"])), 0);
    let output = run(
        home.path(),
        &["--threads", "4", "--replicates", "4", "--memory-limit", "30MiB", "--out", "tight"],
    );
    assert_eq!(code(&output), 0, "{}", err(&output));
    let side = |folder: &str| manifest(&home.path().join(folder))["cost"]["side_by_side"].as_u64().unwrap();
    assert_eq!(side("free"), 4);
    assert!(side("tight") < 4, "the limit leaves room for {}", side("tight"));
    for file in tables() {
        assert_eq!(read(&home.path().join("tight"), &file), read(&home.path().join("free"), &file), "{file}");
    }
}
