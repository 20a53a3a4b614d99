//! Computes what tests ask of plants: regressions across them, and responses to falls in them.

use super::quantities::{Part, Span};
use crate::engine::maths::{fixed, from_fixed};
use crate::model::simulation::Simulation;
use crate::model::state::standing::{ELITE, RANKS};
use crate::model::state::unit::{Cause, Unit};
use crate::scenario::claims::{PlantOutcome, PlantRegressor};
use std::collections::BTreeMap;

/// Fewest plants of a regression.
const FEWEST: usize = 5;

/// Months between the measurements of grievance by thirds.
pub(super) const QUARTER: usize = 3;

/// Sums over the months of a span in one plant.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sums {
    region: u32,
    people: f64,
    workers: f64,
    shirkers: f64,
    grievance: f64,
    authority: f64,
    output: f64,
    accusations_of_bosses: f64,
    arrests: f64,
    elite_posts: f64,
    elite_openings: f64,
}

impl Sums {
    fn add(&mut self, unit: &Unit) {
        let now = &unit.now;
        let people = f64::from(now.people());
        self.region = unit.region;
        self.people += people;
        self.workers += f64::from(now.people_by_rank[0]);
        self.shirkers += f64::from(now.shirkers);
        self.grievance += from_fixed(now.grievance_workers);
        self.authority += unit.authority * people;
        self.output += now.output;
        self.accusations_of_bosses += f64::from(now.accusations_of_bosses);
        self.arrests += f64::from(now.arrests);
        let elite = usize::from(ELITE)..RANKS;
        let posts: u64 = elite.clone().map(|rank| unit.whole_posts(rank)).sum();
        let before: u64 = elite.map(|rank| now.posts_before[rank]).sum();
        let lost = now.losses.iter().filter(|loss| loss.rank >= ELITE).count() as u64;
        self.elite_posts += posts as f64;
        self.elite_openings += (posts.saturating_sub(before) + lost) as f64;
    }

    /// An outcome, if it is defined.
    fn outcome(&self, outcome: PlantOutcome) -> Option<f64> {
        let ratio = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
        match outcome {
            PlantOutcome::Discipline => ratio(self.workers - self.shirkers, self.workers),
            PlantOutcome::Grievance => ratio(self.grievance, self.workers),
            PlantOutcome::Authority => ratio(self.authority, self.people),
            PlantOutcome::OutputPerWorker => ratio(self.output, self.workers),
            PlantOutcome::AccusationsPerElitePost => {
                ratio(12.0 * self.accusations_of_bosses, self.elite_posts)
            }
        }
    }

    /// The regressors: the one that counts first, the one held constant second, if there is one.
    fn regressors(&self, regressor: PlantRegressor) -> Option<[f64; 2]> {
        let rate = |events: f64, months: f64| (months > 0.0).then(|| 12.0 * events / months);
        let accusations = rate(self.accusations_of_bosses, self.people)?;
        let arrests = rate(self.arrests, self.people)?;
        Some(match regressor {
            PlantRegressor::AccusationsOfBosses => [accusations, arrests],
            PlantRegressor::Arrests => [arrests, accusations],
            PlantRegressor::Openings => [rate(self.elite_openings, self.elite_posts)?, arrests],
        })
    }
}

/// Sums over spans, by plant.
#[derive(Debug, Default)]
pub(super) struct Plants {
    spans: Vec<(Span, Vec<Sums>)>,
}

impl Plants {
    /// Prepares sums over these spans.
    pub(super) fn over(mut spans: Vec<Span>) -> Plants {
        spans.sort_unstable();
        spans.dedup();
        Plants { spans: spans.into_iter().map(|span| (span, Vec::new())).collect() }
    }

    /// Adds a month, by its position in the calendar.
    pub(super) fn month(&mut self, month: usize, society: &Simulation) {
        for (_, sums) in self.spans.iter_mut().filter(|(span, _)| span.months().contains(&month)) {
            for (position, unit) in society.units().filter(|unit| !unit.office).enumerate() {
                if sums.len() == position {
                    sums.push(Sums::default());
                }
                sums[position].add(unit);
            }
        }
    }

    /// The coefficient of the change of an outcome on the change of a regressor, from one span to another, with the other
    /// regressor held constant; `None` below five plants or if the regressors do not vary apart from each other.
    pub(super) fn coefficient(
        &self,
        outcome: PlantOutcome,
        regressor: PlantRegressor,
        from: Span,
        to: Span,
    ) -> Option<f64> {
        let of = |span: Span| self.spans.iter().find(|(other, _)| *other == span).map(|(_, sums)| sums);
        let change = |(before, after): (&Sums, &Sums)| {
            let y = after.outcome(outcome)? - before.outcome(outcome)?;
            let ([x1, z1], [x0, z0]) = (after.regressors(regressor)?, before.regressors(regressor)?);
            Some([y, x1 - x0, z1 - z0])
        };
        let rows: Vec<[f64; 3]> = of(from)?.iter().zip(of(to)?).filter_map(change).collect();
        coefficient(&rows)
    }
}

impl Plants {
    /// A part of the distribution of an outcome among the plants in a span: variance of all plants is the sum of that between
    /// regions and that between plants. `None` if no plant has the outcome.
    pub(super) fn among(&self, outcome: PlantOutcome, part: Part, span: Span) -> Option<f64> {
        let (_, sums) = self.spans.iter().find(|(other, _)| *other == span)?;
        let of = |sums: &Sums| Some((sums.region, sums.outcome(outcome)?));
        distribution(&sums.iter().filter_map(of).collect::<Vec<_>>(), part)
    }
}

/// A part of the distribution of values with their regions.
fn distribution(values: &[(u32, f64)], part: Part) -> Option<f64> {
    let n = values.len() as f64;
    let mean = values.iter().map(|(_, value)| value).sum::<f64>() / n;
    let mut regions: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (region, value) in values {
        let (sum, count) = regions.entry(*region).or_default();
        (*sum, *count) = (*sum + value, *count + 1.0);
    }
    let of_region = |region: &u32| regions.get(region).map_or(mean, |(sum, count)| sum / count);
    let square = |value: f64| value * value;
    let part = match part {
        Part::Mean => mean,
        Part::Regions => values.iter().map(|(region, _)| square(of_region(region) - mean)).sum::<f64>() / n,
        Part::Plants => {
            values.iter().map(|(region, value)| square(value - of_region(region))).sum::<f64>() / n
        }
    };
    (!values.is_empty()).then_some(part)
}

/// The coefficient of y on x with z held constant, from rows of y, x and z.
fn coefficient(rows: &[[f64; 3]]) -> Option<f64> {
    if rows.len() < FEWEST {
        return None;
    }
    let n = rows.len() as f64;
    let mean = |column: usize| rows.iter().map(|row| row[column]).sum::<f64>() / n;
    let means = [mean(0), mean(1), mean(2)];
    let product = |one: usize, other: usize| {
        rows.iter().map(|row| (row[one] - means[one]) * (row[other] - means[other])).sum::<f64>()
    };
    let (xx, zz, xz) = (product(1, 1), product(2, 2), product(1, 2));
    // A regressor held constant that does not vary takes no part.
    let (xy, zy) = (product(1, 0), product(2, 0));
    if zz <= 0.0 {
        return (xx > 0.0).then(|| xy / xx);
    }
    let determinant = xx * zz - xz * xz;
    (determinant > 1e-9 * xx * zz).then(|| (xy * zz - zy * xz) / determinant)
}

/// Grievance by thirds of egalitarian conviction, and falls of the elite, by plant and quarter.
#[derive(Debug, Default)]
pub(super) struct Thirds {
    /// By quarter and plant: whether a member of the elite was arrested or demoted.
    falls: Vec<Vec<bool>>,
    /// By quarter and plant: grievance of the most egalitarian third of the workers minus that of the least, at its end.
    gaps: Vec<Vec<Option<f64>>>,
}

impl Thirds {
    /// Adds a month, by its position in the calendar.
    pub(super) fn month(&mut self, month: usize, society: &Simulation) {
        let quarter = month / QUARTER;
        if self.falls.len() == quarter {
            self.falls.push(Vec::new());
        }
        let plants = society.units().filter(|unit| !unit.office);
        for (position, unit) in plants.enumerate() {
            let falls = &mut self.falls[quarter];
            if falls.len() == position {
                falls.push(false);
            }
            let visible = |cause: Cause| cause != Cause::Natural;
            falls[position] |= unit.now.losses.iter().any(|loss| loss.rank >= ELITE && visible(loss.cause));
        }
        if month % QUARTER == QUARTER - 1 {
            self.gaps.push(gaps(society));
        }
    }

    /// The response within a number of months, a multiple of three, to falls in a span: in plants with a fall minus plants
    /// without, quarter by quarter; `None` if no quarter has both.
    pub(super) fn response(&self, span: Span, months: u32) -> Option<f64> {
        let lag = months as usize / QUARTER;
        let (mut sum, mut weights) = (0.0, 0.0);
        for quarter in 1..self.gaps.len() {
            let begins = quarter * QUARTER;
            let inside = span.months().contains(&begins) && span.months().contains(&(begins + QUARTER - 1));
            let Some(after) = self.gaps.get(quarter - 1 + lag).filter(|_| inside) else { continue };
            let mut sides = [(0.0, 0.0); 2];
            let plants = self.gaps[quarter - 1].iter().zip(after).zip(&self.falls[quarter]);
            for ((before, after), fall) in plants {
                if let (Some(before), Some(after)) = (before, after) {
                    let side = &mut sides[usize::from(*fall)];
                    side.0 += after - before;
                    side.1 += 1.0;
                }
            }
            let [(without, n), (with, m)] = sides;
            if n > 0.0 && m > 0.0 {
                let weight = n * m / (n + m);
                sum += weight * (with / m - without / n);
                weights += weight;
            }
        }
        (weights > 0.0).then(|| sum / weights)
    }
}

/// By plant: mean grievance of the most egalitarian third of the workers minus that of the least egalitarian.
fn gaps(society: &Simulation) -> Vec<Option<f64>> {
    let offices: Vec<bool> = society.units().map(|unit| unit.office).collect();
    let mut workers: Vec<Vec<Worker>> = vec![Vec::new(); offices.len()];
    society.for_each_person(|unit, person| {
        if !person.standing.boss() && !offices[unit] {
            // The bits of numbers from 0 to 1 have the order of the numbers.
            let conviction = (person.egalitarianism.to_bits(), person.identity);
            workers[unit].push((conviction, fixed(person.grievance)));
        }
    });
    workers
        .iter_mut()
        .zip(&offices)
        .filter(|(_, office)| !**office)
        .map(|(workers, _)| gap(workers))
        .collect()
}

/// Egalitarian conviction, with the identity for ties, and grievance in fixed point.
type Worker = ((u32, u64), u32);

/// Mean grievance of the most egalitarian third minus that of the least; `None` with fewer than three workers.
fn gap(workers: &mut [Worker]) -> Option<f64> {
    let third = workers.len() / 3;
    if third == 0 {
        return None;
    }
    let upper = workers.len() - third;
    workers.select_nth_unstable(upper);
    let (rest, most) = workers.split_at_mut(upper);
    rest.select_nth_unstable(third - 1);
    // Sums in fixed point do not depend on the order of people.
    let mean = |part: &[Worker]| {
        from_fixed(part.iter().map(|(_, grievance)| u64::from(*grievance)).sum()) / part.len() as f64
    };
    Some(mean(most) - mean(&rest[..third]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::calendar::Month;

    /// Regions of two and one plants: means 2 and 8, mean of all 4.
    #[test]
    fn variance_splits_into_regions_and_plants() {
        let values = [(0, 1.0), (0, 3.0), (1, 8.0)];
        let part = |part| distribution(&values, part).unwrap();
        assert_eq!(part(Part::Mean), 4.0);
        assert_eq!(part(Part::Regions), (4.0 + 4.0 + 16.0) / 3.0);
        assert_eq!(part(Part::Plants), 2.0 / 3.0);
        assert_eq!(distribution(&[], Part::Mean), None);
    }

    #[test]
    fn a_coefficient_is_that_of_the_plane_through_the_points() {
        // y = 3 - 2 x + 5 z, exactly.
        let rows: Vec<[f64; 3]> = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (2.0, 1.0), (1.0, 3.0)]
            .map(|(x, z)| [3.0 - 2.0 * x + 5.0 * z, x, z])
            .to_vec();
        assert!((coefficient(&rows).unwrap() + 2.0).abs() < 1e-12);
        assert_eq!(coefficient(&rows[..4]), None);
        // Without variation in z it is a plain slope; with x a multiple of z there is none.
        let plain: Vec<[f64; 3]> = (0..5).map(|x| [f64::from(7 * x), f64::from(x), 1.0]).collect();
        assert_eq!(coefficient(&plain), Some(7.0));
        let collinear: Vec<[f64; 3]> = (0..5).map(|x| [1.0, f64::from(x), f64::from(2 * x)]).collect();
        assert_eq!(coefficient(&collinear), None);
    }

    #[test]
    fn thirds_are_told_apart_by_conviction_and_then_by_identity() {
        let worker = |egalitarianism: f32, identity, grievance| {
            ((egalitarianism.to_bits(), identity), fixed(grievance))
        };
        let mut workers = [
            worker(0.9, 1, 0.5),
            worker(0.2, 2, 0.1),
            worker(0.5, 5, 0.9),
            worker(0.5, 3, 0.7),
            worker(0.5, 4, 0.2),
            worker(0.1, 6, 0.3),
            worker(0.8, 7, 0.6),
        ];
        // Most egalitarian: .9 and .8; least: .1 and .2.
        assert!((gap(&mut workers).unwrap() - (0.55 - 0.2)).abs() < 1e-6);
        let mut equal = [worker(0.5, 5, 0.9), worker(0.5, 3, 0.7), worker(0.5, 4, 0.2)];
        assert!((gap(&mut equal).unwrap() - 0.2).abs() < 1e-6);
        assert_eq!(gap(&mut workers[..2]), None);
    }

    #[test]
    fn a_response_compares_plants_with_and_without_a_fall_in_the_same_quarter() {
        let thirds = Thirds {
            falls: vec![vec![false; 3], vec![true, false, false], vec![false; 3]],
            gaps: vec![
                vec![Some(0.1), Some(0.1), Some(0.2)],
                vec![Some(0.05), Some(0.12), Some(0.2)],
                vec![Some(0.08), Some(0.1), None],
            ],
        };
        let span = Span { first: Month(0), last: Month(8) };
        // Quarter 1: with a fall -.05; without, .02 and 0.
        assert!((thirds.response(span, 3).unwrap() + 0.06).abs() < 1e-12);
        // Within six months: with a fall -.02; without, 0 (one plant has no value).
        assert!((thirds.response(span, 6).unwrap() + 0.02).abs() < 1e-12);
        assert_eq!(thirds.response(Span { first: Month(6), last: Month(8) }, 3), None);
    }
}
