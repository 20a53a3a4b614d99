//! Identities: who a draw belongs to.
//!
//! An identity is a 64-bit number that other people's fates do not shift: it says where and when somebody came into
//! the model and as which of those who came there and then, never how many came before. Layout, from the top: kind
//! (4 bits), month (12), unit (20), ordinal (28).

use crate::engine::calendar::Month;

/// Most units (enterprises and offices) that identities can tell apart.
pub const MOST_UNITS: u64 = 1 << 20;
/// Most people who can enter one unit in one month.
pub const MOST_ENTRANTS: u64 = 1 << 28;

const fn identity(kind: u64, month: u64, unit: u64, ordinal: u64) -> u64 {
    kind << 60 | month << 48 | unit << 28 | ordinal
}

/// The `ordinal`-th of those present in `unit` at the start.
pub fn initial(unit: u32, ordinal: u32) -> u64 {
    identity(1, 0, u64::from(unit), u64::from(ordinal))
}

/// The `ordinal`-th of those hired by `unit` in `month`.
pub fn hire(month: Month, unit: u32, ordinal: u32) -> u64 {
    identity(2, u64::from(month.0), u64::from(unit), u64::from(ordinal))
}

/// The `ordinal`-th of the outsiders who entered school in `month`.
pub fn student(month: Month, ordinal: u32) -> u64 {
    identity(3, u64::from(month.0), 0, u64::from(ordinal))
}

/// The `ordinal`-th of the outsiders at school in January 1928 who graduate in `month`.
pub fn early_student(month: Month, ordinal: u32) -> u64 {
    identity(4, u64::from(month.0), 0, u64::from(ordinal))
}

/// An enterprise or regional office.
pub fn unit(unit: u32) -> u64 {
    identity(8, 0, u64::from(unit), 0)
}

/// The centre: what is drawn once for the country.
pub const CENTRE: u64 = identity(9, 0, 0, 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_of_different_entries_differ() {
        let month = Month(3);
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
