//! Adapts the keyed random words to the traits of `rand`: one identity's draws on a page in a month, as a generator.
//!
//! For code that runs rarely, and for users of the library who want the distributions of `rand`. Loops over many
//! identities fill columns with [`super::chacha`] instead.

use super::random::{Key, stream};
use rand::rand_core::utils::{fill_bytes_via_next_word, next_u64_via_u32};
use rand::{Rng, TryRng};
use rand_chacha::ChaCha8Rng;
use std::convert::Infallible;

/// Number of words in a block.
const WORDS: u8 = 16;

/// One more block, as a step of the stream: the number of the block is in bits 32 to 63.
const NEXT_BLOCK: u64 = 1 << 32;

/// The random words of one identity on a page in a month, as a generator for `rand` 0.10. [`Key::draws`] makes one.
///
/// The first 16 words are those of [`Key::block`], in order. Later words come from further blocks of the same identity,
/// with the number of the block in bits 32 to 63 of the stream. [`stream`] leaves those bits zero, so no word is ever
/// shared with another identity, page or month, however many words a distribution rejects. The generator has 2^36 words
/// and panics when they are used up.
///
/// Words are not split: `next_u64` takes two words, the low half first, and `fill_bytes` takes whole words and drops the
/// bytes that it does not need.
///
/// How a distribution uses the words is up to `rand` and may change with its version. Only the words are stable.
///
/// ```
/// use kadry::engine::random::Key;
/// use rand::RngExt;
///
/// let key = Key::new(1, 0);
/// let (page, month, identity) = (0, 12, 4711);
/// let mut draws = key.draws(page, month, identity);
/// let die = draws.random_range(1..=6);
/// assert!((1..=6).contains(&die));
/// ```
#[derive(Debug, Clone)]
pub struct Draws {
    generator: ChaCha8Rng,
    identity: u64,
    /// Words left in the current block.
    left: u8,
}

impl Draws {
    pub(super) fn new(key: &Key, page: u16, month: u16, identity: u64) -> Draws {
        Draws { generator: key.generator(stream(page, month), identity), identity, left: WORDS }
    }

    fn next(&mut self) -> u32 {
        if self.left == 0 {
            let stream = self.generator.get_stream().checked_add(NEXT_BLOCK);
            self.generator.set_stream(stream.expect("a generator has 2^36 words"));
            // The counter has moved on to the next identity.
            self.generator.set_word_pos(u128::from(self.identity) * u128::from(WORDS));
            self.left = WORDS;
        }
        self.left -= 1;
        self.generator.next_u32()
    }
}

impl TryRng for Draws {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        next_u64_via_u32(self)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        fill_bytes_via_next_word(bytes, || self.try_next_u32())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::RngExt;

    proptest! {
        #[test]
        fn the_first_words_are_those_of_the_block(
            seed: u64, replicate: u32, page: u16, month: u16,
            identity in prop_oneof![any::<u64>(), (u64::MAX - 5)..=u64::MAX],
        ) {
            let key = Key::new(seed, replicate);
            let mut draws = key.draws(page, month, identity);
            let words: [u32; 16] = std::array::from_fn(|_| draws.next_u32());
            prop_assert_eq!(words, key.block(page, month, identity));
        }
    }

    #[test]
    fn later_words_are_those_of_no_other_block() {
        let key = Key::new(1, 2);
        let mut draws = key.draws(3, 4, 5);
        let words: Vec<u32> = (0..64).map(|_| draws.next_u32()).collect();
        let (blocks, _) = words.as_chunks::<16>();
        assert_eq!(blocks[0], key.block(3, 4, 5));
        for (number, block) in blocks.iter().enumerate() {
            let mut generator = key.generator(stream(3, 4) | (number as u64) << 32, 5);
            assert_eq!(*block, std::array::from_fn(|_| generator.next_u32()));
            for near in 0..10 {
                assert!(number == 0 && near == 5 || *block != key.block(3, 4, near));
            }
        }
    }

    #[test]
    fn words_are_taken_whole_and_in_order() {
        let key = Key::new(1, 0);
        let [a, b, c, d, e, ..] = key.block(2, 115, 7);
        let mut draws = key.draws(2, 115, 7);
        assert_eq!(draws.next_u64(), u64::from(a) | u64::from(b) << 32);
        let mut bytes = [0; 5];
        draws.fill_bytes(&mut bytes);
        assert_eq!(bytes[..4], c.to_le_bytes());
        assert_eq!(bytes[4], d.to_le_bytes()[0]);
        assert_eq!(draws.next_u32(), e);
    }

    #[test]
    fn distributions_of_rand_can_draw_from_it() {
        let mut draws = Key::new(1, 0).draws(0, 0, 0);
        let sum: f64 = (0..100_000).map(|_| draws.random::<f64>()).sum();
        assert!((sum / 100_000.0 - 0.5).abs() < 0.004, "{sum}");
        let mut counts = [0; 6];
        (0..60_000).for_each(|_| counts[draws.random_range(0..6usize)] += 1);
        assert!(counts.iter().all(|count| (9_600..10_400).contains(count)), "{counts:?}");
    }

    #[test]
    #[should_panic = "2^36 words"]
    fn the_last_block_ends_the_generator() {
        let mut draws = Key::new(1, 0).draws(0, 0, 0);
        draws.generator = Key::new(1, 0).generator(u64::MAX << 32, 0);
        let _: [u32; 17] = std::array::from_fn(|_| draws.next_u32());
    }
}
