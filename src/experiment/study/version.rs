//! Defines the version of the results: programs of one version write the same bytes for the same scenario and seed.

/// The changes of results, the oldest first: version, and what changed. Each is tagged *Results change* in CHANGELOG.md.
pub const CHANGES: &[(u32, &str)] = &[
    (1, "the first version of the results that is numbered"),
    (2, "survival.csv has the cohort of those in the elite in January 1928"),
    (
        3,
        "regions begin with the punished people of `perception_punished`; by default last digits of regions.csv alone",
    ),
    (4, "workers and posts grow by the logarithmic rates of their parameters, compounded"),
    (
        5,
        "perceived punishment compares punished people with accused people, not with accusations; `accused_remembered` in regions.csv",
    ),
    (6, "people who become regional officials outside the party join it in that month"),
    (
        7,
        "the expelled lose posts that are for party people alone, count as accused once, and do not join the party in the same month",
    ),
    (8, "suspicion, fear and grudges of students fade"),
    (9, "accused_entropy is corrected for few accusations"),
];

/// The version of the results of this program. To raise it, add a line to [`CHANGES`].
pub const RESULTS_VERSION: u32 = CHANGES[CHANGES.len() - 1].0;

/// Describes what changed between the results of another version and those of this program.
pub fn changes_since(version: u32) -> String {
    if version > RESULTS_VERSION {
        return "a newer version of kadry made them".into();
    }
    let changes: Vec<&str> =
        CHANGES.iter().filter(|(number, _)| *number > version).map(|(_, what)| *what).collect();
    changes.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbered_from_one() {
        assert!(CHANGES.iter().map(|(number, _)| *number).eq(1..=RESULTS_VERSION));
        assert!(changes_since(0).starts_with(CHANGES[0].1));
        assert_eq!(changes_since(RESULTS_VERSION - 1), CHANGES[CHANGES.len() - 1].1);
        assert_eq!(changes_since(RESULTS_VERSION), "");
    }
}
