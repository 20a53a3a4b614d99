//! Tests the predictions of scenarios on their replicates.
//!
//! Each prediction has two one-sided tests. Rejecting the first means that the prediction holds, rejecting the second that
//! it fails; if neither is significant, the verdict is open. The p-value is twice the smaller one, corrected over all
//! predictions. `falls` and `rises` are tested against no difference; `does not fall`, `does not rise` and `hardly changes`
//! against the margin of the prediction, the last by two one-sided tests (TOST).

use super::samples::Samples;
use super::statistics::{Correction, Pairs, p_value};
use super::tables::Names;
use crate::model::phase::PHASE_MEASURES;
use crate::scenario::{Direction, Prediction, WHOLE_PERIOD};

/// The verdict on a prediction or a hypothesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It fails.
    Fails,
    /// The replicates do not decide it.
    Open,
}

/// A prediction, tested.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Scenario, by position.
    pub scenario: usize,
    /// The prediction.
    pub prediction: Prediction,
    /// The pairs that it compares: (what the prediction compares with, what is expected to move).
    pub pairs: Pairs,
    /// p-value, corrected over all predictions; `None` if the prediction cannot be tested.
    pub adjusted: Option<f64>,
    /// The verdict. `None` if the prediction cannot be tested: it names a phase that was not reached or a scenario that was
    /// not run, or there are fewer than two pairs.
    pub verdict: Option<Verdict>,
}

/// Tests the predictions of all scenarios but the baseline, with a family-wise error of `alpha`.
pub fn judge(
    samples: &Samples,
    names: &Names,
    predictions: &[Vec<Prediction>],
    alpha: f64,
) -> Vec<Judgement> {
    let each = predictions.iter().enumerate().skip(1);
    let all = each.flat_map(|(scenario, predictions)| predictions.iter().map(move |one| (scenario, one)));
    let mut judged: Vec<(Judgement, Option<Verdict>)> = all
        .map(|(scenario, prediction)| {
            let pairs = pairs(samples, names, scenario, prediction).unwrap_or_default();
            let (p, verdict) = test(&pairs, prediction).unzip();
            let judgement =
                Judgement { scenario, prediction: prediction.clone(), pairs, adjusted: p, verdict: None };
            (judgement, verdict)
        })
        .collect();
    let p: Vec<Option<f64>> = judged.iter().map(|(judgement, _)| judgement.adjusted).collect();
    for ((judgement, verdict), adjusted) in judged.iter_mut().zip(Correction::Holm.adjust(&p)) {
        judgement.adjusted = adjusted;
        judgement.verdict = adjusted.map(|p| verdict.filter(|_| p <= alpha).unwrap_or(Verdict::Open));
    }
    judged.into_iter().map(|(judgement, _)| judgement).collect()
}

/// Combines the verdicts on the predictions of a hypothesis: it holds if all hold and fails if all fail. `None` if they
/// differ or none was tested.
pub fn overall(judgements: &[&Judgement]) -> Option<Verdict> {
    let first = judgements.first()?.verdict?;
    judgements.iter().all(|judgement| judgement.verdict == Some(first)).then_some(first)
}

/// The pairs that a prediction compares; `None` if it names something that was not run.
fn pairs(samples: &Samples, names: &Names, scenario: usize, prediction: &Prediction) -> Option<Pairs> {
    let metric = PHASE_MEASURES.iter().position(|measure| measure.key == prediction.metric)?;
    let period = |name: &str| match name {
        WHOLE_PERIOD => Some(names.phases.len()),
        name => names.phases.iter().position(|phase| phase == name),
    };
    let to = period(&prediction.phase)?;
    let from = match &prediction.from_phase {
        Some(name) => Some(period(name)?),
        None => None,
    };
    if prediction.alone {
        return Some(samples.between_periods(scenario, (from?, to), metric));
    }
    let quantity = |scenario, replicate| {
        let after = samples.value(scenario, replicate, to, metric)?;
        match from {
            Some(from) => Some(after - samples.value(scenario, replicate, from, metric)?),
            None => Some(after),
        }
    };
    let Some((beside, share)) = &prediction.beside else {
        return Some(
            samples.pairs(scenario, |replicate| (quantity(0, replicate), quantity(scenario, replicate))),
        );
    };
    let beside = names.scenarios.iter().position(|name| name == beside)?;
    Some(samples.pairs(scenario, |replicate| {
        let (baseline, other) = (quantity(0, replicate), quantity(beside, replicate));
        let shared = baseline.zip(other).map(|(baseline, other)| baseline + share * (other - baseline));
        (shared, quantity(scenario, replicate))
    }))
}

/// Twice the smaller p-value of the two one-sided tests, and the verdict if that test rejects.
fn test(pairs: &Pairs, prediction: &Prediction) -> Option<(f64, Verdict)> {
    let margin = prediction.within * pairs.first_mean()?.abs();
    let above = |bound: f64| one_sided(pairs, bound, 1.0);
    let below = |bound: f64| one_sided(pairs, bound, -1.0);
    let (holds, fails) = match prediction.direction {
        Direction::Falls => (below(0.0)?, above_or_none(pairs, 1.0)?),
        Direction::Rises => (above(0.0)?, above_or_none(pairs, -1.0)?),
        Direction::DoesNotFall => (above(-margin)?, below(-margin)?),
        Direction::DoesNotRise => (below(margin)?, above(margin)?),
        Direction::HardlyChanges => {
            (above(-margin)?.max(below(margin)?), above(margin)?.min(below(-margin)?))
        }
    };
    let verdict = if holds <= fails { Verdict::Holds } else { Verdict::Fails };
    Some(((2.0 * holds.min(fails)).min(1.0), verdict))
}

/// The one-sided p-value for a difference on the side of zero opposite to the prediction; 0 if all differences are zero,
/// since they are then certainly not on the predicted side.
fn above_or_none(pairs: &Pairs, sign: f64) -> Option<f64> {
    let none = pairs.difference()? == 0.0 && pairs.p()? == 1.0 && pairs.variance_ratio().is_none();
    if none { Some(0.0) } else { one_sided(pairs, 0.0, sign) }
}

/// p-value of the one-sided t test that the difference is above `bound` (`sign` 1) or below it (`sign` -1).
fn one_sided(pairs: &Pairs, bound: f64, sign: f64) -> Option<f64> {
    let beyond = sign * (pairs.difference()? - bound);
    let error = pairs.standard_error()?;
    if error == 0.0 {
        return Some(if beyond > 0.0 { 0.0 } else { 1.0 });
    }
    let two_sided = p_value(beyond / error, pairs.n() - 1);
    Some(if beyond > 0.0 { 0.5 * two_sided } else { 1.0 - 0.5 * two_sided })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(differences: &[f64]) -> Pairs {
        let mut pairs = Pairs::default();
        for (position, difference) in differences.iter().enumerate() {
            let first = 10.0 + 0.1 * position as f64;
            pairs.add(Some(first), Some(first + difference));
        }
        pairs
    }

    fn verdict(direction: Direction, differences: &[f64]) -> (Verdict, bool) {
        let prediction = Prediction {
            metric: "discipline".into(),
            phase: WHOLE_PERIOD.into(),
            from_phase: None,
            direction,
            within: 0.1,
            alone: false,
            beside: None,
        };
        let (p, verdict) = test(&pairs(differences), &prediction).unwrap();
        (verdict, p <= 0.05)
    }

    #[test]
    fn each_direction_can_hold_fail_or_stay_open() {
        use Direction::*;
        use Verdict::{Fails, Holds};
        // Means near 10, margin near 1.
        let (down, up, hardly, unsure) =
            ([-3.0, -3.2, -2.9, -3.1], [3.0, 3.2, 2.9, 3.1], [0.1, -0.1, 0.2, 0.0], [4.0, -5.0, 3.0, -3.0]);
        for (direction, of_down, of_up, of_hardly) in [
            (Falls, Some(Holds), Some(Fails), None),
            (Rises, Some(Fails), Some(Holds), None),
            (DoesNotFall, Some(Fails), Some(Holds), Some(Holds)),
            (DoesNotRise, Some(Holds), Some(Fails), Some(Holds)),
            (HardlyChanges, Some(Fails), Some(Fails), Some(Holds)),
        ] {
            for (differences, expected) in
                [(&down, of_down), (&up, of_up), (&hardly, of_hardly), (&unsure, None)]
            {
                let (verdict, significant) = verdict(direction, differences);
                let found = significant.then_some(verdict);
                assert_eq!(found, expected, "{direction:?} of {differences:?}");
            }
        }
    }

    #[test]
    fn a_prediction_of_a_fall_fails_without_any_difference() {
        assert_eq!(verdict(Direction::Falls, &[0.0; 4]), (Verdict::Fails, true));
        assert_eq!(verdict(Direction::HardlyChanges, &[0.0; 4]), (Verdict::Holds, true));
        assert_eq!(verdict(Direction::Falls, &[-1.0; 4]), (Verdict::Holds, true));
    }
}
