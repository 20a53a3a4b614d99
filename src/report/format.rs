//! Formats the numbers on the page and in the pictures.
//!
//! [`rounding`] decides how many digits a number has; this module adds what readers see: a minus sign as wide as a plus, a
//! dash for an undefined number, and `<0.1` for a share that rounds to zero.

use crate::experiment::rounding;
use crate::output::table::real;

pub use crate::experiment::rounding::{grouped, percent, short};

/// What stands for a number that is not defined.
pub const UNDEFINED: &str = "–";

/// Replaces the hyphens of a formatted number by minus signs; a lone hyphen becomes [`UNDEFINED`].
pub fn with_minus(number: &str) -> String {
    if number == "-" { UNDEFINED.to_owned() } else { number.replace('-', "−") }
}

/// Adds the sign of a difference to a formatted number; zero has none.
pub fn with_sign(value: f64, number: &str) -> String {
    if value > 0.0 && number != "0" { format!("+{number}") } else { with_minus(number) }
}

/// A difference and the ends of its interval, with signs and the digits that the interval warrants.
pub fn difference(value: f64, interval: Option<(f64, f64)>) -> (String, Option<(String, String)>) {
    let signed = |value, decimals| with_minus(&rounding::signed(value, decimals));
    match interval {
        Some(ends) => {
            let (value, ends) = rounding::with_ends(value, ends, signed);
            (value, Some(ends))
        }
        None => (with_sign(value, &short(value)), None),
    }
}

/// A mean and its interval: `0.31 (0.29 to 0.33)`.
pub fn mean(mean: Option<f64>, interval: Option<(f64, f64)>) -> String {
    match (mean, interval) {
        (Some(mean), Some(ends)) => {
            let (mean, (low, high)) = rounding::with_ends(mean, ends, rounding::rounded);
            format!("{mean} ({low} to {high})")
        }
        (Some(mean), None) => short(mean),
        (None, _) => UNDEFINED.to_owned(),
    }
}

/// A number with the digits that show differences of the size `half`: those that it has with an interval of this
/// half-width.
pub fn resolved(value: f64, half: f64) -> String {
    rounding::with_ends(value, (value - half, value + half), rounding::rounded).0
}

/// A number written into a small area, such as a percentage: one decimal, none from 100 on, and `<0.1` for what would round
/// to zero.
pub fn compact(value: f64) -> String {
    match value {
        0.0 => "0".into(),
        value if value.abs() < 0.05 => "<0.1".into(),
        value => rounding::rounded(value, usize::from(value.abs() < 99.95)),
    }
}

/// A cell of the CSV file behind a picture, exact; empty if the number is not defined.
pub fn csv(value: Option<f64>) -> String {
    value.map(real).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_signs() {
        assert_eq!(
            [with_sign(0.5, "0.5"), with_sign(-0.5, "-0.5"), with_sign(1e-9, "0")],
            ["+0.5", "−0.5", "0"]
        );
        assert_eq!(difference(-0.25, None), ("−0.25".to_owned(), None));
        let (value, ends) = difference(0.04, Some((0.01, 0.07)));
        assert_eq!((value.as_str(), ends), ("+0.040", Some(("+0.010".to_owned(), "+0.070".to_owned()))));
    }

    #[test]
    fn a_number_has_the_digits_of_what_it_must_resolve() {
        assert_eq!(
            [resolved(44.012, 1.3), resolved(0.829_04, 0.000_4), resolved(1234.5, 90.0)],
            ["44.0", "0.82904", "1234"]
        );
        assert_eq!([resolved(0.5, 0.0), resolved(0.0, 0.0)], ["0.500", "0"]);
    }

    #[test]
    fn small_areas_hold_few_digits() {
        assert_eq!([0.0, 0.04, 0.06, 99.94, 99.96].map(compact), ["0", "<0.1", "0.1", "99.9", "100"]);
    }

    #[test]
    fn undefined_numbers_are_dashes_or_empty() {
        assert_eq!([mean(None, None), with_minus("-"), csv(None)], ["–", "–", ""]);
    }
}
