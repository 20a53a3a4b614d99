//! Finds finished runs among the parts by their address.

use super::address::Address;
use super::part::{Part, PartFault, PartHead};
use super::version::{RESULTS_VERSION, changes_since};
use crate::output::folder::{FolderError, Parts};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// Number of decoded parts that are kept in memory: reading runs in order needs few at a time.
const DECODED: usize = 8;

/// How thoroughly parts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Read the header alone.
    Header,
    /// Check the digest, and report damaged parts.
    Digest,
    /// Check the digest, and put damaged parts aside.
    Repair,
    /// The same, and put parts with results of another version aside, too.
    Replace,
}

/// Where a run is.
#[derive(Debug, Clone, Copy)]
struct Place {
    part: usize,
    run: usize,
    agent_months: u64,
}

/// The finished runs of a result folder.
pub struct Store {
    parts: Parts,
    /// Tables that a run must have, in the order of the plan.
    tables: Vec<String>,
    names: Vec<String>,
    places: BTreeMap<Address, Place>,
    decoded: VecDeque<(usize, Arc<StoredPart>)>,
}

/// A decoded part, with the positions of the tables of the plan in it.
pub struct StoredPart {
    part: Part,
    tables: Vec<usize>,
}

/// A finished run: rows by table of the plan.
#[derive(Clone)]
pub struct StoredRun {
    part: Arc<StoredPart>,
    run: usize,
}

impl StoredRun {
    /// The rows in a table, by its position in the plan.
    pub fn rows(&self, table: usize) -> &[u8] {
        self.part.part.rows(self.run, self.part.tables[table])
    }
}

/// The error if the parts of a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A part stands in the place of a batch and cannot be used.
    #[error(
        "{0}/.kadry/parts has a part that cannot be used and cannot be put aside: remove it, and give the command again"
    )]
    Blocked(String),
    /// The parts have results of another version.
    #[error(
        "{folder} has finished runs with results of version {theirs}, and this kadry has version {ours} ({}): finish it \
         with the kadry that began it, or give --force to compute all runs again", changes_since(*.theirs)
    )]
    OtherResults {
        /// The folder.
        folder: String,
        /// Version of the parts.
        theirs: u32,
        /// Version of this program.
        ours: u32,
    },
}

impl Store {
    /// Creates a store that knows no runs yet; `tables` are those of the plan as parts name them.
    pub fn new(parts: Parts, tables: Vec<String>) -> Self {
        Store { parts, tables, names: Vec::new(), places: BTreeMap::new(), decoded: VecDeque::new() }
    }

    /// Names of the parts that have been read.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The parts.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Reads the parts that are not known yet. Damaged parts are left out.
    ///
    /// # Errors
    ///
    /// If a part cannot be read, or has results of another version that may not be replaced.
    pub fn refresh(&mut self, check: Check) -> Result<Refreshed, StoreError> {
        let known: BTreeSet<&String> = self.names.iter().collect();
        let mut names = self.parts.names()?;
        names.retain(|name| !known.contains(name));
        let mut refreshed = Refreshed::default();
        let read = |name: &String| -> Result<Option<Result<PartHead, PartFault>>, FolderError> {
            Ok(match check {
                Check::Header => self.parts.read_lines(name, 2)?.map(|lines| Part::read_head(&lines)),
                _ => self
                    .parts
                    .read(name)?
                    .map(|bytes| Part::decode(&bytes).map(|part| (part.tables, part.runs))),
            })
        };
        let read: Vec<_> = names.par_iter().map(read).collect();
        for (name, part) in names.iter().zip(read) {
            match part? {
                None => {}
                Some(Ok((tables, runs))) => {
                    refreshed.runs += runs.len() as u64;
                    self.add(name, &tables, &runs);
                }
                Some(Err(PartFault::OtherResults(theirs))) if check != Check::Replace => {
                    let folder = self.parts.shown().display().to_string();
                    return Err(StoreError::OtherResults { folder, theirs, ours: RESULTS_VERSION });
                }
                Some(Err(_)) => {
                    refreshed.damaged.push(name.clone());
                    if matches!(check, Check::Repair | Check::Replace) {
                        self.parts.put_aside(name);
                    }
                }
            }
        }
        Ok(refreshed)
    }

    /// Adds the runs of a part. A part without one of the tables is of no use.
    pub fn add(&mut self, name: &str, tables: &[String], runs: &[(Address, u64)]) {
        let part = self.names.len();
        self.names.push(name.to_owned());
        if !self.tables.iter().all(|table| tables.iter().any(|other| other == table)) {
            return;
        }
        for (run, (address, agent_months)) in runs.iter().enumerate() {
            self.places.entry(*address).or_insert(Place { part, run, agent_months: *agent_months });
        }
    }

    /// Whether a run is finished.
    pub fn has(&self, address: &Address) -> bool {
        self.places.contains_key(address)
    }

    /// Number of finished runs, also of other studies.
    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// Sum over months of the people present in a finished run.
    pub fn agent_months(&self, address: &Address) -> u64 {
        self.places.get(address).map_or(0, |place| place.agent_months)
    }

    /// The rows of a finished run.
    ///
    /// # Errors
    ///
    /// If the run is not finished, or its part has been removed or changed since.
    pub fn run(&mut self, address: &Address) -> Result<StoredRun, FolderError> {
        let lost = |name: &str| FolderError::Lost {
            path: self.parts.shown().into(),
            file: format!("{}/parts/{name}", crate::output::folder::WORK),
        };
        let place = *self.places.get(address).ok_or_else(|| lost(""))?;
        if let Some((_, part)) = self.decoded.iter().find(|(part, _)| *part == place.part) {
            return Ok(StoredRun { part: Arc::clone(part), run: place.run });
        }
        let name = &self.names[place.part];
        let bytes = self.parts.read(name)?;
        let part = bytes.and_then(|bytes| Part::decode(&bytes).ok()).ok_or_else(|| lost(name))?;
        let position = |table: &String| part.tables.iter().position(|other| other == table);
        let tables =
            self.tables.iter().map(position).collect::<Option<Vec<_>>>().ok_or_else(|| lost(name))?;
        let part = Arc::new(StoredPart { part, tables });
        if self.decoded.len() == DECODED {
            self.decoded.pop_front();
        }
        self.decoded.push_back((place.part, Arc::clone(&part)));
        Ok(StoredRun { part, run: place.run })
    }
}

/// What [`Store::refresh`] found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// Number of runs in the parts that were read.
    pub runs: u64,
    /// Names of damaged parts.
    pub damaged: Vec<String>,
}
