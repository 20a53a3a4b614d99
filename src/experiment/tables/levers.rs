//! Fills `levers.csv`: the levers by month, as the scenario sets them and as people and rules see them.

use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, label_columns, text};
use crate::model::levers::LEVERS;
use crate::output::table::{Cell, Column, Kind, Layout};

/// The table.
pub struct LeverTracks;

const fn lever(name: &'static str, definition: &'static str) -> Column {
    Column { name, kind: Kind::Real, unit: "0 to 1", definition }
}

impl Table for LeverTracks {
    fn layout(&self) -> Layout {
        let own = [
            MONTH,
            PHASE,
            text("lever", "key of the lever in a scenario"),
            lever(
                "set",
                "value that the scenario sets for the month, before smoothing; empty if the policy is not a schedule",
            ),
            lever(
                "seen",
                "value in force, which people and rules see: of a behavioural lever the mean of the month and the two before it, of another the value set",
            ),
        ];
        Layout {
            name: "levers",
            row: "one row per replicate, month and lever",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months * LEVERS.len() as u64
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Months)
    }

    // Under a schedule, all replicates of a scenario have the same rows.
    fn by_default(&self) -> bool {
        false
    }
}

struct Months;

impl Recorder for Months {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let month = view.month.to_string();
        for info in LEVERS {
            let set = view.set.map_or(Cell::Missing, |levers| Cell::Real((info.get)(levers)));
            let seen = Cell::Real((info.get)(view.society.levers()));
            let words = [month.as_str(), view.phase, info.key].map(Cell::Text);
            writer.row(words.into_iter().chain([set, seen]));
        }
    }
}
