//! Computes the distance of a result from each reference series.
//!
//! The model's value is the mean over replicates, its spread their standard deviation. Both model and reference are first
//! put on the basis of the series. The error of a figure is then the natural log of model over reference, and the distance
//! of a series is the root mean square of its errors.

use super::counterpart::{Amount, Basis, COUNTERPARTS, Counterpart};
use super::reference::{Figure, figures};
use crate::engine::calendar::Month;
use crate::experiment::moments::Moments;
use crate::output::manifest::Status;
use crate::output::reading::{ReadError, ResultFolder};
use serde::Serialize;
use std::collections::BTreeMap;

/// A figure and the model's value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureDistance {
    /// Year or month.
    pub date: String,
    /// The published figure, in its own unit.
    pub reference: f64,
    /// The figure on the basis of the series.
    pub reference_on_basis: f64,
    /// The model's value on that basis, mean over replicates; `None` if the months were not run.
    pub model_on_basis: Option<f64>,
    /// Standard deviation over replicates of the model's value, relative to its mean, before any basis.
    pub spread: Option<f64>,
    /// Natural log of model over reference; `None` if the model has no value or the figure is the base.
    pub log_error: Option<f64>,
    /// Grade of the figure.
    pub grade: String,
    /// Its note.
    pub note: String,
}

/// A series and its distance from the model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesDistance {
    /// The series.
    pub series: &'static str,
    /// Unit of the figures.
    pub unit: String,
    /// Grades that occur.
    pub grades: String,
    /// Its counterpart in words; empty without one.
    pub model: &'static str,
    /// The basis in words; `None` without a counterpart.
    pub basis: Option<&'static str>,
    /// Why nothing is compared; `None` with a counterpart.
    pub without: Option<&'static str>,
    /// The caution for readers.
    pub caution: &'static str,
    /// Root mean square of the log errors.
    pub rms_log_error: Option<f64>,
    /// Mean of the log errors; positive if the model is too high.
    pub mean_log_error: Option<f64>,
    /// Correlation of model and figures; `None` below three figures.
    pub correlation: Option<f64>,
    /// The figures.
    pub figures: Vec<FigureDistance>,
}

/// A result compared with all series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HistoryComparison {
    /// Name of the scenario.
    pub scenario: String,
    /// Its hash.
    pub hash: String,
    /// Seed.
    pub seed: u64,
    /// Replicates that were compared.
    pub replicates: usize,
    /// First and last month run.
    pub months: [String; 2],
    /// False if the result was cut short.
    pub complete: bool,
    /// The command that reproduces the result.
    pub command: String,
    /// The series, those with a counterpart first.
    pub series: Vec<SeriesDistance>,
}

/// Monthly values of one replicate, by column; NaN where undefined.
pub(super) type Columns = BTreeMap<&'static str, Vec<f64>>;

/// Moments over replicates of the model's values, in the order of the figures of a series.
type Models = Vec<Moments>;

/// The model's values for the figures of every series, over the replicates that have been added.
pub(super) struct ModelValues {
    figures: Vec<Figure>,
    models: Vec<Models>,
}

impl ModelValues {
    /// No replicates.
    pub(super) fn new() -> ModelValues {
        let figures = figures();
        let models = COUNTERPARTS.iter().map(|counterpart| none_yet(counterpart, &figures)).collect();
        ModelValues { figures, models }
    }

    /// The columns that are read.
    pub(super) fn columns() -> Vec<&'static str> {
        let compared = COUNTERPARTS.iter().filter_map(|row| row.compared.ok());
        let mut names: Vec<&'static str> = compared.flat_map(|(amount, _)| amount.columns()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Adds a replicate.
    pub(super) fn add(&mut self, columns: &Columns) {
        for (counterpart, models) in COUNTERPARTS.iter().zip(&mut self.models) {
            add(counterpart, &self.figures, columns, models);
        }
    }

    /// The distance of every series.
    pub(super) fn distances(&self) -> Vec<SeriesDistance> {
        let each = COUNTERPARTS.iter().zip(&self.models);
        each.map(|(counterpart, models)| series(counterpart, &self.figures, models)).collect()
    }
}

/// Compares a result folder with every reference series.
///
/// # Errors
///
/// If the folder is not a result or its series cannot be read.
pub fn compare(folder: &ResultFolder) -> Result<HistoryComparison, ReadError> {
    let models = read(folder)?;
    let manifest = &folder.manifest;
    let finished = |status: &&crate::output::manifest::ReplicateStatus| status.status == Status::Finished;
    Ok(HistoryComparison {
        scenario: manifest.scenario.name.clone(),
        hash: manifest.scenario.hash.clone(),
        seed: manifest.seed,
        replicates: manifest.replicates.iter().filter(finished).count(),
        months: manifest.months.clone(),
        complete: manifest.complete,
        command: command(folder),
        series: models.distances(),
    })
}

/// Reads the months and adds them up by replicate, so that memory holds one replicate at a time.
fn read(folder: &ResultFolder) -> Result<ModelValues, ReadError> {
    let names = ModelValues::columns();
    let mut models = ModelValues::new();
    let mut columns = Columns::new();
    let mut current = String::new();
    let wanted: Vec<&str> = ["replicate"].into_iter().chain(names.iter().copied()).collect();
    folder.rows("series.csv", &wanted, |cells| {
        if current != cells[0] {
            models.add(&columns);
            columns.clear();
            cells[0].clone_into(&mut current);
        }
        for (name, cell) in names.iter().zip(&cells[1..]) {
            // An empty cell makes everything computed from it undefined.
            columns.entry(name).or_default().push(cell.parse().unwrap_or(f64::NAN));
        }
    })?;
    models.add(&columns);
    Ok(models)
}

fn of<'a>(counterpart: &Counterpart, figures: &'a [Figure]) -> impl Iterator<Item = &'a Figure> {
    figures.iter().filter(move |figure| figure.series == counterpart.series)
}

fn none_yet(counterpart: &Counterpart, figures: &[Figure]) -> Models {
    of(counterpart, figures).map(|_| Moments::default()).collect()
}

/// Adds the values of a replicate for the figures of a series.
fn add(counterpart: &Counterpart, figures: &[Figure], columns: &Columns, models: &mut Models) {
    let Ok((amount, _)) = counterpart.compared else { return };
    for (figure, moments) in of(counterpart, figures).zip(models) {
        let months = figure.months();
        let value = months.and_then(|(from, to)| value(amount, columns, from, to));
        value.iter().for_each(|value| moments.add(*value));
    }
}

/// The command that reproduces the rows of a result, from the options in its manifest.
fn command(folder: &ResultFolder) -> String {
    let options = &folder.manifest.options;
    let asked = options.get("scenario").and_then(serde_json::Value::as_str);
    let mut line = format!("kadry run {}", asked.unwrap_or(&folder.manifest.scenario.name));
    for name in ["seed", "replicates", "replicate", "population", "label", "until"] {
        match options.get(name) {
            Some(serde_json::Value::String(value)) => line += &format!(" --{name} {value}"),
            Some(serde_json::Value::Number(value)) => line += &format!(" --{name} {value}"),
            _ => {}
        }
    }
    for setting in options.get("set").and_then(serde_json::Value::as_array).into_iter().flatten() {
        line += &format!(" --set {}", setting.as_str().unwrap_or_default());
    }
    line
}

/// The value of one replicate for a figure.
fn value(amount: Amount, columns: &Columns, from: Month, to: Month) -> Option<f64> {
    let over = |column: &str, from: Month, to: Month| columns.get(column)?.get(from.index()..=to.index());
    let sum = |months: &[f64]| months.iter().sum::<f64>();
    let value = match amount {
        Amount::Mean(column, factor) => {
            let months = over(column, from, to)?;
            factor * sum(months) / months.len() as f64
        }
        Amount::Sum(column) => sum(over(column, from, to)?),
        Amount::PercentOfYear(part, rest) => {
            let first = Month(from.0 - from.0 % 12);
            let year = |column| over(column, first, Month(first.0 + 11)).map(sum);
            let (part, rest) = (year(part)?, year(rest)?);
            100.0 * part / (part + rest)
        }
    };
    value.is_finite().then_some(value)
}

fn geometric_mean(values: &[f64]) -> f64 {
    libm::exp(values.iter().map(|value| libm::log(*value)).sum::<f64>() / values.len().max(1) as f64)
}

/// Pearson's correlation; `None` below three pairs or if either side does not vary.
pub(super) fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let count = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (left, right) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(x, y)| of(x - left, y - right)).sum::<f64>();
    let (both, one, other) = (sum(&|x, y| x * y), sum(&|x, _| x * x), sum(&|_, y| y * y));
    (pairs.len() > 2 && one > 0.0 && other > 0.0).then(|| both / libm::sqrt(one * other))
}

fn series(counterpart: &Counterpart, figures: &[Figure], models: &[Moments]) -> SeriesDistance {
    let of: Vec<&Figure> = of(counterpart, figures).collect();
    let mut grades: Vec<&str> = of.iter().map(|figure| figure.grade.as_str()).collect();
    grades.sort_unstable();
    grades.dedup();
    // Zero has no log. In a small run a year can have no arrests; such figures are left out of every mean.
    let known: Vec<(f64, f64)> = of
        .iter()
        .zip(models)
        .filter_map(|(figure, model)| Some((model.mean().filter(|mean| *mean > 0.0)?, figure.value)))
        .collect();
    let basis = counterpart.compared.ok().map(|(_, basis)| basis);
    let (model_base, reference_base) = match basis {
        Some(Basis::First) => known.first().copied().unwrap_or((1.0, 1.0)),
        Some(Basis::Shape) => (
            geometric_mean(&known.iter().map(|pair| pair.0).collect::<Vec<_>>()),
            geometric_mean(&known.iter().map(|pair| pair.1).collect::<Vec<_>>()),
        ),
        Some(Basis::Level) | None => (1.0, 1.0),
    };
    let mut base_is_due = basis == Some(Basis::First);
    let mut rows = Vec::new();
    for (figure, model) in of.iter().zip(models) {
        let on_basis = model.mean().map(|mean| mean / model_base);
        let reference = figure.value / reference_base;
        let is_base = on_basis.is_some() && std::mem::take(&mut base_is_due);
        let error =
            on_basis.filter(|value| *value > 0.0 && !is_base).map(|value| libm::log(value / reference));
        rows.push(FigureDistance {
            date: figure.date().to_owned(),
            reference: figure.value,
            reference_on_basis: reference,
            model_on_basis: on_basis,
            spread: model.sd().zip(model.mean()).filter(|(_, mean)| *mean > 0.0).map(|(sd, mean)| sd / mean),
            log_error: error,
            grade: figure.grade.clone(),
            note: figure.note.clone(),
        });
    }
    let errors: Vec<f64> = rows.iter().filter_map(|row| row.log_error).collect();
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        (!errors.is_empty()).then(|| values.sum::<f64>() / errors.len() as f64)
    };
    SeriesDistance {
        series: counterpart.series,
        unit: of.first().map_or(String::new(), |figure| figure.unit.clone()),
        grades: grades.join(", "),
        model: counterpart.model,
        basis: basis.map(Basis::word),
        without: counterpart.compared.err(),
        caution: counterpart.caution,
        rms_log_error: mean(&mut errors.iter().map(|error| error * error)).map(libm::sqrt),
        mean_log_error: mean(&mut errors.iter().copied()),
        correlation: correlation(&known),
        figures: rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(series: &str, from: &str, to: &str, value: f64) -> Figure {
        Figure {
            series: series.into(),
            unit: "people".into(),
            from: from.into(),
            to: to.into(),
            value,
            source: String::new(),
            grade: "A".into(),
            note: String::new(),
        }
    }

    /// The distance of replicates that have only the column `x`.
    fn series(counterpart: &Counterpart, figures: &[Figure], replicates: &[[f64; 24]]) -> SeriesDistance {
        let mut models = none_yet(counterpart, figures);
        for months in replicates {
            add(counterpart, figures, &Columns::from([("x", months.to_vec())]), &mut models);
        }
        super::series(counterpart, figures, &models)
    }

    fn counterpart(amount: Amount, basis: Basis) -> Counterpart {
        Counterpart { series: "one", compared: Ok((amount, basis)), model: "", caution: "" }
    }

    #[test]
    fn levels_by_hand() {
        let mut one = [2.0; 24];
        one[12..].fill(3.0);
        let replicates = [one, one.map(|value| value * 2.0)];
        let figures = [
            figure("one", "1928-01", "1928-12", 300.0),
            figure("one", "1929-01", "1929-12", 225.0),
            figure("one", "1930-01", "1930-12", 1.0),
            figure("other", "1928-01", "1928-12", 1.0),
        ];
        let got = series(&counterpart(Amount::Mean("x", 100.0), Basis::Level), &figures, &replicates);
        // Means over the two: 300 and 450; the third year was not run.
        let errors: Vec<Option<f64>> = got.figures.iter().map(|row| row.log_error).collect();
        assert_eq!(errors.len(), 3);
        assert_eq!(errors[0], Some(0.0));
        assert!((errors[1].unwrap() - std::f64::consts::LN_2).abs() < 1e-12);
        assert_eq!(errors[2], None);
        assert!((got.rms_log_error.unwrap() - std::f64::consts::LN_2 / 2f64.sqrt()).abs() < 1e-12);
        assert!((got.mean_log_error.unwrap() - std::f64::consts::LN_2 / 2.0).abs() < 1e-12);
        assert_eq!(got.correlation, None);
        // Relative spread: 200 and 400 around 300.
        assert!((got.figures[0].spread.unwrap() - 2f64.sqrt() * 100.0 / 300.0).abs() < 1e-12);
    }

    #[test]
    fn the_first_figure_has_no_error_if_it_is_the_base() {
        let mut one = [10.0; 24];
        one[12..].fill(30.0);
        let figures = [figure("one", "1928-01", "1928-12", 1.0), figure("one", "1929-01", "1929-12", 2.0)];
        let got = series(&counterpart(Amount::Mean("x", 1.0), Basis::First), &figures, &[one]);
        assert_eq!(got.figures[0].log_error, None);
        assert_eq!((got.figures[1].model_on_basis, got.figures[1].reference_on_basis), (Some(3.0), 2.0));
        assert!((got.rms_log_error.unwrap() - libm::log(1.5)).abs() < 1e-12);
    }

    #[test]
    fn shapes_ignore_the_level() {
        let mut one = [1.0; 24];
        one[12..].fill(4.0);
        let figures =
            [figure("one", "1928-01", "1928-12", 100.0), figure("one", "1929-01", "1929-12", 400.0)];
        let got = series(&counterpart(Amount::Sum("x"), Basis::Shape), &figures, &[one]);
        assert!(got.rms_log_error.unwrap() < 1e-12);
    }

    #[test]
    fn correlation_by_hand() {
        assert!((correlation(&[(1.0, 2.0), (2.0, 4.0), (3.0, 6.0)]).unwrap() - 1.0).abs() < 1e-12);
        assert!((correlation(&[(1.0, 1.0), (2.0, 3.0), (3.0, 2.0)]).unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(correlation(&[(1.0, 2.0), (2.0, 4.0)]), None);
        assert_eq!(correlation(&[(1.0, 2.0), (1.0, 4.0), (1.0, 5.0)]), None);
    }
}
