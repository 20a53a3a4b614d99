//! Holds how far a study with many variants has come.

use super::session::Session;
use std::path::{Path, PathBuf};

/// How far a study with many variants has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The result folder, as the user named it.
    pub folder: PathBuf,
    /// True if the study was finished before and nothing was done.
    pub already: bool,
    /// Finished runs that were taken up.
    pub taken_up: u64,
    /// The folders from which runs were taken, and how many.
    pub reused: Vec<(PathBuf, u64)>,
    /// Runs that this process computed.
    pub computed: u64,
    /// Number of runs.
    pub runs: u64,
    /// Runs that are not finished.
    pub missing: u64,
    /// Wall time, in seconds.
    pub seconds: f64,
    /// Whether the work was stopped before every run was tried.
    pub stopped: bool,
}

impl Outcome {
    /// That of a session whose runs have been computed.
    pub fn of(session: &Session<'_>, folder: &Path) -> Outcome {
        let last = *session.study.base.replicates.end();
        Outcome {
            folder: folder.into(),
            already: false,
            taken_up: session.taken_up,
            reused: session.reused.clone(),
            computed: session.computed,
            runs: session.study.run_count(),
            missing: session.missing(last).len() as u64,
            seconds: session.seconds(),
            stopped: session.stopped(last),
        }
    }

    /// That of a study of this many runs that was finished before.
    pub fn finished_before(folder: &Path, runs: u64) -> Outcome {
        Outcome {
            folder: folder.into(),
            already: true,
            taken_up: runs,
            reused: Vec::new(),
            computed: 0,
            runs,
            missing: 0,
            seconds: 0.0,
            stopped: false,
        }
    }
}
