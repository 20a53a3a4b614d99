//! Computes `futures.csv`: how much of the variance of each measure the past decides.
//!
//! Every past is continued by every future. [`crossed`] splits the variance of such a table, [`limits`] computes the
//! interval of the share. How the runs are made is not the concern of this module: it is given their values.

pub mod crossed;
pub mod limits;

use self::crossed::Grid;
use self::limits::LimitsBySize;
use super::tables::{PHASE, PHASE_FROM, SCENARIO, SEED};
use crate::engine::calendar::Month;
use crate::model::phase::PHASE_MEASURES;
use crate::output::table::{Cell, Column, Kind, Layout, Rows};

/// What all rows of `futures.csv` share.
#[derive(Debug, Clone, Copy)]
pub struct Futures<'a> {
    /// The scenario, as in the rows of the other tables.
    pub scenario: &'a str,
    /// Seed, shared by all runs.
    pub seed: u64,
    /// First month that is drawn by the future.
    pub fresh_from: Month,
    /// Number of pasts that were run.
    pub pasts: usize,
    /// Number of futures that continue each past.
    pub futures: usize,
    /// The phases that are reached, in order.
    pub phases: &'a [Phase<'a>],
}

/// A phase of the scenario.
#[derive(Debug, Clone, Copy)]
pub struct Phase<'a> {
    /// Name.
    pub name: &'a str,
    /// First month.
    pub from: Month,
}

/// Position of a value among the runs and their measures; every number counts from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The past.
    pub past: usize,
    /// The future.
    pub future: usize,
    /// Position in [`Futures::phases`].
    pub phase: usize,
    /// Position in [`PHASE_MEASURES`].
    pub measure: usize,
}

/// The bytes of `futures.csv`. `value` returns the value of a measure in a phase of a run; `None` if it is not defined or
/// the run failed.
pub fn csv(futures: &Futures<'_>, value: impl Fn(Place) -> Option<f64>) -> Vec<u8> {
    let mut bytes = layout().header();
    bytes.extend(rows(futures, value));
    bytes
}

/// The rows of `futures.csv` as bytes, without the header.
pub fn rows(futures: &Futures<'_>, value: impl Fn(Place) -> Option<f64>) -> Vec<u8> {
    let optional = |value: Option<f64>| value.map_or(Cell::Missing, Cell::Real);
    let fresh_from = futures.fresh_from.to_string();
    let mut limits = LimitsBySize::default();
    let mut rows = Rows::default();
    for (phase, Phase { name, from }) in futures.phases.iter().enumerate() {
        let from = from.to_string();
        for (measure, info) in PHASE_MEASURES.iter().enumerate() {
            let cell = |past, future| value(Place { past, future, phase, measure });
            let grid = Grid::complete(futures.pasts, futures.futures, cell);
            let parts = grid.split();
            let interval = parts.and_then(|parts| parts.interval_of_share_past(&mut limits));
            rows.push(&[
                Cell::Text(futures.scenario),
                Cell::Integer(futures.seed),
                Cell::Text(&fresh_from),
                Cell::Text(name),
                Cell::Text(&from),
                Cell::Text(info.key),
                Cell::Text(info.unit),
                Cell::Integer(grid.pasts() as u64),
                Cell::Integer(grid.futures() as u64),
                optional(parts.map(|parts| parts.mean)),
                optional(parts.map(|parts| parts.variance().sqrt())),
                optional(parts.map(|parts| parts.past)),
                optional(parts.map(|parts| parts.future)),
                optional(parts.map(|parts| parts.interaction)),
                optional(parts.and_then(|parts| parts.share_past())),
                optional(interval.map(|(low, _)| low)),
                optional(interval.map(|(_, high)| high)),
                optional(parts.and_then(|parts| parts.share_with_past())),
            ]);
        }
    }
    rows.into_bytes()
}

/// The layout of `futures.csv`.
pub fn layout() -> Layout {
    let text = |name, definition| Column { name, kind: Kind::Text, unit: "", definition };
    let count = |name, unit, definition| Column { name, kind: Kind::Integer, unit, definition };
    let real = |name, unit, definition| Column { name, kind: Kind::Real, unit, definition };
    Layout {
        name: "futures",
        row: "one row per phase and metric, over all pasts and futures",
        columns: vec![
            SCENARIO,
            SEED,
            Column {
                name: "fresh_from",
                kind: Kind::Month,
                unit: "",
                definition: "first month that is drawn by the future; earlier months are drawn by the past",
            },
            PHASE,
            PHASE_FROM,
            text("metric", "column of phases.csv whose variance is split"),
            text("unit", "unit of the metric"),
            count("pasts", "pasts", "pasts used: those left when no past and future lack a value"),
            count("futures", "futures", "futures used, each of which continues every past used"),
            real(
                "mean",
                "as in unit",
                "mean over all runs used; empty, like the rest of the row, below two pasts or futures",
            ),
            real("sd", "as in unit", "standard deviation of a run: root of the sum of the three variances"),
            real(
                "var_past",
                "square of unit",
                "variance between pasts, averaged over futures, as estimated: chance can make it negative",
            ),
            real(
                "var_future",
                "square of unit",
                "variance between futures, averaged over pasts, as estimated: chance can make it negative; 0 in a phase that ends before fresh_from",
            ),
            real(
                "var_interaction",
                "square of unit",
                "variance that neither decides alone: a future has other effects on one past than on another; 0 in a phase that ends before fresh_from",
            ),
            real(
                "share_past",
                "share",
                "var_past over the sum of the three variances, each negative one counted as 0; 1 in a phase that ends before fresh_from; empty if nothing varies",
            ),
            real(
                "lo",
                "share",
                "lower end of the 95 % interval of share_past, for normally distributed effects",
            ),
            real("hi", "share", "upper end of the 95 % interval of share_past"),
            real(
                "share_with_past",
                "share",
                "var_past plus var_interaction over the same sum: the share in which the past has any part",
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHASES: [Phase<'_>; 2] =
        [Phase { name: "before, after", from: Month(0) }, Phase { name: "late", from: Month(108) }];

    fn futures(pasts: usize, futures: usize) -> Futures<'static> {
        Futures { scenario: "small", seed: 7, fresh_from: Month(108), pasts, futures, phases: &PHASES }
    }

    fn lines(futures: &Futures<'_>, value: impl Fn(Place) -> Option<f64>) -> Vec<String> {
        let text = String::from_utf8(csv(futures, value)).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn one_row_per_phase_and_measure() {
        let lines = lines(&futures(2, 3), |_| Some(1.0));
        assert_eq!(lines.len(), 1 + 2 * PHASE_MEASURES.len());
        assert_eq!(
            lines[0],
            "scenario,seed,fresh_from,phase,phase_from,metric,unit,pasts,futures,mean,sd,\
             var_past,var_future,var_interaction,share_past,lo,hi,share_with_past"
        );
        // Nothing varies, so nothing has a share.
        assert_eq!(
            lines[1],
            "small,7,1937-01,\"before, after\",1928-01,months,months,2,3,1.0,0.0,0.0,0.0,0.0,,,,"
        );
    }

    #[test]
    fn a_phase_before_the_future_is_decided_by_the_past() {
        let lines = lines(&futures(3, 4), |place| {
            let future = if place.phase == 0 { 0 } else { place.future };
            Some(0.1 * place.past as f64 + 0.3 * future as f64)
        });
        // Pasts 0, .1 and .2: variance .01. The three futures change nothing, in any bit.
        assert!(lines[1].starts_with("small,7,1937-01,\"before, after\",1928-01,months,months,3,4,0.1,0.1"));
        assert!(lines[1].ends_with(",0.0,0.0,1.0,1.0,1.0,1.0"), "{}", lines[1]);
        assert!(lines[1 + PHASE_MEASURES.len()].starts_with("small,7,1937-01,late,1937-01,months,"));
    }

    #[test]
    fn without_two_pasts_and_futures_the_row_is_empty() {
        for (pasts, of_past) in [(1, 9), (9, 1), (0, 0)] {
            let lines = lines(&futures(pasts, of_past), |place| Some(place.past as f64));
            assert!(lines[1].ends_with(&format!(",{pasts},{of_past},,,,,,,,,")), "{}", lines[1]);
        }
        assert!(lines(&futures(5, 5), |_| None)[1].ends_with(",0,0,,,,,,,,,"));
    }

    #[test]
    fn rows_have_the_columns_of_the_layout() {
        let columns = layout().columns;
        for line in &lines(&futures(2, 2), |place| Some((place.past * place.future) as f64))[1..] {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            assert_eq!(record.len(), columns.len());
            for (column, cell) in columns.iter().zip(&record) {
                column.read(cell).unwrap();
            }
        }
    }
}
