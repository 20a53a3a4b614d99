//! Faults that were found by use and must not come back: each test is named after what it protects.

mod scenario_bounds;
mod scenario_errors;
mod scenario_input;
mod scenario_labels;
mod scenario_names;
mod scenario_speed;
mod scenario_warnings;
