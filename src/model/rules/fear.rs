//! R7 Fear, and what can be seen of grievance: blame, falsification, unrest.
//!
//! Steps 5 and 6 of the month, all ranks. Fear fades; it grows with arrests in one's own stratum of the unit
//! and with suspicion against oneself. Step 6 measures how much grievance is turned against enemies rather
//! than the regime, how much is shown in public (Kuran's preference falsification), and who would join unrest
//! (Granovetter's thresholds). Claims C16, C34, C43.

use crate::engine::maths::pow;
use crate::model::conditions::Conditions;
use crate::model::levers::Levers;
use crate::model::parameters::Parameters;
use crate::model::state::unit::Unit;

/// Returns the share of grievance that is turned towards enemies (φ of the blame rule), 0 to 1. `vigilance`
/// and `class_war` are 0 to 1, `catharsis` is 0 or more.
pub fn deflected(rules: &Parameters, vigilance: f64, class_war: f64, catharsis: f64) -> f64 {
    1.0 - libm::exp(-rules.enemies_deflect * vigilance.max(class_war) - rules.sanctions_deflect * catharsis)
}

/// Terms of fear and of step 6 shared by people of one stratum of a unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    memory: f32,
    arrests: f32,
    suspected: f32,
    /// Suspicion above which it makes a person afraid.
    threshold: f32,
    /// Share of grievance directed at the regime.
    pub(crate) regime: f32,
    pub(crate) falsification: f32,
    pub(crate) deterrence: f32,
}

/// Applies R7 to one person: returns fear after a month, 0 to 1.
#[inline(always)]
pub(crate) fn fear(terms: &Terms, fear: f32, suspicion: f32) -> f32 {
    let fear =
        terms.memory * fear + terms.arrests + if suspicion > terms.threshold { terms.suspected } else { 0.0 };
    // Fear is at most 1 by definition.
    if fear < 1.0 { fear } else { 1.0 }
}

/// Returns grievance as a person shows it in public (pub), 0 to 1.
///
/// For the exponent 1.5 a square root replaces the power. The literal must stay equal to the default of
/// `falsification`.
#[inline(always)]
pub(crate) fn shown(grievance: f32, fear: f32, falsification: f32) -> f32 {
    let candour = 1.0 - fear;
    grievance * if falsification == 1.5 { candour * candour.sqrt() } else { pow(candour, falsification) }
}

/// Returns the terms of the workers, the foremen and the elite of a unit. The catharsis of the unit must
/// already be this month's.
pub(crate) fn terms(conditions: &Conditions, unit: &Unit) -> [Terms; 3] {
    let (rules, levers) = (&conditions.parameters, &conditions.levers);
    let deflected = deflected(rules, levers.vigilance, levers.class_war, unit.catharsis);
    let now = &unit.now;
    let arrested_workers = f64::from(now.arrests - now.arrested_bosses);
    let share = [
        arrested_workers / f64::from(now.people_by_rank[0].max(1)),
        f64::from(now.arrested_bosses) / now.bosses_at_least_one(),
    ];
    [share[0], share[1], share[1]].map(|share| stratum(rules, levers, share, deflected))
}

/// Returns the terms of students, who see no arrests: they belong to no unit. Their mood is not measured.
pub(crate) fn at_school(rules: &Parameters, levers: &Levers) -> Terms {
    stratum(rules, levers, 0.0, 0.0)
}

/// Returns the terms of a stratum in which this share of people was arrested, and this share of grievance is
/// turned towards enemies.
fn stratum(rules: &Parameters, levers: &Levers, arrested: f64, deflected: f64) -> Terms {
    Terms {
        memory: rules.fear_memory as f32,
        arrests: (rules.fear_of_arrests * arrested) as f32,
        suspected: (rules.fear_of_suspicion * levers.vigilance) as f32,
        threshold: rules.suspicion_threshold as f32,
        regime: (1.0 - deflected) as f32,
        falsification: rules.falsification as f32,
        deterrence: rules.unrest_fear as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms {
        memory: 0.9,
        arrests: 0.2,
        suspected: 0.05,
        threshold: 0.5,
        regime: 0.4,
        falsification: 1.5,
        deterrence: 0.5,
    };

    #[test]
    fn fear_fades_and_is_fed_by_arrests_and_suspicion() {
        assert!((fear(&TERMS, 0.5, 0.0) - 0.65).abs() < 1e-6);
        assert!((fear(&TERMS, 0.5, 0.6) - 0.70).abs() < 1e-6);
        assert_eq!(fear(&TERMS, 1.0, 1.0), 1.0);
        // Suspicion counts above the threshold, not at it.
        assert_eq!(fear(&TERMS, 0.5, TERMS.threshold), fear(&TERMS, 0.5, 0.0));
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
