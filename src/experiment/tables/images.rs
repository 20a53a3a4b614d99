//! Fills `images.csv`: the official and the popular image of the enemy, accusations and arrests, by month and target class.

use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, count, label_columns, real, text};
use crate::model::state::standing::{TARGET_CLASS_NAMES, TARGET_CLASSES};
use crate::output::table::{Cell, Layout};

/// The table.
pub struct EnemyImages;

impl Table for EnemyImages {
    fn layout(&self) -> Layout {
        let own = [
            MONTH,
            PHASE,
            text("target", "target class: former, new_specialist, manager, official, shock_worker or worker"),
            real(
                "official",
                "share",
                "share of the class in the official image of the enemy; empty if no class is named",
            ),
            real(
                "popular",
                "share",
                "share of the class in the popular image: accusations out of principle and temperament per meeting, fading over a year; empty before the first such accusation",
            ),
            real("meetings", "acquaintances", "expected acquaintances of the month with people of the class"),
            count("accusations", "acts", "accusations of people of the class"),
            count("arrests", "people", "people of the class arrested"),
        ];
        Layout {
            name: "images",
            row: "one row per replicate, month and target class",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months * TARGET_CLASSES as u64
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Months)
    }
}

struct Months;

impl Recorder for Months {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let (mut meetings, mut accusations, mut arrests) =
            ([0.0; TARGET_CLASSES], [0u64; TARGET_CLASSES], [0u64; TARGET_CLASSES]);
        for unit in view.society.units() {
            for class in 0..TARGET_CLASSES {
                meetings[class] += unit.now.acquaintances[class];
                arrests[class] += u64::from(unit.now.arrests_by_class[class]);
            }
            for act in &unit.now.acts {
                accusations[usize::from(act.target.class)] += 1;
            }
        }
        let month = view.month.to_string();
        let images = &view.record.images;
        for (class, name) in TARGET_CLASS_NAMES.into_iter().enumerate() {
            let of = |image: Option<[f64; TARGET_CLASSES]>| {
                image.map_or(Cell::Missing, |image| Cell::Real(image[class]))
            };
            let [month, phase, name] = [month.as_str(), view.phase, name].map(Cell::Text);
            writer.row([
                month,
                phase,
                name,
                of(images.official),
                of(images.popular),
                Cell::Real(meetings[class]),
                Cell::Integer(accusations[class]),
                Cell::Integer(arrests[class]),
            ]);
        }
    }
}
