//! Estimates and tests the contrasts of a comparison.
//!
//! The family of tests has one contrast for each chosen metric and period of every scenario but the baseline. If phases are
//! compared, it also has one for each metric and pair of chosen phases of every scenario. Corrections for multiple testing
//! cover the whole family.

use super::samples::Samples;
use super::statistics::{Correction, Pairs};
use crate::experiment::quantiles::Quantiles;
use serde::{Deserialize, Serialize};

/// The width or half-width of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Width {
    /// In the unit of the metric.
    Absolute(f64),
    /// As a share of the absolute value of the baseline's mean.
    Share(f64),
}

impl Width {
    /// The width in the unit of a metric, given the baseline's mean.
    pub fn of(self, mean: f64) -> f64 {
        match self {
            Width::Absolute(width) => width,
            Width::Share(share) => share * mean.abs(),
        }
    }

    /// Half of this width.
    #[must_use]
    pub fn halved(self) -> Self {
        match self {
            Width::Absolute(width) => Width::Absolute(0.5 * width),
            Width::Share(share) => Width::Share(0.5 * share),
        }
    }
}

/// Which contrasts to estimate, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// Metrics, by position in [`crate::model::phase::PHASE_MEASURES`].
    pub metrics: Vec<usize>,
    /// Periods, by position among the phases reached; the position after the last phase is the whole period.
    pub periods: Vec<usize>,
    /// Whether to compare the phases of each scenario with each other.
    pub regimes: bool,
    /// Two-sided level of the intervals.
    pub level: f64,
    /// Share of the error 1 - level that this look may spend: 1 for a single look.
    pub spend: f64,
    /// Correction for multiple testing.
    pub correction: Correction,
    /// Half-width for which [`Contrast::needed`] is computed.
    pub half_width: Width,
}

impl Analysis {
    /// Level of the intervals of this look.
    pub fn level_of_look(&self) -> f64 {
        1.0 - (1.0 - self.level) * self.spend
    }
}

/// The sides of one contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Scenario, by position; 0 is the baseline.
    pub scenario: usize,
    /// Metric, by position in [`crate::model::phase::PHASE_MEASURES`].
    pub metric: usize,
    /// The period, or the later of two periods.
    pub period: usize,
    /// The earlier of two periods of one scenario; `None` if a scenario is compared with the baseline.
    pub from_period: Option<usize>,
}

/// A contrast: one paired difference, its interval and its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// Its sides.
    pub subject: Subject,
    /// The pairs.
    pub pairs: Pairs,
    /// Half-width of the interval, not corrected for multiple testing.
    pub half: Option<f64>,
    /// Half-width at which all intervals hold simultaneously (Bonferroni).
    pub simultaneous_half: Option<f64>,
    /// p-value of the paired t test.
    pub p: Option<f64>,
    /// p-value corrected for multiple testing.
    pub adjusted: Option<f64>,
    /// Hedges' g_av.
    pub effect_size: Option<f64>,
    /// Variance of the unpaired difference divided by that of the paired difference.
    pub variance_ratio: Option<f64>,
    /// Half-width asked for, in the unit of the metric.
    pub target: Option<f64>,
    /// Replicates needed to reach `target`.
    pub needed: Option<u64>,
}

impl Contrast {
    /// Ends of the interval.
    pub fn interval(&self) -> Option<(f64, f64)> {
        self.pairs.difference().zip(self.half).map(|(mean, half)| (mean - half, mean + half))
    }

    /// Ends of the simultaneous interval.
    pub fn simultaneous_interval(&self) -> Option<(f64, f64)> {
        self.pairs.difference().zip(self.simultaneous_half).map(|(mean, half)| (mean - half, mean + half))
    }

    /// The difference as a share of the absolute value of the first mean; `None` if that is zero.
    pub fn relative(&self) -> Option<f64> {
        let first = self.pairs.first_mean().filter(|first| *first != 0.0)?;
        Some(self.pairs.difference()? / first.abs())
    }
}

/// All contrasts of an [`Analysis`].
#[derive(Debug, Clone, PartialEq)]
pub struct Contrasts {
    /// Differences from the baseline, by scenario, metric and period.
    pub scenarios: Vec<Contrast>,
    /// Differences between phases, by scenario, metric and pair of phases.
    pub regimes: Vec<Contrast>,
    /// Number of tests in the family: contrasts that have a p-value.
    pub tests: u64,
}

/// Estimates the contrasts of an analysis.
pub fn contrasts(samples: &Samples, analysis: &Analysis, quantiles: &mut Quantiles) -> Contrasts {
    let mut subjects: Vec<(Subject, Pairs)> = Vec::new();
    for scenario in 1..samples.scenarios() {
        for &metric in &analysis.metrics {
            for &period in &analysis.periods {
                let subject = Subject { scenario, metric, period, from_period: None };
                subjects.push((subject, samples.against_baseline(scenario, period, metric)));
            }
        }
    }
    let of_scenarios = subjects.len();
    let whole = samples.periods() - 1;
    for scenario in (0..samples.scenarios()).filter(|_| analysis.regimes) {
        for &metric in &analysis.metrics {
            for (position, &from) in
                analysis.periods.iter().enumerate().filter(|(_, period)| **period != whole)
            {
                for &period in analysis.periods[position + 1..].iter().filter(|period| **period != whole) {
                    let subject = Subject { scenario, metric, period, from_period: Some(from) };
                    subjects.push((subject, samples.between_periods(scenario, (from, period), metric)));
                }
            }
        }
    }
    let mut estimates = estimate(subjects, analysis, quantiles);
    let tests = estimates.iter().filter(|estimate| estimate.p.is_some()).count() as u64;
    let regimes = estimates.split_off(of_scenarios);
    Contrasts { scenarios: estimates, regimes, tests }
}

fn estimate(
    subjects: Vec<(Subject, Pairs)>,
    analysis: &Analysis,
    quantiles: &mut Quantiles,
) -> Vec<Contrast> {
    let level = analysis.level_of_look();
    // Dividing p by the share of the error that this look may spend keeps the test consistent with its wider interval.
    let p: Vec<Option<f64>> = subjects
        .iter()
        .map(|(_, pairs)| {
            pairs.p().map(|p| if analysis.spend < 1.0 { (p / analysis.spend).min(1.0) } else { p })
        })
        .collect();
    let tests = p.iter().flatten().count().max(1);
    let simultaneous = 1.0 - (1.0 - level) / tests as f64;
    let adjusted = analysis.correction.adjust(&p);
    let rows = subjects.into_iter().zip(p.into_iter().zip(adjusted));
    rows.map(|((subject, pairs), (p, adjusted))| {
        let target = pairs.first_mean().map(|mean| analysis.half_width.of(mean));
        Contrast {
            subject,
            half: pairs.half_width(level, quantiles),
            simultaneous_half: pairs.half_width(simultaneous, quantiles),
            p,
            adjusted,
            effect_size: pairs.effect_size(),
            variance_ratio: pairs.variance_ratio(),
            target,
            needed: target.and_then(|target| pairs.pairs_needed(target, level, quantiles)),
            pairs,
        }
    })
    .collect()
}
