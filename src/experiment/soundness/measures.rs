//! Lists the measures that the answers are about, and the months over which they are taken.

use crate::engine::calendar::Month;
use crate::experiment::claims::quantities::{Quantity, Span};
use crate::experiment::tables::whole_period::WHOLE_PERIOD;
use crate::scenario::Scenario;
use crate::scenario::claims::Statistic;

/// The smallest difference that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Smallest {
    /// In the unit of the measure.
    Absolute(f64),
    /// As a share of the value of the base.
    Share(f64),
}

/// Which values of a measure a government would prefer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Larger ones.
    More,
    /// Smaller ones.
    Less,
}

/// A measure of phases.csv that answers are about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MainMeasure {
    /// The column.
    pub key: &'static str,
    /// What a government would prefer and the smallest difference that counts, for the measures by which policies are compared.
    pub preferred: Option<(Better, Smallest)>,
}

const fn preferred(key: &'static str, better: Better, smallest: Smallest) -> MainMeasure {
    MainMeasure { key, preferred: Some((better, smallest)) }
}

const fn shown(key: &'static str) -> MainMeasure {
    MainMeasure { key, preferred: None }
}

/// The main measures. The smallest differences are the margins of `claims/essay.toml`, which were chosen before any result.
pub const MAIN: &[MainMeasure] = &[
    preferred("discipline", Better::More, Smallest::Absolute(0.01)),
    preferred("output", Better::More, Smallest::Share(0.05)),
    preferred("mood_public", Better::Less, Smallest::Absolute(0.02)),
    preferred("unrest", Better::Less, Smallest::Absolute(0.02)),
    preferred("elite_turnover", Better::Less, Smallest::Share(0.1)),
    shown("grievance"),
    shown("authority"),
    shown("fear"),
    shown("accusations_per_1000"),
    shown("arrests_per_1000"),
    shown("image_overlap"),
];

/// Months with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// The phase, or [`WHOLE_PERIOD`].
    pub name: String,
    /// The months.
    pub span: Span,
}

/// The phases of a base, and all months.
pub fn periods(base: &Scenario) -> Vec<Period> {
    let phases = base.phases.iter().enumerate().map(|(position, phase)| Period {
        name: phase.name.clone(),
        span: Span { first: phase.from, last: base.phase_end(position) },
    });
    phases.chain([whole()]).collect()
}

/// All months.
pub fn whole() -> Period {
    Period { name: WHOLE_PERIOD.to_owned(), span: Span { first: Month::FIRST, last: Month::LAST } }
}

/// The mean of a measure over months.
pub fn mean_of(metric: &str, span: Span) -> Quantity {
    Quantity::Measured { metric: metric.to_owned(), span, statistic: Statistic::Mean, chance: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::phase::PHASE_MEASURES;

    #[test]
    fn main_measures_are_measures_of_phases() {
        assert!(MAIN.iter().all(|main| PHASE_MEASURES.iter().any(|measure| measure.key == main.key)));
    }

    #[test]
    fn periods_cover_the_calendar() {
        let periods = periods(&crate::scenario::load("historical", &[]).unwrap());
        assert_eq!(periods.len(), 6);
        let months: usize = periods[..5].iter().map(|period| period.span.count()).sum();
        assert_eq!((months, periods[5].span.count()), (Month::COUNT, Month::COUNT));
    }
}
