//! Writes tests as TOML, from which they read back exactly.

use super::language::{CONTRASTS, ContrastWord, EXTREMA, Kind, STATISTICS, word_of};
use super::{Contrast, ExtremeMonth, Margin, Measured, Moment, Period, Region, Statistic, Test};
use crate::scenario::WHOLE_PERIOD;
use crate::scenario::write::quoted;

impl Test {
    /// Writes the test with a key on each line, without a table header.
    pub fn to_toml(&self) -> String {
        let mut keys = Keys(Vec::new());
        keys.contrast(&self.contrast);
        keys.region(&self.contrast, self.region);
        keys.some("note", self.note.as_deref());
        keys.0.iter().map(|(key, value)| format!("{key} = {value}\n")).collect()
    }
}

impl Test {
    /// Writes the test as a prediction of the scenario that it concerns.
    pub(in crate::scenario) fn to_prediction(&self) -> String {
        let own = |line: &&str| !line.starts_with("scenario = ");
        self.to_toml().lines().filter(own).map(|line| format!("{line}\n")).collect()
    }
}

impl Contrast {
    fn word(&self) -> &'static ContrastWord {
        let kind = match self {
            Contrast::Level { .. } => Kind::Level,
            Contrast::Order { .. } => Kind::Order,
            Contrast::Extreme { .. } => Kind::Extreme,
            Contrast::Change { .. } => Kind::Change,
            Contrast::Difference { .. } => Kind::Difference,
            Contrast::Timing { .. } => Kind::Timing,
            Contrast::Peaks { .. } => Kind::Peaks,
            Contrast::Dose { .. } => Kind::Dose,
            Contrast::Interaction { .. } => Kind::Interaction,
            Contrast::Event { .. } => Kind::Event,
            Contrast::Lag { .. } => Kind::Lag,
            Contrast::Survival { .. } => Kind::Survival,
            Contrast::Plants { .. } => Kind::Plants,
            Contrast::Terciles { .. } => Kind::Terciles,
            Contrast::Correlation { .. } => Kind::Correlation,
            Contrast::Controllability { .. } => Kind::Controllability,
            Contrast::Recovery { .. } => Kind::Recovery,
        };
        let found = CONTRASTS.iter().find(|contrast| contrast.kind == kind);
        found.unwrap_or(&CONTRASTS[0])
    }
}

/// Keys with their values as TOML, in the order in which they are written.
struct Keys(Vec<(&'static str, String)>);

impl Keys {
    fn text(&mut self, key: &'static str, value: &str) {
        self.0.push((key, quoted(value)));
    }

    fn some(&mut self, key: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn number(&mut self, key: &'static str, value: f64) {
        self.0.push((key, format!("{value:?}")));
    }

    fn months(&mut self, key: &'static str, months: u32) {
        self.0.push((key, months.to_string()));
    }

    fn list(&mut self, key: &'static str, values: &[String]) {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.0.push((key, format!("[{}]", values.join(", "))));
    }

    fn period(&mut self, period: &Period) {
        match period {
            Period::Whole => {}
            Period::Phase(phase) => self.text("phase", phase),
            Period::Months(from, until) => {
                self.text("from", &from.to_string());
                self.text("until", &until.to_string());
            }
        }
    }

    fn earlier(&mut self, period: &Period) {
        if let Period::Phase(phase) = period {
            self.text("from_phase", phase);
        }
    }

    fn measured(&mut self, of: &Measured) {
        self.text("metric", &of.metric);
        self.period(&of.period);
        if of.statistic != Statistic::Mean {
            self.text("statistic", word_of(STATISTICS, &of.statistic));
        }
    }

    /// A period that must be given: all months have a name.
    fn named_period(&mut self, of: &Measured) {
        if of.period == Period::Whole {
            self.text("phase", WHOLE_PERIOD);
        }
    }

    fn extreme_month(&mut self, of: &ExtremeMonth) {
        self.text("metric", &of.metric);
        self.period(&of.period);
        self.text("extremum", word_of(EXTREMA, &of.extremum));
        self.months("smooth", of.smooth);
    }

    fn region(&mut self, contrast: &Contrast, region: Region) {
        let kind = contrast.word().kind;
        // Two words of controllability claim the same side: the first two are those of a comparison of phases.
        let bounded = matches!(contrast, Contrast::Controllability { among, .. } if among.is_empty());
        let directions = contrast.word().directions;
        let words = if bounded { &directions[2..] } else { directions };
        self.text("direction", word_of(words, &region.side));
        match region.margin {
            Margin::Absolute(margin) => self.number("margin", margin),
            Margin::Share(share) => self.number("within", share),
        }
        let has_bound =
            matches!(kind, Kind::Level | Kind::Peaks | Kind::Lag | Kind::Correlation | Kind::Recovery);
        if has_bound || bounded {
            self.number("bound", region.bound);
        }
    }

    fn contrast(&mut self, contrast: &Contrast) {
        self.text("contrast", contrast.word().word);
        match contrast {
            Contrast::Level { of, scenario } => {
                self.measured(of);
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Order { metric, phases, scenario } => {
                self.text("metric", metric);
                self.list("phases", phases);
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Extreme { metric, phase, among, scenario } => {
                self.text("metric", metric);
                self.text("phase", phase);
                if !among.is_empty() {
                    self.list("among", among);
                }
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Change { to, from, scenario } => {
                self.named_period(to);
                self.measured(to);
                self.earlier(from);
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Difference { of, scenario, against, from, beside } => {
                if let Some(from) = from {
                    self.named_period(of);
                    self.earlier(from);
                }
                self.measured(of);
                self.text("scenario", scenario);
                self.some("against", against.as_deref());
                if let Some((name, share)) = beside {
                    self.text("beside", name);
                    self.number("share", *share);
                }
            }
            Contrast::Dose { of, key, values, monotone, scenario } => {
                self.measured(of);
                self.text("vary", key);
                self.0.push(("values", format!("{values:?}")));
                self.0.push(("monotone", monotone.to_string()));
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Interaction { of, first, second, both } => {
                self.measured(of);
                for (key, name) in [("first", first), ("second", second), ("both", both)] {
                    self.text(key, name);
                }
            }
            Contrast::Event { metric, event, months } => {
                self.text("metric", metric);
                self.text("event", event);
                self.months("months", *months);
            }
            other => self.special(other),
        }
    }

    /// Contrasts whose estimate is not in the unit of a metric.
    fn special(&mut self, contrast: &Contrast) {
        match contrast {
            Contrast::Timing { of, reference, scenario } => {
                self.extreme_month(of);
                match reference {
                    Moment::Month(month) => self.text("event", &month.to_string()),
                    Moment::Extremum(other) => {
                        self.text("other", &other.metric);
                        self.text("other_extremum", word_of(EXTREMA, &other.extremum));
                    }
                }
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Peaks { of, prominence, scenario } => {
                self.extreme_month(of);
                self.number("prominence", *prominence);
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Lag { metric, scenario, against, from, until, share, smooth } => {
                self.text("metric", metric);
                self.text("scenario", scenario);
                self.some("against", against.as_deref());
                self.period(&Period::Months(*from, *until));
                self.number("share", *share);
                self.months("smooth", *smooth);
            }
            Contrast::Survival { cohort, against, months, scenario } => {
                self.text("cohort", cohort);
                self.text("against", against);
                self.months("months", *months);
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Plants { outcome, regressor, from, to, scenario } => {
                self.text("outcome", outcome.word());
                self.text("regressor", regressor.word());
                self.text("from_phase", from);
                self.text("phase", to);
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Terciles { months, period, scenario } => {
                self.months("months", *months);
                self.period(period);
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Correlation { metric, with, than, period, scenario } => {
                self.text("metric", metric);
                self.text("with", with);
                self.some("than", than.as_deref());
                self.period(period);
                self.some("scenario", scenario.as_deref());
            }
            Contrast::Controllability { metric, phase, among } => {
                self.text("metric", metric);
                self.text("phase", phase);
                if !among.is_empty() {
                    self.list("among", among);
                }
            }
            Contrast::Recovery { motive } => self.some("motive", motive.as_deref()),
            _ => {}
        }
    }
}
