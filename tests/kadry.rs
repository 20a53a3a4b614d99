//! The integration tests of `kadry`, in one binary: one module a subject.

#[cfg(not(feature = "cli"))]
compile_error!("these tests run the program: they need the feature `cli`");

mod analysis;
mod architecture;
mod claims;
mod cluster;
mod compare;
mod diverge;
mod fit;
mod follow;
mod golden;
mod history;
mod model;
mod regression;
mod renewal;
mod report;
mod run;
mod scenario;
mod soundness;
mod study;
mod tables;
