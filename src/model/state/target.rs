//! Describes the target of an accusation, as the target was when accused.

/// Number of thirds into which people are divided.
pub const THIRDS: usize = 3;
/// Names of the thirds, in the order of every array of thirds.
pub const THIRD_NAMES: [&str; THIRDS] = ["low", "middle", "high"];

/// Suspicion above which a person counts as suspected already.
///
/// With the default forgetting, .12 a month, a single accusation counts for a year and a half. Expulsion from the
/// party brings suspicion too.
pub const SUSPECTED: f32 = 0.1;

/// Largest suspicion that enters the means of `candidates.csv`.
pub const MOST_SUSPICION: f32 = 8.0;

/// Returns a suspicion in units of [`MOST_SUSPICION`], at most 1.
#[inline(always)]
pub fn suspicion_share(suspicion: f32) -> f32 {
    let suspicion = if suspicion < MOST_SUSPICION { suspicion } else { MOST_SUSPICION };
    suspicion * (1.0 / MOST_SUSPICION)
}

/// What is recorded of the target of an accusation, beside the accuser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TargetProfile {
    /// Rank.
    pub rank: u8,
    /// Role, as [`super::standing::Role`].
    pub role: u8,
    /// Target class, an index into [`super::standing::TARGET_CLASS_NAMES`].
    pub class: u8,
    /// Months in rank, at most 255; 255 for workers.
    pub since: u8,
    /// Third of ambition; see [`crate::model::rules::thirds::ambition_third`].
    pub ambition: u8,
    /// Third of ability among the bosses of the same rank; see [`crate::model::rules::thirds::AbilityThirds`]. Meaningless for
    /// workers.
    pub ability: u8,
    /// True if the target is a candidate for an open post; see [`super::unit::UnitMonth::open_posts`].
    pub candidate: bool,
    /// True if suspicion exceeded [`SUSPECTED`] before this month's accusations.
    pub suspected: bool,
    /// True if accuser and target are both in the party.
    pub comrades: bool,
    /// True if accuser and target work in the same brigade of the same unit.
    pub same_brigade: bool,
}

impl TargetProfile {
    /// Returns true if the target is a boss: of rank 1 or higher.
    pub fn boss(&self) -> bool {
        self.rank > 0
    }
}
