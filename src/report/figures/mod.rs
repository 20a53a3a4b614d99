//! Reads the tables of a folder: a reader for each table that is drawn.
//!
//! A reader takes rows as a stream and keeps sums or moments, not replicates; [`replicates`] alone keeps the values by
//! phase that a comparison tests. Cells have been checked before ([`super::validate`]).

pub mod accusations;
pub mod compare;
pub mod flows;
pub mod mobility;
pub mod replicates;
pub mod series;
pub mod summary;
pub mod survival;

/// The number in a cell; none if the cell is empty.
fn number(cell: &str) -> Option<f64> {
    cell.parse().ok()
}

/// The position of a word in a list; a new word is appended.
fn place(words: &mut Vec<String>, word: &str) -> usize {
    words.iter().position(|known| known == word).unwrap_or_else(|| {
        words.push(word.to_owned());
        words.len() - 1
    })
}
