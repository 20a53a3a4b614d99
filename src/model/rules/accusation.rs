//! R5 Accusation: who accuses whom, and why.
//!
//! Step 3 of the month, all ranks. Everybody meets one acquaintance a month and may accuse that person. Four motives
//! (principle, temperament, rivalry, fear) compete as hazards, so that their shares in an act are exact fractions.
//! Whether somebody accuses at all is decided first, by one draw against a bound that no acquaintance could exceed;
//! then against a tighter one, where the kind of the meeting and one's own rank say which rank one meets. Only then is
//! the acquaintance looked up, and the same draw decides. Claims C03, C06, C13, C24, C26, C28, C34, C37, C38, C48, C51
//! to C54.

use super::acquaintance::Official;
use crate::engine::maths::exp;
use crate::model::conditions::Conditions;
use crate::model::state::person::Person;
use crate::model::state::region::Region;
use crate::model::state::standing::{MOTIVES, RANKS, Standing};
use crate::model::state::unit::{Act, Unit, WHOLE_ACT};

/// Rank distance that counts as 1. A unit: `motive_principle` carries the size, and `shock_distance` is measured in it.
const DISTANCE_UNIT: f32 = 1.5;

/// Distances by the number of ranks between.
const DISTANCES: [f32; RANKS] =
    [0.0, 1.0 / DISTANCE_UNIT, 2.0 / DISTANCE_UNIT, 3.0 / DISTANCE_UNIT, 4.0 / DISTANCE_UNIT];

/// May hope for a post (elig): a boss, in the party, trained, or of an ability above `able` (`eligible_ability`).
#[inline(always)]
pub fn eligible(standing: Standing, competence: f32, able: f32) -> bool {
    standing.boss() | standing.in_party() | (competence > able) | standing.trained()
}

/// Competition for the posts of a rank (κ): how likely a cleared post falls to one of those below.
///
/// Posts per eligible candidate, at most 1, less what openings already wait.
///
/// Competition is a probability, and there is at least one candidate; a rank with more holders than posts has no openings.
pub fn competition(posts: f64, holders: f64, eligible: f64) -> f64 {
    let eligible = eligible.max(1.0);
    let waiting = (posts.floor() - holders).max(0.0);
    (posts / eligible).min(1.0) * (1.0 - (waiting / eligible).min(1.0))
}

/// What accusations in a unit have in common this month.
#[derive(Debug, Clone, Copy)]
pub struct Climate {
    /// Strength of each motive, with all that is the same for everybody in the unit.
    pub(crate) principle: f32,
    pub(crate) temperament: f32,
    /// Part of temperament that is there without a grievance, and what a grudge multiplies temperament by.
    pub(crate) calm: f32,
    pub(crate) rankled: f32,
    /// How far above other workers a shock worker stands.
    pub(crate) shock_distance: f32,
    /// Rivalry with an equal, relative to that with the rank above.
    pub(crate) sideways: f32,
    /// Ability above which a worker may hope for a post.
    pub(crate) able: f32,
    /// Rivalry for posts of each rank.
    pub(crate) rivalry: [f32; RANKS],
    pub(crate) fear: f32,
    /// Scale times licence, upwards and otherwise.
    pub(crate) licence: [f32; 2],
    /// Weight of each target class outside the elite, and what a plan gap adds for the elite.
    pub(crate) image: [f32; 6],
    pub(crate) gap_blame: f32,
    /// Exposure of bosses under egalitarian norms.
    pub(crate) exposure: f32,
    /// Minus one over the months in which the exposure of the newly risen fades.
    pub(crate) exposure_decay: f32,
    /// Exposure of the fully ambitious, relative to that of the newly risen.
    pub(crate) exposed_ambition: f32,
    /// What deterrents leave of a hazard: upwards and otherwise; between strangers, and among party people of the elite.
    pub(crate) left: [[f32; 2]; 2],
}

/// What deterrents leave of a hazard, as [`Climate::left`] holds it: the union always, authority upwards, loyalty in a
/// clique.
pub(crate) const fn left_by(union: f32, authority: f32, clique: f32) -> [[f32; 2]; 2] {
    [[exp(-(union + authority)), exp(-(union + authority + clique))], [exp(-union), exp(-(union + clique))]]
}

/// The climate of a unit. `eligible_workers` are the workers who may hope for a post.
pub fn climate(
    conditions: &Conditions,
    region: &Region,
    unit: &Unit,
    eligible_workers: u32,
    regional_posts: f64,
    regional_directors: u32,
) -> Climate {
    let (rules, levers) = (&conditions.rules, &conditions.levers);
    let expected_gain = rules.motive_rivalry
        * (1.0 + rules.openings_aspiration * unit.openness)
        * levers.career_reward
        * (region.perceived_punishment / rules.punished_reference);
    let rivalry = std::array::from_fn(|rank| {
        let competition = if !conditions.mechanisms.competition {
            rules.competition_reference
        } else {
            match rank {
                0 => 0.0,
                4 => (regional_posts / f64::from(regional_directors.max(1))).min(1.0),
                _ => competition(
                    unit.posts[rank],
                    f64::from(unit.now.counts[rank]),
                    f64::from(if rank == 1 { eligible_workers } else { unit.now.counts[rank - 1] }),
                ),
            }
        };
        (expected_gain * competition / rules.competition_reference) as f32
    });
    let licence = |slope: f64| {
        (rules.accusation_scale * libm::exp(slope * (levers.criticism - rules.criticism_neutral))) as f32
    };
    Climate {
        principle: (rules.motive_principle * levers.egalitarian_norm) as f32,
        temperament: rules.motive_temperament as f32,
        calm: rules.temperament_floor as f32,
        rankled: rules.temperament_grudge as f32,
        shock_distance: rules.shock_distance as f32,
        sideways: rules.rivalry_sideways as f32,
        able: rules.eligible_ability as f32,
        rivalry,
        fear: (rules.motive_fear
            * levers.vigilance
            // Beyond the reference share, more denouncers add no fear.
            * (rules.fear_without_denouncers + (unit.denouncers / rules.denouncer_reference).min(1.0)))
            as f32,
        licence: [licence(rules.criticism_slope), licence(rules.criticism_slope * rules.criticism_sideways)],
        image: conditions.image.map(|weight| (rules.image_floor + rules.image_weight * weight) as f32),
        gap_blame: (rules.gap_blame * unit.plan_gap) as f32,
        exposure: (rules.moral_exposure
            * levers.egalitarian_norm
            * (1.0 + rules.exposure_vigilance * levers.vigilance)) as f32,
        exposure_decay: (-1.0 / rules.exposure_months) as f32,
        exposed_ambition: rules.exposure_ambition as f32,
        left: left_by(
            (rules.union_substitution * unit.union) as f32,
            (rules.authority_deterrence * unit.authority) as f32,
            rules.clique_loyalty as f32,
        ),
    }
}

/// The accuser, as R5 sees one.
#[derive(Debug, Clone, Copy)]
pub struct Accuser {
    pub(crate) standing: Standing,
    pub(crate) shock_worker: bool,
    pub(crate) eligible: bool,
    pub(crate) egalitarianism: f32,
    pub(crate) grievance: f32,
    pub(crate) temper: f32,
    pub(crate) ambition: f32,
    pub(crate) fear: f32,
    pub(crate) grudge: bool,
}

/// The target, as R5 sees one.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    pub(crate) standing: Standing,
    pub(crate) shock_worker: bool,
    pub(crate) ambition: f32,
    /// Matters of bosses alone.
    pub(crate) since: u8,
}

impl Accuser {
    /// A person as an accuser in `month`; workers of a quality below `shock_below` are shock workers.
    pub(crate) fn of(climate: &Climate, person: &Person, month: u16, shock_below: f32) -> Self {
        Accuser {
            standing: person.standing,
            shock_worker: person.is_shock_worker(shock_below),
            eligible: eligible(person.standing, person.competence(month), climate.able),
            egalitarianism: person.egalitarianism,
            grievance: person.grievance,
            temper: person.temper(),
            ambition: person.ambition(),
            fear: person.fear,
            grudge: person.rankles(month),
        }
    }
}

impl Target {
    /// A person of the same unit as a target in `month`.
    pub(crate) fn of(person: &Person, month: u16, shock_below: f32) -> Self {
        Target {
            standing: person.standing,
            shock_worker: person.is_shock_worker(shock_below),
            ambition: person.ambition(),
            since: person.months_in_rank(month),
        }
    }

    /// An official of the region as a target.
    pub(crate) fn official(official: &Official) -> Self {
        Target {
            standing: official.standing,
            shock_worker: false,
            ambition: official.ambition,
            since: official.since,
        }
    }
}

/// How far the target stands above the accuser, in units of [`DISTANCE_UNIT`] ranks.
pub(crate) fn distance(climate: &Climate, own: u8, theirs: u8, beside_shock_worker: bool) -> f32 {
    let shock_worker = if beside_shock_worker { climate.shock_distance } else { 0.0 };
    DISTANCES[usize::from(theirs.saturating_sub(own))] + shock_worker
}

/// How near the fall of the target brings the accuser to a post: the next one above, or, by the fall of an equal with a
/// superior in the own unit or in the office, that of the superior.
pub(crate) fn reach(climate: &Climate, own: u8, theirs: u8, eligible: bool) -> f32 {
    if theirs.saturating_sub(own) == 1 && eligible {
        1.0
    } else if own == theirs && (1..=3).contains(&own) {
        climate.sideways
    } else {
        0.0
    }
}

/// The rank of the post that it is about: the next one above the accuser, up to the highest of the five.
pub(crate) fn post(own: u8, theirs: u8) -> usize {
    usize::from(if theirs.saturating_sub(own) == 1 { theirs } else { (own + 1).min(4) })
}

/// The strengths of the four motives of one person towards another, in the order of
/// [`crate::model::person::MOTIVE_NAMES`].
#[inline(always)]
pub fn motives(climate: &Climate, accuser: &Accuser, target: &Target) -> [f32; MOTIVES] {
    let (own, theirs) = (accuser.standing.rank(), target.standing.rank());
    let beside_shock_worker = own == theirs && target.shock_worker && !accuser.shock_worker;
    let rankled = if accuser.grudge && theirs >= own { climate.rankled } else { 1.0 };
    [
        climate.principle
            * accuser.egalitarianism
            * accuser.grievance
            * distance(climate, own, theirs, beside_shock_worker),
        climate.temperament * accuser.temper * (climate.calm + accuser.grievance) * rankled,
        climate.rivalry[post(own, theirs)] * accuser.ambition * reach(climate, own, theirs, accuser.eligible),
        climate.fear * accuser.fear,
    ]
}

/// How well the target fits the image of the enemy.
#[inline(always)]
fn image(climate: &Climate, standing: Standing, shock_worker: bool) -> f32 {
    climate.image[standing.target_class(shock_worker)]
        + if standing.elite() { climate.gap_blame } else { 0.0 }
}

/// Exposure of a boss after some months in rank.
#[inline(always)]
pub(crate) fn exposure(climate: &Climate, since: u8, ambition: f32) -> f32 {
    1.0 + climate.exposure
        * (exp(f32::from(since) * climate.exposure_decay) + climate.exposed_ambition * ambition)
}

/// What multiplies the motives: licence, image of the target, exposure of the target, cost to the accuser.
pub fn opportunity(climate: &Climate, accuser: &Accuser, target: &Target) -> f32 {
    let upwards = target.standing.rank() > accuser.standing.rank();
    let licence = climate.licence[usize::from(!upwards)];
    let image = image(climate, target.standing, target.shock_worker);
    let exposure =
        if target.standing.boss() { exposure(climate, target.since, target.ambition) } else { 1.0 };
    let clique = accuser.standing.elite()
        && target.standing.elite()
        && accuser.standing.in_party()
        && target.standing.in_party();
    licence * image * exposure * climate.left[usize::from(!upwards)][usize::from(clique)]
}

/// Shares of the motives in whole units of an act; the largest takes what rounding leaves.
pub(crate) fn whole_shares(motives: &[f32; MOTIVES]) -> [u32; MOTIVES] {
    let sum: f32 = motives.iter().sum();
    let mut shares = motives.map(|motive| (motive / sum * WHOLE_ACT as f32) as u32);
    let missing = i64::from(WHOLE_ACT) - shares.iter().map(|&share| i64::from(share)).sum::<i64>();
    if let Some(largest) = shares.iter_mut().max_by_key(|share| **share) {
        *largest = (i64::from(*largest) + missing) as u32;
    }
    shares
}

/// The record of an accusation; `row` is that of the target in the own unit or, of an official of the region, in the office.
pub(crate) fn act(
    motives: &[f32; MOTIVES],
    accuser: &Accuser,
    target: &Target,
    row: u32,
    official: bool,
) -> Act {
    Act {
        motives: whole_shares(motives),
        accuser_rank: accuser.standing.rank(),
        accuser_role: accuser.standing.role() as u8,
        target_rank: target.standing.rank(),
        class: target.standing.target_class(target.shock_worker) as u8,
        since: target.since,
        row,
        official,
    }
}

#[cfg(test)]
#[path = "accusation_tests.rs"]
mod tests;
