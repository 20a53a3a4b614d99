//! A person's attributes: ranks, roles, origins, standing in the party, target classes.
//!
//! Owns the words for them and how they pack into one number per person. How people are laid out in memory is the
//! business of [`super::people`].

/// Number of target classes.
pub const TARGET_CLASSES: usize = 6;

/// Number of ranks.
pub const RANKS: usize = 5;

/// Number of motives of an accusation.
pub const MOTIVES: usize = 4;

/// Names of the motives, in the order of every motive array.
pub const MOTIVE_NAMES: [&str; MOTIVES] = ["principle", "temperament", "rivalry", "fear"];

/// Names of the target classes, in the order of every class array.
pub const TARGET_CLASS_NAMES: [&str; TARGET_CLASSES] =
    ["former", "new_specialist", "manager", "official", "shock_worker", "worker"];

/// Names of the ranks.
pub const RANK_NAMES: [&str; RANKS] = ["worker", "foreman", "middle", "director", "regional"];
