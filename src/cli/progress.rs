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
use std::sync::atomic::{AtomicU64, Ordering};
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
    /// Foreseen people of each month: the weight of the month.
    weights: Vec<u64>,
    whole: u64,
    months: u64,
    weight_done: AtomicU64,
    months_done: AtomicU64,
    begin: Instant,
    last_line: Option<Mutex<Instant>>,
    verbose: bool,
}

impl Progress {
    /// Shows nothing yet; `people` are the foreseen people of each month of one replicate.
    pub(super) fn new(people: &[u64], replicates: u32, when: When, verbose: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let weights: Vec<u64> = people.iter().map(|people| (*people).max(1)).collect();
        let whole = weights.iter().sum::<u64>() * u64::from(replicates);
        let bar = if terminal && when != When::Never {
            let bar = ProgressBar::with_draw_target(Some(whole), ProgressDrawTarget::stderr());
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
        let months = weights.len() as u64 * u64::from(replicates);
        let (weight_done, months_done) = (AtomicU64::new(0), AtomicU64::new(0));
        Progress { bar, weights, whole, months, weight_done, months_done, begin, last_line, verbose }
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
        let weight = self.weights.get(month).copied().unwrap_or(1);
        let weight_done = self.weight_done.fetch_add(weight, Ordering::Relaxed) + weight;
        let months_done = self.months_done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.bar.is_hidden() && self.last_line.is_none() {
            return;
        }
        let text =
            format!("{} people, month {} of {}", count(people), count(months_done), count(self.months));
        self.bar.inc(weight);
        if let Some(last_line) = &self.last_line
            && let Ok(mut last) = last_line.try_lock()
            && (last.elapsed() >= BETWEEN_LINES || months_done == self.months)
        {
            *last = Instant::now();
            let share = weight_done as f64 / self.whole as f64;
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
                self.line(&format!("replicate {number} written after {}", span(seconds)));
            }
            Status::Failed => {
                let reason = replicate.reason.as_deref().unwrap_or_default();
                self.line(&format!("warning: replicate {number} failed: {reason}"));
            }
            _ => {}
        }
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
