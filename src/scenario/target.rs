//! Lists the keys of a scenario that take a single value, which a sweep can vary.

use super::layer::{MAX_ENTERPRISES, MAX_PEOPLE, MAX_REGIONS, Size};
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;

/// A key that takes a single value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// By position in [`PARAMETERS`].
    Parameter(usize),
    /// By position in [`LEVERS`]: one value for all months.
    Lever(usize),
    /// By position in [`MECHANISMS`].
    Mechanism(usize),
    Size,
    Enterprises,
    Regions,
}

/// A valid value of a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TargetValue {
    Number(f64),
    Switch(bool),
    OneToOne,
}

/// The keys of `[population]`.
const POPULATION: [(&str, Target); 3] =
    [("size", Target::Size), ("enterprises", Target::Enterprises), ("regions", Target::Regions)];

impl Target {
    /// The target of a dotted key.
    pub(super) fn of(key: &str) -> Option<Target> {
        let (table, key) = key.split_once('.')?;
        match table {
            "parameters" => PARAMETERS.iter().position(|info| info.key == key).map(Target::Parameter),
            "levers" => LEVERS.iter().position(|info| info.key == key).map(Target::Lever),
            "mechanisms" => MECHANISMS.iter().position(|info| info.key == key).map(Target::Mechanism),
            "population" => POPULATION.iter().find(|(name, _)| *name == key).map(|(_, target)| *target),
            _ => None,
        }
    }

    /// The dotted keys of all targets, each with its symbol in the model description; empty if it has none.
    pub(super) fn keys() -> Vec<(String, &'static str)> {
        let parameters = PARAMETERS.iter().map(|info| (format!("parameters.{}", info.key), info.symbol));
        let levers = LEVERS.iter().map(|info| (format!("levers.{}", info.key), info.symbol));
        let mechanisms = MECHANISMS.iter().map(|info| (format!("mechanisms.{}", info.key), ""));
        let population = POPULATION.iter().map(|(key, _)| (format!("population.{key}"), ""));
        parameters.chain(levers).chain(mechanisms).chain(population).collect()
    }

    /// Whether the target takes whole numbers only.
    pub(super) fn is_whole(self) -> bool {
        match self {
            Target::Parameter(position) => PARAMETERS[position].is_whole(),
            Target::Lever(_) | Target::Mechanism(_) => false,
            Target::Size | Target::Enterprises | Target::Regions => true,
        }
    }

    /// Smallest and largest value, inclusive; `None` for a switch.
    pub(super) fn range(self) -> Option<(f64, f64)> {
        match self {
            Target::Parameter(position) => Some(PARAMETERS[position].valid),
            Target::Lever(_) => Some((0.0, 1.0)),
            Target::Mechanism(_) => None,
            Target::Size => Some((1.0, MAX_PEOPLE as f64)),
            Target::Enterprises => Some((1.0, MAX_ENTERPRISES as f64)),
            Target::Regions => Some((1.0, MAX_REGIONS as f64)),
        }
    }

    /// Reads a value in its ordinary form. `None` is no verdict: the value may be valid in a form that only TOML
    /// reads, or not valid at all.
    pub(super) fn value(self, text: &str) -> Option<TargetValue> {
        match (self.range(), text) {
            (None, "true") => Some(TargetValue::Switch(true)),
            (None, "false") => Some(TargetValue::Switch(false)),
            (None, _) => None,
            (Some(_), "one-to-one") if self == Target::Size => Some(TargetValue::OneToOne),
            (Some((low, high)), _) => number(text)
                .filter(|value| *value >= low && *value <= high && !(self.is_whole() && value.fract() != 0.0))
                .map(TargetValue::Number),
        }
    }
}

impl TargetValue {
    /// The value of a size.
    pub(super) fn of_size(size: Size) -> Self {
        match size {
            Size::People(people) => TargetValue::Number(people as f64),
            Size::OneToOne => TargetValue::OneToOne,
        }
    }

    /// The value in its ordinary form, see [`number_text`].
    pub(super) fn text(self) -> String {
        match self {
            TargetValue::Number(value) => number_text(value),
            TargetValue::Switch(value) => value.to_string(),
            TargetValue::OneToOne => Size::OneToOne.to_string(),
        }
    }
}

/// Reads a finite number in a form that Rust and TOML read alike.
fn number(text: &str) -> Option<f64> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) =
        unsigned.split_once('e').map_or((unsigned, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, fraction) =
        mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    // A whole number of more digits may not fit the integers of TOML.
    let plain = digits(whole) && whole.len() <= 15 && (whole.len() == 1 || !whole.starts_with('0'));
    let exponent = exponent.map(|exponent| exponent.strip_prefix('-').unwrap_or(exponent));
    if !plain || !fraction.is_none_or(digits) || !exponent.is_none_or(digits) {
        return None;
    }
    // Adding 0 makes -0 into 0, as the reader of scenarios does.
    text.parse::<f64>().ok().filter(|value| value.is_finite()).map(|value| value + 0.0)
}

/// Formats a number as the shortest text that reads back exactly; a whole number has no decimal point.
pub(crate) fn number_text(value: f64) -> String {
    let text = format!("{:?}", value + 0.0);
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_target() {
        let keys = Target::keys();
        assert_eq!(keys.len(), PARAMETERS.len() + LEVERS.len() + MECHANISMS.len() + 3);
        for (key, _) in &keys {
            assert!(Target::of(key).is_some(), "{key}");
        }
        for key in ["", "parameters", "parameters.", "union", "levers.union.steps", "policy.mode", "title"] {
            assert_eq!(Target::of(key), None, "{key}");
        }
    }

    #[test]
    fn values_in_their_ordinary_form_are_read() {
        let value = |key: &str, text: &str| Target::of(key).unwrap().value(text);
        let union = |text: &str| value("levers.union", text);
        assert_eq!(union("0.25"), Some(TargetValue::Number(0.25)));
        assert_eq!(union("1"), Some(TargetValue::Number(1.0)));
        assert_eq!(union("2.5e-3"), Some(TargetValue::Number(0.0025)));
        assert!(matches!(union("-0"), Some(TargetValue::Number(zero)) if zero.is_sign_positive()));
        for text in
            ["", "1.5", "-0.1", ".5", "5.", "01", "1_0", "+1", "0x1", "inf", "nan", "true", "1e", "1e+5"]
        {
            assert_eq!(union(text), None, "{text}");
        }
        assert_eq!(value("mechanisms.fear", "false"), Some(TargetValue::Switch(false)));
        assert_eq!(value("mechanisms.fear", "0"), None);
        assert_eq!(value("population.size", "4000"), Some(TargetValue::Number(4_000.0)));
        assert_eq!(value("population.size", "4000.5"), None);
        assert_eq!(value("population.size", "one-to-one"), Some(TargetValue::OneToOne));
        assert_eq!(value("population.regions", "one-to-one"), None);
        assert_eq!(value("parameters.grudge_months", "6.5"), None);
    }

    #[test]
    fn numbers_are_written_short_and_exactly() {
        for (value, text) in [
            (0.1 + 0.2, "0.30000000000000004"),
            (24.0, "24"),
            (-0.0, "0"),
            (1e-7, "1e-7"),
            (2e8, "200000000"),
        ] {
            assert_eq!(number_text(value), text);
            assert_eq!(text.parse::<f64>().unwrap(), value);
        }
    }
}
