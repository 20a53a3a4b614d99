//! Defines warnings about valid scenarios that may not do what their author intended.
//!
//! A scenario with warnings still runs. [`super::render`] draws warnings like faults.

use std::fmt;

use super::source::SourceSpan;
use super::{Posts, Scenario};
use crate::engine::calendar::Month;
use crate::model::setup::Events;

/// The subject of a warning.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say what each field is")]
pub enum Caution {
    #[error("this change ({words}) does not change `{lever}` in any month")]
    IdleChange { lever: &'static str, words: String },
    #[error("the event `{name}` is given the values that it already has")]
    IdleEvent { name: String },
    #[error("`{option} {setting}` changes nothing")]
    IdleSetting { option: &'static str, setting: String },
    #[error("`{name}` is identical to its base in everything that a run depends on")]
    IdlePatch { name: String },
    #[error("the {posts} election of {month} lasts one month, so half of the officials do not stand in it", posts = posts.word())]
    HalfElection { posts: Posts, month: Month },
}

impl Caution {
    /// Advice, one string per line.
    pub fn help(&self) -> Vec<String> {
        vec![match self {
            Caution::IdleChange { lever, .. } => {
                format!("`kadry explain SCENARIO {lever}` shows the values that it applies to")
            }
            Caution::IdleEvent { .. } | Caution::IdlePatch { .. } => {
                "`kadry explain SCENARIO` shows the values of the base".to_owned()
            }
            Caution::IdleSetting { option: "--set", setting } => {
                let key = setting.split('=').next().unwrap_or_default().trim();
                let key = key.rsplit('.').next().unwrap_or_default();
                format!("`kadry explain SCENARIO {key}` shows the current value")
            }
            Caution::IdleSetting { .. } => "the scenario already has this size".to_owned(),
            Caution::HalfElection { .. } => {
                "each official stands in even or in odd months only: let the election last two months, with `from` and `until`"
                    .to_owned()
            }
        }]
    }
}

/// A warning about a scenario, and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The subject.
    pub caution: Caution,
    /// Dotted key; empty for the whole scenario.
    pub key: String,
    /// The place that set the key; `None` if there is no single place.
    pub place: Option<SourceSpan>,
}

impl Warning {
    pub(super) fn new(caution: Caution, key: impl Into<String>, place: Option<SourceSpan>) -> Self {
        Warning { caution, key: key.into(), place }
    }
}

impl fmt::Display for Warning {
    /// Writes the warning and the advice in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.caution, self.caution.help().join("; "))
    }
}

/// Warnings about elections of one month, in which only half of the officials stand.
pub(super) fn half_elections(scenario: &Scenario, calendar: &Events) -> Vec<Warning> {
    let mut found = Vec::new();
    for (posts, votes) in
        [(Posts::Party, &calendar.party_elections), (Posts::Union, &calendar.union_elections)]
    {
        let held = |month: usize| votes.get(month).copied().unwrap_or(false);
        let alone = Month::all().filter(|month| {
            let month = month.index();
            held(month) && !held(month + 1) && !(month > 0 && held(month - 1))
        });
        for month in alone {
            let position = scenario.events.iter().position(|event| {
                event.happening == super::Happening::Election(posts)
                    && (event.from..=event.until).contains(&month)
            });
            let name = position.map(|position| scenario.events[position].name.clone()).unwrap_or_default();
            let place = position
                .and_then(|position| scenario.provenance.events.get(position))
                .and_then(|settings| settings.last())
                .map(|setting| setting.at.clone());
            found.push(Warning::new(Caution::HalfElection { posts, month }, format!("event.{name}"), place));
        }
    }
    found
}
