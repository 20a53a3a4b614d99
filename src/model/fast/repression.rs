//! Selects people for arrest by columns (R6b, [`crate::model::rules::repression`]).

use super::conditions::Conditions;
use super::fates as fate;
use super::merit::choose_best;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::engine::maths::{exponential_of_word, gumbel_of_exponential};
use crate::engine::random::uniform;
use crate::engine::select::room;
use crate::engine::simd::dispatch;
use crate::model::purpose::monthly;
use crate::model::rules::repression::{Case, due, weak_case};
use crate::model::state::region::Region;
use crate::model::state::standing::Standing;
use crate::model::state::traits::Drive;

dispatch! {
    /// Computes the scores of people, all bosses or all workers: the case against each plus Gumbel noise of this
    /// scale.
    fn score(
        instructions,
        case: &Case,
        bosses: bool,
        shock_below: f32,
        noise: f32,
        scores: &mut [f32],
        words: &[u32],
        standings: &[Standing],
        drives: &[Drive],
        suspicions: &[f32],
    ) {
        let case = *case;
        let count = scores.len();
        let (words, standings) = (&words[..count], &standings[..count]);
        let (drives, suspicions) = (&drives[..count], &suspicions[..count]);
        // Two logarithms that depend on each other have loops of their own, so that the processor works on more
        // people at once.
        for row in 0..count {
            scores[row] = exponential_of_word(words[row]);
        }
        for row in 0..count {
            let own = if bosses {
                case.against_boss(standings[row], suspicions[row])
            } else {
                case.against_worker(standings[row], drives[row].shock_quality().value() < shock_below, suspicions[row])
            };
            scores[row] = own + noise * gumbel_of_exponential(scores[row]);
        }
    }
}

/// Buffers of the selection for arrest.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    /// Scores of the people of a unit.
    scores: Vec<f32>,
    /// People considered for arrest: score, identity, row.
    considered: Vec<(f32, u64, u32)>,
}

/// R6b for a unit: computes how many people are due, considers those, and marks the arrested in `workspace.fates`.
///
/// `workspace.words` must be those of the unit's people, from page [`MONTHLY`](crate::model::purpose::MONTHLY).
pub(super) fn pass(conditions: &Conditions, region: &Region, unit: &mut Unit, workspace: &mut Workspace) {
    let (rules, levers) = (&conditions.parameters, &conditions.levers);
    let due = due(conditions, region, &unit.state);
    unit.state.now.arrests_due = due;
    if due == 0 || unit.people.is_empty() {
        return;
    }
    let case = Case::new(rules, levers, &conditions.image);
    let people = &unit.people;
    let (bosses, workers) = (people.ranks.bosses(), people.ranks.workers());
    let shock_worker = |row: usize| {
        workers.contains(&row) && people.drive[row].shock_quality().value() < conditions.shock_below
    };
    let noise = rules.selection_noise as f32;
    let words = workspace.words.column(monthly::SELECTION);
    let scores = room(&mut workspace.repression.scores, people.len());
    for (rows, bosses) in [(bosses, true), (workers.clone(), false)] {
        score(
            conditions.instructions,
            &case,
            bosses,
            conditions.shock_below,
            noise,
            &mut scores[rows.clone()],
            &words[rows.clone()],
            &people.standing[rows.clone()],
            &people.drive[rows.clone()],
            &people.suspicion[rows],
        );
    }
    let considered = &mut workspace.repression.considered;
    choose_best(scores, 0, &people.identity, (due as usize).min(people.len()), considered);
    let chance = weak_case(rules, levers.repression) as f32;
    for &(_, _, row) in considered.iter() {
        let row = row as usize;
        let strong = case.against(people.standing[row], shock_worker(row), people.suspicion[row])
            > rules.evidence_threshold as f32;
        if strong || uniform(workspace.words.column(monthly::WEAK_CASE)[row]) < chance {
            workspace.fates[row] |= fate::ARRESTED;
        }
    }
}
