//! R8 The vacancy chain: who is promoted into the posts that stand vacant.
//!
//! Step 7 of the month, ranks 4, 3, 2, 1 in this order, so that each promotion opens a post below it (White's chains).
//! A unit first takes the best of its own; posts still short are offered to the best of the region. Nobody who was
//! demoted this month is promoted in it. Claims C07, C09, C27, C49, C50, C54.

use crate::engine::distributions::{normal_of_word, round_randomly};
use crate::engine::random::uniform64;
use crate::model::attributes::NEVER_ENTERED;
use crate::model::conditions::Conditions;
use crate::model::people::Person;
use crate::model::person::{ELITE, FOREMAN, ORIGIN_GROUPS, Party, REGIONAL, Role};
use crate::model::processes::births::regional_role;
use crate::model::processes::merit::{better, choose_best, score_workers, weigh_workers};
use crate::model::purpose::{self, MONTHLY, RARE, monthly, rare};
use crate::model::scratch::Scratch;
use crate::model::unit::{Promotion, Unit};
use crate::model::watchlists::{Hopeful, Lookout};

/// A candidate of the region for a post elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Score.
    pub score: f32,
    /// Who.
    pub identity: u64,
    /// Position of the unit.
    pub unit: u32,
    /// Row in it, as last seen.
    pub row: u32,
}

/// Leaves the best of a unit's own people for `posts` posts of `rank` in `scratch.candidates`, best first; of those noted
/// among the bosses they are struck off.
fn best_from_within(conditions: &Conditions, unit: &mut Unit, rank: u8, posts: usize, scratch: &mut Scratch) {
    let best = &mut scratch.candidates;
    if rank > FOREMAN {
        let hopefuls = &mut unit.watched.hopefuls[usize::from(rank) - 1];
        let posts = posts.min(hopefuls.len());
        if posts < hopefuls.len() {
            hopefuls.select_nth_unstable_by(posts, Hopeful::order);
        }
        hopefuls[..posts].sort_unstable_by(Hopeful::order);
        best.clear();
        let chosen = hopefuls.drain(..posts);
        best.extend(chosen.map(|hopeful| (hopeful.score, hopeful.identity, hopeful.seen)));
        return;
    }
    if best_of_workers(unit, posts, best) {
        return;
    }
    score_workers(conditions, unit, scratch);
    let rows = unit.people.ranks.workers();
    let Scratch { scores, candidates, .. } = scratch;
    // As many more as fell this month, and may not rise again in it.
    let fallen = &unit.watched.fallen;
    choose_best(&scores[..rows.len()], rows.start, &unit.people.identity, posts + fallen.len(), candidates);
    candidates.retain(|candidate| !fallen.contains(&candidate.1));
    candidates.sort_unstable_by(|one, other| better((one.0, one.1), (other.0, other.1)));
    candidates.truncate(posts);
}

/// The best of the workers noted; false if there are not enough of them.
fn best_of_workers(unit: &mut Unit, posts: usize, best: &mut Vec<(f32, u64, u32)>) -> bool {
    let (people, hopefuls) = (&unit.people, &mut unit.watched.hopefuls[0]);
    let workers = people.ranks.workers();
    hopefuls.sort_unstable_by(Hopeful::order);
    best.clear();
    for hopeful in hopefuls.iter() {
        if best.len() == posts {
            break;
        }
        // Some have left since.
        let row = people.find(hopeful.identity, hopeful.seen).filter(|row| workers.contains(row));
        best.extend(row.map(|row| (hopeful.score, hopeful.identity, row as u32)));
    }
    best.len() == posts
}

/// How many of the vacant posts of a rank with so many holders are filled this month.
pub fn posts_to_fill(conditions: &Conditions, unit: &mut Unit, rank: u8, holders: u64) -> u64 {
    let posts = unit.whole_posts(usize::from(rank));
    let need = posts.saturating_sub(holders);
    unit.now.vacant[usize::from(rank)] = need;
    if need == 0 {
        return 0;
    }
    let draw = uniform64(unit.words[purpose::unit::FILLING + usize::from(rank) - 1]);
    round_randomly(conditions.rules.post_filling * need as f64, draw).min(need)
}

/// Somebody chosen for a post of the own unit.
#[derive(Debug, Clone, Copy)]
pub struct Chosen {
    /// Place of the unit among those at hand.
    unit: u32,
    /// Who.
    identity: u64,
    /// Row in which the person was last seen.
    seen: u32,
}

/// Chooses the best of a unit's own people for posts of `rank`, who are added to `scratch.chosen`; `place` is that of the unit
/// among those at hand. Returns how many posts are still short.
pub fn choose(conditions: &Conditions, unit: &mut Unit, place: u32, rank: u8, scratch: &mut Scratch) -> u64 {
    let holders = unit.people.ranks.count(rank) as u64;
    let posts = posts_to_fill(conditions, unit, rank, holders);
    if posts == 0 {
        return 0;
    }
    best_from_within(conditions, unit, rank, posts as usize, scratch);
    let Scratch { candidates, chosen, .. } = scratch;
    // Whoever rises changes places with the first of the rank.
    unit.people.prefetch_one(unit.people.ranks.of(rank - 1).start);
    for &(_, identity, seen) in candidates.iter() {
        unit.people.prefetch_one(seen as usize);
        chosen.push(Chosen { unit: place, identity, seen });
    }
    posts - candidates.len() as u64
}

/// Those whom [`choose`] chose in these units rise to `rank`.
pub fn promote_chosen(
    conditions: &Conditions,
    lookout: &Lookout,
    units: &mut [Unit],
    rank: u8,
    scratch: &mut Scratch,
) {
    let Scratch { words, identities, rows: recruitment, chosen, .. } = scratch;
    let (key, month) = (&conditions.key, conditions.month.0);
    identities.clear();
    identities.extend(chosen.iter().map(|one| one.identity));
    recruitment.clear();
    if lookout.joining.is_some() {
        words.fill(conditions.instructions, key, MONTHLY, month, identities);
        recruitment.extend_from_slice(words.column(monthly::RECRUITMENT));
    }
    words.fill(conditions.instructions, key, RARE, month, identities);
    for (place, one) in chosen.drain(..).enumerate() {
        let unit = &mut units[one.unit as usize];
        // Each who rises moves the rows of the rank below that stand before: they are looked for again.
        let Some(row) = unit.people.find(one.identity, one.seen) else {
            unreachable!("the chosen are there")
        };
        let before = unit.people.person(row);
        let (person, record) = promoted(conditions, before, rank, &words.block(place));
        let row = unit.people.replace(row, person);
        rise(lookout, unit, row, &before, &person, || recruitment[place]);
        unit.now.promotions.push(Promotion { from_elsewhere: false, ..record });
    }
}

/// Random words of somebody who rises, for [`promoted`].
pub fn words(conditions: &Conditions, identity: u64) -> [u32; 16] {
    conditions.key.block(RARE, conditions.month.0, identity)
}

/// Keeps account of somebody in a row of a unit who has just risen, and was `before` until then; `recruitment` gives the
/// person's word of joining the party.
pub fn rise(
    lookout: &Lookout,
    unit: &mut Unit,
    row: usize,
    before: &Person,
    after: &Person,
    recruitment: impl FnOnce() -> u32,
) {
    let outsiders = &mut unit.watched.outsiders;
    outsiders.remove(lookout.outsider(before));
    outsiders.add(lookout.outsider(after));
    if lookout.joining.is_some() && !unit.people.standing[row].in_party() {
        lookout.applicant(&unit.people, row, recruitment(), &mut unit.watched.applicants);
    }
}

/// Candidates of a unit for posts of `rank` elsewhere in the region; with chance for regional posts only.
pub fn candidates(
    conditions: &Conditions,
    unit: &Unit,
    position: u32,
    rank: u8,
    scratch: &mut Scratch,
    found: &mut Vec<Candidate>,
) {
    let candidate = |score, identity, row| Candidate { score, identity, unit: position, row };
    if rank > FOREMAN {
        found.extend(unit.watched.hopefuls[usize::from(rank) - 1].iter().map(|hopeful| {
            let score = if rank == REGIONAL { hopeful.score } else { hopeful.merit };
            candidate(score, hopeful.identity, hopeful.seen)
        }));
        return;
    }
    weigh_workers(conditions, unit, &mut scratch.merits);
    let rows = unit.people.ranks.workers();
    // This month's hires, who stand last, come after the chain.
    let merits = &scratch.merits[..rows.len() - unit.now.hired as usize];
    found.extend(rows.zip(merits).filter_map(|(row, &merit)| {
        let identity = unit.people.identity[row];
        let may = merit > f32::NEG_INFINITY && !unit.watched.fallen.contains(&identity);
        may.then_some(candidate(merit, identity, row as u32))
    }));
}

/// Turn of a unit in the regional pass for `rank`: a keyed random order.
pub fn turn(unit: &Unit, rank: u8) -> (u32, u32) {
    (unit.words[purpose::unit::TURN + usize::from(rank) - 1], unit.number)
}

/// A person promoted to `rank`, and the record of it; `words` are those of page [`RARE`].
///
/// Ability is partly drawn anew, as it is another work; the role is drawn on entering the elite without one, and anew
/// on becoming a regional official, who also joins the party.
pub fn promoted(
    conditions: &Conditions,
    mut person: Person,
    rank: u8,
    words: &[u32; 16],
) -> (Person, Promotion) {
    let trained = person.standing.trained();
    let role_before = person.standing.role() as u8;
    person.standing.set_rank(rank);
    if rank == REGIONAL {
        person.standing.set_role(regional_role(uniform64(words[rare::REGIONAL_ROLE])));
        if !person.standing.in_party() {
            person.standing.set_party(Party::Candidate);
        }
    } else if rank >= ELITE && person.standing.role() == Role::None {
        person.standing.set_role(role(person.standing.in_party(), trained, uniform64(words[rare::ROLE])));
    }
    let month = conditions.month.0;
    person.set_months_in_rank(0, month);
    let ability = ability(
        conditions.rules.ability_carried,
        f64::from(person.competence(month)),
        rank,
        trained,
        normal_of_word(words[rare::ABILITY]),
    );
    person.set_competence(ability as f32, month);
    let new_spell = person.career.entered() == NEVER_ENTERED;
    if rank >= ELITE && new_spell {
        person.career.set_entered(conditions.month.0 as i16);
    }
    let promotion = Promotion {
        rank,
        role: person.standing.role() as u8,
        role_before,
        origin: person.standing.origin() as u8,
        new_spell,
        from_elsewhere: true,
    };
    (person, promotion)
}

/// Ability in a new rank, 0 to 1.
pub fn ability(carried: f64, before: f64, rank: u8, trained: bool, normal: f64) -> f64 {
    let fresh = 0.40 + 0.04 * f64::from(rank) + 0.15 * normal + if trained { 0.15 } else { 0.0 };
    (carried * before + (1.0 - carried) * fresh).clamp(0.0, 1.0)
}

/// Role on entering the elite.
pub fn role(in_party: bool, trained: bool, draw: f64) -> Role {
    if in_party && draw < 0.1 {
        Role::Party
    } else if in_party && draw < 0.2 {
        Role::Union
    } else if draw < if trained { 0.4 } else { 0.7 } {
        Role::Manager
    } else {
        Role::Specialist
    }
}

/// Promotions per post and year, smoothed (opn).
pub fn openness(openness: f64, promotions: usize, posts: f64) -> f64 {
    0.84 * openness + 0.16 * 12.0 * promotions as f64 / posts.max(1.0)
}

/// Promotions of a unit by origin group.
pub fn by_group(unit: &Unit) -> [u64; ORIGIN_GROUPS] {
    let mut groups = [0; ORIGIN_GROUPS];
    for promotion in &unit.now.promotions {
        groups[usize::from(promotion.origin).min(ORIGIN_GROUPS - 1)] += 1;
    }
    groups
}

#[cfg(test)]
#[path = "promotion_tests.rs"]
mod tests;
