//! Fills `accusation_cells.csv`: accusations by phase and by several attributes of the targets together.
//!
//! An observer who sees only accusers and targets can infer motives from these attributes.

use super::accusation_profiles::{Acts, BINS, DIFFERENCES, NO_YES, act_columns, difference};
use super::{Extent, MonthView, PHASE, PHASE_FROM, Recorder, RowWriter, Table, label_columns, text};
use crate::model::state::target::TargetProfile;
use crate::model::state::target::{THIRD_NAMES, THIRDS};
use crate::model::state::unit::{Act, since_bin};
use crate::output::table::{Cell, Layout};

/// The table.
pub struct AccusationCells;

/// Names of the bins of months in rank, after that of workers, who have none.
const SINCE: [&str; 1 + BINS.len()] = ["none", BINS[0], BINS[1], BINS[2]];

/// Number of values of each attribute, in the order of the columns.
const SIZES: [usize; 6] = [DIFFERENCES.len(), SINCE.len(), THIRDS, 2, 2, 2];

/// Number of cells of a phase.
const CELLS: usize = SIZES[0] * SIZES[1] * SIZES[2] * SIZES[3] * SIZES[4] * SIZES[5];

/// The estimated cells that are filled. Measured in the historical scenario: 70 a phase at a mean of 1,400 people, 180 at
/// 14,000 and 310 at 140,000.
const MOST_FILLED: u64 = 500;

fn values(accuser_rank: u8, target: &TargetProfile) -> [usize; SIZES.len()] {
    [
        difference(accuser_rank, target),
        if target.boss() { 1 + since_bin(target.since) } else { 0 },
        usize::from(target.ambition),
        usize::from(target.comrades),
        usize::from(target.same_brigade),
        usize::from(target.suspected),
    ]
}

/// The values that describe the target of an act, in the order of the columns.
pub fn profile(act: &Act) -> Vec<u8> {
    values(act.accuser_rank, &act.target).map(|value| value as u8).to_vec()
}

/// The number of values of each of them.
pub fn sizes() -> Vec<u8> {
    SIZES.map(|size| size as u8).to_vec()
}

fn place(values: [usize; SIZES.len()]) -> usize {
    SIZES.iter().zip(values).fold(0, |place, (size, value)| place * size + value)
}

/// Returns the names of the values of a cell.
fn names(mut place: usize) -> [&'static str; SIZES.len()] {
    let mut values = [0; SIZES.len()];
    for (value, size) in values.iter_mut().zip(SIZES).rev() {
        (*value, place) = (place % size, place / size);
    }
    let [difference, since, ambition, comrades, brigade, suspected] = values;
    [
        DIFFERENCES[difference],
        SINCE[since],
        THIRD_NAMES[ambition],
        NO_YES[comrades],
        NO_YES[brigade],
        NO_YES[suspected],
    ]
}

/// Sums of one phase.
struct Phase {
    cells: Vec<Acts>,
}

impl Phase {
    fn new() -> Self {
        Phase { cells: vec![Acts::default(); CELLS] }
    }

    fn add(&mut self, act: &Act) {
        self.cells[place(values(act.accuser_rank, &act.target))].add(act);
        if let Some(other) = &act.chance {
            self.cells[place(values(act.accuser_rank, other))].chance += 1;
        }
    }
}

impl Table for AccusationCells {
    fn layout(&self) -> Layout {
        let own = [
            PHASE,
            PHASE_FROM,
            text("rank_difference", "rank of the target minus that of the accuser"),
            text("months_in_rank", "months in rank of the target, 0-11, 12-35 or 36+; none for workers"),
            text(
                "ambition",
                "third of the target's ambition among the people who enter the model: low, middle or high",
            ),
            text("both_in_party", "with if accuser and target are in the party, else without"),
            text("same_brigade", "with if accuser and target work in the same brigade, else without"),
            text(
                "suspected",
                "with if the target's suspicion exceeded .1 before the month's accusations, else without",
            ),
        ];
        Layout {
            name: "accusation_cells",
            row: "one row per replicate, phase and combination of values, with at least one accusation or one person met by chance; all others are zero",
            columns: label_columns().into_iter().chain(own).chain(act_columns()).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.phases * MOST_FILLED.min(40 + extent.people / 30)
    }

    fn by_default(&self) -> bool {
        false
    }

    fn draws_by_chance(&self) -> bool {
        true
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Phase::new())
    }
}

impl Recorder for Phase {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        view.society.units().flat_map(|unit| &unit.now.acts).for_each(|act| self.add(act));
        if view.phase_record.is_none() {
            return;
        }
        let from = view.phase_from.to_string();
        for (place, acts) in self.cells.iter().enumerate().filter(|(_, acts)| acts.acts + acts.chance > 0) {
            let words = [view.phase, &from].into_iter().chain(names(place)).map(Cell::Text);
            writer.row(words.chain(acts.cells()));
        }
        *self = Phase::new();
    }
}

#[cfg(test)]
mod tests {
    use super::super::accusation_profiles::tests::ACT;
    use super::*;

    #[test]
    fn a_cell_has_the_names_of_its_values() {
        assert_eq!(
            names(place(values(0, &ACT.target))),
            ["1_above", "36+", "high", "without", "with", "without"]
        );
        let worker = TargetProfile { rank: 0, comrades: true, ..ACT.target };
        assert_eq!(names(place(values(3, &worker))), ["3_below", "none", "high", "with", "with", "without"]);
        let cells: std::collections::BTreeSet<_> = (0..CELLS).map(names).collect();
        assert_eq!(cells.len(), CELLS);
    }
}
