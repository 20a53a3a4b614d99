//! Lays out and draws a horizontal axis: numbers on a linear or logarithmic scale, or words.

use super::canvas::{Anchor, Canvas, Dash, plain};
use super::scale::{Tick, ticks};
use super::width::{fitted, width};
use crate::experiment::rounding::trimmed;
use crate::report::palette::Colour;
use std::ops::Range;

/// Font size of the labels.
const TINY: f64 = 10.0;

/// Share of the range that is left free at each end.
const ROOM: f64 = 0.04;

/// A horizontal axis.
#[derive(Debug, Clone, PartialEq)]
pub enum Axis {
    /// Numbers at equal distances.
    Linear {
        /// Left and right end.
        range: Range<f64>,
        /// Whether only whole numbers are labelled.
        whole: bool,
    },
    /// Positive numbers at equal ratios.
    Log(Range<f64>),
    /// Words, each in a slot of its own; the value of a word is its position.
    Words(Vec<String>),
}

impl Axis {
    /// Creates an axis for numbers from `least` to `most`. On a logarithmic axis both must be positive.
    pub fn of_numbers(least: f64, most: f64, log: bool, whole: bool) -> Axis {
        if log {
            let room = if most > least { libm::pow(most / least, ROOM) } else { 1.1 };
            return Axis::Log(least / room..most * room);
        }
        let room = match most - least {
            span if span > 0.0 => span * ROOM,
            _ if least == 0.0 => 0.5,
            _ => least.abs() * 0.1,
        };
        Axis::Linear { range: least - room..most + room, whole }
    }

    /// The position of a value: 0 at the left end of the axis, 1 at the right end.
    pub fn share(&self, value: f64) -> f64 {
        match self {
            Axis::Linear { range, .. } => (value - range.start) / (range.end - range.start),
            Axis::Log(range) => libm::log(value / range.start) / libm::log(range.end / range.start),
            Axis::Words(words) => (value + 0.5) / words.len().max(1) as f64,
        }
    }

    /// The pixel of a value between the edges `across`.
    pub fn pixel(&self, value: f64, across: &Range<f64>) -> f64 {
        across.start + self.share(value) * (across.end - across.start)
    }

    /// Returns whether a value is on the axis.
    pub fn contains(&self, value: f64) -> bool {
        match self {
            Axis::Linear { range, .. } | Axis::Log(range) => range.contains(&value),
            Axis::Words(words) => value >= 0.0 && value < words.len() as f64,
        }
    }

    /// Chooses about `most` labelled numbers; none for words.
    fn ticks(&self, most: usize) -> Vec<Tick> {
        match self {
            Axis::Linear { range, whole } => {
                let mut ticks = ticks(range, most);
                ticks.retain(|tick| !whole || tick.value.fract() == 0.0);
                ticks
            }
            Axis::Log(range) => log_ticks(range, most),
            Axis::Words(_) => Vec::new(),
        }
    }

    /// Draws the axis at the height `floor`, with about `most` labels below it.
    pub fn draw(&self, canvas: &Canvas, across: &Range<f64>, floor: f64, most: usize) {
        let how = plain(TINY, Colour::Muted).at(Anchor::Middle);
        if let Axis::Words(words) = self {
            let slot = (across.end - across.start) / words.len().max(1) as f64;
            for (position, word) in words.iter().enumerate() {
                let x = self.pixel(position as f64, across);
                for (line, text) in fitted(word, TINY, slot - 3.0, 2).iter().enumerate() {
                    canvas.text(text, (x, floor + 10.0 + 11.0 * line as f64), how);
                }
            }
        }
        let mut free = f64::NEG_INFINITY;
        for tick in self.ticks(most) {
            let x = self.pixel(tick.value, across);
            canvas.line(&[(x, floor), (x, floor + 3.0)], Colour::Axis, Dash::Solid, 1.0);
            let half = width(&tick.text, TINY) / 2.0;
            if x - half > free {
                canvas.text(&tick.text, (x, floor + 10.0), how);
                free = x + half + 4.0;
            }
        }
    }
}

/// Chooses about `most` round numbers within a range of positive numbers: 1, 2 and 5 times powers of ten, or powers of ten
/// alone if these are enough. A range that holds fewer than three of them has the labels of a linear axis.
fn log_ticks(range: &Range<f64>, most: usize) -> Vec<Tick> {
    let decade = |value: f64| libm::floor(libm::log10(value)) as i32;
    let tick = |multiple: u32, exponent: i32| {
        let decimals = usize::try_from(-exponent).unwrap_or(0);
        let zeros = "0".repeat(usize::try_from(exponent).unwrap_or(0));
        // Parsing the text gives the number nearest to it; a product of powers may not.
        let value = format!("{multiple}e{exponent}").parse().unwrap_or(f64::NAN);
        let text = if exponent > 0 { format!("{multiple}{zeros}") } else { trimmed(value, decimals) };
        Tick { value, text }
    };
    let decades = decade(range.start)..=decade(range.end);
    let chosen = |multiples: &[u32]| -> Vec<Tick> {
        let all =
            decades.clone().flat_map(|exponent| multiples.iter().map(move |multiple| (*multiple, exponent)));
        all.map(|(multiple, exponent)| tick(multiple, exponent))
            .filter(|tick| range.contains(&tick.value))
            .collect()
    };
    let powers = chosen(&[1]);
    if powers.len() >= most.min(4) {
        let each = powers.len().div_ceil(most.max(1));
        return powers.into_iter().step_by(each).collect();
    }
    let more = chosen(&[1, 2, 5]);
    if more.len() < 3 { ticks(range, most) } else { more }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis, most: usize) -> Vec<String> {
        axis.ticks(most).into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn values_are_placed_by_differences_or_by_ratios() {
        let linear = Axis::of_numbers(0.0, 1.0, false, false);
        assert!((linear.share(0.5) - 0.5).abs() < 1e-12 && linear.share(0.0) > 0.03);
        let log = Axis::of_numbers(0.01, 1.0, true, false);
        assert!((log.share(0.1) - 0.5).abs() < 1e-12, "{}", log.share(0.1));
        // From 0.01 * 100^-0.04 to 1 * 100^0.04: 4 of 108 hundredths.
        assert!((log.share(0.01) - 0.04 / 1.08).abs() < 1e-12);
        let words = Axis::Words(vec!["true".into(), "false".into()]);
        assert_eq!([words.share(0.0), words.share(1.0)], [0.25, 0.75]);
        assert!(words.contains(1.0) && !words.contains(2.0) && !linear.contains(1.1));
    }

    #[test]
    fn an_axis_of_one_value_is_not_empty() {
        for (value, log) in [(0.0, false), (3.0, false), (-3.0, false), (3.0, true)] {
            let axis = Axis::of_numbers(value, value, log, false);
            assert!((axis.share(value) - 0.5).abs() < 1e-9, "{value} {log}");
        }
    }

    #[test]
    fn ticks_of_logarithmic_axes_are_round() {
        let log = |least, most| Axis::of_numbers(least, most, true, false);
        assert_eq!(texts(&log(0.001, 0.016), 6), ["0.001", "0.002", "0.005", "0.01"]);
        assert_eq!(texts(&log(1e-4, 1e4), 5), ["0.0001", "0.01", "1", "100", "10000"]);
        assert_eq!(texts(&log(1000.0, 16_000.0), 6), ["1000", "2000", "5000", "10000"]);
        assert_eq!(texts(&log(0.002, 0.006), 6), ["0.002", "0.003", "0.004", "0.005", "0.006"]);
        assert_eq!(texts(&Axis::of_numbers(2.0, 5.0, false, true), 8), ["2", "3", "4", "5"]);
    }
}
