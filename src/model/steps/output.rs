//! Step 8: computes the output of the units and its gap to the plan (R11).

use crate::model::conditions::Conditions;
use crate::model::rules::output;
use crate::model::society::Society;

impl Society {
    /// R11: lets capital grow and units produce.
    pub(in crate::model) fn produce(&mut self, conditions: &Conditions) {
        let capital = self.country.accumulate_capital();
        self.units.iter_mut().for_each(|unit| output::update(conditions, capital, unit));
    }
}
