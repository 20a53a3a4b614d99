//! Compares constant policies with the base: whether one of them is at least as good in everything.

use super::answers::{Figure, PolicyAnswer, Question};
use super::cases::{Case, Resolving};
use super::measures::{Better, MAIN, MainMeasure, Period, Smallest, mean_of};
use super::study::Settings;
use super::values::Values;
use crate::experiment::tables::whole_period::WHOLE_PERIOD;

/// What stands for all measures and for all phases in figures.
pub(super) const ALL_MEASURES: &str = "all of them";
pub(super) const ALL_PHASES: &str = "every phase";

/// The two ways to compare: strictly, and with the smallest difference that counts.
pub(super) const WAYS: [(&str, f64); 2] = [("not worse", 0.0), ("not worse by what counts", 1.0)];

/// The measures by which policies are compared.
pub fn compared() -> impl Iterator<Item = (&'static MainMeasure, Better, Smallest)> {
    MAIN.iter().filter_map(|main| main.preferred.map(|(better, smallest)| (main, better, smallest)))
}

/// The moderate policy and every constant policy.
pub(super) fn policies(
    values: &Values<'_>,
    resolving: &Resolving,
    settings: &Settings,
    periods: &[Period],
) -> Vec<PolicyAnswer> {
    let moderate = PolicyAnswer { number: 0, levels: None, better: better(values, Case::Moderate, periods) };
    let constant = |number: u32| PolicyAnswer {
        number,
        levels: Some(resolving.constant(number)),
        better: better(values, Case::Constant(number), periods),
    };
    [moderate].into_iter().chain((1..=settings.constants).map(constant)).collect()
}

/// By measure and period: how much better a case is than the base, in smallest differences.
fn better(values: &Values<'_>, case: Case, periods: &[Period]) -> Vec<Vec<Option<f64>>> {
    let one = |main: &MainMeasure, better: Better, smallest: Smallest, period: &Period| {
        let quantity = mean_of(main.key, period.span);
        let difference = values.difference(case, Case::Base, &quantity).mean()?;
        let base = values.moments(case, |replicate| values.of(Case::Base, replicate, &quantity)).mean()?;
        let smallest = match smallest {
            Smallest::Absolute(smallest) => smallest,
            Smallest::Share(share) => share * base.abs(),
        };
        let sign = if better == Better::More { 1.0 } else { -1.0 };
        (smallest > 0.0).then(|| sign * difference / smallest)
    };
    compared()
        .map(|(main, better, smallest)| {
            periods.iter().map(|period| one(main, better, smallest, period)).collect()
        })
        .collect()
}

/// The shares of constant policies that are at least as good, and whether the moderate one is.
pub(super) fn figures(policies: &[PolicyAnswer], periods: &[Period]) -> Vec<Figure> {
    let keys: Vec<&str> = compared().map(|(main, ..)| main.key).collect();
    let phases = periods.len() - 1;
    let mut figures = Vec::new();
    let (moderate, constant) = policies.split_at(1.min(policies.len()));
    for (group, of) in [(moderate, "moderate policy"), (constant, "constant policies")] {
        for (way, slack) in WAYS {
            for measure in (0..keys.len()).map(Some).chain([None]) {
                for period in (0..periods.len()).map(Some).chain([None]) {
                    let counts = |other: usize| measure.is_none_or(|measure| measure == other);
                    let within = |other: usize| match period {
                        Some(period) => period == other,
                        None => other < phases,
                    };
                    let told =
                        group.iter().filter_map(|policy| policy.at_least_as_good(slack, counts, within));
                    let (good, n) =
                        told.fold((0u64, 0u64), |(good, n), as_good| (good + u64::from(as_good), n + 1));
                    figures.push(Figure {
                        question: Question::Constant,
                        of: format!("{of}, {way}"),
                        metric: measure.map_or(ALL_MEASURES, |measure| keys[measure]).to_owned(),
                        period: period.map_or(ALL_PHASES, |period| periods[period].name.as_str()).to_owned(),
                        unit: "share".to_owned(),
                        n,
                        estimate: (n > 0).then(|| good as f64 / n as f64),
                        interval: None,
                    });
                }
            }
        }
    }
    debug_assert!(periods.last().is_some_and(|period| period.name == WHOLE_PERIOD));
    figures
}
