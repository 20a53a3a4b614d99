//! Chooses acquaintances from the rows of a unit (R5, [`crate::model::rules::acquaintance`]).
//!
//! [`prepare`] links the rows of each brigade into a chain and counts people by brigade and category. [`Pools`]
//! chooses from these chains and from the row ranges of the ranks, without making lists.

mod expected;

use std::ops::Range;

use super::people::People;
use super::ranks::Ranks;
use super::unit::Unit;
use crate::engine::sampling::choose;
use crate::engine::select::{positions, room};
use crate::engine::simd::{Instructions, dispatch};
use crate::model::rules::acquaintance::{
    BRIGADES_PER_SHOP, CATEGORIES, FORMER_WORKER, Met, ORDINARY, Official, Pool, SHOCK, SLOTS,
};
use crate::model::state::standing::{FOREMAN, REGIONAL, Standing, WORKER};
use crate::model::state::traits::Drive;
pub(super) use expected::expected;

/// Added to the slot of people in the party.
const IN_PARTY: u32 = CATEGORIES as u32;

/// The pools of one unit from which acquaintances are chosen.
#[derive(Debug)]
pub(super) struct Pools<'a> {
    instructions: Instructions,
    people: &'a People,
    ranks: Ranks,
    places: &'a [u32],
    first: &'a [u32],
    next: &'a [u32],
    officials: &'a [Official],
    marks: &'a mut Vec<bool>,
    cell: &'a mut Vec<u32>,
    cell_listed: bool,
}

dispatch! {
    /// Computes the place where each person is counted, brigade and slot as one number, and returns the largest
    /// place. The people must be all bosses or all workers.
    fn places(
        instructions,
        places: &mut [u32],
        brigades: &[u16],
        standings: &[Standing],
        drives: &[Drive],
        shock_below: f32,
        bosses: bool,
    ) -> u32 {
        let count = places.len();
        let (brigades, standings, drives) = (&brigades[..count], &standings[..count], &drives[..count]);
        let mut largest = 0;
        for row in 0..count {
            let standing = standings[row];
            let worker = if drives[row].shock_quality().value() < shock_below { SHOCK } else { ORDINARY };
            let worker = if standing.former() { FORMER_WORKER } else { worker };
            let category = if bosses { standing.target_class(false) as u32 } else { worker };
            let slot = category + if standing.in_party() { IN_PARTY } else { 0 };
            let place = u32::from(brigades[row]) * SLOTS as u32 + slot;
            largest = if place > largest { place } else { largest };
            places[row] = place;
        }
        largest
    }
}

dispatch! {
    /// Marks the people whose place is in the party.
    fn in_party(instructions, marks: &mut [bool], places: &[u32]) {
        for (mark, place) in marks.iter_mut().zip(places) {
            *mark = *place & IN_PARTY != 0;
        }
    }
}

/// Stands for no row.
const NOBODY: u32 = u32::MAX;

/// What [`prepare`] computes from a unit's people, and buffers.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Place of each row: the brigade's number times [`SLOTS`], plus the slot.
    places: Vec<u32>,
    /// People by brigade and slot.
    counts: Vec<[u32; SLOTS]>,
    /// First row of each brigade, or [`NOBODY`].
    first: Vec<u32>,
    /// For each row, the next row of its brigade, or [`NOBODY`].
    next: Vec<u32>,
    /// Foremen by shop and category.
    foremen: Vec<[u32; CATEGORIES]>,
    /// Buffer of one mark for each row.
    marks: Vec<bool>,
    /// Rows of the party cell, once a person has met a comrade.
    cell: Vec<u32>,
}

/// Prepares the pools of a unit: the chains of the rows of each brigade, and the counts for expected meetings.
pub(super) fn prepare(instructions: Instructions, unit: &Unit, shock_below: f32, layout: &mut Layout) {
    let people = &unit.people;
    let own_places = room(&mut layout.places, people.len());
    let mut largest = 0;
    for (rows, bosses) in [(unit.people.ranks.bosses(), true), (unit.people.ranks.workers(), false)] {
        let place = places(
            instructions,
            &mut own_places[rows.clone()],
            &people.brigade[rows.clone()],
            &people.standing[rows.clone()],
            &people.drive[rows],
            shock_below,
            bosses,
        );
        largest = largest.max(place as usize);
    }
    let brigades = if people.is_empty() { 0 } else { largest / SLOTS + 1 };
    layout.counts.clear();
    layout.counts.resize(brigades, [0; SLOTS]);
    layout.first.clear();
    layout.first.resize(brigades, NOBODY);
    let (counts, first) = (layout.counts.as_flattened_mut(), layout.first.as_mut_slice());
    let next = room(&mut layout.next, people.len());
    // From the last row to the first, so that each chain rises: bosses come before workers.
    for ((row, &mut place), next) in (0..people.len()).zip(own_places).zip(next).rev() {
        let place = place as usize;
        counts[place] += 1;
        *next = std::mem::replace(&mut first[place / SLOTS], row as u32);
    }
}

impl<'a> Pools<'a> {
    /// Returns the pools that [`prepare`] has laid out.
    pub(super) fn new(
        instructions: Instructions,
        unit: &'a Unit,
        layout: &'a mut Layout,
        officials: &'a [Official],
    ) -> Self {
        Pools {
            instructions,
            people: &unit.people,
            ranks: unit.people.ranks,
            places: &layout.places[..unit.people.len()],
            first: &layout.first,
            next: &layout.next,
            officials,
            marks: &mut layout.marks,
            cell: &mut layout.cell,
            cell_listed: false,
        }
    }

    /// Returns the acquaintance of the person in `row`, chosen from a pool; `None` if the pool is empty or the choice
    /// falls on the person themselves.
    pub(super) fn choose(&mut self, row: usize, pool: Pool, key: u64) -> Option<Met> {
        let met = match pool {
            Pool::Superiors(REGIONAL) => {
                let officials =
                    (0u32..).zip(self.officials).map(|(place, official)| (official.identity, place));
                choose(key, officials).map(Met::Official)
            }
            Pool::Superiors(FOREMAN) => self.foreman(row, key),
            Pool::Superiors(rank) => self.favourite(key, self.of_rank(rank)),
            Pool::Brigade => self.favourite(key, self.brigade(self.people.brigade[row] as usize)),
            Pool::Rivals => self.rival(row, key),
            Pool::Cell => {
                self.list_cell();
                self.favourite(key, self.cell.iter().copied())
            }
        };
        met.filter(|met| *met != Met::Row(row as u32))
    }

    /// Returns true if the brigade of the person in `row` has no bosses.
    pub(super) fn only_workers(&self, row: usize) -> bool {
        !self.boss(self.first[self.people.brigade[row] as usize])
    }

    /// Returns a foreman of the person's shop, or of the unit if the shop has none.
    fn foreman(&self, row: usize, key: u64) -> Option<Met> {
        let foremen = self.of_rank(FOREMAN);
        let own = self.shop(row).flat_map(|brigade| self.brigade(brigade).take_while(|&row| self.boss(row)));
        self.favourite(key, own.filter(|row| foremen.contains(row)))
            .or_else(|| self.favourite(key, foremen.clone()))
    }

    /// Returns a fellow worker of the shop for a worker, a boss of the same rank in the unit for a boss.
    fn rival(&self, row: usize, key: u64) -> Option<Met> {
        let rank = self.people.standing[row].rank();
        if rank > WORKER {
            return self.favourite(key, self.of_rank(rank));
        }
        let shop = self.shop(row).flat_map(|brigade| self.brigade(brigade));
        self.favourite(key, shop.filter(|&fellow| !self.boss(fellow)))
    }

    /// Lists the party cell, once for a unit and only if someone meets a comrade.
    fn list_cell(&mut self) {
        if !self.cell_listed {
            let marks = room(self.marks, self.places.len());
            in_party(self.instructions, marks, self.places);
            positions(marks, self.cell);
            self.cell_listed = true;
        }
    }

    /// Returns true if the person in `row` is a boss: bosses have the rows before the workers.
    #[inline(always)]
    fn boss(&self, row: u32) -> bool {
        row < self.ranks.workers().start as u32
    }

    /// Returns the brigades of the shop of the person in `row`.
    fn shop(&self, row: usize) -> Range<usize> {
        let first = self.people.brigade[row] as usize / BRIGADES_PER_SHOP * BRIGADES_PER_SHOP;
        first..(first + BRIGADES_PER_SHOP).min(self.first.len())
    }

    fn of_rank(&self, rank: u8) -> Range<u32> {
        let rows = self.ranks.of(rank);
        rows.start as u32..rows.end as u32
    }

    /// Returns the rows of a brigade.
    fn brigade(&self, brigade: usize) -> impl Iterator<Item = u32> + Clone {
        std::iter::successors(row(self.first[brigade]), |&at| row(self.next[at as usize]))
    }

    fn favourite(&self, key: u64, pool: impl Iterator<Item = u32>) -> Option<Met> {
        let identities = self.people.identity.as_slice();
        choose(key, pool.map(|row| (identities[row as usize], row))).map(Met::Row)
    }
}

/// Returns the row that a link of a chain points to, if any.
#[inline(always)]
fn row(link: u32) -> Option<u32> {
    (link != NOBODY).then_some(link)
}

#[cfg(test)]
#[path = "acquaintance_tests.rs"]
mod tests;
