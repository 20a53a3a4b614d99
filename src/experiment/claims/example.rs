//! Builds evidence by hand for tests: every verdict, every mark, and texts that no reader must take for markup.

use super::evidence::{ClaimEvidence, Condition, Evidence, Finding, TestEvidence, Trial, Verdict};
use crate::scenario::Sources;
use crate::scenario::claims::{
    Claim, ClaimKind, ClaimTest, Claims, ClaimsPopulation, Contrast, Join, Margin, Region, Robustness, Side,
    Test,
};

/// A statement with characters that Markdown, HTML, CSV and terminals interpret.
pub(crate) const HOSTILE: &str =
    "Bosses <b onmouseover=\"x\">fear</b> | \"the *many*\",\nand\u{202e} so \u{1b}[31m_on_ & [on](http://x)";

/// The evidence: ten claims.
///
/// | claim | kind | verdict | marks |
/// |---|---|---|---|
/// | C01 | causal | supported | carried by `union_stock`; robust under jitter, not under the prior |
/// | C02 | comparative | supported | trivial: n1 and n3 attain it |
/// | C03 | causal | supported | by construction; not carried by `fear` |
/// | C04 | causal | contradicted | the hostile statement |
/// | C05 | comparative | undecided | n0 attains it |
/// | C06 | causal | absent | of two tests one cannot be carried out |
/// | C07 | not simulable | not testable | |
/// | C08 | structural | structural | |
/// | C09 | comparative | supported | n1 was tried and does not attain it; names no mechanism |
/// | C10 | causal | not testable | needs a key that does not exist |
pub(crate) fn evidence() -> Evidence {
    let claims = [
        claim("C01", ClaimKind::Causal, "Unions that speak for workers keep discipline.", &["union_stock"]),
        claim("C02", ClaimKind::Comparative, "Discipline is lowest in the class war.", &[]),
        claim("C03", ClaimKind::Causal, "Fear makes people accuse.", &["fear"]),
        claim("C04", ClaimKind::Causal, HOSTILE, &["rivalry", "fear"]),
        claim("C05", ClaimKind::Comparative, "Turnover has two peaks.", &[]),
        claim("C06", ClaimKind::Causal, "Either test will do.", &[]),
        claim("C07", ClaimKind::NotSimulable, "People believed in the plan.", &[]),
        claim("C08", ClaimKind::Structural, "Posts multiply.", &[]),
        claim("C09", ClaimKind::Comparative, "Grievance is highest in the crisis.", &[]),
        claim("C10", ClaimKind::Causal, "Plans were beyond all means.", &[]),
    ];
    let mut claims = claims.to_vec();
    claims[0].paragraph = Some(29);
    claims[2].by_construction = Some("R5 adds fear to the reasons for an accusation".into());
    claims[5].join = Join::Any;
    claims[6].reason = Some("beliefs are not in the model".into());
    claims[7].contained = Some("table openings.csv".into());
    for (position, tests) in [1, 1, 1, 1, 1, 2, 0, 0, 1, 1].into_iter().enumerate() {
        claims[position].tests = vec![ClaimTest::Ready(difference()); tests];
    }
    let file = Claims {
        name: "example".into(),
        title: "An example | of claims".into(),
        base: "historical".into(),
        population: ClaimsPopulation::default(),
        scenarios: Vec::new(),
        robustness: Robustness::default(),
        claims,
        text: String::new(),
        sources: Sources::default(),
    };
    Evidence {
        claims: file,
        digest: "ab".repeat(32),
        base: "historical".into(),
        seed: 1,
        people: 4000,
        replicates: 100,
        null_replicates: 20,
        draws: (100, 300),
        level: 0.95,
        found: found(),
        confusion: Some([
            [0.7, 0.1, 0.1, 0.1],
            [0.25, 0.25, 0.25, 0.25],
            [0.0, 0.5, 0.5, 0.0],
            [0.0, 0.0, 0.0, 0.0],
        ]),
    }
}

/// What was found, with the base as the first trial of each claim that was tested.
fn found() -> Vec<ClaimEvidence> {
    let mut found = without_base();
    for one in &mut found {
        if !matches!(one.verdict, Verdict::NotTestable | Verdict::Structural) {
            let base = on_base(one);
            one.trials.insert(0, base);
        }
    }
    found
}

/// The trial on the base: a supported claim holds in 90 % of single replicates, another in 10 %.
fn on_base(found: &ClaimEvidence) -> Trial {
    let estimates = found.tests.iter().map(|test| test.findings.iter().map(|one| one.estimate).collect());
    Trial {
        condition: Condition::Base,
        n: 100,
        estimates: estimates.collect(),
        holds: Some(if found.verdict == Verdict::Supported { 0.9 } else { 0.1 }),
        verdict: Some(found.verdict),
        lost: None,
    }
}

fn without_base() -> Vec<ClaimEvidence> {
    use Verdict::{Absent, Contradicted, NotTestable, Structural, Supported, Undecided};
    let mut found = vec![
        of(0, Supported, vec![test(&[(0.05, Supported)])]),
        of(1, Supported, vec![test(&[(0.04, Supported), (0.06, Supported)])]),
        of(2, Supported, vec![test(&[(0.2, Supported)])]),
        of(3, Contradicted, vec![test(&[(-0.08, Contradicted)])]),
        of(4, Undecided, vec![test(&[(0.01, Undecided)])]),
        of(5, Absent, vec![test(&[(0.001, Absent)]), not_testable("needs tables.lives")]),
        of(6, NotTestable, Vec::new()),
        of(7, Structural, Vec::new()),
        of(8, Supported, vec![test(&[(0.03, Supported)])]),
        of(9, NotTestable, vec![not_testable("needs mechanisms.overreach")]),
    ];
    found[6].reason = "beliefs are not in the model".into();
    found[7].reason = "table openings.csv".into();
    found[9].reason = "needs mechanisms.overreach".into();
    found[0].tests[0].ratio = Some((0.4, Some((0.3, f64::INFINITY))));
    let mut union = trial(Condition::Without("union_stock".into()), Undecided, 0.01);
    union.lost = Some(0.8);
    found[0].trials = vec![trial(Condition::Null(0), Contradicted, -0.02), union];
    for rung in 0..=6 {
        let verdict = if rung < 3 { Absent } else { Supported };
        found[0].trials.push(trial(Condition::Rung(rung), verdict, 0.01 * f64::from(rung)));
    }
    found[0].trials.push(draws(Condition::Jitter, 100, 0.95));
    found[0].trials.push(draws(Condition::Prior, 300, 0.4));
    found[1].trials = vec![
        trial(Condition::Null(1), Supported, 0.04),
        trial(Condition::Null(2), Absent, 0.0),
        trial(Condition::Null(3), Supported, 0.05),
        draws(Condition::Jitter, 100, 1.0),
    ];
    let mut fear = trial(Condition::Without("fear".into()), Supported, 0.18);
    fear.lost = Some(0.1);
    found[2].trials = vec![fear];
    let mut both = trial(Condition::Without("fear+rivalry".into()), Contradicted, -0.08);
    both.lost = Some(0.0);
    found[3].trials = vec![both];
    found[4].trials = vec![trial(Condition::Null(0), Supported, 0.05)];
    found[8].trials = vec![trial(Condition::Null(1), Absent, 0.0), draws(Condition::Jitter, 100, 0.9)];
    found
}

fn claim(id: &str, kind: ClaimKind, statement: &str, mechanisms: &[&str]) -> Claim {
    Claim {
        id: id.into(),
        statement: statement.into(),
        paragraph: None,
        kind,
        mechanisms: mechanisms.iter().map(|key| (*key).to_owned()).collect(),
        contained: None,
        reason: None,
        by_construction: None,
        join: Join::All,
        tests: Vec::new(),
    }
}

/// A test of no interest: the tables take the words from the evidence.
fn difference() -> Test {
    Test {
        contrast: Contrast::Recovery { motive: None },
        region: Region { side: Side::Above, bound: 0.0, margin: Margin::Absolute(0.01) },
        note: None,
    }
}

fn of(claim: usize, verdict: Verdict, tests: Vec<TestEvidence>) -> ClaimEvidence {
    ClaimEvidence { claim, verdict, reason: String::new(), tests, trials: Vec::new() }
}

/// A test with a component for each estimate and verdict; intervals are 0.01 wide on both sides.
fn test(parts: &[(f64, Verdict)]) -> TestEvidence {
    let finding = |(position, (estimate, verdict)): (usize, &(f64, Verdict))| Finding {
        words: format!("discipline, part {}", position + 1),
        unit: "share".into(),
        n: 100,
        reference: Some(0.8),
        estimate: Some(*estimate),
        interval: Some((estimate - 0.01, estimate + 0.01)),
        bound: 0.0,
        margin: Some(0.01),
        adjusted: Some(0.001),
        verdict: *verdict,
    };
    TestEvidence {
        words: "discipline rises by more than 0.01".into(),
        findings: parts.iter().enumerate().map(finding).collect(),
        verdict: parts[0].1,
        reason: None,
        ratio: None,
    }
}

fn not_testable(reason: &str) -> TestEvidence {
    TestEvidence {
        words: "grievance rises by more than 0.02".into(),
        findings: Vec::new(),
        verdict: Verdict::NotTestable,
        reason: Some(reason.into()),
        ratio: None,
    }
}

fn trial(condition: Condition, verdict: Verdict, estimate: f64) -> Trial {
    let holds = Some(f64::from(u8::from(verdict == Verdict::Supported)));
    let (verdict, estimates) = (Some(verdict), vec![vec![Some(estimate)]]);
    Trial { condition, n: 20, estimates, holds, verdict, lost: None }
}

fn draws(condition: Condition, n: u64, holds: f64) -> Trial {
    Trial { condition, n, estimates: vec![vec![Some(0.03)]], holds: Some(holds), verdict: None, lost: None }
}
