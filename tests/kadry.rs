//! The integration tests of `kadry`, in one binary: one module a subject.

mod architecture;
mod run;
mod scenario;
