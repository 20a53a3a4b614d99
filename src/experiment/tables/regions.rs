//! Fills `regions.csv`: sums and means over the plants and the office of each region, and the states of the region, by
//! month.

use super::by_unit::{cells, columns_of_region, workers};
use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, count, label_columns, real};
use crate::model::state::region::Region;
use crate::model::state::standing::{ORIGIN_GROUPS, REGIONAL};
use crate::output::table::{Cell, Column, Layout};

/// The table.
pub struct Regions;

/// The states of a region, at the end of the month.
const STATES: [Column; 5 + ORIGIN_GROUPS] = [
    real("quota", "multiple of the plan", "arrest quota"),
    real("attack", "0 to 1", "attack on the officials of the region"),
    real(
        "accused_remembered",
        "people",
        "people of the region accused, each once a month, with exponential forgetting",
    ),
    real(
        "punishments_remembered",
        "people",
        "people of the region punished under suspicion, with exponential forgetting",
    ),
    real("perceived_punishment", "share", "share of the accused who are punished, as people perceive it"),
    real(
        "mobility_peasant",
        "promotions per person per year",
        "promotions of people of peasant origin, smoothed",
    ),
    real(
        "mobility_worker",
        "promotions per person per year",
        "promotions of people of worker origin, smoothed",
    ),
    real(
        "mobility_other",
        "promotions per person per year",
        "promotions of people of other origin, smoothed",
    ),
];

fn states(region: &Region) -> [f64; STATES.len()] {
    let [peasant, worker, other] = region.mobility;
    [
        region.quota,
        region.attack,
        region.accused,
        region.punishments,
        region.perceived_punishment,
        peasant,
        worker,
        other,
    ]
}

impl Table for Regions {
    fn layout(&self) -> Layout {
        let own = [
            MONTH,
            PHASE,
            count("region", "", "number of the region, from 0"),
            count("plants", "plants", "plants of the region"),
            count("officials", "people", "regional officials present at the start of the month"),
            count("posts_regional", "posts", "whole posts of regional officials, after the month's growth"),
        ];
        Layout {
            name: "regions",
            row: "one row per replicate, month and region",
            columns: label_columns()
                .into_iter()
                .chain(own)
                .chain(columns_of_region())
                .chain(STATES)
                .collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months * extent.regions
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Months)
    }

    fn by_default(&self) -> bool {
        false
    }
}

struct Months;

impl Recorder for Months {
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let month = view.month.to_string();
        let all: Vec<_> = view.society.units().collect();
        let regions = view.society.regions();
        let workers = workers(view.society, regions.len(), |position| Some(all[position].region as usize));
        for ((number, region), mut workers) in (0u64..).zip(regions).zip(workers) {
            let units: Vec<_> = all.iter().copied().filter(|unit| u64::from(unit.region) == number).collect();
            let plants = units.iter().filter(|unit| !unit.office).count() as u64;
            let offices = || units.iter().filter(|unit| unit.office);
            let officials =
                offices().map(|unit| u64::from(unit.now.people_by_rank[usize::from(REGIONAL)])).sum();
            let posts = offices().map(|unit| unit.whole_posts(usize::from(REGIONAL))).sum();
            let words = [month.as_str(), view.phase].map(Cell::Text);
            let counts = [number, plants, officials, posts].map(Cell::Integer);
            let states = states(region).map(Cell::Real);
            writer.row(words.into_iter().chain(counts).chain(cells(&units, &mut workers)).chain(states));
        }
    }
}
