//! Tests what the command writes, prints and refuses.

use super::*;

#[test]
fn the_folder_holds_the_runs_and_their_differences() {
    let home = tempfile::tempdir().unwrap();
    let output = compare(home.path(), &["historical", "unions_kept", "--replicates", "3", "--out", "c"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let folder = home.path().join("c");
    // The rows equal those of `kadry run`, the baseline first, then by replicate.
    for (name, replicates) in [("historical", "3"), ("unions_kept", "3")] {
        let run = [
            "run",
            name,
            "--replicates",
            replicates,
            "--population",
            "1000",
            "--until",
            "1931-12",
            "--out",
            name,
        ];
        let run =
            Command::new(env!("CARGO_BIN_EXE_kadry")).current_dir(home.path()).args(run).output().unwrap();
        assert_eq!(code(&run), 0, "{}", err(&run));
    }
    for table in ["series.csv", "phases.csv", "summary.csv"] {
        let (first, second) =
            (read(&home.path().join("historical"), table), read(&home.path().join("unions_kept"), table));
        let joined = first.clone() + second.split_once('\n').unwrap().1;
        assert_eq!(read(&folder, table), joined, "{table}");
    }
    let run =
        kadry::scenario::load(folder.join("scenarios/unions_kept.toml").to_str().unwrap(), &[]).unwrap();
    assert_eq!(run.name, "unions_kept");
    let differences = rows(&folder, "compare.csv");
    // Two phases and the whole period; every metric but the number of months.
    let metrics = kadry::model::phase::PHASE_MEASURES.len() - 1;
    assert_eq!(differences.len(), 3 * metrics);
    for row in &differences {
        let number = |name: &str| row[name].parse::<f64>().ok();
        if let (Some(lo), Some(mean), Some(hi)) = (number("lo"), number("difference"), number("hi")) {
            assert!(lo <= mean && mean <= hi);
            let (wide_lo, wide_hi) = (number("lo_simultaneous").unwrap(), number("hi_simultaneous").unwrap());
            assert!(wide_lo <= lo && hi <= wide_hi, "{row:?}");
            assert!(number("p_adjusted").unwrap() >= number("p").unwrap());
            let by_means = number("scenario_mean").unwrap() - number("baseline_mean").unwrap();
            assert!((by_means - mean).abs() <= 1e-9 * (1.0 + mean.abs() + by_means.abs() * 1e3), "{row:?}");
        }
    }
    let months = rows(&folder, "compare_months.csv");
    assert_eq!(months.len(), 48 * kadry::model::measures::MONTH_MEASURES.len());
    let manifest = manifest(&folder);
    assert_eq!(manifest["cost"]["runs_computed"], 6);
    assert_eq!(manifest["comparison"]["scenarios"][1]["name"], "unions_kept");
    assert!(!folder.join("compare_phases.csv").exists() && !folder.join(".kadry").exists());
    // `history` refuses the folder of a comparison.
    let history = Command::new(env!("CARGO_BIN_EXE_kadry")).args(["history"]).arg(&folder).output().unwrap();
    assert!(code(&history) == 1 && err(&history).contains("comparison"), "{}", err(&history));
}

#[test]
fn threads_change_no_byte() {
    let home = tempfile::tempdir().unwrap();
    for threads in ["1", "2", "5"] {
        let arguments = [
            "historical",
            "no_enemies",
            "--replicates",
            "3",
            "--threads",
            threads,
            "--out",
            threads,
            "--phases",
        ];
        assert_eq!(code(&compare(home.path(), &arguments)), 0);
        for file in [
            "series.csv",
            "phases.csv",
            "whole_period.csv",
            "compare.csv",
            "compare_months.csv",
            "compare_phases.csv",
        ] {
            assert_eq!(read(&home.path().join(threads), file), read(&home.path().join("1"), file), "{file}");
        }
    }
}

#[test]
fn scenarios_that_never_differ_have_differences_of_exactly_zero() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("same.toml"), "name = \"same\"\nextends = \"historical\"\n").unwrap();
    let output = compare(home.path(), &["historical", "same.toml", "--replicates", "3", "--out", "c"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("no difference is significant"), "{}", out(&output));
    for file in ["compare.csv", "compare_months.csv"] {
        for row in
            rows(&home.path().join("c"), file).iter().filter(|row| row["n"].parse::<u64>().unwrap() > 1)
        {
            for column in ["difference", "lo", "hi"] {
                assert_eq!(row[column], "0.0", "{file}: {row:?}");
            }
            assert!(row.get("p").is_none_or(|p| p == "1.0"));
        }
    }
}

#[test]
fn one_scenario_alone_is_compared_phase_against_phase() {
    let home = tempfile::tempdir().unwrap();
    let arguments = [
        "historical",
        "--replicates",
        "3",
        "--out",
        "c",
        "--until",
        "1934-06",
        "--metric",
        "discipline,fear",
    ];
    let output = compare(home.path(), &arguments);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("differences between phases"), "{}", out(&output));
    let differences = rows(&home.path().join("c"), "compare_phases.csv");
    // Three phases make three pairs.
    assert_eq!(differences.len(), 2 * 3);
    assert_eq!((&*differences[0]["phase_a"], &*differences[0]["phase_b"]), ("class war", "discipline"));
    assert!(!home.path().join("c/compare.csv").exists());
    let phases = rows(&home.path().join("c"), "phases.csv");
    let mean = |phase: &str| {
        let of = phases
            .iter()
            .filter(|row| row["phase"] == phase)
            .map(|row| row["discipline"].parse::<f64>().unwrap());
        of.sum::<f64>() / 3.0
    };
    let got: f64 = differences[0]["difference"].parse().unwrap();
    assert!((got - (mean("discipline") - mean("class war"))).abs() < 1e-12);
}

#[test]
fn wrong_usage_is_explained() {
    let home = tempfile::tempdir().unwrap();
    let other = "name = \"other\"\nextends = \"historical\"\n[[phase]]\nname = \"all\"\nfrom = \"1928-01\"\n";
    fs::write(home.path().join("other.toml"), other).unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["historical", "unions_kept", "--replicates", "1"], "at least 2 replicates"),
        (&["historical", "unions_kept", "unions_kept"], "given twice"),
        (&["historical", "other.toml"], "different phases"),
        (&["historical", "unions_kept", "--metric", "displine"], "did you mean `discipline`"),
        (&["historical", "unions_kept", "--metric", "quota"], "series.csv only"),
        (&["historical", "unions_kept", "--phase", "clas war"], "did you mean `class war`"),
        (&["historical", "--phase", "class war"], "needs at least two phases"),
        (&["historical", "unions_kept", "--until-precise", "1%"], "--metric"),
        (&["historical", "unions_kept", "--level", "95"], "from 0.5 to 0.9999"),
        (&["historical", "unions_kept", "--half-width", "0"], "above 0"),
    ];
    for (arguments, words) in cases {
        let output = compare(home.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(words), "{arguments:?}: {}", err(&output));
    }
    assert_eq!(code(&compare(home.path(), &["historical", "no_such"])), 3);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn json_and_dry_runs_report_everything() {
    let home = tempfile::tempdir().unwrap();
    let arguments =
        ["historical", "unions_kept", "--replicates", "2", "--out", "c", "--json", "--metric", "discipline"];
    let dry = compare(home.path(), &[&arguments[..], &["--dry-run"]].concat());
    let json: serde_json::Value = serde_json::from_str(&out(&dry)).unwrap();
    assert_eq!((&json["runs"], &json["months"]), (&4.into(), &48.into()));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    let output = compare(home.path(), &arguments);
    let json: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(json["differences"].as_array().unwrap().len(), 3);
    assert_eq!((&json["tests"], &json["runs_computed"]), (&3.into(), &4.into()));
    assert!(err(&compare(home.path(), &arguments)).contains("nothing to do"));
}

#[test]
fn replicates_are_added_until_intervals_are_narrow() {
    let home = tempfile::tempdir().unwrap();
    let wanted =
        ["historical", "unions_kept", "--metric", "discipline", "--phase", "class war", "--replicates", "2"];
    let until = |width: &str, at_most: &str, folder: &str| {
        let more = ["--until-precise", width, "--at-most", at_most, "--out", folder];
        compare(home.path(), &[&wanted[..], &more].concat())
    };
    let output = until("0.25%", "64", "narrow");
    assert_eq!(code(&output), 0, "{}", err(&output));
    let row = &rows(&home.path().join("narrow"), "compare.csv")[0];
    let number = |name: &str| row[name].parse::<f64>().unwrap();
    assert!(number("hi") - number("lo") <= 0.0025 * number("baseline_mean"));
    let mark = &manifest(&home.path().join("narrow"))["comparison"];
    let (looks, level) = (mark["looks"].as_u64().unwrap(), number("level"));
    assert!(looks > 1 && mark["precise"] == true);
    let spent = 0.05 * 6.0 / (std::f64::consts::PI.powi(2) * (looks * looks) as f64);
    assert!((1.0 - level - spent).abs() < 1e-12, "{level} at look {looks}");
    let output = until("0.000001%", "4", "never");
    assert_eq!(code(&output), 0);
    assert!(err(&output).contains("give a larger --at-most"), "{}", err(&output));
}

#[cfg(unix)]
#[test]
fn an_interrupted_comparison_is_stored_and_continued() {
    use std::process::Stdio;
    use std::time::{Duration, Instant};
    let home = tempfile::tempdir().unwrap();
    let arguments =
        ["compare", "historical", "unions_kept", "--population", "1000", "--until", "1931-12", "--out", "c"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    command.current_dir(home.path()).args(arguments).args(["--replicates", "5000", "-v"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begin = Instant::now();
    let parts = home.path().join("c/.kadry/parts");
    while !fs::read_dir(&parts).is_ok_and(|mut parts| parts.next().is_some()) {
        assert!(begin.elapsed() < Duration::from_secs(120), "no part was written in two minutes");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{}", err(&output));
    assert!(err(&output).contains("the same command continues"), "{}", err(&output));
    let folder: Vec<_> =
        fs::read_dir(home.path().join("c")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(folder, [".kadry"]);
    // Fewer replicates are another plan, and an unfinished result cannot be extended.
    let other = compare(home.path(), &["historical", "unions_kept", "--out", "c", "--replicates", "2"]);
    assert_eq!(code(&other), 1);
    assert!(err(&other).contains("is unfinished, and belongs to another plan"), "{}", err(&other));
    let extended = compare(home.path(), &["historical", "unions_kept", "--out", "c", "--extend"]);
    assert!(code(&extended) == 1 && err(&extended).contains("is unfinished"), "{}", err(&extended));
}
