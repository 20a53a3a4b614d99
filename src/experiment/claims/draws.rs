//! Draws the random numbers of conditions and of resampling: each by seed, purpose, number and name.
//!
//! They are words of the same generator as those of a run, in the replicate 0 that no run has, on a page that no design of a
//! sweep uses. A further lever, parameter or draw therefore changes none of the others.

use sha2::{Digest, Sha256};

use crate::engine::draws::Draws;
use crate::engine::random::{Key, uniform64};

/// The replicate that no run has; runs count from 1.
const REPLICATE: u32 = 0;

/// The page of these words. Designs of sweeps use pages 0 to 63 of the same replicate.
const PAGE: u16 = 256;

/// The draws of one purpose and number, such as the 17th draw of the jitter.
#[derive(Debug, Clone)]
pub(in crate::experiment) struct Keyed {
    key: Key,
    purpose: &'static str,
    number: u32,
}

impl Keyed {
    /// The draws of this seed, purpose and number.
    pub(in crate::experiment) fn new(seed: u64, purpose: &'static str, number: u32) -> Keyed {
        Keyed { key: Key::new(seed, REPLICATE), purpose, number }
    }

    /// A uniform in the open interval (0, 1).
    pub(in crate::experiment) fn uniform(&self, name: &str, index: usize) -> f64 {
        uniform64(self.block(name, index)[0])
    }

    /// A random whole number of 32 bits.
    pub(in crate::experiment) fn word(&self, name: &str, index: usize) -> u32 {
        self.block(name, index)[0]
    }

    /// A whole number between two, both included; the smaller if they are in the wrong order.
    pub(in crate::experiment) fn whole(&self, name: &str, index: usize, least: i64, most: i64) -> i64 {
        let count = u64::try_from(most - least).unwrap_or(0) + 1;
        // The uniform is below 1, so the product is below the count.
        least + (self.uniform(name, index) * count as f64) as i64
    }

    /// A random permutation of the numbers from 0 to below `count`: they are sorted by random numbers of 64 bits.
    pub(in crate::experiment) fn permutation(&self, name: &str, count: usize) -> Vec<usize> {
        let mut order: Vec<(u64, usize)> = (0..count)
            .map(|position| {
                let [low, high, ..] = self.block(name, position);
                (u64::from(high) << 32 | u64::from(low), position)
            })
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(_, position)| position).collect()
    }

    /// A generator of many draws.
    pub(in crate::experiment) fn generator(&self, name: &str, index: usize) -> Draws {
        self.key.draws(PAGE, 0, self.identity(name, index))
    }

    fn block(&self, name: &str, index: usize) -> [u32; 16] {
        self.key.block(PAGE, 0, self.identity(name, index))
    }

    /// The identity of a draw: 64 bits of a digest, so that draws can have names.
    fn identity(&self, name: &str, index: usize) -> u64 {
        let mut digest = Sha256::new();
        for text in [self.purpose, name] {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text.as_bytes());
        }
        digest.update(self.number.to_le_bytes());
        digest.update((index as u64).to_le_bytes());
        let digest: [u8; 32] = digest.finalize().into();
        u64::from_le_bytes(*digest.first_chunk().expect("a digest has 32 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_key_alone() {
        let draw = |seed, purpose, number, name, index| Keyed::new(seed, purpose, number).word(name, index);
        let all = [
            draw(1, "jitter", 0, "union", 0),
            draw(2, "jitter", 0, "union", 0),
            draw(1, "prior", 0, "union", 0),
            draw(1, "jitter", 1, "union", 0),
            draw(1, "jitter", 0, "purge", 0),
            draw(1, "jitter", 0, "union", 1),
        ];
        for (position, word) in all.iter().enumerate() {
            assert!(!all[..position].contains(word), "{all:?}");
        }
        assert_eq!(all[0], draw(1, "jitter", 0, "union", 0));
    }

    #[test]
    fn numbers_and_permutations_are_uniform() {
        let draws = Keyed::new(3, "test", 0);
        let mut counts = [0; 7];
        for index in 0..7_000 {
            let drawn = draws.whole("turn", index, -3, 3);
            counts[usize::try_from(drawn + 3).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (850..1_150).contains(count)), "{counts:?}");
        assert_eq!(draws.whole("turn", 0, 4, 4), 4);
        let mut orders = std::collections::BTreeMap::new();
        for number in 0..6_000 {
            let order = Keyed::new(3, "test", number).permutation("union", 3);
            *orders.entry(order).or_insert(0) += 1;
        }
        assert_eq!(orders.len(), 6);
        assert!(orders.values().all(|count| (850..1_150).contains(count)), "{orders:?}");
    }
}
