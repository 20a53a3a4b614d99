//! Takes finished runs from other result folders: from the parts of an unfinished one, or the tables of a finished one.

use super::Study;
use super::address::Address;
use super::part::{self, Part};
use super::rows::RunValues;
use super::store::Store;
use super::version::{RESULTS_VERSION, changes_since};
use crate::experiment::replicate::RunOutput;
use crate::experiment::stored::StoredResult;
use crate::experiment::tables::Table;
use crate::model::phase::PHASE_MEASURES;
use crate::output::folder::{FolderError, parts_of, plan_of};
use crate::output::reading::{ReadError, ResultFolder};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Size of the rows at which a part is stored.
const PART_BYTES: usize = 4 << 20;

/// The error if the runs of a folder cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The folder cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A run cannot be stored, or a plan cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The folder has results of another version.
    #[error(
        "--reuse: {folder} has results of version {results}, and this kadry has version {RESULTS_VERSION} ({}): leave out \
         --reuse, and the runs are computed again", changes_since(*.results)
    )]
    OtherResults {
        /// The folder.
        folder: PathBuf,
        /// Version of its results.
        results: u32,
    },
}

/// What a folder is to the study that takes runs from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// That of another study.
    Other,
    /// Its own, whose result it extends.
    Extended,
    /// Its own, whose result, if there is one, it replaces. If that is damaged, the runs are computed again.
    Replaced,
}

/// Fails if a folder has no runs that could be taken.
///
/// # Errors
///
/// If it is no result folder, or has results of another version.
pub fn check(folder: &Path) -> Result<(), ImportError> {
    let results = match ResultFolder::open(folder) {
        Ok(result) => result.manifest.plan.results,
        Err(ReadError::Unfinished(_)) => plan_of(folder)?.map_or(RESULTS_VERSION, |plan| plan.mark.results),
        Err(error) => return Err(error.into()),
    };
    if results == RESULTS_VERSION {
        return Ok(());
    }
    Err(ImportError::OtherResults { folder: folder.into(), results })
}

/// Copies the runs that a study needs and does not have from a folder into its parts. Returns the number of runs.
///
/// # Errors
///
/// If the folder cannot be read, or a run cannot be stored.
pub fn import(study: &Study, store: &mut Store, folder: &Path, source: Source) -> Result<u64, ImportError> {
    let missing: BTreeSet<Address> =
        study.runs().map(|run| study.address(run)).filter(|address| !store.has(address)).collect();
    if missing.is_empty() {
        return Ok(0);
    }
    let before = store.count();
    if source == Source::Other && plan_of(folder)?.is_some() {
        from_parts(study, store, folder, &missing)?;
    }
    match ResultFolder::open(folder) {
        Ok(result) => match from_tables(study, store, result, &missing, source != Source::Other) {
            Err(ImportError::Read(_)) if source == Source::Replaced => {}
            taken => taken?,
        },
        Err(_) if source != Source::Other => {}
        Err(ReadError::Unfinished(_)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok((store.count() - before) as u64)
}

/// Copies the runs of a finished result that `wanted` selects into the parts of a study.
///
/// # Errors
///
/// As [`import`].
pub fn from_result(
    study: &Study,
    store: &mut Store,
    folder: &Path,
    wanted: impl Fn(&Address) -> bool,
) -> Result<(), ImportError> {
    let missing = study.runs().map(|run| study.address(run)).filter(wanted).collect();
    from_tables(study, store, ResultFolder::open(folder)?, &missing, false)
}

fn from_parts(
    study: &Study,
    store: &mut Store,
    folder: &Path,
    missing: &BTreeSet<Address>,
) -> Result<(), ImportError> {
    let parts = parts_of(folder)?;
    let recorded = study.recorded();
    for name in parts.names()? {
        // A part of another version, or with other tables, is none for this study.
        let Some(bytes) = parts.read(&name)? else { continue };
        let Ok(part) = Part::decode(&bytes) else { continue };
        let usable = recorded.iter().all(|table| part.tables.contains(table));
        if usable && part.runs.iter().any(|(address, _)| missing.contains(address)) {
            store.parts().store(&name, &bytes)?;
            store.add(&name, &part.tables, &part.runs);
        }
    }
    Ok(())
}

fn from_tables(
    study: &Study,
    store: &mut Store,
    folder: ResultFolder,
    missing: &BTreeSet<Address>,
    own: bool,
) -> Result<(), ImportError> {
    let results = folder.manifest.plan.results;
    if results != RESULTS_VERSION {
        return if own { Ok(()) } else { Err(ImportError::OtherResults { folder: folder.path, results }) };
    }
    let tables = &study.base.tables;
    let result = StoredResult::open(folder)?;
    for table in tables {
        if !result.has(*table)? {
            return Ok(());
        }
    }
    let names = study.recorded();
    let mut open: Vec<(Address, RunOutput)> = Vec::new();
    let mut size = 0;
    let mut store_open = |open: &mut Vec<(Address, RunOutput)>| -> Result<(), ImportError> {
        if open.is_empty() {
            return Ok(());
        }
        let name = part::name(&names, open.iter().map(|(address, _)| *address));
        store.parts().store(&name, &part::encode(&names, open))?;
        let runs: Vec<(Address, u64)> =
            open.iter().map(|(address, output)| (*address, output.agent_months)).collect();
        store.add(&name, &names, &runs);
        open.clear();
        Ok(())
    };
    result.runs(tables, |run| {
        let address = result.address(run.variant, run.replicate);
        if let Some(address) = address.filter(|address| missing.contains(address)) {
            size += run.tables.iter().map(Vec::len).sum::<usize>();
            let agent_months = agent_months(tables, &run.tables);
            open.push((address, RunOutput { tables: run.tables, agent_months, ..RunOutput::default() }));
        }
        if size >= PART_BYTES {
            size = 0;
            store_open(&mut open)?;
        }
        Ok::<(), ImportError>(())
    })?;
    store_open(&mut open)
}

/// Sum over months of the people present, from the rows of `phases.csv`: a mean over months times their number is whole.
fn agent_months(tables: &[&'static dyn Table], rows: &[Vec<u8>]) -> u64 {
    let names = tables.iter().map(|table| table.layout().name);
    let values = RunValues::read(names.zip(rows.iter().map(Vec::as_slice)));
    let position = |key: &str| PHASE_MEASURES.iter().position(|measure| measure.key == key);
    let of = |phase: &[Option<f64>]| {
        let value = |key| position(key).and_then(|position| *phase.get(position)?);
        Some((value("months")? * value("people")?).round() as u64)
    };
    values.phases.iter().filter_map(|phase| of(phase)).sum()
}
