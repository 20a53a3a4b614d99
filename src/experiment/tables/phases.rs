//! Fills `phases.csv`: one row per replicate and phase, with every measure of a phase.

use super::{Extent, PHASE, PHASE_FROM, Recorder, Seen, Sheet, Table, cell, label_columns, measure_column};
use crate::model::measures::PHASE_MEASURES;
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
    fn month(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) {
        if let Some(phase) = seen.phase_record {
            let measures = PHASE_MEASURES.iter().map(|measure| cell((measure.value)(phase)));
            let from = seen.phase_from.to_string();
            sheet.row([Cell::Text(seen.phase), Cell::Text(&from)].into_iter().chain(measures));
        }
    }
}
