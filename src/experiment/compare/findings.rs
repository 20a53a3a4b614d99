//! The page of findings: hypothesis by hypothesis, what was expected and what the model does.
//!
//! Owns the page's words, all of them made from figures. What a prediction's verdict is, [`super::verdict`] decides.

use super::carry_out::Report;
use super::question::Estimate;
use super::statistics::Correction;
use super::verdict::{Judgement, Verdict, judge, overall};
use crate::engine::calendar::Month;
use crate::experiment::quantiles::Quantiles;
use crate::experiment::rounding;
use crate::experiment::summary::HEADLINE;
use crate::model::measures::PHASE_MEASURES;
use crate::scenario::{Prediction, Scenario};
use std::fmt::Write;

/// Makes the page. `command` is what makes it anew.
pub fn page(scenarios: &[Scenario], report: &Report, until: Month, command: &str) -> String {
    let predictions: Vec<Vec<Prediction>> =
        scenarios.iter().map(|scenario| scenario.predictions.clone()).collect();
    let alpha = 1.0 - report.question.level;
    let judged = judge(&report.samples, &report.names, &predictions, alpha);
    let mut page = head(scenarios, report, until, command);
    page.push_str(&overview(scenarios, report, &judged));
    for (position, scenario) in scenarios.iter().enumerate().skip(1) {
        let own: Vec<&Judgement> = judged.iter().filter(|one| one.scenario == position).collect();
        section(&mut page, scenario, position, report, &own);
    }
    page
}

fn head(scenarios: &[Scenario], report: &Report, until: Month, command: &str) -> String {
    let baseline = &scenarios[0];
    let percent = |level: f64| percent(100.0 * level);
    let (level, n) = (report.question.level, report.finished());
    let correction = match report.question.correction {
        Correction::Holm => "after Holm's correction over all tests of the comparison",
        Correction::None => "without correction for their number",
    };
    format!(
        "# Findings\n\n\
         Made by one command; do not edit:\n\n```sh\n{command}\n```\n\n\
         {others} scenarios beside `{name}`, {n} replicates each on common random numbers, seed {seed}, {people} people, {from} to {until}. What each \
         statistic is and is not: [comparing.md](comparing.md).\n\n\
         Differences are paired: scenario less baseline in the same replicate, mean ± half the width of the {level} % interval, and in brackets the \
         share of the baseline's mean. Those that are significant at {alpha} % {correction} are in bold. Predictions come from the scenario files, where they \
         restate the hypothesis as far as figures can decide it; they were written before this page was made. A prediction *holds* or *fails* where \
         one-sided t tests say so at {alpha} % after Holm's correction over all {predictions} predictions, and is *open* otherwise. With many replicates small \
         differences are significant too: look at the size. Intervals are about chance between replicates, not about whether the model is right.\n\n",
        others = scenarios.len() - 1,
        name = baseline.name,
        seed = report.names.seed,
        people = baseline.population.size,
        from = Month::FIRST,
        level = percent(level),
        alpha = percent(1.0 - level),
        predictions = scenarios.iter().skip(1).map(|scenario| scenario.predictions.len()).sum::<usize>(),
    )
}

/// The table over all scenarios: signs of the main metrics over the whole period, and how the predictions fared.
fn overview(scenarios: &[Scenario], report: &Report, judged: &[Judgement]) -> String {
    let mut text = String::from(
        "## Overview\n\nThe whole period: by how many percent of the baseline each main metric moves; `·` where no difference is significant.\n\n| scenario |",
    );
    let headline = headline();
    for (_, over) in &headline {
        let _ = write!(text, " {over} |");
    }
    text.push_str(" predictions |\n|---|");
    text.push_str(&"---|".repeat(headline.len() + 1));
    text.push('\n');
    let whole = report.names.phases.len();
    for (position, scenario) in scenarios.iter().enumerate().skip(1) {
        let _ = write!(text, "| [`{0}`](#{0}) |", scenario.name);
        for (metric, _) in &headline {
            let cell = row(report, position, *metric, whole).map_or_else(
                || "-".into(),
                |row| match row.relative() {
                    Some(share) if significant(row, report) => format!("{} %", signed(100.0 * share)),
                    _ => "·".into(),
                },
            );
            let _ = write!(text, " {cell} |");
        }
        let own: Vec<&Judgement> = judged.iter().filter(|one| one.scenario == position).collect();
        let _ = writeln!(text, " {} |", tally(&own));
    }
    text.push('\n');
    text
}

fn section(page: &mut String, scenario: &Scenario, position: usize, report: &Report, own: &[&Judgement]) {
    let _ = writeln!(page, "## {}\n\n{}.", scenario.name, scenario.title);
    if let Some(hypothesis) = &scenario.hypothesis {
        let claims = if scenario.claims.is_empty() {
            String::new()
        } else {
            format!(" ({})", scenario.claims.join(", "))
        };
        let _ = writeln!(page, "\nExpected: *{hypothesis}*{claims}.");
    }
    let verdict = match overall(own) {
        _ if own.is_empty() => "nothing in it is given as a prediction that figures can decide".to_owned(),
        Some(Verdict::Holds) => format!("**holds** in all that was predicted: {}", tally(own)),
        Some(Verdict::Fails) => format!("**fails** in all that was predicted: {}", tally(own)),
        _ => tally(own),
    };
    let _ = writeln!(page, "\nVerdict: {verdict}.\n");
    if !own.is_empty() {
        page.push_str(
            "| prediction | compared with | found | difference | verdict |\n|---|---|---|---|---|\n",
        );
        for judgement in own {
            let _ = writeln!(page, "{}", prediction_row(judgement, report));
        }
        page.push('\n');
    }
    for failed in own.iter().filter(|judgement| judgement.verdict == Some(Verdict::Fails)) {
        let _ = writeln!(page, "- {}", instead(failed, report));
    }
    if own.iter().any(|judgement| judgement.verdict == Some(Verdict::Fails)) {
        page.push('\n');
    }
    metrics_table(page, position, report);
}

/// `3 hold, 1 fails, 2 open`.
fn tally(own: &[&Judgement]) -> String {
    let count = |verdict| own.iter().filter(|judgement| judgement.verdict == verdict).count();
    let mut words = Vec::new();
    for (verdict, one, many) in [
        (Some(Verdict::Holds), "holds", "hold"),
        (Some(Verdict::Fails), "fails", "fail"),
        (Some(Verdict::Open), "open", "open"),
        (None, "not tested", "not tested"),
    ] {
        match count(verdict) {
            0 => {}
            1 => words.push(format!("1 {one}")),
            n => words.push(format!("{n} {many}")),
        }
    }
    if words.is_empty() { "none".into() } else { words.join(", ") }
}

fn prediction_row(judgement: &Judgement, report: &Report) -> String {
    let pairs = &judgement.pairs;
    let optional = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), digits);
    let verdict = match judgement.verdict {
        Some(Verdict::Holds) => "holds",
        Some(Verdict::Fails) => "**fails**",
        Some(Verdict::Open) => "open",
        None => "not tested",
    };
    format!(
        "| {} | {} | {} | {} | {verdict} |",
        judgement.prediction,
        optional(pairs.first_mean()),
        optional(pairs.second_mean()),
        difference(judgement, report),
    )
}

fn difference(judgement: &Judgement, report: &Report) -> String {
    let half = judgement.pairs.half_width(report.question.level_of_look(), &mut Quantiles::default());
    let Some((mean, half)) = judgement.pairs.difference().zip(half) else { return "-".into() };
    let share = judgement.pairs.first_mean().filter(|first| *first != 0.0);
    let share = share.map_or(String::new(), |first| format!(" ({} %)", signed(100.0 * mean / first.abs())));
    format!("{}{share}", with_half(mean, half))
}

/// What the model does where a prediction fails.
fn instead(judgement: &Judgement, report: &Report) -> String {
    let pairs = &judgement.pairs;
    let mean = pairs.difference().unwrap_or(0.0);
    let prediction = &judgement.prediction;
    let change = if prediction.from_phase.is_some() && !prediction.alone { "the change" } else { "it" };
    let does = match (mean, prediction.beside.is_some()) {
        (mean, true) if mean > 0.0 => "it lies above that share".to_owned(),
        (mean, true) if mean < 0.0 => "it lies below that share".to_owned(),
        (mean, _) if mean > 0.0 => format!("{change} rises"),
        (mean, _) if mean < 0.0 => format!("{change} falls"),
        _ => format!("{change} does not move at all"),
    };
    let measure = PHASE_MEASURES.iter().find(|measure| measure.key == judgement.prediction.metric);
    let unit = measure.map_or("", |measure| measure.unit);
    let unit = if unit == "share" { String::new() } else { format!(" ({unit})") };
    let means = pairs.first_mean().zip(pairs.second_mean());
    let means = means.map_or(String::new(), |(first, second)| {
        format!(", from {} to {}{unit}", digits(first), digits(second))
    });
    format!(
        "That {} fails: {does}{means}; difference {}.",
        judgement.prediction,
        difference(judgement, report)
    )
}

/// The main metrics by phase.
fn metrics_table(page: &mut String, position: usize, report: &Report) {
    page.push_str("| metric |");
    let periods = report.names.phases.len() + 1;
    for period in 0..periods {
        let _ = write!(page, " {} |", report.names.period(period));
    }
    let _ = writeln!(page, "\n|---|{}", "---|".repeat(periods));
    for (metric, _) in headline() {
        let _ = write!(page, "| `{}` |", PHASE_MEASURES[metric].key);
        for period in 0..periods {
            let cell =
                row(report, position, metric, period).map_or_else(|| "-".into(), |row| cell(row, report));
            let _ = write!(page, " {cell} |");
        }
        page.push('\n');
    }
    page.push('\n');
}

fn cell(row: &Estimate, report: &Report) -> String {
    let Some((mean, half)) = row.pairs.difference().zip(row.half) else { return "-".into() };
    let share = row.relative().map_or(String::new(), |share| format!(" ({} %)", signed(100.0 * share)));
    let text =
        if mean == 0.0 && half == 0.0 { "0".to_owned() } else { format!("{}{share}", with_half(mean, half)) };
    if significant(row, report) { format!("**{text}**") } else { text }
}

/// The main metrics by position, and what stands over their columns.
fn headline() -> Vec<(usize, &'static str)> {
    let find = |key: &str| PHASE_MEASURES.iter().position(|measure| measure.key == key);
    HEADLINE.iter().filter_map(|(key, over)| find(key).map(|metric| (metric, *over))).collect()
}

fn row(report: &Report, scenario: usize, metric: usize, period: usize) -> Option<&Estimate> {
    report.answer.scenarios.iter().find(|row| {
        let subject = row.subject;
        (subject.scenario, subject.metric, subject.period) == (scenario, metric, period)
    })
}

fn significant(row: &Estimate, report: &Report) -> bool {
    row.adjusted.is_some_and(|p| p <= 1.0 - report.question.level)
}

/// Three significant digits.
fn digits(value: f64) -> String {
    rounding::rounded(value, decimals(value))
}

fn signed(value: f64) -> String {
    rounding::signed(value, decimals(value).min(1))
}

/// A mean and half the width of its interval, with as many decimals as show two digits of the width.
fn with_half(mean: f64, half: f64) -> String {
    let decimals = if half > 0.0 { decimals(half).saturating_sub(1).min(5) } else { decimals(mean) };
    format!("{} ± {half:.decimals$}", rounding::signed(mean, decimals))
}

/// Decimals that show three significant digits.
fn decimals(value: f64) -> usize {
    let mut decimals = 0;
    let mut least = 99.5;
    while decimals < 6 && value.abs() < least {
        decimals += 1;
        least /= 10.0;
    }
    decimals
}

/// A percentage without needless decimals.
fn percent(value: f64) -> String {
    format!("{}", (value * 1e6).round() / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_that_round_to_nothing_have_no_sign() {
        assert_eq!(
            [signed(-0.0049), signed(0.0049), signed(-0.0), signed(-0.06)],
            ["0.0", "0.0", "0.0", "-0.1"]
        );
        assert_eq!(with_half(-0.004, 1.0), "0.0 ± 1.0");
        assert_eq!(with_half(-0.06, 1.0), "-0.1 ± 1.0");
        assert_eq!(digits(-0.0), "0.000000");
    }
}
