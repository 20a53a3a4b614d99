//! Fills `arrests.csv`: people arrested by year, rank, role and party card.

use super::{Extent, MonthView, Recorder, RowWriter, Table, count, label_columns, real, text};
use crate::engine::calendar::Month;
use crate::model::record::MonthRecord;
use crate::model::state::standing::{ELITE_RANKS, ELITE_ROLES, POSITION_NAMES, RANK_NAMES, position};
use crate::model::state::unit::{Cause, Loss};
use crate::output::table::{Cell, Layout};

/// The table.
pub struct Arrests;

/// Cells of rank and role: workers, foremen, and the four roles of each rank of the elite.
const CELLS: usize = 2 + ELITE_RANKS * ELITE_ROLES;

/// Returns the place of a rank and role among the cells. Below the elite there are no roles.
fn place(rank: u8, role: u8) -> usize {
    match rank {
        0 | 1 => usize::from(rank),
        _ => 2 + usize::from(rank - 2) * ELITE_ROLES + usize::from(role.max(1)) - 1,
    }
}

/// Returns the names of rank and role of a cell.
fn names(place: usize) -> [&'static str; 2] {
    let (rank, role) = match place {
        0 | 1 => (place, 0),
        _ => (2 + (place - 2) / ELITE_ROLES, 1 + (place - 2) % ELITE_ROLES),
    };
    [RANK_NAMES[rank], POSITION_NAMES[position(rank as u8, role as u8)]]
}

impl Table for Arrests {
    fn layout(&self) -> Layout {
        let own = [
            count("year", "", "calendar year; the last may end early"),
            text("rank", "worker, foreman, middle, director or regional, before the arrest"),
            text("role", "manager, specialist, party or union; worker and foreman below the elite"),
            text(
                "party",
                "party for candidates and members of the party at the start of the month, else outside",
            ),
            count("arrested", "people", "people arrested in the year"),
            real("people", "people", "people of this kind at the start of the month, mean of the months"),
        ];
        Layout {
            name: "arrests",
            row: "one row per replicate, year, rank, role and party card, zeros included",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        (extent.months / 12 + 1) * 2 * CELLS as u64
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Years::default())
    }
}

/// Sums of the current year: outside the party, and in it.
#[derive(Debug, Default)]
struct Years {
    months: u64,
    arrested: [[u64; 2]; CELLS],
    people: [[u64; 2]; CELLS],
}

impl Years {
    fn add_loss(&mut self, loss: &Loss) {
        if loss.cause == Cause::Arrest {
            self.arrested[place(loss.rank, loss.role)][usize::from(loss.in_party)] += 1;
        }
    }

    fn add(&mut self, month: &MonthRecord) {
        self.months += 1;
        let comrades = month.arrested_worker_comrades;
        self.arrested[0][0] += month.arrests - month.arrested_bosses - comrades;
        self.arrested[0][1] += comrades;
        let mut bosses_in_party = 0;
        let mut add = |cell: usize, people: u64, in_party: u64| {
            self.people[cell][0] += people - in_party;
            self.people[cell][1] += in_party;
        };
        add(1, month.people_by_rank[1], month.foremen_in_party);
        bosses_in_party += month.foremen_in_party;
        for (rank, (all, in_party)) in (2u8..).zip(month.elite_by_role.iter().zip(&month.elite_in_party)) {
            for (role, (&all, &in_party)) in (1u8..).zip(all.iter().zip(in_party)) {
                add(place(rank, role), all, in_party);
                bosses_in_party += in_party;
            }
        }
        add(0, month.people_by_rank[0], month.party - bosses_in_party);
    }

    fn rows(&self, year: u64, writer: &mut RowWriter) {
        for (place, (arrested, people)) in self.arrested.iter().zip(&self.people).enumerate() {
            let [rank, role] = names(place);
            for (party, (&arrested, &people)) in
                ["outside", "party"].into_iter().zip(arrested.iter().zip(people))
            {
                let words = [rank, role, party].map(Cell::Text);
                let mean = Cell::Real(people as f64 / self.months as f64);
                let cells = [Cell::Integer(year)].into_iter().chain(words);
                writer.row(cells.chain([Cell::Integer(arrested), mean]));
            }
        }
    }
}

impl Recorder for Years {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        view.society.units().flat_map(|unit| &unit.now.losses).for_each(|loss| self.add_loss(loss));
        self.add(view.record);
        let Month(number) = view.month;
        if view.last || number % 12 == 11 {
            self.rows(u64::from(view.month.year()), writer);
            *self = Years::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrested_and_the_present_are_told_apart_by_post_and_card() {
        let mut month = MonthRecord { arrests: 9, arrested_bosses: 4, ..MonthRecord::default() };
        (month.arrested_worker_comrades, month.party, month.foremen_in_party) = (2, 30, 5);
        month.people_by_rank = [100, 20, 6, 0, 1];
        (month.elite_by_role[0][1], month.elite_in_party[0][1]) = (6, 4);
        (month.elite_by_role[2][2], month.elite_in_party[2][2]) = (1, 1);
        let mut years = Years::default();
        years.add(&month);
        assert_eq!(years.arrested[0], [3, 2]);
        assert_eq!((years.people[0], years.people[1]), ([80, 20], [15, 5]));
        assert_eq!((years.people[place(2, 2)], years.people[place(4, 3)]), ([2, 4], [0, 1]));
        let loss = Loss {
            cause: Cause::Arrest,
            rank: 2,
            role: 2,
            role_after: 2,
            origin: 0,
            entered: 0,
            in_party: true,
        };
        years.add_loss(&loss);
        years.add_loss(&Loss { cause: Cause::Natural, ..loss });
        assert_eq!(years.arrested[place(2, 2)], [0, 1]);
        assert_eq!(names(place(2, 2)), ["middle", "specialist"]);
        assert_eq!([names(0), names(1)], [["worker", "worker"], ["foreman", "foreman"]]);
        assert_eq!(names(place(4, 4)), ["regional", "union"]);
    }
}
