//! Tests files of hypotheses: what is run, how verdicts are reached, and what each verdict is worth.

pub mod compile;
mod course;
pub mod evidence;
mod plants;
pub mod quantities;
pub mod record;
mod spells;
pub mod verdict;
