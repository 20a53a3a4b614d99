//! The state of the model: people, units, regions, the centre, the technical school.
//!
//! Holds data and how it is read. What changes it is in [`super::rules`].

pub mod counts;
pub mod fate;
pub mod person;
pub mod region;
pub mod school;
pub mod standing;
pub mod traits;
pub mod unit;
