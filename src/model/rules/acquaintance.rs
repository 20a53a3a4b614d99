//! R5 Acquaintances: whom a person has occasion to accuse this month.
//!
//! Step 3 of the month, all ranks. Each person meets at most one acquaintance a month: a superior, a member
//! of the brigade, a rival, or a member of the party cell. The choice among the members of a pool is by keyed
//! score (see [`crate::engine::sampling`]), so that a newcomer to a pool of n people changes one choice in n
//! + 1.

use crate::engine::random::{Key, uniform};
use crate::model::parameters::Parameters;
use crate::model::purpose::{CHANCE, CHANCE_PAGES, monthly};
use crate::model::state::person::Person;
use crate::model::state::standing::{DIRECTOR, RANKS, REGIONAL, Standing};
use crate::model::state::traits::Skill;

/// Brigades in a shop. Not a parameter, because it shapes the lists from which acquaintances are chosen.
pub const BRIGADES_PER_SHOP: usize = 6;

/// Probabilities of the kinds of acquaintance.
#[derive(Debug, Clone, Copy)]
pub struct Ways {
    pub(crate) superior: f64,
    pub(crate) brigade: f64,
    pub(crate) rival: f64,
    /// The rest: a member of the party cell or, for people outside the party, of the brigade.
    pub(crate) cell: f64,
    /// Probabilities that the superior is one, two or three ranks higher.
    pub(crate) levels: [f64; 3],
}

impl Ways {
    /// Returns the probabilities under these parameters.
    pub fn new(rules: &Parameters) -> Self {
        let (superior, brigade, rival) = (rules.meeting_superior, rules.meeting_brigade, rules.meeting_rival);
        let (first, second) = (rules.superior_first, rules.superior_second);
        // Rounding can make the rest negative if the other shares add up to 1.
        Ways {
            superior,
            brigade,
            rival,
            cell: (1.0 - superior - brigade - rival).max(0.0),
            levels: [first, second, (1.0 - first - second).max(0.0)],
        }
    }
}

// Categories and slots are indices of counts.

/// Number of categories in which people are counted for the expected meetings: the target classes, with the
/// former people among the workers separate from those among the bosses.
pub const CATEGORIES: usize = 8;

pub(crate) const FORMER_WORKER: u32 = 7;

/// Number of slots in which the people of a brigade are counted: each category outside the party, then each
/// category in it.
pub const SLOTS: usize = 2 * CATEGORIES;

/// A regional official as a possible acquaintance.
#[derive(Debug, Clone, Copy)]
pub struct Official {
    /// Identity of the official.
    pub identity: u64,
    /// Row in the office.
    pub row: u32,
    /// Standing.
    pub standing: Standing,
    /// Ambition.
    pub ambition: f32,
    /// Months in rank.
    pub since: u8,
    /// Ability and experience.
    pub skill: Skill,
    /// Suspicion.
    pub suspicion: f32,
}

/// The random draws that decide whom a person meets this month.
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
    /// Returns the person in a row of the regional office as an official, in `month`.
    pub(crate) fn of(person: &Person, row: u32, month: u16) -> Official {
        Official {
            identity: person.identity,
            row,
            standing: person.standing,
            ambition: person.ambition(),
            since: person.months_in_rank(month),
            skill: person.skill,
            suspicion: person.suspicion,
        }
    }
}

impl Meeting {
    /// Returns the meeting of a person. `word` returns the person's words of page
    /// [`crate::model::purpose::MONTHLY`].
    pub fn of(word: impl Fn(usize) -> u32) -> Meeting {
        Meeting {
            kind: uniform(word(monthly::MEETING)),
            level: uniform(word(monthly::LEVEL)),
            key: u64::from(word(monthly::ACQUAINTANCE)) | u64::from(word(monthly::ACQUAINTANCE + 1)) << 32,
        }
    }
}

/// Words of page [`CHANCE`] that one meeting takes: kind, level, and two of the key.
const WORDS_OF_MEETING: usize = 4;

/// Returns the person whom an accuser meets by chance: an acquaintance drawn from the same pools with words of its own,
/// anew until there is one, at most 16 times.
///
/// The draw changes nothing in the model. It says what the targets of accusations would look like if the accusers were
/// the same and motives did not matter. `meet` returns the acquaintance of the accuser for a meeting.
pub(crate) fn by_chance(
    key: &Key,
    month: u16,
    accuser: u64,
    mut meet: impl FnMut(&Meeting) -> Option<Met>,
) -> Option<Met> {
    (CHANCE..CHANCE + CHANCE_PAGES).find_map(|page| {
        let block = key.block(page, month, accuser);
        block.chunks_exact(WORDS_OF_MEETING).find_map(|words| {
            meet(&Meeting {
                kind: uniform(words[0]),
                level: uniform(words[1]),
                key: u64::from(words[2]) | u64::from(words[3]) << 32,
            })
        })
    })
}

/// An acquaintance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// A person of the same unit, by row.
    Row(u32),
    /// An official of the region, by position in the list of officials.
    Official(u32),
}

/// Highest rank of the superiors of each rank: the director of the unit, or an official of the region.
pub(crate) const HIGHEST: [u8; RANKS] = [DIRECTOR, DIRECTOR, REGIONAL, REGIONAL, REGIONAL];

pub(crate) const SHOCK: u32 = 4;

pub(crate) const ORDINARY: u32 = 5;

/// Target class of each category.
pub(crate) const CLASS_OF: [usize; CATEGORIES] = [0, 1, 2, 3, 4, 5, 5, 0];

/// The pool from which a person's acquaintance of the month is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// Superiors of this rank.
    Superiors(u8),
    /// The people of the brigade, of any rank.
    Brigade,
    /// The workers of the shop for a worker, the people of the same rank for a boss.
    Rivals,
    /// The party cell.
    Cell,
}

impl Pool {
    /// Returns the pool of a person of this standing who has this meeting.
    pub fn of(ways: &Ways, standing: Standing, meeting: &Meeting) -> Pool {
        let (draw, rank) = (f64::from(meeting.kind), standing.rank());
        let Ways { superior, brigade, rival, .. } = *ways;
        if draw < superior {
            Pool::of_superior(ways, rank, f64::from(meeting.level))
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

    fn of_superior(ways: &Ways, rank: u8, draw: f64) -> Pool {
        let [first, second, _] = ways.levels;
        let steps = if draw < first {
            1
        } else if draw < first + second {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_tries_sixteen_meetings_of_its_own() {
        let key = Key::new(3, 1);
        let mut seen: Vec<Meeting> = Vec::new();
        let none = by_chance(&key, 5, 17, |meeting| {
            seen.push(*meeting);
            None
        });
        assert_eq!((none, seen.len()), (None, 16));
        let mut keys: Vec<u64> = seen.iter().map(|meeting| meeting.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 16);
        // The fifth meeting is the first of the second page.
        let words = key.block(CHANCE + 1, 5, 17);
        assert_eq!(seen[4].kind, uniform(words[0]));
        assert_eq!(seen[4].level, uniform(words[1]));
        assert_eq!(seen[4].key, u64::from(words[2]) | u64::from(words[3]) << 32);
        // The first acquaintance ends the search.
        let mut tries = 0;
        let met = by_chance(&key, 5, 17, |_| {
            tries += 1;
            (tries == 3).then_some(Met::Row(8))
        });
        assert_eq!((met, tries), (Some(Met::Row(8)), 3));
    }
}
