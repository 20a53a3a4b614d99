//! Builds the section on who accuses whom.

use super::{Group, Section, over, words};
use crate::model::state::standing::{MOTIVE_NAMES, POSITION_NAMES, TARGET_CLASS_NAMES};
use crate::report::draw::Label;
use crate::report::draw::matrix::{Matrix, draw};
use crate::report::figures::accusations::Accusations;
use crate::report::format::{compact, csv};
use crate::report::picture::{Numbers, Picture};
use crate::report::source::{ReportError, Source, Span};

const ID: &str = "accusations-matrix";
const TITLE: &str = "Who accuses whom";

/// The sentence that explains each motive.
const SENTENCES: [&str; 4] = [
    "Principle: the accused represents what the accuser believes to be wrong.",
    "Temperament: the accuser speaks out about anyone.",
    "Rivalry: the accuser gains if the accused falls.",
    "Fear: the accuser accuses first in order to be safe.",
];

/// Builds the section.
///
/// # Errors
///
/// If the table cannot be read.
pub(super) fn section(source: &Source) -> Result<Section, ReportError> {
    if !source.has("accusations") {
        return Ok(Section::without(ID, TITLE, "accusations"));
    }
    let acts = Accusations::read(&source.folder, source.name(), &source.phase_names())?;
    if acts.total() == 0.0 {
        let text = vec!["There were no accusations.".to_owned()];
        return Ok(Section { id: ID, title: TITLE.into(), text, groups: Vec::new() });
    }
    let most = cells(&acts).into_iter().flatten().flatten().flatten().fold(0.0, f64::max);
    let mut pictures: Vec<Picture> =
        (0..MOTIVE_NAMES.len()).map(|motive| by_motive(source, &acts, motive, most)).collect();
    pictures.push(by_phase(source, &acts));
    Ok(Section {
        id: ID,
        title: TITLE.into(),
        text: vec![
            "There is one matrix for each motive. The cells of all four add up to 100, and equal shades are equal shares. The last matrix shows the classes of the accused in each phase. Shares of motives follow the weights that the model gives to them, and could not be read off from who accuses whom: they are assumptions, not findings.".into(),
        ],
        groups: vec![Group { title: String::new(), pictures, tables: Vec::new() }],
    })
}

/// Percentages of all accusations, by motive, accuser and target.
fn cells(acts: &Accusations) -> Vec<Vec<Vec<Option<f64>>>> {
    let percent = |motive, accuser, target| Some(100.0 * acts.of(motive, accuser, target) / acts.total());
    let row = |motive, accuser| {
        (0..TARGET_CLASS_NAMES.len()).map(|target| percent(motive, accuser, target)).collect()
    };
    (0..MOTIVE_NAMES.len())
        .map(|motive| (0..POSITION_NAMES.len()).map(|accuser| row(motive, accuser)).collect())
        .collect()
}

fn by_motive(source: &Source, acts: &Accusations, motive: usize, most: f64) -> Picture {
    let name = MOTIVE_NAMES[motive];
    let title = format!("Accused out of {name}");
    let matrix = Matrix {
        title: title.clone(),
        unit: "% of all accusations".into(),
        rows_are: "accuser",
        columns_are: "accused",
        rows: POSITION_NAMES.map(|name| Label::plain(words(name))).to_vec(),
        columns: TARGET_CLASS_NAMES.map(words).to_vec(),
        cells: cells(acts).swap_remove(motive),
        most,
    };
    let caption = format!("{} {}", SENTENCES[motive], over(source));
    picture(format!("accused-from-{name}"), title, &matrix, ["accuser", "accused", "percent"], caption)
}

fn by_phase(source: &Source, acts: &Accusations) -> Picture {
    let row = |phase: usize| {
        let against: Vec<f64> =
            (0..TARGET_CLASS_NAMES.len()).map(|target| acts.against(phase, target)).collect();
        let all: f64 = against.iter().sum();
        against.into_iter().map(|acts| (all > 0.0).then(|| 100.0 * acts / all)).collect()
    };
    let title = "The accused, by phase".to_owned();
    let matrix = Matrix {
        title: title.clone(),
        unit: "% of the accusations of the phase".into(),
        rows_are: "phase",
        columns_are: "accused",
        rows: source.phases.iter().map(Span::label).collect(),
        columns: TARGET_CLASS_NAMES.map(words).to_vec(),
        cells: (0..acts.phases.len()).map(row).collect(),
        most: 100.0,
    };
    let caption =
        format!("Each row adds up to 100. Officials are party and union officials. {}", over(source));
    picture("accused-by-phase".into(), title, &matrix, ["phase", "accused", "percent"], caption)
}

/// Creates the picture of a matrix, with its numbers and description.
pub(super) fn picture(
    id: String,
    title: String,
    matrix: &Matrix,
    header: [&str; 3],
    caption: String,
) -> Picture {
    let mut numbers = Numbers::new(header);
    let mut described = Vec::new();
    for (Label { name: row, note }, cells) in matrix.rows.iter().zip(&matrix.cells) {
        for (column, cell) in matrix.columns.iter().zip(cells) {
            numbers.push(vec![row.clone(), column.clone(), csv(*cell)]);
        }
        let cells = matrix
            .columns
            .iter()
            .zip(cells)
            .filter_map(|(column, cell)| Some(format!("{column} {}", compact((*cell)?))));
        let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
        described.push(format!("{row}{note}: {}.", cells.collect::<Vec<_>>().join(", ")));
    }
    let description =
        format!("{}, {} by {}. {}", matrix.unit, matrix.rows_are, matrix.columns_are, described.join(" "));
    Picture { id, title, description, caption, numbers, drawing: draw(matrix) }
}
