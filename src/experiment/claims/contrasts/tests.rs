use super::*;
use crate::experiment::claims::evidence::Verdict;
use crate::experiment::claims::values::{estimate, sum};
use crate::experiment::claims::verdict::{margin, of_point};
use crate::scenario::claims::{Join, Margin, Test};
use crate::scenario::load;

const DISCIPLINE: &str = "discipline";

fn compilation() -> Compilation {
    Compilation::on(&load("historical", &[]).unwrap())
}

fn months(first: u16, last: u16) -> Period {
    Period::Months(Month(first), Month(last))
}

fn discipline(period: Period) -> Measured {
    Measured { metric: DISCIPLINE.into(), period, statistic: Statistic::Mean }
}

/// A test that claims more than 0.5.
fn above(contrast: Contrast) -> Test {
    let region = Region { side: Side::Above, bound: 0.0, margin: Margin::Absolute(0.5) };
    Test { contrast, region, note: None }
}

/// The value of discipline in an arm, given by its word, in months from the first.
type Discipline = fn(&str, u16) -> f64;

/// The value of a term.
fn value(compilation: &Compilation, of: Discipline, term: &Term) -> f64 {
    let Quantity::Measured { span, .. } = &compilation.quantities[term.quantity] else { panic!() };
    of(&compilation.arms[term.arm].word(), span.first.0)
}

fn close(found: Option<f64>, expected: f64) {
    assert!((found.unwrap() - expected).abs() < 1e-12, "{found:?}, not {expected}");
}

#[test]
fn a_difference_of_changes_beside_a_share_of_another_by_hand() {
    let mut compilation = compilation();
    let contrast = Contrast::Difference {
        of: discipline(months(12, 23)),
        scenario: "s".into(),
        against: Some("a".into()),
        from: Some(months(0, 11)),
        beside: Some(("o".into(), 0.5)),
    };
    let compiled = compilation.test(&above(contrast)).unwrap();
    let of: Discipline = |arm, first| match (arm, first) {
        ("s", 0) => 0.60,
        ("s", _) => 0.70,
        ("a", 0) => 0.52,
        ("a", _) => 0.50,
        ("o", 0) => 0.58,
        ("o", _) => 0.66,
        _ => f64::NAN,
    };
    let number = |term: &Term| Some(value(&compilation, of, term));
    let [component] = compiled.components.as_slice() else { panic!() };
    // The effect is 0.10 + 0.02, that of the other scenario 0.08 + 0.02, and half of it is taken off.
    close(estimate(component, number), 0.12 - 0.5 * 0.10);
    // What is expected to move is the change in s, 0.10.
    close(sum(&component.reference, number), 0.10 - 0.07);
    let [own, other] = compiled.ratio.unwrap();
    close(sum(&own, number), 0.12);
    close(sum(&other, number), 0.10);
    close(Some(sum(&own, number).unwrap() / sum(&other, number).unwrap()), 1.2);
    assert_eq!(
        component.words,
        "discipline, 1929-01 to 1929-12, change from 1928-01 to 1928-12, s minus a, minus 0.5 of the effect of o"
    );
}

#[test]
fn a_dose_by_hand() {
    let mut compilation = compilation();
    let contrast = Contrast::Dose {
        of: discipline(Period::Whole),
        key: "levers.union".into(),
        values: vec![0.1, 0.3, 0.5, 0.7],
        monotone: true,
        scenario: None,
    };
    let compiled = compilation.test(&above(contrast)).unwrap();
    let of: Discipline = |arm, _| match arm {
        "levers.union=0.1" => 1.0,
        "levers.union=0.3" => 2.0,
        "levers.union=0.5" => 4.0,
        "levers.union=0.7" => 3.0,
        _ => f64::NAN,
    };
    let number = |term: &Term| Some(value(&compilation, of, term));
    // The slope is (-0.3 * 1 - 0.1 * 2 + 0.1 * 4 + 0.3 * 3) / 0.2 = 4, the range 0.6; then the steps.
    let estimates = compiled.components.iter().map(|component| estimate(component, number));
    for (found, expected) in estimates.zip([2.4, 1.0, 2.0, -1.0]) {
        close(found, expected);
    }
    let verdict = |component: &Component| {
        let region = component.region;
        let found = estimate(component, number).unwrap();
        of_point(region.side, region.bound, margin(region, None).unwrap(), found)
    };
    let verdicts: Vec<Verdict> = compiled.components.iter().map(verdict).collect();
    assert_eq!(verdicts[..3], [Verdict::Supported; 3]);
    // The last step goes against the slope by more than the margin.
    assert_eq!(Verdict::join(&verdicts, Join::All), Some(Verdict::Contradicted));
    assert!(
        compiled.components[3].words.ends_with("step of levers.union from 0.5 to 0.7, not against the slope")
    );
}

#[test]
fn extrema_are_named_with_their_side_and_their_average() {
    let mut compilation = compilation();
    let of = |extremum, smooth| ExtremeMonth {
        metric: DISCIPLINE.into(),
        extremum,
        period: months(0, 11),
        smooth,
    };
    let (of_peaks, scenario) = (of(Extremum::Minimum, 5), None);
    let peaks = Contrast::Peaks { of: of_peaks, prominence: 0.1, scenario };
    let (of_peaks, other) = (of(Extremum::Maximum, 3), of(Extremum::Minimum, 1));
    let timing = Contrast::Timing { of: of_peaks, reference: Moment::Extremum(other), scenario: None };
    let words = |compilation: &mut Compilation, contrast| {
        compilation.test(&above(contrast)).unwrap().components.remove(0).words
    };
    assert_eq!(
        words(&mut compilation, peaks),
        "number of minima of discipline (mean of 5 months) that stand out by 0.1, 1928-01 to 1928-12"
    );
    assert_eq!(
        words(&mut compilation, timing),
        "month of the maximum of discipline (mean of 3 months) (1928-01 to 1928-12) minus month of the minimum of discipline (1928-01 to 1928-12)"
    );
}
