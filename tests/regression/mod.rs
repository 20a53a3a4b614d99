//! Faults that users met, and the behaviour that was promised since: one module a subject.

mod pages;
