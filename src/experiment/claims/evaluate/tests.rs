use super::*;
use crate::experiment::claims::compile::{Estimator, Term};
use crate::experiment::claims::evidence::Trial;
use crate::experiment::claims::example;
use crate::scenario::claims::{Margin, Region, Robustness, Side};

/// Variants of the cases of [`values`].
const BASE: usize = 0;
const WITHOUT: usize = 1;
const NO_ACCUSATIONS: usize = 2;
/// The first of four draws.
const JITTER: usize = 3;

/// A file with one claim, which is attributed to `union_stock`.
fn claims(join: Join, tests: usize) -> Claims {
    let mut claims = example::evidence().claims;
    claims.claims.truncate(1);
    let claim = &mut claims.claims[0];
    claim.tests = vec![claim.tests[0].clone(); tests];
    claim.join = join;
    claims.robustness =
        Robustness { judged_levers: vec!["union".into()], shift: 0.1, ..Robustness::default() };
    claims
}

/// A test that a quantity of the base is above 0 by more than 0.1.
fn above_a_tenth(quantity: usize) -> Compiled {
    let estimator = Estimator::Sum(vec![Term { weight: 1.0, arm: 0, quantity }]);
    let region = Region { side: Side::Above, bound: 0.0, margin: Margin::Absolute(0.1) };
    let (words, unit) = ("an effect".to_owned(), "share".to_owned());
    let component = Component { words, unit, estimator, reference: Vec::new(), region };
    Compiled { components: vec![component], ratio: None }
}

fn compilation(tests: Vec<Compiled>) -> Compilation {
    let mut compilation = Compilation::default();
    compilation.arms.push(super::super::compile::Arm::Base);
    let metric = |name: &str| {
        super::super::quantities::Quantity::Month(name.into(), crate::engine::calendar::Month(0), 1)
    };
    compilation.quantities = vec![metric("fear"), metric("discipline")];
    compilation.tests = vec![tests.into_iter().map(Ok).collect()];
    compilation
}

/// Values by hand: the base, without the mechanism, without accusations, and draws. The second quantity is 0 in every run.
/// The fifth draw was not run.
fn values() -> RunQuantities {
    let case = |condition, draw| (Case { condition, draw }, 0);
    let mut of: std::collections::BTreeMap<(Case, usize), usize> = std::collections::BTreeMap::new();
    of.insert(case(Condition::Base, 0), BASE);
    of.insert(case(Condition::Without("union_stock".into()), 0), WITHOUT);
    of.insert(case(Condition::Null(0), 0), NO_ACCUSATIONS);
    of.extend((1..=5).map(|draw| (case(Condition::Jitter, draw), JITTER + draw as usize - 1)));
    let mut values = RunQuantities::of(of);
    for (variant, runs) in [
        (BASE, [0.3, 0.4, 0.5, 0.4]),
        (WITHOUT, [0.1, 0.1, 0.2, 0.0]),
        // Varies so much that no interval is beyond the margin.
        (NO_ACCUSATIONS, [-2.0, 2.0, -1.0, 2.0]),
    ] {
        for (replicate, value) in (1..).zip(runs) {
            values.add(variant, replicate, &[Some(value), Some(0.0)]);
        }
    }
    for (draw, value) in [None, Some(0.2), Some(0.3), Some(-0.1)].into_iter().enumerate() {
        values.add(JITTER + draw, draw as u32 + 1, &[value, Some(0.0)]);
    }
    values
}

/// The evidence on the claim.
fn found(claims: &Claims, compilation: &Compilation) -> ClaimEvidence {
    let extent = Extent { replicates: 4, null_replicates: 4, jitter: 5, ..Extent::of(4) };
    let (values, levers_only) = (values(), LeversOnly::default());
    let evaluation =
        Evaluation { claims, compilation, extent: &extent, values: &values, levers_only: &levers_only };
    evaluation.evidence().remove(0)
}

fn trial(found: &ClaimEvidence, condition: Condition) -> &Trial {
    found.trial(&condition).unwrap()
}

#[test]
fn conditions_by_hand() {
    let found = found(&claims(Join::All, 1), &compilation(vec![above_a_tenth(0)]));
    assert_eq!(found.verdict, Verdict::Supported);
    // The base is first: all four replicates hold.
    assert_eq!(found.trials[0].condition, Condition::Base);
    assert_eq!((found.trials[0].n, found.trials[0].holds), (4, Some(1.0)));
    assert_eq!(found.trials[0].verdict, Some(Verdict::Supported));
    // Mean 0.4 on the base, 0.1 without the mechanism.
    let without = trial(&found, Condition::Without("union_stock".into()));
    assert!((without.lost.unwrap() - 0.75).abs() < 1e-12, "{without:?}");
    assert_eq!((without.n, without.verdict), (4, Some(Verdict::Undecided)));
    // A draw in which the estimate is undefined counts, one that was not run does not.
    let jitter = trial(&found, Condition::Jitter);
    assert_eq!((jitter.n, jitter.holds, jitter.verdict), (4, Some(0.5), None));
    assert_eq!(jitter.estimates, [[Some(0.2)]]);
    // A null model is judged by its mean, 0.25, as if it were known.
    let null = trial(&found, Condition::Null(0));
    assert_eq!((null.verdict, null.holds), (Some(Verdict::Supported), Some(1.0)));
    assert!((null.estimates[0][0].unwrap() - 0.25).abs() < 1e-12);
    assert!(found.attained_by().contains(&"n0".to_owned()));
    // Nothing is drawn of what the file does not vary.
    assert!(found.trial(&Condition::Null(1)).is_none() && found.trial(&Condition::Prior).is_none());
}

#[test]
fn a_claim_that_any_test_can_support_loses_what_its_supported_tests_lose() {
    let tests = vec![above_a_tenth(1), above_a_tenth(0)];
    let found = found(&claims(Join::Any, 2), &compilation(tests));
    assert_eq!(
        found.tests.iter().map(|test| test.verdict).collect::<Vec<_>>(),
        [Verdict::Undecided, Verdict::Supported]
    );
    let without = trial(&found, Condition::Without("union_stock".into()));
    assert!((without.lost.unwrap() - 0.75).abs() < 1e-12, "{without:?}");
}

#[test]
fn claims_without_a_verdict_have_no_trials() {
    let mut compilation = compilation(vec![above_a_tenth(0), above_a_tenth(0)]);
    compilation.tests[0][1] = Err("needs tables.lives".into());
    let found = found(&claims(Join::All, 2), &compilation);
    assert_eq!((found.verdict, found.trials.len()), (Verdict::NotTestable, 0));
}

#[test]
fn controllability_is_tried_on_the_base_alone() {
    let mut test = above_a_tenth(0);
    test.components[0].estimator = Estimator::Controllability(0, None);
    let claims = claims(Join::All, 1);
    let compilation = compilation(vec![test]);
    let extent = Extent { replicates: 4, ..Extent::of(4) };
    let mut levers_only = LeversOnly::default();
    levers_only.explain(0, None, Moments::of(200, 0.6, 0.5));
    let (compilation, values) = (&compilation, &values());
    let evaluation =
        Evaluation { claims: &claims, compilation, extent: &extent, values, levers_only: &levers_only };
    let found = evaluation.evidence().remove(0);
    let base = &found.trials[0];
    assert_eq!((found.verdict, found.trials.len()), (Verdict::Supported, 1));
    assert_eq!((base.n, base.holds, &base.estimates[0][0]), (200, None, &Some(0.6)));
}
