//! Tests of faults that hostile use has found: links, pipes and other things in the work folder, forged results, plans that
//! make no sense, processes killed in the wrong moment.

use super::*;
use std::time::{Duration, Instant};

/// Runs the program; kills it and fails if it takes more than ten seconds.
#[track_caller]
fn soon(home: &Path, arguments: &[&str]) -> Output {
    let mut command = command(home, arguments);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > Duration::from_secs(10) {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{arguments:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

#[cfg(unix)]
#[test]
fn links_in_the_work_folder_are_not_followed() {
    for link in ["workers", "failures", "tables/evil"] {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("precious")).unwrap();
        fs::write(home.path().join("precious/thesis.txt"), "years of work").unwrap();
        RUN.plan(home.path(), "result");
        let work = home.path().join("result/.kadry");
        std::os::unix::fs::symlink(home.path().join("precious"), work.join(link)).unwrap();
        if link == "tables/evil" {
            reseal(&work.join("plan.json"), |plan| {
                plan["files"].as_array_mut().unwrap().push("evil/thesis.txt".into());
            });
        }
        kadry(home.path(), &["work", "result"]);
        kadry(home.path(), &["collect", "result"]);
        RUN.to(home.path(), "result", &["--force"]);
        let thesis = fs::read_to_string(home.path().join("precious/thesis.txt"));
        assert_eq!(thesis.unwrap_or_default(), "years of work", "{link}");
    }
}

#[test]
fn a_result_is_finished_while_its_parts_are_being_removed() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    RUN.plan(home.path(), "result");
    succeeds(&kadry(home.path(), &["work", "result"]));
    copy(&folder, &home.path().join("before"));
    succeeds(&kadry(home.path(), &["collect", "result"]));
    // What a collector leaves that is killed when it has removed all parts but two.
    for part in parts(&home.path().join("before")).iter().skip(2) {
        fs::remove_file(part).unwrap();
    }
    copy(&home.path().join("before/.kadry"), &folder.join(".kadry"));
    fs::create_dir_all(folder.join(".kadry/tables")).unwrap();
    assert_eq!(status(home.path(), "result")["state"], "finished");
    ends(&kadry(home.path(), &["work", "result"]), 0, "nothing to do");
    ends(&kadry(home.path(), &["collect", "result"]), 0, "nothing to do");
    RUN.check(&folder);
}

#[test]
fn something_else_with_the_name_of_a_part_does_not_stop_the_work() {
    let home = tempfile::tempdir().unwrap();
    RUN.plan(home.path(), "other");
    succeeds(&kadry(home.path(), &["work", "other"]));
    let names: Vec<_> =
        parts(&home.path().join("other")).iter().map(|part| part.file_name().unwrap().to_owned()).collect();
    let (here, there) = (home.path().join("result/.kadry/parts"), home.path().join("other/.kadry/parts"));
    let finishes = || {
        soon(home.path(), &["work", "result"]);
        let arguments = RUN.arguments("result");
        soon(home.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    };
    // The part of another run.
    RUN.plan(home.path(), "result");
    fs::copy(there.join(&names[0]), here.join(&names[1])).unwrap();
    finishes();
    RUN.check(&home.path().join("result"));
    fs::remove_dir_all(home.path().join("result")).unwrap();
    // A folder. An error that names it would do as well.
    RUN.plan(home.path(), "result");
    fs::create_dir(here.join(&names[0])).unwrap();
    finishes();
}

#[cfg(unix)]
#[test]
fn pipes_in_place_of_files_are_not_read() {
    let home = tempfile::tempdir().unwrap();
    let pipe = |path: PathBuf| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    RUN.plan(home.path(), "result");
    pipe(home.path().join("result/.kadry/parts/00.part"));
    for arguments in
        [&["status", "result"][..], &["verify", "result"], &["work", "result"], &["collect", "result"]]
    {
        soon(home.path(), arguments);
    }
    succeeds(&RUN.to(home.path(), "finished", &[]));
    fs::remove_file(home.path().join("finished/series.csv")).unwrap();
    pipe(home.path().join("finished/series.csv"));
    assert_eq!(code(&soon(home.path(), &["verify", "finished"])), 5);
}

#[test]
fn a_plan_that_extends_or_reuses_computes_only_what_is_new() {
    let home = tempfile::tempdir().unwrap();
    succeeds(&RUN.with(home.path(), 5, "result", &[]));
    succeeds(&RUN.to(home.path(), "reused", &["--reuse", "result", "--plan-only"]));
    assert_eq!(status(home.path(), "reused")["missing"], 7);
    succeeds(&RUN.to(home.path(), "result", &["--extend", "--plan-only"]));
    assert_eq!(status(home.path(), "result")["missing"], 7);
    ends(&kadry(home.path(), &["work", "result"]), 0, "7 computed");
    succeeds(&kadry(home.path(), &["collect", "result"]));
    RUN.check(&home.path().join("result"));
}

#[test]
fn a_comparison_reuses_the_runs_of_its_baseline() {
    let home = tempfile::tempdir().unwrap();
    succeeds(&RUN.with(home.path(), 4, "runs", &[]));
    let output = COMPARE.to(home.path(), "result", &["--reuse", "runs"]);
    succeeds(&output);
    COMPARE.check(&home.path().join("result"));
    // Either the runs are taken, or a message says why not.
    let computed = runs_computed(&home.path().join("result"));
    assert!(computed == 8 || err(&output).contains("--reuse"), "{computed}: {}", err(&output));
}

#[test]
fn a_forged_table_with_other_rows_is_damage() {
    let home = tempfile::tempdir().unwrap();
    type Change = fn(&str) -> String;
    let forgeries: [(&str, Change); 3] = [
        ("series.csv", |text| text[..text.trim_end().rfind('\n').unwrap() + 1].to_owned()),
        ("series.csv", |text| text.replace("historical+population=500", "historical")),
        ("phases.csv", |text| text.replace("class war", "peace")),
    ];
    succeeds(&RUN.to(home.path(), "result", &[]));
    for (file, change) in forgeries {
        let folder = home.path().join("forged");
        let _ = fs::remove_dir_all(&folder);
        copy(&home.path().join("result"), &folder);
        let text = change(&fs::read_to_string(folder.join(file)).unwrap());
        fs::write(folder.join(file), &text).unwrap();
        let mark = serde_json::json!({ "sha256": digest(text.as_bytes()), "bytes": text.len() });
        reseal(&folder.join("manifest.json"), |manifest| manifest["files"][file] = mark);
        let output = kadry(home.path(), &["verify", "forged"]);
        assert_eq!(code(&output), 5, "{file}: {}", err(&output));
        assert!(out(&output).starts_with(file), "{}", out(&output));
    }
}

#[test]
fn a_forged_manifest_is_damage() {
    let home = tempfile::tempdir().unwrap();
    let manifest = home.path().join("result/manifest.json");
    let changes: [&dyn Fn(&mut Value); 5] = [
        &|manifest| drop(manifest["files"].as_object_mut().unwrap().remove("summary.csv")),
        &|manifest| manifest["seed"] = 7.into(),
        &|manifest| manifest["scenario"]["hash"] = "0".repeat(64).into(),
        &|manifest| manifest["plan"]["texts"] = "0".repeat(64).into(),
        &|manifest| manifest["months"][1] = "1930-12".into(),
    ];
    succeeds(&RUN.to(home.path(), "result", &[]));
    let intact = fs::read(&manifest).unwrap();
    for (number, change) in changes.iter().enumerate() {
        fs::write(&manifest, &intact).unwrap();
        reseal(&manifest, change);
        let output = kadry(home.path(), &["verify", "result"]);
        assert_eq!(code(&output), 5, "change {number}: {}", out(&output));
    }
}

#[test]
fn parts_beside_a_finished_result_are_verified() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    succeeds(&RUN.with(home.path(), 2, "result", &[]));
    succeeds(&RUN.to(home.path(), "result", &["--extend", "--plan-only"]));
    succeeds(&kadry(home.path(), &["work", "result", "--shard", "1/2"]));
    let part = parts(&folder).remove(0);
    let mut bytes = fs::read(&part).unwrap();
    bytes[200] ^= 1;
    fs::write(&part, bytes).unwrap();
    assert_eq!(code(&kadry(home.path(), &["verify", "result"])), 5);
}

#[test]
fn manifests_of_other_programs_are_not_damaged() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("other")).unwrap();
    let manifests = [
        "{\"form\":2,\"program\":{\"name\":\"other\"}}",
        "{\"name\":\"site\",\"generator\":\"webpack\"}",
        "key: value\n",
    ];
    for manifest in manifests {
        fs::write(home.path().join("other/manifest.json"), manifest).unwrap();
        let output = kadry(home.path(), &["verify", "other"]);
        assert_eq!(code(&output), 1, "{manifest}: {}", out(&output));
    }
}

#[test]
fn agent_months_are_summed_over_all_finished_runs() {
    let home = tempfile::tempdir().unwrap();
    succeeds(&RUN.with(home.path(), 5, "result", &[]));
    succeeds(&RUN.to(home.path(), "result", &["--extend"]));
    succeeds(&RUN.to(home.path(), "fresh", &[]));
    let agent_months = |folder: &str| manifest(&home.path().join(folder))["cost"]["agent_months"].clone();
    assert_eq!(agent_months("result"), agent_months("fresh"));
}

#[test]
fn an_impossible_plan_is_refused() {
    let home = tempfile::tempdir().unwrap();
    RUN.plan(home.path(), "result");
    let path = home.path().join("result/.kadry/plan.json");
    let intact = fs::read(&path).unwrap();
    let changes: [(&str, Value); 5] = [
        ("batches", serde_json::json!([0, 100])),
        ("batches", serde_json::json!([])),
        ("batches", serde_json::json!([5, 3, 1])),
        ("replicates", serde_json::json!([5, 1])),
        ("replicates", serde_json::json!([0, 3])),
    ];
    for (key, value) in changes {
        fs::write(&path, &intact).unwrap();
        reseal(&path, |plan| plan[key] = value.clone());
        for step in ["status", "work", "collect"] {
            let output = kadry(home.path(), &[step, "result"]);
            assert_eq!(code(&output), 1, "{step}, {key} {value}: {}", err(&output));
        }
    }
}

#[cfg(unix)]
#[test]
fn a_plan_that_cannot_be_written_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let arguments = RUN.arguments("result").join(" ");
    let line = format!("ulimit -f 8; exec {} {arguments} --plan-only", env!("CARGO_BIN_EXE_kadry"));
    let output = Command::new("sh").arg("-c").arg(line).current_dir(home.path()).output().unwrap();
    ends(&output, 1, "ulimit -f");
    assert!(!home.path().join("result").exists());
    succeeds(&RUN.with(home.path(), 2, "finished", &[]));
    ends(&RUN.to(home.path(), "finished", &["--plan-only"]), 1, "is the result of another plan");
    assert!(!home.path().join("finished/.kadry").exists());
}

#[test]
fn the_runs_of_a_sequential_comparison_are_counted_and_sampled() {
    let home = tempfile::tempdir().unwrap();
    let rule = ["--metric", "discipline", "--until-precise", "0.5%", "--at-most", "40"];
    succeeds(&COMPARE.with(home.path(), 2, "result", &rule));
    let runs = runs_computed(&home.path().join("result"));
    assert!(runs > 6 && runs < 120, "{runs}");
    for (more, recomputed) in [(&[][..], runs), (&["--sample", "5"], 5)] {
        let output = kadry(home.path(), &[&["verify", "result"], more].concat());
        succeeds(&output);
        assert!(
            out(&output).contains(&format!("{recomputed} of {runs} runs recomputed")),
            "{}",
            out(&output)
        );
    }
}

#[test]
fn status_knows_that_run_is_at_work() {
    let home = tempfile::tempdir().unwrap();
    let arguments = ["run", "historical", "--population", "100", "--replicates", "100000", "--out", "result"];
    for arguments in [&arguments[..], &["work", "result"]] {
        let before = parts(&home.path().join("result")).len();
        let mut command = command(home.path(), arguments);
        let mut child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
        while parts(&home.path().join("result")).len() == before {
            std::thread::sleep(Duration::from_millis(5));
        }
        let text = out(&kadry(home.path(), &["status", "result"]));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!text.contains("no process is at work"), "{arguments:?}: {text}");
    }
}

#[test]
fn an_error_of_reuse_is_printed_once() {
    let home = tempfile::tempdir().unwrap();
    let output = RUN.to(home.path(), "result", &["--reuse", "nowhere"]);
    ends(&output, 1, "there is no folder nowhere");
    assert_eq!(err(&output).matches("there is no folder nowhere").count(), 1, "{}", err(&output));
}
