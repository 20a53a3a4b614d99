//! Tests that every measure is in the range of its unit, in random societies and with each parameter at either end of its
//! valid range.

use super::*;
use crate::model::random::{MOST_PEOPLE, flat, limit_shares, setups};
use crate::model::start;
use kadry::model::measures::MONTH_MEASURES;
use kadry::model::measures::Measure;
use kadry::model::measures::range;
use kadry::model::parameters::PARAMETERS;
use kadry::model::phase::PHASE_MEASURES;
use kadry::model::phase::PhaseRecord;
use kadry::output::table::Kind;
use rayon::prelude::*;

/// Measures outside their ranges, as `measure = value (unit)`.
fn outside<T>(measures: &'static [Measure<T>], record: &T) -> Vec<String> {
    let fault = |measure: &Measure<T>| {
        let (least, most) = range(measure.unit);
        let value = (measure.value)(record).number()?;
        let inside = least <= value && value <= most;
        (!inside).then(|| format!("{} = {value:?} ({})", measure.key, measure.unit))
    };
    measures.iter().filter_map(fault).collect()
}

/// Simulates a society and checks the measures of each month and of the phase that all months form.
fn check(setup: Setup, seed: u64, months: u16) -> Result<(), String> {
    let mut society = start(Arc::new(setup), seed, 1);
    let mut phase = PhaseRecord::default();
    for month in 0..months {
        let record = society.month();
        phase.add(&record);
        let faults = [outside(MONTH_MEASURES, &record), outside(PHASE_MEASURES, &phase)].concat();
        if !faults.is_empty() {
            return Err(format!("month {month}: {}", faults.join(", ")));
        }
        if society.people() > MOST_PEOPLE {
            break;
        }
    }
    Ok(())
}

/// A setup with many events and with growth that moves people.
fn eventful() -> Setup {
    let mut setup = flat(0.5, 600, 4, 2);
    setup.events.pulses[3][0] = 0.6;
    for month in [5, 17] {
        setup.events.party_elections[month] = true;
        setup.events.union_elections[month] = true;
    }
    setup.parameters.accusation_scale *= 8.0;
    setup
}

#[test]
fn measures_are_in_their_ranges_with_each_parameter_at_either_end() {
    let faults: Vec<String> = PARAMETERS
        .par_iter()
        .flat_map_iter(|info| [info.valid.0, info.valid.1].map(|value| (info, value)))
        .filter_map(|(info, value)| {
            let mut setup = eventful();
            (info.set)(&mut setup.parameters, value);
            limit_shares(&mut setup.parameters);
            check(setup, 1, 30).err().map(|fault| format!("{} = {value}: {fault}", info.key))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn measures_are_in_their_ranges_with_all_parameters_at_the_same_end() {
    for lever in [0.0, 0.5, 1.0] {
        for end in [0, 1] {
            let mut setup = flat(lever, 600, 4, 2);
            for info in PARAMETERS {
                (info.set)(&mut setup.parameters, [info.valid.0, info.valid.1][end]);
            }
            limit_shares(&mut setup.parameters);
            check(setup, 1, 30).unwrap_or_else(|fault| panic!("levers {lever}, end {end}: {fault}"));
        }
    }
}

/// Checks that every cell has the type and the range stated in the dictionary.
fn cells_are_in_their_ranges(tables: &Tables) {
    for (name, table) in &tables.0 {
        let layout = TABLES.iter().map(|table| table.layout()).find(|layout| layout.name == *name).unwrap();
        for row in table.rows() {
            for column in &layout.columns {
                let cell = row.text(column.name);
                let number = column.read(cell).unwrap_or_else(|error| panic!("{name}: {error}"));
                let (least, most) = range(column.unit);
                let inside = number.is_none_or(|number| least <= number && number <= most);
                assert!(inside, "{name}: {} = {cell} ({})", column.name, column.unit);
                // Other programs recognise a column of real numbers by the decimal point.
                assert!(column.kind != Kind::Real || cell.is_empty() || cell.contains('.'), "{cell}");
            }
        }
    }
}

#[test]
fn cells_of_a_busy_society_are_in_their_ranges() {
    cells_are_in_their_ranges(&busy(60));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn cells_of_random_societies_are_in_their_ranges((setup, seed, months) in societies()) {
        cells_are_in_their_ranges(&tables(&plan(setup, seed, months)));
    }

    #[test]
    fn measures_of_random_setups_are_in_their_ranges(setup in setups(), seed in any::<u64>(), months in 1u16..40) {
        if let Err(fault) = check(setup, seed, months) {
            return Err(TestCaseError::fail(fault));
        }
    }
}
