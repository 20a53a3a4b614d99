//! Follows chosen people month by month: their state, and what happened to them.
//!
//! [`Lives`] simulates a copy of the society person by person, in which every fate is visible. The copy gives the same
//! results as the fast month, so a life is that of the person in any result of the same scenario, seed and replicate.
//! [`rule`] reads the rules by which people are found, [`search`] finds them.

pub mod event;
pub mod rule;
pub mod search;

use super::diverge::state::mixed;
use super::plan::Plan;
use super::study::rows::Labels;
use super::tables::{self, RowWriter, Table};
use crate::engine::calendar::Month;
use crate::model::identity::is_hire_of;
use crate::model::observed::SoFar;
use crate::model::rules::outcome::{Outcome, outcome};
use crate::model::simulation::Simulation;
use crate::model::society::Society;
use crate::model::state::fate;
use crate::model::state::person::Person;
use crate::model::state::standing::FOREMAN;
use crate::model::state::unit::Cause;
use event::{Event, Events};

/// The step before which the fates of a month are known, and everyone they concern is still present.
pub(in crate::experiment) const FATES_KNOWN: &str = "depart";

/// The step before which people have their state at the end of the month.
pub(in crate::experiment) const PEOPLE_FINAL: &str = "close_month";

/// One month of a life.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LifeMonth {
    /// The month.
    pub month: Month,
    /// The person at the end of the month, or just before leaving in it.
    pub person: Person,
    /// Number of the unit at that time: plants from 0, then the offices.
    pub unit: u32,
    /// Region of the unit.
    pub region: u32,
    /// True if the unit is a regional office.
    pub office: bool,
    /// True if the person made an accusation; a person makes one at most.
    pub accuses: bool,
    /// Accusations received.
    pub accused: u16,
    /// What happened.
    pub events: Events,
}

/// The order in which people are chosen: by a hash of the identity, which is the same in every scenario and replicate.
pub fn order(identity: u64) -> (u64, u64) {
    (mixed(0, identity), identity)
}

/// A person in a unit.
#[derive(Debug, Clone, Copy)]
struct Present {
    person: Person,
    unit: u32,
    region: u32,
    office: bool,
    so_far: SoFar,
}

/// What is known of a chosen person in a month.
#[derive(Debug, Clone, Copy, Default)]
struct Traces {
    /// The person before departures, if present.
    before: Option<Present>,
    /// The person at the end of the month, if present.
    after: Option<Present>,
    /// True if the person is at school at the end of the month.
    at_school: bool,
}

/// The lives of chosen people, in a society of their own.
#[derive(Debug, Clone)]
pub struct Lives {
    society: Simulation,
    /// Identities, in ascending order.
    chosen: Vec<u64>,
    /// For each, whether the person was at school at the end of the last month.
    at_school: Vec<bool>,
    /// For each, whether the person has been present and has left for good.
    gone: Vec<bool>,
}

impl Lives {
    /// Prepares to follow the people with these identities from the next month of a society on.
    pub fn of(start: &Simulation, mut chosen: Vec<u64>) -> Lives {
        chosen.sort_unstable();
        chosen.dedup();
        let none = vec![false; chosen.len()];
        Lives { society: start.as_readable(), chosen, at_school: none.clone(), gone: none }
    }

    /// The people, in ascending order of their identities.
    pub fn chosen(&self) -> &[u64] {
        &self.chosen
    }

    /// Whether all of them have left for good.
    pub fn over(&self) -> bool {
        self.gone.iter().all(|gone| *gone)
    }

    /// Simulates the next month; returns it for each of the people who were present in it, by identity. A person at school
    /// is not present. Returns `None` after the last month of the calendar.
    pub fn month(&mut self) -> Option<Vec<LifeMonth>> {
        let month = self.society.next();
        let mut traces = vec![Traces::default(); self.chosen.len()];
        self.society.watched_month(|step, society| match step {
            FATES_KNOWN => {
                each_of(&self.chosen, society, |place, present| traces[place].before = Some(present));
            }
            PEOPLE_FINAL => {
                each_of(&self.chosen, society, |place, present| traces[place].after = Some(present));
                for student in society.school().flat_map(|cohort| &cohort.workers) {
                    if let Ok(place) = self.chosen.binary_search(&student.person.identity) {
                        traces[place].at_school = true;
                    }
                }
            }
            _ => {}
        })?;
        let mut months = Vec::new();
        for (place, traces) in traces.into_iter().enumerate() {
            let returned = self.at_school[place];
            self.at_school[place] = traces.at_school;
            let Some(shown) = traces.after.or(traces.before) else { continue };
            self.gone[place] = traces.after.is_none() && !traces.at_school;
            let so_far = traces.before.map_or_else(SoFar::default, |before| before.so_far);
            months.push(LifeMonth {
                month,
                person: shown.person,
                unit: shown.unit,
                region: shown.region,
                office: shown.office,
                accuses: so_far.accuses,
                accused: so_far.accusations,
                events: events(month, &traces, returned),
            });
        }
        Some(months)
    }
}

/// Calls `look` for those of `chosen` who are present, with their position in it.
fn each_of(chosen: &[u64], society: &Society, mut look: impl FnMut(usize, Present)) {
    let units = society.units();
    society.for_each_person(|position, person, so_far| {
        if let Ok(place) = chosen.binary_search(&person.identity) {
            let unit = &units[position];
            let present = Present {
                person: *person,
                unit: unit.number,
                region: unit.region,
                office: unit.office,
                so_far,
            };
            look(place, present);
        }
    });
}

/// What happened to a person; `returned` if the person was at school before.
fn events(month: Month, traces: &Traces, returned: bool) -> Events {
    match (traces.before, traces.after) {
        (Some(before), _) => of_present(&before, traces),
        (None, Some(after)) => of_entrant(month, &after, returned),
        (None, None) => Events::default(),
    }
}

/// The events of a person who was present before the departures of the month.
fn of_present(before: &Present, traces: &Traces) -> Events {
    let mut events = Events::default();
    let fates = before.so_far.fates;
    let standing = before.person.standing;
    let mut leaves = None;
    match outcome(fates, standing.boss()) {
        Outcome::Stays => {}
        Outcome::Arrested => events.add(Event::Arrested),
        Outcome::Demoted(Cause::Purge) => events.add(Event::DemotedByPurge),
        Outcome::Demoted(Cause::Election) => events.add(Event::VotedOut),
        Outcome::Demoted(_) => events.add(Event::DemotedBySanction),
        Outcome::Natural => events.add(Event::NaturalExit),
        Outcome::Dismissed => leaves = Some(Event::Dismissed),
        Outcome::Quits => leaves = Some(Event::Quit),
    }
    if let Some(event) = leaves {
        events.add(event);
        if traces.after.is_none() && !traces.at_school {
            events.add(Event::LeftIndustry);
        }
    }
    let lost_card = fates & (fate::EXPELLED | fate::LEFT_PARTY) != 0;
    if fates & fate::EXPELLED != 0 {
        events.add(Event::Expelled);
    }
    if fates & fate::LEFT_PARTY != 0 {
        events.add(Event::LeftParty);
    }
    if traces.at_school {
        events.add(Event::ToSchool);
    }
    if let Some(after) = traces.after {
        if after.unit != before.unit {
            events.add(Event::Moved);
        }
        if after.person.rank() > before.person.rank() {
            events.add(Event::Promoted);
        }
        if after.person.standing.in_party() && (lost_card || !standing.in_party()) {
            events.add(Event::JoinedParty);
        }
    }
    events
}

/// The events of a person who came after the departures of the month.
fn of_entrant(month: Month, after: &Present, returned: bool) -> Events {
    let mut events = Events::default();
    let person = &after.person;
    if is_hire_of(person.identity, month) {
        events.add(Event::Hired);
    } else {
        events.add(if returned { Event::Graduated } else { Event::Assigned });
        // Graduates begin as foremen.
        if person.rank() > FOREMAN {
            events.add(Event::Promoted);
        }
    }
    if person.standing.in_party() && joined_in(month, person) {
        events.add(Event::JoinedParty);
    }
    events
}

/// Whether the person's date of joining the party is this month.
fn joined_in(month: Month, person: &Person) -> bool {
    i32::from(person.dates.joined()) == i32::from(month.0)
}

/// The months of these people up to and including `last`: month by month, each in the order of their identities.
pub fn follow(start: &Simulation, people: Vec<u64>, last: Month) -> Vec<LifeMonth> {
    let mut lives = Lives::of(start, people);
    let mut months = Vec::new();
    while !lives.over() && lives.society.next() <= last {
        months.extend(lives.month().unwrap_or_default());
    }
    months
}

/// The bytes of `lives.csv` with these months, which belong to a replicate of a plan.
pub fn csv(plan: &Plan, replicate: u32, months: &[LifeMonth]) -> Vec<u8> {
    let table = &tables::lives::Lives;
    let mut rows = RowWriter::default();
    for life in months {
        tables::lives::write(life, &plan.phase_of[life.month.index()].to_string(), &mut rows);
    }
    let mut bytes = table.layout().header();
    let labels = Labels::new(&plan.scenario, plan.seed, &plan.phases, &[]);
    labels.label(table, replicate, &[], &rows.into_bytes(), &mut bytes);
    bytes
}
