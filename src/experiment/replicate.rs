//! Runs one replicate from January 1928 to its last month and fills its tables.
//!
//! [`super::study`] runs many in parallel.

use super::machine;
use super::plan::Plan;
use super::study::execute::Observer;
use super::study::rows::{Labels, RunValues};
use super::tables::{MonthView, Recorder, RowWriter, Table, series::Series};
use crate::engine::parallel::Workers;
use crate::model::phase::PhaseRecord;
use crate::model::simulation::{Profile, Simulation};
use rayon::prelude::*;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The results of one replicate: a few hundred kilobytes, however many people it has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunOutput {
    /// Rows of each table of the plan, as CSV without header and without labels, and with the number of the phase in place
    /// of its name.
    pub tables: Vec<Vec<u8>>,
    /// Sum over months of the people present at the start of the month.
    pub agent_months: u64,
    /// Time by process of the month; empty unless the plan asks for it.
    pub profile: Profile,
}

impl RunOutput {
    /// The rows of each table as its file has them, with labels and names of phases.
    pub fn labelled(&self, plan: &Plan, replicate: u32) -> Vec<Vec<u8>> {
        let labels = Labels::new(&plan.scenario, plan.seed, &plan.phases, &[]);
        let more = plan.past_and_future(replicate);
        let rows = plan.tables.iter().zip(&self.tables).map(|(table, rows)| {
            let mut out = Vec::new();
            labels.label(*table, replicate, &more, rows, &mut out);
            out
        });
        rows.collect()
    }

    /// The values of the measures, from the tables of the plan that have them.
    pub fn values(&self, plan: &Plan) -> RunValues {
        let names = plan.tables.iter().map(|table| table.layout().name);
        RunValues::read(names.zip(self.tables.iter().map(Vec::as_slice)))
    }
}

/// Runs one replicate and reports each month to `observer`; returns `None` if `stop` is set before the end. `weight` is the
/// expected weight of all its months together.
pub fn simulate(
    plan: &Plan,
    replicate: u32,
    workers: Workers,
    weight: u64,
    observer: &dyn Observer,
    stop: &AtomicBool,
) -> Option<RunOutput> {
    let (mut month, months) = (0, plan.months().count() as u64);
    let until = |month: u64| u128::from(weight) * u128::from(month) / u128::from(months);
    run(plan, replicate, workers, |people| {
        observer.month((until(month + 1) - until(month)) as u64, people);
        month += 1;
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
}

/// The columns of `series.csv` by month in some replicates of a plan, in their order. They are simulated whatever the plan
/// records, for an analysis that needs the months of few runs of many.
pub fn months(plan: &Plan, replicates: &[u32]) -> Vec<Vec<Vec<Option<f64>>>> {
    let plan = Plan { tables: vec![&Series as &'static dyn Table], ..plan.clone() };
    let of = |replicate: &u32| {
        let output = run(&plan, *replicate, Workers::One, |_| ControlFlow::Continue(()))?;
        Some(output.values(&plan).months)
    };
    replicates.par_iter().filter_map(of).collect()
}

/// Runs one replicate. After each month, calls `watch` with the number of people at the start of that month; if `watch`
/// breaks, returns `None`.
pub fn run(
    plan: &Plan,
    replicate: u32,
    workers: Workers,
    watch: impl FnMut(u64) -> ControlFlow<()>,
) -> Option<RunOutput> {
    let draws = plan.draws(replicate);
    let mut society = Simulation::with_workers(Arc::clone(&plan.setup), plan.seed, draws.replicate, workers);
    if let Some((from, future)) = draws.future {
        society = society.with_future(from, future);
    }
    if plan.tables.iter().any(|table| table.draws_by_chance()) {
        society = society.with_chance_targets();
    }
    if plan.profile {
        society.time(machine::nanoseconds);
    }
    fill(plan, society, watch)
}

/// Runs a society from its start and fills the tables of a plan. After each month, calls `watch` as [`run`] does.
pub fn fill(
    plan: &Plan,
    mut society: Simulation,
    mut watch: impl FnMut(u64) -> ControlFlow<()>,
) -> Option<RunOutput> {
    let phases: Vec<String> = (0..plan.phases.len()).map(|phase| phase.to_string()).collect();
    let mut filled: Vec<(Box<dyn Recorder>, RowWriter)> =
        plan.tables.iter().map(|table| (table.recorder(), RowWriter::default())).collect();
    for (recorder, writer) in &mut filled {
        recorder.begin(&society, writer);
    }
    let mut output = RunOutput::default();
    let mut phase_record = PhaseRecord::default();
    let mut whole_record = PhaseRecord::default();
    for month in plan.months() {
        let people = society.people();
        let Some(record) = society.month() else { break };
        phase_record.add(&record);
        whole_record.add(&record);
        let ends = plan.ends_phase(month);
        let view = MonthView {
            month,
            phase: &phases[plan.phase_of[month.index()]],
            phase_from: plan.phase_from(plan.phase_of[month.index()]),
            record: &record,
            set: plan.steps.get(month.index()),
            society: &society,
            last: month == plan.last,
            phase_record: ends.then_some(&phase_record),
            whole_record: (month == plan.last).then_some(&whole_record),
        };
        for (recorder, writer) in &mut filled {
            recorder.month(&view, writer);
        }
        if ends {
            phase_record = PhaseRecord::default();
        }
        output.agent_months += people;
        if watch(people).is_break() {
            return None;
        }
    }
    output.profile = society.profile();
    for (mut recorder, mut writer) in filled {
        recorder.finish(&mut writer);
        output.tables.push(writer.into_bytes());
    }
    Some(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::calendar::Month;
    use crate::experiment::plan::Futures;
    use crate::experiment::plan::tests::small;

    #[test]
    fn a_replicate_fills_its_tables() {
        let plan = small(1, 1);
        let output = run(&plan, 1, Workers::One, |_| ControlFlow::Continue(())).unwrap();
        let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!([&output.tables[0], &output.tables[1]].map(|table| lines(table)), [72, 2]);
        assert!(output.tables.iter().all(|table| lines(table) > 0));
        let values = output.values(&plan);
        assert_eq!((values.months.len(), values.phases.len()), (72, 2));
        let series = String::from_utf8(output.tables[0].clone()).unwrap();
        assert!(series.starts_with("1928-01,0,"), "{series}");
        assert!(series.lines().last().unwrap().starts_with("1933-12,1,"), "{series}");
    }

    #[test]
    fn a_replicate_that_is_stopped_has_no_output() {
        assert_eq!(run(&small(1, 1), 1, Workers::One, |_| ControlFlow::Break(())), None);
    }

    #[test]
    fn a_future_has_the_rows_of_its_past_up_to_its_first_month_and_others_after() {
        let mut plan = small(4, 1);
        let rows = |plan: &Plan, replicate| {
            let output = run(plan, replicate, Workers::One, |_| ControlFlow::Continue(())).unwrap();
            String::from_utf8(output.tables[0].clone()).unwrap()
        };
        let plain: Vec<String> = (1..=2).map(|replicate| rows(&plan, replicate)).collect();
        plan.futures = Some(Futures { from: Month(24), pasts: 2, futures: 2 });
        // Replicate (p - 1) F + f is future f of past p.
        for (replicate, past, future) in [(1, 1, 1), (2, 1, 2), (3, 2, 1), (4, 2, 2)] {
            let rows = rows(&plan, replicate);
            let plain = &plain[past - 1];
            let equal = rows.lines().zip(plain.lines()).take_while(|(one, other)| one == other).count();
            assert_eq!(equal, if past == future { 72 } else { 24 }, "past {past}, future {future}");
        }
    }

    #[test]
    fn leaving_a_table_out_changes_no_byte_of_the_others() {
        let whole = run(&small(1, 1), 1, Workers::One, |_| ControlFlow::Continue(())).unwrap();
        for (position, table) in small(1, 1).tables.into_iter().enumerate() {
            let mut plan = small(1, 1);
            plan.tables = vec![table];
            let alone = run(&plan, 1, Workers::One, |_| ControlFlow::Continue(())).unwrap();
            assert_eq!(alone.tables, [whole.tables[position].clone()]);
        }
    }
}
