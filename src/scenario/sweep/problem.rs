//! Defines the faults of sweeps: messages, labels for the marked text, and advice.

use super::DesignName;
use crate::scenario::fault::{Problem, list};

/// Forms of `--vary`, for advice.
const FORMS: &str = "write KEY=a,b,c or KEY=from:to:steps, with `:log` for logarithmic steps; for the designs latin and sobol \
                     KEY=from:to, KEY=from:to:log, or KEY alone for the prior range of a parameter";

/// A problem in a sweep.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what each field is")]
pub enum SweepProblem {
    #[error("no scenario is given to vary")]
    NoBase,
    #[error("the sweep varies no key")]
    NothingVaried,
    #[error("the sweep varies {count} keys, more than {limit}")]
    TooManyKeys { count: usize, limit: usize },
    #[error("`{key}` is no key that a sweep can vary")]
    UnknownKey { key: String, nearest: Option<String> },
    #[error("`population.size` is varied, but the population is also set to {population}")]
    SizeVaried { population: String },
    #[error("`{key}` is varied twice")]
    KeyTwice { key: String },
    #[error("`--vary {text}` is not of a known form")]
    Form { text: String },
    #[error("`{key}` is given no values")]
    NoValues { key: String },
    #[error("`{key}` is given the value {value} twice")]
    ValueTwice { key: String, value: String },
    #[error("`{key}` is given `values` and also {}", list(given))]
    ValuesAndRange { key: String, given: Vec<&'static str> },
    #[error("the range of `{key}` begins at {from}, which is not below its end, {to}")]
    ReversedRange { key: String, from: String, to: String },
    #[error("the logarithmic range of `{key}` begins at {from}, but it must begin above 0")]
    LogRange { key: String, from: String },
    #[error("`{key}` is true or false and has no range")]
    Switch { key: String },
    #[error("`{key}` has no prior range{}", if *parameter { ": it is set from data, or the unit of a scale" } else { "" })]
    NoPrior { key: String, parameter: bool },
    #[error("the design {design} needs values of `{key}`, not a range without steps")]
    StepsMissing { key: String, design: DesignName },
    #[error("the design {design} draws values of `{key}` from its whole range, not in {steps} steps")]
    StepsGiven { key: String, steps: u32, design: DesignName },
    #[error(
        "the design list takes one value of each key for a point, but `{key}` has {count} values and `{first}` {expected}"
    )]
    Lengths { key: String, count: usize, first: String, expected: usize },
    #[error("the design {design} needs a number of points")]
    PointsMissing { design: DesignName },
    #[error("the design {design} takes no number of points: they follow from its values")]
    PointsGiven { design: DesignName },
    #[error("the sweep has {count} points, more than {limit}")]
    TooManyPoints { count: u128, limit: u32 },
    #[error("{problem}, at {settings}")]
    Point { settings: String, problem: Box<Problem> },
}

impl SweepProblem {
    /// The label under the marked text; may be empty.
    pub(in crate::scenario) fn label(&self) -> String {
        match self {
            SweepProblem::UnknownKey { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            SweepProblem::KeyTwice { .. } | SweepProblem::ValueTwice { .. } => "already used".to_owned(),
            SweepProblem::Point { problem, .. } => problem.label(),
            _ => String::new(),
        }
    }

    /// Advice, one string per line; may be empty.
    pub(in crate::scenario) fn help(&self) -> Vec<String> {
        let help = match self {
            SweepProblem::NoBase => "name it: kadry sweep historical --vary KEY=a,b,c",
            SweepProblem::NothingVaried => {
                "give one --vary for each key, or one [[vary]] in the file: --vary levers.union=0.1,0.3,0.6"
            }
            SweepProblem::TooManyKeys { .. } => "vary fewer keys, or several sweeps",
            SweepProblem::UnknownKey { .. } => {
                "keys that can be varied: parameters.NAME, levers.NAME, mechanisms.NAME, population.size, \
                 population.enterprises, population.regions; docs/parameters.md lists the names"
            }
            SweepProblem::SizeVaried { .. } => "leave out the population, or vary another key",
            SweepProblem::KeyTwice { .. } => "give all values of a key together",
            SweepProblem::Form { .. } => FORMS,
            SweepProblem::NoValues { .. } => "give at least one: values = [0.1, 0.3, 0.6]",
            SweepProblem::ValueTwice { .. } => "keep one of the two",
            SweepProblem::ValuesAndRange { .. } => {
                "list the values, or give a range by `from`, `to` and `steps`"
            }
            SweepProblem::ReversedRange { .. } => "swap the two ends",
            SweepProblem::LogRange { .. } => "raise its beginning, or leave out `log`",
            SweepProblem::Switch { .. } => "list its values: true, false",
            SweepProblem::NoPrior { .. } => {
                "give the range: `--vary KEY=from:to`, or `from` and `to` in the file"
            }
            SweepProblem::StepsMissing { design: DesignName::Grid, .. } => {
                "add steps (KEY=from:to:steps, or `steps` in the file), or draw points with the design latin or sobol"
            }
            SweepProblem::StepsMissing { .. } => "list the values, or add steps: KEY=from:to:steps",
            SweepProblem::StepsGiven { .. } => "leave out the steps, or list the values",
            SweepProblem::Lengths { .. } => {
                "give as many values of each key, or combine all values with the design grid"
            }
            SweepProblem::PointsMissing { .. } => {
                "give it by `--points N`, or `points` in the file; a power of two suits the design sobol"
            }
            SweepProblem::PointsGiven { .. } => "leave it out, or choose the design latin or sobol",
            SweepProblem::TooManyPoints { .. } => {
                "give fewer values, or draw points with the design latin or sobol"
            }
            SweepProblem::Point { problem, .. } => return problem.help(),
        };
        vec![help.to_owned()]
    }
}
