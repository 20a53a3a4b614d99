//! Puts people into words.

use crate::model::identity::{Entry, entry};

/// How a person entered the model, from the person's identity.
pub(super) fn entry_text(identity: u64) -> String {
    match entry(identity) {
        Some(Entry::Initial { unit, ordinal }) => {
            format!("present in January 1928 in unit {unit}, number {ordinal}")
        }
        Some(Entry::Hired { month, unit, ordinal }) => {
            format!("hired by plant {unit} in {month}, number {ordinal}")
        }
        Some(Entry::Student { month, ordinal }) => {
            format!("entered school from outside in {month}, number {ordinal}")
        }
        Some(Entry::EarlyStudent { month, ordinal }) => {
            format!("graduated in {month} after entering school before 1928, number {ordinal}")
        }
        None => "of unknown entry".to_owned(),
    }
}

/// Reads the identity of a person: 16 hexadecimal digits, with or without the `p` before them.
pub(super) fn parse_identity(text: &str) -> Result<u64, String> {
    Some(text.strip_prefix('p').unwrap_or(text))
        .filter(|text| text.len() == 16 && text.bytes().all(|digit| digit.is_ascii_hexdigit()))
        .and_then(|text| u64::from_str_radix(text, 16).ok())
        .filter(|identity| entry(*identity).is_some())
        .ok_or_else(|| {
            "write `p` and the 16 hexadecimal digits of a person, as `kadry follow --rule` and lives.csv give them"
                .into()
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::identity;

    #[test]
    fn identities_are_read_as_they_are_printed() {
        let person = identity::initial(12, 291);
        assert_eq!(parse_identity(&identity::text(person)), Ok(person));
        assert_eq!(parse_identity(&format!("{person:016x}")), Ok(person));
        assert_eq!(entry_text(person), "present in January 1928 in unit 12, number 291");
        for text in [
            "",
            "1",
            "p",
            "pp000000060000085",
            "+000000000000001",
            "g000000000000000",
            "8000000000000000",
            "10000000c00001230",
        ] {
            assert!(parse_identity(text).is_err(), "{text}");
        }
    }
}
