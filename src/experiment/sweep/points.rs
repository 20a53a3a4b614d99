//! Lists the points of a sweep: the values of the varied keys, as texts for `--set` and for tables.
//!
//! A point is computed when it is asked for; a sweep of a million points takes little memory.

use super::latin::Latin;
use super::sobol::Sobol;
use crate::scenario::{Design, Scale, Sweep, Variation, Vary, number_text};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Significant digits of the values between the ends of a range with steps: few enough to hide the rounding errors of
/// computing them, so that a value is 0.3 and not 0.30000000000000004.
const DIGITS: i32 = 12;

/// Values that are drawn are rounded to this share of their range, or of the logarithm of their range.
const RESOLUTION: f64 = 1e-10;

/// The points of a sweep, in order.
pub struct Points {
    axes: Vec<Axis>,
    layout: Layout,
    /// Numbers of the points in the design that do not repeat an earlier one; `None` if none does.
    kept: Option<Vec<u32>>,
    /// Number of points in the layout.
    laid_out: u32,
    /// Number of points that the sweep asks for.
    asked: u32,
}

/// A varied key and its values.
struct Axis {
    key: String,
    values: Values,
}

enum Values {
    /// These, as texts.
    Listed(Vec<String>),
    /// Drawn from a range.
    Drawn { from: f64, to: f64, scale: Scale, whole: bool },
}

enum Layout {
    /// For each axis, the number of points in which it keeps one value.
    Grid(Vec<u32>),
    List,
    Latin(Latin),
    Sobol(Sobol),
}

impl Points {
    /// Makes the points of a sweep. The seed decides the points of a Latin hypercube.
    ///
    /// Values of keys that take whole numbers are rounded, and points that then repeat an earlier one are left out.
    pub fn of(sweep: &Sweep, seed: u64) -> Points {
        let asked = |vary: &Vary| match &vary.variation {
            Variation::Values(values) => values.len() as u32,
            Variation::Steps { steps, .. } => *steps,
            Variation::Range { .. } => 0,
        };
        let counts = sweep.vary.iter().map(asked);
        let asked = match sweep.design {
            Design::Grid => counts.product(),
            Design::List => counts.min().unwrap_or(0),
            Design::Latin { points } | Design::Sobol { points } => points,
        };
        let mut axes: Vec<Axis> = sweep.vary.iter().map(Axis::of).collect();
        let (layout, laid_out) = match sweep.design {
            Design::Grid => {
                axes.iter_mut().for_each(Axis::leave_out_repeated);
                let mut strides = vec![0; axes.len()];
                let mut stride = 1;
                for (slot, axis) in strides.iter_mut().zip(&axes).rev() {
                    *slot = stride;
                    stride *= axis.count();
                }
                (Layout::Grid(strides), stride)
            }
            Design::List => (Layout::List, asked),
            Design::Latin { .. } => (Layout::Latin(Latin::new(seed, asked, axes.len())), asked),
            Design::Sobol { .. } => (Layout::Sobol(Sobol::new(axes.len())), asked),
        };
        let mut points = Points { axes, layout, kept: None, laid_out, asked };
        points.leave_out_repeated();
        points
    }

    fn leave_out_repeated(&mut self) {
        // Values of a grid differ, and so do real numbers that are drawn.
        let differs = |axis: &Axis| matches!(axis.values, Values::Drawn { whole: false, .. });
        if matches!(self.layout, Layout::Grid(_)) || self.axes.iter().any(differs) {
            return;
        }
        let mut seen = BTreeSet::new();
        let values =
            |point: u32| -> Vec<_> { (0..self.axes.len()).map(|key| self.laid(point, key)).collect() };
        let kept: Vec<u32> = (0..self.laid_out).filter(|point| seen.insert(values(*point))).collect();
        if kept.len() < self.laid_out as usize {
            self.kept = Some(kept);
        }
    }

    /// Number of points, at least 1.
    pub fn count(&self) -> usize {
        self.kept.as_ref().map_or(self.laid_out as usize, Vec::len)
    }

    /// Number of points that the sweep asks for and that are left out because they repeat an earlier one.
    pub fn left_out(&self) -> usize {
        self.asked as usize - self.count()
    }

    /// The varied keys, in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.axes.iter().map(|axis| axis.key.as_str())
    }

    /// The values that a key is given, in order and by its position; `None` if they are drawn from a range.
    pub fn listed(&self, key: usize) -> Option<&[String]> {
        match &self.axes[key].values {
            Values::Listed(values) => Some(values),
            Values::Drawn { .. } => None,
        }
    }

    /// The value of a key in a point, each by its position: the shortest text that reads back exactly.
    pub fn value(&self, point: usize, key: usize) -> Cow<'_, str> {
        let point = self.kept.as_ref().map_or(point as u32, |kept| kept[point]);
        self.laid(point, key)
    }

    /// The settings of a point, by its position: each key with its value.
    pub fn settings(&self, point: usize) -> Vec<(&str, Cow<'_, str>)> {
        self.keys().enumerate().map(|(position, key)| (key, self.value(point, position))).collect()
    }

    /// The value of a key in a point of the layout.
    fn laid(&self, point: u32, key: usize) -> Cow<'_, str> {
        let coordinate = match &self.layout {
            Layout::Grid(strides) => {
                return self.axes[key].listed(point / strides[key] % self.axes[key].count());
            }
            Layout::List => return self.axes[key].listed(point),
            Layout::Latin(latin) => latin.coordinate(point, key),
            // Exact: 32 bits fit a number of 64 bits.
            Layout::Sobol(sobol) => f64::from(sobol.coordinate(point, key)) / (1u64 << 32) as f64,
        };
        self.axes[key].drawn(coordinate)
    }
}

impl Axis {
    fn of(vary: &Vary) -> Axis {
        let whole = vary.whole;
        let values = match &vary.variation {
            Variation::Values(values) => Values::Listed(values.clone()),
            Variation::Range { from, to, scale } => {
                Values::Drawn { from: *from, to: *to, scale: *scale, whole }
            }
            Variation::Steps { from, to, steps, scale } => {
                let values = (0..*steps).map(|step| stepped((*from, *to), step, *steps, *scale));
                let round = |value: f64| if whole { value.round() } else { value };
                Values::Listed(values.map(|value| number_text(round(value))).collect())
            }
        };
        Axis { key: vary.key.clone(), values }
    }

    /// Leaves out values that equal the one before: whole numbers, after rounding.
    fn leave_out_repeated(&mut self) {
        if let Values::Listed(values) = &mut self.values {
            values.dedup();
        }
    }

    /// Number of values; 0 for a range.
    fn count(&self) -> u32 {
        match &self.values {
            Values::Listed(values) => values.len() as u32,
            Values::Drawn { .. } => 0,
        }
    }

    /// The value in a place of the list; a checked sweep has ranges only where points are drawn.
    fn listed(&self, place: u32) -> Cow<'_, str> {
        match &self.values {
            Values::Listed(values) => Cow::Borrowed(&values[place as usize]),
            Values::Drawn { .. } => unreachable!("a grid or a list has values"),
        }
    }

    /// The value at a coordinate from 0 to below 1.
    fn drawn(&self, coordinate: f64) -> Cow<'_, str> {
        match &self.values {
            Values::Listed(values) => {
                // Each value has an equal share of the points.
                let place = (coordinate * values.len() as f64) as usize;
                Cow::Borrowed(&values[place.min(values.len() - 1)])
            }
            Values::Drawn { from, to, scale, whole } => {
                let value = match (*scale, *whole) {
                    // Each whole number has an equal share; rounding would give half a share to the ends.
                    (Scale::Linear, true) => (from + coordinate * (to - from + 1.0)).floor(),
                    (Scale::Linear, false) => {
                        let width = to - from;
                        rounded(from + coordinate * width, decimals(width * RESOLUTION))
                    }
                    (Scale::Log, whole) => {
                        let ratio = libm::log(to / from);
                        let value = from * libm::exp(coordinate * ratio);
                        let decimals = decimals(value * ratio * RESOLUTION);
                        if whole { value.round() } else { rounded(value, decimals) }
                    }
                };
                Cow::Owned(number_text(value.clamp(*from, *to)))
            }
        }
    }
}

/// A value of a range with steps, counted from 0. The ends are exact.
fn stepped((from, to): (f64, f64), step: u32, steps: u32, scale: Scale) -> f64 {
    let last = steps - 1;
    if step == 0 {
        return from;
    }
    if step == last {
        return to;
    }
    let share = f64::from(step) / f64::from(last);
    // Digits count from the first digit of the value or, on a linear scale, of the larger end: near 0 the errors are
    // those of the ends.
    let (value, size) = match scale {
        Scale::Linear => (from + (to - from) * share, from.abs().max(to.abs())),
        Scale::Log => {
            let value = from * libm::exp(share * libm::log(to / from));
            (value, value)
        }
    };
    rounded(value, decimals(size) + DIGITS - 1).clamp(from, to)
}

/// Decimals that resolve a difference: the last of them is worth at most that.
fn decimals(difference: f64) -> i32 {
    -libm::floor(libm::log10(difference)) as i32
}

/// Rounds to a number of decimals, at least 0.
fn rounded(value: f64, decimals: i32) -> f64 {
    let decimals = decimals.max(0) as usize;
    format!("{value:.decimals$}").parse().unwrap_or(value)
}

/// The first two points that have the same label, by position.
///
/// Labels that fit their length name all values and differ. Longer ones are cut and end in a digest of 48 bits; among
/// a million of them, two are equal with a probability of 0.2 %.
pub fn label_clash<'l>(labels: impl IntoIterator<Item = &'l str>) -> Option<(usize, usize)> {
    let mut seen = BTreeMap::new();
    labels
        .into_iter()
        .enumerate()
        .find_map(|(position, label)| seen.insert(label, position).map(|first| (first, position)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{DesignName, SweepOptions, load_sweep};
    use std::ffi::OsStr;

    fn points(design: DesignName, number: Option<u32>, vary: &[&str]) -> Points {
        let vary: Vec<String> = vary.iter().map(|vary| (*vary).to_owned()).collect();
        let options = SweepOptions {
            base: Some(OsStr::new("historical")),
            vary: &vary,
            design: Some(design),
            points: number,
            ..SweepOptions::default()
        };
        let sweep = load_sweep(None, &options).unwrap_or_else(|faults| panic!("{faults}"));
        Points::of(&sweep, 1)
    }

    fn rows(points: &Points) -> Vec<String> {
        let row = |point| {
            let values: Vec<_> = points.settings(point).into_iter().map(|(_, value)| value).collect();
            values.join(" ")
        };
        (0..points.count()).map(row).collect()
    }

    fn numbers(points: &Points, key: usize) -> Vec<f64> {
        (0..points.count()).map(|point| points.value(point, key).parse().unwrap()).collect()
    }

    #[test]
    fn a_grid_combines_all_values_and_the_last_key_changes_fastest() {
        let grid = points(
            DesignName::Grid,
            None,
            &[
                "parameters.accusation_scale=0.002:0.006:3",
                "mechanisms.fear=true,false",
                "levers.union=0.1,0.30",
            ],
        );
        assert_eq!(
            rows(&grid),
            [
                "0.002 true 0.1",
                "0.002 true 0.3",
                "0.002 false 0.1",
                "0.002 false 0.3",
                "0.004 true 0.1",
                "0.004 true 0.3",
                "0.004 false 0.1",
                "0.004 false 0.3",
                "0.006 true 0.1",
                "0.006 true 0.3",
                "0.006 false 0.1",
                "0.006 false 0.3",
            ]
        );
        let keys: Vec<&str> = grid.keys().collect();
        assert_eq!(keys, ["parameters.accusation_scale", "mechanisms.fear", "levers.union"]);
        assert_eq!(grid.listed(0).unwrap(), ["0.002", "0.004", "0.006"]);
        assert_eq!(grid.settings(3)[2], ("levers.union", Cow::Borrowed("0.3")));
        assert_eq!(grid.left_out(), 0);
    }

    #[test]
    fn a_list_takes_the_values_of_a_point_from_each_key() {
        let list = points(DesignName::List, None, &["levers.union=0.1,0.1,0.5", "levers.growth=0:1:3"]);
        assert_eq!(rows(&list), ["0.1 0", "0.1 0.5", "0.5 1"]);
        let repeated =
            points(DesignName::List, None, &["levers.union=0.1,0.5,0.1,0.1", "levers.growth=0,1,0,1"]);
        assert_eq!((rows(&repeated).join(", "), repeated.left_out()), ("0.1 0, 0.5 1, 0.1 1".to_owned(), 1));
    }

    #[test]
    fn steps_have_exact_ends_and_short_values_between() {
        let values = |vary: &str| rows(&points(DesignName::Grid, None, &[vary]));
        assert_eq!(values("levers.union=0:1:11").join(" "), "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1");
        assert_eq!(values("levers.union=0:1:4"), ["0", "0.33333333333", "0.66666666667", "1"]);
        assert_eq!(values("parameters.accusation_scale=0.001:1:4:log"), ["0.001", "0.01", "0.1", "1"]);
        // exp(ln(2) / 2) = 1.41421356237309...
        assert_eq!(values("parameters.rank_gap_weight=1:2:3:log"), ["1", "1.41421356237", "2"]);
        // The middle of -0.3 to 0.3 is 0, and not 5.6e-17.
        assert_eq!(
            values("parameters.shirking_intercept=-0.3:0.3:7"),
            ["-0.3", "-0.2", "-0.1", "0", "0.1", "0.2", "0.3"]
        );
        let ends = values("parameters.quit_base=0.012345678901234567:0.987654321098765432:2:log");
        assert_eq!(ends, ["0.012345678901234567", "0.9876543210987654"]);
    }

    #[test]
    fn whole_numbers_are_rounded_and_repeated_points_left_out() {
        let months =
            points(DesignName::Grid, None, &["parameters.grudge_months=2:5:7", "levers.union=0.1,0.3"]);
        // 2, 2.5, 3, 3.5, 4, 4.5, 5: halves are rounded away from 0.
        assert_eq!(months.listed(0).unwrap(), ["2", "3", "4", "5"]);
        assert_eq!((months.count(), months.left_out()), (8, 6));
        let sizes = points(DesignName::Grid, None, &["population.size=1_000:16_000:5:log"]);
        assert_eq!(rows(&sizes), ["1000", "2000", "4000", "8000", "16000"]);
        // Each of 2, 3, 4 and 5 has a quarter of the points.
        let drawn = points(DesignName::Sobol, Some(64), &["parameters.grudge_months=2:5"]);
        let mut rows = rows(&drawn);
        rows.sort_unstable();
        assert_eq!((rows.join(" "), drawn.left_out()), ("2 3 4 5".to_owned(), 60));
        let both = points(DesignName::Latin, Some(8), &["parameters.grudge_months=2:5", "levers.union=0:1"]);
        let mut months = numbers(&both, 0);
        months.sort_unstable_by(f64::total_cmp);
        assert_eq!((months, both.left_out()), (vec![2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 5.0, 5.0], 0));
    }

    #[test]
    fn sobol_points_are_mapped_to_linear_and_logarithmic_ranges() {
        let sobol = points(
            DesignName::Sobol,
            Some(4),
            &["levers.union=0.2:0.6", "parameters.rank_gap_weight=0.01:1:log", "mechanisms.fear=true,false"],
        );
        // Coordinates 0 0 0, 1/2 1/2 1/2, 3/4 1/4 1/4, 1/4 3/4 3/4.
        let rows = rows(&sobol);
        assert_eq!(rows[..2], ["0.2 0.01 true", "0.4 0.1 false"]);
        // 0.01 * 100^(1/4) = 0.0316227766017, 0.01 * 100^(3/4) = 0.316227766017; rounded to 11 and 10 decimals.
        assert_eq!(rows[2], "0.5 0.0316227766 true");
        assert!(rows[3].starts_with("0.3 0.31622776") && rows[3].ends_with(" false"), "{}", rows[3]);
    }

    #[test]
    fn values_of_a_latin_hypercube_fill_each_stratum_once() {
        let number = 1_000;
        let latin = points(
            DesignName::Latin,
            Some(number),
            &["levers.union=0.2:0.6", "parameters.accusation_scale=0.001:0.01:log"],
        );
        let strata = |key, stratum: &dyn Fn(f64) -> f64| {
            let mut strata: Vec<u32> = numbers(&latin, key)
                .into_iter()
                .map(|value| (stratum(value) * f64::from(number)) as u32)
                .collect();
            strata.sort_unstable();
            assert!(strata.into_iter().eq(0..number), "key {key}");
        };
        strata(0, &|value| (value - 0.2) / 0.4);
        strata(1, &|value| libm::log10(value / 0.001));
        assert!(rows(&latin).iter().all(|row| row.len() <= 30), "{:?}", rows(&latin)[..3].to_vec());
    }

    #[test]
    fn a_prior_gives_the_range() {
        let latin = points(DesignName::Latin, Some(100), &["parameters.accusation_scale"]);
        let numbers = numbers(&latin, 0);
        let (least, most) = numbers.iter().fold((1.0, 0.0), |(a, b): (f64, f64), x| (a.min(*x), b.max(*x)));
        assert!((0.001..0.0011).contains(&least) && (0.0099..=0.01).contains(&most), "{least} {most}");
    }

    #[test]
    fn the_seed_changes_a_latin_hypercube_alone() {
        let vary = ["levers.union=0:1".to_owned()];
        let rows = |design, seed| {
            let options = SweepOptions {
                base: Some(OsStr::new("historical")),
                vary: &vary,
                design: Some(design),
                points: Some(8),
                ..SweepOptions::default()
            };
            rows(&Points::of(&load_sweep(None, &options).unwrap(), seed))
        };
        assert_eq!(rows(DesignName::Latin, 1), rows(DesignName::Latin, 1));
        assert_ne!(rows(DesignName::Latin, 1), rows(DesignName::Latin, 2));
        assert_eq!(rows(DesignName::Sobol, 1), rows(DesignName::Sobol, 2));
    }

    #[test]
    fn equal_labels_are_found() {
        assert_eq!(label_clash(["a", "b", "c"]), None);
        assert_eq!(label_clash(["a", "b", "c", "b"]), Some((1, 3)));
    }
}
