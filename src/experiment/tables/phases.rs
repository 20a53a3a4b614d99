//! Fills `phases.csv` and `phases_by_chance.csv`: one row per replicate and phase, with every measure of a phase.
//!
//! In `phases_by_chance.csv`, the accusers and the number of their accusations are those of the run. In the place of each
//! target stands another acquaintance of the accuser, drawn from the same pools.

use super::{
    Extent, MonthView, PHASE, PHASE_FROM, Recorder, RowWriter, Table, cell, label_columns, measure_column,
};
use crate::model::phase::PHASE_MEASURES;
use crate::output::table::{Cell, Layout};

/// The table `phases`.
pub struct Phases;

/// The table `phases_by_chance`.
pub struct PhasesByChance;

fn layout(name: &'static str, row: &'static str) -> Layout {
    let measures = PHASE_MEASURES.iter().map(measure_column);
    let columns = label_columns().into_iter().chain([PHASE, PHASE_FROM]).chain(measures).collect();
    Layout { name, row, columns }
}

impl Table for Phases {
    fn layout(&self) -> Layout {
        layout("phases", "one row per replicate and phase")
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.phases
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(PhaseEnds { by_chance: false })
    }
}

impl Table for PhasesByChance {
    fn layout(&self) -> Layout {
        layout(
            "phases_by_chance",
            "one row per replicate and phase, as in phases.csv, but what is said of the targets of accusations (directions, classes, hazards and their ratios, accusations of bosses and among workers) is said of people drawn from the same acquaintances of the same accusers; all else is as in phases.csv",
        )
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
        Box::new(PhaseEnds { by_chance: true })
    }
}

struct PhaseEnds {
    /// Whether the people drawn by chance stand in the place of the targets.
    by_chance: bool,
}

impl Recorder for PhaseEnds {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let Some(phase) = view.phase_record else { return };
        let drawn = self.by_chance.then(|| phase.with_chance_targets());
        let phase = drawn.as_ref().unwrap_or(phase);
        let measures = PHASE_MEASURES.iter().map(|measure| cell((measure.value)(phase)));
        let from = view.phase_from.to_string();
        writer.row([Cell::Text(view.phase), Cell::Text(&from)].into_iter().chain(measures));
    }
}
