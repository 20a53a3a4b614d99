//! Estimates how metrics respond to the varied keys of a sweep, and writes `response.csv`.

use super::study::Settings;
use crate::engine::calendar::Month;
use crate::experiment::compare::statistics::Pairs;
use crate::experiment::moments::Moments;
use crate::experiment::quantiles::Quantiles;
use crate::experiment::study::rows::RunValues;
use crate::experiment::tables::{PHASE, PHASE_FROM, SCENARIO, SEED};
use crate::model::phase::PHASE_MEASURES;
use crate::output::plan::VariantMark;
use crate::output::table::{Cell, Column, Kind, Layout, Rows};
use std::collections::BTreeMap;

/// A period of the responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Name of the phase, or `whole period`.
    pub name: String,
    /// Its first month.
    pub from: Month,
}

/// The estimates of a metric in a period of one variant.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Response {
    /// Replicates in which the metric is defined.
    pub n: u64,
    /// Mean over them.
    pub mean: Option<f64>,
    /// Standard deviation over them.
    pub sd: Option<f64>,
    /// Half-width of the interval of the mean.
    pub half: Option<f64>,
    /// Replicates in which the metric is defined in the base, too.
    pub pairs: u64,
    /// Mean over these of the point minus the base; `None` for the base itself.
    pub difference: Option<f64>,
    /// Half-width of the interval of the difference.
    pub difference_half: Option<f64>,
    /// p-value of the paired t test.
    pub p: Option<f64>,
    /// p-value corrected for multiple testing over the whole sweep.
    pub adjusted: Option<f64>,
}

/// The estimates of all variants. Only the values of the base and the moments of one variant are in memory beside them.
pub struct Responses {
    settings: Settings,
    periods: Vec<Period>,
    /// By variant, by metric, then by period.
    estimates: Vec<Vec<Response>>,
    /// By replicate: the values of the base.
    base: BTreeMap<u32, Vec<Option<f64>>>,
    quantiles: Quantiles,
    open: Option<(usize, Vec<(Moments, Pairs)>)>,
}

impl Responses {
    /// Creates the estimates of a number of variants without runs.
    pub fn new(settings: Settings, periods: Vec<Period>, variants: usize) -> Self {
        let cells = settings.metrics.len() * periods.len();
        Responses {
            settings,
            periods,
            estimates: vec![vec![Response::default(); cells]; variants],
            base: BTreeMap::new(),
            quantiles: Quantiles::default(),
            open: None,
        }
    }

    /// Adds a run. Variants must be added in order, the base first.
    pub fn add(&mut self, variant: usize, replicate: u32, values: &RunValues) {
        if self.open.as_ref().is_some_and(|(open, _)| *open != variant) {
            self.close();
        }
        let periods: Vec<&Vec<Option<f64>>> = values.phases.iter().chain([&values.whole]).collect();
        let value = |metric: &usize, period: usize| periods.get(period)?.get(*metric).copied().flatten();
        let count = self.periods.len();
        let values: Vec<Option<f64>> = self
            .settings
            .metrics
            .iter()
            .flat_map(|metric| (0..count).map(move |period| value(metric, period)))
            .collect();
        let cells = values.len();
        let (_, open) =
            self.open.get_or_insert_with(|| (variant, vec![(Moments::default(), Pairs::default()); cells]));
        let base = self.base.get(&replicate).filter(|_| variant > 0);
        for (position, (moments, pairs)) in open.iter_mut().enumerate() {
            values[position].iter().for_each(|value| moments.add(*value));
            if let Some(base) = base {
                pairs.add(base[position], values[position]);
            }
        }
        if variant == 0 {
            self.base.insert(replicate, values);
        }
    }

    /// Estimates the responses of the variant that was added last.
    fn close(&mut self) {
        let Some((variant, open)) = self.open.take() else { return };
        let level = self.settings.level;
        for (estimate, (moments, pairs)) in self.estimates[variant].iter_mut().zip(open) {
            let half = moments.sd().map(|sd| {
                let n = moments.count();
                if sd == 0.0 { 0.0 } else { self.quantiles.student(level, n - 1) * sd / (n as f64).sqrt() }
            });
            *estimate = Response {
                n: moments.count(),
                mean: moments.mean(),
                sd: moments.sd(),
                half,
                pairs: pairs.n(),
                difference: pairs.difference(),
                difference_half: pairs.half_width(level, &mut self.quantiles),
                p: pairs.p(),
                adjusted: None,
            };
        }
    }

    /// Corrects the p-values for multiple testing, after all runs have been added.
    pub fn finish(&mut self) {
        self.close();
        let p: Vec<Option<f64>> = self.estimates.iter().flatten().map(|estimate| estimate.p).collect();
        let adjusted = self.settings.correction.adjust(&p);
        for (estimate, adjusted) in self.estimates.iter_mut().flatten().zip(adjusted) {
            estimate.adjusted = adjusted;
        }
    }

    /// The metrics, by position in [`PHASE_MEASURES`].
    pub fn metrics(&self) -> &[usize] {
        &self.settings.metrics
    }

    /// The periods.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The estimate of a variant, for a metric and a period by their positions here.
    pub fn response(&self, variant: usize, metric: usize, period: usize) -> &Response {
        &self.estimates[variant][metric * self.periods.len() + period]
    }

    /// The rows of a variant.
    pub fn rows(&self, variant: usize, mark: &VariantMark, seed: u64) -> Vec<u8> {
        let optional = |value: Option<f64>| value.map_or(Cell::Missing, Cell::Real);
        let mut rows = Rows::default();
        for (position, metric) in self.settings.metrics.iter().enumerate() {
            let metric = &PHASE_MEASURES[*metric];
            for (number, period) in self.periods.iter().enumerate() {
                let one = self.response(variant, position, number);
                let from = period.from.to_string();
                let ends = |centre: Option<f64>, half: Option<f64>| {
                    let ends = centre.zip(half);
                    [ends.map(|(centre, half)| centre - half), ends.map(|(centre, half)| centre + half)]
                };
                let [lo, hi] = ends(one.mean, one.half);
                let [difference_lo, difference_hi] = ends(one.difference, one.difference_half);
                let mut cells = vec![Cell::Text(mark.scenario.called()), Cell::Integer(seed)];
                cells.extend(mark.values.iter().map(|value| Cell::Text(value)));
                cells.extend([
                    Cell::Text(metric.key),
                    Cell::Text(&period.name),
                    Cell::Text(&from),
                    Cell::Text(metric.unit),
                    Cell::Integer(one.n),
                ]);
                cells.extend([one.mean, one.sd, lo, hi].map(optional));
                cells.push(Cell::Integer(one.pairs));
                cells.extend(
                    [one.difference, difference_lo, difference_hi, one.p, one.adjusted].map(optional),
                );
                rows.push(&cells);
            }
        }
        rows.into_bytes()
    }
}

/// The layout of `response.csv`, without the columns of the varied keys.
pub fn layout() -> Layout {
    let text = |name, definition| Column { name, kind: Kind::Text, unit: "", definition };
    let real = |name, definition| Column { name, kind: Kind::Real, unit: "as in unit", definition };
    let count = |name, unit, definition| Column { name, kind: Kind::Integer, unit, definition };
    let p = |name, definition| Column { name, kind: Kind::Real, unit: "probability", definition };
    Layout {
        name: "response",
        row: "one row per point of a sweep (the base first), metric and phase, over replicates",
        columns: vec![
            SCENARIO,
            SEED,
            text("metric", "column of phases.csv that is summarised"),
            Column { definition: "phase, or `whole period` for all months that were run", ..PHASE },
            PHASE_FROM,
            text("unit", "unit of the metric"),
            count("n", "replicates", "replicates in which the metric is defined"),
            real("mean", "mean over those replicates"),
            real("sd", "standard deviation over those replicates, with n - 1; empty below two"),
            real(
                "lo",
                "lower end of Student's interval of the mean at the level of the sweep; empty below two",
            ),
            real("hi", "upper end of it"),
            count("pairs", "pairs", "replicates in which the metric is defined in the point and in the base"),
            real("difference", "mean over those pairs of the point minus the base; empty for the base"),
            real(
                "difference_lo",
                "lower end of the paired t interval of the difference; empty below two pairs",
            ),
            real("difference_hi", "upper end of it"),
            p(
                "p",
                "two-sided p of the paired t test; 1 where all differences are zero, 0 where they are equal and not zero",
            ),
            p("p_adjusted", "p after the correction over all tests of the sweep"),
        ],
    }
}
