//! Regions and the centre: what lies above the enterprises. Owns their stocks; holds no rule.

use super::standing::{ORIGIN_GROUPS, TARGET_CLASSES};

/// A region.
#[derive(Debug, Clone)]
pub struct Region {
    /// Multiple of the plan of arrests (quota), 1 to its ceiling.
    pub quota: f64,
    /// Attack on the region's officials (att), 0 to 1.
    pub attack: f64,
    /// Accusations filed against the region's people, fading (accR).
    pub accusations: f64,
    /// Punishments of suspected people, fading (sanR).
    pub punishments: f64,
    /// Perceived share of accusations that are punished (phat), within the floor and the ceiling of perception.
    pub perceived_punishment: f64,
    /// Promotions per head and year by origin group (mob).
    pub mobility: [f64; ORIGIN_GROUPS],
}

/// The centre and what is counted once for the country.
#[derive(Debug, Clone)]
pub struct Centre {
    /// Pulses of the show trials by target class.
    pub pulses: [f64; TARGET_CLASSES],
    /// Accusations out of principle or temperament by class of target, fading (nI).
    pub popular_acts: [f64; TARGET_CLASSES],
    /// Acquaintances by class, fading (dI).
    pub popular_meetings: [f64; TARGET_CLASSES],
    /// Capital per worker relative to the start (capK).
    pub capital: f64,
}

/// What happened in a region this month.
#[derive(Debug, Clone, Copy, Default)]
pub struct RegionMonth {
    /// Accusations filed against people of the region.
    pub accusations: u64,
    /// People arrested or administratively sanctioned with suspicion above .5.
    pub punished_suspects: u64,
    /// People due for arrest.
    pub due: u64,
    /// People arrested.
    pub arrested: u64,
    /// Regional officials arrested or demoted.
    pub officials_removed: u64,
    /// Mean fear of the regional officials, as just updated; 0 if there are none.
    pub officials_fear: f64,
    /// Sum of everybody's grievance in fixed point, and people present.
    pub grievance: u64,
    /// People present.
    pub people: u64,
    /// Directors present.
    pub directors: u64,
    /// People present by origin group, and their promotions this month.
    pub heads: [u64; ORIGIN_GROUPS],
    /// Promotions by origin group.
    pub promotions: [u64; ORIGIN_GROUPS],
}
