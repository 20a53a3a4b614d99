//! Estimates how long a plan will take, by a short trial on this machine.
//!
//! The cost per person of a month depends on the month (in 1930 people move and rise, in 1939 they stay) and on the size of
//! the society (small ones fit the processor's caches). The trial therefore simulates a small society through every month
//! of the plan, which measures the effect of the month, and larger ones through a few months spread over the plan, which
//! measures the effect of size. The largest is as large as about one second allows. No machine's speed is hard-coded.

use super::people;
use crate::engine::calendar::Month;
use crate::engine::parallel::Workers;
use crate::experiment::plan::Plan;
use crate::experiment::replicate;
use crate::experiment::study::execute::{self, side_by_side};
use crate::model::setup::{DEFAULT_REGIONS, Events, PolicyMode, Population, Setup};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// People of the small society, simulated through every month: enough to measure the cost per person, few enough to take a
/// fraction of a second.
const SMALL: u64 = 40_000;

/// Ratio of the second size to the small one, and least ratio of the largest to the second for both to be tried.
const STEP: u64 = 4;

/// Timed months of the larger societies, spread over the plan.
const TIMED: usize = 12;

/// Untimed months before those: a new society lies in memory in order, one whose people have moved does not.
const WARM: usize = 6;

/// Repetitions of the timed months by the small society, whose months are very short.
const REPEATS: usize = 3;

/// Target time of the largest society, in seconds.
const SECONDS: f64 = 1.0;

/// Assumed cost per person in the largest society relative to the small one, used to choose its size. It affects only how
/// long the trial takes.
const DEARER: f64 = 1.5;

/// Maximum number of people of the largest society.
const LARGEST: u64 = 4_000_000;

/// The result of a trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// Agent-months per second, on all threads of the plan together.
    pub rate: f64,
    /// People of the largest society that was tried.
    pub tried: u64,
}

impl Speed {
    /// Time for a number of agent-months, in seconds.
    pub fn seconds(&self, agent_months: u64) -> f64 {
        agent_months as f64 / self.rate
    }
}

/// One month of a trial.
#[derive(Debug, Clone, Copy, PartialEq)]
struct MonthCost {
    people: f64,
    /// Seconds per person, measured in one of the replicates that run at the same time.
    cost: f64,
}

/// The cost per person in a society of some size, relative to the small society.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Knot {
    people: f64,
    ratio: f64,
}

/// Measures how fast the `runs` runs of a study will be computed, with the threads of its plan, in a second or two. `room`
/// is the available memory in bytes. Returns `None` if the threads cannot be started or a run fails.
pub fn try_speed(plan: &Plan, runs: u64, room: Option<u64>) -> Option<Speed> {
    let pool = execute::pool(plan).ok()?;
    let side = side_by_side(plan, runs);
    let expected = people(&plan.setup, plan.months().count());
    let mean = expected.iter().map(|&people| people as f64).sum::<f64>() / expected.len().max(1) as f64;
    let size = plan.setup.population.size;
    let small = size.min(SMALL);
    let every_month = || month_costs(&of_size(plan, small), &pool, side);
    if size == small {
        return Some(speed(side, &expected, &every_month()?, &[], small));
    }
    let short = shortened(plan);
    let warm = warm_months(plan);
    let timed = |size| month_costs(&of_size(&short, size), &pool, side).map(|costs| costs[warm..].to_vec());
    // These run first, to warm up: the first months of a process are slow, because code and memory are not loaded yet.
    let repeats: Option<Vec<Vec<MonthCost>>> = (0..REPEATS).map(|_| timed(small)).collect();
    let least = median(&repeats?);
    let every_month = every_month()?;
    let affordable = SECONDS / (DEARER * short.months().count() as f64 * mean_cost(&least));
    let fitting = room.map_or(u64::MAX, |room| room / 2 / u64::from(side) / super::BYTES_PER_PERSON);
    let largest = (mean as u64).min(LARGEST).min(affordable as u64).min(fitting);
    let mut knots = vec![knot(&least, &least)];
    let mut tried = small;
    for size in sizes(small, largest) {
        knots.push(knot(&timed(size)?, &least));
        tried = size;
    }
    Some(speed(side, &expected, &every_month, &knots, tried))
}

fn speed(side: u32, expected: &[u64], every_month: &[MonthCost], knots: &[Knot], tried: u64) -> Speed {
    let seconds = seconds_of_one(expected, every_month, knots);
    let people: f64 = expected.iter().map(|&people| people as f64).sum();
    Speed { rate: people * f64::from(side) / seconds.max(1e-9), tried }
}

/// Sizes of the larger societies, in ascending order; only sizes far enough apart for their cost to stand out from noise.
fn sizes(small: u64, largest: u64) -> Vec<u64> {
    let next = small * STEP;
    if largest >= next * STEP {
        vec![next, largest]
    } else if largest >= small * 2 {
        vec![largest]
    } else {
        Vec::new()
    }
}

/// Runs `side` replicates of a plan at the same time, and returns the mean cost of each month. The setup counts as part of
/// the first month.
fn month_costs(plan: &Plan, pool: &rayon::ThreadPool, side: u32) -> Option<Vec<MonthCost>> {
    let plan = Plan { profile: false, ..plan.clone() };
    let workers = if side as usize == plan.threads { Workers::One } else { Workers::Pool };
    let lanes: Mutex<Vec<Option<Vec<MonthCost>>>> = Mutex::default();
    execute::in_lanes(pool, side as usize, |lane| {
        let number = plan.replicates.start().saturating_add(lane as u32);
        let run = || {
            let mut begin = Instant::now();
            let mut months = Vec::with_capacity(plan.months().count());
            replicate::run(&plan, number, workers, |people| {
                let now = Instant::now();
                let people = people.max(1) as f64;
                months.push(MonthCost { people, cost: (now - begin).as_secs_f64() / people });
                begin = now;
                ControlFlow::Continue(())
            })?;
            Some(months)
        };
        let months = catch_unwind(AssertUnwindSafe(run)).ok().flatten();
        lanes.lock().expect("no lane panics with the lock").push(months);
    });
    let lanes = lanes.into_inner().expect("as above").into_iter().collect::<Option<Vec<_>>>()?;
    Some(mean_of(&lanes))
}

/// The plan with another number of people in January 1928, in enterprises of the same size.
fn of_size(plan: &Plan, size: u64) -> Plan {
    let population = scaled(&plan.setup.population, size);
    Plan { setup: Arc::new(Setup { population, ..Setup::clone(&plan.setup) }), ..plan.clone() }
}

fn scaled(population: &Population, size: u64) -> Population {
    if size == population.size {
        return *population;
    }
    let share = size as f64 / population.size.max(1) as f64;
    let enterprises = ((f64::from(population.enterprises) * share).round() as u32).max(1);
    let regions = (f64::from(population.regions) * share).round() as u32;
    let least = population.regions.min(DEFAULT_REGIONS);
    Population { size, enterprises, regions: regions.max(least).min(enterprises) }
}

/// Number of untimed months; fewer if the plan itself is short.
fn warm_months(plan: &Plan) -> usize {
    WARM.min(plan.months().count() / (2 * TIMED))
}

/// A plan of a few months that stand for all: levers and events are those of equally spaced months, so purges, trials and
/// quiet years keep their share. It has no tables.
fn shortened(plan: &Plan) -> Plan {
    let months = chosen(plan.months().count(), warm_months(plan));
    // A calendar needs entries after the last month that is run, too.
    let calendar: Vec<usize> = months.iter().copied().cycle().take(Month::COUNT).collect();
    fn pick<T: Clone>(track: &[T], calendar: &[usize]) -> Vec<T> {
        calendar.iter().filter_map(|month| track.get(*month).cloned()).collect()
    }
    let PolicyMode::Schedule(levers) = &plan.setup.policy;
    let events = &plan.setup.events;
    let setup = Setup {
        policy: PolicyMode::Schedule(pick(levers, &calendar)),
        events: Events {
            pulses: pick(&events.pulses, &calendar),
            party_elections: pick(&events.party_elections, &calendar),
            union_elections: pick(&events.union_elections, &calendar),
        },
        ..Setup::clone(&plan.setup)
    };
    let last = Month(u16::try_from(months.len() - 1).unwrap_or(0));
    Plan { setup: Arc::new(setup), tables: Vec::new(), last, ..plan.clone() }
}

/// Positions of the months of a shortened plan in a plan of `count` months: first the untimed, then the timed ones.
fn chosen(count: usize, warm: usize) -> Vec<usize> {
    let timed = count.min(TIMED);
    let spread: Vec<usize> = (0..timed).map(|month| (2 * month + 1) * count / (2 * timed)).collect();
    spread[timed - warm..].iter().chain(&spread).copied().collect()
}

/// Mean over replicates, by month.
fn mean_of(lanes: &[Vec<MonthCost>]) -> Vec<MonthCost> {
    by_month(lanes, |month| {
        let mean = |value: fn(&MonthCost) -> f64| month.iter().map(value).sum::<f64>() / month.len() as f64;
        MonthCost { people: mean(|one| one.people), cost: mean(|one| one.cost) }
    })
}

/// Median over runs, by month, which ignores disturbances of the machine in one of them.
fn median(runs: &[Vec<MonthCost>]) -> Vec<MonthCost> {
    by_month(runs, |month| {
        month.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        month[month.len() / 2]
    })
}

fn by_month(runs: &[Vec<MonthCost>], join: impl Fn(&mut [MonthCost]) -> MonthCost) -> Vec<MonthCost> {
    let months = runs.iter().map(Vec::len).min().unwrap_or(0);
    (0..months).map(|month| join(&mut runs.iter().map(|run| run[month]).collect::<Vec<_>>())).collect()
}

fn mean_cost(months: &[MonthCost]) -> f64 {
    months.iter().map(|one| one.cost).sum::<f64>() / months.len().max(1) as f64
}

/// The cost of a society relative to the small one in the same months.
fn knot(months: &[MonthCost], small: &[MonthCost]) -> Knot {
    let people = months.iter().map(|one| one.people).sum::<f64>() / months.len().max(1) as f64;
    Knot { people, ratio: mean_cost(months) / mean_cost(small).max(f64::MIN_POSITIVE) }
}

/// Cost per person in a society of `people` people, relative to the small one. Between two measured sizes it is linear in
/// the logarithm of size. Above the largest it levels off like the misses of a cache of fixed size: the distance from the
/// limit falls as 1/size.
fn ratio(knots: &[Knot], people: f64) -> f64 {
    let above = knots.iter().position(|knot| people < knot.people);
    match (above, knots) {
        (_, []) => 1.0,
        (Some(0), [first, ..]) => first.ratio,
        (Some(above), _) => {
            let (below, above) = (knots[above - 1], knots[above]);
            let way = libm::log(people / below.people) / libm::log(above.people / below.people);
            below.ratio + way * (above.ratio - below.ratio)
        }
        (None, [.., before, last]) => {
            let way = (1.0 / last.people - 1.0 / people) / (1.0 / before.people - 1.0 / last.people);
            last.ratio + way * (last.ratio - before.ratio).max(0.0)
        }
        (None, [last]) => last.ratio,
    }
}

/// Time of one replicate of the plan in seconds: for each month the people, times the small society's cost per person in
/// that month, times the relative cost of the larger society.
fn seconds_of_one(expected: &[u64], small: &[MonthCost], knots: &[Knot]) -> f64 {
    let month = |(people, small): (&u64, &MonthCost)| {
        let people = *people as f64;
        people * small.cost * ratio(knots, people) / ratio(knots, small.people)
    };
    expected.iter().zip(small).map(month).sum()
}

#[cfg(test)]
mod tests;
