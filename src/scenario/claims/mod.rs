//! Defines files of hypotheses: claims, and the tests that can bear a claim out or contradict it.
//!
//! [`load_claims`] reads a file and reports all its faults with their lines. A test names what it compares (a
//! [`Contrast`]) and the region in which the result must lie (a [`Region`]). The predictions of scenario files are tests of
//! the same kind. docs/hypotheses.md describes the language; the layer `experiment` carries out the tests.

mod comparison;
mod contrast;
mod file;
mod language;
mod metrics;
mod own;
mod problem;
mod quantity;
mod robustness;
mod test;
mod words;
mod write;

#[cfg(test)]
mod tests;

use super::source::Sources;

pub use comparison::{
    Contrast, ExtremeMonth, Extremum, Measured, Moment, Period, PlantOutcome, PlantRegressor, Statistic,
};
use comparison::{PLANT_OUTCOMES, PLANT_REGRESSORS};
pub use file::{
    SHIPPED_CLAIMS, is_claims_file, load_claims, load_claims_on, load_claims_text, load_claims_text_on,
};
pub(super) use language::{ContrastWord, DEFAULT_WITHIN, Language};
pub use metrics::{is_phase, is_series, metrics};
pub use problem::ClaimsProblem;
pub(super) use test::{Reading, read_test};

/// A file of hypotheses that has been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims {
    /// Name, of lower-case letters, digits and `_`; names of result folders begin with it.
    pub name: String,
    /// Title, one line.
    pub title: String,
    /// The scenario that all tests refer to, a shipped name or a path.
    pub base: String,
    /// Population of the runs, in place of the base's.
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
    /// The patch as TOML: one line for each key of a scenario file that it gives (`change`, `event`, `parameters`,
    /// `mechanisms`, `levers`), without name, title and base and without table headers, so that other keys of a file can
    /// come before and after it.
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
    pub tests: Vec<ClaimTest>,
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

impl ClaimKind {
    /// The word in a file.
    pub fn word(self) -> &'static str {
        language::word_of(CLAIM_KINDS, &self)
    }
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
    /// What the test is about, in words of the file.
    pub note: Option<String>,
}

/// A test of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum ClaimTest {
    /// A test that this version can carry out.
    Ready(Test),
    /// A test that waits for something that this version lacks.
    Waiting(WaitingTest),
}

/// A test that needs a key which this version does not have. Its other names are unknown until the key exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingTest {
    /// The key: `mechanisms.NAME`, `parameters.NAME`, `levers.NAME`, `tables.NAME`, `metrics.NAME` or `policy.adaptive`.
    pub needs: String,
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
