//! Computes keyed random words: every draw is a pure function of seed, replicate, page, month and identity.
//!
//! There is no state, so there is no sequence of draws that threads, an added person or an added rule could disturb. This
//! module must not know the purpose of a page or a word; the model lists all purposes in one place.
//!
//! A *block* is the 16 words that ChaCha8 of the crate `rand_chacha` yields with the key as its seed, [`stream`] as its
//! stream and the identity as its block counter. [`Key::block`] computes one block, [`super::chacha`] the blocks of many
//! identities, and [`Key::draws`] makes a block into a generator for `rand`.

use super::draws::Draws;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Name of the generator, part of every key. Change it if the meaning of the words changes.
const NAME: [u8; 16] = *b"kadry draws v1\0\0";

/// The first four words of every ChaCha state ("expand 32-byte k").
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// The key of one replicate. It determines all draws of that replicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of a replicate under a seed: both as 64-bit little-endian numbers, then the name of the generator.
    pub fn new(seed: u64, replicate: u32) -> Key {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&u64::from(replicate).to_le_bytes());
        bytes[16..].copy_from_slice(&NAME);
        Key(bytes)
    }

    /// The key of another replicate under the same seed.
    pub fn of_replicate(&self, replicate: u32) -> Key {
        let mut bytes = self.0;
        bytes[8..16].copy_from_slice(&u64::from(replicate).to_le_bytes());
        Key(bytes)
    }

    /// The 16 words of an identity on a page in a month. [`super::chacha::Words`] gives the same words in columns.
    pub fn block(&self, page: u16, month: u16, identity: u64) -> [u32; 16] {
        let mut generator = self.generator(stream(page, month), identity);
        std::array::from_fn(|_| generator.next_u32())
    }

    /// The words of an identity on a page in a month, as a generator for `rand`.
    pub fn draws(&self, page: u16, month: u16, identity: u64) -> Draws {
        Draws::new(self, page, month, identity)
    }

    /// The generator of `rand_chacha` at the first word of an identity's block on a stream.
    pub(super) fn generator(&self, stream: u64, identity: u64) -> ChaCha8Rng {
        let mut generator = ChaCha8Rng::from_seed(self.0);
        generator.set_stream(stream);
        generator.set_word_pos(u128::from(identity) * 16);
        generator
    }

    /// The state of ChaCha before the first round: constants, key, counter, stream.
    pub(super) fn state(&self, stream: u64, identity: u64) -> [u32; 16] {
        let mut state = [0; 16];
        state[..4].copy_from_slice(&CONSTANTS);
        for (word, bytes) in state[4..12].iter_mut().zip(self.0.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        (state[12], state[13]) = halves(identity);
        (state[14], state[15]) = halves(stream);
        state
    }
}

/// The stream of a page in a month: page in bits 16 to 31, month in bits 0 to 15.
pub fn stream(page: u16, month: u16) -> u64 {
    u64::from(page) << 16 | u64::from(month)
}

/// Low and high word of a number.
fn halves(number: u64) -> (u32, u32) {
    (number as u32, (number >> 32) as u32)
}

/// A uniform in the open interval (0, 1) from the top 23 bits of a word: an odd multiple of 2^-24, from 2^-24 to
/// 1 - 2^-24, with mean 1/2. Every step is exact.
///
/// With 24 bits k, k + 1/2 would not fit an `f32`, and the largest value would round to 1.
#[inline(always)]
pub fn uniform(word: u32) -> f32 {
    // Exact, because 24 bits fit an `i32`; SSE2 and AVX2 have no conversion of unsigned numbers.
    ((word >> 8) | 1) as i32 as f32 * (1.0 / (1 << 24) as f32)
}

/// A uniform in the open interval (0, 1) from a whole word: (word + 1/2) / 2^32, from 2^-33 to 1 - 2^-33. Exact.
#[inline(always)]
pub fn uniform64(word: u32) -> f64 {
    (f64::from(word) + 0.5) * (1.0 / (1u64 << 32) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// ChaCha with 8 rounds, as Bernstein (2008) specifies it.
    fn chacha8(start: [u32; 16]) -> [u32; 16] {
        let mut state = start;
        for _ in 0..4 {
            for [a, b, c, d] in [
                [0, 4, 8, 12],
                [1, 5, 9, 13],
                [2, 6, 10, 14],
                [3, 7, 11, 15],
                [0, 5, 10, 15],
                [1, 6, 11, 12],
                [2, 7, 8, 13],
                [3, 4, 9, 14],
            ] {
                for (to, from, mixed, bits) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
                    state[to] = state[to].wrapping_add(state[from]);
                    state[mixed] = (state[mixed] ^ state[to]).rotate_left(bits);
                }
            }
        }
        std::array::from_fn(|word| state[word].wrapping_add(start[word]))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn blocks_are_chacha8_of_key_stream_and_identity(
            seed: u64, replicate: u32, page: u16, month: u16,
            identity in prop_oneof![any::<u64>(), 0..100u64, (u64::MAX - 5)..=u64::MAX, (u32::MAX as u64 - 5)..(1 << 32) + 5],
        ) {
            let key = Key::new(seed, replicate);
            let state = key.state(stream(page, month), identity);
            prop_assert_eq!(key.block(page, month, identity), chacha8(state));
        }
    }

    #[test]
    fn the_key_is_seed_replicate_and_name() {
        let key = Key::new(0x0102_0304_0506_0708, 0x0a0b_0c0d);
        assert_eq!(&key.0[..16], &[8, 7, 6, 5, 4, 3, 2, 1, 0x0d, 0x0c, 0x0b, 0x0a, 0, 0, 0, 0]);
        assert_eq!(&key.0[16..], b"kadry draws v1\0\0");
        assert_eq!(stream(0x1234, 0x5678), 0x1234_5678);
        assert_eq!(Key::new(7, 1).of_replicate(u32::MAX), Key::new(7, u32::MAX));
    }

    /// A change of these words changes every result. It needs a new name in the key and an entry in the changelog.
    #[test]
    fn the_words_are_stable() {
        assert_eq!(Key::new(1, 0).block(2, 115, 7)[..4], [888063949, 3565518477, 3766836005, 436977345]);
    }

    #[test]
    fn uniforms_stay_inside_the_open_interval() {
        let step = (1.0 / (1 << 24) as f32, 1.0 / (1u64 << 33) as f64);
        assert_eq!((uniform(0), uniform64(0)), step);
        assert_eq!((uniform(u32::MAX), uniform64(u32::MAX)), (1.0 - step.0, 1.0 - step.1));
        assert!(uniform(u32::MAX) < 1.0);
        assert_eq!((uniform(1 << 31), uniform64(1 << 31)), (0.5 + step.0, 0.5 + step.1));
        let mean =
            (0..1 << 16).map(|i| f64::from(uniform(i << 16 | 0x8000))).sum::<f64>() / f64::from(1 << 16);
        assert!((mean - 0.5).abs() < 1e-5, "{mean}");
    }
}
