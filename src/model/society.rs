//! The society as a whole: units, regions, centre, and the door to one month.

use super::measures::MonthRecord;
use super::setup::Setup;
use crate::engine::calendar::Month;
use crate::engine::parallel::Workers;

/// A society of one replicate, at the end of some month.
pub struct Society {
    setup: std::sync::Arc<Setup>,
    next: Month,
}

impl Society {
    /// The society at the start of January 1928. A pure function of setup, seed and replicate.
    pub fn start(setup: std::sync::Arc<Setup>, _seed: u64, _replicate: u32, _workers: Workers) -> Self {
        Society { setup, next: Month::FIRST }
    }

    /// Lives through one month and says what happened. The same bytes whoever does the work.
    pub fn month(&mut self, _workers: Workers) -> MonthRecord {
        self.next = Month(self.next.0 + 1);
        MonthRecord { workers: self.setup.population.size }
    }

    /// People present now.
    pub fn people(&self) -> u64 {
        self.setup.population.size
    }
}
