//! Reads sweeps: a base scenario, the keys that are varied, and the design that makes points of their values.
//!
//! A sweep is read from a file ([`load_sweep`]), from the texts of `--vary`, or from both: the command line overrides
//! the file. Points themselves are made by the layer `experiment`, and resolved by [`super::Template`].

mod problem;
mod vary;

#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::Path;
use std::str::FromStr;

pub use problem::SweepProblem;

use super::fault::{Faults, Problem};
use super::layer::{Size, read_size};
use super::load::SetOption;
use super::reader::{Fields, Reader};
use super::source::{Location, SourceSpan, Sources};
use super::toml_text;
use super::tree::{Entry, Node, RawValue};
use crate::engine::calendar::Month;
use crate::model::phase::PHASE_MEASURES;
use vary::{Varied, read_option, read_vary};

/// Maximum number of points of a sweep, before points that repeat another are left out.
pub const MAX_POINTS: u32 = 1_000_000;

/// Maximum number of keys that a sweep varies.
pub const MAX_VARIED: usize = 64;

/// Maximum number of replicates.
const MAX_REPLICATES: i64 = 1_000_000;

/// Keys of a sweep file, outside any table.
const TOP_KEYS: &[&str] = &[
    "base",
    "design",
    "points",
    "replicates",
    "seed",
    "population",
    "until",
    "tables",
    "metrics",
    "set",
    "vary",
];

/// The name of a design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesignName {
    /// All combinations of values.
    Grid,
    /// The first values of all keys, the second values, and so on.
    List,
    /// A Latin hypercube.
    Latin,
    /// The first points of the Sobol' sequence.
    Sobol,
}

/// Designs, by their word.
const DESIGNS: &[(&str, DesignName)] = &[
    ("grid", DesignName::Grid),
    ("list", DesignName::List),
    ("latin", DesignName::Latin),
    ("sobol", DesignName::Sobol),
];

impl DesignName {
    /// The words of all designs, the default first.
    pub fn words() -> impl Iterator<Item = &'static str> {
        DESIGNS.iter().map(|(word, _)| *word)
    }

    /// Whether the design draws points from ranges.
    pub fn is_sampled(self) -> bool {
        matches!(self, DesignName::Latin | DesignName::Sobol)
    }
}

impl fmt::Display for DesignName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = DESIGNS.iter().find(|(_, design)| design == self).map_or("", |(word, _)| word);
        f.pad(word)
    }
}

/// The error for a text that is no design.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write grid, list, latin or sobol")]
pub struct DesignError;

impl FromStr for DesignName {
    type Err = DesignError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        DESIGNS.iter().find(|(word, _)| *word == text).map(|(_, design)| *design).ok_or(DesignError)
    }
}

/// How values between the ends of a range are spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences.
    Linear,
    /// Equal ratios; both ends are above 0.
    Log,
}

/// The values that a key is given.
#[derive(Debug, Clone, PartialEq)]
pub enum Variation {
    /// These values, as texts for `--set`; at least one.
    Values(Vec<String>),
    /// Evenly spaced values from one end of the range to the other.
    Steps {
        /// The smallest value.
        from: f64,
        /// The largest value.
        to: f64,
        /// Number of values, at least 2.
        steps: u32,
        /// The spacing.
        scale: Scale,
    },
    /// A range to draw values from.
    Range {
        /// The smallest value.
        from: f64,
        /// The largest value.
        to: f64,
        /// The density of values.
        scale: Scale,
    },
}

impl Variation {
    /// Number of values, before rounding to whole numbers; `None` for a range.
    fn count(&self) -> Option<usize> {
        match self {
            Variation::Values(values) => Some(values.len()),
            Variation::Steps { steps, .. } => Some(*steps as usize),
            Variation::Range { .. } => None,
        }
    }
}

/// A key that is varied. All its values are valid by themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Vary {
    /// Dotted key, as in `--set`.
    pub key: String,
    /// Whether only whole numbers are allowed.
    pub whole: bool,
    /// The values.
    pub variation: Variation,
    /// The place that names the key.
    place: SourceSpan,
    /// Dotted path of that place.
    path: String,
}

/// The design of a sweep, with the number of points where the values do not determine it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// All combinations of values; the last key changes fastest.
    Grid,
    /// The first values of all keys, the second values, and so on.
    List,
    /// A Latin hypercube.
    Latin {
        /// Number of points, 1 to [`MAX_POINTS`].
        points: u32,
    },
    /// The first points of the Sobol' sequence.
    Sobol {
        /// Number of points, 1 to [`MAX_POINTS`].
        points: u32,
    },
}

/// A checked sweep. A point can still have a fault that no single value shows; see [`Sweep::blame`].
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// The base: the name of a shipped scenario, a path, or `-`, for [`super::Template::load`].
    pub base: OsString,
    /// How points are made of values.
    pub design: Design,
    /// The varied keys, 1 to [`MAX_VARIED`], in order: those of the file, then those of the command line alone.
    pub vary: Vec<Vary>,
    /// Settings of the file for the base and all points, `KEY=VALUE`.
    pub set: Vec<String>,
    /// Population of the base and all points: that of the options or else of the file.
    pub population: Option<Size>,
    /// Number of replicates, from the file.
    pub replicates: Option<u32>,
    /// Seed, from the file.
    pub seed: Option<u64>,
    /// Last month, from the file.
    pub until: Option<Month>,
    /// Tables, from the file.
    pub tables: Option<Vec<String>>,
    /// Metrics, columns of `phases.csv`, from the file.
    pub metrics: Option<Vec<String>>,
    /// The texts that the sweep was read from.
    sources: Sources,
}

/// What the command line says about a sweep.
#[derive(Debug, Clone, Copy, Default)]
pub struct SweepOptions<'o> {
    /// The base, in place of that of the file.
    pub base: Option<&'o OsStr>,
    /// Texts of `--vary`. A key replaces that of the file.
    pub vary: &'o [String],
    /// The design, in place of that of the file.
    pub design: Option<DesignName>,
    /// Number of points, in place of that of the file.
    pub points: Option<u32>,
    /// The population, in place of that of the file.
    pub population: Option<Size>,
    /// Names that `tables` of the file may contain.
    pub tables: &'o [&'o str],
}

/// Reads a sweep from a file (`-` is standard input), if there is one, and the options.
///
/// # Errors
///
/// All faults of the file and of `--vary`, and of both together.
pub fn load_sweep(file: Option<&OsStr>, options: &SweepOptions<'_>) -> Result<Sweep, Faults> {
    let mut faults = Faults::default();
    let mut written = Written::default();
    if let Some(file) = file {
        let location = if file == "-" { Location::Input } else { Location::Disk(file.into()) };
        match location.read() {
            Ok(text) => written = read_text(&location.name(), text, location.folder(), options, &mut faults),
            Err(problem) => {
                faults.push(problem, "", None);
                written.unreadable = true;
            }
        }
    }
    finish(written, options, faults)
}

/// Reads a sweep from a text; `name` is its name in messages. A relative base starts from the current folder.
///
/// # Errors
///
/// The faults of [`load_sweep`].
pub fn load_sweep_text(name: &str, text: &str, options: &SweepOptions<'_>) -> Result<Sweep, Faults> {
    let mut faults = Faults::default();
    let written = read_text(name, text.to_owned(), None, options, &mut faults);
    finish(written, options, faults)
}

/// What a file says, as far as it has no faults.
#[derive(Default)]
struct Written {
    unreadable: bool,
    /// Whether the file has keys that could not be read.
    base: Option<OsString>,
    design: Option<DesignName>,
    points: Option<(u32, SourceSpan)>,
    replicates: Option<u32>,
    seed: Option<u64>,
    population: Option<Size>,
    until: Option<Month>,
    tables: Option<Vec<String>>,
    metrics: Option<Vec<String>>,
    set: Vec<String>,
    vary: Vec<Varied>,
    /// Whether a `[[vary]]` has a fault that leaves its key unknown.
    lost: bool,
}

fn read_text(
    name: &str,
    text: String,
    folder: Option<&Path>,
    options: &SweepOptions<'_>,
    faults: &mut Faults,
) -> Written {
    let form = toml_text::read(&text);
    let source = faults.sources.add(name.to_owned(), text);
    let mut reader = Reader::of_parsed(source, "TOML", form.faults, form.more, faults);
    let mut written = Written::default();
    let Some(top) = reader.fields(&form.node, "", "a sweep", TOP_KEYS, &[]) else { return written };
    written.lost = reader.broken;
    written.base = read_base(&mut reader, &top, folder, options.base.is_some());
    if let Some(entry) = top.get("design") {
        let design = reader.word(&entry.node, "design", "design", DESIGNS);
        written.design = design.map(|design| design.value);
    }
    let mut whole = |key: &str, range: (i64, i64)| {
        let entry = top.get(key)?;
        reader.whole(&entry.node, key, range, "")
    };
    written.points =
        whole("points", (1, i64::from(MAX_POINTS))).map(|points| (points.value as u32, points.at));
    written.replicates = whole("replicates", (1, MAX_REPLICATES)).map(|count| count.value as u32);
    written.seed = whole("seed", (0, i64::MAX)).map(|seed| seed.value.unsigned_abs());
    if let Some(entry) = top.get("population") {
        written.population = read_size(&mut reader, &entry.node, "population").map(|size| size.value);
    }
    if let Some(entry) = top.get("until") {
        written.until = reader.month(&entry.node, "until").map(|month| month.value);
    }
    if let Some(entry) = top.get("tables") {
        written.tables = read_names(&mut reader, entry, "table", options.tables);
    }
    if let Some(entry) = top.get("metrics") {
        let known: Vec<&str> = PHASE_MEASURES.iter().map(|measure| measure.key).collect();
        written.metrics = read_names(&mut reader, entry, "metric", &known);
    }
    if let Some(entry) = top.get("set") {
        written.set = read_settings(&mut reader, entry);
    }
    if let Some(entry) = top.get("vary") {
        read_all(&mut reader, entry, &mut written);
    }
    written
}

fn read_base(
    reader: &mut Reader<'_>,
    top: &Fields<'_>,
    folder: Option<&Path>,
    given: bool,
) -> Option<OsString> {
    let Some(entry) = top.get("base") else {
        if !given {
            reader.missing(top, "base", "name the scenario to vary: base = \"historical\"");
        }
        return None;
    };
    let name = reader.text(&entry.node, "base")?;
    let problem = match Location::base(OsStr::new(&name.value), folder) {
        Ok(Location::Disk(path)) if path.exists() => {
            // A bare name would be that of a shipped scenario, if there is one.
            let bare = path.components().count() == 1;
            return Some(if bare { Path::new(".").join(path) } else { path }.into_os_string());
        }
        Ok(Location::Disk(path)) => Problem::Unreadable {
            path: path.display().to_string(),
            reason: "there is no such file".to_owned(),
        },
        Ok(_) => return Some(name.value.into()),
        Err(problem) => problem,
    };
    reader.faults.push(problem, "base", Some(name.at));
    None
}

/// Reads a list of known names.
fn read_names(
    reader: &mut Reader<'_>,
    entry: &Entry,
    what: &'static str,
    known: &[&str],
) -> Option<Vec<String>> {
    let path = &entry.key;
    let nodes = reader.short_list(&entry.node, path, known.len())?;
    let mut names = Vec::with_capacity(nodes.len());
    for (position, node) in nodes.iter().enumerate() {
        let path = format!("{path}[{position}]");
        let Some(name) = reader.text(node, &path) else { continue };
        if known.contains(&name.value.as_str()) {
            names.push(name.value);
        } else {
            reader.unknown_name(&name, &path, what, known.iter().copied());
        }
    }
    Some(names)
}

/// Reads the settings of the base. Their faults are shown where they stand.
fn read_settings(reader: &mut Reader<'_>, entry: &Entry) -> Vec<String> {
    let nodes = reader.short_list(&entry.node, "set", super::layer::MAX_LIST).unwrap_or_default();
    let mut settings = Vec::with_capacity(nodes.len());
    for (position, node) in nodes.iter().enumerate() {
        let path = format!("set[{position}]");
        let Some(setting) = reader.text(node, &path) else { continue };
        let mut found = Faults::default();
        SetOption::read(&setting.value, &mut found);
        reader.faults.more += found.more;
        for fault in found.list {
            reader.faults.push(fault.problem, path.clone(), Some(setting.at.clone()));
        }
        settings.push(setting.value);
    }
    settings
}

fn read_all(reader: &mut Reader<'_>, entry: &Entry, written: &mut Written) {
    // A common mistake: `[vary]` instead of `[[vary]]`.
    if matches!(entry.node.value, RawValue::Table(_)) {
        let hint = "write `[[vary]]` with two brackets";
        let problem = Problem::WrongType {
            key: "vary".to_owned(),
            expected: "a list of tables",
            found: "a table",
            hint,
        };
        reader.fault(problem, "vary", &entry.key_span);
        written.lost = true;
        return;
    }
    let Some(nodes) = reader.list(&entry.node, "vary") else {
        written.lost = true;
        return;
    };
    if let Some(node) = nodes.get(MAX_VARIED) {
        too_many(reader, nodes.len(), node);
        written.lost = true;
    }
    for (position, node) in nodes.iter().take(MAX_VARIED).enumerate() {
        match read_vary(reader, node, &format!("vary[{position}]")) {
            Some(varied) => written.vary.push(varied),
            None => written.lost = true,
        }
    }
}

fn too_many(reader: &mut Reader<'_>, count: usize, node: &Node) {
    let problem = Problem::Sweep(SweepProblem::TooManyKeys { count, limit: MAX_VARIED });
    reader.fault(problem, "vary", &node.span);
}

/// Applies the options to what the file says, and checks both together.
fn finish(written: Written, options: &SweepOptions<'_>, mut faults: Faults) -> Result<Sweep, Faults> {
    let mut lost = written.lost || written.unreadable;
    let (mut varied, of_file) = (written.vary, written.points);
    report_repeated(&varied, &mut faults);
    let mut added = Vec::new();
    for text in options.vary {
        let source = faults.sources.add("--vary".to_owned(), text.clone());
        match read_option(text, source, &mut faults) {
            Some(vary) => added.push(vary),
            None => lost = true,
        }
    }
    report_repeated(&added, &mut faults);
    for vary in added {
        match varied.iter_mut().find(|other| other.key.value == vary.key.value) {
            Some(other) => *other = vary,
            None => varied.push(vary),
        }
    }
    lost |= varied.iter().any(|varied| varied.vary.is_none());
    let vary: Vec<Vary> = varied.into_iter().filter_map(|varied| varied.vary).collect();
    let base = options.base.map(OsStr::to_os_string).or(written.base);
    if base.is_none() && faults.list.is_empty() {
        faults.push(Problem::Sweep(SweepProblem::NoBase), "base", None);
    }
    let population = options.population.or(written.population);
    let name = options.design.or(written.design).unwrap_or(DesignName::Grid);
    let mut check = Check { vary: &vary, lost, faults: &mut faults };
    check.keys(population);
    // A number of points in the file belongs to the design of the file.
    let of_file = of_file.filter(|_| options.design.is_none_or(DesignName::is_sampled));
    let design = check.design(name, options.points, of_file);
    match (base, design) {
        (Some(base), Some(design)) if faults.list.is_empty() => Ok(Sweep {
            base,
            design,
            vary,
            set: written.set,
            population,
            replicates: written.replicates,
            seed: written.seed,
            until: written.until,
            tables: written.tables,
            metrics: written.metrics,
            sources: faults.sources,
        }),
        _ => {
            faults.sort();
            Err(faults)
        }
    }
}

fn report_repeated(varied: &[Varied], faults: &mut Faults) {
    for (position, varied_key) in varied.iter().enumerate() {
        let key = &varied_key.key;
        if varied[..position].iter().any(|other| other.key.value == key.value) {
            let problem = SweepProblem::KeyTwice { key: key.value.clone() };
            faults.push(Problem::Sweep(problem), key.value.clone(), Some(key.at.clone()));
        }
    }
}

/// Checks what no single key shows.
struct Check<'c> {
    vary: &'c [Vary],
    /// Whether some keys or values are unknown because they have faults.
    lost: bool,
    faults: &'c mut Faults,
}

impl Check<'_> {
    fn fault(&mut self, problem: SweepProblem, vary: Option<&Vary>) {
        let path = vary.map(|vary| vary.path.clone()).unwrap_or_default();
        self.faults.push(Problem::Sweep(problem), path, vary.map(|vary| vary.place.clone()));
    }

    fn keys(&mut self, population: Option<Size>) {
        let vary = self.vary;
        if vary.is_empty() && !self.lost {
            self.fault(SweepProblem::NothingVaried, None);
        }
        if vary.len() > MAX_VARIED {
            let problem = SweepProblem::TooManyKeys { count: vary.len(), limit: MAX_VARIED };
            self.fault(problem, vary.get(MAX_VARIED));
        }
        let size = vary.iter().find(|vary| vary.key == "population.size");
        if let (Some(size), Some(population)) = (size, population) {
            self.fault(SweepProblem::SizeVaried { population: population.to_string() }, Some(size));
        }
    }

    /// The design, if it fits the values.
    fn design(
        &mut self,
        name: DesignName,
        option: Option<u32>,
        of_file: Option<(u32, SourceSpan)>,
    ) -> Option<Design> {
        if name.is_sampled() {
            self.ranges(name);
            let points = match (option, of_file) {
                (Some(points), _) => Some(points),
                (None, Some((points, _))) => Some(points),
                (None, None) => None,
            };
            let Some(points) = points else {
                if !self.lost {
                    self.fault(SweepProblem::PointsMissing { design: name }, self.vary.first());
                }
                return None;
            };
            return Some(if name == DesignName::Latin {
                Design::Latin { points }
            } else {
                Design::Sobol { points }
            });
        }
        let problem = Problem::Sweep(SweepProblem::PointsGiven { design: name });
        if let Some(points) = option {
            let text = points.to_string();
            let end = text.len();
            let source = self.faults.sources.add("--points".to_owned(), text);
            self.faults.push(problem, "--points", Some(SourceSpan { source, start: 0, end }));
        } else if let Some((_, place)) = of_file {
            self.faults.push(problem, "points", Some(place));
        }
        self.values(name);
        Some(if name == DesignName::Grid { Design::Grid } else { Design::List })
    }

    /// Checks the values for a design that draws points.
    fn ranges(&mut self, design: DesignName) {
        for vary in self.vary {
            self.distinct(vary);
            if let Variation::Steps { steps, .. } = vary.variation {
                let problem = SweepProblem::StepsGiven { key: vary.key.clone(), steps, design };
                self.fault(problem, Some(vary));
            }
        }
    }

    /// Checks the values for a design that takes all of them.
    fn values(&mut self, design: DesignName) {
        let (mut product, mut ranges) = (1, self.lost);
        for vary in self.vary {
            match vary.variation.count() {
                Some(count) => product = u128::saturating_mul(product, count as u128),
                None => {
                    self.fault(SweepProblem::StepsMissing { key: vary.key.clone(), design }, Some(vary));
                    ranges = true;
                }
            }
            if design == DesignName::Grid {
                self.distinct(vary);
            }
        }
        if ranges {
            return;
        }
        if design == DesignName::Grid {
            if product > u128::from(MAX_POINTS) {
                // The key with the most values.
                let vary = self.vary.iter().max_by_key(|vary| vary.variation.count());
                self.fault(SweepProblem::TooManyPoints { count: product, limit: MAX_POINTS }, vary);
            }
            return;
        }
        let mut counted = self.vary.iter().filter_map(|vary| Some((vary, vary.variation.count()?)));
        let Some((first, expected)) = counted.next() else { return };
        for (vary, count) in counted.filter(|(_, count)| *count != expected) {
            let (key, first) = (vary.key.clone(), first.key.clone());
            self.fault(SweepProblem::Lengths { key, count, first, expected }, Some(vary));
        }
    }

    /// Checks that values differ. In a list they may repeat, because the values of other keys differ.
    fn distinct(&mut self, vary: &Vary) {
        let Variation::Values(values) = &vary.variation else { return };
        let mut sorted: Vec<&String> = values.iter().collect();
        sorted.sort_unstable();
        let mut repeated: Vec<&String> =
            sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        repeated.dedup();
        for value in repeated {
            let problem = SweepProblem::ValueTwice { key: vary.key.clone(), value: value.clone() };
            self.fault(problem, Some(vary));
        }
    }
}

/// Maximum number of settings of a point in a message.
const MAX_SHOWN: usize = 8;

impl Sweep {
    /// An empty list of faults with the texts of the sweep, for [`Sweep::blame`].
    pub fn no_faults(&self) -> Faults {
        Faults { sources: self.sources.clone(), ..Faults::default() }
    }

    /// Adds the faults of a point to `faults`, which [`Sweep::no_faults`] began. Each names the settings of the point
    /// and shows the place in the sweep that varies the key concerned.
    pub fn blame<V: AsRef<str>>(&self, faults: &mut Faults, settings: &[(&str, V)], found: &Faults) {
        let mut shown: Vec<String> =
            settings.iter().take(MAX_SHOWN).map(|(key, value)| format!("{key}={}", value.as_ref())).collect();
        if settings.len() > MAX_SHOWN {
            shown.push(format!("and {} more", settings.len() - MAX_SHOWN));
        }
        for fault in &found.list {
            let set = fault.place.as_ref().map(|place| found.sources.get(place.source).text.as_str());
            let key = set.and_then(|set| set.split_once('=')).map_or("", |(key, _)| key.trim());
            let vary = self.vary.iter().find(|vary| vary.key == key).or(self.vary.first());
            let problem =
                SweepProblem::Point { settings: shown.join(", "), problem: Box::new(fault.problem.clone()) };
            let place = vary.map(|vary| vary.place.clone());
            faults.push(Problem::Sweep(problem), key, place);
        }
        faults.more += found.more;
    }
}
