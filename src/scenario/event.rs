//! Reads dated events (`[[event]]`): show trials and elections. A patch adds, alters or removes events by name; the
//! model receives them as a calendar.

use super::fault::{Problem, list};
use super::naming::check_part;
use super::reader::{Fields, Given, Reader};
use super::source::SourceSpan;
use super::track::check_span;
use super::tree::Node;
use crate::engine::calendar::Month;
use crate::model::setup::Events;
use crate::model::state::standing::TARGET_CLASS_NAMES;
use crate::model::state::standing::TARGET_CLASSES;

/// Keys of `[[event]]`.
pub(super) const EVENT_KEYS: &[&str] =
    &["name", "kind", "month", "from", "until", "targets", "posts", "source", "remove"];

/// Maximum pulse that a show trial may add to a class; historical trials are below 1.
pub(super) const MAX_PULSE: f64 = 10.0;

/// Kinds of events, by their word in a file.
pub(super) const KINDS: &[(&str, EventKind)] =
    &[("show_trial", EventKind::ShowTrial), ("election", EventKind::Election)];

/// Posts that an election can put to the vote.
pub(super) const POSTS: &[(&str, Posts)] = &[("party", Posts::Party), ("union", Posts::Union)];

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventKind {
    ShowTrial,
    Election,
}

impl EventKind {
    pub(super) fn word(self) -> &'static str {
        match self {
            EventKind::ShowTrial => "show_trial",
            EventKind::Election => "election",
        }
    }
}

/// The officials who stand in an election.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posts {
    /// Party posts.
    Party,
    /// Union posts.
    Union,
}

impl Posts {
    /// Its word in a file.
    pub fn word(self) -> &'static str {
        match self {
            Posts::Party => "party",
            Posts::Union => "union",
        }
    }
}

/// The effect of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Happening {
    /// A show trial adds to the pulse of each target class, in the order of [`TARGET_CLASS_NAMES`].
    ShowTrial([f64; TARGET_CLASSES]),
    /// Officials stand for election: each in one of two months, even or odd by identity.
    Election(Posts),
}

impl Happening {
    /// The word for it in a file.
    pub fn kind(&self) -> &'static str {
        match self {
            Happening::ShowTrial(_) => EventKind::ShowTrial.word(),
            Happening::Election(_) => EventKind::Election.word(),
        }
    }
}

/// A dated event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Name, unique in the scenario.
    pub name: String,
    /// First month.
    pub from: Month,
    /// Last month.
    pub until: Month,
    /// The effect in each of its months.
    pub happening: Happening,
    /// Source, in words.
    pub source: Option<String>,
}

/// An event in a file: a new event, or changes to an event of the base.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EventPatch {
    pub(super) name: Given<String>,
    pub(super) path: String,
    pub(super) remove: bool,
    pub(super) kind: Option<Given<EventKind>>,
    pub(super) span: Option<(Month, Month)>,
    pub(super) targets: Option<Given<[f64; TARGET_CLASSES]>>,
    pub(super) posts: Option<Given<Posts>>,
    pub(super) source: Option<String>,
    /// Whether a key has a fault; missing keys are then not reported.
    pub(super) faulty: bool,
    pub(super) at: SourceSpan,
}

/// Converts events to the calendar of the model.
pub(super) fn calendar(events: &[Event]) -> Events {
    let mut calendar = Events::none();
    for event in events {
        for month in event.from.index()..=event.until.index() {
            match event.happening {
                Happening::ShowTrial(targets) => {
                    for (pulse, target) in calendar.pulses[month].iter_mut().zip(targets) {
                        *pulse += target;
                    }
                }
                Happening::Election(Posts::Party) => calendar.party_elections[month] = true,
                Happening::Election(Posts::Union) => calendar.union_elections[month] = true,
            }
        }
    }
    calendar
}

/// Reads one `[[event]]`; `None` if its name is missing or has a fault.
pub(super) fn read_event(
    reader: &mut Reader<'_>,
    node: &Node,
    path: &str,
    keys: &[&'static str],
) -> Option<EventPatch> {
    let fields = reader.fields(node, path, "[[event]]", keys, &[])?;
    let before = reader.faults.list.len() + reader.faults.more;
    let name = match fields.get("name") {
        Some(entry) => reader
            .text(&entry.node, &fields.path_of("name"))
            .filter(|name| check_part(reader, name, "event", &fields.path_of("name"))),
        None => {
            reader.missing(&fields, "name", "name the event: name = \"Shakhty trial\"");
            None
        }
    };
    let remove =
        fields.get("remove").and_then(|entry| reader.boolean(&entry.node, &fields.path_of("remove")));
    let remove = remove.is_some_and(|remove| remove.value);
    let given: Vec<&str> =
        keys.iter().copied().filter(|key| !["name", "remove"].contains(key) && fields.has(key)).collect();
    if remove && !given.is_empty() {
        reader.fault(Problem::RemoveWithMore { given: list(&given) }, path, &fields.span);
    }
    let kind = fields
        .get("kind")
        .and_then(|entry| reader.word(&entry.node, &fields.path_of("kind"), "kind of event", KINDS));
    let span = read_dates(reader, &fields);
    let targets =
        fields.get("targets").and_then(|entry| read_targets(reader, &entry.node, &fields.path_of("targets")));
    let posts = fields
        .get("posts")
        .and_then(|entry| reader.word(&entry.node, &fields.path_of("posts"), "posts", POSTS));
    let source = fields.get("source").and_then(|entry| reader.text(&entry.node, &fields.path_of("source")));
    Some(EventPatch {
        name: name?,
        path: path.to_owned(),
        remove,
        kind,
        span,
        targets,
        posts,
        source: source.map(|source| source.value),
        faulty: reader.faults.list.len() + reader.faults.more > before,
        at: reader.place(&fields.span),
    })
}

/// Reads `month`, or `from` and `until`; `None` if neither is given or a month has a fault.
fn read_dates(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<(Month, Month)> {
    let given: Vec<&str> = ["month", "from", "until"].into_iter().filter(|key| fields.has(key)).collect();
    let mut month = |key: &str| {
        let entry = fields.get(key)?;
        reader.month(&entry.node, &fields.path_of(key)).map(|month| month.value)
    };
    let (single, from, until) = (month("month"), month("from"), month("until"));
    match given.as_slice() {
        [] => None,
        ["month"] => single.map(|month| (month, month)),
        ["from", "until"] => {
            let (from, until) = (from?, until?);
            check_span(reader, fields, from, until).then_some((from, until))
        }
        given => {
            reader.fault(Problem::EventDate { given: list(given) }, fields.path.clone(), &fields.span);
            None
        }
    }
}

fn read_targets(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<Given<[f64; TARGET_CLASSES]>> {
    let fields = reader.fields(node, path, "targets", &TARGET_CLASS_NAMES, &[("officials", "official")])?;
    let mut targets = [0.0; TARGET_CLASSES];
    for (target, class) in targets.iter_mut().zip(TARGET_CLASS_NAMES) {
        let Some(entry) = fields.get(class) else { continue };
        *target = reader.number(&entry.node, &fields.path_of(class), (0.0, MAX_PULSE), "")?.value;
    }
    Some(Given { value: targets, at: reader.place(&node.span) })
}

impl EventPatch {
    /// Applies the patch to the event with this name in the base, or creates a new event.
    ///
    /// # Errors
    ///
    /// Each problem with its dotted key and its place.
    pub(super) fn over(&self, base: Option<&Event>) -> Result<Event, Vec<(Problem, String, SourceSpan)>> {
        let mut faults = Vec::new();
        let mut fault = |problem, key: &str, at: &SourceSpan| {
            let path = if key.is_empty() { self.path.clone() } else { format!("{}.{key}", self.path) };
            faults.push((problem, path, at.clone()));
        };
        let base_kind = base.map(|base| match base.happening {
            Happening::ShowTrial(_) => EventKind::ShowTrial,
            Happening::Election(_) => EventKind::Election,
        });
        if let (Some(base), Some(kind)) = (base_kind, &self.kind)
            && base != kind.value
        {
            let (base, kind_word) = (base.word(), kind.value.word());
            fault(
                Problem::KindChanged { name: self.name.value.clone(), base, kind: kind_word },
                "kind",
                &kind.at,
            );
        }
        let table = "[[event]]".to_owned();
        let missing = |key, hint: &str| Problem::Missing { key, table: table.clone(), hint: hint.to_owned() };
        let kind = base_kind.or(self.kind.as_ref().map(|kind| kind.value));
        let span = self.span.or(base.map(|base| (base.from, base.until)));
        if span.is_none() && !self.faulty {
            fault(
                missing("month", "write `month = \"1937-01\"`, or both `from` and `until`"),
                "month",
                &self.at,
            );
        }
        let happening = match kind {
            Some(EventKind::ShowTrial) => {
                if let Some(posts) = &self.posts {
                    fault(Problem::ForeignKey { key: "posts", kind: "show_trial" }, "posts", &posts.at);
                }
                let targets = self.targets.as_ref().map(|targets| Happening::ShowTrial(targets.value));
                if targets.is_none() && base.is_none() && !self.faulty {
                    let hint = "name the classes that the trial attacks: targets = { official = 0.5 }";
                    fault(missing("targets", hint), "targets", &self.at);
                }
                targets
            }
            Some(EventKind::Election) => {
                if let Some(targets) = &self.targets {
                    fault(Problem::ForeignKey { key: "targets", kind: "election" }, "targets", &targets.at);
                }
                let posts = self.posts.as_ref().map(|posts| Happening::Election(posts.value));
                if posts.is_none() && base.is_none() && !self.faulty {
                    fault(
                        missing("posts", "name the posts: posts = \"party\" or \"union\""),
                        "posts",
                        &self.at,
                    );
                }
                posts
            }
            None => {
                if !self.faulty {
                    let hint = "a new event needs a kind: kind = \"show_trial\" or \"election\"";
                    fault(missing("kind", hint), "kind", &self.at);
                }
                None
            }
        };
        let happening = happening.or(base.map(|base| base.happening));
        match (span, happening) {
            (Some((from, until)), Some(happening)) if faults.is_empty() => Ok(Event {
                name: self.name.value.clone(),
                from,
                until,
                happening,
                source: self.source.clone().or_else(|| base.and_then(|base| base.source.clone())),
            }),
            _ => Err(faults),
        }
    }
}
