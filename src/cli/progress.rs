//! Shows progress on stderr: percentage, time left, months done over all runs, number of people.
//!
//! On a terminal it is a bar; elsewhere, with `--progress always`, a line every two seconds. Runs are weighted by their
//! expected number of people, because the time of a month grows with it.

use super::quantity::{count, duration};
use super::stderr::eprint_line;
use super::terminal::Terminal;
use crate::experiment::study::execute::{End, Observer};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// When to show progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// Show a bar on a terminal, and nothing elsewhere
    Auto,
    /// Show a bar on a terminal, and lines elsewhere
    Always,
    /// Show nothing
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

/// Time between two lines if stderr is not a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(2);

/// No time left is shown before this time, because the first months are a poor estimate.
const MIN_ESTIMATE_TIME: Duration = Duration::from_secs(1);

/// Counts finished and expected work. Many threads add to it; the display reads it when drawing, so that progress never
/// appears to go back.
struct Counters {
    begin: Instant,
    /// Total weight of all months.
    weight: AtomicU64,
    weight_done: AtomicU64,
    months: AtomicU64,
    months_done: AtomicU64,
    /// Number of people in the month that was finished last.
    people: AtomicU64,
}

impl Counters {
    fn new() -> Self {
        let zero = || AtomicU64::new(0);
        Counters {
            begin: Instant::now(),
            weight: zero(),
            weight_done: zero(),
            months: zero(),
            months_done: zero(),
            people: zero(),
        }
    }

    /// Adds months with a total weight to the expected work.
    fn expect(&self, months: u64, weight: u64) {
        self.months.fetch_add(months, Ordering::Relaxed);
        self.weight.fetch_add(weight, Ordering::Relaxed);
    }

    /// Counts a finished month and returns the number of finished months.
    fn add(&self, weight: u64, people: u64) -> u64 {
        self.people.store(people, Ordering::Relaxed);
        self.weight_done.fetch_add(weight, Ordering::Relaxed);
        // The thread that counts the last month sees the weights of all others.
        self.months_done.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// The finished share of the expected weight: 0 before any work is expected, 1 only at the end.
    fn share(&self) -> f64 {
        let (done, all) = (self.weight_done.load(Ordering::Relaxed), self.weight.load(Ordering::Relaxed));
        if all == 0 { 0.0 } else { (done as f64 / all as f64).min(1.0) }
    }

    /// The text of the bar, for example ` 42 %  3.1 s left, month 68 of 162, 4,120 people`.
    fn text(&self) -> String {
        let share = self.share();
        // Rounded down: 100 % means that nothing is left.
        let percent = (100.0 * share).floor();
        let (months, all) = (self.months_done.load(Ordering::Relaxed), self.months.load(Ordering::Relaxed));
        if all == 0 || months == 0 {
            return format!("{percent:>3} %  starting");
        }
        let mut text = format!("{percent:>3} %  ");
        let elapsed = self.begin.elapsed();
        if share > 0.0 && (elapsed >= MIN_ESTIMATE_TIME || months == all) {
            let _ = write!(text, "{} left, ", duration(elapsed.as_secs_f64() * (1.0 - share) / share));
        }
        // The least important part comes last, because a narrow terminal cuts it off.
        let people = count(self.people.load(Ordering::Relaxed));
        let _ = write!(text, "month {} of {}, {people} people", count(months), count(all));
        text
    }
}

/// The progress display of a run.
pub(super) struct Progress {
    bar: ProgressBar,
    done: Arc<Counters>,
    /// Whether runs belong to several scenarios, which messages then name.
    several: bool,
    last_line: Option<Mutex<Instant>>,
    verbose: bool,
}

impl Progress {
    /// Prepares the display of runs of one or several scenarios.
    pub(super) fn new(several: bool, when: When, verbose: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let done = Arc::new(Counters::new());
        let bar = if terminal && when != When::Never { bar(&done) } else { ProgressBar::hidden() };
        let last_line = (when == When::Always && !terminal).then(|| Mutex::new(done.begin));
        Progress { bar, several, last_line, done, verbose }
    }

    /// Clears the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| eprint_line(text));
    }
}

/// Width of the bar in columns.
const BAR_WIDTH: usize = 20;

/// A bar with the text of the counters, without colour; in ASCII if the terminal requires it.
fn bar(done: &Arc<Counters>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let terminal = Terminal::of_stderr();
    // A line that wraps would leave its first part behind when it is redrawn.
    let room = terminal.width - BAR_WIDTH - 2;
    let template = format!("{{bar:{BAR_WIDTH}}} {{done:{room}!}}");
    let style = ProgressStyle::with_template(&template).expect("the template is valid");
    let done = Arc::clone(done);
    let text = move |_: &ProgressState, line: &mut dyn Write| {
        let _ = line.write_str(&done.text());
    };
    let style = style.with_key("done", text);
    bar.set_style(if terminal.unicode { style } else { style.progress_chars("#>-") });
    bar
}

impl Observer for Progress {
    fn expect(&self, months: u64, weight: u64) {
        self.done.expect(months, weight);
        self.bar.inc_length(weight);
        // A bar of length 0 would be drawn full, so ticking starts only now.
        if self.bar.length().is_some_and(|length| length > 0) {
            self.bar.enable_steady_tick(Duration::from_millis(250));
        }
    }

    fn month(&self, weight: u64, people: u64) {
        let months_done = self.done.add(weight, people);
        self.bar.inc(weight);
        if let Some(last_line) = &self.last_line
            && let Ok(mut last) = last_line.try_lock()
            && (last.elapsed() >= LINE_INTERVAL || months_done == self.done.months.load(Ordering::Relaxed))
        {
            *last = Instant::now();
            eprint_line(self.done.text().trim_start());
        }
    }

    fn ended(&self, scenario: &str, replicate: u32, end: &End) {
        let prefix = if self.several { format!("{scenario}, ") } else { String::new() };
        match end {
            End::Finished if self.verbose => {
                let seconds = self.done.begin.elapsed().as_secs_f64();
                self.line(&format!("{prefix}replicate {replicate} computed after {}", duration(seconds)));
            }
            End::Failed(reason) => {
                self.line(&format!("warning: {prefix}replicate {replicate} failed: {reason}"));
            }
            _ => {}
        }
    }
}

/// `replicate 7` or `replicates 1 to 20`.
pub(super) fn replicates(range: &std::ops::RangeInclusive<u32>) -> String {
    let (first, last) = (range.start(), range.end());
    if first == last { format!("replicate {first}") } else { format!("replicates {first} to {last}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_goes_from_0_to_100_percent() {
        let done = Counters::new();
        assert_eq!(done.text(), "  0 %  starting");
        done.expect(2, 1000);
        assert_eq!(done.text(), "  0 %  starting");
        done.add(999, 50);
        assert!(done.text().starts_with(" 99 %  month 1 of 2, 50 people"), "{}", done.text());
        done.add(1, 60);
        assert!(done.text().starts_with("100 %  0.0 s left, month 2 of 2, 60 people"), "{}", done.text());
    }

    #[test]
    fn replicates_have_a_singular_and_a_plural() {
        assert_eq!([replicates(&(7..=7)), replicates(&(1..=20))], ["replicate 7", "replicates 1 to 20"]);
    }
}
