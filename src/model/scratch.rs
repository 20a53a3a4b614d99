//! Scratch: what one thread needs while it takes one unit through a month, used again for every unit.
//!
//! Owns no state of the model: nothing is read that the same call has not written.

use super::processes::acquaintance::Layout;
use super::processes::departures::Mover;
use super::processes::promotion::Chosen;
use super::profile::Watch;
use super::watchlists::{Event, Hopeful};
use crate::engine::chacha::Words;

/// Working columns of one thread.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Random words of the people at hand.
    pub words: Words,
    /// What happens to the people at hand, as bits of [`super::people::fate`].
    pub fates: Vec<u16>,
    /// The unit's people by whom they may meet.
    pub layout: Layout,
    /// Rows at hand.
    pub rows: Vec<u32>,
    /// Where what belongs to each of them stands.
    pub places: Vec<u32>,
    /// Those who seek a plant: where they stand in their list, and where their words do.
    pub seeking: Vec<(u32, u32)>,
    /// Merits of those who may be promoted.
    pub merits: Vec<f32>,
    /// Scores for promotion, or for arrest.
    pub scores: Vec<f32>,
    /// Times what the thread does.
    pub watch: Watch,
    /// Events of the unit at hand, where they are carried out while it is.
    pub events: Vec<Event>,
    /// Workers who may be promoted.
    pub hopefuls: Vec<Hopeful>,
    /// People who arrive in a unit.
    pub arriving: Vec<Mover>,
    /// Rows of those accused, once for each accusation.
    pub targets: Vec<u32>,
    /// Those chosen for posts of their own units.
    pub chosen: Vec<Chosen>,
    /// Marks of rows.
    pub marks: Vec<bool>,
    /// Identities of the people at hand.
    pub identities: Vec<u64>,
    /// Candidates for promotion, or for arrest: score, identity, row.
    pub candidates: Vec<(f32, u64, u32)>,
}
