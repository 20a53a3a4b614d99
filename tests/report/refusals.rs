//! Tests which folders are refused and which files are not replaced.

use super::*;

fn refused(home: &Path, words: &str) {
    let output = kadry(home, &["report", "result", "--svg", "pictures"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(words) && output.stdout.is_empty(), "{said}");
    assert!(!home.join("result/report.html").exists() && !home.join("pictures").exists());
}

#[test]
fn unfinished_damaged_and_foreign_results_are_refused() {
    let home = tempfile::tempdir().unwrap();
    refused(home.path(), "there is no folder result");

    run(home.path(), &["--until", "1929-12"]);
    in_manifest(&home.path().join("result"), |manifest| manifest["complete"] = false.into());
    refused(home.path(), "is unfinished");

    fs::remove_dir_all(home.path().join("result")).unwrap();
    run(home.path(), &["--until", "1929-12"]);
    in_manifest(&home.path().join("result"), |manifest| manifest["program"]["version"] = "0.0.1".into());
    refused(home.path(), "was written by kadry 0.0.1");

    // Every file is checked, even if no picture needs it.
    for file in ["series.csv", "hazards.csv", "scenario.toml"] {
        fs::remove_dir_all(home.path().join("result")).unwrap();
        run(home.path(), &["--until", "1929-12"]);
        let path = home.path().join("result").join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, &text[..text.len() / 2]).unwrap();
        refused(home.path(), "digest differs");
        fs::remove_file(&path).unwrap();
        refused(home.path(), &format!("has no {file}"));
    }
}

#[test]
fn an_existing_page_is_replaced_only_with_force() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["--until", "1929-12"]);
    let first = page(home.path());
    let output = kadry(home.path(), &["report", "result"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--force"));
    assert!(page(home.path()) == first);
    assert_eq!(kadry(home.path(), &["report"]).status.code(), Some(2));
}
