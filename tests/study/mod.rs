//! Tests the promises of studies through the program: whatever computes the runs, in whatever order and however often it is
//! killed, the files of the result are the same, and no finished run is computed again.

mod hardening;
mod kills;
mod refusals;
mod reuse;
mod shards;
mod verify;

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

/// A small study: a command without `--out` and without the number of replicates.
struct Study {
    command: &'static [&'static str],
    /// Number of scenarios or points.
    variants: u64,
    /// Number of replicates in the tests that do not extend.
    replicates: u64,
    reference: LazyLock<Files>,
}

/// The files of a finished result except the manifest, by path, with their bytes.
type Files = BTreeMap<String, Vec<u8>>;

static RUN: Study = Study {
    command: &["run", "historical", "--population", "500", "--until", "1929-12"],
    variants: 1,
    replicates: 12,
    reference: LazyLock::new(|| RUN.computed()),
};

static COMPARE: Study = Study {
    command: &[
        "compare",
        "historical",
        "unions_kept",
        "no_enemies",
        "--population",
        "500",
        "--until",
        "1929-12",
    ],
    variants: 3,
    replicates: 4,
    reference: LazyLock::new(|| COMPARE.computed()),
};

static SWEEP: Study = Study {
    command: &[
        "sweep",
        "historical",
        "--vary",
        "levers.union=0.2,0.6",
        "--vary",
        "mechanisms.catharsis=true,false",
        "--tables",
        "series,hazards",
        "--population",
        "500",
        "--until",
        "1929-06",
    ],
    variants: 5,
    replicates: 3,
    reference: LazyLock::new(|| SWEEP.computed()),
};

/// More runs than batches: a batch holds three.
static MANY: Study = Study {
    command: &["run", "historical", "--population", "60", "--until", "1928-03", "--tables", "series,phases"],
    variants: 1,
    replicates: 600,
    reference: LazyLock::new(|| MANY.computed()),
};

impl Study {
    /// The command with some replicates, into a folder.
    fn with(&'static self, home: &Path, replicates: u64, out: &str, more: &[&str]) -> Output {
        let replicates = replicates.to_string();
        let all = [self.command, &["--replicates", &replicates, "--out", out], more].concat();
        kadry(home, &all)
    }

    /// The command into a folder.
    fn to(&'static self, home: &Path, out: &str, more: &[&str]) -> Output {
        self.with(home, self.replicates, out, more)
    }

    /// The arguments of the command into a folder.
    fn arguments(&'static self, out: &str) -> Vec<String> {
        let replicates = self.replicates.to_string();
        let all = [self.command, &["--replicates", &replicates, "--out", out]].concat();
        all.into_iter().map(str::to_owned).collect()
    }

    /// Plans the study in a folder.
    fn plan(&'static self, home: &Path, out: &str) {
        succeeds(&self.to(home, out, &["--plan-only"]));
        assert_eq!(names(&home.join(out)), [".kadry/lock", ".kadry/plan.json"]);
    }

    fn runs(&self) -> u64 {
        self.variants * self.replicates
    }

    /// The files that one process writes without an interruption.
    fn computed(&'static self) -> Files {
        let home = tempfile::tempdir().unwrap();
        let output = self.to(home.path(), "result", &["--threads", "1"]);
        succeeds(&output);
        assert_eq!(runs_computed(&home.path().join("result")), self.runs());
        result(&home.path().join("result"))
    }

    /// Checks that a folder holds the result, every byte of it, and nothing else.
    fn check(&self, folder: &Path) {
        assert_same(&result(folder), &self.reference);
        let manifest = manifest(folder);
        assert_eq!(manifest["complete"], true);
        for (file, bytes) in result(folder) {
            assert_eq!(manifest["files"][&file]["sha256"], *digest(&bytes), "{file}");
        }
    }
}

/// Runs the program in `home`.
fn kadry(home: &Path, arguments: &[&str]) -> Output {
    command(home, arguments).output().unwrap()
}

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    command.current_dir(home).args(arguments).env_remove("COLUMNS").env("LC_ALL", "C.UTF-8");
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ends by itself")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn succeeds(output: &Output) {
    assert_eq!(code(output), 0, "{}{}", out(output), err(output));
}

/// Checks the exit code, and that stderr contains the words.
#[track_caller]
fn ends(output: &Output, expected: i32, words: &str) {
    assert_eq!(code(output), expected, "{}{}", out(output), err(output));
    assert!(err(output).contains(words), "{words:?} is not in {:?}", err(output));
}

/// The paths of all files below a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    fn below(folder: &Path, prefix: &str, names: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type().unwrap().is_dir() {
                below(&entry.path(), &format!("{name}/"), names);
            } else {
                names.push(name);
            }
        }
    }
    let mut all = Vec::new();
    below(folder, "", &mut all);
    all.sort();
    all
}

/// The files of a folder except the manifest.
fn result(folder: &Path) -> Files {
    let names = names(folder).into_iter().filter(|name| name != "manifest.json");
    names.map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

#[track_caller]
fn assert_same(found: &Files, expected: &Files) {
    assert!(found.keys().eq(expected.keys()), "{:?}, not {:?}", found.keys(), expected.keys());
    for (file, bytes) in expected {
        assert!(found[file] == *bytes, "{file} has other bytes");
    }
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

fn runs_computed(folder: &Path) -> u64 {
    manifest(folder)["cost"]["runs_computed"].as_u64().unwrap()
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Changes a file in JSON that contains its own digest, and renews the digest.
fn reseal(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut value);
    let blank = "0".repeat(64);
    value["digest"] = blank.clone().into();
    let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
    fs::write(path, text.replacen(&blank, &digest(text.as_bytes()), 1)).unwrap();
}

/// The parts of a planned folder, sorted.
fn parts(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join(".kadry/parts")).into_iter().flatten().map(Result::unwrap);
    let mut parts: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    parts.retain(|path| path.extension().is_some_and(|extension| extension == "part"));
    parts.sort();
    parts
}

fn status(home: &Path, folder: &str) -> Value {
    let output = kadry(home, &["status", folder, "--json"]);
    succeeds(&output);
    serde_json::from_str(&out(&output)).unwrap()
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    for name in names(from) {
        let target = to.join(&name);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(from.join(&name), target).unwrap();
    }
    // Empty folders are part of a planned folder.
    if from.join(".kadry").exists() {
        for folder in [".kadry/parts", ".kadry/tables"] {
            fs::create_dir_all(to.join(folder)).unwrap();
        }
    }
}

/// Numbers that look random, the same in every run of the tests (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// The numbers from 1 to `last` in a shuffled order.
    fn shuffled(&mut self, last: u64) -> Vec<u64> {
        let mut order: Vec<u64> = (1..=last).collect();
        for position in (1..order.len()).rev() {
            order.swap(position, self.below(position + 1));
        }
        order
    }
}
