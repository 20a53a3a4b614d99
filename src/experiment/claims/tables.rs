//! Writes the tables of claims: `claims.csv`, `claim_tests.csv`, `claim_conditions.csv` and `motives.csv`.

use super::rows::Results;
use crate::model::state::standing::{MOTIVE_NAMES, MOTIVES};
use crate::output::table::{Cell, Column, Kind, Layout, Rows};

const fn column(name: &'static str, kind: Kind, unit: &'static str, definition: &'static str) -> Column {
    Column { name, kind, unit, definition }
}

const fn text(name: &'static str, definition: &'static str) -> Column {
    column(name, Kind::Text, "", definition)
}

const fn share(name: &'static str, definition: &'static str) -> Column {
    column(name, Kind::Real, "share", definition)
}

const fn value(name: &'static str, definition: &'static str) -> Column {
    column(name, Kind::Real, "as in unit", definition)
}

const CLAIM: Column = text("claim", "identifier of the claim in its file");
const TEST: Column = column("test", Kind::Integer, "number", "number of the test in the claim, from 1");
const PART: Column = column(
    "part",
    Kind::Integer,
    "number",
    "number of the component in the test, from 1; the order of phases has one for each pair of phases",
);
const LOST: &str = "1 minus the effect without the mechanisms over that of the base, of the component that loses most: 1 if all is lost, above 1 if the sign turns, negative if the effect grows; empty where it is not defined";

/// The layout of `claims.csv`.
pub fn claims() -> Layout {
    let columns = vec![
        CLAIM,
        column(
            "paragraph",
            Kind::Integer,
            "number",
            "paragraph of the source, from 1; empty if the file gives none",
        ),
        text("type", "causal, comparative, structural or not simulable"),
        text("verdict", "supported, absent, contradicted, undecided, not testable or structural"),
        text(
            "trivial",
            "yes if a null model attains the claim as well, otherwise no; empty unless the claim is comparative and supported and was tried on null models",
        ),
        text("attained_by", "null models that attain the claim, n0 to n5, separated by spaces"),
        text("mechanisms", "mechanisms to which the claim is attributed, separated by spaces"),
        text("verdict_without", "verdict with these mechanisms off; empty if it was not tried"),
        column("lost_share", Kind::Real, "ratio, any sign", LOST),
        text(
            "first_rung",
            "rung of the ladder, M0 to M6, from which on the claim is supported on every rung; empty if there is none",
        ),
        share(
            "jitter_share",
            "share of the draws of shifted levers and turns of policy in which the claim holds",
        ),
        share("prior_share", "share of the draws of judged parameters in which the claim holds"),
        text("by_construction", "why a rule of the model implies the sign; empty if none does"),
        column("tests", Kind::Integer, "tests", "number of tests of the claim"),
        text("join", "all (the worst verdict of the tests counts) or any (the best)"),
        text("statement", "what is claimed"),
        text("reason", "why the claim is not tested, or where the model contains it"),
    ];
    Layout {
        name: "claims",
        row: "one row per claim of a file of hypotheses: its verdict, and what the verdict is worth",
        columns,
    }
}

/// The layout of `claim_tests.csv`.
pub fn claim_tests() -> Layout {
    let columns = vec![
        CLAIM,
        TEST,
        PART,
        text("words", "the component in words; the test, if it cannot be carried out"),
        text("unit", "unit of the estimate"),
        column("n", Kind::Integer, "replicates", "replicates in which the estimate is defined"),
        value("reference", "mean of what the contrast starts from; empty if it is not a difference"),
        value("estimate", "mean over those replicates"),
        value(
            "lo",
            "lower end of the interval at the family-wise level of the verdicts; empty below two replicates",
        ),
        value("hi", "upper end of it"),
        value("bound", "number with which the estimate is compared; 0 for differences"),
        value("margin", "smallest effect that counts"),
        column(
            "p_adjusted",
            Kind::Real,
            "probability",
            "p-value of the verdict after Holm's correction over the tests of the file",
        ),
        text("verdict", "verdict on the component, by the words of claims.csv"),
        column(
            "ratio",
            Kind::Real,
            "ratio, any sign",
            "effect over that of another scenario, for tests that state a share of it",
        ),
        column(
            "ratio_lo",
            Kind::Real,
            "ratio, any sign",
            "lower end of Fieller's interval of the ratio; empty if it is unbounded",
        ),
        column("ratio_hi", Kind::Real, "ratio, any sign", "upper end of it"),
        text("reason", "why the test cannot be carried out"),
    ];
    Layout {
        name: "claim_tests",
        row: "one row per claim, test and component of the test: estimate, interval, margin and verdict",
        columns,
    }
}

/// The layout of `claim_conditions.csv`.
pub fn claim_conditions() -> Layout {
    let columns = vec![
        CLAIM,
        TEST,
        PART,
        text(
            "condition",
            "base, a null model (n0 to n5), without: and the mechanisms that are off, a rung of the ladder (M0 to M6), jitter or prior",
        ),
        text("meaning", "the condition in words"),
        column(
            "n",
            Kind::Integer,
            "replicates",
            "replicates, permutations or draws; months for n3, and policies for n4",
        ),
        value(
            "estimate",
            "estimate of the component, in the unit of claim_tests.csv; the median for permutations and draws",
        ),
        share(
            "holds",
            "share of single replicates of the base, permutations or draws in which the claim as a whole holds; 0 or 1 for other conditions",
        ),
        text("verdict", "verdict on the claim as a whole; empty for a condition that has none"),
        column("lost", Kind::Real, "ratio, any sign", LOST),
    ];
    Layout {
        name: "claim_conditions",
        row: "one row per claim, test, component and condition under which the claim was tried, the base first",
        columns,
    }
}

/// The layout of `motives.csv`.
pub fn motives() -> Layout {
    let columns = vec![
        text("motive", "motive out of which the model made the accusations"),
        text("recovered", "motive that the profile of the target suggests"),
        share(
            "share",
            "share of the accusations out of the motive for which the profile suggests the other one",
        ),
    ];
    Layout {
        name: "motives",
        row: "one row per true and recovered motive of accusations; written if a claim tests their recovery",
        columns,
    }
}

/// The layouts of all tables of claims.
pub fn layouts() -> Vec<Layout> {
    vec![claims(), claim_tests(), claim_conditions(), motives()]
}

/// Name and bytes of each table of claims. `motives.csv` is missing if recovery was not tested.
pub fn files(results: &Results) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        (claims().file(), claims_csv(results)),
        (claim_tests().file(), tests_csv(results)),
        (claim_conditions().file(), conditions_csv(results)),
    ];
    files.extend(results.motives.as_ref().map(|shares| (motives().file(), motives_csv(shares))));
    files
}

fn optional(value: Option<f64>) -> Cell<'static> {
    value.map_or(Cell::Missing, Cell::Real)
}

fn with_header(layout: &Layout, rows: Rows) -> Vec<u8> {
    let mut bytes = layout.header();
    bytes.extend(rows.into_bytes());
    bytes
}

fn claims_csv(results: &Results) -> Vec<u8> {
    let mut rows = Rows::default();
    for row in &results.claims {
        let (nulls, mechanisms) = (row.attained_by.join(" "), row.mechanisms.join(" "));
        let yes_no = |yes: bool| Cell::Text(if yes { "yes" } else { "no" });
        rows.push(&[
            Cell::Text(&row.claim),
            row.paragraph.map_or(Cell::Missing, |paragraph| Cell::Integer(paragraph.into())),
            Cell::Text(&row.kind),
            Cell::Text(row.verdict.word()),
            row.trivial.map_or(Cell::Missing, yes_no),
            Cell::Text(&nulls),
            Cell::Text(&mechanisms),
            row.without.map_or(Cell::Missing, |verdict| Cell::Text(verdict.word())),
            optional(row.lost),
            row.first_rung.as_ref().map_or(Cell::Missing, |rung| Cell::Text(rung)),
            optional(row.jitter),
            optional(row.prior),
            Cell::Text(&row.by_construction),
            Cell::Integer(row.tests),
            Cell::Text(&row.join),
            Cell::Text(&row.statement),
            Cell::Text(&row.reason),
        ]);
    }
    with_header(&claims(), rows)
}

fn tests_csv(results: &Results) -> Vec<u8> {
    let mut rows = Rows::default();
    for row in &results.tests {
        let mut cells = vec![
            Cell::Text(&row.claim),
            Cell::Integer(row.test),
            Cell::Integer(row.part),
            Cell::Text(&row.words),
            Cell::Text(&row.unit),
            Cell::Integer(row.n),
        ];
        let [low, high] = row.interval;
        let numbers = [row.reference, row.estimate, low, high, row.bound, row.margin, row.adjusted];
        cells.extend(numbers.map(optional));
        cells.push(Cell::Text(row.verdict.word()));
        cells.extend(row.ratio.map(optional));
        cells.push(Cell::Text(&row.reason));
        rows.push(&cells);
    }
    with_header(&claim_tests(), rows)
}

fn conditions_csv(results: &Results) -> Vec<u8> {
    let mut rows = Rows::default();
    for row in &results.conditions {
        rows.push(&[
            Cell::Text(&row.claim),
            Cell::Integer(row.test),
            Cell::Integer(row.part),
            Cell::Text(&row.condition),
            Cell::Text(&row.meaning),
            Cell::Integer(row.n),
            optional(row.estimate),
            optional(row.holds),
            row.verdict.map_or(Cell::Missing, |verdict| Cell::Text(verdict.word())),
            optional(row.lost),
        ]);
    }
    with_header(&claim_conditions(), rows)
}

fn motives_csv(shares: &[[f64; MOTIVES]; MOTIVES]) -> Vec<u8> {
    let mut rows = Rows::default();
    for (motive, shares) in MOTIVE_NAMES.iter().zip(shares) {
        for (recovered, share) in MOTIVE_NAMES.iter().zip(shares) {
            rows.push(&[Cell::Text(motive), Cell::Text(recovered), optional(Some(*share))]);
        }
    }
    with_header(&motives(), rows)
}

#[cfg(test)]
mod tests;
