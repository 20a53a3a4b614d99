//! Room to spare in lists that grow with the country.
//!
//! Owns how much: a part. Doubling, which lists do by themselves, would leave a third of the memory unused. For the columns of
//! people and the longest lists; short ones may double.

/// Makes room for `additional` more items, with an eighth of all to spare where the list has to grow.
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
    fn lists_grow_by_more_than_is_asked_for_but_do_not_double() {
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
