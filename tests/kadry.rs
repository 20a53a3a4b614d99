//! The integration tests of `kadry`, in one binary: one module a subject.

mod analysis;
mod history;
mod run;
mod scenario;
mod tables;
