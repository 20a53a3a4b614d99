//! Holds what the test of a file of hypotheses has found: verdicts, and what each is worth.

use crate::scenario::claims::{Claims, Join};

/// The verdict on a test or a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// The interval lies beyond the margin on the claimed side.
    Supported,
    /// The interval lies within the margin of no effect.
    Absent,
    /// The interval lies beyond the margin on the other side.
    Contradicted,
    /// The interval lies across a margin.
    Undecided,
    /// The test cannot be carried out.
    NotTestable,
    /// The model contains the claim and no test is given.
    Structural,
}

impl Verdict {
    /// All verdicts, in the order of a summary.
    pub const ALL: [Verdict; 6] = [
        Verdict::Supported,
        Verdict::Absent,
        Verdict::Contradicted,
        Verdict::Undecided,
        Verdict::NotTestable,
        Verdict::Structural,
    ];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Supported => "supported",
            Verdict::Absent => "absent",
            Verdict::Contradicted => "contradicted",
            Verdict::Undecided => "undecided",
            Verdict::NotTestable => "not testable",
            Verdict::Structural => "structural",
        }
    }

    /// The verdict with this word.
    pub fn of_word(word: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.word() == word)
    }

    /// Joins the verdicts of tests: the worst or the best counts. From best to worst: supported, undecided, absent,
    /// contradicted. A test that cannot be carried out makes the whole not testable if all count, and is passed over if any
    /// counts. `None` if there is no verdict.
    pub fn join(verdicts: &[Verdict], join: Join) -> Option<Verdict> {
        let goodness = |verdict: &Verdict| match verdict {
            Verdict::Structural | Verdict::NotTestable => 0,
            Verdict::Contradicted => 1,
            Verdict::Absent => 2,
            Verdict::Undecided => 3,
            Verdict::Supported => 4,
        };
        match join {
            Join::All => verdicts.iter().copied().min_by_key(goodness),
            Join::Any => verdicts.iter().copied().max_by_key(goodness),
        }
    }
}

/// A condition under which a claim is tried: a null model, a mechanism switched off, a rung of the ladder, or draws.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// The base as it is.
    Base,
    /// A null model, by its number: n0 to n5.
    Null(u8),
    /// Without mechanisms: keys of `[mechanisms]`, joined by `+`.
    Without(String),
    /// A rung of the ladder, 0 to 6.
    Rung(u8),
    /// Judged levers and turns of policy shifted.
    Jitter,
    /// Judged parameters drawn from their prior.
    Prior,
}

impl Condition {
    /// The word in tables: `base`, `n0` to `n5`, `without:KEY`, `M0` to `M6`, `jitter`, `prior`.
    pub fn word(&self) -> String {
        match self {
            Condition::Base => "base".to_owned(),
            Condition::Null(number) => format!("n{number}"),
            Condition::Without(keys) => format!("without:{keys}"),
            Condition::Rung(number) => format!("M{number}"),
            Condition::Jitter => "jitter".to_owned(),
            Condition::Prior => "prior".to_owned(),
        }
    }

    /// What the condition is, in words for readers.
    pub fn meaning(&self) -> String {
        match self {
            Condition::Base => "the model as it is".to_owned(),
            Condition::Null(0) => "no accusations".to_owned(),
            Condition::Null(1) => {
                "judged levers permuted among the phases (median of the permutations)".to_owned()
            }
            Condition::Null(2) => {
                "the same accusers and counts, targets drawn uniformly from those whom they meet".to_owned()
            }
            Condition::Null(3) => {
                "one straight line in each lever, fitted to the months of the base".to_owned()
            }
            Condition::Null(4) => "ridge regression on the levers of random policies".to_owned(),
            Condition::Null(_) => "the official image of the enemy has no influence".to_owned(),
            Condition::Without(keys) => format!("without {}", keys.replace('+', " and ")),
            Condition::Rung(number) => format!("rung {number} of the ladder"),
            Condition::Jitter => "judged levers and turns of policy shifted".to_owned(),
            Condition::Prior => "judged parameters drawn from their prior".to_owned(),
        }
    }
}

/// The estimate of one component of a test. An ordering has a component for each pair of phases.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The component in words: `discipline, class war minus discipline`.
    pub words: String,
    /// Unit of the estimate.
    pub unit: String,
    /// Replicates in which it is defined.
    pub n: u64,
    /// Mean of what the contrast starts from, if it is a difference.
    pub reference: Option<f64>,
    /// Mean over replicates; `None` if it is defined in none.
    pub estimate: Option<f64>,
    /// Interval at the level of the test, corrected for multiple testing; `None` below two replicates.
    pub interval: Option<(f64, f64)>,
    /// The bound of the test.
    pub bound: f64,
    /// The margin, in the unit of the estimate.
    pub margin: Option<f64>,
    /// p-value of the verdict, corrected by Holm's method over the tests of the file.
    pub adjusted: Option<f64>,
    /// The verdict.
    pub verdict: Verdict,
}

/// A test and what it found.
#[derive(Debug, Clone, PartialEq)]
pub struct TestEvidence {
    /// The test in words: `discipline rises by more than 0.01 in unions_kept, over the whole period`.
    pub words: String,
    /// Its components.
    pub findings: Vec<Finding>,
    /// The verdict: the worst of the components'.
    pub verdict: Verdict,
    /// Why it cannot be carried out, if it cannot.
    pub reason: Option<String>,
    /// Another scenario's effect, of which this is the ratio, with Fieller's interval: (ratio, low, high).
    pub ratio: Option<(f64, Option<(f64, f64)>)>,
}

/// What a claim is worth under a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The condition.
    pub condition: Condition,
    /// Replicates, permutations or draws.
    pub n: u64,
    /// Estimates of the components of each test, in the order of the tests; `None` where undefined. For draws and
    /// permutations the median.
    pub estimates: Vec<Vec<Option<f64>>>,
    /// Share of single replicates of the base, permutations or draws in which the claim holds: 0 or 1 for other conditions.
    pub holds: Option<f64>,
    /// The verdict, for conditions that have one.
    pub verdict: Option<Verdict>,
    /// For a mechanism: the share of the effect of the base that is lost, of the component that loses most; above 1 if the
    /// sign turns.
    pub lost: Option<f64>,
}

/// A claim and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimEvidence {
    /// Position of the claim in the file.
    pub claim: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// Why the claim is not tested, or where the model contains it; empty otherwise.
    pub reason: String,
    /// The tests.
    pub tests: Vec<TestEvidence>,
    /// Conditions in the order base, nulls, mechanisms, rungs, jitter, prior. Those that do not apply are missing; a claim
    /// that is not testable or structural has none.
    pub trials: Vec<Trial>,
}

impl ClaimEvidence {
    /// The nulls that attain the claim.
    pub fn attained_by(&self) -> Vec<String> {
        let attains = |trial: &&Trial| {
            matches!(trial.condition, Condition::Null(_)) && trial.verdict == Some(Verdict::Supported)
        };
        self.trials.iter().filter(attains).map(|trial| trial.condition.word()).collect()
    }

    /// The trial under a condition.
    pub fn trial(&self, condition: &Condition) -> Option<&Trial> {
        self.trials.iter().find(|trial| trial.condition == *condition)
    }

    /// The first rung of the ladder from which on the claim is supported on every rung.
    pub fn first_rung(&self) -> Option<u8> {
        let rungs: Vec<(u8, bool)> = self
            .trials
            .iter()
            .filter_map(|trial| match trial.condition {
                Condition::Rung(rung) => Some((rung, trial.verdict == Some(Verdict::Supported))),
                _ => None,
            })
            .collect();
        let last_miss = rungs.iter().rposition(|(_, supported)| !supported);
        let first = last_miss.map_or(0, |position| position + 1);
        rungs.get(first).map(|(rung, _)| *rung)
    }
}

/// What the test of a file has found.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The file.
    pub claims: Claims,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// The base on which it was tested.
    pub base: String,
    /// Seed.
    pub seed: u64,
    /// People in January 1928.
    pub people: u64,
    /// Replicates of the base and of each scenario.
    pub replicates: u32,
    /// Replicates of nulls, mechanisms and rungs.
    pub null_replicates: u32,
    /// Draws of jitter and prior.
    pub draws: (u32, u32),
    /// Family-wise level of the verdicts.
    pub level: f64,
    /// What was found, by claim.
    pub found: Vec<ClaimEvidence>,
    /// Recovery of motives: for each true motive the shares of the recovered ones; `None` without such a test.
    pub confusion: Option<[[f64; 4]; 4]>,
}
