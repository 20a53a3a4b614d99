//! Updates grievance and egalitarian conviction by columns (R1, R2, [`crate::model::rules::grievance`]).

use super::conditions::Conditions;
use super::unit::Unit;
use crate::engine::maths::{SUMMABLE, fixed};
use crate::engine::simd::dispatch;
use crate::model::rules::grievance::{Terms, follow_norm, grievance, summed_deprivation, terms};
use crate::model::state::region::Region;
use crate::model::state::standing::{Standing, WORKER};
use crate::model::state::traits::Drive;

/// Exact sums over people of one rank.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    /// Grievance, in fixed point.
    grievance: u64,
    /// Egalitarianism before its drift, in fixed point: of shock workers, and of all others.
    egalitarianism: [u64; 2],
}

dispatch! {
    /// R1 and R2 for people of one rank: updates their grievance and egalitarianism, and sums both.
    fn feel(
        instructions,
        terms: &Terms,
        grievances: &mut [f32],
        egalitarianisms: &mut [f32],
        drives: &[Drive],
        standings: &[Standing],
    ) -> Sums {
        let terms = *terms;
        // The sums are separate variables: in a struct they would live in memory, and the loop would stay scalar.
        let mut sums = Sums::default();
        for first in (0..grievances.len()).step_by(SUMMABLE) {
            let rows = first..grievances.len().min(first + SUMMABLE);
            let grievances = &mut grievances[rows.clone()];
            let count = grievances.len();
            let egalitarianisms = &mut egalitarianisms[rows.clone()][..count];
            let drives = &drives[rows.clone()][..count];
            let standings = &standings[rows][..count];
            let (mut sum, mut shock_workers, mut others) = (0u32, 0u32, 0u32);
            for row in 0..count {
            let shock_worker = drives[row].shock_quality().value() < terms.shock_below;
            let egalitarianism = egalitarianisms[row];
            let group = standings[row].origin_bits();
            let moved = grievance(&terms, grievances[row], egalitarianism, drives[row].ambition().value(), shock_worker, group);
            grievances[row] = moved;
            egalitarianisms[row] = follow_norm(egalitarianism, terms.norm, terms.drift);
            let counted = fixed(egalitarianism);
            sum += fixed(moved);
            shock_workers += if shock_worker { counted } else { 0 };
            others += if shock_worker { 0 } else { counted };
            }
            sums.grievance += u64::from(sum);
            sums.egalitarianism[0] += u64::from(shock_workers);
            sums.egalitarianism[1] += u64::from(others);
        }
        sums
    }
}

/// R1 and R2 for everyone in a unit.
pub(super) fn pass(conditions: &Conditions, region: &Region, unit: &mut Unit) {
    for (rank, terms) in terms(conditions, region, &unit.state).into_iter().enumerate() {
        let rows = unit.people.ranks.of(rank as u8);
        let people = &mut unit.people;
        let sums = feel(
            conditions.instructions,
            &terms,
            &mut people.grievance[rows.clone()],
            &mut people.egalitarianism[rows.clone()],
            &people.drive[rows.clone()],
            &people.standing[rows],
        );
        unit.state.now.grievance_all += sums.grievance;
        if rank == usize::from(WORKER) {
            unit.state.now.grievance_workers = sums.grievance;
            unit.state.now.deprivation = summed_deprivation(&terms, sums.egalitarianism);
        }
    }
}
