//! Computes the random words of many identities at once, in columns.
//!
//! Every path must give the words of [`Key::block`]. This is the only module written in the instructions of a particular
//! processor.

// On x86-64 only for tests: every such processor has SSE2.
#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

use super::random::{Key, stream};
use super::simd::Instructions;

/// A cache line: 16 words.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Line([u32; 16]);

/// Random words in 16 columns: column w holds word w of every identity, in the given order.
///
/// The buffer is meant to be reused: filling it allocates only for more identities than ever before.
#[derive(Debug, Clone, Default)]
pub struct Words {
    lines: Vec<Line>,
    /// Number of lines from the start of one column to the start of the next.
    stride: usize,
    length: usize,
}

impl Words {
    /// An empty buffer.
    pub fn new() -> Words {
        Words::default()
    }

    /// Replaces the contents with the blocks of these identities on a page in a month.
    ///
    /// The words are those of [`Key::block`]; they do not depend on the instructions or on the other identities.
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

    /// Word `word` (0 to 15) of every identity. Panics if `word` is above 15; [`Words::columns`] cannot.
    pub fn column(&self, word: usize) -> &[u32] {
        let lines = &self.lines[word * self.stride..][..self.stride];
        // SAFETY: a `Line` is 16 words without padding, so the lines are `16 * stride` words, all of them initialised;
        // `make_room` ensures `length <= 16 * stride`. The result borrows `self` as the lines do.
        unsafe { std::slice::from_raw_parts(lines.as_ptr().cast(), self.length) }
    }

    /// All columns, in order. The compiler checks patterns and constant positions:
    /// `let [quit, moves, ..] = words.columns();`
    pub fn columns(&self) -> [&[u32]; 16] {
        std::array::from_fn(|word| self.column(word))
    }

    /// The block of the identity at position `place`. Panics if there are not that many.
    pub fn block(&self, place: usize) -> [u32; 16] {
        assert!(place < self.length);
        // Calling `columns` would build its array for every identity.
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

    /// Sets the length and the layout of the columns.
    fn make_room(&mut self, length: usize) {
        self.length = length;
        // An odd number of lines. With a power of two the 16 columns would compete for the same cache sets.
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

    /// Compares every block with its definition, on every path.
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
            // A path that writes nothing must not pass with the words of the previous one.
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
