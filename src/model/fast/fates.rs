//! Fates of the fast month: those of [`crate::model::state::fate`], and bits of its own.

pub(super) use crate::model::state::fate::*;

/// May be expelled or leave the party; decided once the mean weight of the purge is known (R6d).
pub(super) const AT_RISK: u16 = 1 << 8;
/// Would leave industry on quitting or dismissal (R4); drawn for everyone at once.
pub(super) const LEAVES: u16 = 1 << 9;
/// Fates that make a worker leave the unit.
pub(super) const LEAVING: u16 = QUITS | NATURAL | SANCTIONED | ARRESTED;
/// Fates that are carried out in step 7 or still undecided before it.
pub(super) const EVENTS: u16 =
    QUITS | NATURAL | SANCTIONED | ARRESTED | EXPELLED | LEFT_PARTY | PURGED | VOTED_OUT | AT_RISK;
