//! Checks names of scenarios, phases and events, and labels: the texts in the cells of result tables.
//!
//! Programs that read CSV take some texts for missing values, numbers, booleans, dates or formulas, and may then change
//! the type of the whole column. Such names are refused; [`misread`] detects them.

use std::fmt;

use super::fault::Problem;
use super::reader::{Given, Reader};

/// Maximum length of a label in bytes.
pub const MAX_LABEL: usize = 200;

/// Maximum length of the name of a phase or an event in characters.
const MAX_NAME: usize = 60;

/// Texts that pandas, R, Stata or PostgreSQL's `COPY` take for missing values by default, and error values of
/// spreadsheets; in lower case. `nan` is also a number.
const MISSING: &[&str] = &[
    "",
    "#n/a",
    "#n/a n/a",
    "#na",
    "-1.#ind",
    "-1.#qnan",
    "-nan",
    "1.#ind",
    "1.#qnan",
    "<na>",
    "n/a",
    "na",
    "nan",
    "nat",
    "none",
    "null",
    "na_character_",
    "na_integer_",
    "na_real_",
    "\\n",
    ".",
    "#null!",
    "#div/0!",
    "#value!",
    "#ref!",
    "#name?",
    "#num!",
];

/// Texts that R, DuckDB or pandas take for booleans, in lower case.
const BOOLEANS: &[&str] = &["true", "false", "t", "f", "yes", "no"];

/// Characters that make a spreadsheet read a cell as a formula.
const FORMULA: &[char] = &['=', '+', '-', '@'];

/// English names of months; three letters or more abbreviate them.
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The type that another program takes a text for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misread {
    /// A missing value.
    Missing,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// A date or a time.
    Date,
    /// A formula.
    Formula,
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Misread::Missing => "a missing value",
            Misread::Number => "a number",
            Misread::Boolean => "true or false",
            Misread::Date => "a date or a time",
            Misread::Formula => "a formula",
        })
    }
}

/// Returns the type that another program would take a text for, if not for text.
pub fn misread(text: &str) -> Option<Misread> {
    // Full-width characters are read like the ordinary ones.
    let plain: String = text
        .trim()
        .chars()
        .map(|letter| match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            other => other.to_ascii_lowercase(),
        })
        .collect();
    let plain = plain.to_ascii_lowercase();
    if MISSING.contains(&plain.as_str()) {
        Some(Misread::Missing)
    } else if BOOLEANS.contains(&plain.as_str()) {
        Some(Misread::Boolean)
    } else if is_number(&plain) {
        Some(Misread::Number)
    } else if plain.starts_with(FORMULA) {
        Some(Misread::Formula)
    } else if is_date(&plain) {
        Some(Misread::Date)
    } else {
        None
    }
}

/// Whether a text is a number, allowing for separators, percent signs, and hexadecimal and binary digits: `1928`,
/// `-1_000`, `1,000.5`, `5 %`, `1e3`, `0x1f`, `0b11`, `inf`.
fn is_number(text: &str) -> bool {
    let bare: String =
        text.chars().filter(|letter| !['_', ',', '\'', ' ', '\u{a0}'].contains(letter)).collect();
    let bare = bare.trim_end_matches('%');
    let unsigned = bare.trim_start_matches(['+', '-']);
    let digits_of = |base: u32, text: &str| {
        text.strip_prefix(if base == 16 { "0x" } else { "0b" })
            .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(base)))
    };
    bare.parse::<f64>().is_ok() || digits_of(16, unsigned) || digits_of(2, unsigned)
}

/// A run of digits or letters, or a single other character.
enum Run<'t> {
    Digits(&'t str),
    Letters(&'t str),
    Other(char),
}

fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = |same: fn(char) -> bool| rest.find(|letter| !same(letter)).unwrap_or(rest.len());
        let (run, length) = if first.is_ascii_digit() {
            let length = length(|letter| letter.is_ascii_digit());
            (Run::Digits(&rest[..length]), length)
        } else if first.is_alphabetic() {
            let length = length(char::is_alphabetic);
            (Run::Letters(&rest[..length]), length)
        } else {
            (Run::Other(first), first.len_utf8())
        };
        runs.push(run);
        rest = &rest[length..];
    }
    runs
}

/// Whether a text is a date or a time: `1937-08`, `1.8.1937`, `8/1937`, `1937-08-01T10:00`, `10:30`, `Aug 1937`,
/// `March1`.
fn is_date(text: &str) -> bool {
    let runs = runs(text);
    let digits: Vec<&str> = runs
        .iter()
        .filter_map(|run| if let Run::Digits(digits) = run { Some(*digits) } else { None })
        .collect();
    let others_are = |allowed: &[char]| {
        runs.iter().all(|run| if let Run::Other(other) = run { allowed.contains(other) } else { true })
    };
    let month =
        |word: &str| word.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(word) || word == "sept");
    let mut words =
        runs.iter().filter_map(|run| if let Run::Letters(word) = run { Some(*word) } else { None });
    let only_time_words = words.clone().all(|word| ["t", "z", "am", "pm", "utc", "gmt"].contains(&word));
    let named = words.clone().count() == 1 && words.all(month);
    if digits.is_empty() || !others_are(&['-', '/', '.', ' ', ':', ',', '+']) {
        return false;
    }
    if named {
        return digits.len() <= 2
            && digits.iter().all(|digits| digits.len() <= 4)
            && others_are(&['-', '/', '.', ' ', ',']);
    }
    if !only_time_words {
        return false;
    }
    // Digits on both sides of a colon make a time.
    let time =
        runs.windows(3).any(|three| matches!(three, [Run::Digits(_), Run::Other(':'), Run::Digits(_)]));
    let date_digits: Vec<&str> = if time { Vec::new() } else { digits };
    time || is_day_or_month(&date_digits)
}

/// Whether two or three numbers can be a month and a year, a day and a month, or a day, a month and a year.
fn is_day_or_month(numbers: &[&str]) -> bool {
    let value = |number: &str| number.parse::<u32>().unwrap_or(u32::MAX);
    let year = |number: &str| number.len() == 4;
    let month = |number: &str| number.len() <= 2 && (1..=12).contains(&value(number));
    let day = |number: &str| number.len() <= 2 && (1..=31).contains(&value(number));
    let short_year = |number: &str| number.len() == 2;
    match numbers {
        [a, b] => (year(a) && month(b)) || (month(a) && (year(b) || day(b))) || (day(a) && month(b)),
        [a, b, c] => {
            let two = |a: &str, b: &str| (month(a) && day(b)) || (day(a) && month(b));
            (two(a, b) && (year(c) || short_year(c))) || ((year(a) || short_year(a)) && two(b, c))
        }
        _ => false,
    }
}

/// The name of an invisible or confusable character; `None` for ordinary characters, including spaces and line ends.
pub(super) fn confusable(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\u{feff}' => "byte order mark",
        '\u{a0}' => "no-break space",
        '\u{ad}' => "soft hyphen",
        '\u{200b}' => "zero-width space",
        '\u{200c}' | '\u{200d}' => "zero-width joiner",
        '\u{2060}' => "word joiner",
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "direction mark",
        '\u{2028}' | '\u{2029}' => "Unicode line end",
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2018}' | '\u{2019}' => "curly quotation mark",
        '\u{2212}' => "typographic minus sign",
        '\u{2013}' | '\u{2014}' => "dash",
        other if other.is_whitespace() && !other.is_ascii() => "space other than the ordinary one",
        other if other.is_control() && !['\n', '\r', '\t'].contains(&other) => "control character",
        _ => return None,
    })
}

/// Whether a text is one line without spaces at its ends.
fn is_line(text: &str) -> bool {
    // A byte order mark counts as a space, as in the regular expressions of schemas.
    let trimmed = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    let breaks = |letter: char| letter.is_control() || ['\u{2028}', '\u{2029}'].contains(&letter);
    !trimmed.is_empty() && trimmed == text && !text.chars().any(breaks)
}

/// The problem if a text cannot be used as the name of a `what`: it violates the rule (`good` is false) or is misread.
fn refusal(text: &str, what: &'static str, good: bool, rule: &'static str) -> Option<Problem> {
    let name = || text.chars().take(80).collect();
    if !good {
        Some(Problem::BadName { what, name: name(), rule })
    } else {
        misread(text).map(|misread| Problem::Misread { what, name: name(), misread })
    }
}

fn check(reader: &mut Reader<'_>, name: &Given<String>, problem: Option<Problem>, key: &str) -> bool {
    match problem {
        Some(problem) => {
            reader.faults.push(problem, key, Some(name.at.clone()));
            false
        }
        None => true,
    }
}

/// Records a fault unless the text can name a scenario, and therefore a folder.
pub(super) fn check_scenario(reader: &mut Reader<'_>, name: &Given<String>, key: &str) -> bool {
    let text = &name.value;
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let good = text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(allowed);
    let rule = "use at most 64 lower-case letters, digits and `_`, and begin with a letter";
    check(reader, name, refusal(text, "scenario", good, rule), key)
}

/// The cohort in `survival.csv` of those who were in the elite at the start of January 1928. No phase has this name.
pub const COHORT_OF_THE_START: &str = "start";

/// Records a fault unless the text can name a phase.
pub(super) fn check_phase(reader: &mut Reader<'_>, name: &Given<String>, key: &str) -> bool {
    if name.value == COHORT_OF_THE_START {
        let rule = "use another name, because survival.csv gives it to the cohort of January 1928";
        let problem = Problem::BadName { what: "phase", name: name.value.clone(), rule };
        return check(reader, name, Some(problem), key);
    }
    check_part(reader, name, "phase", key)
}

/// Records a fault unless the text can name a phase or an event.
pub(super) fn check_part(
    reader: &mut Reader<'_>,
    name: &Given<String>,
    what: &'static str,
    key: &str,
) -> bool {
    let good = is_line(&name.value) && name.value.chars().count() <= MAX_NAME;
    let rule = "use 1 to 60 characters on one line, without spaces at the ends";
    check(reader, name, refusal(&name.value, what, good, rule), key)
}

/// Records a fault unless the text can be the identifier of a claim.
pub(super) fn check_claim(reader: &mut Reader<'_>, id: &Given<String>, key: &str) -> bool {
    let text = &id.value;
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    let good = text.len() <= MAX_NAME
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(allowed);
    let rule = "use at most 60 letters, digits, `_` and `-`, and begin with a letter";
    check(reader, id, refusal(text, "claim", good, rule), key)
}

/// The problem if a text cannot be a label.
pub(super) fn bad_label(text: &str) -> Option<Problem> {
    let rule = "use 1 to 200 bytes on one line, without spaces at the ends";
    refusal(text, "label", is_line(text) && text.len() <= MAX_LABEL, rule)
}

/// Records a fault unless the text can be a label.
pub(super) fn check_label(reader: &mut Reader<'_>, label: &Given<String>) -> bool {
    check(reader, label, bad_label(&label.value), "label")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_other_programs_misread_are_found() {
        let cases: &[(Misread, &[&str])] = &[
            (
                Misread::Missing,
                &["null", "NULL", "NA", "n/a", "N/A", "nan", "NaN", "None", "<NA>", "#N/A", "NaT", "."],
            ),
            (Misread::Boolean, &["true", "FALSE", "T", "f", "yes", "No"]),
            (
                Misread::Number,
                &[
                    "1928",
                    "-5",
                    "+5",
                    "1e3",
                    "1,000",
                    "1_000",
                    "1 000",
                    ".5",
                    "5.",
                    "inf",
                    "-Infinity",
                    "0x1F",
                    "0b11",
                    "50 %",
                    "１９２８",
                ],
            ),
            (Misread::Formula, &["=1+1", "+terror", "-terror", "@terror", "＝SUM(A1)"]),
            (
                Misread::Date,
                &[
                    "1937-08",
                    "1937-08-01",
                    "1.8.1937",
                    "8/1937",
                    "1937/08/01",
                    "1937-08-01T10:00Z",
                    "10:30",
                    "Aug 1937",
                    "1 March",
                    "MARCH1",
                    "5/28",
                ],
            ),
        ];
        for (expected, texts) in cases {
            for text in *texts {
                assert_eq!(misread(text), Some(*expected), "{text}");
            }
        }
    }

    #[test]
    fn ordinary_names_pass() {
        for text in [
            "terror",
            "1928/29",
            "1928-29",
            "1928 to 1930",
            "phase 1928",
            "№ 7",
            "war & peace",
            "the march of 1937",
            "may",
            "historical+population=4000",
            "террор",
            "NA region",
            "first half",
            "1st plan",
            "Shakhty trial",
            "C01",
            "e5",
            "nano",
        ] {
            assert_eq!(misread(text), None, "{text}");
        }
    }
}
