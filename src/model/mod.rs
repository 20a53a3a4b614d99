//! The society: its state, its parameters, one file per process, and one month as a readable list of calls.
//!
//! Does no input or output, reads no clock, prints nothing, and cannot fail once a scenario has been checked.

mod arrivals;
pub mod attributes;
pub mod bounds;
mod chain;
pub mod conditions;
mod country;
mod crew;
pub mod identity;
pub mod levers;
pub mod measures;
pub mod mechanisms;
mod month;
pub mod parameters;
pub mod people;
pub mod person;
pub mod phase;
pub mod plain;
pub mod policy;
pub mod processes;
pub mod profile;
pub mod purpose;
pub mod ranks;
pub mod region;
pub mod scratch;
pub mod setup;
pub mod society;
mod start;
mod students;
pub mod tally;
pub mod unit;
mod unit_steps;
pub mod watchlists;
