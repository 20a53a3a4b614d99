//! Tests that the tables agree with each other and with the series.

use super::*;

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

fn same(one: Option<f64>, other: Option<f64>, what: &str) {
    match (one, other) {
        (Some(one), Some(other)) => assert!(close(one, other), "{what}: {one} and {other}"),
        (None, None) => {}
        _ => panic!("{what}: {one:?} and {other:?}"),
    }
}

/// Acts of a motive add up to its share; acts of all motives add up to the accusations exactly.
fn accusations_add_up(tables: &Tables) {
    let (accusations, images) = (tables.get("accusations"), tables.get("images"));
    for month in tables.months() {
        let rows: Vec<Row<'_>> = accusations.of("month", month.text("month")).collect();
        let acts = |rows: &[Row<'_>]| rows.iter().map(|row| row.real("acts").unwrap()).sum::<f64>();
        let whole = month.count("accusations") as f64;
        assert_eq!(acts(&rows), whole, "{}", month.text("month"));
        assert!(rows.iter().all(|row| row.real("acts").unwrap() > 0.0));
        for motive in ["principle", "temperament", "rivalry", "fear"] {
            let of: Vec<Row<'_>> = rows.iter().copied().filter(|row| row.text("motive") == motive).collect();
            let share = (whole > 0.0).then(|| acts(&of) / whole);
            same(share, month.real(&format!("share_{motive}")), motive);
        }
        for image in images.of("month", month.text("month")) {
            let class = image.text("target");
            let of: Vec<Row<'_>> = rows.iter().copied().filter(|row| row.text("target") == class).collect();
            assert_eq!(acts(&of), image.count("accusations") as f64, "{class}");
        }
    }
}

fn images_are_shares(tables: &Tables) {
    for month in tables.months() {
        let rows: Vec<Row<'_>> = tables.get("images").of("month", month.text("month")).collect();
        assert_eq!(rows.len(), 6);
        let column = |name: &str| rows.iter().map(|row| row.real(name)).collect::<Option<Vec<f64>>>();
        let (official, popular) = (column("official"), column("popular"));
        for shares in [&official, &popular].into_iter().flatten() {
            assert!(close(shares.iter().sum(), 1.0) && shares.iter().all(|share| *share >= 0.0));
        }
        let overlap = official.as_ref().zip(popular.as_ref()).map(|(one, other)| {
            1.0 - 0.5 * one.iter().zip(other).map(|(one, other)| (one - other).abs()).sum::<f64>()
        });
        same(overlap, month.real("image_overlap"), "image_overlap");
        let entropy = |shares: Vec<f64>| {
            -shares
                .into_iter()
                .filter(|share| *share > 0.0)
                .map(|share| share * libm::log(share))
                .sum::<f64>()
        };
        same(official.map(entropy), month.real("image_entropy"), "image_entropy");
        same(popular.map(entropy), month.real("popular_image_entropy"), "popular_image_entropy");
        let arrests = rows.iter().map(|row| row.count("arrests")).sum::<i64>();
        assert_eq!(arrests, month.count("arrests"));
    }
}

fn hazards_count_bosses_and_their_accusations(tables: &Tables) {
    for month in tables.months() {
        let rows: Vec<Row<'_>> = tables.get("hazards").of("month", month.text("month")).collect();
        let bosses: i64 = rows.iter().map(|row| row.count("bosses")).sum();
        assert_eq!(bosses, month.count("people") - month.count("workers"));
        let accusations: i64 = rows.iter().map(|row| row.count("accusations")).sum();
        assert!(accusations <= month.count("accusations"));
    }
    let phases = tables.get("phases");
    for phase in phases.rows() {
        for (bin, measure) in
            [("0-11", "hazard_newly_risen"), ("12-35", "hazard_settled"), ("36+", "hazard_established")]
        {
            let rows = tables.get("hazards").of("phase", phase.text("phase"));
            let (mut bosses, mut accusations) = (0, 0);
            for row in rows.filter(|row| row.text("months_in_rank") == bin) {
                bosses += row.count("bosses");
                accusations += row.count("accusations");
            }
            let hazard = (bosses > 0).then(|| 12_000.0 * accusations as f64 / bosses as f64);
            same(hazard, phase.real(measure), measure);
        }
    }
}

fn openings_agree_with_flows_and_series(tables: &Tables) {
    let (openings, flows) = (tables.get("openings"), tables.get("elite_flows"));
    for month in tables.months() {
        let rows: Vec<Row<'_>> = openings.of("month", month.text("month")).collect();
        assert_eq!(rows.len(), 4);
        let sources = ["growth", "arrest", "demotion", "natural"];
        let opened: i64 = rows.iter().flat_map(|row| sources.map(|source| row.count(source))).sum();
        assert_eq!(opened, month.count("openings"));
        let elite = rows.iter().filter(|row| row.text("rank") != "foreman");
        assert_eq!(elite.map(|row| row.count("posts")).sum::<i64>(), month.count("elite_posts"));
        for row in rows {
            let cells: Vec<Row<'_>> = flows
                .of("month", month.text("month"))
                .filter(|cell| cell.text("rank") == row.text("rank"))
                .collect();
            let total = |columns: &[&str]| {
                cells.iter().flat_map(|cell| columns.iter().map(|column| cell.count(column))).sum::<i64>()
            };
            assert_eq!(row.count("promotions"), total(&flows.beginning("promoted")));
            assert_eq!(row.count("arrest"), total(&["exit_arrest"]));
            assert_eq!(row.count("demotion"), total(&["exit_sanction", "exit_purge", "exit_election"]));
            assert_eq!(row.count("natural"), total(&["exit_natural"]));
            // Promotions need vacant posts.
            assert!(row.count("promotions") <= row.count("vacant"), "{}", row.text("month"));
            assert!(row.count("vacant") <= row.count("posts"));
        }
    }
}

fn turnover_is_exits_over_stock(tables: &Tables) {
    let flows = tables.get("elite_flows");
    let demotions = ["exit_sanction", "exit_purge", "exit_election"];
    for month in tables.months() {
        let elite: Vec<Row<'_>> = flows
            .of("month", month.text("month"))
            .filter(|row| ["middle", "director", "regional"].contains(&row.text("rank")))
            .collect();
        let total = |columns: &[&str]| {
            elite.iter().flat_map(|row| columns.iter().map(|column| row.count(column))).sum::<i64>() as f64
        };
        let stock = total(&["stock"]);
        assert_eq!(stock, month.count("elite") as f64);
        let rate = |exits: f64| (stock > 0.0).then(|| 12.0 * exits / stock);
        let (arrests, demoted) = (total(&["exit_arrest"]), total(&demotions));
        same(rate(arrests), month.real("elite_turnover_repressive"), "repressive");
        same(rate(demoted), month.real("elite_turnover_administrative"), "administrative");
        let natural = total(&["exit_natural"]);
        same(rate(arrests + demoted + natural), month.real("elite_turnover"), "turnover");
        assert_eq!(total(&["exit_school", "exit_left"]), 0.0);
    }
}

fn the_intent_outcome_gap_follows_from_images(tables: &Tables) {
    for phase in tables.get("phases").rows() {
        let rows: Vec<Row<'_>> = tables.get("images").of("phase", phase.text("phase")).collect();
        let arrests: i64 = rows.iter().map(|row| row.count("arrests")).sum();
        let named = rows.iter().filter(|row| row.real("official").is_some()).count() as f64 / 6.0;
        let mut gap = 0.0;
        for class in ["former", "new_specialist", "manager", "official", "shock_worker", "worker"] {
            let of = || rows.iter().filter(|row| row.text("target") == class);
            let share = of().filter_map(|row| row.real("official")).sum::<f64>() / named.max(1.0);
            let outcome = of().map(|row| row.count("arrests")).sum::<i64>() as f64 / arrests.max(1) as f64;
            gap += 0.5 * (share - outcome).abs();
        }
        same(
            (arrests > 0 && named > 0.0).then_some(gap),
            phase.real("intent_outcome_gap"),
            "intent_outcome_gap",
        );
    }
}

fn all(tables: &Tables) {
    accusations_add_up(tables);
    images_are_shares(tables);
    hazards_count_bosses_and_their_accusations(tables);
    openings_agree_with_flows_and_series(tables);
    turnover_is_exits_over_stock(tables);
    the_intent_outcome_gap_follows_from_images(tables);
}

#[test]
fn the_tables_of_a_busy_society_agree() {
    all(&busy(60));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn the_tables_of_random_societies_agree((setup, seed, months) in societies()) {
        all(&tables(&plan(setup, seed, months)));
    }
}
