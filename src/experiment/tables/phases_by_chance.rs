//! Fills `phases_by_chance.csv`: the measures of a phase for accusers who choose their targets without motive.
//!
//! The accusers and the number of their accusations are those of the run. In the place of each target stands another
//! acquaintance of the accuser, drawn from the same pools.

use super::{
    Extent, MonthView, PHASE, PHASE_FROM, Recorder, RowWriter, Table, cell, label_columns, measure_column,
};
use crate::model::phase::PHASE_MEASURES;
use crate::output::table::{Cell, Layout};

/// The table.
pub struct PhasesByChance;

impl Table for PhasesByChance {
    fn layout(&self) -> Layout {
        let measures = PHASE_MEASURES.iter().map(measure_column);
        Layout {
            name: "phases_by_chance",
            row: "one row per replicate and phase, as in phases.csv, but what is said of the targets of accusations (directions, classes, hazards and their ratios, accusations of bosses and among workers) is said of people drawn from the same acquaintances of the same accusers; all else is as in phases.csv",
            columns: label_columns().into_iter().chain([PHASE, PHASE_FROM]).chain(measures).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.phases
    }

    fn by_default(&self) -> bool {
        false
    }

    fn draws_by_chance(&self) -> bool {
        true
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(PhaseEnds)
    }
}

struct PhaseEnds;

impl Recorder for PhaseEnds {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        if let Some(phase) = view.phase_record {
            let phase = phase.with_chance_targets();
            let measures = PHASE_MEASURES.iter().map(|measure| cell((measure.value)(&phase)));
            let from = view.phase_from.to_string();
            writer.row([Cell::Text(view.phase), Cell::Text(&from)].into_iter().chain(measures));
        }
    }
}
