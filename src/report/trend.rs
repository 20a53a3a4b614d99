//! Computes how a measure depends on a value over many points: rank correlations and means in bins.

use crate::experiment::moments::Moments;
use crate::experiment::quantiles::Quantiles;

/// Number of distinct values up to which each has a bin.
const MOST_VALUES: usize = 12;

/// Fewest and most bins of other values.
const BINS: (usize, usize) = (4, 12);

/// Points with neighbouring values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Lowest and highest value.
    pub range: (f64, f64),
    /// Mean of the values, geometric on a logarithmic scale.
    pub at: f64,
    /// Number of points.
    pub points: u64,
    /// Mean of the measure over the points.
    pub mean: f64,
    /// Ends of Student's interval of this mean, as if the points had been drawn at random; `None` for one point.
    pub interval: Option<(f64, f64)>,
}

/// Divides points (value, measure) into bins: one for each value if they are few, otherwise bins of about equally many
/// points. Points with the same value share a bin.
pub fn bins(points: &[(f64, f64)], log: bool, level: f64) -> Vec<Bin> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    let values: Vec<&[(f64, f64)]> = sorted.chunk_by(|one, other| one.0 == other.0).collect();
    let wanted = libm::sqrt(points.len() as f64).round().clamp(BINS.0 as f64, BINS.1 as f64);
    let wanted = if values.len() <= MOST_VALUES { f64::INFINITY } else { wanted };
    let mut quantiles = Quantiles::default();
    let mut bins: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut before = 0;
    for value in values {
        // A value belongs to the bin in which its first point is.
        let bin = libm::floor(before as f64 / points.len() as f64 * wanted);
        if wanted.is_infinite() || bins.is_empty() || bin >= bins.len() as f64 {
            bins.push(Vec::new());
        }
        bins.last_mut().expect("a bin was added").extend_from_slice(value);
        before += value.len();
    }
    bins.iter().filter_map(|points| bin(points, log, level, &mut quantiles)).collect()
}

fn bin(points: &[(f64, f64)], log: bool, level: f64, quantiles: &mut Quantiles) -> Option<Bin> {
    let (mut at, mut moments) = (Moments::default(), Moments::default());
    for (value, measure) in points {
        at.add(if log { libm::log(*value) } else { *value });
        moments.add(*measure);
    }
    let (first, last, mean) = (points.first()?.0, points.last()?.0, moments.mean()?);
    let n = moments.count();
    let half = moments.sd().map(|sd| quantiles.student(level, n - 1) * sd / libm::sqrt(n as f64));
    let at = if first == last {
        first
    } else if log {
        libm::exp(at.mean()?)
    } else {
        at.mean()?
    };
    Some(Bin {
        range: (first, last),
        at,
        points: n,
        mean,
        interval: half.map(|half| (mean - half, mean + half)),
    })
}

/// Spearman's rank correlation of pairs; equal values have the mean of their ranks. `None` below three pairs, or if one side
/// does not vary.
pub fn rank_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 {
        return None;
    }
    let one = ranks(pairs.iter().map(|pair| pair.0));
    let other = ranks(pairs.iter().map(|pair| pair.1));
    // Ranks have the mean (n + 1) / 2, also with equal values.
    let middle = (pairs.len() as f64 + 1.0) / 2.0;
    let product =
        |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - middle) * (b - middle)).sum::<f64>();
    let squares = product(&one, &one) * product(&other, &other);
    (squares > 0.0).then(|| (product(&one, &other) / libm::sqrt(squares)).clamp(-1.0, 1.0))
}

/// Ranks from 1.
fn ranks(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = values.zip(0..).collect();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut ranks = vec![0.0; order.len()];
    let mut before = 0;
    for equal in order.chunk_by(|one, other| one.0 == other.0) {
        let rank = before as f64 + (equal.len() as f64 + 1.0) / 2.0;
        equal.iter().for_each(|(_, position)| ranks[*position] = rank);
        before += equal.len();
    }
    ranks
}

/// Chooses about `most` of a number of points, spread evenly over their order and aligned with no period of it.
pub fn sample(points: usize, most: usize) -> impl Iterator<Item = usize> {
    // Multiples of the golden ratio, as fractions of 2^64, are spread evenly over the unit interval.
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let share =
        if points <= most { u64::MAX } else { (most as f64 / points as f64 * u64::MAX as f64) as u64 };
    (0..points).filter(move |point| (*point as u64).wrapping_mul(GOLDEN) <= share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_correlations_by_hand() {
        let of = |pairs: &[(f64, f64)]| rank_correlation(pairs);
        assert_eq!(of(&[(1.0, 1.0), (2.0, 8.0), (3.0, 27.0)]), Some(1.0));
        assert_eq!(of(&[(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)]), Some(-1.0));
        // Ranks 1 2 3 4 and 2 1 4 3: 1 - 6 * 4 / (4 * 15) = 0.6.
        assert!((of(&[(1.0, 5.0), (2.0, 1.0), (3.0, 9.0), (4.0, 7.0)]).unwrap() - 0.6).abs() < 1e-12);
        // Ranks 1.5 1.5 3.5 3.5 and 1 2 3 4: covariance 4, variances 4 and 5.
        let tied = of(&[(0.0, 1.0), (0.0, 2.0), (1.0, 3.0), (1.0, 4.0)]).unwrap();
        assert!((tied - 4.0 / 20f64.sqrt()).abs() < 1e-12, "{tied}");
        assert_eq!((of(&[(1.0, 1.0), (2.0, 2.0)]), of(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)])), (None, None));
    }

    #[test]
    fn few_values_have_a_bin_each() {
        let found = bins(&[(2.0, 4.0), (1.0, 1.0), (2.0, 2.0), (1.0, 3.0), (3.0, 7.0)], false, 0.95);
        let seen: Vec<_> = found.iter().map(|bin| (bin.at, bin.points, bin.mean)).collect();
        assert_eq!(seen, [(1.0, 2, 2.0), (2.0, 2, 3.0), (3.0, 1, 7.0)]);
        // sd = sqrt(2), half-width = 12.706204736 * sqrt(2) / sqrt(2).
        assert!((found[0].interval.unwrap().1 - (2.0 + 12.706_204_736)).abs() < 1e-8);
        assert_eq!(found[2].interval, None);
    }

    #[test]
    fn many_values_have_bins_of_about_equally_many_points() {
        let points: Vec<(f64, f64)> = (0..100).map(|at| (f64::from(at), 2.0 * f64::from(at))).collect();
        let found = bins(&points, false, 0.95);
        assert_eq!(found.len(), 10);
        assert!(found.iter().all(|bin| bin.points == 10 && (bin.mean - 2.0 * bin.at).abs() < 1e-9));
        assert_eq!((found[0].range, found[9].range), ((0.0, 9.0), (90.0, 99.0)));
        // A value that many points share is not divided.
        let shared: Vec<(f64, f64)> = (0..100).map(|at| (f64::from(i32::max(at, 60)), 1.0)).collect();
        let found = bins(&shared, false, 0.95);
        assert_eq!((found[0].range, found[0].points), ((60.0, 60.0), 61));
        assert_eq!(found.iter().map(|bin| bin.points).sum::<u64>(), 100);
        let log = bins(&(0..16).map(|at| (libm::exp2(f64::from(at)), 1.0)).collect::<Vec<_>>(), true, 0.95);
        assert!((log[0].at - libm::exp2(1.5)).abs() < 1e-9, "{log:?}");
    }

    #[test]
    fn a_sample_is_spread_evenly() {
        assert_eq!(sample(5, 10).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        let chosen: Vec<usize> = sample(10_000, 300).collect();
        assert!((295..=305).contains(&chosen.len()), "{}", chosen.len());
        // Every residue of a period has its share.
        for residue in 0..10 {
            let of = chosen.iter().filter(|point| *point % 10 == residue).count();
            assert!((24..=36).contains(&of), "{residue}: {of}");
        }
    }
}
