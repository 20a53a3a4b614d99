use super::*;
use crate::experiment::claims::example::{HOSTILE, evidence};

fn text(paragraph: &Paragraph) -> String {
    format!("{} {}", paragraph.text, paragraph.points.join(" "))
}

#[test]
fn the_summary_counts_the_claims() {
    let results = Results::of(&evidence());
    let all = paragraphs(&results);
    assert_eq!(
        counts(&results),
        "4 supported, 1 absent, 1 contradicted, 1 undecided, 2 not testable, 1 structural"
    );
    let supported = text(&all[0]);
    assert!(supported.starts_with("The file has 10 claims; the model can test 7 of them."));
    assert!(
        supported
            .contains("Of 4 supported claims, 2 are neither trivial nor true by construction (C01, C09)."),
        "{supported}"
    );
    assert!(supported.contains("1 supported claim is trivial"), "{supported}");
    assert!(supported.contains("(C02 by n1 and n3)") && supported.contains("sections name (C03): of these"));
}

#[test]
fn trivial_claims_and_those_true_by_construction_are_not_among_the_informative() {
    let results = Results::of(&evidence());
    let points = &paragraphs(&results)[0].points;
    assert_eq!(
        points[..],
        ["C01: Unions that speak for workers keep discipline.", "C09: Grievance is highest in the crisis."]
    );
}

#[test]
fn mechanisms_carry_claims_that_fall_without_them() {
    let results = Results::of(&evidence());
    let carried = &paragraphs(&results)[1];
    assert_eq!(carried.points, ["union_stock carries C01."]);
    assert!(
        carried.text.contains("The claimed mechanism does not carry 1 supported claim, which without it stays supported or loses less (C03)."),
        "{}",
        carried.text
    );
    assert!(carried.text.contains("2 supported claims are attributed to no mechanism (C02, C09)."));
    assert!(carried.text.contains("20 replicates instead of 100"));
    let of = |claim: usize| results.claims[claim].carried();
    // C04 is contradicted, so nothing carries it.
    assert_eq!([of(0), of(1), of(2), of(3)], [Some(true), None, Some(false), None]);
    let mut results = results.clone();
    results.claims[2].lost = Some(CARRIED);
    results.claims[8].mechanisms = vec!["fear".into()];
    results.claims[8].without = Some(Verdict::Absent);
    // Half of the effect is enough; marks are kept.
    assert_eq!(mechanisms(&results)[0], "fear carries C03 (true by construction) and C09.");
}

#[test]
fn a_mechanism_is_open_if_a_claim_is_undecided_without_it_and_no_loss_is_known() {
    use Verdict::{Absent, Contradicted, NotTestable, Supported, Undecided};
    let mut results = Results::of(&evidence());
    let mut of = |without: Verdict, lost: Option<f64>| {
        (results.claims[0].without, results.claims[0].lost) = (Some(without), lost);
        results.claims[0].carried()
    };
    for falls in [Absent, Contradicted, NotTestable] {
        assert_eq!([of(falls, None), of(falls, Some(0.1))], [Some(true); 2], "{falls:?}");
    }
    assert_eq!(
        [Some(0.5), Some(0.49), None].map(|lost| of(Undecided, lost)),
        [Some(true), Some(false), None]
    );
    let found = [Some(0.5), Some(0.49), None].map(|lost| of(Supported, lost));
    assert_eq!(found, [Some(true), Some(false), Some(false)]);
    of(Undecided, None);
    let text = &paragraphs(&results)[1].text;
    let open = "For 1 supported claim the question is open: without the mechanism it is undecided, and no loss is known (C01).";
    assert!(text.contains(open), "{text}");
}

#[test]
fn what_is_contradicted_open_and_robust_is_named() {
    let all = paragraphs(&Results::of(&evidence()));
    assert!(all[2].text.starts_with("1 claim is contradicted") && all[2].text.contains("(C06)"));
    assert_eq!(all[2].points, [format!("C04: {}", one_line(HOSTILE))]);
    assert!(all[3].text.contains("1 claim is undecided (C05)"));
    assert!(all[3].text.contains("2 claims are not testable in this model (C07, C10)"));
    assert!(
        all[3].text.contains("1 claim is structural (C08): the model contains it, so it cannot test it.")
    );
    let robust = &all[4].text;
    assert!(
        robust.contains("Of 3 supported claims tried with shifted levers and turns of policy (100 draws), 3 hold in at least 90 % of the draws."),
        "{robust}"
    );
    assert!(
        robust.contains("Of 1 supported claim tried with judged parameters drawn from their prior (300 draws), 0 hold in at least 90 % of the draws, and 1 holds in fewer than half (C01)."),
        "{robust}"
    );
}

#[test]
fn an_empty_file_has_a_summary() {
    let mut results = Results::of(&evidence());
    results.claims.clear();
    let all = paragraphs(&results);
    assert!(all[0].text.contains("0 claims") && all[0].text.contains("No claim is supported."));
    assert_eq!(all[2].text, "The model contradicts no claim.");
    assert_eq!(counts(&results), "no claims");
}

#[test]
fn motives_are_findings_only_if_all_are_recovered() {
    let mut results = Results::of(&evidence());
    let text = motives(&results).unwrap();
    // Nobody accused out of fear, so this motive does not count.
    assert!(text.contains("principle 70 %, temperament 25 % and rivalry 50 %. The motive of temperament is recovered in 25 % of its accusations only."), "{text}");
    assert!(text.ends_with("shares of motives are assumptions of the model, and not findings."));
    let mut shares = [[0.0; 4]; 4];
    for motive in 0..4 {
        shares[motive][motive] = 0.8;
        shares[motive][(motive + 1) % 4] = 0.2;
    }
    results.motives = Some(shares);
    assert!(!motives(&results).unwrap().contains("assumptions"));
    results.motives = Some([[0.0; 4]; 4]);
    assert!(motives(&results).unwrap().contains("no accusations"));
    results.motives = None;
    assert_eq!(motives(&results), None);
}

#[test]
fn a_text_stays_on_its_line_and_in_its_direction() {
    let shown = one_line(HOSTILE);
    assert!(!shown.chars().any(|letter| letter.is_control() || letter == '\u{202e}'), "{shown:?}");
    assert!(shown.contains("<b onmouseover") && shown.contains("and\u{fffd} so"));
}

#[test]
fn null_models_are_explained_if_they_were_tried() {
    let mut results = Results::of(&evidence());
    let text = nulls(&results).unwrap();
    assert!(text.starts_with("Null models are n0: no accusations; n1: judged levers permuted"), "{text}");
    assert!(!text.contains("n4"), "{text}");
    results.conditions.retain(|row| row.condition == "base");
    assert_eq!(nulls(&results), None);
}
