//! Prefetches memory: loads it into the cache while the processor computes something else.
//!
//! A prefetch changes timing and nothing else. On processors other than x86-64 it does nothing.

/// Size of a cache line in bytes.
const LINE: usize = 64;

/// Prefetches every cache line of `items`.
#[inline]
pub fn prefetch<T>(items: &[T]) {
    #[cfg(target_arch = "x86_64")]
    {
        let per_line = (LINE / size_of::<T>()).max(1);
        items.iter().step_by(per_line).for_each(safe_arch::prefetch_t0);
        // The items may start within a line, so the last one can lie on a line that the steps miss.
        items.last().into_iter().for_each(safe_arch::prefetch_t0);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (items, LINE);
}

/// Prefetches the first `count` items, or all if there are fewer.
#[inline]
pub fn prefetch_first<T>(items: &[T], count: usize) {
    prefetch(&items[..count.min(items.len())]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_of_any_size_can_be_prefetched() {
        prefetch::<u64>(&[]);
        prefetch_first(&[1u8; 200], 70);
        prefetch_first(&[1u8; 200], 300);
        prefetch(&[[0u64; 40]; 3]);
    }
}
