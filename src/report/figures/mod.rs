//! Reads the tables of a folder, with one reader for each table that is drawn.
//!
//! Readers take rows as a stream and store sums or moments, not replicates. Only [`replicates`] stores the values by phase
//! that predictions compare. [`super::validate`] has checked all cells before.

pub mod accusations;
pub mod compare;
pub mod flows;
pub mod mobility;
pub mod replicates;
pub mod response;
pub mod series;
pub mod summary;
pub mod survival;
pub mod sweep;

/// The number in a cell; `None` if the cell is empty.
fn number(cell: &str) -> Option<f64> {
    cell.parse().ok()
}

/// The position of a word in a list; appends the word if it is new.
fn place(words: &mut Vec<String>, word: &str) -> usize {
    words.iter().position(|known| known == word).unwrap_or_else(|| {
        words.push(word.to_owned());
        words.len() - 1
    })
}
