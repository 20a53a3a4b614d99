//! Writes tests in words.

use std::fmt::{self, Write};

use super::language::{EXTREMA, word_of};
use super::{
    ClaimTest, Contrast, ExtremeMonth, Extremum, Margin, Measured, Moment, Period, PlantRegressor, Region,
    Side, Statistic, Test, WaitingTest,
};

impl fmt::Display for Test {
    /// Writes the test as a sentence without a full stop: "`discipline` rises by more than 0.01 in terror, in `no_terror`
    /// compared with the base".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(&str::to_owned))
    }
}

impl fmt::Display for ClaimTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClaimTest::Ready(test) => test.fmt(f),
            ClaimTest::Waiting(test) => test.fmt(f),
        }
    }
}

impl fmt::Display for WaitingTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.note {
            Some(note) => write!(f, "{note} (needs `{}`)", self.needs),
            None => write!(f, "a test that needs `{}`", self.needs),
        }
    }
}

impl Test {
    /// The test in words, like its `Display`; `phase` writes the name of a phase, to escape it or to add its months.
    pub fn in_words(&self, phase: &dyn Fn(&str) -> String) -> String {
        let mut words = Words { text: String::new(), phase, region: self.region };
        // Writing to a string cannot fail.
        let _ = words.contrast(&self.contrast);
        words.text
    }
}

struct Words<'w> {
    text: String,
    phase: &'w dyn Fn(&str) -> String,
    region: Region,
}

impl Write for Words<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.write_str(text)
    }
}

impl Words<'_> {
    fn contrast(&mut self, contrast: &Contrast) -> fmt::Result {
        match contrast {
            Contrast::Level { of, scenario } => {
                let (subject, region, period) = (subject(of), self.level(), self.period(&of.period));
                write!(self, "{subject} is {region}{period}{}", in_scenario(scenario.as_deref()))
            }
            Contrast::Order { metric, phases, scenario } => {
                let way = self.pick("rises", "falls");
                write!(self, "`{metric}` {way} from {}{}", self.phases(phases, " to "), self.each())?;
                write!(self, "{}", in_scenario(scenario.as_deref()))
            }
            Contrast::Extreme { metric, phase, among, scenario } => {
                let (which, phase) = (self.pick("highest", "lowest"), (self.phase)(phase));
                write!(self, "`{metric}` is {which} in {phase}{}", self.by_more())?;
                write!(
                    self,
                    ", compared with {}{}",
                    self.phases(among, ", "),
                    in_scenario(scenario.as_deref())
                )
            }
            Contrast::Change { to, from, scenario } => {
                write!(self, "{} {} {}", subject(to), self.moves(), self.between(from, &to.period))?;
                write!(self, "{}", in_scenario(scenario.as_deref()))
            }
            Contrast::Difference { of, scenario, against, from, beside } => {
                write!(self, "{} {}", subject(of), self.moves())?;
                match from {
                    Some(from) => write!(self, " in its change {}", self.between(from, &of.period))?,
                    None => write!(self, "{}", self.period(&of.period))?,
                }
                write!(self, ", in `{scenario}` compared with {}", named(against.as_deref()))?;
                match beside {
                    Some((name, share)) => {
                        write!(self, ", less {} of the effect of `{name}`", percent(*share))
                    }
                    None => Ok(()),
                }
            }
            Contrast::Dose { of, key, values, monotone, scenario } => {
                let way = self.pick("rises", "falls");
                let ends = values.first().zip(values.last());
                let range = ends.map_or(String::new(), |(low, high)| format!(" from {low} to {high}"));
                let monotone = if *monotone { ", without a step against it" } else { "" };
                write!(self, "{} {way}{}{}", subject(of), self.by_more(), self.period(&of.period))?;
                write!(self, " with `{key}`{range}{monotone}{}", in_scenario(scenario.as_deref()))
            }
            Contrast::Interaction { of, first, second, both } => {
                write!(self, "{} {}{} with `{both}`", subject(of), self.moves(), self.period(&of.period))?;
                write!(self, ", less the sum of the effects of `{first}` and `{second}`")
            }
            Contrast::Event { metric, event, months } => {
                write!(self, "`{metric}` {} in the {months} months from {event} on", self.moves())?;
                write!(self, ", compared with the base without this event")
            }
            other => self.special(other),
        }
    }

    /// Contrasts whose estimate is not in the unit of a metric.
    fn special(&mut self, contrast: &Contrast) -> fmt::Result {
        match contrast {
            Contrast::Timing { of, reference, scenario } => {
                let (way, unit) = (self.pick("after", "before"), " months");
                let way = match self.region.side {
                    Side::Near => format!("within {}{unit} of", self.margin()),
                    _ if self.is_exact() => way.to_owned(),
                    _ => format!("more than {}{unit} {way}", self.margin()),
                };
                write!(self, "the {} comes {way} {}", self.extreme_month(of), self.moment(reference))?;
                write!(self, "{}{}", self.part(&of.period), in_scenario(scenario.as_deref()))
            }
            Contrast::Peaks { of, prominence, scenario } => {
                let what = if of.extremum == Extremum::Maximum { "maxima" } else { "minima" };
                write!(self, "the number of {what} of `{}`{}", of.metric, smoothed(of.smooth))?;
                write!(self, " with a prominence of {prominence} or more is {}", self.level())?;
                write!(self, "{}{}", self.part(&of.period), in_scenario(scenario.as_deref()))
            }
            Contrast::Lag { metric, scenario, against, from, until, share, smooth } => {
                write!(self, "the difference in `{metric}`{} between `{scenario}`", smoothed(*smooth))?;
                write!(
                    self,
                    " and {} reaches {} of its largest",
                    named(against.as_deref()),
                    percent(*share)
                )?;
                write!(
                    self,
                    " value until {until} after a number of months from {from} that is {}",
                    self.level()
                )
            }
            Contrast::Survival { cohort, against, months, scenario } => {
                let way = self.pick("sooner", "later");
                let (cohort, against) = ((self.phase)(cohort), (self.phase)(against));
                write!(
                    self,
                    "those who entered the elite in {cohort} leave it {way} than those of {against}"
                )?;
                write!(self, " within {months} months, by a log hazard ratio{}", self.of_more())?;
                write!(self, "{}", in_scenario(scenario.as_deref()))
            }
            Contrast::Plants { outcome, regressor, from, to, scenario } => {
                let regressor = match regressor {
                    PlantRegressor::AccusationsOfBosses => "accusations of bosses",
                    PlantRegressor::Arrests => "arrests",
                    PlantRegressor::Openings => "openings",
                };
                let (from, to) = ((self.phase)(from), (self.phase)(to));
                write!(self, "across plants, `{}` {}", outcome.word(), self.moves())?;
                write!(self, " for each unit of {regressor}, both as changes from {from} to {to}")?;
                write!(self, "{}", in_scenario(scenario.as_deref()))
            }
            Contrast::Terciles { months, period, scenario } => {
                let moves = self.moves();
                write!(
                    self,
                    "in the {months} months after a member of the elite of their plant falls{}, ",
                    self.part(period)
                )?;
                write!(
                    self,
                    "grievance {moves} in the most egalitarian third of workers, compared with the least"
                )?;
                write!(self, " egalitarian third{}", in_scenario(scenario.as_deref()))
            }
            Contrast::Correlation { metric, with, than, period, scenario } => {
                match than {
                    Some(than) => write!(
                        self,
                        "the absolute correlation of `{metric}` with `{with}` minus that with `{than}`"
                    )?,
                    None => write!(self, "the correlation of `{metric}` with `{with}`")?,
                }
                write!(self, " over months is {}{}", self.level(), self.part(period))?;
                write!(self, "{}", in_scenario(scenario.as_deref()))
            }
            Contrast::Controllability { metric, phase, among } => {
                write!(self, "the share of the variance of `{metric}` that the levers explain is ")?;
                let phase = (self.phase)(phase);
                if among.is_empty() {
                    return write!(self, "{} in {phase}", self.level());
                }
                write!(self, "{} in {phase}{}", self.pick("highest", "lowest"), self.by_more())?;
                write!(self, ", compared with {}", self.phases(among, ", "))
            }
            Contrast::Recovery { motive } => {
                let of = motive.as_deref().map_or(String::new(), |motive| format!(" from {motive}"));
                write!(self, "the share of accusations{of} whose motive is recovered from the profile of ")?;
                write!(self, "the target is {}", self.level())
            }
            _ => Ok(()),
        }
    }

    fn pick(&self, above: &'static str, below: &'static str) -> &'static str {
        if matches!(self.region.side, Side::Below | Side::NotAbove) { below } else { above }
    }

    fn margin(&self) -> String {
        match self.region.margin {
            Margin::Absolute(margin) => margin.to_string(),
            Margin::Share(share) => percent(share),
        }
    }

    fn is_exact(&self) -> bool {
        matches!(self.region.margin, Margin::Absolute(0.0) | Margin::Share(0.0))
    }

    /// ` by more than 0.01`, or nothing if any effect counts.
    fn by_more(&self) -> String {
        if self.is_exact() { String::new() } else { format!(" by more than {}", self.margin()) }
    }

    fn of_more(&self) -> String {
        format!(" of more than {}", self.margin())
    }

    fn each(&self) -> String {
        if self.is_exact() { ", each time".to_owned() } else { format!(", each time{}", self.by_more()) }
    }

    /// The claimed side as a verb: `rises by more than 0.01`.
    fn moves(&self) -> String {
        match self.region.side {
            Side::Above => format!("rises{}", self.by_more()),
            Side::Below => format!("falls{}", self.by_more()),
            Side::NotBelow => format!("does not fall{}", self.by_more()),
            Side::NotAbove => format!("does not rise{}", self.by_more()),
            Side::Near => format!("hardly changes (within {})", self.margin()),
        }
    }

    /// The claimed side of the bound: `above 0.5 by more than 0.01`.
    fn level(&self) -> String {
        let bound = self.region.bound;
        match self.region.side {
            Side::Near => format!("within {} of {bound}", self.margin()),
            _ => format!("{} {bound}{}", self.pick("above", "below"), self.by_more()),
        }
    }

    fn period(&self, period: &Period) -> String {
        match period {
            Period::Whole => " over the whole period".to_owned(),
            Period::Phase(phase) => format!(" in {}", (self.phase)(phase)),
            Period::Months(from, until) => format!(" from {from} to {until}"),
        }
    }

    /// A period, if it is not the whole.
    fn part(&self, period: &Period) -> String {
        if *period == Period::Whole { String::new() } else { self.period(period) }
    }

    fn between(&self, from: &Period, to: &Period) -> String {
        let name = |period: &Period| match period {
            Period::Whole => "the whole period".to_owned(),
            Period::Phase(phase) => (self.phase)(phase),
            Period::Months(from, until) => format!("the months {from} to {until}"),
        };
        format!("from {} to {}", name(from), name(to))
    }

    fn phases(&self, phases: &[String], between: &str) -> String {
        phases.iter().map(|phase| (self.phase)(phase)).collect::<Vec<_>>().join(between)
    }

    fn extreme_month(&self, of: &ExtremeMonth) -> String {
        format!("{} of `{}`{}", word_of(EXTREMA, &of.extremum), of.metric, smoothed(of.smooth))
    }

    fn moment(&self, moment: &Moment) -> String {
        match moment {
            Moment::Month(month) => month.to_string(),
            Moment::Extremum(of) => format!("the {}", self.extreme_month(of)),
        }
    }
}

/// A metric with its statistic.
fn subject(of: &Measured) -> String {
    let metric = &of.metric;
    match of.statistic {
        Statistic::Mean => format!("`{metric}`"),
        Statistic::Sum => format!("the sum of `{metric}`"),
        Statistic::End => format!("`{metric}` in the last month"),
        Statistic::Spread => format!("the standard deviation of `{metric}`"),
    }
}

fn smoothed(months: u32) -> String {
    if months > 1 { format!(" (moving average of {months} months)") } else { String::new() }
}

fn percent(share: f64) -> String {
    format!("{} %", (1e8 * share).round() / 1e6)
}

fn named(scenario: Option<&str>) -> String {
    scenario.map_or_else(|| "the base".to_owned(), |name| format!("`{name}`"))
}

fn in_scenario(scenario: Option<&str>) -> String {
    scenario.map_or(String::new(), |name| format!(", in `{name}`"))
}
