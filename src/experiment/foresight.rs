//! Estimates the people, memory and disk space of a plan before it runs; [`speed`] estimates the time.
//!
//! The estimates are upper allowances, not measurements; the manifest of a result records what its run used.

use super::plan::Plan;
use super::study::batches::most_runs;
use super::study::execute::side_by_side;
use super::tables::{Extent, layouts};
use crate::model::levers::Levers;
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use crate::model::rules::growth;
use crate::model::setup::{PolicyMode, Setup};
use crate::output::table::{Kind, Layout};

pub mod speed;

/// Memory per person in bytes: the columns of the model, the month's scratch space, and the spare room of growing arrays.
pub const BYTES_PER_PERSON: u64 = 90;

/// Memory per enterprise or regional office in bytes, without its people.
pub const BYTES_PER_ENTERPRISE: u64 = 8 * 1024;

/// Memory of the program itself, its threads and buffers, in bytes.
pub const BYTES_OF_PROGRAM: u64 = 24 << 20;

/// The estimated cost of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Foresight {
    /// People in one replicate at the start of each month that is run.
    pub people: Vec<u64>,
    /// Sum over months and replicates of the people present.
    pub agent_months: u64,
    /// Replicates that run at the same time.
    pub side_by_side: u32,
    /// Memory of one running replicate, in bytes.
    pub memory_per_replicate: u64,
    /// Peak memory of the whole run, in bytes.
    pub memory: u64,
    /// Size of the result folder, in bytes.
    pub disk: u64,
}

/// Estimates the cost of a plan on its own.
pub fn foresee(plan: &Plan) -> Foresight {
    foresee_among(plan, u64::from(plan.replicate_count()))
}

/// Estimates the cost of a plan whose runs are computed together with others, `runs` in all. Agent-months and disk are those
/// of the plan; memory is that of the process.
pub fn foresee_among(plan: &Plan, runs: u64) -> Foresight {
    let people = people(&plan.setup, plan.months().count());
    let replicates = u64::from(plan.replicate_count());
    let most = people.iter().copied().max().unwrap_or(0);
    let population = &plan.setup.population;
    let units = u64::from(population.enterprises) + u64::from(population.regions);
    let mean = people.iter().map(|&month| u128::from(month)).sum::<u128>() / people.len().max(1) as u128;
    let (rows, summary) = table_bytes(plan, u64::try_from(mean).unwrap_or(u64::MAX));
    let values =
        (plan.months().count() * MONTH_MEASURES.len() + plan.phases.len() * PHASE_MEASURES.len()) as u64;
    let of_tables: u64 = plan.tables.iter().map(|table| table.bytes_per_person()).sum();
    let per_replicate = most
        .saturating_mul(BYTES_PER_PERSON + of_tables)
        .saturating_add(units.saturating_mul(BYTES_PER_ENTERPRISE))
        // The rows of an incomplete batch, and the same rows while they are compressed.
        .saturating_add(2 * rows * most_runs(runs, rows) + 16 * values);
    let side = side_by_side(plan, runs);
    Foresight {
        agent_months: people
            .iter()
            .fold(0u64, |sum, month| sum.saturating_add(*month))
            .saturating_mul(replicates),
        people,
        side_by_side: side,
        memory_per_replicate: per_replicate,
        memory: per_replicate.saturating_mul(u64::from(side)).saturating_add(BYTES_OF_PROGRAM),
        disk: rows.saturating_mul(replicates) + summary,
    }
}

/// Returns how many runs of a study of `runs` runs can run at the same time in `memory` bytes; 0 if not even one can. `plan` is
/// that of its largest runs.
pub fn fitting(plan: &Plan, runs: u64, memory: u64) -> u64 {
    let foresight = foresee_among(plan, runs);
    memory.saturating_sub(BYTES_OF_PROGRAM) / foresight.memory_per_replicate.max(1)
}

/// People at the start of each of the first `months` months, if targets grow by rule R8 and all posts and jobs are filled.
pub(super) fn people(setup: &Setup, months: usize) -> Vec<u64> {
    let PolicyMode::Schedule(levers) = &setup.policy;
    let rules = &setup.parameters;
    let mut workers = rules.start_workers * setup.population.size as f64;
    // Even the smallest plant has a director.
    let directors = (rules.start_directors * workers).max(f64::from(setup.population.enterprises));
    let officials = rules.office_posts * f64::from(setup.population.regions);
    let mut posts = [rules.start_foremen * workers, rules.start_middle * workers, directors, officials];
    let mut path = Vec::with_capacity(months);
    for month in 0..months {
        path.push((workers + posts.iter().sum::<f64>()).ceil() as u64);
        let now = levers.get(month).copied().unwrap_or_else(Levers::default);
        let growth = growth::factors(rules, &now);
        workers *= growth[0];
        for (posts, growth) in posts.iter_mut().zip(&growth[1..]) {
            *posts *= growth;
        }
    }
    path
}

/// Bytes of the tables of one replicate.
pub(super) fn row_bytes_of(plan: &Plan, extent: Extent) -> u64 {
    plan.tables.iter().map(|table| table.rows(extent) * row_bytes(&table.layout(), plan)).sum()
}

/// Bytes of the tables of one replicate, and of the files that exist once.
fn table_bytes(plan: &Plan, people: u64) -> (u64, u64) {
    let phases = plan.phases_reached().len() as u64;
    let rows = row_bytes_of(plan, Extent::of(plan, people));
    let every = layouts();
    let dictionary: u64 =
        every.iter().flat_map(|layout| &layout.columns).map(|c| 60 + c.definition.len() as u64).sum();
    let summary =
        every.last().map_or(0, |layout| phases * PHASE_MEASURES.len() as u64 * row_bytes(layout, plan));
    // The resolved scenario and the manifest.
    (rows, summary + dictionary + 24 * 1024 + 60 * u64::from(plan.replicate_count()))
}

/// Approximate bytes of a row. A real number has 17 or 18 characters, a count one to three, a text other than the
/// scenario's name 7 to 13.
fn row_bytes(layout: &Layout, plan: &Plan) -> u64 {
    let cell = |kind| match kind {
        Kind::Text => (plan.scenario.len() as u64).max(10),
        Kind::Month => 7,
        Kind::Integer => 3,
        Kind::Real => 18,
    };
    layout.columns.iter().map(|column| cell(column.kind) + 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::parallel::Workers;
    use crate::experiment::plan::tests::small;
    use crate::experiment::replicate::run;
    use crate::experiment::tables::TABLES;
    use crate::model::setup::Population;
    use std::ops::ControlFlow;
    use std::sync::Arc;

    #[test]
    fn people_grow_with_the_lever() {
        let plan = small(1, 1);
        let foresight = foresee(&plan);
        assert_eq!(foresight.people.len(), 72);
        // 905 workers, .05 + .031 of them foremen and middle rank, .007 of them directors, 3 regions of 3 officials.
        assert_eq!(foresight.people[0], (905f64 * 1.088 + 9.0).ceil() as u64);
        // Six years of growth at lever .5: about 1.0108^71.
        let ratio = foresight.people[71] as f64 / foresight.people[0] as f64;
        assert!((ratio - 2.15).abs() < 0.03, "{ratio}");
        assert_eq!(foresight.agent_months, foresight.people.iter().sum::<u64>());
    }

    #[test]
    fn memory_follows_people_and_lanes_but_not_replicates() {
        let memory = |replicates, threads, size| {
            let mut plan = small(replicates, threads);
            let setup = Setup { population: Population::of_size(size), ..Setup::clone(&plan.setup) };
            plan.setup = Arc::new(setup);
            foresee(&plan).memory
        };
        // More replicates make larger batches, up to a limit.
        let ratio = memory(1_000, 2, 1_000_000) as f64 / memory(100, 2, 1_000_000) as f64;
        assert!((1.0..1.05).contains(&ratio), "{ratio}");
        assert!(memory(100, 2, 2_000_000) > memory(100, 2, 1_000_000) * 19 / 10);
        assert!(memory(100, 4, 1_000_000) > memory(100, 2, 1_000_000) * 18 / 10);
        assert!(memory(1, 4, 1 << 60) > 1 << 62);
    }

    #[test]
    fn as_many_replicates_fit_as_memory_allows() {
        let plan = small(8, 8);
        let foresight = foresee(&plan);
        assert_eq!(fitting(&plan, 8, foresight.memory), 8);
        assert_eq!(fitting(&plan, 8, foresight.memory - 1), 7);
        assert_eq!(fitting(&plan, 8, BYTES_OF_PROGRAM), 0);
    }

    #[test]
    fn the_size_of_the_tables_that_are_asked_for_is_foreseen() {
        for table in TABLES.iter().filter(|table| !table.by_default()) {
            let mut plan = small(1, 1);
            plan.tables = vec![*table];
            let people = foresee(&plan).people;
            let mean = people.iter().sum::<u64>() / people.len() as u64;
            let foreseen = row_bytes_of(&plan, Extent::of(&plan, mean));
            let output = run(&plan, 1, Workers::One, |_| ControlFlow::Continue(())).unwrap();
            let written = output.labelled(&plan, 1)[0].len() as u64;
            let name = table.layout().name;
            // The number of its rows follows from the accusations, of which this society has few.
            let most = if name == "accusation_cells" { u64::MAX } else { 5 * written };
            assert!((written * 9 / 10..=most).contains(&foreseen), "{name}: {foreseen} for {written}");
        }
    }

    #[test]
    fn disk_grows_with_replicates() {
        let (one, ten) = (foresee(&small(1, 1)).disk, foresee(&small(10, 1)).disk);
        assert!(ten > one);
    }
}
