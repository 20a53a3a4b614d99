//! Reaches verdicts from the values of replicates.
//!
//! A claimed side, a bound and a margin divide the line into regions. Each region that the verdict can name is tested
//! against its complement by one-sided t tests; the region with the smallest p-value is the candidate, and its p-value is
//! doubled, as for a two-sided interval. Holm's method corrects the p-values over the tests of a file. A verdict stands if
//! the corrected p-value is at most the level; the interval at the corrected level then lies in the region.

use super::evidence::Verdict;
use crate::experiment::compare::statistics::{Correction, p_value};
use crate::experiment::moments::Moments;
use crate::experiment::quantiles::Quantiles;
use crate::scenario::claims::{Margin, Region, Side};

/// The margin of a region in the unit of the estimate. `reference` is the mean of what the contrast starts from.
pub fn margin(region: Region, reference: Option<f64>) -> Option<f64> {
    match region.margin {
        Margin::Absolute(margin) => Some(margin),
        Margin::Share(share) => reference.map(|mean| share * mean.abs()),
    }
}

/// The verdict on a number known without error.
pub fn of_point(side: Side, bound: f64, margin: f64, estimate: f64) -> Verdict {
    let (low, high) = (bound - margin, bound + margin);
    let (above, below) = (estimate > high, estimate < low);
    match side {
        Side::Above if above => Verdict::Supported,
        Side::Above if below => Verdict::Contradicted,
        Side::Below if below => Verdict::Supported,
        Side::Below if above => Verdict::Contradicted,
        Side::Above | Side::Below => Verdict::Absent,
        Side::NotBelow if below => Verdict::Contradicted,
        Side::NotAbove if above => Verdict::Contradicted,
        Side::Near if above || below => Verdict::Contradicted,
        Side::NotBelow | Side::NotAbove | Side::Near => Verdict::Supported,
    }
}

/// Values from which on equal ones count as known without error. Fewer may be equal by chance.
const CERTAIN: u64 = 5;

/// The p-value of the candidate verdict, doubled and at most 1, and the candidate; `None` below two values. Values that are
/// all equal have a p-value of 0 if there are at least five, and of 1 otherwise.
pub fn test(values: &Moments, side: Side, bound: f64, margin: f64) -> Option<(f64, Verdict)> {
    if values.sd()? == 0.0 {
        let p = if values.count() >= CERTAIN { 0.0 } else { 1.0 };
        return Some((p, of_point(side, bound, margin, values.mean()?)));
    }
    let (low, high) = (bound - margin, bound + margin);
    let above = |limit: f64| one_sided(values, limit, 1.0);
    let below = |limit: f64| one_sided(values, limit, -1.0);
    let inside = || Some(above(low)?.max(below(high)?));
    let candidates = match side {
        Side::Above => vec![
            (above(high)?, Verdict::Supported),
            (below(low)?, Verdict::Contradicted),
            (inside()?, Verdict::Absent),
        ],
        Side::Below => vec![
            (below(low)?, Verdict::Supported),
            (above(high)?, Verdict::Contradicted),
            (inside()?, Verdict::Absent),
        ],
        Side::NotBelow => vec![(above(low)?, Verdict::Supported), (below(low)?, Verdict::Contradicted)],
        Side::NotAbove => vec![(below(high)?, Verdict::Supported), (above(high)?, Verdict::Contradicted)],
        Side::Near => vec![
            (inside()?, Verdict::Supported),
            (above(high)?, Verdict::Contradicted),
            (below(low)?, Verdict::Contradicted),
        ],
    };
    let mut best = candidates[0];
    for candidate in &candidates[1..] {
        if candidate.0 < best.0 {
            best = *candidate;
        }
    }
    Some(((2.0 * best.0).min(1.0), best.1))
}

/// p-value of the one-sided t test that the mean of values that vary is above a limit (`sign` 1) or below it (`sign` -1).
fn one_sided(values: &Moments, limit: f64, sign: f64) -> Option<f64> {
    let beyond = sign * (values.mean()? - limit);
    let error = values.sd()? / (values.count() as f64).sqrt();
    let two_sided = p_value(beyond / error, values.count() - 1);
    Some(if beyond > 0.0 { 0.5 * two_sided } else { 1.0 - 0.5 * two_sided })
}

/// A p-value with its correction and the level of its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corrected {
    /// The p-value after Holm's correction.
    pub adjusted: f64,
    /// The level of the interval that agrees with the verdict.
    pub level: f64,
}

/// Corrects p-values by Holm's method with a family-wise error of `alpha`. Missing ones are not tests.
pub fn correct(p: &[Option<f64>], alpha: f64) -> Vec<Option<Corrected>> {
    let adjusted = Correction::Holm.adjust(p);
    let mut order: Vec<(f64, usize)> =
        p.iter().enumerate().filter_map(|(position, p)| p.map(|p| (p, position))).collect();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut corrected = vec![None; p.len()];
    let mut share = 1.0;
    let mut stopped = false;
    for (rank, (_, position)) in order.iter().enumerate() {
        let Some(adjusted) = adjusted[*position] else { continue };
        // Once a test does not reject, later ones are compared with the same share of the level.
        if !stopped {
            share = 1.0 / (order.len() - rank) as f64;
            stopped = adjusted > alpha;
        }
        corrected[*position] = Some(Corrected { adjusted, level: 1.0 - alpha * share });
    }
    corrected
}

/// Student's interval of the mean at a level; `None` below two values.
pub fn interval(values: &Moments, level: f64, quantiles: &mut Quantiles) -> Option<(f64, f64)> {
    let (mean, sd, n) = (values.mean()?, values.sd()?, values.count());
    let half = if sd == 0.0 { 0.0 } else { quantiles.student(level, n - 1) * sd / (n as f64).sqrt() };
    Some((mean - half, mean + half))
}

/// The ratio of the means of two paired samples, numerator over denominator, with Fieller's interval at a level. The
/// interval is `None` if the denominator is not clearly different from zero, because it is then not bounded.
pub fn ratio(
    pairs: &[(f64, f64)],
    level: f64,
    quantiles: &mut Quantiles,
) -> Option<(f64, Option<(f64, f64)>)> {
    let n = pairs.len() as f64;
    if pairs.len() < 2 {
        return None;
    }
    let mean_y = pairs.iter().map(|(y, _)| y).sum::<f64>() / n;
    let mean_x = pairs.iter().map(|(_, x)| x).sum::<f64>() / n;
    if mean_x == 0.0 {
        return None;
    }
    let centred: Vec<(f64, f64)> = pairs.iter().map(|(y, x)| (y - mean_y, x - mean_x)).collect();
    let sum = |of: fn(&(f64, f64)) -> f64| centred.iter().map(of).sum::<f64>() / ((n - 1.0) * n);
    let (yy, xx, xy) =
        (sum(|pair| pair.0 * pair.0), sum(|pair| pair.1 * pair.1), sum(|pair| pair.0 * pair.1));
    let t = quantiles.student(level, pairs.len() as u64 - 1);
    let (estimate, square) = (mean_y / mean_x, t * t);
    let a = mean_x * mean_x - square * xx;
    let b = mean_x * mean_y - square * xy;
    let c = mean_y * mean_y - square * yy;
    let discriminant = b * b - a * c;
    let bounded = a > 0.0 && discriminant >= 0.0;
    let interval = bounded.then(|| {
        let root = discriminant.sqrt();
        ((b - root) / a, (b + root) / a)
    });
    Some((estimate, interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[f64]) -> Moments {
        let mut moments = Moments::default();
        values.iter().for_each(|value| moments.add(*value));
        moments
    }

    #[test]
    fn regions_of_a_point() {
        let all = |side| [-1.0, 0.0, 1.0].map(|shift| of_point(side, 5.0, 0.5, 5.0 + shift));
        use Verdict::{Absent, Contradicted, Supported};
        assert_eq!(all(Side::Above), [Contradicted, Absent, Supported]);
        assert_eq!(all(Side::Below), [Supported, Absent, Contradicted]);
        assert_eq!(all(Side::NotBelow), [Contradicted, Supported, Supported]);
        assert_eq!(all(Side::NotAbove), [Supported, Supported, Contradicted]);
        assert_eq!(all(Side::Near), [Contradicted, Supported, Contradicted]);
    }

    #[test]
    fn p_values_by_hand() {
        // Mean 2, standard error 1, three degrees of freedom.
        let values = moments(&[2.0 - 3f64.sqrt(), 2.0 - 3f64.sqrt(), 2.0 + 3f64.sqrt(), 2.0 + 3f64.sqrt()]);
        let two_sided = |t: f64| p_value(t, 3);
        let (p, verdict) = test(&values, Side::Above, 0.0, 0.5).unwrap();
        assert_eq!((p, verdict), (two_sided(1.5), Verdict::Supported));
        let (p, verdict) = test(&values, Side::Below, 0.0, 0.5).unwrap();
        assert_eq!((p, verdict), (two_sided(1.5), Verdict::Contradicted));
        let (p, verdict) = test(&values, Side::Above, 2.0, 3.0).unwrap();
        assert_eq!((p, verdict), (two_sided(3.0), Verdict::Absent));
        let (p, verdict) = test(&values, Side::NotBelow, 0.0, 0.5).unwrap();
        assert_eq!((p, verdict), (two_sided(2.5), Verdict::Supported));
        assert_eq!(test(&moments(&[1.0]), Side::Above, 0.0, 0.5), None);
    }

    #[test]
    fn replicates_that_do_not_vary_are_certain() {
        let zeros = moments(&[0.0; 5]);
        assert_eq!(test(&zeros, Side::Above, 0.0, 0.0), Some((0.0, Verdict::Absent)));
        assert_eq!(test(&zeros, Side::Near, 0.0, 0.1), Some((0.0, Verdict::Supported)));
        assert_eq!(test(&moments(&[1.0; 5]), Side::Below, 0.0, 0.1), Some((0.0, Verdict::Contradicted)));
        // Four equal values may be equal by chance.
        assert_eq!(test(&moments(&[1.0; 4]), Side::Above, 0.0, 0.1), Some((1.0, Verdict::Supported)));
    }

    #[test]
    fn intervals_agree_with_corrected_verdicts() {
        let mut quantiles = Quantiles::default();
        let samples = [[1.0, 1.2, 1.1, 1.3], [0.2, 0.4, -0.1, 0.3], [0.9, 0.1, 1.2, 0.5]];
        let tests: Vec<(f64, Verdict)> =
            samples.iter().map(|values| test(&moments(values), Side::Above, 0.0, 0.1).unwrap()).collect();
        let p: Vec<Option<f64>> = tests.iter().map(|(p, _)| Some(*p)).collect();
        for (values, corrected) in samples.iter().zip(correct(&p, 0.05)) {
            let corrected = corrected.unwrap();
            let (low, high) = interval(&moments(values), corrected.level, &mut quantiles).unwrap();
            let beyond = low > 0.1 || high < -0.1 || (low > -0.1 && high < 0.1);
            assert_eq!(beyond, corrected.adjusted <= 0.05, "{low} to {high}");
        }
    }

    #[test]
    fn a_ratio_by_hand_and_its_interval() {
        let mut quantiles = Quantiles::default();
        let pairs: Vec<(f64, f64)> =
            (0..10).map(|i| (1.0 + 0.01 * f64::from(i % 3), 2.0 + 0.02 * f64::from(i % 3))).collect();
        let (estimate, interval) = ratio(&pairs, 0.95, &mut quantiles).unwrap();
        let (low, high) = interval.unwrap();
        // The numerator is half of the denominator in each pair, so the ratio is known.
        assert!((estimate - 0.5).abs() < 1e-12 && (low - 0.5).abs() < 1e-6 && (high - 0.5).abs() < 1e-6);
        let noise: Vec<(f64, f64)> = (0..10).map(|i| (1.0, if i % 2 == 0 { 1.0 } else { -1.1 })).collect();
        assert_eq!(ratio(&noise, 0.95, &mut quantiles).unwrap().1, None);
    }
}
