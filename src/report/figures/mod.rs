//! What the tables of a folder hold, folded over replicates.
//!
//! Owns a reader for each table that is drawn. Each takes its rows as a stream and keeps sums or moments; none keeps a
//! replicate.

pub mod accusations;
pub mod compare;
pub mod flows;
pub mod mobility;
pub mod series;
pub mod summary;
pub mod survival;

/// A number in a cell; none where it is empty.
fn number(cell: &str) -> Option<f64> {
    cell.parse().ok()
}

/// The place of a word in a list, which it joins if it is not in it.
fn place(words: &mut Vec<String>, word: &str) -> usize {
    words.iter().position(|known| known == word).unwrap_or_else(|| {
        words.push(word.to_owned());
        words.len() - 1
    })
}
