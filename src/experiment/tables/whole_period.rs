//! Fills `whole_period.csv`: one row per replicate, with every measure of a phase over all months of the run.
//!
//! Comparisons write it, because they compare the whole period in the same way as a phase.

use super::{Extent, MonthView, Recorder, RowWriter, Table, cell, label_columns, measure_column};
use crate::model::phase::PHASE_MEASURES;
use crate::output::table::Layout;

pub use crate::scenario::WHOLE_PERIOD;

/// The table.
pub struct WholePeriod;

impl Table for WholePeriod {
    fn layout(&self) -> Layout {
        let measures = PHASE_MEASURES.iter().map(measure_column);
        Layout {
            name: "whole_period",
            row: "one row per replicate, over all months that were run as if they were one phase",
            columns: label_columns().into_iter().chain(measures).collect(),
        }
    }

    fn rows(&self, _extent: Extent) -> u64 {
        1
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(LastMonth)
    }
}

struct LastMonth;

impl Recorder for LastMonth {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        if let Some(whole) = view.whole_record {
            writer.row(PHASE_MEASURES.iter().map(|measure| cell((measure.value)(whole))));
        }
    }
}
