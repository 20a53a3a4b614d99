//! Reads the values by replicate that predictions compare, from `phases.csv` and `whole_period.csv`.

use super::number;
use crate::experiment::compare::samples::Samples;
use crate::experiment::compare::tables::Names;
use crate::experiment::study::rows::RunValues;
use crate::model::phase::PHASE_MEASURES;
use crate::output::reading::{ReadError, ResultFolder};
use std::collections::BTreeMap;

/// The tables that are read.
pub const TABLES: [&str; 2] = ["phases", "whole_period"];

/// Reads the values of every phase that was reached and of the whole period, without months.
///
/// # Errors
///
/// If a table cannot be read.
pub fn read(folder: &ResultFolder, names: &Names) -> Result<Samples, ReadError> {
    let undefined = || vec![None; PHASE_MEASURES.len()];
    let empty = || RunValues {
        phases: vec![undefined(); names.phases.len()],
        whole: undefined(),
        ..RunValues::default()
    };
    let mut outputs: BTreeMap<(usize, u32), RunValues> = BTreeMap::new();
    let measures = || PHASE_MEASURES.iter().map(|measure| measure.key);
    let place = |scenario: &str, replicate: &str| {
        let scenario = names.scenarios.iter().position(|name| name == scenario)?;
        Some((scenario, replicate.parse::<u32>().ok()?))
    };
    let columns: Vec<&str> = ["scenario", "replicate", "phase"].into_iter().chain(measures()).collect();
    folder.rows("phases.csv", &columns, |cells| {
        let phase = names.phases.iter().position(|name| name == cells[2]);
        if let Some((place, phase)) = place(cells[0], cells[1]).zip(phase) {
            let output = outputs.entry(place).or_insert_with(empty);
            output.phases[phase] = cells[3..].iter().map(|cell| number(cell)).collect();
        }
    })?;
    let columns: Vec<&str> = ["scenario", "replicate"].into_iter().chain(measures()).collect();
    folder.rows("whole_period.csv", &columns, |cells| {
        if let Some(place) = place(cells[0], cells[1]) {
            let output = outputs.entry(place).or_insert_with(empty);
            output.whole = cells[2..].iter().map(|cell| number(cell)).collect();
        }
    })?;
    let mut samples = Samples::new(names.scenarios.len(), names.phases.len(), 0);
    for ((scenario, replicate), output) in &outputs {
        samples.add(*scenario, *replicate, output);
    }
    Ok(samples)
}
