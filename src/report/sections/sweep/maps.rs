//! Builds the section with maps, for a grid of two keys with many values each.

use super::{Shown, along, group, name};
use crate::experiment::moments::Moments;
use crate::report::draw::heat::{CLASSES, Heat, draw};
use crate::report::figures::sweep::Key;
use crate::report::format::{csv, grouped, short};
use crate::report::picture::{Numbers, Picture};
use crate::report::sections::Section;

/// Maximum number of rows and of columns.
const MOST: usize = 20;

/// Neighbouring values of a key that share a column or a row of a map.
struct Steps<'a> {
    key: &'a Key,
    /// Lowest and highest value of each.
    ranges: Vec<(f64, f64)>,
    /// Number of values that share a step; the last has fewer if they do not divide evenly.
    each: usize,
}

impl<'a> Steps<'a> {
    fn of(key: &'a Key) -> Self {
        let each = key.distinct.len().div_ceil(MOST);
        let ranges = key.distinct.chunks(each).map(|values| (values[0], values[values.len() - 1])).collect();
        Steps { key, ranges, each }
    }

    /// The step of a value.
    fn place(&self, value: f64) -> usize {
        self.ranges.partition_point(|(_, last)| *last < value)
    }

    /// Where a value is between the middles of the steps, from 0; `None` outside them.
    fn position(&self, value: f64) -> Option<f64> {
        let (least, most) = self.key.range();
        if !(least..=most).contains(&value) {
            return None;
        }
        let distinct = &self.key.distinct;
        let above = distinct.partition_point(|known| *known < value);
        let share = match above.checked_sub(1) {
            Some(below) if distinct[above] > value && self.key.is_numeric() => {
                below as f64 + (value - distinct[below]) / (distinct[above] - distinct[below])
            }
            _ => above as f64,
        };
        Some((share + 0.5) / self.each as f64 - 0.5)
    }

    fn labels(&self) -> Vec<String> {
        self.ranges.iter().map(|(first, _)| self.key.shown(*first)).collect()
    }
}

impl Shown<'_> {
    /// Builds the section.
    pub(super) fn maps(&self, across: usize, up: usize) -> Section {
        let [across, up] = [&self.keys[across], &self.keys[up]].map(Steps::of);
        let pictures = self.drawn().map(|metric| self.map(metric, &across, &up)).collect();
        let shared = if across.each * up.each > 1 {
            format!(
                " Up to {} × {} neighbouring points share a cell, which shows the mean of their means and has the labels of their lowest values.",
                across.each, up.each
            )
        } else {
            String::new()
        };
        let mut text = vec![format!(
            "Each cell is the mean of a point over the replicates, in the whole period.{shared} The shade and the digit are its class: {CLASSES} classes divide the range from the lowest to the highest cell into equal parts, so every map uses all shades, even if the metric hardly varies; the scale above it shows how far. Cells that are large enough hold the mean itself.",
        )];
        text.push(if self.has_intervals() {
            "A map has no bands. Its caption gives the typical half-width of the interval of a mean: differences between cells that are not larger may be chance, and so may classes that are narrower.".to_owned()
        } else {
            "There is one replicate, so differences between cells may be chance.".to_owned()
        });
        let missing: Vec<String> = self.keys.iter().filter(|key| key.base.is_none()).map(name).collect();
        let inside = |steps: &Steps<'_>| steps.key.base.is_some_and(|base| steps.position(base).is_some());
        text.push(match missing.is_empty() {
            false => {
                format!(
                    "The base is not marked, because it has no single value of {}.",
                    missing.join(" and ")
                )
            }
            true if inside(&across) && inside(&up) => "The diamond is where the base is.".to_owned(),
            true => "The base is not marked, because it is outside the values that were varied.".to_owned(),
        });
        text.extend(self.not_drawn());
        Section {
            id: "curves",
            title: "Maps of the responses".into(),
            text,
            groups: vec![group(String::new(), pictures)],
        }
    }

    fn map(&self, metric: usize, across: &Steps<'_>, up: &Steps<'_>) -> Picture {
        let mut cells = vec![vec![(Moments::default(), 0u64); across.ranges.len()]; up.ranges.len()];
        for (point, mean) in self.responses.means(metric).iter().enumerate() {
            let (column, row) = (across.place(across.key.values[point]), up.place(up.key.values[point]));
            let (moments, points) = &mut cells[row][column];
            *points += 1;
            mean.iter().for_each(|mean| moments.add(*mean));
        }
        let mut numbers = Numbers::new(["across", "across_to", "up", "up_to", "points", "mean"]);
        for (row, (low, high)) in cells.iter().zip(&up.ranges) {
            for ((moments, points), (from, to)) in row.iter().zip(&across.ranges) {
                let ends =
                    [across.key.text(*from), across.key.text(*to), up.key.text(*low), up.key.text(*high)];
                numbers.push(ends.into_iter().chain([points.to_string(), csv(moments.mean())]).collect());
            }
        }
        // The first columns are the varied keys.
        for (column, steps) in [(0, across), (2, up)] {
            let key = &steps.key.name;
            numbers.header[column] = key.clone();
            numbers.header[column + 1] = format!("{key}_to");
        }
        let extent = self.responses.extent(metric, self.responses.whole());
        let place = |steps: &Steps<'_>| steps.key.base.and_then(|base| steps.position(base));
        let base = extent.base.mean.map_or(String::new(), |mean| format!(" Base: {}.", short(mean)));
        let heat = Heat {
            title: format!("{}: the whole period", self.title(metric)),
            unit: self.unit(metric).to_owned(),
            across: (along(across.key), across.labels()),
            up: (along(up.key), up.labels()),
            cells: cells.iter().map(|row| row.iter().map(|(moments, _)| moments.mean()).collect()).collect(),
            base: place(across).zip(place(up)),
        };
        let bounds = heat.bounds();
        let class = bounds.get(1).map(|second| format!(" A class is {} wide.", short(second - bounds[0])));
        let half = extent.mean_half().map(|half| {
            let (level, unit) = (self.level_text(), self.unit_behind(metric));
            format!(" Typical half-width of the {level} % interval of a mean: {}{unit}.", short(half))
        });
        Picture {
            id: self.id(metric),
            title: format!("{}, {} and {}", self.title(metric), name(across.key), name(up.key)),
            description: format!(
                "A map of {} points, by {} and {}: {}.{base}",
                grouped(self.points() as u64),
                name(across.key),
                name(up.key),
                self.ends(metric, self.responses.whole())
            ),
            caption: format!(
                "{} over the whole period, by {} and {}.{}{}{base} {}",
                self.title(metric),
                name(across.key),
                name(up.key),
                half.unwrap_or_default(),
                class.unwrap_or_default(),
                self.over()
            ),
            numbers,
            drawing: draw(&heat),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::sweep::KeyKind;

    fn key(values: &[f64]) -> Key {
        Key {
            name: "levers.union".into(),
            kind: KeyKind::Numbers { whole: false, log: false },
            values: values.to_vec(),
            base: None,
            distinct: values.to_vec(),
        }
    }

    #[test]
    fn many_values_share_steps() {
        let few = key(&[0.0, 1.0, 3.0]);
        let steps = Steps::of(&few);
        assert_eq!((steps.each, steps.ranges.len(), steps.place(3.0)), (1, 3, 2));
        assert_eq!(
            [steps.position(0.0), steps.position(2.0), steps.position(3.0), steps.position(3.1)],
            [Some(0.0), Some(1.5), Some(2.0), None]
        );
        let many = key(&(0..50).map(f64::from).collect::<Vec<_>>());
        let steps = Steps::of(&many);
        // 50 values in steps of 3: 16 full ones and one of 2.
        assert_eq!((steps.each, steps.ranges.len(), steps.ranges[16]), (3, 17, (48.0, 49.0)));
        assert_eq!([steps.place(2.0), steps.place(3.0), steps.place(49.0)], [0, 1, 16]);
        // The middle of the first step is its second value.
        assert_eq!(steps.position(1.0), Some(0.0));
    }
}
