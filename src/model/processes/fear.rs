//! R7 Fear, and what follows for what can be seen: blame, falsification, unrest.
//!
//! Steps 5 and 6 of the month. Fear fades, and is fed by arrests in one's own stratum of the unit and by suspicion
//! against oneself. The measures of step 6 use this month's grievance, fear and catharsis: how much grievance is
//! turned to enemies, how much is shown (Kuran's falsification), who would join unrest (Granovetter's thresholds).
//! Claims C16, C34, C43.

use crate::engine::maths::{SUMMABLE, fixed, pow};
use crate::engine::simd::dispatch;
use crate::model::attributes::Temperament;
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::processes::authority::catharsis_after;
use crate::model::unit::Unit;

/// Suspicion above which a person is afraid on account of it.
const SUSPECTED: f32 = 0.5;

/// Share of grievance that is turned to enemies (φ of the blame rule).
pub fn deflected(rules: &Parameters, vigilance: f64, class_war: f64, catharsis: f64) -> f64 {
    1.0 - libm::exp(-rules.enemies_deflect * vigilance.max(class_war) - rules.sanctions_deflect * catharsis)
}

/// The terms of fear and of step 6 that people of one stratum share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    memory: f32,
    arrests: f32,
    suspected: f32,
    /// Share of grievance directed at the regime.
    pub(crate) regime: f32,
    pub(crate) falsification: f32,
    pub(crate) deterrence: f32,
}

/// R7 for one person: fear a month on.
#[inline(always)]
pub(crate) fn fear(terms: &Terms, fear: f32, suspicion: f32) -> f32 {
    let fear =
        terms.memory * fear + terms.arrests + if suspicion > SUSPECTED { terms.suspected } else { 0.0 };
    if fear < 1.0 { fear } else { 1.0 }
}

/// Grievance as a person shows it (pub). A falsification of one and a half, the default, is a matter of a root; any other
/// of a logarithm and an exponential. Loops over people decide this once: compilers take a choice that is the same in
/// every round out of the loop.
#[inline(always)]
pub(crate) fn shown(grievance: f32, fear: f32, falsification: f32) -> f32 {
    let candour = 1.0 - fear;
    grievance * if falsification == 1.5 { candour * candour.sqrt() } else { pow(candour, falsification) }
}

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

/// Grievance directed at the regime, and unrest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directed {
    /// Sum of the grievance, in fixed point.
    regime: u64,
    /// People above their threshold.
    unrest: u32,
}

dispatch! {
    /// What [`fears`] gives of grievance and unrest, once fear is a month on.
    fn direct(
        instructions,
        terms: &Terms,
        fears: &[f32],
        grievances: &[f32],
        temperaments: &[Temperament],
    ) -> Directed {
        let terms = *terms;
        let mut sums = Directed { regime: 0, unrest: 0 };
        for first in (0..fears.len()).step_by(SUMMABLE) {
            let rows = first..fears.len().min(first + SUMMABLE);
            let (mut regime_sum, mut unrest) = (0u32, 0u32);
            let fears = &fears[rows.clone()];
            let grievances = &grievances[rows.clone()][..fears.len()];
            let temperaments = &temperaments[rows][..fears.len()];
            for row in 0..fears.len() {
                let regime = grievances[row] * terms.regime;
                regime_sum += fixed(regime);
                unrest += u32::from(regime > temperaments[row].threshold().value() + terms.deterrence * fears[row]);
            }
            sums.regime += u64::from(regime_sum);
            sums.unrest += unrest;
        }
        sums
    }
}

/// The terms of the workers, the foremen and the elite of a unit with this catharsis, once it is known who is arrested.
pub(crate) fn terms(conditions: &Conditions, unit: &Unit, catharsis: f64) -> [Terms; 3] {
    let (rules, levers) = (&conditions.rules, &conditions.levers);
    let deflected = deflected(rules, levers.vigilance, levers.class_war, catharsis);
    let now = &unit.now;
    let arrested_workers = f64::from(now.arrested - now.arrested_bosses);
    let share = [
        arrested_workers / f64::from(now.counts[0].max(1)),
        f64::from(now.arrested_bosses) / now.bosses_at_least_one(),
    ];
    [share[0], share[1], share[1]].map(|share| Terms {
        memory: rules.fear_memory as f32,
        arrests: (rules.fear_of_arrests * share) as f32,
        suspected: (rules.fear_of_suspicion * levers.vigilance) as f32,
        regime: (1.0 - deflected) as f32,
        falsification: rules.falsification as f32,
        deterrence: rules.unrest_fear as f32,
    })
}

/// Fear and step 6 for everybody in a unit, of whose elite so many may fall that have not been counted yet: what follows for
/// grievance and unrest is noted for each number of them.
pub fn pass(conditions: &Conditions, unit: &mut Unit, may_fall: u32) {
    let terms = terms(conditions, unit, catharsis_after(conditions, unit, 0));
    let now = &mut unit.now;
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
    for fallen in 1..=may_fall {
        // Terms differ by stratum in what arrests add to fear alone.
        let [terms, ..] = self::terms(conditions, unit, catharsis_after(conditions, unit, fallen));
        let people = &unit.people;
        let directed =
            direct(conditions.instructions, &terms, &people.fear, &people.grievance, &people.temperament);
        unit.watched.directed.push(directed);
    }
}

/// Takes from what [`pass`] noted what holds now that so many of the elite have fallen.
pub fn settle(unit: &mut Unit, fallen: u32) {
    if let Some(place) = fallen.checked_sub(1) {
        let Directed { regime, unrest } = unit.watched.directed[place as usize];
        unit.now.grievance_regime = regime;
        unit.now.unrest = unrest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::simd::Instructions;
    use crate::model::attributes::{Threshold, Trait};

    const TERMS: Terms = Terms {
        memory: 0.9,
        arrests: 0.2,
        suspected: 0.05,
        regime: 0.4,
        falsification: 1.5,
        deterrence: 0.5,
    };

    #[test]
    fn grievance_and_unrest_are_told_for_each_number_that_may_fall() {
        let (fears, grievances) = ([0.0f32, 0.5, 0.1], [0.5f32, 1.0, 0.25]);
        let temperaments = [0.25, 0.2, 0.06]
            .map(|threshold| Temperament::new(Trait::nearest(0.5), Threshold::nearest(threshold)));
        let directed = direct(Instructions::Baseline, &TERMS, &fears, &grievances, &temperaments);
        // Regime .2, .4 and .1 against thresholds, raised by fear, of .25, .45 and .11.
        assert_eq!(
            directed.regime,
            [0.2f32, 0.4, 0.1].map(|regime| u64::from(fixed(regime))).iter().sum::<u64>()
        );
        assert_eq!(directed.unrest, 0);
        let angrier = Terms { regime: 0.6, ..TERMS };
        assert_eq!(direct(Instructions::Baseline, &angrier, &fears, &grievances, &temperaments).unrest, 3);
    }

    #[test]
    fn fear_fades_and_is_fed_by_arrests_and_suspicion() {
        assert!((fear(&TERMS, 0.5, 0.0) - 0.65).abs() < 1e-6);
        assert!((fear(&TERMS, 0.5, 0.6) - 0.70).abs() < 1e-6);
        assert_eq!(fear(&TERMS, 1.0, 1.0), 1.0);
        // Suspicion counts above the bound, not at it.
        assert_eq!(fear(&TERMS, 0.5, SUSPECTED), fear(&TERMS, 0.5, 0.0));
    }

    #[test]
    fn fear_hides_grievance() {
        assert!((shown(0.6, 0.19, 1.5) - 0.6 * 0.729).abs() < 1e-5);
        assert!((shown(0.6, 0.0, 1.5) - 0.6).abs() < 1e-6);
        assert_eq!(shown(0.6, 1.0, 1.5), 0.0);
    }

    #[test]
    fn enemies_and_punishments_turn_grievance_from_the_regime() {
        let rules = Parameters::default();
        assert!((deflected(&rules, 0.4, 0.9, 0.05) - (1.0 - 0.332_871_08)).abs() < 1e-7);
        assert_eq!(deflected(&rules, 0.0, 0.0, 0.0), 0.0);
    }
}
