use super::*;

fn rows(columns: &[&[f64]]) -> Vec<Vec<f64>> {
    (0..columns[0].len()).map(|row| columns.iter().map(|column| column[row]).collect()).collect()
}

fn some(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-7 * (1.0 + other.abs())
}

const X: [f64; 4] = [0.0, 1.0, 2.0, 3.0];
const Y: [f64; 4] = [1.0, 3.0, 2.0, 5.0];

/// Around the means 1.5 and 2.75: sum of products 5.5, of squares of x 5. The slope is 1.1, the intercept
/// 2.75 - 1.1 * 1.5 = 1.1.
#[test]
fn a_straight_line_by_hand() {
    let fit = least_squares(&rows(&[&X]), &some(&Y)).unwrap();
    assert!(near(fit.coefficients[0], 1.1) && near(fit.intercept, 1.1), "{fit:?}");
    assert!(near(fit.predict(&[10.0]), 12.1));
}

/// y = 1 + 2 a - 3 b without error, with a third feature that does not vary.
#[test]
fn an_exact_relation_is_found_and_a_constant_has_no_coefficient() {
    let (a, b) = ([0.0, 1.0, 0.0, 1.0, 2.0], [0.0, 0.0, 1.0, 1.0, 5.0]);
    let y: Vec<f64> = a.iter().zip(b).map(|(a, b)| 1.0 + 2.0 * a - 3.0 * b).collect();
    let fit = least_squares(&rows(&[&a, &[0.3; 5], &b]), &some(&y)).unwrap();
    for (found, expected) in fit.coefficients.iter().zip([2.0, 0.0, -3.0]) {
        assert!(near(*found, expected), "{fit:?}");
    }
    assert!(near(fit.intercept, 1.0));
}

#[test]
fn equal_features_share_their_coefficient() {
    let double: Vec<f64> = X.iter().map(|x| 10.0 - 2.0 * x).collect();
    let fit = least_squares(&rows(&[&X, &X, &double]), &some(&Y)).unwrap();
    // Standardised, each has a third of the slope; the last has half the slope and the other sign.
    for (found, expected) in fit.coefficients.iter().zip([1.1 / 3.0, 1.1 / 3.0, -1.1 / 6.0]) {
        assert!((found - expected).abs() < 1e-4, "{fit:?}");
    }
    assert!((fit.predict(&[2.0, 2.0, 6.0]) - 3.3).abs() < 1e-6);
}

/// With n = 4 rows and a penalty of n the slope of a standardised feature is halved: n/(n + n).
#[test]
fn a_penalty_shrinks_as_it_should() {
    let lines = rows(&[&X]);
    let lines: Vec<&[f64]> = lines.iter().map(Vec::as_slice).collect();
    let fit = Design::new(&lines).fit(&Y, |_| 1.0);
    assert!(near(fit.coefficients[0], 0.55) && near(fit.intercept, 2.75 - 0.55 * 1.5), "{fit:?}");
}

/// Residuals -.1, .8, -1.3, .6 and leverages .7, .3, .3, .7.
#[test]
fn errors_of_rows_left_out_by_hand() {
    let lines = rows(&[&X]);
    let lines: Vec<&[f64]> = lines.iter().map(Vec::as_slice).collect();
    let centred = Y.map(|y| y - 2.75);
    let sum = Design::new(&lines).left_out_errors(&centred, 1e-12);
    let expected: f64 =
        [(-0.1, 0.3), (0.8, 0.7), (-1.3, 0.7), (0.6, 0.3)].iter().map(|(e, rest)| square(e / rest)).sum();
    assert!(near(sum, expected), "{sum} {expected}");
}

/// Keyed noise of mean 0.
fn noise(name: &str, count: usize) -> Vec<f64> {
    let draws = Keyed::new(1, "noise", 0);
    (0..count).map(|index| draws.uniform(name, index) - 0.5).collect()
}

#[test]
fn ridge_keeps_what_predicts_and_shrinks_what_does_not() {
    let columns: Vec<Vec<f64>> = (0..30).map(|column| noise(&format!("x{column}"), 60)).collect();
    let lines = rows(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let error = noise("error", 60);
    let signal: Vec<f64> = columns[0].iter().zip(&error).map(|(x, error)| 3.0 * x + 0.1 * error).collect();
    let fit = ridge(&lines, &some(&signal)).unwrap();
    assert!((fit.coefficients[0] - 3.0).abs() < 0.2, "{fit:?}");
    let nothing = ridge(&lines, &some(&error)).unwrap();
    assert!(nothing.penalty > 10.0 * fit.penalty, "{} {}", nothing.penalty, fit.penalty);
    assert!(nothing.coefficients.iter().all(|coefficient| coefficient.abs() < 0.1));
}

#[test]
fn rows_without_an_outcome_are_left_out() {
    let mut outcomes = some(&Y);
    let lines = rows(&[&[0.0, 1.0, 2.0, 3.0, 99.0]]);
    outcomes.push(None);
    assert_eq!(least_squares(&lines, &outcomes), least_squares(&lines[..4], &some(&Y)));
    assert_eq!(least_squares(&lines, &[Some(1.0), None, None, None, None]), None);
    assert_eq!(ridge(&[], &[]), None);
}

#[test]
fn an_outcome_that_does_not_vary_is_predicted_by_its_mean() {
    let fit = ridge(&rows(&[&X]), &some(&[2.0; 4])).unwrap();
    assert_eq!((fit.intercept, fit.coefficients[0]), (2.0, 0.0));
    assert_eq!(r2_out_of_sample(&rows(&[&noise("a", 40)]), &some(&[2.0; 40]), 1), None);
}

#[test]
fn explained_shares_are_near_one_for_a_relation_and_near_zero_for_noise() {
    let columns: Vec<Vec<f64>> = (0..5).map(|column| noise(&format!("x{column}"), 200)).collect();
    let lines = rows(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let error = noise("error", 200);
    let outcome = |weight: f64| -> Vec<Option<f64>> {
        columns[2].iter().zip(&error).map(|(x, error)| Some(x + weight * error)).collect()
    };
    // Both have variance 1/12: half of the variance is explained, less what the fits lose.
    let (whole, half, none) = (outcome(0.0), outcome(1.0), some(&error));
    let [whole, half, none] = [whole, half, none].map(|y| r2_out_of_sample(&lines, &y, 7).unwrap());
    assert!(whole.share > 0.9999, "{}", whole.share);
    assert!((0.4..0.6).contains(&half.share), "{}", half.share);
    assert!((-0.1..0.03).contains(&none.share), "{}", none.share);
    let ends = |moments: Moments| {
        let (mean, error) = (moments.mean().unwrap(), moments.sd().unwrap() / 200f64.sqrt());
        (mean - 1.96 * error, mean + 1.96 * error)
    };
    let (low, high) = ends(half.moments(None, 200));
    assert!(low < half.share && half.share < high && high - low < 0.25, "{low} {high}");
    let (low, high) = ends(half.moments(Some(&none), 200));
    assert!(low > 0.3 && high < 0.65, "{low} {high}");
    assert_eq!(ends(half.moments(Some(&half), 200)), (0.0, 0.0));
    assert!(r2_out_of_sample(&lines, &outcome(1.0), 8).unwrap().resamples != half.resamples);
}

/// Resamples .1, .3, .5 with .0, .1, .2 of the other: differences .1, .2, .3, of which the standard deviation is .1.
#[test]
fn standard_errors_are_deviations_of_paired_resamples() {
    let explained =
        |share: f64, resamples: [f64; 3]| Explained { share, resamples: resamples.map(Some).to_vec() };
    let (one, other) = (explained(0.3, [0.1, 0.3, 0.5]), explained(0.1, [0.0, 0.1, 0.2]));
    let found = one.moments(Some(&other), 25);
    assert_eq!(found.count(), 25);
    assert!((found.mean().unwrap() - 0.2).abs() < 1e-12);
    assert!((found.sd().unwrap() / 5.0 - 0.1).abs() < 1e-12);
    let alone = Explained { resamples: vec![Some(0.1), None, Some(0.5)], ..one };
    assert!((alone.moments(None, 4).sd().unwrap() / 2.0 - 0.08f64.sqrt()).abs() < 1e-12);
}
