//! The integration tests of `kadry`, in one binary: one module a subject.

mod analysis;
mod architecture;
mod history;
mod model;
mod report;
mod run;
mod scenario;
mod tables;
