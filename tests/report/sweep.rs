//! Tests the page of a sweep against its tables, which are read here independently.

mod folder;

use super::*;
use std::collections::BTreeMap;

type Row = BTreeMap<String, String>;

/// `kadry sweep historical` into `result`, with further arguments and, unless they say otherwise, 500 people.
pub(crate) fn sweep(home: &Path, arguments: &[&str]) {
    let mut all = vec!["sweep", "historical", "--out", "result"];
    if !arguments.contains(&"--population") {
        all.extend(["--population", "500"]);
    }
    all.extend(arguments);
    let output = kadry(home, &all);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn table(home: &Path, name: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(home.join(format!("result/{name}.csv"))).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn number(row: &Row, column: &str) -> Option<f64> {
    row[column].parse().ok()
}

fn figure<'a>(figures: &'a [(String, &'a str)], id: &str) -> &'a str {
    figures.iter().find(|figure| figure.0 == id).unwrap_or_else(|| panic!("no figure {id}")).1
}

/// The texts of a drawing, in their order.
fn texts(figure: &str) -> Vec<&str> {
    between(figure, "<text", "</text>").into_iter().map(|text| text.split_once('>').unwrap().1).collect()
}

/// The rows of a table of the page whose caption contains some words: cells as texts, the header first.
fn page_table(page: &str, words: &str) -> Vec<Vec<String>> {
    let table = between(page, "<table>", "</table>")
        .into_iter()
        .find(|table| between(table, "<caption>", "</caption>")[0].contains(words));
    let rows = between(table.unwrap_or_else(|| panic!("no table of {words}")), "<tr>", "</tr>");
    let cell = |cell: &str| cell.split_once('>').unwrap().1.split("</t").next().unwrap().to_owned();
    rows.iter().map(|row| row.split("<t").skip(1).map(cell).collect()).collect()
}

/// The rows of `response.csv` of a metric in a phase: the base, then the points in their order.
fn responses<'a>(rows: &'a [Row], metric: &str, phase: &str) -> Vec<&'a Row> {
    rows.iter().filter(|row| row["metric"] == metric && row["phase"] == phase).collect()
}

/// Checks that a row of numbers behind a figure has the cells of a row of `response.csv` in the columns of `header`.
fn same_cells(header: &[String], row: &[String], response: &Row) {
    for (column, cell) in header.iter().zip(row) {
        if let Some(expected) = response.get(column) {
            assert_eq!(cell, expected, "{column} of {row:?}");
        }
    }
}

/// The position of the row of `response.csv` that a row behind a figure shows.
fn variant(point: &str) -> usize {
    if point == "base" { 0 } else { point.parse().unwrap() }
}

/// Checks every row behind a picture whose first columns are `labels`, of which `point` says which variant it is.
fn check_rows(figure: &str, all: &[Row], metric: &str, phase: Option<&str>) -> usize {
    let rows = behind(figure);
    let header = &rows[0];
    let place = |name: &str| header.iter().position(|column| column == name);
    for row in &rows[1..] {
        let phase = place("phase").map_or_else(|| phase.unwrap(), |at| row[at].as_str());
        let of = responses(all, metric, phase);
        same_cells(header, row, of[variant(&row[place("point").unwrap()])]);
    }
    rows.len() - 1
}

/// The spread over points relative to the half-width of the interval of a difference, independently of the program.
fn strength(of: &[&Row], with_base: bool) -> f64 {
    let mut differences: Vec<f64> = of[1..].iter().filter_map(|row| number(row, "difference")).collect();
    differences.extend(with_base.then_some(0.0));
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let sd = (differences.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let halves: Vec<f64> = of[1..]
        .iter()
        .filter_map(|row| Some((number(row, "difference_hi")? - number(row, "difference_lo")?) / 2.0))
        .collect();
    sd / (halves.iter().map(|half| half * half).sum::<f64>() / halves.len() as f64).sqrt()
}

fn ratio(value: f64) -> String {
    match value {
        value if value < 0.05 => "&lt;0.1".into(),
        value if value < 9.95 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

#[test]
fn curves_of_one_key_equal_the_table() {
    let home = tempfile::tempdir().unwrap();
    sweep(home.path(), &["--vary", "parameters.accusation_scale=0.002:0.006:5", "--replicates", "4"]);
    let page = page(home.path());
    let figures = figures(&page);
    let all = table(home.path(), "response");
    let metrics: Vec<&str> = all[..48].iter().step_by(6).map(|row| row["metric"].as_str()).collect();
    assert_eq!(metrics.len(), 8);
    let summary = page_table(&page, "over the whole period");
    let by_phase = page_table(&page, "by phase");
    let mut strongest = (0.0, "");
    for (position, metric) in metrics.iter().enumerate() {
        let id = format!("response-{}", metric.replace('_', "-"));
        assert_eq!(check_rows(figure(&figures, &id), &all, metric, Some("whole period")), 6);
        let phases = figure(&figures, &format!("{id}-by-phase"));
        assert_eq!(check_rows(phases, &all, metric, None), 30);
        let of = responses(&all, metric, "whole period");

        // Filled dots are significant, and rings are not.
        let clear = of.iter().filter(|row| number(row, "p_adjusted").is_some_and(|p| p <= 0.05)).count();
        let dots = between(figure(&figures, &id), "<circle", ">");
        assert_eq!(dots.len(), 5);
        assert_eq!(
            dots.iter().filter(|dot| dot.contains("fill=\"var(--paper)\"")).count(),
            5 - clear,
            "{metric}"
        );

        let row = &summary[position + 1];
        let strength_of = strength(&of, true);
        assert_eq!((row[4].as_str(), row[5].clone()), (ratio(strength_of).as_str(), format!("{clear} of 5")));
        if strength_of > strongest.0 {
            strongest = (strength_of, metric);
        }
        let by_mean = |one: &&&Row, other: &&&Row| {
            number(one, "mean").unwrap().total_cmp(&number(other, "mean").unwrap())
        };
        for (cell, end) in
            [(&row[2], of[1..].iter().min_by(by_mean)), (&row[3], of[1..].iter().max_by(by_mean))]
        {
            let (mean, at) = cell.split_once(" at ").unwrap();
            let end = end.unwrap();
            assert_eq!(at.parse::<f64>().ok(), number(end, "parameters.accusation_scale"), "{cell}");
            let (shown, exact) = (mean.parse::<f64>().unwrap(), number(end, "mean").unwrap());
            assert!((shown - exact).abs() <= 0.006 * exact.abs(), "{cell}: {exact}");
        }
        for (phase, cell) in
            ["class war", "discipline", "criticism from below", "terror", "authority restored"]
                .iter()
                .zip(&by_phase[position + 1][1..])
        {
            let expected = format!("({})", ratio(strength(&responses(&all, metric, phase), true)));
            assert!(cell.ends_with(&expected), "{metric} {phase}: {cell}, not {expected}");
        }
    }
    let titles = BTreeMap::from([
        ("accusations_per_1000", "accusations"),
        ("authority", "authority of managers"),
        ("discipline", "discipline"),
        ("grievance", "grievance of workers"),
    ]);
    let sentence = format!(
        "The largest response relative to its interval is that of {} ({} times).",
        titles[strongest.1],
        ratio(strongest.0)
    );
    assert!(page.contains(&sentence), "{sentence}");
    let tested = all.iter().filter(|row| !row["p_adjusted"].is_empty()).count();
    let clear = all.iter().filter(|row| number(row, "p_adjusted").is_some_and(|p| p <= 0.05)).count();
    assert!(page.contains(&format!(
        "Of {tested} differences from the base, in the phases and in the whole period, {clear} are"
    )));

    let varied = page_table(&page, "Varied keys");
    assert_eq!(varied[1][0], "parameters.accusation_scale");
    assert_eq!(varied[1][2..], ["0.002 to 0.006, 5 values at equal distances", "0.0035"]);
    // The diamond: a square of paper below a square in the colour of text.
    let diamonds = |id: &str| figure(&figures, id).matches("<polygon fill=\"var(--text)\"").count();
    assert_eq!([diamonds("response-fear"), diamonds("response-fear-by-phase")], [1, 5]);
    assert!(page.contains("The diamond is the base in its place, accusation scale 0.0035."));
}

#[test]
fn values_at_equal_ratios_have_a_logarithmic_axis() {
    let home = tempfile::tempdir().unwrap();
    let key = "parameters.accusation_scale=0.001:0.016:5:log";
    sweep(home.path(), &["--vary", key, "--replicates", "2", "--until", "1931-12"]);
    let page = page(home.path());
    assert!(page.contains("The horizontal axis is logarithmic"));
    assert_eq!(page_table(&page, "Varied keys")[1][2], "0.001 to 0.016, 5 values at equal ratios");
    let figures = figures(&page);
    let fear = figure(&figures, "response-fear");
    // Dots at equal ratios are at equal distances.
    let x: Vec<f64> = between(fear, "<circle cx=\"", "\"").iter().map(|x| x.parse().unwrap()).collect();
    let steps: Vec<f64> = x.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(steps.len() == 4 && steps.iter().all(|step| (step - steps[0]).abs() <= 1.0), "{x:?}");
}

#[test]
fn a_grid_of_two_keys_has_a_panel_for_each_value_of_the_second() {
    let home = tempfile::tempdir().unwrap();
    sweep(
        home.path(),
        &[
            "--vary",
            "levers.union=0.1,0.6",
            "--vary",
            "parameters.accusation_scale=0.002:0.006:3",
            "--replicates",
            "3",
        ],
    );
    let page = page(home.path());
    let figures = figures(&page);
    let all = table(home.path(), "response");
    for metric in ["fear", "accusations_per_1000", "quit_rate"] {
        let id = format!("response-{}", metric.replace('_', "-"));
        let figure = figure(&figures, &id);
        assert_eq!(check_rows(figure, &all, metric, Some("whole period")), 7);
        let texts = texts(figure);
        assert!(texts.contains(&"union (lever) 0.1") && texts.contains(&"union (lever) 0.6"), "{texts:?}");
        assert!(texts.contains(&"accusation scale, per month"));
        assert_eq!(between(figure, "<circle", ">").len(), 6);
        // The base has no single value of the lever.
        assert!(!figure.contains("<polygon fill=\"var(--text)\""));
    }
    assert!(page.contains("It has no place on an axis, because it has no single value of union (lever)."));
    assert!(page.contains("6 points, all combinations of 2 × 3 values."));
    let varied = page_table(&page, "Varied keys");
    assert_eq!(varied[1][2..], ["0.1, 0.6", "no single value: it changes over time"]);
    let of = responses(&all, "discipline", "whole period");
    let discipline = page_table(&page, "over the whole period");
    let row = discipline.iter().find(|row| row[0].starts_with("Discipline")).unwrap();
    assert_eq!(row[4], ratio(strength(&of, false)));
}

#[test]
fn many_values_of_two_keys_have_maps() {
    let home = tempfile::tempdir().unwrap();
    sweep(
        home.path(),
        &[
            "--vary",
            "parameters.accusation_scale=0.002:0.006:21",
            "--vary",
            "parameters.grievance_speed=0.1:0.2:7",
            "--replicates",
            "1",
            "--until",
            "1929-06",
        ],
    );
    let page = page(home.path());
    let all = table(home.path(), "response");
    let of = responses(&all, "accusations_per_1000", "whole period");
    let figures = figures(&page);
    let rows = behind(figure(&figures, "response-accusations-per-1000"));
    // 21 values in steps of 2, the last of 1; 7 values as they are.
    assert_eq!(rows.len(), 1 + 11 * 7);
    assert_eq!(rows[0][..2], ["parameters.accusation_scale", "parameters.accusation_scale_to"]);
    let within = |row: &Row, column: &str, from: &str, to: &str| {
        let value = number(row, column).unwrap();
        value >= from.parse().unwrap() && value <= to.parse().unwrap()
    };
    let mut points = 0;
    for row in &rows[1..] {
        let inside: Vec<f64> = of[1..]
            .iter()
            .filter(|one| {
                within(one, "parameters.accusation_scale", &row[0], &row[1])
                    && within(one, "parameters.grievance_speed", &row[2], &row[3])
            })
            .filter_map(|one| number(one, "mean"))
            .collect();
        assert_eq!(row[4], inside.len().to_string());
        let mean = inside.iter().sum::<f64>() / inside.len() as f64;
        assert!((row[5].parse::<f64>().unwrap() - mean).abs() <= 1e-9 * mean, "{row:?}: {mean}");
        points += inside.len();
    }
    assert_eq!(points, 147);
    let values = |row: &Vec<String>| row[5].parse::<f64>().unwrap();
    let (low, high) = rows[1..]
        .iter()
        .map(values)
        .fold((f64::MAX, 0f64), |(low, high), value| (low.min(value), high.max(value)));
    // The scale reaches from the lowest to the highest cell.
    let texts = texts(figure(&figures, "response-accusations-per-1000"));
    for (bound, position) in [(low, 0), (high, 5)] {
        let shown = format!(
            "{:.*}",
            texts[7 + position].split_once('.').map_or(0, |(_, digits)| digits.len()),
            bound
        );
        assert!(texts.contains(&shown.as_str()), "{shown}: {texts:?}");
    }
    assert!(page.contains("The diamond is where the base is."));
    assert!(page.contains("Up to 2 × 1 neighbouring points share a cell"));
}

/// Spearman's rank correlation of values without ties.
fn rank_correlation(pairs: &[(f64, f64)]) -> f64 {
    let rank =
        |of: f64, all: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().filter(|pair| all(pair) < of).count() as f64;
    let n = pairs.len() as f64;
    let squares =
        pairs.iter().map(|pair| (rank(pair.0, &|pair| pair.0) - rank(pair.1, &|pair| pair.1)).powi(2));
    1.0 - 6.0 * squares.sum::<f64>() / (n * (n * n - 1.0))
}

#[test]
fn sampled_points_of_three_keys_have_scatter_plots_and_rank_correlations() {
    let home = tempfile::tempdir().unwrap();
    let arguments = "--vary parameters.accusation_scale --vary levers.union=0:1 --vary mechanisms.catharsis=true,false \
                     --design sobol --points 32 --replicates 2";
    sweep(home.path(), &arguments.split_whitespace().collect::<Vec<_>>());
    let page = page(home.path());
    let figures = figures(&page);
    let all = table(home.path(), "response");
    let keys = ["parameters.accusation_scale", "levers.union", "mechanisms.catharsis"];
    let mut strongest: Vec<(f64, &str, &str)> = Vec::new();
    for metric in ["fear", "discipline", "quit_rate", "accusations_per_1000"] {
        let of = responses(&all, metric, "whole period");
        let rows = behind(figure(&figures, &format!("response-{}", metric.replace('_', "-"))));
        for key in keys {
            let rows: Vec<&Vec<String>> = rows[1..].iter().filter(|row| row[0] == key).collect();
            let (mut points, mut binned) = (0, 0);
            for row in &rows {
                match row[1].as_str() {
                    "base" => assert_eq!((&row[2], &row[5]), (&of[0][key], &of[0]["mean"])),
                    "mean" => {
                        let inside: Vec<f64> = of[1..]
                            .iter()
                            .filter(|one| match row[2].parse::<f64>() {
                                Ok(from) => {
                                    let value = number(one, key).unwrap();
                                    value >= from && value <= row[3].parse().unwrap()
                                }
                                Err(_) => one[key] == row[2],
                            })
                            .filter_map(|one| number(one, "mean"))
                            .collect();
                        let n = inside.len() as f64;
                        let mean = inside.iter().sum::<f64>() / n;
                        assert_eq!(row[4], inside.len().to_string(), "{row:?}");
                        assert!(
                            (row[5].parse::<f64>().unwrap() - mean).abs() <= 1e-9 * mean.abs(),
                            "{row:?}"
                        );
                        binned += inside.len();
                        if inside.len() == 16 {
                            // Student's t for 95 % and 15 degrees of freedom.
                            let sd =
                                (inside.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 15.0).sqrt();
                            let high = mean + 2.131_449_546 * sd / 4.0;
                            assert!(
                                (row[7].parse::<f64>().unwrap() - high).abs() <= 1e-8 * high.abs(),
                                "{row:?}"
                            );
                        }
                    }
                    point => {
                        let point: usize = point.strip_prefix("point ").unwrap().parse().unwrap();
                        assert_eq!((&row[2], &row[5]), (&of[point][key], &of[point]["mean"]));
                        points += 1;
                    }
                }
            }
            assert_eq!((points, binned), (32, 32), "{metric} {key}");
            if key != "mechanisms.catharsis" {
                let pairs: Vec<(f64, f64)> = of[1..]
                    .iter()
                    .map(|row| (number(row, key).unwrap(), number(row, "mean").unwrap()))
                    .collect();
                strongest.push((rank_correlation(&pairs), metric, key));
            }
        }
    }
    let correlations = page_table(&page, "rank correlations (Spearman)");
    let names = BTreeMap::from([
        ("parameters.accusation_scale", "accusation scale"),
        ("levers.union", "union (lever)"),
    ]);
    let titles = BTreeMap::from([
        ("fear", "Fear"),
        ("discipline", "Discipline"),
        ("quit_rate", "Quits"),
        ("accusations_per_1000", "Accusations"),
    ]);
    for (value, metric, key) in strongest.into_iter().filter(|one| one.0.abs() > 0.5) {
        let row = correlations.iter().find(|row| row[0] == titles[metric] && row[1] == names[key]);
        let shown = format!("{value:+.2}").replace('-', "−");
        assert_eq!(row.unwrap_or_else(|| panic!("{metric} {key}"))[2], shown);
    }
    let sizes: Vec<f64> =
        correlations[1..].iter().map(|row| row[2].replace('−', "-").parse::<f64>().unwrap().abs()).collect();
    assert!(sizes.len() == 20 && sizes.windows(2).all(|pair| pair[0] >= pair[1]), "{sizes:?}");
    assert!(page.contains("32 points of the Sobol&#39;") || page.contains("32 points of the Sobol'"));
    assert!(page.contains("A flat line does not show that the key does nothing"));
    assert!(page.contains("It shows direction and regularity, not size"));
}

#[test]
fn words_have_dots_with_bars_and_the_base_its_own_word() {
    let home = tempfile::tempdir().unwrap();
    sweep(home.path(), &["--vary", "mechanisms.catharsis=false", "--replicates", "3"]);
    let page = page(home.path());
    let figures = figures(&page);
    let all = table(home.path(), "response");
    for metric in ["grievance", "fear"] {
        let figure = figure(&figures, &format!("response-{metric}"));
        assert_eq!(check_rows(figure, &all, metric, Some("whole period")), 2);
        let rows = behind(figure);
        assert_eq!([&rows[1][1], &rows[2][1]], ["true", "false"]);
        let texts = texts(figure);
        assert!(texts.contains(&"true") && texts.contains(&"false"), "{texts:?}");
        // A bar, and no band or line between words.
        assert!(!figure.contains("opacity=\"0.25\"") && figure.matches("stroke-width=\"8\"").count() == 1);
        assert_eq!(figure.matches("<polygon fill=\"var(--text)\"").count(), 1);
    }
    assert!(page.contains("1 point, base historical+population=500"));
    assert!(page.contains("The diamond is the base in its place, catharsis (mechanism) true."));
}

#[test]
fn one_replicate_has_no_bands_and_no_tests() {
    let home = tempfile::tempdir().unwrap();
    let key = "parameters.accusation_scale=0.002:0.006:4";
    sweep(home.path(), &["--vary", key, "--replicates", "1", "--until", "1933-12"]);
    let page = page(home.path());
    let all = table(home.path(), "response");
    for (id, figure) in figures(&page) {
        assert!(!figure.contains("opacity=\"0.25\""), "{id} has a band");
        assert!(
            !figure.contains("<circle") || !figure.contains("fill=\"var(--paper)\" stroke"),
            "{id} has rings"
        );
    }
    assert!(page.contains("With one replicate of each point there are no intervals and no tests"));
    assert!(
        page.contains(
            "In this one replicate, the largest spread relative to the base is that of accusations ("
        )
    );
    let of = responses(&all, "accusations_per_1000", "whole period");
    let differences = [0.0].into_iter().chain(of[1..].iter().filter_map(|row| number(row, "difference")));
    let differences: Vec<f64> = differences.collect();
    let mean = differences.iter().sum::<f64>() / 5.0;
    let sd = (differences.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 4.0).sqrt();
    let expected = format!("{:.0} %", 100.0 * sd / number(of[0], "mean").unwrap());
    assert_eq!(page_table(&page, "over the whole period")[2][4], expected);
    assert_eq!(page_table(&page, "over the whole period")[1][5], "not tested");
    check_rows(figure(&figures(&page), "response-fear"), &all, "fear", Some("whole period"));
}

#[test]
fn a_point_equal_to_the_base_is_a_point_that_does_not_differ() {
    let home = tempfile::tempdir().unwrap();
    sweep(
        home.path(),
        &["--vary", "mechanisms.catharsis=true,false", "--replicates", "2", "--until", "1931-12"],
    );
    let page = page(home.path());
    let figures = figures(&page);
    let fear = figure(&figures, "response-fear");
    assert_eq!(check_rows(fear, &table(home.path(), "response"), "fear", Some("whole period")), 3);
    let rows: Vec<[String; 2]> =
        behind(fear)[1..].iter().map(|row| [row[0].clone(), row[1].clone()]).collect();
    assert_eq!(rows, [["base", "true"], ["2", "false"], ["1", "true"]]);
    // The base does not count a second time.
    let all = table(home.path(), "response");
    let row = &page_table(&page, "over the whole period")[7];
    assert_eq!(row[4], ratio(strength(&responses(&all, "fear", "whole period"), false)), "{row:?}");
    // Two bars, and a ring for the point that equals the base.
    assert_eq!(fear.matches("stroke-width=\"8\"").count(), 2);
    assert!(between(fear, "<circle", ">").last().unwrap().contains("fill=\"var(--paper)\""));
}
