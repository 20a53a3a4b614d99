//! Fills `lives.csv`: the months of chosen people, and what happened to them.
//!
//! For each rank, the people chosen are the first [`PER_RANK`] in [`order`] among all who hold that rank at the start or at
//! the end of any month of the calendar. The choice does not depend on the last month of the run, so the rows of a shorter
//! run are those of a longer one.

use super::{Extent, MONTH, MonthView, PHASE, Recorder, RowWriter, Table, count, label_columns, real, text};
use crate::experiment::lives::{self, LifeMonth, order};
use crate::model::identity;
use crate::model::simulation::Simulation;
use crate::model::state::standing::{POSITION_NAMES, Party, RANK_NAMES, RANKS, WORKER, position};
use crate::output::table::{Cell, Layout};
use std::collections::BTreeSet;

/// The table.
pub struct Lives;

/// Number of people for each rank.
pub const PER_RANK: usize = 20;

impl Table for Lives {
    fn layout(&self) -> Layout {
        let own = [
            MONTH,
            PHASE,
            text("person", "identity, `p` and 16 hexadecimal digits, as `kadry follow --person` takes it"),
            count(
                "unit",
                "",
                "number of the unit at the end of the month, or before leaving in it: plants from 0, then the offices",
            ),
            count("region", "", "region of that unit, from 0"),
            text("rank", "worker, foreman, middle, director or regional, at that time"),
            text(
                "role",
                "worker and foreman in the ranks of these names, which have no role; above them manager, specialist, party, union",
            ),
            text("party", "outside, candidate or member"),
            real("grievance", "0 to 1", "grievance"),
            real("fear", "0 to 1", "fear"),
            real(
                "suspicion",
                "accusations",
                "accusations received and not yet forgotten, this month's included",
            ),
            real("egalitarianism", "0 to 1", "egalitarian conviction"),
            real("experience", "months", "industrial experience"),
            real("months_in_rank", "months", "months since promotion, at most 255; empty for workers"),
            count("accusations_made", "acts", "accusations made in the month, at most 1"),
            count("accusations_received", "acts", "accusations received in the month"),
            text(
                "events",
                "what happened in the month, separated by spaces: arrested, demoted_sanction, demoted_purge, demoted_election, natural_exit, dismissed, quit, left_industry, expelled, left_party, graduated, assigned, moved, promoted, to_school, hired, joined_party; empty if nothing did",
            ),
        ];
        Layout {
            name: "lives",
            row: "one row per replicate, month and chosen person who is present in it (a person at school is not): for each rank the first 20, by a hash of the identity, of all who ever hold it",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        extent.months * (PER_RANK * RANKS) as u64
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Months::default())
    }

    fn by_default(&self) -> bool {
        false
    }

    // The society that is followed holds each person with the month's words; another one is run ahead at the start.
    fn bytes_per_person(&self) -> u64 {
        300
    }
}

/// The lives, from the start on.
#[derive(Default)]
struct Months(Option<lives::Lives>);

impl Recorder for Months {
    fn begin(&mut self, start: &Simulation, _writer: &mut RowWriter) {
        self.0 = Some(lives::Lives::of(start, chosen(start)));
    }

    fn month(&mut self, view: &MonthView<'_>, writer: &mut RowWriter) {
        let months = self.0.as_mut().and_then(lives::Lives::month).unwrap_or_default();
        for month in &months {
            debug_assert_eq!(month.month, view.month, "months arrive in order from the first");
            write(month, view.phase, writer);
        }
    }
}

/// The people to follow, from a run ahead of a copy.
fn chosen(start: &Simulation) -> Vec<u64> {
    let mut first: [BTreeSet<(u64, u64)>; RANKS] = Default::default();
    let mut society = start.clone();
    loop {
        society.for_each_person(|_, person| {
            let of_rank = &mut first[usize::from(person.rank())];
            let key = order(person.identity);
            if of_rank.len() < PER_RANK || of_rank.last().is_some_and(|last| key < *last) {
                of_rank.insert(key);
                if of_rank.len() > PER_RANK {
                    of_rank.pop_last();
                }
            }
        });
        if society.month().is_none() {
            break;
        }
    }
    first.into_iter().flatten().map(|(_, identity)| identity).collect()
}

/// Writes the row of one month of a life.
pub fn write(life: &LifeMonth, phase: &str, writer: &mut RowWriter) {
    let (person, month) = (&life.person, life.month);
    let identity = identity::text(person.identity);
    let text = [month.to_string(), life.events.keys()];
    let rank = person.rank();
    let [of_rank, role] =
        [RANK_NAMES[usize::from(rank)], POSITION_NAMES[position(rank, person.standing.role() as u8)]];
    let value = |value: f32| Cell::Real(f64::from(value));
    let in_rank =
        if rank == WORKER { Cell::Missing } else { Cell::Real(f64::from(person.months_in_rank(month.0))) };
    writer.row([
        Cell::Text(&text[0]),
        Cell::Text(phase),
        Cell::Text(&identity),
        Cell::Integer(u64::from(life.unit)),
        Cell::Integer(u64::from(life.region)),
        Cell::Text(of_rank),
        Cell::Text(role),
        Cell::Text(party_word(person.party(month.0))),
        value(person.grievance),
        value(person.fear),
        value(person.suspicion),
        value(person.egalitarianism),
        value(person.tenure(month.0).max(0.0)),
        in_rank,
        Cell::Integer(u64::from(life.accuses)),
        Cell::Integer(u64::from(life.accused)),
        Cell::Text(&text[1]),
    ]);
}

/// The word for a standing in the party.
pub fn party_word(party: Party) -> &'static str {
    match party {
        Party::Outside => "outside",
        Party::Candidate => "candidate",
        Party::Member => "member",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::lives::event::EVENTS;

    #[test]
    fn the_definition_lists_every_event() {
        let layout = Lives.layout();
        let events = layout.columns.iter().find(|column| column.name == "events").unwrap();
        let keys: Vec<&str> = EVENTS.iter().map(|event| event.key()).collect();
        assert!(events.definition.contains(&format!(": {}; ", keys.join(", "))), "{}", events.definition);
    }
}
