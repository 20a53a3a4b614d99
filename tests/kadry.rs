//! The integration tests of `kadry`, in one binary: one module a subject.

mod analysis;
mod architecture;
mod compare;
mod golden;
mod history;
mod model;
mod regression;
mod renewal;
mod report;
mod run;
mod scenario;
mod tables;
