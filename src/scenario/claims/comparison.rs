//! Defines what a test compares: quantities, periods and contrasts.

use crate::engine::calendar::Month;

/// The months over which a quantity is taken.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// All months.
    Whole,
    /// A phase of the base, by name.
    Phase(String),
    /// Months from the first to the last, both included.
    Months(Month, Month),
}

/// How the months of a period make one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Statistic {
    /// As the measure is defined for a phase; the mean of the months for columns of `series.csv`.
    #[default]
    Mean,
    /// The sum of the months of a column of `series.csv`.
    Sum,
    /// The last month of a column of `series.csv`.
    End,
    /// The standard deviation of the months of a column of `series.csv`.
    Spread,
}

/// A measure over a period.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Measured {
    /// The metric.
    pub metric: String,
    /// The months.
    pub period: Period,
    /// How the months make a number.
    pub statistic: Statistic,
}

/// A maximum or a minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Extremum {
    /// The largest value.
    Maximum,
    /// The smallest value.
    Minimum,
}

/// The month of an extremum of a smoothed column of `series.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExtremeMonth {
    /// The column.
    pub metric: String,
    /// Which extremum.
    pub extremum: Extremum,
    /// The months in which it is sought.
    pub period: Period,
    /// Months of the centred moving average, an odd number; 1 leaves the column as it is.
    pub smooth: u32,
}

/// What a test compares. A scenario that is `None` is the base.
#[derive(Debug, Clone, PartialEq)]
pub enum Contrast {
    /// The value of a quantity.
    Level {
        /// The quantity.
        of: Measured,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The order of phases: each next phase is compared with the one before.
    Order {
        /// The metric.
        metric: String,
        /// The phases, in the claimed order.
        phases: Vec<String>,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The highest or lowest phase: it is compared with each of the others.
    Extreme {
        /// The metric.
        metric: String,
        /// The phase claimed to be the highest (lowest).
        phase: String,
        /// The other phases.
        among: Vec<String>,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The change of a metric from one period to another in one scenario.
    Change {
        /// The metric in the later period.
        to: Measured,
        /// The earlier period.
        from: Period,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The difference between two scenarios.
    Difference {
        /// The quantity.
        of: Measured,
        /// The scenario.
        scenario: String,
        /// The scenario that is subtracted.
        against: Option<String>,
        /// If given, the difference between the changes from this period.
        from: Option<Period>,
        /// Another scenario and a share: the difference is compared with that share of the other scenario's difference.
        beside: Option<(String, f64)>,
    },
    /// The months from a dated event or another extremum to an extremum; positive if the extremum comes later.
    Timing {
        /// The extremum.
        of: ExtremeMonth,
        /// What it is compared with.
        reference: Moment,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The number of extrema of a smoothed column of `series.csv` that stand out by a prominence.
    Peaks {
        /// The column, the kind of extremum, the months and the smoothing.
        of: ExtremeMonth,
        /// Least prominence: how far an extremum stands out from the deepest point that separates it from a higher one.
        prominence: f64,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The response to a dose of a lever or parameter: the slope over the whole range, and the steps between the doses.
    Dose {
        /// The quantity.
        of: Measured,
        /// The key that is varied, such as `levers.vigilance`.
        key: String,
        /// At least four values in ascending order.
        values: Vec<f64>,
        /// Whether no step may go against the slope by more than the margin.
        monotone: bool,
        /// The scenario in which the key is varied.
        scenario: Option<String>,
    },
    /// The interaction of two scenarios: both minus the first minus the second plus the base.
    Interaction {
        /// The quantity.
        of: Measured,
        /// The first scenario.
        first: String,
        /// The second scenario.
        second: String,
        /// The scenario with the changes of both.
        both: String,
    },
    /// The effect of a dated event: the base minus the base without the event, in the months from the event on.
    Event {
        /// The metric.
        metric: String,
        /// Name of the event.
        event: String,
        /// Number of months, the month of the event included.
        months: u32,
    },
    /// The months after which the difference between a scenario and the base reaches a share of its largest value.
    Lag {
        /// A column of `series.csv`.
        metric: String,
        /// The scenario.
        scenario: String,
        /// The scenario that is subtracted.
        against: Option<String>,
        /// The month from which the lag is counted.
        from: Month,
        /// The last month in which the largest value is sought.
        until: Month,
        /// The share.
        share: f64,
        /// Months of the centred moving average.
        smooth: u32,
    },
    /// The log hazard ratio of leaving the elite of two cohorts, by the log-rank statistic: positive if the first cohort
    /// leaves sooner.
    Survival {
        /// Phase in which the first cohort entered.
        cohort: String,
        /// Phase in which the second cohort entered.
        against: String,
        /// Months after entry that are compared.
        months: u32,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The coefficient of a regression across plants: the change of an outcome between two phases on the changes of
    /// accusations of bosses and of arrests, per head and year. Each run has its own regression.
    Plants {
        /// The outcome.
        outcome: PlantOutcome,
        /// The regressor whose coefficient counts.
        regressor: PlantRegressor,
        /// Earlier phase.
        from: String,
        /// Later phase.
        to: String,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The response of grievance to the fall of a member of the elite in the plant: the change in the third of the workers
    /// who are most egalitarian minus that in the third who are least, in plants with a fall minus plants without.
    Terciles {
        /// Months from the fall to the end of the response: 3, 6, 9 or 12.
        months: u32,
        /// The months in which falls are counted.
        period: Period,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The correlation over the months of two columns; with a third, the difference of two absolute correlations.
    Correlation {
        /// The column.
        metric: String,
        /// The other column.
        with: String,
        /// A column whose absolute correlation is subtracted.
        than: Option<String>,
        /// The months.
        period: Period,
        /// The scenario.
        scenario: Option<String>,
    },
    /// The share of a metric's variance over random policies that the levers explain, out of sample.
    Controllability {
        /// The metric.
        metric: String,
        /// The phase.
        phase: String,
        /// The phases with which it is compared; empty if it is compared with the bound.
        among: Vec<String>,
    },
    /// The share of accusations whose motive is recovered from the profile of the target.
    Recovery {
        /// The motive; `None` for all of them, weighted alike.
        motive: Option<String>,
    },
}

/// What an extremum is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// A month.
    Month(Month),
    /// Another extremum of the same run.
    Extremum(ExtremeMonth),
}

/// An outcome of plants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlantOutcome {
    /// Share of worker-months without shirking.
    Discipline,
    /// Mean grievance of workers.
    Grievance,
    /// Managerial authority.
    Authority,
    /// Output over workers.
    OutputPerWorker,
    /// Accusations per post of the elite and year.
    AccusationsPerElitePost,
}

/// A regressor of plants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlantRegressor {
    /// Accusations of bosses per head and year.
    AccusationsOfBosses,
    /// Arrests per head and year.
    Arrests,
    /// Posts of the elite that opened, per post and year.
    Openings,
}

/// Outcomes of plants, by their word in a file.
pub(super) const PLANT_OUTCOMES: &[(&str, PlantOutcome)] = &[
    ("discipline", PlantOutcome::Discipline),
    ("grievance", PlantOutcome::Grievance),
    ("authority", PlantOutcome::Authority),
    ("output_per_worker", PlantOutcome::OutputPerWorker),
    ("accusations_per_elite_post", PlantOutcome::AccusationsPerElitePost),
];

/// Regressors of plants, by their word in a file.
pub(super) const PLANT_REGRESSORS: &[(&str, PlantRegressor)] = &[
    ("accusations_of_bosses", PlantRegressor::AccusationsOfBosses),
    ("arrests", PlantRegressor::Arrests),
    ("openings", PlantRegressor::Openings),
];

impl Contrast {
    /// The scenario in which months, phases or people are compared; `None` for the base, and for contrasts of scenarios with
    /// each other.
    pub fn scenario(&self) -> Option<&str> {
        match self {
            Contrast::Level { scenario, .. }
            | Contrast::Order { scenario, .. }
            | Contrast::Extreme { scenario, .. }
            | Contrast::Change { scenario, .. }
            | Contrast::Timing { scenario, .. }
            | Contrast::Peaks { scenario, .. }
            | Contrast::Dose { scenario, .. }
            | Contrast::Survival { scenario, .. }
            | Contrast::Plants { scenario, .. }
            | Contrast::Terciles { scenario, .. }
            | Contrast::Correlation { scenario, .. } => scenario.as_deref(),
            Contrast::Difference { .. }
            | Contrast::Interaction { .. }
            | Contrast::Event { .. }
            | Contrast::Lag { .. }
            | Contrast::Controllability { .. }
            | Contrast::Recovery { .. } => None,
        }
    }
}

impl PlantOutcome {
    /// Its word in a file.
    pub fn word(self) -> &'static str {
        PLANT_OUTCOMES.iter().find(|(_, outcome)| *outcome == self).map_or("", |(word, _)| word)
    }
}

impl PlantRegressor {
    /// Its word in a file.
    pub fn word(self) -> &'static str {
        PLANT_REGRESSORS.iter().find(|(_, regressor)| *regressor == self).map_or("", |(word, _)| word)
    }
}
