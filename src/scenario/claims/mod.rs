//! Defines files of hypotheses: claims, and the tests that can bear a claim out or contradict it.
//!
//! [`load_claims`] reads a file and reports all its faults with their lines. A test names what it compares (a
//! [`Contrast`]) and the region in which the result must lie (a [`Region`]). The predictions of scenario files are tests of
//! the same kind. docs/hypotheses.md describes the language; the layer `experiment` carries out the tests.

use super::source::Sources;
use crate::engine::calendar::Month;

/// A file of hypotheses that has been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// Name, of lower-case letters, digits and `_`; names of result folders begin with it.
    pub name: String,
    /// Title, one line.
    pub title: String,
    /// The scenario that all tests refer to, a shipped name or a path.
    pub base: String,
    /// Population of the runs, in place of the base's: people, enterprises, regions. `None`: that of the base.
    pub population: ClaimsPopulation,
    /// Scenarios of the file, in addition to those that ship; patches on the base.
    pub scenarios: Vec<OwnScenario>,
    /// What the robustness of the verdicts is tried on.
    pub robustness: Robustness,
    /// The claims, in the order of the file.
    pub claims: Vec<Claim>,
    /// The text of the file, as it was read.
    pub text: String,
    /// The texts that faults of the file refer to.
    pub sources: Sources,
}

/// Numbers of `[population]` in a file of hypotheses; those that are `None` follow from the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClaimsPopulation {
    /// People in January 1928.
    pub size: Option<u64>,
    /// Enterprises.
    pub enterprises: Option<u32>,
    /// Regions.
    pub regions: Option<u32>,
}

/// A scenario that a file of hypotheses defines: a patch on the base.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnScenario {
    /// Name.
    pub name: String,
    /// Title, one line.
    pub title: String,
    /// The patch as TOML with the keys of a scenario file (`change`, `event`, `parameters`, `mechanisms`, `levers`), without
    /// name, title and base.
    pub patch: String,
}

/// What the verdicts are tried on, frozen with the claims so that models can be compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Robustness {
    /// Levers that are the modellers' reading of the sources: they are shifted and permuted.
    pub judged_levers: Vec<String>,
    /// Levers whose phases are permuted as well, but not shifted.
    pub permuted_levers: Vec<String>,
    /// Largest shift of a judged lever in a phase, up or down.
    pub shift: f64,
    /// Largest shift of a turn of policy, in months.
    pub turn_months: u32,
    /// Parameters that are judged, with the range from which they are drawn.
    pub prior: Vec<(String, f64, f64)>,
}

/// A claim with its tests.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Identifier, such as `C29`: a letter, then letters, digits, `_` or `-`; unique in the file.
    pub id: String,
    /// What is claimed, in one sentence.
    pub statement: String,
    /// Paragraph of the source that makes the claim, from 1.
    pub paragraph: Option<u32>,
    /// Kind of the claim.
    pub kind: ClaimKind,
    /// Mechanisms to which the claim is attributed: keys of `[mechanisms]`. Without them the claim should fall.
    pub mechanisms: Vec<String>,
    /// Where the model contains a structural claim: a rule, a track or a table.
    pub contained: Option<String>,
    /// Why a claim cannot be simulated.
    pub reason: Option<String>,
    /// Why a rule implies the sign of the tests, if one does.
    pub by_construction: Option<String>,
    /// How the verdicts of the tests are joined.
    pub join: Join,
    /// The tests. A claim that is not simulable has none; a structural one may have some.
    pub tests: Vec<Test>,
}

/// Kind of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimKind {
    /// One thing is said to bring about another.
    Causal,
    /// Times or groups are compared.
    Comparative,
    /// Something must exist in the model; the claim itself cannot fail.
    Structural,
    /// No simulation can decide it.
    NotSimulable,
}

/// Kinds of claims, by their word in a file.
pub(super) const CLAIM_KINDS: &[(&str, ClaimKind)] = &[
    ("causal", ClaimKind::Causal),
    ("comparative", ClaimKind::Comparative),
    ("structural", ClaimKind::Structural),
    ("not simulable", ClaimKind::NotSimulable),
];

/// How the verdicts of the tests of a claim make its verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Join {
    /// The worst verdict counts.
    #[default]
    All,
    /// The best verdict counts.
    Any,
}

/// A test: a contrast, and the region in which it must lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What is compared.
    pub contrast: Contrast,
    /// Where the result must lie.
    pub region: Region,
    /// A key that this model does not have and the test needs; the test is then kept and not carried out.
    pub needs: Option<String>,
    /// What the test is about, in words of the file.
    pub note: Option<String>,
}

/// The region that a test claims, and the smallest effect that counts.
///
/// With an estimate x, a margin m and a bound b (0 for differences), the claim is that x > b + m for [`Side::Above`],
/// x < b - m for [`Side::Below`], and b - m < x < b + m for [`Side::Near`]. [`Side::NotBelow`] claims x > b - m, and
/// [`Side::NotAbove`] x < b + m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Region {
    /// The claimed side.
    pub side: Side,
    /// The number with which the estimate is compared; 0 for differences.
    pub bound: f64,
    /// The smallest effect worth calling one.
    pub margin: Margin,
}

/// The claimed side of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Beyond the margin above the bound.
    Above,
    /// Beyond the margin below the bound.
    Below,
    /// Not beyond the margin below the bound.
    NotBelow,
    /// Not beyond the margin above the bound.
    NotAbove,
    /// Within the margin.
    Near,
}

/// The smallest effect worth calling one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Margin {
    /// In the unit of the estimate.
    Absolute(f64),
    /// As a share of the absolute mean of the reference: what the contrast starts from.
    Share(f64),
}

/// The months over which a quantity is taken.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// All months.
    Whole,
    /// A phase of the base, by name.
    Phase(String),
    /// Months from the first to the last, both included.
    Months(Month, Month),
}

/// How the months of a period make one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Statistic {
    /// As the measure is defined for a phase; the mean of the months for columns of `series.csv`.
    #[default]
    Mean,
    /// The sum of the months of a column of `series.csv`.
    Sum,
    /// The last month of a column of `series.csv`.
    End,
    /// The standard deviation of the months of a column of `series.csv`.
    Spread,
}

/// A measure over a period.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Measured {
    /// The metric.
    pub metric: String,
    /// The months.
    pub period: Period,
    /// How the months make a number.
    pub statistic: Statistic,
}

/// A maximum or a minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Extremum {
    /// The largest value.
    Maximum,
    /// The smallest value.
    Minimum,
}

/// The month of an extremum of a smoothed column of `series.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExtremeMonth {
    /// The column.
    pub metric: String,
    /// Which extremum.
    pub extremum: Extremum,
    /// The months in which it is sought.
    pub period: Period,
    /// Months of the centred moving average, an odd number; 1 leaves the column as it is.
    pub smooth: u32,
}

/// What a test compares. A scenario that is `None` is the base.
#[derive(Debug, Clone, PartialEq)]
pub enum Contrast {
    /// The value of a quantity.
    Level {
        /// The quantity.
        of: Measured,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The order of phases: each next phase is compared with the one before.
    Order {
        /// The metric.
        metric: String,
        /// The phases, in the claimed order.
        phases: Vec<String>,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The highest or lowest phase: it is compared with each of the others.
    Extreme {
        /// The metric.
        metric: String,
        /// The phase claimed to be the highest (lowest).
        phase: String,
        /// The other phases.
        among: Vec<String>,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The change of a metric from one period to another in one scenario.
    Change {
        /// The metric in the later period.
        to: Measured,
        /// The earlier period.
        from: Period,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The difference between two scenarios.
    Difference {
        /// The quantity.
        of: Measured,
        /// The scenario.
        scenario: String,
        /// The scenario that is subtracted.
        against: Option<String>,
        /// If given, the difference between the changes from this period.
        from: Option<Period>,
        /// Another scenario and a share: the difference is compared with that share of the other scenario's difference.
        beside: Option<(String, f64)>,
    },
    /// The months from a dated event or another extremum to an extremum; positive if the extremum comes later.
    Timing {
        /// The extremum.
        of: ExtremeMonth,
        /// What it is compared with.
        reference: Moment,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The number of extrema of a smoothed column of `series.csv` that stand out by a prominence.
    Peaks {
        /// The column, the kind of extremum, the months and the smoothing.
        of: ExtremeMonth,
        /// Least prominence: how far an extremum stands out from the deepest point that separates it from a higher one.
        prominence: f64,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The response to a dose of a lever or parameter: the slope over the whole range, and the steps between the doses.
    Dose {
        /// The quantity.
        of: Measured,
        /// The key that is varied, such as `levers.vigilance`.
        key: String,
        /// At least four values in ascending order.
        values: Vec<f64>,
        /// Whether no step may go against the slope by more than the margin.
        monotone: bool,
        /// The scenario in which the key is varied.
        scenario: Option<String>,
    },
    /// The interaction of two scenarios: both minus the first minus the second plus the base.
    Interaction {
        /// The quantity.
        of: Measured,
        /// The first scenario.
        first: String,
        /// The second scenario.
        second: String,
        /// The scenario with the changes of both.
        both: String,
    },
    /// The effect of a dated event: the base minus the base without the event, in the months from the event on.
    Event {
        /// The metric.
        metric: String,
        /// Name of the event.
        event: String,
        /// Number of months, the month of the event included.
        months: u32,
    },
    /// The months after which the difference between a scenario and the base reaches a share of its largest value.
    Lag {
        /// A column of `series.csv`.
        metric: String,
        /// The scenario.
        scenario: String,
        /// The scenario that is subtracted.
        against: Option<String>,
        /// The month from which the lag is counted.
        from: Month,
        /// The last month in which the largest value is sought.
        until: Month,
        /// The share.
        share: f64,
        /// Months of the centred moving average.
        smooth: u32,
    },
    /// The log hazard ratio of leaving the elite of two cohorts, by the log-rank statistic: positive if the first cohort
    /// leaves sooner.
    Survival {
        /// Phase in which the first cohort entered.
        cohort: String,
        /// Phase in which the second cohort entered.
        against: String,
        /// Months after entry that are compared.
        months: u32,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The coefficient of a regression across plants: the change of an outcome between two phases on the changes of
    /// accusations of bosses and of arrests, per head and year. Each run has its own regression.
    Plants {
        /// The outcome.
        outcome: PlantOutcome,
        /// The regressor whose coefficient counts.
        regressor: PlantRegressor,
        /// Earlier phase.
        from: String,
        /// Later phase.
        to: String,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The response of grievance to the fall of a member of the elite in the plant: the change in the third of the workers
    /// who are most egalitarian minus that in the third who are least, in plants with a fall minus plants without.
    Terciles {
        /// Months from the fall to the end of the response: 3, 6, 9 or 12.
        months: u32,
        /// The months in which falls are counted.
        period: Period,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The correlation over the months of two columns; with a third, the difference of two absolute correlations.
    Correlation {
        /// The column.
        metric: String,
        /// The other column.
        with: String,
        /// A column whose absolute correlation is subtracted.
        than: Option<String>,
        /// The months.
        period: Period,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The share of a metric's variance over random policies that the levers explain, out of sample.
    Controllability {
        /// The metric.
        metric: String,
        /// The phase.
        phase: String,
        /// The phases with which it is compared; empty if it is compared with the bound.
        among: Vec<String>,
    },
    /// The share of accusations whose motive is recovered from the profile of the target.
    Recovery {
        /// The motive; `None` for all of them, weighted alike.
        motive: Option<String>,
    },
}

/// What an extremum is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// A month.
    Month(Month),
    /// Another extremum of the same run.
    Extremum(ExtremeMonth),
}

/// An outcome of plants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlantOutcome {
    /// Share of worker-months without shirking.
    Discipline,
    /// Mean grievance of workers.
    Grievance,
    /// Managerial authority.
    Authority,
    /// Output over workers.
    OutputPerWorker,
    /// Accusations per post of the elite and year.
    AccusationsPerElitePost,
}

/// A regressor of plants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlantRegressor {
    /// Accusations of bosses per head and year.
    AccusationsOfBosses,
    /// Arrests per head and year.
    Arrests,
    /// Posts of the elite that opened, per post and year.
    Openings,
}

/// Outcomes of plants, by their word in a file.
pub(super) const PLANT_OUTCOMES: &[(&str, PlantOutcome)] = &[
    ("discipline", PlantOutcome::Discipline),
    ("grievance", PlantOutcome::Grievance),
    ("authority", PlantOutcome::Authority),
    ("output_per_worker", PlantOutcome::OutputPerWorker),
    ("accusations_per_elite_post", PlantOutcome::AccusationsPerElitePost),
];

/// Regressors of plants, by their word in a file.
pub(super) const PLANT_REGRESSORS: &[(&str, PlantRegressor)] = &[
    ("accusations_of_bosses", PlantRegressor::AccusationsOfBosses),
    ("arrests", PlantRegressor::Arrests),
    ("openings", PlantRegressor::Openings),
];

impl PlantOutcome {
    /// Its word in a file.
    pub fn word(self) -> &'static str {
        PLANT_OUTCOMES.iter().find(|(_, outcome)| *outcome == self).map_or("", |(word, _)| word)
    }
}

impl PlantRegressor {
    /// Its word in a file.
    pub fn word(self) -> &'static str {
        PLANT_REGRESSORS.iter().find(|(_, regressor)| *regressor == self).map_or("", |(word, _)| word)
    }
}
