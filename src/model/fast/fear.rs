//! Updates fear and measures the mood by columns (R7, step 6, [`crate::model::rules::fear`]).

use super::conditions::Conditions;
use super::unit::Unit;
use crate::engine::maths::{SUMMABLE, fixed};
use crate::engine::simd::dispatch;
use crate::model::rules::fear::{Terms, fear, shown, terms};
use crate::model::state::traits::Temperament;

/// Counts and exact sums over people.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    fear: u64,
    shown: u64,
    regime: u64,
    unrest: u32,
}

dispatch! {
    fn fears(
        instructions,
        terms: &Terms,
        fears: &mut [f32],
        suspicions: &[f32],
        grievances: &[f32],
        temperaments: &[Temperament],
    ) -> Sums {
        let terms = *terms;
        let mut sums = Sums::default();
        for first in (0..fears.len()).step_by(SUMMABLE) {
            let rows = first..fears.len().min(first + SUMMABLE);
            let fears = &mut fears[rows.clone()];
            let count = fears.len();
            let (suspicions, grievances) = (&suspicions[rows.clone()][..count], &grievances[rows.clone()][..count]);
            let temperaments = &temperaments[rows][..count];
            let (mut fear_sum, mut shown_sum, mut regime_sum, mut unrest) = (0u32, 0u32, 0u32, 0u32);
            for row in 0..count {
            let fear = fear(&terms, fears[row], suspicions[row]);
            fears[row] = fear;
            let regime = grievances[row] * terms.regime;
            fear_sum += fixed(fear);
            shown_sum += fixed(shown(grievances[row], fear, terms.falsification));
            regime_sum += fixed(regime);
            unrest += u32::from(regime > temperaments[row].threshold().value() + terms.deterrence * fear);
            }
            sums.fear += u64::from(fear_sum);
            sums.shown += u64::from(shown_sum);
            sums.regime += u64::from(regime_sum);
            sums.unrest += unrest;
        }
        sums
    }
}

/// R7 and step 6 for everyone in a unit, whose catharsis must already be that of this month.
pub(super) fn pass(conditions: &Conditions, unit: &mut Unit) {
    let terms = terms(conditions, &unit.state);
    let now = &mut unit.state.now;
    let (elite, bosses) = (unit.people.ranks.elite(), unit.people.ranks.bosses());
    let strata = [unit.people.ranks.workers(), elite.end..bosses.end, elite];
    for (stratum, (rows, terms)) in strata.into_iter().zip(&terms).enumerate() {
        let people = &mut unit.people;
        let sums = fears(
            conditions.instructions,
            terms,
            &mut people.fear[rows.clone()],
            &people.suspicion[rows.clone()],
            &people.grievance[rows.clone()],
            &people.temperament[rows],
        );
        now.fear_all += sums.fear;
        if stratum == 2 {
            now.fear_elite = sums.fear;
        }
        now.grievance_public += sums.shown;
        now.grievance_regime += sums.regime;
        now.unrest += sums.unrest;
    }
}
