//! Parses and formats quantities for people: sizes in bytes, counts, durations and measures.

pub(super) use crate::experiment::rounding::grouped as count;
use crate::experiment::rounding::rounded;
use std::str::FromStr;

/// A size in bytes, as in `--memory-limit 8GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) u64);

/// The error for a text that is not a size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a size: write a number with a unit, for example 500MB, 8GiB or 1.5G")]
pub(super) struct BytesError(String);

impl FromStr for Bytes {
    type Err = BytesError;

    /// Reads `1024`, `500MB` (powers of 1000), `8GiB` or `8G` (powers of 1024).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = || BytesError(text.to_owned());
        let split =
            text.find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).unwrap_or(text.len());
        let number: f64 = text[..split].parse().map_err(|_| fault())?;
        let unit = text[split..].trim().to_ascii_lowercase();
        let factor = match unit.as_str() {
            "" | "b" => 1.0,
            "kb" => 1e3,
            "mb" => 1e6,
            "gb" => 1e9,
            "tb" => 1e12,
            "k" | "kib" => 1024.0,
            "m" | "mib" => 1024f64.powi(2),
            "g" | "gib" => 1024f64.powi(3),
            "t" | "tib" => 1024f64.powi(4),
            _ => return Err(fault()),
        };
        Ok(Bytes((number * factor) as u64))
    }
}

/// Formats a size in bytes: `1.50 GiB`.
pub(super) fn bytes(size: u64) -> String {
    let mut size = size as f64;
    for unit in ["bytes", "KiB", "MiB", "GiB", "TiB"] {
        if size < 1024.0 {
            return if unit == "bytes" {
                format!("{size} {unit}")
            } else {
                format!("{} {unit}", three_digits(size))
            };
        }
        size /= 1024.0;
    }
    format!("{} PiB", three_digits(size))
}

/// Formats a duration in seconds: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
pub(super) fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..10 => format!("{seconds:.1} s"),
        10..120 => format!("{whole} s"),
        120..7_200 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3_600, whole % 3_600 / 60),
    }
}

/// Formats a measure with three significant digits (but at most three decimals) and no exponent.
pub(super) fn three_digits(value: f64) -> String {
    rounded(value, decimals(value))
}

/// Formats a mean and the half-width of its interval, joined by `plus_minus`. Both have the decimals of the mean, or
/// one more if the half-width would otherwise round to zero.
pub(super) fn with_half_width(mean: f64, half: f64, plus_minus: &str) -> String {
    let usual = decimals(mean);
    let vanishes = half > 0.0 && half < 0.5 * 10f64.powi(-(usual as i32));
    let decimals = usual + usize::from(vanishes);
    format!("{} {plus_minus} {half:.decimals$}", rounded(mean, decimals))
}

/// Decimals for three significant digits, at most three.
pub(super) fn decimals(value: f64) -> usize {
    match value.abs() {
        size if size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.9995 => 2,
        _ => 3,
    }
}

/// Decimals for the first two digits of the width of an interval; the difference in it gets the same. `None` for a
/// width of zero.
pub(super) fn decimals_of_width(width: f64) -> Option<usize> {
    if !(width.is_finite() && width > 0.0) {
        return None;
    }
    let mut decimals = 0;
    let mut scaled = width;
    while scaled < 10.0 && decimals < MAX_DECIMALS {
        scaled *= 10.0;
        decimals += 1;
    }
    Some(decimals)
}

/// Maximum number of decimals of a difference.
const MAX_DECIMALS: usize = 12;

/// The plural ending: empty for one, `s` otherwise.
pub(super) fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_parsed() {
        let read = |text: &str| text.parse::<Bytes>().map(|bytes| bytes.0);
        assert_eq!(read("1024"), Ok(1024));
        assert_eq!(read("500MB"), Ok(500_000_000));
        assert_eq!(read("8 GiB"), Ok(8 << 30));
        assert_eq!(read("1.5g"), Ok(3 << 29));
        for text in ["", "GB", "-1", "5 parsecs", "1..2", "１G"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn quantities_are_formatted() {
        assert_eq!(bytes(512), "512 bytes");
        assert_eq!(bytes(3 << 29), "1.50 GiB");
        assert_eq!((count(999), count(1_234_567), count(0)), ("999".into(), "1,234,567".into(), "0".into()));
        assert_eq!((duration(0.44), duration(75.2), duration(200.0), duration(7_500.0)).0, "0.4 s");
        assert_eq!([duration(75.2), duration(200.0), duration(7_500.0)], ["75 s", "3 min 20 s", "2 h 5 min"]);
        assert_eq!(
            [
                three_digits(0.12345),
                three_digits(9.996),
                three_digits(1234.5),
                three_digits(-0.5),
                three_digits(-0.0001)
            ],
            ["0.123", "10.0", "1234", "-0.500", "0.000"]
        );
    }
}
