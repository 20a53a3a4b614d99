//! Builds the section on which metrics respond: a finding in words, and tables of all metrics.

use super::{Shown, name};
use crate::report::figures::response::{Estimate, Extent};
use crate::report::figures::sweep::{Form, Key};
use crate::report::format::{self, UNDEFINED, grouped, resolved, short, with_minus};
use crate::report::sections::{Group, Section, Table, words};
use crate::report::trend::rank_correlation;

/// Rank correlation from which a curve is said to rise or fall nearly throughout.
const NEARLY: f64 = 0.9;

impl Shown<'_> {
    /// Builds the section.
    pub(super) fn responses_section(&self) -> Section {
        let mut text = vec![self.finding()];
        text.push(if self.has_intervals() {
            format!(
                "The spread of a metric is the standard deviation, over {}, of the differences from the base; the tables give it relative to the typical half-width of the {} % interval of a difference. Well above 1, the points differ by more than chance between replicates; metrics can be compared by it, whatever their units. It depends on the ranges that were varied, and more replicates make it larger.",
                if self.responses.base_counts { "the points and the base" } else { "the points" },
                self.level_text()
            )
        } else {
            "The tables give the spread of a metric, the standard deviation of the differences from the base, relative to the mean of the base. Chance alone can be large here.".to_owned()
        });
        let groups = vec![Group {
            title: String::new(),
            pictures: Vec::new(),
            tables: vec![self.of_the_whole_period(), self.by_phase()],
        }];
        Section { id: "responses", title: "What responds".into(), text, groups }
    }

    /// The spread of a metric in a period, relative to its interval or, without intervals, to the base.
    fn strength(&self, extent: &Extent) -> Option<f64> {
        if self.has_intervals() { extent.strength() } else { extent.relative() }
    }

    /// What the figures say, in sentences.
    fn finding(&self) -> String {
        let whole = self.responses.whole();
        let mut ranked: Vec<(f64, usize)> = (0..self.responses.metrics.len())
            .filter_map(|metric| Some((self.strength(self.responses.extent(metric, whole))?, metric)))
            .collect();
        // Stable: of equal metrics the first of the table comes first.
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
        let Some(&(strength, metric)) = ranked.first() else {
            return "No metric is defined over the whole period.".to_owned();
        };
        let extent = self.responses.extent(metric, whole);
        let (Some(lowest), Some(highest)) = (extent.lowest, extent.highest) else {
            return "No metric is defined over the whole period.".to_owned();
        };
        if strength == 0.0 {
            return "No metric responds over the whole period: all points equal the base.".to_owned();
        }
        let what = self.in_words(metric);
        let mut sentences = vec![if !self.has_intervals() {
            format!(
                "In this one replicate, the largest spread relative to the base is that of {what} ({}).",
                self.times(strength)
            )
        } else if strength < 1.0 {
            format!(
                "No metric varies over the points by more than its interval; {what} comes nearest ({}).",
                self.times(strength)
            )
        } else {
            format!(
                "The largest response relative to its interval is that of {what} ({}).",
                self.times(strength)
            )
        }];
        let (low, high) = (mean_text(extent, &lowest.0), mean_text(extent, &highest.0));
        let (at, unit) = (self.point_in_words(lowest.1), self.unit_behind(metric));
        sentences.push(if self.points() == 1 {
            let base = mean_text(extent, &extent.base);
            format!("Over the whole period its mean is {low}{unit} at {at}, and {base} in the base.")
        } else {
            let other = self.point_in_words(highest.1);
            format!("Over the whole period its mean is lowest at {at}, {low}{unit}, and highest at {other}, {high}.")
        });
        sentences.extend(self.course(metric));
        if self.form == Form::Clouds {
            sentences.extend(self.strongest());
        }
        if let Some(&(least, last)) = ranked.last().filter(|last| last.1 != metric) {
            sentences.push(format!(
                "The smallest is that of {} ({}).",
                self.in_words(last),
                self.times(least)
            ));
        }
        let count = |of: &dyn Fn(&Extent) -> u64| self.responses.extents().map(of).sum::<u64>();
        let (tested, clear) = (count(&|extent| extent.tested), count(&|extent| extent.clear));
        if tested > 0 {
            sentences.push(format!(
                "Of {} differences from the base, in the phases and in the whole period, {} are significant ({}).",
                grouped(tested),
                grouped(clear),
                self.tested()
            ));
        }
        sentences.join(" ")
    }

    /// Whether the mean of a metric rises or falls with the values of a single key.
    fn course(&self, metric: usize) -> Option<String> {
        let [key] = &self.keys[..] else { return None };
        let mut pairs: Vec<(f64, f64)> = pairs(key, self.responses.means(metric));
        let rank = rank_correlation(&pairs).filter(|_| key.is_numeric())?;
        pairs.sort_by(|one, other| one.0.total_cmp(&other.0));
        let steps = || pairs.windows(2).map(|pair| pair[1].1 - pair[0].1);
        let (name, value) = (name(key), with_minus(&short(rank)));
        Some(if steps().all(|step| step > 0.0) {
            format!("It rises with every step of {name}.")
        } else if steps().all(|step| step < 0.0) {
            format!("It falls with every step of {name}.")
        } else if rank.abs() >= NEARLY {
            let verb = if rank > 0.0 { "rises" } else { "falls" };
            format!("It {verb} with {name} nearly throughout (rank correlation {value}).")
        } else {
            format!("It neither rises nor falls throughout with {name} (rank correlation {value}).")
        })
    }

    /// A spread in a sentence: `12 times` the interval, or a percentage of the base.
    fn times(&self, ratio: f64) -> String {
        match ratio.is_finite() {
            true if self.has_intervals() => format!("{} times", self.ratio_text(ratio)),
            true => self.ratio_text(ratio),
            false => "its replicates do not differ by chance".to_owned(),
        }
    }

    /// A spread in a table, with two digits.
    fn ratio_text(&self, ratio: f64) -> String {
        let (ratio, unit) = if self.has_intervals() { (ratio, "") } else { (100.0 * ratio, " %") };
        let number = if ratio >= 9.95 { grouped(ratio.round() as u64) } else { format::compact(ratio) };
        format!("{number}{unit}")
    }

    fn strength_text(&self, extent: &Extent) -> String {
        self.strength(extent).map_or(UNDEFINED.to_owned(), |ratio| match ratio.is_finite() {
            true => self.ratio_text(ratio),
            false => "no chance".to_owned(),
        })
    }

    /// The table of all metrics over the whole period.
    fn of_the_whole_period(&self) -> Table {
        let whole = self.responses.whole();
        let end = |extent: &Extent, end: Option<(Estimate, usize)>| match end {
            Some((estimate, point)) => {
                format!("{} at {}", mean_text(extent, &estimate), self.point_in_words(point))
            }
            None => UNDEFINED.to_owned(),
        };
        let row = |metric: usize| {
            let extent = self.responses.extent(metric, whole);
            let base = format::mean(extent.base.mean, extent.base.interval);
            let clear = match extent.tested {
                0 => "not tested".to_owned(),
                tested => format!("{} of {}", grouped(extent.clear), grouped(tested)),
            };
            vec![
                format!("{} ({})", self.title(metric), self.unit(metric)),
                base,
                end(extent, extent.lowest),
                end(extent, extent.highest),
                self.strength_text(extent),
                clear,
            ]
        };
        let relative = if self.has_intervals() { "spread ÷ half-width" } else { "spread, % of the base" };
        Table {
            caption: "Responses over the whole period: means over the replicates, from response.csv".into(),
            header: [
                "metric",
                "base",
                "lowest mean",
                "highest mean",
                relative,
                "points that differ from the base",
            ]
            .map(str::to_owned)
            .to_vec(),
            rows: (0..self.responses.metrics.len()).map(row).collect(),
        }
    }

    /// The table of all metrics by phase.
    fn by_phase(&self) -> Table {
        let cell = |metric: usize, period: usize| {
            let extent = self.responses.extent(metric, period);
            match extent.lowest.zip(extent.highest) {
                Some((only, _)) if self.points() == 1 => {
                    format!("{} ({})", mean_text(extent, &only.0), self.strength_text(extent))
                }
                Some((lowest, highest)) => format!(
                    "{} to {} ({})",
                    mean_text(extent, &lowest.0),
                    mean_text(extent, &highest.0),
                    self.strength_text(extent)
                ),
                None => UNDEFINED.to_owned(),
            }
        };
        let phases = self.source.phases.len();
        let row = |metric: usize| {
            let name = words(self.key_of(metric));
            [name].into_iter().chain((0..phases).map(|period| cell(metric, period))).collect()
        };
        let relative =
            if self.has_intervals() { "typical half-width of the interval of a difference" } else { "base" };
        Table {
            caption: format!(
                "Responses by phase: lowest and highest mean of the points, and in brackets the spread relative to the {relative}; from response.csv"
            ),
            header: ["metric".to_owned()]
                .into_iter()
                .chain(self.source.phases.iter().map(|phase| phase.dated()))
                .collect(),
            rows: (0..self.responses.metrics.len()).map(row).collect(),
        }
    }
}

/// Values of a key with the means of a metric, where it is defined.
pub(super) fn pairs(key: &Key, means: &[Option<f64>]) -> Vec<(f64, f64)> {
    key.values.iter().zip(means).filter_map(|(value, mean)| Some((*value, (*mean)?))).collect()
}

/// A mean with the digits that the typical interval warrants, so that lowest and highest have the same.
pub(super) fn mean_text(extent: &Extent, estimate: &Estimate) -> String {
    let Some(mean) = estimate.mean else { return UNDEFINED.to_owned() };
    with_minus(&match extent.mean_half() {
        Some(half) if half > 0.0 => resolved(mean, half),
        _ => short(mean),
    })
}
