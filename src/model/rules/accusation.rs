//! R5 Accusation: who accuses whom, and why.
//!
//! Step 3 of the month, all ranks. Each person meets at most one acquaintance a month and may accuse that
//! person. Four motives (principle, temperament, rivalry and fear) are competing hazards, so the share of
//! each motive in an accusation is an exact fraction. The sum of the motives is multiplied by the licence to
//! criticise, by how well the target fits the official image of the enemy, by the target's exposure, and by
//! what authority, union and loyalty to a clique leave of the hazard. Claims C03, C06, C13, C24, C26, C28,
//! C34, C37, C38, C48, C51 to C54.

use super::acquaintance::Official;
use crate::engine::maths::exp;
use crate::model::conditions::Conditions;
use crate::model::state::person::Person;
use crate::model::state::region::Region;
use crate::model::state::standing::{MOTIVES, RANKS, Standing};
use crate::model::state::target::TargetProfile;
use crate::model::state::unit::{Act, Unit, WHOLE_ACT};

/// Number of ranks that count as a distance of 1. A unit of measurement: `motive_principle` carries the size,
/// and `shock_distance` is measured in it.
const DISTANCE_UNIT: f32 = 1.5;

/// Distance by the number of ranks between accuser and target.
const DISTANCES: [f32; RANKS] =
    [0.0, 1.0 / DISTANCE_UNIT, 2.0 / DISTANCE_UNIT, 3.0 / DISTANCE_UNIT, 4.0 / DISTANCE_UNIT];

/// Returns true if a person may hope for a post (elig): a boss, a person in the party, a trained person, or
/// one whose ability exceeds `able` (`eligible_ability`).
#[inline(always)]
pub fn eligible(standing: Standing, competence: f32, able: f32) -> bool {
    standing.boss() | standing.in_party() | (competence > able) | standing.trained()
}

/// Returns the competition for the posts of a rank (κ), 0 to 1: how likely it is that a post that becomes
/// free falls to a given candidate.
///
/// This is the number of posts per eligible candidate, at most 1, reduced by the openings that already wait.
/// There is at least one candidate, and a rank with more holders than posts has no openings.
pub fn competition(posts: f64, holders: f64, eligible: f64) -> f64 {
    let eligible = eligible.max(1.0);
    let waiting = (posts.floor() - holders).max(0.0);
    (posts / eligible).min(1.0) * (1.0 - (waiting / eligible).min(1.0))
}

/// Terms of R5 shared by all people of a unit in a month.
#[derive(Debug, Clone, Copy)]
pub struct Climate {
    /// Strengths of principle and of temperament, with all factors that are the same for the whole unit.
    pub(crate) principle: f32,
    pub(crate) temperament: f32,
    /// Constant that is added to grievance in the motive of temperament, and the factor by which a grudge
    /// multiplies that motive.
    pub(crate) calm: f32,
    pub(crate) rankled: f32,
    /// Distance of a shock worker above other workers, in units of [`DISTANCE_UNIT`] ranks.
    pub(crate) shock_distance: f32,
    /// Reach of a post through the fall of an equal, relative to the fall of the person one rank above.
    pub(crate) sideways: f32,
    /// Ability above which a worker may hope for a post.
    pub(crate) able: f32,
    /// Strength of rivalry for posts of each rank.
    pub(crate) rivalry: [f32; RANKS],
    pub(crate) fear: f32,
    /// Scale of the hazard times licence: for accusations upwards, and for all others.
    pub(crate) licence: [f32; 2],
    /// Weight of each target class, and the addition for the elite because of the plan gap.
    pub(crate) image: [f32; 6],
    pub(crate) gap_blame: f32,
    /// Exposure of newly risen bosses under egalitarian norms.
    pub(crate) exposure: f32,
    /// Rate at which the exposure of the newly risen changes, per month: −1 / `exposure_months`.
    pub(crate) exposure_decay: f32,
    /// Exposure of the fully ambitious, relative to that of the newly risen.
    pub(crate) exposed_ambition: f32,
    /// Factor that deterrents leave of a hazard, 0 to 1. The first index is 0 for accusations upwards and 1
    /// for all others; the second is 1 among party people of the elite and 0 otherwise.
    pub(crate) left: [[f32; 2]; 2],
}

/// Returns the factors that deterrents leave of a hazard, as in [`Climate::left`]: the union always deters,
/// authority deters accusations upwards, and loyalty deters within a clique.
pub(crate) const fn left_by(union: f32, authority: f32, clique: f32) -> [[f32; 2]; 2] {
    [[exp(-(union + authority)), exp(-(union + authority + clique))], [exp(-union), exp(-(union + clique))]]
}

/// Returns the climate of a unit.
///
/// `eligible_workers` is the number of workers who may hope for a post, `regional_posts` the posts of the
/// region's office (a real number), and `regional_directors` the number of directors in the region.
pub fn climate(
    conditions: &Conditions,
    region: &Region,
    unit: &Unit,
    eligible_workers: u32,
    regional_posts: f64,
    regional_directors: u32,
) -> Climate {
    let (rules, levers) = (&conditions.parameters, &conditions.levers);
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
                    f64::from(unit.now.people_by_rank[rank]),
                    f64::from(if rank == 1 { eligible_workers } else { unit.now.people_by_rank[rank - 1] }),
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

/// The attributes of an accuser that R5 reads.
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

/// The attributes of a target that R5 reads.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    pub(crate) standing: Standing,
    pub(crate) shock_worker: bool,
    pub(crate) ambition: f32,
    /// Months in rank, at most 255; R5 reads it for bosses only.
    pub(crate) since: u8,
}

impl Accuser {
    /// Returns a person as an accuser in `month`. Workers with a quality number below `shock_below` are shock
    /// workers.
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
    /// Returns a person of the accuser's unit as a target in `month`.
    pub(crate) fn of(person: &Person, month: u16, shock_below: f32) -> Self {
        Target {
            standing: person.standing,
            shock_worker: person.is_shock_worker(shock_below),
            ambition: person.ambition(),
            since: person.months_in_rank(month),
        }
    }

    /// Returns an official of the region as a target.
    pub(crate) fn official(official: &Official) -> Self {
        Target {
            standing: official.standing,
            shock_worker: false,
            ambition: official.ambition,
            since: official.since,
        }
    }
}

/// Returns how far the target ranks above the accuser, in units of [`DISTANCE_UNIT`] ranks; 0 for equals and
/// for targets below.
///
/// If `beside_shock_worker`, the distance of a shock worker above other workers is added.
pub(crate) fn distance(climate: &Climate, own: u8, theirs: u8, beside_shock_worker: bool) -> f32 {
    let shock_worker = if beside_shock_worker { climate.shock_distance } else { 0.0 };
    DISTANCES[usize::from(theirs.saturating_sub(own))] + shock_worker
}

/// Returns how close the target's fall brings the accuser to a post.
///
/// The result is 1 if the target is one rank above an eligible accuser. It is [`Climate::sideways`] if both
/// have the same rank and that rank is 1 to 3, since the fall of an equal removes a competitor for the post
/// above. Otherwise it is 0.
pub(crate) fn reach(climate: &Climate, own: u8, theirs: u8, eligible: bool) -> f32 {
    if theirs.saturating_sub(own) == 1 && eligible {
        1.0
    } else if own == theirs && (1..=3).contains(&own) {
        climate.sideways
    } else {
        0.0
    }
}

/// Returns the rank of the post at stake: one above the accuser's, at most 4.
pub(crate) fn post(own: u8, theirs: u8) -> usize {
    usize::from(if theirs.saturating_sub(own) == 1 { theirs } else { (own + 1).min(4) })
}

/// Returns the strengths of the four motives of an accuser against a target, each 0 or more, in the order of
/// [`crate::model::state::standing::MOTIVE_NAMES`].
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

/// Returns the weight of the target in the image of the enemy, with the blame for the plan gap.
#[inline(always)]
fn image(climate: &Climate, standing: Standing, shock_worker: bool) -> f32 {
    climate.image[standing.target_class(shock_worker)]
        + if standing.elite() { climate.gap_blame } else { 0.0 }
}

/// Returns the exposure of a boss after `since` months in rank, 1 or more. It is largest for the newly risen
/// and the ambitious.
#[inline(always)]
pub(crate) fn exposure(climate: &Climate, since: u8, ambition: f32) -> f32 {
    1.0 + climate.exposure
        * (exp(f32::from(since) * climate.exposure_decay) + climate.exposed_ambition * ambition)
}

/// Returns the factor by which the motives are multiplied: licence, image of the target, exposure of the
/// target, and deterrence.
///
/// The monthly hazard of an accusation is the sum of the motives times this factor.
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

/// Returns the shares of the motives in an act, as integers that sum to [`WHOLE_ACT`]. The largest share
/// absorbs the rounding.
pub(crate) fn whole_shares(motives: &[f32; MOTIVES]) -> [u32; MOTIVES] {
    let sum: f32 = motives.iter().sum();
    let mut shares = motives.map(|motive| (motive / sum * WHOLE_ACT as f32) as u32);
    let missing = i64::from(WHOLE_ACT) - shares.iter().map(|&share| i64::from(share)).sum::<i64>();
    if let Some(largest) = shares.iter_mut().max_by_key(|share| **share) {
        *largest = (i64::from(*largest) + missing) as u32;
    }
    shares
}

/// Returns the record of an accusation, with the person met by chance beside the target.
///
/// `row` is the row of the target: in the region's office if `official` is true, otherwise in the accuser's
/// unit.
pub(crate) fn act(
    motives: &[f32; MOTIVES],
    accuser: &Accuser,
    target: TargetProfile,
    chance: Option<TargetProfile>,
    row: u32,
    official: bool,
) -> Act {
    Act {
        motives: whole_shares(motives),
        accuser_rank: accuser.standing.rank(),
        accuser_role: accuser.standing.role() as u8,
        target,
        chance,
        row,
        official,
    }
}

#[cfg(test)]
#[path = "accusation_tests.rs"]
mod tests;
