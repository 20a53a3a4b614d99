//! Builds the section on mobility from origins to ranks.

use super::accusations::picture as matrix_picture;
use super::{Group, Section, origin, over, words};
use crate::model::state::standing::ORIGIN_NAMES;
use crate::model::state::standing::RANK_NAMES;
use crate::report::draw::Label;
use crate::report::draw::matrix::Matrix;
use crate::report::figures::mobility::{Mobility, People};
use crate::report::picture::Picture;
use crate::report::source::{ReportError, Source};

const ID: &str = "mobility";
const TITLE: &str = "From origins to ranks";

/// Builds the section.
///
/// # Errors
///
/// If the table cannot be read.
pub(super) fn section(source: &Source) -> Result<Section, ReportError> {
    if !source.has("mobility") {
        return Ok(Section::without(ID, TITLE, "mobility"));
    }
    let mobility = Mobility::read(&source.folder, source.name())?;
    let Some(last) = mobility.months.len().checked_sub(1) else {
        let text = vec!["mobility.csv has no rows.".to_owned()];
        return Ok(Section { id: ID, title: TITLE.into(), text, groups: Vec::new() });
    };
    let before_terror = mobility.months.iter().position(|month| month == "1936-12");
    let mut shown: Vec<usize> = [Some(0), before_terror, Some(last)].into_iter().flatten().collect();
    shown.dedup();
    let mut pictures = Vec::new();
    for &at in &shown {
        pictures.push(outflow(source, &mobility.months[at], &mobility.people[at]));
    }
    shown.retain(|&at| at == 0 || at == last);
    for &at in &shown {
        pictures.push(inflow(source, &mobility.months[at], &mobility.people[at]));
    }
    let group = Group { title: String::new(), pictures, tables: Vec::new() };
    let text = "The people present at the end of a month, by origin and rank, over all replicates; the end of 1927 is the initial society. The first matrices show the ranks of each origin, the others the social origin of each rank. Workers at school are left out.";
    Ok(Section { id: ID, title: TITLE.into(), text: vec![text.into()], groups: vec![group] })
}

/// A month as part of an identifier. Anything but digits and `-` is dropped.
fn month_id(month: &str) -> String {
    month.chars().filter(|letter| letter.is_ascii_digit() || *letter == '-').collect()
}

fn matrix(title: &str, unit: &str, cells: Vec<Vec<Option<f64>>>) -> Matrix {
    Matrix {
        title: title.into(),
        unit: unit.into(),
        rows_are: "origin",
        columns_are: "rank",
        rows: ORIGIN_NAMES.map(|name| Label::plain(origin(name))).to_vec(),
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
    let title = format!("Ranks of each origin, {month}");
    let matrix = matrix(&title, "% of the people of an origin", people.iter().map(row).collect());
    let caption = format!("Each row adds up to 100. {}", over(source));
    matrix_picture(
        format!("ranks-of-origins-{}", month_id(month)),
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
    let title = format!("Social origin of each rank, {month}");
    let matrix = matrix(&title, "% of the people of a rank", cells);
    let caption = format!("Each column adds up to 100. {}", over(source));
    matrix_picture(
        format!("origins-of-ranks-{}", month_id(month)),
        title,
        &matrix,
        ["origin", "rank", "percent"],
        caption,
    )
}
