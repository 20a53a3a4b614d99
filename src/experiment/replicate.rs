//! Runs one replicate from January 1928 to its last month and fills its tables.
//!
//! [`super::batch`] runs several replicates in parallel.

use super::batch::Observer;
use super::machine;
use super::plan::Plan;
use super::tables::{MonthView, Recorder, RowWriter, number};
use crate::engine::parallel::Workers;
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::{PHASE_MEASURES, PhaseRecord};
use crate::model::simulation::Profile;
use crate::model::simulation::Simulation;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The results of one replicate: a few hundred kilobytes, however many people it has.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ReplicateOutput {
    /// Rows of each table of the plan, as CSV without the header. Parts store them separately.
    #[serde(skip)]
    pub tables: Vec<Vec<u8>>,
    /// By phase reached and by position in [`PHASE_MEASURES`]: the value, if it is defined.
    pub phases: Vec<Vec<Option<f64>>>,
    /// By position in [`PHASE_MEASURES`]: the value over all months that were run.
    pub whole: Vec<Option<f64>>,
    /// By month run and by position in [`MONTH_MEASURES`]: the value, if it is defined.
    pub months: Vec<Vec<Option<f64>>>,
    /// Sum over months of the people present at the start of the month.
    pub agent_months: u64,
    /// Time by process of the month; empty unless the plan asks for it. Parts do not store it.
    #[serde(skip)]
    pub profile: Profile,
}

/// Runs one replicate and reports each month to `observer`; returns `None` if `stop` is set before the end.
pub fn simulate(
    plan: &Plan,
    replicate: u32,
    workers: Workers,
    observer: &dyn Observer,
    stop: &AtomicBool,
) -> Option<ReplicateOutput> {
    let mut months = 0;
    run(plan, replicate, workers, |people| {
        observer.month(replicate, months, people);
        months += 1;
        if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
}

/// Runs one replicate. After each month, calls `watch` with the number of people at the start of that month; if `watch`
/// breaks, returns `None`.
pub fn run(
    plan: &Plan,
    replicate: u32,
    workers: Workers,
    mut watch: impl FnMut(u64) -> ControlFlow<()>,
) -> Option<ReplicateOutput> {
    let mut society = Simulation::with_workers(Arc::clone(&plan.setup), plan.seed, replicate, workers);
    if plan.profile {
        society.time(machine::nanoseconds);
    }
    let mut filled: Vec<(Box<dyn Recorder>, RowWriter<'_>)> = plan
        .tables
        .iter()
        .map(|table| (table.recorder(), RowWriter::new(&plan.scenario, replicate, plan.seed)))
        .collect();
    for (recorder, writer) in &mut filled {
        recorder.begin(&society, writer);
    }
    let mut output = ReplicateOutput::default();
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
            phase: &plan.phases[plan.phase_of[month.index()]],
            phase_from: plan.phase_from(plan.phase_of[month.index()]),
            record: &record,
            society: &society,
            last: month == plan.last,
            phase_record: ends.then_some(&phase_record),
            whole_record: (month == plan.last).then_some(&whole_record),
        };
        for (recorder, writer) in &mut filled {
            recorder.month(&view, writer);
        }
        output.months.push(MONTH_MEASURES.iter().map(|measure| number((measure.value)(&record))).collect());
        if ends {
            output.phases.push(phase_values(&phase_record));
            phase_record = PhaseRecord::default();
        }
        output.agent_months += people;
        if watch(people).is_break() {
            return None;
        }
    }
    output.profile = society.profile();
    output.whole = phase_values(&whole_record);
    for (mut recorder, mut writer) in filled {
        recorder.finish(&mut writer);
        output.tables.push(writer.into_bytes());
    }
    Some(output)
}

fn phase_values(record: &PhaseRecord) -> Vec<Option<f64>> {
    PHASE_MEASURES.iter().map(|measure| number((measure.value)(record))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::plan::tests::small;

    #[test]
    fn a_replicate_fills_its_tables() {
        let plan = small(1, 1);
        let output = run(&plan, 1, Workers::One, |_| ControlFlow::Continue(())).unwrap();
        let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!([&output.tables[0], &output.tables[1]].map(|table| lines(table)), [72, 2]);
        assert!(output.tables.iter().all(|table| lines(table) > 0));
        assert_eq!((output.months.len(), output.phases.len()), (72, 2));
        let series = String::from_utf8(output.tables[0].clone()).unwrap();
        assert!(series.starts_with("small,1,1,1928-01,early,"), "{series}");
        assert!(series.lines().last().unwrap().starts_with("small,1,1,1933-12,late,"), "{series}");
    }

    #[test]
    fn a_replicate_that_is_stopped_has_no_output() {
        assert_eq!(run(&small(1, 1), 1, Workers::One, |_| ControlFlow::Break(())), None);
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
