//! Selects rows: turns a column of marks into the list of the marked positions.
//!
//! Vectorised loops over whole columns set the marks; few are set, and later steps visit only those rows.

/// Replaces the contents of `rows` with the positions of the set marks, in rising order.
pub fn positions(marks: &[bool], rows: &mut Vec<u32>) {
    rows.clear();
    let (blocks, rest) = marks.as_chunks();
    let mut first = 0;
    for block in blocks {
        add_positions(first, block, rows);
        first += block.len() as u32;
    }
    let mut last = [false; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    add_positions(first, &last, rows);
}

/// Number of marks tested at once.
const BLOCK: usize = 64;

/// Appends the positions of the set marks of a block whose first mark has position `first`.
#[inline(always)]
fn add_positions(first: u32, block: &[bool; BLOCK], rows: &mut Vec<u32>) {
    // One byte per mark, 0 or 1. Most blocks have no set mark and end here.
    let (groups, _) = block.as_chunks::<8>();
    let words: [u64; BLOCK / 8] =
        std::array::from_fn(|place| u64::from_le_bytes(groups[place].map(u8::from)));
    if words.iter().fold(0, |any, word| any | word) == 0 {
        return;
    }
    // One bit per mark: the product gathers the low bits of eight bytes in the highest byte.
    let mut bits = (0..)
        .step_by(8)
        .zip(words)
        .fold(0, |bits, (place, word)| bits | (word.wrapping_mul(0x0102_0408_1020_4080) >> 56) << place);
    while bits != 0 {
        rows.push(first + bits.trailing_zeros());
        bits &= bits - 1;
    }
}

/// The first `length` items of a buffer, which grows if necessary. The items keep their old values.
pub fn room<T: Clone + Default>(buffer: &mut Vec<T>, length: usize) -> &mut [T] {
    if buffer.len() < length {
        buffer.resize(length, T::default());
    }
    &mut buffer[..length]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_of_the_marks() {
        for length in [0usize, 1, 63, 64, 65, 128, 203] {
            let marks: Vec<bool> = (0..length).map(|row| (row * row + row / 3) % 5 == 0).collect();
            let expected: Vec<u32> = (0..length as u32).filter(|&row| marks[row as usize]).collect();
            let mut rows = vec![7; 3];
            positions(&marks, &mut rows);
            assert_eq!(rows, expected);
        }
    }

    #[test]
    fn buffers_grow_and_never_shrink() {
        let mut buffer: Vec<f32> = Vec::new();
        room(&mut buffer, 5)[4] = 2.0;
        assert_eq!(room(&mut buffer, 2).len(), 2);
        assert_eq!(room(&mut buffer, 5)[4], 2.0);
    }
}
