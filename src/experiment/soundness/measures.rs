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

/// The phases of a base that begin by the last month, and all months up to it.
pub fn periods(base: &Scenario, last: Month) -> Vec<Period> {
    let phases = base.phases.iter().enumerate().filter(|(_, phase)| phase.from <= last);
    let phases = phases.map(|(position, phase)| Period {
        name: phase.name.clone(),
        span: Span { first: phase.from, last: base.phase_end(position).min(last) },
    });
    let whole = Period { name: WHOLE_PERIOD.to_owned(), span: Span { first: Month::FIRST, last } };
    phases.chain([whole]).collect()
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

    /// The file of the essay compares the same measures with the same margins.
    #[test]
    fn smallest_differences_are_margins_of_the_essay() {
        use crate::scenario::claims::{ClaimTest, Contrast, Margin, load_claims};
        let essay = load_claims("essay").unwrap();
        let tests = essay.claims.iter().flat_map(|claim| &claim.tests);
        let margins: Vec<(&str, Margin)> = tests
            .filter_map(|test| match test {
                ClaimTest::Ready(test) => match &test.contrast {
                    Contrast::Difference { of, .. } | Contrast::Change { to: of, .. } => {
                        Some((of.metric.as_str(), test.region.margin))
                    }
                    _ => None,
                },
                ClaimTest::Waiting(_) => None,
            })
            .collect();
        let mut untested = Vec::new();
        for main in MAIN {
            let Some((_, smallest)) = main.preferred else { continue };
            let expected = match smallest {
                Smallest::Absolute(smallest) => Margin::Absolute(smallest),
                Smallest::Share(share) => Margin::Share(share),
            };
            // The essay's tests are about grievance as felt, on the same scale.
            let key = if main.key == "mood_public" { "grievance" } else { main.key };
            let mut found = margins.iter().filter(|(metric, _)| *metric == key).peekable();
            if found.peek().is_none() {
                untested.push(main.key);
            } else {
                assert!(found.any(|(_, margin)| *margin == expected), "{}", main.key);
            }
        }
        // Turnover of the elite stands in tests of other contrasts; its margin is that of rates per head and year.
        assert_eq!(untested, ["elite_turnover"]);
    }

    #[test]
    fn periods_cover_the_calendar() {
        let base = crate::scenario::load("historical", &[]).unwrap();
        let periods = periods(&base, Month::LAST);
        assert_eq!(periods.len(), 6);
        let months: usize = periods[..5].iter().map(|period| period.span.count()).sum();
        assert_eq!((months, periods[5].span.count()), (Month::COUNT, Month::COUNT));
        // The first 42 months are those of class war.
        let short = super::periods(&base, Month(45));
        let counts: Vec<(&str, usize)> =
            short.iter().map(|period| (period.name.as_str(), period.span.count())).collect();
        assert_eq!(counts, [("class war", 42), ("discipline", 4), (WHOLE_PERIOD, 46)]);
    }
}
