//! Tests files of hypotheses: what is run, how verdicts are reached, and what each verdict is worth.

pub mod cases;
pub mod cells;
pub mod compile;
pub mod consequences;
mod contrasts;
pub(super) mod course;
pub(super) mod draws;
mod elsewhere;
pub mod evaluate;
pub mod evidence;
#[cfg(test)]
pub(crate) mod example;
pub mod heading;
pub mod ladder;
pub mod layers;
mod levers_only;
pub mod page;
mod plants;
pub mod policies;
pub mod quantities;
pub mod record;
pub mod recovery;
pub mod regression;
pub mod rows;
mod spells;
pub mod stored;
pub mod study;
pub mod summary;
pub mod tables;
mod trials;
pub mod values;
pub mod verdict;
