//! Reads `points.csv`: the varied keys of a sweep, their values by point, and the form of the design.

use super::number;
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::{Column, Kind, real};
use crate::report::draw::axis::Axis;
use crate::report::format::short;
use crate::scenario::number_text;
use std::collections::{BTreeMap, BTreeSet};

/// Number of values up to which a curve shows each.
pub const MOST_ON_A_CURVE: usize = 60;

/// Number of values up to which each has a panel.
pub const MOST_PANELS: usize = 6;

/// Length up to which readers see a value with all its digits.
const SHORT: usize = 8;

/// A varied key.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Dotted name, such as `parameters.accusation_scale`.
    pub name: String,
    /// What its values are.
    pub kind: KeyKind,
    /// Values by point: numbers, or positions of words.
    pub values: Vec<f64>,
    /// Value in the base; `None` if it has no single value there.
    pub base: Option<f64>,
    /// All values of the points, sorted.
    pub distinct: Vec<f64>,
}

/// What the values of a key are.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyKind {
    /// Numbers, whole or not.
    Numbers {
        /// Whether they are whole.
        whole: bool,
        /// Whether they are spaced by ratios rather than by differences.
        log: bool,
    },
    /// Words, in the order in which points have them; `false` and `true` in this order.
    Words(Vec<String>),
}

impl Key {
    /// A value as the tables write it.
    pub fn text(&self, value: f64) -> String {
        match &self.kind {
            KeyKind::Words(words) => words.get(value as usize).cloned().unwrap_or_default(),
            KeyKind::Numbers { whole: true, .. } => format!("{value}"),
            KeyKind::Numbers { whole: false, .. } => real(value),
        }
    }

    /// A value for readers: all digits if they are few, otherwise three.
    pub fn shown(&self, value: f64) -> String {
        if let KeyKind::Words(_) = self.kind {
            return self.text(value);
        }
        let (exact, short) = (number_text(value), short(value));
        if exact.len() > SHORT && short != "0" { short } else { exact }
    }

    /// Returns whether the values are numbers.
    pub fn is_numeric(&self) -> bool {
        matches!(self.kind, KeyKind::Numbers { .. })
    }

    /// Returns whether numbers are spaced by ratios.
    pub fn is_log(&self) -> bool {
        matches!(self.kind, KeyKind::Numbers { log: true, .. })
    }

    /// The axis that shows all points, and the base unless it is far outside their range.
    pub fn axis(&self) -> Axis {
        match &self.kind {
            KeyKind::Words(words) => Axis::Words(words.clone()),
            KeyKind::Numbers { whole, log } => {
                let of = |least: f64, most: f64| Axis::of_numbers(least, most, *log, *whole);
                let (least, most) = self.range();
                let near = |base: &f64| {
                    let share =
                        if *log && *base <= 0.0 { return false } else { of(least, most).share(*base) };
                    (-0.5..=1.5).contains(&share)
                };
                let base = self.base.filter(near);
                of(base.unwrap_or(least).min(least), base.unwrap_or(most).max(most))
            }
        }
    }

    /// Lowest and highest value of the points.
    pub fn range(&self) -> (f64, f64) {
        let ends = self.distinct.first().zip(self.distinct.last());
        ends.map_or((0.0, 0.0), |(low, high)| (*low, *high))
    }

    /// Largest distance between the values and values spaced exactly evenly (by ratios if `log`), as a share of their
    /// range; `None` below three values, or if ratios are not defined.
    pub fn unevenness(&self, log: bool) -> Option<f64> {
        unevenness(&self.distinct, log)
    }

    /// Reads a cell of the base, and adds its word to those of the points.
    pub fn set_base(&mut self, cell: &str) {
        self.base = match &mut self.kind {
            _ if cell.is_empty() => None,
            KeyKind::Numbers { .. } => number(cell),
            KeyKind::Words(words) => {
                let position = words.iter().position(|word| word == cell);
                Some(position.unwrap_or_else(|| {
                    words.push(cell.to_owned());
                    words.len() - 1
                }) as f64)
            }
        };
    }

    /// The value in a cell of a point; `None` if it is none of this key.
    pub fn read(&self, cell: &str) -> Option<f64> {
        match &self.kind {
            KeyKind::Words(words) => words.iter().position(|word| word == cell).map(|word| word as f64),
            KeyKind::Numbers { .. } => number(cell),
        }
    }
}

fn unevenness(distinct: &[f64], log: bool) -> Option<f64> {
    let (first, last) = (*distinct.first()?, *distinct.last()?);
    if distinct.len() < 3 || log && first <= 0.0 {
        return None;
    }
    let axis = if log { Axis::Log(first..last) } else { Axis::Linear { range: first..last, whole: false } };
    let steps = (distinct.len() - 1) as f64;
    let off = distinct
        .iter()
        .enumerate()
        .map(|(position, value)| (axis.share(*value) - position as f64 / steps).abs());
    Some(off.fold(0.0, f64::max))
}

/// Returns whether values are spaced by ratios: clearly closer to equal ratios than to equal differences.
fn is_log(distinct: &[f64]) -> bool {
    let distances = unevenness(distinct, false).zip(unevenness(distinct, true));
    distances.is_some_and(|(linear, log)| linear > 0.02 && log < 0.5 * linear)
}

/// How the pictures of a sweep are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One key: a curve.
    Curve,
    /// A grid of two keys, by position: a curve over the first for each value of the second.
    Multiples(usize, usize),
    /// A grid of two keys with many values each, by position: a map, the first across and the second up.
    Map(usize, usize),
    /// Anything else: a cloud of points over each key.
    Clouds,
}

/// Chooses how to draw the points.
pub fn form(keys: &[Key]) -> Form {
    match keys {
        [key] if key.distinct.len() <= MOST_ON_A_CURVE => Form::Curve,
        [first, second] if is_grid(keys) => {
            let [one, two] = [first, second].map(|key| key.distinct.len());
            let (along, panels) = if one < two { (1, 0) } else { (0, 1) };
            match (one.max(two), one.min(two)) {
                (most, least) if least <= MOST_PANELS && most <= MOST_ON_A_CURVE => {
                    Form::Multiples(along, panels)
                }
                (_, least) if least > MOST_PANELS => Form::Map(along, panels),
                _ => Form::Clouds,
            }
        }
        _ => Form::Clouds,
    }
}

/// Returns whether the points are all combinations of the values of the keys, each once.
pub fn is_grid(keys: &[Key]) -> bool {
    let points = keys.first().map_or(0, |key| key.values.len());
    let all = keys.iter().try_fold(1usize, |all, key| all.checked_mul(key.distinct.len()));
    let place = |key: &Key, point: usize| key.distinct.partition_point(|value| *value < key.values[point]);
    let number = |point| keys.iter().fold(0, |number, key| number * key.distinct.len() + place(key, point));
    all == Some(points) && (0..points).map(number).collect::<BTreeSet<usize>>().len() == points
}

/// Reads the keys and their values by point. `columns` are the columns of the keys.
///
/// # Errors
///
/// If the table cannot be read, a point has no value of a key, or there are other points than the manifest says.
pub fn read(folder: &ResultFolder, columns: &[Column]) -> Result<Vec<Key>, ReadError> {
    const FILE: &str = "points.csv";
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); columns.len()];
    let mut words: Vec<BTreeMap<String, usize>> = vec![BTreeMap::new(); columns.len()];
    let mut empty = None;
    let mut points = 0;
    folder.rows(FILE, &names, |cells| {
        points += 1;
        for (position, cell) in cells.iter().enumerate() {
            let value = if columns[position].kind == Kind::Text {
                let next = words[position].len();
                Some(*words[position].entry((*cell).to_owned()).or_insert(next) as f64)
            } else {
                number(cell)
            };
            match value {
                Some(value) => values[position].push(value),
                None => {
                    empty =
                        empty.take().or(Some(format!("point {points} has no value of {}", names[position])))
                }
            }
        }
    })?;
    let asked = folder.manifest.sweep.as_ref().map_or(0, |sweep| sweep.points);
    if points as u64 != asked {
        empty = empty.or(Some(format!("it has {points} points, but manifest.json says {asked}")));
    }
    if let Some(reason) = empty {
        return Err(folder.broken(FILE, reason));
    }
    Ok(columns
        .iter()
        .zip(values)
        .zip(words)
        .map(|((column, values), words)| key(column, values, words))
        .collect())
}

/// The words of a switch, in the order of their values.
pub const SWITCH: [&str; 2] = ["false", "true"];

fn key(column: &Column, mut values: Vec<f64>, words: BTreeMap<String, usize>) -> Key {
    let mut ordered = vec![String::new(); words.len()];
    words.into_iter().for_each(|(word, position)| ordered[position] = word);
    let switch = |word: &String| SWITCH.iter().position(|known| known == word);
    if let Some(positions) = ordered.iter().map(switch).collect::<Option<Vec<usize>>>() {
        values
            .iter_mut()
            .filter(|_| column.kind == Kind::Text)
            .for_each(|value| *value = positions[*value as usize] as f64);
        ordered = SWITCH.map(str::to_owned).to_vec();
    }
    let mut distinct = values.clone();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let kind = if column.kind == Kind::Text {
        KeyKind::Words(ordered)
    } else {
        KeyKind::Numbers { whole: column.kind == Kind::Integer, log: is_log(&distinct) }
    };
    Key { name: column.name.to_owned(), kind, values, base: None, distinct }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[f64]) -> Key {
        let column = Column { name: "levers.union", kind: Kind::Real, unit: "", definition: "" };
        key(&column, values.to_vec(), BTreeMap::new())
    }

    #[test]
    fn values_at_equal_ratios_have_a_logarithmic_axis() {
        for log in [vec![1.0, 10.0, 100.0], vec![0.001, 0.002, 0.004, 0.008], vec![0.1, 0.3, 1.0]] {
            assert!(is_log(&log), "{log:?}");
        }
        for linear in
            [vec![0.0, 0.5, 1.0], vec![0.1, 0.3, 0.6], vec![1.0, 10.0], vec![-1.0, 0.0, 10.0], vec![3.0]]
        {
            assert!(!is_log(&linear), "{linear:?}");
        }
        // 64 values with equal chances of each ratio from 0.002 to 0.006, and of each difference.
        let drawn = |at: &dyn Fn(f64) -> f64| {
            (0..64).map(|step| at((f64::from(step) + 0.3) / 64.0)).collect::<Vec<_>>()
        };
        assert!(is_log(&drawn(&|share| 0.002 * libm::pow(3.0, share))));
        assert!(!is_log(&drawn(&|share| 0.002 + 0.004 * share)));
    }

    #[test]
    fn switches_have_a_fixed_order_and_other_words_that_of_the_points() {
        let words = |words: &[&str], values: &[f64]| {
            let column = Column { name: "mechanisms.fear", kind: Kind::Text, unit: "", definition: "" };
            let words = words.iter().zip(0..).map(|(word, position)| ((*word).to_owned(), position));
            key(&column, values.to_vec(), words.collect())
        };
        let switch = words(&["true", "false"], &[0.0, 1.0, 1.0]);
        assert_eq!(switch.values, [1.0, 0.0, 0.0]);
        assert_eq!([switch.text(0.0), switch.text(1.0)], ["false", "true"]);
        assert_eq!(words(&["false"], &[0.0]).text(1.0), "true");
        let sizes = words(&["one-to-one", "1000"], &[0.0, 1.0]);
        assert_eq!([sizes.text(0.0), sizes.text(1.0)], ["one-to-one", "1000"]);
    }

    #[test]
    fn the_form_of_the_pictures_follows_from_the_points() {
        let grid = |one: usize, two: usize| {
            let points =
                || (0..one).flat_map(|first| (0..two).map(move |second| (first as f64, second as f64)));
            [
                numbers(&points().map(|p| p.0).collect::<Vec<_>>()),
                numbers(&points().map(|p| p.1).collect::<Vec<_>>()),
            ]
        };
        assert_eq!(form(&[numbers(&[1.0, 2.0])]), Form::Curve);
        assert_eq!(form(&[numbers(&(0..61).map(f64::from).collect::<Vec<_>>())]), Form::Clouds);
        // The key with fewer values has the panels; of equal ones, the second.
        assert_eq!(form(&grid(5, 3)), Form::Multiples(0, 1));
        assert_eq!(form(&grid(3, 5)), Form::Multiples(1, 0));
        assert_eq!(form(&grid(2, 2)), Form::Multiples(0, 1));
        assert_eq!(form(&grid(7, 8)), Form::Map(1, 0));
        assert_eq!(form(&grid(61, 2)), Form::Clouds);
        // A point is missing, or one is double.
        let [one, two] = grid(2, 2);
        let without = |key: &Key| numbers(&key.values[..3]);
        assert_eq!(form(&[without(&one), without(&two)]), Form::Clouds);
        assert!(!is_grid(&[numbers(&[1.0, 1.0, 2.0, 1.0]), numbers(&[1.0, 2.0, 1.0, 1.0])]));
        let three = [one.clone(), two.clone(), numbers(&[0.0; 4])];
        assert_eq!((form(&three), is_grid(&three)), (Form::Clouds, true));
    }

    #[test]
    fn the_axis_reaches_to_a_base_that_is_near() {
        let mut key = numbers(&[0.2, 0.3, 0.4]);
        key.set_base("0.45");
        assert!(key.axis().contains(0.45));
        key.set_base("40.0");
        assert!(!key.axis().contains(40.0) && key.axis().contains(0.4));
        key.set_base("");
        assert_eq!(key.base, None);
        let mut words = Key { kind: KeyKind::Words(vec!["false".into()]), ..numbers(&[0.0]) };
        words.set_base("true");
        assert_eq!((words.base, words.text(1.0).as_str()), (Some(1.0), "true"));
    }

    #[test]
    fn values_are_written_as_in_the_tables_and_shown_with_few_digits() {
        let key = numbers(&[0.002, 0.002_666_666_666_67]);
        assert_eq!([key.text(0.002), key.text(1.0)], ["0.002", "1.0"]);
        assert_eq!(
            [key.shown(0.0035), key.shown(0.002_666_666_666_67), key.shown(1.0)],
            ["0.0035", "0.00267", "1"]
        );
        assert_eq!(key.shown(0.000_000_012_345_6), "1.23456e-8");
    }
}
