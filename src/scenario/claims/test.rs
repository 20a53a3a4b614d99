//! Reads a test: its contrast, and the region that it claims.
//!
//! [`super::contrast`] reads the keys of each contrast.

use super::contrast::read_contrast;
use super::language::{BOUNDS, CONTRASTS, ContrastWord, DEFAULT_CONTRAST, EXTREMES, Kind, TABLES};
use super::{
    ClaimTest, ClaimsProblem, Contrast, DEFAULT_WITHIN, Language, Margin, Region, Side, Test, WaitingTest,
    metrics,
};
use crate::engine::calendar::Month;
use crate::scenario::Scenario;
use crate::scenario::fault::Problem;
use crate::scenario::reader::{Fields, Given, Reader};
use crate::scenario::source::SourceSpan;
use crate::scenario::target::Target;
use crate::scenario::track::read_span;
use crate::scenario::tree::{Entry, Node, RawValue};

/// Largest margin and bound, for messages; every metric is far below.
const MAX_VALUE: f64 = 1e12;

/// What the names of a test refer to, and the names that can only be checked later.
pub(in crate::scenario) struct Reading<'k> {
    /// Where the test stands.
    pub(in crate::scenario) language: Language,
    /// The scenario whose phases and events a test names. `None` if it is unknown; phases are then checked later.
    pub(in crate::scenario) base: Option<&'k Scenario>,
    /// Names of shipped scenarios and of those of the file.
    pub(in crate::scenario) scenarios: &'k [String],
    /// Phases that were not checked: the dotted key, the name, and its place.
    pub(in crate::scenario) phases: Vec<(String, String, SourceSpan)>,
}

/// Reads a test; `None` if it has a fault.
pub(in crate::scenario) fn read_test(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    reading: &mut Reading<'_>,
) -> Option<ClaimTest> {
    if let Some(waiting) = read_needs(reader, node, path, reading.language) {
        return waiting.map(ClaimTest::Waiting);
    }
    let keys = reading.language.keys();
    let fields = reader.fields(node, path, reading.language.table(), &keys, &[])?;
    let word = contrast_word(reader, &fields, reading.language)?;
    let allowed = reading.language.keys_of(word);
    for entry in fields.entries() {
        let known = keys.iter().find(|key| **key == entry.key);
        if let Some(key) = known.filter(|key| !allowed.contains(*key)) {
            let (key, allowed) = ((*key).to_owned(), allowed.clone());
            let problem = ClaimsProblem::ForeignKey { key, contrast: word.word, allowed };
            reader.fault(problem.into(), fields.path_of(&entry.key), &entry.key_span);
        }
    }
    let mut test = TestReader { reader, fields: &fields, reading, word };
    let region = test.region();
    let contrast = read_contrast(&mut test);
    let note = test.text("note").map(|note| note.value);
    Some(ClaimTest::Ready(Test { contrast: contrast?, region: region?, note }))
}

/// Reads `needs`. `None` if the test is to be read as usual: it needs nothing, or what it needs exists. The inner `None` is
/// a fault.
fn read_needs(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    language: Language,
) -> Option<Option<WaitingTest>> {
    let RawValue::Table(entries) = &node.value else { return None };
    let find = |key: &str| entries.iter().find(|entry| entry.key == key);
    let entry = find("needs").filter(|_| language == Language::Claims)?;
    let Some(needs) = reader.text(&entry.node, &format!("{path}.needs")) else { return Some(None) };
    match exists(&needs.value) {
        Some(true) => None,
        Some(false) => {
            let note = find("note").and_then(|note| reader.text(&note.node, &format!("{path}.note")));
            Some(Some(WaitingTest { needs: needs.value, note: note.map(|note| note.value) }))
        }
        None => {
            let problem = ClaimsProblem::NoNeed { key: needs.value };
            reader.faults.push(problem.into(), format!("{path}.needs"), Some(needs.at));
            Some(None)
        }
    }
}

/// Whether this version has a key; `None` if no version can have it.
fn exists(key: &str) -> Option<bool> {
    let (table, name) = key.split_once('.')?;
    let letters =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_.".contains(letter);
    if name.is_empty() || !name.chars().all(letters) {
        return None;
    }
    match table {
        "mechanisms" | "parameters" | "levers" => Some(Target::of(key).is_some()),
        "tables" => Some(TABLES.contains(&name)),
        "metrics" => Some(metrics().iter().any(|metric| metric == name)),
        "policy" => (name == "adaptive").then_some(false),
        _ => None,
    }
}

/// The contrast of a test. In a prediction, `alone = true` stands for `change`.
fn contrast_word(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    language: Language,
) -> Option<&'static ContrastWord> {
    let of = |kind: Kind| CONTRASTS.iter().find(|contrast| contrast.kind == kind);
    let Some(entry) = fields.get("contrast") else {
        let alone = fields.get("alone").is_some_and(|entry| entry.node.value == RawValue::Boolean(true));
        let alone = alone && language == Language::Prediction;
        return of(if alone { Kind::Change } else { DEFAULT_CONTRAST });
    };
    let words: Vec<(&str, Kind)> =
        language.contrasts().map(|contrast| (contrast.word, contrast.kind)).collect();
    let kind = reader.word(&entry.node, &fields.path_of("contrast"), "contrast", &words)?;
    of(kind.value)
}

/// Reads the keys of one test.
pub(super) struct TestReader<'a, 'f, 't, 'k> {
    pub(super) reader: &'a mut Reader<'f>,
    fields: &'a Fields<'t>,
    pub(super) reading: &'a mut Reading<'k>,
    pub(super) word: &'static ContrastWord,
}

impl<'t> TestReader<'_, '_, 't, '_> {
    /// The entry of a key that the contrast has. A key that it does not have is a fault of its own.
    pub(super) fn entry(&self, key: &str) -> Option<&'t Entry> {
        self.fields.get(key).filter(|_| self.reading.language.keys_of(self.word).contains(&key))
    }

    pub(super) fn path(&self, key: &str) -> String {
        self.fields.path_of(key)
    }

    pub(super) fn missing(&mut self, key: &'static str, hint: &str) {
        self.reader.missing(self.fields, key, hint);
    }

    pub(super) fn fault(&mut self, problem: impl Into<Problem>, key: &str, entry: &Entry) {
        self.reader.fault(problem.into(), self.fields.path_of(key), &entry.node.span);
    }

    /// Records a fault at a value that has been read.
    pub(super) fn blame<T>(&mut self, problem: impl Into<Problem>, key: &str, given: &Given<T>) {
        self.reader.faults.push(problem.into(), self.fields.path_of(key), Some(given.at.clone()));
    }

    pub(super) fn text(&mut self, key: &str) -> Option<Given<String>> {
        let entry = self.entry(key)?;
        self.reader.text(&entry.node, &self.path(key))
    }

    /// Reads a string that must be given.
    pub(super) fn needed(&mut self, key: &'static str, hint: &str) -> Option<Given<String>> {
        if self.entry(key).is_none() {
            self.missing(key, hint);
        }
        self.text(key)
    }

    pub(super) fn number(&mut self, key: &str, range: (f64, f64), unit: &str) -> Option<f64> {
        let entry = self.entry(key)?;
        self.reader.number(&entry.node, &self.path(key), range, unit).map(|number| number.value)
    }

    pub(super) fn whole(&mut self, key: &str, range: (i64, i64), unit: &str) -> Option<Given<i64>> {
        let entry = self.entry(key)?;
        self.reader.whole(&entry.node, &self.path(key), range, unit)
    }

    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        let entry = self.entry(key)?;
        self.reader.boolean(&entry.node, &self.path(key)).map(|flag| flag.value)
    }

    pub(super) fn word<T: Copy>(
        &mut self,
        key: &str,
        what: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let entry = self.entry(key)?;
        self.reader.word(&entry.node, &self.path(key), what, words).map(|word| word.value)
    }

    /// Reads a word that must be given.
    pub(super) fn needed_word<T: Copy>(
        &mut self,
        key: &'static str,
        what: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        if self.entry(key).is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.missing(key, &format!("write one of {}", crate::scenario::fault::list(&words)));
        }
        self.word(key, what, words)
    }

    /// Reads `from` and `until`. Without `from` the months begin in the first, without `until` they end in the last.
    pub(super) fn span(&mut self) -> Option<(Month, Month)> {
        read_span(self.reader, self.fields)
    }

    /// The claimed region.
    fn region(&mut self) -> Option<Region> {
        let directions = match self.word.kind {
            Kind::Controllability if self.fields.has("bound") => BOUNDS,
            Kind::Controllability if self.fields.has("among") => EXTREMES,
            _ => self.word.directions,
        };
        let side = self.needed_word("direction", "direction", directions);
        let margin = self.margin(side);
        let bound = self.bound();
        Some(Region { side: side?, bound: bound?, margin: margin? })
    }

    fn margin(&mut self, side: Option<Side>) -> Option<Margin> {
        let margin = self.number("margin", (0.0, MAX_VALUE), "");
        let within = self.number("within", (0.0, 10.0), "1");
        match (self.entry("margin"), self.entry("within")) {
            (Some(_), Some(entry)) => {
                let problem = ClaimsProblem::Together { first: "margin", second: "within" };
                self.fault(problem, "within", entry);
                None
            }
            (Some(_), None) => margin.map(Margin::Absolute),
            (None, Some(_)) => within.map(Margin::Share),
            (None, None) => self.default_margin(side?),
        }
    }

    fn default_margin(&mut self, side: Side) -> Option<Margin> {
        match (self.reading.language, side) {
            (Language::Prediction, Side::Above | Side::Below) => Some(Margin::Absolute(0.0)),
            (Language::Prediction, _) if self.word.keys.contains(&"within") => {
                Some(Margin::Share(DEFAULT_WITHIN))
            }
            _ => {
                let hint =
                    "give the smallest effect worth calling one: margin = 0.01 in the unit of the estimate";
                let share = if self.word.keys.contains(&"within") {
                    ", or within = 0.05 as a share of the reference"
                } else {
                    ""
                };
                self.missing("margin", &format!("{hint}{share}"));
                None
            }
        }
    }

    /// The bound, within the range of the estimate; 0 for contrasts that have none.
    fn bound(&mut self) -> Option<f64> {
        let (range, unit, needed) = match self.word.kind {
            Kind::Level => ((-MAX_VALUE, MAX_VALUE), "", true),
            Kind::Peaks => ((0.0, 100.0), "extrema", true),
            Kind::Lag => ((0.0, 161.0), "months", true),
            Kind::Correlation => ((-1.0, 1.0), "1", false),
            Kind::Controllability => ((-1.0, 1.0), "1", self.entry("among").is_none()),
            Kind::Recovery => ((0.0, 1.0), "1", true),
            _ => return Some(0.0),
        };
        if self.entry("bound").is_some() {
            return self.number("bound", range, unit);
        }
        if needed {
            let or = if self.word.kind == Kind::Controllability {
                ", or the phases with which it is compared: among = [\"terror\"]"
            } else {
                ""
            };
            self.missing("bound", &format!("give the number with which it is compared: bound = 0.5{or}"));
            return None;
        }
        Some(0.0)
    }
}

impl Test {
    /// The same test of a scenario's prediction, with the name of the scenario that it concerns.
    pub(in crate::scenario) fn of_scenario(&self, name: &str) -> Test {
        let mut test = self.clone();
        match &mut test.contrast {
            Contrast::Difference { scenario, .. } => name.clone_into(scenario),
            Contrast::Level { scenario, .. }
            | Contrast::Order { scenario, .. }
            | Contrast::Extreme { scenario, .. }
            | Contrast::Change { scenario, .. } => *scenario = Some(name.to_owned()),
            _ => {}
        }
        test
    }

    /// Completes a test with the phases of the scenario that it concerns: an extreme phase of which the file does not say
    /// with which phases it is compared is compared with all others.
    pub(in crate::scenario) fn complete<'n>(&mut self, phases: impl Iterator<Item = &'n str>) {
        if let Contrast::Extreme { phase, among, .. } = &mut self.contrast
            && among.is_empty()
        {
            *among = phases.filter(|name| *name != phase.as_str()).map(str::to_owned).collect();
        }
    }
}
