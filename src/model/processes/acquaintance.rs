//! Acquaintances: whom a person has occasion to accuse this month (R5).
//!
//! Step 3 of the month. One acquaintance a month: a superior, somebody of the brigade, a rival, or somebody of the
//! party cell. The choice in a pool is by keyed score (see [`crate::engine::choice`]), so that one newcomer in a pool
//! of n moves one choice in n + 1. The pools are read off the unit's rows; nothing here changes anybody.

use crate::engine::choice::choose;
use crate::engine::instructions::{Instructions, dispatch};
use crate::engine::marks::room;
use crate::engine::random::uniform;
use crate::model::people::{People, Ranks};
use crate::model::person::{RANKS, REGIONAL, Standing, TARGET_CLASSES};
use crate::model::purpose::monthly;
use crate::model::scratch::Scratch;
use crate::model::unit::Unit;

/// Brigades in a shop.
pub const BRIGADES_PER_SHOP: usize = 6;
/// Probabilities of meeting a superior, somebody of the brigade, a rival; the rest meet somebody of the cell, or of
/// the brigade if they are not in the party.
pub(crate) const MEETINGS: [f64; 3] = [0.35, 0.35, 0.15];
/// Probabilities that the superior stands one, two, three ranks higher.
pub(crate) const LEVELS: [f64; 3] = [0.5, 0.3, 0.2];

/// Categories of people that the expected meetings tell apart: target classes, with the former people among the
/// workers apart from those among the bosses.
pub const CATEGORIES: usize = 8;
const HERO: u8 = 4;
const ORDINARY: u8 = 5;
pub(crate) const FORMER_WORKER: u8 = 7;
/// Slots in which the people of a brigade are counted: by category, outside the party and, behind those, in it.
pub const SLOTS: usize = 2 * CATEGORIES;
/// What being in the party adds to the slot.
const IN_PARTY: u8 = CATEGORIES as u8;
/// Target class of each category.
const CLASS_OF: [usize; CATEGORIES] = [0, 1, 2, 3, 4, 5, 5, 0];

/// A regional official as those below see one.
#[derive(Debug, Clone, Copy)]
pub struct Official {
    /// Whose row it is.
    pub identity: u64,
    /// Row in the office.
    pub row: u32,
    /// Standing.
    pub standing: Standing,
    /// Ambition.
    pub ambition: f32,
    /// Months in rank.
    pub since: u8,
}

/// What chance decides about whom somebody meets this month.
#[derive(Debug, Clone, Copy)]
pub struct Meeting {
    /// Draw of the kind of acquaintance.
    pub kind: f32,
    /// Draw of the level of a superior.
    pub level: f32,
    /// Key of the choice in the pool.
    pub key: u64,
}

impl Meeting {
    /// The meeting of somebody whose words of page [`crate::model::purpose::MONTHLY`] these are.
    pub fn of(word: impl Fn(usize) -> u32) -> Meeting {
        Meeting {
            kind: uniform(word(monthly::MEETING)),
            level: uniform(word(monthly::LEVEL)),
            key: u64::from(word(monthly::ACQUAINTANCE)) | u64::from(word(monthly::ACQUAINTANCE + 1)) << 32,
        }
    }
}

/// An acquaintance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// Somebody of the same unit, by row.
    Row(u32),
    /// An official of the region, by position in the list of them.
    Official(u32),
}

/// The pools of one unit, from which acquaintances come.
#[derive(Debug)]
pub struct Pools<'a> {
    people: &'a People,
    ranks: Ranks,
    by_brigade: &'a [u32],
    brigade_begin: &'a [u32],
    officials: &'a [Official],
}

dispatch! {
    /// Slots of workers: their category, and whether they are in the party.
    fn slots(instructions, slots: &mut [u8], standings: &[Standing], qualities: &[f32], hero_below: f32) {
        let count = slots.len();
        let (standings, qualities) = (&standings[..count], &qualities[..count]);
        for row in 0..count {
            let own = if qualities[row] < hero_below { HERO } else { ORDINARY };
            let category = if standings[row].former() { FORMER_WORKER } else { own };
            slots[row] = category + if standings[row].in_party() { IN_PARTY } else { 0 };
        }
    }
}

dispatch! {
    fn largest(instructions, values: &[u32]) -> u32 {
        values.iter().fold(0, |most, &value| if value > most { value } else { most })
    }
}

/// Prepares the pools of a unit: rows by brigade, and the counts from which expected meetings follow.
pub fn prepare(instructions: Instructions, unit: &Unit, hero_below: f32, scratch: &mut Scratch) {
    let people = &unit.people;
    let brigades = if people.is_empty() { 0 } else { largest(instructions, &people.brigade) as usize + 1 };
    let own_slots = room(&mut scratch.slots, people.len());
    for row in unit.people.ranks.bosses() {
        let standing = people.standing[row];
        own_slots[row] = standing.target_class(false) as u8 + if standing.in_party() { IN_PARTY } else { 0 };
    }
    let workers = unit.people.ranks.workers();
    slots(
        instructions,
        &mut own_slots[workers.clone()],
        &people.standing[workers.clone()],
        &people.hero_quality[workers],
        hero_below,
    );
    scratch.brigade_counts.clear();
    scratch.brigade_counts.resize(brigades, [0; SLOTS]);
    for (&brigade, &slot) in people.brigade.iter().zip(own_slots.iter()) {
        scratch.brigade_counts[brigade as usize][usize::from(slot) % SLOTS] += 1;
    }
    // Each beginning serves as the place of the next of its brigade, and ends up as the beginning of the next brigade.
    scratch.brigade_begin.clear();
    scratch.brigade_begin.push(0);
    let mut begin = 0;
    for counts in &scratch.brigade_counts {
        scratch.brigade_begin.push(begin);
        begin += counts.iter().sum::<u32>();
    }
    let places = &mut scratch.brigade_begin[1..];
    let by_brigade = room(&mut scratch.by_brigade, people.len());
    for (row, &brigade) in (0u32..).zip(&people.brigade) {
        let place = &mut places[brigade as usize];
        by_brigade[*place as usize] = row;
        *place += 1;
    }
}

impl<'a> Pools<'a> {
    /// The pools that [`prepare`] has laid out.
    pub fn new(unit: &'a Unit, scratch: &'a Scratch, officials: &'a [Official]) -> Self {
        Pools {
            people: &unit.people,
            ranks: unit.people.ranks,
            by_brigade: &scratch.by_brigade,
            brigade_begin: &scratch.brigade_begin,
            officials,
        }
    }

    /// The acquaintance of the person in `row` this month; none if the pool is empty or the choice falls on the person.
    pub fn meet(&self, row: usize, meeting: &Meeting) -> Option<Met> {
        let standing = self.people.standing[row];
        let rank = standing.rank();
        let (draw, key) = (f64::from(meeting.kind), meeting.key);
        let met = if draw < MEETINGS[0] && rank < REGIONAL {
            self.superior(row, rank, f64::from(meeting.level), key)
        } else if draw >= MEETINGS[0] && draw < MEETINGS[0] + MEETINGS[1] {
            self.in_brigade(row, key)
        } else if draw < MEETINGS[0] + MEETINGS[1] + MEETINGS[2] {
            self.rival(row, rank, key)
        } else if standing.in_party() {
            self.favourite(key, self.party())
        } else {
            self.in_brigade(row, key)
        };
        met.filter(|met| *met != Met::Row(row as u32))
    }

    fn superior(&self, row: usize, rank: u8, draw: f64, key: u64) -> Option<Met> {
        let steps = if draw < LEVELS[0] {
            1
        } else if draw < LEVELS[0] + LEVELS[1] {
            2
        } else {
            3
        };
        let level = match rank {
            0 | 1 => (rank + steps).min(3),
            _ => (rank + steps).min(REGIONAL),
        };
        match level {
            1 => self.foreman(row, key),
            REGIONAL => {
                let officials =
                    (0u32..).zip(self.officials).map(|(place, official)| (official.identity, place));
                choose(key, officials).map(Met::Official)
            }
            _ => self.favourite(key, self.of_rank(level)),
        }
    }

    /// A foreman of one's own shop, or of the enterprise if the shop has none.
    fn foreman(&self, row: usize, key: u64) -> Option<Met> {
        let shop = self.shop(row);
        let own = self.of_rank(1).filter(|&foreman| self.shop(foreman) == shop);
        self.favourite(key, own).or_else(|| self.favourite(key, self.of_rank(1)))
    }

    fn in_brigade(&self, row: usize, key: u64) -> Option<Met> {
        let brigade = self.people.brigade[row] as usize;
        self.favourite(key, self.brigades(brigade..brigade + 1))
    }

    /// A fellow worker of the shop, or somebody of the same rank in the enterprise.
    fn rival(&self, row: usize, rank: u8, key: u64) -> Option<Met> {
        if rank > 0 {
            return self.favourite(key, self.of_rank(rank));
        }
        let first = self.shop(row) * BRIGADES_PER_SHOP;
        let last = (first + BRIGADES_PER_SHOP).min(self.brigade_begin.len() - 1);
        let workers = self.ranks.workers();
        self.favourite(key, self.brigades(first..last).filter(|fellow| workers.contains(fellow)))
    }

    /// Rows of the party cell: looked up where somebody meets a comrade, which is seldom.
    fn party(&self) -> impl Iterator<Item = usize> {
        (0..).zip(&self.people.standing).filter(|(_, standing)| standing.in_party()).map(|(row, _)| row)
    }

    fn shop(&self, row: usize) -> usize {
        self.people.brigade[row] as usize / BRIGADES_PER_SHOP
    }

    fn of_rank(&self, rank: u8) -> std::ops::Range<usize> {
        self.ranks.of(rank)
    }

    fn brigades(&self, brigades: std::ops::Range<usize>) -> impl Iterator<Item = usize> {
        let rows = self.brigade_begin[brigades.start] as usize..self.brigade_begin[brigades.end] as usize;
        self.by_brigade[rows].iter().map(|&row| row as usize)
    }

    fn favourite(&self, key: u64, pool: impl Iterator<Item = usize>) -> Option<Met> {
        let identities = &self.people.identity;
        choose(key, pool.map(|row| (identities[row], row))).map(|row| Met::Row(row as u32))
    }
}

dispatch! {
    /// Expected meetings in the brigades, by category: each of n people draws one of n, and a draw of oneself is not
    /// valid.
    fn in_brigades(instructions, brigades: &[[u32; SLOTS]]) -> [f64; CATEGORIES] {
        let [superior, brigade, rival] = MEETINGS;
        let cell = 1.0 - superior - brigade - rival;
        let mut met = [0.0; CATEGORIES];
        for counts in brigades {
            let (mut all, mut drawing) = ([0.0; CATEGORIES], [0.0; CATEGORIES]);
            for category in 0..CATEGORIES {
                let party = f64::from(counts[category + CATEGORIES] as i32);
                all[category] = f64::from(counts[category] as i32) + party;
                drawing[category] = brigade * all[category] + cell * (all[category] - party);
            }
            let people: f64 = all.iter().sum();
            let draws: f64 = drawing.iter().sum();
            if people > 0.0 {
                for category in 0..CATEGORIES {
                    met[category] += (all[category] * draws - drawing[category]) / people;
                }
            }
        }
        met
    }
}

/// Expected acquaintances of all people of a unit, by target class of the person met; valid draws only.
///
/// The exact mean of what [`Pools::meet`] gives, over its draws, in place of a count of draws.
pub fn expected(
    instructions: Instructions,
    unit: &Unit,
    scratch: &mut Scratch,
    officials: &[Official],
) -> [f64; TARGET_CLASSES] {
    let category_of = |slot: u8| usize::from(slot) % CATEGORIES;
    // Counts by rank and category; foremen also by shop.
    let mut by_rank = [[0.0; CATEGORIES]; RANKS];
    for rank in 1..RANKS {
        for row in unit.people.ranks.of(rank as u8) {
            by_rank[rank][category_of(scratch.slots[row])] += 1.0;
        }
    }
    let shops = scratch.brigade_counts.len().div_ceil(BRIGADES_PER_SHOP);
    scratch.foremen.clear();
    scratch.foremen.resize(shops, [0; CATEGORIES]);
    for row in unit.people.ranks.of(1) {
        let shop = unit.people.brigade[row] as usize / BRIGADES_PER_SHOP;
        scratch.foremen[shop][category_of(scratch.slots[row])] += 1;
    }
    let people = std::array::from_fn(|rank| unit.people.ranks.count(rank as u8));
    expected_of(instructions, &scratch.brigade_counts, &scratch.foremen, &by_rank, &people, officials)
}

/// Expected acquaintances from the people by brigade and slot, the foremen by shop and category, the bosses by rank and
/// category, everybody by rank, and the officials of the region.
pub(crate) fn expected_of(
    instructions: Instructions,
    brigade_counts: &[[u32; SLOTS]],
    foremen: &[[u32; CATEGORIES]],
    by_rank: &[[f64; CATEGORIES]; RANKS],
    people: &[usize; RANKS],
    officials: &[Official],
) -> [f64; TARGET_CLASSES] {
    let [superior, brigade, rival] = MEETINGS;
    let cell = 1.0 - superior - brigade - rival;
    let people_of = |rank: usize| people[rank] as f64;
    let mut met = in_brigades(instructions, brigade_counts);
    // Workers: rivals in the shop, foremen of the shop.
    for (shop, brigades) in brigade_counts.chunks(BRIGADES_PER_SHOP).enumerate() {
        let mut workers = [0.0; CATEGORIES];
        for counts in brigades {
            for category in [HERO, ORDINARY, FORMER_WORKER].map(usize::from) {
                workers[category] += f64::from(counts[category] + counts[category + CATEGORIES]);
            }
        }
        let total: f64 = workers.iter().sum();
        if total == 0.0 {
            continue;
        }
        add(&mut met, &workers, rival * (total - 1.0) / total);
        let foremen = &foremen[shop];
        let own: f64 = foremen.iter().map(|&count| f64::from(count)).sum();
        let draws = total * superior * LEVELS[0];
        if own > 0.0 {
            for (met, &count) in met.iter_mut().zip(foremen) {
                *met += draws * f64::from(count) / own;
            }
        } else if people_of(1) > 0.0 {
            add(&mut met, &by_rank[1], draws / people_of(1));
        }
    }
    // Superiors of ranks 2 and 3.
    let draws_of_2 = people_of(0) * superior * LEVELS[1] + people_of(1) * superior * LEVELS[0];
    let draws_of_3 = people_of(0) * superior * LEVELS[2]
        + people_of(1) * superior * (1.0 - LEVELS[0])
        + people_of(2) * superior * LEVELS[0];
    for (rank, draws) in [(2, draws_of_2), (3, draws_of_3)] {
        if people_of(rank) > 0.0 {
            add(&mut met, &by_rank[rank], draws / people_of(rank));
        }
    }
    // Rivals of the same rank; regional officials meet rivals where others meet superiors.
    for (rank, counts) in by_rank.iter().enumerate().skip(1) {
        let people = people_of(rank);
        if people > 0.0 {
            let share = if rank == usize::from(REGIONAL) { rival + superior } else { rival };
            add(&mut met, counts, share * (people - 1.0) / people);
        }
    }
    // The cell.
    let mut comrades = [0u32; CATEGORIES];
    for counts in brigade_counts {
        for (comrades, count) in comrades.iter_mut().zip(&counts[CATEGORIES..]) {
            *comrades += count;
        }
    }
    let people = f64::from(comrades.iter().sum::<u32>());
    if people > 0.0 {
        add(&mut met, &comrades.map(f64::from), cell * (people - 1.0) / people);
    }
    let mut by_class = [0.0; TARGET_CLASSES];
    for (category, met) in met.into_iter().enumerate() {
        by_class[CLASS_OF[category]] += met;
    }
    // Officials of the region.
    let draws_of_4 = people_of(2) * superior * (1.0 - LEVELS[0]) + people_of(3) * superior;
    for official in officials {
        by_class[official.standing.target_class(false)] += draws_of_4 / officials.len() as f64;
    }
    by_class
}

fn add(met: &mut [f64; CATEGORIES], counts: &[f64; CATEGORIES], weight: f64) {
    for (met, count) in met.iter_mut().zip(counts) {
        *met += count * weight;
    }
}

#[cfg(test)]
#[path = "acquaintance_tests.rs"]
mod tests;
