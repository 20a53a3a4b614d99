//! Builds the section on policy: levers and events of the scenario.

use super::{Group, Section, Table, words};
use crate::engine::calendar::Month;
use crate::model::levers::LEVERS;
use crate::model::state::standing::TARGET_CLASS_NAMES;
use crate::output::table::real;
use crate::report::draw::strips::{Strips, draw};
use crate::report::format::short;
use crate::report::palette::Colour;
use crate::report::picture::{Numbers, Picture};
use crate::report::source::Source;
use crate::scenario::{Event, Happening};

/// The levers by subject.
const GROUPS: [(&str, &str, Colour, &[&str]); 4] = [
    (
        "levers-enemies",
        "Enemies and repression",
        Colour::Vermilion,
        &["class_war", "vigilance", "criticism", "repression", "purge", "threat"],
    ),
    (
        "levers-pay",
        "Pay, norms and hardship",
        Colour::Ochre,
        &["wage_spread", "egalitarian_norm", "stakhanovism", "hardship", "union"],
    ),
    (
        "levers-order",
        "Order at work",
        Colour::Blue,
        &["managerial_authority", "penalty", "enforcement", "absence_law", "quit_law"],
    ),
    (
        "levers-ways-up",
        "Ways up",
        Colour::Green,
        &["growth", "post_growth", "schooling", "party_recruitment", "origin_preference", "career_reward"],
    ),
];

/// Builds the section.
pub(super) fn section(source: &Source) -> Section {
    let events = source.scenario.events.iter().filter(|event| event.from <= source.last);
    let table = Table {
        caption:
            "Events of the scenario; in the pictures, triangles mark show trials and bars mark elections"
                .into(),
        header: ["event", "kind", "months", "targets or posts"].map(str::to_owned).to_vec(),
        rows: events.map(row).collect(),
    };
    let group = Group {
        title: String::new(),
        pictures: GROUPS.iter().map(|group| picture(source, group)).collect(),
        tables: if table.rows.is_empty() { Vec::new() } else { vec![table] },
    };
    Section {
        id: "policy",
        title: "What the leadership set".into(),
        text: vec![
            "The levers of the scenario, each from 0 to 1. They are inputs, which the model does not decide. Most are the modellers' reading of the histories.".into(),
        ],
        groups: vec![group],
    }
}

fn row(event: &Event) -> Vec<String> {
    let months = if event.from == event.until {
        event.from.to_string()
    } else {
        format!("{} to {}", event.from, event.until)
    };
    let concerns = match event.happening {
        Happening::ShowTrial(targets) => {
            let named = TARGET_CLASS_NAMES.iter().zip(targets).filter(|(_, strength)| *strength > 0.0);
            named
                .map(|(class, strength)| format!("{} {}", words(class), short(strength)))
                .collect::<Vec<_>>()
                .join(", ")
        }
        Happening::Election(posts) => format!("{} posts", posts.word()),
    };
    vec![event.name.clone(), words(event.happening.kind()), months, concerns]
}

fn picture(source: &Source, (id, title, colour, keys): &(&str, &str, Colour, &[&str])) -> Picture {
    let track = |key: &str| {
        let position = LEVERS.iter().position(|lever| lever.key == key);
        position.map(|position| (&LEVERS[position], &source.scenario.tracks[position]))
    };
    let tracks: Vec<_> = keys.iter().filter_map(|key| track(key)).collect();
    let mut numbers = Numbers::new(["lever", "month", "value"]);
    for (lever, track) in &tracks {
        for (month, value) in Month::all().zip(&track.values).filter(|(month, _)| *month <= source.last) {
            numbers.push(vec![lever.key.to_owned(), month.to_string(), real(*value)]);
        }
    }
    let steps = |(lever, track): &(&crate::model::levers::LeverInfo, &crate::scenario::Track)| {
        let reached = track.steps().into_iter().filter(|(month, _)| *month <= source.last);
        let steps: Vec<String> =
            reached.map(|(month, value)| format!("{} from {month}", short(value))).collect();
        format!("{}: {}.", words(lever.key), steps.join(", "))
    };
    let meanings: Vec<String> =
        tracks.iter().map(|(lever, _)| format!("{}: {}", words(lever.key), lever.meaning)).collect();
    let strips = Strips {
        title: (*title).to_owned(),
        unit: "each strip from 0 to 1".into(),
        months: 0.0..source.months() as f64,
        strips: tracks
            .iter()
            .map(|(lever, track)| (words(lever.key), *colour, track.values.clone()))
            .collect(),
    };
    Picture {
        id: (*id).to_owned(),
        title: (*title).to_owned(),
        description: tracks.iter().map(steps).collect::<Vec<_>>().join(" "),
        caption: format!(
            "What 1 means: {}. Levers of {} as its file sets them, before smoothing.",
            meanings.join("; "),
            source.name()
        ),
        numbers,
        drawing: draw(&strips, &source.calendar()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lever_is_drawn_once() {
        let mut drawn: Vec<&str> = GROUPS.iter().flat_map(|group| group.3.iter().copied()).collect();
        let mut known: Vec<&str> = LEVERS.iter().map(|lever| lever.key).collect();
        drawn.sort_unstable();
        known.sort_unstable();
        assert_eq!(drawn, known);
    }
}
