//! What happens to a person in a month, as bits: drawn in steps 2 to 4, carried out in step 7.
//!
//! Several can be set at once; [`crate::model::rules::outcome`] says which one prevails.

/// Drew quitting (R4).
pub const QUITS: u16 = 1;
/// Drew a natural exit (R6c).
pub const NATURAL: u16 = 1 << 1;
/// Sanctioned after accusations (R6a): a boss is demoted, a worker dismissed.
pub const SANCTIONED: u16 = 1 << 2;
/// Arrested (R6b).
pub const ARRESTED: u16 = 1 << 3;
/// Expelled from the party (R6d).
pub const EXPELLED: u16 = 1 << 4;
/// A worker who leaves the party quietly during a purge (R6d).
pub const LEFT_PARTY: u16 = 1 << 5;
/// Demoted on expulsion (R6d).
pub const PURGED: u16 = 1 << 6;
/// Voted out (R6e).
pub const VOTED_OUT: u16 = 1 << 7;
/// May be expelled or leave the party, once the mean weight of the purge is known (R6d).
pub const AT_RISK: u16 = 1 << 8;
/// Leaves industry if a worker who quits or is dismissed (R4); drawn for everybody.
pub const LEAVES: u16 = 1 << 9;
/// What makes a worker leave the unit.
pub const LEAVING: u16 = QUITS | NATURAL | SANCTIONED | ARRESTED;
/// What is carried out in step 7, or decided before it.
pub const EVENTS: u16 =
    QUITS | NATURAL | SANCTIONED | ARRESTED | EXPELLED | LEFT_PARTY | PURGED | VOTED_OUT | AT_RISK;
