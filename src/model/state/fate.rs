//! Defines a person's fates in a month as bits: drawn in steps 2 to 4, carried out in step 7.
//!
//! Several bits can be set at once; [`crate::model::rules::outcome`] decides which one prevails.

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
/// Leaves the party quietly during a purge; workers only (R6d).
pub const LEFT_PARTY: u16 = 1 << 5;
/// Demoted as a result of expulsion (R6d).
pub const PURGED: u16 = 1 << 6;
/// Voted out (R6e).
pub const VOTED_OUT: u16 = 1 << 7;
