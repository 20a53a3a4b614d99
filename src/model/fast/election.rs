//! Holds the elections among the elite of a unit (R6e, [`crate::model::rules::election`]).

use super::candidates::{Event, LateWords};
use super::conditions::Conditions;
use super::fates as fate;
use super::unit::Unit;
use crate::engine::random::uniform64;
use crate::model::purpose::{MONTHLY, RARE, monthly, rare};
use crate::model::rules::election::{probability, stands};
use crate::model::state::standing::ELITE;

/// R6e for a unit whose electors have this mean grievance: marks the officials voted out among the unit's events.
pub(super) fn pass(conditions: &Conditions, grievance: f64, unit: &mut Unit) {
    if conditions.elections == [false; 2] {
        return;
    }
    let Unit { state, people, candidates } = unit;
    let (events, month) = (&mut candidates.events, conditions.month.0);
    for row in people.ranks.elite() {
        let (standing, identity) = (people.standing[row], people.identity[row]);
        let place = events.partition_point(|event| (event.row as usize) < row);
        let known = events.get(place).is_some_and(|event| event.row as usize == row);
        let fate = if known { events[place].fate } else { 0 };
        if !stands(conditions, standing, identity, fate) {
            continue;
        }
        let upper = usize::from(standing.rank() > ELITE);
        state.now.stood[upper] += 1;
        let (rank, vigilance) = (standing.rank(), conditions.levers.vigilance);
        let suspicion = f64::from(people.suspicion[row]);
        let chance = probability(&conditions.parameters, grievance, suspicion, rank, vigilance);
        let words = conditions.key.block(RARE, month, identity);
        if uniform64(words[rare::ELECTION]) < chance {
            if !known {
                let words = conditions.key.block(MONTHLY, month, identity);
                let late = LateWords::of(|word| words[word]);
                let purge_word = words[monthly::PURGE];
                events.insert(place, Event { row: row as u32, fate: 0, words: late, purge_word });
            }
            events[place].fate |= fate::VOTED_OUT;
            state.now.voted_out[upper] += 1;
        }
    }
}
