//! The start: the society of January 1928, its columns turned into records.

use std::sync::Arc;

use super::{Country, Somebody};
use crate::engine::parallel::Workers;
use crate::model::setup::Setup;
use crate::model::society::Society;

impl Country {
    /// The country at the start of January 1928: that of [`Society::start`]. A pure function of setup, seed and
    /// replicate.
    pub fn start(setup: Arc<Setup>, seed: u64, replicate: u32) -> Self {
        let society = Society::start(setup, seed, replicate, Workers::One);
        let Society { setup, rules, key, next, policy, observed, mut units, regions, centre, .. } = society;
        let Society { school, early_students, sizes, regional_sizes, .. } = society;
        let people = units
            .iter_mut()
            .map(|unit| {
                let people = std::mem::take(&mut unit.people);
                let somebody = |row| Somebody {
                    person: people.person(row),
                    words: [0; 16],
                    fate: 0,
                    accused: 0,
                    moved: false,
                };
                (0..people.len()).map(somebody).collect()
            })
            .collect();
        Country {
            setup,
            rules,
            key,
            policy,
            observed,
            next,
            units,
            people,
            regions,
            centre,
            school,
            early_students,
            sizes,
            regional_sizes,
        }
    }
}
