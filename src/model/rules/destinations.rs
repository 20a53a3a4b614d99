//! R9 Movers: where workers who quit or are dismissed go.
//!
//! Step 7 of the month. A mover goes to a plant with a probability proportional to the number of workers that
//! the plant lacks. A plant is proposed in proportion to its size, which stays the same throughout a run
//! because all plants grow alike, and accepted with a probability proportional to the share of its workers
//! that it lacks. The proposals of a mover do not depend on what happens elsewhere, so one vacancy more or
//! less changes few choices. Claims C05, C29.

use crate::engine::random::{Key, uniform64};
use crate::engine::sampling::Alias;
use crate::model::purpose::DESTINATION;

/// Number of words of one proposal: two for the plant, one for its acceptance.
pub(crate) const WORDS_PER_PROPOSAL: usize = 3;

/// Index of the word, in the first block of proposals, that gives the brigade.
pub(crate) const BRIGADE: usize = 15;

/// Number of blocks of words for one mover. After 315 refusals, which use up all blocks but the last, the
/// mover takes the first plant whose cumulated deficit exceeds a draw. Both ways draw plants in proportion to
/// their deficits, so this number does not affect the distribution.
pub(crate) const MOST_BLOCKS: u16 = 64;

/// The workers that each plant lacks, once all departures and growth of the month are known.
#[derive(Debug)]
pub struct Deficits {
    /// Words below this accept a plant. It is the share of workers that the plant lacks, relative to the
    /// smallest power of two that no such share exceeds, in units of 2^-32.
    acceptance: Vec<u64>,
    /// Number of workers that plants lack, cumulated over the plants.
    cumulated: Vec<f64>,
}

impl Deficits {
    /// Returns the deficits of plants, given for each plant the workers wanted and the workers present
    /// without movers.
    pub fn new(plants: impl Iterator<Item = (f64, u32)>) -> Self {
        let (mut shares, mut cumulated) = (Vec::new(), Vec::new());
        let mut sum = 0.0;
        let mut largest: f32 = 0.0;
        for (wanted, present) in plants {
            let lacking = (wanted - f64::from(present)).max(0.0);
            let share = if wanted > 0.0 { (lacking / wanted) as f32 } else { 0.0 };
            sum += lacking;
            largest = largest.max(share);
            shares.push(share);
            cumulated.push(sum);
        }
        let ceiling = ceiling(largest);
        Deficits {
            acceptance: shares.into_iter().map(|share| acceptance(share, ceiling)).collect(),
            cumulated,
        }
    }

    /// Returns true if no plant lacks workers.
    pub fn none(&self) -> bool {
        self.cumulated.last().is_none_or(|&sum| sum <= 0.0)
    }

    /// Returns the plant to which a mover goes, drawn in proportion to the deficits. `first` returns the
    /// words of the mover's first block of proposals.
    ///
    /// Must not be called if [`Deficits::none`] is true.
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

    /// Returns the plant of a mover whose proposals were all refused.
    pub(crate) fn last_resort(&self, key: &Key, month: u16, identity: u64) -> u32 {
        let words = key.block(DESTINATION + MOST_BLOCKS - 1, month, identity);
        let draw = uniform64(words[0]) * self.cumulated.last().copied().unwrap_or(0.0);
        self.cumulated.partition_point(|&cumulated| cumulated <= draw).min(self.acceptance.len() - 1) as u32
    }

    /// Returns the first plant proposed in a block that is accepted.
    fn accepted(&self, sizes: &Alias, word: impl Fn(usize) -> u32) -> Option<u32> {
        (0..BRIGADE).step_by(WORDS_PER_PROPOSAL).find_map(|first| {
            let plant = sizes.draw(word(first), word(first + 1));
            self.accepts(plant, word(first + 2)).then_some(plant as u32)
        })
    }

    /// Returns true if this word accepts the plant.
    #[inline(always)]
    pub(crate) fn accepts(&self, plant: usize, word: u32) -> bool {
        u64::from(word) < self.acceptance[plant]
    }
}

/// Returns the smallest power of two, at most 1, that `share` does not exceed.
fn ceiling(share: f32) -> f32 {
    let mut ceiling = 1.0;
    while ceiling > f32::MIN_POSITIVE && 0.5 * ceiling >= share {
        ceiling *= 0.5;
    }
    ceiling
}

/// Returns the number of words w whose uniform, (w + 1/2) / 2^32, times `ceiling` lies below `share`. The
/// result is exact, because the ceiling is a power of two.
fn acceptance(share: f32, ceiling: f32) -> u64 {
    (f64::from(share) / f64::from(ceiling) * 4_294_967_296.0 - 0.5).ceil().max(0.0) as u64
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
        // Shares lacking of .1 and .15: two and three fifths of a quarter.
        let share = |plant: usize| deficits.acceptance[plant] as f64 / 4_294_967_296.0;
        assert!((share(0) - 0.4).abs() < 1e-7 && (share(2) - 0.6).abs() < 1e-7);
        assert_eq!([deficits.acceptance[1], deficits.acceptance[3]], [0, 0]);
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
    fn words_are_accepted_as_their_uniforms_are() {
        assert_eq!([0.3, 0.25, 1.0, 0.0].map(ceiling), [0.5, 0.25, 1.0, f32::MIN_POSITIVE]);
        for (share, ceiling) in
            [(0.3f32, 0.5f32), (1e-9, 0.5), (1.0, 1.0), (0.25, 0.25), (0.1, 1.0), (0.0, 0.5)]
        {
            let accepted = acceptance(share, ceiling);
            let accepts = |word: u32| uniform64(word) * f64::from(ceiling) < f64::from(share);
            let near = accepted.saturating_sub(2)..=accepted + 2;
            for word in near.chain([0, u64::from(u32::MAX)]).filter_map(|word| u32::try_from(word).ok()) {
                assert_eq!(u64::from(word) < accepted, accepts(word), "{word} of {share} in {ceiling}");
            }
        }
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
        // One more among 3225 vacancies changes about three choices in ten thousand.
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
