//! Tries a claim under conditions: null models, mechanisms switched off, rungs of the ladder, and draws.

use super::cases::{Case, replicate_of};
use super::compile::{Component, Estimator};
use super::evaluate::{Estimated, Evaluation};
use super::evidence::{Condition, Trial, Verdict};
use super::ladder;
use super::levers_only;
use super::values::estimate;
use super::verdict;
use crate::experiment::moments::Moments;
use crate::scenario::claims::{Claim, Join, Side};

/// Level of the verdicts without mechanisms and on rungs, each on its own.
pub(super) const TRIAL_LEVEL: f64 = 0.95;

/// Estimates of the components of each test; `None` where undefined.
type Estimates = Vec<Vec<Option<f64>>>;

/// A claim to be tried.
pub(super) struct Trials<'e> {
    evaluation: &'e Evaluation<'e>,
    claim: &'e Claim,
    /// The components of each test with their estimates on the base; none for a test that cannot be carried out.
    tests: Vec<Vec<(&'e Component, &'e Estimated)>>,
}

impl<'e> Trials<'e> {
    /// Prepares the trials of a claim, given by its position, with the estimates of its components on the base.
    pub(super) fn of(evaluation: &'e Evaluation<'e>, claim: usize, parts: &'e [Vec<Estimated>]) -> Self {
        let tests = evaluation.compilation.tests[claim].iter().zip(parts);
        let tests = tests.map(|(test, parts)| match test {
            Ok(compiled) => compiled.components.iter().zip(parts).collect(),
            Err(_) => Vec::new(),
        });
        Trials { evaluation, claim: &evaluation.claims.claims[claim], tests: tests.collect() }
    }

    /// The trials, the base first, on which the claim has the given verdict. What the levers explain of the variance over
    /// random policies has no other condition.
    pub(super) fn all(&self, verdict: Verdict) -> Vec<Trial> {
        let mut trials = vec![self.on_base(verdict)];
        if self.over_policies() {
            return trials;
        }
        trials.push(self.without_accusations_or_image(0));
        trials.extend(self.with_draws(Condition::Null(1)));
        trials.extend(self.on_chance_targets());
        trials.extend([3, 4].into_iter().filter_map(|null| self.by_levers(null)));
        trials.push(self.without_accusations_or_image(5));
        if !self.claim.mechanisms.is_empty() {
            trials.push(self.with_intervals(Condition::Without(self.claim.mechanisms.join("+"))));
        }
        trials.extend((0..=ladder::HIGHEST).map(|rung| self.with_intervals(Condition::Rung(rung))));
        trials.extend(
            [Condition::Jitter, Condition::Prior].map(|draws| self.with_draws(draws)).into_iter().flatten(),
        );
        trials
    }

    /// Whether a component compares random policies, of which a single run says nothing.
    fn over_policies(&self) -> bool {
        let mut components = self.tests.iter().flatten();
        components.any(|(component, _)| matches!(component.estimator, Estimator::Controllability(..)))
    }

    /// A value for each component.
    fn each(&self, mut value: impl FnMut(&Component, &Estimated) -> Option<f64>) -> Estimates {
        let of_test = |test: &Vec<(&Component, &Estimated)>| {
            test.iter().map(|(component, part)| value(component, part)).collect()
        };
        self.tests.iter().map(of_test).collect()
    }

    /// The base: means over replicates, and the share of single replicates in which the claim holds.
    fn on_base(&self, verdict: Verdict) -> Trial {
        let case = Case::of(Condition::Base);
        let runs =
            self.single_runs((1..=self.evaluation.extent.replicates).map(|number| (case.clone(), number)));
        let policies = self.over_policies();
        let parts = self.tests.iter().flatten().map(|(_, part)| part.moments.count());
        Trial {
            condition: Condition::Base,
            n: if policies { parts.max().unwrap_or(0) } else { runs.len() as u64 },
            estimates: self.each(|_, part| part.moments.mean()),
            holds: self.share_held(&runs).filter(|_| !policies),
            verdict: Some(verdict),
            lost: None,
        }
    }

    /// The estimates of each run whose arms are all finished.
    fn single_runs(&self, runs: impl Iterator<Item = (Case, u32)>) -> Vec<Estimates> {
        let values = self.evaluation.values;
        let terms = self.tests.iter().flatten().flat_map(|(component, _)| component.estimator.terms());
        let mut arms: Vec<usize> = terms.map(|term| term.arm).collect();
        arms.sort_unstable();
        arms.dedup();
        let finished =
            |(case, replicate): &(Case, u32)| arms.iter().all(|arm| values.has(case, *arm, *replicate));
        runs.filter(finished)
            .map(|(case, replicate)| self.each(|component, _| values.estimate(&case, replicate, component)))
            .collect()
    }

    /// The share of runs in which the claim holds; `None` without runs.
    fn share_held(&self, runs: &[Estimates]) -> Option<f64> {
        let held = runs.iter().filter(|found| self.point_verdict(found) == Some(Verdict::Supported));
        (!runs.is_empty()).then(|| held.count() as f64 / runs.len() as f64)
    }

    /// A condition that has draws: the share of draws in which the claim holds, and medians. Permutations also have a
    /// verdict, that of the medians. `None` if there are no draws.
    fn with_draws(&self, condition: Condition) -> Option<Trial> {
        let (extent, robustness) = (self.evaluation.extent, &self.evaluation.claims.robustness);
        let draws = extent.draws(&condition, robustness);
        let case = |draw| (Case { condition: condition.clone(), draw }, replicate_of(draw, extent));
        let runs = self.single_runs((1..=draws).map(case));
        if runs.is_empty() {
            return None;
        }
        let of = |test: usize, part: usize| median(runs.iter().filter_map(|run| run[test][part]).collect());
        let tests = self.tests.iter().enumerate();
        let medians: Estimates =
            tests.map(|(test, parts)| (0..parts.len()).map(|part| of(test, part)).collect()).collect();
        let (n, holds) = (runs.len() as u64, self.share_held(&runs));
        let verdict = match condition {
            Condition::Null(_) => self.point_verdict(&medians),
            _ => None,
        };
        Some(Trial { condition, n, estimates: medians, holds, verdict, lost: None })
    }

    /// A condition without mechanisms or on a rung: a verdict like that on the base, with the margins of the base and
    /// without correction.
    fn with_intervals(&self, condition: Condition) -> Trial {
        // The highest rung is the base.
        let highest = condition == Condition::Rung(ladder::HIGHEST);
        let case = Case::of(if highest { Condition::Base } else { condition.clone() });
        let (mut verdicts, mut estimates, mut n) = (Vec::new(), Vec::new(), 0);
        for test in &self.tests {
            let (mut of_test, mut means) = (Vec::new(), Vec::new());
            for (component, part) in test {
                let moments =
                    self.over_few(|number| self.evaluation.values.estimate(&case, number, component));
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
            }
            verdicts.extend(Verdict::join(&of_test, Join::All).or(Some(Verdict::NotTestable)));
            estimates.push(means);
        }
        let verdict = Verdict::join(&verdicts, self.claim.join);
        let lost = if matches!(condition, Condition::Without(_)) { self.most_lost(&case) } else { None };
        Trial { condition, n, estimates, holds: holds(verdict), verdict, lost }
    }

    /// Moments over the replicates that conditions without draws have.
    fn over_few(&self, of: impl Fn(u32) -> Option<f64>) -> Moments {
        self.evaluation.values.moments(1..=self.evaluation.extent.null_replicates, of)
    }

    /// The share of the effect of the base that is lost, of the component that loses most. Of a claim for which any of its
    /// tests counts, only tests count that support it.
    fn most_lost(&self, case: &Case) -> Option<f64> {
        let supports = |test: &&Vec<(&Component, &Estimated)>| {
            self.claim.join == Join::All || test.iter().all(|(_, part)| part.verdict == Verdict::Supported)
        };
        let components = self.tests.iter().filter(supports).flatten();
        components.filter_map(|(component, part)| self.share_lost(case, component, part)).reduce(f64::max)
    }

    /// The share of an effect of the base that is lost, over the replicates in which both are defined; `None` if no effect is
    /// claimed, or the base has none to lose.
    fn share_lost(&self, case: &Case, component: &Component, part: &Estimated) -> Option<f64> {
        let region = component.region;
        let sign = match region.side {
            Side::Above => 1.0,
            Side::Below => -1.0,
            Side::NotBelow | Side::NotAbove | Side::Near => return None,
        };
        if part.verdict != Verdict::Supported {
            return None;
        }
        let (base, values) = (Case::of(Condition::Base), self.evaluation.values);
        let (mut with, mut without) = (Moments::default(), Moments::default());
        for number in 1..=self.evaluation.extent.null_replicates {
            let of = |case: &Case| values.estimate(case, number, component);
            if let Some((of_base, of_case)) = of(&base).zip(of(case)) {
                with.add(sign * (of_base - region.bound));
                without.add(sign * (of_case - region.bound));
            }
        }
        let (with, without) = (with.mean()?, without.mean()?);
        (with > 0.0).then(|| 1.0 - without / with)
    }

    /// A null model that runs without accusations (n0) or without the official image of the enemy (n5).
    fn without_accusations_or_image(&self, null: u8) -> Trial {
        let case = Case::of(Condition::Null(null));
        self.by_means(null, |component, number| self.evaluation.values.estimate(&case, number, component))
    }

    /// The base with the targets that chance would have drawn; `None` if no quantity of the claim depends on targets.
    fn on_chance_targets(&self) -> Option<Trial> {
        let (base, compilation) = (Case::of(Condition::Base), self.evaluation.compilation);
        let chance = |quantity: usize| compilation.chance_of(quantity);
        let mut terms = self.tests.iter().flatten().flat_map(|(component, _)| component.estimator.terms());
        if !terms.any(|term| chance(term.quantity).is_some()) {
            return None;
        }
        Some(self.by_means(2, |component, number| {
            estimate(component, |term| {
                let quantity = chance(term.quantity).unwrap_or(term.quantity);
                self.evaluation.values.value(&base, term.arm, number, quantity)
            })
        }))
    }

    /// A null model that is judged by its means over replicates.
    fn by_means(&self, null: u8, value: impl Fn(&Component, u32) -> Option<f64>) -> Trial {
        let mut n = 0;
        let means = self.each(|component, _| {
            let moments = self.over_few(|number| value(component, number));
            n = n.max(moments.count());
            moments.mean()
        });
        self.as_known(null, n, means)
    }

    /// What the levers alone predict of the components that are defined on the base; `None` if they predict none of them.
    fn by_levers(&self, null: u8) -> Option<Trial> {
        let levers_only = self.evaluation.levers_only;
        let predicted = self.each(|component, part| {
            part.moments.mean()?;
            estimate(component, |term| levers_only.predicted(null, term.arm, term.quantity))
        });
        if predicted.iter().flatten().all(Option::is_none) {
            return None;
        }
        Some(self.as_known(null, levers_only::fitted_to(null, self.evaluation.extent), predicted))
    }

    /// A null model whose estimates are taken as known.
    fn as_known(&self, null: u8, n: u64, estimates: Estimates) -> Trial {
        let verdict = self.point_verdict(&estimates);
        Trial { condition: Condition::Null(null), n, estimates, holds: holds(verdict), verdict, lost: None }
    }

    /// The verdict on the claim if estimates are taken as known. A test with an undefined estimate is not testable.
    fn point_verdict(&self, found: &[Vec<Option<f64>>]) -> Option<Verdict> {
        let one = |((component, part), value): (&(&Component, &Estimated), &Option<f64>)| {
            let region = component.region;
            match (value, part.margin) {
                (Some(value), Some(margin)) => verdict::of_point(region.side, region.bound, margin, *value),
                _ => Verdict::NotTestable,
            }
        };
        let tests = self.tests.iter().zip(found).map(|(test, found)| {
            let verdicts: Vec<Verdict> = test.iter().zip(found).map(one).collect();
            Verdict::join(&verdicts, Join::All).unwrap_or(Verdict::NotTestable)
        });
        Verdict::join(&tests.collect::<Vec<_>>(), self.claim.join)
    }
}

/// 1 if the verdict is that the claim holds, otherwise 0.
fn holds(verdict: Option<Verdict>) -> Option<f64> {
    verdict.map(|verdict| f64::from(u8::from(verdict == Verdict::Supported)))
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
