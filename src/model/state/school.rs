//! Defines the technical school: its students by month of entry.

use super::person::Person;

/// A worker at school, and the region of the plant the worker left.
#[derive(Debug, Clone, Copy)]
pub struct Student {
    /// The person on leaving the plant.
    pub person: Person,
    /// Region to which the graduate returns.
    pub region: u32,
}

/// The students who entered school in one month.
#[derive(Debug, Clone, Default)]
pub struct Cohort {
    /// Workers sent by their plants.
    pub workers: Vec<Student>,
    /// Number of students from outside industry; they become people on graduation.
    pub outsiders: u32,
}
