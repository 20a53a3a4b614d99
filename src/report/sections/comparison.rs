//! What other policies would have made different.

use super::{Group, Section, Table, over, words};
use crate::model::measures::PHASE_MEASURES;
use crate::output::table::real;
use crate::report::draw::forest::{self, Forest, Row, range, signed};
use crate::report::draw::multiples::{self, Course, Multiples};
use crate::report::draw::short;
use crate::report::figures::compare::{Difference, read};
use crate::report::figures::series::Series;
use crate::report::measures::{LOOKS, look, unit};
use crate::report::palette::Ink;
use crate::report::picture::{Numbers, Picture};
use crate::report::source::{ReportError, Source};

/// Measures that come first; others are shown only where none of these was compared.
const FIRST: [(&str, &str); 8] = [
    ("elite_turnover", "Elite turnover"),
    ("accusations_per_1000", "Accusations"),
    ("arrests_per_1000", "Arrests"),
    ("discipline", "Discipline"),
    ("quit_rate", "Quits"),
    ("grievance", "Grievance of workers"),
    ("authority", "Authority of managers"),
    ("fear", "Fear"),
];

/// Most measures that are shown where none of the first was compared.
const MOST: usize = 8;

/// Corrected p below which a difference is told apart from nothing.
const CLEAR: f64 = 0.05;

/// The sections.
///
/// # Errors
///
/// If a table cannot be read.
pub(super) fn sections(source: &Source) -> Result<Vec<Section>, ReportError> {
    let differences = read(&source.folder)?;
    let mut shown: Vec<(String, String)> = FIRST
        .iter()
        .filter(|(key, _)| differences.iter().any(|row| row.metric == *key))
        .map(|(key, title)| ((*key).to_owned(), (*title).to_owned()))
        .collect();
    if shown.is_empty() {
        let mut keys: Vec<String> = differences.iter().map(|row| row.metric.clone()).collect();
        keys.dedup();
        shown = keys.into_iter().take(MOST).map(|key| (key.clone(), words(&key))).collect();
    }
    Ok(vec![
        scenarios(source, &differences)?,
        forests(source, &differences, &shown),
        courses(source, &shown)?,
    ])
}

fn names(differences: &[Difference]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for row in differences {
        if !names.contains(&row.scenario.as_str()) {
            names.push(&row.scenario);
        }
    }
    names
}

/// What each scenario changes and is expected to show.
fn scenarios(source: &Source, differences: &[Difference]) -> Result<Section, ReportError> {
    let mut rows = Vec::new();
    for name in names(differences) {
        let other = source.other(name)?;
        let mut changed: Vec<String> =
            source.scenario.differences(&other).iter().map(|difference| words(&difference.key)).collect();
        changed.dedup();
        let expected = other.hypothesis.clone().unwrap_or_else(|| "nothing stated".into());
        rows.push(vec![words(name), other.title, changed.join(", "), expected]);
    }
    let table = Table {
        caption: format!("Scenarios that are compared with {}", source.scenario.name),
        header: ["scenario", "what it is", "what it changes", "what was expected"]
            .map(str::to_owned)
            .to_vec(),
        rows,
    };
    Ok(Section {
        id: "scenarios",
        title: "What is compared".into(),
        text: vec![format!(
            "Each scenario is {} with something else in it, run on the same chance: replicate with replicate, person by person. {}",
            source.scenario.name,
            over(source)
        )],
        groups: vec![Group { title: String::new(), pictures: Vec::new(), tables: vec![table] }],
    })
}

fn row(difference: &Difference) -> Option<Row> {
    Some(Row {
        name: difference.scenario.clone(),
        difference: difference.difference?,
        interval: difference.interval,
        wide: difference.simultaneous,
        clear: difference.adjusted.is_some_and(|p| p < CLEAR),
    })
}

fn forests(source: &Source, differences: &[Difference], shown: &[(String, String)]) -> Section {
    let level = differences.iter().find_map(|row| row.level).unwrap_or(0.95);
    let groups = shown.iter().map(|(key, title)| {
        let of: Vec<&Difference> = differences.iter().filter(|row| row.metric == *key).collect();
        let mut phases: Vec<&str> = Vec::new();
        for row in &of {
            if !phases.contains(&row.phase.as_str()) {
                phases.push(&row.phase);
            }
        }
        let pictures = phases.iter().map(|phase| {
            let rows: Vec<&Difference> = of.iter().copied().filter(|row| row.phase == *phase).collect();
            forest(source, key, title, phase, &rows, level)
        });
        Group { title: title.clone(), pictures: pictures.collect(), tables: Vec::new() }
    });
    Section {
        id: "differences",
        title: "Differences from the baseline".into(),
        text: vec![
            format!(
                "A dot is the mean over pairs of replicates of scenario less baseline; right of nought the scenario has more. Thick line: its {} % interval. Thin line: the interval that holds together with all others of the comparison, cut where the picture ends. A disc is told apart from nothing after correction for many tests (p below {CLEAR}), a ring is not.",
                short(100.0 * level)
            ),
            "Sorted by the difference; scales differ from picture to picture.".into(),
        ],
        groups: groups.collect(),
    }
}

fn forest(source: &Source, key: &str, title: &str, phase: &str, of: &[&Difference], level: f64) -> Picture {
    let mut rows: Vec<Row> = of.iter().filter_map(|difference| row(difference)).collect();
    rows.sort_by(|one, other| other.difference.total_cmp(&one.difference));
    let ink = LOOKS.iter().find(|look| look.key == key).map_or(Ink::Blue, |look| look.ink);
    let unit = PHASE_MEASURES.iter().find(|measure| measure.key == key).map_or("", |measure| measure.unit);
    let unit = if unit == "share" { "share, 0 to 1" } else { unit };
    let baseline = of.iter().find_map(|row| row.baseline);
    let in_baseline = baseline.map(|mean| format!("; baseline {}", short(mean))).unwrap_or_default();
    let mut numbers = Numbers::new([
        "scenario",
        "difference",
        "lo",
        "hi",
        "lo_simultaneous",
        "hi_simultaneous",
        "p_adjusted",
    ]);
    let cell = |number: Option<f64>| number.map(real).unwrap_or_default();
    for row in &rows {
        let p = of.iter().find(|one| one.scenario == row.name).and_then(|one| one.adjusted);
        numbers.push(vec![
            row.name.clone(),
            real(row.difference),
            cell(row.interval.map(|ends| ends.0)),
            cell(row.interval.map(|ends| ends.1)),
            cell(row.wide.map(|ends| ends.0)),
            cell(row.wide.map(|ends| ends.1)),
            cell(p),
        ]);
    }
    let described: Vec<String> = rows
        .iter()
        .map(|row| {
            let interval = row.interval.map(|(low, high)| format!(" ({} to {})", signed(low), signed(high)));
            format!("{} {}{}", words(&row.name), signed(row.difference), interval.unwrap_or_default())
        })
        .collect();
    let pairs = of.iter().map(|row| row.pairs).min().unwrap_or(0);
    let picture = Forest {
        title: format!("{title}: {phase}"),
        unit: format!("difference, {unit}{in_baseline}"),
        ink,
        range: range(rows.iter()),
        rows,
    };
    Picture {
        id: format!("difference-{}-{}", key.replace('_', "-"), phase.replace([' ', '_'], "-").to_lowercase()),
        title: picture.title.clone(),
        description: format!("{}: {}.", picture.unit, described.join("; ")),
        caption: format!(
            "{title} in {}, scenario less {}, with {} % intervals, over {pairs} pairs of replicates, seed {}.",
            if phase == "whole period" {
                "the whole period".to_owned()
            } else {
                format!("the phase {phase}")
            },
            source.scenario.name,
            short(100.0 * level),
            source.folder.manifest.seed
        ),
        numbers,
        sketch: forest::draw(&picture),
    }
}

/// Each scenario over the baseline, month by month.
fn courses(source: &Source, shown: &[(String, String)]) -> Result<Section, ReportError> {
    const ID: &str = "courses";
    const TITLE: &str = "Month by month, each over the baseline";
    if !source.has("series") {
        return Ok(Section::without(ID, TITLE, source, "series"));
    }
    let series = Series::read(&source.folder, source.months())?;
    let drawn = shown.iter().filter(|(key, _)| LOOKS.iter().any(|look| look.key == key));
    let pictures = drawn.map(|(key, title)| courses_of(source, &series, key, title)).collect();
    Ok(Section {
        id: ID,
        title: TITLE.into(),
        text: vec!["Line: mean of the scenario. Dots: mean of the baseline. Where only a line is seen, the two are equal. All scales of a picture are the same; phases are shaded by turns. Whether a gap is more than chance is told by the differences above.".into()],
        groups: vec![Group { title: String::new(), pictures, tables: Vec::new() }],
    })
}

fn courses_of(source: &Source, series: &Series, key: &str, title: &str) -> Picture {
    let course = |scenario: usize| -> Course {
        series
            .course(scenario, key)
            .into_iter()
            .map(|(month, value)| (month, value.map(|value| value.mean)))
            .collect()
    };
    let baseline = series.scenarios.iter().position(|name| *name == source.scenario.name).unwrap_or(0);
    let others: Vec<usize> = (0..series.scenarios.len()).filter(|&scenario| scenario != baseline).collect();
    let picture = Multiples {
        title: title.to_owned(),
        unit: unit(key).into(),
        ink: look(key).ink,
        months: 0.0..source.months() as f64,
        baseline: course(baseline),
        scenarios: others
            .iter()
            .map(|&scenario| (series.scenarios[scenario].clone(), course(scenario)))
            .collect(),
    };
    let all: Vec<(&str, &Course)> = [(source.scenario.name.as_str(), &picture.baseline)]
        .into_iter()
        .chain(picture.scenarios.iter().map(|(name, course)| (name.as_str(), course)))
        .collect();
    let mut numbers = Numbers::new(["month"].into_iter().chain(all.iter().map(|one| one.0)));
    for month in crate::engine::calendar::Month::all().take(source.months()) {
        let cell =
            |course: &Course| course.get(month.index()).and_then(|one| one.1).map(real).unwrap_or_default();
        numbers.push(
            [month.to_string()].into_iter().chain(all.iter().map(|(_, course)| cell(course))).collect(),
        );
    }
    Picture {
        id: format!("courses-{}", key.replace('_', "-")),
        title: title.to_owned(),
        description: format!(
            "{title} in {} scenarios, each beside {}, by month. The differences are in the pictures before this one.",
            others.len(),
            source.scenario.name
        ),
        caption: format!("{title} in each scenario and in {}. {}", source.scenario.name, over(source)),
        numbers,
        sketch: multiples::draw(&picture, &source.calendar()),
    }
}
