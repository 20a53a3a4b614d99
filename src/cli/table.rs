//! Lays out tables to fit the width of a terminal. Columns that do not fit continue in further tables, each with the
//! row names on the left.

use super::terminal::{Terminal, align_left, align_right, display_width};

/// Minimum width of the row names, if they are longer.
const MIN_NAME_WIDTH: usize = 8;

/// Spaces before each column.
const GAP: usize = 2;

/// A column of a table.
pub(super) struct Column {
    pub(super) heading: String,
    pub(super) cells: Vec<String>,
    /// Whether cells are aligned left instead of right.
    pub(super) left: bool,
}

impl Column {
    fn width(&self) -> usize {
        self.cells.iter().chain([&self.heading]).map(|cell| display_width(cell)).max().unwrap_or(0)
    }
}

/// Lays out `columns` in as few tables as the width allows, separated by `between`, each with `names` on the left.
/// Names are shortened if the widest column would not fit next to them; cells that still do not fit are wrapped.
pub(super) fn tables(names: &Column, columns: &[Column], terminal: Terminal, between: &str) -> String {
    let widest = columns.iter().map(Column::width).max().unwrap_or(0) + GAP;
    let name_width = names.width().min(terminal.width.saturating_sub(widest).max(MIN_NAME_WIDTH));
    let max_cell = terminal.width.saturating_sub(name_width + GAP);
    let mut parts = Vec::new();
    let mut rest = columns;
    loop {
        let mut used = name_width;
        let fitting = rest.iter().take_while(|column| {
            used += GAP + column.width();
            used <= terminal.width
        });
        let (now, later) = rest.split_at(fitting.count().max(1).min(rest.len()));
        let mut text = line(
            &names.heading,
            name_width,
            now.iter().map(|column| (column, &column.heading)),
            max_cell,
            terminal,
        );
        for (row, name) in names.cells.iter().enumerate() {
            text += &line(
                name,
                name_width,
                now.iter().map(|column| (column, &column.cells[row])),
                max_cell,
                terminal,
            );
        }
        parts.push(text);
        rest = later;
        if rest.is_empty() {
            return parts.join(between);
        }
    }
}

/// A row: a name and its cells, on several lines if a cell is wrapped.
fn line<'a>(
    name: &str,
    name_width: usize,
    cells: impl Iterator<Item = (&'a Column, &'a String)>,
    max_cell: usize,
    terminal: Terminal,
) -> String {
    let narrow = Terminal { width: max_cell, ..terminal };
    let blocks: Vec<(&Column, Vec<String>)> = cells
        .map(|(column, cell)| {
            let fits = display_width(cell) <= max_cell;
            let lines = if fits {
                vec![cell.clone()]
            } else {
                narrow.wrapped(cell, 0).lines().map(str::to_owned).collect()
            };
            (column, lines)
        })
        .collect();
    let height = blocks.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1);
    let mut text = String::new();
    for row in 0..height {
        let mut out = align_left(
            &if row == 0 { terminal.shortened(name, name_width) } else { String::new() },
            name_width,
        );
        for (column, lines) in &blocks {
            let cell = lines.get(row).map_or("", String::as_str);
            let width = column.width().min(max_cell);
            out.push_str(&" ".repeat(GAP));
            out.push_str(&if column.left { align_left(cell, width) } else { align_right(cell, width) });
        }
        text.push_str(out.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(heading: &str, cells: &[&str], left: bool) -> Column {
        let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
        Column { heading: heading.to_owned(), cells, left }
    }

    #[test]
    fn tables_fit_the_width_and_show_every_column_once() {
        let phases = ["class war", "criticism from below", "a phase with a name of more than forty columns"];
        let names = column("phase", &phases, true);
        let note = "a note of many words, which is wrapped where it does not fit, and never cut";
        let mut measures: Vec<Column> =
            (0..8).map(|number| column(&format!("measure{number}"), &["1234.5 ± 123.4"; 3], false)).collect();
        measures.push(column("note", &[note; 3], true));
        for width in 40..=200 {
            let text = tables(&names, &measures, Terminal { width, unicode: true }, "\n");
            assert!(text.lines().all(|line| display_width(line) <= width), "{width}: {text}");
            for column in &measures {
                assert_eq!(
                    text.matches(column.heading.as_str()).count(),
                    if column.left { 4 } else { 1 },
                    "{text}"
                );
            }
            assert_eq!(text.matches("wrapped").count(), 3, "{text}");
        }
        let wide = tables(&names, &measures, Terminal { width: 200, unicode: true }, "\n");
        assert!(phases.iter().all(|name| wide.contains(name)), "{wide}");
        assert_eq!(tables(&names, &[], Terminal { width: 80, unicode: true }, "\n").lines().count(), 4);
    }
}
