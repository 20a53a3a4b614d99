//! Asking the processor for memory before it is needed, so that it comes while something else is computed.
//!
//! Owns the one request; changes nothing but time. On processors other than x86-64 it does nothing.

/// Bytes that come from memory at once.
const LINE: usize = 64;

/// Asks for the memory of these items.
#[inline]
pub fn prefetch<T>(items: &[T]) {
    #[cfg(target_arch = "x86_64")]
    {
        let per_line = (LINE / size_of::<T>()).max(1);
        items.iter().step_by(per_line).for_each(safe_arch::prefetch_t0);
        // Items need not begin where a line does.
        items.last().into_iter().for_each(safe_arch::prefetch_t0);
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (items, LINE);
}

/// Asks for the memory of so many of these items, or of as many as there are.
#[inline]
pub fn prefetch_first<T>(items: &[T], count: usize) {
    prefetch(&items[..count.min(items.len())]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_items_can_be_asked_for() {
        prefetch::<u64>(&[]);
        prefetch_first(&[1u8; 200], 70);
        prefetch_first(&[1u8; 200], 300);
        prefetch(&[[0u64; 40]; 3]);
    }
}
