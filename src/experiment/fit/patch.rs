//! Writes the fitted values as a scenario file that extends the base.

use super::{Fit, total};
use crate::scenario::quoted;
use std::fmt::Write;

/// The scenario file of a fit. `extends` is the base as the file has to name it, `command` the command that made the fit.
pub fn patch(fit: &Fit, extends: &str, command: &str) -> String {
    let Fit { fitted, fresh, .. } = fit;
    let sums = |losses: &super::Losses| {
        let ((first, last), [before, after]) =
            (losses.replicates, [&losses.before, &losses.after].map(|losses| total(losses)));
        format!("{before:.3} before, {after:.3} after, replicates {first} to {last}")
    };
    let mut text = format!(
        "# Parameters fitted to the patterns K1 to K7 of docs/model.md by the command\n#   {}\n\
         # Seed {}, {} people, {} evaluations. Sum of the losses of the patterns:\n\
         #   {} (of the search)\n#   {} (others)\n",
        one_line(command),
        fit.seed,
        fit.people,
        fit.trace.last().map_or(0, |(evaluations, _)| *evaluations),
        sums(fitted),
        sums(fresh),
    );
    for (before, after) in fitted.before.iter().zip(&fitted.after) {
        let _ = writeln!(text, "#   {:<4}{:.3} before, {:.3} after", before.pattern, before.loss, after.loss);
    }
    let _ = write!(
        text,
        "name = {}\ntitle = {}\nextends = {}\n\n[parameters]\n",
        quoted(&format!("{}_fitted", fit.scenario)),
        quoted(&format!("{} with parameters fitted to K1 to K7", fit.scenario)),
        quoted(extends),
    );
    for parameter in &fit.parameters {
        let _ = writeln!(text, "{} = {:?}", parameter.key, parameter.after);
    }
    text
}

/// A command on one line, so that it stays a comment.
fn one_line(command: &str) -> String {
    command.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
