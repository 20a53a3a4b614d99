//! Finds variants that are equal, so that each run is made once whatever it is needed for.

use crate::output::plan::VariantMark;
use std::collections::BTreeMap;

/// Variants of which no two have the same runs.
pub struct Merged {
    /// Their marks: of equal ones the first, with the replicates of all of them.
    pub marks: Vec<VariantMark>,
    /// The position of each mark among those that were given.
    pub first: Vec<usize>,
    /// The variant of each mark that was given.
    pub of: Vec<usize>,
}

/// Merges marks with the same substance whose ranges of replicates touch or overlap.
pub fn merged(given: Vec<VariantMark>) -> Merged {
    let mut all = Merged { marks: Vec::new(), first: Vec::new(), of: Vec::with_capacity(given.len()) };
    let mut equal: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (position, mark) in given.into_iter().enumerate() {
        let equal = equal.entry(mark.substance.clone()).or_default();
        let known = equal.iter().copied().find(|variant| joins(&all.marks[*variant], &mark));
        if let Some(variant) = known {
            let range = all.marks[variant].replicates.zip(mark.replicates);
            all.marks[variant].replicates = range.map(|([a, b], [c, d])| [a.min(c), b.max(d)]);
        } else {
            equal.push(all.marks.len());
            all.marks.push(mark);
            all.first.push(position);
        }
        all.of.push(known.unwrap_or(all.marks.len() - 1));
    }
    all
}

/// Whether the replicates of two equal variants can be joined to one range.
fn joins(one: &VariantMark, other: &VariantMark) -> bool {
    match (one.replicates, other.replicates) {
        (Some([first, last]), Some([begin, end])) => begin <= last + 1 && first <= end + 1,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::manifest::ScenarioMark;

    fn mark(substance: &str, replicates: [u32; 2]) -> VariantMark {
        VariantMark {
            scenario: ScenarioMark { name: "base".to_owned(), label: None, hash: String::new() },
            substance: substance.to_owned(),
            values: Vec::new(),
            replicates: Some(replicates),
            agent_months: 1,
        }
    }

    #[test]
    fn equal_variants_are_run_once() {
        let all = merged(vec![
            mark("a", [1, 20]),
            mark("b", [1, 5]),
            mark("a", [1, 10]),
            mark("b", [6, 6]),
            mark("b", [9, 9]),
        ]);
        assert_eq!(all.of, [0, 1, 0, 1, 2]);
        assert_eq!(all.first, [0, 1, 4]);
        let replicates: Vec<_> = all.marks.iter().map(|mark| mark.replicates.unwrap()).collect();
        assert_eq!(replicates, [[1, 20], [1, 6], [9, 9]]);
    }
}
