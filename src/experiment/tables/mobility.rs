//! Fills `mobility.csv`: people by origin and rank at the end of each year.
//!
//! Workers at school are not present in a plant and have separate rows.

use super::{Extent, MONTH, MonthView, Recorder, RowWriter, Table, count, label_columns, text};
use crate::engine::calendar::Month;
use crate::model::simulation::Simulation;
use crate::model::state::standing::{ORIGIN_NAMES, ORIGINS, RANK_NAMES, RANKS};
use crate::output::table::{Cell, Column, Layout};

/// The table.
pub struct Mobility;

/// Year and month of the rows about the initial society.
const BEFORE: (u64, &str) = (1927, "1927-12");

/// Rows of one year: every origin in every rank and at school.
const ROWS: u64 = (ORIGINS * (RANKS + 1)) as u64;

impl Table for Mobility {
    fn layout(&self) -> Layout {
        let own = [
            count("year", "", "calendar year; 1927 is the society at the start"),
            Column {
                definition: "month at whose end people are counted: December, or the last month that was run",
                ..MONTH
            },
            text("origin", "peasant, worker, employee or former"),
            text(
                "rank",
                "worker, foreman, middle, director or regional; student for workers at school, who are not present",
            ),
            count("people", "people", "people of the origin in the rank"),
        ];
        Layout {
            name: "mobility",
            row: "one row per replicate, year, origin and rank, zeros included; the first year is the start, the last may end early",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        (extent.months / 12 + 2) * ROWS
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Years)
    }
}

/// People present by origin and rank.
fn matrix(society: &Simulation) -> [[u64; RANKS]; ORIGINS] {
    let mut people = [[0; RANKS]; ORIGINS];
    society.for_each_standing(|standing| {
        people[standing.origin() as usize][usize::from(standing.rank())] += 1;
    });
    people
}

fn rows(society: &Simulation, year: u64, month: &str, writer: &mut RowWriter) {
    let students = society.students_by_origin();
    for ((origin, ranks), students) in ORIGIN_NAMES.into_iter().zip(matrix(society)).zip(students) {
        let names = RANK_NAMES.into_iter().chain(["student"]);
        for (rank, people) in names.zip(ranks.into_iter().chain([students])) {
            let [month, origin, rank] = [month, origin, rank].map(Cell::Text);
            writer.row([Cell::Integer(year), month, origin, rank, Cell::Integer(people)]);
        }
    }
}

struct Years;

impl Recorder for Years {
    fn begin(&mut self, start: &Simulation, writer: &mut RowWriter) {
        rows(start, BEFORE.0, BEFORE.1, writer);
    }

    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let Month(number) = view.month;
        if view.last || number % 12 == 11 {
            rows(view.society, view.month.year() as u64, &view.month.to_string(), writer);
        }
    }
}
