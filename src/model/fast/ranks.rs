//! Maps ranks to the rows of a unit.

use std::ops::Range;

use crate::model::state::standing::RANKS;

/// The range of rows of each rank in a unit: highest rank first, workers last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ranks {
    /// First row of each rank.
    pub(super) begin: [usize; RANKS],
    pub(super) people: usize,
}

impl Ranks {
    pub(super) fn from_counts(counts: [usize; RANKS]) -> Self {
        let mut begin = [0; RANKS];
        for rank in (0..RANKS - 1).rev() {
            begin[rank] = begin[rank + 1] + counts[rank + 1];
        }
        Ranks { begin, people: begin[0] + counts[0] }
    }

    /// Returns the rows of a rank.
    #[inline]
    pub fn of(&self, rank: u8) -> Range<usize> {
        let end = if rank == 0 { self.people } else { self.begin[usize::from(rank) - 1] };
        self.begin[usize::from(rank)]..end
    }

    /// Returns the number of people of a rank.
    pub fn count(&self, rank: u8) -> usize {
        self.of(rank).len()
    }

    /// Returns the number of people of each rank.
    pub fn counts(&self) -> [u32; RANKS] {
        std::array::from_fn(|rank| self.count(rank as u8) as u32)
    }

    /// Returns the rows of the workers.
    pub fn workers(&self) -> Range<usize> {
        self.begin[0]..self.people
    }

    /// Returns the rows of the bosses.
    pub fn bosses(&self) -> Range<usize> {
        0..self.begin[0]
    }

    /// Returns the rows of the elite.
    pub fn elite(&self) -> Range<usize> {
        0..self.begin[1]
    }

    /// Returns all rows.
    pub fn all(&self) -> Range<usize> {
        0..self.people
    }
}
