//! Tests of the contents of the result folder, and of when it is replaced.

use super::*;
use sha2::{Digest, Sha256};

#[test]
fn a_finished_run_writes_a_complete_folder() {
    let home = tempfile::tempdir().unwrap();
    let output = run(home.path(), &["--out", "result"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(names(home.path()), ["result"]);
    let folder = home.path().join("result");
    let expected = [
        "accusations.csv",
        "arrests.csv",
        "candidates.csv",
        "columns.csv",
        "elite_flows.csv",
        "hazards.csv",
        "images.csv",
        "manifest.json",
        "mobility.csv",
        "openings.csv",
        "party.csv",
        "phases.csv",
        "scenario.toml",
        "series.csv",
        "summary.csv",
        "survival.csv",
    ];
    assert_eq!(names(&folder), expected);

    let series = read(&folder, "series.csv");
    let mut lines = series.lines();
    assert!(lines.next().unwrap().starts_with("scenario,replicate,seed,month,phase,workers"));
    let label = |line: &str| line.split(',').take(4).collect::<Vec<_>>().join(",");
    let labels: Vec<String> = lines.map(label).collect();
    let months =
        (1928..=1941).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}"))).take(162);
    let months: Vec<String> = months.collect();
    let expected: Vec<String> = (1..=3)
        .flat_map(|replicate| {
            months.iter().map(move |month| format!("historical+population=2000,{replicate},1,{month}"))
        })
        .collect();
    assert_eq!(labels, expected);
    assert!(!series.contains('\r') && series.ends_with('\n'));
}

#[test]
fn the_manifest_describes_the_run_and_its_digests_match() {
    let home = tempfile::tempdir().unwrap();
    let output = run(
        home.path(),
        &["--out", "result", "--seed", "7", "--until", "1929-03", "--set", "parameters.quit_base=0.04"],
    );
    assert_eq!(code(&output), 0, "{}", err(&output));
    let folder = home.path().join("result");
    let manifest = manifest(&folder);
    assert_eq!(manifest["complete"], true);
    assert_eq!(manifest["seed"], 7);
    assert_eq!(manifest["months"], serde_json::json!(["1928-01", "1929-03"]));
    assert_eq!(manifest["program"]["version"], env!("CARGO_PKG_VERSION"));
    assert!(manifest["generator"].as_str().unwrap().starts_with("ChaCha8"));
    assert_eq!(manifest["options"]["set"], serde_json::json!(["parameters.quit_base=0.04"]));
    let statuses: Vec<_> =
        manifest["replicates"].as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, ["finished"; 3]);
    assert!(manifest["cost"]["wall_seconds"].as_f64().unwrap() > 0.0);
    let files = manifest["files"].as_object().unwrap();
    let mut others = names(&folder);
    others.retain(|name| name != "manifest.json");
    assert_eq!(files.keys().collect::<Vec<_>>(), others.iter().collect::<Vec<_>>());
    for (file, mark) in files {
        let bytes = fs::read(folder.join(file)).unwrap();
        let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(mark["sha256"], digest, "{file}");
        assert_eq!(mark["bytes"], bytes.len(), "{file}");
    }
}

#[test]
fn the_resolved_scenario_gives_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(code(&run(home.path(), &["--out", "first", "--set", "parameters.quit_base=0.04"])), 0);
    let again = ["run", "first/scenario.toml", "--replicates", "3", "--out", "second"];
    let output = kadry(home.path(), &again).output().unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    for file in names(&home.path().join("first")).into_iter().filter(|file| file != "manifest.json") {
        assert_eq!(
            read(&home.path().join("first"), &file),
            read(&home.path().join("second"), &file),
            "{file}"
        );
    }
}

#[test]
fn the_dictionary_describes_every_column_of_every_table() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(code(&run(home.path(), &["--out", "result", "--until", "1928-02"])), 0);
    let folder = home.path().join("result");
    let dictionary = read(&folder, "columns.csv");
    let mut described = csv::Reader::from_reader(dictionary.as_bytes());
    let described: Vec<(String, String)> = described
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect();
    for file in names(&folder).into_iter().filter(|file| file.ends_with(".csv")) {
        let header = read(&folder, &file).lines().next().unwrap().to_owned();
        let columns: Vec<&str> =
            described.iter().filter(|(name, _)| *name == file).map(|(_, column)| column.as_str()).collect();
        assert_eq!(header.split(',').collect::<Vec<_>>(), columns, "{file}");
    }
}

#[test]
fn an_existing_result_is_replaced_only_with_force() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    assert_eq!(code(&run(home.path(), &["--out", "result", "--until", "1928-06"])), 0);
    let old = read(&folder, "series.csv");
    let refused = run(home.path(), &["--out", "result", "--until", "1928-07"]);
    assert_eq!(code(&refused), 1);
    assert!(err(&refused).contains("last month 1928-06, not 1928-07"), "{}", err(&refused));
    assert!(err(&refused).contains("--force") && err(&refused).contains("--out"), "{}", err(&refused));
    assert_eq!(read(&folder, "series.csv"), old);
    assert_eq!(code(&run(home.path(), &["--out", "result", "--until", "1928-07", "--force"])), 0);
    assert_ne!(read(&folder, "series.csv"), old);
    assert_eq!(names(home.path()), ["result"]);
}

#[test]
fn force_does_not_replace_a_folder_that_is_not_a_result() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("thesis")).unwrap();
    fs::write(home.path().join("thesis/chapter"), "years of work").unwrap();
    let output = run(home.path(), &["--out", "thesis", "--force"]);
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains("not a result folder"), "{}", err(&output));
    assert_eq!(names(&home.path().join("thesis")), ["chapter"]);
}

#[test]
fn the_default_folder_is_named_after_scenario_and_hash() {
    let home = tempfile::tempdir().unwrap();
    let output = run(home.path(), &["--until", "1928-02", "-q"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let folders = names(&home.path().join("output"));
    assert_eq!(folders.len(), 1);
    let manifest = manifest(&home.path().join("output").join(&folders[0]));
    let hash = manifest["scenario"]["hash"].as_str().unwrap().to_owned();
    assert_eq!(folders[0], format!("historical-{}", &hash[..8]));
    assert_eq!(out(&output), format!("seed 1  output/{}\n", folders[0]));
    assert_eq!(err(&output), "");
}

#[test]
fn omitting_a_table_changes_no_byte_of_the_others() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(code(&run(home.path(), &["--out", "all"])), 0);
    let all = kadry::experiment::tables::default_names();
    let alone = all.iter().map(|&table| vec![table]);
    for chosen in alone.chain([vec!["phases", "summary"], vec!["survival", "accusations"]]) {
        let list = chosen.join(",");
        assert_eq!(code(&run(home.path(), &["--out", &list, "--tables", &list])), 0);
        for &table in &all {
            let file = format!("{table}.csv");
            let here = home.path().join(&list).join(&file);
            assert_eq!(here.exists(), chosen.contains(&table), "{file} with --tables {list}");
            if here.exists() {
                assert_eq!(fs::read(&here).unwrap(), fs::read(home.path().join("all").join(&file)).unwrap());
            }
        }
        assert_eq!(
            read(&home.path().join(&list), "columns.csv"),
            read(&home.path().join("all"), "columns.csv")
        );
    }
}
