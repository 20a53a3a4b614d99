//! R1 Grievance and R2 norm drift: what people resent, and what they hold to be just.
//!
//! Step 2 of the month, all ranks. Each month grievance covers a share of the distance to its target. The
//! target rises with hardship, with relative deprivation by pay and by visible rank (Yitzhaki), with norm
//! pressure, and when another origin group rises faster. It falls with the voice of the union, with
//! catharsis, and with the rise of one's own group (Hirschman and Rothschild's tunnel effect). Egalitarian
//! conviction drifts towards the official norm. Claims C06, C10, C13, C22, C23, C25, C31.

use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::state::region::Region;
use crate::model::state::standing::{ORIGIN_GROUPS, RANKS, WORKER};
use crate::model::state::unit::Unit;

/// Returns the extra pay of each rank at full wage spread, in units of a worker's wage.
///
/// The 3.2 of regional officials is not a parameter, because it has no effect: offices hold officials only,
/// so no one compares with their pay.
fn pay_above_workers(rules: &Parameters) -> [f64; RANKS] {
    [0.0, rules.pay_foreman, rules.pay_middle, rules.pay_director, 3.2]
}

/// Returns the relative deprivation of each rank in a unit (RD), 0 or more, and the addition for workers who
/// are not shock workers.
///
/// `counts` are the people by rank, `shock_workers` the number of shock workers. All results are 0 in a unit
/// without people.
pub fn relative_deprivation(
    rules: &Parameters,
    counts: &[u32; RANKS],
    shock_workers: u32,
    wage_spread: f64,
    stakhanovism: f64,
) -> ([f64; RANKS], f64) {
    let (rank_gap_weight, scale) = (rules.rank_gap_weight, rules.deprivation_scale);
    let people: u32 = counts.iter().sum();
    if people == 0 {
        return ([0.0; RANKS], 0.0);
    }
    let share = counts.map(|count| f64::from(count) / f64::from(people));
    let pay = pay_above_workers(rules).map(|above| 1.0 + wage_spread * above);
    let mean_pay: f64 = share.iter().zip(&pay).map(|(share, pay)| share * pay).sum();
    let deprivation = std::array::from_fn(|rank| {
        let by_pay: f64 = (0..RANKS).map(|other| share[other] * (pay[other] - pay[rank]).max(0.0)).sum();
        // Three ranks, the distance from worker to director, count as 1; the weight carries the size.
        let by_rank: f64 = (rank + 1..RANKS).map(|other| share[other] * (other - rank) as f64 / 3.0).sum();
        // Mean pay is at least a worker's wage, 1: no rank is paid less.
        scale * by_pay / mean_pay + rank_gap_weight * scale * by_rank
    });
    let shock_workers = f64::from(shock_workers) / f64::from(people);
    let beside_shock_workers = scale * rules.shock_deprivation * shock_workers * stakhanovism;
    (deprivation, beside_shock_workers)
}

/// Returns the effects of the rise of the origin groups on grievance, for each group: the consolation of its
/// own rise, 0 or less, and the resentment of a fully ambitious person, 0 or more.
///
/// `mobility` is in promotions per head and year.
pub fn group_feelings(
    rules: &Parameters,
    mobility: &[f64; ORIGIN_GROUPS],
) -> ([f64; ORIGIN_GROUPS], [f64; ORIGIN_GROUPS]) {
    let rise = mobility.map(|rate| (rate / rules.usual_mobility).min(rules.mobility_ceiling));
    let consolation = rise.map(|own| -rules.tunnel_weight * own);
    let resentment = std::array::from_fn(|own| {
        let other =
            (0..ORIGIN_GROUPS).filter(|&group| group != own).map(|group| rise[group]).fold(0.0, f64::max);
        rules.resentment_weight * (other - rise[own]).max(0.0)
    });
    (consolation, resentment)
}

/// Terms of R1 and R2 shared by all people of one rank in a unit.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Part of the target that does not depend on the person.
    base: f32,
    /// Coefficient of egalitarianism, deprivation minus catharsis: for shock workers (and bosses), and for
    /// other workers.
    egalitarian: [f32; 2],
    /// Consolation by origin group.
    consolation: [f32; ORIGIN_GROUPS],
    /// Resentment of the fully ambitious by origin group.
    resentment: [f32; ORIGIN_GROUPS],
    /// Quality number below which a person of this rank is a shock worker.
    pub(crate) shock_below: f32,
    /// Share of the distance to its target that grievance covers in a month.
    speed: f32,
    /// Official egalitarian norm, and the share of the distance to it that people cover in a month.
    pub(crate) norm: f32,
    pub(crate) drift: f32,
    /// Deprivation of a full egalitarian: of shock workers (and bosses), and of other workers.
    pub(crate) deprivation: [f64; 2],
}

/// Applies R1 to one person: returns grievance after a month, 0 to 1. `group` is the origin group, 0 to 2.
#[inline(always)]
pub(crate) fn grievance(
    terms: &Terms,
    g: f32,
    egalitarianism: f32,
    ambition: f32,
    shock_worker: bool,
    origin: u16,
) -> f32 {
    // Employees and former people form one group.
    let own = |values: &[f32; ORIGIN_GROUPS]| {
        if origin == 0 {
            values[0]
        } else if origin == 1 {
            values[1]
        } else {
            values[2]
        }
    };
    let egalitarian = if shock_worker { terms.egalitarian[0] } else { terms.egalitarian[1] };
    let target = terms.base
        + egalitarian * egalitarianism
        + own(&terms.consolation)
        + own(&terms.resentment) * ambition;
    // Grievance lies between 0 and 1 by definition.
    let target = if target > 0.0 { target } else { 0.0 };
    let target = if target < 1.0 { target } else { 1.0 };
    g + terms.speed * (target - g)
}

/// Applies R2 to one person: returns egalitarian conviction after a month, 0 to 1.
#[inline(always)]
pub(crate) fn follow_norm(egalitarianism: f32, norm: f32, drift: f32) -> f32 {
    egalitarianism + drift * (norm - egalitarianism)
}

/// Returns the terms of each rank in a unit.
pub(crate) fn terms(conditions: &Conditions, region: &Region, unit: &Unit) -> [Terms; RANKS] {
    let (rules, levers) = (&conditions.parameters, &conditions.levers);
    let (counts, shock_workers) = (&unit.now.people_by_rank, unit.now.shock_workers);
    let (deprivation, beside_shock_workers) =
        relative_deprivation(rules, counts, shock_workers, levers.wage_spread, levers.stakhanovism);
    let (consolation, resentment) = group_feelings(rules, &region.mobility);
    let felt = rules.deprivation_weight
        * (rules.deprivation_floor + (1.0 - rules.deprivation_floor) * levers.egalitarian_norm)
        * (1.0 - rules.siege_discount * levers.vigilance);
    std::array::from_fn(|rank| {
        let worker = rank == usize::from(WORKER);
        let own = felt * deprivation[rank];
        let other = felt * (deprivation[rank] + if worker { beside_shock_workers } else { 0.0 });
        let pressure = if worker { rules.norm_pressure_weight * levers.stakhanovism } else { 0.0 };
        Terms {
            base: (rules.grievance_base + rules.hardship_weight * levers.hardship + pressure
                - rules.union_voice_weight * unit.union) as f32,
            egalitarian: [own, other].map(|term| (term - rules.catharsis_weight * unit.catharsis) as f32),
            consolation: consolation.map(|term| term as f32),
            resentment: resentment.map(|term| term as f32),
            shock_below: if worker { conditions.shock_below } else { 0.0 },
            speed: rules.grievance_speed as f32,
            norm: levers.egalitarian_norm as f32,
            drift: rules.norm_drift as f32,
            deprivation: [own, other],
        }
    })
}

/// Returns the sum of the workers' deprivation terms. `egalitarianism` holds the sums over shock workers and
/// over other workers, in fixed point.
pub(crate) fn summed_deprivation(terms: &Terms, egalitarianism: [u64; 2]) -> f64 {
    let [shock_workers, others] = egalitarianism.map(crate::engine::maths::from_fixed);
    terms.deprivation[0] * shock_workers + terms.deprivation[1] * others
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms = Terms {
        base: 0.4,
        egalitarian: [0.2, 0.3],
        consolation: [-0.05, -0.1, 0.0],
        resentment: [0.04, 0.0, 0.08],
        shock_below: 0.1,
        speed: 0.15,
        norm: 0.95,
        drift: 0.005,
        deprivation: [0.0; 2],
    };

    #[test]
    fn deprivation_is_what_those_above_have_more() {
        // 90 workers, 10 directors; spread .5: pay 1 and 2.3, mean 1.13.
        let rules = Parameters::default();
        let (deprivation, _) = relative_deprivation(&rules, &[90, 0, 0, 10, 0], 0, 0.5, 0.0);
        assert!((deprivation[0] - (4.0 * 0.1 * 1.3 / 1.13 + 0.5 * 4.0 * 0.1)).abs() < 1e-12);
        assert_eq!(deprivation[3], 0.0);
        // A shop head sees pay 2.3 against 1.6, and one rank above.
        assert!((deprivation[2] - (4.0 * 0.1 * 0.7 / 1.13 + 0.5 * 4.0 * 0.1 / 3.0)).abs() < 1e-12);
        // Equal pay: rank alone deprives, whatever the shares sum to in floating point.
        let (deprivation, _) = relative_deprivation(&rules, &[7, 3, 1, 1, 0], 0, 0.0, 0.0);
        assert!((deprivation[0] - 0.5 * 4.0 * (3.0 + 2.0 + 3.0) / 3.0 / 12.0).abs() < 1e-12);
    }

    #[test]
    fn heroes_are_a_grievance_to_other_workers() {
        let rules = Parameters::default();
        let (_, beside) = relative_deprivation(&rules, &[100, 0, 0, 0, 0], 20, 0.0, 0.7);
        assert!((beside - 4.0 * 0.25 * 0.2 * 0.8 * 0.7).abs() < 1e-12);
        assert_eq!(relative_deprivation(&rules, &[0; 5], 0, 1.0, 1.0), ([0.0; 5], 0.0));
    }

    #[test]
    fn ones_own_rise_consoles_and_anothers_is_resented() {
        let (consolation, resentment) = group_feelings(&Parameters::default(), &[0.05, 0.075, 0.2]);
        for (got, expected) in consolation.iter().zip([-0.05, -0.075, -0.1]) {
            assert!((got - expected).abs() < 1e-12);
        }
        // Group 2 rises at four times the usual rate; at most twice the usual rate counts.
        for (got, expected) in resentment.iter().zip([0.08 * 1.0, 0.08 * 0.5, 0.0]) {
            assert!((got - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn grievance_moves_a_share_of_the_way_to_its_target() {
        // Target .4 + .3·.5 − .05 + .04·.25 = .51.
        assert!((grievance(&TERMS, 0.35, 0.5, 0.25, false, 0) - (0.35 + 0.15 * 0.16)).abs() < 1e-6);
        // A shock worker compares with bosses only: target .4 + .2·.5 − .1 = .4.
        assert!((grievance(&TERMS, 0.35, 0.5, 0.25, true, 1) - (0.35 + 0.15 * 0.05)).abs() < 1e-6);
        let bitter = Terms { base: 3.0, ..TERMS };
        assert!((grievance(&bitter, 0.5, 0.5, 0.5, false, 2) - 0.575).abs() < 1e-6);
        let content = Terms { base: -3.0, ..TERMS };
        assert!((grievance(&content, 0.5, 0.5, 0.5, false, 2) - 0.425).abs() < 1e-6);
    }

    #[test]
    fn egalitarianism_drifts_to_the_norm() {
        assert!((follow_norm(0.5, 0.9, 0.005) - 0.502).abs() < 1e-6);
    }
}
