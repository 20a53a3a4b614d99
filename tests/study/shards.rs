//! Tests that the bytes of a result do not depend on who computes which runs, in which order, and where.

use super::*;

/// Plans a study, computes it in shards in a shuffled order, and collects it.
fn in_shards(study: &'static Study, shards: u64, seed: u64) {
    let home = tempfile::tempdir().unwrap();
    study.plan(home.path(), "result");
    for shard in Numbers(seed).shuffled(shards) {
        let (name, threads) = (format!("{shard}/{shards}"), (shard % 3 + 1).to_string());
        succeeds(&kadry(home.path(), &["work", "result", "--shard", &name, "--threads", &threads]));
    }
    assert_eq!(status(home.path(), "result")["state"], "ready to collect");
    let output = kadry(home.path(), &["collect", "result"]);
    succeeds(&output);
    assert_eq!(out(&output), "result\n");
    assert!(err(&output).contains(&format!("collected {} runs", study.runs())), "{}", err(&output));
    study.check(&home.path().join("result"));
}

#[test]
fn shards_of_a_run_give_the_bytes_of_one_process() {
    [1, 7, 64].into_iter().for_each(|shards| in_shards(&RUN, shards, shards));
}

#[test]
fn shards_of_a_comparison_give_the_bytes_of_one_process() {
    [1, 7, 64].into_iter().for_each(|shards| in_shards(&COMPARE, shards, shards));
}

#[test]
fn shards_of_a_sweep_give_the_bytes_of_one_process() {
    [1, 7, 64].into_iter().for_each(|shards| in_shards(&SWEEP, shards, shards));
}

#[test]
fn batches_of_several_runs_give_the_bytes_of_one_process() {
    [1, 7].into_iter().for_each(|shards| in_shards(&MANY, shards, shards));
}

#[test]
fn a_shard_has_every_nth_batch_and_more_shards_than_batches_are_no_error() {
    let home = tempfile::tempdir().unwrap();
    RUN.plan(home.path(), "result");
    let dry = kadry(home.path(), &["work", "result", "--shard", "2/5", "--dry-run"]);
    succeeds(&dry);
    // Batches 2, 7 and 12 of 12.
    assert_eq!(out(&dry), "runs    3\nmissing 3\n");
    assert!(parts(&home.path().join("result")).is_empty());
    ends(
        &kadry(home.path(), &["work", "result", "--shard", "2/5"]),
        0,
        "shard 2/5: 3 runs, 0 finished before, 3 computed",
    );
    ends(
        &kadry(home.path(), &["work", "result", "--shard", "2/5"]),
        0,
        "shard 2/5: 3 runs, 3 finished before, 0 computed",
    );
    ends(&kadry(home.path(), &["work", "result", "--shard", "13/64"]), 0, "no runs");
    let collect = kadry(home.path(), &["collect", "result"]);
    ends(&collect, 4, "9 of 12 runs are missing");
    let listed: Vec<String> = out(&collect).lines().map(str::to_owned).collect();
    let expected = [1, 3, 4, 5, 6, 8, 9, 10, 11];
    assert!(
        listed
            .iter()
            .cloned()
            .eq(expected.map(|run| format!("historical+population=500, replicate {run}, batch {run}"))),
        "{listed:?}"
    );
    assert_eq!(parts(&home.path().join("result")).len(), 3);
}

#[test]
fn the_number_of_shards_and_threads_may_change_between_calls() {
    for study in [&RUN, &COMPARE, &SWEEP] {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("result");
        study.plan(home.path(), "result");
        let work = |shard: &str, threads: &str| {
            succeeds(&kadry(
                home.path(),
                &["work", "result", "--shard", shard, "--threads", threads, "--quiet"],
            ));
        };
        work("2/7", "1");
        work("1/3", "2");
        work("5/5", "5");
        let finished = status(home.path(), "result")["finished"].as_u64().unwrap();
        assert_eq!(finished, parts(&folder).len() as u64);
        assert!(finished < study.runs());
        // The command itself computes what is left.
        succeeds(&study.to(home.path(), "result", &["--threads", "3"]));
        assert_eq!(runs_computed(&folder), study.runs() - finished);
        study.check(&folder);
    }
}

#[test]
fn copies_of_a_planned_folder_share_the_work() {
    for study in [&RUN, &COMPARE, &SWEEP, &MANY] {
        let home = tempfile::tempdir().unwrap();
        let (here, there) = (home.path().join("here"), home.path().join("there"));
        study.plan(home.path(), "here");
        copy(&here, &there);
        succeeds(&kadry(home.path(), &["work", "here", "--shard", "1/2"]));
        succeeds(&kadry(home.path(), &["work", "there", "--shard", "2/2"]));
        // A shard that both have, and parts of another study, change nothing.
        succeeds(&kadry(home.path(), &["work", "there", "--shard", "1/5"]));
        succeeds(&RUN.with(home.path(), 2, "other", &["--seed", "2", "--plan-only"]));
        succeeds(&kadry(home.path(), &["work", "other"]));
        for part in parts(&there).into_iter().chain(parts(&home.path().join("other"))) {
            fs::copy(&part, here.join(".kadry/parts").join(part.file_name().unwrap())).unwrap();
        }
        succeeds(&kadry(home.path(), &["collect", "here"]));
        study.check(&here);
        // The files do not depend on the plan's folder either: the copy is collected with what it lacks.
        ends(&kadry(home.path(), &["collect", "there"]), 4, "missing");
        succeeds(&kadry(home.path(), &["work", "there"]));
        succeeds(&kadry(home.path(), &["collect", "there"]));
        study.check(&there);
    }
}

#[test]
fn a_damaged_or_half_copied_part_is_computed_again() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    COMPARE.plan(home.path(), "result");
    succeeds(&kadry(home.path(), &["work", "result"]));
    let parts = parts(&folder);
    let bytes = fs::read(&parts[3]).unwrap();
    fs::write(&parts[3], &bytes[..bytes.len() / 2]).unwrap();
    fs::write(&parts[5], "").unwrap();
    let mut flipped = fs::read(&parts[7]).unwrap();
    *flipped.last_mut().unwrap() ^= 1;
    fs::write(&parts[7], flipped).unwrap();
    let found = status(home.path(), "result");
    assert_eq!(found["damaged_parts"].as_array().unwrap().len(), 3);
    assert_eq!((&found["finished"], &found["missing"]), (&9.into(), &3.into()));
    ends(&kadry(home.path(), &["collect", "result"]), 4, "3 of 12 runs are missing");
    ends(&kadry(home.path(), &["work", "result"]), 0, "9 finished before, 3 computed");
    succeeds(&kadry(home.path(), &["collect", "result"]));
    COMPARE.check(&folder);
}

#[test]
fn two_variants_with_the_same_runs_compute_them_once() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("same.toml"), "name = \"same\"\nextends = \"historical\"\n").unwrap();
    let command = [
        "compare",
        "historical",
        "same.toml",
        "--population",
        "500",
        "--until",
        "1929-12",
        "--replicates",
        "4",
    ];
    succeeds(&kadry(home.path(), &[&command[..], &["--out", "whole"]].concat()));
    assert_eq!(runs_computed(&home.path().join("whole")), 4);
    succeeds(&kadry(home.path(), &[&command[..], &["--out", "result", "--plan-only"]].concat()));
    for shard in ["3/3", "1/3", "2/3"] {
        succeeds(&kadry(home.path(), &["work", "result", "--shard", shard]));
    }
    succeeds(&kadry(home.path(), &["collect", "result"]));
    assert_same(&result(&home.path().join("result")), &result(&home.path().join("whole")));
}

#[test]
fn odd_paths_hold_a_study_like_any_other() {
    let home = tempfile::tempdir().unwrap();
    let absolute = home.path().join("absolute").display().to_string();
    let folders = [
        "with space",
        "quote'\"s",
        "new\nline",
        "-dash",
        "é…",
        "deep/er/folder",
        "./here/../there",
        &absolute,
    ];
    for folder in folders {
        let out = format!("--out={folder}");
        let small = ["run", "historical", "--population", "200", "--until", "1928-03", "--replicates", "2"];
        succeeds(&kadry(home.path(), &[&small[..], &[&out, "--plan-only"]].concat()));
        for arguments in
            [&["work", "--shard", "2/2"][..], &["work"], &["status"], &["collect"], &["verify"], &["status"]]
        {
            succeeds(&kadry(home.path(), &[arguments, &["--", folder]].concat()));
        }
    }
}
