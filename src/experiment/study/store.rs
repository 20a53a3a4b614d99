//! Finds finished runs among the parts by their address.

use super::address::Address;
use super::part::{Part, PartFault};
use super::version::{RESULTS_VERSION, changes_since};
use crate::output::folder::{FolderError, Parts};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// Number of decoded parts that are kept in memory: reading runs in order needs few at a time.
const DECODED: usize = 8;

/// Number of parts that are read at once.
const AT_ONCE: usize = 64;

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
    tables: Vec<&'static str>,
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
    /// Creates a store that knows no runs yet; `tables` are the names of the tables of the plan.
    pub fn new(parts: Parts, tables: Vec<&'static str>) -> Self {
        Store { parts, tables, names: Vec::new(), places: BTreeMap::new(), decoded: VecDeque::new() }
    }

    /// The parts.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Reads the parts that are not known yet, and checks them. Damaged parts are left out, and removed if `repair` is set.
    /// Parts with results of another version are removed if `replace` is set.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read, or, without `replace`, a part has results of another version.
    pub fn refresh(&mut self, repair: bool, replace: bool) -> Result<Refreshed, StoreError> {
        let known: BTreeSet<&String> = self.names.iter().collect();
        let mut names = self.parts.names()?;
        names.retain(|name| !known.contains(name));
        let mut refreshed = Refreshed::default();
        for names in names.chunks(AT_ONCE) {
            let read = |name: &String| match self.parts.read(name) {
                Some(bytes) => Part::decode(&bytes).map(|part| (part.tables, part.runs)),
                None => Err(PartFault::Damaged),
            };
            let read: Vec<_> = names.par_iter().map(read).collect();
            for (name, part) in names.iter().zip(read) {
                match part {
                    Ok((tables, runs)) => self.add(name, &tables, &runs),
                    Err(PartFault::OtherResults(theirs)) if !replace => {
                        let folder = self.parts.shown().display().to_string();
                        return Err(StoreError::OtherResults { folder, theirs, ours: RESULTS_VERSION });
                    }
                    Err(_) => {
                        refreshed.damaged.push(name.clone());
                        if repair || replace {
                            self.parts.remove(name);
                        }
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
    pub fn len(&self) -> usize {
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
        let part =
            self.parts.read(name).and_then(|bytes| Part::decode(&bytes).ok()).ok_or_else(|| lost(name))?;
        let position = |table: &&str| part.tables.iter().position(|other| other == table);
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
    /// Names of damaged parts.
    pub damaged: Vec<String>,
}
