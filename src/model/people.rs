//! The people of one unit, in columns.
//!
//! Owns the layout of people in memory: one column per attribute, one row per person, rows ordered by rank at the
//! start of each month (workers last). Nothing that the model computes may depend on the order of rows beyond that:
//! sums are taken in fixed point, choices by identity. Holds no rule.

use std::ops::Range;

use super::person::{DIRECTOR, ELITE, FOREMAN, ORIGINS, Origin, RANKS, REGIONAL, Standing};
use super::purpose::monthly;
use crate::engine::chacha::Words;
use crate::engine::instructions::{Instructions, dispatch};
use crate::engine::marks::{positions, room};

/// What happens to a person this month; set by the draws of steps 2 to 4, carried out in step 7.
pub mod fate {
    /// Drew quitting (R4).
    pub const QUITS: u16 = 1;
    /// Drew a natural exit (R6c).
    pub const NATURAL: u16 = 1 << 1;
    /// Sanctioned after accusations (R6a): a boss is demoted, a worker dismissed.
    pub const SANCTIONED: u16 = 1 << 2;
    /// Arrested (R6b).
    pub const ARRESTED: u16 = 1 << 3;
    /// Expelled from the party (R6d).
    pub const EXPELLED: u16 = 1 << 4;
    /// A worker who leaves the party quietly during a purge (R6d).
    pub const LEFT_PARTY: u16 = 1 << 5;
    /// Demoted on expulsion (R6d).
    pub const PURGED: u16 = 1 << 6;
    /// Voted out (R6e).
    pub const VOTED_OUT: u16 = 1 << 7;
    /// Demoted this month (step 7): not promoted in the same month.
    pub const DEMOTED: u16 = 1 << 8;
    /// Promoted this month.
    pub const PROMOTED: u16 = 1 << 9;
    /// Promoted into another unit this month: the row leaves at the end of the vacancy chain.
    pub const MOVED_UP: u16 = 1 << 10;
    /// Somebody whose noise may be enough for a place at school, if a worker then (R9).
    pub const HOPES: u16 = 1 << 12;
    /// Leaves industry if a worker who quits or is dismissed (R4); drawn for everybody.
    pub const LEAVES: u16 = 1 << 13;
    /// What is carried out in step 7.
    pub const EVENTS: u16 =
        QUITS | NATURAL | SANCTIONED | ARRESTED | EXPELLED | LEFT_PARTY | PURGED | VOTED_OUT;
    /// Admitted to school this month: the row leaves.
    pub const STUDENT: u16 = 1 << 11;
}

/// `entered` of a person who is not in the elite.
pub const NEVER_ENTERED: i16 = i16::MIN;
/// `entered` of those who were in the elite at the start: their entry is not known (left-truncated).
pub const ENTERED_BEFORE: i16 = -1;
/// Largest value of `since`; beyond it the exposure of the newly risen is below 1e-9 of its peak.
pub const LONGEST_SINCE: u8 = u8::MAX;

macro_rules! people {
    ($($column:ident: $type:ty, $meaning:literal;)*) => {
        /// One person as a record: how people travel between units, to school and into the model.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct Person {
            $(#[doc = $meaning] pub $column: $type,)*
        }

        /// The people of one unit, a column per attribute.
        #[derive(Debug, Clone, Default)]
        pub struct People {
            $(#[doc = $meaning] pub $column: Vec<$type>,)*
        }

        impl People {
            /// Adds a person as the last row.
            pub fn push(&mut self, person: Person) {
                if self.identity.len() == self.identity.capacity() {
                    self.reserve(1);
                }
                $(self.$column.push(person.$column);)*
            }

            /// Adds `count` people like this one as the last rows.
            pub fn extend(&mut self, count: usize, person: &Person) {
                self.reserve(count);
                let people = self.len() + count;
                $(self.$column.resize(people, person.$column);)*
            }

            /// Makes room for `additional` more rows, with an eighth to spare: doubling would waste half the memory.
            pub fn reserve(&mut self, additional: usize) {
                let needed = self.len() + additional;
                if needed > self.identity.capacity() {
                    let room = needed + needed / 8 + 4 - self.len();
                    $(self.$column.reserve_exact(room);)*
                }
            }

            /// The person in a row.
            #[inline]
            pub fn person(&self, row: usize) -> Person {
                Person { $($column: self.$column[row],)* }
            }

            /// Puts a person into a row, over whoever was there.
            #[inline]
            pub fn put(&mut self, row: usize, person: Person) {
                $(self.$column[row] = person.$column;)*
            }

            /// Takes the person out of a row; the last row moves into it.
            #[inline]
            pub fn take(&mut self, row: usize) -> Person {
                Person { $($column: self.$column.swap_remove(row),)* }
            }

            /// Exchanges two rows.
            #[inline]
            pub fn swap(&mut self, one: usize, other: usize) {
                $(self.$column.swap(one, other);)*
            }

            /// Bytes that one person takes in memory, without spare room.
            pub const BYTES_PER_PERSON: usize = 0 $(+ size_of::<$type>())*;

            /// Bytes held, spare room included.
            pub fn bytes(&self) -> usize {
                0 $(+ self.$column.capacity() * size_of::<$type>())*
            }
        }
    };
}

people! {
    identity: u64, "whose draws these are; see [`super::identity`]";
    standing: Standing, "rank, role, origin, party, training, blemish";
    fate: u16, "what happens this month, as bits of [`fate`]";
    brigade: u32, "brigade inside the unit; the shop is a sixth of it";
    grievance: f32, "g, 0 to 1";
    egalitarianism: f32, "egal, 0 to 1";
    ambition: f32, "amb, 0 to 1, fixed";
    temper: f32, "temper, 0 to 1, fixed";
    hero_quality: f32, "heroq, 0 to 1, fixed: low values make heroes of labour";
    threshold: f32, "thr, 0 to 1, fixed: grievance at which the person joins unrest";
    competence: f32, "comp, 0 to 1";
    fear: f32, "fear, 0 to 1";
    suspicion: f32, "susp, 0 or more: accusations not yet forgotten";
    tenure: f32, "months of industrial experience";
    joined: i16, "month of joining the party, -99 if never";
    entered: i16, "month of entering the elite, or one of the two constants of this module";
    accused: u16, "accusations against the person this month";
    promotion_word: u32, "this month's random word of the score for promotion";
    recruitment_word: u32, "this month's random word of joining the party";
    since: u8, "months in rank, at most 255";
    grudge: u8, "months for which a demotion or expulsion still rankles, 0 to 6";
}

impl People {
    /// Keeps those of the people's words of page [`super::purpose::MONTHLY`] that are read after they have been moved.
    pub fn keep_words(&mut self, words: &Words) {
        self.promotion_word.copy_from_slice(words.column(monthly::PROMOTION));
        self.recruitment_word.copy_from_slice(words.column(monthly::RECRUITMENT));
    }

    /// Number of people.
    #[inline]
    pub fn len(&self) -> usize {
        self.identity.len()
    }

    /// Nobody there.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.identity.is_empty()
    }

    /// Leaves in `rows` the rows whose fate has one of these marks; `marks` is working room.
    pub fn rows_with(
        &self,
        fates: u16,
        instructions: Instructions,
        marks: &mut Vec<bool>,
        rows: &mut Vec<u32>,
    ) {
        let marks = room(marks, self.len());
        mark_fates(instructions, marks, &self.fate, fates);
        positions(marks, rows);
    }

    /// Counts the people.
    pub fn count(&self, instructions: Instructions) -> Counts {
        let mut counts = Counts::default();
        for standings in self.standing.chunks(COUNTABLE) {
            let part = count(instructions, standings);
            for (sum, part) in counts.ranks.iter_mut().zip(part.0) {
                *sum += u32::from(part);
            }
            for (sum, part) in counts.origins.iter_mut().zip(part.1) {
                *sum += u32::from(part);
            }
            counts.party += u32::from(part.2);
        }
        counts
    }

    /// Orders the rows by rank, highest first, and says where each rank stands. Few rows move: only those that stand
    /// among another rank. Workers come last, so that they can come and go without disturbing anybody else. `counts` are
    /// those of [`People::count`].
    pub fn order_by_rank(&mut self, counts: &Counts) -> Ranks {
        let ranks = Ranks::from_counts(counts.ranks.map(|count| count as usize));
        let mut next: [usize; RANKS] = std::array::from_fn(|rank| ranks.of(rank as u8).start);
        // Once the bosses stand where they belong, so do the workers.
        for rank in (1..RANKS).rev() {
            while next[rank] < ranks.of(rank as u8).end {
                let row = next[rank];
                let home = usize::from(self.standing[row].rank());
                if home != rank {
                    while usize::from(self.standing[next[home]].rank()) == home {
                        next[home] += 1;
                    }
                    self.swap(row, next[home]);
                }
                next[home] += 1;
            }
        }
        ranks
    }
}

dispatch! {
    fn mark_fates(instructions, marks: &mut [bool], fates: &[u16], any: u16) {
        for (mark, fate) in marks.iter_mut().zip(fates) {
            *mark = fate & any != 0;
        }
    }
}

/// How many people there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// People by rank.
    pub ranks: [u32; RANKS],
    /// People by origin.
    pub origins: [u32; ORIGINS],
    /// People in the party.
    pub party: u32,
}

/// People whose number is sure to fit 16 bits: counts of 16 bits fill registers with twice as many lanes as of 32.
const COUNTABLE: usize = u16::MAX as usize;

dispatch! {
    /// Counts by rank, by origin, and in the party, of at most [`COUNTABLE`] people.
    fn count(instructions, standings: &[Standing]) -> ([u16; RANKS], [u16; ORIGINS], u16) {
        // Variables of their own: elements of arrays would live in memory, and the loop would stay scalar.
        let (mut foremen, mut middle, mut directors, mut regional) = (0u16, 0u16, 0u16, 0u16);
        let (mut of_workers, mut employees, mut former, mut party) = (0u16, 0u16, 0u16, 0u16);
        for standing in standings {
            let (rank, origin) = (standing.rank(), standing.origin_bits());
            foremen += u16::from(rank == FOREMAN);
            middle += u16::from(rank == ELITE);
            directors += u16::from(rank == DIRECTOR);
            regional += u16::from(rank == REGIONAL);
            of_workers += u16::from(origin == Origin::Worker as u16);
            employees += u16::from(origin == Origin::Employee as u16);
            former += u16::from(origin == Origin::Former as u16);
            party += u16::from(standing.in_party());
        }
        let people = standings.len() as u16;
        let workers = people - foremen - middle - directors - regional;
        let peasants = people - of_workers - employees - former;
        ([workers, foremen, middle, directors, regional], [peasants, of_workers, employees, former], party)
    }
}

/// Where the people of each rank stand among the rows of a unit: highest rank first, workers last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ranks {
    /// Where each rank begins.
    begin: [usize; RANKS],
    people: usize,
}

impl Ranks {
    fn from_counts(counts: [usize; RANKS]) -> Self {
        let mut begin = [0; RANKS];
        for rank in (0..RANKS - 1).rev() {
            begin[rank] = begin[rank + 1] + counts[rank + 1];
        }
        Ranks { begin, people: begin[0] + counts[0] }
    }

    /// Rows of a rank.
    #[inline]
    pub fn of(&self, rank: u8) -> Range<usize> {
        let end = if rank == 0 { self.people } else { self.begin[usize::from(rank) - 1] };
        self.begin[usize::from(rank)]..end
    }

    /// Number of people of a rank.
    pub fn count(&self, rank: u8) -> usize {
        self.of(rank).len()
    }

    /// Rows of the workers.
    pub fn workers(&self) -> Range<usize> {
        self.begin[0]..self.people
    }

    /// Rows of the bosses.
    pub fn bosses(&self) -> Range<usize> {
        0..self.begin[0]
    }

    /// Rows of the elite.
    pub fn elite(&self) -> Range<usize> {
        0..self.begin[1]
    }

    /// Rows of everybody.
    pub fn all(&self) -> Range<usize> {
        0..self.people
    }
}

impl Person {
    /// Keeps those of the person's words of page [`super::purpose::MONTHLY`] that are read after the people have been moved.
    pub fn keep_words(&mut self, words: &[u32; 16]) {
        self.promotion_word = words[monthly::PROMOTION];
        self.recruitment_word = words[monthly::RECRUITMENT];
    }

    /// Leaves a rank of the elite, or enters one below: the loss of rank of rule R6.
    ///
    /// Rank falls by two, suspicion to .3 of itself; the role goes with the elite; a grudge of six months begins. A
    /// new spell in the elite begins in `month` if the person is still in it.
    pub fn demote(&mut self, month: i16) {
        let was_elite = self.standing.elite();
        let rank = self.standing.rank().saturating_sub(2);
        self.standing.set_rank(rank);
        if !self.standing.elite() {
            self.standing.set_role(super::person::Role::None);
        }
        self.since = 48;
        self.suspicion *= 0.3;
        self.grudge = 6;
        if was_elite {
            self.entered = if self.standing.elite() { month } else { NEVER_ENTERED };
        }
        self.fate |= fate::DEMOTED;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::person::Role;

    pub(crate) fn somebody(identity: u64, rank: u8) -> Person {
        let mut standing = Standing::worker(Origin::Worker, false);
        standing.set_rank(rank);
        Person {
            identity,
            standing,
            fate: 0,
            brigade: 0,
            grievance: 0.35,
            egalitarianism: 0.6,
            ambition: 0.3,
            temper: 0.2,
            hero_quality: 0.5,
            threshold: 0.4,
            competence: 0.3,
            fear: 0.0,
            suspicion: 0.0,
            tenure: 12.0,
            joined: -99,
            entered: NEVER_ENTERED,
            accused: 0,
            promotion_word: 0,
            recruitment_word: 0,
            since: 99,
            grudge: 0,
        }
    }

    #[test]
    fn ordering_by_rank_keeps_everybody_and_says_where_each_rank_stands() {
        let mut people = People::default();
        for identity in 0..200u64 {
            people.push(somebody(identity, (identity.wrapping_mul(2_654_435_761) >> 7) as u8 % 5));
        }
        let ranks = people.order_by_rank(&people.count(Instructions::Baseline));
        for rank in 0..RANKS as u8 {
            assert!(people.standing[ranks.of(rank)].iter().all(|standing| standing.rank() == rank));
            assert_eq!(ranks.count(rank), people.standing.iter().filter(|s| s.rank() == rank).count());
        }
        let mut identities = people.identity.clone();
        identities.sort_unstable();
        assert_eq!(identities, (0..200).collect::<Vec<_>>());
    }

    #[test]
    fn a_director_who_is_demoted_becomes_a_foreman_without_a_role() {
        let mut person = somebody(1, 3);
        person.standing.set_role(Role::Manager);
        person.entered = 5;
        person.suspicion = 2.0;
        person.demote(20);
        assert_eq!((person.standing.rank(), person.standing.role()), (1, Role::None));
        assert_eq!((person.since, person.grudge, person.entered), (48, 6, NEVER_ENTERED));
        assert!((person.suspicion - 0.6).abs() < 1e-6);
    }

    #[test]
    fn a_regional_official_who_is_demoted_keeps_the_role_and_begins_a_new_spell() {
        let mut person = somebody(1, 4);
        person.standing.set_role(Role::Union);
        person.entered = ENTERED_BEFORE;
        person.demote(20);
        assert_eq!((person.standing.rank(), person.standing.role(), person.entered), (2, Role::Union, 20));
    }
}
