//! Progress on standard error: people, months done of all replicates, time left.
//!
//! Owns the bar on a terminal, and a plain line now and then where progress is asked for without one. Months of more
//! people count for more, so that the time left is told fairly while the workforce grows.

use super::quantity::{count, plural, span};
use super::stderr::complain;
use crate::experiment::batch::Observer;
use crate::output::manifest::{ReplicateStatus, Status};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// When progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal.
    Auto,
    /// Always: a bar on a terminal, a line now and then elsewhere.
    Always,
    /// Never.
    Never,
}

impl When {
    pub(super) fn word(self) -> &'static str {
        match self {
            When::Auto => "auto",
            When::Always => "always",
            When::Never => "never",
        }
    }
}

/// How often a line is written where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(2);

/// Shows how far a run is.
pub(super) struct Progress {
    bar: ProgressBar,
    /// For each scenario its name, said where there are several, and the foreseen people of each month: its weight.
    scenarios: Vec<(String, Vec<u64>)>,
    /// Position of the scenario that runs.
    current: AtomicUsize,
    whole: AtomicU64,
    months: AtomicU64,
    weight_done: AtomicU64,
    months_done: AtomicU64,
    begin: Instant,
    last_line: Option<Mutex<Instant>>,
    verbose: bool,
}

impl Progress {
    /// Shows nothing yet; each scenario has a name and the foreseen people of each month of one replicate.
    pub(super) fn new(scenarios: Vec<(String, Vec<u64>)>, when: When, verbose: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let at_least_one = |people: Vec<u64>| people.into_iter().map(|people| people.max(1)).collect();
        let scenarios = scenarios.into_iter().map(|(name, people)| (name, at_least_one(people))).collect();
        let bar = if terminal && when != When::Never {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}, {eta} left");
            bar.set_style(style.expect("the template is sound"));
            bar.set_message("beginning");
            bar.enable_steady_tick(Duration::from_millis(250));
            bar
        } else {
            ProgressBar::hidden()
        };
        let begin = Instant::now();
        let last_line = (when == When::Always && !terminal).then(|| Mutex::new(begin));
        let zero = || AtomicU64::new(0);
        Progress {
            bar,
            scenarios,
            current: AtomicUsize::new(0),
            whole: zero(),
            months: zero(),
            weight_done: zero(),
            months_done: zero(),
            begin,
            last_line,
            verbose,
        }
    }

    /// So many more replicates of each scenario will be run.
    fn expect(&self, replicates: &[u32]) {
        for ((_, weights), replicates) in self.scenarios.iter().zip(replicates) {
            let weight = weights.iter().sum::<u64>() * u64::from(*replicates);
            self.whole.fetch_add(weight, Ordering::Relaxed);
            self.months.fetch_add(weights.len() as u64 * u64::from(*replicates), Ordering::Relaxed);
            self.bar.inc_length(weight);
        }
    }

    /// The name of the scenario that runs, where there are several.
    fn running(&self) -> String {
        match self.scenarios.get(self.current.load(Ordering::Relaxed)) {
            Some((name, _)) if self.scenarios.len() > 1 => format!("{name}, "),
            _ => String::new(),
        }
    }

    /// Clears the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| complain(text));
    }
}

impl Observer for Progress {
    fn month(&self, _replicate: u32, month: usize, people: u64) {
        let scenario = self.scenarios.get(self.current.load(Ordering::Relaxed));
        let weight = scenario.and_then(|(_, weights)| weights.get(month)).copied().unwrap_or(1);
        let weight_done = self.weight_done.fetch_add(weight, Ordering::Relaxed) + weight;
        let months_done = self.months_done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.bar.is_hidden() && self.last_line.is_none() {
            return;
        }
        let months = self.months.load(Ordering::Relaxed);
        let running = self.running();
        let text =
            format!("{running}{} people, month {} of {}", count(people), count(months_done), count(months));
        self.bar.inc(weight);
        if let Some(last_line) = &self.last_line
            && let Ok(mut last) = last_line.try_lock()
            && (last.elapsed() >= BETWEEN_LINES || months_done == months)
        {
            *last = Instant::now();
            let share = weight_done as f64 / self.whole.load(Ordering::Relaxed) as f64;
            let left = self.begin.elapsed().as_secs_f64() * (1.0 - share) / share;
            complain(&format!("{:.0} %  {text}, {} left", 100.0 * share, span(left)));
        } else {
            self.bar.set_message(text);
        }
    }

    fn ended(&self, replicate: &ReplicateStatus) {
        let number = replicate.replicate;
        match replicate.status {
            Status::Finished if self.verbose => {
                let seconds = self.begin.elapsed().as_secs_f64();
                let running = self.running();
                self.line(&format!("{running}replicate {number} written after {}", span(seconds)));
            }
            Status::Failed => {
                let reason = replicate.reason.as_deref().unwrap_or_default();
                let running = self.running();
                self.line(&format!("warning: {running}replicate {number} failed: {reason}"));
            }
            _ => {}
        }
    }

    fn round(&self, runs: &[u32]) {
        self.expect(runs);
    }

    fn scenario(&self, position: usize) {
        self.current.store(position, Ordering::Relaxed);
    }
}

/// `replicate 7` or `replicates 1 to 20`.
pub(super) fn replicates(range: &std::ops::RangeInclusive<u32>) -> String {
    let (first, last) = (range.start(), range.end());
    let number = u64::from(last - first) + 1;
    if number == 1 {
        format!("replicate {first}")
    } else {
        format!("replicate{} {first} to {last}", plural(number))
    }
}
