//! Growth policy for large vectors: reserves an eighth more than needed.
//!
//! `Vec` doubles its capacity, which would leave a third of the memory of the columns unused. Short vectors may double.

/// Reserves capacity for `additional` more items. A vector that has to grow gets an eighth more than it needs.
pub fn make_room<T>(list: &mut Vec<T>, additional: usize) {
    if list.capacity() - list.len() < additional {
        let needed = list.len() + additional;
        list.reserve_exact(additional + needed / 8 + 4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_grow_by_an_eighth_more_than_needed() {
        let mut list: Vec<u32> = Vec::new();
        let mut moves = 0;
        for item in 0..10_000 {
            let before = list.capacity();
            make_room(&mut list, 1);
            list.push(item);
            moves += u32::from(list.capacity() != before);
            assert!(list.capacity() <= list.len() + list.len() / 8 + 8);
        }
        assert!(moves < 80, "{moves}");
        make_room(&mut list, 0);
        let room = list.capacity() - list.len();
        make_room(&mut list, room);
        assert_eq!(list.capacity() - list.len(), room);
    }
}
