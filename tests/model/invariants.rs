//! What holds in every month whatever the levers, the parameters, the seed and the size.
//!
//! Random valid scenarios, from one enterprise with one person up: 64 in a normal run, as many as `KADRY_CASES` says
//! otherwise. Counts of cases, months and checks are printed (`--nocapture`).

mod record;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use kadry::engine::calendar::Month;
use kadry::model::fast::society::Society;
use kadry::model::fast::unit::Unit;
use kadry::model::identity;
use kadry::model::measures::MONTH_MEASURES;
use kadry::model::measures::Value;
use kadry::model::parameters::Parameters;
use kadry::model::phase::PHASE_MEASURES;
use kadry::model::phase::PhaseRecord;
use kadry::model::record::MonthRecord;
use kadry::model::setup::Setup;
use kadry::model::state::person::Person;
use kadry::model::state::standing::RANKS;
use kadry::model::state::standing::REGIONAL;
use kadry::model::state::standing::Role;
use kadry::model::state::traits::NEVER_ENTERED;
use kadry::model::state::traits::UNRANKED;
use kadry::model::state::unit::Cause;
use kadry::model::state::unit::WHOLE_ACT;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::random::{MOST_PEOPLE, flat, setups};
use super::{everybody, mean, start};

/// Slack for rounding of 32-bit states at the ends of their ranges.
const ROUNDING: f32 = 1e-6;

/// How often each invariant was looked at.
#[derive(Debug, Default)]
struct Checks {
    cases: u64,
    months: u64,
    counts: BTreeMap<&'static str, u64>,
}

impl Checks {
    /// Counts a look at an invariant, and gives a fault if it does not hold.
    fn hold(
        &mut self,
        invariant: &'static str,
        holds: bool,
        detail: impl FnOnce() -> String,
    ) -> Result<(), TestCaseError> {
        *self.counts.entry(invariant).or_default() += 1;
        if holds { Ok(()) } else { Err(TestCaseError::fail(format!("{invariant}: {}", detail()))) }
    }

    fn within(
        &mut self,
        invariant: &'static str,
        value: f64,
        (least, largest): (f64, f64),
    ) -> Result<(), TestCaseError> {
        self.hold(invariant, least <= value && value <= largest, || {
            format!("{value} is not from {least} to {largest}")
        })
    }

    fn equal(&mut self, invariant: &'static str, one: u64, other: u64) -> Result<(), TestCaseError> {
        self.hold(invariant, one == other, || format!("{one} and {other}"))
    }
}

/// Counts of a society between two months.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Before {
    ranks: [u64; RANKS],
    students: u64,
    party: u64,
}

/// Workers at school.
fn students(society: &Society) -> u64 {
    society.school().map(|cohort| cohort.workers.len() as u64).sum()
}

fn before(society: &Society) -> Before {
    let mut ranks = [0; RANKS];
    let mut party = 0;
    for person in society.units().iter().flat_map(everybody) {
        ranks[usize::from(person.standing.rank())] += 1;
        party += u64::from(person.standing.in_party());
    }
    Before { ranks, students: students(society), party }
}

/// What holds for a person of a unit after a month. Everybody is looked at for each of these.
fn of_person(rules: &Parameters, month: Month, unit: &Unit, person: &Person) -> [(&'static str, bool); 10] {
    // As the next month will find them.
    let next = month.0 + 1;
    let standing = person.standing;
    let shares = [
        person.grievance,
        person.egalitarianism,
        person.fear,
        person.competence(next),
        person.drive.ambition().value(),
        person.temperament.temper().value(),
        person.drive.shock_quality().value(),
    ];
    let Person { dates, career, .. } = person;
    let spell = career.entered() != NEVER_ENTERED;
    let newly_hired = identity::hire(month, unit.state.number, 0) <= person.identity
        && person.identity < identity::hire(month, unit.state.number + 1, 0);
    // What is not a number lies in no range.
    [
        ("elite people have a role, others none", standing.elite() == (standing.role() != Role::None)),
        (
            "regional officials are in offices, all others in plants",
            (standing.rank() == REGIONAL) == unit.state.office,
        ),
        ("posts of the party are held by party people", !standing.party_post() || standing.in_party()),
        ("a spell in the elite is that of somebody in it", standing.elite() == spell),
        ("bosses alone have been so long in a rank", standing.boss() == (career.ranked() != UNRANKED)),
        (
            "nothing has happened after now",
            career.entered().max(career.ranked()).max(dates.joined()) <= month.0 as i16,
        ),
        (
            "shares of people are from 0 to 1",
            shares.iter().all(|share| (-ROUNDING..=1.0 + ROUNDING).contains(share)),
        ),
        (
            "suspicion and experience are 0 or more",
            person.suspicion >= 0.0 && person.tenure(next) >= 0.0 && person.suspicion.is_finite(),
        ),
        (
            "grudges last so many months at most",
            dates.rankles_until() < month.0 as i16 + rules.grudge_months as i16,
        ),
        (
            "the newly hired are in a brigade of their plant",
            !newly_hired || u32::from(person.brigade) < unit.state.brigades(),
        ),
    ]
}

fn check_units(
    checks: &mut Checks,
    month: Month,
    society: &Society,
    rules: &Parameters,
) -> Result<(), TestCaseError> {
    let most_brigades = society.units().iter().map(|unit| unit.state.brigades()).max().unwrap_or(1);
    for unit in society.units() {
        checks.within(
            "authority is from its floor to 1",
            unit.state.authority,
            (rules.authority_floor, 1.0),
        )?;
        checks.within("union capacity is from 0 to 1", unit.state.union, (0.0, 1.0))?;
        checks.within("tightness is from 0 to 1", unit.state.tightness, (0.0, 1.0))?;
        let gap = (0.0, rules.plan_gap_ceiling);
        checks.within("the plan gap is from 0 to its ceiling", unit.state.plan_gap, gap)?;
        checks.within("the share of denouncers is from 0 to 1", unit.state.denouncers, (0.0, 1.0))?;
        checks.within(
            "implementation is from its floor to 1",
            unit.state.now.implementation,
            (rules.implementation_floor, 1.0),
        )?;
        for stock in [
            unit.state.catharsis,
            unit.state.accused_bosses,
            unit.state.openness,
            unit.state.workers_wanted,
            unit.state.now.output,
        ] {
            checks.within("stocks of units are 0 or more", stock, (0.0, f64::MAX))?;
        }
        let mut holders = [0u64; RANKS];
        for person in everybody(unit) {
            holders[usize::from(person.standing.rank())] += 1;
            let looked = of_person(rules, month, unit, &person);
            if let Some((invariant, _)) = looked.iter().find(|(_, holds)| !holds) {
                return Err(TestCaseError::fail(format!(
                    "{invariant}: {person:?} of unit {}",
                    unit.state.number
                )));
            }
            if u32::from(person.brigade) >= most_brigades {
                return Err(TestCaseError::fail(format!("no plant has the brigade of {person:?}")));
            }
        }
        if let Some(person) = everybody(unit).next() {
            for (invariant, _) in of_person(rules, month, unit, &person) {
                *checks.counts.entry(invariant).or_default() += unit.people.len() as u64;
            }
            *checks.counts.entry("every brigade is one of some plant").or_default() +=
                unit.people.len() as u64;
        }
        let ordered = (0..RANKS).all(|rank| {
            let rows = unit.people.ranks.of(rank as u8);
            rows.len() as u64 == holders[rank]
                && unit.people.standing[rows].iter().all(|standing| usize::from(standing.rank()) == rank)
        });
        checks.hold("people stand in the order of their ranks", ordered, || {
            format!("{:?}", unit.people.ranks)
        })?;
        for rank in 1..RANKS {
            let promoted =
                unit.state.now.promotions.iter().filter(|record| usize::from(record.rank) == rank).count();
            checks.hold(
                "no more promotions than vacant posts",
                promoted as u64 <= unit.state.now.vacant[rank],
                || format!("{promoted} to rank {rank}, {:?} vacant", unit.state.now.vacant),
            )?;
            // Counted anew from the people: nobody rises above the posts that there are.
            let posts = unit.state.whole_posts(rank);
            checks.hold(
                "promotion fills no more than the posts",
                promoted == 0 || holders[rank] <= posts,
                || {
                    format!(
                        "{promoted} promoted to rank {rank} of unit {}: {holders:?} in {:?}",
                        unit.state.number, unit.state.posts
                    )
                },
            )?;
        }
        let now = &unit.state.now;
        checks.hold("nobody accuses twice in a month", now.accusers as usize == now.acts.len(), || {
            format!("{now:?}")
        })?;
        checks.hold("no more accusers than people", now.accusers <= now.people(), || format!("{now:?}"))?;
        checks.hold("no more arrests than due", now.arrests <= now.arrests_due, || format!("{now:?}"))?;
    }
    for region in society.regions() {
        checks.within(
            "quotas are from 1 to their ceiling",
            region.quota,
            (1.0, rules.quota_ceiling.max(1.0)),
        )?;
        checks.within("attack is from 0 to 1", region.attack, (0.0, 1.0))?;
        checks.within(
            "perceived punishment is from its floor to its ceiling",
            region.perceived_punishment,
            (rules.perception_floor, rules.perception_ceiling),
        )?;
        for stock in [region.accused, region.punishments].iter().chain(&region.mobility) {
            checks.within("stocks of regions are 0 or more", *stock, (0.0, f64::MAX))?;
        }
    }
    Ok(())
}

fn check_identities(checks: &mut Checks, society: &Society) -> Result<(), TestCaseError> {
    let present = society.units().iter().flat_map(|unit| unit.people.identity.iter().copied());
    let students = society.school().flat_map(|cohort| cohort.workers.iter().map(|s| s.person.identity));
    let mut identities: Vec<u64> = present.chain(students).collect();
    let count = identities.len();
    identities.sort_unstable();
    identities.dedup();
    checks.equal("identities are unique in the whole country", identities.len() as u64, count as u64)
}

/// Where demotion leads from each rank: two ranks down.
const AFTER_DEMOTION: [usize; RANKS] = [0, 0, 0, 1, 2];

fn check_flows(
    checks: &mut Checks,
    society: &Society,
    record: &MonthRecord,
    was: &Before,
    is: &Before,
) -> Result<(), TestCaseError> {
    checks.hold("the record counts those who were there", record.people_by_rank == was.ranks, || {
        format!("{was:?}")
    })?;
    checks.equal("the record counts the party", record.party, was.party)?;
    let gone = record.natural + record.arrests + record.left_industry + record.students;
    let come = record.hired + record.graduates[0] + record.graduates[1];
    checks.equal("people are conserved", society.people() + gone, record.people() + come)?;
    checks.equal(
        "students are conserved",
        is.students + record.graduates[1],
        was.students + record.students,
    )?;
    let sum =
        |count: fn(&Unit) -> u32| society.units().iter().map(|unit| u64::from(count(unit))).sum::<u64>();
    checks.equal(
        "who leaves a plant to move arrives in one",
        sum(|u| u.state.now.moved_out),
        sum(|u| u.state.now.arrived),
    )?;
    checks.equal("quits and dismissals move or leave", record.arrived + record.left_industry, {
        sum(|u| u.state.now.moved_out) + sum(|u| u.state.now.left_industry)
    })?;
    let promotions = society.units().iter().flat_map(|unit| &unit.state.now.promotions);
    let elsewhere = promotions.filter(|record| record.from_elsewhere).count() as u64;
    checks.equal("who rises elsewhere arrives there", elsewhere, sum(|u| u.state.now.risen_in))?;
    let demoted = |rank: usize| -> u64 {
        [Cause::Sanction, Cause::Purge, Cause::Election]
            .into_iter()
            .map(|cause| record.losses[cause as usize][rank])
            .sum()
    };
    checks.equal("demoted officials arrive in plants", demoted(4), sum(|u| u.state.now.fallen_in))?;
    let all_losses: u64 = record.losses.iter().flatten().sum();
    let counted = sum(|u| u.state.now.arrested_bosses) + sum(|u| u.state.now.demoted_bosses);
    let natural = record.losses[Cause::Natural as usize].iter().sum::<u64>();
    checks.equal(
        "losses of bosses are arrests, demotions and natural exits",
        all_losses,
        counted + natural,
    )?;
    for rank in 1..RANKS {
        let lost: u64 = record.losses.iter().map(|losses| losses[rank]).sum();
        let fell: u64 = (2..RANKS).filter(|&above| AFTER_DEMOTION[above] == rank).map(demoted).sum();
        let rose = if rank + 1 < RANKS { record.promotions[rank + 1] } else { 0 };
        let schooled = if rank == 1 { record.graduates.iter().sum() } else { 0 };
        checks.equal(
            "bosses of each rank are conserved",
            is.ranks[rank] + lost + rose,
            was.ranks[rank] + record.promotions[rank] + fell + schooled,
        )?;
    }
    Ok(())
}

fn check_phase(checks: &mut Checks, phase: &PhaseRecord) -> Result<(), TestCaseError> {
    for measure in PHASE_MEASURES {
        let value = (measure.value)(phase);
        let sound = match value {
            Value::Count(_) => measure.count,
            Value::Real(real) => !measure.count && real.is_finite(),
            Value::Missing => true,
        };
        checks.hold("measures of a phase are numbers or missing", sound, || {
            format!("{} {value:?}", measure.key)
        })?;
    }
    Ok(())
}

fn check_case(checks: &mut Checks, setup: Setup, seed: u64, months: u16) -> Result<(), TestCaseError> {
    let rules = setup.parameters.clone();
    let mut society = start(Arc::new(setup), seed, 1);
    let mut phase = PhaseRecord::default();
    let mut was = before(&society);
    checks.cases += 1;
    for _ in 0..months {
        if society.people() > MOST_PEOPLE {
            break;
        }
        let month = society.next();
        let record = society.month();
        let is = before(&society);
        checks.months += 1;
        let looked = check_flows(checks, &society, &record, &was, &is)
            .and_then(|()| record::check_record(checks, &record))
            .and_then(|()| check_units(checks, month, &society, &rules))
            .and_then(|()| check_identities(checks, &society));
        if let Err(TestCaseError::Fail(reason)) = looked {
            return Err(TestCaseError::fail(format!("{month}: {reason}")));
        }
        phase.add(&record);
        was = is;
    }
    check_phase(checks, &phase)
}

#[test]
fn what_always_holds_holds_in_every_month_of_random_scenarios() {
    let cases = std::env::var("KADRY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // A fixed sequence of cases: a run of the tests is as reproducible as the program.
    let generator = TestRng::from_seed(RngAlgorithm::ChaCha, b"invariants of the model, 1928-41");
    let mut runner = TestRunner::new_with_rng(config, generator);
    let checks = RefCell::new(Checks::default());
    let months = prop_oneof![1 => 1..=12u16, 2 => 13..=60u16, 2 => 61..=Month::COUNT as u16];
    let result = runner.run(&(setups(), any::<u64>(), months), |(setup, seed, months)| {
        check_case(&mut checks.borrow_mut(), setup, seed, months)
    });
    let checks = checks.into_inner();
    println!(
        "{} cases, {} months, {} invariants, {} checks",
        checks.cases,
        checks.months,
        checks.counts.len(),
        checks.counts.values().sum::<u64>()
    );
    for (invariant, count) in &checks.counts {
        println!("{count:12} {invariant}");
    }
    if let Err(fault) = result {
        panic!("{fault}");
    }
}

#[test]
fn the_smallest_countries_and_levers_at_their_limits_run() {
    let mut checks = Checks::default();
    for value in [0.0, 1.0] {
        for (size, enterprises, regions) in [(1, 1, 1), (2, 2, 2), (10, 1, 1), (60, 3, 3), (500, 1, 1)] {
            let setup = flat(value, size, enterprises, regions);
            if let Err(fault) = check_case(&mut checks, setup, 1, Month::COUNT as u16) {
                panic!("levers at {value}, {size} people in {enterprises} enterprises: {fault}");
            }
        }
    }
    assert_eq!(checks.cases, 10);
    assert!(mean(&[checks.months as f64 / 10.0]) > 100.0);
}
