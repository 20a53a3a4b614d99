//! Compares the rungs of the ladder with history, and with a null that has levers and no people.
//!
//! The rungs are those of [`crate::experiment::claims::ladder`]. The skill of a prediction of a series is 1 minus the square
//! of its error over the error of the best constant, which is the geometric mean of the figures.

use super::distance::{Columns, ModelValues, SeriesDistance, correlation};
use super::reference::{Figure, figures};
use crate::experiment::claims::ladder::{HIGHEST, rung};
use crate::experiment::study::execute::Observer;
use crate::model::levers::{LEVERS, LeverInfo, Levers, smooth};
use crate::model::measures::MONTH_MEASURES;
use crate::model::setup::Setup;
use crate::model::simulation::Simulation;
use crate::scenario::{Faults, Patch, Scenario, Size, Stack};
use rayon::prelude::*;
use serde::Serialize;
use std::sync::Arc;

/// How near a prediction comes to a series.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Skill {
    /// Root mean square of the log errors; `None` if the prediction is zero throughout.
    pub rms_log_error: Option<f64>,
    /// Correlation with the figures; `None` below three figures or without variation.
    pub correlation: Option<f64>,
    /// 1 - (error/error of the best constant)²: 1 for no error, 0 for that of the constant, negative beyond.
    pub skill: Option<f64>,
}

/// A series and the predictions of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LadderSeries {
    /// The series.
    pub series: &'static str,
    /// The basis in words.
    pub basis: &'static str,
    /// Figures that have an error on the highest rung.
    pub figures: usize,
    /// By rung, from M0.
    pub rungs: Vec<Skill>,
    /// The null without people.
    pub levers: Skill,
    /// The lever that the null uses; `None` if the series has too few figures.
    pub lever: Option<&'static str>,
    /// Error of the best constant: the standard deviation of the logs of the figures that have an error (divisor n). The
    /// constant is fitted to all of them, the null without people to all but the predicted figure.
    pub constant_error: Option<f64>,
}

/// All series, predicted by every rung.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LadderComparison {
    /// Name of the scenario.
    pub scenario: String,
    /// Its hash, in this population.
    pub hash: String,
    /// Seed.
    pub seed: u64,
    /// Replicates of each rung.
    pub replicates: u32,
    /// People in January 1928.
    pub people: u64,
    /// The series that have a counterpart.
    pub series: Vec<LadderSeries>,
}

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Climb {
    /// Seed.
    pub seed: u64,
    /// Replicates of each rung, from 1.
    pub replicates: u32,
    /// Population in place of that of the scenario.
    pub population: Option<Size>,
}

/// Simulates a scenario on every rung and compares it with the figures. Runs are shared among the threads of the surrounding
/// rayon pool; each is added up in the order of the replicates.
///
/// # Errors
///
/// The faults of the scenario in this population.
pub fn climb(stack: &Stack, climb: Climb, observer: &dyn Observer) -> Result<LadderComparison, Faults> {
    let mut scenarios = Vec::new();
    for number in 0..=HIGHEST {
        let text = rung(number);
        let patch = Patch::Text { name: "rung of the ladder", text: &text };
        scenarios.push(stack.resolve_altered(&[patch], &[], climb.population, None)?);
    }
    let setups: Vec<Arc<Setup>> = scenarios.iter().map(|scenario| Arc::new(scenario.setup())).collect();
    let runs: Vec<(usize, u32)> = (0..setups.len())
        .flat_map(|rung| (1..=climb.replicates).map(move |replicate| (rung, replicate)))
        .collect();
    let months = (runs.len() * crate::engine::calendar::Month::COUNT) as u64;
    observer.expect(months, months);
    let columns: Vec<Columns> = runs
        .par_iter()
        .map(|(rung, replicate)| simulate(&setups[*rung], climb.seed, *replicate, observer))
        .collect();
    let mut values: Vec<ModelValues> = setups.iter().map(|_| ModelValues::new()).collect();
    for ((rung, _), columns) in runs.iter().zip(&columns) {
        values[*rung].add(columns);
    }
    let distances: Vec<Vec<SeriesDistance>> = values.iter().map(ModelValues::distances).collect();
    Ok(comparison(&scenarios[usize::from(HIGHEST)], climb, &distances))
}

/// The columns of one run.
fn simulate(setup: &Arc<Setup>, seed: u64, replicate: u32, observer: &dyn Observer) -> Columns {
    let names = ModelValues::columns();
    let measures = MONTH_MEASURES.iter().filter(|measure| names.contains(&measure.key));
    let measures: Vec<_> = measures.collect();
    let mut columns = Columns::new();
    let mut simulation = Simulation::start(Arc::clone(setup), seed, replicate);
    loop {
        let people = simulation.people();
        let Some(record) = simulation.month() else { return columns };
        for measure in &measures {
            let value = (measure.value)(&record).number().unwrap_or(f64::NAN);
            columns.entry(measure.key).or_default().push(value);
        }
        observer.month(1, people);
    }
}

fn comparison(scenario: &Scenario, climb: Climb, distances: &[Vec<SeriesDistance>]) -> LadderComparison {
    let (figures, levers) = (figures(), smooth(&scenario.steps()));
    let series = (0..distances[0].len()).filter_map(|position| {
        let rungs: Vec<&SeriesDistance> = distances.iter().map(|rung| &rung[position]).collect();
        let highest = rungs.last()?;
        let of: Vec<&Figure> = figures.iter().filter(|figure| figure.series == highest.series).collect();
        let (lever, null) = from_one_lever(highest, &of, &levers).unzip();
        Some(LadderSeries {
            series: highest.series,
            basis: highest.basis?,
            figures: highest.figures.iter().filter(|figure| figure.log_error.is_some()).count(),
            rungs: rungs.iter().map(|distance| skill_of(distance)).collect(),
            levers: null.unwrap_or_default(),
            lever,
            constant_error: constant_error(highest),
        })
    });
    LadderComparison {
        scenario: scenario.name.clone(),
        hash: scenario.hash_hex(),
        seed: climb.seed,
        replicates: climb.replicates,
        people: scenario.population.size,
        series: series.collect(),
    }
}

/// 1 - (error/error of the constant)²; `None` if the constant has no error.
fn skill(error: f64, constant: f64) -> Option<f64> {
    (constant > 0.0).then(|| 1.0 - error * error / (constant * constant))
}

fn skill_of(distance: &SeriesDistance) -> Skill {
    let error = distance.rms_log_error;
    Skill {
        rms_log_error: error,
        correlation: distance.correlation,
        skill: error.zip(constant_error(distance)).and_then(|(error, constant)| skill(error, constant)),
    }
}

/// The standard deviation (divisor n) of the logs of the figures that have an error; `None` below two.
fn constant_error(distance: &SeriesDistance) -> Option<f64> {
    let counted = distance.figures.iter().filter(|figure| figure.log_error.is_some());
    let logs: Vec<f64> = counted.map(|figure| libm::log(figure.reference_on_basis)).collect();
    let count = logs.len() as f64;
    let mean = logs.iter().sum::<f64>() / count;
    let squares: f64 = logs.iter().map(|log| (log - mean) * (log - mean)).sum();
    (logs.len() > 1).then(|| libm::sqrt(squares / count))
}

/// A figure as the null sees it.
struct Point {
    /// Log of the figure, on the basis of the series.
    log: f64,
    /// First and last month.
    months: std::ops::RangeInclusive<usize>,
    /// Whether its error counts. A figure that is the base of its series is known and has none.
    counts: bool,
}

/// The null without people: a straight line from the mean of one lever over the months of a figure to the log of the figure.
/// Each figure is predicted from the line through the others.
///
/// Of all levers that vary the one with the least error is taken. That favours the null, which may look for the lever among
/// twenty once the figures are known; with more than one lever there would be too few figures for each coefficient. `None`
/// if fewer than three other figures are there to predict one.
fn from_one_lever(
    distance: &SeriesDistance,
    figures: &[&Figure],
    levers: &[Levers],
) -> Option<(&'static str, Skill)> {
    let points: Vec<Point> = distance
        .figures
        .iter()
        .zip(figures)
        .filter_map(|(row, figure)| {
            let (from, to) = figure.months()?;
            Some(Point {
                log: libm::log(row.reference_on_basis),
                months: from.index()..=to.index(),
                counts: row.log_error.is_some(),
            })
        })
        .collect();
    let constant = constant_error(distance)?;
    let tried = LEVERS.iter().filter_map(|info| Some((info.key, predicted(&points, info, levers)?)));
    let (lever, pairs) = tried.min_by(|one, other| error(&one.1).total_cmp(&error(&other.1)))?;
    let error = error(&pairs);
    let values: Vec<(f64, f64)> = pairs.iter().map(|(p, log)| (libm::exp(*p), libm::exp(*log))).collect();
    let skill = Skill {
        rms_log_error: Some(error),
        correlation: correlation(&values),
        skill: skill(error, constant),
    };
    Some((lever, skill))
}

/// Root mean square of the differences.
fn error(pairs: &[(f64, f64)]) -> f64 {
    let squares: f64 = pairs.iter().map(|(p, log)| (p - log) * (p - log)).sum();
    libm::sqrt(squares / pairs.len() as f64)
}

/// Prediction and log of each figure that counts; `None` if one cannot be predicted.
fn predicted(points: &[Point], lever: &LeverInfo, levers: &[Levers]) -> Option<Vec<(f64, f64)>> {
    let means: Vec<f64> = points
        .iter()
        .map(|point| {
            let months = &levers[point.months.clone()];
            months.iter().map(|levers| (lever.get)(levers)).sum::<f64>() / months.len() as f64
        })
        .collect();
    let pairs: Option<Vec<(f64, f64)>> = (0..points.len())
        .filter(|position| points[*position].counts)
        .map(|position| {
            let others = (0..points.len()).filter(|other| *other != position);
            let others: Vec<(f64, f64)> = others.map(|other| (means[other], points[other].log)).collect();
            Some((line(&others, means[position])?, points[position].log))
        })
        .collect();
    pairs.filter(|pairs| !pairs.is_empty())
}

/// The least-squares line through points, at x; `None` below three points or if they are above each other.
fn line(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (middle, height) = (mean(|point| point.0), mean(|point| point.1));
    let squares: f64 = points.iter().map(|(x, _)| (x - middle) * (x - middle)).sum();
    let products: f64 = points.iter().map(|(x, y)| (x - middle) * (y - height)).sum();
    // Rounding leaves a trace of variation in a lever that has none.
    (points.len() > 2 && squares > 1e-12).then(|| height + products / squares * (x - middle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::history::FigureDistance;
    use crate::experiment::study::execute::Unobserved;

    #[test]
    fn a_line_by_hand() {
        // Through (0, 1), (1, 3), (2, 2): slope 1/2, mean height 2 at 1.
        let points = [(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)];
        assert_eq!(line(&points, 5.0), Some(4.0));
        assert_eq!(line(&points[..2], 5.0), None);
        assert_eq!(line(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)], 1.0), None);
    }

    fn distance(references: &[f64], errors: &[Option<f64>]) -> SeriesDistance {
        let figures = references.iter().zip(errors).map(|(reference, log_error)| FigureDistance {
            date: String::new(),
            reference: *reference,
            reference_on_basis: *reference,
            model_on_basis: None,
            spread: None,
            log_error: *log_error,
            grade: String::new(),
            note: String::new(),
        });
        SeriesDistance {
            series: "one",
            unit: String::new(),
            grades: String::new(),
            model: "",
            basis: Some("level"),
            without: None,
            caution: "",
            rms_log_error: Some(0.5),
            mean_log_error: None,
            correlation: None,
            figures: figures.collect(),
        }
    }

    /// Logs 0 and 2: the best constant is 1 and misses both by 1. An error of .5 is half of that: skill .75.
    #[test]
    fn skill_by_hand() {
        let e = std::f64::consts::E;
        let distance = distance(&[1.0, e * e, 99.0], &[Some(0.5), Some(-0.5), None]);
        assert!((constant_error(&distance).unwrap() - 1.0).abs() < 1e-12);
        assert!((skill_of(&distance).skill.unwrap() - 0.75).abs() < 1e-12);
        assert_eq!(skill(0.1, 0.0), None);
    }

    #[test]
    fn the_null_takes_the_lever_that_predicts_best_from_the_other_figures() {
        // Five years. Growth is a straight line to the log of the figures, penalty is not.
        let of_year = [0.1, 0.4, 0.2, 0.9, 0.5];
        let other = [0.3, 0.1, 0.8, 0.2, 0.2];
        let levers: Vec<Levers> = (0..60)
            .map(|month| Levers {
                growth: of_year[month / 12],
                penalty: other[month / 12],
                ..Levers::default()
            })
            .collect();
        let references = of_year.map(|growth| libm::exp(1.0 + 2.0 * growth));
        let figures: Vec<Figure> = (0..5)
            .map(|year| Figure {
                series: "one".into(),
                unit: String::new(),
                from: format!("{}-01", 1928 + year),
                to: format!("{}-12", 1928 + year),
                value: references[year],
                source: String::new(),
                grade: "A".into(),
                note: String::new(),
            })
            .collect();
        let distance = distance(&references, &[Some(0.0); 5]);
        let of: Vec<&Figure> = figures.iter().collect();
        let (lever, skill) = from_one_lever(&distance, &of, &levers).unwrap();
        assert_eq!(lever, "growth");
        assert!(skill.rms_log_error.unwrap() < 1e-9 && skill.skill.unwrap() > 0.999);
        assert!(skill.correlation.unwrap() > 0.999);
        // Three figures leave two for the line.
        let few = super::tests::distance(&references[..3], &[Some(0.0); 3]);
        assert_eq!(from_one_lever(&few, &of[..3], &levers), None);
    }

    #[test]
    fn every_rung_is_compared_with_every_series() {
        let stack = Stack::load("historical").unwrap();
        let asked = Climb { seed: 1, replicates: 1, population: Some(Size::People(1_000)) };
        let found = climb(&stack, asked, &Unobserved).unwrap();
        assert_eq!((found.people, found.replicates, found.scenario.as_str()), (1_000, 1, "historical"));
        assert_eq!(found.series.len(), 7);
        for series in &found.series {
            assert_eq!(series.rungs.len(), 7, "{}", series.series);
            assert!(series.rungs[6].rms_log_error.is_some(), "{}", series.series);
        }
        let of = |name: &str| found.series.iter().find(|series| series.series == name).unwrap();
        // Nobody quits on M0, and nobody is arrested below M5.
        let known =
            |name: &str| of(name).rungs.iter().map(|skill| skill.rms_log_error.is_some()).collect::<Vec<_>>();
        assert_eq!(known("labour_turnover"), [false, true, true, true, true, true, true]);
        assert_eq!(known("political_convictions"), [false, false, false, false, false, true, true]);
        // Of the entrants only two figures lie within the calendar.
        assert_eq!(of("workers_among_entrants").lever, None);
        assert!(found.series.iter().filter(|series| series.lever.is_some()).count() == 6);
    }
}
