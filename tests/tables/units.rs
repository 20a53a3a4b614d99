//! Tests that `plants.csv` and `regions.csv` add up to the series, and that both months give their rows.

use super::*;
use kadry::model::simulation::Simulation;

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

fn sum(rows: &[Row<'_>], column: &str) -> i64 {
    rows.iter().map(|row| row.count(column)).sum()
}

/// Sum of a column times the people of each row, over these people.
fn mean(rows: &[Row<'_>], column: &str) -> Option<f64> {
    let people = sum(rows, "people") as f64;
    let total: f64 =
        rows.iter().map(|row| row.real(column).unwrap_or(0.0) * row.count("people") as f64).sum();
    (people > 0.0).then(|| total / people)
}

fn same(one: Option<f64>, other: Option<f64>, what: &str) {
    match (one, other) {
        (Some(one), Some(other)) => assert!(close(one, other), "{what}: {one} and {other}"),
        (None, None) => {}
        _ => panic!("{what}: {one:?} and {other:?}"),
    }
}

fn plants_add_up_to_the_series(month: Row<'_>, plants: &[Row<'_>], openings: &[Row<'_>]) {
    assert_eq!(sum(plants, "workers"), month.count("workers"));
    let workers = month.count("workers") as f64;
    let share =
        |column: &str, times: f64| (workers > 0.0).then(|| times * sum(plants, column) as f64 / workers);
    same(share("shirkers", 1.0), month.real("shirking"), "shirking");
    same(share("quits", 12.0), month.real("quit_rate"), "quit_rate");
    let output: f64 = plants.iter().map(|row| row.real("output").unwrap()).sum();
    same(Some(output), month.real("output"), "output");
    same(mean(plants, "authority"), month.real("authority"), "authority");
    let plain = |column: &str| {
        let values = plants.iter().map(|row| row.real(column).unwrap());
        Some(values.sum::<f64>() / plants.len() as f64)
    };
    for column in ["union_capacity", "tightness", "implementation", "plan_gap"] {
        same(plain(column), month.real(column), column);
    }
    for rank in ["foreman", "middle", "director"] {
        let posts = openings.iter().find(|row| row.text("rank") == rank).unwrap().count("posts");
        assert_eq!(sum(plants, &format!("posts_{rank}")), posts, "{rank}");
    }
}

fn regions_add_up_to_the_series(month: Row<'_>, regions: &[Row<'_>], flows: &[Row<'_>]) {
    for column in ["people", "workers", "voted_out"] {
        assert_eq!(sum(regions, column), month.count(column), "{column}");
    }
    let accusations = ["accusations_of_bosses", "accusations_of_workers"];
    assert_eq!(
        accusations.iter().map(|column| sum(regions, column)).sum::<i64>(),
        month.count("accusations")
    );
    let bosses: Vec<Row<'_>> = flows.iter().copied().filter(|row| row.text("rank") != "worker").collect();
    assert_eq!(sum(regions, "bosses_arrested"), sum(&bosses, "exit_arrest"));
    let demotions = ["exit_sanction", "exit_purge", "exit_election"];
    assert_eq!(
        sum(regions, "bosses_demoted"),
        demotions.iter().map(|cause| sum(&bosses, cause)).sum::<i64>()
    );
    same(mean(regions, "fear"), month.real("fear"), "fear");
    let quota = regions.iter().map(|row| row.real("quota").unwrap()).sum::<f64>() / regions.len() as f64;
    same(Some(quota), month.real("quota"), "quota");
}

/// Regions are the sums of their plants and offices; offices have officials alone, who do no work of workers.
fn a_region_is_its_plants_and_its_office(region: Row<'_>, plants: &[Row<'_>]) {
    assert_eq!(region.count("plants"), plants.len() as i64);
    assert_eq!(region.count("people"), sum(plants, "people") + region.count("officials"));
    for column in ["workers", "shirkers", "quits", "shock_workers", "accusations_of_workers"] {
        assert_eq!(region.count(column), sum(plants, column), "{column}");
    }
    for rank in ["foreman", "middle", "director"] {
        let column = format!("posts_{rank}");
        assert_eq!(region.count(&column), sum(plants, &column), "{rank}");
    }
    for column in ["accusations_of_bosses", "bosses_arrested", "bosses_demoted", "voted_out"] {
        assert!(region.count(column) >= sum(plants, column), "{column}");
    }
    let output: f64 = plants.iter().map(|row| row.real("output").unwrap()).sum();
    same(Some(output), region.real("output"), "output");
    same(mean(plants, "authority"), region.real("authority"), "authority");
}

fn all(tables: &Tables) {
    for month in tables.months() {
        let name = month.text("month");
        let (plants, regions) = (tables.of("plants", name), tables.of("regions", name));
        plants_add_up_to_the_series(month, &plants, &tables.of("openings", name));
        regions_add_up_to_the_series(month, &regions, &tables.of("elite_flows", name));
        for region in regions {
            let of_region: Vec<Row<'_>> =
                plants.iter().copied().filter(|row| row.text("region") == region.text("region")).collect();
            a_region_is_its_plants_and_its_office(region, &of_region);
        }
    }
}

#[test]
fn plants_and_regions_of_a_busy_society_add_up() {
    let tables = busy(60);
    all(&tables);
    let plants = tables.get("plants");
    for column in ["bosses_arrested", "bosses_demoted", "shock_workers", "accusations_of_bosses"] {
        assert!(plants.rows().any(|row| row.count(column) > 0), "{column}");
    }
    // The most egalitarian third is the most aggrieved where pay is spread.
    let mean = |column: &str| plants.rows().filter_map(|row| row.real(column)).sum::<f64>();
    assert!(mean("grievance_most_egalitarian") > mean("grievance_least_egalitarian"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn plants_and_regions_of_random_societies_add_up((setup, seed, months) in societies()) {
        all(&tables(&plan(setup, seed, months)));
    }
}

/// Tables of which a shorter run does not have the first rows: those by phase, by year and by cohort.
const OF_PERIODS: [&str; 8] = [
    "phases",
    "mobility",
    "survival",
    "accusation_profiles",
    "accusation_cells",
    "party",
    "arrests",
    "phases_by_chance",
];

#[test]
fn both_months_give_the_same_rows_and_a_shorter_run_the_first_of_them() {
    let scenario = kadry::scenario::load("historical", &["population.size=1500".to_owned()]).unwrap();
    let setup = Arc::new(scenario.setup());
    let rows = |start: fn(Arc<Setup>, u64, u32) -> Simulation, months: u16| {
        let society = start(Arc::clone(&setup), 3, 2).with_chance_targets();
        let plan = Plan { tables: TABLES.to_vec(), last: Month(months - 1), ..Plan::of(&scenario) };
        replicate::fill(&plan, society, |_| ControlFlow::Continue(())).unwrap().tables
    };
    let (fast, readable) = (rows(Simulation::start, 40), rows(Simulation::readable, 40));
    let shorter = rows(Simulation::start, 20);
    for (position, table) in TABLES.iter().enumerate() {
        let name = table.layout().name;
        assert!(fast[position] == readable[position] && !fast[position].is_empty(), "{name}");
        let first = fast[position].starts_with(&shorter[position]);
        assert!(first || OF_PERIODS.contains(&name), "{name}");
    }
}
