//! Writes the components of each kind of contrast.

use super::compile::{Arm, Compilation, Component, Estimator, Term, minus, period_words, unit_of};
use super::quantities::Quantity;
use crate::engine::calendar::Month;
use crate::model::state::standing::MOTIVE_NAMES;
use crate::scenario::claims::{
    Contrast, ExtremeMonth, Extremum, Measured, Moment, Period, PlantRegressor, Region, Side, Statistic,
};
use crate::scenario::number_text;

/// What a component says and how it is computed, before its region is known.
struct Draft {
    words: String,
    unit: String,
    estimator: Estimator,
    reference: Vec<Term>,
}

impl Draft {
    /// A sum of terms. `reference` is what it starts from.
    fn sum(words: String, unit: impl Into<String>, terms: Vec<Term>, reference: Vec<Term>) -> Draft {
        Draft { words, unit: unit.into(), estimator: Estimator::Sum(terms), reference }
    }

    fn in_region(self, region: Region) -> Component {
        let Draft { words, unit, estimator, reference } = self;
        Component { words, unit, estimator, reference, region }
    }
}

impl Compilation {
    /// The components of a contrast.
    ///
    /// # Errors
    ///
    /// If it names a phase or an event that the base lacks.
    pub(super) fn components(
        &mut self,
        contrast: &Contrast,
        region: Region,
    ) -> Result<Vec<Component>, String> {
        let one = match contrast {
            Contrast::Level { of, scenario } => {
                let term = self.term(1.0, scenario.as_deref(), of)?;
                Draft::sum(self.words(of), unit_of(&of.metric), vec![term], Vec::new())
            }
            Contrast::Order { metric, phases, scenario } => {
                let pairs = phases.windows(2).map(|pair| (pair[1].as_str(), pair[0].as_str()));
                return self.pairs(metric, pairs.collect(), scenario.as_deref(), region);
            }
            Contrast::Extreme { metric, phase, among, scenario } => {
                let pairs = among.iter().map(|other| (phase.as_str(), other.as_str()));
                return self.pairs(metric, pairs.collect(), scenario.as_deref(), region);
            }
            Contrast::Dose { of, key, values, monotone, scenario } => {
                return self.dose(of, key, values, *monotone, scenario.as_deref(), region);
            }
            Contrast::Controllability { metric, phase, among } => {
                return self.controllability(metric, phase, among, region);
            }
            Contrast::Change { to, from, scenario } => self.change(to, from, scenario.as_deref())?,
            Contrast::Difference { of, scenario, against, from, beside } => {
                let beside = beside.as_ref().map(|(other, share)| (other.as_str(), *share));
                self.compared(of, scenario, against.as_deref(), from.as_ref(), beside)?
            }
            Contrast::Interaction { of, first, second, both } => self.interaction(of, first, second, both)?,
            Contrast::Event { metric, event, months } => self.event_study(metric, event, *months)?,
            Contrast::Timing { of, reference, scenario } => {
                self.timing(of, reference, scenario.as_deref())?
            }
            Contrast::Peaks { of, prominence, scenario } => {
                let quantity = Quantity::Peaks(self.course(of)?, of.extremum, prominence.to_bits());
                let what = match of.extremum {
                    Extremum::Maximum => "maxima",
                    Extremum::Minimum => "minima",
                };
                let words = format!(
                    "number of {what} of {} that stand out by {}, {}",
                    smoothed_words(of),
                    number_text(*prominence),
                    period_words(&of.period)
                );
                self.of_run(quantity, scenario.as_deref(), words, what)
            }
            Contrast::Lag { metric, scenario, against, from, until, share, smooth } => {
                let arms = [self.arm(Some(scenario)), self.arm(against.as_deref())];
                let months = (from.0..=until.0).map(|month| {
                    let quantity = self.quantity(Quantity::Month(metric.clone(), Month(month), *smooth));
                    [(1.0, arms[0]), (-1.0, arms[1])].map(|(weight, arm)| Term { weight, arm, quantity })
                });
                let estimator = Estimator::Lag { months: months.collect(), share: *share };
                let words = format!(
                    "months from {from} until {} of the effect of {scenario} on {metric}",
                    number_text(*share)
                );
                Draft { words, unit: "months".into(), estimator, reference: Vec::new() }
            }
            Contrast::Survival { cohort, against, months, scenario } => {
                let quantity = Quantity::LogRank(self.phase(cohort)?, self.phase(against)?, *months);
                let words = format!(
                    "log hazard ratio of leaving the elite, entrants of {cohort} over those of {against}, {months} months"
                );
                self.of_run(quantity, scenario.as_deref(), words, "log ratio")
            }
            Contrast::Plants { outcome, regressor, from, to, scenario } => {
                let quantity = Quantity::Plants(*outcome, *regressor, self.phase(from)?, self.phase(to)?);
                let words = format!(
                    "coefficient across plants of the change of {} on that of {}, {from} to {to}",
                    outcome.word(),
                    regressor.word()
                );
                let unit = match regressor {
                    PlantRegressor::AccusationsOfBosses => "outcome per accusation per head and year",
                    PlantRegressor::Arrests => "outcome per arrest per head and year",
                    PlantRegressor::Openings => "outcome per opening per elite post and year",
                };
                self.of_run(quantity, scenario.as_deref(), words, unit)
            }
            Contrast::Terciles { months, period, scenario } => {
                let quantity = Quantity::Terciles(self.span(period)?, *months);
                let words = format!(
                    "response of grievance within {months} months of a fall in the plant, most minus least egalitarian third, {}",
                    period_words(period)
                );
                self.of_run(quantity, scenario.as_deref(), words, "0 to 1")
            }
            Contrast::Correlation { metric, with, than, period, scenario } => {
                self.correlation([metric, with], than.as_deref(), period, scenario.as_deref())?
            }
            Contrast::Recovery { motive } => self.recovery(motive.as_deref()),
        };
        Ok(vec![one.in_region(region)])
    }

    /// A single quantity of a run.
    fn of_run(&mut self, quantity: Quantity, scenario: Option<&str>, words: String, unit: &str) -> Draft {
        let term = Term { weight: 1.0, arm: self.arm(scenario), quantity: self.quantity(quantity) };
        Draft::sum(words, unit, vec![term], Vec::new())
    }

    fn change(&mut self, to: &Measured, from: &Period, scenario: Option<&str>) -> Result<Draft, String> {
        let after = self.term(1.0, scenario, to)?;
        let before = self.term(1.0, scenario, &Measured { period: from.clone(), ..to.clone() })?;
        let words = format!("{}, minus {}", self.words(to), period_words(from));
        Ok(Draft::sum(words, unit_of(&to.metric), vec![after, minus(before)], vec![before]))
    }

    /// A difference of two scenarios, or of their changes, perhaps minus a share of another scenario's.
    fn compared(
        &mut self,
        of: &Measured,
        scenario: &str,
        against: Option<&str>,
        from: Option<&Period>,
        beside: Option<(&str, f64)>,
    ) -> Result<Draft, String> {
        let terms = self.difference(of, from, scenario, against)?;
        let (mut own, rest): (Vec<Term>, Vec<Term>) =
            terms.iter().partition(|term| self.arms[term.arm] == Arm::Scenario(scenario.to_owned()));
        let mut reference: Vec<Term> = rest.into_iter().map(minus).collect();
        let mut words = self.words(of);
        if let Some(from) = from {
            words += &format!(", change from {}", period_words(from));
        }
        words += &format!(", {scenario} minus {}", against.unwrap_or("the base"));
        if let Some((other, share)) = beside {
            let effect = self.difference(of, from, other, against)?;
            reference.extend(effect.iter().map(|term| Term { weight: share * term.weight, ..*term }));
            words += &format!(", minus {} of the effect of {other}", number_text(share));
        }
        own.extend(reference.iter().copied().map(minus));
        Ok(Draft::sum(words, unit_of(&of.metric), own, reference))
    }

    fn interaction(&mut self, of: &Measured, first: &str, second: &str, both: &str) -> Result<Draft, String> {
        let base = self.term(1.0, None, of)?;
        let mut terms = vec![base];
        for (weight, scenario) in [(1.0, both), (-1.0, first), (-1.0, second)] {
            terms.push(self.term(weight, Some(scenario), of)?);
        }
        let words = format!("{}: {both} - {first} - {second} + the base", self.words(of));
        Ok(Draft::sum(words, unit_of(&of.metric), terms, vec![base]))
    }

    fn event_study(&mut self, metric: &str, event: &str, months: u32) -> Result<Draft, String> {
        let first = self.event(event)?;
        let last = Month((first.0 + months as u16 - 1).min(Month::LAST.0));
        let (metric, period) = (metric.to_owned(), Period::Months(first, last));
        let of = Measured { metric, period, statistic: Statistic::Mean };
        let with = self.term(1.0, None, &of)?;
        let without = Term { arm: self.arm_of(Arm::WithoutEvent(event.to_owned())), ..with };
        let words = format!("{}, with minus without {event}", self.words(&of));
        Ok(Draft::sum(words, unit_of(&of.metric), vec![with, minus(without)], vec![without]))
    }

    fn timing(
        &mut self,
        of: &ExtremeMonth,
        reference: &Moment,
        scenario: Option<&str>,
    ) -> Result<Draft, String> {
        let arm = self.arm(scenario);
        let quantity = Quantity::Extreme(self.course(of)?, of.extremum);
        let later = Term { weight: 1.0, arm, quantity: self.quantity(quantity) };
        let (earlier, words) = match reference {
            Moment::Month(month) => {
                let one = self.constant();
                let weight = -(month.index() as f64);
                (Term { weight, arm, quantity: one }, month.to_string())
            }
            Moment::Extremum(other) => {
                let quantity = Quantity::Extreme(self.course(other)?, other.extremum);
                let quantity = self.quantity(quantity);
                (Term { weight: -1.0, arm, quantity }, extremum_words(other))
            }
        };
        let words = format!("{} minus {words}", extremum_words(of));
        Ok(Draft::sum(words, "months", vec![later, earlier], Vec::new()))
    }

    fn correlation(
        &mut self,
        [metric, with]: [&str; 2],
        than: Option<&str>,
        period: &Period,
        scenario: Option<&str>,
    ) -> Result<Draft, String> {
        let (arm, span, absolute) = (self.arm(scenario), self.span(period)?, than.is_some());
        let mut term = |weight: f64, with: &str| {
            let (metric, with) = (metric.to_owned(), with.to_owned());
            let quantity = self.quantity(Quantity::Correlation { metric, with, span, absolute });
            Term { weight, arm, quantity }
        };
        let mut terms = vec![term(1.0, with)];
        let mut words = format!("correlation over months of {metric} and {with}, {}", period_words(period));
        if let Some(than) = than {
            terms.push(term(-1.0, than));
            words += &format!(", absolute, minus that of {metric} and {than}");
        }
        Ok(Draft::sum(words, "correlation", terms, Vec::new()))
    }

    /// The share of variance that levers explain, alone or minus that of other phases.
    fn controllability(
        &mut self,
        metric: &str,
        phase: &str,
        among: &[String],
        region: Region,
    ) -> Result<Vec<Component>, String> {
        let own = self.measured_in(metric, phase)?;
        let mut others = vec![];
        for other in among.iter().filter(|other| *other != phase) {
            others.push((Some(self.measured_in(metric, other)?), format!(" minus {other}")));
        }
        if others.is_empty() {
            others.push((None, String::new()));
        }
        let component = |(other, minus_other): (Option<usize>, String)| Component {
            words: format!("share of the variance of {metric} that levers explain, {phase}{minus_other}"),
            unit: "share of variance".into(),
            estimator: Estimator::Controllability(own, other),
            reference: Vec::new(),
            region,
        };
        Ok(others.into_iter().map(component).collect())
    }

    /// The share of accusations whose motive is recovered. All cells of the confusion matrix are recorded with it.
    fn recovery(&mut self, motive: Option<&str>) -> Draft {
        let asked = |position: &usize| motive.is_none_or(|name| name == MOTIVE_NAMES[*position]);
        let motives: Vec<usize> = (0..MOTIVE_NAMES.len()).filter(asked).collect();
        let weight = 1.0 / motives.len() as f64;
        let terms = motives.into_iter().map(|motive| {
            let quantity = self.quantity(Quantity::Ascribed(motive, motive));
            Term { weight, arm: 0, quantity }
        });
        let terms = terms.collect();
        for of in 0..MOTIVE_NAMES.len() {
            for to in 0..MOTIVE_NAMES.len() {
                self.quantity(Quantity::Ascribed(of, to));
            }
        }
        let whose = motive.map_or_else(String::new, |name| format!(" from {name}"));
        let words = format!("share of accusations{whose} whose motive the target's profile gives away");
        Draft::sum(words, "share", terms, Vec::new())
    }

    /// One component for each pair of phases: the first minus the second.
    fn pairs(
        &mut self,
        metric: &str,
        pairs: Vec<(&str, &str)>,
        scenario: Option<&str>,
        region: Region,
    ) -> Result<Vec<Component>, String> {
        let mut components = Vec::new();
        for (one, other) in pairs.into_iter().filter(|(one, other)| one != other) {
            let arm = self.arm(scenario);
            let first = Term { weight: 1.0, arm, quantity: self.measured_in(metric, one)? };
            let second = Term { weight: 1.0, arm, quantity: self.measured_in(metric, other)? };
            components.push(Component {
                words: format!("{metric}, {one} minus {other}"),
                unit: unit_of(metric),
                estimator: Estimator::Sum(vec![first, minus(second)]),
                reference: vec![second],
                region,
            });
        }
        Ok(components)
    }

    /// The slope over the doses times their range, and the steps between them.
    fn dose(
        &mut self,
        of: &Measured,
        key: &str,
        values: &[f64],
        monotone: bool,
        scenario: Option<&str>,
        region: Region,
    ) -> Result<Vec<Component>, String> {
        let quantity = self.measured(of)?;
        let arms: Vec<usize> = values
            .iter()
            .map(|value| {
                self.arm_of(Arm::Dose(scenario.map(str::to_owned), key.to_owned(), number_text(*value)))
            })
            .collect();
        let term = |weight: f64, arm: usize| Term { weight, arm, quantity };
        let slope = slope_weights(values).into_iter().zip(&arms).map(|(weight, arm)| term(weight, *arm));
        let (first, unit) = (vec![term(1.0, arms[0])], unit_of(&of.metric));
        let what = self.words(of);
        let mut components = vec![Component {
            words: format!(
                "{what}, slope on {key} times its range from {} to {}",
                number_text(values[0]),
                number_text(values[values.len() - 1])
            ),
            unit: unit.clone(),
            estimator: Estimator::Sum(slope.collect()),
            reference: first.clone(),
            region,
        }];
        if monotone {
            let side = if region.side == Side::Above { Side::NotBelow } else { Side::NotAbove };
            for (step, pair) in arms.windows(2).enumerate() {
                components.push(Component {
                    words: format!(
                        "{what}, step of {key} from {} to {}, not against the slope",
                        number_text(values[step]),
                        number_text(values[step + 1])
                    ),
                    unit: unit.clone(),
                    estimator: Estimator::Sum(vec![term(1.0, pair[1]), term(-1.0, pair[0])]),
                    reference: first.clone(),
                    region: Region { side, ..region },
                });
            }
        }
        Ok(components)
    }
}

/// The weights of outcomes that give their slope on the doses, by least squares, times the range of the doses.
fn slope_weights(doses: &[f64]) -> Vec<f64> {
    let mean = doses.iter().sum::<f64>() / doses.len() as f64;
    let squares: f64 = doses.iter().map(|dose| (dose - mean) * (dose - mean)).sum();
    let range = doses[doses.len() - 1] - doses[0];
    doses.iter().map(|dose| range * (dose - mean) / squares).collect()
}

fn extremum_words(of: &ExtremeMonth) -> String {
    let extremum = match of.extremum {
        Extremum::Maximum => "maximum",
        Extremum::Minimum => "minimum",
    };
    format!("month of the {extremum} of {} ({})", smoothed_words(of), period_words(&of.period))
}

/// A column, with the months over which it is averaged.
fn smoothed_words(of: &ExtremeMonth) -> String {
    match of.smooth {
        1 => of.metric.clone(),
        months => format!("{} (mean of {months} months)", of.metric),
    }
}

#[cfg(test)]
mod tests;
