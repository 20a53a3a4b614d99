//! Tests what `work`, `collect`, `status` and `--plan-only` refuse, and with which exit code.

use super::*;

const STEPS: [&str; 3] = ["work", "collect", "status"];

#[test]
fn a_folder_without_a_plan_is_refused() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("empty")).unwrap();
    fs::create_dir(home.path().join("mine")).unwrap();
    fs::write(home.path().join("mine/thesis.txt"), "years of work").unwrap();
    fs::create_dir(home.path().join("other")).unwrap();
    fs::write(home.path().join("other/manifest.json"), "{\"manifest_version\":3}").unwrap();
    for step in STEPS.into_iter().chain(["verify"]) {
        for (folder, words) in [
            ("empty", "empty is not a result folder"),
            ("mine", "mine is not a result folder"),
            ("nowhere", "there is no folder nowhere"),
            ("other", "other"),
            ("mine/thesis.txt", "is not a folder"),
        ] {
            ends(&kadry(home.path(), &[step, folder]), 1, words);
        }
    }
    assert_eq!(names(home.path()), ["mine/thesis.txt", "other/manifest.json"]);
}

#[test]
fn a_finished_folder_leaves_nothing_to_do() {
    let home = tempfile::tempdir().unwrap();
    succeeds(&RUN.to(home.path(), "result", &[]));
    let before = fs::read(home.path().join("result/manifest.json")).unwrap();
    for step in STEPS {
        ends(&kadry(home.path(), &[step, "result"]), 0, "nothing to do: result is finished");
    }
    ends(&kadry(home.path(), &["work", "result", "--shard", "3/7"]), 0, "nothing to do");
    ends(&RUN.to(home.path(), "result", &["--plan-only"]), 0, "nothing to do");
    ends(&RUN.to(home.path(), "result", &[]), 0, "nothing to do");
    assert_eq!(status(home.path(), "result"), serde_json::json!({ "state": "finished" }));
    assert!(fs::read(home.path().join("result/manifest.json")).unwrap() == before);
    RUN.check(&home.path().join("result"));
}

#[test]
fn wrong_shards_and_codes_are_wrong_usage() {
    let home = tempfile::tempdir().unwrap();
    RUN.plan(home.path(), "result");
    for shard in
        ["0/3", "4/3", "a/b", "3", "1/0", "1/2/3", "1.5/3", "-1/3", "", "/", "18446744073709551616/1"]
    {
        let shard = format!("--shard={shard}");
        assert_eq!(code(&kadry(home.path(), &["work", "result", &shard])), 2, "{shard}");
    }
    ends(&kadry(home.path(), &["work", "result", "--shard", "4/3"]), 2, "such as 3/64");
    for number in ["0", "256", "x"] {
        assert_eq!(code(&kadry(home.path(), &["work", "result", "--on-term", number])), 2);
    }
    ends(&kadry(home.path(), &["work"]), 2, "<DIR>");
    assert_eq!(names(&home.path().join("result")), [".kadry/lock", ".kadry/plan.json"]);
}

#[test]
fn a_plan_is_planned_twice_and_another_one_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    RUN.plan(home.path(), "result");
    // Another plan is refused even before the first run is finished, because somebody asked for this one.
    ends(&RUN.with(home.path(), 13, "result", &["--plan-only"]), 1, "replicates 1 to 12, not 1 to 13");
    succeeds(&kadry(home.path(), &["work", "result", "--shard", "1/3"]));
    let before = names(&folder);
    ends(&RUN.to(home.path(), "result", &["--plan-only"]), 0, "planned: 12 runs in 12 batches");
    assert_eq!(names(&folder), before);
    let others: [&[&str]; 4] =
        [&["--seed", "2"], &["--tables", "series"], &["--plan-only", "--seed", "2"], &["--label", "mine"]];
    for more in others {
        ends(&RUN.to(home.path(), "result", more), 1, "is unfinished, and belongs to another plan");
    }
    ends(&COMPARE.to(home.path(), "result", &[]), 1, "made by `kadry run`, not `kadry compare`");
    ends(&SWEEP.to(home.path(), "result", &["--plan-only"]), 1, "made by `kadry run`, not `kadry sweep`");
    ends(&RUN.to(home.path(), "result", &["--extend"]), 1, "is unfinished");
    assert_eq!(names(&folder), before);
    // `--force` replaces the plan; runs that both plans have are kept.
    succeeds(&RUN.with(home.path(), 2, "result", &["--force", "--plan-only"]));
    let found = status(home.path(), "result");
    assert_eq!((&found["runs"], &found["finished"]), (&2.into(), &1.into()));
    // A finished result of another plan.
    succeeds(&RUN.with(home.path(), 2, "finished", &[]));
    ends(&RUN.to(home.path(), "finished", &["--plan-only"]), 1, "is the result of another plan");
}

#[test]
fn missing_runs_are_listed_by_scenario_replicate_and_batch() {
    let home = tempfile::tempdir().unwrap();
    MANY.plan(home.path(), "result");
    let output = kadry(home.path(), &["collect", "result"]);
    ends(&output, 4, "600 of 600 runs are missing: give `kadry work result` to compute them");
    let text = out(&output);
    assert_eq!(text.lines().count(), 21);
    // Three runs make a batch.
    assert_eq!(text.lines().nth(3), Some("historical+population=60, replicate 4, batch 2"));
    assert_eq!(text.lines().last(), Some("and 580 more"));
    assert_eq!(names(&home.path().join("result")), [".kadry/lock", ".kadry/plan.json"]);
    COMPARE.plan(home.path(), "c");
    succeeds(&kadry(home.path(), &["work", "c", "--shard", "1/2"]));
    let output = kadry(home.path(), &["collect", "c", "--quiet"]);
    ends(&output, 4, "6 of 12 runs are missing");
    let expected = [
        ("historical", 2),
        ("historical", 4),
        ("unions_kept", 2),
        ("unions_kept", 4),
        ("no_enemies", 2),
        ("no_enemies", 4),
    ];
    let lines = expected.iter().enumerate().map(|(number, (name, replicate))| {
        format!("{name}+population=500, replicate {replicate}, batch {}", 2 * (number + 1))
    });
    assert!(lines.eq(out(&output).lines()), "{}", out(&output));
}

#[test]
fn a_changed_plan_is_refused_and_planning_again_keeps_the_runs() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let plan = folder.join(".kadry/plan.json");
    RUN.plan(home.path(), "result");
    succeeds(&kadry(home.path(), &["work", "result", "--shard", "1/2"]));
    let text = fs::read_to_string(&plan).unwrap();
    fs::write(&plan, text.replace("\"seed\": 1", "\"seed\": 2")).unwrap();
    for step in STEPS {
        ends(
            &kadry(home.path(), &[step, "result"]),
            1,
            "plan.json is not a plan that this version of kadry wrote",
        );
    }
    ends(&RUN.to(home.path(), "result", &[]), 1, "its .kadry/plan.json cannot be read");
    // A plan of other rules is told apart from a damaged one.
    fs::write(&plan, &text).unwrap();
    reseal(&plan, |plan| plan["results"] = 99.into());
    for step in STEPS {
        ends(&kadry(home.path(), &[step, "result"]), 1, "is planned with results of version 99");
    }
    // Scenarios that do not give the runs that the plan names.
    fs::write(&plan, &text).unwrap();
    reseal(&plan, |plan| plan["variants"][0]["substance"] = "0".repeat(64).into());
    for step in STEPS {
        ends(&kadry(home.path(), &[step, "result"]), 1, "plan it again with --force");
    }
    succeeds(&RUN.to(home.path(), "result", &["--force"]));
    assert_eq!(runs_computed(&folder), 6);
    RUN.check(&folder);
}
