//! Tests of `decrees_only`: every step cites a dated decision and keeps the rule of sizes, data are those of `historical`,
//! and the tables of docs/decrees.md are made from the two files.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use kadry::engine::calendar::Month;
use kadry::model::levers::LEVERS;
use kadry::scenario::{SHIPPED, Scenario, Track, load};
use toml::Value;

/// The size of a level.
const LEVEL: f64 = 0.2;

/// How many months apart two steps in the same direction may be to count as one turn.
const NEAR: usize = 2;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A step of `decrees_only` with the decision behind it.
struct Step {
    lever: String,
    month: Month,
    from: f64,
    to: f64,
    date: String,
    decision: String,
    source: String,
    grade: String,
}

fn shipped(name: &str) -> Scenario {
    load(name, &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The text of the file, as a table.
fn file() -> Value {
    let text = SHIPPED.iter().find(|one| one.name == "decrees_only").expect("a shipped scenario").text;
    toml::from_str(text).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64)).expect("a number")
}

/// `DATE: DECISION. From: SOURCE. Grade X`.
fn cited(text: &str) -> Option<[&str; 4]> {
    let (date, rest) = text.split_once(": ")?;
    let (decision, rest) = rest.split_once(". From: ")?;
    let (source, grade) = rest.split_once(". Grade ")?;
    Some([date, decision, source, grade])
}

/// The steps in the order of the file.
fn steps(file: &Value) -> Vec<Step> {
    let mut last: BTreeMap<String, f64> = BTreeMap::new();
    for (lever, track) in file["levers"].as_table().unwrap() {
        last.insert(lever.clone(), number(&track["steps"].as_array().unwrap().last().unwrap()[1]));
    }
    let changes = file["change"].as_array().unwrap().iter();
    changes
        .map(|change| {
            let text = change["source"].as_str().unwrap();
            let [date, decision, source, grade] = cited(text).unwrap_or_else(|| panic!("{text}"));
            let (lever, to) = (change["lever"].as_str().unwrap().to_owned(), number(&change["set"]));
            let from = last.insert(lever.clone(), to).unwrap();
            Step {
                lever,
                month: change["from"].as_str().unwrap().parse().unwrap(),
                from,
                to,
                date: date.to_owned(),
                decision: decision.to_owned(),
                source: source.to_owned(),
                grade: grade.to_owned(),
            }
        })
        .collect()
}

/// The months from which the days named in a text act: a day after the 15th stands for the next month.
fn acting(text: &str) -> Vec<Month> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .windows(3)
        .filter_map(|part| {
            let day: u32 = part[0].parse().ok()?;
            let month = MONTHS.iter().position(|name| *name == part[1])?;
            let year: usize = part[2].trim_end_matches([':', '.', ',']).parse().ok()?;
            let month = (year - 1928) * 12 + month + usize::from(day > 15);
            Some(Month(u16::try_from(month).unwrap()))
        })
        .collect()
}

fn track<'a>(scenario: &'a Scenario, lever: &str) -> &'a Track {
    &scenario.tracks[LEVERS.iter().position(|info| info.key == lever).unwrap()]
}

#[test]
fn every_step_cites_a_decision_and_acts_from_its_day() {
    let (file, scenario) = (file(), shipped("decrees_only"));
    for (step, change) in steps(&file).iter().zip(file["change"].as_array().unwrap()) {
        let text = format!("{}: {}", step.date, step.decision);
        assert!(["A", "B", "C", "D"].contains(&step.grade.as_str()), "{text}");
        assert!(acting(&text).contains(&step.month), "{} {text}", step.month);
        assert!(
            change
                .as_table()
                .unwrap()
                .keys()
                .all(|key| ["lever", "from", "set", "source"].contains(&key.as_str()))
        );
    }
    for (info, values) in LEVERS.iter().zip(&scenario.tracks).map(|(info, track)| (info, track.steps())) {
        let cited = steps(&file).iter().filter(|step| step.lever == info.key).count();
        let own = file["levers"][info.key]["steps"].as_array().unwrap().len();
        assert!(values.len() <= own + cited, "{}", info.key);
    }
}

#[test]
fn every_step_keeps_the_rule_of_sizes() {
    for step in steps(&file()) {
        let levels = (step.to - step.from).abs() / LEVEL;
        let one = (levels - 1.0).abs() < 1e-9;
        let two = (levels - 2.0).abs() < 1e-9 && step.decision.contains("Two levels");
        let end = [0.0, 1.0].contains(&step.to);
        assert!(
            one || two || end || step.decision.contains("The text gives the number"),
            "{} {}",
            step.lever,
            step.date
        );
    }
}

#[test]
fn what_is_no_decision_is_that_of_the_baseline() {
    let (decrees, history) = (shipped("decrees_only"), shipped("historical"));
    let cited: Vec<String> = steps(&file()).into_iter().map(|step| step.lever).collect();
    for info in LEVERS.iter().filter(|info| !cited.iter().any(|lever| lever == info.key)) {
        let (ours, theirs) = (track(&decrees, info.key), track(&history, info.key));
        assert!(info.key == "threat" || ours.values == theirs.values, "{}", info.key);
    }
    for info in LEVERS {
        assert_eq!(track(&decrees, info.key).values[0], track(&history, info.key).values[0], "{}", info.key);
    }
    let members = |scenario: &Scenario| track(scenario, "party_recruitment").values[..60].to_vec();
    assert_eq!(members(&decrees), members(&history), "data until December 1932");
    let (ours, theirs) = (decrees.setup(), history.setup());
    assert_eq!((ours.population, ours.events), (theirs.population, theirs.events));
    assert_eq!((ours.parameters, ours.mechanisms), (theirs.parameters, theirs.mechanisms));
    assert_eq!(decrees.phases, history.phases);
}

/// docs/decrees.md with its tables made anew.
pub(super) fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/decrees.md");
    let text = std::fs::read_to_string(path).unwrap();
    [("steps", step_table()), ("tracks", track_table()), ("history", history_table())].iter().fold(
        text,
        |text, (name, table)| {
            let (open, close) =
                (format!("<!-- {name}: made from the files -->\n"), format!("<!-- end of {name} -->"));
            let (before, rest) = text.split_once(&open).unwrap();
            let (_, after) = rest.split_once(&close).unwrap();
            format!("{before}{open}\n{table}\n{close}{after}")
        },
    )
}

fn step_table() -> String {
    let mut text = String::from(
        "| date | lever | acts from | from | to | decision | source | grade |\n|---|---|---|---|---|---|---|---|\n",
    );
    let mut steps = steps(&file());
    steps.sort_by_key(|step| (acting(&format!("{}:", step.date)), step.month));
    for Step { lever, month, from, to, date, decision, source, grade } in steps {
        let _ = writeln!(
            text,
            "| {date} | `{lever}` | {month} | {from} | {to} | {decision} | {source} | {grade} |"
        );
    }
    text
}

fn track_table() -> String {
    let mut text = String::from("| lever | rests on | values |\n|---|---|---|\n");
    let (file, scenario) = (file(), shipped("decrees_only"));
    for (info, track) in LEVERS.iter().zip(&scenario.tracks) {
        let source = file["levers"][info.key]["source"].as_str().unwrap();
        let rounded = |value: f64| (value * 1e4).round() / 1e4;
        let values: Vec<String> =
            track.steps().iter().map(|(month, value)| format!("{month} {}", rounded(*value))).collect();
        let _ = writeln!(text, "| `{}` | {source} | {} |", info.key, values.join(", "));
    }
    text
}

/// The steps of a track after its first month: month, from, to.
fn moves(track: &Track) -> Vec<(Month, f64, f64)> {
    let steps = track.steps();
    steps.windows(2).map(|pair| (pair[1].0, pair[0].1, pair[1].1)).collect()
}

/// Steps of `historical`, in levers that decisions move, without a step of `decrees_only` in the same direction nearby.
fn history_table() -> String {
    let mut text = String::from(
        "| lever | month | from | to | nearest decision on this lever |\n|---|---|---|---|---|\n",
    );
    let (decrees, history) = (shipped("decrees_only"), shipped("historical"));
    let cited: Vec<String> = steps(&file()).into_iter().map(|step| step.lever).collect();
    for (info, track) in
        LEVERS.iter().zip(&history.tracks).filter(|(info, _)| cited.iter().any(|lever| lever == info.key))
    {
        let decided = moves(&decrees.tracks[LEVERS.iter().position(|other| other.key == info.key).unwrap()]);
        for (month, from, to) in moves(track) {
            let apart = |other: &(Month, f64, f64)| other.0.index().abs_diff(month.index());
            let followed =
                decided.iter().any(|other| apart(other) <= NEAR && (other.2 > other.1) == (to > from));
            if followed {
                continue;
            }
            let nearest = decided.iter().min_by_key(|other| apart(other)).unwrap();
            let way = if nearest.2 > nearest.1 { "up" } else { "down" };
            let _ = writeln!(text, "| `{}` | {month} | {from} | {to} | {}, {way} |", info.key, nearest.0);
        }
    }
    text
}
