//! Builds the sections of a sweep: what was varied, which metrics respond, and pictures of the responses.

mod clouds;
mod curves;
mod maps;
mod responses;
mod varied;

use super::{Group, Section, run, words};
use crate::experiment::summary::HEADLINE;
use crate::model::levers::LEVERS;
use crate::model::parameters::PARAMETERS;
use crate::model::phase::PHASE_MEASURES;
use crate::report::draw::panels::{Base, Mean, Test};
use crate::report::figures::response::{self, Detail, Estimate, Responses, is_clear};
use crate::report::figures::sweep::{self, Form, Key};
use crate::report::format::{csv, grouped, percent};
use crate::report::measures::{STYLES, on_axis};
use crate::report::palette::Colour;
use crate::report::source::{ReportError, Source};
use crate::scenario::WHOLE_PERIOD;

/// Maximum number of metrics with pictures.
const MOST_METRICS: usize = 12;

/// Columns of an estimate in the numbers of a picture.
const ESTIMATE_COLUMNS: [&str; 7] =
    ["mean", "lo", "hi", "difference", "difference_lo", "difference_hi", "p_adjusted"];

/// A sweep, as its sections show it.
struct Shown<'a> {
    source: &'a Source,
    keys: Vec<Key>,
    form: Form,
    responses: Responses,
    /// Level of the intervals.
    level: f64,
    /// Whether p-values are corrected for multiple testing.
    corrected: bool,
}

/// Builds the sections.
///
/// # Errors
///
/// If a table cannot be read, or does not fit the manifest.
pub(super) fn sections(source: &Source) -> Result<Vec<Section>, ReportError> {
    let shown = Shown::read(source)?;
    let mut sections = vec![shown.varied(), shown.responses_section()];
    match shown.form {
        Form::Curve | Form::Multiples(..) => sections.push(shown.curves()),
        Form::Map(across, up) => sections.push(shown.maps(across, up)),
        Form::Clouds => sections.extend([shown.clouds(), shown.correlations()]),
    }
    sections.push(run::section(source));
    Ok(sections)
}

impl<'a> Shown<'a> {
    fn read(source: &'a Source) -> Result<Self, ReportError> {
        let level = source.sweep_level()?;
        let mut keys = sweep::read(&source.folder, &source.keys)?;
        let form = sweep::form(&keys);
        let detail = match form {
            Form::Curve | Form::Multiples(..) => Detail::Estimates,
            Form::Map(..) | Form::Clouds => Detail::Means,
        };
        let mut periods = source.phase_names();
        periods.push(WHOLE_PERIOD);
        let responses = response::read(&source.folder, &periods, &mut keys, detail, alpha(level))?;
        let correction = source.folder.manifest.plan.analysis.get("correction");
        let corrected = correction.and_then(serde_json::Value::as_str) != Some("none");
        Ok(Shown { source, keys, form, responses, level, corrected })
    }

    fn points(&self) -> usize {
        self.keys[0].values.len()
    }

    /// The metrics with pictures, as positions among those of the responses.
    fn drawn(&self) -> std::ops::Range<usize> {
        0..self.responses.metrics.len().min(MOST_METRICS)
    }

    /// The sentence on metrics without pictures; empty if there are none.
    fn not_drawn(&self) -> Option<String> {
        let rest = self.responses.metrics.get(MOST_METRICS..).filter(|rest| !rest.is_empty())?;
        let names: Vec<String> = rest.iter().map(|metric| words(PHASE_MEASURES[*metric].key)).collect();
        Some(format!("Not drawn, but in response.csv: {}.", names.join(", ")))
    }

    fn key_of(&self, metric: usize) -> &'static str {
        PHASE_MEASURES[self.responses.metrics[metric]].key
    }

    /// Title of a metric.
    fn title(&self, metric: usize) -> String {
        let key = self.key_of(metric);
        let headline = HEADLINE.iter().find(|headline| headline.key == key);
        headline.map_or_else(
            || {
                let words = words(key);
                words[..1].to_uppercase() + &words[1..]
            },
            |headline| headline.title.to_owned(),
        )
    }

    /// Title of a metric inside a sentence.
    fn in_words(&self, metric: usize) -> String {
        let title = self.title(metric);
        title[..1].to_lowercase() + &title[1..]
    }

    fn unit(&self, metric: usize) -> &'static str {
        on_axis(PHASE_MEASURES[self.responses.metrics[metric]].unit)
    }

    /// The unit of a metric behind a number in a sentence, with a space before it; empty for shares.
    fn unit_behind(&self, metric: usize) -> String {
        let unit = PHASE_MEASURES[self.responses.metrics[metric]].unit;
        if unit == "share" || unit.contains("0 to 1") { String::new() } else { format!(" {unit}") }
    }

    fn colour(&self, metric: usize) -> Colour {
        let key = self.key_of(metric);
        STYLES.iter().find(|style| style.key == key).map_or(Colour::Blue, |style| style.colour)
    }

    /// Identifier of the picture of a metric.
    fn id(&self, metric: usize) -> String {
        format!("response-{}", self.key_of(metric).replace('_', "-"))
    }

    /// The sentence on the runs of a picture.
    fn over(&self) -> String {
        let replicates = match self.source.replicates {
            1 => "One replicate".to_owned(),
            number => format!("{number} replicates"),
        };
        let size = self.source.scenario.population.size;
        let people = if self.keys.iter().any(|key| key.name == "population.size") {
            String::new()
        } else {
            format!("{} people in January 1928, ", grouped(size))
        };
        let seed = self.source.folder.manifest.seed;
        format!("{replicates} of each point and of the base, {}; {people}seed {seed}.", self.source.name())
    }

    fn base_of(&self, metric: usize, period: usize, at: Option<f64>) -> Option<Base> {
        let base = self.responses.extent(metric, period).base;
        Some(Base { at, mean: base.mean?, interval: base.interval })
    }

    fn mean_of(&self, estimate: &Estimate) -> Option<Mean> {
        let test = match estimate.adjusted {
            None => Test::None,
            Some(_) if is_clear(estimate, alpha(self.level)) => Test::Clear,
            Some(_) => Test::Unclear,
        };
        Some(Mean { mean: estimate.mean?, interval: estimate.interval, test })
    }

    /// Returns whether there are intervals and tests.
    fn has_intervals(&self) -> bool {
        self.responses.extents().any(|extent| extent.half().is_some())
    }

    /// The level as a percentage.
    fn level_text(&self) -> String {
        percent(100.0 * self.level)
    }

    /// How differences are tested, for a sentence.
    fn tested(&self) -> String {
        let p = percent(100.0 * alpha(self.level));
        let correction = if self.corrected {
            "after Holm's correction for all tests of the sweep"
        } else {
            "without a correction for multiple testing"
        };
        format!("p at most {p} % {correction}")
    }

    /// The values of a point in words; its number if there are many keys.
    fn point_in_words(&self, point: usize) -> String {
        match &self.keys[..] {
            [key] => key.shown(key.values[point]),
            keys if keys.len() <= 3 => {
                let plain =
                    |key: &Key| key.name.split_once('.').map_or(words(&key.name), |(_, name)| words(name));
                let values =
                    keys.iter().map(|key| format!("{} {}", plain(key), key.shown(key.values[point])));
                values.collect::<Vec<_>>().join(", ")
            }
            _ => format!("point {}", point + 1),
        }
    }
}

/// The corrected p-value up to which a difference is significant.
fn alpha(level: f64) -> f64 {
    // The difference has rounding errors that a p of exactly 0.05 must survive.
    1.0 - level + 1e-12
}

/// A key for readers: `accusation scale`, `union (lever)`.
fn name(key: &Key) -> String {
    match key.name.split_once('.') {
        Some(("parameters", name)) => words(name),
        Some(("levers", name)) => format!("{} (lever)", words(name)),
        Some(("mechanisms", name)) => format!("{} (mechanism)", words(name)),
        Some(("population", "size")) => "people in January 1928".to_owned(),
        Some(("population", name)) => words(name),
        _ => words(&key.name),
    }
}

/// The unit of a key; empty if it has none.
fn unit_of(key: &Key) -> &'static str {
    match key.name.split_once('.') {
        Some(("parameters", name)) => {
            let unit = PARAMETERS.iter().find(|info| info.key == name).map_or("", |info| info.unit);
            if unit == "1" { "" } else { unit }
        }
        Some(("levers", name)) if LEVERS.iter().any(|lever| lever.key == name) => "0 to 1",
        _ => "",
    }
}

/// A key with its unit, for an axis.
fn along(key: &Key) -> String {
    let (name, unit) = (name(key), unit_of(key));
    if unit.is_empty() { name } else { format!("{name}, {unit}") }
}

/// Cells of an estimate in the columns [`ESTIMATE_COLUMNS`].
fn estimate_cells(estimate: &Estimate) -> [String; 7] {
    let Estimate { mean, interval, difference, difference_interval, adjusted } = *estimate;
    [
        csv(mean),
        csv(interval.map(|ends| ends.0)),
        csv(interval.map(|ends| ends.1)),
        csv(difference),
        csv(difference_interval.map(|ends| ends.0)),
        csv(difference_interval.map(|ends| ends.1)),
        csv(adjusted),
    ]
}

/// A group of pictures under a heading.
fn group(title: String, pictures: Vec<crate::report::picture::Picture>) -> Group {
    Group { title, pictures, tables: Vec::new() }
}

/// The value of a key in the base as the tables write it; empty if there is none.
fn base_text(key: &Key) -> String {
    key.base.map(|value| key.text(value)).unwrap_or_default()
}
