//! Kadry: an agent-based model of elite formation, denunciation and discipline in Soviet industry, 1928-41.

pub mod cli;
pub mod engine;
pub mod experiment;
pub mod model;
pub mod output;
pub mod report;
pub mod scenario;
