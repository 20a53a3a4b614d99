//! Calls the roll of a unit by columns (step 1).

use super::conditions::Conditions;
use super::unit::Unit;
use crate::engine::simd::dispatch;
use crate::model::rules::ageing::months_in_rank;
use crate::model::rules::enforcement;
use crate::model::state::standing::{ELITE, Standing};
use crate::model::state::traits::{Career, Drive};
use crate::model::state::unit::since_bin;
use crate::model::{identity, purpose};

dispatch! {
    /// Counts the shock workers: those with a quality number below the limit.
    fn count_shock_workers(instructions, drives: &[Drive], limit: f32) -> u32 {
        drives.iter().map(|drive| u32::from(drive.shock_quality().value() < limit)).sum()
    }
}

dispatch! {
    /// Counts bosses by bin of months in rank, and the former people among them.
    fn count_bosses(instructions, standings: &[Standing], careers: &[Career], month: u16) -> ([u32; 3], u32) {
        let (mut first, mut second, mut former) = (0u32, 0u32, 0u32);
        for (standing, career) in standings.iter().zip(careers) {
            let bin = since_bin(months_in_rank(career.ranked(), month));
            first += u32::from(bin == 0);
            second += u32::from(bin == 1);
            former += u32::from(standing.former());
        }
        ([first, second, standings.len() as u32 - first - second], former)
    }
}

/// Step 1 for a unit: clears the last month's events and lists, counts people, and updates enforcement.
pub(super) fn pass(conditions: &Conditions, unit: &mut Unit) {
    unit.state.now.clear();
    unit.candidates.clear();
    unit.state.words =
        conditions.key.block(purpose::UNIT, conditions.month.0, identity::unit(unit.state.number));
    let people = &unit.people;
    let now = &mut unit.state.now;
    let counts = people.count(conditions.instructions);
    now.people_by_rank = people.ranks.counts();
    (now.origins, now.party) = (counts.origins, counts.party);
    if conditions.shock_below > 0.0 {
        let drives = &people.drive[people.ranks.workers()];
        now.shock_workers = count_shock_workers(conditions.instructions, drives, conditions.shock_below);
    }
    let bosses = people.ranks.bosses();
    (now.bosses_by_since, now.former_bosses) = count_bosses(
        conditions.instructions,
        &people.standing[bosses.clone()],
        &people.career[bosses],
        conditions.month.0,
    );
    for standing in &people.standing[people.ranks.elite()] {
        let role = (standing.role() as usize).saturating_sub(1);
        now.elite_by_role[usize::from(standing.rank() - ELITE)][role] += 1;
        now.former_elite += u32::from(standing.former());
    }
    enforcement::update(conditions, &mut unit.state);
}
