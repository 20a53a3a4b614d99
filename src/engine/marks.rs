//! Marks: which positions of a column a condition holds for.
//!
//! Owns the step from a column of conditions, which loops over whole columns compute many at a time, to the list of
//! the positions where it holds, which are few. Must not know what a condition means.

/// Replaces `rows` by the positions of the marks that are set, in rising order.
pub fn positions(marks: &[bool], rows: &mut Vec<u32>) {
    rows.clear();
    let (groups, rest) = marks.as_chunks::<8>();
    let mut first = 0;
    for group in groups {
        // A byte for each mark, 0 or 1.
        let mut word = u64::from_le_bytes(group.map(u8::from));
        while word != 0 {
            rows.push(first + word.trailing_zeros() / 8);
            word &= word - 1;
        }
        first += 8;
    }
    rows.extend((first..).zip(rest).filter(|(_, mark)| **mark).map(|(row, _)| row));
}

/// The first `length` marks of a buffer, which grows if it has to; what they hold is left over from before.
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
        for length in [0usize, 1, 7, 8, 9, 64, 203] {
            let marks: Vec<bool> = (0..length).map(|row| (row * row + row / 3) % 5 == 0).collect();
            let expected: Vec<u32> = (0..length as u32).filter(|&row| marks[row as usize]).collect();
            let mut rows = vec![7; 3];
            positions(&marks, &mut rows);
            assert_eq!(rows, expected);
        }
    }

    #[test]
    fn a_buffer_grows_and_never_shrinks() {
        let mut buffer: Vec<f32> = Vec::new();
        room(&mut buffer, 5)[4] = 2.0;
        assert_eq!(room(&mut buffer, 2).len(), 2);
        assert_eq!(room(&mut buffer, 5)[4], 2.0);
    }
}
