//! The model: people in plants and regional offices live month by month under the policy of a leadership.
//!
//! Read [`month`] first: it is the schedule. [`rules`] has the formulas in the order of the month, `steps` applies them
//! person by person, [`state`] says what a person, a unit and a region are. `fast` does the same by columns, several
//! times faster and with the same bytes; only [`simulation`] uses it.
//!
//! Nothing here does input or output, reads a clock or prints, and nothing can fail once a scenario has been checked.

pub mod bounds;
pub mod conditions;
mod country;
#[cfg(feature = "dev-hooks")]
pub mod fast;
// Tests and benchmarks reach into it; the program itself needs only what `simulation` uses.
#[cfg(not(feature = "dev-hooks"))]
#[allow(dead_code, unreachable_pub)]
mod fast;
pub mod identity;
pub mod leadership;
pub mod levers;
pub mod measures;
pub mod mechanisms;
mod month;
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
