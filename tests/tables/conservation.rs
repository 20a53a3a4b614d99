//! Tests that people are conserved: stocks, entries and exits add up in every cell and every month.

use super::*;

/// The sum of some columns of a row.
fn sum(row: Row<'_>, columns: &[&str]) -> i64 {
    columns.iter().map(|column| row.count(column)).sum()
}

/// The columns of entries by route and origin.
fn entries(flows: &Read) -> Vec<&'static str> {
    let of = |origin: &str| {
        flows.columns.keys().copied().filter(|name| name.ends_with(origin)).collect::<Vec<_>>()
    };
    ["_peasant", "_worker", "_employee", "_former"].iter().flat_map(|origin| of(origin)).collect()
}

fn stocks_follow_from_flows(tables: &Tables) {
    let flows = tables.get("elite_flows");
    let (entries, exits) = (entries(flows), flows.beginning("exit_"));
    assert_eq!((entries.len(), exits.len()), (24, 8));
    let mut due: BTreeMap<(String, String), i64> = BTreeMap::new();
    for row in flows.rows() {
        let cell = (row.text("rank").to_owned(), row.text("role").to_owned());
        let stock = row.count("stock");
        if let Some(due) = due.get(&cell) {
            assert_eq!(stock, *due, "{cell:?} in {}", row.text("month"));
        }
        let left = stock + sum(row, &entries) - sum(row, &exits);
        assert!(left >= 0, "{cell:?}");
        due.insert(cell, left);
    }
    assert_eq!(due.len(), 14);
    // The final society is what the last month leaves.
    let mut ranks: BTreeMap<String, i64> = BTreeMap::new();
    due.into_iter().for_each(|((rank, _), people)| *ranks.entry(rank).or_default() += people);
    let last = tables.months().last().unwrap().text("month").to_owned();
    let mobility = tables.get("mobility");
    for (rank, people) in ranks {
        let at_the_end = mobility.of("month", &last).filter(|row| row.text("rank") == rank);
        assert_eq!(at_the_end.map(|row| row.count("people")).sum::<i64>(), people, "{rank}");
    }
}

fn every_promotion_is_an_exit_and_an_entry(tables: &Tables) {
    let flows = tables.get("elite_flows");
    let (risen, fallen) = (flows.beginning("promoted"), flows.beginning("demoted"));
    let demotions = ["exit_sanction", "exit_purge", "exit_election"];
    for month in tables.months() {
        let rows: Vec<Row<'_>> = flows.of("month", month.text("month")).collect();
        let total = |columns: &[&str]| rows.iter().map(|row| sum(*row, columns)).sum::<i64>();
        assert_eq!(total(&risen), total(&["exit_promotion"]));
        assert_eq!(total(&risen), month.count("promotions"));
        assert_eq!(total(&fallen), total(&demotions));
        assert_eq!(total(&flows.beginning("hired")), month.count("hired"));
        let graduates = total(&flows.beginning("graduated")) + total(&flows.beginning("assigned"));
        assert_eq!(graduates, month.count("graduates"));
        assert_eq!(total(&["exit_arrest"]), month.count("arrests"));
        assert_eq!(total(&["exit_natural"]), month.count("natural_exits"));
        assert_eq!(total(&["exit_school"]), month.count("sent_to_school"));
        assert_eq!(total(&["exit_left"]), month.count("left_industry"));
        assert_eq!(total(&["stock"]), month.count("people"));
    }
}

fn the_series_balances(tables: &Tables) {
    for pair in tables.months().windows(2) {
        let [before, after] = [pair[0], pair[1]];
        let come = ["hired", "graduates"].map(|column| before.count(column)).iter().sum::<i64>();
        let gone = sum(before, &["arrests", "natural_exits", "left_industry", "sent_to_school"]);
        assert_eq!(after.count("people"), before.count("people") + come - gone, "{}", after.text("month"));
    }
}

fn students_are_departures_minus_returns(tables: &Tables) {
    let (flows, mobility) = (tables.get("elite_flows"), tables.get("mobility"));
    let returned = flows.beginning("graduated");
    let years: std::collections::BTreeSet<&str> = mobility.rows().map(|row| row.text("month")).collect();
    for year in years {
        let at_school = mobility.of("month", year).filter(|row| row.text("rank") == "student");
        let at_school: i64 = at_school.map(|row| row.count("people")).sum();
        let until = flows.rows().filter(|row| row.text("month") <= year);
        let away = until.map(|row| row.count("exit_school") - sum(row, &returned)).sum::<i64>();
        assert_eq!(at_school, away, "{year}");
    }
}

fn the_start_is_the_first_stock(tables: &Tables) {
    let (flows, mobility) = (tables.get("elite_flows"), tables.get("mobility"));
    for rank in ["worker", "foreman", "middle", "director", "regional"] {
        let start = mobility.of("year", "1927").filter(|row| row.text("rank") == rank);
        let first = flows.of("month", "1928-01").filter(|row| row.text("rank") == rank);
        assert_eq!(
            start.map(|row| row.count("people")).sum::<i64>(),
            first.map(|row| row.count("stock")).sum::<i64>()
        );
    }
}

fn people_are_conserved(tables: &Tables) {
    stocks_follow_from_flows(tables);
    every_promotion_is_an_exit_and_an_entry(tables);
    the_series_balances(tables);
    students_are_departures_minus_returns(tables);
    the_start_is_the_first_stock(tables);
}

#[test]
fn people_are_conserved_in_a_busy_society() {
    let tables = busy(80);
    people_are_conserved(&tables);
    // The test is meaningful only if every route and every cause occurs.
    let flows = tables.get("elite_flows");
    for column in flows.beginning("exit_").into_iter().filter(|column| *column != "exit_election") {
        assert!(flows.rows().any(|row| row.count(column) > 0), "{column}");
    }
    for route in ["hired", "graduated", "assigned", "promoted_elsewhere", "demoted"] {
        let columns = flows.beginning(route);
        assert!(flows.rows().any(|row| sum(row, &columns) > 0), "{route}");
    }
    let years: std::collections::BTreeSet<&str> =
        tables.get("mobility").rows().map(|row| row.text("month")).collect();
    let expected = ["1927-12", "1928-12", "1929-12", "1930-12", "1931-12", "1932-12", "1933-12", "1934-08"];
    assert_eq!(years.into_iter().collect::<Vec<_>>(), expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn people_are_conserved_in_random_societies((setup, seed, months) in societies()) {
        people_are_conserved(&tables(&plan(setup, seed, months)));
    }
}
