//! Scratch: what one thread needs while it takes one unit through a month, used again for every unit.
//!
//! Owns no state of the model: nothing is read that the same call has not written.

use crate::engine::chacha::Words;

/// Working columns of one thread.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Random words of the people at hand.
    pub words: Words,
    /// Rows of the unit by brigade.
    pub by_brigade: Vec<u32>,
    /// Where each brigade begins in `by_brigade`; one more than there are brigades.
    pub brigade_begin: Vec<u32>,
    /// Category of each row (see [`super::processes::acquaintance`]).
    pub category: Vec<u8>,
    /// People by brigade and category: all in the low half, those in the party in the high half.
    pub brigade_counts: Vec<u32>,
    /// Foremen by shop and category.
    pub foremen: Vec<u32>,
    /// Rows at hand, or places in `by_brigade` while it is filled.
    pub rows: Vec<u32>,
    /// Rows of the party people.
    pub party: Vec<u32>,
    /// Upper bounds of the hazard of accusing.
    pub bounds: Vec<f32>,
    /// Scores with their rows.
    pub scores: Vec<(f32, u32)>,
    /// Identities of the people at hand.
    pub identities: Vec<u64>,
    /// Candidates for promotion: score, identity, row.
    pub candidates: Vec<(f64, u64, u32)>,
}
