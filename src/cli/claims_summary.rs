//! Formats the result of a test of claims: counts of the verdicts, and a line for each claim.

use super::table::{Column, tables};
use super::terminal::Terminal;
use crate::experiment::claims::cells::{need, share};
use crate::experiment::claims::evidence::Verdict;
use crate::experiment::claims::rows::{ClaimRow, ConditionRow, Results, TestRow};
use crate::experiment::claims::summary::{counts, informative, mechanisms, one_line};
use crate::experiment::rounding::percent;
use crate::model::state::standing::MOTIVE_NAMES;
use serde_json::{Map, Value, json};

/// The summary for the terminal.
pub(super) fn text(results: &Results, terminal: Terminal) -> String {
    let heading = &results.heading;
    let about = format!(
        "{} on {}, seed {}, {} replicates of the base and of each scenario, {} of null models, mechanisms and rungs; {} and {} draws",
        one_line(&heading.title),
        one_line(&heading.base),
        heading.seed,
        heading.replicates,
        heading.null_replicates,
        heading.jitter_draws,
        heading.prior_draws,
    );
    let mut text = terminal.wrapped(&about, 0);
    let verdicts = format!("{}. {}", counts(results), informative(results));
    text += &format!("\n{}\n", terminal.wrapped(&verdicts, 0));
    text += &table(results, terminal);
    let note = format!(
        "Verdicts hold at {} % for all tests together. Nulls: null models that attain the claim as well; trivial is a comparative claim with one. Need: verdict without the claimed mechanism, and the share of the effect that is lost. Jitter, prior: share of draws in which the claim holds. Built: a rule of the model implies the sign.",
        percent(100.0 * heading.level)
    );
    text += &format!("\n{}", terminal.wrapped(&note, 0));
    let carried = mechanisms(results).join(" ");
    if !carried.is_empty() {
        text += &format!("\n{}", terminal.wrapped(&carried, 0));
    }
    text
}

/// The table of the claims.
fn table(results: &Results, terminal: Terminal) -> String {
    let column = |heading: &str, left: bool, cell: fn(&ClaimRow) -> String| Column {
        heading: heading.to_owned(),
        cells: results.claims.iter().map(|row| one_line(&cell(row))).collect(),
        left,
    };
    let columns = [
        column("verdict", true, verdict),
        column("nulls", true, |row| match row.attained_by.is_empty() {
            true => "-".to_owned(),
            false => row.attained_by.join(" "),
        }),
        column("need", true, need),
        column("jitter", false, |row| share(row.jitter)),
        column("prior", false, |row| share(row.prior)),
    ];
    tables(&column("claim", true, |row| row.claim.clone()), &columns, terminal, "\n")
}

/// The verdict with its marks.
fn verdict(row: &ClaimRow) -> String {
    let mut text = row.verdict.word().to_owned();
    if row.trivial == Some(true) {
        text += ", trivial";
    }
    if row.supported() && !row.by_construction.is_empty() {
        text += ", built";
    }
    text
}

/// The results as JSON: what was tested, counts of verdicts, and each claim with its tests and conditions.
pub(super) fn json(results: &Results) -> Value {
    let counts = Verdict::ALL.map(|verdict| (verdict.word().to_owned(), json!(results.count(verdict))));
    let claims = results.claims.iter().map(|row| {
        let tests = results.tests_of(&row.claim).map(test_json);
        let conditions = results.conditions_of(&row.claim).map(condition_json);
        json!({
            "claim": row.claim,
            "statement": row.statement,
            "paragraph": row.paragraph,
            "type": row.kind,
            "verdict": row.verdict.word(),
            "informative": row.informative(),
            "trivial": row.trivial,
            "attained_by": row.attained_by,
            "mechanisms": row.mechanisms,
            "verdict_without": row.without.map(|verdict| verdict.word()),
            "lost_share": row.lost,
            "carried": row.carried(),
            "first_rung": row.first_rung,
            "jitter_share": row.jitter,
            "prior_share": row.prior,
            "by_construction": filled(&row.by_construction),
            "join": row.join,
            "reason": filled(&row.reason),
            "tests": tests.collect::<Vec<_>>(),
            "conditions": conditions.collect::<Vec<_>>(),
        })
    });
    let motives = results.motives.as_ref().map(|shares| {
        let row = |shares: &[f64; MOTIVE_NAMES.len()]| -> Map<String, Value> {
            MOTIVE_NAMES.iter().zip(shares).map(|(name, share)| ((*name).to_owned(), json!(share))).collect()
        };
        let rows = MOTIVE_NAMES.iter().zip(shares);
        rows.map(|(name, shares)| ((*name).to_owned(), json!(row(shares)))).collect::<Map<_, _>>()
    });
    json!({
        "file": results.heading,
        "verdicts": counts.into_iter().collect::<Map<_, _>>(),
        "claims": claims.collect::<Vec<_>>(),
        "motives": motives,
    })
}

/// A text, or null if it is empty.
fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn test_json(row: &TestRow) -> Value {
    let ([lo, hi], [ratio, ratio_lo, ratio_hi]) = (row.interval, row.ratio);
    json!({
        "test": row.test, "part": row.part, "words": row.words, "unit": row.unit, "n": row.n,
        "reference": row.reference, "estimate": row.estimate, "lo": lo, "hi": hi, "bound": row.bound,
        "margin": row.margin, "p_adjusted": row.adjusted, "verdict": row.verdict.word(), "ratio": ratio,
        "ratio_lo": ratio_lo, "ratio_hi": ratio_hi, "reason": filled(&row.reason),
    })
}

fn condition_json(row: &ConditionRow) -> Value {
    json!({
        "test": row.test, "part": row.part, "condition": row.condition, "meaning": row.meaning, "n": row.n,
        "estimate": row.estimate, "holds": row.holds,
        "verdict": row.verdict.map(|verdict| verdict.word()), "lost": row.lost,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::terminal::display_width;
    use crate::experiment::claims::example::{HOSTILE, evidence};

    #[test]
    fn the_summary_fits_the_width_and_has_a_line_for_each_claim() {
        let results = Results::of(&evidence());
        for width in [40, 80, 120] {
            let text = text(&results, Terminal { width, unicode: false });
            assert!(text.lines().all(|line| display_width(line) <= width), "{width}: {text}");
            assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'), "{text:?}");
        }
        let text = text(&results, Terminal { width: 80, unicode: true });
        assert!(text.contains("\n4 supported, 1 absent, 1 contradicted, 1 undecided"), "{text}");
        let line = |claim: &str| text.lines().find(|line| line.starts_with(claim)).unwrap();
        let cells = |claim: &str| {
            line(claim).split("  ").filter(|cell| !cell.is_empty()).map(str::trim).collect::<Vec<_>>()
        };
        assert_eq!(cells("C01"), ["C01", "supported", "-", "undecided, 80 % lost", "0.95", "0.40"]);
        assert_eq!(cells("C02"), ["C02", "supported, trivial", "n1 n3", "-", "1.00", "-"]);
        assert_eq!(cells("C03"), ["C03", "supported, built", "-", "supported, 10 % lost", "-", "-"]);
        assert_eq!(cells("C07"), ["C07", "not testable", "-", "-", "-", "-"]);
    }

    #[test]
    fn json_has_all_figures_and_the_texts_as_they_are() {
        let value = json(&Results::of(&evidence()));
        assert_eq!(value["file"]["file_sha256"], "ab".repeat(32));
        assert_eq!((&value["file"]["seed"], &value["file"]["level"]), (&json!(1), &json!(0.95)));
        assert_eq!(
            (&value["verdicts"]["supported"], &value["verdicts"]["undecided"]),
            (&json!(4), &json!(1))
        );
        let claims = value["claims"].as_array().unwrap();
        assert_eq!(claims.len(), 10);
        assert_eq!((&claims[0]["carried"], &claims[0]["trivial"]), (&json!(true), &Value::Null));
        assert_eq!(claims[1]["attained_by"], json!(["n1", "n3"]));
        assert_eq!(claims[3]["statement"], HOSTILE);
        assert_eq!(claims[0]["conditions"].as_array().unwrap().len(), 12);
        assert_eq!(claims[5]["tests"][1]["reason"], "needs tables.lives");
        assert_eq!(value["motives"]["principle"]["rivalry"], json!(0.1));
        let informative = claims.iter().filter(|claim| claim["informative"] == json!(true));
        assert_eq!(informative.map(|claim| &claim["claim"]).collect::<Vec<_>>(), ["C01", "C09"]);
    }
}
