//! Tests processes that are killed or stopped, and processes that work in one folder at the same time.

#![cfg(unix)]

use super::*;
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// A study that takes half a second or more, so that kills come at all moments.
const SLOW: [(&[&str], u64); 3] = [
    (&["run", "historical", "--population", "400", "--until", "1936-12", "--replicates", "40"], 40),
    (
        &[
            "compare",
            "historical",
            "unions_kept",
            "--population",
            "400",
            "--until",
            "1936-12",
            "--replicates",
            "20",
        ],
        40,
    ),
    (
        &[
            "sweep",
            "historical",
            "--vary",
            "levers.union=0.2,0.4,0.6",
            "--population",
            "400",
            "--replicates",
            "10",
        ],
        40,
    ),
];

/// A plan that takes a minute or more. A batch holds 118 runs.
const ENDLESS: [&str; 10] = [
    "run",
    "historical",
    "--population",
    "100",
    "--until",
    "1931-12",
    "--replicates",
    "30000",
    "--threads",
    "2",
];

fn start(home: &Path, arguments: &[&str]) -> Child {
    command(home, arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until a folder has more than `before` parts.
fn wait_for_parts(folder: &Path, before: usize) {
    let begin = Instant::now();
    while parts(folder).len() <= before {
        assert!(begin.elapsed() < Duration::from_secs(120), "no part was written in two minutes");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The finished runs in a folder; `None` if the result is finished.
fn finished(home: &Path, folder: &str) -> Option<u64> {
    if home.join(folder).join("manifest.json").exists() {
        return None;
    }
    if !home.join(folder).join(".kadry/plan.json").exists() {
        return Some(0);
    }
    status(home, folder)["finished"].as_u64()
}

/// Kills a command at random moments until it has finished or has been killed ten times; then lets it finish.
fn kill_and_continue(arguments: &[&str], runs: u64, numbers: &mut Numbers) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let whole = [arguments, &["--out", "whole"]].concat();
    let begin = Instant::now();
    succeeds(&kadry(home.path(), &whole));
    // Spread the kills over the time that the command takes here.
    let each = begin.elapsed().as_micros() as usize / 4;
    let command = [arguments, &["--out", "result"]].concat();
    let (mut before, mut killed) = (0, 0);
    for _ in 0..10 {
        let mut child = start(home.path(), &command);
        std::thread::sleep(Duration::from_micros(numbers.below(each) as u64));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            break;
        }
        killed += 1;
        let Some(now) = finished(home.path(), "result") else { break };
        assert!(now >= before, "{now} runs are finished after {before}");
        before = now;
    }
    assert!(killed > 0, "it was never killed");
    let left = finished(home.path(), "result").map(|finished| runs - finished);
    let output = kadry(home.path(), &command);
    succeeds(&output);
    if let Some(left) = left {
        assert_eq!(runs_computed(&folder), left, "{}", err(&output));
    }
    assert_same(&result(&folder), &result(&home.path().join("whole")));
}

#[test]
fn a_run_that_is_killed_again_and_again_gives_the_same_bytes() {
    let (arguments, runs) = SLOW[0];
    kill_and_continue(arguments, runs, &mut Numbers(1));
}

#[test]
fn a_comparison_that_is_killed_again_and_again_gives_the_same_bytes() {
    let (arguments, runs) = SLOW[1];
    kill_and_continue(arguments, runs, &mut Numbers(2));
}

#[test]
fn a_sweep_that_is_killed_again_and_again_gives_the_same_bytes() {
    let (arguments, runs) = SLOW[2];
    kill_and_continue(arguments, runs, &mut Numbers(3));
}

#[test]
fn killed_workers_and_collectors_lose_nothing_but_the_batch_in_hand() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let mut numbers = Numbers(4);
    let (arguments, runs) = SLOW[1];
    succeeds(&kadry(home.path(), &[arguments, &["--out", "whole"]].concat()));
    succeeds(&kadry(home.path(), &[arguments, &["--out", "result", "--plan-only"]].concat()));
    for shard in numbers.shuffled(4) {
        let shard = format!("{shard}/4");
        let before = parts(&folder).len();
        let mut child = start(home.path(), &["work", "result", "--shard", &shard, "--threads", "1"]);
        wait_for_parts(&folder, before);
        child.kill().unwrap();
        child.wait().unwrap();
        // The dead process is shown until it has been silent for two minutes; that stops nobody.
        let found = status(home.path(), "result");
        assert!(
            found["finished"].as_u64().unwrap() > before as u64
                && found["damaged_parts"] == serde_json::json!([])
        );
    }
    let before = parts(&folder).len() as u64;
    let output = kadry(home.path(), &["work", "result"]);
    ends(&output, 0, &format!("{before} finished before, {} computed", runs - before));
    for _ in 0..5 {
        let mut child = start(home.path(), &["collect", "result"]);
        std::thread::sleep(Duration::from_micros(numbers.below(15_000) as u64));
        child.kill().unwrap();
        if child.wait().unwrap().success() || folder.join("manifest.json").exists() {
            break;
        }
    }
    succeeds(&kadry(home.path(), &[arguments, &["--out", "result"]].concat()));
    assert_same(&result(&folder), &result(&home.path().join("whole")));
}

#[test]
fn two_workers_on_one_shard_give_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    COMPARE.plan(home.path(), "result");
    let workers: Vec<Child> =
        (0..3).map(|_| start(home.path(), &["work", "result", "--shard", "1/2"])).collect();
    for worker in workers {
        succeeds(&worker.wait_with_output().unwrap());
    }
    let both =
        [start(home.path(), &["work", "result"]), start(home.path(), &["work", "result", "--shard", "2/2"])];
    for worker in both {
        succeeds(&worker.wait_with_output().unwrap());
    }
    // Two collectors: one may find the folder in use or the result finished.
    let collectors = [start(home.path(), &["collect", "result"]), start(home.path(), &["collect", "result"])];
    let codes: Vec<i32> = collectors.map(|child| code(&child.wait_with_output().unwrap())).into();
    assert!(codes.contains(&0) && codes.iter().all(|code| [0, 1].contains(code)), "{codes:?}");
    COMPARE.check(&folder);
}

#[test]
fn a_worker_may_help_a_command_that_computes_in_the_same_folder() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let (arguments, runs) = SLOW[1];
    succeeds(&kadry(home.path(), &[arguments, &["--out", "whole"]].concat()));
    let command = start(home.path(), &[arguments, &["--out", "result", "--threads", "1"]].concat());
    wait_for_parts(&folder, 0);
    let worker = kadry(home.path(), &["work", "result", "--shard", "2/2", "--threads", "1"]);
    succeeds(&command.wait_with_output().unwrap());
    // The command may finish while the worker is at its last batch, and takes the folder of the parts away.
    assert!(
        code(&worker) == 0 || code(&worker) == 1 && err(&worker).contains("removed or replaced"),
        "{}",
        err(&worker)
    );
    assert!(runs_computed(&folder) <= runs);
    assert_same(&result(&folder), &result(&home.path().join("whole")));
}

#[test]
fn a_second_command_in_the_folder_is_refused_and_says_who_holds_it() {
    let home = tempfile::tempdir().unwrap();
    let command = [&ENDLESS[..], &["--out", "result"]].concat();
    let mut child = start(home.path(), &command);
    wait_for_parts(&home.path().join("result"), 0);
    let holder = format!("in use by process {}", child.id());
    ends(&kadry(home.path(), &command), 1, &holder);
    ends(&kadry(home.path(), &[&command[..], &["--plan-only"]].concat()), 1, &holder);
    ends(&kadry(home.path(), &[&command[..], &["--force"]].concat()), 1, &holder);
    ends(&kadry(home.path(), &["collect", "result"]), 4, "missing");
    child.kill().unwrap();
    child.wait().unwrap();
    // The system has released the lock.
    succeeds(&kadry(
        home.path(),
        &["run", "historical", "--population", "100", "--until", "1928-02", "--out", "result", "--force"],
    ));
}

#[test]
fn sigterm_ends_with_the_code_for_schedulers_and_keeps_the_finished_runs() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let plan = [&ENDLESS[..], &["--out", "result"]].concat();
    succeeds(&kadry(home.path(), &[&plan[..], &["--plan-only"]].concat()));
    let continues = [&plan[..], &["--on-term", "75"]].concat();
    let cases: [(&[&str], Signal, i32); 5] = [
        (&["work", "result", "--threads", "2", "--on-term", "75"], Signal::TERM, 75),
        (&["work", "result", "--threads", "2"], Signal::TERM, 130),
        (&["work", "result", "--threads", "2", "--on-term", "75"], Signal::INT, 130),
        (&continues, Signal::TERM, 75),
        (&continues, Signal::HUP, 130),
    ];
    for (arguments, signal, expected) in cases {
        let before = parts(&folder).len();
        let child = start(home.path(), arguments);
        wait_for_parts(&folder, before);
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        ends(&output, expected, "the same command continues");
        // The finished runs of an incomplete batch are kept, too.
        assert!(parts(&folder).len() > before);
        let found = status(home.path(), "result");
        assert_eq!(
            (&found["damaged_parts"], &found["workers"]),
            (&serde_json::json!([]), &serde_json::json!([]))
        );
    }
    assert!(!folder.join("manifest.json").exists());
}

#[test]
fn status_shows_the_process_at_work() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    succeeds(&kadry(home.path(), &[&ENDLESS[..], &["--out", "result", "--plan-only"]].concat()));
    let nobody = status(home.path(), "result");
    let expected = serde_json::json!({
        "state": "unfinished", "runs": 30_000, "finished": 0, "missing": 30_000, "batches": nobody["batches"],
        "batches_finished": 0, "failed": [], "workers": [], "seconds_left": null, "damaged_parts": [],
    });
    assert_eq!(nobody, expected);
    let mut child = start(home.path(), &["work", "result", "--shard", "2/3", "--threads", "2"]);
    wait_for_parts(&folder, 0);
    let found = status(home.path(), "result");
    let worker = &found["workers"][0];
    assert!(worker["process"].as_str().unwrap().ends_with(&format!("-{}", child.id())), "{worker}");
    assert_eq!((&worker["shard"], &found["state"]), (&"2/3".into(), &"unfinished".into()));
    assert!(found["finished"].as_u64() > Some(0) && found["batches_finished"].as_u64() > Some(0), "{found}");
    let text = out(&kadry(home.path(), &["status", "result"]));
    let beginnings = ["runs ", "batches ", "working ", "left "];
    assert!(text.lines().zip(beginnings).all(|(line, begin)| line.starts_with(begin)), "{text}");
    assert!(text.contains("of 30,000 finished") && text.contains("shard 2/3"), "{text}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_worker_whose_folder_is_removed_stops_and_writes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    succeeds(&kadry(home.path(), &[&ENDLESS[..], &["--out", "result", "--plan-only"]].concat()));
    let child = start(home.path(), &["work", "result", "--threads", "2"]);
    wait_for_parts(&folder, 0);
    while fs::remove_dir_all(&folder).is_err() {}
    ends(&child.wait_with_output().unwrap(), 1, "has been removed or replaced");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn parts_that_disappear_while_they_are_needed_are_computed_again() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    RUN.plan(home.path(), "result");
    succeeds(&kadry(home.path(), &["work", "result"]));
    parts(&folder)[..5].iter().for_each(|part| fs::remove_file(part).unwrap());
    ends(&kadry(home.path(), &["collect", "result"]), 4, "5 of 12 runs are missing");
    ends(&kadry(home.path(), &["work", "result"]), 0, "7 finished before, 5 computed");
    // The user removes the whole folder of parts: the command that planned makes it anew.
    fs::remove_dir_all(folder.join(".kadry/parts")).unwrap();
    assert_eq!(code(&kadry(home.path(), &["work", "result"])), 1);
    succeeds(&RUN.to(home.path(), "result", &["--plan-only"]));
    succeeds(&kadry(home.path(), &["work", "result"]));
    succeeds(&kadry(home.path(), &["collect", "result"]));
    RUN.check(&folder);
}
