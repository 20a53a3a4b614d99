//! R8 Merit: who may be promoted, and with what score.
//!
//! Part of step 7 of the month, as far as it can be told in the first sweep, which has all people and their random words at
//! hand: it notes all bosses of a unit, and the workers whose scores are highest. Merit is the part of a score that does
//! not depend on chance. Who is promoted, and what that does, is the business of [`super::promotion`]. Claims C07, C27,
//! C49, C50.

use std::ops::Range;

use crate::engine::maths::{exponential_of_word, gumbel_ceiling, gumbel_of_exponential, gumbel_of_word};
use crate::engine::reserve::make_room;
use crate::engine::select::{positions, room};
use crate::engine::simd::dispatch;
use crate::model::attributes::{Drive, Skill};
use crate::model::conditions::Conditions;
use crate::model::levers::Levers;
use crate::model::parameters::Parameters;
use crate::model::people::{People, fate};
use crate::model::person::{FOREMAN, Origin, RANKS, REGIONAL, Standing, WORKER};
use crate::model::processes::accusation::eligible;
use crate::model::processes::ageing::{competence, learned};
use crate::model::purpose::{MONTHLY, monthly};
use crate::model::scratch::Scratch;
use crate::model::unit::Unit;
use crate::model::watchlists::Hopeful;

/// Weight of the noise in a score.
pub(crate) const NOISE: f32 = 0.3;
/// What training adds to the score for rank 2.
const TRAINED: f32 = 0.25;

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

/// What the merit of some people is made of, column by column.
#[derive(Debug, Clone, Copy)]
struct Columns<'a> {
    standings: &'a [Standing],
    skills: &'a [Skill],
    drives: &'a [Drive],
    suspicions: &'a [f32],
    learned: f32,
}

impl<'a> Columns<'a> {
    /// Those of the people in some rows, in `month`.
    fn of(people: &'a People, rows: Range<usize>, month: u16) -> Self {
        Columns {
            standings: &people.standing[rows.clone()],
            skills: &people.skill[rows.clone()],
            drives: &people.drive[rows.clone()],
            suspicions: &people.suspicion[rows],
            learned: learned(month),
        }
    }

    /// Those of the first so many: of one length, so that loops need not ask for each column where it ends.
    #[inline(always)]
    fn first(self, count: usize) -> Self {
        Columns {
            standings: &self.standings[..count],
            skills: &self.skills[..count],
            drives: &self.drives[..count],
            suspicions: &self.suspicions[..count],
            ..self
        }
    }

    /// Standing, ability and merit of a person.
    #[inline(always)]
    fn merit_in(&self, row: usize, merit: &Merit) -> (Standing, f32, f32) {
        let (standing, competence) = (self.standings[row], competence(self.skills[row], self.learned));
        let ambition = self.drives[row].ambition().value();
        (standing, competence, merit.of(standing, competence, ambition, self.suspicions[row]))
    }
}

dispatch! {
    /// Merits of people for a post of `rank`; negative infinity for those who may not be promoted to it.
    fn merits(
        instructions,
        merit: &Merit,
        rank: u8,
        merits: &mut [f32],
        columns: &Columns<'_>,
    ) {
        let merit = *merit;
        let count = merits.len();
        let columns = columns.first(count);
        for row in 0..count {
            let (standing, competence, own) = columns.merit_in(row, &merit);
            merits[row] = if candidate(rank, standing, competence) { own } else { f32::NEG_INFINITY };
        }
    }
}

dispatch! {
    /// Merits and scores of bosses, each for the next rank.
    fn score_bosses(
        instructions,
        merit: &Merit,
        merits: &mut [f32],
        scores: &mut [f32],
        words: &[u32],
        columns: &Columns<'_>,
    ) {
        let merit = *merit;
        let count = merits.len();
        let (scores, words) = (&mut scores[..count], &words[..count]);
        let columns = columns.first(count);
        // Two logarithms, of which one waits for the other, in loops of their own.
        for row in 0..count {
            scores[row] = exponential_of_word(words[row]);
        }
        for row in 0..count {
            let (standing, _, own) = columns.merit_in(row, &merit);
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
        marks: &mut [bool],
        words: &[u32],
        columns: &Columns<'_>,
    ) {
        let merit = *merit;
        let count = marks.len();
        let (words, columns) = (&words[..count], columns.first(count));
        for row in 0..count {
            let (standing, competence, own) = columns.merit_in(row, &merit);
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
        merits,
        scores,
        &words.column(monthly::PROMOTION)[bosses.clone()],
        &Columns::of(people, bosses, conditions.month.0),
    );
    for rank in FOREMAN..REGIONAL {
        let hopefuls = &mut unit.watched.hopefuls[usize::from(rank)];
        make_room(hopefuls, people.ranks.count(rank));
        hopefuls.extend(people.ranks.of(rank).map(|row| Hopeful {
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
    let rows = unit.people.ranks.workers();
    let need =
        (1..RANKS).map(|rank| unit.whole_posts(rank) as f64 - unit.people.ranks.count(rank as u8) as f64);
    let posts = conditions.rules.post_filling * need.map(|need| need.max(0.0)).sum::<f64>();
    let enough = 2 + posts as usize;
    let people = &unit.people;
    let columns = Columns::of(people, rows.clone(), conditions.month.0);
    let least = &mut unit.watched.least;
    let Scratch { hopefuls, .. } = scratch;
    let words = &scratch.words.column(monthly::PROMOTION)[rows.clone()];
    // A guess from the month before: whatever it is, the list holds everybody who reaches it.
    let mut steps = 0;
    loop {
        let marks = room(&mut scratch.marks, rows.len());
        may_reach(conditions.instructions, merit, *least, marks, words, &columns);
        positions(marks, &mut scratch.rows);
        hopefuls.clear();
        for &place in &scratch.rows {
            let row = rows.start + place as usize;
            if scratch.fates[row] & fate::LEAVING != 0 {
                continue;
            }
            let (_, _, merit) = columns.merit_in(place as usize, merit);
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
    let noted = &mut unit.watched.hopefuls[usize::from(WORKER)];
    make_room(noted, hopefuls.len());
    noted.extend_from_slice(hopefuls);
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
pub(super) fn score_workers(conditions: &Conditions, unit: &Unit, scratch: &mut Scratch) {
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
pub(super) fn weigh_workers(conditions: &Conditions, unit: &Unit, found: &mut Vec<f32>) {
    let people = &unit.people;
    let rows = people.ranks.workers();
    merits(
        conditions.instructions,
        &Merit::new(&conditions.rules, &conditions.levers),
        FOREMAN,
        room(found, rows.len()),
        &Columns::of(people, rows, conditions.month.0),
    );
}

#[cfg(test)]
#[path = "merit_tests.rs"]
mod tests;
