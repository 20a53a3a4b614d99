//! Lists the words of tests: contrasts with their keys and directions, statistics, extrema, and tables.

use super::{Extremum, Side, Statistic};

/// The kind of file that contains a test, which determines the keys that the test can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::scenario) enum Language {
    /// In a claim of a file of hypotheses.
    Claims,
    /// In the predictions of a scenario, which concern the scenario itself and are tested on `phases.csv`.
    Prediction,
}

/// Kind of a contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Level,
    Order,
    Extreme,
    Change,
    Difference,
    Timing,
    Peaks,
    Dose,
    Interaction,
    Event,
    Lag,
    Survival,
    Plants,
    Terciles,
    Correlation,
    Controllability,
    Recovery,
}

/// Words of directions with the side that they claim.
pub(in crate::scenario) type Directions = &'static [(&'static str, Side)];

/// A contrast with its keys, other than those of all contrasts, and its directions.
#[derive(Debug)]
pub(in crate::scenario) struct ContrastWord {
    pub(in crate::scenario) word: &'static str,
    pub(super) kind: Kind,
    pub(super) keys: &'static [&'static str],
    pub(in crate::scenario) directions: Directions,
}

/// Keys of every test.
const COMMON: &[&str] = &["contrast", "direction", "margin", "note"];

const LEVELS: Directions = &[("above", Side::Above), ("below", Side::Below), ("near", Side::Near)];
pub(super) const BOUNDS: Directions = &[("above", Side::Above), ("below", Side::Below)];
pub(super) const EXTREMES: Directions = &[("highest", Side::Above), ("lowest", Side::Below)];
const SIGNS: Directions = &[("rises", Side::Above), ("falls", Side::Below)];
const MOVES: Directions = &[("rises", Side::Above), ("falls", Side::Below), ("hardly changes", Side::Near)];
const CHANGES: Directions = &[
    ("rises", Side::Above),
    ("falls", Side::Below),
    ("does not rise", Side::NotAbove),
    ("does not fall", Side::NotBelow),
    ("hardly changes", Side::Near),
];
const TIMES: Directions = &[("before", Side::Below), ("after", Side::Above), ("near", Side::Near)];
const CONTROL: Directions =
    &[("lowest", Side::Below), ("highest", Side::Above), ("above", Side::Above), ("below", Side::Below)];

macro_rules! contrasts {
    ($($word:literal $kind:ident $directions:ident: $($key:literal)*;)*) => {
        /// All contrasts.
        pub(super) static CONTRASTS: &[ContrastWord] = &[$(ContrastWord {
            word: $word,
            kind: Kind::$kind,
            keys: &[$($key),*],
            directions: $directions,
        },)*];
    };
}

contrasts! {
    "level" Level LEVELS: "metric" "phase" "from" "until" "statistic" "scenario" "bound";
    "order" Order SIGNS: "within" "metric" "phases" "scenario";
    "extreme" Extreme EXTREMES: "within" "metric" "phase" "among" "scenario";
    "change" Change CHANGES: "within" "metric" "phase" "from" "until" "statistic" "from_phase" "scenario" "alone";
    "difference" Difference CHANGES: "within" "metric" "phase" "from" "until" "statistic" "scenario" "against" "from_phase" "beside" "share" "alone";
    "timing" Timing TIMES: "metric" "phase" "from" "until" "scenario" "extremum" "smooth" "event" "other" "other_extremum";
    "peaks" Peaks LEVELS: "metric" "phase" "from" "until" "scenario" "extremum" "smooth" "prominence" "bound";
    "dose" Dose SIGNS: "within" "metric" "phase" "from" "until" "statistic" "scenario" "vary" "values" "monotone";
    "interaction" Interaction MOVES: "within" "metric" "phase" "from" "until" "statistic" "first" "second" "both";
    "event" Event MOVES: "within" "metric" "event" "months";
    "lag" Lag BOUNDS: "metric" "scenario" "against" "from" "until" "share" "smooth" "bound";
    "survival" Survival SIGNS: "cohort" "against" "months" "scenario";
    "plants" Plants MOVES: "outcome" "regressor" "from_phase" "phase" "scenario";
    "terciles" Terciles MOVES: "months" "phase" "from" "until" "scenario";
    "correlation" Correlation BOUNDS: "metric" "with" "than" "bound" "phase" "from" "until" "scenario";
    "controllability" Controllability CONTROL: "metric" "phase" "among" "bound";
    "recovery" Recovery BOUNDS: "motive" "bound";
}

/// The contrast of a test that names none.
pub(super) const DEFAULT_CONTRAST: Kind = Kind::Difference;

/// Contrasts that a prediction can have.
const OF_PREDICTIONS: [Kind; 5] = [Kind::Level, Kind::Order, Kind::Extreme, Kind::Change, Kind::Difference];

/// Keys that a prediction cannot have: it concerns the scenario itself and is tested on `phases.csv`.
const NOT_OF_PREDICTIONS: [&str; 5] = ["scenario", "against", "from", "until", "statistic"];

/// Default margin of predictions other than `rises` and `falls`, as a share of the reference.
pub(in crate::scenario) const DEFAULT_WITHIN: f64 = 0.1;

impl Language {
    /// The name of a test in messages.
    pub(super) fn table(self) -> &'static str {
        match self {
            Language::Claims => "[[claim.test]]",
            Language::Prediction => "[[prediction]]",
        }
    }

    /// The contrasts.
    pub(in crate::scenario) fn contrasts(self) -> impl Iterator<Item = &'static ContrastWord> {
        CONTRASTS
            .iter()
            .filter(move |contrast| self == Language::Claims || OF_PREDICTIONS.contains(&contrast.kind))
    }

    /// Whether a test can have a key, if its contrast can.
    fn has(self, key: &str) -> bool {
        match self {
            Language::Claims => key != "alone",
            Language::Prediction => !NOT_OF_PREDICTIONS.contains(&key),
        }
    }

    /// The keys of a contrast.
    pub(in crate::scenario) fn keys_of(self, contrast: &ContrastWord) -> Vec<&'static str> {
        let needs = (self == Language::Claims).then_some("needs");
        let keys = COMMON.iter().copied().chain(needs).chain(contrast.keys.iter().copied());
        keys.filter(|key| self.has(key)).collect()
    }

    /// The keys of all contrasts.
    pub(in crate::scenario) fn keys(self) -> Vec<&'static str> {
        let mut keys: Vec<&str> = Vec::new();
        for key in self.contrasts().flat_map(|contrast| self.keys_of(contrast)) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    /// The directions of all contrasts.
    pub(in crate::scenario) fn directions(self) -> Vec<&'static str> {
        let mut words: Vec<&str> = Vec::new();
        for (word, _) in self.contrasts().flat_map(|contrast| contrast.directions) {
            if !words.contains(word) {
                words.push(word);
            }
        }
        words
    }

    /// The words of all contrasts.
    pub(in crate::scenario) fn words(self) -> Vec<&'static str> {
        self.contrasts().map(|contrast| contrast.word).collect()
    }
}

pub(super) const STATISTICS: &[(&str, Statistic)] = &[
    ("mean", Statistic::Mean),
    ("sum", Statistic::Sum),
    ("end", Statistic::End),
    ("spread", Statistic::Spread),
];

pub(super) const EXTREMA: &[(&str, Extremum)] =
    &[("maximum", Extremum::Maximum), ("minimum", Extremum::Minimum)];

/// The word of a value in a list of words.
pub(super) fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words.iter().find(|(_, other)| other == value).map_or("", |(word, _)| word)
}

/// Tables of results that this version has, for `needs = "tables.NAME"`. A test compares them with those of the layer
/// `experiment`, which this layer cannot use.
pub(super) const TABLES: &[&str] = &[
    "series",
    "phases",
    "whole_period",
    "accusations",
    "openings",
    "elite_flows",
    "mobility",
    "survival",
    "hazards",
    "images",
    "levers",
    "plants",
    "regions",
    "lives",
    "accusation_profiles",
    "accusation_cells",
    "candidates",
    "party",
    "arrests",
    "grievance",
    "phases_by_chance",
    "points",
    "summary",
];
