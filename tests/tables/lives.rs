//! Tests that the lives of all people add up to the flows and the series.

use super::*;
use kadry::experiment::lives::event::{EVENTS, Event};
use kadry::experiment::lives::{LifeMonth, Lives};
use kadry::model::simulation::Simulation;
use kadry::model::state::standing::{POSITION_NAMES, RANK_NAMES, REGIONAL, position};

/// A plan of a small eventful society.
fn small(months: u16) -> Plan {
    let mut levers = Levers::default();
    LEVERS.iter().for_each(|info| (info.set)(&mut levers, 0.6));
    let mut events = Events::none();
    events.party_elections[30] = true;
    events.union_elections[40] = true;
    let setup = Setup {
        population: Population { size: 1_500, enterprises: 5, regions: 2 },
        parameters: Parameters {
            accusation_scale: 3.0 * Parameters::default().accusation_scale,
            arrest_plan: 0.02,
            ..Parameters::default()
        },
        mechanisms: Mechanisms::default(),
        policy: PolicyMode::Schedule(vec![levers; Month::COUNT]),
        events,
    };
    plan(setup, 5, months)
}

/// Everybody who is present at the start or the end of a month.
fn everybody(start: &Simulation, months: u16) -> Vec<u64> {
    let mut all = std::collections::BTreeSet::new();
    let mut society = start.clone();
    for month in 0..=months {
        society.for_each_person(|_, person| {
            all.insert(person.identity);
        });
        if month < months {
            society.month();
        }
    }
    all.into_iter().collect()
}

fn rank_and_role(life: &LifeMonth) -> [&'static str; 2] {
    let rank = life.person.rank();
    let role = POSITION_NAMES[position(rank, life.person.standing.role() as u8)];
    [RANK_NAMES[usize::from(rank)], role]
}

/// The events of a month against the flows of each rank and role.
fn events_are_flows(life: &[LifeMonth], flows: &[Row<'_>]) {
    let of_place = |event: Event, row: Row<'_>| {
        let here = |life: &&LifeMonth| {
            life.events.has(event) && rank_and_role(life) == ["rank", "role"].map(|column| row.text(column))
        };
        life.iter().filter(here).count() as i64
    };
    for &row in flows {
        // People who leave are shown as they were before.
        for (event, column) in [
            (Event::Arrested, "exit_arrest"),
            (Event::NaturalExit, "exit_natural"),
            (Event::LeftIndustry, "exit_left"),
        ] {
            assert_eq!(of_place(event, row), row.count(column), "{column} {}", row.text("month"));
        }
    }
    let total = |with: &str, columns: &Read| -> i64 {
        flows
            .iter()
            .map(|row| columns.beginning(with).iter().map(|column| row.count(column)).sum::<i64>())
            .sum()
    };
    let count = |event: Event| life.iter().filter(|life| life.events.has(event)).count() as i64;
    let table = flows[0].table;
    for (event, columns) in [
        (Event::DemotedBySanction, "exit_sanction"),
        (Event::DemotedByPurge, "exit_purge"),
        (Event::VotedOut, "exit_election"),
        (Event::Promoted, "exit_promotion"),
        (Event::ToSchool, "exit_school"),
        (Event::Hired, "hired"),
        (Event::Graduated, "graduated"),
        (Event::Assigned, "assigned"),
    ] {
        assert_eq!(count(event), total(columns, table), "{columns} {}", flows[0].text("month"));
    }
}

fn events_are_those_of_the_series(life: &[LifeMonth], month: Row<'_>) {
    for (event, column) in [
        (Event::Expelled, "expelled"),
        (Event::LeftParty, "left_party"),
        (Event::Dismissed, "dismissed"),
        (Event::Promoted, "promotions"),
    ] {
        let count = life.iter().filter(|life| life.events.has(event)).count() as i64;
        assert_eq!(count, month.count(column), "{column} {}", month.text("month"));
    }
    // The series counts admissions; the card that comes with a regional post is none.
    let with_post = |life: &LifeMonth| life.events.has(Event::Promoted) && life.person.rank() == REGIONAL;
    let admitted = life.iter().filter(|life| life.events.has(Event::JoinedParty) && !with_post(life)).count();
    assert_eq!(admitted as i64, month.count("joined_party"), "joined_party {}", month.text("month"));
    let received: i64 = life.iter().map(|life| i64::from(life.accused)).sum();
    let made = life.iter().filter(|life| life.accuses).count() as i64;
    assert_eq!([received, made], [month.count("accusations"); 2], "{}", month.text("month"));
}

/// Rank and place change only by events, and people appear and disappear only by events.
fn a_life_goes_on(before: Option<LifeMonth>, now: Option<LifeMonth>) {
    const EXITS: [Event; 4] = [Event::Arrested, Event::NaturalExit, Event::LeftIndustry, Event::ToSchool];
    const ENTRIES: [Event; 3] = [Event::Hired, Event::Graduated, Event::Assigned];
    let any = |life: LifeMonth, events: &[Event]| events.iter().any(|event| life.events.has(*event));
    match (before, now) {
        (Some(before), Some(now)) if any(before, &EXITS) => {
            assert!(before.events.has(Event::ToSchool) && now.events.has(Event::Graduated));
        }
        (Some(before), Some(now)) => {
            assert!(!any(now, &ENTRIES));
            let demoted = any(now, &[Event::DemotedBySanction, Event::DemotedByPurge, Event::VotedOut]);
            let (then, rank) = (before.person.rank(), now.person.rank());
            assert_eq!(rank > then, now.events.has(Event::Promoted));
            assert!(if demoted { rank < then } else { rank >= then });
            assert_eq!(now.unit != before.unit, now.events.has(Event::Moved));
        }
        (None, Some(now)) => assert!(any(now, &ENTRIES) || now.month == Month::FIRST),
        (Some(before), None) => assert!(any(before, &EXITS), "{before:?}"),
        (None, None) => {}
    }
}

#[test]
fn the_lives_of_all_people_add_up_to_flows_and_series() {
    const MONTHS: u16 = 72;
    let plan = small(MONTHS);
    let tables = tables(&plan);
    let start = Simulation::start(Arc::clone(&plan.setup), plan.seed, 1);
    let mut lives = Lives::of(&start, everybody(&start, MONTHS));
    let mut known: BTreeMap<u64, LifeMonth> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for month in tables.months() {
        let life = lives.month().unwrap();
        let flows: Vec<Row<'_>> = tables.get("elite_flows").of("month", month.text("month")).collect();
        events_are_flows(&life, &flows);
        events_are_those_of_the_series(&life, month);
        let now: BTreeMap<u64, LifeMonth> = life.iter().map(|life| (life.person.identity, *life)).collect();
        for (person, before) in &known {
            // A person at school is known by the month of leaving until the return.
            let next = now.get(person).copied();
            if next.is_some() || before.month.0 + 1 == life[0].month.0 {
                a_life_goes_on(Some(*before), next);
            }
        }
        now.iter()
            .filter(|(person, _)| !known.contains_key(person))
            .for_each(|(_, now)| a_life_goes_on(None, Some(*now)));
        seen.extend(life.iter().flat_map(|life| life.events.iter().map(Event::key)));
        known.extend(now);
    }
    // The test is meaningful only if everything happens.
    let never: Vec<&str> =
        EVENTS.iter().map(|event| event.key()).filter(|event| !seen.contains(event)).collect();
    assert_eq!(never, [""; 0]);
}
