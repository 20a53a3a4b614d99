//! The integration tests of `kadry`, in one binary: one module a subject.

mod analysis;
mod architecture;
mod compare;
mod history;
mod model;
mod run;
mod scenario;
mod tables;
