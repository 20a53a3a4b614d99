//! Tests the life tables of the elite: they are consistent and account for all exits from the elite.

use super::*;

const CAUSES: [&str; 3] = ["exit_arrest", "exit_demotion", "exit_natural"];

fn a_life_table_is_consistent(cohort: &[Row<'_>]) {
    let (mut survival, mut due) = (1.0, cohort[0].count("at_risk"));
    assert!(due > 0);
    for (months, row) in (0..).zip(cohort) {
        assert_eq!(row.count("months"), months);
        let at_risk = row.count("at_risk");
        assert_eq!(at_risk, due, "at risk falls only by exits and censoring");
        let exits: i64 = CAUSES.iter().map(|cause| row.count(cause)).sum();
        let stated = row.real("survival").unwrap();
        assert!((stated - survival).abs() < 1e-12 && (0.0..=1.0).contains(&stated));
        if at_risk > 0 {
            survival *= 1.0 - exits as f64 / at_risk as f64;
        }
        due = at_risk - exits - row.count("censored");
        assert!(due >= 0);
    }
    assert_eq!(cohort.last().unwrap().count("at_risk"), 0, "every spell ends or is censored");
}

fn cohorts_account_for_the_elite(tables: &Tables) {
    let (survival, flows) = (tables.get("survival"), tables.get("elite_flows"));
    let elite = |row: &Row<'_>| ["middle", "director", "regional"].contains(&row.text("rank"));
    let (mut exits_of_cohorts, mut censored) = ([0; 3], 0);
    let phases: std::collections::BTreeSet<&str> = flows.rows().map(|row| row.text("phase")).collect();
    for phase in phases {
        let cohort: Vec<Row<'_>> = survival.of("cohort", phase).collect();
        // A spell begins with promotion into the middle rank, or with demotion into it from the regional office.
        let middle = flows.of("phase", phase).filter(|row| row.text("rank") == "middle");
        let routes: Vec<&str> = [flows.beginning("promoted"), flows.beginning("demoted")].concat();
        let begun: i64 = middle.flat_map(|row| routes.iter().map(move |route| row.count(route))).sum();
        assert_eq!(cohort.first().map_or(0, |row| row.count("at_risk")), begun, "{phase}");
        if !cohort.is_empty() {
            a_life_table_is_consistent(&cohort);
        }
        for row in &cohort {
            censored += row.count("censored");
            exits_of_cohorts.iter_mut().zip(CAUSES).for_each(|(sum, cause)| *sum += row.count(cause));
        }
    }
    let total = |columns: &[&str]| -> i64 {
        flows.rows().filter(elite).flat_map(|row| columns.iter().map(move |column| row.count(column))).sum()
    };
    let exits = [
        total(&["exit_arrest"]),
        total(&["exit_sanction", "exit_purge", "exit_election"]),
        total(&["exit_natural"]),
    ];
    // The remaining exits are those of the initial elite.
    let start: i64 = flows.of("month", "1928-01").filter(elite).map(|row| row.count("stock")).sum();
    let of_start: Vec<Row<'_>> = survival.of("cohort", "start").collect();
    assert_eq!(of_start.first().map_or(0, |row| row.count("at_risk")), start);
    if !of_start.is_empty() {
        a_life_table_is_consistent(&of_start);
    }
    for ((cause, of_cohorts), of_all) in CAUSES.iter().zip(exits_of_cohorts).zip(exits) {
        let of_start: i64 = of_start.iter().map(|row| row.count(cause)).sum();
        assert_eq!(of_cohorts + of_start, of_all, "{cause}");
    }
    assert!(of_start.iter().all(|row| row.text("cohort_from") == "1928-01"));
    let last = tables.months().last().unwrap().text("month").to_owned();
    let end: i64 =
        tables.get("mobility").of("month", &last).filter(elite).map(|row| row.count("people")).sum();
    let exits_of_the_start = exits.iter().sum::<i64>() - exits_of_cohorts.iter().sum::<i64>();
    assert_eq!(start - exits_of_the_start, end - censored, "the remaining initial elite");
    assert!((0..=start).contains(&exits_of_the_start));
}

#[test]
fn cohorts_account_for_a_busy_elite() {
    let tables = busy(100);
    cohorts_account_for_the_elite(&tables);
    assert!(tables.get("survival").rows().any(|row| row.count("exit_arrest") > 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn cohorts_account_for_random_elites((setup, seed, months) in societies()) {
        cohorts_account_for_the_elite(&tables(&plan(setup, seed, months)));
    }
}
