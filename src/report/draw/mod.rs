//! Drawing: numbers -> SVG, through plotters.
//!
//! Owns the kinds of pictures and their layout. Knows what a line, a matrix or a bar is, and nothing of what is counted.
//! Every picture is narrow enough to be read on a telephone as it is; wider pages stand several side by side.

pub mod bars;
pub mod canvas;
pub mod forest;
pub mod frame;
pub mod lines;
pub mod matrix;
pub mod multiples;
pub mod strips;
pub mod width;

use crate::experiment::rounding::rounded;

/// Width of every picture in pixels.
pub const WIDTH: u32 = 400;

/// A quantity for readers: three significant digits, no exponent, no needless zeros behind the point.
pub fn short(value: f64) -> String {
    let decimals = match value.abs() {
        size if size == 0.0 || size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.9995 => 2,
        size if size >= 0.0995 => 3,
        size if size >= 0.00995 => 4,
        size if size >= 0.000995 => 5,
        _ => 6,
    };
    let text = rounded(value, decimals);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn quantities_have_three_digits_and_no_needless_noughts() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (0.12345, "0.123"),
            (0.0123456, "0.0123"),
            (-0.00012345, "-0.000123"),
            (-0.0000001, "0"),
            (9.996, "10"),
            (1234.5, "1234"),
            (160.0, "160"),
        ];
        for (value, expected) in cases {
            assert_eq!(short(value), expected);
        }
    }
}
