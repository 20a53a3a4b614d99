//! `kadry follow SCENARIO`: finds people by a rule or an identity, and prints their lives month by month.
//!
//! [`crate::experiment::lives`] finds and follows them; this module formats what it found.

mod text;

use super::Exit;
use super::estimate::check_memory;
use super::faults::load_or_print_faults;
use super::person::{entry_text, parse_identity};
use super::quantity::count;
use super::run_options::memory_limit;
use super::stderr::eprint_line;
use super::stdout::{print, print_json};
use super::terminal::Terminal;
use crate::engine::calendar::Month;
use crate::experiment::foresight::foresee;
use crate::experiment::lives::event::Event;
use crate::experiment::lives::rule::Rule;
use crate::experiment::lives::search::{Found, search};
use crate::experiment::lives::{self, LifeMonth};
use crate::experiment::plan::Plan;
use crate::experiment::tables::lives::{Lives, party_word};
use crate::model::identity;
use crate::model::simulation::Simulation;
use crate::model::state::standing::{POSITION_NAMES, RANK_NAMES, WORKER, position};
use crate::scenario::Size;
use anyhow::Context;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Find people by a rule or an identity, and print their lives month by month
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("who").args(["person", "rule"]).required(true)))]
pub(super) struct Arguments {
    /// Scenario file, name of a shipped scenario such as `historical`, or `-` for standard input
    scenario: OsString,

    /// Follow the person with this identity, as --rule and lives.csv give it
    #[arg(long, value_name = "ID", value_parser = parse_identity)]
    person: Option<u64>,

    /// Follow a person for whom a rule holds, such as "worker in 1928, director by 1938" (docs/lives.md)
    #[arg(long, value_name = "RULE")]
    rule: Option<Rule>,

    /// Follow up to N of the people for whom the rule holds
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "person", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    count: u32,

    /// Seed of the random numbers
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = super::run_options::seed)]
    seed: u64,

    /// Number of the replicate
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    replicate: u32,

    /// Number of people in January 1928, or `one-to-one` for the whole industry; enterprises keep their mean size
    #[arg(long, value_name = "N|one-to-one", allow_negative_numbers = true)]
    population: Option<Size>,

    /// Change a key of the scenario, such as `levers.union=0.6` (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    /// Last month of the run
    #[arg(long, value_name = "YYYY-MM", default_value_t = Month::LAST)]
    until: Month,

    /// Also write the months to a file, with the columns of lives.csv
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Print the lives as JSON
    #[arg(long)]
    json: bool,
}

/// People in January 1928 from which the work is announced.
const LARGE: u64 = 100_000;

/// Finds and prints the lives.
///
/// # Errors
///
/// If no person is found, the file of --out exists or cannot be written, or memory is short.
pub(super) fn follow(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let scenario = match load_or_print_faults(&arguments.scenario, &arguments.set, arguments.population, None)
    {
        Ok(scenario) => scenario,
        Err(code) => return Ok(code),
    };
    if let Some(part) = arguments.rule.as_ref().and_then(|rule| rule.after(arguments.until)) {
        eprint_line(&format!(
            "error: `{}` is after the last month of the run, {}: give a later --until",
            part.text, arguments.until
        ));
        return Ok(Exit::Usage.into());
    }
    // Before the work, which may take minutes.
    if let Some(file) = arguments.out.as_deref().filter(|file| file.exists()) {
        anyhow::bail!(exists(file));
    }
    let plan =
        Plan { seed: arguments.seed, last: arguments.until, tables: vec![&Lives], ..Plan::of(&scenario) };
    check_room(&plan)?;
    announce(&plan);
    let start = Simulation::start(Arc::clone(&plan.setup), plan.seed, arguments.replicate);
    let found = arguments.rule.as_ref().map(|rule| (rule, search(&start, rule, plan.last)));
    let people: Vec<u64> = match &found {
        Some((_, found)) => found.people.iter().copied().take(arguments.count as usize).collect(),
        None => Vec::from_iter(arguments.person),
    };
    let months = lives::follow(&start, people.clone(), plan.last);
    // A file without rows would pass for a result.
    if let Some(file) = arguments.out.as_deref().filter(|_| !months.is_empty()) {
        write(file, &lives::csv(&plan, arguments.replicate, &months))?;
    }
    let report =
        Report { plan: &plan, replicate: arguments.replicate, found, people, lives: by_person(months) };
    print_report(&report, arguments)
}

/// Prints the lives; fails if there are none.
fn print_report(report: &Report<'_>, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let none = report.lives.is_empty();
    if arguments.json {
        print_json(&report.json())?;
    } else if !none {
        print(&text::text(report, Terminal::of_stdout()))?;
    }
    match &arguments.out {
        _ if !none => Ok(Exit::Success.into()),
        Some(file) => anyhow::bail!("{}; {} is not written", report.none_found(), file.display()),
        None => anyhow::bail!(report.none_found()),
    }
}

/// Says that the work is slow if the society is large.
fn announce(plan: &Plan) {
    let size = plan.setup.population.size;
    if size >= LARGE {
        eprint_line(&format!(
            "simulating {} people person by person, which is slow: a smaller --population is faster",
            count(size)
        ));
    }
}

/// Fails if memory is too small. The work is that of `lives.csv`: one society by columns, and a copy person by person.
fn check_room(plan: &Plan) -> anyhow::Result<()> {
    let foresight = foresee(plan);
    memory_limit(None).map_or(Ok(()), |limit| check_memory(&foresight, foresight.memory, limit))
}

/// The months of each person, in order.
fn by_person(months: Vec<LifeMonth>) -> BTreeMap<u64, Vec<LifeMonth>> {
    let mut lives: BTreeMap<u64, Vec<LifeMonth>> = BTreeMap::new();
    months.into_iter().for_each(|month| lives.entry(month.person.identity).or_default().push(month));
    lives
}

fn exists(file: &Path) -> String {
    format!("{} already exists: move it away, or write elsewhere", file.display())
}

/// Writes a new file.
fn write(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let created = match File::create_new(file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => anyhow::bail!(exists(file)),
        created => created,
    };
    created
        .and_then(|mut file| file.write_all(bytes))
        .with_context(|| format!("cannot write {}", file.display()))
}

/// What was found.
struct Report<'a> {
    plan: &'a Plan,
    replicate: u32,
    /// The rule and what the search found; `None` if a person was asked for.
    found: Option<(&'a Rule, Found)>,
    /// The people who are followed, in the order in which they are printed.
    people: Vec<u64>,
    /// The months of each person who is ever present.
    lives: BTreeMap<u64, Vec<LifeMonth>>,
}

impl Report<'_> {
    /// The months of a person.
    fn life(&self, person: u64) -> &[LifeMonth] {
        self.lives.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The run in words.
    fn run(&self) -> String {
        let Plan { scenario, seed, last, .. } = self.plan;
        let replicate = self.replicate;
        format!("{scenario}, seed {seed}, replicate {replicate}, {} to {last}", Month::FIRST)
    }

    /// Why no person was found, and what to try.
    fn none_found(&self) -> String {
        let Some((rule, found)) = &self.found else {
            let person = self.people.first().copied().unwrap_or_default();
            return format!(
                "person {} ({}) is never present in {}: identities belong to a population and a scenario; find \
                 people with --rule",
                identity::text(person),
                entry_text(person),
                self.run()
            );
        };
        let looked =
            format!("none of the {} people of {} satisfies the rule", count(found.looked_at), self.run());
        let fewest = (0..rule.parts.len()).min_by_key(|part| found.satisfied[*part]);
        let Some(part) = fewest else { return looked };
        let (text, satisfied) = (&rule.parts[part].text, found.satisfied[part]);
        let alone = found.fails_alone[part];
        let others = if rule.parts.len() > 1 {
            format!("; all other parts hold for {} people for whom it does not", count(alone))
        } else {
            String::new()
        };
        format!(
            "{looked}: the part that fails most, `{text}`, holds for {}{others}; change it, or try a larger --population \
             or another --replicate",
            count(satisfied)
        )
    }

    fn json(&self) -> Value {
        let lives: Vec<Value> = self
            .people
            .iter()
            .map(|person| {
                let months: Vec<Value> = self.life(*person).iter().map(month_as_json).collect();
                json!({ "person": identity::text(*person), "entry": entry_text(*person), "months": months })
            })
            .filter(|life| life["months"].as_array().is_some_and(|months| !months.is_empty()))
            .collect();
        let rule = self.found.as_ref().map(|(rule, found)| {
            let parts = rule.parts.iter().enumerate().map(|(place, part)| {
                json!({
                    "part": part.text,
                    "from": part.window[0].to_string(),
                    "until": part.window[1].to_string(),
                    "people": found.satisfied[place],
                    "fails_alone": found.fails_alone[place],
                })
            });
            let parts: Vec<Value> = parts.collect();
            json!({ "parts": parts, "looked_at": found.looked_at, "found": found.people.len() })
        });
        json!({
            "scenario": self.plan.scenario,
            "seed": self.plan.seed,
            "replicate": self.replicate,
            "until": self.plan.last.to_string(),
            "rule": rule,
            "lives": lives,
        })
    }
}

fn month_as_json(life: &LifeMonth) -> Value {
    let (person, month) = (&life.person, life.month.0);
    let rank = person.rank();
    let role = POSITION_NAMES[position(rank, person.standing.role() as u8)];
    json!({
        "month": life.month.to_string(),
        "unit": life.unit,
        "region": life.region,
        "office": life.office,
        "rank": RANK_NAMES[usize::from(rank)],
        "role": role,
        "party": party_word(person.party(month)),
        "grievance": person.grievance,
        "fear": person.fear,
        "suspicion": person.suspicion,
        "egalitarianism": person.egalitarianism,
        "experience": person.tenure(month).max(0.0),
        "months_in_rank": (rank > WORKER).then(|| person.months_in_rank(month)),
        "accusations_made": u32::from(life.accuses),
        "accusations_received": life.accused,
        "events": life.events.iter().map(Event::key).collect::<Vec<_>>(),
    })
}

/// How many people were found, in words.
fn found_text(found: &Found, shown: usize) -> String {
    let all = found.people.len() as u64;
    let satisfy = if all == 1 { "person satisfies" } else { "people satisfy" };
    let text = format!("{} {satisfy} the rule, of {} looked at", count(all), count(found.looked_at));
    match shown as u64 {
        shown if shown == all => text,
        1 => format!("{text}; this is the first in the order of docs/lives.md, and --count N shows more"),
        shown => format!("{text}; these are the first {shown} in the order of docs/lives.md"),
    }
}
