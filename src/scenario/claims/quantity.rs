//! Reads what the contrasts share: metrics, periods, phases, scenarios and numbers of months.

use super::language::STATISTICS;
use super::test::TestReader;
use super::{ClaimsProblem, Language, Measured, Period, Statistic, is_phase, is_series, metrics};
use crate::engine::calendar::Month;
use crate::scenario::WHOLE_PERIOD;
use crate::scenario::reader::Given;
use crate::scenario::tree::RawValue;

/// Maximum number of months of a moving average.
const MAX_SMOOTH: i64 = 61;

/// Maximum number of phases in a list: more than any scenario has.
const MAX_PHASES: usize = Month::COUNT;

/// What a metric must have.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Needs {
    /// A value over some months; every metric has one.
    Span,
    /// A column of `series.csv` or a lever.
    Series,
}

impl TestReader<'_, '_, '_, '_> {
    /// Reads a metric that must be given.
    pub(super) fn metric(&mut self, key: &'static str, needs: Needs) -> Option<String> {
        let metric =
            self.needed(key, "name a metric: a column of phases.csv or series.csv, or `levers.KEY`")?;
        self.check_metric(key, metric, needs)
    }

    fn check_metric(&mut self, key: &'static str, metric: Given<String>, needs: Needs) -> Option<String> {
        let known = metrics();
        let of_phases = |metric: &&str| is_phase(metric);
        if self.reading.language == Language::Prediction {
            if is_phase(&metric.value) {
                return Some(metric.value);
            }
            if known.contains(&metric.value) {
                let problem = ClaimsProblem::NotOfPhases { metric: metric.value.clone() };
                self.blame(problem, key, &metric);
            } else {
                let known = known.iter().map(String::as_str).filter(of_phases);
                let path = self.path(key);
                self.reader.unknown_name(&metric, &path, "metric", known);
            }
            return None;
        }
        if !known.contains(&metric.value) {
            let path = self.path(key);
            self.reader.unknown_name(&metric, &path, "metric", known.iter().map(String::as_str));
            return None;
        }
        if needs == Needs::Series && !is_series(&metric.value) {
            let what = format!("the contrast `{}`", self.word.word);
            let problem = ClaimsProblem::NoSeries { metric: metric.value.clone(), what };
            self.blame(problem, key, &metric);
            return None;
        }
        Some(metric.value)
    }

    /// Reads a metric with its period and statistic.
    pub(super) fn measured(&mut self) -> Option<Measured> {
        let metric = self.metric("metric", Needs::Span);
        let period = self.period();
        let statistic = self.word("statistic", "statistic", STATISTICS).unwrap_or_default();
        let metric = metric?;
        if let Some(entry) = self.entry("statistic")
            && statistic != Statistic::Mean
            && !is_series(&metric)
        {
            let what = "any statistic but the mean".to_owned();
            self.fault(ClaimsProblem::NoSeries { metric: metric.clone(), what }, "statistic", entry);
        }
        Some(Measured { metric, period: period?, statistic })
    }

    /// Reads `phase`, or `from` and `until`; all months if none of them is given.
    pub(super) fn period(&mut self) -> Option<Period> {
        let months = self.entry("from").or(self.entry("until"));
        if let (Some(entry), true) = (months, self.entry("phase").is_some()) {
            let (first, second) = ("phase", if entry.key == "from" { "from" } else { "until" });
            self.fault(ClaimsProblem::Together { first, second }, second, entry);
            return None;
        }
        if months.is_some() {
            let (from, until) = self.span()?;
            return Some(Period::Months(from, until));
        }
        if self.entry("phase").is_none() {
            return Some(Period::Whole);
        }
        let phase = self.text("phase")?;
        if phase.value == WHOLE_PERIOD {
            return Some(Period::Whole);
        }
        self.check_phase("phase".to_owned(), phase).map(Period::Phase)
    }

    /// Checks the name of a phase, or keeps it to be checked later.
    fn check_phase(&mut self, key: String, phase: Given<String>) -> Option<String> {
        let path = self.path(&key);
        let Some(base) = self.reading.base else {
            self.reading.phases.push((path, phase.value.clone(), phase.at));
            return Some(phase.value);
        };
        let names = base.phases.iter().map(|phase| phase.name.as_str());
        if !names.clone().any(|name| name == phase.value) {
            self.reader.unknown_name(&phase, &path, "phase", names);
            return None;
        }
        Some(phase.value)
    }

    /// Reads a phase that must be given.
    pub(super) fn phase(&mut self, key: &'static str, hint: &str) -> Option<String> {
        let phase = self.needed(key, hint)?;
        self.check_phase(key.to_owned(), phase)
    }

    /// Reads a list of phases. A phase that is given twice is a fault.
    pub(super) fn phases(&mut self, key: &str, already: Option<&str>) -> Option<Vec<String>> {
        let entry = self.entry(key)?;
        let path = self.path(key);
        let nodes = self.reader.short_list(&entry.node, &path, MAX_PHASES)?;
        let mut phases: Vec<String> = Vec::new();
        for (position, node) in nodes.iter().enumerate() {
            let key = format!("{key}[{position}]");
            let path = self.path(&key);
            let Some(phase) = self.reader.text(node, &path) else { continue };
            if phases.contains(&phase.value) || already == Some(&phase.value) {
                self.blame(ClaimsProblem::PhaseTwice { name: phase.value.clone() }, &key, &phase);
            }
            phases.extend(self.check_phase(key, phase));
        }
        Some(phases)
    }

    /// Reads `among`, the phases with which another is compared. A list without phases is a fault.
    pub(super) fn among(&mut self, phase: Option<&str>) -> Vec<String> {
        if let Some(entry) = self.entry("among")
            && matches!(&entry.node.value, RawValue::List(list) if list.is_empty())
        {
            self.fault(ClaimsProblem::NoPhases { contrast: self.word.word }, "among", entry);
        }
        self.phases("among", phase).unwrap_or_default()
    }

    /// Reads the months of a moving average, an odd number; 1 if none is given.
    pub(super) fn smooth(&mut self) -> Option<u32> {
        if self.entry("smooth").is_none() {
            return Some(1);
        }
        let smooth = self.whole("smooth", (1, MAX_SMOOTH), "months")?;
        if smooth.value % 2 == 0 {
            let problem = ClaimsProblem::Even { key: "smooth".to_owned(), value: smooth.value };
            self.blame(problem, "smooth", &smooth);
            return None;
        }
        u32::try_from(smooth.value).ok()
    }

    /// Reads a number of months that must be given.
    pub(super) fn months_after(&mut self, range: (i64, i64)) -> Option<u32> {
        if self.entry("months").is_none() {
            self.missing("months", "give the number of months: months = 6");
        }
        let months = self.whole("months", range, "months")?;
        u32::try_from(months.value).ok()
    }

    /// Reads `scenario`; `None` is the base.
    pub(super) fn scenario(&mut self) -> Option<String> {
        self.named_scenario("scenario")
    }

    /// Reads the name of a scenario; `None` if it is not given.
    pub(super) fn named_scenario(&mut self, key: &str) -> Option<String> {
        let name = self.text(key)?;
        if self.reading.scenarios.contains(&name.value) {
            return Some(name.value);
        }
        let path = self.path(key);
        let known = self.reading.scenarios.iter().map(String::as_str);
        self.reader.unknown_name(&name, &path, "scenario", known);
        None
    }

    /// Reads the name of a scenario that must be given.
    pub(super) fn needed_scenario(&mut self, key: &'static str) -> Option<String> {
        if self.entry(key).is_none() {
            self.missing(
                key,
                &format!("name a shipped scenario or one of the file: {key} = \"unions_kept\""),
            );
        }
        self.named_scenario(key)
    }

    /// Reads `scenario` and `against`. In a prediction they are the scenario itself, which is named later
    /// ([`super::Test::of_scenario`]), and the baseline.
    pub(super) fn two_scenarios(&mut self) -> (Option<String>, Option<String>) {
        if self.reading.language == Language::Prediction {
            return (Some(String::new()), None);
        }
        let scenario = self.needed_scenario("scenario");
        let against = self.named_scenario("against");
        let base = self.reading.base.map(|base| base.name.clone());
        if let (Some(name), Some(other)) = (&scenario, against.clone().or(base))
            && *name == other
            && let Some(entry) = self.entry("scenario")
        {
            self.fault(ClaimsProblem::SameScenario { name: other }, "scenario", entry);
        }
        (scenario, against)
    }
}
