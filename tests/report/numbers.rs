//! Tests every number on the page against the tables of the folder, which are read here independently: as a whole and by
//! replicate.

use super::*;
use std::collections::BTreeMap;

type Rows = Vec<BTreeMap<String, String>>;

fn table(home: &Path, name: &str) -> Rows {
    let mut reader = csv::Reader::from_path(home.join(format!("result/{name}.csv"))).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> Option<f64> {
    row[column].parse().ok()
}

fn same(got: f64, expected: f64, what: &str) {
    assert!((got - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{what}: {got}, not {expected}");
}

/// Formats three significant digits without trailing zeros, independently of the program.
fn short(value: f64) -> String {
    let mut decimals = 0;
    while decimals < 6
        && format!("{:.decimals$}", value.abs()).trim_start_matches(['0', '.']).replace('.', "").len() < 3
        && value != 0.0
    {
        decimals += 1;
    }
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Formats a mean and its interval: two digits of the half-width, or one if two take more than five decimals.
fn with_interval(mean: f64, low: f64, high: f64) -> String {
    let half = 0.5 * (high - low);
    let decimals = (half > 0.0).then(|| {
        let last_digit = |text: String, digits: i32| {
            let exponent: i32 = text.split_once('e').unwrap().1.parse().unwrap();
            (digits - 1 - exponent).max(0) as usize
        };
        last_digit(format!("{half:.1e}"), 2).min(last_digit(format!("{half:.0e}"), 1).max(5))
    });
    match decimals {
        Some(decimals) => {
            let cell = |value: f64| {
                let text = format!("{value:.decimals$}");
                let zero = text.trim_start_matches('-').bytes().all(|byte| matches!(byte, b'0' | b'.'));
                if zero { text.trim_start_matches('-').to_owned() } else { text }
            };
            format!("{} ({} to {})", cell(mean), cell(low), cell(high))
        }
        None => {
            let mean = if mean == 0.0 { "0".to_owned() } else { panic!("a point at {mean}") };
            format!("{mean} ({mean} to {mean})")
        }
    }
}

/// A cell of a matrix.
fn cell(value: Option<f64>) -> String {
    match value {
        None => "–".into(),
        Some(0.0) => "0".into(),
        Some(value) if value < 0.05 => "&lt;0.1".into(),
        Some(value) if value < 99.95 => format!("{value:.1}"),
        Some(value) => format!("{value:.0}"),
    }
}

/// The texts of a drawing, in their order.
fn texts(figure: &str) -> Vec<&str> {
    between(figure, "<text", "</text>").into_iter().map(|text| text.split_once('>').unwrap().1).collect()
}

fn figure<'a>(figures: &'a [(String, &'a str)], id: &str) -> &'a str {
    figures.iter().find(|figure| figure.0 == id).unwrap_or_else(|| panic!("no figure {id}")).1
}

fn courses(home: &Path, figures: &[(String, &str)]) {
    let series = table(home, "series");
    let mut seen = 0;
    for (id, figure) in figures {
        let rows = behind(figure);
        if rows[0][..2] != ["month", "measure"] {
            continue;
        }
        for row in &rows[1..] {
            let values: Vec<f64> = series
                .iter()
                .filter(|one| one["month"] == row[0])
                .filter_map(|one| number(one, &row[1]))
                .collect();
            let what = format!("{id} {} {}", row[0], row[1]);
            let get = |position: usize| row[position].parse::<f64>().ok();
            assert_eq!(get(2).is_some(), !values.is_empty(), "{what}");
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            if values.is_empty() {
                continue;
            }
            same(get(2).unwrap(), mean, &what);
            assert_eq!(get(3).is_some(), n > 1.0, "{what}");
            if n == 3.0 {
                let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 2.0).sqrt();
                let half = 4.302_652_73 * sd / 3f64.sqrt();
                same(get(3).unwrap(), mean - half, &what);
                same(get(4).unwrap(), mean + half, &what);
                assert_eq!(get(5), values.iter().copied().reduce(f64::min), "{what}");
                assert_eq!(get(6), values.iter().copied().reduce(f64::max), "{what}");
            }
            seen += 1;
        }
    }
    assert!(seen > 3000, "{seen}");
}

fn tables_by_phase(home: &Path, page: &str) {
    let summary = table(home, "summary");
    let phases = [
        ("class war", "class war (1928-01 to 1931-06)"),
        ("discipline", "discipline (1931-07 to 1933-12)"),
        ("criticism from below", "criticism from below (1934-01 to 1936-12)"),
        ("terror", "terror (1937-01 to 1938-10)"),
        ("authority restored", "authority restored (1938-11 to 1941-06)"),
    ];
    let mut seen = 0;
    for row in between(page, "<tr>", "</tr>") {
        let cells = between(row, "<td data-label=\"", "</td>");
        let name = between(row, "<th scope=\"row\">", "</th>").first().copied().unwrap_or_default();
        let key = name.split(" (").next().unwrap().replace(' ', "_");
        if cells.len() != phases.len() || !summary.iter().any(|row| row["metric"] == key) {
            continue;
        }
        for (text, (phase, dated)) in cells.iter().zip(phases) {
            let row = summary.iter().find(|row| row["metric"] == key && row["phase"] == phase).unwrap();
            let of = |column: &str| number(row, column);
            let expected = match (of("mean"), of("lo"), of("hi")) {
                (Some(mean), Some(low), Some(high)) => with_interval(mean, low, high),
                (Some(mean), ..) => short(mean),
                _ => "–".into(),
            };
            assert_eq!(*text, format!("{dated}\">{expected}"), "{key}");
            seen += 1;
        }
    }
    assert!(seen >= 80, "{seen}");
}

/// Checks the rows behind a matrix against `expected`, and the drawn numbers against the rows.
fn matrix(figure: &str, words: usize, expected: impl Fn(&str, &str) -> Option<f64>) {
    let rows = behind(figure);
    for row in &rows[1..] {
        let got: Option<f64> = row[2].parse().ok();
        let expected = expected(&row[0], &row[1]);
        assert_eq!(got.is_some(), expected.is_some(), "{row:?}");
        got.zip(expected).inspect(|(got, expected)| same(*got, *expected, &format!("{row:?}")));
    }
    let shown: Vec<&str> = texts(figure).into_iter().filter(|text| cell_like(text)).collect();
    let expected: Vec<String> = rows[1..].iter().map(|row| cell(row[2].parse().ok())).collect();
    assert_eq!(shown[words..], expected, "the drawn numbers differ from those behind the matrix");
}

fn cell_like(text: &str) -> bool {
    text == "–" || text.replace("&lt;", "").parse::<f64>().is_ok()
}

fn accusations(home: &Path, figures: &[(String, &str)]) {
    let acts = table(home, "accusations");
    let sum = |keep: &dyn Fn(&BTreeMap<String, String>) -> bool| {
        acts.iter().filter(|row| keep(row)).filter_map(|row| number(row, "acts")).sum::<f64>()
    };
    let key = |words: &str| words.replace(' ', "_");
    let all = sum(&|_| true);
    for motive in ["principle", "temperament", "rivalry", "fear"] {
        matrix(figure(figures, &format!("accused-from-{motive}")), 0, |accuser, target| {
            let of = sum(&|row| {
                row["motive"] == motive && row["accuser"] == key(accuser) && row["target"] == key(target)
            });
            Some(100.0 * of / all)
        });
    }
    matrix(figure(figures, "accused-by-phase"), 0, |phase, target| {
        let of = sum(&|row| row["phase"] == phase && row["target"] == key(target));
        let all = sum(&|row| row["phase"] == phase);
        (all > 0.0).then(|| 100.0 * of / all)
    });
}

fn mobility(home: &Path, figures: &[(String, &str)]) {
    let people = table(home, "mobility");
    let origin = |words: &str| match words {
        "white-collar" => "employee".to_owned(),
        "former people" => "former".to_owned(),
        words => words.to_owned(),
    };
    let count = |month: &str, of: Option<&str>, rank: Option<&str>| {
        let rows = people.iter().filter(|row| row["month"] == month && row["rank"] != "student");
        let rows = rows.filter(|row| of.is_none_or(|of| row["origin"] == origin(of)));
        rows.filter(|row| rank.is_none_or(|rank| row["rank"] == rank))
            .filter_map(|row| number(row, "people"))
            .sum::<f64>()
    };
    for month in ["1927-12", "1936-12", "1941-06"] {
        matrix(figure(figures, &format!("ranks-of-origins-{month}")), 0, |of, rank| {
            let all = count(month, Some(of), None);
            (all > 0.0).then(|| 100.0 * count(month, Some(of), Some(rank)) / all)
        });
    }
    for month in ["1927-12", "1941-06"] {
        matrix(figure(figures, &format!("origins-of-ranks-{month}")), 0, |of, rank| {
            let all = count(month, None, Some(rank));
            (all > 0.0).then(|| 100.0 * count(month, Some(of), Some(rank)) / all)
        });
    }
}

fn elite(home: &Path, figures: &[(String, &str)]) {
    let flows = table(home, "elite_flows");
    let elite = ["middle", "director", "regional"];
    let sum = |phase: &str, ranks: &[&str], columns: &[String]| {
        let rows = flows.iter().filter(|row| row["phase"] == phase && ranks.contains(&row["rank"].as_str()));
        rows.flat_map(|row| columns.iter().filter_map(|column| number(row, column))).sum::<f64>()
    };
    let routes = ["promoted", "promoted_elsewhere"];
    let origins = [
        ("peasant", "peasant"),
        ("worker", "worker"),
        ("white-collar", "employee"),
        ("former people", "former"),
    ];
    let entries = |route: &str, origin: &str| format!("{route}_{origin}");
    let all: Vec<String> =
        routes.iter().flat_map(|route| origins.map(|origin| entries(route, origin.1))).collect();
    for row in &behind(figure(figures, "elite-origins"))[1..] {
        let origin = origins.iter().find(|origin| origin.0 == row[1]).unwrap().1;
        let of = sum(&row[0], &elite[..1], &routes.map(|route| entries(route, origin)));
        same(row[2].parse().unwrap(), 100.0 * of / sum(&row[0], &elite[..1], &all), &row[1]);
    }
    for row in &behind(figure(figures, "elite-exits"))[1..] {
        // A demoted regional official stays in the elite.
        let ranks = if ["arrest", "natural"].contains(&row[1].as_str()) { &elite[..] } else { &elite[..2] };
        let of = sum(&row[0], ranks, &[format!("exit_{}", row[1])]);
        same(row[2].parse().unwrap(), 1200.0 * of / sum(&row[0], &elite, &["stock".to_owned()]), &row[1]);
    }
    let survival = table(home, "survival");
    let rows = behind(figure(figures, "elite-survival"));
    assert!(rows.len() > 100, "{}", rows.len());
    for row in &rows[1..] {
        let months: u32 = row[1].parse().unwrap();
        let share = (0..months).map(|age| {
            let of = |column: &str| {
                let rows =
                    survival.iter().filter(|one| one["cohort"] == row[0] && one["months"] == age.to_string());
                rows.filter_map(|one| number(one, column)).sum::<f64>()
            };
            1.0 - (of("exit_arrest") + of("exit_demotion") + of("exit_natural")) / of("at_risk")
        });
        same(row[2].parse().unwrap(), share.product(), &format!("{row:?}"));
    }
}

fn history(home: &Path, figures: &[(String, &str)]) {
    let output = kadry(home, &["history", "result", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut seen = 0;
    for series in json["series"].as_array().unwrap() {
        let id = format!("history-{}", series["series"].as_str().unwrap().replace('_', "-"));
        let Some((_, figure)) = figures.iter().find(|figure| figure.0 == id) else { continue };
        for (row, published) in behind(figure)[1..].iter().zip(series["figures"].as_array().unwrap()) {
            assert_eq!(row[0], published["date"].as_str().unwrap());
            assert_eq!(row[1].parse::<f64>().ok(), published["reference"].as_f64());
            assert_eq!(row[2].parse::<f64>().ok(), published["reference_on_basis"].as_f64());
            assert_eq!(row[3].parse::<f64>().ok(), published["model_on_basis"].as_f64());
            assert_eq!(row[6], published["grade"].as_str().unwrap());
            seen += 1;
        }
    }
    assert!(seen >= 40, "{seen}");
}

fn levers(figures: &[(String, &str)]) {
    let scenario = kadry::scenario::load("historical", &[]).unwrap();
    let mut seen = 0;
    for row in figures
        .iter()
        .filter(|figure| figure.0.starts_with("levers-"))
        .flat_map(|figure| behind(figure.1).split_off(1))
    {
        let position = kadry::model::levers::LEVERS.iter().position(|lever| lever.key == row[0]).unwrap();
        let month: kadry::engine::calendar::Month = row[1].parse().unwrap();
        assert_eq!(
            row[2].parse::<f64>().unwrap(),
            scenario.tracks[position].values[month.index()],
            "{row:?}"
        );
        seen += 1;
    }
    assert_eq!(seen, 22 * 162);
}

#[test]
fn every_number_follows_from_the_tables() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &[]);
    let page = page(home.path());
    let figures = figures(&page);
    courses(home.path(), &figures);
    tables_by_phase(home.path(), &page);
    accusations(home.path(), &figures);
    mobility(home.path(), &figures);
    elite(home.path(), &figures);
    history(home.path(), &figures);
    levers(&figures);
}
