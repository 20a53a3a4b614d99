//! Fills `candidates.csv`: candidates for open posts and people promoted, by month and rank.

use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, count, label_columns, real, text};
use crate::engine::maths::from_fixed;
use crate::model::record::MonthRecord;
use crate::model::state::standing::{FOREMAN, RANK_NAMES, RANKS};
use crate::model::state::target::MOST_SUSPICION;
use crate::output::table::{Cell, Layout};

/// The table.
pub struct Candidates;

impl Table for Candidates {
    fn layout(&self) -> Layout {
        let own = [
            MONTH,
            PHASE,
            text("rank", "rank of the posts: foreman, middle, director or regional"),
            count(
                "candidates",
                "people",
                "people of the rank below in units with an open post of the rank at the roll call (directors: of a region whose office has one); of workers, those who may hope for a post",
            ),
            count(
                "promoted",
                "people",
                "people promoted to the rank in the month, also into posts that opened after the roll call and from other units",
            ),
            real(
                "candidate_ability",
                "0 to 1",
                "mean ability of the candidates; this and the other means of candidates are not taken of workers",
            ),
            real("promoted_ability", "0 to 1", "mean ability of the promoted, before promotion"),
            real("candidate_ambition", "0 to 1", "mean ambition of the candidates"),
            real("promoted_ambition", "0 to 1", "mean ambition of the promoted"),
            real(
                "candidate_suspicion",
                "accusations",
                "mean suspicion of the candidates, before the month's accusations; above 8 counts as 8",
            ),
            real(
                "promoted_suspicion",
                "accusations",
                "mean suspicion of the promoted, with the month's accusations; above 8 counts as 8",
            ),
            real("candidate_party", "share", "share of the candidates who are in the party"),
            real("promoted_party", "share", "share of the promoted who were in the party before"),
        ];
        Layout {
            name: "candidates",
            row: "one row per replicate, month and rank from foreman on",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months * (RANKS as u64 - 1)
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Months)
    }
}

struct Months;

/// Returns the means of one rank's candidates and promoted, in the order of the columns.
fn means(month: &MonthRecord, rank: usize) -> [Cell<'static>; 8] {
    let mean =
        |sum: f64, people: u64| if people > 0 { Cell::Real(sum / people as f64) } else { Cell::Missing };
    let (promoted, scale) = (month.promotions[rank], f64::from(MOST_SUSPICION));
    // The attributes of workers are not summed up.
    let candidates = if rank > usize::from(FOREMAN) { month.candidates[rank] } else { 0 };
    [
        mean(from_fixed(month.candidate_ability[rank]), candidates),
        mean(from_fixed(month.promoted_ability[rank]), promoted),
        mean(from_fixed(month.candidate_ambition[rank]), candidates),
        mean(from_fixed(month.promoted_ambition[rank]), promoted),
        mean(scale * from_fixed(month.candidate_suspicion[rank]), candidates),
        mean(scale * from_fixed(month.promoted_suspicion[rank]), promoted),
        mean(month.candidates_in_party[rank] as f64, candidates),
        mean(month.promoted_in_party[rank] as f64, promoted),
    ]
}

impl Recorder for Months {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let month = view.month.to_string();
        for (rank, name) in RANK_NAMES.into_iter().enumerate().skip(1) {
            let words = [month.as_str(), view.phase, name].map(Cell::Text);
            let counts = [view.record.candidates[rank], view.record.promotions[rank]].map(Cell::Integer);
            writer.row(words.into_iter().chain(counts).chain(means(view.record, rank)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::maths::fixed;

    #[test]
    fn means_are_per_candidate_and_per_promotion() {
        let sum = |values: &[f32]| values.iter().map(|&value| u64::from(fixed(value))).sum::<u64>();
        let mut month = MonthRecord { candidates: [0, 40, 4, 0, 0], ..MonthRecord::default() };
        month.promotions = [0, 2, 0, 0, 0];
        month.candidate_ability[2] = sum(&[0.25, 0.5, 0.75, 0.5]);
        month.candidate_suspicion[2] = sum(&[0.125, 0.0, 0.0, 0.125]);
        month.candidates_in_party[2] = 3;
        month.promoted_ability[1] = sum(&[0.25, 0.75]);
        let numbers = |rank| {
            means(&month, rank).map(|cell| match cell {
                Cell::Real(real) => Some(real),
                _ => None,
            })
        };
        let zero = Some(0.0);
        assert_eq!(numbers(1), [None, Some(0.5), None, zero, None, zero, None, zero]);
        assert_eq!(numbers(2), [Some(0.5), None, zero, None, Some(0.5), None, Some(0.75), None]);
    }
}
