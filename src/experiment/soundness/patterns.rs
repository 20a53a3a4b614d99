//! The patterns of section 1.2 of docs/model.md that were held out of every fit, as numbers of a run.
//!
//! A pattern holds in a run if each of its parts is above 0. Periods are those of the model description, by month, so that
//! every base can be asked. Margins are 0: patterns are orderings.

use super::measures::mean_of;
use crate::engine::calendar::Month;
use crate::experiment::claims::quantities::{Quantity, Span};
use crate::scenario::claims::{PlantOutcome, PlantRegressor};

/// How a number enters a part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::experiment) enum Scale {
    /// As it is.
    Linear,
    /// Its logarithm.
    Log,
    /// The absolute value of its logarithm.
    AbsoluteLog,
}

/// A weighted number of a run.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::experiment) struct Term {
    pub(in crate::experiment) weight: f64,
    pub(in crate::experiment) scale: Scale,
    pub(in crate::experiment) quantity: Quantity,
}

/// A sum of terms and a constant, which is above 0 where the pattern holds.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::experiment) struct Part {
    pub(in crate::experiment) constant: f64,
    pub(in crate::experiment) terms: Vec<Term>,
}

impl Part {
    /// The sum, if each number is defined.
    pub(in crate::experiment) fn excess(&self, value: impl Fn(&Quantity) -> Option<f64>) -> Option<f64> {
        self.terms.iter().try_fold(self.constant, |sum, term| {
            let value = value(&term.quantity)?;
            let scaled = match term.scale {
                Scale::Linear => value,
                Scale::Log => libm::log(value),
                Scale::AbsoluteLog => libm::log(value).abs(),
            };
            Some(sum + term.weight * scaled).filter(|sum| sum.is_finite())
        })
    }
}

/// A pattern that was held out.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::experiment) struct Pattern {
    /// As docs/model.md numbers it, with a letter for each of its parts that can fail apart.
    pub(in crate::experiment) id: &'static str,
    /// In words.
    pub(in crate::experiment) statement: &'static str,
    /// Why it is an input of the model or nearly so and no evidence; empty for evidence.
    pub(in crate::experiment) input: &'static str,
    pub(in crate::experiment) parts: Vec<Part>,
}

impl Pattern {
    /// Whether it holds; `None` if no part fails and one is not defined.
    pub(in crate::experiment) fn holds(&self, value: impl Fn(&Quantity) -> Option<f64>) -> Option<bool> {
        let parts: Vec<Option<bool>> =
            self.parts.iter().map(|part| part.excess(&value).map(|excess| excess > 0.0)).collect();
        all_of(&parts)
    }
}

/// Whether all conditions are met: if one is known not to be, the others need not be known.
pub(super) fn all_of(conditions: &[Option<bool>]) -> Option<bool> {
    if conditions.contains(&Some(false)) {
        return Some(false);
    }
    conditions.iter().all(Option::is_some).then_some(true)
}

fn span(first: &str, last: &str) -> Span {
    let month = |text: &str| text.parse::<Month>().expect("the month is in the calendar");
    Span { first: month(first), last: month(last) }
}

fn p1() -> Span {
    span("1928-01", "1931-06")
}

fn p2() -> Span {
    span("1931-07", "1933-12")
}

fn p3a() -> Span {
    span("1934-01", "1936-12")
}

fn p3b() -> Span {
    span("1937-01", "1938-10")
}

fn p4() -> Span {
    span("1938-11", "1941-06")
}

fn term(weight: f64, metric: &str, span: Span) -> Term {
    Term { weight, scale: Scale::Linear, quantity: mean_of(metric, span) }
}

/// The metric is larger in the first span than in the second.
fn larger(metric: &str, first: Span, second: Span) -> Part {
    Part { constant: 0.0, terms: vec![term(1.0, metric, first), term(-1.0, metric, second)] }
}

/// The metric is above a bound.
fn above(metric: &str, span: Span, bound: f64) -> Part {
    Part { constant: -bound, terms: vec![term(1.0, metric, span)] }
}

/// The metric is largest in one of the five periods (`sign` 1) or smallest in it (-1).
fn extreme(metric: &str, of: Span, sign: f64) -> Vec<Part> {
    let others = [p1(), p2(), p3a(), p3b(), p4()].into_iter().filter(|other| *other != of);
    let part =
        |other| Part { constant: 0.0, terms: vec![term(sign, metric, of), term(-sign, metric, other)] };
    others.map(part).collect()
}

/// All patterns.
pub(in crate::experiment) fn patterns() -> Vec<Pattern> {
    let pattern = |id, statement, parts| Pattern { id, statement, input: "", parts };
    let mut all = vec![
        pattern("H1", "elite turnover: terror above class war, class war above the other periods", {
            let others = [p2(), p3a(), p4()].map(|other| larger("elite_turnover", p1(), other));
            [larger("elite_turnover", p3b(), p1())].into_iter().chain(others).collect()
        }),
        pattern(
            "H2a",
            "the union elections of 1937 replace more than .60 of the union officials of the middle rank",
            vec![above("voted_out_middle", span("1937-10", "1937-11"), 0.6)],
        ),
        pattern(
            "H2b",
            "elections of 1937: officials of the upper ranks lose office more often than those of the middle rank",
            {
                let terms = vec![term(1.0, "voted_out_upper", p3b()), term(-1.0, "voted_out_middle", p3b())];
                vec![Part { constant: 0.0, terms }]
            },
        ),
        pattern("H3a", "discipline is lowest in the class war", extreme("discipline", p1(), -1.0)),
        pattern("H3b", "discipline: 1934-36 above 1931-33", vec![larger("discipline", p3a(), p2())]),
        pattern("H3c", "discipline: 1934-36 above the terror", vec![larger("discipline", p3a(), p3b())]),
        pattern("H3d", "discipline is highest from November 1938 on", extreme("discipline", p4(), 1.0)),
        pattern("H4", "grievance rises from 1928-31 to 1931-33 while accusations fall by more than half", {
            let terms =
                vec![term(0.5, "accusations_per_1000", p1()), term(-1.0, "accusations_per_1000", p2())];
            vec![larger("grievance", p2(), p1()), Part { constant: 0.0, terms }]
        }),
        pattern(
            "H5a",
            "entropy of the accused: terror above class war",
            vec![larger("accused_entropy", p3b(), p1())],
        ),
        pattern(
            "H5b",
            "the hazard ratio of former people is nearer to 1 in 1931-33 than before",
            vec![nearer_to_one()],
        ),
        pattern("H5c", "the hazard ratio of former people falls from 1928-31 to 1931-33", {
            vec![larger("former_hazard_ratio", p1(), p2())]
        }),
        pattern(
            "H6",
            "the two images of the enemy overlap most in the terror",
            extreme("image_overlap", p3b(), 1.0),
        ),
        pattern(
            "H7a",
            "the share of principle is largest in the class war",
            extreme("share_principle", p1(), 1.0),
        ),
        pattern("H7b", "the share of rivalry is largest in the terror", extreme("share_rivalry", p3b(), 1.0)),
        pattern("H7c", "the share of fear is largest in the terror", extreme("share_fear", p3b(), 1.0)),
        pattern("H8", "bosses are accused more often in their first year in rank than later", newly_risen()),
        pattern("H9", "survival of elite cohorts over 24 months: 1928-31 below 1934-36 below 1938-41", {
            vec![larger("survival_24", p3a(), p1()), larger("survival_24", p4(), p3a())]
        }),
        pattern(
            "H10",
            "output grows less than half as fast from 1936 to 1940 as from 1928 to 1936",
            vec![growth_halves()],
        ),
        pattern(
            "H11",
            "party exits in 1933-34 are .25 to .42 of the party of January 1933, recent recruits above others",
            exits(),
        ),
        pattern(
            "H12",
            "arrests in the terror exceed their plan",
            vec![above("arrests_over_plan", p3b(), 1.0)],
        ),
        pattern(
            "H13",
            "plants with more accusations of bosses lose more discipline from 1934-36 to the terror",
            vec![plants()],
        ),
    ];
    for (id, input) in [
        ("H3d", "the levers of authority and penalty are highest then"),
        ("H7c", "fear follows the arrests that the lever sets"),
        ("H11", "the lever of the purge is set to it"),
        ("H12", "the plan is set so low that it must be exceeded"),
    ] {
        all.iter_mut().filter(|pattern| pattern.id == id).for_each(|pattern| pattern.input = input);
    }
    all
}

fn nearer_to_one() -> Part {
    let term = |weight, span| Term { scale: Scale::AbsoluteLog, ..term(weight, "former_hazard_ratio", span) };
    Part { constant: 0.0, terms: vec![term(1.0, p1()), term(-1.0, p2())] }
}

fn newly_risen() -> Vec<Part> {
    let all = Span { first: Month::FIRST, last: Month::LAST };
    let over = |other| Part {
        constant: 0.0,
        terms: vec![term(1.0, "hazard_newly_risen", all), term(-1.0, other, all)],
    };
    vec![over("hazard_settled"), over("hazard_established")]
}

/// Growth per year of mean output, as logarithms: half of that over eight years minus that over four.
fn growth_halves() -> Part {
    let of = |year: &str, weight| Term {
        scale: Scale::Log,
        ..term(weight, "output", span(&format!("{year}-01"), &format!("{year}-12")))
    };
    Part {
        constant: 0.0,
        terms: vec![of("1928", -1.0 / 16.0), of("1936", 1.0 / 16.0 + 0.25), of("1940", -0.25)],
    }
}

fn exits() -> Vec<Part> {
    let exits = |weight| term(weight, "party_exits", span("1933-01", "1934-12"));
    let january = "1933-01".parse().expect("the month is in the calendar");
    let members = |weight| Term {
        weight,
        scale: Scale::Linear,
        quantity: Quantity::Month("party_members".to_owned(), january, 1),
    };
    vec![
        Part { constant: 0.0, terms: vec![exits(1.0), members(-0.25)] },
        Part { constant: 0.0, terms: vec![exits(-1.0), members(0.42)] },
        above("recent_expulsion_ratio", span("1933-01", "1934-12"), 1.0),
    ]
}

fn plants() -> Part {
    let quantity =
        Quantity::Plants(PlantOutcome::Discipline, PlantRegressor::AccusationsOfBosses, p3a(), p3b());
    Part { constant: 0.0, terms: vec![Term { weight: -1.0, scale: Scale::Linear, quantity }] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excess(id: &str, value: impl Fn(&Quantity) -> Option<f64>) -> Vec<Option<f64>> {
        let all = patterns();
        let pattern = all.iter().find(|pattern| pattern.id == id).unwrap();
        pattern.parts.iter().map(|part| part.excess(&value)).collect()
    }

    fn measured(quantity: &Quantity) -> (&str, Span) {
        let Quantity::Measured { metric, span, .. } = quantity else { panic!("{quantity:?}") };
        (metric, *span)
    }

    #[test]
    fn orderings_are_differences() {
        let turnover = |quantity: &Quantity| {
            let spans = [p1(), p2(), p3a(), p3b(), p4()];
            Some([0.2, 0.1, 0.15, 0.5, 0.25][spans.iter().position(|span| *span == measured(quantity).1)?])
        };
        let found: Vec<f64> = excess("H1", turnover).into_iter().flatten().collect();
        let expected = [0.3, 0.1, 0.05, -0.05];
        assert!(found.iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-12), "{found:?}");
        assert_eq!(found.len(), 4);
    }

    /// Ratios 2 and 1/4: logarithms ln 2 and -2 ln 2.
    #[test]
    fn ratios_are_compared_by_their_distance_from_one() {
        let ratio = |quantity: &Quantity| Some(if measured(quantity).1 == p1() { 2.0 } else { 0.25 });
        let found = excess("H5b", ratio)[0].unwrap();
        assert!((found + libm::log(2.0)).abs() < 1e-12);
        assert_eq!(excess("H5b", |_| Some(0.0)), [None]);
    }

    /// Output of 1, e^.8 and e^1: growth of .1 and .05 a year, so nothing is above half.
    #[test]
    fn growth_is_compared_per_year() {
        let output = |quantity: &Quantity| {
            let log = match measured(quantity).1.first.year() {
                1928 => 0.0,
                1936 => 0.8,
                _ => 1.0,
            };
            Some(libm::exp(log))
        };
        assert!(excess("H10", output)[0].unwrap().abs() < 1e-12);
    }

    #[test]
    fn every_pattern_reads_known_measures() {
        let all = patterns();
        assert_eq!(all.len(), 21);
        for term in all.iter().flat_map(|pattern| &pattern.parts).flat_map(|part| &part.terms) {
            let known = crate::scenario::claims::metrics();
            assert!(
                term.quantity.metrics().iter().all(|metric| known.contains(metric)),
                "{:?}",
                term.quantity
            );
        }
    }
}
