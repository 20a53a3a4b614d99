//! Writes the summary of a test of claims in sentences, for the page, the report and the terminal.
//!
//! Every number and every list follows from the results. Sentences are plain text: they name claims by their identifiers, so
//! no text of a file is in them but reasons and statements, on one line ([`one_line`]).

use super::cells::in_percent;
use super::evidence::Verdict;
use super::rows::{CARRIED, ClaimRow, Results};
use super::trials::TRIAL_LEVEL;
use crate::experiment::rounding::percent;
use crate::model::state::standing::MOTIVE_NAMES;
use std::collections::BTreeMap;

/// The share of draws from which on a verdict counts as robust.
pub const ROBUST: f64 = 0.9;

/// The share of the accusations out of each motive that must be recovered before shares of motives count as found.
pub const RECALL: f64 = 0.8;

/// A paragraph of the summary, with a heading of a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The heading.
    pub title: &'static str,
    /// Sentences.
    pub text: String,
    /// Points below the sentences; often none.
    pub points: Vec<String>,
}

/// Replaces characters that break lines or change the direction of the text around them, so that a text of a file stays
/// where it is put.
pub fn one_line(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            char::REPLACEMENT_CHARACTER
        }
        '\u{2028}' | '\u{2029}' => ' ',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    text.chars().map(shown).collect()
}

/// A list in words: `C01, C02 and C03`.
pub fn listed<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => "none".to_owned(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// A number of things with the verb that follows: `1 claim is`, `3 claims are`.
fn are(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what} is") } else { format!("{count} {what}s are") }
}

/// The identifiers of the claims for which `which` holds.
fn ids(results: &Results, which: impl Fn(&ClaimRow) -> bool) -> Vec<String> {
    results.claims.iter().filter(|row| which(row)).map(|row| row.claim.clone()).collect()
}

/// The identifiers in brackets, with a space before them; empty if there are none.
fn in_brackets(ids: &[String]) -> String {
    if ids.is_empty() { String::new() } else { format!(" ({})", ids.join(", ")) }
}

/// The claims and their statements, one a point.
fn stated(results: &Results, which: impl Fn(&ClaimRow) -> bool) -> Vec<String> {
    let claims = results.claims.iter().filter(|row| which(row));
    claims.map(|row| format!("{}: {}", row.claim, one_line(&row.statement))).collect()
}

/// The summary.
pub fn paragraphs(results: &Results) -> Vec<Paragraph> {
    vec![
        supported(results),
        carried(results),
        contradicted(results),
        open(results),
        robust(results),
        words(results),
    ]
}

/// Counts the verdicts: `3 supported, 1 contradicted`, in the order of [`Verdict::ALL`]; those without a claim are left out.
pub fn counts(results: &Results) -> String {
    let count = |verdict: &Verdict| (results.count(*verdict), verdict.word());
    let counts = Verdict::ALL.iter().map(count).filter(|(count, _)| *count > 0);
    let words: Vec<String> = counts.map(|(count, word)| format!("{count} {word}")).collect();
    if words.is_empty() { "no claims".to_owned() } else { words.join(", ") }
}

/// The sentence on the supported claims that are neither trivial nor true by construction.
pub fn informative(results: &Results) -> String {
    let supported = results.count(Verdict::Supported);
    let informative = ids(results, ClaimRow::informative);
    let of = match supported {
        0 => return "No claim is supported.".to_owned(),
        1 => "Of 1 supported claim".to_owned(),
        supported => format!("Of {supported} supported claims"),
    };
    let are = if informative.len() == 1 { "is" } else { "are" };
    format!(
        "{of}, {} {are} neither trivial nor true by construction{}.",
        informative.len(),
        in_brackets(&informative)
    )
}

fn supported(results: &Results) -> Paragraph {
    let tested = ids(results, |row| !matches!(row.verdict, Verdict::NotTestable | Verdict::Structural));
    let mut text = format!(
        "The file has {}; the model can test {} of them. Verdicts: {}. {}",
        match results.claims.len() {
            1 => "1 claim".to_owned(),
            claims => format!("{claims} claims"),
        },
        tested.len(),
        counts(results),
        informative(results),
    );
    let trivial: Vec<String> = results
        .claims
        .iter()
        .filter(|row| row.trivial == Some(true))
        .map(|row| format!("{} by {}", row.claim, listed(&row.attained_by)))
        .collect();
    if !trivial.is_empty() {
        text += &format!(
            " {} trivial, because a null model attains the claim as well ({}): such a claim shows nothing about a mechanism.",
            are(trivial.len(), "supported claim"),
            trivial.join("; ")
        );
    }
    let built = ids(results, |row| row.supported() && !row.by_construction.is_empty());
    if !built.is_empty() {
        text += &format!(
            " For {} a rule of the model implies the sign of tests that the sections name{}: of these tests only the size is a result.",
            if built.len() == 1 {
                "1 supported claim".to_owned()
            } else {
                format!("{} supported claims", built.len())
            },
            in_brackets(&built)
        );
    }
    Paragraph { title: "What the model supports", text, points: stated(results, ClaimRow::informative) }
}

/// A sentence for each mechanism, or several together, that carry a claim: `fear carries C01 and C03 (trivial).`
pub fn mechanisms(results: &Results) -> Vec<String> {
    let mut carried: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in results.claims.iter().filter(|row| row.carried() == Some(true)) {
        let mark = match (row.trivial, row.by_construction.is_empty()) {
            (Some(true), _) => " (trivial)",
            (_, false) => " (true by construction)",
            _ => "",
        };
        carried.entry(row.mechanisms.join(" with ")).or_default().push(format!("{}{mark}", row.claim));
    }
    carried.iter().map(|(keys, claims)| format!("{keys} carries {}.", listed(claims))).collect()
}

/// The sentence on the null models under which claims were tried; `None` if there are none.
pub fn nulls(results: &Results) -> Option<String> {
    let null = |word: &str| word.strip_prefix('n').is_some_and(|number| number.parse::<u8>().is_ok());
    let tried: BTreeMap<&str, &str> = results
        .conditions
        .iter()
        .filter(|row| null(&row.condition))
        .map(|row| (row.condition.as_str(), row.meaning.as_str()))
        .collect();
    let models: Vec<String> = tried.iter().map(|(word, meaning)| format!("{word}: {meaning}")).collect();
    (!models.is_empty()).then(|| format!("Null models are {}.", models.join("; ")))
}

fn carried(results: &Results) -> Paragraph {
    let heading = &results.heading;
    let tried = ids(results, ClaimRow::tried_without);
    let mut text = format!(
        "A mechanism carries a supported claim if the claim, without it, loses at least {} % of one of its effects, or is absent, contradicted or not testable.",
        percent(100.0 * CARRIED)
    );
    if heading.null_replicates < heading.replicates {
        text += &format!(
            " Runs without a mechanism have {} replicates instead of {}; a verdict can become undecided for that reason alone, which does not count.",
            heading.null_replicates, heading.replicates
        );
    }
    if tried.is_empty() {
        text += " No supported claim was tried without the mechanism to which it is attributed.";
    }
    text += &not_carried(results);
    let unnamed = ids(results, |row| row.supported() && row.mechanisms.is_empty());
    if !unnamed.is_empty() {
        text += &format!(
            " {} attributed to no mechanism{}.",
            are(unnamed.len(), "supported claim"),
            in_brackets(&unnamed)
        );
    }
    let points = mechanisms(results);
    Paragraph { title: "Which mechanism carries which claim", text, points }
}

/// Sentences on the claims that the claimed mechanism does not carry, and on those for which this is open.
fn not_carried(results: &Results) -> String {
    let mut text = String::new();
    let claims = |count: usize| match count {
        1 => "1 supported claim".to_owned(),
        count => format!("{count} supported claims"),
    };
    let kept = ids(results, |row| row.carried() == Some(false));
    if !kept.is_empty() {
        text += &format!(
            " The claimed mechanism does not carry {}, which without it {}{}.",
            claims(kept.len()),
            if kept.len() == 1 { "stays supported or loses less" } else { "stay supported or lose less" },
            in_brackets(&kept)
        );
    }
    let open = ids(results, |row| row.tried_without() && row.carried().is_none());
    if !open.is_empty() {
        text += &format!(
            " For {} the question is open: without the mechanism {} undecided, and no loss is known{}.",
            claims(open.len()),
            if open.len() == 1 { "it is" } else { "they are" },
            in_brackets(&open)
        );
    }
    text
}

fn contradicted(results: &Results) -> Paragraph {
    let is = |verdict: Verdict| move |row: &ClaimRow| row.verdict == verdict;
    let contradicted = ids(results, is(Verdict::Contradicted));
    let mut text = match contradicted.len() {
        0 => "The model contradicts no claim.".to_owned(),
        count => format!(
            "{} contradicted: in at least one of its tests the interval lies beyond the margin on a side that the claim excludes.",
            are(count, "claim")
        ),
    };
    let absent = ids(results, is(Verdict::Absent));
    if !absent.is_empty() {
        text += &format!(
            " In {} at least one effect is absent, that is, smaller than the smallest that counts, and none is contradicted{}.",
            if absent.len() == 1 { "1 claim".to_owned() } else { format!("{} claims", absent.len()) },
            in_brackets(&absent)
        );
    }
    Paragraph {
        title: "What the model contradicts",
        text,
        points: stated(results, is(Verdict::Contradicted)),
    }
}

fn open(results: &Results) -> Paragraph {
    let of = |verdict: Verdict| ids(results, |row| row.verdict == verdict);
    let mut sentences = Vec::new();
    let undecided = of(Verdict::Undecided);
    if !undecided.is_empty() {
        sentences.push(format!(
            "{} undecided{}: an interval lies across a margin. More replicates can decide this unless the effect is as large as the margin.",
            are(undecided.len(), "claim"),
            in_brackets(&undecided)
        ));
    }
    let not_testable = of(Verdict::NotTestable);
    if !not_testable.is_empty() {
        sentences.push(format!(
            "{} not testable in this model{}; the sections give the reasons.",
            are(not_testable.len(), "claim"),
            in_brackets(&not_testable)
        ));
    }
    let structural = of(Verdict::Structural);
    if !structural.is_empty() {
        sentences.push(format!(
            "{} structural{}: the model contains it, so it cannot test it.",
            are(structural.len(), "claim"),
            in_brackets(&structural)
        ));
    }
    if sentences.is_empty() {
        sentences.push("The model has an answer to every claim.".to_owned());
    }
    Paragraph { title: "What the model cannot say", text: sentences.join(" "), points: Vec::new() }
}

fn robust(results: &Results) -> Paragraph {
    let heading = &results.heading;
    let of = |what: &str, draws: u32, share: fn(&ClaimRow) -> Option<f64>| {
        let tried = ids(results, |row| row.supported() && share(row).is_some());
        if tried.is_empty() {
            return format!("No supported claim was tried with {what}.");
        }
        let held = ids(results, |row| row.supported() && share(row).is_some_and(|share| share >= ROBUST));
        let weak = ids(results, |row| row.supported() && share(row).is_some_and(|share| share < 0.5));
        let mut sentence = format!(
            "Of {} supported {} tried with {what} ({draws} draws), {} {} in at least {} % of the draws",
            tried.len(),
            if tried.len() == 1 { "claim" } else { "claims" },
            held.len(),
            if held.len() == 1 { "holds" } else { "hold" },
            percent(100.0 * ROBUST)
        );
        if !weak.is_empty() {
            sentence += &format!(
                ", and {} in fewer than half{}",
                if weak.len() == 1 { "1 holds".to_owned() } else { format!("{} hold", weak.len()) },
                in_brackets(&weak)
            );
        }
        sentence + "."
    };
    let text = format!(
        "{} {} The draws vary what the modellers judged, and not the rules.",
        of("shifted levers and turns of policy", heading.jitter_draws, |row| row.jitter),
        of("judged parameters drawn from their prior", heading.prior_draws, |row| row.prior),
    );
    Paragraph { title: "How robust the verdicts are", text, points: Vec::new() }
}

/// What a verdict means, as a clause.
pub fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Supported => "the interval lies wholly where the claim puts it",
        Verdict::Absent => "an effect is claimed, and the interval lies within the margin of no effect",
        Verdict::Contradicted => "the interval lies beyond the margin on a side that the claim excludes",
        Verdict::Undecided => "the interval lies across a margin",
        Verdict::NotTestable => "the test cannot be carried out",
        Verdict::Structural => "the model contains the claim, and no test is given",
    }
}

fn words(results: &Results) -> Paragraph {
    let points = Verdict::ALL.map(|verdict| format!("{}: {}.", verdict.word(), meaning(verdict)));
    Paragraph {
        title: "How to read the verdicts",
        text: format!(
            "A verdict is about the model, not about the past: supported says that the model does what the claim says. The margin is the smallest effect that counts; the file sets it. Where a claim has several tests, the worst verdict counts unless the file says that the best does. Intervals hold at the level of {} % for all tests of the file together. They describe chance between replicates, and do not say whether the model is right. Null models are judged by means or medians taken as known; verdicts without a mechanism and on a rung of the ladder by intervals at {} % each. Each draw is one run, so chance lowers the share of draws in which a claim holds; the row of the base has the share of its single replicates.",
            percent(100.0 * results.heading.level),
            percent(100.0 * TRIAL_LEVEL)
        ),
        points: points.to_vec(),
    }
}

/// The sentences on the recovery of motives; `None` if it was not tested.
pub fn motives(results: &Results) -> Option<String> {
    let shares = results.motives.as_ref()?;
    let recalls: Vec<(&str, f64)> = MOTIVE_NAMES
        .iter()
        .enumerate()
        .filter(|(motive, _)| shares[*motive].iter().any(|share| *share > 0.0))
        .map(|(motive, name)| (*name, shares[motive][motive]))
        .collect();
    let Some((worst, recall)) = recalls.iter().copied().min_by(|one, other| one.1.total_cmp(&other.1)) else {
        return Some("There were no accusations whose motive could be recovered.".to_owned());
    };
    let each: Vec<String> =
        recalls.iter().map(|(name, recall)| format!("{name} {}", in_percent(*recall))).collect();
    let verdict = if recall >= RECALL {
        format!("Every motive is recovered in at least {} of its accusations.", in_percent(RECALL))
    } else {
        format!(
            "The motive of {worst} is recovered in {} of its accusations only. The target does not reveal every motive: shares of motives are assumptions of the model, and not findings.",
            in_percent(recall)
        )
    };
    Some(format!(
        "Share of each motive's accusations that the profile of the target gives back: {}. {verdict}",
        listed(&each)
    ))
}

#[cfg(test)]
mod tests;
