//! Builds the sections of a test of claims: the summary, a map of verdicts, the claims, and the recovery of motives.
//!
//! Texts of the file of hypotheses go through [`one_line`], so that they cannot change the direction of the text around them.

use super::accusations::picture as matrix_picture;
use super::{Group, Section, Table, run};
use crate::experiment::claims::cells::{estimate, need, share, words};
use crate::experiment::claims::evidence::Verdict;
use crate::experiment::claims::rows::{ClaimRow, ConditionRow, Results, TestRow};
use crate::experiment::claims::stored;
use crate::experiment::claims::summary::{counts, motives, nulls, one_line, paragraphs};
use crate::experiment::rounding::rounded;
use crate::model::state::standing::MOTIVE_NAMES;
use crate::report::draw::Label;
use crate::report::draw::board::{Board, Columns, Tile, draw};
use crate::report::draw::matrix::Matrix;
use crate::report::format::{UNDEFINED, csv, grouped, short, with_minus};
use crate::report::palette::Colour;
use crate::report::picture::{Numbers, Picture};
use crate::report::source::{ReportError, Source};

/// Maximum number of claims in a picture.
const MOST_ROWS: usize = 60;

/// The sign of a condition under which a claim was not tried.
const UNTRIED: &str = "·";

/// A group of conditions in the map.
struct Conditions {
    /// Name of the group; empty for none.
    name: &'static str,
    /// Words of the conditions, which name their columns but for [`WITHOUT`].
    words: &'static [&'static str],
    /// Width of a column relative to others.
    weight: f64,
}

const GROUPS: [Conditions; 5] = [
    Conditions { name: "", words: &["base"], weight: 1.35 },
    Conditions { name: "null models", words: &["n0", "n1", "n2", "n3", "n4", "n5"], weight: 1.0 },
    Conditions { name: "", words: &[WITHOUT], weight: 1.35 },
    Conditions { name: "ladder", words: &["M0", "M1", "M2", "M3", "M4", "M5", "M6"], weight: 1.0 },
    Conditions { name: "draws", words: &["jitter", "prior"], weight: 1.35 },
];

/// The word of the column for the claimed mechanisms; claims differ in them.
const WITHOUT: &str = "without";

/// Builds the sections of a folder of claims.
///
/// # Errors
///
/// If a table cannot be read.
pub(super) fn sections(source: &Source) -> Result<Vec<Section>, ReportError> {
    let Some(heading) = source.claims.clone() else { return Ok(Vec::new()) };
    let results = stored::read(&source.folder, heading)?;
    let mut sections = of_results(&results);
    sections.push(run::section(source));
    Ok(sections)
}

/// Builds the sections that follow from the tables of claims.
fn of_results(results: &Results) -> Vec<Section> {
    let mut sections = vec![summary(results), map(results), claims(results)];
    sections.extend(recovery(results));
    sections
}

/// The sentence that says what was run.
fn over(results: &Results) -> String {
    let heading = &results.heading;
    format!(
        "{} replicates of the base, {}, {} of null models, mechanisms and rungs; {} people in January 1928, seed {}.",
        heading.replicates,
        one_line(&heading.base),
        heading.null_replicates,
        grouped(heading.people),
        heading.seed
    )
}

fn summary(results: &Results) -> Section {
    let text = paragraphs(results).into_iter().map(|paragraph| {
        let points = paragraph.points.iter().map(|point| format!(" {point}")).collect::<String>();
        one_line(&format!("{}. {}{points}", paragraph.title, paragraph.text))
    });
    Section { id: "summary", title: "Summary".into(), text: text.collect(), groups: Vec::new() }
}

/// The tile of a verdict.
fn verdict_tile(verdict: Verdict) -> Tile {
    let (sign, colour) = match verdict {
        Verdict::Supported => ("+", Colour::Blue),
        Verdict::Absent => ("0", Colour::Ochre),
        Verdict::Contradicted => ("−", Colour::Vermilion),
        Verdict::Undecided => ("?", Colour::Shade),
        Verdict::NotTestable => ("×", Colour::Paper),
        Verdict::Structural => ("=", Colour::Paper),
    };
    Tile { sign: sign.into(), colour }
}

/// The tile of a verdict or, without one, of the share of draws in which the claim holds.
fn tile(verdict: Option<Verdict>, holds: Option<f64>) -> Tile {
    match (verdict, holds) {
        (Some(verdict), _) => verdict_tile(verdict),
        (None, Some(share)) => Tile { sign: rounded(100.0 * share, 0), colour: Colour::step(share) },
        (None, None) => Tile { sign: UNTRIED.into(), colour: Colour::Paper },
    }
}

/// Verdict and share of a claim under a condition, by the word of its column.
fn tried(results: &Results, row: &ClaimRow, word: &str) -> (Option<Verdict>, Option<f64>) {
    match word {
        "base" => (Some(row.verdict), None),
        WITHOUT => (row.without, None),
        word => {
            let found = |one: &&ConditionRow| one.condition == word;
            let condition = results.conditions_of(&row.claim).find(found);
            condition.map_or((None, None), |one| (one.verdict, one.holds))
        }
    }
}

/// The columns of the map: words and names by group, without those under which no claim was tried.
fn columns(results: &Results) -> Vec<(Columns, Vec<&'static str>)> {
    let used = |word: &str| {
        word == "base" || results.claims.iter().any(|row| tried(results, row, word) != (None, None))
    };
    let name = |word: &&str| if *word == WITHOUT { "off".to_owned() } else { (*word).to_owned() };
    let groups = GROUPS.iter().map(|group| {
        let words: Vec<&'static str> = group.words.iter().copied().filter(|word| used(word)).collect();
        let names = words.iter().map(name).collect();
        (Columns { name: group.name.to_owned(), names, weight: group.weight }, words)
    });
    groups.filter(|(columns, _)| !columns.names.is_empty()).collect()
}

/// The section with the map of verdicts.
fn map(results: &Results) -> Section {
    let parts = results.claims.len().div_ceil(MOST_ROWS).max(1);
    let pictures = results.claims.chunks(MOST_ROWS).enumerate();
    let pictures = pictures.map(|(part, rows)| board(results, rows, (part, parts))).collect();
    let text = [
        "Each row is a claim, each column a condition under which it was tried. A sign is the verdict of the condition; a number is the percentage of draws in which the claim holds.",
        "In the row of a sound claim the base is supported, the null models are not, and it falls where the claimed mechanism is off. A null model that supports a comparative claim makes it trivial. The ladder adds the mechanisms of the model step by step; M6 is the whole model.",
    ];
    Section {
        id: "verdicts",
        title: "Verdicts by condition".into(),
        text: text.map(str::to_owned).into_iter().chain(nulls(results).map(|text| one_line(&text))).collect(),
        groups: vec![Group { title: String::new(), pictures, tables: Vec::new() }],
    }
}

fn board(results: &Results, rows: &[ClaimRow], (part, parts): (usize, usize)) -> Picture {
    let columns = columns(results);
    let words: Vec<&str> = columns.iter().flat_map(|(_, words)| words.iter().copied()).collect();
    let mut numbers = Numbers::new(["claim", "condition", "verdict", "holds"]);
    let mut cells = Vec::new();
    for row in rows {
        let tried: Vec<_> = words.iter().map(|word| tried(results, row, word)).collect();
        for (word, (verdict, holds)) in words.iter().zip(&tried) {
            let verdict = verdict.map_or_else(String::new, |verdict| verdict.word().to_owned());
            numbers.push(vec![row.claim.clone(), (*word).to_owned(), verdict, csv(*holds)]);
        }
        cells.push(tried.into_iter().map(|(verdict, holds)| tile(verdict, holds)).collect());
    }
    let title = match parts {
        1 => "Verdicts by condition".to_owned(),
        _ => format!("Verdicts by condition, {} of {parts}", part + 1),
    };
    let mut legend: Vec<(Tile, String)> =
        Verdict::ALL.map(|verdict| (verdict_tile(verdict), verdict.word().to_owned())).to_vec();
    legend.push((tile(None, Some(0.95)), "holds in % of draws".to_owned()));
    legend.push((tile(None, None), "not tried".to_owned()));
    let board = Board {
        title: title.clone(),
        unit: "verdict, or percentage of draws in which the claim holds".into(),
        legend,
        groups: columns.into_iter().map(|(columns, _)| columns).collect(),
        rows: rows.iter().map(|row| row.claim.clone()).collect(),
        cells,
    };
    Picture {
        id: if parts == 1 { "verdicts-map".to_owned() } else { format!("verdicts-map-{}", part + 1) },
        title,
        description: described(results, rows, &words),
        caption: format!(
            "Claims of the file by condition: n0 to n5 null models, off without the claimed mechanism, M0 to M6 rungs of the ladder, jitter and prior draws. {}",
            over(results)
        ),
        numbers,
        drawing: draw(&board),
    }
}

/// The cells in words: for each condition, the claims by verdict and the range of the shares.
fn described(results: &Results, rows: &[ClaimRow], words: &[&str]) -> String {
    let condition = |word: &&str| {
        let tried: Vec<_> = rows.iter().map(|row| (row, tried(results, row, word))).collect();
        let mut parts = Vec::new();
        for verdict in Verdict::ALL {
            let of = tried.iter().filter(|(_, (found, _))| *found == Some(verdict));
            let claims: Vec<&str> = of.map(|(row, _)| row.claim.as_str()).collect();
            if !claims.is_empty() {
                parts.push(format!("{} {}", verdict.word(), claims.join(", ")));
            }
        }
        for (row, (verdict, holds)) in &tried {
            if let (None, Some(share)) = (verdict, holds) {
                parts.push(format!("{} {} %", row.claim, rounded(100.0 * share, 0)));
            }
        }
        let parts = if parts.is_empty() { "not tried".to_owned() } else { parts.join("; ") };
        format!("{word}: {parts}.")
    };
    let conditions: Vec<String> = words.iter().map(condition).collect();
    format!("Of all claims: {}. {}", counts(results), conditions.join(" "))
}

/// The section with the tables of claims and tests.
fn claims(results: &Results) -> Section {
    let header = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let claims = Table {
        caption: "All claims".into(),
        header: header(&[
            "claim",
            "statement",
            "type",
            "verdict",
            "trivial",
            "nulls that attain it",
            "need",
            "first rung",
            "jitter",
            "prior",
            "by construction",
        ]),
        rows: results.claims.iter().map(claim_cells).collect(),
    };
    let tests = Table {
        caption: "All tests".into(),
        header: header(&["claim", "test", "estimate", "interval", "margin", "verdict"]),
        rows: results.tests.iter().map(test_cells).collect(),
    };
    Section {
        id: "claims",
        title: "Claims and tests".into(),
        text: vec!["Need is the verdict with the claimed mechanism off, and the share of the effect that is then lost. Jitter and prior are the shares of draws in which the claim holds. A claim is true by construction if a rule of the model implies its sign. Intervals hold for all tests together.".into()],
        groups: vec![Group { title: String::new(), pictures: Vec::new(), tables: vec![claims, tests] }],
    }
}

fn dash(text: String) -> String {
    if text.is_empty() || text == "-" { UNDEFINED.to_owned() } else { text }
}

fn claim_cells(row: &ClaimRow) -> Vec<String> {
    let trivial = row.trivial.map_or("", |trivial| if trivial { "yes" } else { "no" });
    let reason = if row.reason.is_empty() { String::new() } else { format!(": {}", row.reason) };
    let cells = [
        row.claim.clone(),
        row.statement.clone(),
        row.kind.clone(),
        format!("{}{reason}", row.verdict.word()),
        trivial.to_owned(),
        row.attained_by.join(" "),
        need(row),
        row.first_rung.clone().unwrap_or_default(),
        share(row.jitter),
        share(row.prior),
        row.by_construction.clone(),
    ];
    cells.into_iter().map(|cell| dash(one_line(&cell))).collect()
}

fn test_cells(row: &TestRow) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| with_minus(&short(value)));
    let unit = if row.unit.is_empty() || row.unit == "share" { "" } else { &row.unit };
    let (found, interval) = estimate(row);
    let cells = [
        row.claim.clone(),
        words(row),
        with_minus(format!("{found} {unit}").trim()),
        with_minus(&interval),
        number(row.margin),
        row.verdict.word().to_owned(),
    ];
    cells.into_iter().map(|cell| dash(one_line(&cell))).collect()
}

/// The section on the recovery of motives, if it was tested.
fn recovery(results: &Results) -> Option<Section> {
    let shares = results.motives.as_ref()?;
    let text = motives(results)?;
    let percent = |row: &[f64; MOTIVE_NAMES.len()]| row.iter().map(|share| Some(100.0 * share)).collect();
    let title = "Motives and their recovery".to_owned();
    let matrix = Matrix {
        title: title.clone(),
        unit: "% of the accusations out of a motive".into(),
        rows_are: "motive",
        columns_are: "suggested",
        rows: MOTIVE_NAMES.map(Label::plain).to_vec(),
        columns: MOTIVE_NAMES.map(str::to_owned).to_vec(),
        cells: shares.iter().map(percent).collect(),
        most: 100.0,
    };
    let caption = format!(
        "Rows are the motives of the model, columns those that the profile of the target suggests. {}",
        over(results)
    );
    let picture = matrix_picture(
        "motives-recovered".into(),
        title,
        &matrix,
        ["motive", "suggested", "percent"],
        caption,
    );
    Some(Section {
        id: "motives",
        title: "Motives".into(),
        text: vec![text],
        groups: vec![Group { title: String::new(), pictures: vec![picture], tables: Vec::new() }],
    })
}

#[cfg(test)]
mod tests;
