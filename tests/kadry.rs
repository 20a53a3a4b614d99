//! The integration tests, one binary.

mod run;
