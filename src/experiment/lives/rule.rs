//! Reads the rules by which people are found, such as `worker in 1928, director by 1938`.
//!
//! A rule has parts joined by commas, all of which must hold for a person. A part is a word of [`WORDS`], `in` or `by`, and
//! a year or month.

use crate::engine::calendar::Month;
use crate::model::observed::SoFar;
use crate::model::rules::outcome::{Outcome, outcome};
use crate::model::state::fate;
use crate::model::state::person::Person;
use crate::model::state::standing::{DIRECTOR, ELITE, FOREMAN, REGIONAL, Role, WORKER};
use crate::model::state::unit::Cause;
use crate::scenario::nearest;

/// What a part says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// Has this rank at the end of a month.
    Rank(u8),
    /// Is of the elite and has this role at the end of a month.
    Role(Role),
    /// Is a member or candidate of the party at the end of a month.
    InParty,
    /// Is accused in a month.
    Accused,
    /// Accuses someone in a month.
    Accuser,
    /// Is arrested.
    Arrested,
    /// Is expelled from the party.
    Expelled,
    /// Loses rank, for whatever reason.
    Demoted,
    /// Is voted out and loses rank.
    VotedOut,
    /// Is dismissed after accusations.
    Dismissed,
}

/// The words that a part may begin with.
pub const WORDS: &[(&str, Saying)] = &[
    ("worker", Saying::Rank(WORKER)),
    ("foreman", Saying::Rank(FOREMAN)),
    ("middle", Saying::Rank(ELITE)),
    ("director", Saying::Rank(DIRECTOR)),
    ("regional", Saying::Rank(REGIONAL)),
    ("manager", Saying::Role(Role::Manager)),
    ("specialist", Saying::Role(Role::Specialist)),
    ("party", Saying::Role(Role::Party)),
    ("union", Saying::Role(Role::Union)),
    ("party member", Saying::InParty),
    ("accused", Saying::Accused),
    ("accuser", Saying::Accuser),
    ("arrested", Saying::Arrested),
    ("expelled", Saying::Expelled),
    ("demoted", Saying::Demoted),
    ("voted out", Saying::VotedOut),
    ("dismissed", Saying::Dismissed),
];

impl Saying {
    /// Whether it is about what happens in a month, rather than the state at its end.
    pub fn happens(self) -> bool {
        !matches!(self, Saying::Rank(_) | Saying::Role(_) | Saying::InParty)
    }

    /// Whether it is true of a person at the end of a month; false for what happens.
    pub fn is_true_of(self, person: &Person) -> bool {
        let standing = person.standing;
        match self {
            Saying::Rank(rank) => person.rank() == rank,
            Saying::Role(role) => standing.elite() && standing.role() == role,
            Saying::InParty => standing.in_party(),
            _ => false,
        }
    }

    /// Whether it happens to a person in a month; false for what is a state.
    pub fn happens_to(self, person: &Person, so_far: SoFar) -> bool {
        let prevails = || outcome(so_far.fates, person.standing.boss());
        match self {
            Saying::Accused => so_far.accusations > 0,
            Saying::Accuser => so_far.accuses,
            Saying::Arrested => prevails() == Outcome::Arrested,
            Saying::Expelled => so_far.fates & fate::EXPELLED != 0,
            Saying::Demoted => matches!(prevails(), Outcome::Demoted(_)),
            Saying::VotedOut => prevails() == Outcome::Demoted(Cause::Election),
            Saying::Dismissed => prevails() == Outcome::Dismissed,
            Saying::Rank(_) | Saying::Role(_) | Saying::InParty => false,
        }
    }
}

/// A part of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The part as it was written, without surplus spaces.
    pub text: String,
    /// What it says.
    pub saying: Saying,
    /// First and last month in which it may become true.
    pub window: [Month; 2],
}

impl Part {
    /// Whether the part may become true in a month.
    pub fn is_open(&self, month: Month) -> bool {
        (self.window[0]..=self.window[1]).contains(&month)
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its parts, at least one and at most [`MOST_PARTS`].
    pub parts: Vec<Part>,
}

/// Largest number of parts.
pub const MOST_PARTS: usize = 64;

/// The error for a text that is not a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A part has another form.
    #[error(
        "`{0}` is not a part of a rule: write what, `in` or `by`, and a year or month, such as `director by 1938`"
    )]
    Form(String),
    /// The word is not among [`WORDS`].
    #[error(
        "unknown word `{word}` in `{part}`{suggestion}; the words are {words}",
        suggestion = .nearest.map_or_else(String::new, |nearest| format!(": did you mean `{nearest}`?")),
        words = words()
    )]
    Word {
        /// The part.
        part: String,
        /// The word.
        word: String,
        /// The most similar word.
        nearest: Option<&'static str>,
    },
    /// The time is not one of the calendar.
    #[error(
        "`{time}` in `{part}` is not a time: write a year from 1928 to 1941 or a month from {first} to {last}",
        first = Month::FIRST,
        last = Month::LAST
    )]
    Time {
        /// The part.
        part: String,
        /// The time.
        time: String,
    },
    /// There are too many parts.
    #[error("the rule has {0} parts, and at most {MOST_PARTS} are possible: leave some out")]
    Parts(usize),
}

fn words() -> String {
    WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

impl Rule {
    /// Whether a part is about what happens in a month.
    pub fn happens(&self) -> bool {
        self.parts.iter().any(|part| part.saying.happens())
    }

    /// The first part that cannot become true up to and including the month `last`.
    pub fn after(&self, last: Month) -> Option<&Part> {
        self.parts.iter().find(|part| part.window[0] > last)
    }
}

impl std::str::FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<Part> = text.split(',').map(part).collect::<Result<_, _>>()?;
        if parts.len() > MOST_PARTS {
            return Err(RuleError::Parts(parts.len()));
        }
        Ok(Rule { parts })
    }
}

fn part(text: &str) -> Result<Part, RuleError> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let text = words.join(" ");
    let [what @ .., preposition, time] = words.as_slice() else { return Err(RuleError::Form(text)) };
    if what.is_empty() || !["in", "by"].contains(&preposition.as_str()) {
        return Err(RuleError::Form(text));
    }
    let word = what.join(" ");
    let Some((_, saying)) = WORDS.iter().find(|(known, _)| *known == word) else {
        let nearest = nearest(&word, WORDS.iter().map(|(known, _)| *known))
            .and_then(|nearest| WORDS.iter().map(|(known, _)| *known).find(|known| *known == nearest));
        return Err(RuleError::Word { part: text, word, nearest });
    };
    let Some([first, last]) = period(time) else {
        return Err(RuleError::Time { time: time.clone(), part: text });
    };
    let first = if preposition == "by" { Month::FIRST } else { first };
    Ok(Part { text, saying: *saying, window: [first, last] })
}

/// First and last month of a year or a month.
fn period(time: &str) -> Option<[Month; 2]> {
    if let Ok(month) = time.parse::<Month>() {
        return Some([month; 2]);
    }
    let year: u16 = time.parse().ok().filter(|_| time.len() == 4)?;
    let first = Month(year.checked_sub(Month::FIRST.year())?.checked_mul(12)?);
    (first <= Month::LAST).then(|| [first, Month((first.0 + 11).min(Month::LAST.0))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::person::tests::sample_person;

    fn read(text: &str) -> Result<Rule, RuleError> {
        text.parse()
    }

    #[test]
    fn parts_have_windows() {
        let rule =
            read(" Worker in  1928,director by 1938, party member in 1937-08,arrested in 1941").unwrap();
        let windows: Vec<[u16; 2]> = rule.parts.iter().map(|part| part.window.map(|month| month.0)).collect();
        assert_eq!(windows, [[0, 11], [0, 131], [115, 115], [156, 161]]);
        let sayings: Vec<Saying> = rule.parts.iter().map(|part| part.saying).collect();
        assert_eq!(sayings, [Saying::Rank(0), Saying::Rank(3), Saying::InParty, Saying::Arrested]);
        assert_eq!(rule.parts[0].text, "worker in 1928");
        assert!(rule.happens() && !read("party in 1930").unwrap().happens());
        assert!(rule.parts[2].is_open(Month(115)) && !rule.parts[2].is_open(Month(116)));
        assert_eq!(rule.after(Month(120)), Some(&rule.parts[3]));
        assert_eq!(rule.after(Month(156)), None);
    }

    #[test]
    fn what_is_no_rule_is_refused_with_what_would_be() {
        let error = |text: &str| read(text).unwrap_err().to_string();
        for text in ["", "worker", "worker 1928", "in 1928", "worker in", "worker in 1928,", "worker on 1928"]
        {
            assert!(error(text).ends_with("such as `director by 1938`"), "{}", error(text));
        }
        let unknown = error("worker in 1928, direktor by 1938");
        assert!(
            unknown.starts_with("unknown word `direktor` in `direktor by 1938`: did you mean `director`?")
        );
        for (word, _) in WORDS {
            assert!(unknown.contains(word), "{word}");
        }
        assert!(error("emperor in 1928").contains("in `emperor in 1928`; the words are worker, "));
        for time in ["1927", "1942", "1941-07", "1928-13", "28", "01928", "1e3", "+928"] {
            let said = error(&format!("worker in {time}"));
            assert!(said.contains(&format!("`{time}`")) && said.contains("1928-01 to 1941-06"), "{said}");
        }
        assert!(error(&vec!["worker in 1928"; 65].join(",")).starts_with("the rule has 65 parts"));
    }

    #[test]
    fn words_say_what_they_mean() {
        let says = |word: &str| WORDS.iter().find(|(known, _)| *known == word).unwrap().1;
        let mut person = sample_person(1, 2);
        person.standing.set_role(Role::Union);
        assert!(says("middle").is_true_of(&person) && says("union").is_true_of(&person));
        assert!(!says("party member").is_true_of(&person) && !says("party").is_true_of(&person));
        let so_far = |fates| SoFar { fates, ..SoFar::default() };
        assert!(says("voted out").happens_to(&person, so_far(fate::VOTED_OUT)));
        assert!(says("demoted").happens_to(&person, so_far(fate::VOTED_OUT)));
        // The graver fate prevails; expulsion is not an exit.
        let graver = so_far(fate::VOTED_OUT | fate::ARRESTED | fate::EXPELLED);
        let happen: Vec<&str> = WORDS
            .iter()
            .filter(|(_, saying)| saying.happens_to(&person, graver))
            .map(|(word, _)| *word)
            .collect();
        assert_eq!(happen, ["arrested", "expelled"]);
        assert!(says("dismissed").happens_to(&sample_person(1, 0), so_far(fate::SANCTIONED)));
        let met = SoFar { accusations: 1, accuses: true, ..SoFar::default() };
        assert!(says("accused").happens_to(&person, met) && says("accuser").happens_to(&person, met));
    }
}
