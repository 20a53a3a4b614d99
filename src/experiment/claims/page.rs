//! Writes the page of claims as Markdown: a summary for readers without statistics, a table of all claims, and a section for
//! each.
//!
//! All statements about results are generated from the figures. Texts of the file of hypotheses are escaped.

use super::cells::{estimate, in_percent, need, share, words};
use super::consequences::consequences;
use super::evidence::Verdict;
use super::rows::{ClaimRow, ConditionRow, Results, TestRow};
use super::summary::{motives, nulls, one_line, paragraphs};
use crate::experiment::compare::findings::escaped;
use crate::experiment::rounding::{grouped, percent, rounded, short};
use crate::model::state::standing::{MOTIVE_NAMES, MOTIVES};
use std::fmt::Write;

/// Returns the page. `command` is the command that made it.
pub fn page(results: &Results, command: &str) -> String {
    let mut page = head(results, command);
    summary(&mut page, results);
    overview(&mut page, results);
    confusion(&mut page, results);
    for row in &results.claims {
        section(&mut page, results, row);
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

/// Escapes a text of a file so that Markdown shows it literally, on one line, and makes no link of it.
fn md(text: &str) -> String {
    let text = escaped(&one_line(text)).replace("://", ":\\//").replace("www.", "www\\.");
    text.replace('@', "\\@").replace('$', "\\$")
}

fn head(results: &Results, command: &str) -> String {
    let heading = &results.heading;
    let mut text = format!(
        "# Claims: {title}\n\nMade by one command; do not edit:\n\n```sh\n{command}\n```\n\n\
         The claims `{name}` tested on the base `{base}`: {replicates} replicates of the base and of each scenario, {nulls} of null models, mechanisms and \
         rungs of the ladder, on common random numbers; {jitter} draws of shifted levers and turns of policy, {prior} draws of judged parameters; seed {seed}, \
         {people} people in January 1928. Verdicts on the base hold at {level} % for all tests together. SHA-256 of the file:\n\n```text\n{sha}\n```\n\n\
         [hypotheses.md](hypotheses.md) describes the language of the file; `kadry claims` writes the figures to `claims.csv`, `claim_tests.csv` and \
         `claim_conditions.csv`.\n\n",
        title = md(&heading.title),
        command = command.replace("```", ""),
        name = heading.claims.replace('`', ""),
        base = one_line(&heading.base).replace('`', ""),
        replicates = heading.replicates,
        nulls = heading.null_replicates,
        jitter = heading.jitter_draws,
        prior = heading.prior_draws,
        seed = heading.seed,
        people = grouped(heading.people),
        level = percent(100.0 * heading.level),
        sha = heading.file_sha256,
    );
    text.push_str("## Summary\n\n");
    text
}

fn summary(page: &mut String, results: &Results) {
    for paragraph in paragraphs(results) {
        let _ = writeln!(page, "**{}.** {}\n", paragraph.title, md(&paragraph.text));
        for point in &paragraph.points {
            let _ = writeln!(page, "- {}", md(point));
        }
        if !paragraph.points.is_empty() {
            page.push('\n');
        }
    }
}

/// The table of all claims.
fn overview(page: &mut String, results: &Results) {
    page.push_str(
        "## All claims\n\nNulls are the null models that attain the claim as well; a comparative claim with one is trivial. Need is the verdict with the claimed \
         mechanism off and the share that is then lost of the effect that loses most. Rung is the rung of the ladder from which on the claim is supported; the \
         highest rung is the model itself with as few replicates as the others, which may leave a claim undecided. Jitter and prior are the shares of draws in \
         which it holds. Built: a rule implies the sign of at least one test.\n\n",
    );
    if let Some(nulls) = nulls(results) {
        let _ = writeln!(page, "{}\n", md(&nulls));
    }
    page.push_str(
        "| claim | statement | type | verdict | nulls | need | rung | jitter | prior | built |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in &results.claims {
        let mark = if row.trivial == Some(true) { ", trivial" } else { "" };
        let verdict = row.verdict.word();
        let verdict = if row.informative() { format!("**{verdict}**") } else { verdict.to_owned() };
        let nulls = if row.attained_by.is_empty() { "-".to_owned() } else { md(&row.attained_by.join(" ")) };
        let _ = writeln!(
            page,
            "| [{}](#{}) | {} | {} | {verdict}{mark} | {nulls} | {} | {} | {} | {} | {} |",
            md(&row.claim),
            anchor(&row.claim),
            md(&row.statement),
            md(&row.kind),
            need(row),
            row.first_rung.as_deref().map_or_else(|| "-".to_owned(), md),
            share(row.jitter),
            share(row.prior),
            if row.by_construction.is_empty() { "-" } else { "yes" },
        );
    }
    page.push_str(
        "\nA bold verdict is that of a supported claim which is neither trivial nor true by construction.\n\n",
    );
}

/// The anchor that Markdown readers make of the heading of a claim.
fn anchor(claim: &str) -> String {
    let kept = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    claim.to_ascii_lowercase().chars().filter(kept).collect()
}

/// The section on the recovery of motives, if it was tested.
fn confusion(page: &mut String, results: &Results) {
    let Some((shares, text)) = results.motives.as_ref().zip(motives(results)) else { return };
    let _ = writeln!(page, "## Motives\n\n{text}\n\n| motive | {} |", MOTIVE_NAMES.join(" | "));
    let _ = writeln!(page, "|---|{}", "---|".repeat(MOTIVES));
    for (motive, shares) in MOTIVE_NAMES.iter().zip(shares) {
        let shares: Vec<String> = shares.iter().map(|share| rounded(*share, 2)).collect();
        let _ = writeln!(page, "| {motive} | {} |", shares.join(" | "));
    }
    page.push_str("\nRows are the motives of the model, columns those that the profile of the target suggests; a cell is a share of the row.\n\n");
}

fn section(page: &mut String, results: &Results, row: &ClaimRow) {
    let _ = writeln!(page, "## {}\n\nClaim: {}\n", md(&row.claim), md(&row.statement));
    let mut about = vec![md(&row.kind)];
    about.extend(row.paragraph.map(|paragraph| format!("paragraph {paragraph}")));
    if !row.mechanisms.is_empty() {
        about.push(format!("attributed to {}", md(&row.mechanisms.join(", "))));
    }
    if row.tests > 1 {
        let join = if row.join == "any" { "the best verdict" } else { "the worst verdict" };
        about.push(format!("{} tests, of which {join} counts", row.tests));
    }
    let mut verdict = format!("**{}**", row.verdict.word());
    if row.trivial == Some(true) {
        verdict += ", trivial";
    }
    if row.supported() && !row.by_construction.is_empty() {
        verdict += ", true by construction";
    }
    let _ = writeln!(page, "Type: {}. Verdict: {verdict}.\n", about.join("; "));
    let tests: Vec<&TestRow> = results.tests_of(&row.claim).collect();
    if !tests.is_empty() {
        page.push_str("| test | estimate | interval | margin | verdict |\n|---|---|---|---|---|\n");
        tests.iter().for_each(|test| test_line(page, test));
        page.push('\n');
    }
    conditions_table(page, results, row);
    let [follows, not] = consequences(row);
    let _ = writeln!(page, "{} {}\n", md(&follows), md(&not));
}

/// Units that are no name after a number: pure numbers, of which the unit gives the range.
const UNNAMED: [&str; 7] = ["", "share", "0 to 1", "at most 1", "-1 to 1", "ratio", "correlation"];

/// A component of a test as a row of the table.
fn test_line(page: &mut String, test: &TestRow) {
    let (mut found, interval) = estimate(test);
    if !UNNAMED.contains(&test.unit.as_str()) && test.estimate.is_some() {
        let _ = write!(found, " {}", md(&test.unit));
    }
    let bound = test.bound.filter(|bound| *bound != 0.0);
    let bound = bound.map_or_else(String::new, |bound| format!(" around {}", short(bound)));
    let margin = test.margin.map_or_else(|| "-".to_owned(), short);
    let mut words = md(&words(test));
    if let [Some(ratio), low, high] = test.ratio {
        let end = |end: Option<f64>| end.map_or_else(|| "unbounded".to_owned(), short);
        let _ = write!(words, "; ratio {} ({} to {})", short(ratio), end(low), end(high));
    }
    let verdict = test.verdict.word();
    let _ = writeln!(page, "| {words} | {found} | {interval} | {margin}{bound} | {verdict} |");
}

/// The table of the conditions of a claim, the base first, if it was tried under others than the base.
fn conditions_table(page: &mut String, results: &Results, row: &ClaimRow) {
    let mut conditions: Vec<(&ConditionRow, Vec<String>)> = Vec::new();
    for condition in results.conditions_of(&row.claim) {
        let estimate = condition.estimate.map_or_else(|| "-".to_owned(), short);
        match conditions.last_mut().filter(|(last, _)| last.condition == condition.condition) {
            Some((_, estimates)) => estimates.push(estimate),
            None => conditions.push((condition, vec![estimate])),
        }
    }
    if conditions.iter().all(|(condition, _)| condition.condition == "base") {
        return;
    }
    page.push_str(
        "| condition | runs, months or policies | estimates, in the order of the rows above | holds | verdict | lost |\n|---|---|---|---|---|---|\n",
    );
    for (condition, estimates) in conditions {
        let _ = writeln!(
            page,
            "| {}: {} | {} | {} | {} | {} | {} |",
            md(&condition.condition),
            md(&condition.meaning),
            condition.n,
            estimates.join(", "),
            condition.holds.map_or_else(|| "-".to_owned(), in_percent),
            condition.verdict.map_or("-", Verdict::word),
            condition.lost.map_or_else(|| "-".to_owned(), in_percent),
        );
    }
    page.push('\n');
}

#[cfg(test)]
mod tests;
