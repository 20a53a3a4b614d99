//! The random words of many identities at once, in columns.
//!
//! Owns the buffer [`Words`] and the fast ways to fill it; [`super::random::Key::block`] says what they must give.
//! Must not define words of its own. The only module with code for particular instruction sets.

// On x86-64 for tests alone: every processor of that kind has SSE2.
#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

use super::random::{Key, stream};
use super::simd::Instructions;

/// A line of the cache: 16 words.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Line([u32; 16]);

/// Random words in 16 columns: column w holds word w of every identity, in the order they were given.
///
/// A buffer for use month after month: filling allocates only where more identities come than ever before.
#[derive(Debug, Clone, Default)]
pub struct Words {
    lines: Vec<Line>,
    /// Lines from the beginning of one column to that of the next.
    stride: usize,
    length: usize,
}

impl Words {
    /// An empty buffer.
    pub fn new() -> Words {
        Words::default()
    }

    /// Fills the columns with the blocks of these identities on a page in a month, in place of what they held.
    /// The words are those of [`Key::block`], whatever the instructions and the order and number of identities.
    pub fn fill(&mut self, instructions: Instructions, key: &Key, page: u16, month: u16, identities: &[u64]) {
        self.make_room(identities.len());
        if identities.is_empty() {
            return;
        }
        let start = key.state(stream(page, month), 0);
        let (lines, stride) = (&mut self.lines[..], self.stride);
        match instructions {
            // SAFETY: a value of `HasAvx2` exists only where detection found AVX2.
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2(_) => unsafe { x86::avx2(lines, stride, &start, identities) },
            // SAFETY: a value of `HasAvx512` exists only where detection found AVX-512 F.
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512(_) => unsafe { x86::avx512(lines, stride, &start, identities) },
            // SAFETY: SSE2 is part of x86-64.
            #[cfg(target_arch = "x86_64")]
            Instructions::Baseline => unsafe { x86::sse2(lines, stride, &start, identities) },
            #[cfg(not(target_arch = "x86_64"))]
            _ => portable::fill(lines, stride, &start, identities),
        }
    }

    /// Word `word` (0 to 15) of every identity. Panics beyond 15; prefer [`Words::columns`], which cannot.
    pub fn column(&self, word: usize) -> &[u32] {
        let lines = &self.lines[word * self.stride..][..self.stride];
        // SAFETY: a `Line` is 16 words without padding, so the lines are `16 * stride` words, all of them initialised;
        // `make_room` sees to `length <= 16 * stride`. The result borrows `self` and so do the lines.
        unsafe { std::slice::from_raw_parts(lines.as_ptr().cast(), self.length) }
    }

    /// All columns in order. Taken apart by a pattern, or by constant positions, they are checked by the compiler:
    /// `let [quit, moves, ..] = words.columns();`
    pub fn columns(&self) -> [&[u32]; 16] {
        std::array::from_fn(|word| self.column(word))
    }

    /// All words of the identity in a place: its block.
    pub fn block(&self, place: usize) -> [u32; 16] {
        assert!(place < self.length);
        // Not by way of the columns: their array would be built for every identity.
        std::array::from_fn(|word| self.lines[word * self.stride + place / 16].0[place % 16])
    }

    /// Number of identities.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are no identities.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Sets the length, and lays the columns out for it.
    fn make_room(&mut self, length: usize) {
        self.length = length;
        // An odd number of lines: with a power of two the 16 columns would compete for the same sets of the cache.
        self.stride = length.div_ceil(16) | 1;
        if self.lines.len() < 16 * self.stride {
            self.lines.resize(16 * self.stride, Line([0; 16]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every block, on every path, compared with its definition.
    fn check(words: &mut Words, key: &Key, page: u16, month: u16, identities: &[u64]) {
        let blocks: Vec<[u32; 16]> =
            identities.iter().map(|&identity| key.block(page, month, identity)).collect();
        let compare = |words: &Words, path: &str| {
            assert_eq!(words.len(), identities.len());
            for (word, column) in words.columns().into_iter().enumerate() {
                let expected: Vec<u32> = blocks.iter().map(|block| block[word]).collect();
                assert_eq!(column, expected, "{path}, word {word} of {}", identities.len());
            }
        };
        for instructions in Instructions::available() {
            // So that no path passes by the words of the one before.
            words.lines.fill(Line([0; 16]));
            words.fill(instructions, key, page, month, identities);
            compare(words, instructions.name());
        }
        words.lines.fill(Line([0; 16]));
        portable::fill(&mut words.lines, words.stride, &key.state(stream(page, month), 0), identities);
        compare(words, "portable");
    }

    proptest! {
        #[test]
        fn columns_hold_the_words_of_the_blocks(
            seed: u64, replicate: u32, page: u16, month: u16,
            identities in prop::collection::vec(prop_oneof![any::<u64>(), 0..1000u64, (u64::MAX - 20)..=u64::MAX], 0..200),
        ) {
            check(&mut Words::new(), &Key::new(seed, replicate), page, month, &identities);
        }
    }

    #[test]
    fn a_buffer_serves_any_sequence_of_lengths() {
        let mut words = Words::new();
        for length in [0, 1, 1000, 15, 16, 17, 63, 64, 65, 1024, 2048, 400, 0, 3] {
            let identities: Vec<u64> = (0..length).map(|i| i * i * 7919).collect();
            check(&mut words, &Key::new(3, 4), 5, 6, &identities);
        }
    }

    #[test]
    fn every_number_of_identities_has_its_blocks() {
        let identities: Vec<u64> = (0..150).map(|i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let mut words = Words::new();
        for length in 0..identities.len() {
            check(&mut words, &Key::new(5, 6), 7, 8, &identities[..length]);
        }
    }

    #[test]
    fn filling_again_does_not_allocate() {
        let mut words = Words::new();
        let identities: Vec<u64> = (0..500).collect();
        words.fill(Instructions::detect(), &Key::new(1, 2), 0, 0, &identities);
        let (place, capacity) = (words.lines.as_ptr(), words.lines.capacity());
        for length in [500, 3, 499] {
            words.fill(Instructions::detect(), &Key::new(1, 2), 1, 1, &identities[..length]);
            assert_eq!((words.lines.as_ptr(), words.lines.capacity()), (place, capacity));
        }
    }
}
