//! Reaches the evidence on every claim from the quantities of the runs.
//!
//! [`super::trials`] tries the claims under conditions.

use super::cases::{Case, Extent};
use super::compile::{Compilation, Compiled, Component};
use super::evidence::{ClaimEvidence, Condition, Finding, TestEvidence, Verdict};
use super::levers_only::LeversOnly;
use super::trials::Trials;
use super::values::RunQuantities;
use super::verdict;
use crate::experiment::moments::Moments;
use crate::experiment::quantiles::Quantiles;
use crate::scenario::claims::{ClaimKind, Claims, Join};

/// What evidence is reached from.
pub struct Evaluation<'a> {
    /// The file.
    pub claims: &'a Claims,
    /// Its tests.
    pub compilation: &'a Compilation,
    /// How much was run.
    pub extent: &'a Extent,
    /// The quantities of the runs.
    pub values: &'a RunQuantities,
    /// What the levers alone predict.
    pub(super) levers_only: &'a LeversOnly,
}

/// The estimate of a component on the base.
pub(super) struct Estimated {
    pub(super) moments: Moments,
    pub(super) reference: Option<f64>,
    pub(super) margin: Option<f64>,
    /// p-value and candidate verdict.
    test: Option<(f64, Verdict)>,
    /// The correction of the p-value for multiple testing; `None` without a p-value.
    corrected: Option<verdict::Corrected>,
    /// The verdict after correction.
    pub(super) verdict: Verdict,
}

impl Estimated {
    /// Sets the correction and the verdict that follows from it, with a family-wise error of `alpha`.
    fn correct(&mut self, corrected: Option<verdict::Corrected>, alpha: f64) {
        self.corrected = corrected;
        self.verdict = match (self.test, corrected) {
            (Some((_, verdict)), Some(corrected)) if corrected.adjusted <= alpha => verdict,
            (Some(_), _) => Verdict::Undecided,
            (None, _) => Verdict::NotTestable,
        };
    }
}

impl Evaluation<'_> {
    /// The evidence on each claim, in the order of the file.
    pub fn evidence(&self) -> Vec<ClaimEvidence> {
        let mut quantiles = Quantiles::default();
        let mut estimated: Vec<Vec<Vec<Estimated>>> = self
            .compilation
            .tests
            .iter()
            .map(|tests| tests.iter().map(|test| self.estimated(test.as_ref().ok())).collect())
            .collect();
        let all = || estimated.iter().flatten().flatten();
        let p: Vec<Option<f64>> = all().map(|one| one.test.map(|(p, _)| p)).collect();
        let alpha = 1.0 - self.extent.level;
        let corrected = verdict::correct(&p, alpha);
        for (one, corrected) in estimated.iter_mut().flatten().flatten().zip(corrected) {
            one.correct(corrected, alpha);
        }
        let claims = estimated.iter().enumerate();
        claims.map(|(claim, tests)| self.claim_evidence(claim, tests, &mut quantiles)).collect()
    }

    fn estimated(&self, test: Option<&Compiled>) -> Vec<Estimated> {
        let base = Case::of(Condition::Base);
        let replicates = 1..=self.extent.replicates;
        let of = |component: &Component| {
            let region = component.region;
            let (moments, reference) = match self.levers_only.controllability(component) {
                Some(moments) => (moments, None),
                None => {
                    let moments = self.values.moments(replicates.clone(), |replicate| {
                        self.values.estimate(&base, replicate, component)
                    });
                    let reference = self.values.moments(replicates.clone(), |replicate| {
                        self.values.sum(&base, replicate, &component.reference)
                    });
                    (moments, reference.mean().filter(|_| !component.reference.is_empty()))
                }
            };
            let margin = verdict::margin(region, reference);
            let test = margin.and_then(|margin| verdict::test(&moments, region.side, region.bound, margin));
            let (corrected, verdict) = (None, Verdict::NotTestable);
            Estimated { moments, reference, margin, test, corrected, verdict }
        };
        test.map_or_else(Vec::new, |test| test.components.iter().map(of).collect())
    }

    fn test_evidence(
        &self,
        claim: usize,
        test: usize,
        parts: &[Estimated],
        quantiles: &mut Quantiles,
    ) -> TestEvidence {
        let words = self.claims.claims[claim].tests[test].to_string();
        let compiled = match &self.compilation.tests[claim][test] {
            Ok(compiled) => compiled,
            Err(reason) => {
                let (findings, reason) = (Vec::new(), Some(reason.clone()));
                return TestEvidence { words, findings, verdict: Verdict::NotTestable, reason, ratio: None };
            }
        };
        let components = compiled.components.iter().zip(parts);
        let findings: Vec<Finding> =
            components.map(|(component, part)| self.finding(component, part, quantiles)).collect();
        let verdicts: Vec<Verdict> = findings.iter().map(|finding| finding.verdict).collect();
        let verdict = Verdict::join(&verdicts, Join::All).unwrap_or(Verdict::NotTestable);
        let undefined = findings.iter().find(|finding| finding.verdict == Verdict::NotTestable);
        let reason = undefined.map(|finding| match finding.margin {
            None => format!("{} has a margin that is a share of what is not defined", finding.words),
            Some(_) => {
                format!(
                    "{} is defined in {} of {} replicates",
                    finding.words, finding.n, self.extent.replicates
                )
            }
        });
        TestEvidence { words, findings, verdict, reason, ratio: self.ratio(compiled, quantiles) }
    }

    fn finding(&self, component: &Component, part: &Estimated, quantiles: &mut Quantiles) -> Finding {
        let level = part.corrected.map_or(self.extent.level, |corrected| corrected.level);
        Finding {
            words: component.words.clone(),
            unit: component.unit.clone(),
            n: part.moments.count(),
            reference: part.reference,
            estimate: part.moments.mean(),
            interval: verdict::interval(&part.moments, level, quantiles),
            bound: component.region.bound,
            margin: part.margin,
            adjusted: part.corrected.map(|corrected| corrected.adjusted),
            verdict: part.verdict,
        }
    }

    fn ratio(&self, compiled: &Compiled, quantiles: &mut Quantiles) -> Option<(f64, Option<(f64, f64)>)> {
        let [own, other] = compiled.ratio.as_ref()?;
        let base = Case::of(Condition::Base);
        let pair = |replicate| {
            let effect = |terms| self.values.sum(&base, replicate, terms);
            effect(own).zip(effect(other))
        };
        let pairs: Vec<(f64, f64)> = (1..=self.extent.replicates).filter_map(pair).collect();
        verdict::ratio(&pairs, self.extent.level, quantiles)
    }

    fn claim_evidence(
        &self,
        position: usize,
        parts: &[Vec<Estimated>],
        quantiles: &mut Quantiles,
    ) -> ClaimEvidence {
        let claim = &self.claims.claims[position];
        let tests = parts.iter().enumerate();
        let tests: Vec<TestEvidence> =
            tests.map(|(test, parts)| self.test_evidence(position, test, parts, quantiles)).collect();
        let verdicts: Vec<Verdict> = tests.iter().map(|test| test.verdict).collect();
        let (verdict, reason) = match (claim.kind, Verdict::join(&verdicts, claim.join)) {
            (ClaimKind::NotSimulable, _) => (Verdict::NotTestable, claim.reason.clone().unwrap_or_default()),
            (_, None) => (Verdict::Structural, claim.contained.clone().unwrap_or_default()),
            (_, Some(Verdict::NotTestable)) => {
                let reason = tests.iter().find_map(|test| test.reason.clone());
                (Verdict::NotTestable, reason.unwrap_or_default())
            }
            (_, Some(verdict)) => (verdict, claim.contained.clone().unwrap_or_default()),
        };
        let trials = match verdict {
            Verdict::NotTestable | Verdict::Structural => Vec::new(),
            verdict => Trials::of(self, position, parts).all(verdict),
        };
        ClaimEvidence { claim: position, verdict, reason, tests, trials }
    }
}

#[cfg(test)]
mod tests;
