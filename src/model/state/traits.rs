//! Attributes of a person that share a word of memory.
//!
//! Owns how they are kept: traits and ability to 2^-15, thresholds to 2^-14, times in 64ths of a month, dates in whole
//! months. Which of them stand together follows from who reads them: a loop over people that needs one often needs the
//! other. Holds no rule.

use crate::engine::packed::{Fixed16, packed};

/// A trait that somebody is born with: from 0 to 1 - 2^-15, in steps of 2^-15.
pub type Trait = Fixed16<15>;
/// A threshold of grievance: from 0 to 2 - 2^-14, in steps of 2^-14.
pub type Threshold = Fixed16<14>;
/// Aptitude: from -1 to 1 - 2^-15, in steps of 2^-15.
pub type Aptitude = Fixed16<15>;
/// A time in months since January 1928, from -512 to 512, in 64ths of a month.
pub type Months = Fixed16<6>;

/// [`Dates::joined`] of those who come into industry outside the party.
pub const NEVER_JOINED: i16 = -99;
/// [`Dates::rankles_until`] of a person for whom nothing rankles.
pub const NOTHING_RANKLES: i16 = i16::MIN;
/// [`Career::entered`] of a person who is not in the elite.
pub const NEVER_ENTERED: i16 = i16::MIN;
/// [`Career::entered`] of those who were in the elite at the start: their entry is not known (left-truncated).
pub const ENTERED_BEFORE: i16 = -1;
/// [`Career::ranked`] of workers.
pub const UNRANKED: i16 = i16::MIN;

packed! {
    /// What drives a person; fixed.
    #[derive(Default)]
    pub struct Drive {
        /// Ambition (amb).
        ambition: Trait, set_ambition;
        /// Heroism (heroq): low values make heroes of labour.
        hero_quality: Trait, set_hero_quality;
    }
}

packed! {
    /// What it takes to make a person speak up; fixed.
    #[derive(Default)]
    pub struct Temperament {
        /// Readiness to accuse (temper).
        temper: Trait, set_temper;
        /// Grievance at which the person joins unrest (thr).
        threshold: Threshold, set_threshold;
    }
}

packed! {
    /// What a person can do, as what does not change from month to month: see [`super::processes::ageing`].
    #[derive(Default)]
    pub struct Skill {
        /// Ability (comp) less what the months since January 1928 have added to it.
        aptitude: Aptitude, set_aptitude;
        /// Month in which industrial experience (tenure) was 0, had it never been lost.
        began: Months, set_began;
    }
}

packed! {
    /// Dates of a person, in months since January 1928.
    pub struct Dates {
        /// Month of joining the party; of those outside it means nothing.
        joined: i16, set_joined;
        /// Last month for which a demotion or expulsion rankles (grudge), or [`NOTHING_RANKLES`].
        rankles_until: i16, set_rankles_until;
    }
}

packed! {
    /// Dates of a boss, in months since January 1928.
    pub struct Career {
        /// Month of entering the elite, or one of [`NEVER_ENTERED`] and [`ENTERED_BEFORE`].
        entered: i16, set_entered;
        /// Month in which the months in rank (since) were 0, or [`UNRANKED`].
        ranked: i16, set_ranked;
    }
}

impl Default for Dates {
    /// Those of somebody to whom nothing has happened.
    fn default() -> Self {
        Dates::new(NEVER_JOINED, NOTHING_RANKLES)
    }
}

impl Default for Career {
    fn default() -> Self {
        Career::none()
    }
}

impl Career {
    /// That of a worker.
    pub fn none() -> Self {
        Career::new(NEVER_ENTERED, UNRANKED)
    }
}
