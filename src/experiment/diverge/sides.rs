//! Opens the two folders of a comparison, and pairs their scenarios and replicates.

use super::DivergeError;
use crate::engine::calendar::Month;
use crate::output::manifest::{Program, ReplicateStatus, ScenarioMark, Status};
use crate::output::reading::ResultFolder;
use crate::scenario::{Difference, Scenario, load_text};
use std::collections::BTreeSet;

/// One folder.
#[derive(Debug)]
pub struct Side {
    /// Path of the folder, as given.
    pub path: String,
    /// The command that made it: `run` or `compare`.
    pub command: String,
    /// The program that wrote it.
    pub program: Program,
    /// Version of its results.
    pub results: u32,
    /// Seed of its replicates.
    pub seed: u64,
    /// Last month of its runs.
    pub last: Month,
    /// Whether all requested replicates finished.
    pub complete: bool,
    /// Its scenarios, the baseline first.
    pub scenarios: Vec<StoredScenario>,
}

/// One scenario of a folder.
#[derive(Debug)]
pub struct StoredScenario {
    /// Name, label and hash.
    pub mark: ScenarioMark,
    /// Numbers of the finished replicates.
    pub finished: BTreeSet<u32>,
    /// The resolved scenario; the error is the reason why this version cannot load it.
    pub scenario: Result<Scenario, String>,
}

/// A scenario of each folder that are compared with each other.
#[derive(Debug)]
pub struct Pair {
    /// Positions in [`Side::scenarios`].
    pub positions: [usize; 2],
    /// The labels, which are the column `scenario` of the tables.
    pub labels: [String; 2],
    /// Replicates of both, in order.
    pub replicates: BTreeSet<u32>,
    /// Replicates of one only.
    pub replicates_of_one: [BTreeSet<u32>; 2],
    /// How the scenarios differ; `None` if one of them cannot be loaded and their hashes differ.
    pub scenarios: Option<ScenarioDifference>,
}

/// How two scenarios differ.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScenarioDifference {
    /// Differences that results depend on.
    pub substance: Vec<Difference>,
    /// Differences in names of phases and events alone, which results do not depend on.
    pub names: Vec<Difference>,
    /// First month in which results can differ; `None` if none can.
    pub first_month: Option<Month>,
}

impl Side {
    /// Describes a folder and loads its scenarios.
    pub(super) fn open(folder: &ResultFolder) -> Result<Side, DivergeError> {
        let manifest = &folder.manifest;
        let path = folder.path.to_string_lossy().into_owned();
        if manifest.sweep.is_some() {
            return Err(DivergeError::OtherKind { folder: path, kind: "a sweep" });
        }
        if manifest.plan.futures.is_some() {
            return Err(DivergeError::OtherKind { folder: path, kind: "a result of pasts and futures" });
        }
        let last = manifest.months[1].parse::<Month>();
        let last = last.map_err(|error| folder.broken("manifest.json", error.to_string()))?;
        let listed: Vec<(&ScenarioMark, &str, &[ReplicateStatus])> = match &manifest.comparison {
            Some(comparison) => {
                let scenarios = comparison.scenarios.iter();
                scenarios.map(|one| (&one.scenario, one.file.as_str(), one.replicates.as_slice())).collect()
            }
            None => vec![(&manifest.scenario, "scenario.toml", &manifest.replicates)],
        };
        let mut scenarios = Vec::new();
        for (mark, file, replicates) in listed {
            let text = String::from_utf8(folder.bytes(file)?);
            let text = text.map_err(|error| folder.broken(file, error.to_string()))?;
            let scenario = load_text(file, &text).map_err(|faults| faults.render(false));
            let finished = replicates.iter().filter(|one| one.status == Status::Finished);
            let finished = finished.map(|one| one.replicate).collect();
            scenarios.push(StoredScenario { mark: mark.clone(), finished, scenario });
        }
        Ok(Side {
            path,
            command: manifest.plan.command.clone(),
            program: manifest.program.clone(),
            results: manifest.plan.results,
            seed: manifest.seed,
            last,
            complete: manifest.complete,
            scenarios,
        })
    }

    /// The labels of the scenarios, separated by commas.
    fn labels(&self) -> String {
        let labels: Vec<&str> = self.scenarios.iter().map(|one| one.mark.called()).collect();
        labels.join(", ")
    }

    /// The position of the scenario with this label or, if it is the only one, this name.
    fn position(&self, asked: &str) -> Option<usize> {
        let with = |matches: &dyn Fn(&ScenarioMark) -> bool| {
            let mut found =
                (0..self.scenarios.len()).filter(|&position| matches(&self.scenarios[position].mark));
            let first = found.next();
            if found.next().is_some() { None } else { first }
        };
        with(&|mark| mark.called() == asked).or_else(|| with(&|mark| mark.name == asked))
    }
}

/// Pairs the scenarios of two folders; also returns the labels of those that have no partner.
///
/// Folders of one scenario each are a pair, whatever its label. Otherwise scenarios with the same label are pairs.
/// `asked` is the label of the one scenario to compare; a folder that has one scenario takes part with that one.
pub(super) fn pair(
    sides: &[Side; 2],
    asked: Option<&str>,
) -> Result<(Vec<Pair>, [Vec<String>; 2]), DivergeError> {
    let positions: Vec<[usize; 2]> = if let Some(asked) = asked {
        let mut chosen = [0; 2];
        let known = sides.each_ref().map(|side| side.position(asked));
        for (side, (place, known)) in sides.iter().zip(chosen.iter_mut().zip(known)) {
            let alone = side.scenarios.len() == 1 && known_by_any(sides, asked);
            *place = known.or(alone.then_some(0)).ok_or_else(|| DivergeError::NoScenario {
                folder: side.path.clone(),
                asked: asked.to_owned(),
                has: side.labels(),
            })?;
        }
        vec![chosen]
    } else if sides.iter().all(|side| side.scenarios.len() == 1) {
        vec![[0, 0]]
    } else {
        let labels = |side: usize| sides[side].scenarios.iter().map(|one| one.mark.called());
        let partner = |label: &str| labels(1).position(|other| other == label);
        labels(0).enumerate().filter_map(|(left, label)| Some([left, partner(label)?])).collect()
    };
    if positions.is_empty() {
        return Err(DivergeError::NoPair { left: sides[0].labels(), right: sides[1].labels() });
    }
    let unpaired = [0, 1].map(|side| {
        let scenarios = sides[side].scenarios.iter().enumerate();
        let left = scenarios.filter(|(place, _)| positions.iter().all(|pair| pair[side] != *place));
        left.map(|(_, one)| one.mark.called().to_owned()).collect()
    });
    let pairs = positions.into_iter().map(|positions| of_positions(sides, positions)).collect();
    // A scenario that was not asked for is not missing.
    Ok((pairs, if asked.is_some() { Default::default() } else { unpaired }))
}

fn known_by_any(sides: &[Side; 2], asked: &str) -> bool {
    sides.iter().any(|side| side.position(asked).is_some())
}

fn of_positions(sides: &[Side; 2], positions: [usize; 2]) -> Pair {
    let [left, right] = [0, 1].map(|side| &sides[side].scenarios[positions[side]]);
    let only = |one: &StoredScenario, other: &StoredScenario| {
        one.finished.difference(&other.finished).copied().collect()
    };
    let scenarios = match (&left.scenario, &right.scenario) {
        (Ok(left), Ok(right)) => Some(difference(left, right)),
        _ => (left.mark.hash == right.mark.hash).then(ScenarioDifference::default),
    };
    Pair {
        positions,
        labels: [left, right].map(|one| one.mark.called().to_owned()),
        replicates: left.finished.intersection(&right.finished).copied().collect(),
        replicates_of_one: [only(left, right), only(right, left)],
        scenarios,
    }
}

/// Divides the differences between two scenarios into those of substance and those of names.
fn difference(left: &Scenario, right: &Scenario) -> ScenarioDifference {
    let months = |scenario: &Scenario| scenario.phases.iter().map(|phase| phase.from).collect::<Vec<_>>();
    let same_phases = months(left) == months(right);
    let same_events = left.setup().events == right.setup().events;
    let name_only = |difference: &Difference| match difference.table {
        "phase" => same_phases,
        "event" => same_events,
        _ => false,
    };
    let (names, substance) = left.differences(right).into_iter().partition(name_only);
    ScenarioDifference { substance, names, first_month: left.first_difference(right) }
}

/// Ranges of numbers: `1 to 3, 7`; `none` for an empty set.
pub fn ranges(numbers: &BTreeSet<u32>) -> String {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match found.last_mut() {
            Some((_, end)) if *end + 1 == number => *end = number,
            _ => found.push((number, number)),
        }
    }
    let text = |(first, last): &(u32, u32)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    };
    if found.is_empty() { "none".to_owned() } else { found.iter().map(text).collect::<Vec<_>>().join(", ") }
}

/// The finished replicates of the paired scenarios of a side.
pub(super) fn replicates_text(side: &Side, pairs: &[Pair], position: usize) -> String {
    let of = pairs.iter().flat_map(|pair| &side.scenarios[pair.positions[position]].finished);
    ranges(&of.copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_ranges() {
        let text = |numbers: &[u32]| ranges(&numbers.iter().copied().collect());
        assert_eq!(text(&[]), "none");
        assert_eq!(text(&[4]), "4");
        assert_eq!(text(&[1, 2]), "1, 2");
        assert_eq!(text(&[1, 2, 3, 7, 9, 10, 11]), "1 to 3, 7, 9 to 11");
    }

    #[test]
    fn names_of_phases_and_events_are_not_substance() {
        let historical = crate::scenario::load("historical", &[]).unwrap();
        let mut renamed = historical.clone();
        renamed.phases[1].name = "another name".into();
        let found = difference(&historical, &renamed);
        assert_eq!((found.substance.len(), found.names.len(), found.first_month), (0, 1, None));
        renamed.phases[1].from = Month(renamed.phases[1].from.0 + 1);
        let found = difference(&historical, &renamed);
        assert_eq!((found.substance.len(), found.names.len(), found.first_month), (1, 0, None));
        let mut later = historical.clone();
        later.tracks[0].values[100..].fill(0.123);
        let found = difference(&historical, &later);
        assert_eq!(found.first_month, Some(Month(100)));
        assert!(!found.substance.is_empty() && found.substance.iter().all(|one| one.table == "levers"));
    }
}
