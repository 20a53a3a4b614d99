//! Reads sweeps: a base scenario, the keys that are varied, and the design that makes points of their values.
//!
//! A sweep is read from a file ([`load_sweep`]), from the texts of `--vary`, or from both: the command line overrides
//! the file. Points themselves are made by the layer `experiment`, and resolved by [`super::Template`].

mod check;
mod file;
mod problem;
mod vary;

#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::str::FromStr;

pub use problem::SweepProblem;

use super::fault::Faults;
use super::layer::Size;
use super::source::{Location, SourceSpan, Sources};
use crate::engine::calendar::Month;
use check::finish;
use file::{Written, read_text};

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
            faults.push(problem.into(), key, place);
        }
        faults.more += found.more;
    }
}
