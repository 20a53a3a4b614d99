//! Measures: what a month and a phase are summarised by, as tables of key, unit, definition and formula.
//!
//! Owns every column of `series.csv` and `phases.csv` that the model gives. Writing them is the business of
//! [`crate::output`].

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A whole number of people, posts or acts.
    Count(u64),
    /// A real number; never NaN or infinite.
    Real(f64),
    /// Not defined this month or phase (the share of a motive where nobody accused): an empty cell.
    Missing,
}

/// One column: what is measured on a `T` (a month or a phase).
#[derive(Debug)]
pub struct Measure<T> {
    /// Column name, snake_case.
    pub key: &'static str,
    /// Unit, `1` for a pure number.
    pub unit: &'static str,
    /// Definition, in a sentence.
    pub definition: &'static str,
    /// True if every value is a [`Value::Count`] or missing.
    pub count: bool,
    /// The formula.
    pub value: fn(&T) -> Value,
}

/// What one month of one replicate gave: sums and counts, from which the measures are computed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MonthRecord {
    /// People with rank 0 at the start of the month.
    pub workers: u64,
}

/// What the months of one phase gave together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PhaseRecord {
    months: u64,
}

impl PhaseRecord {
    /// Adds a month; months come in the order of the calendar.
    pub fn add(&mut self, _month: &MonthRecord) {
        self.months += 1;
    }
}

/// The columns of `series.csv` behind scenario, replicate, seed, month and phase.
pub static MONTH_MEASURES: &[Measure<MonthRecord>] = &[Measure {
    key: "workers",
    unit: "people",
    definition: "people of rank 0 present at the start of the month",
    count: true,
    value: |month| Value::Count(month.workers),
}];

/// The columns of `phases.csv` behind scenario, replicate, seed and phase.
pub static PHASE_MEASURES: &[Measure<PhaseRecord>] = &[Measure {
    key: "months",
    unit: "months",
    definition: "months of the phase that were run",
    count: true,
    value: |phase| Value::Count(phase.months),
}];
