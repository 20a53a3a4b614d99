//! The integration tests of `kadry`, in one binary: one module a subject.

mod run;
mod scenario;
