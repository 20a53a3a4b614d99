//! Defines the faults of files of hypotheses: messages, labels for the marked text, and advice.

use crate::scenario::fault::list;

/// A problem in a file of hypotheses or in a prediction.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what each field is")]
pub enum ClaimsProblem {
    #[error("there is no file of hypotheses named `{name}`")]
    NoSuchFile { name: String },
    #[error("`{first}` and `{second}` cannot be given together")]
    Together { first: &'static str, second: &'static str },
    #[error("`{key}` does not belong to the contrast `{contrast}`")]
    ForeignKey { key: String, contrast: &'static str, allowed: Vec<&'static str> },
    #[error("`{key}` does not belong to a claim of the type `{kind}`")]
    ForeignClaimKey { key: &'static str, kind: &'static str },
    #[error("`{metric}` is not a column of series.csv, which {what} needs")]
    NoSeries { metric: String, what: String },
    #[error("`{metric}` is not a column of phases.csv")]
    NotOfPhases { metric: String },
    #[error("`{key}` must be an odd number, not {value}")]
    Even { key: String, value: i64 },
    #[error("a dose needs at least {least} values, not {count}")]
    FewValues { count: usize, least: usize },
    #[error("the value {value} does not come after {before}: values must ascend")]
    ValuesOrder { value: String, before: String },
    #[error("`{key}` cannot be a dose: it is neither a lever nor a parameter")]
    NoDose { key: String },
    #[error("a comparison needs two phases, but `{name}` is given twice")]
    PhaseTwice { name: String },
    #[error("`among` names no phase")]
    NoPhases { contrast: &'static str },
    #[error("a comparison needs two scenarios, but both are `{name}`")]
    SameScenario { name: String },
    #[error("the range begins at {low}, which is not below its end, {high}")]
    ReversedRange { low: String, high: String },
    #[error("a range is two numbers, `[0, 4]`, not {found}")]
    RangeForm { found: String },
    #[error("the own scenario `{name}` has the name of {of}")]
    Shadows { name: String, of: &'static str },
    #[error("a scenario of the file cannot have `extends`")]
    OwnExtends,
    #[error("`base` forms a cycle: `{name}` is a scenario of this file, a patch on the base")]
    OwnBase { name: String },
    #[error("a claim of the type `{kind}` needs a test")]
    NoTests { kind: &'static str },
    #[error("a claim that is not simulable cannot have tests")]
    Untestable,
    #[error("`{key}` is not a key that a test can need")]
    NoNeed { key: String },
    #[error("`{key}` is empty")]
    Blank { key: String },
}

impl ClaimsProblem {
    /// The label under the marked text; may be empty.
    pub(in crate::scenario) fn label(&self) -> String {
        match self {
            ClaimsProblem::ForeignKey { .. } | ClaimsProblem::ForeignClaimKey { .. } => {
                "not allowed here".to_owned()
            }
            ClaimsProblem::PhaseTwice { .. } => "already used".to_owned(),
            _ => String::new(),
        }
    }

    /// Advice, one string per line; may be empty.
    pub(in crate::scenario) fn help(&self) -> Vec<String> {
        let help = match self {
            ClaimsProblem::NoSuchFile { .. } => {
                "`essay` is in the program; the path of a file contains `/` or ends in `.toml`"
            }
            ClaimsProblem::Together { first: "margin", .. } => {
                "`margin` is in the unit of the estimate, `within` is a share of the reference: keep one of them"
            }
            ClaimsProblem::Together { .. } => "keep one of the two",
            ClaimsProblem::ForeignKey { contrast, allowed, .. } => {
                return vec![format!("keys of the contrast `{contrast}`: {}", list(allowed))];
            }
            ClaimsProblem::ForeignClaimKey { key: "reason", .. } => {
                "write `by_construction` for a reason why a rule implies the sign, or leave it out"
            }
            ClaimsProblem::ForeignClaimKey { .. } => "leave it out, or change the type",
            ClaimsProblem::NoSeries { .. } => "name a column of series.csv, or a lever as `levers.KEY`",
            ClaimsProblem::NotOfPhases { .. } => {
                "predictions are tested on phases.csv; put a test of months in a file of hypotheses"
            }
            ClaimsProblem::Even { .. } => "an odd number of months has a month in its middle",
            ClaimsProblem::FewValues { .. } => "for example: values = [0.1, 0.3, 0.5, 0.7]",
            ClaimsProblem::ValuesOrder { .. } => "put the values in ascending order, each of them once",
            ClaimsProblem::NoDose { .. } => "name a number: parameters.NAME or levers.NAME",
            ClaimsProblem::PhaseTwice { .. } => "name each phase once",
            ClaimsProblem::NoPhases { contrast: "controllability" } => {
                "name the phases to compare with, or give a number in place of `among`: bound = 0.5"
            }
            ClaimsProblem::NoPhases { .. } => {
                "name the phases to compare with, or leave `among` out to compare with all others"
            }
            ClaimsProblem::SameScenario { .. } => "name another scenario; without `against` it is the base",
            ClaimsProblem::ReversedRange { .. } => "swap the two ends",
            ClaimsProblem::RangeForm { .. } => "give the smallest and the largest value",
            ClaimsProblem::Shadows { .. } => "give it another name; `kadry list` shows the shipped scenarios",
            ClaimsProblem::OwnExtends => {
                "every scenario of the file is a patch on its `base`: leave `extends` out, and give the changes in full"
            }
            ClaimsProblem::OwnBase { .. } => {
                "name a shipped scenario or the path of a file as `base`: base = \"historical\""
            }
            ClaimsProblem::NoTests { .. } => {
                "write a `[[claim.test]]`, or change the type to `structural` or `not simulable`"
            }
            ClaimsProblem::Untestable => "leave the tests out, or change the type",
            ClaimsProblem::NoNeed { .. } => {
                "write mechanisms.NAME, parameters.NAME, levers.NAME, tables.NAME, metrics.NAME or policy.adaptive"
            }
            ClaimsProblem::Blank { .. } => "write a sentence, or leave the key out if it may be missing",
        };
        vec![help.to_owned()]
    }
}
