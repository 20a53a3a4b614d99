//! What any such simulation needs and none of what ours is about: the calendar, keyed randomness, portable
//! mathematics, work split by fixed blocks. Knows nothing of the model.

pub mod cache;
pub mod calendar;
pub mod chacha;
pub mod choice;
pub mod distributions;
pub mod halves;
pub mod instructions;
pub mod marks;
pub mod maths;
pub mod parallel;
pub mod random;
pub mod spare;
