//! Combines the conditions of a month with the instruction set for loops over columns.

use std::ops::Deref;

use crate::engine::simd::Instructions;
use crate::model::conditions;

/// The conditions of a month and the instruction set on which it is computed.
#[derive(Debug)]
pub(super) struct Conditions {
    month: conditions::Conditions,
    pub(super) instructions: Instructions,
}

impl Conditions {
    pub(super) fn new(month: conditions::Conditions, instructions: Instructions) -> Self {
        Conditions { month, instructions }
    }
}

impl Deref for Conditions {
    type Target = conditions::Conditions;

    fn deref(&self) -> &conditions::Conditions {
        &self.month
    }
}
