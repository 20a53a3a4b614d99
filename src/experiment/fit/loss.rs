//! The loss of a pattern: the mean over its figures of ((log model - log data)/tolerance)².

use super::targets::{Aim, Amount, Figure, Number, Target};
use crate::experiment::claims::quantities::Span;
use crate::experiment::moments::Moments;
use crate::model::record::MonthRecord;
use serde::Serialize;
use std::collections::BTreeMap;

/// The smallest share of a figure that its error is computed from: a number that is undefined, negative or smaller counts as
/// this share, so that every loss is finite.
const LEAST: f64 = 0.001;

/// A figure beside the model's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureLoss {
    /// When, in words.
    pub label: String,
    /// The data: a value, or the two ends of a band.
    pub data: Vec<f64>,
    /// The error that counts 1, in log units.
    pub tolerance: f64,
    /// The model's number, from means over replicates; `None` where it is undefined.
    pub model: Option<f64>,
    /// The square of the error in tolerances.
    pub loss: f64,
}

/// A pattern and its loss.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PatternLoss {
    /// As docs/model.md numbers it.
    pub pattern: &'static str,
    /// In words.
    pub statement: &'static str,
    /// Mean over the figures.
    pub loss: f64,
    /// The figures.
    pub figures: Vec<FigureLoss>,
}

/// The amounts of a run.
pub(super) type Amounts = BTreeMap<(Amount, Span), Option<f64>>;

/// Computes the amounts that patterns need from the months of a run.
pub(super) fn amounts(targets: &[Target], months: &[MonthRecord]) -> Amounts {
    let needed = targets.iter().flat_map(|target| &target.figures).flat_map(|figure| figure.number.amounts());
    needed.map(|(amount, span)| ((amount, span), amount.of(&months[span.months()]))).collect()
}

/// The losses of all patterns over runs, which are added up in their order.
pub(super) fn losses(targets: &[Target], runs: &[Amounts]) -> Vec<PatternLoss> {
    let mean = |key: &(Amount, Span)| {
        let mut moments = Moments::default();
        runs.iter().filter_map(|run| *run.get(key)?).for_each(|value| moments.add(value));
        moments.mean()
    };
    let of_target = |target: &Target| {
        let figures: Vec<FigureLoss> = target.figures.iter().map(|figure| of_figure(figure, &mean)).collect();
        let loss = figures.iter().map(|figure| figure.loss).sum::<f64>() / figures.len() as f64;
        PatternLoss { pattern: target.id, statement: target.statement, loss, figures }
    };
    targets.iter().map(of_target).collect()
}

/// The loss that is minimised: the sum over patterns, each of which counts the same however many figures it has.
pub fn total(losses: &[PatternLoss]) -> f64 {
    losses.iter().map(|pattern| pattern.loss).sum()
}

fn of_figure(figure: &Figure, mean: &impl Fn(&(Amount, Span)) -> Option<f64>) -> FigureLoss {
    let model = match &figure.number {
        Number::Of(amount, span) => mean(&(*amount, *span)),
        Number::Ratio(amount, span, base) => {
            let ratio = mean(&(*amount, *span)).zip(mean(&(*amount, *base)));
            ratio.map(|(value, base)| value / base).filter(|ratio| ratio.is_finite())
        }
        Number::Correlation(amount, figures) => {
            let pairs: Option<Vec<(f64, f64)>> =
                figures.iter().map(|(span, data)| Some((mean(&(*amount, *span))?, *data))).collect();
            pairs.and_then(|pairs| correlation(&pairs))
        }
    };
    let error = log_error(model, figure.aim) / figure.tolerance;
    let data = match figure.aim {
        Aim::Value(value) => vec![value],
        Aim::Band(low, high) => vec![low, high],
    };
    FigureLoss { label: figure.label.clone(), data, tolerance: figure.tolerance, model, loss: error * error }
}

/// The log of model over data, or over the nearer end of a band; 0 within it.
fn log_error(model: Option<f64>, aim: Aim) -> f64 {
    let over = |data: f64| libm::log(model.unwrap_or(0.0).max(LEAST * data) / data);
    match aim {
        Aim::Value(data) => over(data),
        Aim::Band(_, high) if model.is_some_and(|model| model > high) => over(high),
        Aim::Band(low, _) if model.is_none_or(|model| model < low) => over(low),
        Aim::Band(..) => 0.0,
    }
}

/// Pearson's correlation; `None` without variation.
fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let (x, y) =
        (pairs.iter().map(|(x, _)| x).sum::<f64>() / n, pairs.iter().map(|(_, y)| y).sum::<f64>() / n);
    let sum = |of: fn(f64, f64) -> f64| pairs.iter().map(|(a, b)| of(a - x, b - y)).sum::<f64>();
    let (xx, yy, xy) = (sum(|a, _| a * a), sum(|_, b| b * b), sum(|a, b| a * b));
    (xx > 0.0 && yy > 0.0).then(|| xy / libm::sqrt(xx * yy))
}

#[cfg(test)]
mod tests {
    use super::super::targets::targets;
    use super::*;
    use std::f64::consts::E;

    /// The loss of a pattern if the model has these amounts in every span, in two runs around them.
    fn loss(id: &str, of: impl Fn(Amount, u16, usize) -> Option<f64>) -> PatternLoss {
        let all: Vec<Target> = targets().into_iter().filter(|target| target.id == id).collect();
        let run = |factor: f64| -> Amounts {
            let needed = all[0].figures.iter().flat_map(|figure| figure.number.amounts()).collect::<Vec<_>>();
            let value = |(amount, span): (Amount, Span)| {
                let value = of(amount, span.first.year(), span.count()).map(|value| value * factor);
                ((amount, span), value)
            };
            needed.into_iter().map(value).collect()
        };
        losses(&all, &[run(0.5), run(1.5)]).remove(0)
    }

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }

    /// All quits e^.1 times too high: one tolerance in nine figures, two thirds of one in the tenth.
    #[test]
    fn k1_by_hand() {
        let data = [0.92, 1.15, 1.52, 1.37, 1.35, 1.22, 0.97, 0.86, 0.875, 0.88];
        let found = loss("K1", |_, year, _| Some(data[usize::from(year - 1928)] * libm::exp(0.1)));
        near(found.loss, (9.0 + 4.0 / 9.0) / 10.0);
        near(found.figures[9].loss, 4.0 / 9.0);
        near(found.figures[0].model.unwrap(), 0.92 * libm::exp(0.1));
    }

    /// Right but for 1935, which is half of .8.
    #[test]
    fn k1b_by_hand() {
        let data = [4.1, 4.5, 6.0, 6.0, 0.93, 0.67, 0.4];
        let found = loss("K1b", |_, year, _| Some(data[usize::from(year - 1929)]));
        let error = libm::log(2.0) / 0.12;
        near(found.loss, error * error / 7.0);
    }

    /// No growth at all; the level does not matter.
    #[test]
    fn k2_by_hand() {
        let found = loss("K2", |_, _, _| Some(700.0));
        let squares = [1.935, 2.548, 2.677].map(|data: f64| (libm::log(data) / 0.05).powi(2));
        near(found.loss, squares.iter().sum::<f64>() / 3.0);
        assert_eq!(found.figures[0].model, Some(1.0));
    }

    #[test]
    fn k2b_by_hand() {
        let found = loss("K2b", |_, year, _| {
            (year != 1940).then_some(match year {
                1928 => 3.8 * E,
                1932 => 7.0,
                _ => 9.1,
            })
        });
        // One figure is e times too high, one is undefined.
        let undefined = libm::log(1000.0) / 0.05;
        near(found.loss, (400.0 + undefined * undefined) / 4.0);
        assert_eq!(found.figures[3].model, None);
    }

    #[test]
    fn k4_by_hand() {
        let convictions =
            [34.0, 56.0, 208.0, 181.0, 142.0, 240.0, 79.0, 267.0, 275.0, 791.0, 554.0, 64.0, 72.0];
        let of = |year: u16| convictions[usize::from(year - 1928)];
        // In proportion, whatever the level.
        let found = loss("K4", |_, year, _| Some(of(year) / 50.0));
        near(found.figures[0].model.unwrap(), 1.0);
        near(found.loss, 0.0);
        // The other way round, and without variation: a thousandth of .9.
        let floor = libm::log(1000.0) / 0.1;
        near(loss("K4", |_, year, _| Some(1000.0 - of(year))).loss, floor * floor);
        near(loss("K4", |_, _, _| Some(1.0)).loss, floor * floor);
        // Pairs (1, 1), (2, 3), (3, 2): products 1, squares 2 and 2.
        near(correlation(&[(1.0, 1.0), (2.0, 3.0), (3.0, 2.0)]).unwrap(), 0.5);
    }

    /// Within the band nothing; half of its lower end, and twice its upper end.
    #[test]
    fn k5_by_hand() {
        near(loss("K5", |_, _, _| Some(0.08)).loss, 0.0);
        let found = loss("K5", |_, year, months| {
            assert_eq!(months, if year == 1929 { 24 } else { 36 });
            Some(if year == 1929 { 0.04 } else { 0.44 })
        });
        let error = libm::log(2.0) / 0.1;
        near(found.loss, error * error);
    }

    /// Four years within the band, one e^.2 times its upper end: two tolerances.
    #[test]
    fn k6_by_hand() {
        let found = loss("K6", |_, year, _| Some(if year == 1934 { 0.25 * libm::exp(0.2) } else { 0.2 }));
        near(found.loss, 4.0 / 5.0);
        assert_eq!(found.figures[0].data, [0.1, 0.25]);
    }

    /// e^.1 times .5 and e^.15 times .2: one tolerance each.
    #[test]
    fn k7_by_hand() {
        let found = loss("K7", |_, year, _| {
            Some(if year == 1932 { 0.5 * libm::exp(0.1) } else { 0.2 * libm::exp(0.15) })
        });
        near(found.loss, 1.0);
    }

    #[test]
    fn the_total_counts_each_pattern_once() {
        let of = |loss| PatternLoss { pattern: "", statement: "", loss, figures: Vec::new() };
        assert_eq!(total(&[of(1.5), of(2.0)]), 3.5);
    }
}
