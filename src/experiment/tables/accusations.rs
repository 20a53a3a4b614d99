//! Fills `accusations.csv`: accusations by month, motive, position of the accuser and class of the target.
//!
//! The shares of the motives in an act are multiples of 2^-20 that add up to 1, so the cells of a month add up to its acts
//! exactly, in any order.

use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, label_columns, text};
use crate::model::state::standing::{
    MOTIVE_NAMES, MOTIVES, POSITION_NAMES, POSITIONS, TARGET_CLASS_NAMES, TARGET_CLASSES, position,
};
use crate::model::state::unit::{Act, WHOLE_ACT};
use crate::output::table::{Cell, Column, Kind, Layout};

/// The table.
pub struct Accusations;

/// Cells of one month.
const CELLS: u64 = (MOTIVES * POSITIONS * TARGET_CLASSES) as u64;

/// The estimated rows of a month are 1 plus the root of people / 25: a cell has a row once it is filled. Measured in the
/// historical scenario: 4 rows a month at a mean of 900 people, 18 at 9,000, 43 at 91,000 and 79 at 910,000.
const PEOPLE_PER_SQUARED_ROW: u64 = 25;

impl Table for Accusations {
    fn layout(&self) -> Layout {
        let acts = Column {
            name: "acts",
            kind: Kind::Real,
            unit: "acts",
            definition: "sum of the motive's shares in the accusations, in exact multiples of 2^-20; over the motives the shares of an act add up to 1",
        };
        let own = [
            MONTH,
            PHASE,
            text("motive", "principle, temperament, rivalry or fear"),
            text(
                "accuser",
                "position of the accuser: worker, foreman (rank 1), or in the elite manager, specialist, party, union",
            ),
            text(
                "target",
                "class of the target: former, new_specialist, manager, official, shock_worker or worker",
            ),
            acts,
        ];
        Layout {
            name: "accusations",
            row: "one row per replicate, month, motive, position of the accuser and class of the target, where there is any accusation; what is left out is zero",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months * CELLS.min(1 + (extent.people / PEOPLE_PER_SQUARED_ROW).isqrt())
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Acts::default())
    }
}

/// The accusations of one month, in units of 2^-20.
#[derive(Debug, Default)]
struct Acts {
    cells: [[[u64; TARGET_CLASSES]; POSITIONS]; MOTIVES],
}

impl Acts {
    fn add(&mut self, act: &Act) {
        let accuser = position(act.accuser_rank, act.accuser_role);
        for (cells, &share) in self.cells.iter_mut().zip(&act.motives) {
            cells[accuser][usize::from(act.target.class)] += u64::from(share);
        }
    }
}

impl Recorder for Acts {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        *self = Acts::default();
        view.society.units().flat_map(|unit| &unit.now.acts).for_each(|act| self.add(act));
        let month = view.month.to_string();
        for (motive, by_accuser) in MOTIVE_NAMES.into_iter().zip(&self.cells) {
            for (accuser, by_target) in POSITION_NAMES.into_iter().zip(by_accuser) {
                for (target, &units) in TARGET_CLASS_NAMES.into_iter().zip(by_target) {
                    if units > 0 {
                        let acts = Cell::Real(units as f64 / f64::from(WHOLE_ACT));
                        let words = [month.as_str(), view.phase, motive, accuser, target].map(Cell::Text);
                        writer.row(words.into_iter().chain([acts]));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::target::TargetProfile;

    #[test]
    fn an_act_is_divided_among_its_motives() {
        let mut acts = Acts::default();
        let target = TargetProfile {
            rank: 3,
            role: 1,
            class: 2,
            since: 0,
            ambition: 0,
            ability: 0,
            candidate: false,
            suspected: false,
            comrades: false,
            same_brigade: false,
        };
        let act = Act {
            motives: [WHOLE_ACT / 2, 0, WHOLE_ACT / 4, WHOLE_ACT / 4],
            accuser_rank: 2,
            accuser_role: 3,
            target,
            chance: None,
            row: 0,
            official: false,
        };
        acts.add(&act);
        acts.add(&Act {
            accuser_rank: 0,
            accuser_role: 0,
            target: TargetProfile { class: 5, ..target },
            ..act
        });
        assert_eq!(acts.cells[0][4][2], u64::from(WHOLE_ACT) / 2);
        assert_eq!(acts.cells[3][0][5], u64::from(WHOLE_ACT) / 4);
        assert_eq!(acts.cells.as_flattened().as_flattened().iter().sum::<u64>(), 2 * u64::from(WHOLE_ACT));
    }
}
