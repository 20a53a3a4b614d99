//! Fills `phases.csv`: one row per replicate and phase, with every measure of a phase.

use super::{
    Extent, MonthView, PHASE, PHASE_FROM, Recorder, RowWriter, Table, cell, label_columns, measure_column,
};
use crate::model::phase::PHASE_MEASURES;
use crate::output::table::{Cell, Layout};

/// The table.
pub struct Phases;

impl Table for Phases {
    fn layout(&self) -> Layout {
        let measures = PHASE_MEASURES.iter().map(measure_column);
        Layout {
            name: "phases",
            row: "one row per replicate and phase",
            columns: label_columns().into_iter().chain([PHASE, PHASE_FROM]).chain(measures).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.phases
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(PhaseEnds)
    }
}

struct PhaseEnds;

impl Recorder for PhaseEnds {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        if let Some(phase) = view.phase_record {
            let measures = PHASE_MEASURES.iter().map(|measure| cell((measure.value)(phase)));
            let from = view.phase_from.to_string();
            writer.row([Cell::Text(view.phase), Cell::Text(&from)].into_iter().chain(measures));
        }
    }
}
