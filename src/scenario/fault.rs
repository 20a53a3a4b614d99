//! Defines the faults of scenarios: messages, labels for the marked text, and advice.
//!
//! Texts start in lower case and have no full stop. [`super::render`] draws them with the lines of the file.

use super::claims::ClaimsProblem;
use super::naming::{Misread, confusable};
use super::number::shown;
use super::source::{SourceSpan, Sources};
use super::sweep::SweepProblem;
use crate::engine::calendar::{Month, MonthError};

/// Maximum number of faults kept for a scenario; further faults are only counted.
pub const MAX_FAULTS: usize = 100;

/// A problem in a scenario.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what each field is")]
pub enum Problem {
    #[error("there is no scenario named `{name}`")]
    NoSuchScenario { name: String, nearest: Option<String> },
    #[error("cannot read `{path}`: {reason}")]
    Unreadable { path: String, reason: String },
    #[error("`{path}` is {what}, not a file", what = if *directory { "a directory" } else { "a device or a pipe" })]
    NotAFile { path: String, directory: bool },
    #[error("`{path}` is larger than {limit} bytes, the limit for a scenario")]
    TooLarge { path: String, limit: u64 },
    #[error("`{path}` is not UTF-8 text: line {line} contains an invalid byte")]
    NotUtf8 { path: String, line: usize },
    #[error("not valid {language}: {message}")]
    Syntax { language: &'static str, message: String },
    #[error("nested more than {limit} deep")]
    TooDeep { limit: usize },
    #[error("the key `{key}` is given twice")]
    DuplicateKey { key: String },
    #[error("unknown key `{key}` in {table}")]
    UnknownKey { key: String, table: String, nearest: Option<String>, allowed: Vec<&'static str> },
    #[error("the key `{key}` is missing in {table}")]
    Missing { key: &'static str, table: String, hint: String },
    #[error("{} {} no steps, and there is no base to inherit them from", list(levers), if levers.len() == 1 { "has" } else { "have" })]
    MissingLevers { levers: Vec<&'static str> },
    #[error("{key} must be {expected}, not {found}", key = if key.is_empty() { "a scenario".to_owned() } else { format!("`{key}`") })]
    WrongType { key: String, expected: &'static str, found: &'static str, hint: &'static str },
    #[error("`{key}` must be a finite number, not {value}")]
    NotFinite { key: String, value: String },
    #[error("`{key}` is {value}, outside its range")]
    OutOfRange { key: String, value: String, low: String, high: String, unit: String },
    #[error("{0}")]
    NotAMonth(#[from] MonthError),
    #[error("the span ends in {until}, before it begins in {from}")]
    ReversedSpan { from: Month, until: Month },
    #[error("unknown {what} `{name}`")]
    UnknownName { what: &'static str, name: String, nearest: Option<String>, allowed: Vec<String> },
    #[error("`{name}` cannot be {}: {rule}", role(what))]
    BadName { what: &'static str, name: String, rule: &'static str },
    #[error("`{name}` cannot be {}: other programs read it as {misread}", role(what))]
    Misread { what: &'static str, name: String, misread: Misread },
    #[error("`{key}` has {count} entries, more than {limit}")]
    TooMany { key: String, count: usize, limit: usize },
    #[error("a change needs exactly one of {allowed}, but this one has {given}")]
    Operations { given: String, allowed: String },
    #[error("a track needs at least one step")]
    NoSteps,
    #[error("the first step must be in {first}, not {month}", first = Month::FIRST)]
    StepsStart { month: Month },
    #[error("the step of {month} does not come after that of {before}")]
    StepsOrder { month: Month, before: Month },
    #[error("a step is a month and a value, `[\"1937-01\", 0.5]`, not {found}")]
    StepForm { found: String },
    #[error("the first phase must begin in {first}, not in {month}", first = Month::FIRST)]
    PhasesStart { month: Month },
    #[error(
        "the phase `{name}` begins in {month}, not after `{before}`, which begins in {start}: they overlap"
    )]
    PhasesOverlap { name: String, month: Month, before: String, start: Month },
    #[error("the phase `{name}` ends in {until}, but the next begins in {next}: they {what}", what = if until < next { "leave a gap" } else { "overlap" })]
    PhaseEnd { name: String, until: Month, next: Month },
    #[error("the last phase `{name}` ends in {until} and leaves a gap until {last}", last = Month::LAST)]
    PhaseLast { name: String, until: Month },
    #[error("there must be at least one phase")]
    NoPhases,
    #[error("two {what}s are named `{name}`")]
    NameTwice { what: &'static str, name: String },
    #[error("there is no event `{name}` in the base to {verb}")]
    NoSuchEvent { name: String, verb: &'static str, nearest: Option<String>, allowed: Vec<String> },
    #[error("an event with `remove = true` takes no key except `name`, but this one has {given}")]
    RemoveWithMore { given: String },
    #[error("`{key}` does not belong to an event of the kind `{kind}`")]
    ForeignKey { key: &'static str, kind: &'static str },
    #[error("the event `{name}` is of the kind `{base}` in the base and cannot become `{kind}`")]
    KindChanged { name: String, base: &'static str, kind: &'static str },
    #[error("an event is dated by `month` or by `from` and `until`, but this one has {given}")]
    EventDate { given: String },
    #[error("`extends` forms a cycle: {}", chain.join(" -> "))]
    Cycle { chain: Vec<String> },
    #[error("`extends` is nested more than {limit} levels deep")]
    TooManyBases { limit: usize },
    #[error("the policy mode `controller` is reserved: this version supports only `schedule`")]
    NoController,
    #[error("the number of regions, {regions}, exceeds the number of enterprises, {enterprises}")]
    TooManyRegions { regions: u32, enterprises: u32 },
    #[error("the number of enterprises, {enterprises}, exceeds the number of people, {size}")]
    TooManyEnterprises { enterprises: u32, size: u64 },
    #[error("there are {units} enterprises and regions in total, but the model supports at most {limit}")]
    TooManyUnits { units: u64, limit: u64 },
    #[error("one enterprise could grow to {people} people, but the model supports at most {limit}")]
    TooManyPeople { people: u64, limit: u64 },
    #[error("the elite could grow to {people} people, but the model supports at most {limit}")]
    TooLargeElite { people: u64, limit: u64 },
    #[error("the resolved scenario takes {bytes} bytes, more than {limit}, the limit for a scenario")]
    ResolvedTooLarge { bytes: usize, limit: u64 },
    #[error("{} add up to {sum}, which is more than 1", shares(values), sum = shown(*sum))]
    SharesExceedOne { values: Vec<(&'static str, f64)>, sum: f64, rest: &'static str },
    #[error("`{key}` must be a whole number, not {value}")]
    NotWhole { key: String, value: f64 },
    #[error("`{key}` cannot be set with `--set`")]
    NotBySet { key: &'static str },
    #[error("a patch has no `extends`: it alters the base on which it is put")]
    PatchExtends,
    #[error("`--set {setting}` is not of the form KEY=VALUE")]
    NotASetting { setting: String },
    #[error("`--set` sets the size to {set}, but `--population` sets it to {option}")]
    SizeTwice { set: String, option: String },
    #[error("standard input can be read only once")]
    StandardInputTwice,
    #[error("{0}")]
    Sweep(Box<SweepProblem>),
    #[error("{0}")]
    Claims(Box<ClaimsProblem>),
}

impl From<ClaimsProblem> for Problem {
    fn from(problem: ClaimsProblem) -> Self {
        Problem::Claims(Box::new(problem))
    }
}

impl From<SweepProblem> for Problem {
    fn from(problem: SweepProblem) -> Self {
        Problem::Sweep(Box::new(problem))
    }
}

impl Problem {
    /// The problem of an unknown scenario name.
    pub(super) fn no_such_scenario(name: &str) -> Self {
        let shipped = super::shipped::SHIPPED.iter().map(|shipped| shipped.name);
        Problem::NoSuchScenario { name: name.to_owned(), nearest: nearest(name, shipped).map(str::to_owned) }
    }

    /// The label under the marked text; may be empty.
    pub fn label(&self) -> String {
        match self {
            Problem::OutOfRange { low, high, unit, .. } => format!("allowed: {low} to {high}{unit}"),
            Problem::UnknownKey { nearest: Some(nearest), .. }
            | Problem::UnknownName { nearest: Some(nearest), .. }
            | Problem::NoSuchEvent { nearest: Some(nearest), .. }
            | Problem::NoSuchScenario { nearest: Some(nearest), .. } => format!("did you mean `{nearest}`?"),
            Problem::UnknownKey { .. } => "not allowed here".to_owned(),
            Problem::WrongType { expected, .. } => format!("expected {expected}"),
            Problem::NotWhole { .. } => "expected a whole number".to_owned(),
            Problem::Misread { misread, .. } => format!("other programs read this as {misread}"),
            Problem::DuplicateKey { .. } | Problem::NameTwice { .. } => "already used".to_owned(),
            Problem::Sweep(problem) => problem.label(),
            Problem::Claims(problem) => problem.label(),
            _ => String::new(),
        }
    }

    /// Advice, one string per line; may be empty.
    pub fn help(&self) -> Vec<String> {
        match self {
            Problem::NoSuchScenario { nearest, .. } => {
                let mut help: Vec<String> = nearest
                    .iter()
                    .map(|nearest| format!("the nearest shipped scenario is `{nearest}`"))
                    .collect();
                help.push(
                    "`kadry list` shows the shipped scenarios; the path of a file contains `/` or ends in `.toml`"
                        .into(),
                );
                help
            }
            Problem::Unreadable { .. } => {
                vec!["check the path; `kadry list` shows the shipped scenarios".into()]
            }
            Problem::NotAFile { directory: true, .. } => vec!["give the path of a file in it".into()],
            Problem::NotAFile { .. } => {
                vec![
                    "save the scenario to a file first, or pipe it in: `kadry check -` reads standard input"
                        .into(),
                ]
            }
            Problem::TooLarge { .. } | Problem::TooDeep { .. } => {
                vec!["is this a scenario? `kadry explain historical` shows one".into()]
            }
            Problem::NotUtf8 { .. } => vec!["save the file as UTF-8".into()],
            Problem::Syntax { language: "TOML", message }
                if ["mantissa", "fraction", "float"].iter().any(|part| message.contains(part)) =>
            {
                vec!["a number needs digits on both sides of the decimal point: 0.5, 5.0".into()]
            }
            Problem::Syntax { language: "TOML", message } if message.starts_with("invalid date") => {
                vec!["a month is a string in double quotes: \"1937-08\"".into()]
            }
            Problem::Syntax { language: "TOML", .. } => {
                vec![
                    "write strings and months in double quotes, and each key on its own line: `key = value`"
                        .into(),
                ]
            }
            Problem::Syntax { .. } => {
                vec!["write keys and strings in double quotes, without a comma after the last entry".into()]
            }
            Problem::DuplicateKey { .. } => vec!["keep one of the two".into()],
            Problem::UnknownKey { key, table, .. } if is_option(key) && table == "a scenario" => {
                vec![format!(
                    "`{key}` is not part of a scenario: give it to `kadry run` as the option `--{key}`"
                )]
            }
            Problem::UnknownKey { key, table, .. }
                if ["posts", "elite", "managers"].contains(&key.as_str())
                    && ["a scenario", "[population]", "[parameters]", "[levers]"]
                        .contains(&table.as_str()) =>
            {
                vec![
                    "posts follow from workers, enterprises and regions: every plant has a director and every region its \
                     officials"
                        .into(),
                    "to empty all posts, set `parameters.post_filling = 0` and `parameters.natural_exit_elite = 1`"
                        .into(),
                ]
            }
            Problem::UnknownKey { key, .. } if !confusable_in(key).is_empty() => confusable_in(key),
            Problem::UnknownKey { allowed, .. } if allowed.len() > MAX_LISTED => {
                vec![format!(
                    "{} keys are allowed here; `kadry explain historical` shows them",
                    allowed.len()
                )]
            }
            Problem::UnknownKey { allowed, .. } => vec![format!("keys allowed here: {}", list(allowed))],
            Problem::Missing { hint, .. } => vec![hint.clone()],
            Problem::MissingLevers { .. } => {
                vec!["write `extends = \"historical\"` to start from the baseline, or give each lever its steps".into()]
            }
            Problem::WrongType { hint, .. } if !hint.is_empty() => vec![(*hint).to_owned()],
            Problem::NotFinite { .. } => vec!["`nan` and `inf` are not allowed in a scenario".into()],
            Problem::ReversedSpan { .. } => {
                vec!["swap `from` and `until`; the span includes both months".into()]
            }
            Problem::UnknownName { name, .. } if name == "purge" => {
                vec![
                    "purges are not events but follow from the lever `purge`: write a `[[change]]` with lever = \"purge\""
                        .into(),
                ]
            }
            Problem::UnknownName { name, .. } | Problem::NoSuchEvent { name, .. }
                if !confusable_in(name).is_empty() =>
            {
                confusable_in(name)
            }
            Problem::UnknownName { what, allowed, .. } => vec![format!("{what}: {}", list(allowed))],
            Problem::BadName { name, .. } => confusable_in(name),
            Problem::Misread { what, name, .. } => {
                let bare = name.trim_start_matches(|letter: char| !letter.is_alphanumeric());
                let example = match *what {
                    "scenario" => format!("{name}_case"),
                    _ if bare.is_empty() => format!("{what} 1"),
                    "label" => format!("run {bare}"),
                    _ => format!("{what} {bare}"),
                };
                let example: String = example.chars().take(60).collect();
                vec![format!(
                    "other programs would not read it as text in tables of results; add a word: \"{example}\""
                )]
            }
            Problem::TooMany { .. } => {
                vec!["a list this long is probably a mistake; is this a scenario?".into()]
            }
            Problem::TooManyUnits { .. } => {
                vec!["lower `enterprises` or `regions`, or `size`, from which they follow".into()]
            }
            Problem::TooManyPeople { .. } => {
                vec![
                    "raise `enterprises`, lower `size`, or lower `workforce_growth` and `post_deepening`"
                        .into(),
                ]
            }
            Problem::TooLargeElite { .. } => {
                vec!["lower `size`, `workforce_growth` or `post_deepening`".into()]
            }
            Problem::ResolvedTooLarge { .. } => {
                vec!["shorten the texts (`source`, `hypothesis`) of the file and its bases".into()]
            }
            Problem::Operations { .. } => {
                vec!["write one `[[change]]` per operation; they are applied in order".into()]
            }
            Problem::NoSteps | Problem::StepForm { .. } => {
                vec!["for example: steps = [[\"1928-01\", 0.2], [\"1937-01\", 0.5]]".into()]
            }
            Problem::StepsStart { .. } | Problem::PhasesStart { .. } => {
                vec![format!("the calendar runs from {} to {}", Month::FIRST, Month::LAST)]
            }
            Problem::StepsOrder { .. } => vec!["put the steps in order, with at most one per month".into()],
            Problem::PhasesOverlap { .. } => {
                vec!["put the phases in order, each beginning after the previous one".into()]
            }
            Problem::PhaseEnd { .. } | Problem::PhaseLast { .. } => {
                vec!["leave `until` out: a phase lasts until the next begins".into()]
            }
            Problem::NoPhases => vec!["leave `phase` out to keep the phases of the base".into()],
            Problem::NameTwice { .. } => vec!["give one of them another name".into()],
            Problem::NoSuchEvent { allowed, .. } if allowed.is_empty() => {
                vec!["the base has no events".into()]
            }
            Problem::NoSuchEvent { allowed, .. } => vec![format!("events of the base: {}", list(allowed))],
            Problem::RemoveWithMore { .. } => vec!["leave out `remove` to alter the event instead".into()],
            Problem::ForeignKey { key, kind } => vec![match *kind {
                "show_trial" => format!("a show trial has `targets`; leave out `{key}`"),
                _ => format!("an election has `posts`; leave out `{key}`"),
            }],
            Problem::KindChanged { .. } => {
                vec!["remove the event and add another one with a new name".into()]
            }
            Problem::EventDate { .. } => {
                vec!["write `month = \"1937-01\"`, or both `from` and `until`".into()]
            }
            Problem::Cycle { .. } | Problem::TooManyBases { .. } => {
                vec![
                    "one of the bases must be complete without `extends`, or extend a shipped scenario"
                        .into(),
                ]
            }
            Problem::NoController => vec!["write `mode = \"schedule\"` or leave the table out".into()],
            Problem::TooManyRegions { .. } => {
                vec!["every region needs an enterprise: lower `regions`".into()]
            }
            Problem::TooManyEnterprises { .. } => vec!["lower `enterprises` or raise `size`".into()],
            Problem::SharesExceedOne { rest, .. } => {
                vec![format!("lower one of them: the remaining {rest}")]
            }
            Problem::NotWhole { value, .. } => {
                vec![format!("write {} or {}", value.floor(), value.ceil())]
            }
            Problem::NotBySet { .. } => vec!["write a file that extends the scenario instead".into()],
            Problem::PatchExtends => vec!["remove the line".into()],
            Problem::SizeTwice { .. } => vec!["give one of the two".into()],
            Problem::StandardInputTwice => vec!["save the scenario to a file to use it twice".into()],
            Problem::Sweep(problem) => problem.help(),
            Problem::Claims(problem) => problem.help(),
            Problem::NotASetting { .. } => vec!["for example: --set population.size=4000".into()],
            _ => Vec::new(),
        }
    }
}

/// A problem and its place in a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The problem.
    pub problem: Problem,
    /// Dotted key, such as `change[0].lever`; empty for the whole file.
    pub key: String,
    /// The place in a text; `None` if no text could be read.
    pub place: Option<SourceSpan>,
}

/// All faults of a scenario, with its texts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Faults {
    /// Faults in the order of the texts, the requested file first; at most [`MAX_FAULTS`].
    pub list: Vec<Fault>,
    /// Number of further faults.
    pub more: usize,
    /// The texts in which the faults are.
    pub sources: Sources,
}

impl Faults {
    /// Adds a fault, or counts it if the list is full.
    pub(super) fn push(&mut self, problem: Problem, key: impl Into<String>, place: Option<SourceSpan>) {
        if self.is_full() {
            self.more += 1;
        } else {
            self.list.push(Fault { problem, key: key.into(), place });
        }
    }

    /// Whether further faults are only counted.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MAX_FAULTS
    }

    /// Sorts the faults by place.
    pub(super) fn sort(&mut self) {
        self.list.sort_by(|a, b| a.place.cmp(&b.place));
    }
}

impl std::error::Error for Faults {}

/// Advice about the first invisible or confusable character of a text; empty if there is none.
fn confusable_in(text: &str) -> Vec<String> {
    let found = text.chars().find_map(|letter| confusable(letter).map(|name| (u32::from(letter), name)));
    found.map(|(code, name)| format!("it contains U+{code:04X}, {name}")).into_iter().collect()
}

/// The role of a text: `a label`, `the name of a phase`.
fn role(what: &str) -> String {
    if what == "label" {
        "a label".to_owned()
    } else {
        format!("the name of {} {what}", if what == "event" { "an" } else { "a" })
    }
}

/// Whether a key is an option of `run` or `compare`.
fn is_option(key: &str) -> bool {
    ["seed", "replicates", "replicate", "threads", "until", "out", "tables"].contains(&key)
}

/// The most similar candidate for a misspelt word, if any is similar enough.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_few(word, candidates, 1).pop()
}

/// The most similar candidates for a misspelt word, at most `most`, the best first.
pub(crate) fn nearest_few<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    // Very long words are not misspellings, and comparing them is slow.
    if word.len() > 60 {
        return Vec::new();
    }
    let word = word.to_lowercase().replace([' ', '-'], "_");
    let score = |candidate: &str| {
        let plain = candidate.to_lowercase().replace([' ', '-'], "_");
        let near = strsim::normalized_damerau_levenshtein(&word, &plain);
        let part = word.len() >= 4 && (plain.contains(&word) || word.contains(&plain));
        // Among names that contain the word, prefer the shortest.
        if part { near.max(0.65 + 0.01 * near) } else { near }
    };
    let mut found: Vec<(&str, f64)> = candidates
        .into_iter()
        .map(|candidate| (candidate, score(candidate)))
        .filter(|(_, score)| *score >= 0.6)
        .collect();
    // Among equal scores, the last candidate comes first.
    found.reverse();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.truncate(most);
    found.into_iter().map(|(candidate, _)| candidate).collect()
}

/// Maximum number of names in a list.
const MAX_LISTED: usize = 30;

/// Parameters with their values: "`a` = 0.9 and `b` = 0.2".
fn shares(values: &[(&'static str, f64)]) -> String {
    let shown: Vec<String> = values.iter().map(|(key, value)| format!("`{key}` = {value}")).collect();
    match shown.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => shown.join(""),
    }
}

/// Lists names in backquotes, separated by commas; a long list is cut.
pub(super) fn list<T: AsRef<str>>(names: &[T]) -> String {
    let mut shown: Vec<String> =
        names.iter().take(MAX_LISTED).map(|name| format!("`{}`", name.as_ref())).collect();
    if names.len() > MAX_LISTED {
        shown.push(format!("and {} more", names.len() - MAX_LISTED));
    }
    shown.join(", ")
}
