//! The technical school: who is there, by month of entry.

use super::person::Person;

/// A worker at school, and the region to which the plant left behind belongs.
#[derive(Debug, Clone, Copy)]
pub struct Student {
    /// Who, as at leaving.
    pub person: Person,
    /// Region of return.
    pub region: u32,
}

/// Those who entered school in one month.
#[derive(Debug, Clone, Default)]
pub struct Cohort {
    /// Workers.
    pub workers: Vec<Student>,
    /// Number of outsiders.
    pub outsiders: u32,
}
