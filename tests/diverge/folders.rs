//! Tests which rows are compared, and which folders are refused.

use super::*;

#[test]
fn equal_results_are_equal() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &[]);
    run(home.path(), "historical", "b", &["--threads", "1"]);
    let (code, found) = diverge(home.path(), &["a", "b"]);
    assert_eq!(code, 0);
    assert_eq!(
        (&found["equal"], &found["first"], &found["recomputed"]),
        (&true.into(), &Value::Null, &Value::Null)
    );
    let files: Vec<&str> =
        found["tables"].as_array().unwrap().iter().map(|table| table["file"].as_str().unwrap()).collect();
    let expected = kadry::experiment::tables::by_default().into_iter().map(|table| table.layout().file());
    assert!(files.iter().copied().eq(expected), "{files:?}");
    assert_eq!(found["tables_over_replicates"], serde_json::json!(["summary.csv"]));
    assert_eq!(table(&found, "series.csv")["rows"], serde_json::json!({ "left": 72, "right": 72 }));
    let text = kadry(home.path(), &["diverge", "a", "b"]);
    assert_eq!(code, 0);
    assert!(out(&text).contains("All rows that both folders have are equal."), "{}", out(&text));
}

#[test]
fn a_renamed_scenario_is_equal_in_substance() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &[]);
    let text = fs::read_to_string(home.path().join("a/scenario.toml")).unwrap();
    let renamed = text.replacen("name = \"historical\"", "name = \"history\"", 1);
    let renamed = renamed.replacen("label = \"historical+population=1000\"\n", "", 1);
    let renamed = renamed.replacen("name = \"class war\"", "name = \"war of classes\"", 1);
    let renamed = renamed.replacen("name = \"Shakhty trial\"", "name = \"trial of engineers\"", 1);
    fs::write(home.path().join("history.toml"), &renamed).unwrap();
    run(home.path(), "history.toml", "b", &[]);
    let series = fs::read_to_string(home.path().join("b/series.csv")).unwrap();
    assert!(series.contains("history,1,1,1928-01,war of classes,"), "{series}");
    let (code, found) = diverge(home.path(), &["a", "b"]);
    assert_eq!(code, 0, "{found:#}");
    let pair = &found["scenarios"][0];
    assert_eq!((&pair["left"], &pair["right"]), (&"historical+population=1000".into(), &"history".into()));
    assert_eq!((&pair["differences"], &pair["first_month"]), (&serde_json::json!([]), &Value::Null));
    let names = pair["names"].as_array().unwrap();
    assert!(names.iter().any(|name| name["table"] == "phase"), "{names:?}");
    assert!(names.iter().any(|name| name["key"] == "trial of engineers"), "{names:?}");
    let text = kadry(home.path(), &["diverge", "a", "b"]);
    assert!(out(&text).contains("the same but for names"), "{}", out(&text));
}

#[test]
fn replicates_tables_and_months_of_one_folder_are_no_difference() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &["--tables", "series,phases,survival,mobility,images"]);
    run(home.path(), "historical", "b", &["--replicates", "3", "--until", "1932-06"]);
    let (code, found) = diverge(home.path(), &["a", "b"]);
    assert_eq!(code, 0, "{found:#}");
    let pair = &found["scenarios"][0];
    assert_eq!(pair["replicates"], serde_json::json!([1, 2]));
    assert_eq!(pair["replicates_of_one"], serde_json::json!({ "left": [], "right": [3] }));
    assert_eq!(found["tables_of_one"]["left"], serde_json::json!([]));
    let right = found["tables_of_one"]["right"].as_array().unwrap();
    assert!(right.contains(&"hazards.csv".into()) && right.contains(&"summary.csv".into()), "{right:?}");
    assert_eq!(table(&found, "series.csv")["rows"], serde_json::json!({ "left": 72, "right": 72 }));
    // The first phase is cut short by the end of 1930, and spells in the elite are observed for longer in one run.
    for file in ["phases.csv", "survival.csv"] {
        let table = table(&found, file);
        assert_eq!((&table["rows"]["left"], &table["rows_left_out"]), (&0.into(), &true.into()), "{file}");
    }
    // The start and three Decembers, of four origins in five ranks and at school.
    assert_eq!(table(&found, "mobility.csv")["rows"]["right"], 2 * 4 * 24);
    let text = out(&kadry(home.path(), &["diverge", "b", "a"]));
    for part in ["only in A\n", "replicate 3\n", "months after 1930-12\n", "hazards.csv\n"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_mobility_row_at_the_end_of_a_shorter_run_is_not_compared() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &["--until", "1929-05"]);
    run(home.path(), "historical", "b", &["--until", "1930-05"]);
    let (code, found) = diverge(home.path(), &["a", "b"]);
    assert_eq!(code, 0, "{found:#}");
    assert_eq!(table(&found, "mobility.csv")["rows"], serde_json::json!({ "left": 96, "right": 96 }));
}

#[test]
fn a_changed_table_is_damaged() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &[]);
    run(home.path(), "historical", "b", &[]);
    let path = home.path().join("b/openings.csv");
    let mut bytes = fs::read(&path).unwrap();
    let digit = bytes.iter().rposition(u8::is_ascii_digit).unwrap();
    bytes[digit] ^= 1;
    fs::write(&path, bytes).unwrap();
    let error = refused(home.path(), &["a", "b"]);
    assert!(error.contains("b/openings.csv has been changed"), "{error}");
    let error = refused(home.path(), &["b", "a"]);
    assert!(error.contains("b/openings.csv has been changed"), "{error}");
}

#[test]
fn folders_that_are_no_results_or_share_nothing_are_refused() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &["--tables", "series", "--until", "1928-03"]);
    run(home.path(), "historical", "b", &["--tables", "phases", "--until", "1928-03"]);
    run(home.path(), "historical", "c", &["--replicate", "7", "--until", "1928-03"]);
    fs::create_dir(home.path().join("empty")).unwrap();
    assert!(refused(home.path(), &["a", "nowhere"]).contains("there is no folder nowhere"));
    assert!(refused(home.path(), &["empty", "a"]).contains("is not a result folder"));
    let error = refused(home.path(), &["a", "b"]);
    assert!(error.contains("no table by replicate in common: the first has series.csv"), "{error}");
    let error = refused(home.path(), &["a", "c"]);
    assert!(error.contains("no replicate in common: the first has 1, 2, the second 7"), "{error}");
    let error = refused(home.path(), &["a", "a", "--scenario", "no_terror"]);
    assert!(error.contains("has no scenario \"no_terror\": it has historical+population=1000"), "{error}");
}

#[test]
fn folders_of_comparisons_are_compared_by_label() {
    let home = tempfile::tempdir().unwrap();
    let compare = |scenarios: &[&str], out: &str| {
        let mut all = vec!["compare"];
        all.extend(scenarios);
        all.extend(["--population", "1000", "--replicates", "2", "--until", "1930-12", "--out", out]);
        let output = kadry(home.path(), &all);
        assert_eq!(code(&output), 0, "{}", err(&output));
    };
    let file = |union: &str| {
        let text = format!(
            "name = \"unions_kept\"\nextends = \"unions_kept\"\n[[change]]\nlever = \"union\"\nfrom = \"1930-03\"\nadd = {union}\n"
        );
        fs::write(home.path().join("own.toml"), text).unwrap();
    };
    compare(&["historical", "unions_kept"], "two");
    file("-0.3");
    compare(&["historical", "no_terror", "own.toml"], "three");
    // The tables and the scenario in which they differ first.
    let (code, found) = diverge(home.path(), &["two", "three"]);
    assert_eq!(code, 5);
    assert_eq!(found["scenarios"].as_array().unwrap().len(), 2, "{found:#}");
    assert_eq!(found["scenarios_of_one"]["right"], serde_json::json!(["no_terror+population=1000"]));
    assert_eq!(found["first"]["scenario"]["left"], "unions_kept+population=1000");
    assert_eq!(found["first"]["month"], "1930-03");
    assert_eq!(table(&found, "whole_period.csv")["runs_differing"], 2);
    assert_eq!(table(&found, "series.csv")["runs_differing"], 2);
    assert_eq!(table(&found, "series.csv")["runs"], 4);
    assert_eq!(found["recomputed"]["reproduced"]["right"]["equal"], true, "{found:#}");
    // One scenario of each, which is equal.
    let historical = "historical+population=1000";
    let (code, found) = diverge(home.path(), &["two", "three", "--scenario", historical]);
    assert_eq!((code, found["scenarios"].as_array().unwrap().len()), (0, 1));
    // The folder of a run has one scenario and takes part with that one.
    run(home.path(), "unions_kept", "run", &["--label", "mine"]);
    let (code, found) = diverge(home.path(), &["two", "run", "--scenario", "unions_kept"]);
    assert_eq!(code, 0, "{found:#}");
    assert_eq!(found["scenarios"][0]["right"], "mine");
    let error = refused(home.path(), &["two", "run"]);
    assert!(error.contains("no scenario in common") && error.contains("--scenario"), "{error}");
}

#[test]
fn another_version_of_the_results_is_compared_but_not_recomputed() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &[]);
    run(home.path(), "historical", "b", &["--seed", "2"]);
    let results = |version: u32| format!("\"results\": {version},");
    let own = kadry::experiment::study::version::RESULTS_VERSION;
    forge(&home.path().join("b"), |manifest| {
        assert!(manifest.contains(&results(own)));
        manifest.replace(&results(own), &results(0))
    });
    let (code, found) = diverge(home.path(), &["a", "b"]);
    assert_eq!(code, 1);
    assert_eq!((&found["first"]["file"], &found["recomputed"]), (&"mobility.csv".into(), &Value::Null));
    let reason = found["not_recomputed"].as_str().unwrap();
    assert!(reason.contains("b has results of version 0, and this kadry computes version"), "{reason}");
    let text = out(&kadry(home.path(), &["diverge", "a", "b"]));
    let version = format!("version of the results: {own}");
    assert!(text.contains(&version) && text.contains("Not recomputed"), "{text}");
    // Equal rows need no recomputation, and nothing is recomputed where only tables are asked for.
    let (code, _) = diverge(home.path(), &["b", "b"]);
    assert_eq!(code, 0);
    let (code, found) = diverge(home.path(), &["a", "b", "--tables-only"]);
    assert_eq!((code, &found["not_recomputed"]), (5, &Value::Null));
}

#[test]
fn sweeps_and_futures_are_refused() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &["--until", "1928-03"]);
    let size = ["--population", "1000", "--until", "1928-03"];
    let sweep = ["sweep", "historical", "--vary", "levers.union=0.1,0.3", "--out", "sweep"];
    let futures = [
        "run",
        "historical",
        "--pasts",
        "2",
        "--futures",
        "2",
        "--fresh-from",
        "1928-02",
        "--out",
        "futures",
    ];
    for (command, kind) in [(&sweep[..], "a sweep"), (&futures[..], "a result of pasts and futures")] {
        let output = kadry(home.path(), &[command, &size].concat());
        assert_eq!(code(&output), 0, "{}", err(&output));
        let folder = command.last().unwrap();
        let error = refused(home.path(), &["a", folder]);
        assert!(error.contains(&format!("{folder} is {kind}")), "{error}");
    }
}
