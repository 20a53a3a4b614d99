//! Tests of the elementary functions: error bounds on dense grids against `libm` in `f64`, ends, and hand values.

use super::*;

/// A grid of `count + 1` numbers from `low` to `high`.
fn grid(low: f32, high: f32, count: u32) -> impl Iterator<Item = f32> {
    (0..=count).map(move |i| low + (high - low) * (i as f32 / count as f32))
}

/// Every `step`-th float from `low` to `high`, so that all magnitudes occur.
fn floats(low: f32, high: f32, step: usize) -> impl Iterator<Item = f32> {
    (low.to_bits()..=high.to_bits()).step_by(step).map(f32::from_bits)
}

/// The largest relative error and where it is.
fn worst(numbers: impl Iterator<Item = f32>, ours: fn(f32) -> f32, exact: fn(f64) -> f64) -> (f64, f32) {
    numbers.fold((0.0, 0.0), |worst, x| {
        let (ours, exact) = (f64::from(ours(x)), exact(f64::from(x)));
        let error = if ours == exact { 0.0 } else { ((ours - exact) / exact).abs() };
        if error > worst.0 || error.is_nan() { (error, x) } else { worst }
    })
}

#[test]
fn exp_is_within_its_bound() {
    let (error, at) = worst(grid(-87.0, 88.0, 2_000_000), exp, libm::exp);
    assert!(error < 1.2e-7, "{error} at {at}");
    let (error, at) = worst(grid(-1.0, 1.0, 500_000), exp, libm::exp);
    assert!(error < 1.2e-7, "{error} at {at}");
    assert_eq!(exp(0.0), 1.0);
    assert_eq!((exp(-1e9), exp(1e9)), (exp(-87.0), exp(88.0)));
    assert_eq!((exp(f32::NEG_INFINITY), exp(f32::INFINITY)), (exp(-87.0), exp(88.0)));
}

#[test]
fn one_minus_exp_neg_is_within_its_bound() {
    let exact = |x: f64| -libm::expm1(-x);
    for numbers in [
        Box::new(grid(0.0, 80.0, 2_000_000)) as Box<dyn Iterator<Item = f32>>,
        Box::new(floats(1e-30, 2.0, 512)),
    ] {
        let (error, at) = worst(numbers, one_minus_exp_neg, exact);
        assert!(error < 1.2e-7, "{error} at {at}");
    }
    assert_eq!((one_minus_exp_neg(0.0), one_minus_exp_neg(1e9)), (0.0, 1.0));
    assert!(grid(0.0, 100.0, 1_000_000).all(|x| (0.0..=1.0).contains(&one_minus_exp_neg(x))));
}

#[test]
fn ln_is_within_its_bound() {
    for numbers in [
        Box::new(floats(f32::MIN_POSITIVE, f32::MAX, 1021)) as Box<dyn Iterator<Item = f32>>,
        Box::new(floats(0.5, 2.0, 13)),
        Box::new(floats(0.999, 1.001, 1)),
    ] {
        let (error, at) = worst(numbers, ln, libm::log);
        assert!(error < 1.2e-7, "{error} at {at}");
    }
    assert_eq!(ln(1.0), 0.0);
}

#[test]
fn pow_is_within_its_bound_and_exact_at_the_ends() {
    let mut largest: f64 = 0.0;
    for x in grid(1e-4, 1.0, 2000) {
        for y in grid(0.01, 9.0, 300) {
            let exact = libm::pow(f64::from(x), f64::from(y));
            let bound = 1.0 + (f64::from(y) * libm::log(f64::from(x))).abs();
            largest = largest.max((f64::from(pow(x, y)) / exact - 1.0).abs() / bound);
        }
    }
    assert!(largest < 1.5e-7, "{largest}");
    assert_eq!((pow(0.0, 0.5), pow(0.0, 0.0), pow(0.3, 0.0), pow(1.0, 7.0)), (0.0, 1.0, 1.0, 1.0));
}

#[test]
fn gumbel_keeps_both_tails() {
    let exact = |word: u32| {
        let (u, rest) = ((f64::from(word) + 0.5) / 4294967296.0, (f64::from(!word) + 0.5) / 4294967296.0);
        -libm::log(if u < 0.5 { -libm::log(u) } else { -libm::log1p(-rest) })
    };
    let words = (0..=u32::MAX).step_by(4099).chain(0..5000).chain(u32::MAX - 5000..=u32::MAX);
    let mut largest: f64 = 0.0;
    for word in words {
        let exact = exact(word);
        largest = largest.max((f64::from(gumbel_of_word(word)) - exact).abs() / (1.0 + exact.abs()));
    }
    assert!(largest < 2e-7, "{largest}");
    assert_eq!((gumbel_of_word(0) * 100.0).round(), -313.0);
    assert_eq!((gumbel_of_word(u32::MAX) * 100.0).round(), 2287.0);
}

#[test]
fn the_ceiling_of_gumbel_is_never_below_it_and_close_where_it_is_high() {
    let words = (0..=u32::MAX).step_by(1021).chain(0..5000).chain(u32::MAX - 100_000..=u32::MAX);
    let mut farthest: f32 = 0.0;
    for word in words {
        let (gumbel, ceiling) = (gumbel_of_word(word), gumbel_ceiling(word));
        assert!(gumbel <= ceiling, "{word}: {gumbel} above {ceiling}");
        if gumbel > 1.0 && word < u32::MAX - 64 {
            farthest = farthest.max(ceiling - gumbel);
        }
    }
    assert!(farthest < 0.25, "{farthest}");
}

#[test]
fn gumbel_has_its_mean_and_variance() {
    let values: Vec<f64> = (0..1 << 20).map(|i| f64::from(gumbel_of_word(i << 12 | 0x800))).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len() as f64;
    assert!((mean - 0.577_215_66).abs() < 1e-4, "{mean}");
    assert!((variance - std::f64::consts::PI.powi(2) / 6.0).abs() < 1e-3, "{variance}");
}

#[test]
fn fixed_rounds_to_the_nearest_unit() {
    assert_eq!((fixed(0.0), fixed(0.5), fixed(1.0)), (0, 1 << 22, 1 << 23));
    assert_eq!(from_fixed(3 << 22), 1.5);
    for x in grid(0.0, 1.0, 100_000) {
        assert!((from_fixed(u64::from(fixed(x))) - f64::from(x)).abs() <= 0.5 / f64::from(1 << 23), "{x}");
    }
}
