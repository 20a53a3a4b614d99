//! Scratch: what one thread needs while it takes one unit through a month, used again for every unit.
//!
//! Owns no state of the model: nothing is read that the same call has not written.

use super::processes::acquaintance::Layout;
use super::processes::departures::Mover;
use super::profile::Watch;
use crate::engine::chacha::Words;

/// Working columns of one thread.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Random words of the people at hand.
    pub words: Words,
    /// Random words of those who come into the model.
    pub birth_words: Words,
    /// The unit's people by whom they may meet.
    pub layout: Layout,
    /// Rows at hand.
    pub rows: Vec<u32>,
    /// Scores for promotion.
    pub scores: Vec<f32>,
    /// Cases against people, and the same with their rows.
    pub case: Vec<f32>,
    /// Cases with their rows.
    pub cases: Vec<(f32, u32)>,
    /// Times what the thread does.
    pub watch: Watch,
    /// People who arrive in a unit.
    pub arriving: Vec<Mover>,
    /// Marks of rows.
    pub marks: Vec<bool>,
    /// Identities of the people at hand.
    pub identities: Vec<u64>,
    /// Candidates for promotion: score, identity, row.
    pub candidates: Vec<(f32, u64, u32)>,
}
