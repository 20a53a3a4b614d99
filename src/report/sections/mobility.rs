//! From origins to ranks.

use super::accusations::picture as matrix_picture;
use super::{Group, Section, over, words};
use crate::model::person::{ORIGIN_NAMES, RANK_NAMES};
use crate::report::draw::matrix::Matrix;
use crate::report::figures::mobility::{Mobility, People};
use crate::report::picture::Picture;
use crate::report::source::{ReportError, Source};

const ID: &str = "mobility";
const TITLE: &str = "From origins to ranks";

/// The section.
///
/// # Errors
///
/// If the table cannot be read.
pub(super) fn section(source: &Source) -> Result<Section, ReportError> {
    if !source.has("mobility") {
        return Ok(Section::without(ID, TITLE, source, "mobility"));
    }
    let mobility = Mobility::read(&source.folder, source.scenario.called())?;
    let last = mobility.months.len().saturating_sub(1);
    let before_terror = mobility.months.iter().position(|month| month == "1936-12");
    let mut shown: Vec<usize> = [Some(0), before_terror, Some(last)].into_iter().flatten().collect();
    shown.dedup();
    let mut pictures = Vec::new();
    for &at in &shown {
        pictures.push(outflow(source, &mobility.months[at], &mobility.people[at]));
    }
    for at in [0, last] {
        pictures.push(inflow(source, &mobility.months[at], &mobility.people[at]));
    }
    let group = Group { title: String::new(), pictures, tables: Vec::new() };
    let text = "People present at the end of a month, by origin and rank, all replicates together; the end of 1927 is the society as it begins. By rows: what became of people of an origin. By columns: whom a rank is made of.";
    Ok(Section { id: ID, title: TITLE.into(), text: vec![text.into()], groups: vec![group] })
}

fn origins() -> Vec<String> {
    let name = |origin: &str| match origin {
        "employee" => "white-collar".to_owned(),
        "former" => "former people".to_owned(),
        origin => words(origin),
    };
    ORIGIN_NAMES.into_iter().map(name).collect()
}

fn matrix(title: &str, unit: &str, cells: Vec<Vec<Option<f64>>>) -> Matrix {
    Matrix {
        title: title.into(),
        unit: unit.into(),
        rows_are: "origin",
        columns_are: "rank",
        rows: origins(),
        columns: RANK_NAMES.map(words).to_vec(),
        cells,
        most: 100.0,
    }
}

fn outflow(source: &Source, month: &str, people: &People) -> Picture {
    let row = |ranks: &[f64; RANK_NAMES.len()]| {
        let all: f64 = ranks.iter().sum();
        ranks.iter().map(|people| (all > 0.0).then(|| 100.0 * people / all)).collect()
    };
    let title = format!("What became of each origin, {month}");
    let matrix = matrix(&title, "% of the people of an origin", people.iter().map(row).collect());
    let caption = format!("Each row adds up to 100. {}", over(source));
    matrix_picture(
        format!("ranks-of-origins-{month}"),
        title,
        &matrix,
        ["origin", "rank", "percent"],
        caption,
    )
}

fn inflow(source: &Source, month: &str, people: &People) -> Picture {
    let all = |rank: usize| people.iter().map(|ranks| ranks[rank]).sum::<f64>();
    let cell = |ranks: &[f64; RANK_NAMES.len()], rank: usize| {
        (all(rank) > 0.0).then(|| 100.0 * ranks[rank] / all(rank))
    };
    let cells =
        people.iter().map(|ranks| (0..RANK_NAMES.len()).map(|rank| cell(ranks, rank)).collect()).collect();
    let title = format!("Whom each rank is made of, {month}");
    let matrix = matrix(&title, "% of the people of a rank", cells);
    let caption = format!("Each column adds up to 100. {}", over(source));
    matrix_picture(
        format!("origins-of-ranks-{month}"),
        title,
        &matrix,
        ["origin", "rank", "percent"],
        caption,
    )
}
