//! Says what follows from the verdict on a claim, and what does not.

use super::cells::in_percent;
use super::evidence::Verdict;
use super::rows::ClaimRow;
use super::summary::listed;

/// What follows and what does not, a text each, for a verdict with all that is known about its worth.
pub fn consequences(row: &ClaimRow) -> [String; 2] {
    let [mut follows, not] = match row.verdict {
        Verdict::Supported => supported(row),
        Verdict::Absent => [
            "In the model at least one effect that the claim needs is smaller than the smallest that counts.".to_owned(),
            "It does not follow that there is no effect at all: the margin sets what counts.".to_owned(),
        ],
        Verdict::Contradicted => [
            "In the model at least one estimate lies beyond the margin on a side that the claim excludes.".to_owned(),
            "It does not follow that the claim is false of the past: a rule or a parameter of the model may be wrong instead."
                .to_owned(),
        ],
        Verdict::Undecided => [
            "The runs do not decide the claim.".to_owned(),
            "It follows neither that the claim holds nor that it fails.".to_owned(),
        ],
        Verdict::NotTestable => [
            format!("Nothing follows. The model cannot test the claim{}.", because(&row.reason)),
            "It does not follow that the claim is wrong or of no importance.".to_owned(),
        ],
        Verdict::Structural => [
            format!("The model contains the claim{}.", because(&row.reason)),
            "It does not follow that the claim is true: what is put into a model is not a result of it.".to_owned(),
        ],
    };
    if row.supported() {
        for (share, of) in
            [(row.jitter, "shifted levers and turns of policy"), (row.prior, "judged parameters")]
        {
            if let Some(share) = share {
                follows += &format!(" It holds in {} of the draws of {of}.", in_percent(share));
            }
        }
    }
    [follows, not]
}

fn because(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {}", reason.trim_end_matches('.')) }
}

fn supported(row: &ClaimRow) -> [String; 2] {
    if !row.by_construction.is_empty() {
        return [
            format!(
                "The claim holds in the model. A rule implies the sign{}; of the tests that this concerns only the size is a result.",
                because(&row.by_construction)
            ),
            "It does not follow that the model bears the claim out: these tests could fail by their size alone."
                .to_owned(),
        ];
    }
    if row.trivial == Some(true) {
        return [
            format!("The claim holds in the model, and under {} as well.", listed(&row.attained_by)),
            "It does not follow that a mechanism of the model is behind it: a null model gives the same."
                .to_owned(),
        ];
    }
    by_mechanism(row)
}

/// What follows of a supported claim from trying it without the claimed mechanisms.
fn by_mechanism(row: &ClaimRow) -> [String; 2] {
    let mechanisms = listed(&row.mechanisms);
    match row.carried() {
        Some(true) => [
            format!("The claim holds in the model, and it depends on {mechanisms}."),
            "It does not follow that the past worked in this way, nor that no other mechanism could do the same."
                .to_owned(),
        ],
        Some(false) => [
            match row.lost {
                Some(_) => format!("The claim holds in the model, and keeps more than half of every effect without {mechanisms}."),
                None => format!("The claim holds in the model, and without {mechanisms} as well."),
            },
            "It does not follow that the claimed mechanism brings it about: most of it comes from something else in the model."
                .to_owned(),
        ],
        None if row.tried_without() => [
            "The claim holds in the model.".to_owned(),
            format!("It does not follow which mechanism brings it about: without {mechanisms} it is undecided."),
        ],
        None => [
            "The claim holds in the model.".to_owned(),
            "It does not follow which mechanism brings it about: the claim was not tried without one.".to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::claims::example::evidence;
    use crate::experiment::claims::rows::Results;

    #[test]
    fn what_follows_depends_on_all_that_is_known() {
        let results = Results::of(&evidence());
        let of = |claim: usize| consequences(&results.claims[claim]);
        let follows = [
            "The claim holds in the model, and it depends on union_stock. It holds in 95 % of the draws of shifted levers and turns of policy. It holds in 40 % of the draws of judged parameters.",
            "The claim holds in the model, and under n1 and n3 as well. It holds in 100 % of the draws of shifted levers and turns of policy.",
            "The claim holds in the model. A rule implies the sign: R5 adds fear to the reasons for an accusation; of the tests that this concerns only the size is a result.",
            "In the model at least one estimate lies beyond the margin on a side that the claim excludes.",
            "The runs do not decide the claim.",
            "In the model at least one effect that the claim needs is smaller than the smallest that counts.",
            "Nothing follows. The model cannot test the claim: beliefs are not in the model.",
            "The model contains the claim: table openings.csv.",
        ];
        for (claim, expected) in follows.into_iter().enumerate() {
            assert_eq!(of(claim)[0], expected);
        }
        // A claim that is trivial or true by construction is never said to be borne out.
        assert!(of(1)[1].contains("a null model gives the same"));
        assert!(of(2)[1].contains("could fail by their size alone"));
        assert!(of(8)[1].contains("not tried without one"));
        let mut row = results.claims[0].clone();
        row.lost = None;
        assert!(consequences(&row)[1].ends_with("without union_stock it is undecided."));
        row.without = Some(Verdict::Supported);
        assert!(consequences(&row)[0].contains("holds in the model, and without union_stock as well."));
    }
}
