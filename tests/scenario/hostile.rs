//! Tests the readers of scenarios and `--set` options with hostile texts: no panic, no fault without place or key, and no
//! text that takes long.
//!
//! Each test runs a fixed sequence of 512 cases, or of `KADRY_CASES`. With `--nocapture` it prints counts and times.

use std::cell::Cell;
use std::time::{Duration, Instant};

use kadry::scenario::{Faults, MAX_FAULTS, SHIPPED, Scenario, load, load_text};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

/// Time limit for one text on a busy machine.
const LIMIT: Duration = Duration::from_secs(2);

/// Pieces of scenarios, pieces of their grammars, and other text.
const PIECES: &[&str] = &[
    "name",
    "label",
    "extends",
    "population",
    "size",
    "levers",
    "union",
    "steps",
    "change",
    "lever",
    "event",
    "phase",
    "from",
    "until",
    "month",
    "targets",
    "posts",
    "prediction",
    "claims",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    ":",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "#",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "\\",
    "\\u",
    "\\ud800",
    "\\U00110000",
    "\u{0}",
    "\u{feff}",
    "\u{a0}",
    "\u{202e}",
    "\u{200b}",
    "é",
    "😀",
    "\u{301}",
    "-",
    "+",
    "0",
    "1",
    "00",
    "1e999",
    "-1e-999",
    "0x",
    "0xffffffffffffffffffff",
    "1_000",
    "._",
    "nan",
    "-inf",
    "true",
    "null",
    "1937-01",
    "1937-13-45",
    "1937-01-01T00:00:00Z",
    "\"1937-01\"",
    "\"x\"",
    "\"historical\"",
    "99999999999999999999999999",
    "0.1",
    ".5",
    "5.",
    "C01",
    "--",
    "=\"",
    "{\"",
    "\":",
    "],[",
];

/// A text of pieces, some repeated many times.
fn pieces() -> impl Strategy<Value = String> {
    let piece = (select(PIECES), prop_oneof![8 => Just(1usize), 1 => 2..20usize, 1 => 100..3_000usize]);
    proptest::collection::vec(piece, 0..60)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, times)| piece.repeat(times)).collect())
}

/// A shipped scenario, as TOML or JSON, with pieces inserted, removed and duplicated.
fn mutated() -> impl Strategy<Value = (bool, String)> {
    let edits = proptest::collection::vec((any::<Index>(), 0..200usize, 0..5u8, pieces()), 1..8);
    (0..SHIPPED.len(), any::<bool>(), edits).prop_map(|(shipped, json, edits)| {
        let mut text = SHIPPED[shipped].text.to_owned();
        if json {
            text = serde_json::to_string_pretty(&toml::from_str::<toml::Value>(&text).unwrap()).unwrap();
        }
        for (place, length, kind, piece) in edits {
            let boundary = |byte: usize| {
                (0..=byte.min(text.len())).rev().find(|byte| text.is_char_boundary(*byte)).unwrap()
            };
            let start = boundary(place.index(text.len() + 1));
            let end = boundary(start + length).max(start);
            match kind {
                0 => text.replace_range(start..end, ""),
                1 => text.insert_str(start, &text[start..end].repeat(3)),
                2 => text.replace_range(start..end, &piece),
                // Very deep nesting.
                3 => text.insert_str(start, &(if json { "[" } else { "a=[" }).repeat(length * 20)),
                _ => text.insert_str(start, &piece),
            }
        }
        (json, text)
    })
}

/// `KEY=VALUE` with existing keys and possibly valid values.
fn settings() -> impl Strategy<Value = Vec<String>> {
    let key = prop_oneof![
        select(
            &[
                "population.size",
                "parameters.quit_base",
                "mechanisms.fear",
                "levers.union",
                "name",
                "label",
                "title"
            ][..]
        )
        .prop_map(str::to_owned),
        select(
            &[
                "change",
                "event",
                "phase",
                "policy.mode",
                "extends",
                "seed",
                "population",
                "",
                "\"\"",
                "a.b.c"
            ][..]
        )
        .prop_map(str::to_owned),
        pieces(),
    ];
    let setting = (key, select(&["=", " = ", "==", ""][..]), pieces());
    proptest::collection::vec(setting.prop_map(|(key, equals, value)| format!("{key}{equals}{value}")), 1..4)
}

#[derive(Default)]
struct Seen {
    accepted: Cell<u64>,
    refused: Cell<u64>,
    longest: Cell<Duration>,
}

impl Seen {
    /// Reads a text and checks the result.
    fn read(&self, read: impl Fn() -> Result<Scenario, Faults>) -> Result<(), TestCaseError> {
        let started = Instant::now();
        match read() {
            Ok(scenario) => {
                self.accepted.set(self.accepted.get() + 1);
                // A valid scenario can be written, read again and rendered with its warnings.
                let text = scenario.to_toml();
                let again = load_text("again.toml", &text)
                    .map_err(|faults| TestCaseError::fail(faults.to_string()))?;
                prop_assert_eq!(again.to_toml(), text);
                scenario.render_warnings(true);
            }
            Err(faults) => {
                self.refused.set(self.refused.get() + 1);
                prop_assert!(!faults.list.is_empty() && faults.list.len() <= MAX_FAULTS);
                for fault in &faults.list {
                    prop_assert!(
                        fault.place.is_some() || !fault.key.is_empty(),
                        "neither place nor key: {:?}",
                        fault
                    );
                }
                for drawn in [faults.render(false), faults.render(true)] {
                    prop_assert!(drawn.contains("error"));
                    let commands = ['\u{0}', '\u{7}', '\u{202e}'];
                    prop_assert!(!drawn.contains(commands));
                }
            }
        }
        let took = started.elapsed();
        self.longest.set(self.longest.get().max(took));
        prop_assert!(took < LIMIT, "{:?}", took);
        Ok(())
    }
}

/// Runs a fixed sequence of cases and prints statistics.
fn run<S: Strategy>(what: &str, cases: &S, test: impl Fn(&Seen, S::Value) -> Result<(), TestCaseError>) {
    let count = std::env::var("KADRY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(512);
    let config = Config { cases: count, failure_persistence: None, ..Config::default() };
    let generator = TestRng::from_seed(RngAlgorithm::ChaCha, b"hostile texts of scenarios, 1928");
    let seen = Seen::default();
    let started = Instant::now();
    let result = TestRunner::new_with_rng(config, generator).run(cases, |case| test(&seen, case));
    println!(
        "{what}: {count} cases, {} accepted, {} refused, {:.1?} together, {:.1?} at most",
        seen.accepted.get(),
        seen.refused.get(),
        started.elapsed(),
        seen.longest.get(),
    );
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn hostile_pieces_are_refused_in_time_with_place_or_key() {
    run("pieces", &pieces(), |seen, text| {
        seen.read(|| load_text("any.toml", &text))?;
        seen.read(|| load_text("any.json", &text))
    });
}

#[test]
fn hostile_mutations_of_shipped_files_are_read_in_time() {
    run("mutations", &mutated(), |seen, (json, text)| {
        seen.read(|| load_text(if json { "any.json" } else { "any.toml" }, &text))
    });
}

#[test]
fn hostile_settings_are_read_in_time() {
    run("settings", &settings(), |seen, settings| seen.read(|| load("historical", &settings)));
}
