//! Tests that the tables about the accused, candidates, the party and arrests agree with the series.

use super::*;

const MOTIVES: [&str; 4] = ["principle", "temperament", "rivalry", "fear"];

fn total<'a>(rows: impl IntoIterator<Item = Row<'a>>, column: &str) -> i64 {
    // Counts with empty cells are written as real numbers.
    rows.into_iter().map(|row| row.real(column).unwrap() as i64).sum()
}

fn close(one: Option<f64>, other: Option<f64>, what: &str) {
    match (one, other) {
        (Some(one), Some(other)) => {
            assert!((one - other).abs() < 1e-9 * one.abs().max(1.0), "{what}: {one} {other}")
        }
        (None, None) => {}
        _ => panic!("{what}: {one:?} and {other:?}"),
    }
}

/// The rows of a phase, a kind of target and an attribute.
fn profile<'a>(tables: &'a Tables, phase: &'a str, target: &'a str, attribute: &'a str) -> Vec<Row<'a>> {
    let rows = tables.get("accusation_profiles").of("phase", phase);
    rows.filter(|row| row.text("target") == target && row.text("attribute") == attribute).collect()
}

fn every_attribute_divides_the_same_accusations(tables: &Tables) {
    for phase in tables.get("phases").rows().map(|row| row.text("phase")) {
        let months: Vec<Row<'_>> = tables.get("series").of("phase", phase).collect();
        let whole = |target: &str, column: &str| total(profile(tables, phase, target, "all"), column);
        let accusations = whole("worker", "acts") + whole("boss", "acts");
        assert_eq!(accusations, total(months.iter().copied(), "accusations"));
        assert!(whole("worker", "chance") + whole("boss", "chance") <= accusations);
        let workers = total(months.iter().copied(), "workers");
        assert_eq!(whole("worker", "person_months"), workers);
        assert_eq!(whole("boss", "person_months"), total(months.iter().copied(), "people") - workers);
        for target in ["worker", "boss"] {
            for attribute in [
                "rank_difference",
                "months_in_rank",
                "ambition",
                "ability",
                "candidate",
                "suspected",
                "both_in_party",
                "same_brigade",
            ] {
                let rows = profile(tables, phase, target, attribute);
                if target == "worker" && ["months_in_rank", "ability"].contains(&attribute) {
                    assert!(rows.is_empty());
                    continue;
                }
                for column in ["acts", "chance"] {
                    assert_eq!(total(rows.iter().copied(), column), whole(target, column), "{attribute}");
                }
                if rows.iter().all(|row| !row.text("person_months").is_empty()) {
                    let people = total(rows.iter().copied(), "person_months");
                    assert_eq!(people, whole(target, "person_months"), "{target} {attribute}");
                }
                for row in rows {
                    let motives: f64 = MOTIVES.iter().map(|motive| row.real(motive).unwrap()).sum();
                    assert_eq!(motives, row.count("acts") as f64);
                }
            }
        }
    }
}

fn cells_add_up_to_profiles(tables: &Tables) {
    for phase in tables.get("phases").rows().map(|row| row.text("phase")) {
        let cells: Vec<Row<'_>> = tables.get("accusation_cells").of("phase", phase).collect();
        for (attribute, column) in
            [("rank_difference", "rank_difference"), ("ambition", "ambition"), ("suspected", "suspected")]
        {
            let both = ["worker", "boss"].map(|target| profile(tables, phase, target, attribute));
            for (worker, boss) in both[0].iter().zip(&both[1]) {
                let of = || cells.iter().copied().filter(|cell| cell.text(column) == worker.text("value"));
                for count in ["acts", "chance"] {
                    assert_eq!(total(of(), count), worker.count(count) + boss.count(count), "{attribute}");
                }
            }
        }
        let newly = profile(tables, phase, "boss", "months_in_rank");
        let of = cells.iter().copied().filter(|cell| cell.text("months_in_rank") == "0-11");
        assert_eq!(total(of, "acts"), newly[0].count("acts"));
    }
}

fn measures_follow_from_profiles(tables: &Tables) {
    for phase in tables.get("phases").rows() {
        let hazard = |row: Row<'_>| {
            let exposed = row.real("person_months").unwrap();
            (exposed > 0.0).then(|| row.count("acts") as f64 / exposed)
        };
        for (attribute, measure) in [("ambition", "hazard_ratio_ambitious"), ("ability", "hazard_ratio_able")]
        {
            let rows = profile(tables, phase.text("phase"), "boss", attribute);
            let ratio = hazard(rows[2]).zip(hazard(rows[0])).filter(|(_, low)| *low > 0.0);
            close(ratio.map(|(high, low)| high / low), phase.real(measure), measure);
        }
        let months: Vec<Row<'_>> = tables.get("series").of("phase", phase.text("phase")).collect();
        let people = total(months.iter().copied(), "people") as f64;
        let bosses = total(profile(tables, phase.text("phase"), "boss", "all"), "acts") as f64;
        let rate = (people > 0.0).then(|| 12_000.0 * bosses / people);
        close(rate, phase.real("accusations_of_bosses_per_1000"), "accusations of bosses");
        let openings: Vec<Row<'_>> = tables.get("openings").of("phase", phase.text("phase")).collect();
        let sum = |columns: &[&str]| {
            columns.iter().map(|column| total(openings.iter().copied(), column)).sum::<i64>() as f64
        };
        let losses = sum(&["arrest", "demotion", "natural"]);
        let opened = losses + sum(&["growth"]);
        close((opened > 0.0).then(|| losses / opened), phase.real("replacement_share"), "replacement_share");
    }
    for month in tables.months() {
        let of = tables.get("series").beginning("accusations_of_");
        assert_eq!(of.len(), 5);
        assert_eq!(of.iter().map(|column| month.count(column)).sum::<i64>(), month.count("accusations"));
    }
}

fn candidates_stand_below_open_posts(tables: &Tables) {
    let (candidates, openings) = (tables.get("candidates"), tables.get("openings"));
    for (row, opening) in candidates.rows().zip(openings.rows()) {
        assert_eq!((row.text("month"), row.text("rank")), (opening.text("month"), opening.text("rank")));
        assert_eq!(row.count("promoted"), opening.count("promotions"));
        let defined = row.text("rank") != "foreman" && row.count("candidates") > 0;
        for (column, most) in [("ability", 1.0), ("ambition", 1.0), ("suspicion", 8.0), ("party", 1.0)] {
            let of_candidates = row.real(&format!("candidate_{column}"));
            let of_promoted = row.real(&format!("promoted_{column}"));
            assert_eq!(
                (of_candidates.is_some(), of_promoted.is_some()),
                (defined, row.count("promoted") > 0)
            );
            for mean in [of_candidates, of_promoted].into_iter().flatten() {
                assert!((0.0..=most).contains(&mean), "{column}: {mean}");
            }
        }
    }
}

fn members_follow_from_year_to_year(tables: &Tables) {
    let (party, series) = (tables.get("party"), tables.get("series"));
    let months: Vec<Row<'_>> = series.rows().collect();
    let mut after: BTreeMap<String, i64> = BTreeMap::new();
    for year in 1928..=1941 {
        let rows: Vec<Row<'_>> = party.rows().filter(|row| row.count("year") == year).collect();
        let of_year: Vec<Row<'_>> = months
            .iter()
            .copied()
            .filter(|month| month.text("month").starts_with(&year.to_string()))
            .collect();
        let Some(january) = of_year.first() else { break };
        assert_eq!(total(rows.iter().copied(), "members"), january.count("party_members"));
        for (column, measure) in [("expelled", "expelled"), ("left", "left_party")] {
            assert_eq!(
                total(rows.iter().copied(), column),
                total(of_year.iter().copied(), measure),
                "{column}"
            );
        }
        let joined = total(rows.iter().copied(), "joined");
        assert!(joined >= total(of_year.iter().copied(), "joined_party"));
        for row in &rows {
            let before = after.remove(row.text("joined_in"));
            // Members of January 1928 come from before the first row.
            assert!(year == 1928 || row.count("members") == before.unwrap_or(0), "{}", row.text("joined_in"));
            assert!(row.count("joined_in") <= year);
        }
        assert!(after.is_empty(), "{after:?} have no row in {year}");
        after =
            rows.iter().map(|row| (row.text("joined_in").to_owned(), row.count("members_after"))).collect();
        after.retain(|_, members| *members > 0);
    }
}

fn arrests_are_those_of_the_series(tables: &Tables) {
    for year in 1928..=1941 {
        let rows: Vec<Row<'_>> =
            tables.get("arrests").rows().filter(|row| row.count("year") == year).collect();
        let of_year: Vec<Row<'_>> = tables
            .months()
            .into_iter()
            .filter(|month| month.text("month").starts_with(&year.to_string()))
            .collect();
        assert_eq!(rows.len(), if of_year.is_empty() { 0 } else { 28 });
        assert_eq!(total(rows.iter().copied(), "arrested"), total(of_year.iter().copied(), "arrests"));
        for (cards, measure) in [(vec!["outside", "party"], "people"), (vec!["party"], "party_members")] {
            let of = rows.iter().filter(|row| cards.contains(&row.text("party")));
            let people: f64 = of.map(|row| row.real("people").unwrap()).sum();
            let mean = total(of_year.iter().copied(), measure) as f64 / of_year.len().max(1) as f64;
            close(Some(people), Some(mean), measure);
        }
        let in_party = rows.iter().copied().filter(|row| row.text("party") == "party");
        let counted = tables.get("party").rows().filter(|row| row.count("year") == year);
        assert!(total(counted, "arrested") <= total(in_party, "arrested"));
    }
}

fn everybody_has_a_grievance(tables: &Tables) {
    let (grievance, mobility) = (tables.get("grievance"), tables.get("mobility"));
    let mut months = 0;
    for december in tables.months().iter().map(|row| row.text("month")).filter(|month| month.ends_with("-12"))
    {
        months += 1;
        let present = |rank: &str| {
            total(mobility.of("month", december).filter(|row| row.text("rank") == rank), "people")
        };
        for rank in ["worker", "foreman", "middle", "director", "regional"] {
            let rows = grievance.of("month", december).filter(|row| row.text("rank") == rank);
            assert_eq!(total(rows, "people"), present(rank), "{rank}");
        }
    }
    let last = tables.months().len();
    assert_eq!(months, last / 12);
    assert!(grievance.rows().all(|row| (0.0..=1.0).contains(&row.real("grievance").unwrap())));
}

fn all(tables: &Tables) {
    every_attribute_divides_the_same_accusations(tables);
    cells_add_up_to_profiles(tables);
    measures_follow_from_profiles(tables);
    candidates_stand_below_open_posts(tables);
    members_follow_from_year_to_year(tables);
    arrests_are_those_of_the_series(tables);
    everybody_has_a_grievance(tables);
}

#[test]
fn the_new_counts_of_a_busy_society_agree() {
    let tables = busy(60);
    all(&tables);
    // The test is meaningful only if all of it occurs.
    let sum = |table: &str, column: &str| total(tables.get(table).rows(), column);
    for (table, column) in [
        ("accusation_profiles", "chance"),
        ("candidates", "candidates"),
        ("party", "joined"),
        ("party", "expelled"),
        ("party", "left"),
        ("party", "arrested"),
        ("arrests", "arrested"),
    ] {
        assert!(sum(table, column) > 0, "{table} {column}");
    }
    let yes = |attribute: &'static str| {
        let rows = tables.get("accusation_profiles").of("attribute", attribute);
        total(rows.filter(|row| row.text("value") == "with"), "acts")
    };
    for attribute in ["candidate", "suspected", "both_in_party", "same_brigade"] {
        assert!(yes(attribute) > 0, "{attribute}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn the_new_counts_of_random_societies_agree((setup, seed, months) in societies()) {
        all(&tables(&plan(setup, seed, months)));
    }
}
