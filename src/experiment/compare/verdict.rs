//! Tests the predictions of scenarios on their replicates.
//!
//! A prediction is a test like those of files of hypotheses. [`crate::experiment::claims`] makes its components and decides
//! the verdicts; here they read the values of a comparison.

use super::samples::Samples;
use super::statistics::Pairs;
use super::tables::Names;
use crate::experiment::claims::compile::{Arm, Compilation, Component, Estimator, Term};
use crate::experiment::claims::evidence::Verdict;
use crate::experiment::claims::quantities::{Quantity, Span};
use crate::experiment::claims::verdict::{correct, margin, test};
use crate::experiment::moments::Moments;
use crate::model::phase::PHASE_MEASURES;
use crate::scenario::Scenario;
use crate::scenario::claims::{Contrast, Join, Statistic, Test};

/// A prediction, tested.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Scenario, by position.
    pub scenario: usize,
    /// The prediction.
    pub prediction: Test,
    /// What it compares; an order of phases has a part for each step. Empty if it cannot be compared: it names a phase that
    /// was not reached or a scenario that was not run.
    pub parts: Vec<Part>,
    /// The verdict: the worst of the parts'.
    pub verdict: Verdict,
}

/// A part of a prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What is compared, in words.
    pub words: String,
    /// The pairs that it compares: (what the prediction compares with, what is expected to move).
    pub pairs: Pairs,
    /// p-value, corrected over all predictions; `None` if there are fewer than two pairs.
    pub adjusted: Option<f64>,
    /// The verdict.
    pub verdict: Verdict,
}

/// Tests the predictions of all scenarios but the baseline, with a family-wise error of `alpha`.
pub fn judge(samples: &Samples, names: &Names, scenarios: &[Scenario], alpha: f64) -> Vec<Judgement> {
    let Some(baseline) = scenarios.first() else { return Vec::new() };
    let mut judged: Vec<Judgement> = Vec::new();
    let mut candidates: Vec<Option<(f64, Verdict)>> = Vec::new();
    for (position, scenario) in scenarios.iter().enumerate().skip(1) {
        for prediction in &scenario.predictions {
            let mut compilation = Compilation::on(baseline);
            let components = compilation.test(prediction).map_or_else(|_| Vec::new(), |test| test.components);
            let source = Source { samples, names, scenarios, own: position, compilation: &compilation };
            let mut parts = Vec::with_capacity(components.len());
            for component in &components {
                let (part, candidate) = source.part(prediction, component);
                candidates.push(candidate);
                parts.push(part);
            }
            let prediction = prediction.clone();
            judged.push(Judgement { scenario: position, prediction, parts, verdict: Verdict::NotTestable });
        }
    }
    let p: Vec<Option<f64>> = candidates.iter().map(|candidate| candidate.map(|(p, _)| p)).collect();
    let mut corrected = correct(&p, alpha).into_iter().zip(candidates);
    for judgement in &mut judged {
        for part in &mut judgement.parts {
            let Some((Some(corrected), Some((_, verdict)))) = corrected.next() else { continue };
            part.adjusted = Some(corrected.adjusted);
            part.verdict = if corrected.adjusted <= alpha { verdict } else { Verdict::Undecided };
        }
        let verdicts: Vec<Verdict> = judgement.parts.iter().map(|part| part.verdict).collect();
        judgement.verdict = Verdict::join(&verdicts, Join::All).unwrap_or(Verdict::NotTestable);
    }
    judged
}

/// Combines the verdicts on the predictions of a hypothesis; `None` if they differ or there are none.
pub fn overall(judgements: &[&Judgement]) -> Option<Verdict> {
    let first = judgements.first()?.verdict;
    judgements.iter().all(|judgement| judgement.verdict == first).then_some(first)
}

/// Where the values of a prediction come from.
struct Source<'a> {
    samples: &'a Samples,
    names: &'a Names,
    scenarios: &'a [Scenario],
    /// The scenario that makes the prediction, by position.
    own: usize,
    compilation: &'a Compilation,
}

impl Source<'_> {
    /// A part that has not been judged, with its p-value and the candidate for its verdict.
    fn part(&self, prediction: &Test, component: &Component) -> (Part, Option<(f64, Verdict)>) {
        let region = component.region;
        let is_level = matches!(prediction.contrast, Contrast::Level { .. });
        let mut estimates = Moments::default();
        let mut pairs = Pairs::default();
        let Estimator::Sum(terms) = &component.estimator else {
            return (Part::unjudged(component, pairs), None);
        };
        for replicate in self.samples.replicates(self.own) {
            let estimate = self.sum(terms, replicate);
            let reference =
                if is_level { Some(region.bound) } else { self.sum(&component.reference, replicate) };
            let Some((estimate, reference)) = estimate.zip(reference) else { continue };
            estimates.add(estimate);
            let found = if is_level { estimate } else { reference + estimate };
            pairs.add(Some(reference), Some(found));
        }
        let candidate = margin(region, pairs.first_mean())
            .and_then(|margin| test(&estimates, region.side, region.bound, margin));
        (Part::unjudged(component, pairs), candidate)
    }

    fn sum(&self, terms: &[Term], replicate: u32) -> Option<f64> {
        terms.iter().try_fold(0.0, |sum, term| Some(sum + term.weight * self.value(term, replicate)?))
    }

    fn value(&self, term: &Term, replicate: u32) -> Option<f64> {
        let scenario = self.scenario(&self.compilation.arms[term.arm])?;
        let (measure, period) = self.measure(&self.compilation.quantities[term.quantity])?;
        self.samples.value(scenario, replicate, period, measure)
    }

    /// The position of the scenario that is run in an arm. Two scenarios of a comparison can differ in their labels alone,
    /// so that the prediction's own comes first.
    fn scenario(&self, arm: &Arm) -> Option<usize> {
        match arm {
            Arm::Base => Some(0),
            Arm::Scenario(name) if self.scenarios[self.own].name == *name => Some(self.own),
            Arm::Scenario(name) => {
                let named = self.names.scenarios.iter().position(|other| other == name);
                // Options that alter every scenario give all of them labels.
                named.or_else(|| self.scenarios.iter().position(|other| other.name == *name))
            }
            Arm::WithoutEvent(_) | Arm::Dose(..) => None,
        }
    }

    /// The positions of a measure and its period.
    fn measure(&self, quantity: &Quantity) -> Option<(usize, usize)> {
        let Quantity::Measured { metric, span, statistic: Statistic::Mean, chance: false } = quantity else {
            return None;
        };
        let measure = PHASE_MEASURES.iter().position(|measure| measure.key == *metric)?;
        Some((measure, self.period(*span)?))
    }

    /// The position of a period: a phase that was reached, or the whole period.
    fn period(&self, span: Span) -> Option<usize> {
        use crate::engine::calendar::Month;
        if span == (Span { first: Month::FIRST, last: Month::LAST }) {
            return Some(self.names.phases.len());
        }
        let baseline = &self.scenarios[0];
        let phase = (0..baseline.phases.len()).find(|position| {
            baseline.phases[*position].from == span.first && baseline.phase_end(*position) == span.last
        })?;
        self.names.phases.iter().position(|name| *name == baseline.phases[phase].name)
    }
}

impl Part {
    fn unjudged(component: &Component, pairs: Pairs) -> Part {
        Part { words: component.words.clone(), pairs, adjusted: None, verdict: Verdict::NotTestable }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::study::rows::RunValues;
    use crate::scenario::load_text;

    /// Replicates of a baseline and of a scenario; discipline by phase (two phases) and over the whole period.
    fn judged<const N: usize>(predictions: &str, discipline: [[[f64; 3]; N]; 2]) -> Vec<Judgement> {
        let base = load_text("base", "name = 'base'\nextends = 'historical'\n[[phase]]\nname = 'one'\nfrom = '1928-01'\n[[phase]]\nname = 'two'\nfrom = '1935-01'\n").unwrap();
        let text = format!(
            "name = 'own'\nextends = 'historical'\n[[phase]]\nname = 'one'\nfrom = '1928-01'\n[[phase]]\nname = 'two'\nfrom = '1935-01'\n{predictions}"
        );
        let scenarios = [base, load_text("own", &text).unwrap_or_else(|faults| panic!("{faults}"))];
        let names = Names {
            scenarios: vec!["base".into(), "own".into()],
            phases: vec!["one".into(), "two".into()],
            phases_from: scenarios[0].phases.iter().map(|phase| phase.from).collect(),
            seed: 1,
        };
        let mut samples = Samples::new(2, 2, 0);
        let row = |value: f64| {
            let measure = |key: &str| if key == "discipline" { Some(value) } else { None };
            PHASE_MEASURES.iter().map(|info| measure(info.key)).collect::<Vec<_>>()
        };
        for (scenario, replicates) in discipline.iter().enumerate() {
            for (replicate, [one, two, whole]) in replicates.iter().enumerate() {
                let values = RunValues {
                    phases: vec![row(*one), row(*two)],
                    whole: row(*whole),
                    ..RunValues::default()
                };
                samples.add(scenario, replicate as u32 + 1, &values);
            }
        }
        judge(&samples, &names, &scenarios, 0.05)
    }

    const BASE: [[f64; 3]; 3] = [[0.90, 0.80, 0.85], [0.91, 0.81, 0.86], [0.92, 0.81, 0.86]];
    const OWN: [[f64; 3]; 3] = [[0.90, 0.70, 0.75], [0.92, 0.71, 0.76], [0.91, 0.72, 0.77]];

    fn verdicts(predictions: &[&str]) -> Vec<(&'static str, usize)> {
        let text: String =
            predictions.iter().map(|one| format!("[[prediction]]\nmetric = 'discipline'\n{one}\n")).collect();
        judged(&text, [BASE, OWN]).iter().map(|one| (one.verdict.word(), one.parts.len())).collect()
    }

    #[test]
    fn each_contrast_is_compared_with_its_own_reference() {
        let found = verdicts(&[
            // Whole period: -.10, -.10, -.09.
            "direction = 'falls'\nmargin = 0.05",
            "direction = 'rises'",
            "direction = 'hardly changes'\nmargin = 0.01",
            "direction = 'hardly changes'\nwithin = 0.5",
            // The change from one to two: -.20, -.21, -.19 in the scenario.
            "from_phase = 'one'\nphase = 'two'\ndirection = 'falls'\nmargin = 0.1\nalone = true",
            "contrast = 'level'\nphase = 'two'\nbound = 0.8\ndirection = 'below'\nmargin = 0.02",
            "contrast = 'order'\nphases = ['one', 'two']\ndirection = 'falls'",
            "contrast = 'extreme'\nphase = 'one'\ndirection = 'highest'\nmargin = 0.01",
            "beside = 'nobody'\nshare = 0.5\ndirection = 'falls'",
        ]);
        assert_eq!(
            found,
            [
                ("supported", 1),
                ("contradicted", 1),
                ("contradicted", 1),
                ("supported", 1),
                ("supported", 1),
                ("supported", 1),
                ("supported", 1),
                ("supported", 1),
                ("not testable", 1),
            ]
        );
    }

    #[test]
    fn pairs_are_what_is_compared_with_and_what_is_found() {
        let judged = judged(
            "[[prediction]]\nmetric = 'discipline'\nfrom_phase = 'one'\nphase = 'two'\ndirection = 'falls'\n",
            [BASE, OWN],
        );
        let pairs = &judged[0].parts[0].pairs;
        // Changes of the baseline -.10, -.10, -.11; of the scenario -.20, -.21, -.19.
        assert!((pairs.first_mean().unwrap() + 0.31 / 3.0).abs() < 1e-12);
        assert!((pairs.second_mean().unwrap() + 0.2).abs() < 1e-12);
    }

    #[test]
    fn a_fall_is_absent_without_any_difference() {
        let prediction = "[[prediction]]\nmetric = 'discipline'\ndirection = 'falls'\n";
        let five = [BASE[0], BASE[1], BASE[2], BASE[0], BASE[1]];
        let same = judged(prediction, [five, five]);
        assert_eq!(same[0].verdict, Verdict::Absent);
        // Three equal differences may be equal by chance.
        assert_eq!(judged(prediction, [BASE, BASE])[0].verdict, Verdict::Undecided);
        assert_eq!(overall(&[&same[0]]), Some(Verdict::Absent));
        assert_eq!(overall(&[]), None);
    }
}
