//! Follows the spells of people in the elite, for survival and log-rank statistics of any months of entry.

use super::quantities::Span;
use crate::experiment::tables::survival::{Turn, each_turn};
use crate::model::simulation::Simulation;

/// Spells by month of entry. Spells begun before January 1928 are left out, because their beginning is unknown.
#[derive(Debug, Default)]
pub(super) struct Spells {
    /// By month of entry: the number of entries, and exits by age in whole months.
    entries: Vec<(u64, Vec<u64>)>,
}

/// What is left of a cohort at an age.
#[derive(Debug, Clone, Copy, PartialEq)]
struct AtRisk {
    people: f64,
    exits: f64,
}

impl Spells {
    /// Adds a month; months arrive in the order of the calendar.
    pub(super) fn month(&mut self, society: &Simulation) {
        let now = self.entries.len();
        self.entries.push((0, Vec::new()));
        for unit in society.units() {
            each_turn(unit, |turn| match turn {
                Turn::Begins => self.entries[now].0 += 1,
                Turn::Ends { entered, .. } => {
                    if let Ok(month) = usize::try_from(entered) {
                        self.exit(month, now - month);
                    }
                }
            });
        }
    }

    fn exit(&mut self, entered: usize, age: usize) {
        let exits = &mut self.entries[entered].1;
        exits.resize(exits.len().max(age + 1), 0);
        exits[age] += 1;
    }

    /// By age in whole months: spells of a cohort still observed and their exits in the month that follows.
    fn table(&self, cohort: Span) -> Vec<AtRisk> {
        let months = self.entries.len();
        let mut table = vec![AtRisk { people: 0.0, exits: 0.0 }; months];
        for month in cohort.months().filter(|month| *month < months) {
            let (entries, exits) = &self.entries[month];
            let mut left = *entries;
            // The entrants of a month are observed up to the end of the run.
            for (age, row) in table[..months - month].iter_mut().enumerate() {
                row.people += left as f64;
                let gone = exits.get(age).copied().unwrap_or(0);
                row.exits += gone as f64;
                left -= gone;
            }
        }
        table
    }

    /// Kaplan-Meier estimate of the share of a cohort still in the elite after a number of months; `None` without entries or
    /// if nobody is observed that long.
    pub(super) fn survival(&self, cohort: Span, months: usize) -> Option<f64> {
        let table = self.table(cohort);
        let observed = table.get(..months)?;
        observed
            .iter()
            .try_fold(1.0, |share, row| (row.people > 0.0).then(|| share * (1.0 - row.exits / row.people)))
    }

    /// The first age in months at which at most half of a cohort is left; the number of months observed if more are left at
    /// the end, a lower bound. `None` without entries.
    pub(super) fn half_life(&self, cohort: Span) -> Option<f64> {
        let (mut share, mut age) = (1.0, 0.0);
        for row in self.table(cohort).iter().take_while(|row| row.people > 0.0) {
            share *= 1.0 - row.exits / row.people;
            age += 1.0;
            if share <= 0.5 {
                break;
            }
        }
        (age > 0.0).then_some(age)
    }

    /// The log hazard ratio of two cohorts over the first months, first over second: observed less expected exits of the
    /// first over their variance (Peto's estimate from the log-rank statistic). `None` without exits.
    pub(super) fn log_rank(&self, one: Span, other: Span, months: u32) -> Option<f64> {
        let (mut difference, mut variance) = (0.0, 0.0);
        for (first, second) in self.table(one).iter().zip(self.table(other)).take(months as usize) {
            let (people, exits) = (first.people + second.people, first.exits + second.exits);
            if first.people > 0.0 && second.people > 0.0 && exits > 0.0 {
                let share = first.people / people;
                difference += first.exits - exits * share;
                if people > 1.0 {
                    variance += exits * share * (1.0 - share) * (people - exits) / (people - 1.0);
                }
            }
        }
        (variance > 0.0).then(|| difference / variance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::calendar::Month;

    /// Four enter in month 0, of whom one leaves at age 0 and one at age 1; three in month 2, of whom one leaves at age 1;
    /// four months are observed.
    fn spells() -> Spells {
        Spells { entries: vec![(4, vec![1, 1]), (0, vec![]), (3, vec![0, 1]), (0, vec![])] }
    }

    fn span(first: u16, last: u16) -> Span {
        Span { first: Month(first), last: Month(last) }
    }

    #[test]
    fn survival_and_half_life_by_hand() {
        let spells = spells();
        assert_eq!(spells.survival(span(0, 0), 1), Some(0.75));
        assert_eq!(spells.survival(span(0, 0), 2), Some(0.5));
        assert_eq!(spells.half_life(span(0, 0)), Some(2.0));
        // The second cohort is observed for two months only.
        assert_eq!(spells.survival(span(2, 3), 2), Some(1.0 - 1.0 / 3.0));
        assert_eq!(spells.survival(span(2, 3), 3), None);
        assert_eq!(spells.half_life(span(2, 3)), Some(2.0));
        assert_eq!(spells.half_life(span(1, 1)), None);
        // Both together: 1 of 7 leaves at age 0, 2 of 6 at age 1.
        let both = spells.survival(span(0, 3), 2).unwrap();
        assert!((both - 6.0 / 7.0 * 4.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn log_rank_by_hand() {
        // Age 0: 4 and 3 at risk, one exit of the first: expected 4/7. Age 1: 3 and 3, an exit each: expected 1.
        let difference = 1.0 - 4.0 / 7.0;
        let variance = 4.0 / 7.0 * 3.0 / 7.0 + 2.0 * 0.25 * 4.0 / 5.0;
        let found = spells().log_rank(span(0, 0), span(2, 2), 24).unwrap();
        assert!((found - difference / variance).abs() < 1e-12, "{found}");
        assert_eq!(spells().log_rank(span(1, 1), span(2, 2), 24), None);
    }
}
