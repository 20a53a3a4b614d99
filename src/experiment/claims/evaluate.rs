//! Reaches the evidence on every claim from the quantities of the runs.

use super::cases::{Case, Extent, replicate_of};
use super::compile::{Compilation, Compiled, Component};
use super::evidence::{ClaimEvidence, Condition, Finding, TestEvidence, Trial, Verdict};
use super::ladder;
use super::levers_only::{self, LeversOnly};
use super::values::{RunQuantities, estimate};
use super::verdict;
use crate::experiment::moments::Moments;
use crate::experiment::quantiles::Quantiles;
use crate::scenario::claims::{Claim, ClaimKind, Claims, Join, Region, Side};

/// Level of the verdicts on nulls, mechanisms and rungs, each on its own.
const TRIAL_LEVEL: f64 = 0.95;

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

/// The estimate of a component before correction for multiple testing.
struct Estimated {
    moments: Moments,
    reference: Option<f64>,
    margin: Option<f64>,
    /// p-value and candidate verdict.
    test: Option<(f64, Verdict)>,
}

impl Evaluation<'_> {
    /// The evidence on each claim, in the order of the file.
    pub fn evidence(&self) -> Vec<ClaimEvidence> {
        let mut quantiles = Quantiles::default();
        let estimated: Vec<Vec<Vec<Estimated>>> = self
            .compilation
            .tests
            .iter()
            .map(|tests| tests.iter().map(|test| self.estimated(test.as_ref().ok())).collect())
            .collect();
        let all = || estimated.iter().flatten().flatten();
        let p: Vec<Option<f64>> = all().map(|one| one.test.map(|(p, _)| p)).collect();
        let alpha = 1.0 - self.extent.level;
        let mut corrected = verdict::correct(&p, alpha).into_iter();
        let mut found = Vec::with_capacity(self.claims.claims.len());
        for (claim, tests) in estimated.iter().enumerate() {
            let mut evidence = Vec::with_capacity(tests.len());
            for (test, parts) in tests.iter().enumerate() {
                let corrected = parts.iter().map(|_| corrected.next().flatten()).collect();
                evidence.push(self.test_evidence(claim, test, parts, corrected, &mut quantiles));
            }
            found.push(self.claim_evidence(claim, evidence, tests));
        }
        found
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
            Estimated { moments, reference, margin, test }
        };
        test.map_or_else(Vec::new, |test| test.components.iter().map(of).collect())
    }

    fn test_evidence(
        &self,
        claim: usize,
        test: usize,
        parts: &[Estimated],
        corrected: Vec<Option<verdict::Corrected>>,
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
        let alpha = 1.0 - self.extent.level;
        let mut findings = Vec::with_capacity(parts.len());
        for ((component, part), corrected) in compiled.components.iter().zip(parts).zip(corrected) {
            let level = corrected.map_or(self.extent.level, |corrected| corrected.level);
            let verdict = match (part.test, corrected) {
                (Some((_, verdict)), Some(corrected)) if corrected.adjusted <= alpha => verdict,
                (Some(_), _) => Verdict::Undecided,
                (None, _) => Verdict::NotTestable,
            };
            findings.push(Finding {
                words: component.words.clone(),
                unit: component.unit.clone(),
                n: part.moments.count(),
                reference: part.reference,
                estimate: part.moments.mean(),
                interval: verdict::interval(&part.moments, level, quantiles),
                bound: component.region.bound,
                margin: part.margin,
                adjusted: corrected.map(|corrected| corrected.adjusted),
                verdict,
            });
        }
        let verdicts: Vec<Verdict> = findings.iter().map(|finding| finding.verdict).collect();
        let verdict = Verdict::join(&verdicts, Join::All).unwrap_or(Verdict::NotTestable);
        let undefined = findings.iter().find(|finding| finding.verdict == Verdict::NotTestable);
        let reason = undefined.map(|finding| {
            format!("{} is defined in {} of {} replicates", finding.words, finding.n, self.extent.replicates)
        });
        TestEvidence { words, findings, verdict, reason, ratio: self.ratio(compiled, quantiles) }
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
        tests: Vec<TestEvidence>,
        parts: &[Vec<Estimated>],
    ) -> ClaimEvidence {
        let claim = &self.claims.claims[position];
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
        let testable = tests.iter().any(|test| test.verdict != Verdict::NotTestable);
        let trials = if testable { self.trials(position, parts) } else { Vec::new() };
        ClaimEvidence { claim: position, verdict, reason, tests, trials }
    }

    /// The claim under the other conditions.
    fn trials(&self, position: usize, parts: &[Vec<Estimated>]) -> Vec<Trial> {
        let claim = &self.claims.claims[position];
        let mut trials = vec![self.with_replicates(position, parts, Condition::Null(0))];
        trials.push(self.with_draws(position, parts, Condition::Null(1), self.extent.permutations));
        trials.extend(self.on_chance_targets(position, parts));
        for null in [3, 4] {
            trials.extend(self.by_levers(position, parts, null));
        }
        trials.push(self.with_replicates(position, parts, Condition::Null(5)));
        if !claim.mechanisms.is_empty() {
            let condition = Condition::Without(claim.mechanisms.join("+"));
            trials.push(self.with_replicates(position, parts, condition));
        }
        trials.extend(
            (0..=ladder::HIGHEST).map(|rung| self.with_replicates(position, parts, Condition::Rung(rung))),
        );
        for (condition, draws) in
            [(Condition::Jitter, self.extent.jitter), (Condition::Prior, self.extent.prior)]
        {
            trials.push(self.with_draws(position, parts, condition, draws));
        }
        trials
    }

    /// The components of the tests of a claim that can be carried out, each with its estimate in the base.
    fn components<'e>(
        &'e self,
        position: usize,
        parts: &'e [Vec<Estimated>],
    ) -> impl Iterator<Item = Vec<(&'e Component, &'e Estimated)>> + 'e {
        let tests = self.compilation.tests[position].iter().zip(parts);
        tests.map(|(test, parts)| match test {
            Ok(compiled) => compiled.components.iter().zip(parts).collect(),
            Err(_) => Vec::new(),
        })
    }

    /// A condition that has replicates: a verdict like that of the base, with the margins of the base and without
    /// correction.
    fn with_replicates(&self, position: usize, parts: &[Vec<Estimated>], condition: Condition) -> Trial {
        // The highest rung is the base.
        let highest = condition == Condition::Rung(ladder::HIGHEST);
        let case = Case::of(if highest { Condition::Base } else { condition.clone() });
        let replicates = 1..=self.extent.null_replicates;
        let claim = &self.claims.claims[position];
        let (mut verdicts, mut estimates, mut n) = (Vec::new(), Vec::new(), 0);
        let mut lost: Option<f64> = None;
        for components in self.components(position, parts) {
            let mut of_test = Vec::new();
            let mut means = Vec::new();
            for (component, part) in components {
                let moments = self.values.moments(replicates.clone(), |replicate| {
                    self.values.estimate(&case, replicate, component)
                });
                n = n.max(moments.count());
                let region = component.region;
                let test =
                    part.margin.and_then(|margin| verdict::test(&moments, region.side, region.bound, margin));
                of_test.push(match test {
                    Some((p, verdict)) if p <= 1.0 - TRIAL_LEVEL => verdict,
                    Some(_) => Verdict::Undecided,
                    None => Verdict::NotTestable,
                });
                means.push(moments.mean());
                let share = share_lost(part, moments.mean(), region);
                lost = share.map_or(lost, |share| Some(lost.map_or(share, |lost| lost.max(share))));
            }
            verdicts.extend(Verdict::join(&of_test, Join::All).or(Some(Verdict::NotTestable)));
            estimates.push(means);
        }
        let verdict = Verdict::join(&verdicts, claim.join);
        let holds = verdict.map(|verdict| f64::from(u8::from(verdict == Verdict::Supported)));
        let lost = lost.filter(|_| matches!(condition, Condition::Without(_)));
        Trial { condition, n, estimates, holds, verdict, lost }
    }

    /// A condition that has draws: the share of draws in which the claim holds, and medians. Permutations also have a
    /// verdict, that of the medians.
    fn with_draws(
        &self,
        position: usize,
        parts: &[Vec<Estimated>],
        condition: Condition,
        draws: u32,
    ) -> Trial {
        let claim = &self.claims.claims[position];
        let components: Vec<Vec<(&Component, &Estimated)>> = self.components(position, parts).collect();
        let mut values: Vec<Vec<Vec<f64>>> =
            components.iter().map(|test| vec![Vec::new(); test.len()]).collect();
        let (mut tried, mut held) = (0u32, 0u32);
        for draw in 1..=draws {
            let case = Case { condition: condition.clone(), draw };
            let replicate = replicate_of(draw, self.extent);
            let of = |component: &Component| self.values.estimate(&case, replicate, component);
            let found: Vec<Vec<Option<f64>>> =
                components.iter().map(|test| test.iter().map(|(one, _)| of(one)).collect()).collect();
            if found.iter().flatten().all(Option::is_none) {
                continue;
            }
            tried += 1;
            held += u32::from(point_verdict(claim, &components, &found) == Some(Verdict::Supported));
            for (values, found) in values.iter_mut().flatten().zip(found.iter().flatten()) {
                values.extend(*found);
            }
        }
        let medians: Vec<Vec<Option<f64>>> =
            values.into_iter().map(|test| test.into_iter().map(median).collect()).collect();
        let verdict = matches!(condition, Condition::Null(_))
            .then(|| point_verdict(claim, &components, &medians))
            .flatten();
        let holds = (tried > 0).then(|| f64::from(held) / f64::from(tried));
        Trial { condition, n: u64::from(tried), estimates: medians, holds, verdict, lost: None }
    }

    /// The base with the targets that chance would have drawn; `None` if no quantity of the claim depends on targets.
    fn on_chance_targets(&self, position: usize, parts: &[Vec<Estimated>]) -> Option<Trial> {
        let base = Case::of(Condition::Base);
        let claim = &self.claims.claims[position];
        let components: Vec<Vec<(&Component, &Estimated)>> = self.components(position, parts).collect();
        let chance = |quantity: usize| self.compilation.chance_of(quantity);
        let mut terms = components.iter().flatten().flat_map(|(component, _)| component.estimator.terms());
        if !terms.any(|term| chance(term.quantity).is_some()) {
            return None;
        }
        let value = |component: &Component, replicate: u32| {
            estimate(component, |term| {
                let quantity = chance(term.quantity).unwrap_or(term.quantity);
                self.values.value(&base, term.arm, replicate, quantity)
            })
        };
        let mut n = 0;
        let mut mean = |component: &Component| {
            let moments =
                self.values.moments(1..=self.extent.null_replicates, |replicate| value(component, replicate));
            n = n.max(moments.count());
            moments.mean()
        };
        let means: Vec<Vec<Option<f64>>> =
            components.iter().map(|test| test.iter().map(|(one, _)| mean(one)).collect()).collect();
        let verdict = point_verdict(claim, &components, &means);
        let holds = verdict.map(|verdict| f64::from(u8::from(verdict == Verdict::Supported)));
        Some(Trial { condition: Condition::Null(2), n, estimates: means, holds, verdict, lost: None })
    }

    /// What the levers alone predict; `None` if they predict none of the quantities.
    fn by_levers(&self, position: usize, parts: &[Vec<Estimated>], null: u8) -> Option<Trial> {
        let claim = &self.claims.claims[position];
        let components: Vec<Vec<(&Component, &Estimated)>> = self.components(position, parts).collect();
        let predicted = |component: &Component| {
            estimate(component, |term| self.levers_only.predicted(null, term.arm, term.quantity))
        };
        let found: Vec<Vec<Option<f64>>> =
            components.iter().map(|test| test.iter().map(|(one, _)| predicted(one)).collect()).collect();
        if found.iter().flatten().all(Option::is_none) {
            return None;
        }
        let verdict = point_verdict(claim, &components, &found);
        let holds = verdict.map(|verdict| f64::from(u8::from(verdict == Verdict::Supported)));
        let n = levers_only::fitted_to(null, self.extent);
        Some(Trial { condition: Condition::Null(null), n, estimates: found, holds, verdict, lost: None })
    }
}

/// The verdict on a claim whose estimates are taken as known. A test with an undefined estimate is not supported.
fn point_verdict(
    claim: &Claim,
    components: &[Vec<(&Component, &Estimated)>],
    found: &[Vec<Option<f64>>],
) -> Option<Verdict> {
    let of_test = |(components, found): (&Vec<(&Component, &Estimated)>, &Vec<Option<f64>>)| {
        let one = |((component, part), value): (&(&Component, &Estimated), &Option<f64>)| {
            let region = component.region;
            match (value, part.margin) {
                (Some(value), Some(margin)) => verdict::of_point(region.side, region.bound, margin, *value),
                _ => Verdict::NotTestable,
            }
        };
        let verdicts: Vec<Verdict> = components.iter().zip(found).map(one).collect();
        Verdict::join(&verdicts, Join::All).unwrap_or(Verdict::NotTestable)
    };
    let verdicts: Vec<Verdict> = components.iter().zip(found).map(of_test).collect();
    Verdict::join(&verdicts, claim.join)
}

/// The share of an effect of the base that is lost; `None` if the base has none to lose, or if no effect is claimed.
fn share_lost(part: &Estimated, without: Option<f64>, region: Region) -> Option<f64> {
    let (with, without) = (part.moments.mean()? - region.bound, without? - region.bound);
    let claimed = matches!(region.side, Side::Above | Side::Below);
    let supported = part.test.is_some_and(|(_, verdict)| verdict == Verdict::Supported);
    (claimed && supported && with != 0.0).then(|| 1.0 - without / with)
}

/// The median of values; the mean of the middle two if their number is even.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}
