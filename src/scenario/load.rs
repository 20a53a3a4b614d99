//! Loads a scenario by name or path, with its bases and the options that alter it.
//!
//! All texts are read before the first one is applied, so that the faults of all of them are reported together.

use std::ffi::OsStr;

use sha2::{Digest, Sha256};

use super::fault::{Faults, Problem};
use super::layer::{Layer, MAX_LIST, Role, Size, read_layer};
use super::naming::{MAX_LABEL, bad_label};
use super::resolve::Resolver;
use super::source::{Location, MAX_BYTES, SourceSpan, Sources, floor_boundary};
use super::tree::{Node, ParsedText, RawValue};
use super::warning::{Caution, Warning};
use super::{Scenario, json_text, toml_text};

/// Maximum number of nested `extends`.
pub const MAX_BASES: usize = 32;

/// Keys whose values are always strings: `--set title=1937` needs no quotes.
const TEXT_KEYS: [&str; 4] = ["name", "label", "title", "hypothesis"];

/// Keys of lists. `--set` adds to a list, so a later option does not replace an earlier one.
const LIST_KEYS: [&str; 2] = ["change", "event"];

/// Loads a scenario. `name_or_path` is `-` for standard input, the name of a shipped scenario, or a path. `settings`
/// are `KEY=VALUE` with dotted keys, applied to the file in order. The scenario gets no new label; see
/// [`load_altered`].
///
/// # Errors
///
/// All faults of the file, its bases and the settings.
pub fn load(name_or_path: impl AsRef<OsStr>, settings: &[String]) -> Result<Scenario, Faults> {
    let mut faults = Faults::default();
    let files = read_files(name_or_path.as_ref(), &mut faults);
    let options = Options::read(settings, None, None, &mut faults);
    finish(files, &options, false, faults)
}

/// Loads a scenario like [`load`], resizes it and labels it.
///
/// `population` is applied before `settings`, so that numbers of enterprises or regions in `settings` are kept. If the
/// options change what a run depends on, the alterations are appended to the label or name:
/// `historical+mechanisms.fear=false+population=4000`. `label`, or a setting of `name` or `label`, takes precedence.
///
/// # Errors
///
/// The faults of [`load`], or an invalid `label`.
pub fn load_altered(
    name_or_path: impl AsRef<OsStr>,
    settings: &[String],
    population: Option<Size>,
    label: Option<&str>,
) -> Result<Scenario, Faults> {
    let mut faults = Faults::default();
    let files = read_files(name_or_path.as_ref(), &mut faults);
    let options = Options::read(settings, population, label, &mut faults);
    finish(files, &options, true, faults)
}

/// Loads a scenario from a text; `name` is its name in messages. Relative bases start from the current folder.
///
/// # Errors
///
/// All faults of the text and its bases.
pub fn load_text(name: &str, text: &str) -> Result<Scenario, Faults> {
    let mut faults = Faults::default();
    let files = read_text_files(name, text, &mut faults);
    finish(files, &Options::default(), false, faults)
}

/// Reads a text and its bases.
pub(super) fn read_text_files(name: &str, text: &str, faults: &mut Faults) -> LayerChain {
    let mut layers = vec![read_text(name.to_owned(), text.to_owned(), name.ends_with(".json"), faults)];
    let complete = match layers[0].extends.clone() {
        Some(extends) => match Location::base(OsStr::new(&extends.value), None) {
            Ok(base) => read_chain(base, &mut layers, faults),
            Err(problem) => {
                faults.push(problem, "extends", Some(extends.at));
                false
            }
        },
        None => true,
    };
    layers.reverse();
    LayerChain { layers, complete }
}

/// A file and its bases.
pub(super) struct LayerChain {
    /// The innermost base first, the requested file last.
    pub(super) layers: Vec<Layer>,
    /// False if a file could not be read.
    pub(super) complete: bool,
}

/// The parsed options that alter a scenario.
#[derive(Default)]
pub(super) struct Options {
    pub(super) population: Option<(Size, SourceSpan)>,
    pub(super) settings: Vec<SetOption>,
    pub(super) label: Option<String>,
}

/// A parsed `--set` option.
pub(super) struct SetOption {
    key: String,
    /// `KEY=VALUE` without spaces around the equals sign.
    text: String,
    pub(super) layer: Layer,
    at: SourceSpan,
}

pub(super) fn read_files(name_or_path: &OsStr, faults: &mut Faults) -> LayerChain {
    let mut layers = Vec::new();
    let complete = match Location::asked(name_or_path) {
        Ok(location) => read_chain(location, &mut layers, faults),
        Err(problem) => {
            faults.push(problem, "", None);
            false
        }
    };
    layers.reverse();
    LayerChain { layers, complete }
}

/// Reads a file and its bases, the file first. Returns whether all could be read.
pub(super) fn read_chain(start: Location, layers: &mut Vec<Layer>, faults: &mut Faults) -> bool {
    let mut visited: Vec<(String, String)> = Vec::new();
    let mut location = start;
    let mut asked: Option<SourceSpan> = None;
    loop {
        let identity = location.identity();
        let closes = visited.iter().position(|(other, _)| *other == identity);
        visited.push((identity, location.name()));
        if let Some(first) = closes {
            let chain = visited[first..].iter().map(|(_, name)| name.clone()).collect();
            faults.push(Problem::Cycle { chain }, "extends", asked);
            return false;
        }
        if visited.len() > MAX_BASES + 1 {
            faults.push(Problem::TooManyBases { limit: MAX_BASES }, "extends", asked);
            return false;
        }
        let text = match location.read() {
            Ok(text) => text,
            Err(problem) => {
                let key = if asked.is_some() { "extends" } else { "" };
                faults.push(problem, key, asked);
                return false;
            }
        };
        let json = location.is_json(&text);
        let layer = read_text(location.name(), text, json, faults);
        let extends = layer.extends.clone();
        layers.push(layer);
        let Some(extends) = extends else { return true };
        match Location::base(OsStr::new(&extends.value), location.folder()) {
            Ok(base) => location = base,
            Err(problem) => {
                faults.push(problem, "extends", Some(extends.at));
                return false;
            }
        }
        asked = Some(extends.at);
    }
}

fn read_text(name: String, text: String, json: bool, faults: &mut Faults) -> Layer {
    let (form, language) =
        if json { (json_text::read(&text), "JSON") } else { (toml_text::read(&text), "TOML") };
    let source = faults.sources.add(name, text);
    read_layer(form, language, source, Role::File, faults)
}

/// Reads a text in TOML that alters a scenario and needs neither a name nor a base.
pub(super) fn read_patch(name: String, text: String, faults: &mut Faults) -> Layer {
    let form = toml_text::read(&text);
    let source = faults.sources.add(name, text);
    read_layer(form, "TOML", source, Role::Patch, faults)
}

impl Options {
    pub(super) fn read(
        settings: &[String],
        population: Option<Size>,
        label: Option<&str>,
        faults: &mut Faults,
    ) -> Self {
        // Adds the text of an option to the sources and returns its place.
        let option = |name: &str, text: String, faults: &mut Faults| {
            let end = text.len();
            SourceSpan { source: faults.sources.add(name.to_owned(), text), start: 0, end }
        };
        check_count(settings.len(), faults);
        let settings: Vec<SetOption> =
            settings.iter().take(MAX_LIST).filter_map(|setting| SetOption::read(setting, faults)).collect();
        let population = population.map(|size| (size, option("--population", size.to_string(), faults)));
        if let Some((size, _)) = &population {
            check_size_once(*size, &settings, faults);
        }
        if let Some(label) = label
            && let Some(problem) = bad_label(label)
        {
            let at = option("--label", label.to_owned(), faults);
            faults.push(problem, "--label", Some(at));
        }
        Options { population, settings, label: label.map(str::to_owned) }
    }
}

/// Checks the number of settings.
pub(super) fn check_count(count: usize, faults: &mut Faults) {
    if count > MAX_LIST {
        faults.push(Problem::TooMany { key: "--set".to_owned(), count, limit: MAX_LIST }, "", None);
    }
}

/// Checks that settings do not give another size than `--population`.
pub(super) fn check_size_once(size: Size, settings: &[SetOption], faults: &mut Faults) {
    if let Some(set) = settings.iter().filter_map(|setting| setting.layer.size.as_ref()).next_back()
        && set.value != size
    {
        let problem = Problem::SizeTwice { set: set.value.to_string(), option: size.to_string() };
        faults.push(problem, "population.size", Some(set.at.clone()));
    }
}

impl SetOption {
    /// Parses `KEY=VALUE` as a line of TOML. A value that is not valid TOML is treated as a string if its key takes a
    /// string or if it looks like a word.
    pub(super) fn read(setting: &str, faults: &mut Faults) -> Option<Self> {
        let Some((key, value)) = setting.split_once('=') else {
            let source = faults.sources.add("--set".to_owned(), setting.to_owned());
            let place = SourceSpan { source, start: 0, end: setting.len() };
            faults.push(Problem::NotASetting { setting: setting.to_owned() }, "", Some(place));
            return None;
        };
        let (key, value) = (key.trim(), value.trim());
        let mut text = setting.to_owned();
        let mut form = toml_text::read(&text);
        let needs_text = TEXT_KEYS.contains(&key);
        if (needs_text && !holds_text(&form)) || (!form.faults.is_empty() && is_word(value)) {
            text = format!("{key} = {}", super::write::quoted(value));
            form = toml_text::read(&text);
        }
        let end = text.len();
        let source = faults.sources.add("--set".to_owned(), text);
        let layer = read_layer(form, "TOML", source, Role::Setting, faults);
        Some(SetOption {
            key: key.to_owned(),
            text: format!("{key}={value}"),
            layer,
            at: SourceSpan { source, start: 0, end },
        })
    }
}

/// Whether a parsed line of TOML is valid and its value is a string.
fn holds_text(form: &ParsedText) -> bool {
    let Node { value: RawValue::Table(entries), .. } = &form.node else { return false };
    form.faults.is_empty() && entries.iter().all(|entry| matches!(entry.node.value, RawValue::Text(_)))
}

/// Whether a value looks like a word, not like a malformed number or list.
fn is_word(value: &str) -> bool {
    let plain = |letter: char| letter.is_alphanumeric() || "_-./: ".contains(letter);
    value.starts_with(|first: char| first.is_alphabetic()) && value.chars().all(plain)
}

/// Resolves the files and options, unless a file could not be read.
fn finish(
    files: LayerChain,
    options: &Options,
    labelled: bool,
    mut faults: Faults,
) -> Result<Scenario, Faults> {
    let scenario = files.complete.then(|| resolve(&files.layers, options, labelled, &mut faults));
    match scenario {
        Some(mut scenario) if faults.list.is_empty() => {
            scenario.sources = faults.sources;
            Ok(scenario)
        }
        _ => {
            faults.sort();
            Err(faults)
        }
    }
}

fn resolve(layers: &[Layer], options: &Options, labelled: bool, faults: &mut Faults) -> Scenario {
    alter(Altered::of_files(layers, options.population.as_ref(), faults), options, labelled, faults)
}

/// Applies options, `--population` apart, to a scenario, checks it and, if asked, labels it.
pub(super) fn alter(
    mut altered: Altered,
    options: &Options,
    labelled: bool,
    faults: &mut Faults,
) -> Scenario {
    options.settings.iter().for_each(|setting| altered.set(setting, faults));
    let mut scenario = altered.finish(labelled && options.label.is_none(), faults);
    if let Some(label) = &options.label {
        scenario.label = Some(label.clone());
    }
    check_length(&scenario, faults);
    scenario
}

/// A scenario and the alterations that options have made to it so far.
#[derive(Debug, Clone)]
pub(super) struct Altered {
    pub(super) resolver: Resolver,
    /// The scenario before the alterations.
    pub(super) base: Scenario,
    /// The scenario before the next setting.
    before: Scenario,
    /// The alterations, for the label: each with its key.
    pub(super) parts: Parts,
    population: Option<Size>,
    /// Whether a setting gave a label.
    labelled: bool,
}

impl Altered {
    /// Resolves files and applies the size of `--population`.
    pub(super) fn of_files(
        layers: &[Layer],
        population: Option<&(Size, SourceSpan)>,
        faults: &mut Faults,
    ) -> Self {
        let mut resolver = Resolver::new();
        let (file, bases) = layers.split_last().map_or((None, layers), |(file, bases)| (Some(file), bases));
        bases.iter().for_each(|layer| resolver.file(layer, faults));
        if let Some(file) = file {
            apply_file(&mut resolver, file, faults);
        }
        Altered::of(resolver, population)
    }

    /// Takes a scenario as far as it is resolved, and applies the size of `--population`.
    pub(super) fn of(mut resolver: Resolver, population: Option<&(Size, SourceSpan)>) -> Self {
        let base = resolver.scenario();
        if let Some((size, at)) = population {
            resolver.resize(*size, at);
            if resolver.scenario().population == base.population {
                let caution = Caution::IdleSetting { option: "--population", setting: size.to_string() };
                resolver.warn(Warning::new(caution, "population.size", Some(at.clone())));
            }
        }
        let before = resolver.scenario();
        let population = population.map(|(size, _)| *size);
        Altered { resolver, base, before, parts: Parts::default(), population, labelled: false }
    }

    /// Applies a `--set` option.
    pub(super) fn set(&mut self, setting: &SetOption, faults: &mut Faults) {
        self.resolver.setting(&setting.layer, faults);
        self.labelled |= setting.layer.label.is_some();
        let after = self.resolver.scenario();
        if !self.before.same_substance(&after) {
            self.parts.add(&setting.key, setting.text.clone());
        } else if self.before.same_words(&after) {
            let caution = Caution::IdleSetting { option: "--set", setting: setting.text.clone() };
            self.resolver.warn(Warning::new(caution, &setting.key, Some(setting.at.clone())));
        }
        self.before = after;
    }

    /// Whether the settings gave a name or a label.
    pub(super) fn is_named(&self) -> bool {
        self.labelled || self.base.name != self.before.name
    }

    /// Makes the present scenario, with this label if one is given, the one whose alterations a label names.
    pub(super) fn rebase(&mut self, label: Option<&str>) {
        if let Some(label) = label {
            self.resolver.label(label);
        }
        self.before = self.resolver.scenario();
        self.base = self.before.clone();
        self.parts = Parts::default();
        (self.population, self.labelled) = (None, false);
    }

    /// Checks the scenario and, if asked, labels it.
    pub(super) fn finish(self, labelled: bool, faults: &mut Faults) -> Scenario {
        let named = self.is_named();
        let mut scenario = self.resolver.finish(faults);
        if labelled && !named && !self.base.same_substance(&scenario) {
            scenario.label = Some(self.parts.label(self.base.called(), self.population));
        }
        scenario
    }

    /// The label of this scenario after further alterations.
    pub(super) fn label(&self, parts: &Parts) -> String {
        parts.label(self.base.called(), self.population)
    }
}

/// Applies a file to what is resolved so far, and warns if it has a base and changes nothing.
pub(super) fn apply_file(resolver: &mut Resolver, file: &Layer, faults: &mut Faults) {
    let before = file.extends.is_some().then(|| resolver.scenario());
    resolver.file(file, faults);
    let Some(before) = before else { return };
    let after = resolver.scenario();
    if file.gives_values() && before.same_substance(&after) && before.warnings == after.warnings {
        let caution = Caution::IdlePatch { name: after.name.clone() };
        resolver.warn(Warning::new(caution, "", after.provenance.name));
    }
}

/// The alterations that a label names: keys, and `KEY=VALUE` of each.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts(Vec<(String, String)>);

impl Parts {
    /// Adds an alteration. It replaces that of the same key, except for keys of lists.
    pub(super) fn add(&mut self, key: &str, text: String) {
        if !LIST_KEYS.contains(&key) {
            self.0.retain(|(other, _)| other != key);
        }
        self.0.push((key.to_owned(), text));
    }

    fn label(&self, called: &str, population: Option<Size>) -> String {
        let population = population.map(|size| format!("population={size}"));
        let parts = self.0.iter().map(|(_, text)| text.as_str());
        altered_label(called, parts.chain(population.as_deref()))
    }
}

/// The label of an altered scenario: `historical+mechanisms.fear=false+population=4000`. A label that is too long or
/// would not fit on one line is shortened and gets a digest of the whole, so that different alterations have different
/// labels.
fn altered_label<'t>(called: &str, parts: impl Iterator<Item = &'t str>) -> String {
    let whole = parts.fold(called.to_owned(), |label, part| label + "+" + part);
    let line: String = whole.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|letter| !letter.is_control()).collect();
    if line == whole && whole.len() <= MAX_LABEL {
        return whole;
    }
    let digest: String =
        Sha256::digest(whole.as_bytes())[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    let kept = floor_boundary(&line, MAX_LABEL - digest.len() - 1);
    format!("{}~{digest}", line[..kept].trim_end())
}

/// Checks that the resolved scenario, which is stored with its results and loaded again, is within the size limit.
pub(super) fn check_length(scenario: &Scenario, faults: &mut Faults) {
    if is_short(&faults.sources) {
        return;
    }
    let bytes = scenario.to_toml().len();
    if bytes as u64 > MAX_BYTES {
        faults.push(
            Problem::ResolvedTooLarge { bytes, limit: MAX_BYTES },
            "",
            scenario.provenance.name.clone(),
        );
    }
}

/// Whether texts are so short that a scenario resolved from them is within the size limit.
pub(super) fn is_short(sources: &Sources) -> bool {
    // Writing expands a control character to six bytes; everything else stays about the same size.
    sources.bytes() < MAX_BYTES as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_name_the_alterations_and_differ() {
        let label = |parts: &[&str]| altered_label("historical", parts.iter().copied());
        assert_eq!(
            label(&["mechanisms.catharsis=false", "population=4000"]),
            "historical+mechanisms.catharsis=false+population=4000"
        );
        let long = |last: &str| label(&[&"x".repeat(300), last]);
        let broken = [label(&["a='b  c'"]), label(&["a='b c'"]), label(&["a='b\nc'"]), long("1"), long("2")];
        for (position, label) in broken.iter().enumerate() {
            assert!(label.len() <= MAX_LABEL && bad_label(label).is_none(), "{label}");
            assert!(!broken[..position].contains(label), "{label}");
        }
        assert_eq!(broken[3].len(), MAX_LABEL);
    }
}
