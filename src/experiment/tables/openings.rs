//! Fills `openings.csv`: posts, openings by cause, vacancies and promotions, by month and rank.
//!
//! Promotions divided by openings, both summed over ranks, is the mean length of the vacancy chains.

use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, count, label_columns, text};
use crate::model::state::standing::{RANK_NAMES, RANKS};
use crate::model::state::unit::{Cause, Unit};
use crate::output::table::{Cell, Layout};

/// The table.
pub struct Openings;

impl Table for Openings {
    fn layout(&self) -> Layout {
        let own = [
            MONTH,
            PHASE,
            text("rank", "foreman, middle, director or regional"),
            count("posts", "posts", "whole posts after the month's growth"),
            count("growth", "posts", "whole posts that growth added"),
            count("arrest", "posts", "posts left by bosses who were arrested"),
            count(
                "demotion",
                "posts",
                "posts left by bosses who were demoted, by sanction, purge or election; the rank is the one before",
            ),
            count("natural", "posts", "posts left by death, retirement or departure"),
            count("vacant", "posts", "vacant posts, before any post of the rank is filled"),
            count("promotions", "people", "promotions into the rank"),
        ];
        Layout {
            name: "openings",
            row: "one row per replicate, month and rank from foreman on",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months * (RANKS as u64 - 1)
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Ranks::default())
    }
}

/// Posts, growth, arrest, demotion, natural, vacant, promotions.
const COUNTS: usize = 7;

/// The counts of one month by rank.
#[derive(Debug, Default)]
struct Ranks([[u64; COUNTS]; RANKS]);

impl Ranks {
    fn add(&mut self, unit: &Unit) {
        let now = &unit.now;
        for (rank, counts) in self.0.iter_mut().enumerate().skip(1) {
            let posts = unit.whole_posts(rank);
            counts[0] += posts;
            counts[1] += posts.saturating_sub(now.posts_before[rank]);
            counts[5] += now.vacant[rank];
        }
        for loss in &now.losses {
            let source = match loss.cause {
                Cause::Arrest => 2,
                Cause::Sanction | Cause::Purge | Cause::Election => 3,
                Cause::Natural => 4,
            };
            self.0[usize::from(loss.rank)][source] += 1;
        }
        for promotion in &now.promotions {
            self.0[usize::from(promotion.rank)][6] += 1;
        }
    }
}

impl Recorder for Ranks {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        *self = Ranks::default();
        view.society.units().for_each(|unit| self.add(unit));
        let month = view.month.to_string();
        for (name, counts) in RANK_NAMES.into_iter().zip(&self.0).skip(1) {
            let words = [month.as_str(), view.phase, name].map(Cell::Text);
            writer.row(words.into_iter().chain(counts.iter().map(|&count| Cell::Integer(count))));
        }
    }
}
