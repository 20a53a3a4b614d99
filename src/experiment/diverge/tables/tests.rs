//! Tests of the module above.

use super::*;
use crate::engine::parallel::Workers;
use crate::experiment::plan::Plan;
use crate::experiment::plan::tests::small;
use crate::experiment::replicate::run;
use crate::experiment::tables::TABLES;
use std::ops::ControlFlow;

#[test]
fn months_are_read_also_before_1928() {
    assert_eq!(months("1928-01"), Some(months_of(Month::FIRST)));
    assert_eq!(months("1927-12"), Some(months_of(Month::FIRST) - 1));
    assert_eq!(months("1941-06"), Some(months_of(Month::LAST)));
    assert_eq!(["", "1928", "1928-13", "x-01"].map(months), [None; 4]);
    let row = |key| RowDifference {
        key,
        pair: 0,
        replicate: 1,
        labels: Vec::new(),
        only: None,
        cells: Vec::new(),
        more: 0,
    };
    assert_eq!(row(months_of(Month(95))).date().as_deref(), Some("1935-12"));
    assert_eq!(row(0).date(), None);
}

#[test]
fn rows_are_matched_by_what_identifies_them() {
    let rows = |rows: &[[&str; 2]]| rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
    let left: Vec<Vec<String>> = rows(&[["a", "1"], ["b", "2"], ["c", "3"]]);
    let right: Vec<Vec<String>> = rows(&[["d", "1"], ["a", "1"], ["c", "4"]]);
    let found = differing_rows(&[0], [left.clone(), right.clone()]);
    let expected: Vec<RowPair> = vec![
        [Some(left[1].clone()), None],
        [Some(left[2].clone()), Some(right[2].clone())],
        [None, Some(right[0].clone())],
    ];
    assert_eq!(found, expected);
    assert!(differing_rows(&[0], [left.clone(), left]).is_empty());
}

#[test]
fn every_row_of_every_table_is_identified() {
    let plan = Plan { tables: TABLES.to_vec(), ..small(1, 1) };
    let output = run(&plan, 1, Workers::One, |_| ControlFlow::Continue(())).unwrap();
    for (table, bytes) in TABLES.iter().zip(&output.labelled(&plan, 1)) {
        let layout = table.layout();
        let columns: Vec<String> = layout.columns.iter().map(|column| column.name.to_owned()).collect();
        // As in a comparison, without names of phases.
        let common = CommonTable::of(layout.file(), &columns, &columns, Default::default());
        let places = identifying(&common);
        let at = |name: &String| columns.iter().position(|column| column == name).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let mut keys = BTreeSet::new();
        for row in reader.records() {
            let row = row.unwrap();
            let cell = |place: usize| match &row[at(&common.compared[place])] {
                cohort if common.cohort() == Some(place) => cohort_kind(cohort).to_owned(),
                cell => cell.to_owned(),
            };
            let key: Vec<String> = places.iter().map(|&place| cell(place)).collect();
            assert!(keys.insert(key.clone()), "{}: {key:?} twice", layout.name);
        }
    }
}

#[test]
fn only_rows_that_both_runs_can_have_are_compared() {
    let comparable = |file, key, last: [&str; 2]| Comparable {
        file,
        key,
        last: last.map(|month| months(month).unwrap()),
        periods: vec![Some([months("1928-01").unwrap()].into())],
    };
    let at = |month| months(month).unwrap();
    let series = comparable("series.csv", TableKey::Month, ["1931-06", "1941-06"]);
    assert_eq!(["1931-06", "1931-07"].map(|month| series.has(0, at(month), false)), [true, false]);
    let mobility = comparable("mobility.csv", TableKey::Month, ["1931-06", "1941-06"]);
    assert_eq!(["1930-12", "1931-06"].map(|month| mobility.has(0, at(month), false)), [true, false]);
    let mobility = comparable("mobility.csv", TableKey::Month, ["1931-12", "1941-06"]);
    assert_eq!(["1931-12", "1932-12"].map(|month| mobility.has(0, at(month), false)), [true, false]);
    let phases = comparable("phases.csv", TableKey::Period("phase_from"), ["1931-12", "1941-06"]);
    assert_eq!(["1928-01", "1929-01"].map(|month| phases.has(0, at(month), false)), [true, false]);
    let survival = comparable("survival.csv", TableKey::Period("cohort_from"), ["1931-12", "1941-06"]);
    assert!([false, true].iter().all(|of_start| !survival.has(0, at("1928-01"), *of_start)));
    // The cohort of the start is compared also where the first phases end in different months.
    let other_phases = Comparable {
        periods: vec![Some(BTreeSet::new())],
        ..comparable("survival.csv", TableKey::Period("cohort_from"), ["1941-06"; 2])
    };
    assert_eq!([false, true].map(|of_start| other_phases.has(0, at("1928-01"), of_start)), [false, true]);
}
