//! Defines leaderships, which set the levers of each month from what they see of the previous one.
//!
//! The rules read levers and do not know who set them.

use std::fmt::Debug;

use super::levers::Levers;
use super::setup::PolicyMode;
use crate::engine::calendar::Month;

/// What the leadership sees of the previous month: figures for the country, as reported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Discipline (D), 0 to 1.
    pub discipline: f64,
    /// Mean grievance as people show it (pub), 0 to 1.
    pub mood: f64,
    /// Mean plan gap of the plants, from 0 to its ceiling.
    pub plan_gap: f64,
    /// Share of the elite who left it in the month, 0 to 1.
    pub elite_turnover: f64,
    /// Share of former people in the elite, 0 to 1.
    pub former_elite: f64,
}

/// A leadership, which may keep state of its own.
///
/// For runs to be reproducible, [`levers`](Leadership::levers) must depend only on its arguments and that state.
pub trait Leadership: Debug + Send + Sync + BoxedClone {
    /// Returns the levers of `month`, each from 0 to 1; values outside are clamped. `observed` is `None` in the first
    /// month.
    fn levers(&mut self, month: Month, observed: Option<&Observation>) -> Levers;
}

/// Clones a boxed [`Leadership`]; implemented for every leadership that is [`Clone`].
pub trait BoxedClone {
    /// Returns a boxed copy.
    fn boxed_clone(&self) -> Box<dyn Leadership>;
}

impl<T: Leadership + Clone + 'static> BoxedClone for T {
    fn boxed_clone(&self) -> Box<dyn Leadership> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Leadership> {
    fn clone(&self) -> Self {
        (**self).boxed_clone()
    }
}

/// A leadership that follows the calendar whatever happens, as in the historical scenario.
#[derive(Debug, Clone)]
pub struct Schedule {
    months: Vec<Levers>,
}

impl Schedule {
    /// Creates a schedule from `months`, one entry for each month of the calendar.
    pub fn new(months: Vec<Levers>) -> Self {
        Schedule { months }
    }
}

impl Leadership for Schedule {
    fn levers(&mut self, month: Month, _observed: Option<&Observation>) -> Levers {
        self.months[month.index()]
    }
}

/// Creates the leadership that a setup asks for.
pub(super) fn of(mode: &PolicyMode) -> Box<dyn Leadership> {
    match mode {
        PolicyMode::Schedule(months) => Box::new(Schedule::new(months.clone())),
    }
}
