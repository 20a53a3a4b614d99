//! Tests that `levers.csv` has the levers as the scenario sets them and as rules see them.

use super::*;
use kadry::model::levers::smooth;

#[test]
fn levers_are_those_of_the_scenario_before_and_after_smoothing() {
    let scenario = kadry::scenario::load("historical", &["population.size=400".to_owned()]).unwrap();
    let chosen = TABLES.iter().copied().filter(|table| table.layout().name == "levers").collect();
    let tables = tables(&Plan { last: Month(119), tables: chosen, ..Plan::of(&scenario) });
    let (set, seen) = (scenario.steps(), smooth(&scenario.steps()));
    let rows: Vec<Row<'_>> = tables.get("levers").rows().collect();
    assert_eq!(rows.len(), 120 * LEVERS.len());
    let mut differ = 0;
    for (place, row) in rows.into_iter().enumerate() {
        let (month, info) = (place / LEVERS.len(), &LEVERS[place % LEVERS.len()]);
        assert_eq!((row.text("month"), row.text("lever")), (&*Month(month as u16).to_string(), info.key));
        assert_eq!(row.real("set"), Some((info.get)(&set[month])), "{} {month}", info.key);
        assert_eq!(row.real("seen"), Some((info.get)(&seen[month])), "{} {month}", info.key);
        let equal = (row.real("set").unwrap() - row.real("seen").unwrap()).abs() < 1e-12;
        assert!(equal || info.smoothed, "{} {month}", info.key);
        differ += u32::from(!equal);
    }
    assert!(differ > 20, "{differ}");
}
