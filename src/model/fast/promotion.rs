//! Promotes people within units and across a region, from the lists of candidates (R8,
//! [`crate::model::rules::promotion`]).

use super::candidates::PromotionCandidate;
use super::conditions::Conditions;
use super::merit::{choose_best, score_workers, weigh_workers};
use super::prefilter::Prefilter;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::model::purpose::{MONTHLY, RARE, monthly};
use crate::model::rules::merit::better;
use crate::model::rules::promotion::{posts_to_fill, promoted};
use crate::model::state::person::Person;
use crate::model::state::standing::{FOREMAN, REGIONAL};
use crate::model::state::unit::Promotion;

/// A candidate for a post elsewhere in the region.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Score.
    pub(super) score: f32,
    /// Identity of the person.
    pub(super) identity: u64,
    /// Position of the unit.
    pub(super) unit: u32,
    /// Row in which the person was last seen.
    pub(super) row: u32,
}

/// Buffers of promotion within units.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    /// Best of a unit's own people: score, identity, row.
    best: Vec<(f32, u64, u32)>,
    /// People chosen for posts of their own units.
    chosen: Vec<Chosen>,
}

/// Writes to `best` the best of a unit's own people for `posts` posts of `rank`, best first. Chosen bosses
/// leave the list of candidates.
fn best_from_within(
    conditions: &Conditions,
    unit: &mut Unit,
    rank: u8,
    posts: usize,
    workspace: &mut Workspace,
) {
    let best = &mut workspace.promotion.best;
    if rank > FOREMAN {
        let for_promotion = &mut unit.candidates.for_promotion[usize::from(rank) - 1];
        let posts = posts.min(for_promotion.len());
        if posts < for_promotion.len() {
            for_promotion.select_nth_unstable_by(posts, PromotionCandidate::order);
        }
        for_promotion[..posts].sort_unstable_by(PromotionCandidate::order);
        best.clear();
        let chosen = for_promotion.drain(..posts);
        best.extend(chosen.map(|candidate| (candidate.score, candidate.identity, candidate.seen)));
        return;
    }
    if best_of_workers(unit, posts, best) {
        return;
    }
    score_workers(conditions, unit, workspace);
    let rows = unit.people.ranks.workers();
    let Workspace { merit, promotion: Buffers { best, .. }, .. } = workspace;
    let scores = merit.scores();
    // The people demoted this month cannot be promoted in it: choose as many more.
    let fallen = &unit.candidates.fallen;
    choose_best(&scores[..rows.len()], rows.start, &unit.people.identity, posts + fallen.len(), best);
    best.retain(|candidate| !fallen.contains(&candidate.1));
    best.sort_unstable_by(|one, other| better((one.0, one.1), (other.0, other.1)));
    best.truncate(posts);
}

/// Writes to `best` the best of the listed workers; returns false if there are too few.
fn best_of_workers(unit: &mut Unit, posts: usize, best: &mut Vec<(f32, u64, u32)>) -> bool {
    let (people, for_promotion) = (&unit.people, &mut unit.candidates.for_promotion[0]);
    let workers = people.ranks.workers();
    for_promotion.sort_unstable_by(PromotionCandidate::order);
    best.clear();
    for candidate in for_promotion.iter() {
        if best.len() == posts {
            break;
        }
        // Some people have left since.
        let row = people.find(candidate.identity, candidate.seen).filter(|row| workers.contains(row));
        best.extend(row.map(|row| (candidate.score, candidate.identity, row as u32)));
    }
    best.len() == posts
}

/// A person chosen for a post in their own unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chosen {
    /// Index of the unit within the block.
    unit: u32,
    /// Identity of the person.
    identity: u64,
    /// Row in which the person was last seen.
    seen: u32,
}

/// Chooses the best of a unit's own people for posts of `rank` and adds them to `chosen`; returns how many
/// posts remain open.
///
/// `place` is the unit's index within the block. People are chosen for a whole block before anyone is promoted, so
/// that the prefetched rows have arrived and the random words are computed together.
pub(super) fn choose(
    conditions: &Conditions,
    unit: &mut Unit,
    place: u32,
    rank: u8,
    workspace: &mut Workspace,
) -> u64 {
    let holders = unit.people.ranks.count(rank) as u64;
    let posts = posts_to_fill(conditions, &mut unit.state, rank, holders);
    if posts == 0 {
        return 0;
    }
    best_from_within(conditions, unit, rank, posts as usize, workspace);
    let Buffers { best, chosen } = &mut workspace.promotion;
    // A promoted person takes the first row of the old rank, whose holder moves.
    unit.people.prefetch_one(unit.people.ranks.of(rank - 1).start);
    for &(_, identity, seen) in best.iter() {
        unit.people.prefetch_one(seen as usize);
        chosen.push(Chosen { unit: place, identity, seen });
    }
    posts - best.len() as u64
}

/// Promotes the people chosen by [`choose`] in these units to `rank`.
pub(super) fn promote_chosen(
    conditions: &Conditions,
    prefilter: &Prefilter,
    units: &mut [Unit],
    rank: u8,
    workspace: &mut Workspace,
) {
    let Workspace { words, identities, rows: recruitment, promotion: Buffers { chosen, .. }, .. } = workspace;
    let (key, month) = (&conditions.key, conditions.month.0);
    identities.clear();
    identities.extend(chosen.iter().map(|one| one.identity));
    recruitment.clear();
    if prefilter.party.is_some() {
        words.fill(conditions.instructions, key, MONTHLY, month, identities);
        recruitment.extend_from_slice(words.column(monthly::RECRUITMENT));
    }
    words.fill(conditions.instructions, key, RARE, month, identities);
    for (place, one) in chosen.drain(..).enumerate() {
        let unit = &mut units[one.unit as usize];
        // Each promotion moves rows of the rank below, so the row has to be looked up again.
        let Some(row) = unit.people.find(one.identity, one.seen) else {
            unreachable!("the chosen are there")
        };
        let before = unit.people.person(row);
        let (person, record) = promoted(conditions, before, rank, &words.block(place));
        let row = unit.people.replace(row, person);
        rise(prefilter, unit, row, &before, &person, || recruitment[place]);
        unit.state.now.promotions.push(Promotion { from_elsewhere: false, ..record });
    }
}

/// Updates the lists for the person in `row`, who has just been promoted from `before`; `recruitment` returns the
/// person's draw of joining the party.
pub(super) fn rise(
    prefilter: &Prefilter,
    unit: &mut Unit,
    row: usize,
    before: &Person,
    after: &Person,
    recruitment: impl FnOnce() -> u32,
) {
    let outsiders = &mut unit.candidates.outsiders;
    outsiders.remove(prefilter.outsider(before));
    outsiders.add(prefilter.outsider(after));
    if prefilter.party.is_some() && !unit.people.standing[row].in_party() {
        prefilter.consider_for_party(&unit.people, row, recruitment(), &mut unit.candidates.for_party);
    }
}

/// Adds to `found` the candidates of a unit for posts of `rank` elsewhere in the region. Noise counts for regional
/// posts only.
pub(super) fn candidates(
    conditions: &Conditions,
    unit: &Unit,
    position: u32,
    rank: u8,
    workspace: &mut Workspace,
    found: &mut Vec<Candidate>,
) {
    let candidate = |score, identity, row| Candidate { score, identity, unit: position, row };
    if rank > FOREMAN {
        found.extend(unit.candidates.for_promotion[usize::from(rank) - 1].iter().map(|one| {
            let score = if rank == REGIONAL { one.score } else { one.merit };
            candidate(score, one.identity, one.seen)
        }));
        return;
    }
    weigh_workers(conditions, unit, &mut workspace.merit);
    let rows = unit.people.ranks.workers();
    // The hires of this month, in the last rows, come after the vacancy chain.
    let merits = &workspace.merit.merits()[..rows.len() - unit.state.now.hired as usize];
    found.extend(rows.zip(merits).filter_map(|(row, &merit)| {
        let identity = unit.people.identity[row];
        let may = merit > f32::NEG_INFINITY && !unit.candidates.fallen.contains(&identity);
        may.then_some(candidate(merit, identity, row as u32))
    }));
}
