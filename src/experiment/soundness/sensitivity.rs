//! Asks what held-out patterns depend on: in which share of the draws of judged parameters each holds, and which parameters
//! move it.

use super::answers::PatternAnswer;
use super::cases::{Case, Resolving};
use super::patterns::{Part, Pattern, patterns};
use super::study::Settings;
use super::values::Values;
use crate::experiment::moments::Moments;
use crate::experiment::quantiles;

/// Parameters that are named for each pattern.
const NAMED: usize = 3;

/// Probability that the largest correlation of all parameters exceeds the one that is given for chance.
const CHANCE: f64 = 0.05;

/// The answer for each pattern.
pub(super) fn answers(values: &Values<'_>, resolving: &Resolving, settings: &Settings) -> Vec<PatternAnswer> {
    let names: Vec<&str> = resolving.drawn_parameters().iter().map(|info| info.key).collect();
    let draws: Vec<(Case, u32)> = (1..=settings.prior)
        .map(|number| (Case::Prior(number), Case::Prior(number).replicates(settings)[0]))
        .collect();
    let drawn: Vec<Vec<f64>> = draws
        .iter()
        .map(|(case, _)| {
            let scenario = resolving.resolve(*case).expect("every case has been resolved before");
            resolving.parameters(&scenario)
        })
        .collect();
    patterns().into_iter().map(|pattern| answer(&pattern, values, &draws, &names, &drawn)).collect()
}

fn answer(
    pattern: &Pattern,
    values: &Values<'_>,
    draws: &[(Case, u32)],
    names: &[&str],
    drawn: &[Vec<f64>],
) -> PatternAnswer {
    let excess = |part: &Part, case: Case, replicate: u32| {
        part.excess(|quantity| values.of(case, replicate, quantity))
    };
    let holds = |case: Case, replicate: u32| -> Option<f64> {
        let held = pattern.holds(|quantity| values.of(case, replicate, quantity))?;
        Some(f64::from(u8::from(held)))
    };
    let base = values.moments(Case::Base, |replicate| holds(Case::Base, replicate));
    let mut prior = Moments::default();
    draws.iter().filter_map(|(case, replicate)| holds(*case, *replicate)).for_each(|held| prior.add(held));
    let of_draws = |part: &Part| -> Vec<Option<f64>> {
        draws.iter().map(|(case, replicate)| excess(part, *case, *replicate)).collect()
    };
    let nearest =
        pattern.parts.iter().map(of_draws).min_by(|one, other| distance(one).total_cmp(&distance(other)));
    let nearest = nearest.unwrap_or_default();
    let mut moved_by: Vec<(String, f64)> = names
        .iter()
        .enumerate()
        .filter_map(|(position, name)| {
            let pairs =
                nearest.iter().zip(drawn).filter_map(|(excess, drawn)| Some(((*excess)?, drawn[position])));
            Some(((*name).to_owned(), rank_correlation(&pairs.collect::<Vec<_>>())?))
        })
        .collect();
    moved_by.sort_by(|(_, one), (_, other)| other.abs().total_cmp(&one.abs()));
    moved_by.truncate(NAMED);
    PatternAnswer {
        id: pattern.id.to_owned(),
        statement: pattern.statement.to_owned(),
        input: pattern.input.to_owned(),
        base: base.mean(),
        draws: prior.count(),
        prior: prior.mean(),
        moved_by,
        chance: by_chance(names.len(), nearest.iter().flatten().count()),
    }
}

/// Mean over standard deviation: how far a part is from failing.
fn distance(excess: &[Option<f64>]) -> f64 {
    let mut moments = Moments::default();
    excess.iter().flatten().for_each(|value| moments.add(*value));
    moments.mean().zip(moments.sd()).map_or(f64::INFINITY, |(mean, sd)| mean / sd.max(f64::MIN_POSITIVE))
}

/// The absolute rank correlation that the largest of `parameters` independent ones exceeds with probability [`CHANCE`], by the
/// normal approximation with standard error 1/sqrt(draws - 1).
fn by_chance(parameters: usize, draws: usize) -> f64 {
    let level = libm::pow(1.0 - CHANCE, 1.0 / parameters.max(1) as f64);
    quantiles::normal(level) / (draws.saturating_sub(1).max(1) as f64).sqrt()
}

/// Spearman's rank correlation, with mean ranks for ties; `None` if one of the two does not vary or there are fewer than three
/// pairs.
fn rank_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let (one, other): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (one, other) = (ranks(&one), ranks(&other));
    let mean = (pairs.len() as f64 + 1.0) / 2.0;
    let product = |one: &[f64], other: &[f64]| {
        one.iter().zip(other).map(|(one, other)| (one - mean) * (other - mean)).sum::<f64>()
    };
    let scale = (product(&one, &one) * product(&other, &other)).sqrt();
    (pairs.len() > 2 && scale > 0.0).then(|| product(&one, &other) / scale)
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    let mut ranks = vec![0.0; values.len()];
    for tied in order.chunk_by(|one, other| values[*one] == values[*other]) {
        let below = order.partition_point(|other| values[*other] < values[tied[0]]);
        let rank = below as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|position| ranks[*position] = rank);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_of_ties_are_their_mean() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }

    /// Ranks 1 2 3 4 against 1 3 2 4: 1 - 6 * 2 / (4 * 15) = .8.
    #[test]
    fn rank_correlations_by_hand() {
        let pairs = [(0.1, 10.0), (0.2, 1000.0), (0.3, 100.0), (0.4, 10_000.0)];
        assert!((rank_correlation(&pairs).unwrap() - 0.8).abs() < 1e-12);
        assert_eq!(rank_correlation(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]), None);
    }

    /// One parameter: 1.96/10 for 101 draws.
    #[test]
    fn chance_grows_with_the_number_of_parameters() {
        assert!((by_chance(1, 101) - 0.195_996).abs() < 1e-5);
        assert!(by_chance(217, 300) > 0.21);
    }

    #[test]
    fn the_part_nearest_to_failing_has_the_least_mean_over_deviation() {
        assert!(distance(&[Some(1.0), Some(3.0)]) < distance(&[Some(1.0), Some(1.5)]));
        assert_eq!(distance(&[None]), f64::INFINITY);
    }
}
