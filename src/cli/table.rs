//! Lays out tables in the width of a terminal: what does not fit follows in further tables, each with the names at its
//! left.

use super::terminal::{Terminal, columns, left, right};

/// Least room that a table leaves for names.
const LEAST_NAME: usize = 8;

/// Blanks before each column.
const GAP: usize = 2;

/// A column of a table.
pub(super) struct Column {
    pub(super) heading: String,
    pub(super) cells: Vec<String>,
    /// Whether cells begin at the left; otherwise they end at the right.
    pub(super) left: bool,
}

impl Column {
    fn width(&self) -> usize {
        self.cells.iter().chain([&self.heading]).map(|cell| columns(cell)).max().unwrap_or(0)
    }
}

/// Tables with the names at the left of each, and as many of the columns as fit the width; `between` stands between two
/// tables. Names are cut where a column would have no room beside them; cells that have none are wrapped.
pub(super) fn tables(names: &Column, measures: &[Column], terminal: Terminal, between: &str) -> String {
    let widest = measures.iter().map(Column::width).max().unwrap_or(0) + GAP;
    let room = names.width().min(terminal.width.saturating_sub(widest).max(LEAST_NAME));
    let most = terminal.width.saturating_sub(room + GAP);
    let mut parts = Vec::new();
    let mut rest = measures;
    loop {
        let mut used = room;
        let fitting = rest.iter().take_while(|column| {
            used += GAP + column.width();
            used <= terminal.width
        });
        let (now, later) = rest.split_at(fitting.count().max(1).min(rest.len()));
        let mut text =
            line(&names.heading, room, now.iter().map(|column| (column, &column.heading)), most, terminal);
        for (row, name) in names.cells.iter().enumerate() {
            text += &line(name, room, now.iter().map(|column| (column, &column.cells[row])), most, terminal);
        }
        parts.push(text);
        rest = later;
        if rest.is_empty() {
            return parts.join(between);
        }
    }
}

/// A name and the cells beside it; several lines if a cell is wrapped.
fn line<'a>(
    name: &str,
    room: usize,
    cells: impl Iterator<Item = (&'a Column, &'a String)>,
    most: usize,
    terminal: Terminal,
) -> String {
    let narrow = Terminal { width: most, ..terminal };
    let blocks: Vec<(&Column, Vec<String>)> = cells
        .map(|(column, cell)| {
            let fits = columns(cell) <= most;
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
        let mut out = left(&if row == 0 { terminal.shortened(name, room) } else { String::new() }, room);
        for (column, lines) in &blocks {
            let cell = lines.get(row).map_or("", String::as_str);
            let width = column.width().min(most);
            out.push_str(&" ".repeat(GAP));
            out.push_str(&if column.left { left(cell, width) } else { right(cell, width) });
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
    fn tables_keep_to_the_width_and_show_every_column_once() {
        let phases = ["class war", "criticism from below", "a phase with a name of more than forty columns"];
        let names = column("phase", &phases, true);
        let note = "a note of many words, which is wrapped where it does not fit, and never cut";
        let mut measures: Vec<Column> =
            (0..8).map(|number| column(&format!("measure{number}"), &["1234.5 ± 123.4"; 3], false)).collect();
        measures.push(column("note", &[note; 3], true));
        for width in 40..=200 {
            let text = tables(&names, &measures, Terminal { width, unicode: true }, "\n");
            assert!(text.lines().all(|line| columns(line) <= width), "{width}: {text}");
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
