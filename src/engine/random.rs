//! Keyed randomness: every draw is a pure function of seed, replicate, page, month and identity.
//!
//! Owns the definition of the random words and of the uniforms made from them. Keeps no state: there is no sequence
//! of draws that threads, an added person or an added rule could disturb. Must not know what a page or a word is
//! used for; the model says so, once, for all purposes. Many identities at once: [`super::chacha`].
//!
//! A *block* is 16 words of ChaCha8, and equals what `rand_chacha` gives: the key as its seed, [`stream`] as its
//! stream, the identity as its block counter.

/// What names the generator in every key: change it when the meaning of the words changes.
const NAME: [u8; 16] = *b"kadry draws v1\0\0";

/// The four words that begin every state of ChaCha ("expand 32-byte k").
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// The key of one replicate: all of its draws, and no other's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of a replicate under a seed: seed and replicate as 64-bit little-endian numbers, then the name of the
    /// generator.
    pub fn new(seed: u64, replicate: u32) -> Key {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&u64::from(replicate).to_le_bytes());
        bytes[16..].copy_from_slice(&NAME);
        Key(bytes)
    }

    /// The 16 words of an identity on a page in a month: the definition that every faster path must equal.
    pub fn block(&self, page: u16, month: u16, identity: u64) -> [u32; 16] {
        let start = self.state(stream(page, month), identity);
        let mut state = start;
        // Written out: as a loop over positions it is not unrolled, and several times slower.
        for _ in 0..4 {
            quarter_round(&mut state, [0, 4, 8, 12]);
            quarter_round(&mut state, [1, 5, 9, 13]);
            quarter_round(&mut state, [2, 6, 10, 14]);
            quarter_round(&mut state, [3, 7, 11, 15]);
            quarter_round(&mut state, [0, 5, 10, 15]);
            quarter_round(&mut state, [1, 6, 11, 12]);
            quarter_round(&mut state, [2, 7, 8, 13]);
            quarter_round(&mut state, [3, 4, 9, 14]);
        }
        std::array::from_fn(|word| state[word].wrapping_add(start[word]))
    }

    /// The state before the first round: constants, key, counter, stream.
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

/// The quarter-round of ChaCha on four words of a state.
#[inline(always)]
pub(super) fn quarter_round(state: &mut [u32; 16], [a, b, c, d]: [usize; 4]) {
    state[a] = state[a].wrapping_add(state[b]);
    state[d] = (state[d] ^ state[a]).rotate_left(16);
    state[c] = state[c].wrapping_add(state[d]);
    state[b] = (state[b] ^ state[c]).rotate_left(12);
    state[a] = state[a].wrapping_add(state[b]);
    state[d] = (state[d] ^ state[a]).rotate_left(8);
    state[c] = state[c].wrapping_add(state[d]);
    state[b] = (state[b] ^ state[c]).rotate_left(7);
}

/// A uniform in the open interval (0, 1) from the top 23 bits of a word: an odd multiple of 2^-24, from 2^-24 to
/// 1 - 2^-24, with mean 1/2. Every step is exact.
///
/// Not from 24 bits: k + 1/2 with k of 24 bits does not fit an `f32`, and the largest would round to 1.
#[inline(always)]
pub fn uniform(word: u32) -> f32 {
    // The detour by `i32` is exact (24 bits) and spares SSE2 and AVX2 the conversion of unsigned numbers.
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
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn reference(key: &Key, page: u16, month: u16, identity: u64) -> [u32; 16] {
        let mut generator = ChaCha8Rng::from_seed(key.0);
        generator.set_stream(stream(page, month));
        generator.set_word_pos(u128::from(identity) << 4);
        std::array::from_fn(|_| generator.next_u32())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn blocks_are_those_of_rand_chacha(
            seed: u64, replicate: u32, page: u16, month: u16,
            identity in prop_oneof![any::<u64>(), 0..100u64, (u64::MAX - 5)..=u64::MAX, (u32::MAX as u64 - 5)..(1 << 32) + 5],
        ) {
            let key = Key::new(seed, replicate);
            prop_assert_eq!(key.block(page, month, identity), reference(&key, page, month, identity));
        }
    }

    #[test]
    fn the_key_is_seed_replicate_and_name() {
        let key = Key::new(0x0102_0304_0506_0708, 0x0a0b_0c0d);
        assert_eq!(&key.0[..16], &[8, 7, 6, 5, 4, 3, 2, 1, 0x0d, 0x0c, 0x0b, 0x0a, 0, 0, 0, 0]);
        assert_eq!(&key.0[16..], b"kadry draws v1\0\0");
        assert_eq!(stream(0x1234, 0x5678), 0x1234_5678);
    }

    /// Any change here changes every result: it needs a new name in the key and a line in the changelog.
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
