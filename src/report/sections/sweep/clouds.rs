//! Builds the sections with scatter plots and rank correlations, for many keys or points that are not a grid.

use super::responses::pairs;
use super::{Shown, along, base_text, group, name};
use crate::experiment::rounding::{rounded, signed};
use crate::report::draw::Label;
use crate::report::draw::panels::{Mean, Panel, Panels, Test, draw};
use crate::report::figures::sweep::{Key, KeyKind, SWITCH};
use crate::report::format::{csv, grouped, short, with_minus};
use crate::report::picture::{Numbers, Picture};
use crate::report::sections::{Group, Section, Table};
use crate::report::trend::{Bin, bins, rank_correlation, sample};

/// Maximum number of panels of a picture.
const MOST_PANELS: usize = 8;

/// Number of points that a panel draws, about; with more points a sample is drawn.
const MOST_DRAWN: usize = 120;

/// Maximum number of rows in the table of rank correlations.
const MOST_ROWS: usize = 20;

/// Share of the slot of a word over which points are spread.
const SPREAD: f64 = 0.6;

/// A rank correlation of a metric and a key, by their positions.
struct Correlation {
    metric: usize,
    key: usize,
    value: f64,
    points: usize,
}

impl Correlation {
    /// The correlation with two decimals and its sign.
    fn text(&self) -> String {
        with_minus(&signed(self.value, 2))
    }
}

impl Shown<'_> {
    /// Builds the section of the pictures.
    pub(super) fn clouds(&self) -> Section {
        let pictures = self.drawn().map(|metric| self.cloud(metric)).collect();
        let level = self.level_text();
        let mut text = vec![format!(
            "A grey dot is the mean of a point over the replicates, in the whole period; each panel shows the same points by another key. The line joins the means of points with neighbouring values, and the band is the {level} % interval of these means over points, as if the points had been drawn at random. The dotted line is the base; a diamond is the base at its own value."
        )];
        text.push(if self.keys.len() > 1 {
            "The other keys vary, too: the scatter around a line is what they do, and chance between replicates. A slope shows that the metric changes with the key on average over the values of the other keys. A flat line does not show that the key does nothing: effects in opposite directions cancel, and keys may act only together. All of it holds for the ranges that were varied; over a wider range a key looks stronger.".to_owned()
        } else {
            "The scatter around the line is chance between replicates, and what the means of neighbours smooth away.".to_owned()
        });
        text.extend(self.not_drawn());
        Section {
            id: "curves",
            title: "Points by key".into(),
            text,
            groups: vec![group(String::new(), pictures)],
        }
    }

    /// The rank correlations of all metrics and keys, the strongest first.
    fn all_correlations(&self) -> Vec<Correlation> {
        let mut found = Vec::new();
        for metric in 0..self.responses.metrics.len() {
            for (position, key) in self.keys.iter().enumerate().filter(|(_, key)| ordered(key)) {
                let pairs = pairs(key, self.responses.means(metric));
                let correlation = rank_correlation(&pairs);
                found.extend(correlation.map(|value| Correlation {
                    metric,
                    key: position,
                    value,
                    points: pairs.len(),
                }));
            }
        }
        found.sort_by(|one, other| other.value.abs().total_cmp(&one.value.abs()));
        found
    }

    /// The sentence on the strongest rank correlation.
    pub(super) fn strongest(&self) -> Option<String> {
        let all = self.all_correlations();
        let one = all.first()?;
        Some(format!(
            "The strongest rank correlation is that of {} with {}, {}.",
            self.in_words(one.metric),
            name(&self.keys[one.key]),
            one.text()
        ))
    }

    /// Builds the section of rank correlations.
    pub(super) fn correlations(&self) -> Section {
        let all = self.all_correlations();
        let chance = 1.96 / libm::sqrt((self.points().max(3) - 1) as f64);
        let row = |one: &Correlation| {
            let key = &self.keys[one.key];
            let towards = if key.is_numeric() { "" } else { ", true against false" };
            vec![
                self.title(one.metric),
                format!("{}{towards}", name(key)),
                one.text(),
                grouped(one.points as u64),
            ]
        };
        let rows: Vec<Vec<String>> = all.iter().take(MOST_ROWS).map(row).collect();
        let number = rows.len();
        let caption = match all.len() {
            all if all > number => format!(
                "The {number} strongest of {all} rank correlations (Spearman), over points, in the whole period"
            ),
            _ => "Rank correlations (Spearman), over points, in the whole period".to_owned(),
        };
        let table = Table {
            caption,
            header: ["metric", "key", "rank correlation", "points"].map(str::to_owned).to_vec(),
            rows,
        };
        let left_out: Vec<String> = self.keys.iter().filter(|key| !ordered(key)).map(name).collect();
        let mut text = vec![
            format!(
                "A rank correlation is +1 if the metric rises with the key throughout and −1 if it falls throughout, whatever the form of the curve. Even for a key that does nothing, one correlation in twenty exceeds {} in absolute value by chance.",
                rounded(chance, 2)
            ),
            "It shows direction and regularity, not size: a small effect that is regular has a high correlation. It is near zero for a curve that rises and falls, and for an effect that depends on another key. It says nothing about keys that were not varied, nor about values outside their ranges.".to_owned(),
        ];
        if !left_out.is_empty() {
            text.push(format!(
                "Without a correlation, because their values have no order: {}.",
                left_out.join(", ")
            ));
        }
        let tables = if table.rows.is_empty() { Vec::new() } else { vec![table] };
        let groups = vec![Group { title: String::new(), pictures: Vec::new(), tables }];
        Section { id: "correlations", title: "Rank correlations".into(), text, groups }
    }

    /// The keys that a picture shows, by position: those with the strongest correlation, in the order of the keys.
    fn keys_of(&self, metric: usize) -> Vec<usize> {
        let strength = |key: &Key| {
            let pairs = pairs(key, self.responses.means(metric));
            rank_correlation(&pairs).filter(|_| ordered(key)).unwrap_or(0.0).abs()
        };
        let mut keys: Vec<(usize, f64)> =
            self.keys.iter().enumerate().map(|(position, key)| (position, strength(key))).collect();
        keys.sort_by(|one, other| other.1.total_cmp(&one.1));
        keys.truncate(MOST_PANELS);
        let mut keys: Vec<usize> = keys.into_iter().map(|key| key.0).collect();
        keys.sort_unstable();
        keys
    }

    fn cloud(&self, metric: usize) -> Picture {
        let keys = self.keys_of(metric);
        let means = self.responses.means(metric);
        let drawn: Vec<usize> =
            sample(self.points(), MOST_DRAWN).filter(|point| means[*point].is_some()).collect();
        let mut numbers = Numbers::new(["key", "what", "from", "to", "points", "mean", "lo", "hi"]);
        let mut panels = Vec::new();
        let mut described = Vec::new();
        for key in keys.iter().map(|key| &self.keys[*key]) {
            let of_key = bins(&pairs(key, means), key.is_log(), self.level);
            let base = self.responses.extent(metric, self.responses.whole()).base;
            let ends = base.interval;
            numbers.push(vec![
                key.name.clone(),
                "base".into(),
                base_text(key),
                base_text(key),
                "1".into(),
                csv(base.mean),
                csv(ends.map(|ends| ends.0)),
                csv(ends.map(|ends| ends.1)),
            ]);
            for bin in &of_key {
                numbers.push(bin_cells(key, bin));
            }
            for point in &drawn {
                let value = key.text(key.values[*point]);
                let what = format!("point {}", point + 1);
                numbers.push(vec![
                    key.name.clone(),
                    what,
                    value.clone(),
                    value,
                    "1".into(),
                    csv(means[*point]),
                    String::new(),
                    String::new(),
                ]);
            }
            described.push(self.described_bins(key, &of_key));
            panels.push(self.cloud_panel(metric, key, &of_key, &drawn));
        }
        let points = if drawn.len() < self.points() {
            format!(
                " {} of the {} points are drawn; the means are those of all.",
                drawn.len(),
                grouped(self.points() as u64)
            )
        } else {
            String::new()
        };
        let shown = if keys.len() < self.keys.len() {
            format!(" The {} of {} keys with the strongest rank correlations.", keys.len(), self.keys.len())
        } else {
            String::new()
        };
        let picture = Panels {
            title: format!("{}: the whole period", self.title(metric)),
            unit: self.unit(metric).to_owned(),
            colour: self.colour(metric),
            along: if let [only] = &self.keys[..] { along(only) } else { String::new() },
            own_scales: false,
            panels,
        };
        Picture {
            id: self.id(metric),
            title: format!("{} by key", self.title(metric)),
            description: described.join(" "),
            caption: format!(
                "{} over the whole period, by the varied keys.{shown}{points} {}",
                self.title(metric),
                self.over()
            ),
            numbers,
            drawing: draw(&picture),
        }
    }

    fn cloud_panel(&self, metric: usize, key: &Key, of_key: &[Bin], drawn: &[usize]) -> Panel {
        let means = self.responses.means(metric);
        // Points of a word are spread over its slot, evenly and in an order that follows from nothing else.
        let aside = |point: usize| match key.kind {
            KeyKind::Words(_) => SPREAD * (point as f64 * 0.618_033_988_749_895).fract() - SPREAD / 2.0,
            KeyKind::Numbers { .. } => 0.0,
        };
        let mean = |bin: &Bin| Mean { mean: bin.mean, interval: bin.interval, test: Test::None };
        Panel {
            name: Label::plain(if self.keys.len() > 1 { name(key) } else { String::new() }),
            axis: key.axis(),
            curve: of_key.iter().map(|bin| (bin.at, Some(mean(bin)))).collect(),
            cloud: drawn
                .iter()
                .filter_map(|point| Some((key.values[*point] + aside(*point), means[*point]?)))
                .collect(),
            base: self.base_of(metric, self.responses.whole(), key.base).map(|base| {
                // The whisker would be that of chance between replicates, unlike the bands here.
                crate::report::draw::panels::Base { interval: None, ..base }
            }),
        }
    }

    fn described_bins(&self, key: &Key, of_key: &[Bin]) -> String {
        let text = |bin: &Bin| format!("{} at {}", short(bin.mean), key.shown(bin.at));
        let (first, last) = (of_key.first().map(text), of_key.last().map(text));
        let ends =
            first.zip(last).map_or("not defined".to_owned(), |(first, last)| format!("{first}, {last}"));
        format!("By {}, mean over points: {ends}.", name(key))
    }
}

/// Returns whether the values of a key have an order: numbers, or `false` and `true`.
fn ordered(key: &Key) -> bool {
    match &key.kind {
        KeyKind::Numbers { .. } => true,
        KeyKind::Words(words) => *words == SWITCH,
    }
}

fn bin_cells(key: &Key, bin: &Bin) -> Vec<String> {
    vec![
        key.name.clone(),
        "mean".into(),
        key.text(bin.range.0),
        key.text(bin.range.1),
        bin.points.to_string(),
        csv(Some(bin.mean)),
        csv(bin.interval.map(|ends| ends.0)),
        csv(bin.interval.map(|ends| ends.1)),
    ]
}
