//! Defines identities: the 64-bit numbers that key random draws.
//!
//! An identity encodes the unit and month in which a person entered the model, and an ordinal among the entrants of
//! that unit and month. It does not depend on how many people entered before, so that a change in one person's life
//! does not shift the identities of others.
//!
//! Layout from the top: kind (4 bits), month (12), unit (20), ordinal (28). [`super::bounds`] rejects setups that
//! could need more units or ordinals.

use crate::engine::calendar::Month;

/// Largest number of units (enterprises and regional offices) that identities can distinguish.
pub const MOST_UNITS: u64 = 1 << 20;
/// Largest number of people who can enter one unit in one month.
pub const MOST_ENTRANTS: u64 = 1 << 28;

const fn identity(kind: u64, month: u64, unit: u64, ordinal: u64) -> u64 {
    debug_assert!(kind < 1 << 4 && month < 1 << 12 && unit < MOST_UNITS && ordinal < MOST_ENTRANTS);
    kind << 60 | month << 48 | unit << 28 | ordinal
}

/// Returns the identity of the `ordinal`-th person present in `unit` at the start.
pub fn initial(unit: u32, ordinal: u32) -> u64 {
    identity(1, 0, u64::from(unit), u64::from(ordinal))
}

/// Returns the identity of the `ordinal`-th person hired by `unit` in `month`.
pub fn hire(month: Month, unit: u32, ordinal: u32) -> u64 {
    identity(2, u64::from(month.0), u64::from(unit), u64::from(ordinal))
}

/// Returns true if the person with this identity was hired in `month`.
pub fn is_hire_of(identity: u64, month: Month) -> bool {
    identity >> 48 == hire(month, 0, 0) >> 48
}

/// Returns the identity of the `ordinal`-th outsider who entered school in `month`.
pub fn student(month: Month, ordinal: u32) -> u64 {
    identity(3, u64::from(month.0), 0, u64::from(ordinal))
}

/// Returns the identity of the `ordinal`-th outsider at school in January 1928 who graduates in `month`.
pub fn early_student(month: Month, ordinal: u32) -> u64 {
    identity(4, u64::from(month.0), 0, u64::from(ordinal))
}

/// The text of an identity in tables and messages: `p` and 16 hexadecimal digits. Without the letter, other programs read
/// an identity whose digits are all decimal as a number.
pub fn text(identity: u64) -> String {
    format!("p{identity:016x}")
}

/// How a person entered the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Present in January 1928.
    Initial {
        /// Number of the unit.
        unit: u32,
        /// Place among the people of the unit, from 0.
        ordinal: u32,
    },
    /// Hired.
    Hired {
        /// Month of hiring.
        month: Month,
        /// Number of the plant.
        unit: u32,
        /// Place among the people hired by the plant in that month, from 0.
        ordinal: u32,
    },
    /// A graduate from outside industry.
    Student {
        /// Month of entering school.
        month: Month,
        /// Place among the outsiders who entered in that month, from 0.
        ordinal: u32,
    },
    /// A graduate from outside industry who was at school in January 1928.
    EarlyStudent {
        /// Month of graduation.
        month: Month,
        /// Place among the outsiders who graduated in that month, from 0.
        ordinal: u32,
    },
}

/// Returns how the person with this identity entered the model; `None` for a unit or the centre.
pub fn entry(identity: u64) -> Option<Entry> {
    let month = Month((identity >> 48 & 0xfff) as u16);
    let unit = (identity >> 28 & (MOST_UNITS - 1)) as u32;
    let ordinal = (identity & (MOST_ENTRANTS - 1)) as u32;
    match identity >> 60 {
        1 => Some(Entry::Initial { unit, ordinal }),
        2 => Some(Entry::Hired { month, unit, ordinal }),
        3 => Some(Entry::Student { month, ordinal }),
        4 => Some(Entry::EarlyStudent { month, ordinal }),
        _ => None,
    }
}

/// Returns the identity of an enterprise or regional office.
pub fn unit(unit: u32) -> u64 {
    identity(8, 0, u64::from(unit), 0)
}

/// Identity of the centre, for draws made once for the country.
pub const CENTRE: u64 = identity(9, 0, 0, 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_say_how_people_entered() {
        let (month, last) = (Month(161), MOST_UNITS as u32 - 1);
        let ordinal = MOST_ENTRANTS as u32 - 1;
        assert_eq!(entry(initial(last, 3)), Some(Entry::Initial { unit: last, ordinal: 3 }));
        assert_eq!(entry(hire(month, last, ordinal)), Some(Entry::Hired { month, unit: last, ordinal }));
        assert_eq!(entry(student(month, 7)), Some(Entry::Student { month, ordinal: 7 }));
        assert_eq!(entry(early_student(month, 0)), Some(Entry::EarlyStudent { month, ordinal: 0 }));
        assert_eq!([entry(unit(5)), entry(CENTRE)], [None, None]);
    }

    #[test]
    fn identities_of_different_entries_differ() {
        let month = Month(3);
        assert!(
            is_hire_of(hire(month, MOST_UNITS as u32 - 1, 7), month)
                && !is_hire_of(hire(Month(4), 0, 0), month)
        );
        assert!(!is_hire_of(initial(5, 3), month) && !is_hire_of(student(month, 0), month));
        let mut all = vec![
            initial(0, 0),
            initial(0, 1),
            initial(1, 0),
            hire(month, 0, 0),
            hire(Month(4), 0, 0),
            hire(month, 0, 1),
            hire(month, 1, 0),
            student(month, 0),
            student(month, 1),
            early_student(month, 0),
            unit(0),
            unit(1),
            CENTRE,
        ];
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
