//! Fills `series.csv`: one row per replicate and month, with every measure of a month.

use super::{
    Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, cell, label_columns, measure_column,
};
use crate::model::measures::MONTH_MEASURES;
use crate::output::table::{Cell, Layout};

/// The table.
pub struct Series;

impl Table for Series {
    fn layout(&self) -> Layout {
        let measures = MONTH_MEASURES.iter().map(measure_column);
        Layout {
            name: "series",
            row: "one row per replicate and month",
            columns: label_columns().into_iter().chain([MONTH, PHASE]).chain(measures).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Months)
    }
}

struct Months;

impl Recorder for Months {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let month = view.month.to_string();
        let measures = MONTH_MEASURES.iter().map(|measure| cell((measure.value)(view.record)));
        writer.row([Cell::Text(&month), Cell::Text(view.phase)].into_iter().chain(measures));
    }
}
