//! Computes the answers from the quantities of the runs.

use super::answers::{Answers, Figure, Question};
use super::cases::{Case, GROWTH, IMAGE_WEIGHTS, LEVELS, POLICY_LEVERS, Resolving};
use super::measures::{MAIN, MainMeasure, Period, Smallest, mean_of};
use super::patterns::patterns;
use super::study::Settings;
use super::values::Values;
use super::{constants, sensitivity};
use crate::engine::calendar::Month;
use crate::experiment::claims::quantities::{Fate, Part, Quantity, ReadBack, Span};
use crate::experiment::claims::regression::r2_out_of_sample;
use crate::experiment::moments::Moments;
use crate::experiment::tables::whole_period::WHOLE_PERIOD;
use crate::model::phase::PHASE_MEASURES;
use crate::model::state::standing::{FOREMAN, RANK_NAMES, RANKS};
use crate::scenario::Scenario;
use crate::scenario::claims::PlantOutcome;
use rayon::prelude::*;

/// Outcomes of plants whose variance is divided.
const OUTCOMES: [PlantOutcome; 5] = [
    PlantOutcome::Discipline,
    PlantOutcome::Grievance,
    PlantOutcome::Authority,
    PlantOutcome::OutputPerWorker,
    PlantOutcome::AccusationsPerElitePost,
];

/// Columns of series.csv in which two replicates are compared month by month.
pub(super) const ALIKE: [&str; 4] = ["discipline", "mood", "authority", "accusations_per_1000"];

/// Years of the terror by whose losses ranks are compared.
fn terror() -> Span {
    let month = |year: u16, month: u16| Month((year - 1928) * 12 + month - 1);
    Span { first: month(1937, 1), last: month(1938, 12) }
}

/// The measures that are read back, from which lever and how fast.
fn read_back(base: &Scenario) -> [ReadBack; 2] {
    let speed = Some(base.parameters.authority_speed.to_bits());
    [
        ReadBack { metric: "accusations_per_1000", lever: "criticism", log: true, speed: None },
        ReadBack { metric: "authority", lever: "managerial_authority", log: false, speed },
    ]
}

/// Everything that is recorded of a run, each once.
pub(super) fn quantities(base: &Scenario, periods: &[Period]) -> Vec<Quantity> {
    let mut all: Vec<Quantity> = Vec::new();
    all.extend(MAIN.iter().flat_map(|main| periods.iter().map(|period| mean_of(main.key, period.span))));
    all.extend(read_back(base).map(Quantity::ReadBack));
    all.extend(losses().map(|(fate, rank)| Quantity::Lost(fate, rank, terror())));
    for outcome in OUTCOMES {
        all.extend(
            periods
                .iter()
                .flat_map(|period| Part::ALL.map(|part| Quantity::Among(outcome, part, period.span))),
        );
    }
    let of_patterns = patterns().into_iter().flat_map(|pattern| pattern.parts);
    all.extend(of_patterns.flat_map(|part| part.terms).map(|term| term.quantity));
    let mut kept: Vec<Quantity> = Vec::with_capacity(all.len());
    for quantity in all {
        if !kept.contains(&quantity) {
            kept.push(quantity);
        }
    }
    kept
}

fn losses() -> impl Iterator<Item = (Fate, usize)> {
    (usize::from(FOREMAN)..RANKS).flat_map(|rank| Fate::ALL.map(|fate| (fate, rank)))
}

/// What answers are computed from.
pub(super) struct Questions<'a> {
    pub(super) values: &'a Values<'a>,
    pub(super) resolving: &'a Resolving,
    pub(super) settings: &'a Settings,
    pub(super) periods: &'a [Period],
    /// By finished replicate of the base: the columns of [`ALIKE`] by month.
    pub(super) months: &'a [[Vec<Option<f64>>; ALIKE.len()]],
}

impl Questions<'_> {
    /// Fills in the answers.
    pub(super) fn answer(&self, about: Answers) -> Answers {
        let policies = constants::policies(self.values, self.resolving, self.settings, self.periods);
        let figures = Question::ALL.into_iter().flat_map(|question| match question {
            Question::ReadBack => self.read_back(),
            Question::Explained => self.explained(),
            Question::NoAccusations => self.without_accusations(),
            Question::Constant => constants::figures(&policies, self.periods),
            Question::Dose => self.doses(),
            Question::Frontier => self.frontier(),
            Question::Fates => self.fates(),
            Question::Overlap => self.overlap(),
            Question::Variance => self.variance(),
            Question::Alike => self.alike(),
        });
        let figures = figures.collect();
        let patterns = sensitivity::answers(self.values, self.resolving, self.settings);
        Answers { figures, patterns, policies, ..about }
    }

    fn read_back(&self) -> Vec<Figure> {
        let of = |of: ReadBack| {
            let quantity = Quantity::ReadBack(of.clone());
            let name = if of.log { format!("log {}", of.metric) } else { of.metric.to_owned() };
            let about = [of.lever.to_owned(), name, WHOLE_PERIOD.to_owned()];
            figure(Question::ReadBack, about, "share", &self.base(&quantity))
        };
        read_back(&self.resolving.base).map(of).into()
    }

    fn base(&self, quantity: &Quantity) -> Moments {
        self.values.moments(Case::Base, |replicate| self.values.of(Case::Base, replicate, quantity))
    }

    /// The share of variance over random policies that a ridge regression on their levers explains out of sample. Levers of
    /// later phases are no features: they cannot act on a measure, and would only add error.
    fn explained(&self) -> Vec<Figure> {
        let numbers: Vec<u32> = (1..=self.settings.policies).collect();
        let features: Vec<Vec<f64>> = numbers.iter().map(|number| self.resolving.features(*number)).collect();
        let phases = self.resolving.base.phases.len();
        let of = |(main, position): (&MainMeasure, usize)| {
            let period = &self.periods[position];
            let so_far = |(feature, _): &(usize, &f64)| feature % phases <= position;
            let known = |policy: &Vec<f64>| {
                policy.iter().enumerate().filter(so_far).map(|(_, level)| *level).collect()
            };
            let known: Vec<Vec<f64>> = features.iter().map(known).collect();
            let quantity = mean_of(main.key, period.span);
            let value = |number: &u32| {
                let case = Case::Policy(*number);
                self.values.of(case, case.replicates(self.settings)[0], &quantity)
            };
            let outcomes: Vec<Option<f64>> = numbers.iter().map(value).collect();
            let defined = outcomes.iter().flatten().count() as u64;
            let found = r2_out_of_sample(&known, &outcomes, self.resolving.seed());
            let moments = found.map(|found| found.moments(None, defined)).unwrap_or_default();
            let about = ["levers by phase".to_owned(), main.key.to_owned(), period.name.clone()];
            figure(Question::Explained, about, "share", &moments)
        };
        let positions = 0..self.periods.len();
        let all: Vec<_> =
            MAIN.iter().flat_map(|main| positions.clone().map(move |position| (main, position))).collect();
        all.into_par_iter().map(of).collect()
    }

    fn without_accusations(&self) -> Vec<Figure> {
        self.by_case(
            Question::NoAccusations,
            [(Case::Base, "with".to_owned()), (Case::NoAccusations, "without".to_owned())],
        )
    }

    /// The main measures in cases.
    fn by_case(&self, question: Question, cases: impl IntoIterator<Item = (Case, String)>) -> Vec<Figure> {
        let mut figures = Vec::new();
        for (case, of) in cases {
            for main in MAIN {
                for period in self.periods {
                    let quantity = mean_of(main.key, period.span);
                    let moments =
                        self.values.moments(case, |replicate| self.values.of(case, replicate, &quantity));
                    let about = [of.clone(), main.key.to_owned(), period.name.clone()];
                    figures.push(figure(question, about, unit(main.key), &moments));
                }
            }
        }
        figures
    }

    /// The measures at each level of a lever, and the difference of the highest from the lowest.
    fn doses(&self) -> Vec<Figure> {
        let mut figures = Vec::new();
        for (lever, name) in POLICY_LEVERS.iter().enumerate() {
            let levels = (0..LEVELS.len())
                .map(|level| (Case::Dose(lever, level), format!("{name} x{}", LEVELS[level])));
            figures.extend(self.by_case(Question::Dose, levels));
            for main in MAIN {
                for period in self.periods {
                    let quantity = mean_of(main.key, period.span);
                    let (high, low) = (Case::Dose(lever, LEVELS.len() - 1), Case::Dose(lever, 0));
                    let moments = self.values.difference(high, low, &quantity);
                    let about =
                        [format!("{name}, highest minus lowest"), main.key.to_owned(), period.name.clone()];
                    figures.push(figure(Question::Dose, about, unit(main.key), &moments));
                }
            }
        }
        figures
    }

    fn frontier(&self) -> Vec<Figure> {
        let points = (0..GROWTH.len()).flat_map(|growth| (0..LEVELS.len()).map(move |union| (union, growth)));
        let cases = points.map(|(union, growth)| {
            (Case::Frontier(union, growth), format!("growth x{}, union {}", GROWTH[growth], LEVELS[union]))
        });
        self.by_case(Question::Frontier, cases)
    }

    fn fates(&self) -> Vec<Figure> {
        let of = |(fate, rank): (Fate, usize)| {
            let about = [RANK_NAMES[rank].to_owned(), fate.word().to_owned(), "1937-38".to_owned()];
            figure(Question::Fates, about, "of the stock", &self.base(&Quantity::Lost(fate, rank, terror())))
        };
        losses().map(of).collect()
    }

    fn overlap(&self) -> Vec<Figure> {
        let weights = IMAGE_WEIGHTS.iter().enumerate();
        let cases =
            weights.map(|(position, weight)| (Case::Image(position), format!("image_weight x{weight}")));
        let mut figures = self.by_case(Question::Overlap, cases);
        figures.retain(|figure| figure.metric == "image_overlap");
        figures
    }

    /// Shares of the variance of plants between replicates, between regions and between the plants of a region.
    fn variance(&self) -> Vec<Figure> {
        let mut figures = Vec::new();
        for outcome in OUTCOMES {
            for period in self.periods {
                let of = |part| self.base(&Quantity::Among(outcome, part, period.span));
                let mean = of(Part::Mean);
                let parts = [mean.variance(), of(Part::Regions).mean(), of(Part::Plants).mean()];
                let total: Option<f64> = parts.iter().copied().sum();
                for (part, name) in parts.into_iter().zip(["replicates", "regions", "plants"]) {
                    figures.push(Figure {
                        question: Question::Variance,
                        of: name.to_owned(),
                        metric: outcome.word().to_owned(),
                        period: period.name.clone(),
                        unit: "share".to_owned(),
                        n: mean.count(),
                        estimate: part
                            .zip(total)
                            .filter(|(_, total)| *total > 0.0)
                            .map(|(part, total)| part / total),
                        interval: None,
                    });
                }
            }
        }
        figures
    }

    /// The mean correlation over months of a measure in two replicates.
    fn alike(&self) -> Vec<Figure> {
        let of = |(column, metric): (usize, &&str)| {
            let mut moments = Moments::default();
            for (position, one) in self.months.iter().enumerate() {
                for other in &self.months[..position] {
                    correlation(&one[column], &other[column])
                        .into_iter()
                        .for_each(|found| moments.add(found));
                }
            }
            Figure {
                question: Question::Alike,
                of: "two replicates".to_owned(),
                metric: (*metric).to_owned(),
                period: WHOLE_PERIOD.to_owned(),
                unit: "correlation".to_owned(),
                n: moments.count(),
                estimate: moments.mean(),
                // Pairs share replicates, so their number gives no interval.
                interval: None,
            }
        };
        ALIKE.iter().enumerate().map(of).collect()
    }
}

fn correlation(one: &[Option<f64>], other: &[Option<f64>]) -> Option<f64> {
    let last = Month(u16::try_from(one.len().checked_sub(1)?).ok()?);
    crate::experiment::claims::course::correlation(one, other, Span { first: Month::FIRST, last })
}

/// The unit of a measure of phases.
fn unit(metric: &str) -> &'static str {
    PHASE_MEASURES.iter().find(|measure| measure.key == metric).map_or("", |measure| measure.unit)
}

/// A figure with the interval of its mean.
fn figure(question: Question, [of, metric, period]: [String; 3], unit: &str, moments: &Moments) -> Figure {
    let half = moments.half_width();
    Figure {
        question,
        of,
        metric,
        period,
        unit: unit.to_owned(),
        n: moments.count(),
        estimate: moments.mean(),
        interval: moments.mean().zip(half).map(|(mean, half)| (mean - half, mean + half)),
    }
}

/// A smallest difference in words.
pub(super) fn words_of(smallest: Smallest) -> String {
    match smallest {
        Smallest::Absolute(smallest) => format!("{smallest}"),
        Smallest::Share(share) => format!("{} %", 100.0 * share),
    }
}
