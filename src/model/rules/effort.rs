//! R3 Effort and record, R4 quitting: what workers do about their grievances.
//!
//! Step 2 of the month, workers only. Shirking rises with grievance and with being new to industry, and falls
//! with authority, penalties and the union. Quitting rises with grievance where labour is scarce, and with
//! being new; it is decided here and carried out in step 7. Recorded absence differs from shirking: once a
//! record costs the worker the job, slack managers stop recording. Claims C05, C13, C29, C40, C42.

use crate::engine::maths::exp;
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::state::unit::Unit;

/// Months of experience below which a worker counts in the measure `newcomers` (pattern K7). No rule reads
/// it.
pub const NEWCOMER_MONTHS: f32 = 24.0;

/// Returns the logit of the monthly probability of shirking of an experienced worker without grievance (the
/// intercept of R3).
///
/// All arguments but `rules` are 0 to 1.
pub fn shirking_intercept(
    rules: &Parameters,
    penalty: f64,
    authority: f64,
    implementation: f64,
    tightness: f64,
    union: f64,
) -> f64 {
    let deterrence = rules.shirking_sanction
        * authority
        * implementation
        * (rules.deterrence_floor + (1.0 - rules.deterrence_floor) * penalty)
        * (1.0 - rules.scarcity_softening * tightness);
    rules.shirking_intercept - deterrence - rules.union_fairness * union
}

/// Returns the share of absences that is recorded (rec of R3), from `recording_floor` to 1. `absence_law` and
/// `implementation` are 0 to 1.
pub fn recording(rules: &Parameters, absence_law: f64, implementation: f64) -> f64 {
    libm::exp(-rules.record_suppression * absence_law * (1.0 - implementation)).max(rules.recording_floor)
}

/// Returns the share of quitting that full penalty prevents (q3(t) of R4), 0 to 1. `quit_law` is 0 to 1.
pub fn quitting_prevented(rules: &Parameters, quit_law: f64) -> f64 {
    rules.quit_penalty.max(rules.quit_law_penalty * quit_law)
}

/// Terms of R3 and R4 shared by all workers of a unit.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    intercept: f32,
    by_grievance: f32,
    by_novelty: f32,
    /// Rate at which novelty changes with experience, per month: −1 / `acculturation_months`.
    pub(crate) decay: f32,
    output_base: f32,
    /// Share of output lost by a worker who is wholly new to industry.
    output_new: f32,
    output_kept: f32,
    quit_base: f32,
    quit_by_grievance: f32,
    quit_by_novelty: f32,
}

/// Returns how new a worker is to industry (newc): 1 at entry, falling towards 0 with experience. `tenure` is
/// in months, `decay` as in [`Terms`].
#[inline(always)]
pub(crate) fn novelty(tenure: f32, decay: f32) -> f32 {
    exp(tenure * decay)
}

/// Applies R3 to one worker: returns true if `draw`, uniform on (0, 1), lies below the probability of
/// shirking.
#[inline(always)]
pub(crate) fn shirks(terms: &Terms, grievance: f32, novelty: f32, draw: f32) -> bool {
    wins(odds_against_shirking(terms, grievance, novelty), draw)
}

/// Returns the odds against shirking: (1 − p) / p for a probability p of shirking.
#[inline(always)]
pub(crate) fn odds_against_shirking(terms: &Terms, grievance: f32, novelty: f32) -> f32 {
    exp(-(terms.intercept + terms.by_grievance * grievance + terms.by_novelty * novelty))
}

/// Returns true if an event with these odds against it happens: if `draw`, uniform on (0, 1), lies below 1 /
/// (1 + `odds_against`).
#[inline(always)]
pub(crate) fn wins(odds_against: f32, draw: f32) -> bool {
    draw + draw * odds_against < 1.0
}

/// Applies R4 to one worker: returns the monthly probability of quitting. Values above 1 count as 1.
#[inline(always)]
pub(crate) fn quitting(terms: &Terms, grievance: f32, novelty: f32) -> f32 {
    terms.quit_base * (1.0 + terms.quit_by_grievance * grievance + terms.quit_by_novelty * novelty)
}

/// Returns the monthly output of a worker, 0 to 2, before the factors of capital and elite (R11). It depends
/// on ability (0 to 1), experience and effort.
#[inline(always)]
pub(crate) fn work(terms: &Terms, competence: f32, novelty: f32, shirks: bool) -> f32 {
    (terms.output_base + competence)
        * (1.0 - terms.output_new * novelty)
        * if shirks { terms.output_kept } else { 1.0 }
}

/// Returns the effect of time in rank on output (R11): 0 at first, rising towards 1. `since` is in months,
/// `decay` from [`experience_decay`].
#[inline(always)]
pub(crate) fn experience(since: u8, decay: f32) -> f32 {
    1.0 - exp(f32::from(since) * decay)
}

/// Returns the rate for [`experience`], per month: −1 / `output_experience_months`.
pub(crate) fn experience_decay(rules: &Parameters) -> f32 {
    (-1.0 / rules.output_experience_months) as f32
}

/// Returns the terms of the workers of a unit.
pub(crate) fn terms(conditions: &Conditions, unit: &Unit) -> Terms {
    let (rules, levers) = (&conditions.parameters, &conditions.levers);
    let implementation = unit.now.implementation;
    let quit_base = rules.quit_base
        * (1.0 + rules.quit_scarcity * unit.tightness)
        * (1.0 - quitting_prevented(rules, levers.quit_law) * levers.penalty * implementation);
    Terms {
        intercept: shirking_intercept(
            rules,
            levers.penalty,
            unit.authority,
            implementation,
            unit.tightness,
            unit.union,
        ) as f32,
        by_grievance: rules.shirking_grievance as f32,
        by_novelty: rules.shirking_newcomer as f32,
        decay: (-1.0 / rules.acculturation_months) as f32,
        output_base: rules.output_base as f32,
        output_new: rules.output_newcomer as f32,
        output_kept: (1.0 - rules.output_shirking) as f32,
        quit_base: quit_base as f32,
        quit_by_grievance: (rules.quit_grievance * unit.tightness) as f32,
        quit_by_novelty: rules.quit_newcomer as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms {
        intercept: -1.5,
        by_grievance: 1.0,
        by_novelty: 1.2,
        decay: -1.0 / 24.0,
        output_base: 0.5,
        output_new: 0.3,
        output_kept: 0.5,
        quit_base: 0.05,
        quit_by_grievance: 0.6,
        quit_by_novelty: 0.7,
    };

    #[test]
    fn novelty_is_lost_at_the_speed_of_acculturation() {
        assert_eq!(novelty(0.0, TERMS.decay), 1.0);
        assert!((novelty(24.0, TERMS.decay) - 0.367_879_44).abs() < 1e-6);
    }

    #[test]
    fn shirking_is_a_logistic_of_grievance_novelty_and_deterrence() {
        // Logit −1.5 + .5 + 1.2·.5 = −.4: probability .40131.
        assert!(shirks(&TERMS, 0.5, 0.5, 0.4013));
        assert!(!shirks(&TERMS, 0.5, 0.5, 0.4014));
        let rules = Parameters::default();
        let expected = -1.783 - 4.0 * 0.4 * 0.8 * (0.25 + 0.75 * 0.2) * (1.0 - 0.35 * 0.3) - 0.5 * 0.6;
        assert!((shirking_intercept(&rules, 0.2, 0.4, 0.8, 0.3, 0.6) - expected).abs() < 1e-12);
    }

    #[test]
    fn absence_goes_unrecorded_where_managers_are_slack_and_the_law_is_harsh() {
        let rules = Parameters::default();
        assert_eq!(recording(&rules, 0.0, 0.5), 1.0);
        assert!((recording(&rules, 1.0, 0.9) - 0.418_323_6).abs() < 1e-6);
        assert_eq!(recording(&rules, 1.0, 0.5), 0.05);
    }

    #[test]
    fn quitting_rises_with_grievance_and_novelty_and_falls_with_the_law() {
        assert!((quitting(&TERMS, 0.5, 0.5) - 0.05 * (1.0 + 0.3 + 0.35)).abs() < 1e-7);
        let rules = Parameters::default();
        assert_eq!(quitting_prevented(&rules, 0.0), 0.324);
        assert_eq!(quitting_prevented(&rules, 0.55), 0.75 * 0.55);
        assert_eq!(quitting_prevented(&rules, 1.0), 0.75);
    }

    #[test]
    fn output_falls_with_novelty_and_shirking() {
        assert!((work(&TERMS, 0.3, 0.5, false) - 0.8 * 0.85).abs() < 1e-6);
        assert!((work(&TERMS, 0.3, 0.5, true) - 0.8 * 0.85 * 0.5).abs() < 1e-6);
    }
}
