//! Defines the columns that `plants.csv` and `regions.csv` share: counts, output, means and grievance by tercile.
//!
//! A plant has the values of its unit. A region has the sums of the counts over its plants and its office, and means
//! weighted by people.

use crate::engine::maths::{fixed, from_fixed};
use crate::model::simulation::Simulation;
use crate::model::state::standing::WORKER;
use crate::model::state::unit::Unit;
use crate::output::table::{Cell, Column, Kind};

/// A count of a unit.
struct Count {
    column: Column,
    value: fn(&Unit) -> u64,
}

/// A value of a unit, or a mean over the units of a region.
struct Mean {
    column: Column,
    value: fn(&Unit) -> Option<f64>,
    /// Whether regional offices have such a value.
    of_offices: bool,
}

/// Columns of a plant and of a region: the same values, with their own definitions.
struct Definitions {
    counts: &'static [Count],
    means: &'static [Mean],
}

macro_rules! definitions {
    (
        counts { $($count:ident $unit:literal $counted:literal $number:expr;)* }
        means { $($mean:ident $range:literal $offices:tt $meaning:literal $value:expr;)* }
    ) => {
        static OF_PLANT: Definitions = Definitions {
            counts: &[$(definitions!(@count $count $unit $counted, $number),)*],
            means: &[$(definitions!(@mean $mean $range $offices $meaning, $value),)*],
        };
        static OF_REGION: Definitions = Definitions {
            counts: &[$(definitions!(
                @count $count $unit concat!($counted, "; sum over the plants and the office of the region"), $number
            ),)*],
            means: &[$(definitions!(
                @mean $mean $range $offices
                concat!($meaning, "; mean over the plants of the region", definitions!(@offices $offices),
                    ", weighted by people; empty if they have none"),
                $value
            ),)*],
        };
    };
    (@count $name:ident $unit:literal $definition:expr, $value:expr) => {
        Count {
            column: Column { name: stringify!($name), kind: Kind::Integer, unit: $unit, definition: $definition },
            value: $value,
        }
    };
    (@mean $name:ident $unit:literal $offices:tt $definition:expr, $value:expr) => {
        Mean {
            column: Column { name: stringify!($name), kind: Kind::Real, unit: $unit, definition: $definition },
            value: $value,
            of_offices: $offices,
        }
    };
    (@offices true) => { " and its office" };
    (@offices false) => { "" };
}

fn posts(unit: &Unit, rank: usize) -> u64 {
    unit.whole_posts(rank)
}

definitions! {
    counts {
        people "people" "people present at the start of the month" |unit| u64::from(unit.now.people());
        workers "people" "workers present at the start of the month" |unit| u64::from(unit.now.people_by_rank[0]);
        posts_foreman "posts" "whole posts of foremen, after the month's growth" |unit| posts(unit, 1);
        posts_middle "posts" "whole posts of the middle rank, after the month's growth" |unit| posts(unit, 2);
        posts_director "posts" "whole posts of directors, after the month's growth" |unit| posts(unit, 3);
        shock_workers "people" "shock workers" |unit| u64::from(unit.now.shock_workers);
        shirkers "people" "workers who shirked in the month" |unit| u64::from(unit.now.shirkers);
        quits "people" "workers who drew quitting, also if another fate prevailed" |unit| u64::from(unit.now.quits);
        accusations_of_bosses "acts" "accusations of people of rank 1 and above" |unit| u64::from(unit.now.accusations_of_bosses);
        accusations_of_workers "acts" "accusations of workers" |unit| u64::from(unit.now.accusations_received - unit.now.accusations_of_bosses);
        bosses_arrested "people" "people of rank 1 and above arrested" |unit| u64::from(unit.now.arrested_bosses);
        bosses_demoted "people" "people of rank 1 and above demoted, by sanction, purge or election" |unit| u64::from(unit.now.demoted_bosses);
        voted_out "people" "officials voted out, also if another fate prevailed" |unit| unit.now.voted_out.iter().copied().map(u64::from).sum();
    }
    means {
        authority "0 to 1" false "managerial authority (A) at the end of the month" |unit| Some(unit.authority);
        union_capacity "0 to 1" false "union capacity (U) at the end of the month" |unit| Some(unit.union);
        catharsis "index" true "catharsis (K), visible punishment of the elite, at the end of the month; 0 or more" |unit| Some(unit.catharsis);
        fear "0 to 1" true "fear after its update, mean over the people present at the start of the month; empty without people" |unit| fear(unit);
        denouncers "share" true "share of denouncers among the people (h), smoothed" |unit| Some(unit.denouncers);
        tightness "0 to 1" false "scarcity of labour" |unit| Some(unit.tightness);
        implementation "0 to 1" false "share of the rules that is enforced" |unit| Some(unit.now.implementation);
        plan_gap "share" false "share by which output fell short of plan in the month" |unit| Some(unit.plan_gap);
    }
}

fn fear(unit: &Unit) -> Option<f64> {
    let people = unit.now.people();
    (people > 0).then(|| from_fixed(unit.now.fear_all) / f64::from(people))
}

const OUTPUT: Column = Column {
    name: "output",
    kind: Kind::Real,
    unit: "output of a standard worker-month",
    definition: "output of the month (Y)",
};

const fn tercile(name: &'static str, definition: &'static str) -> Column {
    Column { name, kind: Kind::Real, unit: "0 to 1", definition }
}

/// Mean grievance by tercile of egalitarianism.
const GRIEVANCE: [Column; 3] = [
    tercile(
        "grievance_least_egalitarian",
        "mean grievance at the end of the month of the least egalitarian third of the workers then present; empty with fewer than three workers",
    ),
    tercile("grievance_middle_egalitarian", "the same of the middle third"),
    tercile("grievance_most_egalitarian", "the same of the most egalitarian third"),
];

/// The columns of a plant.
pub(super) fn columns_of_plant() -> Vec<Column> {
    columns(&OF_PLANT)
}

/// The columns of a region.
pub(super) fn columns_of_region() -> Vec<Column> {
    columns(&OF_REGION)
}

fn columns(definitions: &Definitions) -> Vec<Column> {
    let counts = definitions.counts.iter().map(|count| count.column);
    let means = definitions.means.iter().map(|mean| mean.column);
    counts.chain([OUTPUT]).chain(means).chain(GRIEVANCE).collect()
}

/// The cells of a plant, or of the units of a region.
pub(super) fn cells<'c>(units: &[&Unit], workers: &mut [Worker]) -> Vec<Cell<'c>> {
    let definitions = &OF_PLANT;
    let count = |count: &Count| Cell::Integer(units.iter().map(|unit| (count.value)(unit)).sum());
    let counts = definitions.counts.iter().map(count);
    let output = units.iter().map(|unit| unit.now.output).sum();
    let means = definitions.means.iter().map(|mean| real(mean.over(units)));
    let terciles = terciles(workers).map(real);
    counts.chain([Cell::Real(output)]).chain(means).chain(terciles).collect()
}

fn real<'c>(value: Option<f64>) -> Cell<'c> {
    value.map_or(Cell::Missing, Cell::Real)
}

impl Mean {
    /// The value of a single plant, or the mean weighted by people; `None` if several units have no people.
    fn over(&self, units: &[&Unit]) -> Option<f64> {
        if let [plant] = units {
            return (self.value)(plant);
        }
        let (mut sum, mut people) = (0.0, 0.0);
        for unit in units.iter().filter(|unit| self.of_offices || !unit.office) {
            let Some(value) = (self.value)(unit) else { continue };
            let weight = f64::from(unit.now.people());
            sum += weight * value;
            people += weight;
        }
        (people > 0.0).then(|| sum / people)
    }
}

/// What a tercile needs to know of a worker.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worker {
    egalitarianism: f32,
    identity: u64,
    grievance: f32,
}

/// The workers of a society by group, where `group` gives the group of a unit by its position.
pub(super) fn workers(
    society: &Simulation,
    groups: usize,
    group: impl Fn(usize) -> Option<usize>,
) -> Vec<Vec<Worker>> {
    let mut workers = vec![Vec::new(); groups];
    society.for_each_person(|position, person| {
        if let Some(group) = group(position).filter(|_| person.rank() == WORKER) {
            workers[group].push(Worker {
                egalitarianism: person.egalitarianism,
                identity: person.identity,
                grievance: person.grievance,
            });
        }
    });
    workers
}

/// Mean grievance of the least, middle and most egalitarian third; thirds are by rank, with ties by identity. `None` with
/// fewer than three workers.
fn terciles(workers: &mut [Worker]) -> [Option<f64>; 3] {
    workers.sort_unstable_by(|one, other| {
        one.egalitarianism.total_cmp(&other.egalitarianism).then(one.identity.cmp(&other.identity))
    });
    let count = workers.len();
    std::array::from_fn(|third| {
        let of_third = &workers[third * count / 3..(third + 1) * count / 3];
        let sum: u64 = of_third.iter().map(|worker| u64::from(fixed(worker.grievance))).sum();
        (count >= 3).then(|| from_fixed(sum) / of_third.len() as f64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::unit::UnitMonth;

    fn worker(egalitarianism: f32, identity: u64, grievance: f32) -> Worker {
        Worker { egalitarianism, identity, grievance }
    }

    #[test]
    fn thirds_are_by_rank_with_ties_by_identity() {
        // Four workers: thirds of one, one and two.
        let mut four =
            [worker(0.5, 2, 0.25), worker(0.5, 1, 0.5), worker(0.1, 9, 0.125), worker(0.9, 3, 0.75)];
        assert_eq!(terciles(&mut four), [Some(0.125), Some(0.5), Some(0.5)]);
        four.reverse();
        assert_eq!(terciles(&mut four), [Some(0.125), Some(0.5), Some(0.5)]);
        assert_eq!(terciles(&mut four[..2]), [None; 3]);
        assert_eq!(terciles(&mut []), [None; 3]);
    }

    #[test]
    fn means_over_a_region_are_weighted_by_people() {
        let unit = |office, people, authority, catharsis| Unit {
            office,
            authority,
            catharsis,
            now: UnitMonth { people_by_rank: [people, 0, 0, 0, 0], ..UnitMonth::default() },
            ..Unit::default()
        };
        let units = [unit(false, 30, 0.5, 0.0), unit(false, 10, 0.25, 0.5), unit(true, 10, 0.75, 2.0)];
        let mean = |name: &str, units: &[&Unit]| {
            OF_PLANT.means.iter().find(|mean| mean.column.name == name).unwrap().over(units)
        };
        let all: Vec<&Unit> = units.iter().collect();
        // (30 * .5 + 10 * .25) / 40, without the office; (10 * .5 + 10 * 2) / 50 with it.
        assert_eq!(mean("authority", &all), Some(0.4375));
        assert_eq!(mean("catharsis", &all), Some(0.5));
        let empty = unit(false, 0, 0.5, 0.0);
        assert_eq!(mean("authority", &[&empty, &empty]), None);
        assert_eq!(mean("authority", &[&empty]), Some(0.5));
    }
}
