//! Fills `grievance.csv`: mean grievance by origin, rank and egalitarian conviction, twice a year.
//!
//! Its recorder visits every person twice in June and in December, so it is written only on request.

use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, count, label_columns, real, text};
use crate::engine::calendar::Month;
use crate::engine::maths::{fixed, from_fixed};
use crate::model::simulation::Simulation;
use crate::model::state::standing::{ORIGIN_NAMES, ORIGINS, RANK_NAMES, RANKS};
use crate::model::state::target::{THIRD_NAMES, THIRDS};
use crate::output::table::{Cell, Layout};

/// The table.
pub struct Grievance;

impl Table for Grievance {
    fn layout(&self) -> Layout {
        let own = [
            MONTH,
            PHASE,
            text("origin", "peasant, worker, employee or former"),
            text("rank", "worker, foreman, middle, director or regional"),
            text(
                "egalitarianism",
                "third of egalitarian conviction among all people present: low, middle or high",
            ),
            count("people", "people", "people of this kind present at the end of the month"),
            real("grievance", "0 to 1", "their mean grievance"),
        ];
        Layout {
            name: "grievance",
            row: "one row per replicate, June and December, origin, rank and third of egalitarianism with people present",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        (extent.months / 6) * (ORIGINS * RANKS * THIRDS) as u64
    }

    fn by_default(&self) -> bool {
        false
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(HalfYears)
    }
}

struct HalfYears;

/// Number of people, and sum of their grievance in fixed point, by origin, rank and third.
type Cells = [[[(u64, u64); THIRDS]; RANKS]; ORIGINS];

/// Returns the convictions with which the middle and the upper third begin: those of people n/3 and 2n/3 of n in ascending
/// order, both rounded down and counted from 0.
fn cuts(mut convictions: Vec<f32>) -> [f32; THIRDS - 1] {
    let people = convictions.len();
    if people == 0 {
        return [0.0; THIRDS - 1];
    }
    [people / THIRDS, 2 * people / THIRDS]
        .map(|place| *convictions.select_nth_unstable_by(place, f32::total_cmp).1)
}

fn cells(society: &Simulation) -> Cells {
    let mut convictions = Vec::with_capacity(society.people() as usize);
    society.for_each_person(|_, person| convictions.push(person.egalitarianism));
    let cuts = cuts(convictions);
    let mut cells = Cells::default();
    society.for_each_person(|_, person| {
        let third = cuts.iter().filter(|&&cut| person.egalitarianism >= cut).count();
        let cell = &mut cells[person.standing.origin() as usize][usize::from(person.rank())][third];
        *cell = (cell.0 + 1, cell.1 + u64::from(fixed(person.grievance)));
    });
    cells
}

impl Recorder for HalfYears {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let Month(number) = view.month;
        if number % 6 != 5 {
            return;
        }
        let month = view.month.to_string();
        for (origin, by_rank) in ORIGIN_NAMES.into_iter().zip(cells(view.society)) {
            for (rank, by_third) in RANK_NAMES.into_iter().zip(by_rank) {
                for (third, (people, sum)) in THIRD_NAMES.into_iter().zip(by_third) {
                    if people > 0 {
                        let words = [month.as_str(), view.phase, origin, rank, third].map(Cell::Text);
                        let mean = Cell::Real(from_fixed(sum) / people as f64);
                        writer.row(words.into_iter().chain([Cell::Integer(people), mean]));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_of_conviction_begin_with_the_third_and_two_thirds_of_the_people() {
        assert_eq!(cuts(vec![0.7, 0.1, 0.4, 0.3, 0.2, 0.5, 0.6]), [0.3, 0.5]);
        assert_eq!(cuts(vec![0.4]), [0.4, 0.4]);
        assert_eq!(cuts(Vec::new()), [0.0, 0.0]);
    }
}
