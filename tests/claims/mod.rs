//! Tests `kadry claims` through the program: verdicts that can fail, conditions, faults of files, and studies in parts.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SMALL: &str = include_str!("small.toml");

/// Options that keep a test short.
const SHORT: [&str; 8] = ["--replicates", "10", "--jitter", "4", "--prior", "4", "--until", "1929-12"];

fn kadry(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    command.current_dir(home).args(arguments).env_remove("COLUMNS").env("LC_ALL", "C.UTF-8");
    command.output().unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Tests a file in `home` and returns the rows of `claims.csv` by claim.
#[track_caller]
fn tested(home: &Path, text: &str, out: &str, more: &[&str]) -> BTreeMap<String, BTreeMap<String, String>> {
    fs::write(home.join("small.toml"), text).unwrap();
    let arguments = [&["claims", "small.toml", "--out", out], SHORT.as_slice(), more].concat();
    let output = kadry(home, &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    claims(&home.join(out))
}

fn claims(folder: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    rows(&folder.join("claims.csv")).into_iter().map(|row| (row["claim"].clone(), row)).collect()
}

fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let names = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        names.iter().zip(&record).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn verdicts_can_fail() {
    let home = tempfile::tempdir().unwrap();
    let found = tested(home.path(), SMALL, "result", &[]);
    let verdict = |claim: &str| found[claim]["verdict"].as_str();
    // The same test with the sign flipped has the opposite verdict.
    assert_eq!((verdict("LICENCE"), verdict("FLIPPED")), ("supported", "contradicted"));
    // Without its mechanism the claim falls, and all of the effect beyond the bound is lost.
    let principle = &found["PRINCIPLE"];
    assert_eq!((verdict("PRINCIPLE"), principle["verdict_without"].as_str()), ("supported", "contradicted"));
    assert!(principle["lost_share"].parse::<f64>().unwrap() >= 1.0);
    // Newcomers come without any accusation as well, so the comparative claim is trivial.
    assert_eq!((verdict("NEWCOMERS"), found["NEWCOMERS"]["trivial"].as_str()), ("supported", "yes"));
    assert!(found["NEWCOMERS"]["attained_by"].contains("n0"));
    assert_eq!(
        [verdict("LATER"), verdict("NEEDS"), verdict("STRUCTURE")],
        ["not testable", "not testable", "structural"]
    );
    assert_eq!(found["NEEDS"]["reason"], "needs mechanisms.no_such_mechanism");
    // Nobody accuses in n0, so a claim about accusations is not attained there.
    assert!(!found["LICENCE"]["attained_by"].contains("n0"));
}

#[test]
fn a_claim_about_noise_stays_undecided() {
    let home = tempfile::tempdir().unwrap();
    tested(home.path(), SMALL, "first", &["--claim", "LICENCE", "--seed", "2"]);
    let test = &rows(&home.path().join("first/claim_tests.csv"))[0];
    let reference: f64 = test["reference"].parse().unwrap();
    // Whether accusations exceed their mean under another seed is a matter of chance.
    let noise = format!(
        "{}\n[[claim]]\nid = \"NOISE\"\nstatement = \"More accuse than on average.\"\ntype = \"causal\"\n[[claim.test]]\n\
         contrast = \"level\"\nmetric = \"accusations_per_1000\"\nfrom = \"1928-06\"\nuntil = \"1929-12\"\nbound = {reference:?}\n\
         direction = \"above\"\nmargin = 0\n",
        SMALL
    );
    let found = tested(home.path(), &noise, "second", &["--claim", "NOISE"]);
    assert_eq!(found["NOISE"]["verdict"], "undecided");
}

#[test]
fn margins_decide_what_counts_as_an_effect() {
    let home = tempfile::tempdir().unwrap();
    let wide = SMALL.replace("within = 0.1", "within = 9");
    let found = tested(home.path(), &wide, "result", &["--claim", "LICENCE,FLIPPED"]);
    assert_eq!(
        (found["LICENCE"]["verdict"].as_str(), found["FLIPPED"]["verdict"].as_str()),
        ("absent", "absent")
    );
}

#[test]
fn threads_shards_and_a_second_call_give_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let json = |out: &str, threads: &str| -> (Value, String) {
        fs::write(home.join("small.toml"), SMALL).unwrap();
        let options = ["claims", "small.toml", "--json", "--out", out, "--threads", threads];
        let output = kadry(home, &[options.as_slice(), SHORT.as_slice()].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        (serde_json::from_slice(&output.stdout).unwrap(), err(&output))
    };
    let (first, _) = json("one", "1");
    tested(home, SMALL, "three", &["--threads", "3"]);
    let arguments = [&["claims", "small.toml", "--out", "parts", "--plan-only"], SHORT.as_slice()].concat();
    assert_eq!(kadry(home, &arguments).status.code(), Some(0));
    for shard in ["2/2", "1/2"] {
        let output = kadry(home, &["work", "parts", "--shard", shard]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    }
    let output = kadry(home, &["collect", "parts"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let reference = files(&home.join("one"));
    assert!(reference.contains_key("claims.csv") && reference.contains_key("quantities.csv"));
    assert_eq!(reference, files(&home.join("three")));
    assert_eq!(reference, files(&home.join("parts")));
    // A second call reads the verdicts from the tables.
    let (again, message) = json("one", "1");
    assert!(message.contains("nothing to do"), "{message}");
    assert_eq!(first, again);
    let claims = again["claims"].as_array().unwrap();
    let verdict = |id: &str| &claims.iter().find(|claim| claim["claim"] == id).unwrap()["verdict"];
    assert_eq!((verdict("LICENCE"), verdict("FLIPPED")), (&"supported".into(), &"contradicted".into()));
    let verified = kadry(home, &["verify", "one", "--sample", "5", "--json"]);
    assert_eq!(verified.status.code(), Some(0), "{}", err(&verified));
    let verified: Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!((&verified["ok"], &verified["recomputed"]), (&true.into(), &5.into()));
}

/// The files of a result but its manifest, which says when and how the result was made.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let named = files.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()));
    let others = named.filter(|(name, _)| name != "manifest.json");
    others.map(|(name, path)| (name, fs::read(path).unwrap())).collect()
}

#[test]
fn an_extended_test_equals_a_fresh_one() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    fs::write(home.join("small.toml"), SMALL).unwrap();
    let test = |out: &str, replicates: &str, more: &[&str]| {
        let options = ["claims", "small.toml", "--claim", "LICENCE,PRINCIPLE", "--out", out];
        let extent = ["--replicates", replicates, "--jitter", "4", "--prior", "4", "--until", "1929-12"];
        let output = kadry(home, &[options.as_slice(), extent.as_slice(), more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        err(&output)
    };
    let n = |out: &str, condition: &str| {
        let rows = rows(&home.join(out).join("claim_conditions.csv"));
        rows.iter().find(|row| row["condition"] == condition).unwrap()["n"].clone()
    };
    test("extended", "10", &[]);
    assert_eq!(["base", "n0", "jitter"].map(|condition| n("extended", condition)), ["10", "5", "4"]);
    test("extended", "30", &["--extend"]);
    assert_eq!(["base", "n0", "jitter"].map(|condition| n("extended", condition)), ["30", "6", "4"]);
    test("fresh", "30", &[]);
    assert_eq!(files(&home.join("extended")), files(&home.join("fresh")));
}

#[test]
fn wrong_files_end_with_code_3_a_line_and_the_nearest_word() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let cases = [
        ("metric = \"newcomers\"", "metric = \"newcommers\"", "`newcomers`"),
        ("direction = \"falls\"", "direction = \"fals\"", "`falls`"),
        ("scenario = \"silence\"", "scenario = \"silense\"", "`silence`"),
        ("phase = \"terror\"", "phase = \"terorr\"", "`terror`"),
        ("within = 0.1", "", "margin"),
        ("margin = 0.05", "margin = 0.05\nwithin = 0.1", "within"),
        ("mechanisms = [\"principle\"]", "mechanisms = [\"principel\"]", "`principle`"),
        ("lever = \"criticism\"", "lever = \"critisism\"", "`criticism`"),
        ("id = \"FLIPPED\"", "id = \"LICENCE\"", "LICENCE"),
        ("name = \"silence\"", "name = \"base\"", "the base in tables of results"),
        ("base = \"historical\"", "base = \"silence\"", "silence"),
    ];
    for (found, wrong, word) in cases {
        let text = SMALL.replacen(found, wrong, 1);
        assert_ne!(text, SMALL);
        fs::write(home.join("wrong.toml"), &text).unwrap();
        let output = kadry(home, &["claims", "wrong.toml", "--dry-run"]);
        let message = err(&output);
        assert_eq!(output.status.code(), Some(3), "{wrong}: {message}");
        assert!(message.contains("wrong.toml:") && message.contains(word), "{wrong}: {message}");
    }
    fs::write(home.join("empty.toml"), "").unwrap();
    assert_eq!(kadry(home, &["claims", "empty.toml"]).status.code(), Some(3));
    assert_eq!(fs::read_dir(home).unwrap().count(), 2, "nothing was written");
}

#[test]
fn options_that_name_nothing_are_usage_errors() {
    let home = tempfile::tempdir().unwrap();
    let output = kadry(home.path(), &["claims", "--claim", "C99", "--dry-run"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("there is no claim `C99`"), "{}", err(&output));
}
