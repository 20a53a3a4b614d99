//! Calls the roll of a unit by columns (step 1).

use super::conditions::Conditions;
use super::unit::Unit;
use crate::engine::maths::{SUMMABLE, fixed};
use crate::engine::simd::dispatch;
use crate::model::rules::ageing::{competence, learned, months_in_rank};
use crate::model::rules::enforcement;
use crate::model::rules::profiles;
use crate::model::rules::thirds::{AMBITION_CUTS, AbilityThirds};
use crate::model::state::standing::{ELITE, FOREMAN, REGIONAL, Standing};
use crate::model::state::target::THIRDS;
use crate::model::state::target::{SUSPECTED, suspicion_share};
use crate::model::state::traits::{Aptitude, Career, Drive, Skill};
use crate::model::state::unit::since_bin;
use crate::model::{identity, purpose};

dispatch! {
    /// Counts the shock workers: those with a quality number below the limit.
    fn count_shock_workers(instructions, drives: &[Drive], limit: f32) -> u32 {
        drives.iter().map(|drive| u32::from(drive.shock_quality().value() < limit)).sum()
    }
}

/// Counts of the bosses of a unit.
struct Bosses {
    by_since: [u32; 3],
    by_ambition: [u32; THIRDS],
    former: u32,
    suspected: u32,
}

dispatch! {
    /// Counts bosses by bin of months in rank, by third of ambition, and the former and suspected people among them.
    fn count_bosses(
        instructions,
        standings: &[Standing],
        careers: &[Career],
        drives: &[Drive],
        suspicions: &[f32],
        month: u16,
    ) -> Bosses {
        let count = standings.len();
        let (careers, drives, suspicions) = (&careers[..count], &drives[..count], &suspicions[..count]);
        let (mut first, mut second, mut former, mut suspected) = (0u32, 0u32, 0u32, 0u32);
        let (mut middling, mut ambitious) = (0u32, 0u32);
        for row in 0..count {
            let bin = since_bin(months_in_rank(careers[row].ranked(), month));
            first += u32::from(bin == 0);
            second += u32::from(bin == 1);
            former += u32::from(standings[row].former());
            suspected += u32::from(suspicions[row] > SUSPECTED);
            let ambition = drives[row].ambition().value();
            middling += u32::from(ambition >= AMBITION_CUTS[0]);
            ambitious += u32::from(ambition >= AMBITION_CUTS[1]);
        }
        let people = count as u32;
        Bosses {
            by_since: [first, second, people - first - second],
            by_ambition: [people - middling, middling - ambitious, ambitious],
            former,
            suspected,
        }
    }
}

dispatch! {
    /// Counts the bosses of a rank whose aptitude reaches each of two cut points.
    fn count_able(instructions, skills: &[Skill], cuts: [Aptitude; 2]) -> [u32; 2] {
        let (mut middling, mut able) = (0u32, 0u32);
        for skill in skills {
            middling += u32::from(skill.aptitude() >= cuts[0]);
            able += u32::from(skill.aptitude() >= cuts[1]);
        }
        [middling, able]
    }
}

/// Candidates for a post: how many are in the party, and the sums of ability, ambition and suspicion in fixed point.
type Candidates = (u32, [u64; 3]);

dispatch! {
    /// Sums up the candidates for a post.
    fn sum_candidates(
        instructions,
        standings: &[Standing],
        skills: &[Skill],
        drives: &[Drive],
        suspicions: &[f32],
        month: u16,
    ) -> Candidates {
        let learned = learned(month);
        let (mut in_party, mut sums) = (0u32, [0u64; 3]);
        for first in (0..standings.len()).step_by(SUMMABLE) {
            let rows = first..standings.len().min(first + SUMMABLE);
            let standings = &standings[rows.clone()];
            let count = standings.len();
            let (skills, drives) = (&skills[rows.clone()][..count], &drives[rows.clone()][..count]);
            let suspicions = &suspicions[rows][..count];
            let (mut ability, mut ambition, mut suspicion) = (0u32, 0u32, 0u32);
            for row in 0..count {
                in_party += u32::from(standings[row].in_party());
                ability += fixed(competence(skills[row], learned));
                ambition += fixed(drives[row].ambition().value());
                suspicion += fixed(suspicion_share(suspicions[row]));
            }
            for (sum, part) in sums.iter_mut().zip([ability, ambition, suspicion]) {
                *sum += u64::from(part);
            }
        }
        (in_party, sums)
    }
}

/// Counts the bosses of a unit by what the tables tell apart, and the candidates for open posts of ranks 2 to 4.
fn describe_bosses(conditions: &Conditions, thirds: &AbilityThirds, unit: &mut Unit) {
    let (people, now) = (&unit.people, &mut unit.state.now);
    let (instructions, month) = (conditions.instructions, conditions.month.0);
    let bosses = people.ranks.bosses();
    let counts = count_bosses(
        instructions,
        &people.standing[bosses.clone()],
        &people.career[bosses.clone()],
        &people.drive[bosses.clone()],
        &people.suspicion[bosses],
        month,
    );
    (now.bosses_by_since, now.bosses_by_ambition) = (counts.by_since, counts.by_ambition);
    (now.former_bosses, now.suspected_bosses) = (counts.former, counts.suspected);
    for rank in FOREMAN..=REGIONAL {
        let rows = people.ranks.of(rank);
        if rows.is_empty() {
            continue;
        }
        let [middling, able] = count_able(instructions, &people.skill[rows.clone()], thirds.cuts(rank));
        let counts = [rows.len() as u32 - middling, middling - able, able];
        now.bosses_by_ability.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        if rank == FOREMAN {
            let foremen = &people.standing[rows.clone()];
            now.foremen_in_party = foremen.iter().map(|standing| u32::from(standing.in_party())).sum();
        }
        let post = usize::from(rank) + 1;
        if rank < REGIONAL && now.open_posts[post] {
            now.candidates[post] = rows.len() as u32;
            let (in_party, [ability, ambition, suspicion]) = sum_candidates(
                instructions,
                &people.standing[rows.clone()],
                &people.skill[rows.clone()],
                &people.drive[rows.clone()],
                &people.suspicion[rows],
                month,
            );
            now.candidates_in_party[post] = in_party;
            now.candidate_ability[post] = ability;
            now.candidate_ambition[post] = ambition;
            now.candidate_suspicion[post] = suspicion;
        }
    }
}

/// Step 1 for a unit: clears the last month's events and lists, counts people, and updates enforcement.
///
/// `regional` says whether the office of the region has an open post.
pub(super) fn pass(conditions: &Conditions, thirds: &AbilityThirds, regional: bool, unit: &mut Unit) {
    unit.state.now.clear();
    unit.candidates.clear();
    unit.state.words =
        conditions.key.block(purpose::UNIT, conditions.month.0, identity::unit(unit.state.number));
    let people = &unit.people;
    let now = &mut unit.state.now;
    let counts = people.count(conditions.instructions);
    now.people_by_rank = people.ranks.counts();
    (now.origins, now.party) = (counts.origins, counts.party);
    if conditions.shock_below > 0.0 {
        let drives = &people.drive[people.ranks.workers()];
        now.shock_workers = count_shock_workers(conditions.instructions, drives, conditions.shock_below);
    }
    for standing in &people.standing[people.ranks.elite()] {
        let (rank, role) =
            (usize::from(standing.rank() - ELITE), (standing.role() as usize).saturating_sub(1));
        now.elite_by_role[rank][role] += 1;
        now.elite_in_party[rank][role] += u32::from(standing.in_party());
        now.former_elite += u32::from(standing.former());
    }
    unit.state.now.open_posts = profiles::open_posts(&unit.state, regional);
    describe_bosses(conditions, thirds, unit);
    enforcement::update(conditions, &mut unit.state);
}
