//! R6c Natural exit: death, retirement, departure.
//!
//! Step 4 of the month, all ranks. Each person leaves with a constant monthly probability. It is higher in
//! the elite, whose members are older; nothing else in the model affects it.

use crate::model::parameters::Parameters;

/// Returns the monthly probability of a natural exit.
pub fn probability(rules: &Parameters, elite: bool) -> f64 {
    rules.natural_exit + if elite { rules.natural_exit_elite } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elite_leaves_more_often() {
        let rules = Parameters { natural_exit: 0.003, natural_exit_elite: 0.002, ..Parameters::default() };
        assert_eq!(probability(&rules, false), 0.003);
        assert_eq!(probability(&rules, true), 0.005);
    }
}
