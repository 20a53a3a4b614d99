//! Writes down every few seconds what a process computes, so that `kadry status` can show it.

use super::Shard;
use super::execute::{End, Observer};
use crate::output::folder::{Note, process_name, remove_note, write_note};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Time between two notes.
const INTERVAL: Duration = Duration::from_secs(5);

/// What a process does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beat {
    /// Host and process number.
    pub process: String,
    /// The shard, such as `3/64`.
    pub shard: String,
    /// Runs that the process has computed.
    pub runs: u64,
    /// Weight of the months that it has computed, in expected agent-months.
    pub weight: u64,
    /// Time since it began, in seconds.
    pub seconds: f64,
}

/// Passes the progress on to another observer and notes it in the folder; the note is removed when this is dropped.
pub struct Heartbeat<'a> {
    folder: PathBuf,
    shard: Shard,
    observer: &'a dyn Observer,
    begin: Instant,
    runs: AtomicU64,
    weight: AtomicU64,
    noted: Mutex<Option<Instant>>,
}

impl<'a> Heartbeat<'a> {
    /// Begins to note the progress of this process in a result folder.
    pub fn new(folder: &Path, shard: Shard, observer: &'a dyn Observer) -> Self {
        let heartbeat = Heartbeat {
            folder: folder.into(),
            shard,
            observer,
            begin: Instant::now(),
            runs: AtomicU64::new(0),
            weight: AtomicU64::new(0),
            noted: Mutex::new(None),
        };
        heartbeat.note();
        heartbeat
    }

    fn note(&self) {
        let Ok(mut noted) = self.noted.try_lock() else { return };
        if noted.is_some_and(|noted| noted.elapsed() < INTERVAL) {
            return;
        }
        *noted = Some(Instant::now());
        let beat = Beat {
            process: process_name(),
            shard: format!("{}/{}", self.shard.position, self.shard.of),
            runs: self.runs.load(Ordering::Relaxed),
            weight: self.weight.load(Ordering::Relaxed),
            seconds: self.begin.elapsed().as_secs_f64(),
        };
        if let Ok(bytes) = serde_json::to_vec(&beat) {
            write_note(&self.folder, Note::Worker, &beat.process, &bytes);
        }
    }
}

impl Observer for Heartbeat<'_> {
    fn expect(&self, months: u64, weight: u64) {
        self.observer.expect(months, weight);
    }

    fn month(&self, weight: u64, people: u64) {
        self.weight.fetch_add(weight, Ordering::Relaxed);
        self.observer.month(weight, people);
        self.note();
    }

    fn ended(&self, scenario: &str, replicate: u32, end: &End) {
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.observer.ended(scenario, replicate, end);
    }
}

impl Drop for Heartbeat<'_> {
    fn drop(&mut self) {
        remove_note(&self.folder, Note::Worker, &process_name());
    }
}
