//! Tests of the quantiles: distribution functions, monotonicity, ends, means and variances.

use super::super::random::uniform64;
use super::*;

/// Mean and variance of a quantile function over a grid of midpoints.
fn moments(quantile: impl Fn(u32) -> f64) -> (f64, f64) {
    let values: Vec<f64> = (0..1 << 18).map(|i| quantile(i << 14 | 0x2000)).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len() as f64)
}

/// Every word of both tails and a grid between them, in rising order.
fn words() -> impl Iterator<Item = u32> {
    (0..3000).chain((3000..u32::MAX - 3000).step_by(8191)).chain(u32::MAX - 3000..=u32::MAX)
}

/// Compares a table with quantiles computed one by one, at the words of [`words`]: it increases, with errors below `bound`.
fn check(table: &Quantiles, bound: f64, exact: impl Fn(u32) -> f64) {
    let (mut last, mut worst) = (f64::NEG_INFINITY, (0.0, 0));
    for word in words() {
        let x = table.at(word);
        assert!(x > last, "word {word}: {x} after {last}");
        last = x;
        let error = (x - exact(word)).abs();
        if error > worst.0 {
            worst = (error, word);
        }
    }
    assert!(worst.0 < bound, "word {}: off by {:e}", worst.1, worst.0);
}

#[test]
fn tables_do_not_decrease_from_one_cell_to_the_next() {
    for table in [&*NORMAL, &*BETA_3_5_2, &*BETA_2_4, &*BETA_1_5_5] {
        for cell in 0..SIDE as u64 {
            let begin = f64::from_bits((FIRST + cell) << PLACE_BITS) as u32;
            for word in begin.saturating_sub(2)..=begin + 2 {
                assert!(table.at(word) < table.at(word + 1), "word {word}");
                assert!(table.at(!word) > table.at(!(word + 1)), "word {}", !word);
            }
        }
    }
}

#[test]
fn columns_of_deviates_are_those_of_the_words() {
    let words: Vec<u32> = words().step_by(7).collect();
    let mut deviates = vec![0.0; words.len()];
    NORMAL.fill(&mut deviates, &words, |deviate| deviate as f32);
    assert!(deviates.iter().zip(&words).all(|(deviate, &word)| *deviate == normal_of_word(word) as f32));
}

/// The standard normal quantile at a word, computed without the table.
fn exact_normal(word: u32) -> f64 {
    let z = lower_normal(uniform64(word.min(!word))).0;
    if word < 1 << 31 { z } else { -z }
}

#[test]
fn normal_is_near_the_exact_quantile_and_symmetric() {
    check(&NORMAL, 1e-7, exact_normal);
    assert!(words().all(|word| normal_of_word(word) == -normal_of_word(!word)));
    assert!((normal_of_word(u32::MAX) - 6.338).abs() < 1e-3, "{}", normal_of_word(u32::MAX));
    assert!((normal_of_word((0.975 * 4294967296.0) as u32) - 1.959_963_985).abs() < 1e-7);
    let (mean, variance) = moments(normal_of_word);
    assert!(mean.abs() < 1e-8 && (variance - 1.0).abs() < 1e-4, "{mean} {variance}");
}

#[test]
fn normal_quantiles_invert_their_distribution_function() {
    for word in words().filter(|word| *word < 1 << 31) {
        let (u, h) = (uniform64(word), 1e-5);
        let (z, slope) = lower_normal(u);
        let back = 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2);
        assert!((back / u - 1.0).abs() < 1e-13, "word {word}: {back} for {u}");
        if u > 1e-3 && u < 0.5 - 1e-3 {
            let difference = (lower_normal(u + h * u).0 - lower_normal(u - h * u).0) / (2.0 * h * u);
            assert!((slope / difference - 1.0).abs() < 1e-8, "{u}: {slope}, {difference}");
        }
    }
}

#[test]
fn poisson_has_its_hand_values() {
    assert!(words().all(|word| poisson(0.0, uniform64(word)) == 0));
    let p0 = libm::exp(-1.5);
    for (u, count) in [
        (p0 - 1e-12, 0),
        (p0 + 1e-12, 1),
        (p0 * 2.5 - 1e-12, 1),
        (p0 * 2.5 + 1e-12, 2),
        (p0 * 3.625 + 1e-12, 3),
    ] {
        assert_eq!(poisson(1.5, u), count);
    }
    assert_eq!(poisson(1e-12, 1.0 - uniform64(0)), 0);
}

#[test]
fn poisson_has_its_mean_and_variance_from_small_to_large() {
    for mean in [0.01, 0.7, 3.0, 40.0, 499.9, 500.0, 500.1, 744.0, 746.0, 1000.0, 3000.0, 9999.0] {
        let n: u32 = 2000;
        let counts: Vec<f64> =
            (0..n).map(|i| f64::from(poisson(mean, (f64::from(i) + 0.5) / f64::from(n)))).collect();
        let average = counts.iter().sum::<f64>() / f64::from(n);
        let variance = counts.iter().map(|k| (k - average) * (k - average)).sum::<f64>() / f64::from(n);
        assert!((average - mean).abs() < 0.001 * mean.sqrt() + 0.001, "{mean}: {average}");
        assert!((variance / mean - 1.0).abs() < 0.03, "{mean}: {variance}");
    }
}

#[test]
fn poisson_ends_at_the_extremes_of_u() {
    for mean in [1e-9, 1.0, 600.0, 5000.0, 20000.0] {
        let (low, high) = (poisson(mean, uniform64(0)), poisson(mean, uniform64(u32::MAX)));
        assert!(f64::from(low) >= mean - 7.0 * mean.sqrt() - 1.0, "{mean}: {low}");
        assert!(f64::from(high) <= mean + 8.0 * mean.sqrt() + 12.0, "{mean}: {high}");
        poisson(mean, 1.0 - f64::EPSILON / 2.0);
    }
}

#[test]
fn poisson_never_decreases_in_mean_or_uniform() {
    for word in (0..=u32::MAX).step_by(1 << 26) {
        let counts: Vec<u32> =
            (0..400).map(|i| poisson(f64::from(i) * 2.5 + 0.01, uniform64(word))).collect();
        assert!(counts.is_sorted(), "word {word}");
    }
    for mean in [0.3, 20.0, 700.0, 1500.0] {
        let counts: Vec<u32> =
            (0..=u32::MAX).step_by(1 << 23).map(|word| poisson(mean, uniform64(word))).collect();
        assert!(counts.is_sorted(), "mean {mean}");
    }
}

#[test]
fn rounding_at_random_keeps_whole_numbers_and_means() {
    for x in [0.0, 1.0, 17.0, 5e6, 9_007_199_254_740_992.0] {
        assert_eq!(round_randomly(x, uniform64(0)), x as u64);
        assert_eq!(round_randomly(x, uniform64(u32::MAX)), x as u64);
    }
    let sum: u64 = (0..1000).map(|i| round_randomly(3.3, (f64::from(i) + 0.5) / 1000.0)).sum();
    assert_eq!(sum, 3300);
}

fn check_beta<S: Shape>(table: &Quantiles, alpha: f64, beta: f64) {
    let exact = |word| {
        let u = uniform64(word);
        let x = solve::<S>(u, 0.5);
        assert!(x > 0.0 && x < 1.0, "word {word}: {x}");
        // Within 1e-9 of the quantile, or within the rounding of the distribution function.
        let (below, above) = (S::at((x - 1e-9).max(0.0)).0, S::at((x + 1e-9).min(1.0)).0);
        assert!(below <= u + 4e-15 && u - 4e-15 <= above, "word {word}: {below} {u} {above}");
        x
    };
    check(table, 3e-8, exact);
    let (mean, variance) = moments(|word| table.at(word));
    let sum = alpha + beta;
    assert!((mean - alpha / sum).abs() < 1e-5, "{mean}");
    assert!((variance - alpha * beta / (sum * sum * (sum + 1.0))).abs() < 1e-5, "{variance}");
    // Far out, where 3e-8 would be much: the part of the way to the end is that of the exact quantile.
    for word in 0..1000 {
        let (x, y) = (table.at(word), 1.0 - table.at(!word));
        assert!((x / exact(word) - 1.0).abs() < 1e-6 && (y / (1.0 - exact(!word)) - 1.0).abs() < 1e-5);
    }
}

#[test]
fn beta_quantiles_are_near_those_that_invert_the_distribution_functions() {
    check_beta::<Beta3_5And2>(&BETA_3_5_2, 3.5, 2.0);
    check_beta::<Beta2And4>(&BETA_2_4, 2.0, 4.0);
    check_beta::<Beta1_5And5>(&BETA_1_5_5, 1.5, 5.0);
}

#[test]
fn beta_distribution_functions_are_whole_and_densities_their_slopes() {
    fn slopes<S: Shape>() {
        assert!((S::at(1.0).0 - 1.0).abs() < 1e-14 && S::at(0.0).0 == 0.0);
        for i in 1..100 {
            let x = f64::from(i) / 100.0;
            let slope = (S::at(x + 1e-6).0 - S::at(x - 1e-6).0) / 2e-6;
            assert!((slope - S::at(x).1).abs() < 1e-8, "{x}");
        }
    }
    slopes::<Beta3_5And2>();
    slopes::<Beta2And4>();
    slopes::<Beta1_5And5>();
}
