//! Shows progress on stderr: the share that is done, time left, months done of all replicates, people.
//!
//! On a terminal this is a bar; elsewhere, if progress is asked for, a plain line now and then. A month counts by its
//! people, so that the time left is estimated fairly while the workforce grows.

use super::quantity::{count, plural, span};
use super::stderr::complain;
use super::terminal::Terminal;
use crate::experiment::batch::Observer;
use crate::output::manifest::{ReplicateStatus, Status};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// When progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// Show it on a terminal only
    Auto,
    /// Show a bar on a terminal, and lines elsewhere
    Always,
    /// Never show it
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

/// Time for which no time left is shown: the first months tell too little.
const BEFORE_ESTIMATES: Duration = Duration::from_secs(1);

/// How much has been done of how much. Counted by many threads at once, and read whenever something is shown, so that
/// what is shown never goes back.
struct Done {
    begin: Instant,
    /// Weight of all months, and of those done.
    weight: AtomicU64,
    weight_done: AtomicU64,
    months: AtomicU64,
    months_done: AtomicU64,
    /// People in the month that was last done.
    people: AtomicU64,
    /// Name of each scenario.
    names: Vec<String>,
    /// Position of the scenario that runs.
    current: AtomicUsize,
}

impl Done {
    fn new(names: Vec<String>) -> Self {
        let zero = || AtomicU64::new(0);
        Done {
            begin: Instant::now(),
            weight: zero(),
            weight_done: zero(),
            months: zero(),
            months_done: zero(),
            people: zero(),
            names,
            current: AtomicUsize::new(0),
        }
    }

    /// So many more months with a weight in all will be run.
    fn expect(&self, months: u64, weight: u64) {
        self.months.fetch_add(months, Ordering::Relaxed);
        self.weight.fetch_add(weight, Ordering::Relaxed);
    }

    /// A month is done; gives how many are.
    fn add(&self, weight: u64, people: u64) -> u64 {
        self.people.store(people, Ordering::Relaxed);
        self.weight_done.fetch_add(weight, Ordering::Relaxed);
        // The thread that counts the last month sees the weights of all others.
        self.months_done.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// The share that is done: 0 before anything is expected, and 1 only at the end.
    fn share(&self) -> f64 {
        let (done, all) = (self.weight_done.load(Ordering::Relaxed), self.weight.load(Ordering::Relaxed));
        if all == 0 { 0.0 } else { (done as f64 / all as f64).min(1.0) }
    }

    /// The name of the scenario that runs, where there are several.
    fn running(&self) -> String {
        match self.names.get(self.current.load(Ordering::Relaxed)) {
            Some(name) if self.names.len() > 1 => format!("{name}, "),
            _ => String::new(),
        }
    }

    /// What is shown, for instance `42 %  3.1 s left, month 68 of 162, 4,120 people`.
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
        if share > 0.0 && (elapsed >= BEFORE_ESTIMATES || months == all) {
            let _ = write!(text, "{} left, ", span(elapsed.as_secs_f64() * (1.0 - share) / share));
        }
        // What matters least comes last, because a narrow terminal cuts it.
        let people = count(self.people.load(Ordering::Relaxed));
        let _ = write!(text, "{}month {} of {}, {people} people", self.running(), count(months), count(all));
        text
    }
}

/// Shows how far a run is.
pub(super) struct Progress {
    bar: ProgressBar,
    done: Arc<Done>,
    /// For each scenario the expected people of each month: its weight.
    weights: Vec<Vec<u64>>,
    last_line: Option<Mutex<Instant>>,
    verbose: bool,
}

impl Progress {
    /// Shows nothing yet; each scenario has a name and the expected people of each month of one replicate.
    pub(super) fn new(scenarios: Vec<(String, Vec<u64>)>, when: When, verbose: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let (names, people): (Vec<String>, Vec<Vec<u64>>) = scenarios.into_iter().unzip();
        let at_least_one = |people: Vec<u64>| people.into_iter().map(|people| people.max(1)).collect();
        let done = Arc::new(Done::new(names));
        let bar = if terminal && when != When::Never { bar(&done) } else { ProgressBar::hidden() };
        Progress {
            bar,
            weights: people.into_iter().map(at_least_one).collect(),
            last_line: (when == When::Always && !terminal).then(|| Mutex::new(done.begin)),
            done,
            verbose,
        }
    }

    /// So many more replicates of each scenario will be run.
    fn expect(&self, replicates: &[u32]) {
        for (weights, replicates) in self.weights.iter().zip(replicates) {
            let (months, replicates) = (weights.len() as u64, u64::from(*replicates));
            let weight = weights.iter().sum::<u64>() * replicates;
            self.done.expect(months * replicates, weight);
            self.bar.inc_length(weight);
        }
        // Ticking begins here: a bar of length 0 would be drawn full.
        if self.bar.length().is_some_and(|length| length > 0) {
            self.bar.enable_steady_tick(Duration::from_millis(250));
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

/// Columns of the bar.
const BAR: usize = 20;

/// A bar that shows what is done. It has no colour, and ASCII characters where the locale asks for them.
fn bar(done: &Arc<Done>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let terminal = Terminal::of_stderr();
    // A line that wraps would leave its beginning behind when it is drawn anew.
    let room = terminal.width - BAR - 2;
    let template = format!("{{bar:{BAR}}} {{done:{room}!}}");
    let style = ProgressStyle::with_template(&template).expect("the template is sound");
    let done = Arc::clone(done);
    let text = move |_: &ProgressState, line: &mut dyn Write| {
        let _ = line.write_str(&done.text());
    };
    let style = style.with_key("done", text);
    bar.set_style(if terminal.unicode { style } else { style.progress_chars("#>-") });
    bar
}

impl Observer for Progress {
    fn month(&self, _replicate: u32, month: usize, people: u64) {
        let weights = self.weights.get(self.done.current.load(Ordering::Relaxed));
        let weight = weights.and_then(|weights| weights.get(month)).copied().unwrap_or(1);
        let months_done = self.done.add(weight, people);
        self.bar.inc(weight);
        if let Some(last_line) = &self.last_line
            && let Ok(mut last) = last_line.try_lock()
            && (last.elapsed() >= BETWEEN_LINES || months_done == self.done.months.load(Ordering::Relaxed))
        {
            *last = Instant::now();
            complain(self.done.text().trim_start());
        }
    }

    fn ended(&self, replicate: &ReplicateStatus) {
        let number = replicate.replicate;
        let running = self.done.running();
        match replicate.status {
            Status::Finished if self.verbose => {
                let seconds = self.done.begin.elapsed().as_secs_f64();
                self.line(&format!("{running}replicate {number} written after {}", span(seconds)));
            }
            Status::Failed => {
                let reason = replicate.reason.as_deref().unwrap_or_default();
                self.line(&format!("warning: {running}replicate {number} failed: {reason}"));
            }
            _ => {}
        }
    }

    fn round(&self, runs: &[u32]) {
        self.expect(runs);
    }

    fn scenario(&self, position: usize) {
        self.done.current.store(position, Ordering::Relaxed);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_begins_at_nothing_and_ends_at_everything() {
        let done = Done::new(vec!["historical".to_owned()]);
        assert_eq!(done.text(), "  0 %  starting");
        done.expect(2, 1000);
        assert_eq!(done.text(), "  0 %  starting");
        done.add(999, 50);
        assert!(done.text().starts_with(" 99 %  month 1 of 2, 50 people"), "{}", done.text());
        done.add(1, 60);
        assert!(done.text().starts_with("100 %  0.0 s left, month 2 of 2, 60 people"), "{}", done.text());
    }

    #[test]
    fn the_scenario_is_named_where_there_are_several() {
        let done = Done::new(vec!["historical".to_owned(), "no_terror".to_owned()]);
        done.expect(4, 4);
        done.current.store(1, Ordering::Relaxed);
        done.add(1, 5);
        assert!(done.text().starts_with(" 25 %  no_terror, month 1 of 4, 5 people"), "{}", done.text());
    }

    #[test]
    fn replicates_are_named_in_the_singular_and_the_plural() {
        assert_eq!([replicates(&(7..=7)), replicates(&(1..=20))], ["replicate 7", "replicates 1 to 20"]);
    }
}
