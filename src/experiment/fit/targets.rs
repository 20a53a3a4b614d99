//! The patterns K1 to K7 of section 1.2 of docs/model.md, as numbers of the months of a run.
//!
//! K3 is missing, because the lever `origin_preference` meets it by construction. Where the section leaves something open, the
//! table below decides it and says so.

use crate::engine::calendar::Month;
use crate::experiment::claims::quantities::Span;
use crate::model::phase::{PHASE_MEASURES, PhaseRecord};
use crate::model::record::MonthRecord;

/// The tolerance of figures without one in the section: that of most yearly figures of K1.
const TOLERANCE: f64 = 0.10;

/// The tolerance of figures that the section calls approximate.
const ABOUT: f64 = 0.15;

/// A number of the months of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Amount {
    /// A column of `phases.csv`, with the span as the phase.
    Measure(&'static str),
    /// People of ranks 2 and 3 per 100 workers.
    MiddleAndDirectors,
    /// People arrested.
    Arrests,
}

impl Amount {
    /// The number, if it is defined.
    pub(super) fn of(self, months: &[MonthRecord]) -> Option<f64> {
        match self {
            Amount::Measure(key) => {
                let measure = PHASE_MEASURES.iter().find(|measure| measure.key == key)?;
                let mut record = PhaseRecord::default();
                months.iter().for_each(|month| record.add(month));
                (measure.value)(&record).number()
            }
            Amount::MiddleAndDirectors => {
                let by_rank =
                    |rank: usize| months.iter().map(|month| month.people_by_rank[rank]).sum::<u64>();
                let workers = by_rank(0);
                (workers > 0).then(|| 100.0 * (by_rank(2) + by_rank(3)) as f64 / workers as f64)
            }
            Amount::Arrests => Some(months.iter().map(|month| month.arrests).sum::<u64>() as f64),
        }
    }
}

/// What the model is asked for; each amount is a mean over replicates.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Number {
    /// An amount.
    Of(Amount, Span),
    /// An amount in the first span over that in the second.
    Ratio(Amount, Span, Span),
    /// The correlation of an amount with figures over spans.
    Correlation(Amount, Vec<(Span, f64)>),
}

impl Number {
    /// The amounts that it is computed from.
    pub(super) fn amounts(&self) -> Vec<(Amount, Span)> {
        match self {
            Number::Of(amount, span) => vec![(*amount, *span)],
            Number::Ratio(amount, span, base) => vec![(*amount, *span), (*amount, *base)],
            Number::Correlation(amount, figures) => {
                figures.iter().map(|(span, _)| (*amount, *span)).collect()
            }
        }
    }
}

/// What the number should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Aim {
    /// A value.
    Value(f64),
    /// Anything from the first to the second.
    Band(f64, f64),
}

/// A figure and how near the model should come to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    /// When, in words.
    pub(super) label: String,
    /// The number of the model.
    pub(super) number: Number,
    /// The data.
    pub(super) aim: Aim,
    /// The error that counts 1, in log units.
    pub(super) tolerance: f64,
}

/// A pattern to which parameters are fitted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    /// As docs/model.md numbers it.
    pub(super) id: &'static str,
    /// In words.
    pub(super) statement: &'static str,
    /// Its figures.
    pub(super) figures: Vec<Figure>,
}

/// The months of years, both included.
fn years(first: u16, last: u16) -> Span {
    Span { first: Month((first - 1928) * 12), last: Month((last - 1928) * 12 + 11) }
}

fn year(year: u16) -> Span {
    years(year, year)
}

fn value(amount: Amount, of: u16, data: f64, tolerance: f64) -> Figure {
    let number = Number::Of(amount, year(of));
    Figure { label: of.to_string(), number, aim: Aim::Value(data), tolerance }
}

fn values(key: &'static str, tolerance: f64, figures: &[(u16, f64)]) -> Vec<Figure> {
    figures.iter().map(|(of, data)| value(Amount::Measure(key), *of, *data, tolerance)).collect()
}

fn band(key: &'static str, label: &str, span: Span, (low, high): (f64, f64)) -> Figure {
    let number = Number::Of(Amount::Measure(key), span);
    Figure { label: label.to_owned(), number, aim: Aim::Band(low, high), tolerance: TOLERANCE }
}

/// All patterns.
pub(super) fn targets() -> Vec<Target> {
    let target = |id, statement, figures| Target { id, statement, figures };
    vec![
        target("K1", "quits per worker and year", quits()),
        target("K1b", "recorded absence, days per worker and year", {
            let figures =
                [(1929, 4.1), (1930, 4.5), (1931, 6.0), (1932, 6.0), (1933, 0.93), (1934, 0.67), (1935, 0.8)];
            values("recorded_absence_days", 0.12, &figures)
        }),
        target("K2", "workers relative to 1928", workers()),
        target("K2b", "people of ranks 2 and 3 per 100 workers", {
            let figures = [(1928, 3.8), (1932, 7.0), (1937, 9.1), (1940, 11.2)];
            figures.map(|(of, data)| value(Amount::MiddleAndDirectors, of, data, 0.05)).into()
        }),
        target("K4", "correlation of yearly arrests with convictions", vec![arrests()]),
        // A band without a tolerance in the section, for each of its two spans.
        target("K5", "share of the accused who are sanctioned", {
            let of = |label, span| band("sanctioned_share", label, span, (0.08, 0.22));
            vec![of("1929-30", years(1929, 1930)), of("1934-36", years(1934, 1936))]
        }),
        // The same, for each year.
        target("K6", "elite turnover, a year", {
            let of = |of: u16| band("elite_turnover", &of.to_string(), year(of), (0.10, 0.25));
            (1932..=1936).map(of).collect()
        }),
        // No tolerance in the section; the second figure is approximate.
        target("K7", "share of workers with less than 24 months of tenure", {
            let of = |of, data, tolerance| value(Amount::Measure("newcomers"), of, data, tolerance);
            vec![of(1932, 0.5, TOLERANCE), of(1940, 0.2, ABOUT)]
        }),
    ]
}

/// "1937-38 about .88" is one figure over both years.
fn quits() -> Vec<Figure> {
    let figures = [
        (1928, 0.92),
        (1929, 1.15),
        (1930, 1.52),
        (1931, 1.37),
        (1932, 1.35),
        (1933, 1.22),
        (1934, 0.97),
        (1935, 0.86),
        (1936, 0.875),
    ];
    let mut figures = values("quit_rate", TOLERANCE, &figures);
    figures.push(Figure {
        label: "1937-38".to_owned(),
        number: Number::Of(Amount::Measure("quit_rate"), years(1937, 1938)),
        aim: Aim::Value(0.88),
        tolerance: ABOUT,
    });
    figures
}

fn workers() -> Vec<Figure> {
    let of = |(of, data): (u16, f64)| Figure {
        label: of.to_string(),
        number: Number::Ratio(Amount::Measure("workers"), year(of), year(1928)),
        aim: Aim::Value(data),
        tolerance: 0.05,
    };
    [(1932, 1.935), (1937, 2.548), (1940, 2.677)].map(of).into()
}

/// The section asks for a correlation above .9 and gives no tolerance. The level of arrests is free.
fn arrests() -> Figure {
    let convictions = [34.0, 56.0, 208.0, 181.0, 142.0, 240.0, 79.0, 267.0, 275.0, 791.0, 554.0, 64.0, 72.0];
    let figures = (1928..).zip(convictions).map(|(of, thousands)| (year(of), thousands)).collect();
    Figure {
        label: "1928-40".to_owned(),
        number: Number::Correlation(Amount::Arrests, figures),
        aim: Aim::Band(0.9, 1.0),
        tolerance: TOLERANCE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_reads_known_measures_within_the_calendar() {
        let all = targets();
        assert_eq!(
            all.iter().map(|target| target.figures.len()).collect::<Vec<_>>(),
            [10, 7, 3, 4, 1, 2, 5, 2]
        );
        for (amount, span) in
            all.iter().flat_map(|target| &target.figures).flat_map(|figure| figure.number.amounts())
        {
            assert!(span.first <= span.last && span.last <= Month::LAST, "{span:?}");
            assert_eq!(span.count() % 12, 0, "{span:?}");
            if let Amount::Measure(key) = amount {
                assert!(PHASE_MEASURES.iter().any(|measure| measure.key == key), "{key}");
            }
        }
    }

    #[test]
    fn ranks_2_and_3_are_counted_over_workers() {
        let month = |workers, second, third, fourth, arrests| MonthRecord {
            people_by_rank: [workers, 50, second, third, fourth],
            arrests,
            ..MonthRecord::default()
        };
        // 18 + 6 people-months over 300 worker-months.
        let months = [month(100, 8, 2, 30, 1), month(200, 10, 4, 30, 2)];
        assert_eq!(Amount::MiddleAndDirectors.of(&months), Some(8.0));
        assert_eq!(Amount::MiddleAndDirectors.of(&[]), None);
        assert_eq!(Amount::Arrests.of(&months), Some(3.0));
        assert_eq!(Amount::Measure("workers").of(&months), Some(150.0));
    }

    /// The figures of the table of docs/model.md are those of the code: a change of one must reach the other.
    #[test]
    fn figures_are_those_of_the_section() {
        let model = include_str!("../../../docs/model.md");
        let line = |id: &str| model.lines().find(|line| line.starts_with(&format!("| {id} "))).unwrap();
        let shown = |value: f64| value.to_string().trim_start_matches('0').to_owned();
        for target in targets() {
            let line = line(target.id);
            for figure in &target.figures {
                match (&figure.number, figure.aim) {
                    (Number::Correlation(_, figures), _) => {
                        let list: Vec<String> = figures.iter().map(|(_, value)| value.to_string()).collect();
                        assert!(line.contains(&format!("1940: {};", list.join(", "))), "{line}");
                    }
                    (_, Aim::Value(value)) => assert!(line.contains(&shown(value)), "{value} {line}"),
                    (_, Aim::Band(low, high)) => {
                        let band = format!("{low:.2} to {high:.2}").replace("0.", ".");
                        assert!(line.contains(&band), "{band} {line}");
                    }
                }
            }
        }
    }
}
