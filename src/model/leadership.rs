//! Leadership: sets the levers of each month from what it can see of the month before.
//!
//! The rules read levers and never know who set them.

use std::fmt::Debug;

use super::levers::Levers;
use super::setup::PolicyMode;
use crate::engine::calendar::Month;

/// What the leadership sees of the month before: figures for the country, as reported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Discipline (D), 0 to 1.
    pub discipline: f64,
    /// Mean grievance as people show it (pub), 0 to 1.
    pub mood: f64,
    /// Mean plan gap of the plants, from 0 to its ceiling.
    pub plan_gap: f64,
    /// Share of the elite that left it in the month.
    pub elite_turnover: f64,
    /// Share of former people in the elite, 0 to 1.
    pub former_elite: f64,
}

/// A leadership, which may have a state of its own.
///
/// For runs to be reproducible, `levers` must depend on its arguments, the leadership's state and nothing else.
pub trait Leadership: Debug + Send + Sync + BoxedClone {
    /// The levers of `month`, each from 0 to 1 (values outside are clamped); `observed` is missing before the first month.
    fn levers(&mut self, month: Month, observed: Option<&Observation>) -> Levers;
}

/// Clones a boxed [`Leadership`]; implemented for every leadership that is [`Clone`].
pub trait BoxedClone {
    /// A boxed copy.
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

/// Levers by the calendar, whatever happens: the leadership of the historical record.
#[derive(Debug, Clone)]
pub struct Schedule {
    months: Vec<Levers>,
}

impl Schedule {
    /// Follows `months`, one entry for each month of the calendar.
    pub fn new(months: Vec<Levers>) -> Self {
        Schedule { months }
    }
}

impl Leadership for Schedule {
    fn levers(&mut self, month: Month, _observed: Option<&Observation>) -> Levers {
        self.months[month.index()]
    }
}

/// The leadership that a setup asks for.
pub(super) fn of(mode: &PolicyMode) -> Box<dyn Leadership> {
    match mode {
        PolicyMode::Schedule(months) => Box::new(Schedule::new(months.clone())),
    }
}
