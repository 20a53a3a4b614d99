//! Defines the attributes of a person that share a word of memory.
//!
//! Traits and ability have a resolution of 2^-15, thresholds 2^-14, times 1/64 of a month, dates one month.
//! Attributes that the same loop over people reads share a word: fewer columns mean fewer cache misses for each
//! person who moves. No formula is here.

use crate::engine::packed::{Fixed16, packed};

/// An inborn trait: 0 to 1 - 2^-15, in steps of 2^-15.
pub type Trait = Fixed16<15>;
/// A threshold of grievance: 0 to 2 - 2^-14, in steps of 2^-14.
pub type Threshold = Fixed16<14>;
/// An aptitude: -1 to 1 - 2^-15, in steps of 2^-15.
pub type Aptitude = Fixed16<15>;
/// A time in months since January 1928: -512 to just under 512, in steps of 1/64.
pub type Months = Fixed16<6>;

/// [`Dates::joined`] of people who have never been in the party.
pub const NEVER_JOINED: i16 = -99;
/// [`Dates::rankles_until`] of a person without a grudge.
pub const NOTHING_RANKLES: i16 = i16::MIN;
/// [`Career::entered`] of a person outside the elite.
pub const NEVER_ENTERED: i16 = i16::MIN;
/// [`Career::entered`] of people who were in the elite at the start: the true date is unknown (left-truncated).
pub const ENTERED_BEFORE: i16 = -1;
/// [`Career::ranked`] of workers.
pub const UNRANKED: i16 = i16::MIN;

packed! {
    /// A person's drives; fixed.
    #[derive(Default)]
    pub struct Drive {
        /// Ambition (amb).
        ambition: Trait, set_ambition;
        /// Quality as a shock worker (heroq): lower numbers are better.
        shock_quality: Trait, set_shock_quality;
    }
}

packed! {
    /// A person's readiness to speak up; fixed.
    #[derive(Default)]
    pub struct Temperament {
        /// Readiness to accuse (temper).
        temper: Trait, set_temper;
        /// Grievance at which the person joins unrest (thr).
        threshold: Threshold, set_threshold;
    }
}

packed! {
    /// Ability and experience as quantities that stay constant from month to month; [`crate::model::rules::ageing`]
    /// computes the current values, so that nothing has to be updated monthly.
    #[derive(Default)]
    pub struct Skill {
        /// Ability (comp) minus the ability gained since January 1928.
        aptitude: Aptitude, set_aptitude;
        /// Month in which industrial experience (tenure) was 0, as if none had been lost since.
        began: Months, set_began;
    }
}

packed! {
    /// Dates of a person, in months since January 1928.
    pub struct Dates {
        /// Month of joining the party; of people outside it, the month of losing the card or [`NEVER_JOINED`].
        joined: i16, set_joined;
        /// Last month of a grudge over a demotion or expulsion, or [`NOTHING_RANKLES`].
        rankles_until: i16, set_rankles_until;
    }
}

packed! {
    /// Dates of a boss, in months since January 1928.
    pub struct Career {
        /// Month of entering the elite, [`NEVER_ENTERED`] or [`ENTERED_BEFORE`].
        entered: i16, set_entered;
        /// Month in which the months in rank (since) were 0, or [`UNRANKED`].
        ranked: i16, set_ranked;
    }
}

impl Default for Dates {
    /// Returns the dates of a person outside the party and without a grudge.
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
    /// Returns the career of a worker.
    pub fn none() -> Self {
        Career::new(NEVER_ENTERED, UNRANKED)
    }
}
