//! R9 Movers: where workers who quit or are dismissed go.
//!
//! Step 7 of the month. Destinations are drawn in proportion to the workers that plants lack. A plant is proposed in
//! proportion to its size (the same throughout a run, since all plants grow alike) and accepted with a probability
//! proportional to the share of its workers that it lacks; so the proposals of a mover stay what they are whatever
//! happens elsewhere, and one vacancy more or less moves few choices. Claims C05, C29.

use crate::engine::choice::Alias;
use crate::engine::random::Key;
use crate::engine::random::uniform64;
use crate::model::conditions::Conditions;
use crate::model::processes::departures::{Mover, Movers};
use crate::model::purpose::DESTINATION;
use crate::model::scratch::Scratch;
use crate::model::unit::{Unit, brigade};
use crate::model::watchlists::Lookout;

/// Words that one proposal takes: two for the plant, one for its acceptance.
const WORDS_PER_PROPOSAL: usize = 3;
/// Word of the first block of proposals that gives the brigade.
pub(crate) const BRIGADE: usize = 15;
/// Blocks of proposals after which a mover takes the first plant whose cumulated deficit passes a draw.
const MOST_BLOCKS: u16 = 64;

/// What the plants lack, once all departures and growth are known.
#[derive(Debug)]
pub struct Deficits {
    /// Share of its workers that each plant lacks, 0 to 1.
    share: Vec<f32>,
    /// Workers that plants lack, cumulated over them.
    cumulated: Vec<f64>,
    /// Smallest power of two that no share exceeds.
    ceiling: f32,
}

impl Deficits {
    /// The deficits of plants that want `wanted` workers and have `present`, movers excluded.
    pub fn new(plants: impl Iterator<Item = (f64, u32)>) -> Self {
        let mut deficits = Deficits { share: Vec::new(), cumulated: Vec::new(), ceiling: 1.0 };
        let mut sum = 0.0;
        let mut largest: f32 = 0.0;
        for (wanted, present) in plants {
            let lacking = (wanted - f64::from(present)).max(0.0);
            let share = if wanted > 0.0 { (lacking / wanted) as f32 } else { 0.0 };
            sum += lacking;
            largest = largest.max(share);
            deficits.share.push(share);
            deficits.cumulated.push(sum);
        }
        while deficits.ceiling > f32::MIN_POSITIVE && 0.5 * deficits.ceiling >= largest {
            deficits.ceiling *= 0.5;
        }
        deficits
    }

    /// No plant lacks anybody.
    pub fn none(&self) -> bool {
        self.cumulated.last().is_none_or(|&sum| sum <= 0.0)
    }

    /// Destination of the mover with this identity, whose first block of proposals `first` gives word by word: a plant
    /// in proportion to what it lacks.
    ///
    /// Not to be asked where [`Deficits::none`].
    pub fn destination(
        &self,
        key: &Key,
        month: u16,
        identity: u64,
        first: impl Fn(usize) -> u32,
        sizes: &Alias,
    ) -> u32 {
        let page = |page: u16| key.block(DESTINATION + page, month, identity);
        let further =
            || (1..MOST_BLOCKS - 1).map(page).find_map(|words| self.accepted(sizes, |word| words[word]));
        self.accepted(sizes, first).or_else(further).unwrap_or_else(|| self.last_resort(key, month, identity))
    }

    /// The plant of a mover all of whose proposals were turned down.
    fn last_resort(&self, key: &Key, month: u16, identity: u64) -> u32 {
        let words = key.block(DESTINATION + MOST_BLOCKS - 1, month, identity);
        let draw = uniform64(words[0]) * self.cumulated.last().copied().unwrap_or(0.0);
        self.cumulated.partition_point(|&cumulated| cumulated <= draw).min(self.share.len() - 1) as u32
    }

    /// The first proposal of a block that is accepted.
    fn accepted(&self, sizes: &Alias, word: impl Fn(usize) -> u32) -> Option<u32> {
        (0..BRIGADE).step_by(WORDS_PER_PROPOSAL).find_map(|first| {
            let plant = sizes.draw(word(first), word(first + 1));
            self.accepts(plant, word(first + 2)).then_some(plant as u32)
        })
    }

    /// Whether the plant is accepted, by this word.
    #[inline(always)]
    fn accepts(&self, plant: usize, word: u32) -> bool {
        uniform64(word) * f64::from(self.ceiling) < f64::from(self.share[plant])
    }
}

/// Finds a destination for all in a list, and a brigade there, of which the plants have so many; part of their experience is
/// lost. Without a vacancy anywhere, all stay as they are.
pub fn place(
    conditions: &Conditions,
    deficits: &Deficits,
    sizes: &Alias,
    brigades: &[u32],
    movers: &mut Movers,
    scratch: &mut Scratch,
) {
    if deficits.none() {
        return;
    }
    let (key, month) = (&conditions.key, conditions.month.0);
    let Scratch { words, identities, rows: seeking, places, brigades: brigade_words, .. } = scratch;
    seeking.clear();
    seeking.extend(0..movers.people.len() as u32);
    // Block after block for all who still seek: many words at once cost a tenth of what single blocks cost.
    for page in 0..MOST_BLOCKS - 1 {
        if seeking.is_empty() {
            break;
        }
        identities.clear();
        identities.extend(seeking.iter().map(|&row| movers.people[row as usize].person.identity));
        words.fill(conditions.instructions, key, DESTINATION + page, month, identities);
        if page == 0 {
            brigade_words.clear();
            brigade_words.extend_from_slice(words.column(BRIGADE));
        }
        // Proposal after proposal, all who still seek at once and without a branch: which are accepted is anybody's guess.
        places.clear();
        places.extend(0..seeking.len() as u32);
        for first in (0..BRIGADE).step_by(WORDS_PER_PROPOSAL) {
            let [slots, within, acceptance] = [0, 1, 2].map(|word| words.column(first + word));
            let mut left = 0;
            for next in 0..places.len() {
                let (row, place) = (seeking[next], places[next] as usize);
                let plant = sizes.draw(slots[place], within[place]);
                let accepted = deficits.accepts(plant, acceptance[place]);
                let to = &mut movers.to[row as usize];
                *to = if accepted { plant as u32 } else { *to };
                (seeking[left], places[left]) = (row, place as u32);
                left += usize::from(!accepted);
            }
            seeking.truncate(left);
            places.truncate(left);
        }
    }
    for &row in seeking.iter() {
        let identity = movers.people[row as usize].person.identity;
        movers.to[row as usize] = deficits.last_resort(key, month, identity);
    }
    let kept = conditions.rules.tenure_kept as f32;
    for ((Mover { person, .. }, &to), &word) in
        movers.people.iter_mut().zip(&movers.to).zip(brigade_words.iter())
    {
        person.brigade = brigade(brigades[to as usize], uniform64(word));
        person.set_tenure(person.tenure(month) * kept, month);
    }
}

/// Workers arrive in a unit.
pub fn arrive(conditions: &Conditions, lookout: &Lookout, unit: &mut Unit, arriving: &[Mover]) {
    unit.now.moved_in += arriving.len() as u32;
    let first = unit.people.add_workers(arriving.iter().map(|mover| &mover.person));
    for (row, mover) in (first..).zip(arriving) {
        lookout.newcomer(conditions, unit, row, &mover.words);
    }
}

/// A demoted official arrives, who cannot rise again this month.
pub fn receive_fallen(
    conditions: &Conditions,
    lookout: &Lookout,
    unit: &mut Unit,
    Mover { person, words }: &Mover,
) {
    unit.now.fallen_in += 1;
    let row = unit.people.insert(*person);
    lookout.newcomer(conditions, unit, row, words);
    unit.watched.strike(person.standing.rank(), person.identity);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(deficits: &Deficits, key: &Key, identity: u64, sizes: &Alias) -> u32 {
        let words = key.block(DESTINATION, 3, identity);
        deficits.destination(key, 3, identity, |word| words[word], sizes)
    }

    #[test]
    fn movers_go_where_workers_lack() {
        let wanted = [100.0, 200.0, 400.0, 50.0];
        let present = [90, 200, 340, 60];
        let deficits = Deficits::new(wanted.into_iter().zip(present));
        assert_eq!(deficits.ceiling, 0.25);
        let sizes = Alias::new(&wanted).unwrap();
        let key = Key::new(1, 1);
        let mut counts = [0u32; 4];
        let movers = 20_000;
        for identity in 0..movers {
            counts[to(&deficits, &key, identity, &sizes) as usize] += 1;
        }
        // Lacking 10, 0, 60, 0: shares 1/7 and 6/7; four standard errors are .01.
        assert_eq!((counts[1], counts[3]), (0, 0));
        let share = f64::from(counts[0]) / movers as f64;
        assert!((share - 1.0 / 7.0).abs() < 0.01, "{counts:?}");
    }

    #[test]
    fn one_vacancy_more_moves_few_movers() {
        let wanted: Vec<f64> = (0..50).map(|plant| 300.0 + f64::from(plant)).collect();
        let sizes = Alias::new(&wanted).unwrap();
        let key = Key::new(1, 1);
        let before = Deficits::new(wanted.iter().map(|&wanted| (wanted, 260)));
        let after =
            Deficits::new(wanted.iter().enumerate().map(|(e, &wanted)| (wanted, 260 - u32::from(e == 7))));
        let moved = (0..10_000)
            .filter(|&identity| to(&before, &key, identity, &sizes) != to(&after, &key, identity, &sizes))
            .count();
        // 3225 vacancies, one more: about three in ten thousand.
        assert!(moved <= 12, "{moved}");
    }

    #[test]
    fn a_single_vacancy_among_many_plants_is_found() {
        let wanted = vec![1000.0; 5000];
        let sizes = Alias::new(&wanted).unwrap();
        let deficits = Deficits::new((0..5000).map(|plant| (1000.0, 1000 - u32::from(plant == 4321))));
        assert_eq!(to(&deficits, &Key::new(1, 1), 17, &sizes), 4321);
        assert!(Deficits::new([(10.0, 10), (5.0, 9)].into_iter()).none());
    }
}
