//! Computes scores for promotion by columns, and lists the candidates (R8, [`crate::model::rules::merit`]).
//!
//! The first sweep lists all bosses, and the workers with the highest scores: a few more than the posts likely to be
//! filled. If they turn out too few, all workers of the unit are scored.

use std::ops::Range;

use super::candidates::PromotionCandidate;
use super::conditions::Conditions;
use super::fates as fate;
use super::people::People;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::engine::maths::{exponential_of_word, gumbel_ceiling, gumbel_of_exponential};
use crate::engine::reserve::make_room;
use crate::engine::select::{positions, room};
use crate::engine::simd::dispatch;
use crate::model::purpose::{MONTHLY, monthly};
use crate::model::rules::ageing::{competence, learned};
use crate::model::rules::merit::{Merit, better};
use crate::model::state::standing::{FOREMAN, RANKS, REGIONAL, Standing, WORKER};
use crate::model::state::traits::{Drive, Skill};

/// Returns an upper bound on the score without training, at a fraction of its cost. With the default
/// parameters it exceeds the score by at most .08 where the noise adds .3 or more.
#[inline(always)]
pub(super) fn most(terms: &Merit, merit: f32, word: u32) -> f32 {
    // The margin exceeds the rounding of a score, which stays below 200, by far. It affects speed only.
    merit + terms.noise * gumbel_ceiling(word) + 1e-4
}

/// The columns from which the merit of some people is computed.
#[derive(Debug, Clone, Copy)]
struct Columns<'a> {
    standings: &'a [Standing],
    skills: &'a [Skill],
    drives: &'a [Drive],
    suspicions: &'a [f32],
    learned: f32,
}

impl<'a> Columns<'a> {
    /// Returns the columns of the people in some rows, in `month`.
    fn of(people: &'a People, rows: Range<usize>, month: u16) -> Self {
        Columns {
            standings: &people.standing[rows.clone()],
            skills: &people.skill[rows.clone()],
            drives: &people.drive[rows.clone()],
            suspicions: &people.suspicion[rows],
            learned: learned(month),
        }
    }

    /// Returns the first `count` rows. Slices of one length spare the loops their bounds checks.
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

    /// Returns standing, ability and merit of a person.
    #[inline(always)]
    fn merit_in(&self, row: usize, merit: &Merit) -> (Standing, f32, f32) {
        let (standing, competence) = (self.standings[row], competence(self.skills[row], self.learned));
        let ambition = self.drives[row].ambition().value();
        (standing, competence, merit.of(standing, competence, ambition, self.suspicions[row]))
    }
}

dispatch! {
    /// Computes the merits of people for a post of `rank`; negative infinity for those who may not be promoted to it.
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
            merits[row] = if merit.candidate(rank, standing, competence) { own } else { f32::NEG_INFINITY };
        }
    }
}

dispatch! {
    /// Computes the merits and scores of bosses, each for the next rank.
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
        // Two logarithms that depend on each other have loops of their own, so that the processor works on more
        // people at once.
        for row in 0..count {
            scores[row] = exponential_of_word(words[row]);
        }
        for row in 0..count {
            let (standing, _, own) = columns.merit_in(row, &merit);
            merits[row] = own;
            scores[row] = merit.score_with(own, gumbel_of_exponential(scores[row]), merit.training(standing));
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
            marks[row] = (most(&merit, own, words[row]) >= least) & merit.eligible(standing, competence);
        }
    }
}

/// Buffers of merit and scores.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    /// Merits of candidates for promotion.
    merits: Vec<f32>,
    /// Scores of candidates for promotion.
    scores: Vec<f32>,
    /// Workers of a unit who may be promoted.
    workers: Vec<PromotionCandidate>,
}

impl Buffers {
    /// Returns the merits that [`weigh_workers`] computed.
    pub(super) fn merits(&self) -> &[f32] {
        &self.merits
    }

    /// Returns the scores that [`score_workers`] computed.
    pub(super) fn scores(&self) -> &[f32] {
        &self.scores
    }
}

/// Lists all bosses of a unit, and the workers with the highest scores. `workspace.words` must be those of the unit's
/// people.
pub(super) fn list(conditions: &Conditions, merit: &Merit, unit: &mut Unit, workspace: &mut Workspace) {
    list_bosses(conditions, merit, unit, workspace);
    list_workers(conditions, merit, unit, workspace);
}

fn list_bosses(conditions: &Conditions, merit: &Merit, unit: &mut Unit, workspace: &mut Workspace) {
    let people = &unit.people;
    let bosses = people.ranks.bosses();
    let Workspace { merit: Buffers { merits, scores, .. }, words, .. } = workspace;
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
        let for_promotion = &mut unit.candidates.for_promotion[usize::from(rank)];
        make_room(for_promotion, people.ranks.count(rank));
        for_promotion.extend(people.ranks.of(rank).map(|row| PromotionCandidate {
            score: scores[row],
            merit: merits[row],
            identity: people.identity[row],
            seen: row as u32,
        }));
    }
}

/// Lists the eligible workers with the highest scores: two more than the posts likely to be filled, up to
/// twice that number.
///
/// If they turn out too few, in about one plant in a thousand each month, all workers are scored. The size of
/// the list and the steps of its threshold affect how often that happens, never who is chosen.
fn list_workers(conditions: &Conditions, merit: &Merit, unit: &mut Unit, workspace: &mut Workspace) {
    let rows = unit.people.ranks.workers();
    let need = (1..RANKS)
        .map(|rank| unit.state.whole_posts(rank) as f64 - unit.people.ranks.count(rank as u8) as f64);
    let posts = conditions.parameters.post_filling * need.map(|need| need.max(0.0)).sum::<f64>();
    let enough = 2 + posts as usize;
    let people = &unit.people;
    let columns = Columns::of(people, rows.clone(), conditions.month.0);
    let least = &mut unit.candidates.least;
    let Workspace { merit: Buffers { workers: for_promotion, .. }, .. } = workspace;
    let words = &workspace.words.column(monthly::PROMOTION)[rows.clone()];
    // The threshold is a guess from the previous month. The list holds everyone who reaches it, whatever its
    // value.
    let mut steps = 0;
    loop {
        let marks = room(&mut workspace.marks, rows.len());
        may_reach(conditions.instructions, merit, *least, marks, words, &columns);
        positions(marks, &mut workspace.rows);
        for_promotion.clear();
        for &place in &workspace.rows {
            let row = rows.start + place as usize;
            if workspace.fates[row] & fate::LEAVING != 0 {
                continue;
            }
            let (_, _, own) = columns.merit_in(place as usize, merit);
            let score = merit.score(own, words[place as usize], 0.0);
            if score >= *least {
                for_promotion.push(PromotionCandidate {
                    score,
                    merit: own,
                    identity: people.identity[row],
                    seen: row as u32,
                });
            }
        }
        if for_promotion.len() >= enough || *least == f32::NEG_INFINITY {
            break;
        }
        steps += 1;
        *least = if steps < 4 { *least - 0.25 } else { f32::NEG_INFINITY };
    }
    if for_promotion.len() > 2 * enough {
        let place = enough + enough / 2;
        let order = |one: &PromotionCandidate, other: &PromotionCandidate| other.score.total_cmp(&one.score);
        *least = for_promotion.select_nth_unstable_by(place, order).1.score;
        for_promotion.retain(|candidate| candidate.score >= *least);
    }
    let noted = &mut unit.candidates.for_promotion[usize::from(WORKER)];
    make_room(noted, for_promotion.len());
    noted.extend_from_slice(for_promotion);
}

/// Writes to `best` the best `places` of the people scored, in no order. The first score belongs to row `first`.
pub(super) fn choose_best(
    scores: &[f32],
    first: usize,
    identities: &[u64],
    places: usize,
    best: &mut Vec<(f32, u64, u32)>,
) {
    let order = |one: &(f32, u64, u32), other: &(f32, u64, u32)| better((one.0, one.1), (other.0, other.1));
    best.clear();
    // Skips scores below the worst of the best so far. When the list has grown to twice its size, the worse half is
    // dropped.
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

/// Computes the scores of the workers for posts of foremen, and their merits in the same order.
pub(super) fn score_workers(conditions: &Conditions, unit: &Unit, workspace: &mut Workspace) {
    let rows = unit.people.ranks.workers();
    let identities = &unit.people.identity[rows.clone()];
    workspace.words.fill(conditions.instructions, &conditions.key, MONTHLY, conditions.month.0, identities);
    weigh_workers(conditions, unit, &mut workspace.merit);
    let words = workspace.words.column(monthly::PROMOTION);
    let scores = room(&mut workspace.merit.scores, rows.len());
    let terms = Merit::new(&conditions.parameters, &conditions.levers);
    for ((score, &merit), &word) in scores.iter_mut().zip(&workspace.merit.merits[..]).zip(words) {
        *score = terms.score(merit, word, 0.0);
    }
}

/// Computes the merits of the workers for posts of foremen; negative infinity for those who may not be promoted.
pub(super) fn weigh_workers(conditions: &Conditions, unit: &Unit, buffers: &mut Buffers) {
    let people = &unit.people;
    let rows = people.ranks.workers();
    merits(
        conditions.instructions,
        &Merit::new(&conditions.parameters, &conditions.levers),
        FOREMAN,
        room(&mut buffers.merits, rows.len()),
        &Columns::of(people, rows, conditions.month.0),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::levers::Levers;
    use crate::model::parameters::Parameters;

    #[test]
    fn no_score_exceeds_its_bound() {
        let [usual, loud] = [0.3, 3.0].map(|promotion_noise| {
            let rules = Parameters { promotion_noise, ..Parameters::default() };
            Merit::new(&rules, &Levers::default())
        });
        for step in 0..100_000u64 {
            let word = (step.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32;
            for (merit, word) in [(1.5, word), (-0.7, word), (0.3, !(word >> 24 | 64)), (0.0, word >> 20)] {
                assert!(loud.score(merit, word, 0.0) <= most(&loud, merit, word), "{merit} {word}");
                let (score, most) = (usual.score(merit, word, 0.0), most(&usual, merit, word));
                assert!(score <= most, "{merit} {word}: {score} above {most}");
                assert!(
                    score < merit + 0.3 || most < score + 0.08,
                    "{merit} {word}: {most} far above {score}"
                );
            }
        }
    }
}
