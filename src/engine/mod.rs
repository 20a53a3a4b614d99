//! What any such simulation needs and none of what ours is about: the calendar, keyed randomness, portable
//! mathematics, work split by fixed blocks. Knows nothing of the model.

pub mod calendar;
pub mod chacha;
pub mod distributions;
pub mod maths;
pub mod packed;
pub mod parallel;
pub mod prefetch;
pub mod random;
pub mod reserve;
pub mod sampling;
pub mod select;
pub mod simd;
