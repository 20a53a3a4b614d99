//! Writes the answers as Markdown, for several bases beside each other.

use super::answers::{Answers, Figure, Question};
use super::cases::{MODERATE, POLICY_LEVERS};
use super::constants::{ALL_PHASES, compared};
use super::measures::Better;
use super::questions::words_of;
use super::summary::{independent_plants, sentences};
use crate::experiment::compare::findings::escaped;
use crate::experiment::rounding::{grouped, rounded, short, three};
use crate::experiment::tables::whole_period::WHOLE_PERIOD;
use std::fmt::Write;

/// A table of figures: what its lines and columns are.
struct Grid {
    heading: &'static str,
    /// Whether a figure belongs to the table.
    selects: fn(&Figure) -> bool,
    /// What a line and a column are named.
    line: fn(&Figure) -> String,
    column: fn(&Figure) -> String,
}

/// Returns the page. `command` is the command that made it.
pub fn page(bases: &[Answers], command: &str) -> String {
    let mut page = format!(
        "# Soundness\n\nMade by one command; do not edit:\n\n```sh\n{}\n```\n\n\
         What can the model show at all? The questions of this page were written down before the answers were known, and nothing is tuned to them. \
         An answer that is bad for the model is a finding.\n\n",
        command.replace("```", "")
    );
    for answers in bases {
        let _ = writeln!(
            page,
            "**Base `{}`:** seed {}, {} people in January 1928 in {} plants and {} regions; {} replicates of the base, {} random policies by phase, {} constant policies, {} draws of the judged parameters.\n",
            name(answers),
            answers.seed,
            grouped(answers.people),
            answers.units[0],
            answers.units[1],
            answers.replicates,
            answers.draws[0],
            answers.draws[1],
            answers.draws[2],
        );
    }
    page.push_str("## Summary\n\n");
    for answers in bases {
        let _ = writeln!(page, "On `{}`:\n", name(answers));
        sentences(answers).iter().for_each(|sentence| {
            let _ = writeln!(page, "- {}", escaped(sentence));
        });
        page.push('\n');
    }
    for question in Question::ALL {
        section(&mut page, bases, question);
    }
    patterns(&mut page, bases);
    page.push_str(
        "## Files\n\n`kadry soundness` writes every figure with its interval to `soundness.csv`, each pattern to `soundness_patterns.csv`, each constant policy to \
         `soundness_policies.csv`, and the numbers of every run, from which the figures are computed, to `quantities.csv`.\n",
    );
    page
}

fn name(answers: &Answers) -> String {
    answers.base.replace('`', "")
}

fn section(page: &mut String, bases: &[Answers], question: Question) {
    let (title, text, grid) = about(question);
    let _ = writeln!(page, "## {title}\n\n{text}\n");
    for answers in bases.iter().filter(|_| question == Question::Variance) {
        let [replicates, regions, plants] = independent_plants(answers).map(|share| rounded(share, 2));
        let _ = writeln!(
            page,
            "On `{}`, plants that are independent of each other would give {replicates} between replicates, {regions} between regions and {plants} between plants.\n",
            name(answers),
        );
    }
    table(page, bases, question, &grid);
}

/// Title and explanation of a question, and its table.
fn about(question: Question) -> (&'static str, String, Grid) {
    let by_period = |heading, selects: fn(&Figure) -> bool| Grid {
        heading,
        selects,
        line: |figure| figure.metric.clone(),
        column: |figure| figure.period.clone(),
    };
    let by_metric = |heading, selects: fn(&Figure) -> bool| Grid {
        heading,
        selects,
        line: |figure| figure.of.clone(),
        column: |figure| figure.metric.clone(),
    };
    let every = |_: &Figure| true;
    let all_months = |figure: &Figure| figure.period == WHOLE_PERIOD;
    match question {
        Question::ReadBack => (
            "Levers read back",
            "The share of the variance over months that one lever explains in a straight line, mean over replicates. Authority is compared with its lever as followed at the speed of the rule of authority.".into(),
            by_metric("lever", every),
        ),
        Question::Explained => (
            "What the levers explain",
            "The share of the variance over random policies, each constant within phases, that a ridge regression on the levers up to the end of the phase explains out of sample (ten parts, each predicted from the others). Near 1, the measure is a straight line in the levers and the agents add nothing to it; the rest is chance, interaction, curvature, and what the policies are too few to tell.".into(),
            by_period("measure", every),
        ),
        Question::NoAccusations => (
            "Without accusations",
            "The main measures of the base, and without any accusation (`accusation_scale = 0`). What is the same in both is no work of accusations.".into(),
            Grid {
                heading: "measure",
                selects: |figure| matches!(figure.metric.as_str(), "discipline" | "authority" | "grievance" | "output" | "elite_turnover"),
                line: |figure| format!("{}, {}", figure.metric, figure.of),
                column: |figure| figure.period.clone(),
            },
        ),
        Question::Constant => ("Constant policies", constant_text(), Grid {
            heading: "policies",
            selects: |figure| [ALL_PHASES, WHOLE_PERIOD].contains(&figure.period.as_str()),
            line: |figure| format!("{}, {}", figure.of, if figure.period == ALL_PHASES { "in every phase" } else { "over all months" }),
            column: |figure| figure.metric.clone(),
        }),
        Question::Dose => (
            "What each lever buys and costs",
            "The difference of the highest from the lowest level of a lever that is constant throughout, other levers as in the base, over all months; `soundness.csv` has five levels and each phase. A difference whose 95 % interval includes 0 is in brackets. Each level has half of the replicates. `repression` runs to its largest mean in a phase of the base. A lever has no price if one of its ends is better in some of the measures by which constant policies are compared, by the smallest difference that counts, and worse by as much in none.".into(),
            by_metric("lever", |figure| all_months_of(figure) && figure.of.ends_with("highest minus lowest")),
        ),
        Question::Frontier => (
            "Growth against unions",
            "The lever `union` constant throughout, the lever `growth` that of the base times a factor, at most 1; up to five replicates of each. If growth and representation exclude each other, output has to fall as unions rise.".into(),
            by_metric("levers", all_months),
        ),
        Question::Fates => (
            "Who is struck in the terror",
            "Losses of each rank in 1937-38, as a share of its mean stock.".into(),
            by_metric("rank", every),
        ),
        Question::Overlap => (
            "Overlap of the images of the enemy",
            "Overlap of the official image and the popular one, by the weight of the official image in accusations. What is left at weight 0 needs no influence.".into(),
            Grid { heading: "weight", selects: every, line: |figure| figure.of.clone(), column: |figure| figure.period.clone() },
        ),
        Question::Variance => (
            "Variance of plants",
            "How the variance of plants, over all replicates, is divided: between replicates, between regions of a replicate, and between plants of a region. A share near the one that independent plants would give is chance: nothing holds the plants of a region, or those of a country beyond the levers, together.".into(),
            Grid {
                heading: "outcome, between",
                selects: every,
                line: |figure| format!("{}, {}", figure.metric, figure.of),
                column: |figure| figure.period.clone(),
            },
        ),
        Question::Alike => (
            "Likeness of replicates",
            "Mean correlation over months of a measure in two replicates. Replicates share the levers, and a measure that follows levers correlates near 1; what chance adds to it would lower the correlation.".into(),
            by_metric("runs", every),
        ),
    }
}

fn all_months_of(figure: &Figure) -> bool {
    figure.period == WHOLE_PERIOD
}

/// Which values a government would prefer.
fn word(better: Better) -> &'static str {
    match better {
        Better::More => "more",
        Better::Less => "less",
    }
}

fn constant_text() -> String {
    let measures: Vec<String> = compared()
        .map(|(main, better, smallest)| format!("`{}` ({}, {})", main.key, word(better), words_of(smallest)))
        .collect();
    let moderate: Vec<String> = MODERATE.iter().map(|(lever, level)| format!("{lever} {level}")).collect();
    format!(
        "The share of constant policies that are at least as good as the base: not worse at all, or not worse by more than the smallest difference that counts. Compared are {}; the brackets have what a government would prefer and the smallest difference. Public mood is grievance as people show it. A constant policy is a point of the Sobol' sequence over {}; each is run once, with the random numbers of a replicate of the base. The moderate policy ({}) has as many replicates as the base. If many constant policies are at least as good in everything, the model has no dilemma.",
        measures.join(", "),
        POLICY_LEVERS.join(", "),
        moderate.join(", "),
    )
}

/// A table with a line for each subject and base.
fn table(page: &mut String, bases: &[Answers], question: Question, grid: &Grid) {
    let (mut lines, mut columns) = (Vec::new(), Vec::new());
    let chosen = |answers: &Answers| {
        answers.of(question).filter(|figure| (grid.selects)(figure)).cloned().collect::<Vec<_>>()
    };
    let of_bases: Vec<Vec<Figure>> = bases.iter().map(chosen).collect();
    for figure in of_bases.iter().flatten() {
        for (names, name) in [(&mut lines, (grid.line)(figure)), (&mut columns, (grid.column)(figure))] {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let several = bases.len() > 1;
    let base_column = if several { " base |" } else { "" };
    let heads: Vec<String> = columns.iter().map(|column| escaped(column)).collect();
    let _ = writeln!(page, "| {} |{base_column} {} |", grid.heading, heads.join(" | "));
    let _ = writeln!(page, "|---|{}{}", if several { "---|" } else { "" }, "---|".repeat(columns.len()));
    for line in &lines {
        for (answers, figures) in bases.iter().zip(&of_bases) {
            let cell = |column: &String| {
                let found = figures
                    .iter()
                    .find(|figure| (grid.line)(figure) == *line && (grid.column)(figure) == *column);
                found.map_or_else(|| "-".to_owned(), |figure| cell(question, figure))
            };
            let cells: Vec<String> = columns.iter().map(cell).collect();
            let base = if several { format!(" {} |", escaped(&answers.base)) } else { String::new() };
            let _ = writeln!(page, "| {} |{base} {} |", escaped(line), cells.join(" | "));
        }
    }
    page.push('\n');
}

fn cell(question: Question, figure: &Figure) -> String {
    let Some(estimate) = figure.estimate else { return "-".to_owned() };
    match question {
        Question::Dose if figure.interval.is_some_and(|(low, high)| low <= 0.0 && high >= 0.0) => {
            format!("({})", short(estimate))
        }
        Question::Dose => short(estimate),
        Question::Frontier | Question::NoAccusations => three(estimate),
        Question::Constant | Question::Fates => rounded(estimate, 3),
        _ => rounded(estimate, 2),
    }
}

fn patterns(page: &mut String, bases: &[Answers]) {
    page.push_str(
        "## What the patterns depend on\n\nThe patterns of section 1.2 of [model.md](model.md) that were held out of every fit, with margin 0: the share of the replicates of the base and of the draws of judged parameters in which each holds, and the three parameters with the largest rank correlation with the part of the pattern that is nearest to failing. A correlation in brackets is one that the largest of all parameters reaches by chance more often than once in twenty times. A pattern that holds in nearly all draws does not rest on a judged parameter, and one that holds in hardly any cannot be had by changing judged parameters alone. Fitted and measured parameters stay as in the base. Inputs are no evidence. Each draw also has a replicate of its own, so chance takes part.\n\n",
    );
    let base_column = if bases.len() > 1 { " base |" } else { "" };
    let _ = writeln!(page, "| pattern | statement |{base_column} replicates | draws | moved by |");
    let _ = writeln!(page, "|---|---|{}---|---|---|", if bases.len() > 1 { "---|" } else { "" });
    let count = bases.first().map_or(0, |answers| answers.patterns.len());
    for position in 0..count {
        for answers in bases {
            let pattern = &answers.patterns[position];
            let share = |share: Option<f64>| share.map_or_else(|| "-".to_owned(), |share| rounded(share, 2));
            let moved = pattern.moved_by.iter().map(|(parameter, correlation)| {
                let shown = rounded(*correlation, 2);
                if correlation.abs() < pattern.chance {
                    format!("({parameter} {shown})")
                } else {
                    format!("{parameter} {shown}")
                }
            });
            let input =
                if pattern.input.is_empty() { String::new() } else { format!(" (input: {})", pattern.input) };
            let base = if bases.len() > 1 { format!(" {} |", escaped(&answers.base)) } else { String::new() };
            let _ = writeln!(
                page,
                "| {} | {}{} |{base} {} | {} | {} |",
                pattern.id,
                escaped(&pattern.statement),
                escaped(&input),
                share(pattern.base),
                share(pattern.prior),
                escaped(&moved.collect::<Vec<_>>().join(", ")),
            );
        }
    }
    page.push('\n');
}
