//! Formats numbers for readers, rounded to the digits that matter.
//!
//! A number that rounds to zero has no sign: neither `-0.0` nor `+0.0`. A number shown with its interval has as many digits
//! as the width of the interval warrants, and so do the ends of the interval.

/// Maximum number of decimals without an interval.
const MOST: usize = 6;

/// Maximum number of decimals with an interval.
const MOST_OF_INTERVAL: usize = 15;

/// Decimals up to which two digits of an interval's width are shown; beyond them, one.
const ENOUGH: usize = 5;

/// Formats a number with a fixed number of decimals.
pub fn rounded(value: f64, decimals: usize) -> String {
    unsigned_zero(format!("{value:.decimals$}"))
}

/// Formats a difference with a fixed number of decimals and its sign, `+` included, unless it rounds to zero.
pub fn signed(value: f64, decimals: usize) -> String {
    unsigned_zero(format!("{value:+.decimals$}"))
}

fn unsigned_zero(text: String) -> String {
    match text.strip_prefix(['-', '+']) {
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

/// Returns the fewest decimals, at most `most`, that show `digits` significant digits of a number; 0 for zero.
fn decimals(value: f64, digits: u8, most: usize) -> usize {
    if value == 0.0 {
        return 0;
    }
    // From here on a number rounded to one decimal has all its digits before the point.
    let mut least = (1..digits).fold(1.0, |least, _| 10.0 * least) - 0.05;
    let mut decimals = 0;
    while decimals < most && value.abs() < least {
        decimals += 1;
        least /= 10.0;
    }
    decimals
}

/// Formats a number with three significant digits, at most six decimals and no exponent.
pub fn three(value: f64) -> String {
    rounded(value, decimals(value, 3, MOST))
}

/// Like [`three`], without trailing zeros.
pub fn short(value: f64) -> String {
    trimmed(value, decimals(value, 3, MOST))
}

/// Like [`rounded`], without trailing zeros.
pub fn trimmed(value: f64, decimals: usize) -> String {
    let text = rounded(value, decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Returns the decimals for a number whose interval has the half-width `half`: enough for two digits of the half-width, or
/// for one digit if two would take more than five decimals. If the interval is a point, the number alone decides.
fn decimals_with(half: f64, value: f64) -> usize {
    if half == 0.0 {
        return decimals(value, 3, MOST_OF_INTERVAL);
    }
    let [one, two] = [1, 2].map(|digits| decimals(half, digits, MOST_OF_INTERVAL));
    two.min(one.max(ENOUGH))
}

/// Formats a difference and the half-width of its interval: `+0.050 ± 0.012`.
pub fn with_half(difference: f64, half: f64) -> String {
    let decimals = decimals_with(half, difference);
    format!("{} ± {half:.decimals$}", signed(difference, decimals))
}

/// Formats a number and the ends of its interval with the same decimals, each by `write` ([`signed`] or [`rounded`]).
pub fn with_ends(
    value: f64,
    ends: (f64, f64),
    write: impl Fn(f64, usize) -> String,
) -> (String, (String, String)) {
    let decimals = decimals_with(0.5 * (ends.1 - ends.0), value);
    (write(value, decimals), (write(ends.0, decimals), write(ends.1, decimals)))
}

/// Formats a percentage with at most six decimals and no trailing zeros.
pub fn percent(value: f64) -> String {
    trimmed(value, MOST)
}

/// Formats a count with thousands separators: `40,000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_rounds_to_zero_has_no_sign() {
        for zero in [-0.04, -0.0, 0.0, 0.04] {
            assert_eq!([signed(zero, 1), rounded(zero, 1)], ["0.0", "0.0"]);
        }
        assert_eq!([signed(-0.4, 0), rounded(-0.4, 0)], ["0", "0"]);
    }

    #[test]
    fn other_numbers_keep_their_sign() {
        assert_eq!([signed(-0.06, 1), signed(0.06, 1), signed(-12.0, 0)], ["-0.1", "+0.1", "-12"]);
        assert_eq!([rounded(-0.06, 1), rounded(0.06, 1), rounded(100.0, 0)], ["-0.1", "0.1", "100"]);
        assert_eq!([signed(f64::INFINITY, 1), rounded(f64::NEG_INFINITY, 1)], ["+inf", "-inf"]);
    }

    #[test]
    fn quantities_have_three_digits_and_no_trailing_zeros() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (0.12345, "0.123"),
            (0.0123456, "0.0123"),
            (-0.00012345, "-0.000123"),
            (-0.0000001, "0"),
            (9.996, "10"),
            (99.7, "99.7"),
            (1234.5, "1234"),
            (160.0, "160"),
        ];
        for (value, expected) in cases {
            assert_eq!(short(value), expected);
        }
        assert_eq!([three(0.5), three(9.996), three(-0.0)], ["0.500", "10.0", "0"]);
        assert_eq!(
            [grouped(999), grouped(1_234_567), percent(95.0), percent(99.2)],
            ["999", "1,234,567", "95", "99.2"]
        );
    }

    #[test]
    fn a_difference_and_its_interval_have_the_digits_of_the_width() {
        let ends = |value: f64, half: f64| {
            let (value, (low, high)) = with_ends(value, (value - half, value + half), signed);
            format!("{value} ({low} to {high})")
        };
        assert_eq!(ends(-0.015, 0.0042), "-0.0150 (-0.0192 to -0.0108)");
        assert_eq!(ends(11_217.3, 240.0), "+11217 (+10977 to +11457)");
        assert_eq!(ends(0.0401, 3.0), "0.0 (-3.0 to +3.0)");
        // The ends differ even if the interval is narrow.
        assert_eq!(ends(0.050_081, 0.000_023), "+0.05008 (+0.05006 to +0.05010)");
        assert_eq!(ends(2e-7, 1e-7), "+0.0000002 (+0.0000001 to +0.0000003)");
        assert_eq!(ends(-0.015, 0.0), "-0.0150 (-0.0150 to -0.0150)");
        assert_eq!(ends(0.0, 0.0), "0 (0 to 0)");
        assert_eq!(
            [with_half(0.05008, 0.000_023), with_half(-0.004, 1.0)],
            ["+0.05008 ± 0.00002", "0.0 ± 1.0"]
        );
    }
}
