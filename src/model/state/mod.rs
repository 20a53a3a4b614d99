//! Defines the state of the model: people, units, regions, the centre, the technical school.
//!
//! This module holds data and accessors only; [`super::rules`] says how the state changes.

pub mod counts;
pub mod fate;
pub mod person;
pub mod region;
pub mod school;
pub mod standing;
pub mod target;
pub mod traits;
pub mod unit;
