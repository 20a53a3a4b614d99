//! Simulates people in plants and regional offices month by month under the policy of a leadership.
//!
//! Read [`month`] first: it is the schedule. [`rules`] has the formulas in the order of the month, `steps` applies
//! them person by person, and [`state`] defines a person, a unit and a region. `fast` computes the same bytes by
//! columns, several times faster; only [`simulation`] uses it.
//!
//! The model does no input or output, reads no clock and prints nothing. Once a scenario has been checked, it cannot
//! fail.

pub mod bounds;
pub mod conditions;
mod country;
pub mod fast;
pub mod identity;
pub mod leadership;
pub mod levers;
pub mod measures;
pub mod mechanisms;
mod month;
pub mod observed;
pub mod parameters;
pub mod phase;
pub mod purpose;
pub mod record;
pub mod rules;
pub mod setup;
pub mod simulation;
pub mod society;
mod start;
pub mod state;
mod steps;
pub mod targets;
