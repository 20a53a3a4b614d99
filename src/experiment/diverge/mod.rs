//! Finds where two results part: the first row of the tables that differs, and the first person.
//!
//! [`sides`] opens the folders and pairs their scenarios and replicates, [`tables`] compares the tables by replicate, and
//! [`recompute`] runs the replicate that differs first on both sides, step by step in the month in which the societies
//! part. Nothing here prints.

pub mod fields;
pub mod recompute;
pub mod sides;
pub mod state;
pub mod tables;

use crate::output::reading::{ReadError, ResultFolder};
use sides::{Pair, Side};
use tables::{RowDifference, TableComparison, TableKey};

/// Names of the two sides in data.
pub const SIDES: [&str; 2] = ["left", "right"];

/// The error if two folders cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum DivergeError {
    /// A folder or a table cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A folder holds runs that this command cannot pair.
    #[error(
        "{folder} is {kind}; this command compares folders of `kadry run` and `kadry compare` with replicates"
    )]
    OtherKind {
        /// Path of the folder.
        folder: String,
        /// What it is.
        kind: &'static str,
    },
    /// A folder has no scenario of this name.
    #[error("{folder} has no scenario {asked:?}: it has {has}; give one of these names with --scenario")]
    NoScenario {
        /// Path of the folder.
        folder: String,
        /// The name asked for.
        asked: String,
        /// Labels of its scenarios.
        has: String,
    },
    /// The folders have no scenario of the same label, and at least one has several scenarios.
    #[error(
        "the folders have no scenario in common: the first has {left}, the second {right}; to compare scenarios of \
         different names, use folders of `kadry run`, or name one with --scenario if the other folder has one scenario"
    )]
    NoPair {
        /// Labels on the left.
        left: String,
        /// Labels on the right.
        right: String,
    },
    /// The folders have no finished replicate in common.
    #[error(
        "the folders have no replicate in common: the first has {left}, the second {right}; run one of them again with \
         --replicate or --replicates so that they share a number"
    )]
    NoReplicate {
        /// Replicates on the left.
        left: String,
        /// Replicates on the right.
        right: String,
    },
    /// The folders have no table by replicate in common.
    #[error(
        "the folders have no table by replicate in common: the first has {left}, the second {right}; run one of them again \
         with --tables series"
    )]
    NoTable {
        /// Tables on the left.
        left: String,
        /// Tables on the right.
        right: String,
    },
}

/// How two result folders compare.
#[derive(Debug)]
pub struct Divergence {
    /// The folders, in the order given.
    pub sides: [Side; 2],
    /// The scenarios that are compared, in the order of the left folder.
    pub pairs: Vec<Pair>,
    /// Labels of scenarios that only the left or only the right folder has.
    pub unpaired: [Vec<String>; 2],
    /// The tables by replicate that both folders have, in the order of the documentation.
    pub tables: Vec<TableComparison>,
    /// Names of tables that only the left or only the right folder has.
    pub tables_of_one: [Vec<String>; 2],
    /// Names of tables of both folders that are computed over replicates and are not compared.
    pub derived: Vec<String>,
}

impl Divergence {
    /// The first difference: of the earliest month in a table by month, else in a table by phase or cohort, else in
    /// another; of several in the same month, the first table, scenario and replicate.
    pub fn first(&self) -> Option<(&TableComparison, &RowDifference)> {
        let differing = self.tables.iter().filter_map(|table| Some((table, table.first.as_ref()?)));
        differing.min_by_key(|(table, row)| (table.key.order(), row.key, row.pair, row.replicate))
    }

    /// Whether equal replicates of both folders share their random draws.
    pub fn same_draws(&self) -> bool {
        self.sides[0].seed == self.sides[1].seed
    }

    /// Whether a row by month differs before the scenarios can make it differ, though the draws are the same. Then
    /// another program wrote one of the folders, or it is damaged.
    pub fn too_early(&self, table: &TableComparison, row: &RowDifference) -> bool {
        let scenarios = self.pairs[row.pair].scenarios.as_ref();
        let month = scenarios.map(|found| found.first_month.map_or(i32::MAX, tables::months_of));
        self.same_draws() && table.key == TableKey::Month && month.is_some_and(|month| row.key < month)
    }
}

/// Compares the tables of two result folders. `scenario` chooses one scenario of folders that have several.
///
/// # Errors
///
/// If a table cannot be read or does not match its digest, or the folders have nothing in common.
pub fn compare(
    left: &ResultFolder,
    right: &ResultFolder,
    scenario: Option<&str>,
) -> Result<Divergence, DivergeError> {
    let folders = [left, right];
    let sides = [Side::open(left)?, Side::open(right)?];
    let (pairs, unpaired) = sides::pair(&sides, scenario)?;
    if pairs.iter().all(|pair| pair.replicates.is_empty()) {
        let [left, right] = [0, 1].map(|side| sides::replicates_text(&sides[side], &pairs, side));
        return Err(DivergeError::NoReplicate { left, right });
    }
    let found = tables::find(folders)?;
    if found.common.is_empty() {
        let list = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let [left, right] = found.of_one.each_ref().map(|names| list(names));
        return Err(DivergeError::NoTable { left, right });
    }
    let mut compared = Vec::new();
    for table in found.common {
        compared.push(tables::compare(folders, &sides, &pairs, table)?);
    }
    Ok(Divergence {
        sides,
        pairs,
        unpaired,
        tables: compared,
        tables_of_one: found.of_one,
        derived: found.derived,
    })
}
