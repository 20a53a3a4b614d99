//! Numbers as readers see them: rounded to some decimals.
//!
//! Owns the rule that what rounds to nothing has no sign: neither `-0.0` nor `+0.0`.

/// A number with so many decimals.
pub fn rounded(value: f64, decimals: usize) -> String {
    unsigned_nought(format!("{value:.decimals$}"))
}

/// A difference with so many decimals: with its sign, `+` too, unless it rounds to nothing.
pub fn signed(value: f64, decimals: usize) -> String {
    unsigned_nought(format!("{value:+.decimals$}"))
}

fn unsigned_nought(text: String) -> String {
    match text.strip_prefix(['-', '+']) {
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rounds_to_nothing_has_no_sign() {
        for nothing in [-0.04, -0.0, 0.0, 0.04] {
            assert_eq!([signed(nothing, 1), rounded(nothing, 1)], ["0.0", "0.0"]);
        }
        assert_eq!([signed(-0.4, 0), rounded(-0.4, 0)], ["0", "0"]);
    }

    #[test]
    fn what_does_not_keeps_it() {
        assert_eq!([signed(-0.06, 1), signed(0.06, 1), signed(-12.0, 0)], ["-0.1", "+0.1", "-12"]);
        assert_eq!([rounded(-0.06, 1), rounded(0.06, 1), rounded(100.0, 0)], ["-0.1", "0.1", "100"]);
        assert_eq!([signed(f64::INFINITY, 1), rounded(f64::NEG_INFINITY, 1)], ["+inf", "-inf"]);
    }
}
