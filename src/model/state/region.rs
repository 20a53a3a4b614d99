//! Defines the state of the regions and the centre, the levels above the enterprises.

use super::standing::{ORIGIN_GROUPS, TARGET_CLASSES};

/// A region.
#[derive(Debug, Clone)]
pub struct Region {
    /// Arrest quota as a multiple of the plan (quota), from 1 to its ceiling.
    pub quota: f64,
    /// Attack on the region's officials (att), 0 to 1.
    pub attack: f64,
    /// People of the region accused, each once a month, with exponential forgetting (accR).
    pub accused: f64,
    /// Punishments of suspected people, with exponential forgetting (sanR).
    pub punishments: f64,
    /// Perceived share of the accused who are punished (phat), within the floor and the ceiling of perception.
    pub perceived_punishment: f64,
    /// Promotions per person and year by origin group (mob).
    pub mobility: [f64; ORIGIN_GROUPS],
}

/// The centre and the stocks of the country as a whole.
#[derive(Debug, Clone)]
pub struct Centre {
    /// Pulse of the show trials by target class, 0 or more.
    pub pulses: [f64; TARGET_CLASSES],
    /// Accusations out of principle or temperament by class of target, with exponential forgetting (nI).
    pub popular_acts: [f64; TARGET_CLASSES],
    /// Expected acquaintances by class, with exponential forgetting (dI).
    pub popular_meetings: [f64; TARGET_CLASSES],
    /// Capital per worker relative to the start (capK).
    pub capital: f64,
}

/// What happened in a region this month.
#[derive(Debug, Clone, Copy, Default)]
pub struct RegionMonth {
    /// People of the region accused this month, each counted once.
    pub accused: u64,
    /// People arrested or sanctioned whose suspicion exceeded `suspicion_threshold`.
    pub punished_suspects: u64,
    /// People to be considered for arrest.
    pub due: u64,
    /// People arrested.
    pub arrests: u64,
    /// Regional officials arrested or demoted.
    pub officials_removed: u64,
    /// Mean fear of the regional officials after its update; 0 without officials.
    pub officials_fear: f64,
    /// People present.
    pub people: u64,
    /// Directors present.
    pub directors: u64,
    /// People present by origin group.
    pub heads: [u64; ORIGIN_GROUPS],
    /// Promotions this month by origin group.
    pub promotions: [u64; ORIGIN_GROUPS],
}
