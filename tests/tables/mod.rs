//! Tests that the tables of a replicate, which count the same events independently, agree.

mod agreement;
mod cohorts;
mod conservation;
mod edges;
mod levers;
mod lives;
mod profiles;
mod ranges;
mod units;

use kadry::engine::calendar::Month;
use kadry::engine::parallel::Workers;
use kadry::experiment::plan::Plan;
use kadry::experiment::replicate;
use kadry::experiment::tables::TABLES;
use kadry::model::levers::LEVERS;
use kadry::model::levers::Levers;
use kadry::model::mechanisms::Mechanisms;
use kadry::model::parameters::Parameters;
use kadry::model::setup::Events;
use kadry::model::setup::PolicyMode;
use kadry::model::setup::Population;
use kadry::model::setup::Setup;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// One table, read back from its bytes.
pub(crate) struct Read {
    columns: BTreeMap<&'static str, usize>,
    rows: Vec<Vec<String>>,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    table: &'a Read,
    cells: &'a [String],
}

impl<'a> Row<'a> {
    fn text(&self, column: &str) -> &'a str {
        &self.cells[self.table.columns[column]]
    }

    fn count(&self, column: &str) -> i64 {
        self.text(column).parse().unwrap()
    }

    /// `None` if the cell is empty.
    fn real(&self, column: &str) -> Option<f64> {
        let text = self.text(column);
        (!text.is_empty()).then(|| text.parse().unwrap())
    }
}

impl Read {
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { table: self, cells })
    }

    /// The rows in which `column` is `value`.
    fn of<'a>(&'a self, column: &'a str, value: &'a str) -> impl Iterator<Item = Row<'a>> {
        self.rows().filter(move |row| row.text(column) == value)
    }

    /// Columns whose names begin with `with`.
    fn beginning(&self, with: &str) -> Vec<&'static str> {
        self.columns.keys().copied().filter(|name| name.starts_with(with)).collect()
    }
}

/// The tables of one replicate, by name.
pub(crate) struct Tables(BTreeMap<&'static str, Read>);

impl Tables {
    fn get(&self, name: &str) -> &Read {
        &self.0[name]
    }

    /// The rows of a table in a month.
    fn of<'a>(&'a self, table: &str, month: &'a str) -> Vec<Row<'a>> {
        self.get(table).of("month", month).collect()
    }

    /// The rows of the series, one for each month.
    fn months(&self) -> Vec<Row<'_>> {
        self.get("series").rows().collect()
    }
}

/// Runs replicate 1 of a plan and reads its tables back.
pub(crate) fn tables(plan: &Plan) -> Tables {
    let outcome = replicate::run(plan, 1, Workers::One, |_| ControlFlow::Continue(())).unwrap();
    let read = |bytes: &[u8], names: Vec<&'static str>| {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        let rows: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        assert!(rows.iter().all(|row| row.len() == names.len()));
        Read { columns: names.into_iter().zip(0..).collect(), rows }
    };
    let rows = outcome.labelled(plan, 1);
    let named = plan.tables.iter().zip(&rows).map(|(table, bytes)| {
        let layout = table.layout();
        (layout.name, read(bytes, layout.columns.iter().map(|column| column.name).collect()))
    });
    Tables(named.collect())
}

/// A plan of a setup with `months` months, two phases of equal length and all tables but the lives, which take longer than
/// all others.
pub(crate) fn plan(setup: Setup, seed: u64, months: u16) -> Plan {
    let PolicyMode::Schedule(levers) = &setup.policy;
    let steps = Arc::new(levers.clone());
    Plan {
        steps,
        scenario: "random".into(),
        name: "random".into(),
        hash: "0123456789abcdef".into(),
        setup: Arc::new(setup),
        phases: vec!["early".into(), "late".into()],
        phase_of: Month::all().map(|month| usize::from(month.0 >= months / 2 && month.0 > 0)).collect(),
        seed,
        replicates: 1..=1,
        last: Month(months - 1),
        tables: TABLES.iter().copied().filter(|table| table.layout().name != "lives").collect(),
        threads: 1,
        side_by_side: 1,
        profile: false,
        futures: None,
    }
}

/// Levers that change every twelve months; a third of the values are 0 or 1.
fn schedule() -> impl Strategy<Value = Vec<Levers>> {
    let value = prop_oneof![Just(0.0), Just(1.0), 0.0..1.0, 0.0..1.0, 0.0..1.0, 0.0..1.0];
    let levers = prop::collection::vec(value, LEVERS.len()).prop_map(|values| {
        let mut levers = Levers::default();
        LEVERS.iter().zip(values).for_each(|(info, value)| (info.set)(&mut levers, value));
        levers
    });
    prop::collection::vec(levers, Month::COUNT.div_ceil(12))
        .prop_map(|years| Month::all().map(|month| years[month.index() / 12]).collect())
}

/// Small random societies under random levers, with elections and trials: setup, seed and number of months.
pub(crate) fn societies() -> impl Strategy<Value = (Setup, u64, u16)> {
    let population = (1u64..1_500, 1u32..8, 1u32..8).prop_map(|(size, enterprises, regions)| Population {
        size,
        enterprises,
        regions: regions.min(enterprises),
    });
    (population, schedule(), any::<u64>(), 1u16..60, 0.0..0.2f64).prop_map(
        |(population, levers, seed, months, arrests)| {
            let mut events = Events::none();
            events.pulses[3][0] = 0.6;
            events.pulses[20][3] = 0.9;
            for month in [5, 6, 30, 31] {
                events.party_elections[month] = true;
                events.union_elections[month] = true;
            }
            // More accusations and arrests than by default, so that rare events coincide in small societies.
            let parameters = Parameters {
                accusation_scale: 4.0 * Parameters::default().accusation_scale,
                arrest_plan: arrests,
                ..Parameters::default()
            };
            let policy = PolicyMode::Schedule(levers);
            let mechanisms = Mechanisms::default();
            (Setup { population, parameters, mechanisms, policy, events }, seed, months)
        },
    )
}

/// A growing society of 4,000 people in which all kinds of events happen.
pub(crate) fn busy(months: u16) -> Tables {
    let mut levers = Levers::default();
    LEVERS.iter().for_each(|info| (info.set)(&mut levers, 0.5));
    levers.repression = 0.6;
    let setup = Setup {
        population: Population { size: 4_000, enterprises: 9, regions: 3 },
        parameters: Parameters::default(),
        mechanisms: Mechanisms::default(),
        policy: PolicyMode::Schedule(vec![levers; Month::COUNT]),
        events: Events::none(),
    };
    tables(&Plan { tables: TABLES.to_vec(), ..plan(setup, 7, months) })
}
