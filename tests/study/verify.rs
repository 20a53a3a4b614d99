//! Tests that `verify` finds every changed byte and every forged number, and tells damage apart from another version.

use super::*;

/// A finished result with a page, and a planned folder with half of its runs.
struct Case {
    home: tempfile::TempDir,
}

impl Case {
    fn new(study: &'static Study) -> Case {
        let home = tempfile::tempdir().unwrap();
        succeeds(&study.to(home.path(), "result", &[]));
        succeeds(&kadry(home.path(), &["report", "result"]));
        study.plan(home.path(), "planned");
        succeeds(&kadry(home.path(), &["work", "planned", "--shard", "1/2"]));
        Case { home }
    }

    fn verify(&self, folder: &str, more: &[&str]) -> Output {
        kadry(self.home.path(), &[&["verify", folder], more].concat())
    }

    fn path(&self, file: &str) -> PathBuf {
        self.home.path().join(file)
    }
}

#[test]
fn intact_results_are_recomputed_and_found_equal() {
    for study in [&RUN, &COMPARE, &SWEEP] {
        let case = Case::new(study);
        // The tables, the scenarios, the manifest and the page.
        let files = study.reference.len() + 2;
        let runs = study.runs();
        for (more, recomputed) in [
            (&[][..], runs),
            (&["--sample", "2"], 2),
            (&["--sample", "0"], 0),
            (&["--sample", "1000000"], runs),
        ] {
            let output = case.verify("result", more);
            succeeds(&output);
            assert_eq!(
                out(&output),
                format!("ok: {files} files compared, {recomputed} of {runs} runs recomputed\n")
            );
        }
        let json: Value = serde_json::from_str(&out(&case.verify("result", &["--json"]))).unwrap();
        let expected = serde_json::json!({
            "ok": true, "unfinished": false, "files": files, "runs": runs, "recomputed": runs, "damage": [],
        });
        assert_eq!(json, expected);
        let output = case.verify("planned", &[]);
        succeeds(&output);
        let half = status(case.home.path(), "planned")["finished"].as_u64().unwrap();
        assert!(
            out(&output).contains(&format!("{half} finished runs of an unfinished result")),
            "{}",
            out(&output)
        );
        // Files of the user are nobody's business.
        fs::write(case.path("result/notes.txt"), "mine").unwrap();
        succeeds(&case.verify("result", &["--sample", "0"]));
    }
}

#[test]
fn a_flipped_bit_in_any_file_is_found_and_the_file_named() {
    let mut numbers = Numbers(5);
    let mut flips = 0;
    for (study, positions) in [(&RUN, 2), (&COMPARE, 2), (&SWEEP, 2)] {
        let case = Case::new(study);
        for folder in ["result", "planned"] {
            for file in names(&case.path(folder)) {
                // Only the lock is no part of the study.
                if file == ".kadry/lock" {
                    continue;
                }
                let path = case.path(folder).join(&file);
                let intact = fs::read(&path).unwrap();
                let more = if ["manifest.json", "report.html", ".kadry/plan.json"].contains(&&*file) {
                    4
                } else {
                    0
                };
                for number in 0..positions + more {
                    let position = match number {
                        0 => intact.len() - 1,
                        _ => numbers.below(intact.len()),
                    };
                    let bit = numbers.below(8);
                    let mut bytes = intact.clone();
                    bytes[position] ^= 1 << bit;
                    fs::write(&path, bytes).unwrap();
                    let output = case.verify(folder, &[]);
                    assert_eq!(code(&output), 5, "bit {bit} of byte {position} of {file}: {}", err(&output));
                    assert!(out(&output).starts_with(&format!("{file}: ")), "{file}: {}", out(&output));
                    assert!(out(&output).contains("damaged: 1 of "), "{file}: {}", out(&output));
                    flips += 1;
                }
                fs::write(&path, intact).unwrap();
            }
            succeeds(&case.verify(folder, &["--sample", "0"]));
        }
    }
    assert!(flips >= 40, "{flips}");
}

#[test]
fn every_damaged_file_is_named_and_json_lists_them() {
    let case = Case::new(&COMPARE);
    for file in ["series.csv", "scenarios/unions_kept.toml", "report.html"] {
        let mut bytes = fs::read(case.path("result").join(file)).unwrap();
        bytes.push(b'\n');
        fs::write(case.path("result").join(file), bytes).unwrap();
    }
    fs::remove_file(case.path("result/compare.csv")).unwrap();
    let output = case.verify("result", &["--json"]);
    assert_eq!(code(&output), 5);
    let json: Value = serde_json::from_str(&out(&output)).unwrap();
    let damage = json["damage"].as_array().unwrap();
    let files: Vec<&str> = damage.iter().map(|one| one["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["compare.csv", "scenarios/unions_kept.toml", "series.csv", "report.html"]);
    assert_eq!((&json["ok"], &json["recomputed"]), (&false.into(), &0.into()));
}

#[test]
fn a_removed_file_is_named() {
    for study in [&RUN, &COMPARE, &SWEEP] {
        let case = Case::new(study);
        for file in study.reference.keys() {
            let (path, aside) = (case.path("result").join(file), case.path("aside"));
            fs::rename(&path, &aside).unwrap();
            let output = case.verify("result", &[]);
            assert_eq!(code(&output), 5, "{file}");
            assert!(out(&output).starts_with(&format!("{file}: cannot be read")), "{}", out(&output));
            fs::rename(&aside, &path).unwrap();
        }
        fs::remove_file(case.path("result/manifest.json")).unwrap();
        ends(&case.verify("result", &[]), 1, "is not a result folder: it has no manifest.json");
    }
}

#[test]
fn a_result_of_another_version_is_not_called_damaged() {
    let case = Case::new(&RUN);
    let manifest = case.path("result/manifest.json");
    let intact = fs::read(&manifest).unwrap();
    for version in [0, 99] {
        reseal(&manifest, |manifest| manifest["plan"]["results"] = version.into());
        let output = case.verify("result", &[]);
        ends(&output, 1, &format!("has results of version {version}"));
        assert!(err(&output).contains("17 files match their digests"), "{}", err(&output));
        assert!(out(&output).is_empty());
    }
    // Damage in such a result is found, too.
    fs::write(case.path("result/series.csv"), "").unwrap();
    let output = case.verify("result", &[]);
    assert_eq!(code(&output), 5);
    assert!(out(&output).starts_with("series.csv: has been changed"), "{}", out(&output));
    reseal(&manifest, |manifest| manifest["form"] = 99.into());
    ends(&case.verify("result", &[]), 1, "in another form, so it cannot be verified: it may be undamaged");
    fs::write(&manifest, intact).unwrap();
    reseal(&case.path("planned/.kadry/plan.json"), |plan| plan["results"] = 99.into());
    assert_ne!(code(&kadry(case.home.path(), &["work", "planned"])), 5);
}

#[test]
fn a_folder_of_another_program_is_not_called_damaged() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("other");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("data.csv"), "1,2\n").unwrap();
    ends(&kadry(home.path(), &["verify", "other"]), 1, "is not a result folder");
    for manifest in ["{\"manifest_version\":3,\"name\":\"extension\"}", "[]", "null", "{}"] {
        fs::write(folder.join("manifest.json"), manifest).unwrap();
        ends(&kadry(home.path(), &["verify", "other"]), 1, "is not a result folder");
    }
    assert_eq!(names(&folder), ["data.csv", "manifest.json"]);
}

/// Changes the last digit of a line of a table, and all digests that tell of it.
fn forge(folder: &Path, file: &str, line: usize) {
    let text = fs::read_to_string(folder.join(file)).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let position = lines[line - 1].rfind(|letter: char| letter.is_ascii_digit()).unwrap();
    let digit = if &lines[line - 1][position..=position] == "7" { "3" } else { "7" };
    lines[line - 1].replace_range(position..=position, digit);
    fs::write(folder.join(file), lines.join("\n") + "\n").unwrap();
    renew_digest(folder, file);
}

/// Writes the digest of a file into the manifest.
fn renew_digest(folder: &Path, file: &str) {
    let bytes = fs::read(folder.join(file)).unwrap();
    let mark = serde_json::json!({ "sha256": digest(&bytes), "bytes": bytes.len() });
    reseal(&folder.join("manifest.json"), |manifest| manifest["files"][file] = mark);
}

#[test]
fn a_consistent_forgery_is_found_by_computing_the_runs_again() {
    let cases: [(&Study, &[(&str, usize)]); 3] = [
        (
            &RUN,
            &[
                ("series.csv", 2),
                ("series.csv", 155),
                ("phases.csv", 8),
                ("hazards.csv", 30),
                ("summary.csv", 5),
            ],
        ),
        (
            &COMPARE,
            &[("series.csv", 100), ("whole_period.csv", 4), ("compare.csv", 3), ("compare_months.csv", 77)],
        ),
        (&SWEEP, &[("series.csv", 100), ("hazards.csv", 40), ("phases.csv", 9), ("columns.csv", 3)]),
    ];
    for (study, forgeries) in cases {
        let case = Case::new(study);
        for (file, line) in forgeries {
            let _ = fs::remove_dir_all(case.path("forged"));
            copy(&case.path("result"), &case.path("forged"));
            forge(&case.path("forged"), file, *line);
            let output = case.verify("forged", &[]);
            assert_eq!(code(&output), 5, "{file}: {}{}", out(&output), err(&output));
            let words = format!("{file}: differs from the recomputed result, first in line {line}: ");
            assert!(out(&output).contains(&words), "{words}: {}", out(&output));
        }
    }
}

#[test]
fn statistics_are_recomputed_even_without_a_run() {
    let case = Case::new(&COMPARE);
    forge(&case.path("result"), "compare.csv", 10);
    let output = case.verify("result", &["--sample", "0"]);
    assert_eq!(code(&output), 5, "{}", err(&output));
    assert!(out(&output).contains("compare.csv: differs from the recomputed result, first in line 10: "));
}

#[test]
fn a_forged_scenario_does_not_fit_its_tables() {
    let case = Case::new(&RUN);
    let file = case.path("result/scenario.toml");
    let text = fs::read_to_string(&file).unwrap();
    let line = text.lines().find(|line| line.starts_with("accusation_scale = ")).unwrap();
    fs::write(&file, text.replace(line, "accusation_scale = 0.0041")).unwrap();
    renew_digest(&case.path("result"), "scenario.toml");
    let output = case.verify("result", &[]);
    assert_eq!(code(&output), 5);
    assert!(out(&output).contains("series.csv: differs from the recomputed result"), "{}", out(&output));
}
