//! Chooses the range of an axis and its labelled values.

use crate::experiment::rounding::trimmed;
use std::ops::Range;

/// A labelled value of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// The value.
    pub value: f64,
    /// The value as text, exact.
    pub text: String,
}

/// Chooses at most `most` round values within a range: multiples of 1, 2 or 5 times a power of ten, as dense as possible.
/// Empty if the range is not finite or too narrow for floating-point numbers.
pub fn ticks(range: &Range<f64>, most: usize) -> Vec<Tick> {
    let span = range.end - range.start;
    if !(span.is_finite() && span > 0.0) {
        return Vec::new();
    }
    // The formatted exponent is exact; a logarithm may differ between platforms.
    let exponent =
        format!("{span:e}").split_once('e').and_then(|(_, digits)| digits.parse().ok()).unwrap_or(0);
    for exponent in exponent - 2..=exponent + 1 {
        for multiple in [1.0, 2.0, 5.0] {
            let tick = |count: f64| count * multiple * power_of_ten(exponent) / power_of_ten(-exponent);
            let (first, last) = ((range.start / tick(1.0)).ceil(), (range.end / tick(1.0)).floor());
            let count = last - first + 1.0;
            if first + 1.0 > first && count <= most as f64 {
                let decimals = usize::try_from(-exponent).unwrap_or(0);
                let values = (0..count.max(0.0) as u32).map(|step| tick(first + f64::from(step)));
                return values.map(|value| Tick { value, text: trimmed(value, decimals) }).collect();
            }
        }
    }
    Vec::new()
}

/// 10 to a power; 1 if the exponent is negative.
fn power_of_ten(exponent: i32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// Chooses the range of an axis for some values. It starts at zero unless all values are far above; it is never empty.
pub fn scale(values: impl Iterator<Item = f64>) -> Range<f64> {
    let (low, high) = values
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    match (low, high) {
        (low, high) if low > high => 0.0..1.0,
        (low, high) if low >= 0.0 && high == 0.0 => 0.0..1.0,
        (low, high) if low >= 0.0 && low < 0.5 * high => 0.0..high * 1.06,
        (low, high) => {
            let room = ((high - low) * 0.08).max(high.abs() * 0.005).max(1e-9);
            low - room..high + room
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scales_start_at_zero_unless_all_values_are_far_above() {
        assert_eq!(scale([1.0, 10.0].into_iter()), 0.0..10.0 * 1.06);
        assert_eq!(scale([0.0, 0.0].into_iter()), 0.0..1.0);
        assert_eq!(scale(std::iter::empty()), 0.0..1.0);
        let far = scale([0.71, 0.97].into_iter());
        assert!(far.start > 0.6 && far.start < 0.71 && far.end > 0.97);
    }

    #[test]
    fn ticks_are_round() {
        let texts = |range: Range<f64>, most| -> Vec<String> {
            ticks(&range, most).into_iter().map(|tick| tick.text).collect()
        };
        assert_eq!(texts(0.0..1.06, 6), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(texts(0.0..0.0137, 6), ["0", "0.005", "0.01"]);
        assert_eq!(texts(-0.31..0.12, 4), ["-0.2", "0"]);
        assert_eq!(texts(690.0..975.0, 6), ["700", "750", "800", "850", "900", "950"]);
        assert_eq!(texts(0.0..3.1e-8, 4), ["0", "0.00000001", "0.00000002", "0.00000003"]);
        assert_eq!(texts(12_345.0..12_346.5, 4), ["12345", "12345.5", "12346", "12346.5"]);
        assert!(ticks(&(0.0..f64::INFINITY), 6).is_empty());
        assert!(ticks(&(1.0..1.0), 6).is_empty());
    }

    proptest! {
        #[test]
        fn ticks_are_few_and_inside(low in -1e12f64..1e12, span in 1e-6f64..1e12, most in 2usize..8) {
            let range = low..low + span;
            let ticks: Vec<f64> = ticks(&range, most).iter().map(|tick| tick.value).collect();
            prop_assert!(ticks.len() <= most);
            prop_assert!(ticks.windows(2).all(|pair| pair[0] < pair[1]));
            let room = 1e-9 * (span + low.abs());
            prop_assert!(ticks.iter().all(|tick| *tick >= range.start - room && *tick <= range.end + room));
        }
    }
}
