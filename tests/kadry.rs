//! The integration tests: one binary, one module for each part of the program.

mod model;
mod run;
