//! Tests of the statistics against SciPy 1.17.1 and values computed by hand.
//!
//! ```python
//! import numpy as np; from scipy import stats
//! a = np.array([.31, .29, .35, .33, .28, .36, .30, .34]); b = np.array([.35, .30, .41, .36, .33, .38, .37, .35])
//! r = stats.ttest_rel(b, a); r.pvalue; r.confidence_interval(.95); r.confidence_interval(.99)
//! n = len(a); s = np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
//! (b.mean() - a.mean()) / s * (1 - 3 / (4 * (2 * n - 2) - 1))          # g_av
//! (a.var(ddof=1) + b.var(ddof=1)) / (b - a).var(ddof=1)                 # variance ratio
//! m = 2                                                                 # pairs needed for a half-width h
//! while stats.t.ppf(.975, m - 1) * (b - a).std(ddof=1) / np.sqrt(m) > h: m += 1
//! 2 * stats.t.sf(abs(t), df); stats.t.ppf(.5 + level / 2, df)
//! ```

use super::*;
use proptest::prelude::*;

const A: [f64; 8] = [0.31, 0.29, 0.35, 0.33, 0.28, 0.36, 0.30, 0.34];
const B: [f64; 8] = [0.35, 0.30, 0.41, 0.36, 0.33, 0.38, 0.37, 0.35];

fn pairs(first: &[f64], second: &[f64]) -> Pairs {
    let mut pairs = Pairs::default();
    for (first, second) in first.iter().zip(second) {
        pairs.add(Some(*first), Some(*second));
    }
    pairs
}

fn near(got: f64, expected: f64, relative: f64) {
    assert!((got - expected).abs() <= relative * expected.abs(), "{got}, not {expected}");
}

#[test]
fn a_paired_sample_agrees_with_scipy() {
    let pairs = pairs(&A, &B);
    let mut quantiles = Quantiles::default();
    let mut ends = |level| {
        let (mean, half) = (pairs.difference().unwrap(), pairs.half_width(level, &mut quantiles).unwrap());
        (mean - half, mean + half)
    };
    let (lo, hi) = ends(0.95);
    near(lo, 0.017323771427755905, 1e-8);
    near(hi, 0.05517622857224408, 1e-8);
    let (lo, hi) = ends(0.99);
    near(lo, 0.008240467100304533, 1e-8);
    near(hi, 0.06425953289969545, 1e-8);
    near(pairs.p().unwrap(), 0.002702809925276324, 1e-5);
    near(pairs.effect_size().unwrap(), 1.1001272046864814, 1e-12);
    near(pairs.variance_ratio().unwrap(), 3.7874564459930284, 1e-12);
    for (half, needed) in [(1e-4, 196_878), (1e-3, 1_972), (0.005, 82), (0.01, 23), (0.02, 8), (0.04, 4)] {
        assert_eq!(pairs.pairs_needed(half, 0.95, &mut quantiles), Some(needed), "{half}");
    }
    assert_eq!(pairs.pairs_needed(0.0, 0.95, &mut quantiles), None);
}

#[test]
fn p_values_agree_with_scipy() {
    let reference = [
        (0.5, 1, 0.7048327646991335),
        (2.0, 4, 0.11611652351681556),
        (2.0, 99, 0.04823969337263296),
        (-3.5, 19, 0.002395346689682809),
        (12.0, 9, 7.699886222985653e-07),
        (40.0, 99, 6.385085160287251e-63),
        (1e-9, 5, 0.9999999992407866),
    ];
    for (t, freedom, expected) in reference {
        near(p_value(t, freedom), expected, 1e-5);
    }
}

#[test]
fn differences_that_do_not_vary_have_a_point_for_an_interval() {
    let mut quantiles = Quantiles::default();
    let same = pairs(&A, &A);
    assert_eq!((same.difference(), same.half_width(0.95, &mut quantiles)), (Some(0.0), Some(0.0)));
    assert_eq!((same.p(), same.effect_size(), same.variance_ratio()), (Some(1.0), Some(0.0), None));
    assert_eq!(same.pairs_needed(0.0, 0.95, &mut quantiles), Some(2));
    let shifted = pairs(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0]);
    assert_eq!((shifted.p(), shifted.half_width(0.95, &mut quantiles)), (Some(0.0), Some(0.0)));
    let constant = pairs(&[1.0; 3], &[2.0; 3]);
    assert_eq!((constant.difference(), constant.effect_size()), (Some(1.0), None));
}

#[test]
fn incomplete_pairs_are_ignored() {
    let mut pairs = pairs(&A, &B);
    pairs.add(None, Some(1.0));
    pairs.add(Some(1.0), None);
    assert_eq!(pairs, self::pairs(&A, &B));
    let mut one = Pairs::default();
    assert_eq!((one.n(), one.difference(), one.p()), (0, None, None));
    one.add(Some(1.0), Some(3.0));
    assert_eq!((one.n(), one.difference(), one.p(), one.effect_size()), (1, Some(2.0), None, None));
}

#[test]
fn holm_by_hand() {
    // Sorted: .005 .01 .03 .04; times 4, 3, 2, 1: .02 .03 .06 .04, and never falling: .02 .03 .06 .06.
    let adjusted = Correction::Holm.adjust(&[Some(0.01), Some(0.04), None, Some(0.03), Some(0.005)]);
    assert_eq!(adjusted, [Some(0.03), Some(0.06), None, Some(0.06), Some(0.02)]);
    assert_eq!(Correction::Holm.adjust(&[Some(0.6), Some(0.7)]), [Some(1.0), Some(1.0)]);
    assert_eq!(Correction::None.adjust(&[Some(0.6), None]), [Some(0.6), None]);
    assert_eq!(Correction::Holm.adjust(&[]), []);
}

proptest! {
    #[test]
    fn holm_lies_between_none_and_bonferroni(p in prop::collection::vec(0f64..=1.0, 1..40)) {
        let some: Vec<Option<f64>> = p.iter().map(|p| Some(*p)).collect();
        // A step-down value is at most m times p, so whatever Bonferroni rejects, Holm rejects too.
        for (p, adjusted) in p.iter().zip(Correction::Holm.adjust(&some)) {
            let (adjusted, bonferroni) = (adjusted.unwrap(), (some.len() as f64 * p).min(1.0));
            prop_assert!(adjusted >= p * (1.0 - 1e-5) && adjusted <= 1.0);
            for level in [0.01, 0.05, 0.2] {
                prop_assert!(bonferroni > level * (1.0 - 1e-5) || adjusted <= level * (1.0 + 1e-5));
            }
        }
    }

    #[test]
    fn exchanging_the_samples_changes_only_the_sign(
        values in prop::collection::vec((-1e3f64..1e3, -1e3f64..1e3), 2..30)
    ) {
        let (first, second): (Vec<f64>, Vec<f64>) = values.into_iter().unzip();
        let (there, back) = (pairs(&first, &second), pairs(&second, &first));
        prop_assert_eq!(there.p(), back.p());
        prop_assert_eq!(there.difference().map(|d| -d), back.difference());
        prop_assert_eq!(there.variance_ratio(), back.variance_ratio());
    }
}
