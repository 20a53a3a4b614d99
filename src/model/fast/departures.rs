//! Removes people from the rows of a unit (step 7): people who leave, lose rank or party card, or move (R4, R6).
//!
//! Only the unit's events are visited, from the last row to the first, so that no row still to be handled moves.

use std::slice::from_ref;

use super::candidates::{Event, LateWords};
use super::conditions::Conditions;
use super::fates as fate;
use super::prefilter::Prefilter;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::engine::prefetch::{prefetch, prefetch_first};
use crate::engine::reserve::make_room;
use crate::model::rules::demotion::{degrade, plant_after_demotion};
use crate::model::rules::outcome::{Outcome, outcome};
use crate::model::setup::Population;
use crate::model::state::person::Person;
use crate::model::state::standing::{REGIONAL, WORKER};

/// A person on the way to another unit. The record fills one cache line, so that a single prefetch brings all of it.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Mover {
    /// The person.
    pub(super) person: Person,
    /// Random words that are read after the move.
    pub(super) words: LateWords,
}

const _: () = assert!(size_of::<Mover>() == 64);

impl AsMut<Person> for Mover {
    fn as_mut(&mut self) -> &mut Person {
        &mut self.person
    }
}

/// People on the way to other units.
///
/// Identities and destinations are kept apart from the people, whom nothing reads between departure and arrival.
#[derive(Debug, Clone, Default)]
pub(super) struct Movers {
    /// The people.
    pub(super) people: Vec<Mover>,
    /// Identities of the people.
    pub(super) identities: Vec<u64>,
    /// Position of each person's destination. For workers who look for a plant it is their own unit until all
    /// deficits are known.
    pub(super) to: Vec<u32>,
    /// Random words for the new brigades; empty if all stay in their plants.
    pub(super) brigades: Vec<u32>,
}

impl Movers {
    /// Clears the lists; keeps their memory.
    pub(super) fn clear(&mut self) {
        self.people.clear();
        self.identities.clear();
        self.to.clear();
        self.brigades.clear();
    }

    /// Prefetches a mover.
    pub(super) fn prefetch(&self, index: usize) {
        prefetch(from_ref(&self.people[index]));
    }

    /// Prefetches room for `additional` movers.
    pub(super) fn prefetch_room(&mut self, additional: usize) {
        prefetch_first(self.people.spare_capacity_mut(), additional);
    }

    fn make_room(&mut self, additional: usize) {
        make_room(&mut self.people, additional);
        make_room(&mut self.identities, additional);
        make_room(&mut self.to, additional);
    }

    fn push(&mut self, mover: Mover, to: u32) {
        self.people.push(mover);
        self.identities.push(mover.person.identity);
        self.to.push(to);
    }

    /// Returns the bytes held, spare capacity included.
    pub(super) fn bytes(&self) -> usize {
        self.people.capacity() * size_of::<Mover>()
            + self.identities.capacity() * size_of::<u64>()
            + (self.to.capacity() + self.brigades.capacity()) * size_of::<u32>()
    }
}

/// Buffers of the departures of a unit.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    /// Positions of the events of the workers who leave.
    places: Vec<u32>,
}

/// Carries out the departures of a unit and adds the people who go elsewhere to `movers`.
///
/// It proceeds from the last row to the first, workers before bosses: a person who leaves moves no row before their
/// own.
pub(super) fn pass(
    conditions: &Conditions,
    prefilter: &Prefilter,
    population: &Population,
    unit: &mut Unit,
    workspace: &mut Workspace,
    movers: &mut Movers,
) {
    let events = std::mem::take(&mut unit.candidates.events);
    let bosses = unit.people.ranks.bosses();
    let (of_bosses, of_workers) =
        events.split_at(events.partition_point(|event| bosses.contains(&(event.row as usize))));
    let moved_before = movers.people.len();
    workers_depart(conditions, prefilter, unit, of_workers, workspace, movers);
    unit.state.now.moved_out += (movers.people.len() - moved_before) as u32;
    for event in of_bosses.iter().rev() {
        boss_departs(conditions, prefilter, population, unit, event, movers);
    }
    unit.candidates.events = events;
    unit.state.now.workers_left = unit.people.ranks.count(WORKER) as u32;
}

/// Returns true if the person is expelled from the party or leaves it.
fn loses_card(event: &Event) -> bool {
    event.fate & (fate::EXPELLED | fate::LEFT_PARTY) != 0
}

/// Returns the person after the loss of rank or party card, and removes the person from the candidates for promotion.
fn degraded(
    conditions: &Conditions,
    prefilter: &Prefilter,
    unit: &mut Unit,
    before: &Person,
    event: &Event,
    outcome: Outcome,
) -> Person {
    let mut person = *before;
    degrade(&conditions.parameters, &mut person, event.fate, outcome, conditions.month.0);
    let candidates = &mut unit.candidates;
    candidates.outsiders.remove(prefilter.outsider(before));
    candidates.outsiders.add(prefilter.outsider(&person));
    candidates.strike(before.standing.rank(), person.identity);
    person
}

/// Lets workers leave or lose their party cards. All who leave are removed in one sweep over the columns.
fn workers_depart(
    conditions: &Conditions,
    prefilter: &Prefilter,
    unit: &mut Unit,
    events: &[Event],
    workspace: &mut Workspace,
    movers: &mut Movers,
) {
    let Workspace { rows, departures: Buffers { places }, .. } = workspace;
    rows.clear();
    places.clear();
    for (place, event) in events.iter().enumerate().rev() {
        let row = event.row as usize;
        if outcome(event.fate, false) != Outcome::Stays {
            rows.push(event.row);
            places.push(place as u32);
        } else if loses_card(event) {
            let before = unit.people.person(row);
            let person = degraded(conditions, prefilter, unit, &before, event, Outcome::Stays);
            unit.people.put(row, person);
            prefilter.add_newcomer(conditions, unit, row, &event.words);
        }
    }
    // Leavers are written directly to the movers; those who leave industry are dropped again below.
    let first = movers.people.len();
    let words = places.iter().map(|&place| events[place as usize].words);
    movers.make_room(places.len());
    movers.people.extend(words.map(|words| Mover { person: Person::default(), words }));
    unit.people.take_workers(rows, &mut movers.people[first..]);
    unit.candidates.follow(&unit.people, rows);
    for (index, &place) in places.iter().enumerate().rev() {
        let event = &events[place as usize];
        let person = &mut movers.people[first + index].person;
        let outcome = outcome(event.fate, false);
        let quits = matches!(outcome, Outcome::Quits | Outcome::Dismissed);
        if !quits || event.fate & fate::LEAVES != 0 {
            unit.state.now.left_industry += u32::from(quits);
            unit.candidates.outsiders.remove(prefilter.outsider(person));
            movers.people.swap_remove(first + index);
        } else if loses_card(event) {
            *person = degraded(conditions, prefilter, unit, person, event, outcome);
        }
    }
    movers.identities.extend(movers.people[first..].iter().map(|mover| mover.person.identity));
    movers.to.resize(movers.people.len(), unit.state.number);
}

/// Lets a boss leave or lose rank or party card, if the event says so.
fn boss_departs(
    conditions: &Conditions,
    prefilter: &Prefilter,
    population: &Population,
    unit: &mut Unit,
    event: &Event,
    movers: &mut Movers,
) {
    let (row, marks) = (event.row as usize, event.fate);
    let outcome = outcome(marks, true);
    if matches!(outcome, Outcome::Arrested | Outcome::Natural) {
        let person = unit.people.remove(row);
        unit.candidates.strike(person.standing.rank(), person.identity);
        unit.candidates.outsiders.remove(prefilter.outsider(&person));
        return;
    }
    let demoted = matches!(outcome, Outcome::Demoted(_));
    if !demoted && !loses_card(event) {
        return;
    }
    let before = unit.people.person(row);
    let person = degraded(conditions, prefilter, unit, &before, event, outcome);
    if demoted && before.standing.rank() == REGIONAL {
        let to = plant_after_demotion(conditions, population, unit.state.region, person.identity);
        unit.people.remove(row);
        movers.push(Mover { person, words: event.words }, to);
        return;
    }
    let fell = person.standing.rank() != before.standing.rank();
    let row = unit.people.replace(row, person);
    prefilter.add_newcomer(conditions, unit, row, &event.words);
    if fell {
        unit.candidates.strike(person.standing.rank(), person.identity);
        unit.candidates.fallen.push(person.identity);
    }
}
