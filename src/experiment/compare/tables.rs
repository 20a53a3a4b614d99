//! Writes the tables of a comparison: `compare.csv`, `compare_months.csv` and `compare_phases.csv`.
//!
//! The numbers come from [`super::contrasts`] and [`super::samples`].

use super::contrasts::{Analysis, Contrast, Contrasts};
use super::samples::Samples;
use crate::engine::calendar::Month;
use crate::experiment::quantiles::Quantiles;
use crate::experiment::tables::whole_period::{WHOLE_PERIOD, WholePeriod};
use crate::experiment::tables::{self, MONTH, SCENARIO, SEED, Table, real, text};
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use crate::output::table::{Cell, Column, Kind, Layout, Rows};

/// The names that label the rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Names {
    /// The scenarios, the baseline first.
    pub scenarios: Vec<String>,
    /// The phases that are reached, in order.
    pub phases: Vec<String>,
    /// Their first months.
    pub phases_from: Vec<Month>,
    /// Seed of all runs.
    pub seed: u64,
}

impl Names {
    /// Name of a period: a phase, or the whole period at the position after the last phase.
    pub fn period(&self, period: usize) -> &str {
        self.phases.get(period).map_or(WHOLE_PERIOD, String::as_str)
    }

    /// First month of a period.
    pub fn period_from(&self, period: usize) -> Month {
        self.phases_from.get(period).copied().unwrap_or(Month::FIRST)
    }
}

/// Layouts of all tables that the folder of a comparison can hold: those of a run, then its own.
pub fn layouts() -> Vec<Layout> {
    let own = [WholePeriod.layout(), compare(), compare_months(), compare_phases()];
    tables::layouts().into_iter().chain(own).collect()
}

const fn month(name: &'static str, definition: &'static str) -> Column {
    Column { name, kind: Kind::Month, unit: "", definition }
}

const fn value(name: &'static str, definition: &'static str) -> Column {
    real(name, "as in unit", definition)
}

const METRIC: Column = text("metric", "column of phases.csv that is compared");
const UNIT: Column = text("unit", "unit of the metric");
const BASELINE: Column = text("baseline", "name of the scenario that the other is compared with");
const PAIRS: Column = Column {
    name: "n",
    kind: Kind::Integer,
    unit: "pairs",
    definition: "replicates in which the metric is defined on both sides",
};

/// The columns of every test.
const TEST: [Column; 12] = [
    value("difference", "mean over the pairs of second minus first"),
    real(
        "level",
        "probability",
        "two-sided level of lo to hi; above the level asked for where --until-precise looked",
    ),
    value(
        "lo",
        "lower end of the paired t interval of the difference, not corrected for many tests; empty below two pairs",
    ),
    value("hi", "upper end of it"),
    real(
        "p",
        "probability",
        "two-sided p of the paired t test; 1 where all differences are zero, 0 where they are equal and not zero",
    ),
    real(
        "p_adjusted",
        "probability",
        "p after the correction over all tests of the comparison, those of compare_phases.csv included",
    ),
    value(
        "lo_simultaneous",
        "lower end of the interval at which all intervals of the comparison hold together (Bonferroni)",
    ),
    value("hi_simultaneous", "upper end of it"),
    real(
        "effect_size",
        "standard deviations",
        "Hedges' g_av: difference over the root mean variance of replicates, corrected for few; empty where replicates do not vary",
    ),
    real(
        "variance_ratio",
        "ratio",
        "variance of the difference without pairing over that with it; empty where differences do not vary",
    ),
    value("half_width_target", "half the width of the interval that was asked for"),
    Column {
        name: "replicates_needed",
        kind: Kind::Integer,
        unit: "replicates",
        definition: "least number of replicates whose interval is expected to have that half-width; empty if no number is enough",
    },
];

/// The layout of `compare.csv`.
pub fn compare() -> Layout {
    let labels = [
        METRIC,
        text("phase", "phase, or `whole period` for all months that were run"),
        month("phase_from", "first month of the phase; of the run for `whole period`"),
        SCENARIO,
        BASELINE,
        SEED,
        UNIT,
        PAIRS,
        value("baseline_mean", "mean of the baseline over the pairs"),
        value("scenario_mean", "mean of the scenario over the pairs"),
    ];
    Layout {
        name: "compare",
        row: "one row per scenario but the baseline, metric and phase: the paired difference of the scenario from the baseline",
        columns: labels.into_iter().chain(TEST).collect(),
    }
}

/// The layout of `compare_phases.csv`.
pub fn compare_phases() -> Layout {
    let labels = [
        METRIC,
        text("phase_a", "the earlier phase"),
        month("phase_a_from", "first month of the earlier phase"),
        text("phase_b", "the later phase"),
        month("phase_b_from", "first month of the later phase"),
        SCENARIO,
        SEED,
        UNIT,
        PAIRS,
        value("mean_a", "mean of the earlier phase over the pairs"),
        value("mean_b", "mean of the later phase over the pairs"),
    ];
    Layout {
        name: "compare_phases",
        row: "one row per scenario, metric and two of its phases: the difference of the later from the earlier, paired by replicate; written by `--phases`, and where one scenario alone is given",
        columns: labels.into_iter().chain(TEST).collect(),
    }
}

/// The layout of `compare_months.csv`.
pub fn compare_months() -> Layout {
    let columns = vec![
        text("metric", "column of series.csv that is compared"),
        MONTH,
        SCENARIO,
        BASELINE,
        SEED,
        UNIT,
        PAIRS,
        value("baseline_mean", "mean of the baseline over the pairs"),
        value("scenario_mean", "mean of the scenario over the pairs"),
        value("difference", "mean over the pairs of the scenario minus the baseline"),
        real("level", "probability", "two-sided level of lo to hi"),
        value(
            "lo",
            "lower end of the pointwise paired t interval: it holds for a month that was chosen beforehand, not for all months together",
        ),
        value("hi", "upper end of it"),
        real("effect_size", "standard deviations", "Hedges' g_av, as in compare.csv"),
        real("variance_ratio", "ratio", "as in compare.csv"),
    ];
    Layout {
        name: "compare_months",
        row: "one row per scenario but the baseline, metric and month: the paired difference, with a pointwise interval",
        columns,
    }
}

fn optional(value: Option<f64>) -> Cell<'static> {
    value.map_or(Cell::Missing, Cell::Real)
}

fn with_header(layout: &Layout, rows: Rows) -> Vec<u8> {
    let mut bytes = layout.header();
    bytes.extend(rows.into_bytes());
    bytes
}

fn test_cells<'a>(contrast: &Contrast, level: f64) -> [Cell<'a>; 12] {
    let (interval, simultaneous) = (contrast.interval(), contrast.simultaneous_interval());
    [
        optional(contrast.pairs.difference()),
        Cell::Real(level),
        optional(interval.map(|(lo, _)| lo)),
        optional(interval.map(|(_, hi)| hi)),
        optional(contrast.p),
        optional(contrast.adjusted),
        optional(simultaneous.map(|(lo, _)| lo)),
        optional(simultaneous.map(|(_, hi)| hi)),
        optional(contrast.effect_size),
        optional(contrast.variance_ratio),
        optional(contrast.target),
        contrast.needed.map_or(Cell::Missing, Cell::Integer),
    ]
}

fn rows_of(contrasts: &[Contrast], names: &Names, level: f64) -> Rows {
    let mut rows = Rows::default();
    for contrast in contrasts {
        let subject = contrast.subject;
        let measure = &PHASE_MEASURES[subject.metric];
        let periods = subject.from_period.into_iter().chain([subject.period]);
        let periods: Vec<(&str, String)> =
            periods.map(|period| (names.period(period), names.period_from(period).to_string())).collect();
        let mut cells = vec![Cell::Text(measure.key)];
        cells.extend(periods.iter().flat_map(|(name, from)| [Cell::Text(name), Cell::Text(from)]));
        cells.push(Cell::Text(&names.scenarios[subject.scenario]));
        if subject.from_period.is_none() {
            cells.push(Cell::Text(&names.scenarios[0]));
        }
        cells.extend([
            Cell::Integer(names.seed),
            Cell::Text(measure.unit),
            Cell::Integer(contrast.pairs.n()),
            optional(contrast.pairs.first_mean()),
            optional(contrast.pairs.second_mean()),
        ]);
        cells.extend(test_cells(contrast, level));
        rows.push(&cells);
    }
    rows
}

/// The bytes of `compare.csv`.
pub fn compare_csv(contrasts: &Contrasts, analysis: &Analysis, names: &Names) -> Vec<u8> {
    with_header(&compare(), rows_of(&contrasts.scenarios, names, analysis.level_of_look()))
}

/// The bytes of `compare_phases.csv`.
pub fn compare_phases_csv(contrasts: &Contrasts, analysis: &Analysis, names: &Names) -> Vec<u8> {
    with_header(&compare_phases(), rows_of(&contrasts.regimes, names, analysis.level_of_look()))
}

/// The bytes of `compare_months.csv`, for the metrics of the analysis that are columns of `series.csv`, or for all those
/// columns if `all`.
pub fn compare_months_csv(
    samples: &Samples,
    analysis: &Analysis,
    all: bool,
    names: &Names,
    quantiles: &mut Quantiles,
) -> Vec<u8> {
    let chosen = |key: &str| all || analysis.metrics.iter().any(|&metric| PHASE_MEASURES[metric].key == key);
    let level = analysis.level_of_look();
    let mut rows = Rows::default();
    for scenario in 1..samples.scenarios() {
        for (measure, info) in MONTH_MEASURES.iter().enumerate().filter(|(_, info)| chosen(info.key)) {
            for month in 0..samples.months() {
                let pairs = samples.month(scenario, month, measure);
                let half = pairs.half_width(level, quantiles);
                let ends = pairs.difference().zip(half);
                let label = Month(u16::try_from(month).unwrap_or(u16::MAX)).to_string();
                rows.push(&[
                    Cell::Text(info.key),
                    Cell::Text(&label),
                    Cell::Text(&names.scenarios[scenario]),
                    Cell::Text(&names.scenarios[0]),
                    Cell::Integer(names.seed),
                    Cell::Text(info.unit),
                    Cell::Integer(pairs.n()),
                    optional(pairs.first_mean()),
                    optional(pairs.second_mean()),
                    optional(pairs.difference()),
                    Cell::Real(level),
                    optional(ends.map(|(mean, half)| mean - half)),
                    optional(ends.map(|(mean, half)| mean + half)),
                    optional(pairs.effect_size()),
                    optional(pairs.variance_ratio()),
                ]);
            }
        }
    }
    with_header(&compare_months(), rows)
}
