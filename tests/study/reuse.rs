//! Tests that extended, renamed and reused studies compute only what is new.

use super::*;

#[test]
fn an_extended_study_computes_only_the_new_replicates() {
    for study in [&RUN, &COMPARE, &SWEEP] {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("result");
        succeeds(&study.with(home.path(), 5, "result", &[]));
        succeeds(&study.with(home.path(), 12, "result", &["--extend", "--threads", "2"]));
        assert_eq!(runs_computed(&folder), 7 * study.variants, "{:?}", study.command);
        succeeds(&study.with(home.path(), 12, "fresh", &["--threads", "1"]));
        assert_same(&result(&folder), &result(&home.path().join("fresh")));
        ends(&study.with(home.path(), 12, "result", &["--extend"]), 0, "nothing to do");
    }
}

#[test]
fn runs_are_reused_from_finished_and_from_unfinished_folders() {
    for study in [&RUN, &COMPARE, &SWEEP] {
        let home = tempfile::tempdir().unwrap();
        // Half of the runs are in an unfinished folder, a third in a finished one; two are in both.
        study.plan(home.path(), "unfinished");
        succeeds(&kadry(home.path(), &["work", "unfinished", "--shard", "1/2"]));
        let half = status(home.path(), "unfinished")["finished"].as_u64().unwrap();
        succeeds(&study.with(home.path(), 2, "finished", &[]));
        succeeds(&study.to(home.path(), "one", &["--reuse", "unfinished"]));
        assert_eq!(runs_computed(&home.path().join("one")), study.runs() - half);
        study.check(&home.path().join("one"));
        succeeds(&study.to(home.path(), "two", &["--reuse", "finished"]));
        assert_eq!(runs_computed(&home.path().join("two")), study.runs() - 2 * study.variants);
        study.check(&home.path().join("two"));
        succeeds(&study.to(home.path(), "three", &["--reuse", "finished", "--reuse", "unfinished"]));
        let computed = runs_computed(&home.path().join("three"));
        assert!(computed < study.runs() - half.max(2 * study.variants), "{computed} runs were computed");
        study.check(&home.path().join("three"));
        succeeds(&study.to(home.path(), "four", &["--reuse", "three"]));
        assert_eq!(runs_computed(&home.path().join("four")), 0);
        study.check(&home.path().join("four"));
        // The sources are as they were.
        assert_eq!(status(home.path(), "unfinished")["finished"], half);
        succeeds(&kadry(home.path(), &["verify", "finished", "--sample", "0"]));
    }
}

/// The historical scenario under other names.
fn renamed(name: &str, label: &str, phases: [&str; 5]) -> String {
    let mut text = format!("name = {name:?}\nextends = \"historical\"\ntitle = \"renamed\"\n{label}");
    for (phase, from) in phases.iter().zip(["1928-01", "1931-07", "1934-01", "1937-01", "1938-11"]) {
        text += &format!("[[phase]]\nname = {phase:?}\nfrom = {from:?}\n");
    }
    text
}

#[test]
fn a_renamed_scenario_keeps_its_runs_and_the_tables_have_the_new_names() {
    let home = tempfile::tempdir().unwrap();
    let phases = ["one", "two, or \"second\"", "three", "four", "five"];
    let old = renamed("old", "", ["a", "b", "c", "d", "e"]);
    let new = renamed("new", "label = \"new, \\\"quoted\\\"\"\n", phases);
    fs::write(home.path().join("old.toml"), old).unwrap();
    fs::write(home.path().join("new.toml"), new).unwrap();
    let small = ["--population", "500", "--until", "1932-06", "--replicates", "4"];
    let verbs: [(&[&str], &[&str]); 3] = [
        (&["run", "old.toml"], &["run", "new.toml"]),
        (&["compare", "old.toml", "unions_kept"], &["compare", "new.toml", "unions_kept"]),
        (
            &["sweep", "old.toml", "--vary", "levers.union=0.2,0.6", "--tables", "series"],
            &["sweep", "new.toml", "--vary", "levers.union=0.2,0.6", "--tables", "series"],
        ),
    ];
    for (old, new) in verbs {
        // Phases of a comparison have the same names in every scenario.
        if old[0] == "compare" {
            let other = renamed("unions", "", ["a", "b", "c", "d", "e"]).replace("historical", "unions_kept");
            fs::write(home.path().join("old_unions.toml"), other).unwrap();
            let other = renamed("unions", "", phases).replace("historical", "unions_kept");
            fs::write(home.path().join("new_unions.toml"), other).unwrap();
        }
        let name = |which: &str| format!("{}-{which}", old[0]);
        let named = |arguments: &[&str], which: &str| -> Vec<String> {
            let own = |word: &&str| match *word {
                "unions_kept" => format!("{which}_unions.toml"),
                word => word.to_owned(),
            };
            arguments.iter().map(own).collect()
        };
        let execute = |arguments: Vec<String>, out: &str, more: &[&str]| {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            kadry(home.path(), &[&arguments, &small[..], &["--out", out], more].concat())
        };
        let (source, folder, fresh) = (name("old"), name("new"), name("fresh"));
        succeeds(&execute(named(old, "old"), &source, &[]));
        succeeds(&execute(named(new, "new"), &folder, &["--reuse", &source]));
        succeeds(&execute(named(new, "new"), &fresh, &[]));
        let (folder, fresh) = (home.path().join(folder), home.path().join(fresh));
        assert_eq!(runs_computed(&folder), 0, "{}", old[0]);
        assert_same(&result(&folder), &result(&fresh));
        let mut reader = csv::Reader::from_path(folder.join("series.csv")).unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert!(rows.iter().any(|row| row[0].contains("new, \"quoted\"")), "{:?}", rows[0]);
        assert!(rows.iter().any(|row| row.iter().any(|cell| cell == phases[1])));
        assert!(!rows.iter().any(|row| row[0].contains("old")));
    }
}

#[test]
fn a_run_that_differs_in_anything_is_not_reused() {
    let home = tempfile::tempdir().unwrap();
    succeeds(&RUN.with(home.path(), 2, "source", &[]));
    let others: [&[&str]; 6] = [
        &["--seed", "2"],
        &["--until", "1929-11"],
        &["--population", "501"],
        &["--set", "parameters.trial_memory=0.71"],
        &["--set", "mechanisms.catharsis=false"],
        &["--set", "levers.union=0.5"],
    ];
    for (number, more) in others.into_iter().enumerate() {
        let folder = format!("other-{number}");
        // A later option replaces an earlier one of the same name.
        let base = ["run", "historical", "--replicates", "2", "--out", &folder, "--reuse", "source"];
        let mut arguments = base.to_vec();
        for pair in ["--population", "500", "--until", "1929-12"].chunks(2) {
            if !more.contains(&pair[0]) {
                arguments.extend(pair);
            }
        }
        succeeds(&kadry(home.path(), &[&arguments, more].concat()));
        assert_eq!(runs_computed(&home.path().join(&folder)), 2, "{more:?}");
    }
}

#[test]
fn a_folder_that_cannot_be_reused_is_named_and_nothing_is_left() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("mine")).unwrap();
    fs::write(home.path().join("mine/thesis.txt"), "years of work").unwrap();
    for source in ["nowhere", "mine"] {
        ends(&RUN.to(home.path(), "result", &["--reuse", source]), 1, source);
        assert_eq!(names(home.path()), ["mine/thesis.txt"]);
        assert!(!home.path().join("result").exists());
    }
    // A result of other rules.
    succeeds(&RUN.with(home.path(), 2, "newer", &[]));
    reseal(&home.path().join("newer/manifest.json"), |manifest| manifest["plan"]["results"] = 99.into());
    ends(&RUN.to(home.path(), "result", &["--reuse", "newer"]), 1, "has results of version 99");
    assert!(!home.path().join("result").exists());
}
