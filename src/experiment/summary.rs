//! Computes `summary.csv`: moments over replicates, one row per phase and measure.
//!
//! Each replicate is folded into the moments and dropped, so memory does not grow with the number of replicates.

use super::moments::Moments;
use super::plan::Plan;
use super::study::rows::RunValues;
use super::tables::{PHASE, PHASE_FROM, SCENARIO, SEED};
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use crate::output::table::{Cell, Column, Kind, Layout, Rows};

/// A measure of [`PHASE_MEASURES`] that summaries and reports show first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headline {
    /// Key of the measure.
    pub key: &'static str,
    /// Heading of its column in a narrow table.
    pub heading: &'static str,
    /// Title of its pictures.
    pub title: &'static str,
}

impl Headline {
    /// Position of the measure in [`PHASE_MEASURES`].
    ///
    /// # Panics
    ///
    /// If there is no such measure; a test checks each.
    pub fn position(&self) -> usize {
        let found = PHASE_MEASURES.iter().position(|measure| measure.key == self.key);
        found.expect("a headline measure is a measure of phases")
    }
}

const fn headline(key: &'static str, heading: &'static str, title: &'static str) -> Headline {
    Headline { key, heading, title }
}

/// The headline measures, in the order in which they are shown everywhere.
pub const HEADLINE: &[Headline] = &[
    headline("elite_turnover", "turnover", "Elite turnover"),
    headline("accusations_per_1000", "accusations", "Accusations"),
    headline("arrests_per_1000", "arrests", "Arrests"),
    headline("discipline", "discipline", "Discipline"),
    headline("grievance", "grievance", "Grievance of workers"),
    headline("authority", "authority", "Authority of managers"),
    headline("fear", "fear", "Fear"),
    headline("quit_rate", "quits", "Quits"),
];

/// Moments over replicates of every measure by phase, and by month for charts.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Names of the phases, in order.
    pub phases: Vec<String>,
    of_phases: Vec<Vec<Moments>>,
    of_months: Vec<Vec<Moments>>,
}

impl Summary {
    /// Creates an empty summary.
    pub fn new(plan: &Plan) -> Self {
        let phases = plan.phases_reached().to_vec();
        Summary {
            of_phases: vec![vec![Moments::default(); PHASE_MEASURES.len()]; phases.len()],
            of_months: vec![vec![Moments::default(); MONTH_MEASURES.len()]; plan.months().count()],
            phases,
        }
    }

    /// Adds a replicate. Replicates must be added in the order of their numbers.
    pub fn add(&mut self, output: &RunValues) {
        let rows = self.of_phases.iter_mut().zip(&output.phases);
        for (moments, values) in rows.chain(self.of_months.iter_mut().zip(&output.months)) {
            for (moments, value) in moments.iter_mut().zip(values) {
                value.iter().for_each(|value| moments.add(*value));
            }
        }
    }

    /// Moments of a measure in a phase; `measure` is a position in [`PHASE_MEASURES`].
    pub fn phase(&self, phase: usize, measure: usize) -> &Moments {
        &self.of_phases[phase][measure]
    }

    /// Mean over replicates of a measure in each month; `measure` is a position in [`MONTH_MEASURES`].
    pub fn months(&self, measure: usize) -> Vec<Option<f64>> {
        self.of_months.iter().map(|month| month[measure].mean()).collect()
    }

    /// The bytes of `summary.csv`.
    pub fn to_csv(&self, plan: &Plan) -> Vec<u8> {
        let mut bytes = layout().header();
        bytes.extend(self.rows(&plan.scenario, plan));
        bytes
    }

    /// The rows of `summary.csv` of a scenario as bytes, without the header.
    pub fn rows(&self, scenario: &str, plan: &Plan) -> Vec<u8> {
        let optional = |value: Option<f64>| value.map_or(Cell::Missing, Cell::Real);
        let mut rows = Rows::default();
        for (position, (phase, moments)) in self.phases.iter().zip(&self.of_phases).enumerate() {
            let from = plan.phase_from(position).to_string();
            for (measure, moments) in PHASE_MEASURES.iter().zip(moments) {
                let (mean, half) = (moments.mean(), moments.half_width());
                rows.push(&[
                    Cell::Text(scenario),
                    Cell::Integer(plan.seed),
                    Cell::Text(phase),
                    Cell::Text(&from),
                    Cell::Text(measure.key),
                    Cell::Text(measure.unit),
                    Cell::Integer(moments.count()),
                    optional(mean),
                    optional(moments.sd()),
                    optional(mean.zip(half).map(|(mean, half)| mean - half)),
                    optional(mean.zip(half).map(|(mean, half)| mean + half)),
                ]);
            }
        }
        rows.into_bytes()
    }
}

/// The layout of `summary.csv`.
pub fn layout() -> Layout {
    let text = |name, definition| Column { name, kind: Kind::Text, unit: "", definition };
    let real = |name, definition| Column { name, kind: Kind::Real, unit: "as in unit", definition };
    Layout {
        name: "summary",
        row: "one row per phase and metric, over replicates",
        columns: vec![
            SCENARIO,
            SEED,
            PHASE,
            PHASE_FROM,
            text("metric", "column of phases.csv that is summarised"),
            text("unit", "unit of the metric"),
            Column {
                name: "n",
                kind: Kind::Integer,
                unit: "replicates",
                definition: "replicates in which the metric is defined",
            },
            real("mean", "mean over those replicates"),
            real("sd", "standard deviation over those replicates, with n - 1; empty below two"),
            real("lo", "lower end of Student's 95 % interval of the mean; empty below two"),
            real("hi", "upper end of Student's 95 % interval of the mean; empty below two"),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::plan::tests::small;

    fn output(value: Option<f64>) -> RunValues {
        let phases = vec![vec![value; PHASE_MEASURES.len()]; 2];
        RunValues { phases, months: vec![vec![value; MONTH_MEASURES.len()]; 72], ..RunValues::default() }
    }

    #[test]
    fn a_replicate_where_the_metric_is_not_defined_does_not_count() {
        let plan = small(3, 1);
        let mut summary = Summary::new(&plan);
        let row = |summary: &Summary| {
            let text = String::from_utf8(summary.to_csv(&plan)).unwrap();
            let line = text.lines().nth(1).unwrap();
            line.split(',').skip(6).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(row(&summary), ["0", "", "", "", ""]);
        summary.add(&output(Some(1.0)));
        summary.add(&output(None));
        assert_eq!(row(&summary), ["1", "1.0", "", "", ""]);
        summary.add(&output(Some(3.0)));
        assert_eq!(row(&summary)[..2], ["2", "2.0"]);
        // sd = sqrt(2), half-width = 12.706204736 * sqrt(2) / sqrt(2).
        let numbers: Vec<f64> = row(&summary)[2..].iter().map(|cell| cell.parse().unwrap()).collect();
        for (got, expected) in numbers.iter().zip([2f64.sqrt(), 2.0 - 12.706204736, 2.0 + 12.706204736]) {
            assert!((got - expected).abs() < 1e-8, "{numbers:?}");
        }
        assert_eq!(summary.months(0), vec![Some(2.0); 72]);
    }

    #[test]
    fn headline_measures_are_measures_of_phases() {
        for headline in HEADLINE {
            assert_eq!(PHASE_MEASURES[headline.position()].key, headline.key);
        }
    }

    #[test]
    fn one_row_per_phase_and_measure() {
        let plan = small(1, 1);
        let text = String::from_utf8(Summary::new(&plan).to_csv(&plan)).unwrap();
        assert_eq!(text.lines().count(), 1 + 2 * PHASE_MEASURES.len());
        assert_eq!(
            text.lines().next().unwrap(),
            "scenario,seed,phase,phase_from,metric,unit,n,mean,sd,lo,hi"
        );
    }
}
