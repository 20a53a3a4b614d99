//! Writes the data dictionary: every column of every table, as `columns.csv` in a result folder and as
//! `docs/columns.md`.
//!
//! The tables are written from the same layouts, so tables and dictionary always agree.

use super::table::{Cell, Column, Kind, Layout, Rows};

const fn text(name: &'static str, definition: &'static str) -> Column {
    Column { name, kind: Kind::Text, unit: "", definition }
}

/// The layout of `columns.csv` itself.
pub fn layout() -> Layout {
    Layout {
        name: "columns",
        row: "one row per column of each table",
        columns: vec![
            text("file", "file that holds the column"),
            text("column", "name of the column"),
            text(
                "type",
                "text, month (YYYY-MM), integer or real; reals have at least one decimal; a cell is empty where nothing is defined",
            ),
            text(
                "unit",
                "unit of measurement, empty for text and months; `share` and `0 to 1` lie between 0 and 1, `at most 1` and `change per year` (at least -1) can be negative, `nats` lie between 0 and ln 6, `log ratio` and differences can have any sign, all others are 0 or more",
            ),
            text("definition", "meaning of the column"),
        ],
    }
}

/// The bytes of `columns.csv`: the columns of `layouts` in order, then those of `columns.csv` itself.
pub fn csv(layouts: &[Layout]) -> Vec<u8> {
    let own = layout();
    let mut rows = Rows::default();
    for layout in layouts.iter().chain([&own]) {
        let file = layout.file();
        for column in &layout.columns {
            rows.push(&[
                Cell::Text(&file),
                Cell::Text(column.name),
                Cell::Text(column.kind.word()),
                Cell::Text(column.unit),
                Cell::Text(column.definition),
            ]);
        }
    }
    let mut bytes = own.header();
    bytes.extend(rows.into_bytes());
    bytes
}

/// The text of `docs/columns.md`; `on_request` has the names of the tables that are not written by default.
pub fn markdown(layouts: &[Layout], on_request: &[&str]) -> String {
    let mut page = String::from(
        "# Columns of the tables\n\n\
         Generated from the program's own tables; do not edit. `KADRY_RENEW=1 cargo test --release columns` renews it.\n\
         Every result folder holds the same text in `columns.csv`. [output.md](output.md) describes the folder, and\n\
         [analysis.md](analysis.md) shows how to read the tables.\n\n\
         The unit states the range of a column. A `share` or `0 to 1` lies between 0 and 1. `at most 1` and\n\
         `change per year` (at least -1) can be negative. `nats` lie between 0 and ln 6 = 1.79. A `log ratio` or a\n\
         difference can have any sign. All other numbers are 0 or more.\n",
    );
    for layout in layouts {
        let condition =
            if on_request.contains(&layout.name) { " Written only if `--tables` names it." } else { "" };
        page.push_str(&format!("\n## {}\n\n{}.{condition}\n\n", layout.file(), capital(layout.row)));
        page.push_str("| column | type | unit | definition |\n|---|---|---|---|\n");
        for column in &layout.columns {
            let definition = column.definition.replace('|', "\\|");
            page.push_str(&format!(
                "| `{}` | {} | {} | {definition} |\n",
                column.name,
                column.kind.word(),
                column.unit
            ));
        }
    }
    page
}

/// The text with an upper-case first letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_includes_itself() {
        let layouts = [Layout {
            name: "series",
            row: "one row per month",
            columns: vec![Column {
                name: "fear",
                kind: Kind::Real,
                unit: "0 to 1",
                definition: "mean fear, everyone",
            }],
        }];
        let text = String::from_utf8(csv(&layouts)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "file,column,type,unit,definition");
        assert_eq!(lines[1], "series.csv,fear,real,0 to 1,\"mean fear, everyone\"");
        assert_eq!(lines.len(), 2 + 5);
        assert!(markdown(&layouts, &[]).contains("| `fear` | real | 0 to 1 | mean fear, everyone |"));
        assert!(!markdown(&layouts, &["months"]).contains("--tables"));
        assert!(
            markdown(&layouts, &["series"])
                .contains("One row per month. Written only if `--tables` names it.")
        );
    }
}
