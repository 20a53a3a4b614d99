//! Tests results that `kadry report` refuses although their digests fit.

use super::*;

/// The message of a refused report; checks that the exit code is 1 and that nothing was written.
fn refused(home: &Path, why: &str) -> String {
    let output = kadry(home, &["report", "result"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{why}: {said}");
    assert!(said.starts_with("error:") && !said.contains("os error"), "{why}: {said}");
    assert!(!home.join("result/report.html").exists(), "{why}");
    said
}

#[test]
fn a_number_that_is_none_is_refused_although_the_digest_fits() {
    let home = tempfile::tempdir().unwrap();
    let line = "run historical --population 300 --replicates 2 --until 1929-06 --out result";
    assert!(kadry(home.path(), &line.split(' ').collect::<Vec<_>>()).status.success());
    let folder = home.path().join("result");
    for (file, column, cell) in [
        ("series.csv", "fear", "inf"),
        ("series.csv", "fear", "NaN"),
        ("series.csv", "workers", "-1"),
        ("series.csv", "month", "1928-13"),
        ("phases.csv", "discipline", "-inf"),
        ("summary.csv", "mean", "1e999"),
        ("accusations.csv", "acts", "1e308"),
        ("elite_flows.csv", "stock", "many"),
        ("survival.csv", "months", "4000000000"),
        ("mobility.csv", "month", "../../x"),
    ] {
        let before = fs::read_to_string(folder.join(file)).unwrap();
        alter(&folder, file, |text| {
            let mut lines: Vec<Vec<String>> =
                text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
            let place = lines[0].iter().position(|name| name == column).unwrap();
            lines[2][place] = cell.to_owned();
            lines.iter().map(|line| line.join(",") + "\n").collect()
        });
        let said = refused(home.path(), &format!("{file} {column} {cell}"));
        let place = format!("{file}, line 3, column {column}: {cell:?} is not");
        assert!(said.contains(&place) && said.contains("run the scenario again"), "{said}");
        alter(&folder, file, |_| before);
    }
    // A table without rows, and a row that is too short.
    for file in
        ["series.csv", "mobility.csv", "survival.csv", "elite_flows.csv", "accusations.csv", "summary.csv"]
    {
        let before = fs::read_to_string(folder.join(file)).unwrap();
        alter(&folder, file, |text| text.lines().next().unwrap().to_owned() + "\n");
        let output = kadry(home.path(), &["report", "result", "--out", "page.html", "--force"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0 | 1)) && !said.contains("panicked"), "{file}: {said}");
        alter(&folder, file, |_| before.lines().next().unwrap().to_owned() + "\nhistorical,1\n");
        refused(home.path(), file);
        alter(&folder, file, |_| before);
    }
    assert!(kadry(home.path(), &["report", "result"]).status.success());
}

#[test]
fn a_manifest_of_no_result_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let line = "run historical --population 300 --until 1928-06 --out result";
    assert!(kadry(home.path(), &line.split(' ').collect::<Vec<_>>()).status.success());
    let folder = home.path().join("result");
    let before = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let mark = serde_json::json!({ "sha256": "0", "bytes": 1 });
    type Change<'a> = (&'a str, &'a dyn Fn(&mut serde_json::Value));
    let changes: [Change<'_>; 9] = [
        ("files", &|manifest| manifest["files"]["/dev/zero"] = mark.clone()),
        ("files", &|manifest| manifest["files"]["../outside.csv"] = mark.clone()),
        ("files", &|manifest| manifest["files"]["scenarios/../../x"] = mark.clone()),
        ("files", &|manifest| manifest["files"][""] = mark.clone()),
        ("months", &|manifest| manifest["months"] = serde_json::json!(["1928-01", "\"><script>"])),
        ("months", &|manifest| manifest["months"] = serde_json::json!(["1930-01", "1929-01"])),
        ("unfinished", &|manifest| manifest["replicates"] = serde_json::json!([])),
        ("digest", &|manifest| manifest["files"]["series.csv"] = mark.clone()),
        ("compare.csv", &|manifest| manifest["files"]["compare.csv"] = mark.clone()),
    ];
    for (words, change) in changes {
        in_manifest(&folder, change);
        let said = refused(home.path(), words);
        assert!(said.contains(words), "{words}: {said}");
        fs::write(folder.join("manifest.json"), &before).unwrap();
    }
    // A name that leads out of the folder is not opened.
    in_manifest(&folder, |manifest| manifest["scenario"]["name"] = "../../a".into());
    assert!(matches!(kadry(home.path(), &["report", "result"]).status.code(), Some(0 | 1)));
}

#[test]
fn a_comparison_that_its_manifest_does_not_describe_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let line = "compare historical no_terror --population 300 --replicates 2 --until 1928-06 --out result";
    assert!(kadry(home.path(), &line.split(' ').collect::<Vec<_>>()).status.success());
    let folder = home.path().join("result");
    let before = fs::read_to_string(folder.join("manifest.json")).unwrap();
    type Change<'a> = (&'a str, &'a dyn Fn(&mut serde_json::Value));
    let changes: [Change<'_>; 4] = [
        ("scenario.toml", &|manifest| {
            manifest.as_object_mut().unwrap().remove("comparison");
        }),
        ("scenario.toml", &|manifest| manifest["comparison"]["scenarios"] = serde_json::json!([])),
        ("comparison.level", &|manifest| manifest["comparison"]["level"] = 7.into()),
        ("scenarios/x/../y.toml", &|manifest| {
            manifest["comparison"]["scenarios"][1]["file"] = "scenarios/x/../y.toml".into();
        }),
    ];
    for (words, change) in changes {
        in_manifest(&folder, change);
        let said = refused(home.path(), words);
        assert!(said.contains(words), "{words}: {said}");
        fs::write(folder.join("manifest.json"), &before).unwrap();
    }
    alter(&folder, "compare.csv", |text| text.replace(",no_terror+population=300,", ",\"<script>\","));
    assert!(refused(home.path(), "a scenario that takes no part").contains("compare.csv"));
}

#[test]
fn a_folder_that_is_no_result_is_named_in_plain_words() {
    let home = tempfile::tempdir().unwrap();
    assert!(refused(home.path(), "nothing").contains("there is no folder result: give a result folder"));
    fs::create_dir(home.path().join("result")).unwrap();
    assert!(refused(home.path(), "empty").contains("no manifest.json"));
    fs::write(home.path().join("result/manifest.json"), "{}").unwrap();
    assert!(refused(home.path(), "broken").contains("run the scenario again"));
    fs::remove_dir_all(home.path().join("result")).unwrap();
    fs::write(home.path().join("result"), "a file").unwrap();
    assert!(refused(home.path(), "a file").contains("result is not a folder"));
}
