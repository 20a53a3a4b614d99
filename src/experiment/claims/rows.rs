//! Flattens evidence into the rows of its tables, which the pages and the summary are made from.
//!
//! [`Results`] is the same whether it comes from evidence in memory or from the tables of a result folder.

use super::evidence::{ClaimEvidence, Condition, Evidence, Trial, Verdict};
use super::heading::Heading;
use crate::model::state::standing::MOTIVES;
use crate::scenario::claims::{Claim, ClaimKind, Join};

/// The share of an effect whose loss shows that a mechanism carries the effect.
pub const CARRIED: f64 = 0.5;

/// Everything that the pages, tables and summary of a test of claims show.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// File, base, seed, and how much was run.
    pub heading: Heading,
    /// The claims, in the order of the file.
    pub claims: Vec<ClaimRow>,
    /// The components of their tests.
    pub tests: Vec<TestRow>,
    /// The conditions under which they were tried.
    pub conditions: Vec<ConditionRow>,
    /// For each true motive the shares of the recovered ones, in the order of
    /// [`crate::model::state::standing::MOTIVE_NAMES`]; `None` without such a test.
    pub motives: Option<[[f64; MOTIVES]; MOTIVES]>,
}

/// A row of `claims.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimRow {
    /// Identifier of the claim.
    pub claim: String,
    /// Paragraph of the source, if the file gives it.
    pub paragraph: Option<u32>,
    /// Kind of the claim, by its word in the file.
    pub kind: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether a null model attains the claim as well; `None` unless it is comparative and supported and a null was tried.
    pub trivial: Option<bool>,
    /// The nulls that attain it.
    pub attained_by: Vec<String>,
    /// Mechanisms to which it is attributed.
    pub mechanisms: Vec<String>,
    /// The verdict with these mechanisms off.
    pub without: Option<Verdict>,
    /// Share of the effect that is then lost.
    pub lost: Option<f64>,
    /// The rung of the ladder from which on it is supported.
    pub first_rung: Option<String>,
    /// Share of draws of shifted levers and turns in which it holds.
    pub jitter: Option<f64>,
    /// Share of draws of judged parameters in which it holds.
    pub prior: Option<f64>,
    /// Why a rule implies the sign; empty if none does.
    pub by_construction: String,
    /// Number of tests.
    pub tests: u64,
    /// How the verdicts of the tests are joined: `all` or `any`.
    pub join: String,
    /// What is claimed.
    pub statement: String,
    /// Why it is not tested, or where the model contains it; empty otherwise.
    pub reason: String,
}

/// A row of `claim_tests.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct TestRow {
    /// Identifier of the claim.
    pub claim: String,
    /// Number of the test, from 1.
    pub test: u64,
    /// Number of the component, from 1.
    pub part: u64,
    /// The component in words; of a test that cannot be carried out, the test.
    pub words: String,
    /// Unit of the estimate.
    pub unit: String,
    /// Replicates in which it is defined.
    pub n: u64,
    /// Mean of what the contrast starts from.
    pub reference: Option<f64>,
    /// The estimate.
    pub estimate: Option<f64>,
    /// Lower and upper end of its interval.
    pub interval: [Option<f64>; 2],
    /// Bound of the test; `None` if it was not carried out.
    pub bound: Option<f64>,
    /// Smallest effect that counts.
    pub margin: Option<f64>,
    /// Corrected p-value.
    pub adjusted: Option<f64>,
    /// The verdict.
    pub verdict: Verdict,
    /// Ratio to another scenario's effect, and the ends of its interval.
    pub ratio: [Option<f64>; 3],
    /// Why the test cannot be carried out; empty otherwise.
    pub reason: String,
}

/// A row of `claim_conditions.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionRow {
    /// Identifier of the claim.
    pub claim: String,
    /// Number of the test, from 1.
    pub test: u64,
    /// Number of the component, from 1.
    pub part: u64,
    /// The condition, by its word.
    pub condition: String,
    /// What the condition is.
    pub meaning: String,
    /// Replicates, permutations or draws.
    pub n: u64,
    /// The estimate of the component.
    pub estimate: Option<f64>,
    /// Share of single replicates of the base, permutations or draws in which the claim holds: 0 or 1 for other conditions.
    pub holds: Option<f64>,
    /// The claim's verdict under the condition.
    pub verdict: Option<Verdict>,
    /// Share of the effect of the base that is lost.
    pub lost: Option<f64>,
}

impl ClaimRow {
    /// Whether the claim is supported.
    pub fn supported(&self) -> bool {
        self.verdict == Verdict::Supported
    }

    /// Whether it is supported, no null model attains it if it is comparative, and no rule implies its sign.
    pub fn informative(&self) -> bool {
        self.supported() && self.trivial != Some(true) && self.by_construction.is_empty()
    }

    /// Whether it is supported and was tried without the claimed mechanisms.
    pub fn tried_without(&self) -> bool {
        self.supported() && self.without.is_some()
    }

    /// Whether the claimed mechanisms carry the claim: without them it loses at least half of its effect, or is absent,
    /// contradicted or not testable. `None` unless it is supported and was tried without them, and if that leaves it open: a
    /// claim that is undecided without them may only have too few replicates, and may have no effect whose loss is known.
    pub fn carried(&self) -> Option<bool> {
        let without = self.without.filter(|_| self.supported())?;
        let falls = !matches!(without, Verdict::Supported | Verdict::Undecided);
        let loses = self.lost.map(|lost| lost >= CARRIED);
        match (falls || loses == Some(true), without, loses) {
            (true, ..) => Some(true),
            (false, Verdict::Undecided, None) => None,
            (false, ..) => Some(false),
        }
    }
}

impl Results {
    /// Flattens evidence.
    pub fn of(evidence: &Evidence) -> Results {
        let mut results = Results {
            heading: Heading::of(evidence),
            claims: Vec::new(),
            tests: Vec::new(),
            conditions: Vec::new(),
            motives: evidence.confusion,
        };
        for found in &evidence.found {
            let claim = &evidence.claims.claims[found.claim];
            results.claims.push(claim_row(claim, found));
            results.tests.extend(test_rows(claim, found));
            results.conditions.extend(condition_rows(claim, found));
        }
        results
    }

    /// Number of claims with a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.claims.iter().filter(|claim| claim.verdict == verdict).count()
    }

    /// The components of the tests of a claim.
    pub fn tests_of<'a>(&'a self, claim: &'a str) -> impl Iterator<Item = &'a TestRow> {
        self.tests.iter().filter(move |row| row.claim == claim)
    }

    /// The conditions of a claim, by component.
    pub fn conditions_of<'a>(&'a self, claim: &'a str) -> impl Iterator<Item = &'a ConditionRow> {
        self.conditions.iter().filter(move |row| row.claim == claim)
    }
}

/// The trial without the mechanisms to which a claim is attributed.
fn without<'a>(claim: &Claim, found: &'a ClaimEvidence) -> Option<&'a Trial> {
    found.trials.iter().find(|trial| match &trial.condition {
        Condition::Without(keys) => {
            let keys: Vec<&str> = keys.split('+').collect();
            keys.len() == claim.mechanisms.len()
                && claim.mechanisms.iter().all(|key| keys.contains(&key.as_str()))
        }
        _ => false,
    })
}

fn claim_row(claim: &Claim, found: &ClaimEvidence) -> ClaimRow {
    let without = without(claim, found);
    let holds = |condition: Condition| found.trial(&condition).and_then(|trial| trial.holds);
    let nulls = found.trials.iter().any(|trial| matches!(trial.condition, Condition::Null(_)));
    let attained_by = found.attained_by();
    let can_be_trivial = nulls && claim.kind == ClaimKind::Comparative && found.verdict == Verdict::Supported;
    ClaimRow {
        claim: claim.id.clone(),
        paragraph: claim.paragraph,
        kind: claim.kind.word().to_owned(),
        verdict: found.verdict,
        trivial: can_be_trivial.then_some(!attained_by.is_empty()),
        attained_by,
        mechanisms: claim.mechanisms.clone(),
        without: without.and_then(|trial| trial.verdict),
        lost: without.and_then(|trial| trial.lost).filter(|lost| lost.is_finite()),
        first_rung: found.first_rung().map(|rung| Condition::Rung(rung).word()),
        jitter: holds(Condition::Jitter),
        prior: holds(Condition::Prior),
        by_construction: claim.by_construction.clone().unwrap_or_default(),
        tests: claim.tests.len() as u64,
        join: match claim.join {
            Join::All => "all".to_owned(),
            Join::Any => "any".to_owned(),
        },
        statement: claim.statement.clone(),
        reason: found.reason.clone(),
    }
}

fn test_rows(claim: &Claim, found: &ClaimEvidence) -> Vec<TestRow> {
    let finite = |value: f64| Some(value).filter(|value| value.is_finite());
    let mut rows = Vec::new();
    for (test, evidence) in found.tests.iter().enumerate() {
        let ratio = evidence.ratio.map_or([None; 3], |(ratio, ends)| {
            [finite(ratio), ends.and_then(|ends| finite(ends.0)), ends.and_then(|ends| finite(ends.1))]
        });
        let row = TestRow {
            claim: claim.id.clone(),
            test: test as u64 + 1,
            part: 1,
            words: evidence.words.clone(),
            unit: String::new(),
            n: 0,
            reference: None,
            estimate: None,
            interval: [None; 2],
            bound: None,
            margin: None,
            adjusted: None,
            verdict: evidence.verdict,
            ratio,
            reason: evidence.reason.clone().unwrap_or_default(),
        };
        if evidence.findings.is_empty() {
            rows.push(row);
            continue;
        }
        rows.extend(evidence.findings.iter().enumerate().map(|(part, finding)| TestRow {
            part: part as u64 + 1,
            words: finding.words.clone(),
            unit: finding.unit.clone(),
            n: finding.n,
            reference: finding.reference,
            estimate: finding.estimate,
            interval: finding.interval.map_or([None; 2], |(low, high)| [finite(low), finite(high)]),
            bound: Some(finding.bound),
            margin: finding.margin,
            adjusted: finding.adjusted,
            verdict: finding.verdict,
            ..row.clone()
        }));
    }
    rows
}

/// The rows of each condition under which a claim was tried.
fn condition_rows(claim: &Claim, found: &ClaimEvidence) -> Vec<ConditionRow> {
    let mut rows = Vec::new();
    for trial in &found.trials {
        for (test, evidence) in found.tests.iter().enumerate() {
            for part in 0..evidence.findings.len().max(1) {
                let estimate = trial.estimates.get(test).and_then(|parts| *parts.get(part)?);
                rows.push(ConditionRow {
                    claim: claim.id.clone(),
                    test: test as u64 + 1,
                    part: part as u64 + 1,
                    condition: trial.condition.word(),
                    meaning: trial.condition.meaning(),
                    n: trial.n,
                    estimate: estimate.filter(|estimate| estimate.is_finite()),
                    holds: trial.holds,
                    verdict: trial.verdict,
                    lost: trial.lost.filter(|lost| lost.is_finite()),
                });
            }
        }
    }
    rows
}
