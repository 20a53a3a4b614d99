//! Reads the keys of each contrast.

use super::language::{EXTREMA, Kind};
use super::quantity::Needs;
use super::test::TestReader;
use super::{
    ClaimsProblem, Contrast, ExtremeMonth, Language, Moment, PLANT_OUTCOMES, PLANT_REGRESSORS, Period,
};
use crate::engine::calendar::Month;
use crate::model::state::standing::MOTIVE_NAMES;
use crate::scenario::fault::Problem;
use crate::scenario::reader::Given;
use crate::scenario::target::Target;

/// Least and greatest number of values of a dose.
const LEAST_DOSES: usize = 4;
const MAX_DOSES: usize = 100;

/// The months of the calendar after the first.
const LAST: i64 = Month::COUNT as i64 - 1;

/// Reads the contrast of a test; `None` if it has a fault.
pub(super) fn read_contrast(test: &mut TestReader<'_, '_, '_, '_>) -> Option<Contrast> {
    match test.word.kind {
        Kind::Level => {
            let (of, scenario) = (test.measured(), test.scenario());
            Some(Contrast::Level { of: of?, scenario })
        }
        Kind::Order => test.order(),
        Kind::Extreme => test.extreme(),
        Kind::Change => test.change(),
        Kind::Difference => test.difference(),
        Kind::Timing => test.timing(),
        Kind::Peaks => test.peaks(),
        Kind::Dose => {
            let (of, scenario) = (test.measured(), test.scenario());
            let (key, values) = test.doses()?;
            let monotone = test.flag("monotone").unwrap_or(true);
            Some(Contrast::Dose { of: of?, key, values, monotone, scenario })
        }
        Kind::Interaction => {
            let of = test.measured();
            let [first, second, both] = ["first", "second", "both"].map(|key| test.needed_scenario(key));
            Some(Contrast::Interaction { of: of?, first: first?, second: second?, both: both? })
        }
        Kind::Event => test.event(),
        Kind::Lag => test.lag(),
        Kind::Survival => test.survival(),
        Kind::Plants => test.plants(),
        Kind::Terciles => test.terciles(),
        Kind::Correlation => test.correlation(),
        Kind::Controllability => test.controllability(),
        Kind::Recovery => {
            let words: Vec<(&str, usize)> =
                MOTIVE_NAMES.iter().enumerate().map(|(position, name)| (*name, position)).collect();
            let motive = test.word("motive", "motive", &words);
            Some(Contrast::Recovery { motive: motive.map(|motive| MOTIVE_NAMES[motive].to_owned()) })
        }
    }
}

impl TestReader<'_, '_, '_, '_> {
    fn order(&mut self) -> Option<Contrast> {
        let metric = self.metric("metric", Needs::Span);
        let scenario = self.scenario();
        let hint = "list the phases in the claimed order: phases = [\"class war\", \"discipline\"]";
        if self.entry("phases").is_none() {
            self.missing("phases", hint);
        }
        let before = self.reader.faults.list.len();
        let phases = self.phases("phases", None)?;
        if phases.len() < 2 && self.reader.faults.list.len() == before {
            self.missing("phases", hint);
        }
        Some(Contrast::Order { metric: metric?, phases, scenario })
    }

    fn extreme(&mut self) -> Option<Contrast> {
        let metric = self.metric("metric", Needs::Span);
        let phase = self.phase("phase", "name the phase: phase = \"terror\"");
        let scenario = self.scenario();
        let among = self.among(phase.as_deref());
        Some(Contrast::Extreme { metric: metric?, phase: phase?, among, scenario })
    }

    /// Records a missing `phase` where a change needs one.
    fn need_period(&mut self) {
        if ["phase", "from", "until"].iter().all(|key| self.entry(key).is_none()) {
            self.missing("phase", "give the phase to which it changes: phase = \"terror\"");
        }
    }

    fn change(&mut self) -> Option<Contrast> {
        self.flag("alone");
        let (to, scenario) = (self.measured(), self.scenario());
        if self.entry("from_phase").is_some() {
            self.need_period();
        }
        let from =
            self.phase("from_phase", "give the phase from which it changes: from_phase = \"discipline\"");
        Some(Contrast::Change { to: to?, from: Period::Phase(from?), scenario })
    }

    fn difference(&mut self) -> Option<Contrast> {
        self.check_not_alone();
        let of = self.measured();
        let (scenario, against) = self.two_scenarios();
        let from = self.entry("from_phase").is_some().then(|| {
            self.need_period();
            self.phase("from_phase", "")
        });
        let beside = match self.reading.language {
            Language::Claims => self.named_scenario("beside"),
            // The scenarios of a comparison are not known here.
            Language::Prediction => self.text("beside").map(|name| name.value),
        };
        let share = self.number("share", (0.0, 10.0), "1");
        match (self.entry("beside").is_some(), self.entry("share").is_some()) {
            (true, false) => {
                self.missing("share", "give the share of the other scenario's effect: share = 0.5");
            }
            (false, true) => {
                self.missing("beside", "name the scenario to compare with: beside = \"unions_kept\"");
            }
            _ => {}
        }
        let from = match from {
            Some(from) => Some(Period::Phase(from?)),
            None => None,
        };
        Some(Contrast::Difference { of: of?, scenario: scenario?, against, from, beside: beside.zip(share) })
    }

    /// Checks that a prediction with the contrast `difference` is not about the scenario alone.
    fn check_not_alone(&mut self) {
        if let (Some(true), Some(entry)) = (self.flag("alone"), self.entry("alone")) {
            self.fault(ClaimsProblem::Together { first: "contrast", second: "alone" }, "alone", entry);
        }
    }

    fn extreme_month(&mut self) -> Option<ExtremeMonth> {
        let metric = self.metric("metric", Needs::Series);
        let period = self.period();
        let extremum = self.needed_word("extremum", "extremum", EXTREMA);
        let smooth = self.smooth();
        Some(ExtremeMonth { metric: metric?, extremum: extremum?, period: period?, smooth: smooth? })
    }

    fn timing(&mut self) -> Option<Contrast> {
        let of = self.extreme_month();
        let scenario = self.scenario();
        let other = self.entry("other").map(|_| self.metric("other", Needs::Series));
        let extremum = self.word("other_extremum", "extremum", EXTREMA);
        let reference = match (self.entry("event"), other) {
            (Some(entry), Some(_)) => {
                self.fault(ClaimsProblem::Together { first: "event", second: "other" }, "event", entry);
                None
            }
            (Some(_), None) => self.dated_event().map(Moment::Month),
            (None, Some(other)) => {
                let of = of.clone()?;
                let extremum = extremum.unwrap_or(of.extremum);
                Some(Moment::Extremum(ExtremeMonth { metric: other?, extremum, ..of }))
            }
            (None, None) => {
                let hint = "give a month or the name of an event: event = \"1937-08\"; or another metric: other = \"fear\"";
                self.missing("event", hint);
                None
            }
        };
        if self.entry("other_extremum").is_some() && self.entry("other").is_none() {
            self.missing("other", "name the metric of the other extremum: other = \"fear\"");
        }
        Some(Contrast::Timing { of: of?, reference: reference?, scenario })
    }

    /// Reads `event`: a month, or the name of an event, whose first month it is.
    fn dated_event(&mut self) -> Option<Month> {
        let event = self.text("event")?;
        if let Ok(month) = event.value.parse() {
            return Some(month);
        }
        let dated = |name: &str| name.starts_with(|first: char| first.is_ascii_digit());
        let known = self.reading.base?.events.iter().find(|other| other.name == event.value);
        match known {
            Some(known) => Some(known.from),
            None if dated(&event.value) => {
                let error = event.value.parse::<Month>().err()?;
                self.blame(Problem::NotAMonth(error), "event", &event);
                None
            }
            None => {
                self.unknown_event(&event);
                None
            }
        }
    }

    fn unknown_event(&mut self, event: &Given<String>) {
        let Some(base) = self.reading.base else { return };
        let path = self.path("event");
        let names = base.events.iter().map(|event| event.name.as_str());
        self.reader.unknown_name(event, &path, "event", names);
    }

    fn event(&mut self) -> Option<Contrast> {
        let metric = self.metric("metric", Needs::Span);
        let event = self.needed("event", "name an event of the base: event = \"Shakhty trial\"");
        let months = self.months_after((1, LAST + 1));
        let event = event?;
        if let Some(base) = self.reading.base
            && !base.events.iter().any(|other| other.name == event.value)
        {
            self.unknown_event(&event);
            return None;
        }
        Some(Contrast::Event { metric: metric?, event: event.value, months: months? })
    }

    fn peaks(&mut self) -> Option<Contrast> {
        let of = self.extreme_month();
        let scenario = self.scenario();
        if self.entry("prominence").is_none() {
            self.missing(
                "prominence",
                "give the least prominence in the unit of the metric: prominence = 0.05",
            );
        }
        let prominence = self.number("prominence", (0.0, 1e12), "");
        Some(Contrast::Peaks { of: of?, prominence: prominence?, scenario })
    }

    fn lag(&mut self) -> Option<Contrast> {
        let metric = self.metric("metric", Needs::Series);
        let (scenario, against) = self.two_scenarios();
        if self.entry("from").is_none() {
            self.missing("from", "give the month from which the lag is counted: from = \"1937-01\"");
        }
        let months = self.span();
        if self.entry("share").is_none() {
            self.missing("share", "give the share of the largest difference: share = 0.5");
        }
        let share = self.number("share", (0.0, 1.0), "1");
        let smooth = self.smooth();
        let (from, until) = months?;
        let (scenario, share, smooth) = (scenario?, share?, smooth?);
        Some(Contrast::Lag { metric: metric?, scenario, against, from, until, share, smooth })
    }

    fn survival(&mut self) -> Option<Contrast> {
        let cohort =
            self.phase("cohort", "name the phase in which the cohort entered: cohort = \"class war\"");
        let against =
            self.phase("against", "name the phase of the other cohort: against = \"stabilisation\"");
        let months = self.months_after((1, LAST));
        let scenario = self.scenario();
        let (cohort, against) = (cohort?, against?);
        self.check_two_phases("against", &cohort, &against);
        Some(Contrast::Survival { cohort, against, months: months?, scenario })
    }

    fn check_two_phases(&mut self, key: &str, first: &str, second: &str) {
        if first == second
            && let Some(entry) = self.entry(key)
        {
            self.fault(ClaimsProblem::PhaseTwice { name: first.to_owned() }, key, entry);
        }
    }

    fn plants(&mut self) -> Option<Contrast> {
        let outcome = self.needed_word("outcome", "outcome", PLANT_OUTCOMES);
        let regressor = self.needed_word("regressor", "regressor", PLANT_REGRESSORS);
        let from = self.phase("from_phase", "give the earlier phase: from_phase = \"criticism from below\"");
        let to = self.phase("phase", "give the later phase: phase = \"terror\"");
        let scenario = self.scenario();
        let (from, to) = (from?, to?);
        self.check_two_phases("phase", &from, &to);
        Some(Contrast::Plants { outcome: outcome?, regressor: regressor?, from, to, scenario })
    }

    fn terciles(&mut self) -> Option<Contrast> {
        const MONTHS: [i64; 4] = [3, 6, 9, 12];
        let period = self.period();
        let scenario = self.scenario();
        let months = self.months_after((3, 12))?;
        if !MONTHS.contains(&i64::from(months))
            && let Some(entry) = self.entry("months")
        {
            let (name, allowed) = (months.to_string(), MONTHS.map(|months| months.to_string()).to_vec());
            let problem = Problem::UnknownName { what: "number of months", name, nearest: None, allowed };
            self.fault(problem, "months", entry);
        }
        Some(Contrast::Terciles { months, period: period?, scenario })
    }

    fn correlation(&mut self) -> Option<Contrast> {
        let metric = self.metric("metric", Needs::Series);
        let with = self.metric("with", Needs::Series);
        let than = self.entry("than").map(|_| self.metric("than", Needs::Series));
        let (period, scenario) = (self.period(), self.scenario());
        let than = match than {
            Some(than) => Some(than?),
            None => None,
        };
        Some(Contrast::Correlation { metric: metric?, with: with?, than, period: period?, scenario })
    }

    fn controllability(&mut self) -> Option<Contrast> {
        let metric = self.metric("metric", Needs::Span);
        let phase = self.phase("phase", "name the phase: phase = \"terror\"");
        let among = self.among(phase.as_deref());
        if let (Some(entry), true) = (self.entry("bound"), self.entry("among").is_some()) {
            self.fault(ClaimsProblem::Together { first: "among", second: "bound" }, "bound", entry);
        }
        Some(Contrast::Controllability { metric: metric?, phase: phase?, among })
    }

    /// Reads the key that is varied and its values, at least four in ascending order.
    fn doses(&mut self) -> Option<(String, Vec<f64>)> {
        let key = self.needed("vary", "name the key: vary = \"levers.vigilance\"");
        if self.entry("values").is_none() {
            self.missing("values", "list at least four values: values = [0.1, 0.3, 0.5, 0.7]");
        }
        let key = key?;
        let target = self.dose_target(&key)?;
        let range = target.range()?;
        let entry = self.entry("values")?;
        let path = self.path("values");
        let nodes = self.reader.short_list(&entry.node, &path, MAX_DOSES)?;
        if nodes.len() < LEAST_DOSES {
            let problem = ClaimsProblem::FewValues { count: nodes.len(), least: LEAST_DOSES };
            self.fault(problem, "values", entry);
        }
        let mut values: Vec<f64> = Vec::new();
        for (position, node) in nodes.iter().enumerate() {
            let path = self.path(&format!("values[{position}]"));
            let Some(value) = self.reader.number(node, &path, range, "").map(|number| number.value) else {
                continue;
            };
            if target.is_whole() && value.fract() != 0.0 {
                self.reader.fault(Problem::NotWhole { key: path.clone(), value }, &path, &node.span);
            }
            if let Some(before) = values.last().filter(|before| **before >= value) {
                let (value, before) = (value.to_string(), before.to_string());
                self.reader.fault(ClaimsProblem::ValuesOrder { value, before }.into(), &path, &node.span);
            }
            values.push(value);
        }
        Some((key.value, values))
    }

    fn dose_target(&mut self, key: &Given<String>) -> Option<Target> {
        let path = self.path("vary");
        match Target::of(&key.value) {
            Some(target @ (Target::Parameter(_) | Target::Lever(_))) => Some(target),
            Some(_) => {
                let problem = ClaimsProblem::NoDose { key: key.value.clone() };
                self.blame(problem, "vary", key);
                None
            }
            None => {
                let keys: Vec<String> = Target::keys().into_iter().map(|(key, _)| key).collect();
                let known = keys.iter().map(String::as_str);
                let known = known.filter(|key| key.starts_with("levers.") || key.starts_with("parameters."));
                self.reader.unknown_name(key, &path, "key", known);
                None
            }
        }
    }
}
