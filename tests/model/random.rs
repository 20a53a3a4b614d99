//! Random valid setups, and setups with every lever at one value: what property tests live through.

use kadry::engine::calendar::Month;
use kadry::model::levers::LEVERS;
use kadry::model::levers::Levers;
use kadry::model::levers::smooth;
use kadry::model::mechanisms::MECHANISMS;
use kadry::model::mechanisms::Mechanisms;
use kadry::model::parameters::PARAMETERS;
use kadry::model::parameters::ParameterInfo;
use kadry::model::parameters::Parameters;
use kadry::model::parameters::SHARES;
use kadry::model::setup::Events;
use kadry::model::setup::PolicyMode;
use kadry::model::setup::Population;
use kadry::model::setup::Setup;
use kadry::model::state::standing::TARGET_CLASSES;
use proptest::prelude::*;

/// People at whom a run ends early: growth at its limits would fill the memory.
pub(crate) const MOST_PEOPLE: u64 = 40_000;

/// Where a random parameter comes from: now and then a valid limit, often the prior range.
#[derive(Debug, Clone, Copy)]
enum Choice {
    Least,
    Largest,
    Default,
    Within(f64),
}

fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        1 => Just(Choice::Least),
        1 => Just(Choice::Largest),
        6 => Just(Choice::Default),
        12 => (0.0..=1.0).prop_map(Choice::Within),
    ]
}

/// Lowers shares of one whole, the smaller first, so that they add up to at most 1; the reader of scenarios refuses a
/// larger sum.
pub(crate) fn limit_shares(parameters: &mut Parameters) {
    for shares in SHARES {
        let mut rows: Vec<&ParameterInfo> = shares.rows().collect();
        rows.sort_by(|one, other| (other.get)(parameters).total_cmp(&(one.get)(parameters)));
        let mut left = 1.0;
        for info in rows {
            let share = (info.get)(parameters).min(left);
            (info.set)(parameters, share);
            left = (left - share).max(0.0);
        }
    }
}

fn parameters() -> impl Strategy<Value = Parameters> {
    proptest::collection::vec(choice(), PARAMETERS.len()).prop_map(|choices| {
        let mut parameters = Parameters::default();
        for (info, choice) in PARAMETERS.iter().zip(choices) {
            let value = match (choice, info.prior) {
                (Choice::Least, _) => info.valid.0,
                (Choice::Largest, _) => info.valid.1,
                (Choice::Within(place), Some((low, high))) => low + place * (high - low),
                (Choice::Default, _) | (Choice::Within(_), None) => info.default,
            };
            (info.set)(&mut parameters, if info.is_whole() { value.round() } else { value });
        }
        limit_shares(&mut parameters);
        parameters
    })
}

/// Steps of a lever: values that hold from some months on; often a limit of the range.
fn track() -> impl Strategy<Value = Vec<(usize, f64)>> {
    let value = prop_oneof![1 => Just(0.0), 1 => Just(1.0), 4 => 0.0..=1.0];
    proptest::collection::vec((0..Month::COUNT, value), 1..5)
}

fn policy() -> impl Strategy<Value = PolicyMode> {
    proptest::collection::vec(track(), LEVERS.len()).prop_map(|tracks| {
        let mut steps = vec![Levers::default(); Month::COUNT];
        for (info, mut track) in LEVERS.iter().zip(tracks) {
            track.sort_by_key(|&(from, _)| from);
            let mut begun = 0;
            for (month, levers) in steps.iter_mut().enumerate() {
                while begun + 1 < track.len() && track[begun + 1].0 <= month {
                    begun += 1;
                }
                (info.set)(levers, track[begun].1);
            }
        }
        PolicyMode::Schedule(smooth(&steps))
    })
}

fn events() -> impl Strategy<Value = Events> {
    let trials = proptest::collection::vec((0..Month::COUNT, 0..TARGET_CLASSES, 0.0..=10.0), 0..6);
    let elections = proptest::collection::vec((0..Month::COUNT, any::<bool>()), 0..6);
    (trials, elections).prop_map(|(trials, elections)| {
        let mut events = Events::none();
        for (month, class, strength) in trials {
            events.pulses[month][class] += strength;
        }
        for (month, party) in elections {
            if party {
                events.party_elections[month] = true;
            } else {
                events.union_elections[month] = true;
            }
        }
        events
    })
}

fn population() -> impl Strategy<Value = Population> {
    let size = prop_oneof![1 => 1..=12u64, 2 => 13..=300u64, 3 => 301..=3000u64];
    (size, 1..=14u32, 1..=14u32).prop_map(|(size, enterprises, regions)| {
        let enterprises = enterprises.min(u32::try_from(size).unwrap_or(u32::MAX));
        Population { size, enterprises, regions: regions.min(enterprises) }
    })
}

fn mechanisms() -> impl Strategy<Value = Mechanisms> {
    proptest::collection::vec(proptest::bool::weighted(0.9), MECHANISMS.len()).prop_map(|on| {
        let mut mechanisms = Mechanisms::default();
        for (info, on) in MECHANISMS.iter().zip(on) {
            (info.set)(&mut mechanisms, on);
        }
        mechanisms
    })
}

pub(crate) fn setups() -> impl Strategy<Value = Setup> {
    (population(), parameters(), mechanisms(), policy(), events()).prop_map(
        |(population, parameters, mechanisms, policy, events)| Setup {
            population,
            parameters,
            mechanisms,
            policy,
            events,
        },
    )
}

/// A setup with every lever at one value, from the default parameters.
pub(crate) fn flat(value: f64, size: u64, enterprises: u32, regions: u32) -> Setup {
    let mut levers = Levers::default();
    for info in LEVERS {
        (info.set)(&mut levers, value);
    }
    Setup {
        population: Population { size, enterprises, regions },
        parameters: Parameters::default(),
        mechanisms: Mechanisms::default(),
        policy: PolicyMode::Schedule(vec![levers; Month::COUNT]),
        events: Events::none(),
    }
}
