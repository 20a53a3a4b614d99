//! Defines the tables that replicates fill, each with a layout and a recorder.
//!
//! A recorder receives the months of one replicate and never another table, so leaving a table out changes no byte of the
//! others. To add a table, add a file here and a line in [`TABLES`].

pub mod accusation_cells;
pub mod accusation_profiles;
pub mod accusations;
pub mod arrests;
mod by_unit;
pub mod candidates;
pub mod elite_flows;
pub mod grievance;
pub mod hazards;
pub mod images;
pub mod levers;
pub mod lives;
pub mod mobility;
pub mod openings;
pub mod party;
pub mod phases;
pub mod plants;
pub mod points;
pub mod regions;
pub mod series;
pub mod survival;
pub mod whole_period;

use super::plan::Plan;
use crate::engine::calendar::Month;
use crate::model::levers::Levers;
use crate::model::measures::{Measure, Value};
use crate::model::phase::PhaseRecord;
use crate::model::record::MonthRecord;
use crate::model::simulation::Simulation;
use crate::output::table::{Cell, Column, Kind, Layout, Rows};

/// The tables that a run can write, in the order of the documentation. A comparison adds [`whole_period`].
pub static TABLES: &[&dyn Table] = &[
    &series::Series,
    &phases::Phases,
    &accusations::Accusations,
    &elite_flows::EliteFlows,
    &openings::Openings,
    &mobility::Mobility,
    &survival::Survival,
    &images::EnemyImages,
    &hazards::Hazards,
    &levers::LeverTracks,
    &plants::Plants,
    &regions::Regions,
    &lives::Lives,
    &accusation_profiles::AccusationProfiles,
    &accusation_cells::AccusationCells,
    &candidates::Candidates,
    &party::Party,
    &arrests::Arrests,
    &grievance::Grievance,
    &phases::PhasesByChance,
];

/// A table: its layout, and the recorder that fills it.
pub trait Table: Sync {
    /// Name of the file, meaning of a row, and columns, of which the first are [`label_columns`].
    fn layout(&self) -> Layout;

    /// Estimates the rows of a replicate, preferably too many.
    fn rows(&self, extent: Extent) -> u64;

    /// Returns true for a table that needs [`Simulation::with_chance_targets`].
    fn draws_by_chance(&self) -> bool {
        false
    }

    /// Creates a recorder for one replicate.
    fn recorder(&self) -> Box<dyn Recorder>;

    /// Whether a run writes the table unless the user chooses tables. Tables that are large or slow to fill are written
    /// only if `--tables` names them.
    fn by_default(&self) -> bool {
        true
    }

    /// Estimates the memory that the recorder needs per person in the society, in bytes.
    fn bytes_per_person(&self) -> u64 {
        0
    }
}

/// The tables that a run writes unless the user chooses others.
pub fn by_default() -> Vec<&'static dyn Table> {
    TABLES.iter().copied().filter(|table| table.by_default()).collect()
}

/// The names of the tables that a run writes only if the user asks for them.
pub fn on_request() -> Vec<&'static str> {
    TABLES.iter().filter(|table| !table.by_default()).map(|table| table.layout().name).collect()
}

/// The size of a run, from which a table estimates its number of rows.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Number of months.
    pub months: u64,
    /// Number of phases that are reached.
    pub phases: u64,
    /// Mean number of people present.
    pub people: u64,
    /// Number of plants.
    pub plants: u64,
    /// Number of regions.
    pub regions: u64,
}

impl Extent {
    /// The size of one run of a plan with this mean number of people.
    pub fn of(plan: &Plan, people: u64) -> Extent {
        let population = &plan.setup.population;
        Extent {
            months: plan.months().count() as u64,
            phases: plan.phases_reached().len() as u64,
            people,
            plants: u64::from(population.enterprises),
            regions: u64::from(population.regions),
        }
    }
}

/// Turns the months of one replicate into rows of one table.
pub trait Recorder {
    /// Called with the society before its first month.
    fn begin(&mut self, _start: &Simulation, _writer: &mut RowWriter) {}

    /// Called for each month, in the order of the calendar.
    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter);

    /// Called after the last month, for rows about the whole replicate.
    fn finish(&mut self, _writer: &mut RowWriter) {}
}

/// One month, as recorders see it.
#[derive(Clone, Copy)]
pub struct MonthView<'a> {
    /// The month.
    pub month: Month,
    /// Number of its phase, from 0; the name is added with the labels.
    pub phase: &'a str,
    /// First month of that phase.
    pub phase_from: Month,
    /// Counts and sums of the month over the whole country.
    pub record: &'a MonthRecord,
    /// The levers of the month as the scenario sets them, before smoothing; `None` if the plan does not know them.
    pub set: Option<&'a Levers>,
    /// The society at the end of the month, with the events of the month in its units.
    pub society: &'a Simulation,
    /// True for the last month of the run.
    pub last: bool,
    /// Counts and sums of the phase, if this is its last month.
    pub phase_record: Option<&'a PhaseRecord>,
    /// Counts and sums of all months, if this is the last month of the run.
    pub whole_record: Option<&'a PhaseRecord>,
}

/// Writes the rows of one table and one replicate, without the labels that all of them share.
#[derive(Default)]
pub struct RowWriter {
    rows: Rows,
}

impl RowWriter {
    /// Appends a row: the cells after scenario, replicate and seed.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) {
        let row: Vec<Cell<'_>> = cells.into_iter().collect();
        self.rows.push(&row);
    }

    /// The bytes of the rows.
    pub fn into_bytes(self) -> Vec<u8> {
        self.rows.into_bytes()
    }
}

/// The column of a measure.
pub fn measure_column<R>(measure: &'static Measure<R>) -> Column {
    Column {
        name: measure.key,
        kind: kind(measure.count),
        unit: measure.unit,
        definition: measure.definition,
    }
}

/// The first columns of every table by replicate.
pub fn label_columns() -> [Column; 3] {
    [
        SCENARIO,
        Column {
            name: "replicate",
            kind: Kind::Integer,
            unit: "",
            definition: "number of the replicate, from 1; equal numbers share their draws across scenarios",
        },
        SEED,
    ]
}

/// The columns after the seed in every table by run of a study: past and future, and the varied keys. `values` are the
/// values of the keys in each point, from which the types of the columns follow.
pub fn label_columns_of<'a>(
    futures: bool,
    keys: &[String],
    values: impl Iterator<Item = &'a [String]>,
) -> Vec<Column> {
    let mut columns = Vec::new();
    if futures {
        columns.push(count(
            "past",
            "",
            "number of the past, from 1; equal pasts share their draws before fresh_from",
        ));
        columns.push(count(
            "future",
            "",
            "number of the future, from 1; equal futures share their draws from fresh_from on",
        ));
    }
    let mut kinds = vec![Kind::Integer; keys.len()];
    for values in values {
        for (kind, value) in kinds.iter_mut().zip(values) {
            // The base of a sweep has no value for a lever that changes over time.
            let real = value.is_empty() || value.parse::<f64>().is_ok_and(f64::is_finite);
            *kind = match kind {
                Kind::Integer if value.parse::<u64>().is_ok() => Kind::Integer,
                Kind::Integer | Kind::Real if real => Kind::Real,
                _ => Kind::Text,
            };
        }
    }
    columns.extend(keys.iter().zip(kinds).map(|(key, kind)| Column {
        // Layouts hold names for as long as the program runs; a study has few keys.
        name: key.clone().leak(),
        kind,
        unit: if kind == Kind::Real { "as in the scenario" } else { "" },
        definition: "value of this key of the scenario",
    }));
    columns
}

/// A layout with more columns after the seed.
pub fn labelled(mut layout: Layout, labels: &[Column]) -> Layout {
    let seed = layout.columns.iter().position(|column| column.name == SEED.name);
    let after = seed.map_or(0, |position| position + 1);
    layout.columns.splice(after..after, labels.iter().copied());
    layout
}

/// The column `scenario`.
pub const SCENARIO: Column =
    Column { name: "scenario", kind: Kind::Text, unit: "", definition: "name of the scenario" };

/// The column `seed`.
pub const SEED: Column = Column {
    name: "seed",
    kind: Kind::Integer,
    unit: "",
    definition: "seed, shared by all replicates of a run",
};

/// The column `month`.
pub const MONTH: Column = Column { name: "month", kind: Kind::Month, unit: "", definition: "calendar month" };

/// The column `phase`.
pub const PHASE: Column = Column {
    name: "phase",
    kind: Kind::Text,
    unit: "",
    definition: "phase of the scenario that the row belongs to",
};

/// The columns whose cells are names of phases; a table has at most one. Recorders write the number of the phase there.
pub const NAMES_A_PHASE: [&str; 2] = [PHASE.name, "cohort"];

/// The column `phase_from`, by which phases can be sorted. Tables by month do not need it.
pub const PHASE_FROM: Column =
    Column { name: "phase_from", kind: Kind::Month, unit: "", definition: "first month of the phase" };

/// A column of text.
pub(super) const fn text(name: &'static str, definition: &'static str) -> Column {
    Column { name, kind: Kind::Text, unit: "", definition }
}

/// A column of counts.
pub(super) const fn count(name: &'static str, unit: &'static str, definition: &'static str) -> Column {
    Column { name, kind: Kind::Integer, unit, definition }
}

/// A column of real numbers.
pub(super) const fn real(name: &'static str, unit: &'static str, definition: &'static str) -> Column {
    Column { name, kind: Kind::Real, unit, definition }
}

/// The kind of the column of a measure.
pub fn kind(count: bool) -> Kind {
    if count { Kind::Integer } else { Kind::Real }
}

/// The cell of a measure.
pub fn cell(value: Value) -> Cell<'static> {
    match value {
        Value::Count(count) => Cell::Integer(count),
        Value::Real(real) => Cell::Real(real),
        Value::Missing => Cell::Missing,
    }
}

/// The value of a measure as a number, if it is defined.
pub fn number(value: Value) -> Option<f64> {
    match value {
        Value::Count(count) => Some(count as f64),
        Value::Real(real) => Some(real),
        Value::Missing => None,
    }
}

/// Layouts of all tables that the folder of a run can hold, the summary last.
pub fn layouts() -> Vec<Layout> {
    TABLES.iter().map(|table| table.layout()).chain([super::summary::layout()]).collect()
}

/// The names of the tables of a run that names none, the summary last.
pub fn default_names() -> Vec<&'static str> {
    default_layouts().iter().map(|layout| layout.name).collect()
}

/// Layouts of these tables.
pub fn default_layouts() -> Vec<Layout> {
    by_default().iter().map(|table| table.layout()).chain([super::summary::layout()]).collect()
}

/// The names that `--tables` accepts, in the order of [`layouts`].
pub fn names() -> Vec<&'static str> {
    layouts().iter().map(|layout| layout.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn layouts_are_consistent() {
        let layouts = layouts();
        let names: BTreeSet<&str> = layouts.iter().map(|layout| layout.name).collect();
        assert_eq!(names.len(), layouts.len(), "two tables have the same name");
        for layout in &layouts {
            let columns: BTreeSet<&str> = layout.columns.iter().map(|column| column.name).collect();
            assert_eq!(
                columns.len(),
                layout.columns.len(),
                "two columns of {} have the same name",
                layout.name
            );
            for column in &layout.columns {
                let snake =
                    |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
                assert!(column.name.chars().all(snake), "{}", column.name);
                assert!(
                    !column.definition.is_empty() && !column.definition.contains('\n'),
                    "{}",
                    column.name
                );
                if column.kind == Kind::Real {
                    assert!(!column.unit.is_empty(), "{} has no unit", column.name);
                }
            }
        }
        for table in TABLES {
            assert_eq!(table.layout().columns[..3], label_columns());
        }
    }
}
