//! Writes a comparison of two results as text.

use super::Recomputed;
use crate::cli::diff;
use crate::cli::person::entry_text;
use crate::cli::quantity::count;
use crate::cli::table::{Column, tables};
use crate::cli::terminal::Terminal;
use crate::experiment::diverge::Divergence;
use crate::experiment::diverge::fields::place_text;
use crate::experiment::diverge::recompute::{Parting, Recomputation, Reproduction, SharedDraw};
use crate::experiment::diverge::sides::{Pair, Side, ranges};
use crate::experiment::diverge::state::{Differing, Field, PersonAt, SocietyDifference};
use crate::experiment::diverge::tables::{RowDifference, TableComparison, TableKey};
use crate::model::identity;

/// Names of the sides.
const NAMES: [&str; 2] = ["A", "B"];

/// Columns or attributes of one row or person that are shown.
const MOST_LINES: usize = 12;

/// Differences between scenarios that are shown.
const MOST_DIFFERENCES: usize = 20;

/// The text under construction.
struct Writer {
    text: String,
    terminal: Terminal,
}

impl Writer {
    fn heading(&mut self, text: &str) {
        self.text.push('\n');
        self.paragraph(text, 0);
    }

    fn paragraph(&mut self, text: &str, indent: usize) {
        self.text += &self.terminal.wrapped(text, indent);
    }

    /// A line that is not wrapped, so that paths can be copied.
    fn line(&mut self, text: &str) {
        self.text += &format!("{text}\n");
    }

    /// A table of names and two or more columns, below an indent of two spaces.
    fn table(&mut self, heading: &str, names: Vec<String>, columns: &[(&str, Vec<String>)]) {
        let narrow = Terminal { width: self.terminal.width - 2, ..self.terminal };
        let column = |(heading, cells): &(&str, Vec<String>)| Column {
            heading: (*heading).to_owned(),
            cells: cells.clone(),
            left: true,
        };
        let names = Column { heading: heading.to_owned(), cells: names, left: true };
        let columns: Vec<Column> = columns.iter().map(column).collect();
        for line in tables(&names, &columns, narrow, "\n").lines() {
            self.text += format!("  {line}").trim_end();
            self.text.push('\n');
        }
    }
}

/// The comparison as text.
pub(super) fn text(divergence: &Divergence, recomputed: &Recomputed, terminal: Terminal) -> String {
    let mut out = Writer { text: String::new(), terminal };
    for (name, side) in NAMES.iter().zip(&divergence.sides) {
        out.line(&format!("{name}  {}", side.path));
        out.paragraph(&described(side), 3);
    }
    what_was_run(&mut out, divergence);
    only_in_one(&mut out, divergence);
    match divergence.first() {
        None => {
            out.heading("All rows that both folders have are equal.");
            every_table(&mut out, divergence);
        }
        Some((table, row)) => {
            first_row(&mut out, divergence, table, row);
            every_table(&mut out, divergence);
            warn_if_too_early(&mut out, divergence, table, row);
        }
    }
    match recomputed {
        Recomputed::NotAsked => {}
        Recomputed::Not(reason) => out.heading(&format!("Not recomputed: {reason}")),
        Recomputed::Done(found) => recomputation(&mut out, divergence, found),
    }
    out.text
}

fn described(side: &Side) -> String {
    let labels: Vec<&str> = side.scenarios.iter().map(|one| one.mark.called()).collect();
    let replicates = side.scenarios.iter().flat_map(|one| &one.finished).copied().collect();
    format!(
        "kadry {}: {}, seed {}, replicates {}, to {}",
        side.command,
        labels.join(", "),
        side.seed,
        ranges(&replicates),
        side.last
    )
}

/// What differs in scenarios, seed, months and program.
fn what_was_run(out: &mut Writer, divergence: &Divergence) {
    let [left, right] = &divergence.sides;
    let program = |side: &Side| format!("kadry {} ({})", side.program.version, side.program.revision);
    let settings = [
        ("seed", left.seed.to_string(), right.seed.to_string()),
        ("last month", left.last.to_string(), right.last.to_string()),
        ("program", program(left), program(right)),
        ("version of the results", left.results.to_string(), right.results.to_string()),
    ];
    let settings: Vec<_> = settings.into_iter().filter(|(_, left, right)| left != right).collect();
    let arrow = out.terminal.arrow();
    if !settings.is_empty() {
        out.heading("what was run");
        for (name, left, right) in settings {
            out.paragraph(&format!("{name}: {left} {arrow} {right}"), 2);
        }
    }
    for pair in &divergence.pairs {
        scenarios(out, pair);
    }
}

fn scenarios(out: &mut Writer, pair: &Pair) {
    let [left, right] = &pair.labels;
    let arrow = out.terminal.arrow();
    let Some(found) = &pair.scenarios else {
        out.heading(&format!(
            "scenario {left} {arrow} {right}: one of them cannot be loaded by this version"
        ));
        return;
    };
    let renamed = left != right;
    let heading = if renamed { format!("{left} {arrow} {right}") } else { left.clone() };
    if found.substance.is_empty() {
        if renamed || !found.names.is_empty() {
            out.heading(&format!("scenario {heading}: the same but for names"));
        }
    } else {
        out.heading(&format!("scenario {heading}"));
        let width = found.substance.iter().map(|one| one.table.len() + 1 + one.key.chars().count()).max();
        for one in found.substance.iter().take(MOST_DIFFERENCES) {
            let key = format!("{}.{}", one.table, one.key);
            out.text += &diff::line(&key, one, width.unwrap_or(0));
        }
        let more = found.substance.len().saturating_sub(MOST_DIFFERENCES);
        if more > 0 {
            out.paragraph(&format!("and {more} more: --json lists them"), 2);
        }
        match found.first_month {
            Some(month) => out.paragraph(&format!("Runs can differ from {month} on."), 2),
            None => out.paragraph("Runs cannot differ by this, except in tables by phase.", 2),
        }
    }
    if !found.names.is_empty() {
        let names: Vec<&str> = found.names.iter().map(|one| one.key.as_str()).collect();
        out.paragraph(&format!("Names alone differ in: {}", names.join(", ")), 2);
    }
}

/// What only one folder has.
fn only_in_one(out: &mut Writer, divergence: &Divergence) {
    let several = divergence.pairs.len() > 1;
    for (side, name) in NAMES.iter().enumerate() {
        let mut parts = Vec::new();
        for label in &divergence.unpaired[side] {
            parts.push(format!("scenario {label}"));
        }
        for pair in &divergence.pairs {
            let numbers = &pair.replicates_of_one[side];
            let of = if several { format!(" of {}", pair.labels[side]) } else { String::new() };
            if !numbers.is_empty() {
                let s = if numbers.len() == 1 { "" } else { "s" };
                parts.push(format!("replicate{s} {}{of}", ranges(numbers)));
            }
        }
        let [own, other] = [side, 1 - side].map(|side| divergence.sides[side].last);
        if own > other {
            parts.push(format!("months after {other}"));
        }
        parts.extend(divergence.tables_of_one[side].iter().cloned());
        for table in &divergence.tables {
            let columns = &table.columns_of_one[side];
            if !columns.is_empty() {
                parts.push(format!("in {}: {}", table.file, columns.join(", ")));
            }
        }
        if !parts.is_empty() {
            out.heading(&format!("only in {name}"));
            parts.iter().for_each(|part| out.paragraph(part, 2));
        }
    }
}

/// Where a row is: month, replicate, and scenario if there are several.
fn place_of(divergence: &Divergence, table: &TableComparison, row: &RowDifference) -> String {
    let date = match (table.key, row.date()) {
        (TableKey::Month, Some(date)) => format!("{date}, "),
        (TableKey::Period(_), Some(date)) => format!("phase from {date}, "),
        _ => String::new(),
    };
    let scenario = match divergence.pairs.as_slice() {
        [_] => String::new(),
        pairs => format!("{}, ", pairs[row.pair].labels[0]),
    };
    format!("{date}{scenario}replicate {}", row.replicate)
}

fn first_row(out: &mut Writer, divergence: &Divergence, table: &TableComparison, row: &RowDifference) {
    out.heading(&format!("First difference: {}, {}", table.file, place_of(divergence, table, row)));
    let dated = |column: &str| column == "month" || column == "phase_from" || column == "cohort_from";
    let labels = row.labels.iter().filter(|(column, _)| !dated(column));
    let labels: Vec<String> = labels.map(|(column, cell)| format!("{column} {cell}")).collect();
    if !labels.is_empty() {
        out.paragraph(&format!("row: {}", labels.join(", ")), 2);
    }
    if let Some(side) = row.only {
        out.paragraph(&format!("only {} has this row", NAMES[side]), 2);
    }
    let shown = &row.cells[..row.cells.len().min(MOST_LINES)];
    let cells = |side: usize| -> Vec<String> {
        shown.iter().map(|cell| cell.cells[side].clone().unwrap_or_else(|| "no row".into())).collect()
    };
    let names = shown.iter().map(|cell| cell.column.clone()).collect();
    out.table("column", names, &[("A", cells(0)), ("B", cells(1))]);
    let (columns, rows) = (row.cells.len() - shown.len(), row.more);
    if columns > 0 {
        out.paragraph(&format!("and {columns} more columns: --json lists them"), 2);
    }
    if rows > 0 {
        let (s, verb) = if rows == 1 { ("", "differs") } else { ("s", "differ") };
        out.paragraph(&format!("{} more row{s} of this month {verb}", count(rows)), 2);
    }
}

/// A line for each table.
fn every_table(out: &mut Writer, divergence: &Divergence) {
    out.heading("tables");
    let list = &divergence.tables;
    let first = list.iter().map(|table| match &table.first {
        Some(row) => place_of(divergence, table, row),
        None if table.rows == [0, 0] => "no row in common".to_owned(),
        None => "equal".to_owned(),
    });
    let runs = list.iter().map(|table| format!("{} of {}", count(table.runs_differing), count(table.runs)));
    let rows = list.iter().map(|table| count(table.rows[0].max(table.rows[1])));
    let columns = [
        ("rows", rows.collect()),
        ("runs that differ", runs.collect()),
        ("first difference", first.collect()),
    ];
    out.table("table", list.iter().map(|table| table.file.clone()).collect(), &columns);
    let partial: Vec<&str> =
        list.iter().filter(|table| table.partial).map(|table| table.file.as_str()).collect();
    if !partial.is_empty() {
        let text = format!(
            "Of {} only the rows that do not depend on the last month and the dates of phases are compared.",
            partial.join(", ")
        );
        out.paragraph(&text, 2);
    }
    if !divergence.derived.is_empty() {
        let text = format!("Computed from these and not compared: {}", divergence.derived.join(", "));
        out.paragraph(&text, 2);
    }
}

/// Warns of a difference in a month in which the scenarios cannot cause one.
fn warn_if_too_early(
    out: &mut Writer,
    divergence: &Divergence,
    table: &TableComparison,
    row: &RowDifference,
) {
    if divergence.too_early(table, row) {
        let when = divergence.pairs[row.pair].scenarios.as_ref().and_then(|found| found.first_month);
        let cannot = when.map_or_else(
            || "the scenarios, seed and replicate are the same".to_owned(),
            |month| format!("the scenarios, with the same seed, cannot differ before {month}"),
        );
        out.heading(&format!(
            "warning: {cannot}, but the rows differ: another program wrote one of the folders, or it is damaged; \
             `kadry verify` recomputes a folder"
        ));
    }
}

fn recomputation(out: &mut Writer, divergence: &Divergence, found: &Recomputation) {
    out.heading(&format!("recomputed: replicate {} of both, to {}", found.replicate, found.until));
    reproductions(out, divergence, found);
    let Some(parting) = &found.parting else {
        let equal = if found.reproduced.iter().any(|one| matches!(one, Reproduction::Differs { .. })) {
            "As computed, the societies do not part."
        } else {
            "The societies are equal in every person, unit and region: what the tables show is computed from the levers."
        };
        out.paragraph(equal, 2);
        return;
    };
    let first_row = divergence.first().filter(|(table, _)| table.key == TableKey::Month);
    let row = first_row.and_then(|(_, row)| row.date());
    let when = match parting.month {
        None => "The societies differ from the start, before January 1928.".to_owned(),
        Some(month) => {
            let month = month.to_string();
            let relation = match &row {
                Some(row) if *row > month => format!(", before any row of a table does ({row})"),
                Some(row) if *row < month => format!(", after the rows of the tables ({row})"),
                _ => String::new(),
            };
            format!("The societies part in {month}{relation}.")
        }
    };
    out.paragraph(&when, 2);
    let draws = if divergence.same_draws() {
        "Seed and replicate are the same, so every draw is the same on both sides: differences come from the scenario, or \
         from the state that it led to."
    } else {
        "The seeds differ, so every draw differs."
    };
    out.paragraph(draws, 2);
    steps(out, parting, "The first step of the month after which anything differs.");
    if let Some(people) = &found.people {
        if let Some(month) = people.month {
            out.heading(&format!("People part in {month}."));
        }
        steps(out, people, "The first step of the month after which a person differs.");
    } else if !parting.end.of_people() {
        out.paragraph(&format!("No person differs up to {}.", found.until), 2);
    }
}

fn reproductions(out: &mut Writer, divergence: &Divergence, found: &Recomputation) {
    if let [Reproduction::Equal(left), Reproduction::Equal(right)] = found.reproduced {
        let text = format!(
            "All {} rows by month of A and {} of B up to then are those that this program computes.",
            count(left),
            count(right)
        );
        return out.paragraph(&text, 2);
    }
    for (side, reproduction) in found.reproduced.iter().enumerate() {
        let (name, path) = (NAMES[side], &divergence.sides[side].path);
        let text = match reproduction {
            Reproduction::Equal(rows) => {
                format!(
                    "All {} rows by month of {name} up to then are those that this program computes.",
                    count(*rows)
                )
            }
            Reproduction::Unknown => format!("{name} has no table by month to check the recomputation with."),
            Reproduction::Differs { file, month, cell } => {
                let what = match cell {
                    Some([column, recorded, computed]) => {
                        format!("{column} is {recorded} in the folder and {computed} when computed")
                    }
                    None => "the folder has other rows".to_owned(),
                };
                format!(
                    "warning: {name} is not what this program computes: in {file}, {month}, {what}. Another program wrote \
                     the folder, or it is damaged. This checks all of it:"
                )
            }
        };
        out.paragraph(&text, 2);
        if let Reproduction::Differs { .. } = reproduction {
            out.line(&format!("  kadry verify {path}"));
        }
    }
}

/// The step, and who differs after it and at the end of the month.
fn steps(out: &mut Writer, parting: &Parting, first: &str) {
    let month = parting.month.map(|month| month.to_string());
    match (&parting.step, &month) {
        (Some(step), Some(_)) => {
            out.heading(&format!("step {}: {} ({})", step.step.number, step.step.words, step.step.name));
            out.paragraph(first, 2);
            society(out, &step.difference);
            draws(out, &parting.draws);
            if step.difference.first != parting.end.first {
                out.heading("end of the month");
                society(out, &parting.end);
            }
        }
        (None, Some(month)) => {
            out.heading(&format!("end of {month}"));
            out.paragraph("The society is too large to repeat the month step by step.", 2);
            society(out, &parting.end);
        }
        (_, None) => {
            out.heading("start");
            society(out, &parting.end);
            draws(out, &parting.draws);
        }
    }
}

fn draws(out: &mut Writer, draws: &[SharedDraw]) {
    if draws.is_empty() {
        return;
    }
    let cells = |side: usize| draws.iter().map(|draw| format!("{:.7}", draw.uniforms()[side])).collect();
    let names = draws.iter().map(|draw| draw.draw.name.to_owned()).collect();
    out.table("draw of this person", names, &[("A", cells(0)), ("B", cells(1))]);
}

fn society(out: &mut Writer, difference: &SocietyDifference) {
    let SocietyDifference { people, differing, only, first } = difference;
    if difference.of_people() {
        let mut counts =
            format!("{} of {} people differ", count(*differing), count(people[0].max(people[1])));
        for (name, only) in NAMES.iter().zip(only).filter(|(_, only)| **only > 0) {
            counts += &format!("; {} are only in {name}", count(*only));
        }
        out.paragraph(&format!("{counts}."), 2);
    } else {
        out.paragraph("No person differs.", 2);
    }
    let list = match first {
        Differing::Person { sides, fields } => {
            out.paragraph(&format!("first: {}", person_text(&sides[0])), 2);
            fields
        }
        Differing::PersonOfOne(sides) => {
            for (name, side) in NAMES.iter().zip(sides.iter()) {
                if let Some(person_at) = side {
                    out.paragraph(&format!("first, only in {name}: {}", person_text(person_at)), 2);
                }
            }
            return;
        }
        Differing::Unit { place, fields } => {
            out.paragraph(&format!("first: {}", place_text(*place)), 2);
            fields
        }
        Differing::Region(number, fields) => {
            out.paragraph(&format!("first: region {number}"), 2);
            fields
        }
        Differing::Centre(fields) => {
            out.paragraph("first: the centre", 2);
            fields
        }
        Differing::School(fields) => {
            out.paragraph("first: the technical school", 2);
            fields
        }
        Differing::Structure(fields) => {
            out.paragraph("first: the structure of the society", 2);
            fields
        }
    };
    fields(out, list);
}

fn fields(out: &mut Writer, list: &[Field]) {
    let shown = &list[..list.len().min(MOST_LINES)];
    let names = shown.iter().map(|field| field.name.to_owned()).collect();
    let side = |value: fn(&Field) -> &String| shown.iter().map(|field| value(field).clone()).collect();
    out.table("attribute", names, &[("A", side(|field| &field.left)), ("B", side(|field| &field.right))]);
    if list.len() > shown.len() {
        out.paragraph(&format!("and {} more: --json lists them", list.len() - shown.len()), 2);
    }
}

/// A person in words: identity, rank, place, and how the person entered.
fn person_text(person_at: &PersonAt) -> String {
    let person = person_at.person.identity;
    let (rank, place) = (person_at.rank_name(), place_text(person_at.place));
    format!("person {}, {rank} in {place}; {}", identity::text(person), entry_text(person))
}
