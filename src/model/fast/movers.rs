//! Finds plants for movers and lets them arrive (R9, [`crate::model::rules::destinations`]).
//!
//! The movers of a block draw their proposals together, one block of random words after another for those who are
//! still without a plant.

use std::hint::select_unpredictable;

use super::conditions::Conditions;
use super::departures::{Mover, Movers};
use super::prefilter::Prefilter;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::engine::chacha::Words;
use crate::engine::random::uniform64;
use crate::engine::reserve::make_room;
use crate::engine::sampling::Alias;
use crate::model::purpose::DESTINATION;
use crate::model::rules::destinations::{BRIGADE, Deficits, MOST_BLOCKS, WORDS_PER_PROPOSAL};
use crate::model::state::unit::brigade;

/// Buffers of the movers of a block, and of those who arrive in a unit.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    /// Movers without a plant: position in their list, and position of their words.
    seeking: Vec<(u32, u32)>,
    /// Movers who arrive in a unit.
    pub(super) arriving: Vec<Mover>,
}

/// Finds a destination for each mover of a list, and the random word of their brigade there. If no plant has a
/// vacancy, all stay.
pub(super) fn place(
    conditions: &Conditions,
    deficits: &Deficits,
    sizes: &Alias,
    movers: &mut Movers,
    workspace: &mut Workspace,
) {
    if deficits.none() {
        return;
    }
    let (key, month) = (&conditions.key, conditions.month.0);
    let Movers { identities: all, to, brigades, .. } = movers;
    let Workspace { words, identities, movers: Buffers { seeking, .. }, .. } = workspace;
    words.fill(conditions.instructions, key, DESTINATION, month, all);
    brigades.clear();
    make_room(brigades, all.len());
    brigades.extend_from_slice(words.column(BRIGADE));
    seeking.clear();
    seeking.extend((0..all.len() as u32).map(|row| (row, row)));
    propose(deficits, sizes, words, seeking, to);
    // Computed together: a block of words in bulk costs a tenth of a single one.
    for page in 1..MOST_BLOCKS - 1 {
        if seeking.is_empty() {
            return;
        }
        identities.clear();
        identities.extend(seeking.iter().map(|&(row, _)| all[row as usize]));
        words.fill(conditions.instructions, key, DESTINATION + page, month, identities);
        (0u32..).zip(seeking.iter_mut()).for_each(|(place, (_, seeker))| *seeker = place);
        propose(deficits, sizes, words, seeking, to);
    }
    for &(row, _) in seeking.iter() {
        to[row as usize] = deficits.last_resort(key, month, all[row as usize]);
    }
}

/// Draws proposals for the movers in `seeking`, and leaves there those who are still without a plant.
///
/// The first number of an entry is the mover's position in `to`, the second the position of their words.
fn propose(deficits: &Deficits, sizes: &Alias, words: &Words, seeking: &mut Vec<(u32, u32)>, to: &mut [u32]) {
    for first in (0..BRIGADE).step_by(WORDS_PER_PROPOSAL) {
        let [slots, within, acceptance] = [0, 1, 2].map(|word| words.column(first + word));
        let mut left = 0;
        // Branchless: whether a proposal is accepted cannot be predicted.
        for next in 0..seeking.len() {
            let (row, place) = seeking[next];
            let (to, place) = (&mut to[row as usize], place as usize);
            let plant = sizes.draw(slots[place], within[place]);
            let accepted = deficits.accepts(plant, acceptance[place]);
            *to = select_unpredictable(accepted, plant as u32, *to);
            seeking[left] = seeking[next];
            left += usize::from(!accepted);
        }
        seeking.truncate(left);
    }
}

/// Adds arriving workers to a unit. Workers who come from another unit have a word for their brigade and lose part of
/// their experience.
pub(super) fn arrive(
    conditions: &Conditions,
    prefilter: &Prefilter,
    unit: &mut Unit,
    arriving: &mut [Mover],
    brigade_words: &[u32],
) {
    unit.state.now.arrived += arriving.len() as u32;
    let (brigades, month) = (unit.state.brigades(), conditions.month.0);
    let kept = conditions.parameters.tenure_kept as f32;
    for (Mover { person, .. }, &word) in arriving.iter_mut().zip(brigade_words) {
        person.brigade = brigade(brigades, uniform64(word));
        person.set_tenure(person.tenure(month) * kept, month);
    }
    let first = unit.people.add_workers(arriving.iter().map(|mover| &mover.person));
    for (row, mover) in (first..).zip(arriving) {
        prefilter.add_newcomer(conditions, unit, row, &mover.words);
    }
}

/// Adds a demoted official, who cannot be promoted again this month.
pub(super) fn receive_fallen(
    conditions: &Conditions,
    prefilter: &Prefilter,
    unit: &mut Unit,
    Mover { person, words }: &Mover,
) {
    unit.state.now.fallen_in += 1;
    let row = unit.people.insert(*person);
    prefilter.add_newcomer(conditions, unit, row, words);
    unit.candidates.strike(person.standing.rank(), person.identity);
}
