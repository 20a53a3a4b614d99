//! Splits a list into blocks and processes the blocks on one thread or on a pool.
//!
//! The size of the blocks does not depend on the number of threads. Results must not depend on which thread processes a
//! block, or when: the work on a block may use its own items, shared data that do not change, and scratch memory of which
//! it reads only what it has written.

use rayon::prelude::*;
use std::sync::Mutex;

/// The threads that do the work. Results are the same, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workers {
    /// The calling thread alone. Faster if there are at least as many replicates as cores.
    One,
    /// The threads of the surrounding rayon pool share the blocks.
    Pool,
}

/// A split of a list into blocks of neighbours.
#[derive(Debug, Clone)]
pub struct Blocks {
    ends: Vec<usize>,
}

impl Blocks {
    /// Cuts a list into blocks of neighbours. A block ends at the item that brings its weight to `size` or more.
    pub fn by_weight(weights: impl Iterator<Item = f64>, size: f64) -> Self {
        let mut ends = Vec::new();
        let (mut count, mut weight) = (0, 0.0);
        for item in weights {
            count += 1;
            weight += item;
            if weight >= size {
                ends.push(count);
                weight = 0.0;
            }
        }
        if ends.last() != Some(&count) && count > 0 {
            ends.push(count);
        }
        Blocks { ends }
    }

    /// Number of blocks.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// Calls `work` for each block with the scratch of its thread, the position of the block's first item, the block's
    /// items, and its entry of `outcomes`.
    ///
    /// `items` is the list that was split, `outcomes` has one entry per block, and `scratch` has at least one entry; one
    /// per thread avoids waiting.
    pub fn each<T: Send, O: Send, S: Send>(
        &self,
        workers: Workers,
        items: &mut [T],
        outcomes: &mut [O],
        scratch: &[Mutex<S>],
        work: impl Fn(&mut S, usize, &mut [T], &mut O) + Sync,
    ) {
        debug_assert_eq!(outcomes.len(), self.count());
        let run = |first: usize, block: &mut [T], outcome: &mut O| {
            let own = rayon::current_thread_index().unwrap_or(0) % scratch.len();
            // A poisoned lock means that another block panicked; that panic is being propagated already.
            let mut scratch = scratch[own].lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            work(&mut scratch, first, block, outcome);
        };
        match workers {
            Workers::One => {
                let mut first = 0;
                let mut rest = items;
                for (&end, outcome) in self.ends.iter().zip(outcomes) {
                    let (block, others) = rest.split_at_mut(end - first);
                    run(first, block, outcome);
                    (first, rest) = (end, others);
                }
            }
            Workers::Pool => {
                let mut slices = Vec::with_capacity(self.count());
                let mut first = 0;
                let mut rest = items;
                for (&end, outcome) in self.ends.iter().zip(outcomes) {
                    let (block, others) = rest.split_at_mut(end - first);
                    slices.push((first, block, outcome));
                    (first, rest) = (end, others);
                }
                slices.into_par_iter().for_each(|(first, block, outcome)| run(first, block, outcome));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_lists_of_any_length() {
        for count in [0usize, 1, 2, 7, 100] {
            let blocks = Blocks::by_weight((0..count).map(|_| 1.0), 3.0);
            assert_eq!(blocks.count(), count.div_ceil(3));
            assert_eq!(blocks.ends.last().copied().unwrap_or(0), count);
        }
        assert_eq!(Blocks::by_weight([9.0, 9.0, 1.0].into_iter(), 5.0).ends, [1, 2, 3]);
    }

    #[test]
    fn one_thread_and_a_pool_give_the_same_results() {
        let blocks = Blocks::by_weight((0..1000).map(f64::from), 777.0);
        let scratch: Vec<Mutex<u64>> = (0..3).map(|_| Mutex::new(0)).collect();
        let run = |workers| {
            let mut items: Vec<u64> = (0..1000).collect();
            let mut sums = vec![0; blocks.count()];
            blocks.each(workers, &mut items, &mut sums, &scratch, |scratch, first, block, sum| {
                *scratch = 0;
                for item in block {
                    *item += first as u64;
                    *scratch += *item;
                }
                *sum = *scratch;
            });
            (items, sums)
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        assert_eq!(run(Workers::One), pool.install(|| run(Workers::Pool)));
    }
}
