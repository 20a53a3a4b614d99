//! Compares the tables by replicate of two folders: the first month in which each differs, and the first row in it.
//!
//! Tables may be larger than memory, so they are streamed. The first pass keeps one hash for each scenario, replicate and
//! month; the second reads the rows of the first month that differs. The columns `scenario` and `seed` and the names of
//! phases are labels and are not compared. A cohort has the name of a phase, too, unless it is that of the start.

use super::DivergeError;
use super::sides::{Pair, Side};
use crate::engine::calendar::Month;
use crate::experiment::tables::survival::START;
use crate::experiment::tables::whole_period::WholePeriod;
use crate::experiment::tables::{Table, layouts};
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::{Kind, Layout};
use crate::scenario::Scenario;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Columns that label a row and are not compared.
const LABELS: [&str; 4] = ["scenario", "replicate", "seed", "phase"];

/// The column that distinguishes the cohort of the start from that of the first phase. Names of phases are not compared.
const COHORT: &str = "cohort";

/// What stands for the name of a phase in [`COHORT`].
const OF_A_PHASE: &str = "of a phase";

/// Columns of numbers that identify a row, by file. Columns of text and months identify it in every table.
const NUMBERS_THAT_IDENTIFY: [(&str, &str); 6] = [
    ("survival.csv", "months"),
    ("plants.csv", "unit"),
    ("regions.csv", "region"),
    ("party.csv", "year"),
    ("party.csv", "joined_in"),
    ("arrests.csv", "year"),
];

/// The column by which the rows of a table are dated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKey {
    /// `month`.
    Month,
    /// The first month of a phase or cohort, in this column. What happened then may be many months later.
    Period(&'static str),
    /// None: the rows are about whole runs.
    Run,
}

impl TableKey {
    /// Returns 0 for tables by month, which date a difference best, then 1 and 2.
    pub(super) fn order(self) -> u8 {
        match self {
            TableKey::Month => 0,
            TableKey::Period(_) => 1,
            TableKey::Run => 2,
        }
    }

    fn of(columns: &[String]) -> TableKey {
        let has = |name: &str| columns.iter().any(|column| column == name);
        match ["phase_from", "cohort_from"].into_iter().find(|name| has(name)) {
            _ if has("month") => TableKey::Month,
            Some(name) => TableKey::Period(name),
            None => TableKey::Run,
        }
    }

    fn column(self) -> Option<&'static str> {
        match self {
            TableKey::Month => Some("month"),
            TableKey::Period(column) => Some(column),
            TableKey::Run => None,
        }
    }
}

/// How one table compares.
#[derive(Debug, Clone, PartialEq)]
pub struct TableComparison {
    /// Name of the file.
    pub file: String,
    /// How its rows are dated.
    pub key: TableKey,
    /// Rows of each folder that were compared.
    pub rows: [u64; 2],
    /// Pairs of runs that were compared, and how many of them differ.
    pub runs: u64,
    /// How many of them differ.
    pub runs_differing: u64,
    /// The first row that differs, in the earliest month; `None` if all rows in common are equal.
    pub first: Option<RowDifference>,
    /// Columns of the left or the right table alone.
    pub columns_of_one: [Vec<String>; 2],
    /// Whether rows were left out because the runs end in different months or the phases have different dates.
    pub partial: bool,
}

/// A row that differs, or that only one table has.
#[derive(Debug, Clone, PartialEq)]
pub struct RowDifference {
    /// Month, or first month of the phase or cohort, counted from the year 0; 0 in a table about whole runs.
    pub key: i32,
    /// Position of the pair of scenarios.
    pub pair: usize,
    /// Number of the replicate.
    pub replicate: u32,
    /// The cells that identify the row, by column.
    pub labels: Vec<(String, String)>,
    /// The side that alone has the row, 0 or 1; `None` if both have it.
    pub only: Option<usize>,
    /// The cells that differ; all values of a row that one side has.
    pub cells: Vec<CellDifference>,
    /// Further rows that differ in this month, scenario and replicate.
    pub more: u64,
}

impl RowDifference {
    /// The month of the key as text: `1937-08`; `None` in a table about whole runs.
    pub fn date(&self) -> Option<String> {
        (self.key > 0).then(|| format!("{}-{:02}", self.key.div_euclid(12), self.key.rem_euclid(12) + 1))
    }
}

/// Both values of a cell; `None` on a side that does not have the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellDifference {
    /// Name of the column.
    pub column: String,
    /// The cell of each side.
    pub cells: [Option<String>; 2],
}

/// A table that both folders have.
pub(super) struct CommonTable {
    pub(super) file: String,
    key: TableKey,
    /// Columns that are compared, in the order of the left table.
    compared: Vec<String>,
    of_one: [Vec<String>; 2],
}

/// The tables of two folders.
pub(super) struct Found {
    pub(super) common: Vec<CommonTable>,
    pub(super) of_one: [Vec<String>; 2],
    pub(super) derived: Vec<String>,
}

/// The layouts of the tables by replicate, in the order of the documentation.
fn known() -> Vec<Layout> {
    layouts().into_iter().chain([WholePeriod.layout()]).collect()
}

/// Lists the tables of two folders.
pub(super) fn find(folders: [&ResultFolder; 2]) -> Result<Found, DivergeError> {
    let known = known();
    let order = |file: &str| known.iter().position(|layout| layout.file() == file).unwrap_or(known.len());
    let tables = folders.map(|folder| {
        let names = folder.manifest.files.keys();
        let tables = names.filter(|name| name.ends_with(".csv") && *name != "columns.csv");
        tables.cloned().collect::<BTreeSet<_>>()
    });
    let mut found = Found { common: Vec::new(), of_one: Default::default(), derived: Vec::new() };
    for (side, names) in found.of_one.iter_mut().enumerate() {
        *names = tables[side].difference(&tables[1 - side]).cloned().collect();
        names.sort_by_key(|name| order(name));
    }
    let mut both: Vec<&String> = tables[0].intersection(&tables[1]).collect();
    both.sort_by_key(|name| order(name));
    for file in both {
        let columns = [folders[0].columns(file)?, folders[1].columns(file)?];
        if columns.iter().any(|columns| !["scenario", "replicate"].iter().all(|name| has(columns, name))) {
            found.derived.push(file.clone());
            continue;
        }
        let only = |one: &[String], other: &[String]| -> Vec<String> {
            one.iter().filter(|column| !has(other, column)).cloned().collect()
        };
        let of_one = [only(&columns[0], &columns[1]), only(&columns[1], &columns[0])];
        found.common.push(CommonTable::of(file.clone(), &columns[0], &columns[1], of_one));
    }
    Ok(found)
}

impl CommonTable {
    fn of(file: String, left: &[String], right: &[String], of_one: [Vec<String>; 2]) -> Self {
        let compared = |column: &&String| has(right, column) && !LABELS.contains(&column.as_str());
        let compared: Vec<String> = left.iter().filter(compared).cloned().collect();
        CommonTable { file, key: TableKey::of(&compared), compared, of_one }
    }

    /// Position of [`COHORT`] among the compared columns.
    fn cohort(&self) -> Option<usize> {
        self.compared.iter().position(|column| column == COHORT)
    }
}

/// What is compared of a cell in [`COHORT`].
fn cohort_kind(cell: &str) -> &str {
    if cell == START { START } else { OF_A_PHASE }
}

fn has(columns: &[String], name: &str) -> bool {
    columns.iter().any(|column| column == name)
}

/// The rows of one scenario, replicate and month: their number, and the sum of their hashes, which does not depend on
/// their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Block {
    rows: u64,
    hash: u128,
}

/// Position of the pair, replicate, month.
type BlockKey = (usize, u32, i32);

fn hash(cells: &[&str]) -> u128 {
    let mut digest = Sha256::new();
    for cell in cells {
        digest.update((cell.len() as u64).to_le_bytes());
        digest.update(cell);
    }
    let digest = digest.finalize();
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    u128::from_le_bytes(first)
}

/// Months since the year 0 of `YYYY-MM`.
fn months(text: &str) -> Option<i32> {
    let (year, month) = text.split_once('-')?;
    let (year, month) = (year.parse::<i32>().ok()?, month.parse::<i32>().ok()?);
    (year > 0 && (1..=12).contains(&month)).then(|| year * 12 + month - 1)
}

/// Months since the year 0 of a month.
pub(super) fn months_of(month: Month) -> i32 {
    i32::from(month.year()) * 12 + i32::from(month.month_of_year()) - 1
}

/// Which rows of a table both folders can have.
struct Comparable<'a> {
    file: &'a str,
    key: TableKey,
    last: [i32; 2],
    /// First months of the phases that begin and end in the same months on both sides, by pair; `None` if unknown.
    periods: Vec<Option<BTreeSet<i32>>>,
}

impl<'a> Comparable<'a> {
    fn new(table: &'a CommonTable, sides: &[Side; 2], pairs: &[Pair]) -> Self {
        let last = sides.each_ref().map(|side| side.last);
        let periods = pairs.iter().map(|pair| {
            let [left, right] = [0, 1].map(|side| {
                let scenario = &sides[side].scenarios[pair.positions[side]].scenario;
                scenario.as_ref().ok().map(|scenario| periods(scenario, last[side]))
            });
            let common: BTreeSet<(i32, i32)> = left?.intersection(&right?).copied().collect();
            Some(common.into_iter().map(|(from, _)| from).collect())
        });
        Comparable {
            file: &table.file,
            key: table.key,
            last: last.map(months_of),
            periods: periods.collect(),
        }
    }

    /// Whether rows of this month can be compared; `of_start` is true for the cohort of the start, which no phase bounds.
    fn has(&self, pair: usize, month: i32, of_start: bool) -> bool {
        let end = self.last[0].min(self.last[1]);
        let same_end = self.last[0] == self.last[1];
        match self.key {
            _ if of_start => same_end,
            // The last month of a run has a row even if it is not the end of a year.
            TableKey::Month if self.file == "mobility.csv" => {
                same_end || month < end || (month == end && end % 12 == 11)
            }
            TableKey::Month => month <= end,
            // Spells are observed up to the last month of the run.
            TableKey::Period("cohort_from") => same_end && self.has_period(pair, month),
            TableKey::Period(_) => self.has_period(pair, month),
            TableKey::Run => same_end,
        }
    }

    fn has_period(&self, pair: usize, month: i32) -> bool {
        match &self.periods[pair] {
            Some(periods) => periods.contains(&month),
            None => self.last[0] == self.last[1],
        }
    }
}

/// First and last month of each phase, up to the last month of the run.
fn periods(scenario: &Scenario, last: Month) -> BTreeSet<(i32, i32)> {
    let phases = scenario.phases.iter().enumerate().filter(|(_, phase)| phase.from <= last);
    phases
        .map(|(place, phase)| (months_of(phase.from), months_of(scenario.phase_end(place).min(last))))
        .collect()
}

/// A row of a table that belongs to a pair and a replicate in common.
struct Row<'a> {
    key: BlockKey,
    /// Cells of the compared columns.
    cells: &'a [&'a str],
    /// True for a row of the cohort of the start.
    of_start: bool,
}

/// Calls `take` for each row of one side that belongs to a pair and a replicate in common.
fn each_row(
    folder: &ResultFolder,
    side: usize,
    pairs: &[Pair],
    table: &CommonTable,
    mut take: impl FnMut(Row<'_>),
) -> Result<(), ReadError> {
    let places: BTreeMap<&str, usize> =
        pairs.iter().enumerate().map(|(place, pair)| (pair.labels[side].as_str(), place)).collect();
    let mut columns = vec!["scenario", "replicate"];
    columns.extend(table.key.column());
    let first = columns.len();
    columns.extend(table.compared.iter().map(String::as_str));
    let cohort = table.cohort();
    let mut fault = None;
    folder.rows(&table.file, &columns, |cells| {
        let Some(&place) = places.get(cells[0]) else { return };
        let (Ok(replicate), Some(key)) =
            (cells[1].parse::<u32>(), if first > 2 { months(cells[2]) } else { Some(0) })
        else {
            fault.get_or_insert_with(|| format!("a row has the cells {:?}", cells[..first].join(",")));
            return;
        };
        if !pairs[place].replicates.contains(&replicate) {
            return;
        }
        let (key, cells) = ((place, replicate, key), &cells[first..]);
        match cohort {
            None => take(Row { key, cells, of_start: false }),
            Some(cohort) => {
                let mut cells = cells.to_vec();
                cells[cohort] = cohort_kind(cells[cohort]);
                take(Row { key, cells: &cells, of_start: cells[cohort] == START });
            }
        }
    })?;
    match fault {
        Some(what) => Err(folder.broken(&table.file, what)),
        None => Ok(()),
    }
}

/// Compares one table of both folders.
pub(super) fn compare(
    folders: [&ResultFolder; 2],
    sides: &[Side; 2],
    pairs: &[Pair],
    table: CommonTable,
) -> Result<TableComparison, ReadError> {
    let comparable = Comparable::new(&table, sides, pairs);
    let mut blocks: [BTreeMap<BlockKey, Block>; 2] = Default::default();
    let mut rows = [0; 2];
    let mut partial = false;
    for side in [0, 1] {
        each_row(folders[side], side, pairs, &table, |row| {
            let (pair, _, month) = row.key;
            if !comparable.has(pair, month, row.of_start) {
                partial = true;
                return;
            }
            rows[side] += 1;
            let block = blocks[side].entry(row.key).or_default();
            block.rows += 1;
            block.hash = block.hash.wrapping_add(hash(row.cells));
        })?;
    }
    let keys = blocks[0].keys().chain(blocks[1].keys());
    let differing: BTreeSet<BlockKey> =
        keys.filter(|key| blocks[0].get(key) != blocks[1].get(key)).copied().collect();
    let runs: BTreeSet<(usize, u32)> =
        differing.iter().map(|&(pair, replicate, _)| (pair, replicate)).collect();
    let earliest = differing.iter().min_by_key(|&&(pair, replicate, month)| (month, pair, replicate));
    let first = match earliest {
        Some(&key) => Some(first_row(folders, pairs, &table, &comparable, key)?),
        None => None,
    };
    Ok(TableComparison {
        key: table.key,
        rows,
        runs: pairs.iter().map(|pair| pair.replicates.len() as u64).sum(),
        runs_differing: runs.len() as u64,
        first,
        columns_of_one: table.of_one,
        partial,
        file: table.file,
    })
}

/// Reads the rows of a block on both sides, and finds the first that differs.
fn first_row(
    folders: [&ResultFolder; 2],
    pairs: &[Pair],
    table: &CommonTable,
    comparable: &Comparable<'_>,
    block: BlockKey,
) -> Result<RowDifference, ReadError> {
    let mut rows: [Vec<Vec<String>>; 2] = Default::default();
    for side in [0, 1] {
        each_row(folders[side], side, pairs, table, |row| {
            if row.key == block && comparable.has(block.0, block.2, row.of_start) {
                rows[side].push(row.cells.iter().map(|&cell| cell.to_owned()).collect());
            }
        })?;
    }
    let identifying = identifying(table);
    let differing = differing_rows(&identifying, rows);
    let more = differing.len().saturating_sub(1) as u64;
    let [left, right] = differing.into_iter().next().unwrap_or_default();
    let only = match (&left, &right) {
        (Some(_), None) => Some(0),
        (None, Some(_)) => Some(1),
        _ => None,
    };
    let shown = left.as_ref().or(right.as_ref());
    let of = |place: usize| shown.map_or_else(String::new, |row| row[place].clone());
    let (pair, replicate, key) = block;
    let labels = identifying.iter().map(|&place| (table.compared[place].clone(), of(place))).collect();
    let cells = (0..table.compared.len())
        .filter(|place| !identifying.contains(place))
        .map(|place| CellDifference {
            column: table.compared[place].clone(),
            cells: [&left, &right].map(|row| row.as_ref().map(|row| row[place].clone())),
        })
        .filter(|cell| cell.cells[0] != cell.cells[1])
        .collect();
    Ok(RowDifference { key, pair, replicate, labels, only, cells, more })
}

/// Positions among the compared columns of those that identify a row.
fn identifying(table: &CommonTable) -> Vec<usize> {
    let layout = known().into_iter().find(|layout| layout.file() == table.file);
    let kind = |name: &str| {
        let columns = layout.iter().flat_map(|layout| &layout.columns);
        columns.into_iter().find(|column| column.name == name).map(|column| column.kind)
    };
    let identifies = |name: &str| {
        Some(name) == table.key.column()
            || matches!(kind(name), Some(Kind::Text | Kind::Month))
            || NUMBERS_THAT_IDENTIFY.contains(&(table.file.as_str(), name))
    };
    (0..table.compared.len()).filter(|&place| identifies(&table.compared[place])).collect()
}

/// A row of each side.
type RowPair = [Option<Vec<String>>; 2];

/// The rows that differ: those of the left side in order, each with its partner, then those of the right side alone.
fn differing_rows(identifying: &[usize], [left, right]: [Vec<Vec<String>>; 2]) -> Vec<RowPair> {
    let same_row =
        |one: &[String], other: &[String]| identifying.iter().all(|&place| one[place] == other[place]);
    let mut right: Vec<Option<Vec<String>>> = right.into_iter().map(Some).collect();
    let mut found = Vec::new();
    for row in left {
        let partner =
            right.iter_mut().find(|other| other.as_ref().is_some_and(|other| same_row(&row, other)));
        let partner = partner.and_then(Option::take);
        if partner.as_ref() != Some(&row) {
            found.push([Some(row), partner]);
        }
    }
    found.extend(right.into_iter().flatten().map(|row| [None, Some(row)]));
    found
}

#[cfg(test)]
mod tests;
