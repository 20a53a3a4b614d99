//! The society: its state, its parameters, one file per process, and one month as a readable list of calls.
//!
//! Does no input or output, reads no clock, prints nothing, and cannot fail once a scenario has been checked.

pub mod levers;
pub mod measures;
pub mod mechanisms;
pub mod parameters;
pub mod person;
pub mod setup;
pub mod society;
