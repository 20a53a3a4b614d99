//! Asks what a model can show at all: how far its outcomes are levers read back, whether a constant policy does better than
//! history in everything, what each lever buys and costs, and which patterns depend on anything.
//!
//! [`study`] is the study behind `kadry soundness`. [`cases`] lists what is run, [`questions`] turns the runs into answers.

pub mod answers;
pub mod cases;
pub mod constants;
pub mod measures;
pub mod page;
pub(in crate::experiment) mod patterns;
mod questions;
mod sensitivity;
pub mod study;
pub mod summary;
pub mod tables;
mod values;
