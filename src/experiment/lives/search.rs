//! Finds the people for whom a rule holds.

use super::rule::Rule;
use super::{FATES_KNOWN, PEOPLE_FINAL, order};
use crate::engine::calendar::Month;
use crate::model::simulation::Simulation;
use std::collections::BTreeMap;

/// What a search has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Identities of the people for whom every part holds, in [`order`].
    pub people: Vec<u64>,
    /// Number of people who were present in a month.
    pub looked_at: u64,
    /// For each part of the rule, the number of people for whom it holds.
    pub satisfied: Vec<u64>,
    /// For each part of the rule, the number of people for whom all the other parts hold, but not this one.
    pub fails_alone: Vec<u64>,
}

/// Searches a society from its next month up to and including `last`.
///
/// The fast month suffices for rules about states. Rules about what happens need the month person by person, which takes
/// about ten times as long. A person at school is not present, and no part becomes true of such a person.
pub fn search(start: &Simulation, rule: &Rule, last: Month) -> Found {
    let mut society = if rule.happens() { start.as_readable() } else { start.clone() };
    let mut held: BTreeMap<u64, u64> = BTreeMap::new();
    let mut looked_at = society.people();
    while society.next() <= last {
        let month = society.next();
        let mut note = |identity: u64, part: usize| *held.entry(identity).or_default() |= 1 << part;
        let open = |happens: bool| {
            let parts = rule.parts.iter().enumerate();
            parts.filter(move |(_, part)| part.saying.happens() == happens && part.is_open(month))
        };
        let record = if rule.happens() {
            society.watched_month(|step, society| match step {
                FATES_KNOWN => open(true).for_each(|(at, part)| {
                    society.for_each_person(|_, person, so_far| {
                        if part.saying.happens_to(person, so_far) {
                            note(person.identity, at);
                        }
                    });
                }),
                PEOPLE_FINAL => open(false).for_each(|(at, part)| {
                    society.for_each_person(|_, person, _| {
                        if part.saying.is_true_of(person) {
                            note(person.identity, at);
                        }
                    });
                }),
                _ => {}
            })
        } else {
            let record = society.month();
            for (at, part) in open(false) {
                society.for_each_person(|_, person| {
                    if part.saying.is_true_of(person) {
                        note(person.identity, at);
                    }
                });
            }
            record
        };
        let Some(record) = record else { break };
        // Workers who come back from school have been counted before.
        looked_at += record.hired + record.graduates[0];
    }
    found(&held, rule.parts.len(), looked_at)
}

/// Sums up which parts hold for whom, as bits by identity.
fn found(held: &BTreeMap<u64, u64>, parts: usize, looked_at: u64) -> Found {
    let all = u64::MAX >> (64 - parts);
    let count = |test: &dyn Fn(u64) -> bool| held.values().filter(|bits| test(**bits)).count() as u64;
    let mut people: Vec<u64> =
        held.iter().filter(|(_, bits)| **bits == all).map(|(identity, _)| *identity).collect();
    people.sort_by_key(|identity| order(*identity));
    // With a single part, all the others hold for everyone.
    let fails_alone = |part: usize| match all ^ 1 << part {
        0 => looked_at - count(&|bits| bits != 0),
        others => count(&|bits| bits == others),
    };
    Found {
        people,
        looked_at,
        satisfied: (0..parts).map(|part| count(&|bits| bits >> part & 1 != 0)).collect(),
        fails_alone: (0..parts).map(fails_alone).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::lives::Lives;
    use crate::experiment::plan::tests::small;
    use crate::model::setup::{PolicyMode, Setup};
    use std::sync::Arc;

    fn start() -> Simulation {
        // With enough accusations for a society of 1,000.
        let mut setup = Setup::clone(&small(1, 1).setup);
        let PolicyMode::Schedule(levers) = &mut setup.policy;
        levers.iter_mut().for_each(|levers| levers.criticism = 1.0);
        setup.parameters.accusation_scale *= 5.0;
        Simulation::start(Arc::new(setup), 1, 1)
    }

    #[test]
    fn parts_are_counted_by_person() {
        let held = BTreeMap::from([(1, 0b11), (2, 0b01), (3, 0b01), (4, 0b10), (5, 0b11)]);
        let mut both = vec![1, 5];
        both.sort_by_key(|identity| order(*identity));
        assert_eq!(
            found(&held, 2, 9),
            Found { people: both, looked_at: 9, satisfied: vec![4, 3], fails_alone: vec![1, 2] }
        );
        assert_eq!(found(&BTreeMap::from([(7, 1)]), 1, 9).fails_alone, [8]);
        assert!(found(&BTreeMap::new(), 64, 9).people.is_empty());
    }

    #[test]
    fn rules_about_states_find_the_same_people_in_both_months() {
        let rule: Rule = "worker in 1928, foreman by 1931".parse().unwrap();
        let fast = search(&start(), &rule, Month(47));
        let readable = search(&start().as_readable(), &rule, Month(47));
        assert_eq!(fast, readable);
        assert!(!fast.people.is_empty());
        // A part about what happens, which holds for most, makes the search go person by person.
        let more: Rule = "worker in 1928, foreman by 1931, accused by 1931".parse().unwrap();
        let accused = search(&start(), &more, Month(47));
        assert_eq!(accused.satisfied[..2], fast.satisfied[..]);
        assert_eq!(accused.looked_at, fast.looked_at);
        assert!(accused.people.iter().all(|person| fast.people.contains(person)));
    }

    #[test]
    fn a_person_found_by_a_rule_has_such_a_life() {
        let rule: Rule = "worker in 1929, foreman by 1931, accused by 1931".parse().unwrap();
        let found = search(&start(), &rule, Month(47));
        let person = *found.people.first().expect("someone rose");
        let mut lives = Lives::of(&start(), vec![person]);
        let (mut worker, mut foreman, mut accused) = (false, false, false);
        for _ in 0..48 {
            for life in lives.month().unwrap() {
                assert_eq!(life.person.identity, person);
                worker |= life.month.year() == 1929 && life.person.rank() == 0;
                foreman |= life.person.rank() == 1;
                accused |= life.accused > 0;
            }
        }
        assert!(worker && foreman && accused);
    }
}
