//! Policy: what gives the levers of a month from what the leadership can see.
//!
//! Owns the interface between leadership and society. The rules read levers and know nothing of who moves them.

use super::levers::Levers;
use super::setup::PolicyMode;
use crate::engine::calendar::Month;

/// What the leadership can see of the month before: figures for the country, as reported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Discipline (D), 0 to 1.
    pub discipline: f64,
    /// Grievance as people show it (mean of pub), 0 to 1.
    pub mood: f64,
    /// Mean plan gap over the plants, 0 to .5.
    pub plan_gap: f64,
    /// Elite turnover of the month, share.
    pub elite_turnover: f64,
    /// Share of former people in the elite, 0 to 1.
    pub former_elite: f64,
}

/// A leadership.
pub trait Policy: Send {
    /// Levers for `month`, given what was seen of the month before (nothing before the first).
    fn levers(&mut self, month: Month, observed: Option<&Observation>) -> Levers;
}

/// The leadership of the historical record: levers by the calendar, whatever happens.
#[derive(Debug, Clone)]
pub struct Schedule {
    months: Vec<Levers>,
}

impl Policy for Schedule {
    fn levers(&mut self, month: Month, _observed: Option<&Observation>) -> Levers {
        self.months[month.index()]
    }
}

/// The leadership that a setup asks for.
pub fn leadership(mode: &PolicyMode) -> Box<dyn Policy> {
    match mode {
        PolicyMode::Schedule(months) => Box::new(Schedule { months: months.clone() }),
    }
}
