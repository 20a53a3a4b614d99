//! Fills `hazards.csv`: bosses and accusations of bosses, by month and months in rank.
//!
//! Summing the counts over some months and then dividing gives the hazard of that period.

use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, count, label_columns, text};
use crate::model::state::unit::since_bin;
use crate::output::table::{Cell, Layout};

/// The table.
pub struct Hazards;

/// The bins of [`since_bin`].
const BINS: [&str; 3] = ["0-11", "12-35", "36+"];

impl Table for Hazards {
    fn layout(&self) -> Layout {
        let own = [
            MONTH,
            PHASE,
            text(
                "months_in_rank",
                "months since promotion at the start of the month: 0-11, 12-35 or 36+; a demoted person begins with 48, a graduate with 12",
            ),
            count(
                "bosses",
                "people",
                "people of rank 1 and above present with this number of months in rank",
            ),
            count(
                "accusations",
                "acts",
                "accusations of them; a hazard per year is 12 times these over bosses, summed over any months",
            ),
        ];
        Layout {
            name: "hazards",
            row: "one row per replicate, month and bin of months in rank",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months * BINS.len() as u64
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Months)
    }
}

struct Months;

impl Recorder for Months {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let (mut bosses, mut accusations) = ([0u64; BINS.len()], [0u64; BINS.len()]);
        for unit in view.society.units() {
            for (sum, &people) in bosses.iter_mut().zip(&unit.now.bosses_by_since) {
                *sum += u64::from(people);
            }
            for act in unit.now.acts.iter().filter(|act| act.target.boss()) {
                accusations[since_bin(act.target.since)] += 1;
            }
        }
        let month = view.month.to_string();
        for (bin, name) in BINS.into_iter().enumerate() {
            let words = [month.as_str(), view.phase, name].map(Cell::Text);
            let counts = [bosses[bin], accusations[bin]].map(Cell::Integer);
            writer.row(words.into_iter().chain(counts));
        }
    }
}
