//! Acquaintances: whom a person has occasion to accuse this month (R5).
//!
//! Step 3 of the month. One acquaintance a month: a superior, somebody of the brigade, a rival, or somebody of the
//! party cell. The choice in a pool is by keyed score (see [`crate::engine::sampling`]), so that one newcomer in a pool
//! of n moves one choice in n + 1. The pools are read off the unit's rows; nothing here changes anybody.

use crate::engine::random::uniform;
use crate::model::purpose::monthly;
use crate::model::state::person::Person;
use crate::model::state::standing::{DIRECTOR, RANKS, REGIONAL, Standing};

/// Brigades in a shop.
pub const BRIGADES_PER_SHOP: usize = 6;

/// Probabilities of meeting a superior, somebody of the brigade, a rival; the rest meet somebody of the cell, or of
/// the brigade if they are not in the party.
pub(crate) const MEETINGS: [f64; 3] = [0.35, 0.35, 0.15];

/// Probabilities that the superior stands one, two, three ranks higher.
pub(crate) const LEVELS: [f64; 3] = [0.5, 0.3, 0.2];

/// Categories of people that the expected meetings tell apart: target classes, with the former people among the
/// workers apart from those among the bosses.
pub const CATEGORIES: usize = 8;

pub(crate) const FORMER_WORKER: u32 = 7;

/// Slots in which the people of a brigade are counted: by category, outside the party and, behind those, in it.
pub const SLOTS: usize = 2 * CATEGORIES;

/// A regional official as those below see one.
#[derive(Debug, Clone, Copy)]
pub struct Official {
    /// Whose row it is.
    pub identity: u64,
    /// Row in the office.
    pub row: u32,
    /// Standing.
    pub standing: Standing,
    /// Ambition.
    pub ambition: f32,
    /// Months in rank.
    pub since: u8,
}

/// What chance decides about whom somebody meets this month.
#[derive(Debug, Clone, Copy)]
pub struct Meeting {
    /// Draw of the kind of acquaintance.
    pub kind: f32,
    /// Draw of the level of a superior.
    pub level: f32,
    /// Key of the choice in the pool.
    pub key: u64,
}

impl Official {
    /// A person in a row of the regional office, in `month`.
    pub(crate) fn of(person: &Person, row: u32, month: u16) -> Official {
        Official {
            identity: person.identity,
            row,
            standing: person.standing,
            ambition: person.ambition(),
            since: person.months_in_rank(month),
        }
    }
}

impl Meeting {
    /// The meeting of somebody whose words of page [`crate::model::purpose::MONTHLY`] these are.
    pub fn of(word: impl Fn(usize) -> u32) -> Meeting {
        Meeting {
            kind: uniform(word(monthly::MEETING)),
            level: uniform(word(monthly::LEVEL)),
            key: u64::from(word(monthly::ACQUAINTANCE)) | u64::from(word(monthly::ACQUAINTANCE + 1)) << 32,
        }
    }
}

/// An acquaintance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// Somebody of the same unit, by row.
    Row(u32),
    /// An official of the region, by position in the list of them.
    Official(u32),
}

/// The highest superior that somebody of each rank meets.
pub(crate) const HIGHEST: [u8; RANKS] = [DIRECTOR, DIRECTOR, REGIONAL, REGIONAL, REGIONAL];

pub(crate) const HERO: u32 = 4;

pub(crate) const ORDINARY: u32 = 5;

/// Target class of each category.
pub(crate) const CLASS_OF: [usize; CATEGORIES] = [0, 1, 2, 3, 4, 5, 5, 0];

/// Where somebody's acquaintance of the month comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// Superiors of this rank.
    Superiors(u8),
    /// Everybody of the brigade.
    Brigade,
    /// Fellow workers of the shop, or those of the same rank.
    Rivals,
    /// The party cell.
    Cell,
}

impl Pool {
    /// The pool of somebody of this standing who has this meeting.
    pub fn of(standing: Standing, meeting: &Meeting) -> Pool {
        let (draw, rank) = (f64::from(meeting.kind), standing.rank());
        let [superior, brigade, rival] = MEETINGS;
        if draw < superior {
            Pool::of_superior(rank, f64::from(meeting.level))
        } else if draw < superior + brigade {
            Pool::Brigade
        } else if draw < superior + brigade + rival {
            Pool::Rivals
        } else if standing.in_party() {
            Pool::Cell
        } else {
            Pool::Brigade
        }
    }

    fn of_superior(rank: u8, draw: f64) -> Pool {
        let steps = if draw < LEVELS[0] {
            1
        } else if draw < LEVELS[0] + LEVELS[1] {
            2
        } else {
            3
        };
        match rank {
            REGIONAL => Pool::Rivals,
            _ => Pool::Superiors((rank + steps).min(HIGHEST[usize::from(rank)])),
        }
    }
}
