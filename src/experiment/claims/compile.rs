//! Turns the tests of a file of hypotheses into numbers of runs and sums over them.
//!
//! A test has components, each a weighted sum of quantities in *arms*: the base, a scenario, the base without an event, or
//! a dose. The same component is evaluated under every condition, so nulls, ablations and draws need no code of their own.

use super::quantities::{Course, Quantity, Span};
use crate::engine::calendar::Month;
use crate::model::levers::LEVERS;
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use crate::scenario::claims::{
    ClaimTest, Claims, Contrast, ExtremeMonth, Measured, Period, Region, Statistic, Test,
};
use crate::scenario::{Scenario, WHOLE_PERIOD};

/// Metrics that depend on whom accusations hit.
const TARGETED: &[&str] = &[
    "share_upwards",
    "share_sideways",
    "accused_entropy",
    "former_share_of_accused",
    "former_hazard_ratio",
    "hazard_newly_risen",
    "hazard_settled",
    "hazard_established",
    "accusations_of_bosses_per_1000",
    "accusations_worker_on_worker_per_1000",
    "hazard_ratio_ambitious",
    "hazard_ratio_able",
    "hazard_ratio_candidates",
    "hazard_ratio_newly_risen",
    "accusations_of_former_per_1000",
    "accusations_of_specialists_per_1000",
    "accusations_of_managers_per_1000",
    "accusations_of_officials_per_1000",
    "accusations_of_workers_per_1000",
];

/// What is run: the base with a patch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arm {
    /// The base.
    Base,
    /// A shipped scenario or one of the file, by name.
    Scenario(String),
    /// The base without an event.
    WithoutEvent(String),
    /// A scenario (`None`: the base) with a key at a value, which is given as text.
    Dose(Option<String>, String, String),
}

impl Arm {
    /// The scenario whose patch it has.
    pub fn scenario(&self) -> Option<&str> {
        match self {
            Arm::Base | Arm::WithoutEvent(_) => None,
            Arm::Scenario(name) => Some(name),
            Arm::Dose(scenario, ..) => scenario.as_deref(),
        }
    }

    /// The word in tables.
    pub fn word(&self) -> String {
        match self {
            Arm::Base => "base".to_owned(),
            Arm::Scenario(name) => name.clone(),
            Arm::WithoutEvent(event) => format!("without {event}"),
            Arm::Dose(scenario, key, value) => {
                format!(
                    "{}{key}={value}",
                    scenario.as_ref().map_or_else(String::new, |name| format!("{name}+"))
                )
            }
        }
    }
}

/// A weighted quantity of an arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// The weight.
    pub weight: f64,
    /// Position of the arm.
    pub arm: usize,
    /// Position of the quantity.
    pub quantity: usize,
}

/// How a component is computed.
#[derive(Debug, Clone, PartialEq)]
pub enum Estimator {
    /// The sum of terms, replicate by replicate.
    Sum(Vec<Term>),
    /// The first of these months in which the difference of two arms reaches a share of its largest value.
    Lag {
        /// The differences by month, in order.
        months: Vec<[Term; 2]>,
        /// The share.
        share: f64,
    },
    /// The share of variance over random policies that the levers explain; with a second quantity minus its share.
    Controllability(usize, Option<usize>),
}

impl Estimator {
    /// The quantities that it reads.
    pub fn terms(&self) -> impl Iterator<Item = Term> + '_ {
        let (sum, lag) = match self {
            Estimator::Sum(terms) => (terms.as_slice(), [].as_slice()),
            Estimator::Lag { months, .. } => ([].as_slice(), months.as_flattened()),
            Estimator::Controllability(..) => ([].as_slice(), [].as_slice()),
        };
        sum.iter().chain(lag).copied()
    }
}

/// A component of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// In words.
    pub words: String,
    /// Unit of the estimate.
    pub unit: String,
    /// How it is computed.
    pub estimator: Estimator,
    /// What it starts from, whose absolute mean a margin given as a share refers to; empty for none.
    pub reference: Vec<Term>,
    /// The region, which may differ from that of the test: steps of a dose must not go against its slope.
    pub region: Region,
}

/// A test that can be carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// The components, all of which count.
    pub components: Vec<Component>,
    /// Two effects whose ratio is reported as well: the scenario's and that of the one beside it.
    pub ratio: Option<[Vec<Term>; 2]>,
}

impl Compiled {
    /// The same test with the scenario at the end of its words, if it is made in one other than the base.
    fn named(mut self, contrast: &Contrast) -> Compiled {
        if let Some(scenario) = contrast.scenario() {
            self.components.iter_mut().for_each(|one| one.words += &format!(", in {scenario}"));
        }
        self
    }
}

/// All tests of a file, with what they need.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Compilation {
    /// The arms, the base first.
    pub arms: Vec<Arm>,
    /// The quantities.
    pub quantities: Vec<Quantity>,
    /// By claim and test; the error says why a test cannot be carried out.
    pub tests: Vec<Vec<Result<Compiled, String>>>,
    phases: Vec<(String, Span)>,
    events: Vec<(String, Month)>,
}

impl Compilation {
    /// Compiles the tests of a file on a base.
    pub fn of(claims: &Claims, base: &Scenario) -> Compilation {
        let mut all = Compilation::on(base);
        for claim in &claims.claims {
            let tests = claim.tests.iter().map(|test| match test {
                ClaimTest::Ready(test) => all.test(test).map(|compiled| compiled.named(&test.contrast)),
                ClaimTest::Waiting(test) => Err(format!("needs {}", test.needs)),
            });
            let tests = tests.collect();
            all.tests.push(tests);
        }
        all.add_chance_targets();
        // A row of one undefined quantity would be an empty line.
        if all.quantities.len() < 2 {
            all.constant();
        }
        all
    }

    /// Adds the quantities that the null model of chance targets needs.
    fn add_chance_targets(&mut self) {
        for position in 0..self.quantities.len() {
            // Other statistics than the mean are taken over months, whose columns have true targets only.
            if let Quantity::Measured { metric, span, statistic: Statistic::Mean, chance: false } =
                &self.quantities[position]
                && TARGETED.contains(&metric.as_str())
            {
                let (metric, span, statistic) = (metric.clone(), *span, Statistic::Mean);
                self.quantity(Quantity::Measured { metric, span, statistic, chance: true });
            }
        }
    }

    /// Nothing compiled yet, with the phases and events of a base.
    pub fn on(base: &Scenario) -> Compilation {
        let ends = base.phases.iter().skip(1).map(|phase| Month(phase.from.0 - 1)).chain([Month::LAST]);
        let phases = base.phases.iter().zip(ends);
        Compilation {
            arms: vec![Arm::Base],
            phases: phases
                .map(|(phase, last)| (phase.name.clone(), Span { first: phase.from, last }))
                .collect(),
            events: base.events.iter().map(|event| (event.name.clone(), event.from)).collect(),
            ..Compilation::default()
        }
    }

    /// The arms of the tests of some claims, in order; the base is always one of them.
    pub fn arms_of(&self, selects: impl Fn(usize) -> bool) -> Vec<usize> {
        let tests = self.tests.iter().enumerate().filter(|(claim, _)| selects(*claim));
        let compiled = tests.flat_map(|(_, tests)| tests.iter().flatten());
        let mut arms: Vec<usize> = vec![0];
        for component in compiled.flat_map(|test| &test.components) {
            arms.extend(component.estimator.terms().map(|term| term.arm));
        }
        arms.sort_unstable();
        arms.dedup();
        arms
    }

    /// The quantity on chance targets that stands for a quantity; `None` if it does not depend on targets.
    pub fn chance_of(&self, quantity: usize) -> Option<usize> {
        let Quantity::Measured { metric, span, statistic, .. } = &self.quantities[quantity] else {
            return None;
        };
        let (metric, span, statistic) = (metric.clone(), *span, *statistic);
        let wanted = Quantity::Measured { metric, span, statistic, chance: true };
        self.quantities.iter().position(|other| *other == wanted)
    }

    /// The quantity of accusations from one motive that are ascribed to another.
    pub fn ascribed(&self, of: usize, to: usize) -> Option<usize> {
        self.quantities.iter().position(|quantity| *quantity == Quantity::Ascribed(of, to))
    }

    /// Compiles a test; the error says why it cannot be carried out.
    ///
    /// # Errors
    ///
    /// If it names a phase or an event that the base lacks.
    pub fn test(&mut self, test: &Test) -> Result<Compiled, String> {
        let components = self.components(&test.contrast, test.region)?;
        let ratio = match &test.contrast {
            Contrast::Difference { of, scenario, against, from, beside: Some((other, _)) } => {
                let own = self.difference(of, from.as_ref(), scenario, against.as_deref())?;
                Some([own, self.difference(of, from.as_ref(), other, against.as_deref())?])
            }
            _ => None,
        };
        Ok(Compiled { components, ratio })
    }

    /// The terms of a difference of two scenarios, or of their changes.
    pub(super) fn difference(
        &mut self,
        of: &Measured,
        from: Option<&Period>,
        scenario: &str,
        against: Option<&str>,
    ) -> Result<Vec<Term>, String> {
        let mut terms = vec![self.term(1.0, Some(scenario), of)?, self.term(-1.0, against, of)?];
        if let Some(from) = from {
            let before = Measured { period: from.clone(), ..of.clone() };
            terms.push(self.term(-1.0, Some(scenario), &before)?);
            terms.push(self.term(1.0, against, &before)?);
        }
        Ok(terms)
    }

    pub(super) fn term(
        &mut self,
        weight: f64,
        scenario: Option<&str>,
        of: &Measured,
    ) -> Result<Term, String> {
        let quantity = self.measured(of)?;
        Ok(Term { weight, arm: self.arm(scenario), quantity })
    }

    pub(super) fn measured(&mut self, of: &Measured) -> Result<usize, String> {
        let span = self.span(&of.period)?;
        let (metric, statistic) = (of.metric.clone(), of.statistic);
        Ok(self.quantity(Quantity::Measured { metric, span, statistic, chance: false }))
    }

    pub(super) fn measured_in(&mut self, metric: &str, phase: &str) -> Result<usize, String> {
        self.measured(&Measured {
            metric: metric.to_owned(),
            period: Period::Phase(phase.to_owned()),
            statistic: Statistic::Mean,
        })
    }

    /// A quantity that is 1 in every run, for constants in sums.
    pub(super) fn constant(&mut self) -> usize {
        let span = Span { first: Month::FIRST, last: Month::FIRST };
        let (metric, statistic) = ("months".to_owned(), Statistic::Mean);
        self.quantity(Quantity::Measured { metric, span, statistic, chance: false })
    }

    pub(super) fn quantity(&mut self, quantity: Quantity) -> usize {
        position(&mut self.quantities, quantity)
    }

    pub(super) fn arm(&mut self, scenario: Option<&str>) -> usize {
        match scenario {
            None => 0,
            Some(name) => self.arm_of(Arm::Scenario(name.to_owned())),
        }
    }

    pub(super) fn arm_of(&mut self, arm: Arm) -> usize {
        position(&mut self.arms, arm)
    }

    pub(super) fn course(&self, of: &ExtremeMonth) -> Result<Course, String> {
        Ok(Course { metric: of.metric.clone(), span: self.span(&of.period)?, smooth: of.smooth })
    }

    pub(super) fn phase(&self, name: &str) -> Result<Span, String> {
        let found = self.phases.iter().find(|(phase, _)| phase == name);
        found.map(|(_, span)| *span).ok_or_else(|| format!("the base has no phase {name:?}"))
    }

    pub(super) fn span(&self, period: &Period) -> Result<Span, String> {
        match period {
            Period::Whole => Ok(Span { first: Month::FIRST, last: Month::LAST }),
            Period::Phase(name) => self.phase(name),
            Period::Months(first, last) => Ok(Span { first: *first, last: *last }),
        }
    }

    pub(super) fn event(&self, name: &str) -> Result<Month, String> {
        let found = self.events.iter().find(|(event, _)| event == name);
        found.map(|(_, month)| *month).ok_or_else(|| format!("the base has no event {name:?}"))
    }

    pub(super) fn words(&self, of: &Measured) -> String {
        let statistic = match of.statistic {
            Statistic::Mean => "",
            Statistic::Sum => "sum of ",
            Statistic::End => "last month of ",
            Statistic::Spread => "spread of ",
        };
        format!("{statistic}{}, {}", of.metric, period_words(&of.period))
    }
}

fn position<T: PartialEq>(list: &mut Vec<T>, one: T) -> usize {
    match list.iter().position(|other| *other == one) {
        Some(position) => position,
        None => {
            list.push(one);
            list.len() - 1
        }
    }
}

pub(super) fn minus(term: Term) -> Term {
    Term { weight: -term.weight, ..term }
}

pub(super) fn period_words(period: &Period) -> String {
    match period {
        Period::Whole => WHOLE_PERIOD.to_owned(),
        Period::Phase(name) => name.clone(),
        Period::Months(first, last) => format!("{first} to {last}"),
    }
}

/// The unit of a metric.
pub fn unit_of(metric: &str) -> String {
    let phase = PHASE_MEASURES.iter().find(|measure| measure.key == metric).map(|measure| measure.unit);
    let month = || MONTH_MEASURES.iter().find(|measure| measure.key == metric).map(|measure| measure.unit);
    let lever = || {
        let key = metric.strip_prefix("levers.")?;
        LEVERS.iter().any(|info| info.key == key).then_some("0 to 1")
    };
    let own = || match metric {
        "half_life_months" => "months",
        metric if metric.starts_with("accusations_of_") => "per 1000 people per year",
        _ => "share",
    };
    phase.or_else(month).or_else(lever).unwrap_or_else(own).to_owned()
}

#[cfg(test)]
mod tests;
