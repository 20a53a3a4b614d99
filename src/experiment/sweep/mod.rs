//! Makes the points of a sweep from its design.
//!
//! [`points`] lists the points; [`latin`] and [`sobol`] draw them from ranges.

mod joe_kuo;
mod latin;
mod points;
pub mod response;
pub(super) mod sobol;
pub mod study;

pub use points::{Points, label_clash};
