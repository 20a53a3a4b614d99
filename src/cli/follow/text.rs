//! Formats lives for people: the months in which something happened, and a line for each year.

use super::super::person::entry_text;
use super::super::quantity::three_digits;
use super::super::table::{Column, tables};
use super::super::terminal::Terminal;
use super::{Report, found_text};
use crate::experiment::lives::LifeMonth;
use crate::experiment::lives::event::Event;
use crate::experiment::tables::lives::party_word;
use crate::model::identity;
use crate::model::state::standing::{ELITE, ORIGIN_NAMES, POSITION_NAMES, RANK_NAMES, position};
use std::collections::BTreeMap;

/// The lives of a report.
pub(super) fn text(report: &Report<'_>, terminal: Terminal) -> String {
    let mut text = terminal.wrapped(&report.run(), 0);
    if let Some((_, found)) = &report.found {
        text += &terminal.wrapped(&found_text(found, report.people.len()), 0);
    }
    for person in &report.people {
        let life = report.life(*person);
        let Some(first) = life.first() else { continue };
        let origin = ORIGIN_NAMES[first.person.standing.origin() as usize];
        let who = format!("person {}, of {origin} origin: {}", identity::text(*person), entry_text(*person));
        text += &format!("\n{}\n", terminal.wrapped(&who, 0).trim_end());
        text += &format!("\n{}", events(life, terminal));
        text += &format!("\n{}", years(life, terminal));
    }
    text
}

fn column(heading: &str, left: bool, cells: Vec<String>) -> Column {
    Column { heading: heading.to_owned(), cells, left }
}

/// Rank and role.
fn position_text(life: &LifeMonth) -> String {
    let rank = life.person.rank();
    let name = RANK_NAMES[usize::from(rank)];
    if rank < ELITE {
        return name.to_owned();
    }
    format!("{name}, {}", POSITION_NAMES[position(rank, life.person.standing.role() as u8)])
}

fn place_text(life: &LifeMonth) -> String {
    if life.office { format!("office of region {}", life.region) } else { format!("plant {}", life.unit) }
}

/// What happened in a month, in words; empty if nothing did.
fn happened(life: &LifeMonth) -> String {
    let mut words = Vec::new();
    match life.accused {
        0 => {}
        1 => words.push("accused".to_owned()),
        times => words.push(format!("accused {times} times")),
    }
    if life.accuses {
        words.push("accused another".to_owned());
    }
    words.extend(life.events.iter().map(|event| event.words().to_owned()));
    words.join("; ")
}

/// The months in which something happened, and the first.
fn events(life: &[LifeMonth], terminal: Terminal) -> String {
    let of_note: Vec<(&LifeMonth, String)> = life
        .iter()
        .enumerate()
        .map(|(place, life)| (life, happened(life), place))
        .filter(|(_, what, place)| !what.is_empty() || *place == 0)
        .map(|(life, what, _)| (life, if what.is_empty() { "present".to_owned() } else { what }))
        .collect();
    let cells = |value: &dyn Fn(&LifeMonth) -> String| of_note.iter().map(|(life, _)| value(life)).collect();
    let names = column("month", true, cells(&|life| life.month.to_string()));
    let columns = [
        column("rank and role", true, cells(&position_text)),
        column("place", true, cells(&place_text)),
        column("what happened", true, of_note.iter().map(|(_, what)| what.clone()).collect()),
    ];
    tables(&names, &columns, terminal, "\n")
}

/// A line for each year: the state in its last month, and the accusations of the year.
fn years(life: &[LifeMonth], terminal: Terminal) -> String {
    let mut by_year: BTreeMap<u16, Vec<&LifeMonth>> = BTreeMap::new();
    life.iter().for_each(|life| by_year.entry(life.month.year()).or_default().push(life));
    let years: Vec<(u16, Vec<&LifeMonth>)> = by_year.into_iter().collect();
    let at_end = |value: &dyn Fn(&LifeMonth) -> String| {
        years.iter().map(|(_, months)| months.last().map_or_else(String::new, |life| value(life))).collect()
    };
    let sum = |value: &dyn Fn(&LifeMonth) -> u64| {
        years
            .iter()
            .map(|(_, months)| months.iter().map(|life| value(life)).sum::<u64>().to_string())
            .collect()
    };
    let real = |value: f32| three_digits(f64::from(value));
    let names = column("year", true, years.iter().map(|(year, _)| year.to_string()).collect());
    let columns = [
        column("rank and role", true, at_end(&|life| state_text(life))),
        column("place", true, at_end(&place_text)),
        column("party", true, at_end(&|life| party_word(life.person.party(life.month.0)).to_owned())),
        column("grievance", false, at_end(&|life| real(life.person.grievance))),
        column("fear", false, at_end(&|life| real(life.person.fear))),
        column("suspicion", false, at_end(&|life| real(life.person.suspicion))),
        column("accused", false, sum(&|life| u64::from(life.accused))),
        column("accuses", false, sum(&|life| u64::from(life.accuses))),
    ];
    tables(&names, &columns, terminal, "\n")
}

/// Rank and role, and how the person left if that is so.
fn state_text(life: &LifeMonth) -> String {
    let exits = [Event::Arrested, Event::NaturalExit, Event::LeftIndustry, Event::ToSchool];
    match exits.into_iter().find(|exit| life.events.has(*exit)) {
        Some(exit) => format!("{} ({})", position_text(life), exit.words()),
        None => position_text(life),
    }
}
