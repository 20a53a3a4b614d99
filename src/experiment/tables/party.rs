//! Fills `party.csv`: the people in the party by year of joining, and what became of them in each year.

use super::{Extent, MonthView, Recorder, RowWriter, Table, count, label_columns};
use crate::engine::calendar::Month;
use crate::model::simulation::Simulation;
use crate::model::state::standing::REGIONAL;
use crate::model::state::unit::{JOINING_YEARS, PARTY_LOSSES, Promotion, joining_year};
use crate::output::table::{Cell, Layout};

/// The table.
pub struct Party;

/// The year that stands for all years before 1928.
const BEFORE: u64 = 1927;

impl Table for Party {
    fn layout(&self) -> Layout {
        let own = [
            count("year", "", "calendar year; the last may end early"),
            count(
                "joined_in",
                "",
                "year of joining; 1927 stands for all years before 1928, and 1928 begins with those who have just joined at the start",
            ),
            count("members", "people", "candidates and members present at the start of the year"),
            count(
                "joined",
                "people",
                "people who joined in the year, by admission or on becoming regional officials",
            ),
            count("expelled", "people", "people expelled in the year"),
            count("left", "people", "workers who left the party quietly during a purge"),
            count("arrested", "people", "people arrested, but not expelled in the same month"),
            count(
                "members_after",
                "people",
                "candidates and members present at the end of the year; the rest of the difference are deaths, people who left industry, and workers who went to school or came back",
            ),
        ];
        Layout {
            name: "party",
            row: "one row per replicate, year and year of joining, where there is anybody",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        (extent.months / 12 + 1) * JOINING_YEARS as u64
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Years::default())
    }
}

/// Sums of the current year, by year of joining.
#[derive(Debug, Default)]
struct Years {
    members: [u64; JOINING_YEARS],
    joined: [u64; JOINING_YEARS],
    losses: [[u64; JOINING_YEARS]; PARTY_LOSSES],
}

fn members(society: &Simulation) -> [u64; JOINING_YEARS] {
    let mut members = [0; JOINING_YEARS];
    society.for_each_member(|joined| members[joining_year(joined)] += 1);
    members
}

impl Years {
    fn add_promotion(&mut self, promotion: &Promotion) {
        if promotion.rank == REGIONAL && !promotion.in_party {
            self.joined[joining_year(promotion.joined)] += 1;
        }
    }

    fn rows(&self, year: u64, after: &[u64; JOINING_YEARS], writer: &mut RowWriter) {
        for (place, joined_in) in (BEFORE..).take(JOINING_YEARS).enumerate() {
            let [expelled, left, arrested] = self.losses.map(|losses| losses[place]);
            let counts = [self.members[place], self.joined[place], expelled, left, arrested, after[place]];
            if counts.iter().any(|&count| count > 0) {
                writer.row([year, joined_in].into_iter().chain(counts).map(Cell::Integer));
            }
        }
    }
}

impl Recorder for Years {
    fn begin(&mut self, start: &Simulation, _writer: &mut RowWriter) {
        self.members = members(start);
    }

    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let Month(number) = view.month;
        self.joined[joining_year(number as i16)] += view.record.recruits;
        for (sums, losses) in self.losses.iter_mut().zip(&view.record.party_losses) {
            sums.iter_mut().zip(losses).for_each(|(sum, loss)| *sum += loss);
        }
        let promotions = view.society.units().flat_map(|unit| &unit.now.promotions);
        promotions.for_each(|promotion| self.add_promotion(promotion));
        if view.last || number % 12 == 11 {
            let after = members(view.society);
            self.rows(u64::from(view.month.year()), &after, writer);
            *self = Years { members: after, ..Years::default() };
        }
    }
}
