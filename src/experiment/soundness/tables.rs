//! Writes the answers as tables: `soundness.csv`, `soundness_patterns.csv` and `soundness_policies.csv`.

use super::answers::Answers;
use super::cases::POLICY_LEVERS;
use super::constants::compared;
use crate::output::table::{Cell, Column, Kind, Layout, Rows};

const fn column(name: &'static str, kind: Kind, unit: &'static str, definition: &'static str) -> Column {
    Column { name, kind, unit, definition }
}

const fn text(name: &'static str, definition: &'static str) -> Column {
    column(name, Kind::Text, "", definition)
}

/// The layout of `soundness.csv`.
pub fn figures() -> Layout {
    Layout {
        name: "soundness",
        row: "one row per question, subject, measure and period",
        columns: vec![
            text("question", "what is asked, as docs/soundness.md explains it"),
            text("of", "subject: a lever, a policy, a rank, a weight"),
            text("metric", "measure: a column of phases.csv, or what is counted"),
            text("period", "phase, whole period or years"),
            text("unit", "unit of the estimate"),
            column("n", Kind::Integer, "number", "replicates, policies or pairs behind the estimate"),
            column("estimate", Kind::Real, "as in unit", "the figure; empty if it is not defined"),
            column(
                "lo",
                Kind::Real,
                "as in unit",
                "lower end of Student's 95 % interval; empty where there is none",
            ),
            column("hi", Kind::Real, "as in unit", "upper end of it"),
        ],
    }
}

/// The layout of `soundness_patterns.csv`.
pub fn patterns() -> Layout {
    let share = |name, definition| column(name, Kind::Real, "share", definition);
    let correlation = |name, definition| column(name, Kind::Real, "correlation", definition);
    Layout {
        name: "soundness_patterns",
        row: "one row per pattern that was held out of the fit (section 1.2 of docs/model.md)",
        columns: vec![
            text("pattern", "number of the pattern, with a letter for each part that can fail apart"),
            text("statement", "the pattern in words"),
            text("input", "why the pattern is an input of the model or nearly so; empty for evidence"),
            share("base_share", "share of the replicates of the base in which it holds"),
            column("draws", Kind::Integer, "draws", "draws of judged parameters in which it can be told"),
            share("prior_share", "share of these draws in which it holds"),
            text(
                "first_parameter",
                "parameter with the largest rank correlation with the part that is nearest to failing",
            ),
            correlation("first_correlation", "that correlation"),
            text("second_parameter", "parameter with the second largest"),
            correlation("second_correlation", "that correlation"),
            text("third_parameter", "parameter with the third largest"),
            correlation("third_correlation", "that correlation"),
            correlation(
                "by_chance",
                "absolute correlation that the largest of all parameters exceeds by chance once in twenty times",
            ),
        ],
    }
}

/// The layout of `soundness_policies.csv`.
pub fn policies() -> Layout {
    let level = |name: &'static str| {
        column(name, Kind::Real, "0 to 1", "level of the lever in every month; empty for the moderate policy")
    };
    let mut columns = vec![column(
        "policy",
        Kind::Integer,
        "number",
        "number of the constant policy; 0 for the moderate policy",
    )];
    columns.extend(POLICY_LEVERS.map(level));
    columns.extend([
        text("metric", "measure by which policies are compared"),
        text("period", "phase, or whole period"),
        column(
            "better",
            Kind::Real,
            "smallest differences that count",
            "difference from the base, positive if a government would prefer it, over the smallest difference that counts; empty if it is not defined",
        ),
    ]);
    Layout { name: "soundness_policies", row: "one row per constant policy, measure and period", columns }
}

/// The layouts of all tables of answers.
pub fn layouts() -> Vec<Layout> {
    vec![figures(), patterns(), policies()]
}

fn real<'c>(value: Option<f64>) -> Cell<'c> {
    value.map_or(Cell::Missing, Cell::Real)
}

/// The files of all tables, with their bytes.
pub(super) fn files(answers: &Answers) -> Vec<(String, Vec<u8>)> {
    let with_header = |layout: &Layout, rows: Rows| {
        let mut bytes = layout.header();
        bytes.extend(rows.into_bytes());
        (layout.file(), bytes)
    };
    vec![
        with_header(&figures(), figure_rows(answers)),
        with_header(&patterns(), pattern_rows(answers)),
        with_header(&policies(), policy_rows(answers)),
    ]
}

fn figure_rows(answers: &Answers) -> Rows {
    let mut rows = Rows::default();
    for figure in &answers.figures {
        let words = [figure.question.word(), &figure.of, &figure.metric, &figure.period, &figure.unit];
        let mut cells: Vec<Cell<'_>> = words.map(Cell::Text).into();
        cells.extend([Cell::Integer(figure.n), real(figure.estimate)]);
        cells.extend([real(figure.interval.map(|ends| ends.0)), real(figure.interval.map(|ends| ends.1))]);
        rows.push(&cells);
    }
    rows
}

fn pattern_rows(answers: &Answers) -> Rows {
    let mut rows = Rows::default();
    for pattern in &answers.patterns {
        let mut cells: Vec<Cell<'_>> =
            [&pattern.id, &pattern.statement, &pattern.input].map(|text| Cell::Text(text)).into();
        cells.extend([real(pattern.base), Cell::Integer(pattern.draws), real(pattern.prior)]);
        for place in 0..3 {
            let moved = pattern.moved_by.get(place);
            cells.push(Cell::Text(moved.map_or("", |(parameter, _)| parameter)));
            cells.push(real(moved.map(|(_, correlation)| *correlation)));
        }
        cells.push(Cell::Real(pattern.chance));
        rows.push(&cells);
    }
    rows
}

fn policy_rows(answers: &Answers) -> Rows {
    let mut rows = Rows::default();
    for policy in &answers.policies {
        for ((main, ..), by_period) in compared().zip(&policy.better) {
            for (period, better) in answers.periods.iter().zip(by_period) {
                let mut cells = vec![Cell::Integer(u64::from(policy.number))];
                cells.extend(
                    (0..POLICY_LEVERS.len()).map(|lever| real(policy.levels.map(|levels| levels[lever]))),
                );
                cells.extend([Cell::Text(main.key), Cell::Text(period), real(*better)]);
                rows.push(&cells);
            }
        }
    }
    rows
}
