//! Tests `kadry soundness` through the program: answers that can fail, studies in parts, pages and errors.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Options that keep a test short.
const SHORT: [&str; 12] = [
    "--population",
    "500",
    "--until",
    "1931-06",
    "--replicates",
    "2",
    "--policies",
    "24",
    "--constants",
    "6",
    "--prior",
    "5",
];

fn kadry(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    command.current_dir(home).args(arguments).env_remove("COLUMNS").env("LC_ALL", "C.UTF-8");
    command.output().unwrap()
}

#[track_caller]
fn run(home: &Path, arguments: &[&str]) -> Output {
    let output = kadry(home, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn asked(home: &Path, more: &[&str]) -> Output {
    run(home, &[&["soundness"], SHORT.as_slice(), more].concat())
}

fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let names = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        names.iter().zip(&record).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    files
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name != "manifest.json")
        .collect()
}

#[test]
fn threads_shards_and_a_second_call_give_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let first = asked(home, &["--out", "one", "--threads", "1"]);
    asked(home, &["--out", "three", "--threads", "3"]);
    asked(home, &["--out", "parts", "--plan-only"]);
    for shard in ["2/2", "1/2"] {
        run(home, &["work", "parts", "--shard", shard]);
    }
    run(home, &["collect", "parts"]);
    let one = files(&home.join("one"));
    assert!(one == files(&home.join("three")) && one == files(&home.join("parts")));
    let again = asked(home, &["--out", "one"]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("nothing to do"));
    assert_eq!(again.stdout, first.stdout);
    let verified = run(home, &["verify", "one", "--sample", "3"]);
    assert!(String::from_utf8_lossy(&verified.stdout).contains("3 of "), "{verified:?}");
}

/// A base that is the moderate policy itself differs from it in nothing; without accusations nothing is accused.
#[test]
fn answers_on_a_base_that_is_the_moderate_policy() {
    let home = tempfile::tempdir().unwrap();
    let moderate = [
        "union=0.6",
        "managerial_authority=0.6",
        "penalty=0.45",
        "criticism=0.3",
        "vigilance=0.4",
        "class_war=0.3",
    ];
    let settings: Vec<String> = moderate.iter().map(|setting| format!("levers.{setting}")).collect();
    let mut more = vec!["--out", "result"];
    settings.iter().for_each(|setting| more.extend(["--set", setting]));
    asked(home.path(), &more);
    let figures = rows(&home.path().join("result/soundness.csv"));
    let of = |question: &str, of: &str, metric: &str, period: &str| {
        let found = figures.iter().find(|row| {
            [&row["question"], &row["of"], &row["metric"], &row["period"]] == [question, of, metric, period]
        });
        found.unwrap_or_else(|| panic!("{question} {of} {metric} {period}"))["estimate"].as_str()
    };
    assert_eq!(of("constant policies", "moderate policy, not worse", "all of them", "class war"), "1.0");
    assert_eq!(of("without accusations", "without", "accusations_per_1000", "class war"), "0.0");
    // At weight 1 the image has the weight of the base.
    assert_eq!(
        of("overlap of images", "image_weight x1", "image_overlap", "class war"),
        of("without accusations", "with", "image_overlap", "class war"),
    );
    assert!(!of("overlap of images", "image_weight x1", "image_overlap", "class war").is_empty());
    let policies = rows(&home.path().join("result/soundness_policies.csv"));
    let better = policies.iter().filter(|row| row["policy"] == "0").map(|row| row["better"].as_str());
    assert!(better.clone().all(|better| matches!(better, "0.0" | "-0.0" | "")), "{better:?}");
}

#[test]
fn several_bases_share_a_page_and_json_has_all_answers() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let output = asked(home, &["historical", "no_terror", "--page", "sound.md", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json[1]["base"], "no_terror+population=500");
    assert!(json[0]["figures"].as_array().unwrap().iter().any(|figure| figure["question"] == "dose"));
    assert_eq!(json[0]["patterns"].as_array().unwrap().len(), 21);
    // The moderate policy and six others, each with its levers.
    let policies = json[0]["constant_policies"].as_array().unwrap();
    assert_eq!((policies.len(), &policies[0]["levels"]), (7, &Value::Null));
    assert!(
        policies[1]["levels"]["union"].is_f64() && policies[1]["better"]["discipline"]["class war"].is_f64()
    );
    let page = fs::read_to_string(home.join("sound.md")).unwrap();
    for base in ["historical+population=500", "no\\_terror+population=500"] {
        assert!(page.contains(&format!("| discipline | {base} |")), "{base}");
    }
    assert!(page.contains("kadry soundness historical no_terror --replicates 2"));
}

#[test]
fn wrong_calls_have_clear_errors() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let output = kadry(home, &["soundness", "historical", "no_terror", "--out", "one"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("each of several bases has its own"));
    let estimate = asked(home, &["--dry-run", "--json"]);
    let estimate: Value = serde_json::from_slice(&estimate.stdout).unwrap();
    assert!(estimate["runs"].as_u64().unwrap() > 100);
    let output = kadry(home, &["soundness", "historical", "no_terror", "--dry-run", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    asked(home, &["--out", "result"]);
    let output = kadry(home, &["report", "result"]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("kadry soundness --page"), "{error}");
}
