//! Admits candidates to the party (R9, [`crate::model::rules::recruitment`]).
//!
//! The chance of joining depends on the mean weight of everyone outside the party at the end of the month. The first
//! sweep lists people up to a bound from the previous month's mean. If the chance turns out higher, the lists are
//! made again.

use super::candidates::Candidate;
use super::conditions::Conditions;
use super::people::People;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::engine::maths::{SUMMABLE, exp, fixed};
use crate::engine::random::uniform;
use crate::engine::select::{positions, room};
use crate::engine::simd::dispatch;
use crate::model::purpose::{MONTHLY, monthly};
use crate::model::rules::recruitment::{Outsiders, Terms, log_weight, may_join, open, rate, weight};
use crate::model::state::standing::{Party, Standing};
use crate::model::state::traits::Drive;

/// The party's recruitment of a month, before the mean weight is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartyPrefilter {
    pub(super) terms: Terms,
    /// Chance of joining per unit of weight up to which people are listed.
    pub(super) ceiling: f32,
    /// Largest chance of joining at the ceiling, whatever the weight.
    pub(super) most_likely: f32,
}

impl PartyPrefilter {
    /// Returns this month's recruitment, or `None` in a month without it.
    ///
    /// The ceiling follows from the mean weight of the previous month, with some headroom; without that mean it is 0
    /// and the lists stay empty.
    pub(super) fn new(conditions: &Conditions, mean_before: Option<f64>) -> Option<Self> {
        let ceiling = mean_before.map_or(0.0, |mean| rate(conditions) / (HEADROOM * mean)) as f32;
        open(conditions).then(|| {
            let terms = Terms::new(conditions);
            PartyPrefilter { terms, ceiling, most_likely: ceiling * terms.scale }
        })
    }

    /// Returns the weight of the person in a row. Reads only the columns it depends on: each is a separate cache
    /// line.
    pub(super) fn weight_in(&self, people: &People, row: usize) -> f32 {
        weight(&self.terms, people.standing[row], people.drive[row], people.suspicion[row])
    }
}

/// The mean weight may fall to this multiple of the previous month's without the lists missing anyone.
const HEADROOM: f64 = 0.97;

dispatch! {
    /// Marks the people outside the party who may join at the ceiling; returns the sum of the weights and the number
    /// of people outside.
    fn weigh(
        instructions,
        joining: &PartyPrefilter,
        marks: &mut [bool],
        words: &[u32],
        standings: &[Standing],
        drives: &[Drive],
        suspicions: &[f32],
    ) -> (u64, u64) {
        let PartyPrefilter { terms, ceiling, .. } = *joining;
        let unit = 1.0 / terms.scale;
        let (mut sum, mut people) = (0u64, 0u64);
        let mut log_weights = [0.0; SUMMABLE];
        for first in (0..standings.len()).step_by(SUMMABLE) {
            let rows = first..standings.len().min(first + SUMMABLE);
            let marks = &mut marks[rows.clone()];
            let count = marks.len();
            let (words, standings) = (&words[rows.clone()][..count], &standings[rows.clone()][..count]);
            let drives = &drives[rows.clone()][..count];
            let suspicions = &suspicions[rows][..count];
            let (mut part, mut outside) = (0u32, 0u32);
            // Sums and exponentials have loops of their own, so that the processor works on more people at once.
            let log_weights = &mut log_weights[..count];
            for row in 0..count {
                log_weights[row] =
                    log_weight(&terms, standings[row], drives[row], suspicions[row]);
            }
            for row in 0..count {
                let standing = standings[row];
                let weight = exp(log_weights[row]);
                let counted = fixed(weight * unit);
                part += if standing.in_party() { 0 } else { counted };
                outside += u32::from(!standing.in_party());
                marks[row] = (uniform(words[row]) < ceiling * weight) & !standing.in_party();
            }
            sum += u64::from(part);
            people += u64::from(outside);
        }
        (sum, people)
    }
}

/// Weighs the people of a unit who are outside the party, and lists those who may join. `workspace.words` must be
/// those of the unit's people.
pub(super) fn list(
    conditions: &Conditions,
    joining: &PartyPrefilter,
    unit: &mut Unit,
    workspace: &mut Workspace,
) {
    list_from(conditions, joining, 0, unit, workspace);
}

/// Does the same for the rows from `first` on; `workspace.words` must be those of the people in these rows.
pub(super) fn list_from(
    conditions: &Conditions,
    joining: &PartyPrefilter,
    first: usize,
    unit: &mut Unit,
    workspace: &mut Workspace,
) {
    let words = workspace.words.column(monthly::RECRUITMENT);
    let people = &unit.people;
    let rows = first..people.len();
    let marks = room(&mut workspace.marks, rows.len());
    let (weights, outside) = weigh(
        conditions.instructions,
        joining,
        marks,
        words,
        &people.standing[rows.clone()],
        &people.drive[rows.clone()],
        &people.suspicion[rows],
    );
    unit.candidates.outsiders.add(Outsiders { weights, people: outside });
    positions(marks, &mut workspace.rows);
    unit.candidates.for_party.extend(workspace.rows.iter().map(|&place| {
        let row = first + place as usize;
        Candidate { identity: people.identity[row], seen: row as u32, word: words[place as usize] }
    }));
}

/// Prefetches the candidates of a unit.
pub(super) fn prefetch(unit: &Unit) {
    for applicant in &unit.candidates.for_party {
        unit.people.prefetch_one(applicant.seen as usize);
    }
}

/// Recruits people of a unit with this chance per unit of weight.
pub(super) fn pass(
    conditions: &Conditions,
    joining: &PartyPrefilter,
    chance: f64,
    unit: &mut Unit,
    workspace: &mut Workspace,
) {
    let chance = chance as f32;
    if chance > joining.ceiling {
        list_all(conditions, joining, chance, unit, workspace);
    }
    let (month, people) = (conditions.month.0 as i16, &mut unit.people);
    for &Candidate { identity, seen, word } in &unit.candidates.for_party {
        // Some people have left since or are listed twice.
        let Some(row) = people.find(identity, seen) else { continue };
        let joins = || uniform(word) < chance * joining.weight_in(people, row);
        if may_join(people.standing[row], people.dates[row], conditions.month.0) && joins() {
            people.standing[row].set_party(Party::Candidate);
            people.dates[row].set_joined(month);
            unit.state.now.recruits += 1;
        }
    }
}

/// Makes the list of a unit again for a chance above the bound of the first sweep.
fn list_all(
    conditions: &Conditions,
    joining: &PartyPrefilter,
    chance: f32,
    unit: &mut Unit,
    workspace: &mut Workspace,
) {
    let (instructions, month) = (conditions.instructions, conditions.month.0);
    workspace.words.fill(instructions, &conditions.key, MONTHLY, month, &unit.people.identity);
    unit.candidates.for_party.clear();
    let joining = PartyPrefilter { ceiling: chance, most_likely: 1.0, ..*joining };
    list(conditions, &joining, unit, workspace);
}
