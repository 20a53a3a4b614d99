//! Reads the keys that a sweep varies: `[[vary]]` of a file, and the text of `--vary`.
//!
//! Each value is read as `--set KEY=VALUE` would read it, and its faults are shown where the sweep gives the value.

use super::problem::SweepProblem;
use super::{MAX_POINTS, Scale, Variation, Vary};
use crate::model::parameters::PARAMETERS;
use crate::scenario::fault::{Faults, Problem, nearest};
use crate::scenario::load::SetOption;
use crate::scenario::reader::{Fields, Given, Reader};
use crate::scenario::source::SourceSpan;
use crate::scenario::target::{Target, TargetValue, number_text};
use crate::scenario::tree::{Node, RawValue};

/// Keys of `[[vary]]`.
const VARY_KEYS: &[&str] = &["key", "values", "from", "to", "steps", "scale"];

/// Scales, by their word.
const SCALES: &[(&str, Scale)] = &[("linear", Scale::Linear), ("log", Scale::Log)];

/// What a sweep says about one key. A fault in the values leaves the key.
pub(super) struct Varied {
    pub(super) key: Given<String>,
    pub(super) vary: Option<Vary>,
}

/// A place in a text, and its dotted key in messages.
#[derive(Clone)]
struct Spot {
    at: SourceSpan,
    path: String,
}

/// Reads one `[[vary]]`; `None` if it has no valid key.
pub(super) fn read_vary(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<Varied> {
    let fields = reader.fields(node, path, "[[vary]]", VARY_KEYS, &[])?;
    let path_of = |key: &str| fields.path_of(key);
    let key = match fields.get("key") {
        Some(entry) => reader.text(&entry.node, &path_of("key")),
        None => {
            reader.missing(&fields, "key", "name the key to vary: key = \"parameters.accusation_scale\"");
            None
        }
    }?;
    let target = find_target(&key.value, &Spot { at: key.at.clone(), path: path_of("key") }, reader.faults)?;
    let range: Vec<&'static str> =
        ["from", "to", "steps", "scale"].into_iter().filter(|key| fields.has(key)).collect();
    let variation = match fields.get("values") {
        Some(entry) if !range.is_empty() => {
            let problem = SweepProblem::ValuesAndRange { key: key.value.clone(), given: range };
            reader.fault(Problem::Sweep(problem), path_of("values"), &entry.key_span);
            None
        }
        Some(entry) => read_values(reader, &entry.node, &path_of("values"), target, &key.value),
        None => read_range(reader, &fields, target, &key),
    };
    let whole = target.is_whole();
    let vary = variation.map(|variation| Vary {
        key: key.value.clone(),
        whole,
        variation,
        place: key.at.clone(),
        path: path_of("key"),
    });
    Some(Varied { key, vary })
}

fn read_values(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    target: Target,
    key: &str,
) -> Option<Variation> {
    let nodes = reader.short_list(node, path, MAX_POINTS as usize)?;
    let mut values = Vec::with_capacity(nodes.len());
    for (position, node) in nodes.iter().enumerate() {
        let path = format!("{path}[{position}]");
        if let Some((value, _)) = read_node(reader, node, path, target, key) {
            values.push(value.text());
        }
    }
    let spot = Spot { at: reader.place(&node.span), path: path.to_owned() };
    listed(values, nodes.len(), key, &spot, reader.faults)
}

/// Reads a value of a file.
fn read_node(
    reader: &mut Reader<'_>,
    node: &Node,
    path: String,
    target: Target,
    key: &str,
) -> Option<(TargetValue, Spot)> {
    if matches!(node.value, RawValue::Broken) {
        return None;
    }
    if matches!(node.value, RawValue::List(_) | RawValue::Table(_)) {
        reader.wrong_type(node, &path, "one value", "write a number, `true`, `false` or a word");
        return None;
    }
    let spot = Spot { at: reader.place(&node.span), path };
    let text = &reader.faults.sources.get(reader.source).text;
    let written = text.get(node.span.clone()).unwrap_or_default().to_owned();
    read_value(target, key, &written, &spot, reader.faults).map(|value| (value, spot))
}

fn read_range(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    target: Target,
    key: &Given<String>,
) -> Option<Variation> {
    let mut end = |name: &str| {
        let entry = fields.get(name)?;
        read_node(reader, &entry.node, fields.path_of(name), target, &key.value)
    };
    let (from, to) = (end("from"), end("to"));
    let steps = fields.get("steps").map(|entry| {
        let most = i64::from(MAX_POINTS);
        reader.whole(&entry.node, &fields.path_of("steps"), (2, most), "").map(|steps| steps.value as u32)
    });
    let scale = fields
        .get("scale")
        .map(|entry| reader.word(&entry.node, &fields.path_of("scale"), "scale", SCALES))
        .map(|scale| scale.map(|scale| scale.value));
    let hint = "give both ends of the range: from = 0.1, to = 0.6";
    let ends = match (fields.has("from"), fields.has("to")) {
        (false, false) => None,
        (true, true) => Some((from, to)),
        (given, _) => {
            reader.missing(fields, if given { "to" } else { "from" }, hint);
            return None;
        }
    };
    let written = Range {
        ends: match ends {
            None => None,
            Some((from, to)) => Some((from?, to?)),
        },
        steps: match steps {
            None => None,
            Some(steps) => Some(steps?),
        },
        scale: match scale {
            None => Scale::Linear,
            Some(scale) => scale?,
        },
    };
    let spot = Spot { at: key.at.clone(), path: fields.path_of("key") };
    written.check(target, &key.value, &spot, reader.faults)
}

/// A range as written.
struct Range {
    /// `None` for the prior range.
    ends: Option<((TargetValue, Spot), (TargetValue, Spot))>,
    steps: Option<u32>,
    scale: Scale,
}

impl Range {
    /// Checks the range; `spot` is the place of the key.
    fn check(self, target: Target, key: &str, spot: &Spot, faults: &mut Faults) -> Option<Variation> {
        let mut fault = |problem: SweepProblem, spot: &Spot| {
            faults.push(Problem::Sweep(problem), spot.path.clone(), Some(spot.at.clone()));
            None
        };
        let key = key.to_owned();
        let (from, to, at_from, at_to) = match self.ends {
            Some(((from, at_from), (to, at_to))) => match (from, to) {
                (TargetValue::Number(from), TargetValue::Number(to)) => (from, to, at_from, at_to),
                (TargetValue::Switch(_), _) | (_, TargetValue::Switch(_)) => {
                    return fault(SweepProblem::Switch { key }, &at_from);
                }
                (TargetValue::OneToOne, _) => return not_a_number(key, &at_from, faults),
                (_, TargetValue::OneToOne) => return not_a_number(key, &at_to, faults),
            },
            None => match target {
                Target::Mechanism(_) => return fault(SweepProblem::Switch { key }, spot),
                Target::Parameter(position) if PARAMETERS[position].prior.is_some() => {
                    let (from, to) = PARAMETERS[position].prior.unwrap_or_default();
                    (from, to, spot.clone(), spot.clone())
                }
                _ => {
                    let parameter = matches!(target, Target::Parameter(_));
                    return fault(SweepProblem::NoPrior { key, parameter }, spot);
                }
            },
        };
        if from >= to {
            let (from, to) = (number_text(from), number_text(to));
            return fault(SweepProblem::ReversedRange { key, from, to }, &at_to);
        }
        if self.scale == Scale::Log && from <= 0.0 {
            return fault(SweepProblem::LogRange { key, from: number_text(from) }, &at_from);
        }
        let scale = self.scale;
        Some(match self.steps {
            Some(steps) => Variation::Steps { from, to, steps, scale },
            None => Variation::Range { from, to, scale },
        })
    }
}

fn not_a_number(key: String, spot: &Spot, faults: &mut Faults) -> Option<Variation> {
    let hint = "write the ends of a range as numbers";
    let problem = Problem::WrongType { key, expected: "a number", found: "a string", hint };
    faults.push(problem, spot.path.clone(), Some(spot.at.clone()));
    None
}

/// Reads the text of `--vary`; `None` if it has no valid key. `source` is the position of the text in the sources.
pub(super) fn read_option(text: &str, source: usize, faults: &mut Faults) -> Option<Varied> {
    let whole = Piece { text, start: 0 };
    let (key, given) = match text.split_once('=') {
        Some((key, given)) => {
            (Piece { text: key, start: 0 }, Some(Piece { text: given, start: key.len() + 1 }))
        }
        None => (whole, None),
    };
    let key = key.trim();
    let option = VaryOption { whole, key: key.text, source };
    if key.text.is_empty() || text.contains(['\n', '\r']) {
        option.unknown_form(faults);
        return None;
    }
    let target = find_target(key.text, &option.spot(key), faults)?;
    let variation = match given {
        None => {
            let range = Range { ends: None, steps: None, scale: Scale::Linear };
            range.check(target, key.text, &option.spot(key), faults)
        }
        Some(given) if given.text.contains(':') => option.range(target, key, given, faults),
        Some(given) => option.values(target, given, faults),
    };
    let key = Given { value: key.text.to_owned(), at: key.place(source) };
    let vary = variation.map(|variation| Vary {
        key: key.value.clone(),
        whole: target.is_whole(),
        variation,
        place: key.at.clone(),
        path: key.value.clone(),
    });
    Some(Varied { key, vary })
}

/// The text of `--vary`, with its key.
struct VaryOption<'t> {
    whole: Piece<'t>,
    key: &'t str,
    source: usize,
}

impl VaryOption<'_> {
    fn spot(&self, piece: Piece<'_>) -> Spot {
        Spot { at: piece.place(self.source), path: self.key.to_owned() }
    }

    fn unknown_form(&self, faults: &mut Faults) -> Option<Variation> {
        let problem = Problem::Sweep(SweepProblem::Form { text: self.whole.text.to_owned() });
        faults.push(problem, self.key, Some(self.whole.place(self.source)));
        None
    }

    /// Reads `a,b,c`.
    fn values(&self, target: Target, given: Piece<'_>, faults: &mut Faults) -> Option<Variation> {
        let pieces = if given.text.trim().is_empty() { Vec::new() } else { given.split(',') };
        let values = pieces
            .iter()
            .filter_map(|piece| read_value(target, self.key, piece.text, &self.spot(*piece), faults));
        let values = values.map(TargetValue::text).collect();
        listed(values, pieces.len(), self.key, &self.spot(self.whole), faults)
    }

    /// Reads `from:to`, `from:to:steps`, `from:to:log` or `from:to:steps:log`.
    fn range(
        &self,
        target: Target,
        key: Piece<'_>,
        given: Piece<'_>,
        faults: &mut Faults,
    ) -> Option<Variation> {
        let pieces = given.split(':');
        let scale_of = |word: &str| SCALES.iter().find(|(name, _)| *name == word).map(|(_, scale)| *scale);
        let (ends, steps, scale) = match pieces[..] {
            [from, to] => ((from, to), None, Some(Scale::Linear)),
            [from, to, last] => match scale_of(last.text) {
                Some(scale) => ((from, to), None, Some(scale)),
                None => ((from, to), Some(last), Some(Scale::Linear)),
            },
            [from, to, steps, scale] => ((from, to), Some(steps), scale_of(scale.text)),
            _ => return self.unknown_form(faults),
        };
        let count = steps.map(|steps| steps.text.parse());
        let (Some(scale), None | Some(Ok(_))) = (scale, &count) else { return self.unknown_form(faults) };
        let mut end = |piece: Piece<'_>| {
            let spot = self.spot(piece);
            read_value(target, self.key, piece.text, &spot, faults).map(|value| (value, spot))
        };
        let (from, to) = (end(ends.0), end(ends.1));
        let steps = match (steps, count) {
            (Some(piece), Some(Ok(count))) => Some(check_steps(count, &self.spot(piece), faults)?),
            _ => None,
        };
        Range { ends: Some((from?, to?)), steps, scale }.check(target, self.key, &self.spot(key), faults)
    }
}

/// A part of the text of an option.
#[derive(Clone, Copy)]
struct Piece<'t> {
    text: &'t str,
    start: usize,
}

impl<'t> Piece<'t> {
    fn trim(self) -> Self {
        let start = self.start + (self.text.len() - self.text.trim_start().len());
        Piece { text: self.text.trim(), start }
    }

    fn split(self, separator: char) -> Vec<Piece<'t>> {
        let mut start = self.start;
        let parts = self.text.split(separator).map(|text| {
            let piece = Piece { text, start };
            start += text.len() + separator.len_utf8();
            piece.trim()
        });
        parts.collect()
    }

    fn place(self, source: usize) -> SourceSpan {
        SourceSpan { source, start: self.start, end: self.start + self.text.len() }
    }
}

fn check_steps(steps: u32, spot: &Spot, faults: &mut Faults) -> Option<u32> {
    let range = 2..=MAX_POINTS;
    if range.contains(&steps) {
        return Some(steps);
    }
    let problem = Problem::OutOfRange {
        key: "steps".to_owned(),
        value: steps.to_string(),
        low: range.start().to_string(),
        high: range.end().to_string(),
        unit: String::new(),
    };
    faults.push(problem, spot.path.clone(), Some(spot.at.clone()));
    None
}

/// Finds the target of a key, or records a fault.
fn find_target(key: &str, spot: &Spot, faults: &mut Faults) -> Option<Target> {
    let target = Target::of(key);
    if target.is_none() {
        let keys = Target::keys();
        let last = |name: &'_ str| name.rsplit('.').next().unwrap_or_default().to_owned();
        // A key without its table, or the symbol of the model description.
        let same = keys
            .iter()
            .find(|(name, symbol)| *symbol == key || last(name) == key)
            .map(|(name, _)| name.as_str());
        let nearest = same.or_else(|| nearest(key, keys.iter().map(|(name, _)| name.as_str())));
        let problem = SweepProblem::UnknownKey { key: key.to_owned(), nearest: nearest.map(str::to_owned) };
        faults.push(Problem::Sweep(problem), spot.path.clone(), Some(spot.at.clone()));
    }
    target
}

/// Reads a value as `--set` would, and records its faults where it is given.
fn read_value(
    target: Target,
    key: &str,
    written: &str,
    spot: &Spot,
    faults: &mut Faults,
) -> Option<TargetValue> {
    if let Some(value) = target.value(written) {
        return Some(value);
    }
    let mut found = Faults::default();
    let setting = SetOption::read(&format!("{key}={written}"), &mut found);
    faults.more += found.more;
    let faulty = !found.list.is_empty();
    for fault in found.list {
        faults.push(fault.problem, spot.path.clone(), Some(spot.at.clone()));
    }
    let layer = setting.filter(|_| !faulty)?.layer;
    let size = layer.size.map(|size| TargetValue::of_size(size.value));
    let count = layer.enterprises.or(layer.regions).map(|count| TargetValue::Number(f64::from(count.value)));
    let constant = layer.parameters.first().map(|(_, value)| TargetValue::Number(value.value));
    let switch = layer.mechanisms.first().map(|(_, value)| TargetValue::Switch(value.value));
    let lever = layer
        .tracks
        .first()
        .and_then(|(_, track)| track.steps.first())
        .map(|(_, value)| TargetValue::Number(*value));
    size.or(count).or(constant).or(switch).or(lever)
}

/// Checks a list of values, of which `given` were written; fewer were valid if some had faults. `spot` is the place of
/// the list.
fn listed(
    values: Vec<String>,
    given: usize,
    key: &str,
    spot: &Spot,
    faults: &mut Faults,
) -> Option<Variation> {
    if given == 0 {
        let problem = SweepProblem::NoValues { key: key.to_owned() };
        faults.push(Problem::Sweep(problem), spot.path.clone(), Some(spot.at.clone()));
        return None;
    }
    (values.len() == given).then_some(Variation::Values(values))
}
