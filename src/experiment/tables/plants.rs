//! Fills `plants.csv`: the state of each plant and what happened in it, by month.

use super::by_unit::{cells, columns_of_plant, workers};
use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, count, label_columns};
use crate::output::table::{Cell, Layout};

/// The table.
pub struct Plants;

impl Table for Plants {
    fn layout(&self) -> Layout {
        let own = [
            MONTH,
            PHASE,
            count("unit", "", "number of the plant, from 0"),
            count("region", "", "number of its region, from 0"),
        ];
        Layout {
            name: "plants",
            row: "one row per replicate, month and plant",
            columns: label_columns().into_iter().chain(own).chain(columns_of_plant()).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months * extent.plants
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Months)
    }

    fn by_default(&self) -> bool {
        false
    }
}

struct Months;

impl Recorder for Months {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let month = view.month.to_string();
        let plants: Vec<_> = view.society.units().filter(|unit| !unit.office).collect();
        // Plants come before the offices.
        let workers = workers(view.society, plants.len(), |position| {
            Some(position).filter(|position| *position < plants.len())
        });
        for (plant, mut workers) in plants.into_iter().zip(workers) {
            let place = [plant.number, plant.region].map(|number| Cell::Integer(u64::from(number)));
            let words = [month.as_str(), view.phase].map(Cell::Text);
            writer.row(words.into_iter().chain(place).chain(cells(&[plant], &mut workers)));
        }
    }
}
