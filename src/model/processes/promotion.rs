//! R8 The vacancy chain: who is promoted into the posts that stand vacant.
//!
//! Step 7 of the month, ranks 4, 3, 2, 1 in this order, so that each promotion opens a post below it (White's chains).
//! A unit first takes the best of its own; posts still short are offered to the best of the region. Nobody who was
//! demoted this month is promoted in it. Claims C07, C09, C27, C49, C50, C54.

use crate::engine::distributions::{normal_of_word, round_randomly};
use crate::engine::instructions::dispatch;
use crate::engine::marks::{positions, room};
use crate::engine::maths::{exponential_of_word, gumbel_ceiling, gumbel_of_exponential, gumbel_of_word};
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::levers::Levers;
use crate::model::parameters::Parameters;
use crate::model::people::{NEVER_ENTERED, Person, fate};
use crate::model::person::{ELITE, FOREMAN, ORIGIN_GROUPS, Origin, Party, RANKS, REGIONAL, Role, Standing};
use crate::model::processes::accusation::eligible;
use crate::model::processes::ageing::{competence, learned};
use crate::model::processes::births::regional_role;
use crate::model::purpose::{self, MONTHLY, RARE, monthly, rare};
use crate::model::scratch::Scratch;
use crate::model::unit::{Promotion, Unit};
use crate::model::watchlists::{Hopeful, Lookout};

/// Weight of the noise in a score.
pub(crate) const NOISE: f32 = 0.3;
/// What training adds to the score for rank 2.
const TRAINED: f32 = 0.25;

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

/// Who comes first among candidates: the higher score, then the smaller identity.
pub fn better(one: (f32, u64), other: (f32, u64)) -> std::cmp::Ordering {
    other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
}

/// The coefficients of the part of a score that does not depend on chance or training.
#[derive(Debug, Clone, Copy)]
pub struct Merit {
    ability: f32,
    loyalty: f32,
    worker: f32,
    peasant: f32,
    ambition: f32,
    suspicion: f32,
    former: f32,
}

impl Merit {
    /// The coefficients under this month's levers.
    pub fn new(rules: &Parameters, levers: &Levers) -> Self {
        let preference = rules.promotion_origin * levers.origin_preference;
        Merit {
            ability: (rules.promotion_ability * (1.0 - 0.5 * levers.vigilance)) as f32,
            loyalty: rules.promotion_loyalty as f32,
            worker: preference as f32,
            peasant: (0.5 * preference) as f32,
            ambition: rules.promotion_ambition as f32,
            suspicion: rules.promotion_suspicion as f32,
            former: (rules.promotion_former * levers.class_war) as f32,
        }
    }

    /// The merit of a person.
    #[inline(always)]
    pub fn of(&self, standing: Standing, competence: f32, ambition: f32, suspicion: f32) -> f32 {
        let suspicion = if suspicion < 3.0 { suspicion } else { 3.0 };
        let origin = standing.origin_bits();
        self.ability * competence
            + if standing.in_party() { self.loyalty } else { 0.0 }
            + if origin == Origin::Worker as u16 { self.worker } else { 0.0 }
            + if origin == Origin::Peasant as u16 { self.peasant } else { 0.0 }
            + self.ambition * ambition
            - self.suspicion * suspicion
            - if origin == Origin::Former as u16 { self.former } else { 0.0 }
    }
}

/// What training adds to the score of a person for the next rank: something for rank 2 alone.
#[inline(always)]
pub(crate) fn training(standing: Standing) -> f32 {
    if standing.trained() & (standing.rank() == FOREMAN) { TRAINED } else { 0.0 }
}

/// Score of a person of this merit with this random word; `trained` is what training adds to it.
#[inline(always)]
pub(crate) fn score(merit: f32, word: u32, trained: f32) -> f32 {
    score_with(merit, gumbel_of_word(word), trained)
}

/// The same from the Gumbel deviate of the word.
#[inline(always)]
fn score_with(merit: f32, deviate: f32, trained: f32) -> f32 {
    merit + NOISE * deviate + trained
}

/// At least the score, without training, for a fraction of its cost; at most .08 above it where noise is above 1.
#[inline(always)]
pub(crate) fn most(merit: f32, word: u32) -> f32 {
    // The margin is far more than the rounding of a score, which stays below 20.
    merit + NOISE * gumbel_ceiling(word) + 1e-4
}

/// May be promoted to `rank`, unless the rank has changed this month already.
#[inline(always)]
pub(crate) fn candidate(rank: u8, standing: Standing, competence: f32) -> bool {
    (standing.rank() + 1 == rank) & ((rank > FOREMAN) | eligible(standing, competence))
}

dispatch! {
    /// Merits of people for a post of `rank`; negative infinity for those who may not be promoted to it.
    fn merits(
        instructions,
        merit: &Merit,
        rank: u8,
        learned: f32,
        merits: &mut [f32],
        standings: &[Standing],
        aptitudes: &[f32],
        ambitions: &[f32],
        suspicions: &[f32],
    ) {
        let merit = *merit;
        let count = merits.len();
        let (standings, aptitudes) = (&standings[..count], &aptitudes[..count]);
        let (ambitions, suspicions) = (&ambitions[..count], &suspicions[..count]);
        for row in 0..count {
            let standing = standings[row];
            let competence = competence(aptitudes[row], learned);
            let own = merit.of(standing, competence, ambitions[row], suspicions[row]);
            merits[row] = if candidate(rank, standing, competence) { own } else { f32::NEG_INFINITY };
        }
    }
}

dispatch! {
    /// Merits and scores of bosses, each for the next rank.
    fn score_bosses(
        instructions,
        merit: &Merit,
        learned: f32,
        merits: &mut [f32],
        scores: &mut [f32],
        words: &[u32],
        standings: &[Standing],
        aptitudes: &[f32],
        ambitions: &[f32],
        suspicions: &[f32],
    ) {
        let merit = *merit;
        let count = merits.len();
        let (scores, words) = (&mut scores[..count], &words[..count]);
        let (standings, aptitudes) = (&standings[..count], &aptitudes[..count]);
        let (ambitions, suspicions) = (&ambitions[..count], &suspicions[..count]);
        // Two logarithms, of which one waits for the other, in loops of their own.
        for row in 0..count {
            scores[row] = exponential_of_word(words[row]);
        }
        for row in 0..count {
            let standing = standings[row];
            let own = merit.of(standing, competence(aptitudes[row], learned), ambitions[row], suspicions[row]);
            merits[row] = own;
            scores[row] = score_with(own, gumbel_of_exponential(scores[row]), training(standing));
        }
    }
}

dispatch! {
    /// Marks the workers whose score for foreman may reach `least`.
    fn may_reach(
        instructions,
        merit: &Merit,
        least: f32,
        learned: f32,
        marks: &mut [bool],
        words: &[u32],
        standings: &[Standing],
        aptitudes: &[f32],
        ambitions: &[f32],
        suspicions: &[f32],
    ) {
        let merit = *merit;
        let count = marks.len();
        let (words, standings, aptitudes) = (&words[..count], &standings[..count], &aptitudes[..count]);
        let (ambitions, suspicions) = (&ambitions[..count], &suspicions[..count]);
        for row in 0..count {
            let standing = standings[row];
            let competence = competence(aptitudes[row], learned);
            let own = merit.of(standing, competence, ambitions[row], suspicions[row]);
            marks[row] = (most(own, words[row]) >= least) & eligible(standing, competence);
        }
    }
}

/// Notes who may be promoted: all bosses of a unit, and the workers whose scores are highest. `scratch.words` are those of
/// the unit's people.
pub fn watch(conditions: &Conditions, merit: &Merit, unit: &mut Unit, scratch: &mut Scratch) {
    watch_bosses(conditions, merit, unit, scratch);
    watch_workers(conditions, merit, unit, scratch);
}

fn watch_bosses(conditions: &Conditions, merit: &Merit, unit: &mut Unit, scratch: &mut Scratch) {
    let people = &unit.people;
    let bosses = people.ranks.bosses();
    let Scratch { merits, scores, words, .. } = scratch;
    let (merits, scores) = (room(merits, bosses.len()), room(scores, bosses.len()));
    score_bosses(
        conditions.instructions,
        merit,
        learned(conditions.month.0),
        merits,
        scores,
        &words.column(monthly::PROMOTION)[bosses.clone()],
        &people.standing[bosses.clone()],
        &people.aptitude[bosses.clone()],
        &people.ambition[bosses.clone()],
        &people.suspicion[bosses],
    );
    for rank in FOREMAN..REGIONAL {
        unit.watched.hopefuls[usize::from(rank)].extend(people.ranks.of(rank).map(|row| Hopeful {
            score: scores[row],
            merit: merits[row],
            identity: people.identity[row],
            seen: row as u32,
        }));
    }
}

/// Of the workers, notes two more than posts that look like being filled, up to twice as many, if there are as many who may
/// hope. Where they turn out to be too few, in one plant of a thousand a month, all workers are scored.
fn watch_workers(conditions: &Conditions, merit: &Merit, unit: &mut Unit, scratch: &mut Scratch) {
    let month = conditions.month.0;
    let rows = unit.people.ranks.workers();
    let need =
        (1..RANKS).map(|rank| unit.whole_posts(rank) as f64 - unit.people.ranks.count(rank as u8) as f64);
    let posts = conditions.rules.post_filling * need.map(|need| need.max(0.0)).sum::<f64>();
    let enough = 2 + posts as usize;
    let people = &unit.people;
    let least = &mut unit.watched.least;
    let hopefuls = &mut unit.watched.hopefuls[0];
    let words = &scratch.words.column(monthly::PROMOTION)[rows.clone()];
    // A guess from the month before: whatever it is, the list holds everybody who reaches it.
    let mut steps = 0;
    loop {
        let marks = room(&mut scratch.marks, rows.len());
        may_reach(
            conditions.instructions,
            merit,
            *least,
            learned(month),
            marks,
            words,
            &people.standing[rows.clone()],
            &people.aptitude[rows.clone()],
            &people.ambition[rows.clone()],
            &people.suspicion[rows.clone()],
        );
        positions(marks, &mut scratch.rows);
        hopefuls.clear();
        for &place in &scratch.rows {
            let row = rows.start + place as usize;
            if scratch.fates[row] & fate::LEAVING != 0 {
                continue;
            }
            let competence = competence(people.aptitude[row], learned(month));
            let merit =
                merit.of(people.standing[row], competence, people.ambition[row], people.suspicion[row]);
            let score = score(merit, words[place as usize], 0.0);
            if score >= *least {
                hopefuls.push(Hopeful { score, merit, identity: people.identity[row], seen: row as u32 });
            }
        }
        if hopefuls.len() >= enough || *least == f32::NEG_INFINITY {
            break;
        }
        steps += 1;
        *least = if steps < 4 { *least - 0.25 } else { f32::NEG_INFINITY };
    }
    if hopefuls.len() > 2 * enough {
        let place = enough + enough / 2;
        let order = |one: &Hopeful, other: &Hopeful| other.score.total_cmp(&one.score);
        *least = hopefuls.select_nth_unstable_by(place, order).1.score;
        hopefuls.retain(|hopeful| hopeful.score >= *least);
    }
}

/// Leaves the best `places` of those who scored in `best`, in no order; the first score is that of row `first`.
pub(crate) fn choose_best(
    scores: &[f32],
    first: usize,
    identities: &[u64],
    places: usize,
    best: &mut Vec<(f32, u64, u32)>,
) {
    let order = |one: &(f32, u64, u32), other: &(f32, u64, u32)| better((one.0, one.1), (other.0, other.1));
    best.clear();
    // Nobody below the last of the best so far is looked at; when there are twice as many as places, the worse go.
    let room = 2 * places.max(8);
    let mut least = f32::NEG_INFINITY;
    for (row, &score) in (first..).zip(scores) {
        if score > f32::NEG_INFINITY && score >= least {
            best.push((score, identities[row], row as u32));
            if best.len() == room {
                least = best.select_nth_unstable_by(places - 1, order).1.0;
                best.truncate(places);
            }
        }
    }
    if places < best.len() {
        best.select_nth_unstable_by(places - 1, order);
        best.truncate(places);
    }
}

/// Scores of the workers for posts of foremen, with their merits in the same order.
fn score_workers(conditions: &Conditions, unit: &Unit, scratch: &mut Scratch) {
    let rows = unit.people.ranks.workers();
    let identities = &unit.people.identity[rows.clone()];
    scratch.words.fill(conditions.instructions, &conditions.key, MONTHLY, conditions.month.0, identities);
    weigh_workers(conditions, unit, &mut scratch.merits);
    let words = scratch.words.column(monthly::PROMOTION);
    let scores = room(&mut scratch.scores, rows.len());
    for ((own, &merit), &word) in scores.iter_mut().zip(&scratch.merits[..]).zip(words) {
        *own = score(merit, word, 0.0);
    }
}

/// Merits of the workers for posts of foremen; negative infinity for those who may not be promoted.
fn weigh_workers(conditions: &Conditions, unit: &Unit, found: &mut Vec<f32>) {
    let people = &unit.people;
    let rows = people.ranks.workers();
    merits(
        conditions.instructions,
        &Merit::new(&conditions.rules, &conditions.levers),
        FOREMAN,
        learned(conditions.month.0),
        room(found, rows.len()),
        &people.standing[rows.clone()],
        &people.aptitude[rows.clone()],
        &people.ambition[rows.clone()],
        &people.suspicion[rows],
    );
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
    unit.people.fetch_one(unit.people.ranks.of(rank - 1).start);
    for &(_, identity, seen) in candidates.iter() {
        unit.people.fetch_one(seen as usize);
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
    let new_spell = person.entered == NEVER_ENTERED;
    if rank >= ELITE && new_spell {
        person.entered = conditions.month.0 as i16;
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
