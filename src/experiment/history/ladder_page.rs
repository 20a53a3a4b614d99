//! Writes the comparison of the ladder with history as tables and as a section of docs/history.md.

use super::ladder::{LadderComparison, Skill};
use super::page::{Grid, optional};
use crate::experiment::claims::ladder::RUNGS;
use crate::experiment::rounding;

/// How to read the tables.
pub const LADDER_READING: &str = "M0 to M6 are the rungs of the ladder; M6 is the whole model with its schedule. A dash means that the rung has none of what the series \
counts. `levers` is a null without people: a straight line from the mean of one lever over the months of a figure to the log of the figure. \
Of all levers it takes the one with the least error, which favours it; with more levers there would be too few figures for each coefficient. \
It predicts each figure from the line through the others (leave one out). `constant` is the best constant, the geometric mean of all figures \
that have an error, the predicted figure included (in sample). So the skill of `levers` compares an error out of sample with one in sample, \
which is to its disadvantage. Skill is 1 - (error/error of the constant)²: 1 is no error, 0 no better than the constant. Where a series is \
compared relative to its geometric mean, the rungs are scaled to the figures in sample, while `levers` has to find their level from the \
other figures. Where a series is compared relative to its first figure, this figure is given: it has no error, the rungs start from it, \
`levers` uses it as one of the other figures, and `constant` does not use it. The parameters were fitted to some of these series with all \
rungs in place and not again for each rung, so part of a rung's error in levels is that of the fit; correlations do not depend on levels.";

/// The runs in one line.
pub fn ladder_what(comparison: &LadderComparison) -> String {
    let s = if comparison.replicates == 1 { "" } else { "s" };
    format!(
        "{} on the rungs M0 to M6, seed {}, {} replicate{s} of {} people each",
        comparison.scenario, comparison.seed, comparison.replicates, comparison.people
    )
}

/// The tables with their titles: RMS log errors, correlations, skills.
pub fn ladder_grids(comparison: &LadderComparison) -> [(&'static str, Grid); 3] {
    let grid = |of: fn(&Skill) -> Option<f64>, decimals: usize, constant: bool| {
        let rungs: Vec<String> = (0..RUNGS.len()).map(|rung| format!("M{rung}")).collect();
        let mut header = vec!["series", "figures"];
        header.extend(rungs.iter().map(String::as_str));
        header.extend(["levers", "lever"]);
        header.extend(constant.then_some("constant"));
        let mut grid = Grid::new(&header);
        let show = |value: Option<f64>| optional(value, |value| rounding::rounded(value, decimals));
        for series in &comparison.series {
            let mut cells = vec![series.series.to_owned(), series.figures.to_string()];
            cells.extend(series.rungs.iter().map(|skill| show(of(skill))));
            cells.extend([show(of(&series.levers)), series.lever.unwrap_or("-").to_owned()]);
            cells.extend(constant.then(|| show(series.constant_error)));
            grid.push(cells);
        }
        grid
    };
    [
        ("RMS log error", grid(|skill| skill.rms_log_error, 3, true)),
        ("correlation", grid(|skill| skill.correlation, 2, false)),
        ("skill", grid(|skill| skill.skill, 2, false)),
    ]
}

/// Returns the section of docs/history.md; `command` is the command that makes it.
pub fn ladder_markdown(comparison: &LadderComparison, command: &str) -> String {
    let mut page = format!(
        "\n## What the agents add\n\nMade by a command, which adds this section to the page; do not edit:\n\n```sh\n{command} --markdown >> docs/history.md\n```\n\n\
         {} (scenario {}).\n\n{LADDER_READING}\n\n| rung | adds |\n|---|---|\n",
        ladder_what(comparison),
        &comparison.hash[..comparison.hash.len().min(8)],
    );
    for (number, rung) in RUNGS.iter().enumerate() {
        page += &format!("| M{number} | {} |\n", rung.adds);
    }
    page += "\nWhat each rung lacks, and what remains: [model.md, B.3](model.md#b3-ladder).\n";
    for (title, grid) in ladder_grids(comparison) {
        page += &format!("\n### By rung: {title}\n\n{}", grid.markdown());
    }
    page
}
