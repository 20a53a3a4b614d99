//! General machinery for agent-based simulations: the calendar, keyed randomness, portable mathematics, loops over
//! columns, work split into fixed blocks.
//!
//! Must not know the model.

pub mod calendar;
pub mod chacha;
pub mod distributions;
pub mod draws;
pub mod maths;
pub mod packed;
pub mod parallel;
pub mod prefetch;
pub mod random;
pub mod reserve;
pub mod sampling;
pub mod select;
pub mod simd;
