//! Formats cells of the tables of claims for readers.

use super::rows::{ClaimRow, TestRow};
use crate::experiment::rounding::{rounded, short, signed, trimmed, with_ends};

/// A share as a percentage with the digits of draws: `95 %`.
pub fn in_percent(share: f64) -> String {
    format!("{} %", trimmed(100.0 * share, 1))
}

/// A share without a unit, for cells; `-` if it is not defined.
pub fn share(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| rounded(value, 2))
}

/// The verdict without the claimed mechanisms and the share of the effect that is lost, for a cell; `-` if it was not tried.
pub fn need(row: &ClaimRow) -> String {
    match (row.without, row.lost) {
        (None, None) => "-".to_owned(),
        (Some(verdict), None) => verdict.word().to_owned(),
        (verdict, Some(lost)) => {
            let verdict = verdict.map_or_else(String::new, |verdict| format!("{}, ", verdict.word()));
            format!("{verdict}{} lost", in_percent(lost))
        }
    }
}

/// The component in words, with the reason why its test cannot be carried out unless the words give it.
pub fn words(test: &TestRow) -> String {
    let given = match test.reason.strip_prefix("needs ") {
        Some(key) => test.words.contains(&format!("needs `{key}`")),
        None => test.reason.is_empty(),
    };
    if given { test.words.clone() } else { format!("{} ({})", test.words, test.reason) }
}

/// The estimate of a component and its interval, with the digits that the interval warrants; `-` if they are not defined.
/// Differences have signs.
pub fn estimate(test: &TestRow) -> (String, String) {
    let write = if test.reference.is_some() { signed } else { rounded };
    let undefined = || "-".to_owned();
    match (test.estimate, test.interval) {
        (None, _) => (undefined(), undefined()),
        (Some(estimate), [Some(low), Some(high)]) => {
            let (estimate, (low, high)) = with_ends(estimate, (low, high), write);
            (estimate, format!("{low} to {high}"))
        }
        (Some(estimate), _) => (short(estimate), undefined()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::claims::example::evidence;
    use crate::experiment::claims::rows::Results;

    #[test]
    fn cells_of_need_have_verdict_and_loss() {
        let results = Results::of(&evidence());
        let need = |claim: usize| need(&results.claims[claim]);
        assert_eq!([need(0), need(1), need(2)], ["undecided, 80 % lost", "-", "supported, 10 % lost"]);
        assert_eq!([share(Some(0.954)), share(None)], ["0.95", "-"]);
    }

    #[test]
    fn a_reason_is_given_once() {
        let results = Results::of(&evidence());
        let mut row = results.tests_of("C06").last().unwrap().clone();
        assert_eq!(words(&row), "grievance rises by more than 0.02 (needs tables.lives)");
        for text in ["a test that needs `tables.lives`", "how lives went (needs `tables.lives`)"] {
            row.words = text.to_owned();
            assert_eq!(words(&row), text);
        }
        // The words name another key, which begins in the same way.
        row.reason = "needs tables.live".into();
        assert!(words(&row).ends_with("(needs `tables.lives`) (needs tables.live)"));
        row.reason.clear();
        assert_eq!(words(&row), row.words);
    }

    #[test]
    fn estimates_have_the_digits_of_their_interval_and_differences_a_sign() {
        let mut row = Results::of(&evidence()).tests[0].clone();
        let of = |row: &TestRow| {
            let (estimate, interval) = estimate(row);
            format!("{estimate} ({interval})")
        };
        assert_eq!(of(&row), "+0.050 (+0.040 to +0.060)");
        row.reference = None;
        assert_eq!(of(&row), "0.050 (0.040 to 0.060)");
        row.interval[1] = None;
        assert_eq!(of(&row), "0.05 (-)");
        row.estimate = None;
        assert_eq!(of(&row), "- (-)");
    }
}
