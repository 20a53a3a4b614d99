//! Ageing: a month passes for everybody present.
//!
//! End of step 7: tenure, months in rank, ability, grudges. Also forgets the month's marks, which nothing reads after.

use crate::engine::instructions::dispatch;
use crate::model::unit::Unit;

/// Growth of ability in a month.
pub(crate) const LEARNING: f32 = 0.0008;

dispatch! {
    fn age(instructions, tenures: &mut [f32], competences: &mut [f32], since: &mut [u8], grudges: &mut [u8]) {
        for tenure in tenures.iter_mut() {
            *tenure += 1.0;
        }
        for competence in competences.iter_mut() {
            let grown = *competence + LEARNING;
            *competence = if grown < 1.0 { grown } else { 1.0 };
        }
        for since in since.iter_mut() {
            *since = since.saturating_add(1);
        }
        for grudge in grudges.iter_mut() {
            *grudge = grudge.saturating_sub(1);
        }
    }
}

/// A month passes for the people of a unit.
pub fn pass(instructions: crate::engine::instructions::Instructions, unit: &mut Unit) {
    let people = &mut unit.people;
    age(instructions, &mut people.tenure, &mut people.competence, &mut people.since, &mut people.grudge);
    people.fate.fill(0);
    people.accused.fill(0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::instructions::Instructions;

    #[test]
    fn a_month_passes() {
        let (mut tenures, mut competences) = ([11.5, 0.0], [0.3, 0.9999]);
        let (mut since, mut grudges) = ([11, 255], [6, 0]);
        age(Instructions::Baseline, &mut tenures, &mut competences, &mut since, &mut grudges);
        assert_eq!((tenures, since, grudges), ([11.5 + 1.0, 1.0], [12, 255], [5, 0]));
        assert!((competences[0] - 0.3008).abs() < 1e-6);
        assert_eq!(competences[1], 1.0);
    }
}
