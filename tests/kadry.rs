//! The integration tests of `kadry`, in one binary: one module a subject.

mod architecture;
mod model;
mod run;
mod scenario;
