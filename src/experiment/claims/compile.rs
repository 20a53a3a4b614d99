//! Turns the tests of a file of hypotheses into numbers of runs and sums over them.
//!
//! A test has components, each a weighted sum of quantities in *arms*: the base, a scenario, the base without an event, or
//! a dose. The same component is evaluated under every condition, so nulls, ablations and draws need no code of their own.

use super::quantities::{Course, Quantity, Span};
use crate::engine::calendar::Month;
use crate::model::levers::LEVERS;
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use crate::model::state::standing::MOTIVE_NAMES;
use crate::scenario::claims::{
    ClaimTest, Claims, Contrast, ExtremeMonth, Measured, Moment, Period, Region, Side, Statistic, Test,
};
use crate::scenario::{Scenario, WHOLE_PERIOD, number_text};

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
                ClaimTest::Ready(test) => all.test(test),
                ClaimTest::Waiting(test) => Err(format!("needs {}", test.needs)),
            });
            let tests = tests.collect();
            all.tests.push(tests);
        }
        all.add_chance_targets();
        all
    }

    /// Adds the quantities that the null model of chance targets needs.
    fn add_chance_targets(&mut self) {
        for position in 0..self.quantities.len() {
            if let Quantity::Measured { metric, span, statistic, chance: false } = &self.quantities[position]
                && TARGETED.contains(&metric.as_str())
            {
                let (metric, span, statistic) = (metric.clone(), *span, *statistic);
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

    fn components(&mut self, contrast: &Contrast, region: Region) -> Result<Vec<Component>, String> {
        let plain = |words: String, unit: String, terms: Vec<Term>, reference: Vec<Term>| Component {
            words,
            unit,
            estimator: Estimator::Sum(terms),
            reference,
            region,
        };
        Ok(match contrast {
            Contrast::Level { of, scenario } => {
                let term = self.term(1.0, scenario.as_deref(), of)?;
                vec![plain(self.words(of), unit_of(&of.metric), vec![term], vec![term])]
            }
            Contrast::Order { metric, phases, scenario } => {
                let pairs = phases.windows(2).map(|pair| (pair[1].clone(), pair[0].clone()));
                self.pairs(metric, pairs.collect(), scenario.as_deref(), region)?
            }
            Contrast::Extreme { metric, phase, among, scenario } => {
                let pairs = among.iter().map(|other| (phase.clone(), other.clone()));
                self.pairs(metric, pairs.collect(), scenario.as_deref(), region)?
            }
            Contrast::Change { to, from, scenario } => {
                let after = self.term(1.0, scenario.as_deref(), to)?;
                let start = Measured { period: from.clone(), ..to.clone() };
                let before = self.term(1.0, scenario.as_deref(), &start)?;
                let words = format!("{}, minus {}", self.words(to), period_words(from));
                vec![plain(words, unit_of(&to.metric), vec![after, minus(before)], vec![before])]
            }
            Contrast::Difference { of, scenario, against, from, beside } => {
                let terms = self.difference(of, from.as_ref(), scenario, against.as_deref())?;
                let (mut own, mut reference): (Vec<Term>, Vec<Term>) =
                    terms.iter().partition(|term| self.arms[term.arm] == Arm::Scenario(scenario.clone()));
                reference.iter_mut().for_each(|term| *term = minus(*term));
                let mut words = self.words(of);
                if let Some(from) = from {
                    words += &format!(", change from {}", period_words(from));
                }
                words += &format!(", {scenario} minus {}", against.as_deref().unwrap_or("the base"));
                if let Some((other, share)) = beside {
                    let effect = self.difference(of, from.as_ref(), other, against.as_deref())?;
                    reference.extend(effect.iter().map(|term| Term { weight: share * term.weight, ..*term }));
                    words += &format!(", minus {} of the effect of {other}", number_text(*share));
                }
                own.extend(reference.iter().map(|term| minus(*term)));
                vec![plain(words, unit_of(&of.metric), own, reference)]
            }
            Contrast::Timing { of, reference, scenario } => {
                let arm = self.arm(scenario.as_deref());
                let quantity = Quantity::Extreme(self.course(of)?, of.extremum);
                let mut terms = vec![Term { weight: 1.0, arm, quantity: self.quantity(quantity) }];
                let words = match reference {
                    Moment::Month(month) => {
                        let zero = self.constant_month();
                        terms.push(Term { weight: -(month.index() as f64), arm, quantity: zero });
                        format!("{} minus {month}", extremum_words(of))
                    }
                    Moment::Extremum(other) => {
                        let quantity = Quantity::Extreme(self.course(other)?, other.extremum);
                        terms.push(Term { weight: -1.0, arm, quantity: self.quantity(quantity) });
                        format!("{} minus {}", extremum_words(of), extremum_words(other))
                    }
                };
                vec![plain(words, "months".into(), terms, Vec::new())]
            }
            Contrast::Peaks { of, prominence, scenario } => {
                let arm = self.arm(scenario.as_deref());
                let quantity = Quantity::Peaks(self.course(of)?, of.extremum, prominence.to_bits());
                let words = format!("number of extrema of {} that stand out by {prominence}", of.metric);
                let term = Term { weight: 1.0, arm, quantity: self.quantity(quantity) };
                vec![plain(words, "extrema".into(), vec![term], Vec::new())]
            }
            Contrast::Dose { of, key, values, monotone, scenario } => {
                self.dose(of, key, values, *monotone, scenario.as_deref(), region)?
            }
            Contrast::Interaction { of, first, second, both } => {
                let mut terms = Vec::new();
                for (weight, scenario) in
                    [(1.0, Some(both)), (-1.0, Some(first)), (-1.0, Some(second)), (1.0, None)]
                {
                    terms.push(self.term(weight, scenario.map(String::as_str), of)?);
                }
                let words = format!("{}: {both} - {first} - {second} + the base", self.words(of));
                vec![plain(words, unit_of(&of.metric), terms.clone(), vec![terms[3]])]
            }
            Contrast::Event { metric, event, months } => {
                let month = self.event(event)?;
                let last = Month((month.0 + *months as u16 - 1).min(Month::LAST.0));
                let of = Measured {
                    metric: metric.clone(),
                    period: Period::Months(month, last),
                    statistic: Statistic::Mean,
                };
                let with = self.term(1.0, None, &of)?;
                let arm = self.arm_of(Arm::WithoutEvent(event.clone()));
                let without = Term { arm, ..with };
                let words = format!("{}, with minus without {event}", self.words(&of));
                vec![plain(words, unit_of(metric), vec![with, minus(without)], vec![without])]
            }
            Contrast::Lag { metric, scenario, against, from, until, share, smooth } => {
                let (arm, against_arm) = (self.arm(Some(scenario)), self.arm(against.as_deref()));
                let months = (from.0..=until.0).map(|month| {
                    let quantity = Quantity::Month(metric.clone(), Month(month), *smooth);
                    let quantity = self.quantity(quantity);
                    [Term { weight: 1.0, arm, quantity }, Term { weight: -1.0, arm: against_arm, quantity }]
                });
                let estimator = Estimator::Lag { months: months.collect(), share: *share };
                let words = format!(
                    "months from {from} until {} of the effect of {scenario} on {metric}",
                    number_text(*share)
                );
                vec![Component { words, unit: "months".into(), estimator, reference: Vec::new(), region }]
            }
            Contrast::Survival { cohort, against, months, scenario } => {
                let arm = self.arm(scenario.as_deref());
                let quantity = Quantity::LogRank(self.phase(cohort)?, self.phase(against)?, *months);
                let words = format!(
                    "log hazard ratio of leaving the elite, entrants of {cohort} over those of {against}, {months} months"
                );
                let term = Term { weight: 1.0, arm, quantity: self.quantity(quantity) };
                vec![plain(words, "log ratio".into(), vec![term], Vec::new())]
            }
            Contrast::Plants { outcome, regressor, from, to, scenario } => {
                let arm = self.arm(scenario.as_deref());
                let (before, after) = (self.phase(from)?, self.phase(to)?);
                let quantity = Quantity::Plants(*outcome, *regressor, before, after);
                let words = format!(
                    "coefficient across plants of the change of {} on that of {}, {from} to {to}",
                    outcome.word(),
                    regressor.word()
                );
                let term = Term { weight: 1.0, arm, quantity: self.quantity(quantity) };
                let unit = "outcome per accusation, arrest or opening per head and year";
                vec![plain(words, unit.into(), vec![term], Vec::new())]
            }
            Contrast::Terciles { months, period, scenario } => {
                let arm = self.arm(scenario.as_deref());
                let quantity = Quantity::Terciles(self.span(period)?, *months);
                let words = format!(
                    "response of grievance within {months} months of a fall in the plant, most minus least egalitarian third, {}",
                    period_words(period)
                );
                let term = Term { weight: 1.0, arm, quantity: self.quantity(quantity) };
                vec![plain(words, "0 to 1".into(), vec![term], Vec::new())]
            }
            Contrast::Correlation { metric, with, than, period, scenario } => {
                let arm = self.arm(scenario.as_deref());
                let span = self.span(period)?;
                let absolute = than.is_some();
                let mut correlation = |with: &String| {
                    let (metric, with) = (metric.clone(), with.clone());
                    self.quantity(Quantity::Correlation { metric, with, span, absolute })
                };
                let mut terms = vec![Term { weight: 1.0, arm, quantity: correlation(with) }];
                let mut words =
                    format!("correlation over months of {metric} and {with}, {}", period_words(period));
                if let Some(than) = than {
                    terms.push(Term { weight: -1.0, arm, quantity: correlation(than) });
                    words += &format!(", absolute, minus that of {metric} and {than}");
                }
                vec![plain(words, "correlation".into(), terms, Vec::new())]
            }
            Contrast::Controllability { metric, phase, among } => {
                let own = self.measured_in(metric, phase)?;
                let others = among.iter().filter(|other| *other != phase);
                let mut components = Vec::new();
                let unit = "share of variance".to_owned();
                for other in others {
                    let estimator = Estimator::Controllability(own, Some(self.measured_in(metric, other)?));
                    let words = format!(
                        "share of the variance of {metric} that levers explain, {phase} minus {other}"
                    );
                    let reference = Vec::new();
                    components.push(Component { words, unit: unit.clone(), estimator, reference, region });
                }
                if components.is_empty() {
                    let estimator = Estimator::Controllability(own, None);
                    let words = format!("share of the variance of {metric} that levers explain, {phase}");
                    components.push(Component { words, unit, estimator, reference: Vec::new(), region });
                }
                components
            }
            Contrast::Recovery { motive } => {
                let motives: Vec<usize> = (0..MOTIVE_NAMES.len())
                    .filter(|position| motive.as_ref().is_none_or(|name| name == MOTIVE_NAMES[*position]))
                    .collect();
                let weight = 1.0 / motives.len() as f64;
                let terms = motives.iter().map(|&motive| {
                    let quantity = self.quantity(Quantity::Ascribed(motive, motive));
                    Term { weight, arm: 0, quantity }
                });
                let terms = terms.collect();
                for of in 0..MOTIVE_NAMES.len() {
                    for to in 0..MOTIVE_NAMES.len() {
                        self.quantity(Quantity::Ascribed(of, to));
                    }
                }
                let whose = motive.as_ref().map_or_else(String::new, |name| format!(" from {name}"));
                let words =
                    format!("share of accusations{whose} whose motive the target's profile gives away");
                vec![plain(words, "share".into(), terms, Vec::new())]
            }
        })
    }

    /// One component for each pair of phases: the first minus the second.
    fn pairs(
        &mut self,
        metric: &str,
        pairs: Vec<(String, String)>,
        scenario: Option<&str>,
        region: Region,
    ) -> Result<Vec<Component>, String> {
        let mut components = Vec::new();
        for (one, other) in pairs.into_iter().filter(|(one, other)| one != other) {
            let arm = self.arm(scenario);
            let first = Term { weight: 1.0, arm, quantity: self.measured_in(metric, &one)? };
            let second = Term { weight: 1.0, arm, quantity: self.measured_in(metric, &other)? };
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
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let range = values[values.len() - 1] - values[0];
        let term = |weight: f64, arm: usize| Term { weight, arm, quantity };
        let slope = values.iter().zip(&arms).map(|(value, arm)| term(range * (value - mean) / squares, *arm));
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
                        "{what}, step of {key} from {} to {}",
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

    /// The terms of a difference of two scenarios, or of their changes.
    fn difference(
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

    fn term(&mut self, weight: f64, scenario: Option<&str>, of: &Measured) -> Result<Term, String> {
        let quantity = self.measured(of)?;
        Ok(Term { weight, arm: self.arm(scenario), quantity })
    }

    fn measured(&mut self, of: &Measured) -> Result<usize, String> {
        let span = self.span(&of.period)?;
        let (metric, statistic) = (of.metric.clone(), of.statistic);
        Ok(self.quantity(Quantity::Measured { metric, span, statistic, chance: false }))
    }

    fn measured_in(&mut self, metric: &str, phase: &str) -> Result<usize, String> {
        self.measured(&Measured {
            metric: metric.to_owned(),
            period: Period::Phase(phase.to_owned()),
            statistic: Statistic::Mean,
        })
    }

    /// A quantity that is 1 in every run, for constants in sums.
    fn constant_month(&mut self) -> usize {
        let span = Span { first: Month::FIRST, last: Month::FIRST };
        let (metric, statistic) = ("months".to_owned(), Statistic::Mean);
        self.quantity(Quantity::Measured { metric, span, statistic, chance: false })
    }

    fn quantity(&mut self, quantity: Quantity) -> usize {
        position(&mut self.quantities, quantity)
    }

    fn arm(&mut self, scenario: Option<&str>) -> usize {
        match scenario {
            None => 0,
            Some(name) => self.arm_of(Arm::Scenario(name.to_owned())),
        }
    }

    fn arm_of(&mut self, arm: Arm) -> usize {
        position(&mut self.arms, arm)
    }

    fn course(&self, of: &ExtremeMonth) -> Result<Course, String> {
        Ok(Course { metric: of.metric.clone(), span: self.span(&of.period)?, smooth: of.smooth })
    }

    fn phase(&self, name: &str) -> Result<Span, String> {
        let found = self.phases.iter().find(|(phase, _)| phase == name);
        found.map(|(_, span)| *span).ok_or_else(|| format!("the base has no phase {name:?}"))
    }

    fn span(&self, period: &Period) -> Result<Span, String> {
        match period {
            Period::Whole => Ok(Span { first: Month::FIRST, last: Month::LAST }),
            Period::Phase(name) => self.phase(name),
            Period::Months(first, last) => Ok(Span { first: *first, last: *last }),
        }
    }

    fn event(&self, name: &str) -> Result<Month, String> {
        let found = self.events.iter().find(|(event, _)| event == name);
        found.map(|(_, month)| *month).ok_or_else(|| format!("the base has no event {name:?}"))
    }

    fn words(&self, of: &Measured) -> String {
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

fn minus(term: Term) -> Term {
    Term { weight: -term.weight, ..term }
}

fn period_words(period: &Period) -> String {
    match period {
        Period::Whole => WHOLE_PERIOD.to_owned(),
        Period::Phase(name) => name.clone(),
        Period::Months(first, last) => format!("{first} to {last}"),
    }
}

fn extremum_words(of: &ExtremeMonth) -> String {
    let extremum = match of.extremum {
        crate::scenario::claims::Extremum::Maximum => "maximum",
        crate::scenario::claims::Extremum::Minimum => "minimum",
    };
    format!("month of the {extremum} of {} ({})", of.metric, period_words(&of.period))
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
