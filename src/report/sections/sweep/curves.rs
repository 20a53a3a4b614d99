//! Builds the section with response curves, for one key or a grid of two.

use super::{ESTIMATE_COLUMNS, Shown, along, base_text, estimate_cells, group, name};
use crate::report::draw::Label;
use crate::report::draw::panels::{Panel, Panels, draw};
use crate::report::figures::response::Estimate;
use crate::report::figures::sweep::{Form, Key};
use crate::report::format;
use crate::report::picture::{Numbers, Picture};
use crate::report::sections::Section;

/// Number of points up to which a description names each.
const MOST_DESCRIBED: usize = 16;

impl Shown<'_> {
    /// Builds the section.
    pub(super) fn curves(&self) -> Section {
        let whole = self.responses.whole();
        let by_phase = self.source.phases.len() > 1;
        let groups = match self.form {
            Form::Multiples(along, panels) => {
                let pictures = self.drawn().map(|metric| self.multiples(metric, along, panels));
                vec![group(String::new(), pictures.collect())]
            }
            _ if by_phase => {
                let pictures = |metric| vec![self.curve(metric, whole), self.phases(metric)];
                self.drawn().map(|metric| group(self.title(metric), pictures(metric))).collect()
            }
            _ => vec![group(String::new(), self.drawn().map(|metric| self.curve(metric, whole)).collect())],
        };
        Section {
            id: "curves",
            title: "Response curves".into(),
            text: self.how_to_read().into_iter().chain(self.not_drawn()).collect(),
            groups,
        }
    }

    /// The key along the axis, and that of the panels.
    fn axes(&self) -> (&Key, Option<&Key>) {
        match self.form {
            Form::Multiples(along, panels) => (&self.keys[along], Some(&self.keys[panels])),
            _ => (&self.keys[0], None),
        }
    }

    fn how_to_read(&self) -> Vec<String> {
        let (key, panels) = self.axes();
        let mut text = Vec::new();
        text.push(if self.has_intervals() {
            let shape = if key.is_numeric() {
                format!("A dot is the mean of a point over the replicates, the band its {} % interval; the line only joins the dots.", self.level_text())
            } else {
                format!("A dot is the mean of a point over the replicates, the bar its {} % interval.", self.level_text())
            };
            format!(
                "{shape} Filled dots differ significantly from the base ({}), open rings do not. The tests use paired differences, which vary less than the means: dots may differ from the base although their intervals reach it.",
                self.tested()
            )
        } else {
            "A dot is the value of a point in the one replicate; the line only joins the dots.".to_owned()
        });
        let mut others = vec![self.about_the_base(key, panels)];
        if key.is_log() {
            let log = "The horizontal axis is logarithmic, because the values are spaced by ratios.";
            others.push(log.to_owned());
        }
        others.push("Vertical scales do not always begin at zero.".to_owned());
        if panels.is_some() {
            others.push("The panels of a picture share one scale.".to_owned());
        }
        text.push(others.join(" "));
        text
    }

    /// Where the base is in the pictures.
    fn about_the_base(&self, key: &Key, panels: Option<&Key>) -> String {
        let line = "The dotted line is the base.";
        let missing: Vec<String> = self.keys.iter().filter(|key| key.base.is_none()).map(name).collect();
        let Some(at) = key.base.filter(|_| missing.is_empty()) else {
            let missing = missing.join(" and ");
            return format!(
                "{line} It has no place on an axis, because it has no single value of {missing}."
            );
        };
        let value = format!("{} {}", name(key), key.shown(at));
        if !key.axis().contains(at) {
            return format!("{line} Its place, {value}, is outside the axis.");
        }
        match panels.and_then(|panels| Some((panels, panels.base?))) {
            None => format!("{line} The diamond is the base in its place, {value}."),
            Some((panels, of_panel)) => {
                let other = format!("{} {}", name(panels), panels.shown(of_panel));
                if panels.distinct.contains(&of_panel) {
                    format!("{line} The diamond is the base in its place, {value} and {other}.")
                } else {
                    format!(
                        "{line} It has no diamond, because no panel has its value of the other key, {other}."
                    )
                }
            }
        }
    }

    /// The points with a value of the second key, by position, sorted by the value of the first; all without a second key.
    fn sorted(&self, key: &Key, second: Option<(&Key, f64)>) -> Vec<usize> {
        let inside = |point: &usize| second.is_none_or(|(second, value)| second.values[*point] == value);
        let mut points: Vec<usize> = (0..self.points()).filter(inside).collect();
        points.sort_by(|one, other| key.values[*one].total_cmp(&key.values[*other]));
        points
    }

    fn panel(&self, (metric, period): (usize, usize), label: Label, second: Option<(&Key, f64)>) -> Panel {
        let (key, _) = self.axes();
        let estimates = self.responses.estimates(metric, period);
        let points = self.sorted(key, second).into_iter();
        let here = second.is_none_or(|(second, value)| second.base == Some(value));
        Panel {
            name: label,
            axis: key.axis(),
            curve: points.map(|point| (key.values[point], self.mean_of(&estimates[point]))).collect(),
            cloud: Vec::new(),
            base: self.base_of(metric, period, key.base.filter(|_| here)),
        }
    }

    fn picture(&self, metric: usize, title: String, panels: Vec<Panel>) -> Panels {
        Panels {
            title,
            unit: self.unit(metric).to_owned(),
            colour: self.colour(metric),
            along: along(self.axes().0),
            own_scales: false,
            panels,
        }
    }

    /// The curve of a metric in a period.
    fn curve(&self, metric: usize, period: usize) -> Picture {
        let key = &self.keys[0];
        let panel = self.panel((metric, period), Label::plain(""), None);
        let mut numbers = Numbers::new(["point", key.name.as_str()].into_iter().chain(ESTIMATE_COLUMNS));
        let base = self.responses.extent(metric, period).base;
        numbers.push(["base".to_owned(), base_text(key)].into_iter().chain(estimate_cells(&base)).collect());
        let estimates = self.responses.estimates(metric, period);
        for point in self.sorted(key, None) {
            let labels = [(point + 1).to_string(), key.text(key.values[point])];
            numbers.push(labels.into_iter().chain(estimate_cells(&estimates[point])).collect());
        }
        Picture {
            id: self.id(metric),
            title: format!("{} and {}", self.title(metric), name(key)),
            description: self.described(metric, period),
            caption: format!(
                "{} over the whole period, by {}. {}",
                self.title(metric),
                name(key),
                self.over()
            ),
            numbers,
            drawing: draw(&self.picture(
                metric,
                format!("{}: the whole period", self.title(metric)),
                vec![panel],
            )),
        }
    }

    /// The values of a curve for screen readers.
    fn described(&self, metric: usize, period: usize) -> String {
        let key = &self.keys[0];
        let text = |estimate: &Estimate| format::mean(estimate.mean, estimate.interval);
        let base = format!("Base {}.", text(&self.responses.extent(metric, period).base));
        let estimates = self.responses.estimates(metric, period);
        let points = self.sorted(key, None);
        let each = points.len().div_ceil(MOST_DESCRIBED);
        let points = points.into_iter().step_by(each);
        let values =
            points.map(|point| format!("{}: {}", key.shown(key.values[point]), text(&estimates[point])));
        format!("{} at {} {}. {base}", self.title(metric), name(key), values.collect::<Vec<_>>().join("; "))
    }

    /// The curves of a metric in the phases.
    fn phases(&self, metric: usize) -> Picture {
        let key = &self.keys[0];
        let phases = &self.source.phases;
        let panel = |(period, phase): (usize, &crate::report::source::Span)| {
            self.panel((metric, period), phase.label(), None)
        };
        let mut numbers = Numbers::new([
            "phase",
            "phase_from",
            "point",
            key.name.as_str(),
            "mean",
            "lo",
            "hi",
            "p_adjusted",
        ]);
        let mut described = Vec::new();
        for (period, phase) in phases.iter().enumerate() {
            let mut push = |point: String, value: String, estimate: &Estimate| {
                let labels = [phase.name.clone(), phase.from.to_string(), point, value];
                let [mean, lo, hi, _, _, _, p] = estimate_cells(estimate);
                numbers.push(labels.into_iter().chain([mean, lo, hi, p]).collect());
            };
            let extent = self.responses.extent(metric, period);
            push("base".to_owned(), base_text(key), &extent.base);
            let estimates = self.responses.estimates(metric, period);
            for point in self.sorted(key, None) {
                push((point + 1).to_string(), key.text(key.values[point]), &estimates[point]);
            }
            described.push(format!("{}: {}.", phase.dated(), self.ends(metric, period)));
        }
        Picture {
            id: format!("{}-by-phase", self.id(metric)),
            title: format!("{} and {}, by phase", self.title(metric), name(key)),
            description: described.join(" "),
            caption: format!(
                "{} in each phase, by {}. Each phase has its own scale, so that its curve can be seen; compare the numbers at the axes. {}",
                self.title(metric),
                name(key),
                self.over()
            ),
            numbers,
            drawing: draw(&Panels {
                unit: format!("{}; each panel has its own scale", self.unit(metric)),
                own_scales: true,
                ..self.picture(
                    metric,
                    format!("{} by phase", self.title(metric)),
                    phases.iter().enumerate().map(panel).collect(),
                )
            }),
        }
    }

    /// Lowest and highest mean of a metric in a period, for screen readers.
    pub(super) fn ends(&self, metric: usize, period: usize) -> String {
        let extent = self.responses.extent(metric, period);
        let end = |(estimate, point): (Estimate, usize)| {
            format!("{} at {}", super::responses::mean_text(extent, &estimate), self.point_in_words(point))
        };
        match extent.lowest.zip(extent.highest) {
            Some((lowest, highest)) => format!("lowest {}, highest {}", end(lowest), end(highest)),
            None => "not defined".to_owned(),
        }
    }

    /// The curves of a metric over one key, for each value of another.
    fn multiples(&self, metric: usize, first: usize, second: usize) -> Picture {
        let (first, second) = (&self.keys[first], &self.keys[second]);
        let whole = self.responses.whole();
        let panel = |value: &f64| {
            let label = Label::plain(format!("{} {}", name(second), second.shown(*value)));
            self.panel((metric, whole), label, Some((second, *value)))
        };
        let columns = ["point", first.name.as_str(), second.name.as_str()];
        let mut numbers = Numbers::new(columns.into_iter().chain(ESTIMATE_COLUMNS));
        let base = self.responses.extent(metric, whole).base;
        let labels = ["base".to_owned(), base_text(first), base_text(second)];
        numbers.push(labels.into_iter().chain(estimate_cells(&base)).collect());
        let estimates = self.responses.estimates(metric, whole);
        for value in &second.distinct {
            for point in self.sorted(first, Some((second, *value))) {
                let labels = [(point + 1).to_string(), first.text(first.values[point]), second.text(*value)];
                numbers.push(labels.into_iter().chain(estimate_cells(&estimates[point])).collect());
            }
        }
        let curves = second.distinct.iter().map(|value| {
            let points = self.sorted(first, Some((second, *value)));
            let ends = points.first().zip(points.last());
            let ends = ends.map(|(low, high)| {
                let text = |point: usize| format::mean(estimates[point].mean, estimates[point].interval);
                format!("from {} to {}", text(*low), text(*high))
            });
            format!("{} {}: {}.", name(second), second.shown(*value), ends.unwrap_or_default())
        });
        let (least, most) = first.range();
        let range = format!("{} {} to {}", name(first), first.shown(least), first.shown(most));
        Picture {
            id: self.id(metric),
            title: format!("{}, {} and {}", self.title(metric), name(first), name(second)),
            description: format!("Means at the ends of {range}. {}", curves.collect::<Vec<_>>().join(" ")),
            caption: format!(
                "{} over the whole period, by {}; a panel for each value of {}. {}",
                self.title(metric),
                name(first),
                name(second),
                self.over()
            ),
            numbers,
            drawing: draw(&self.picture(
                metric,
                format!("{}: the whole period", self.title(metric)),
                second.distinct.iter().map(panel).collect(),
            )),
        }
    }
}
