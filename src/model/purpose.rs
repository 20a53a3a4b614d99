//! Assigns to each kind of random draw the word that it reads.
//!
//! The block of (seed, replicate, page, month, identity) has 16 words (see [`crate::engine::random`]). Every
//! purpose has a page and a slot. Two purposes share a word only if they exclude each other in the same
//! month: [`rare::PLANT`] serves demoted officials and graduates. Each page is a separate block, so that the
//! draws that everyone needs each month cost one block, and the others are computed only for the people who
//! need them.

/// Page of the draws that everyone makes every month.
pub const MONTHLY: u16 = 0;
/// Page of a person's rare draws.
pub const RARE: u16 = 1;
/// Page of the traits of a person who enters the model.
pub const BIRTH: u16 = 2;
/// Page of the draws of a unit or of the centre.
pub const UNIT: u16 = 3;
/// First page of the people met by chance beside the targets of accusations, four words each; see
/// [`crate::model::rules::acquaintance::by_chance`].
pub const CHANCE: u16 = 4;
/// Number of these pages: sixteen meetings.
pub const CHANCE_PAGES: u16 = 4;
/// First page of the proposals of a destination, three words each. Each further block of proposals is the next page.
/// The last word of the first page gives the brigade at the destination.
pub const DESTINATION: u16 = 16;

/// Slots of page [`MONTHLY`].
pub mod monthly {
    /// Shirking (R3).
    pub const SHIRK: usize = 0;
    /// Quitting (R4).
    pub const QUIT: usize = 1;
    /// Kind of acquaintance met (R5).
    pub const MEETING: usize = 2;
    /// Accusing (R5).
    pub const ACCUSE: usize = 3;
    /// Level of the superior met (R5).
    pub const LEVEL: usize = 4;
    /// Key of the choice of an acquaintance (R5): two words.
    pub const ACQUAINTANCE: usize = 5;
    /// Natural exit (R6c).
    pub const NATURAL_EXIT: usize = 7;
    /// Joining the party (R9).
    pub const RECRUITMENT: usize = 8;
    /// Noise in the choice of students (R9).
    pub const SCHOOL: usize = 9;
    /// Noise in the score for promotion (R8).
    pub const PROMOTION: usize = 10;
    /// Leaving industry on quitting or dismissal (R4).
    pub const LEAVE_INDUSTRY: usize = 11;
    /// Sanction after accusations (R6a).
    pub const SANCTION: usize = 12;
    /// Expulsion from the party or leaving it in a purge (R6d).
    pub const PURGE: usize = 13;
    /// Arrest despite a weak case (R6b).
    pub const WEAK_CASE: usize = 14;
    /// Noise in the choice of whom to arrest (R6b).
    pub const SELECTION: usize = 15;
}

/// Slots of page [`RARE`].
pub mod rare {
    /// Demotion on expulsion from the party (R6d).
    pub const EXPULSION_DEMOTION: usize = 0;
    /// Losing an election (R6e).
    pub const ELECTION: usize = 1;
    /// Plant of a graduate: two words (R9). The first also gives the plant of a demoted regional official
    /// (R6), who cannot be a graduate of the same month.
    pub const PLANT: usize = 2;
    /// Brigade after graduation (R9).
    pub const BRIGADE: usize = 4;
    /// Ability in the new rank (R8).
    pub const ABILITY: usize = 5;
    /// Role on entering the elite (R8).
    pub const ROLE: usize = 6;
    /// Role on becoming a regional official (R8).
    pub const REGIONAL_ROLE: usize = 7;
    /// Region of an outside graduate (R9).
    pub const REGION: usize = 8;
}

/// Slots of page [`BIRTH`].
pub mod birth {
    /// Origin.
    pub const ORIGIN: usize = 0;
    /// Standing in the party (start only).
    pub const PARTY: usize = 1;
    /// Months since joining the party (start only).
    pub const JOINED: usize = 2;
    /// Role (start only).
    pub const ROLE: usize = 3;
    /// Training (start only).
    pub const TRAINED: usize = 4;
    /// Ability.
    pub const COMPETENCE: usize = 5;
    /// Egalitarianism.
    pub const EGALITARIANISM: usize = 6;
    /// Ambition.
    pub const AMBITION: usize = 7;
    /// Temper.
    pub const TEMPER: usize = 8;
    /// Quality as a shock worker.
    pub const SHOCK_QUALITY: usize = 9;
    /// Threshold of joining unrest.
    pub const THRESHOLD: usize = 10;
    /// Blemish (start only).
    pub const BLEMISH: usize = 11;
    /// Brigade.
    pub const BRIGADE: usize = 12;
    /// Tenure (start only).
    pub const TENURE: usize = 13;
    /// Months in rank (start only).
    pub const SINCE: usize = 14;
}

/// Slots of page [`UNIT`], read with a unit's or the centre's identity.
pub mod unit {
    /// Size of the enterprise (start only).
    pub const SIZE: usize = 0;
    /// Number of people due for arrest (R6b).
    pub const ARRESTS: usize = 1;
    /// Rounding of the posts to fill, by rank 1 to 4: four words (R8).
    pub const FILLING: usize = 2;
    /// Rounding of hires (R9).
    pub const HIRES: usize = 6;
    /// Turn of the unit in the regional pass of the vacancy chain, by rank 1 to 3: three words (R8).
    pub const TURN: usize = 7;
    /// Rounding of school places for workers (R9; the centre's).
    pub const WORKER_PLACES: usize = 10;
    /// Rounding of school places for outsiders (R9; the centre's).
    pub const OUTSIDE_PLACES: usize = 11;
    /// Rounding of the outsiders at school in January 1928 (the centre's, keyed by the month of graduation).
    pub const EARLY_PLACES: usize = 12;
}
