//! Draws charts of measures by month in text, a few rows high, with the phases marked, without colours.

use super::quantity::three_digits;
use super::terminal::{Terminal, align_left, display_width};
use crate::engine::calendar::Month;

/// Possible numbers of months per column: divisors of twelve, so that a year begins at a column.
const MONTHS_PER_COLUMN: [usize; 6] = [1, 2, 3, 4, 6, 12];

/// Maximum width of a chart in columns; wider charts are not easier to read.
const MAX_COLUMNS: usize = 84;

/// Height of a chart in rows; each row has eight levels.
const HEIGHT: usize = 3;

/// Width of the labels on the left.
const MARGIN: usize = 8;

/// Minimum distance of two years on the axis: four digits and a space.
const YEAR_WIDTH: usize = 5;

/// The characters of a chart.
struct Characters {
    levels: [char; 9],
    boundary: char,
    /// Points from a name to the phase boundary on its left.
    before: &'static str,
    /// Points from a name to the phase boundary on its right.
    after: &'static str,
}

const UNICODE: Characters = Characters {
    levels: [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
    boundary: '┊',
    before: "└",
    after: "┘",
};

const ASCII: Characters = Characters {
    levels: [' ', '.', ':', '-', '=', '+', '*', '#', '@'],
    boundary: '|',
    before: "`",
    after: "'",
};

/// Charts with the same months and width.
pub(super) struct Charts<'a> {
    terminal: Terminal,
    characters: &'static Characters,
    /// Number of months.
    months: usize,
    /// Position of the first month and name of each phase.
    phases: &'a [(usize, &'a str)],
    /// Number of months per column.
    per_column: usize,
}

impl<'a> Charts<'a> {
    /// Fits charts of a number of months to the terminal. Each phase is the position of its first month and its name.
    pub(super) fn new(terminal: Terminal, months: usize, phases: &'a [(usize, &'a str)]) -> Self {
        let room = terminal.width.saturating_sub(MARGIN).min(MAX_COLUMNS);
        let fits = |per_column: &&usize| months.div_ceil(**per_column) <= room;
        let per_column =
            MONTHS_PER_COLUMN.iter().find(fits).copied().unwrap_or_else(|| months.div_ceil(room.max(1)));
        let characters = if terminal.unicode { &UNICODE } else { &ASCII };
        Charts { terminal, characters, months, phases, per_column }
    }

    /// The lines of one chart: the title, then bars. The smallest value has the lowest level, the largest the highest.
    pub(super) fn chart(&self, title: &str, values: &[Option<f64>]) -> Vec<String> {
        let title = self.terminal.shortened(title, self.terminal.width.saturating_sub(MARGIN));
        let mut lines = vec![format!("{:MARGIN$}{title}", "")];
        let bars: Vec<Option<f64>> = values.chunks(self.per_column).map(mean).collect();
        let defined = || bars.iter().flatten().copied();
        let (low, high) =
            (defined().fold(f64::INFINITY, f64::min), defined().fold(f64::NEG_INFINITY, f64::max));
        if low > high {
            lines.push(format!("{:MARGIN$}(undefined in every month)", ""));
            return lines;
        }
        let steps = HEIGHT * 8;
        let level = |value: f64| {
            let share = if high > low { (value - low) / (high - low) } else { 0.5 };
            1 + (share * (steps - 1) as f64).round() as usize
        };
        for row in (0..HEIGHT).rev() {
            let label = match row {
                0 => three_digits(low),
                _ if row == HEIGHT - 1 => three_digits(high),
                _ => String::new(),
            };
            let bar = |(column, value): (usize, &Option<f64>)| {
                let filled = value.map_or(0, |value| level(value).saturating_sub(row * 8).min(8));
                let boundary = self.phases.iter().skip(1).any(|(month, _)| month / self.per_column == column);
                if filled == 0 && boundary {
                    self.characters.boundary
                } else {
                    self.characters.levels[filled]
                }
            };
            let bars: String = bars.iter().enumerate().map(bar).collect();
            lines.push(format!("{label:>width$} {bars}", width = MARGIN - 1).trim_end().to_owned());
        }
        lines
    }

    /// The lines below the charts: years, then the names of the phases where they begin. A name that does not fit
    /// before the next phase goes on a line below.
    pub(super) fn axis(&self) -> Vec<String> {
        let room = self.terminal.width.saturating_sub(MARGIN);
        let mut lines = vec![self.years(room)];
        lines.extend(self.names(room));
        lines.iter().map(|line| format!("{:MARGIN$}{}", "", line.text()).trim_end().to_owned()).collect()
    }

    /// Labels every year, or every second, fifth or tenth if there is less room. Labels are never cut.
    fn years(&self, room: usize) -> Line {
        let step =
            [1, 2, 5, 10].into_iter().find(|years| 12 * years / self.per_column >= YEAR_WIDTH).unwrap_or(10);
        let mut line = Line::default();
        for month in (0..self.months).step_by(12 * step) {
            let year = Month(u16::try_from(month).unwrap_or(u16::MAX)).year().to_string();
            let column = month / self.per_column;
            if column + display_width(&year) <= room && line.free(column, display_width(&year)) {
                line.place(column, year);
            }
        }
        line
    }

    /// The names of the phases: the first line has a mark for each phase and the names that fit after their marks; each
    /// other name is on the first further line with room for it.
    fn names(&self, room: usize) -> Vec<Line> {
        let Characters { boundary, before, after, .. } = self.characters;
        let column_of = |(month, _): &(usize, &str)| month / self.per_column;
        let mut lines = vec![Line::default()];
        for (position, phase) in self.phases.iter().enumerate() {
            let (column, name) = (column_of(phase), phase.1);
            let next = self.phases.get(position + 1).map_or(room, column_of);
            if next == column {
                continue;
            }
            let fits = column + 1 + display_width(name) <= next.min(room);
            lines[0].place(column, if fits { format!("{boundary}{name}") } else { boundary.to_string() });
        }
        for (position, phase) in self.phases.iter().enumerate() {
            let (column, name) = (column_of(phase), phase.1);
            let next = self.phases.get(position + 1).map_or(room, column_of);
            if column + 1 + display_width(name) <= next.min(room) {
                continue;
            }
            let wide = display_width(name);
            let right_room = room.saturating_sub(column + 1);
            // To the right of the mark if it fits, otherwise to the left, otherwise on the side with more room.
            let (begin, text) = if wide <= right_room || (wide > column && right_room >= column) {
                (column, format!("{before}{}", self.terminal.shortened(name, right_room)))
            } else {
                let name = self.terminal.shortened(name, column);
                (column - display_width(&name), format!("{name}{after}"))
            };
            let wide = display_width(&text);
            let free = (1..lines.len()).find(|line| lines[*line].free(begin, wide)).unwrap_or(lines.len());
            if free == lines.len() {
                lines.push(Line::default());
            }
            lines[free].place(begin, text);
        }
        lines
    }
}

/// A line of texts, each at a given column.
#[derive(Default)]
struct Line(Vec<(usize, String)>);

impl Line {
    /// Whether `wide` columns from `begin` on are free, with a space on both sides.
    fn free(&self, begin: usize, wide: usize) -> bool {
        self.0.iter().all(|(other, text)| begin > other + display_width(text) || begin + wide < *other)
    }

    fn place(&mut self, begin: usize, text: String) {
        self.0.push((begin, text));
    }

    fn text(&self) -> String {
        let mut placed: Vec<&(usize, String)> = self.0.iter().collect();
        placed.sort_by_key(|(begin, _)| *begin);
        placed.iter().fold(String::new(), |line, (begin, text)| align_left(&line, *begin) + text)
    }
}

fn mean(values: &[Option<f64>]) -> Option<f64> {
    let defined: Vec<f64> = values.iter().flatten().copied().collect();
    (!defined.is_empty()).then(|| defined.iter().sum::<f64>() / defined.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HISTORICAL: [(usize, &str); 5] = [
        (0, "class war"),
        (42, "discipline"),
        (72, "criticism from below"),
        (108, "terror"),
        (130, "authority restored"),
    ];

    fn terminal(width: usize) -> Terminal {
        Terminal { width, unicode: true }
    }

    fn charts(months: usize, phases: &'static [(usize, &'static str)]) -> Charts<'static> {
        Charts::new(terminal(100), months, phases)
    }

    #[test]
    fn a_ramp_rises_from_the_lowest_level_to_the_highest() {
        let values: Vec<Option<f64>> = (0..6).map(|month| Some(f64::from(month))).collect();
        assert_eq!(
            charts(6, &[(0, "one"), (2, "two")]).chart("ramp", &values),
            ["        ramp", "   5.00   ┊ ▃█", "          ▂▇██", "  0.000 ▁▆████"].map(str::to_owned)
        );
        let ascii = Charts::new(Terminal { width: 100, unicode: false }, 6, &[(0, "one"), (2, "two")]);
        assert_eq!(
            ascii.chart("ramp", &values),
            ["        ramp", "   5.00   | -@", "          :#@@", "  0.000 .*@@@@"].map(str::to_owned)
        );
    }

    #[test]
    fn constant_missing_and_empty_values_are_drawn() {
        let flat = charts(2, &[]).chart("flat", &[Some(0.5); 2]);
        assert_eq!(flat[1..], ["  0.500", "        ▅▅", "  0.500 ██"].map(str::to_owned));
        let gap = charts(3, &[]).chart("gap", &[Some(0.0), None, Some(1.0)]);
        assert_eq!(gap[3], "  0.000 ▁ █");
        assert_eq!(charts(3, &[]).chart("none", &[None; 3])[1], "        (undefined in every month)");
        assert_eq!(charts(0, &[]).chart("empty", &[]).len(), 2);
    }

    #[test]
    fn the_axis_names_years_and_phases() {
        let axis = charts(48, &[(0, "a name"), (30, "the last name")]).axis();
        assert_eq!(
            axis,
            [
                "        1928        1929        1930        1931",
                "        ┊a name                       ┊the last name"
            ]
        );
    }

    #[test]
    fn the_axis_never_cuts_a_year() {
        for width in 40..=200 {
            for months in 1..=162 {
                let axis = Charts::new(terminal(width), months, &[(0, "only")]).axis();
                let years: Vec<u16> = axis[0].split_whitespace().map(|year| year.parse().unwrap()).collect();
                assert!(
                    years[0] == 1928 && years.iter().all(|year| (1928..=1941).contains(year)),
                    "{axis:?}"
                );
            }
        }
    }

    #[test]
    fn names_that_do_not_fit_go_below() {
        let phases =
            [(0, "too long a name"), (6, "too long as well"), (12, "short"), (24, "long again, and last")];
        assert_eq!(
            Charts::new(terminal(100), 30, &phases).axis()[1..],
            [
                "        ┊     ┊     ┊short      ┊long again, and last",
                "        └too long a name",
                "              └too long as well",
            ]
        );
    }

    #[test]
    fn names_that_would_exceed_the_terminal_end_at_their_phase() {
        assert_eq!(
            Charts::new(terminal(40), 162, &HISTORICAL).axis()[1..],
            [
                "        ┊      ┊    ┊     ┊  ┊",
                "        └class war  └criticism from bel…",
                "               └discipline",
                "                          └terror",
                "           authority restored┘",
            ]
        );
    }

    #[test]
    fn charts_and_axis_fit_the_width() {
        let values: Vec<Option<f64>> = (0..162).map(|month| Some(f64::from(month))).collect();
        let long = [
            (0, "a phase whose name is longer than any terminal that is forty columns wide"),
            (1, "next"),
            (3, "third"),
        ];
        for unicode in [true, false] {
            for width in 40..=200 {
                for phases in [&HISTORICAL[..], &long] {
                    let charts = Charts::new(Terminal { width, unicode }, 162, phases);
                    let title = "a title that is much longer than forty columns, with its unit, per year";
                    for line in charts.chart(title, &values).iter().chain(&charts.axis()) {
                        assert!(
                            display_width(line) <= width && (unicode || line.is_ascii()),
                            "{width}: {line}"
                        );
                    }
                }
            }
        }
    }
}
