//! Draws accusations by columns (R5, [`crate::model::rules::accusation`]).
//!
//! One draw decides whether a person accuses. It is compared first with a bound on the hazard that no acquaintance
//! could exceed, then with a tighter one if the kind of meeting determines the rank of the person met. The first
//! bound leaves one or two people in a hundred, the second about half of these. Only for them is the acquaintance
//! looked up.

mod bounds;

use super::acquaintance;
use super::acquaintance::Pools;
use super::candidates::Accused;
use super::conditions::Conditions;
use super::people::People;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::engine::maths::one_minus_exp_neg;
use crate::engine::random::uniform;
use crate::engine::simd::{Instructions, dispatch};
use crate::model::purpose::monthly;
use crate::model::rules::accusation::{Accuser, Climate, Target, act, eligible, motives, opportunity};
use crate::model::rules::acquaintance::{Meeting, Met, Official, Pool, Ways, by_chance};
use crate::model::rules::ageing::{competence, learned};
use crate::model::rules::profiles::{Context, Notes, Seen};
use crate::model::state::standing::{Standing, WORKER};
use crate::model::state::traits::Skill;
use bounds::{BOUND_MARGIN, BoundTerms, Ceiling, possible};

/// Returns the person in a row as an accuser.
fn accuser_in(climate: &Climate, people: &People, row: usize, shock_below: f32, month: u16) -> Accuser {
    let standing = people.standing[row];
    Accuser {
        standing,
        shock_worker: !standing.boss() && people.drive[row].shock_quality().value() < shock_below,
        eligible: eligible(standing, competence(people.skill[row], learned(month)), climate.able),
        egalitarianism: people.egalitarianism[row],
        grievance: people.grievance[row],
        temper: people.temperament[row].temper().value(),
        ambition: people.drive[row].ambition().value(),
        fear: people.fear[row],
        grudge: people.dates[row].rankles_until() >= month as i16,
    }
}

/// Returns the person in a row as a target.
fn target_in(people: &People, row: usize, shock_below: f32, month: u16) -> Target {
    let standing = people.standing[row];
    Target {
        standing,
        shock_worker: !standing.boss() && people.drive[row].shock_quality().value() < shock_below,
        ambition: people.drive[row].ambition().value(),
        since: people.months_in_rank(row, month),
    }
}

/// Returns true if an event of this hazard happens, for a uniform draw.
fn strikes(hazard: f32, draw: f32) -> bool {
    // The probability, 1 - e^-hazard, is below the hazard; for most draws the cheap comparison decides.
    draw < BOUND_MARGIN * hazard && draw < one_minus_exp_neg(hazard)
}

/// R5 for a unit: computes the month's accusations by its people.
///
/// They are left in the list of acts, from which the schedule delivers them with [`receive`].
pub(super) fn pass(
    conditions: &Conditions,
    climate: &Climate,
    notes: &Notes,
    unit: &mut Unit,
    workspace: &mut Workspace,
    officials: &[Official],
) {
    acquaintance::prepare(conditions.instructions, unit, conditions.shock_below, &mut workspace.acquaintance);
    let ways = Ways::new(&conditions.parameters);
    unit.state.now.acquaintances =
        acquaintance::expected(conditions.instructions, &ways, unit, &mut workspace.acquaintance, officials);
    let ceiling = Ceiling::new(climate);
    possible(conditions, climate, &ceiling, unit, workspace);
    let mut acts = std::mem::take(&mut unit.state.now.acts);
    let mut pools = Pools::new(conditions.instructions, unit, &mut workspace.acquaintance, officials);
    let (month, shock_below) = (conditions.month.0, conditions.shock_below);
    let context =
        Context { thirds: notes.thirds, open_posts: unit.state.now.open_posts, able: climate.able, month };
    let profile = |row: usize, met| {
        let seen = match met {
            Met::Row(other) => Seen::of(&unit.people.person(other as usize), month, shock_below),
            Met::Official(position) => Seen::official(&officials[position as usize]),
        };
        context.profile(unit.people.standing[row], unit.people.brigade[row], &seen)
    };
    let draws = workspace.words.column(monthly::ACCUSE);
    for &row in &workspace.rows {
        let row = row as usize;
        let draw = uniform(draws[row]);
        let meeting = Meeting::of(|word| workspace.words.column(word)[row]);
        let accuser = accuser_in(climate, &unit.people, row, shock_below, month);
        let own = accuser.standing.rank();
        let pool = Pool::of(&ways, accuser.standing, &meeting);
        let known = match pool {
            Pool::Superiors(rank) => Some(rank),
            Pool::Rivals => Some(own),
            Pool::Brigade => pools.only_workers(row).then_some(WORKER),
            Pool::Cell => None,
        };
        let misses = |theirs| draw >= BoundTerms::new(climate, &ceiling, own, theirs).bound_of(&accuser);
        if known.is_some_and(misses) {
            continue;
        }
        let Some(met) = pools.choose(row, pool, meeting.key) else { continue };
        let target = match met {
            Met::Row(other) => target_in(&unit.people, other as usize, shock_below, month),
            Met::Official(position) => Target::official(&officials[position as usize]),
        };
        let motives = motives(climate, &accuser, &target);
        let hazard = motives.iter().sum::<f32>() * opportunity(climate, &accuser, &target);
        if strikes(hazard, draw) {
            let (row_of_target, official) = match met {
                Met::Row(other) => (other, false),
                Met::Official(position) => (officials[position as usize].row, true),
            };
            let mut chance = None;
            if notes.chance {
                chance = by_chance(&conditions.key, month, unit.people.identity[row], |meeting| {
                    pools.choose(row, Pool::of(&ways, accuser.standing, meeting), meeting.key)
                });
            }
            let chance = chance.map(|met| profile(row, met));
            acts.push(act(&motives, &accuser, profile(row, met), chance, row_of_target, official));
        }
    }
    unit.state.now.accusers = acts.len() as u32;
    unit.state.now.acts = acts;
}

/// Counts accusations against the people in these rows, one for each accusation. `word` returns a row's random word
/// of the sanction.
pub(super) fn receive(unit: &mut Unit, targets: &mut [u32], word: impl Fn(usize) -> u32) {
    targets.sort_unstable();
    for times in targets.chunk_by(|one, other| one == other) {
        let row = times[0] as usize;
        let accused = Accused {
            row: times[0],
            times: u16::try_from(times.len()).unwrap_or(u16::MAX),
            sanction_word: word(row),
        };
        unit.candidates.accused.push(accused);
        unit.state.now.accusations_received += times.len() as u32;
        if unit.people.standing[row].boss() {
            unit.state.now.accusations_of_bosses += times.len() as u32;
        }
    }
}

dispatch! {
    fn forget(instructions, suspicions: &mut [f32], kept: f32) {
        for suspicion in suspicions {
            *suspicion *= kept;
        }
    }
}

/// Updates suspicion: a share is forgotten, the month's accusations are added.
pub(super) fn suspect(instructions: Instructions, suspicions: &mut [f32], accused: &[Accused], kept: f32) {
    forget(instructions, suspicions, kept);
    for accused in accused {
        suspicions[accused.row as usize] += f32::from(accused.times);
    }
}

dispatch! {
    fn count_eligible(instructions, standings: &[Standing], skills: &[Skill], learned: f32, able: f32) -> u32 {
        standings
            .iter()
            .zip(skills)
            .map(|(&standing, &skill)| u32::from(eligible(standing, competence(skill, learned), able)))
            .sum()
    }
}

/// Counts the workers who are eligible for a post.
pub(super) fn eligible_workers(conditions: &Conditions, people: &People) -> u32 {
    let workers = people.ranks.workers();
    count_eligible(
        conditions.instructions,
        &people.standing[workers.clone()],
        &people.skill[workers],
        learned(conditions.month.0),
        conditions.parameters.eligible_ability as f32,
    )
}

#[cfg(test)]
#[path = "accusation_tests.rs"]
mod tests;
