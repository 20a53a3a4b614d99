//! Fills `elite_flows.csv`: entries by route and exits by cause, by month, rank and position.
//!
//! A cell is a rank and a position; workers and foremen have cells too. In every cell, the stock of the next month is the
//! stock plus the entries minus the exits. Moves between plants leave the cell unchanged and are not counted.

use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, count, label_columns, text};
use crate::model::state::standing::{ELITE_ROLES, ORIGINS, POSITION_NAMES, RANK_NAMES, RANKS, position};
use crate::model::state::unit::{Cause, Unit};
use crate::output::table::{Cell, Column, Layout};

/// The table.
pub struct EliteFlows;

/// Number of cells: worker, foreman, and four positions in each rank of the elite.
const CELLS: usize = 2 + 3 * ELITE_ROLES;
const ROUTES: usize = 6;
const CAUSES: usize = 8;

/// Positions in `Flows::exits` of the causes that are no [`Cause`].
const PROMOTED: usize = 5;
const SCHOOL: usize = 6;
const LEFT: usize = 7;

macro_rules! entries {
    ($($route:literal $how:literal,)*) => {
        [$([
            count(concat!($route, "_peasant"), "people", concat!("entries by ", $how, ", of peasant origin")),
            count(concat!($route, "_worker"), "people", concat!("entries by ", $how, ", of worker origin")),
            count(concat!($route, "_employee"), "people", concat!("entries by ", $how, ", of employee origin")),
            count(concat!($route, "_former"), "people", concat!("entries by ", $how, ", of the former people")),
        ],)*]
    };
}

/// Entries by route and origin.
const ENTRIES: [[Column; ORIGINS]; ROUTES] = entries! {
    "hired" "being hired (workers)",
    "graduated" "return of a worker from school (foremen)",
    "assigned" "assignment of a graduate from outside industry (foremen)",
    "promoted" "promotion from the rank below in the same unit",
    "promoted_elsewhere" "promotion from the rank below in another unit of the region, to or from the regional office included",
    "demoted" "demotion from above (a demotion goes down two ranks, or to worker)",
};

/// Exits by cause.
const EXITS: [Column; CAUSES] = [
    count("exit_arrest", "people", "exits by arrest"),
    count("exit_sanction", "people", "exits by demotion after accusations"),
    count("exit_purge", "people", "exits by demotion on expulsion from the party"),
    count("exit_election", "people", "exits by demotion when voted out"),
    count("exit_natural", "people", "exits by death, retirement or departure"),
    count("exit_promotion", "people", "exits by promotion into the next rank"),
    count("exit_school", "people", "exits of workers to school"),
    count("exit_left", "people", "exits of workers who quit or were dismissed and left industry"),
];

impl Table for EliteFlows {
    fn layout(&self) -> Layout {
        let own = [
            MONTH,
            PHASE,
            text("rank", "worker, foreman, middle, director or regional; the last three are the elite"),
            text(
                "role",
                "worker and foreman in the ranks of these names, which have no role; above them manager, specialist, party, union",
            ),
            count("stock", "people", "people present at the start of the month"),
        ];
        let flows = ENTRIES.as_flattened().iter().chain(&EXITS).copied();
        Layout {
            name: "elite_flows",
            row: "one row per replicate, month, rank and role, all 14 of them in every month; the stock of the next month is stock plus entries minus exits",
            columns: label_columns().into_iter().chain(own).chain(flows).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months * CELLS as u64
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Cells::default())
    }
}

/// Stock and flows of one cell.
#[derive(Debug, Clone, Copy, Default)]
struct Flows {
    stock: u64,
    entries: [[u64; ORIGINS]; ROUTES],
    exits: [u64; CAUSES],
}

/// All cells of one month: worker, foreman, then rank by rank and role by role.
#[derive(Debug, Default)]
struct Cells([Flows; CELLS]);

/// Number of the cell of a rank and a role.
fn cell(rank: u8, role: u8) -> usize {
    let position = position(rank, role);
    if rank < 2 { position } else { usize::from(rank - 2) * ELITE_ROLES + position }
}

impl Cells {
    fn add(&mut self, unit: &Unit) {
        let Cells(cells) = self;
        let now = &unit.now;
        cells[0].stock += u64::from(now.people_by_rank[0]);
        cells[1].stock += u64::from(now.people_by_rank[1]);
        let elite = now.elite_by_role.as_flattened();
        for (flows, &people) in cells[2..].iter_mut().zip(elite) {
            flows.stock += u64::from(people);
        }
        let routes = [now.hired_by_origin, now.graduates_by_origin[1], now.graduates_by_origin[0]];
        for (route, (by_origin, at)) in routes.iter().zip([0, 1, 1]).enumerate() {
            for (sum, &people) in cells[at].entries[route].iter_mut().zip(by_origin) {
                *sum += u64::from(people);
            }
        }
        for promotion in &now.promotions {
            let route = if promotion.from_elsewhere { 4 } else { 3 };
            cells[cell(promotion.rank - 1, promotion.role_before)].exits[PROMOTED] += 1;
            cells[cell(promotion.rank, promotion.role)].entries[route][usize::from(promotion.origin)] += 1;
        }
        let mut natural_bosses = 0;
        for loss in &now.losses {
            cells[cell(loss.rank, loss.role)].exits[loss.cause as usize] += 1;
            match loss.cause {
                Cause::Arrest => {}
                Cause::Natural => natural_bosses += 1,
                Cause::Sanction | Cause::Purge | Cause::Election => {
                    let below = loss.rank.saturating_sub(2);
                    cells[cell(below, loss.role_after)].entries[5][usize::from(loss.origin)] += 1;
                }
            }
        }
        let workers = &mut cells[0].exits;
        workers[Cause::Arrest as usize] += u64::from(now.arrests - now.arrested_bosses);
        workers[Cause::Natural as usize] += u64::from(now.natural - natural_bosses);
        workers[SCHOOL] += u64::from(now.students);
        workers[LEFT] += u64::from(now.left_industry);
    }
}

impl Recorder for Cells {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        *self = Cells::default();
        view.society.units().for_each(|unit| self.add(unit));
        let month = view.month.to_string();
        for rank in 0..RANKS as u8 {
            let roles = if rank < 2 { 1..=1 } else { 1..=ELITE_ROLES as u8 };
            for role in roles {
                let flows = &self.0[cell(rank, role)];
                let names = [RANK_NAMES[usize::from(rank)], POSITION_NAMES[position(rank, role)]];
                let words = [month.as_str(), view.phase].into_iter().chain(names).map(Cell::Text);
                let counts = [flows.stock].into_iter();
                let counts = counts.chain(flows.entries.as_flattened().iter().copied()).chain(flows.exits);
                writer.row(words.chain(counts.map(Cell::Integer)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rank_and_role_has_a_cell_of_its_own() {
        let mut cells = vec![cell(0, 0), cell(1, 0)];
        cells.extend((2..RANKS as u8).flat_map(|rank| (1..=4).map(move |role| cell(rank, role))));
        assert_eq!(cells, (0..CELLS).collect::<Vec<_>>());
    }

    #[test]
    fn causes_have_the_positions_of_their_columns() {
        let causes = [Cause::Arrest, Cause::Sanction, Cause::Purge, Cause::Election, Cause::Natural];
        let names = ["exit_arrest", "exit_sanction", "exit_purge", "exit_election", "exit_natural"];
        for (cause, name) in causes.into_iter().zip(names) {
            assert_eq!(EXITS[cause as usize].name, name);
        }
        assert_eq!(
            [PROMOTED, SCHOOL, LEFT].map(|at| EXITS[at].name),
            ["exit_promotion", "exit_school", "exit_left"]
        );
    }
}
