//! Line charts in text: a measure over the months, a few rows high, phases marked.
//!
//! Owns the drawing. What is drawn is chosen in `super::closing`. Plain characters without colour.

use super::quantity::three;
use crate::engine::calendar::Month;

/// Months that share one column.
const MONTHS_PER_COLUMN: usize = 2;

/// Rows of a chart; each has eight levels.
const HEIGHT: usize = 3;

/// Room for the labels at the left.
const MARGIN: usize = 8;

const LEVELS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The lines of one chart: a title, then bars from the smallest value (lowest level) to the largest. `begins` are the
/// months, by position, with which the second and later phases begin.
pub(super) fn chart(title: &str, values: &[Option<f64>], begins: &[usize]) -> Vec<String> {
    let columns: Vec<Option<f64>> = values.chunks(MONTHS_PER_COLUMN).map(mean).collect();
    let defined = || columns.iter().flatten().copied();
    let (low, high) = (defined().fold(f64::INFINITY, f64::min), defined().fold(f64::NEG_INFINITY, f64::max));
    let mut lines = vec![format!("{:MARGIN$}{title}", "")];
    if low > high {
        lines.push(format!("{:MARGIN$}(not defined in any month)", ""));
        return lines;
    }
    let steps = HEIGHT * 8;
    let level = |value: f64| {
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        1 + (share * (steps - 1) as f64).round() as usize
    };
    for row in (0..HEIGHT).rev() {
        let label = match row {
            0 => three(low),
            _ if row == HEIGHT - 1 => three(high),
            _ => String::new(),
        };
        let bar = |(column, value): (usize, &Option<f64>)| {
            let filled = value.map_or(0, |value| level(value).saturating_sub(row * 8).min(8));
            let boundary = begins.iter().any(|month| month / MONTHS_PER_COLUMN == column);
            if filled == 0 && boundary { '┊' } else { LEVELS[filled] }
        };
        let bars: String = columns.iter().enumerate().map(bar).collect();
        lines.push(format!("{label:>width$} {bars}", width = MARGIN - 1).trim_end().to_owned());
    }
    lines
}

/// The lines under the charts: years, then the names of the phases where they begin. A name too long for the room
/// before the next phase stands whole in a line below.
pub(super) fn axis(months: usize, phases: &[(usize, &str)]) -> Vec<String> {
    let width = months.div_ceil(MONTHS_PER_COLUMN);
    let mut years = vec![' '; width];
    for column in (0..width).step_by(24 / MONTHS_PER_COLUMN) {
        let month = Month(u16::try_from(column * MONTHS_PER_COLUMN).unwrap_or(u16::MAX));
        place(&mut years, column, &month.year().to_string(), width);
    }
    let mut lines = vec![years];
    lines.extend(names(phases));
    let text = |line| format!("{:MARGIN$}{}", "", String::from_iter::<Vec<char>>(line)).trim_end().to_owned();
    lines.into_iter().map(text).collect()
}

/// Lines with the names of phases: the first for those that fit between their phase and the next, further lines for
/// the others, each as far up as it finds room.
fn names(phases: &[(usize, &str)]) -> Vec<Vec<char>> {
    let mut lines: Vec<Vec<char>> = vec![Vec::new()];
    for (position, (month, name)) in phases.iter().enumerate() {
        let column = month / MONTHS_PER_COLUMN;
        let end = column + 1 + name.chars().count();
        let fits = phases.get(position + 1).is_none_or(|(next, _)| end <= next / MONTHS_PER_COLUMN);
        write(&mut lines[0], column, &if fits { format!("┊{name}") } else { "┊".to_owned() });
        if !fits {
            let free = (1..lines.len()).find(|&line| lines[line].len() < column);
            let line = free.unwrap_or(lines.len());
            lines.resize(lines.len().max(line + 1), Vec::new());
            write(&mut lines[line], column, &format!("└{name}"));
        }
    }
    lines
}

/// Writes `text` from a column on, behind what stands in the line.
fn write(line: &mut Vec<char>, column: usize, text: &str) {
    line.resize(line.len().max(column), ' ');
    line.truncate(column);
    line.extend(text.chars());
}

/// Writes `text` from a column on, cut before `until`.
fn place(line: &mut [char], column: usize, text: &str, until: usize) {
    let until = until.min(line.len());
    for (cell, letter) in line[column.min(until)..until].iter_mut().zip(text.chars()) {
        *cell = letter;
    }
}

fn mean(values: &[Option<f64>]) -> Option<f64> {
    let defined: Vec<f64> = values.iter().flatten().copied().collect();
    (!defined.is_empty()).then(|| defined.iter().sum::<f64>() / defined.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_rises_from_the_lowest_level_to_the_highest() {
        let values: Vec<Option<f64>> = (0..12).map(|month| Some(f64::from(month / 2))).collect();
        assert_eq!(
            chart("ramp", &values, &[4]),
            ["        ramp", "   5.00   ┊ ▃█", "          ▂▇██", "  0.000 ▁▆████"].map(str::to_owned)
        );
    }

    #[test]
    fn constants_gaps_and_nothing_are_drawn_too() {
        let flat = chart("flat", &[Some(0.5); 4], &[]);
        assert_eq!(flat[1..], ["  0.500", "        ▅▅", "  0.500 ██"].map(str::to_owned));
        let gap = chart("gap", &[Some(0.0), None, None, None, Some(1.0), Some(1.0)], &[]);
        assert_eq!(gap[3], "  0.000 ▁ █");
        assert_eq!(chart("none", &[None; 3], &[])[1], "        (not defined in any month)");
        assert_eq!(chart("empty", &[], &[]).len(), 2);
    }

    #[test]
    fn the_axis_names_years_and_phases() {
        let axis = axis(48, &[(0, "a name"), (30, "the last name")]);
        assert_eq!(axis, ["        1928        1930", "        ┊a name        ┊the last name"]);
    }

    #[test]
    fn names_that_do_not_fit_stand_whole_below() {
        let phases =
            [(0, "too long a name"), (12, "too long as well"), (24, "short"), (48, "long again, and last")];
        assert_eq!(
            axis(60, &phases)[1..],
            [
                "        ┊     ┊     ┊short      ┊long again, and last",
                "        └too long a name",
                "              └too long as well",
            ]
        );
    }
}
