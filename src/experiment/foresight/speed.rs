//! How long a plan will take on this machine, tried out before it is run.
//!
//! Owns the trial and the arithmetic that makes a time of it. What a month costs a person depends on the month (in 1930
//! people move and rise, in 1939 they stay) and on the size of the society (people who fit the processor's caches do not
//! wait for memory). So a small society lives through every month of the plan, and larger ones, the largest as large as
//! a second allows, through a few months spread over it; the first tells the months apart, the others the sizes. No
//! speed of any machine is written down here.

use super::people;
use crate::engine::calendar::Month;
use crate::experiment::batch::{self, Ended, side_by_side};
use crate::experiment::plan::Plan;
use crate::experiment::replicate;
use crate::model::setup::{DEFAULT_REGIONS, Events, PolicyMode, Population, Setup};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// People of the society that lives through every month: enough to show the cost of a person, few enough to take a
/// fraction of a second.
const SMALL: u64 = 40_000;

/// How much larger the next society is, and how much larger than that one the largest has to be for both to be tried.
const STEP: u64 = 4;

/// Months that larger societies are timed in, spread over those of the plan.
const TIMED: usize = 12;

/// Months that they live through first, since people who have moved lie scattered in memory, and new ones do not.
const WARM: usize = 6;

/// How often the small society lives through the same months, which are over in no time.
const REPEATS: usize = 3;

/// Seconds that the largest society may take.
const SECONDS: f64 = 1.0;

/// Cost of a person in the largest society over that in the small one, as far as it has to be guessed in order to choose
/// the size; only the time that the trial takes depends on it.
const DEARER: f64 = 1.5;

/// People of the largest society, however fast the machine is.
const LARGEST: u64 = 4_000_000;

/// What a trial told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// Agent-months per second, on all threads of the plan together.
    pub rate: f64,
    /// People of the largest society that was tried.
    pub tried: u64,
}

impl Speed {
    /// Seconds that so many agent-months take.
    pub fn seconds(&self, agent_months: u64) -> f64 {
        agent_months as f64 / self.rate
    }
}

/// One month of a trial.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Lived {
    people: f64,
    /// Seconds a person, as one of the replicates that run side by side sees it.
    cost: f64,
}

/// The cost of a person in a society of some size, over that in the small society.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Knot {
    people: f64,
    ratio: f64,
}

/// Tries how fast a plan will run, with replicates and threads as the plan has them; `room` is the memory that may be
/// used, in bytes. Takes a second or two. None if threads are not to be had, or a society does not come to its end.
pub fn try_speed(plan: &Plan, room: Option<u64>) -> Option<Speed> {
    let pool = batch::pool(plan).ok()?;
    let expected = people(&plan.setup, plan.months().count());
    let mean = expected.iter().map(|&people| people as f64).sum::<f64>() / expected.len().max(1) as f64;
    let size = plan.setup.population.size;
    let small = size.min(SMALL);
    let every_month = || live(&of_size(plan, small), &pool);
    if size == small {
        return Some(speed(plan, &expected, &every_month()?, &[], small));
    }
    let short = shortened(plan);
    let warm = warm_months(plan);
    let timed = |size| live(&of_size(&short, size), &pool).map(|lived| lived[warm..].to_vec());
    // These come first: the program's first months have to fetch code and memory, and are few among millions of people.
    let repeats: Option<Vec<Vec<Lived>>> = (0..REPEATS).map(|_| timed(small)).collect();
    let least = middle(&repeats?);
    let every_month = every_month()?;
    let affordable = SECONDS / (DEARER * short.months().count() as f64 * mean_cost(&least));
    let lanes = u64::from(side_by_side(plan));
    let fitting = room.map_or(u64::MAX, |room| room / 2 / lanes / super::BYTES_PER_PERSON);
    let largest = (mean as u64).min(LARGEST).min(affordable as u64).min(fitting);
    let mut knots = vec![knot(&least, &least)];
    let mut tried = small;
    for size in sizes(small, largest) {
        knots.push(knot(&timed(size)?, &least));
        tried = size;
    }
    Some(speed(plan, &expected, &every_month, &knots, tried))
}

fn speed(plan: &Plan, expected: &[u64], every_month: &[Lived], knots: &[Knot], tried: u64) -> Speed {
    let seconds = seconds_of_one(expected, every_month, knots);
    let people: f64 = expected.iter().map(|&people| people as f64).sum();
    Speed { rate: people * f64::from(side_by_side(plan)) / seconds.max(1e-9), tried }
}

/// Sizes of the larger societies, the smallest first; none that would tell the cost of size from noise badly.
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

/// Runs a plan in the way plans are run, as many replicates as fit side by side, and tells what its months took. Its
/// beginning counts as part of the first month.
fn live(plan: &Plan, pool: &rayon::ThreadPool) -> Option<Vec<Lived>> {
    let first = *plan.replicates.start();
    let last = first.saturating_add(side_by_side(plan) - 1);
    let plan = Plan { replicates: first..=last, profile: false, ..plan.clone() };
    let work = |number, workers| {
        let mut begin = Instant::now();
        let mut months = Vec::with_capacity(plan.months().count());
        replicate::run(&plan, number, workers, |people| {
            let now = Instant::now();
            let people = people.max(1) as f64;
            months.push(Lived { people, cost: (now - begin).as_secs_f64() / people });
            begin = now;
            ControlFlow::Continue(())
        })?;
        Some(months)
    };
    let mut lanes = Vec::new();
    batch::run(&plan, pool, &AtomicBool::new(false), work, |_, ended| match ended {
        Ended::Finished(months) => {
            lanes.push(months);
            Ok(())
        }
        _ => Err(()),
    })
    .ok()?;
    Some(mean_of(&lanes))
}

/// A plan with as many people in January 1928, in enterprises of the same size, in as many regions as suit them.
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

/// Months that larger societies live through untimed: none where the plan itself is over soon.
fn warm_months(plan: &Plan) -> usize {
    WARM.min(plan.months().count() / (2 * TIMED))
}

/// A plan of a few months in place of many: levers and events are those of months at equal distances, the same share of
/// purges, trials and quiet years as in the whole. Nothing of it is written.
fn shortened(plan: &Plan) -> Plan {
    let months = chosen(plan.months().count(), warm_months(plan));
    // Beyond the last month that is run a calendar has to have entries too.
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

/// Positions of the months of a shortened calendar of `count`: those that warm up, then those that are timed.
fn chosen(count: usize, warm: usize) -> Vec<usize> {
    let timed = count.min(TIMED);
    let spread: Vec<usize> = (0..timed).map(|month| (2 * month + 1) * count / (2 * timed)).collect();
    spread[timed - warm..].iter().chain(&spread).copied().collect()
}

/// The mean over replicates, month by month.
fn mean_of(lanes: &[Vec<Lived>]) -> Vec<Lived> {
    by_month(lanes, |month| {
        let mean = |value: fn(&Lived) -> f64| month.iter().map(value).sum::<f64>() / month.len() as f64;
        Lived { people: mean(|lived| lived.people), cost: mean(|lived| lived.cost) }
    })
}

/// The middle one of several runs, month by month: what happened to the machine in one of them does not count.
fn middle(runs: &[Vec<Lived>]) -> Vec<Lived> {
    by_month(runs, |month| {
        month.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        month[month.len() / 2]
    })
}

fn by_month(runs: &[Vec<Lived>], join: impl Fn(&mut [Lived]) -> Lived) -> Vec<Lived> {
    let months = runs.iter().map(Vec::len).min().unwrap_or(0);
    (0..months).map(|month| join(&mut runs.iter().map(|run| run[month]).collect::<Vec<_>>())).collect()
}

fn mean_cost(months: &[Lived]) -> f64 {
    months.iter().map(|lived| lived.cost).sum::<f64>() / months.len().max(1) as f64
}

/// What a society tells of its size, beside the small one in the same months.
fn knot(months: &[Lived], small: &[Lived]) -> Knot {
    let people = months.iter().map(|lived| lived.people).sum::<f64>() / months.len().max(1) as f64;
    Knot { people, ratio: mean_cost(months) / mean_cost(small).max(f64::MIN_POSITIVE) }
}

/// Cost of a person in a society of so many people over that in the small society. Between two sizes that were tried it
/// goes with the logarithm of size. Beyond the largest it goes on as that of a cache does that holds a share of the
/// people, the smaller the more there are: what is still missing falls as 1/size.
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

/// Seconds of one replicate of the plan: of each month its people at what they cost the small society in that month,
/// times what the larger society costs more.
fn seconds_of_one(expected: &[u64], small: &[Lived], knots: &[Knot]) -> f64 {
    let month = |(people, small): (&u64, &Lived)| {
        let people = *people as f64;
        people * small.cost * ratio(knots, people) / ratio(knots, small.people)
    };
    expected.iter().zip(small).map(month).sum()
}

#[cfg(test)]
mod tests;
