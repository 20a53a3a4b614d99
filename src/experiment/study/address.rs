//! Computes the address of a run: the digest of everything that its bytes follow from.
//!
//! Names, labels and words are not part of it, so a renamed scenario keeps its runs, and two studies that contain the same
//! run can share it.

use super::version::RESULTS_VERSION;
use crate::engine::calendar::Month;
use crate::experiment::plan::{Draws, Plan};
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::setup::PolicyMode;
use crate::output::folder::hexadecimal;
use sha2::{Digest, Sha256};
use std::fmt;

/// The address of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(pub [u8; 32]);

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

impl Address {
    /// Parses 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Address> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (position, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * position..2 * position + 2], 16).ok()?;
        }
        Some(Address(bytes))
    }

    /// The address of a run of a scenario with the [`substance`], up to and including the month `last`.
    pub fn of(substance: &[u8; 32], seed: u64, draws: Draws, last: Month) -> Address {
        let mut digest = Sha256::new();
        digest.update(b"kadry run");
        digest.update(RESULTS_VERSION.to_le_bytes());
        digest.update(substance);
        digest.update(seed.to_le_bytes());
        digest.update(last.0.to_le_bytes());
        digest.update(draws.replicate.to_le_bytes());
        // A future that begins after the run, or is that of the past itself, is none.
        if let Some((from, future)) =
            draws.future.filter(|(from, future)| *from <= last && *future != draws.replicate)
        {
            digest.update(from.0.to_le_bytes());
            digest.update(future.to_le_bytes());
        }
        Address(digest.finalize().into())
    }
}

/// Digest of the part of a scenario that its runs follow from: population, parameters, mechanisms, smoothed levers and
/// events by month, and the first months of its phases.
pub fn substance(plan: &Plan) -> [u8; 32] {
    let setup = &plan.setup;
    let mut bytes: Vec<u8> = Vec::with_capacity(64 << 10);
    let population = &setup.population;
    bytes.extend(population.size.to_le_bytes());
    bytes.extend(population.enterprises.to_le_bytes());
    bytes.extend(population.regions.to_le_bytes());
    for info in PARAMETERS {
        bytes.extend(info.key.bytes().chain([0]));
        bytes.extend((info.get)(&setup.parameters).to_bits().to_le_bytes());
    }
    for info in MECHANISMS {
        bytes.extend(info.key.bytes().chain([0, u8::from((info.get)(&setup.mechanisms))]));
    }
    let PolicyMode::Schedule(months) = &setup.policy;
    for info in LEVERS {
        bytes.extend(info.key.bytes().chain([0]));
        for levers in months {
            bytes.extend((info.get)(levers).to_bits().to_le_bytes());
        }
    }
    for pulses in &setup.events.pulses {
        pulses.iter().for_each(|pulse| bytes.extend(pulse.to_bits().to_le_bytes()));
    }
    for elections in [&setup.events.party_elections, &setup.events.union_elections] {
        bytes.extend(elections.iter().map(|election| u8::from(*election)));
    }
    for phase in 0..plan.phases.len() {
        bytes.extend(plan.phase_from(phase).0.to_le_bytes());
    }
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::plan::tests::small;
    use crate::model::setup::Setup;
    use std::sync::Arc;

    #[test]
    fn names_are_no_substance_and_values_are() {
        let plan = small(1, 1);
        let mut renamed = plan.clone();
        renamed.scenario = "other".into();
        renamed.phases = vec!["one".into(), "two".into()];
        assert_eq!(substance(&plan), substance(&renamed));
        let altered = |alter: &dyn Fn(&mut Setup)| {
            let mut setup = Setup::clone(&plan.setup);
            alter(&mut setup);
            substance(&Plan { setup: Arc::new(setup), ..plan.clone() })
        };
        let all = [
            substance(&plan),
            altered(&|setup| setup.population.regions = 1),
            altered(&|setup| setup.parameters.trial_memory += 1e-9),
            altered(&|setup| setup.mechanisms.catharsis = false),
            altered(&|setup| setup.events.union_elections[7] = true),
            altered(&|setup| setup.events.pulses[7][1] = 0.5),
            altered(&|setup| {
                let PolicyMode::Schedule(levers) = &mut setup.policy;
                levers[100].union += 1e-9;
            }),
            {
                let mut later = plan.clone();
                later.phase_of = Month::all().map(|month| usize::from(month.year() >= 1934)).collect();
                substance(&later)
            },
        ];
        for (position, one) in all.iter().enumerate() {
            assert!(!all[..position].contains(one), "{position}");
        }
    }

    #[test]
    fn seed_replicate_future_and_last_month_are_part_of_the_address() {
        let substance = [7; 32];
        let of = |seed, replicate, future, last| {
            Address::of(&substance, seed, Draws { replicate, future }, Month(last))
        };
        let all = [
            of(1, 1, None, 10),
            of(2, 1, None, 10),
            of(1, 2, None, 10),
            of(1, 1, None, 11),
            of(1, 1, Some((Month(5), 2)), 10),
            of(1, 1, Some((Month(6), 2)), 10),
            of(1, 1, Some((Month(5), 3)), 10),
        ];
        for (position, one) in all.iter().enumerate() {
            assert!(!all[..position].contains(one), "{position}");
            assert_eq!(Address::parse(&one.to_string()), Some(*one));
        }
        assert_eq!(of(1, 1, Some((Month(5), 1)), 10), all[0]);
        assert_eq!(of(1, 1, Some((Month(11), 2)), 10), all[0]);
        assert_eq!(Address::parse("x"), None);
    }
}
