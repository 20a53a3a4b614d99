//! Creates the society of January 1928 by columns, with the same people as [`crate::model::start`].

use std::sync::Arc;

use super::arrivals::Arrivals;
use super::departures::Movers;
use super::entrants;
use super::society::{Options, Society};
use super::unit::Unit;
use super::workspace::{Workspace, Workspaces};
use crate::engine::parallel::Blocks;
use crate::engine::random::Key;
use crate::engine::simd::Instructions;
use crate::model::country::Country;
use crate::model::identity;
use crate::model::purpose::BIRTH;
use crate::model::setup::Setup;
use crate::model::start::headcount;

/// Creates the society of a setup before its first month.
pub(super) fn society(setup: Arc<Setup>, key: Key, options: Options) -> Society {
    let Options { workers, block, instructions } = options;
    let (country, units) = Country::start(setup, key);
    let mut units: Vec<Unit> = units.into_iter().map(Unit::new).collect();
    let weight = |unit: &Unit| unit.state.workers_wanted + unit.state.posts.iter().sum::<f64>();
    let blocks = Blocks::by_weight(units.iter().map(weight), block);
    let mut workspaces = Workspaces::new(workers);
    let mut nothing = vec![(); blocks.count()];
    workspaces.sweep(workers, &blocks, &mut units, &mut nothing, |workspace, _, units, ()| {
        units.iter_mut().for_each(|unit| populate(&country, instructions, unit, workspace));
    });
    Society {
        outsiders_mean: None,
        enough_for_school: None,
        movers: vec![Movers::default(); blocks.count()],
        lists: Blocks::by_weight((0..blocks.count()).map(|_| 1.0), 1.0),
        arrivals: Arrivals::default(),
        country,
        units,
        instructions,
        workers,
        blocks,
        workspaces,
    }
}

/// Fills a unit with its workers and the holders of its whole posts.
fn populate(country: &Country, instructions: Instructions, unit: &mut Unit, workspace: &mut Workspace) {
    let (counts, brigades) = (headcount(&unit.state), unit.state.brigades());
    let Workspace { words, identities, .. } = workspace;
    // Rank 0 has the lowest ordinals but the last rows.
    identities.clear();
    let mut end: u32 = counts.iter().sum();
    for count in counts.into_iter().rev() {
        identities.extend((end - count..end).map(|ordinal| identity::initial(unit.state.number, ordinal)));
        end -= count;
    }
    words.fill(instructions, &country.key, BIRTH, 0, identities);
    entrants::founders(
        instructions,
        &country.parameters,
        &mut unit.people,
        brigades,
        counts,
        identities,
        words,
    );
}
