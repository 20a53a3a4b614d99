//! Stores the people of one unit in columns: one per attribute, and a row for each person.
//!
//! Rows are ordered by rank, workers last, and stay so when people come, go, rise or fall; this is cheaper than
//! sorting every month. The column of careers covers only the first rows, those of bosses. Within a rank, the order
//! of rows must not affect results: sums are taken in fixed point, choices by identity.

use std::ops::Range;
use std::slice::from_ref;

use super::ranks::Ranks;
use crate::engine::prefetch::{prefetch, prefetch_first};
use crate::engine::reserve::make_room;
use crate::engine::simd::{Instructions, dispatch};
use crate::model::rules::ageing::months_in_rank;
use crate::model::state::person::Person;
use crate::model::state::standing::{ORIGINS, Origin, RANKS, Standing};
use crate::model::state::traits::{Career, Dates, Drive, NEVER_ENTERED, Skill, Temperament};

macro_rules! people {
    ($($column:ident: $type:ty;)*) => {
        /// The people of one unit, a column per attribute.
        #[derive(Debug, Clone, Default)]
        pub struct People {
            $(#[doc = concat!("[`Person::", stringify!($column), "`] of each row.")] pub $column: Vec<$type>,)*
            /// Careers of the bosses, who have the first rows; workers have none.
            pub career: Vec<Career>,
            /// Range of rows of each rank.
            pub ranks: Ranks,
        }

        impl People {
            /// Adds a row for a person after all others, whatever the rank. The caller must add the career.
            fn push(&mut self, person: Person) {
                self.reserve(1);
                $(self.$column.push(person.$column);)*
            }

            /// Adds `count` copies of a worker as the last rows.
            pub fn extend(&mut self, count: usize, worker: &Person) {
                self.reserve(count);
                self.ranks.people += count;
                let people = self.len() + count;
                $(self.$column.resize(people, worker.$column);)*
            }

            /// Adds workers as the last rows and returns the first of these rows.
            ///
            /// Going column by column lets many cache misses overlap.
            pub fn add_workers<'a>(&mut self, workers: impl ExactSizeIterator<Item = &'a Person> + Clone) -> usize {
                let first = self.len();
                self.reserve(workers.len());
                self.ranks.people += workers.len();
                $(self.$column.extend(workers.clone().map(|person| person.$column));)*
                first
            }

            /// Moves the workers in `rows`, given from the last to the first, to `taken`, in this order. The last row
            /// fills each gap.
            ///
            /// `taken` must hold [`Person::default`]: careers, which workers do not have, are not written.
            pub fn take_workers(&mut self, rows: &[u32], taken: &mut [impl AsMut<Person>]) {
                debug_assert!(rows.iter().all(|&row| self.ranks.workers().contains(&(row as usize))));
                $(
                    let column = &mut self.$column;
                    let mut last = column.len();
                    for (person, &row) in taken.iter_mut().zip(rows) {
                        last -= 1;
                        person.as_mut().$column = column[row as usize];
                        column[row as usize] = column[last];
                    }
                    column.truncate(last);
                )*
                self.ranks.people -= rows.len();
            }

            /// Reserves capacity for `additional` more rows.
            pub fn reserve(&mut self, additional: usize) {
                $(make_room(&mut self.$column, additional);)*
            }

            /// Returns the person in a row.
            #[inline]
            pub fn person(&self, row: usize) -> Person {
                Person {
                    $($column: self.$column[row],)*
                    career: self.career.get(row).copied().unwrap_or_else(Career::none),
                }
            }

            /// Overwrites a row with a person of the same rank.
            #[inline]
            pub fn put(&mut self, row: usize, person: Person) {
                $(self.$column[row] = person.$column;)*
                self.career.get_mut(row).into_iter().for_each(|career| *career = person.career);
            }

            /// Copies a row to another.
            #[inline]
            fn copy(&mut self, from: usize, to: usize) {
                $(self.$column[to] = self.$column[from];)*
                if from.max(to) < self.career.len() {
                    self.career[to] = self.career[from];
                }
            }

            /// Removes the last row.
            fn pop(&mut self) {
                $(self.$column.pop();)*
            }

            /// Swaps two people of one rank.
            pub fn swap(&mut self, one: usize, other: usize) {
                debug_assert_eq!(self.standing[one].rank(), self.standing[other].rank());
                $(self.$column.swap(one, other);)*
                if one.max(other) < self.career.len() {
                    self.career.swap(one, other);
                }
            }

            /// Prefetches those of the rows that exist.
            pub fn prefetch(&self, rows: Range<usize>) {
                let rows = rows.start.min(self.len())..rows.end.min(self.len());
                $(prefetch(&self.$column[rows.clone()]);)*
                let bosses = self.career.len();
                prefetch(&self.career[rows.start.min(bosses)..rows.end.min(bosses)]);
            }

            /// Prefetches a row if it exists.
            pub fn prefetch_one(&self, row: usize) {
                $(self.$column.get(row).into_iter().for_each(|item| prefetch(from_ref(item)));)*
                self.career.get(row).into_iter().for_each(|career| prefetch(from_ref(career)));
            }

            /// Prefetches the unused capacity after the last row, for `additional` people.
            pub fn prefetch_room(&mut self, additional: usize) {
                $(
                    prefetch_first(self.$column.spare_capacity_mut(), additional);
                )*
            }

            /// Returns the bytes held, spare capacity included.
            pub fn bytes(&self) -> usize {
                self.career.capacity() * size_of::<Career>() $(+ self.$column.capacity() * size_of::<$type>())*
            }
        }
    };
}

people! {
    identity: u64;
    standing: Standing;
    brigade: u16;
    grievance: f32;
    egalitarianism: f32;
    drive: Drive;
    temperament: Temperament;
    skill: Skill;
    fear: f32;
    suspicion: f32;
    dates: Dates;
}

impl People {
    /// Returns the number of people.
    #[inline]
    pub fn len(&self) -> usize {
        self.identity.len()
    }

    /// Prefetches one of `parts` equal parts of all rows.
    pub fn prefetch_part(&self, part: usize, parts: usize) {
        self.prefetch(self.len() * part / parts..self.len() * (part + 1) / parts);
    }

    /// Prefetches the identity in a row if it exists.
    pub fn prefetch_identity(&self, row: usize) {
        self.identity.get(row).into_iter().for_each(|identity| prefetch(from_ref(identity)));
    }

    /// Returns true if the unit has no people.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.identity.is_empty()
    }

    /// Returns the row of the person with this identity, last seen in row `seen`; `None` if the person is not here.
    pub fn find(&self, identity: u64, seen: u32) -> Option<usize> {
        let seen = seen as usize;
        if self.identity.get(seen) == Some(&identity) {
            return Some(seen);
        }
        self.identity.iter().position(|&other| other == identity)
    }

    /// Adds a person after the other rows of their rank; returns the row.
    #[inline]
    pub fn insert(&mut self, person: Person) -> usize {
        let rank = usize::from(person.standing.rank());
        self.push(person);
        let mut row = self.ranks.people;
        self.ranks.people += 1;
        if rank > 0 {
            self.push_career(person.career);
        }
        // Each rank below moves its first row to the one after its last. Copying rows towards the gap is cheaper than
        // swapping them.
        for below in 0..rank {
            let first = self.ranks.begin[below];
            self.copy(first, row);
            self.ranks.begin[below] += 1;
            row = first;
        }
        if rank > 0 {
            self.put(row, person);
        }
        row
    }

    /// Removes and returns the person in a row.
    ///
    /// The last row of the person's rank, and of each rank below, moves; no row before `row` does.
    #[inline]
    pub fn remove(&mut self, row: usize) -> Person {
        let person = self.person(row);
        let mut gap = row;
        for rank in (1..=usize::from(person.standing.rank())).rev() {
            let last = self.ranks.begin[rank - 1] - 1;
            self.copy(last, gap);
            self.ranks.begin[rank - 1] -= 1;
            gap = last;
        }
        if person.standing.boss() {
            self.career.pop();
        }
        self.ranks.people -= 1;
        self.copy(self.ranks.people, gap);
        self.pop();
        person
    }

    /// Replaces the person in a row by a new version, whose rank may differ; returns the new row. No row before both
    /// the old and the new one moves.
    pub fn replace(&mut self, row: usize, person: Person) -> usize {
        let (was, is) = (usize::from(self.standing[row].rank()), usize::from(person.standing.rank()));
        let mut row = row;
        if was == 0 && is > 0 {
            self.push_career(person.career);
        }
        for rank in was..is {
            let first = self.ranks.begin[rank];
            self.copy(first, row);
            self.ranks.begin[rank] += 1;
            row = first;
        }
        for rank in (is..was).rev() {
            let last = self.ranks.begin[rank] - 1;
            self.copy(last, row);
            self.ranks.begin[rank] -= 1;
            row = last;
        }
        if was > 0 && is == 0 {
            self.career.pop();
        }
        self.put(row, person);
        row
    }

    fn push_career(&mut self, career: Career) {
        make_room(&mut self.career, 1);
        self.career.push(career);
    }

    /// Creates the rows of a new unit: `counts` people of each rank, highest rank first. All are copies of `worker`
    /// until they get their standing and career.
    pub fn begin(&mut self, counts: [u32; RANKS], worker: &Person) {
        debug_assert!(self.is_empty());
        let counts = counts.map(|count| count as usize);
        self.extend(counts.iter().sum(), worker);
        self.ranks = Ranks::from_counts(counts);
        self.career.resize(self.ranks.bosses().len(), Career::none());
    }

    /// Returns the months in rank (since) in `month` of the person in a row, at most 255; 255 for workers.
    pub fn months_in_rank(&self, row: usize, month: u16) -> u8 {
        self.career.get(row).map_or(u8::MAX, |career| months_in_rank(career.ranked(), month))
    }

    /// Returns the month in which the person in a row entered the elite, as in [`Career::entered`].
    pub fn entered(&self, row: usize) -> i16 {
        self.career.get(row).map_or(NEVER_ENTERED, |career| career.entered())
    }

    /// Counts the people by origin, and in the party.
    pub fn count(&self, instructions: Instructions) -> Counts {
        let mut counts = Counts::default();
        for standings in self.standing.chunks(COUNTABLE) {
            let part = count(instructions, standings);
            for (sum, part) in counts.origins.iter_mut().zip(part.0) {
                *sum += u32::from(part);
            }
            counts.party += u32::from(part.1);
        }
        counts
    }
}

/// Counts of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// People by origin.
    pub origins: [u32; ORIGINS],
    /// People in the party.
    pub party: u32,
}

/// Largest number of people whose count surely fits 16 bits. Counts of 16 bits fill registers with twice as many
/// lanes as those of 32.
const COUNTABLE: usize = u16::MAX as usize;

dispatch! {
    /// Counts at most [`COUNTABLE`] people by origin, and in the party.
    fn count(instructions, standings: &[Standing]) -> ([u16; ORIGINS], u16) {
        // The counts are separate variables: elements of arrays would live in memory, and the loop would stay scalar.
        let (mut of_workers, mut employees, mut former, mut party) = (0u16, 0u16, 0u16, 0u16);
        for standing in standings {
            let origin = standing.origin_bits();
            of_workers += u16::from(origin == Origin::Worker as u16);
            employees += u16::from(origin == Origin::Employee as u16);
            former += u16::from(origin == Origin::Former as u16);
            party += u16::from(standing.in_party());
        }
        let peasants = standings.len() as u16 - of_workers - employees - former;
        ([peasants, of_workers, employees, former], party)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::state::person::tests::sample_person;
    use crate::model::state::traits::NEVER_ENTERED;

    fn crowd() -> People {
        let mut people = People::default();
        for identity in 0..200u64 {
            people.insert(sample_person(identity, (identity.wrapping_mul(2_654_435_761) >> 7) as u8 % 5));
        }
        people
    }

    /// Asserts that exactly the expected people are present, each in the rows of their rank.
    fn assert_holds(people: &People, expected: &BTreeMap<u64, Person>) {
        for rank in 0..RANKS as u8 {
            let rows = people.ranks.of(rank);
            assert!(people.standing[rows].iter().all(|standing| standing.rank() == rank));
            let count = people.standing.iter().filter(|standing| standing.rank() == rank).count();
            assert_eq!(people.ranks.count(rank), count);
        }
        assert_eq!(people.ranks.all().len(), people.len());
        assert_eq!(people.ranks.bosses().len(), people.career.len());
        assert_eq!(everybody(people), *expected);
    }

    fn everybody(people: &People) -> BTreeMap<u64, Person> {
        (0..people.len()).map(|row| (people.identity[row], people.person(row))).collect()
    }

    #[test]
    fn rows_stay_ordered_by_rank_whoever_comes_goes_rises_or_falls() {
        let mut people = crowd();
        let mut expected = everybody(&people);
        assert_eq!(expected.len(), 200);
        for step in 0..120u64 {
            let row = (step.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as usize % people.len();
            let before: Vec<u64> = people.identity[..row].to_vec();
            if step % 3 == 0 {
                let gone = people.remove(row).identity;
                expected.remove(&gone);
                assert_eq!(people.identity[..row], before[..], "no row before it moves");
            } else {
                let mut person = people.person(row);
                person.standing.set_rank((step % 5) as u8);
                let career = Career::new(NEVER_ENTERED, step as i16);
                person.career = if person.standing.boss() { career } else { Career::none() };
                let row = people.replace(row, person);
                assert_eq!(people.person(row), person);
                expected.insert(person.identity, person);
            }
            assert_holds(&people, &expected);
        }
        // Remove people until no one is left, bosses first or workers first.
        for first in [true, false] {
            let (mut rest, mut expected) = (people.clone(), expected.clone());
            while !rest.is_empty() {
                let row = if first { 0 } else { rest.len() - 1 };
                assert_eq!(expected.remove(&rest.identity[row]), Some(rest.person(row)));
                rest.remove(row);
                assert_holds(&rest, &expected);
            }
        }
        let identity = people.identity[17];
        assert_eq!([people.find(identity, 17), people.find(identity, 900)], [Some(17), Some(17)]);
        assert_eq!(people.find(1_000, 0), None);
    }

    impl AsMut<Person> for Person {
        fn as_mut(&mut self) -> &mut Person {
            self
        }
    }

    #[test]
    fn workers_taken_together_are_those_taken_one_by_one() {
        let mut people = crowd();
        let expected = everybody(&people);
        let mut alone = people.clone();
        let last = people.len() as u32 - 1;
        let first = people.ranks.workers().start as u32;
        // The last rows, and rows into which others have just moved.
        let rows = [last, last - 1, last - 5, first + 7, first + 3, first];
        let mut taken = [Person::default(); 6];
        people.take_workers(&rows, &mut taken);
        assert_eq!(taken, rows.map(|row| alone.remove(row as usize)));
        assert_eq!(people.identity, alone.identity);
        assert_eq!(people.ranks, alone.ranks);
        let row = people.add_workers(taken.iter());
        assert_eq!(row, alone.len());
        for (row, person) in (row..).zip(taken) {
            assert_eq!(people.person(row), person);
        }
        assert_holds(&people, &expected);
    }
}
