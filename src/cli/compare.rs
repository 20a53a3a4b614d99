//! `kadry compare BASELINE SCENARIO...`: scenarios on common random numbers, and their differences with intervals.
//!
//! Owns the options of the verb and what is wrong with them. The work is [`crate::experiment::compare`]'s, what is
//! printed of it [`super::differences`]'s.

use super::common::{Common, enough_memory};
use super::progress::Progress;
use super::quantity::{bytes, count, plural, span};
use super::stderr::complain;
use super::stdout::print;
use super::{Exit, differences, interrupt};
use crate::engine::calendar::Month;
use crate::experiment::compare::carry_out::{Destination, Entrant, Report, Rule, run as carry_out};
use crate::experiment::compare::earlier::{self, Earlier};
use crate::experiment::compare::findings;
use crate::experiment::compare::looks::UntilPrecise;
use crate::experiment::compare::question::{Question, Width};
use crate::experiment::compare::statistics::Correction;
use crate::experiment::foresight::{self, Foresight};
use crate::experiment::plan::Plan;
use crate::experiment::tables::whole_period::{WHOLE_PERIOD, WholePeriod};
use crate::experiment::tables::{TABLES, Table, names};
use crate::model::measures::{MONTH_MEASURES, PHASE_MEASURES};
use crate::output::folder::hexadecimal;
use crate::scenario::{SHIPPED, Scenario, Size, load_text, nearest};
use anyhow::Context;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

/// Tables of replicates that a comparison always writes: it reads them when it is extended.
const ALWAYS: [&str; 2] = ["series", "phases"];

/// Most of the replicates that `--until-precise` runs if nothing else is said.
const AT_MOST: u32 = 1_000;

/// Compare scenarios with a baseline on common random numbers: differences with intervals
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Scenario that the others are compared with: a path, or the bare name of a shipped one, such as `historical`
    baseline: String,

    /// Scenarios to compare with it; without any, the phases of the baseline are compared with each other
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<String>,

    /// Compare every shipped counterfactual
    #[arg(long)]
    all: bool,

    /// Replicates 1 to N of each scenario, at least 2 [default: 20]
    #[arg(long, value_name = "N", value_parser = replicates)]
    replicates: Option<u32>,

    /// Metric to compare, a column of phases.csv; repeatable [default: all]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    metric: Vec<String>,

    /// Phase to compare, or `whole period`; repeatable [default: all, and the whole period]
    #[arg(long, value_name = "NAME")]
    phase: Vec<String>,

    /// Compare the phases of each scenario with each other too
    #[arg(long)]
    phases: bool,

    /// Level of the intervals
    #[arg(long, value_name = "L", default_value_t = 0.95, value_parser = level)]
    level: f64,

    /// Correction of p over all tests of the command
    #[arg(long, value_name = "METHOD", value_enum, default_value_t = Method::Holm)]
    correction: Method,

    /// Half-width for which the replicates needed are counted: a number in the metric's unit, or N% of the baseline
    #[arg(long, value_name = "H", default_value = "5%", value_parser = width)]
    half_width: Width,

    /// Add replicates until each interval of the chosen metrics is narrower than W from end to end: a number, or N%
    #[arg(long, value_name = "W", value_parser = width, requires = "metric", conflicts_with = "half_width")]
    until_precise: Option<Width>,

    /// Most replicates that --until-precise may run [default: 1000]
    #[arg(long, value_name = "N", value_parser = replicates, requires = "until_precise")]
    at_most: Option<u32>,

    /// Add replicates or scenarios to the comparison that is in the folder: only what is missing is run
    #[arg(long, conflicts_with = "force")]
    extend: bool,

    /// Result folder [default: `output/compare-<first 8 of a hash over the scenarios>`]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Tables of replicates to write beside series and phases, with commas between them [default: none]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = PossibleValuesParser::new(names()))]
    tables: Vec<String>,

    /// Most differences to print for each scenario
    #[arg(long, value_name = "N", default_value_t = 12)]
    top: usize,

    /// Write a page of findings too: each hypothesis with its predictions tested (docs/comparing.md)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["metric", "phase"])]
    findings: Option<PathBuf>,

    /// Print all differences for machines
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    common: Common,
}

/// Names of corrections on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Method {
    /// Holm's step-down method
    Holm,
    /// No correction
    None,
}

fn replicates(text: &str) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(0 | 1) => Err("one replicate has no spread to compare by: give 2 or more".into()),
        Ok(number) if number <= 1_000_000 => Ok(number),
        _ => Err("write a whole number from 2 to 1000000".into()),
    }
}

fn level(text: &str) -> Result<f64, String> {
    let level = text.parse::<f64>().ok().filter(|level| (0.5..=0.9999).contains(level));
    level.ok_or_else(|| "write a level from 0.5 to 0.9999, such as 0.95".into())
}

fn width(text: &str) -> Result<Width, String> {
    let (number, width): (&str, fn(f64) -> Width) = match text.strip_suffix('%') {
        Some(number) => (number, |percent| Width::Share(percent / 100.0)),
        None => (text, Width::Absolute),
    };
    let number = number.trim().parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    let fault = "write a number above 0 in the metric's unit, such as 0.01, or a share of the baseline's mean, such as 5%";
    number.map(width).ok_or_else(|| fault.into())
}

/// What is wrong with the options taken together: wrong usage.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Misuse(String);

/// Does what the verb asks for.
///
/// # Errors
///
/// If a folder cannot be read or written, memory would not do, or no replicate comes to its end.
pub fn compare(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let scenarios = match load(arguments) {
        Ok(scenarios) => scenarios,
        Err(code) => return Ok(code),
    };
    match prepare(arguments, scenarios) {
        Ok(prepared) => prepared.carry_out(arguments),
        Err(error) if error.is::<Misuse>() => {
            complain(&format!("error: {error}"));
            Ok(Exit::Usage.into())
        }
        Err(error) => Err(error),
    }
}

/// The scenarios that were named, the baseline first; the faults of all are told.
fn load(arguments: &Arguments) -> Result<Vec<Scenario>, ExitCode> {
    let mut given = vec![arguments.baseline.clone()];
    given.extend(arguments.scenarios.iter().cloned());
    if arguments.all {
        let more = SHIPPED.iter().map(|shipped| shipped.name.to_owned()).filter(|name| name != "historical");
        given.extend(more.filter(|name| !given.contains(name)).collect::<Vec<_>>());
    }
    let loaded: Vec<_> = given.iter().map(|name| arguments.common.load(name)).collect();
    loaded.into_iter().collect()
}

/// Everything that is known before the first run.
struct Prepared {
    folder: PathBuf,
    scenarios: Vec<Scenario>,
    earlier: Option<Earlier>,
    tables: Vec<&'static dyn Table>,
    question: Question,
    rule: Rule,
}

fn misuse(text: impl Into<String>) -> anyhow::Error {
    Misuse(text.into()).into()
}

fn prepare(arguments: &Arguments, mut scenarios: Vec<Scenario>) -> anyhow::Result<Prepared> {
    check_together(&scenarios)?;
    let folder = arguments.out.clone().unwrap_or_else(|| default_folder(&scenarios));
    let earlier = if arguments.extend { Some(open(&folder)?) } else { None };
    if let Some(earlier) = &earlier {
        scenarios = joined(arguments, &folder, earlier, scenarios)?;
        check_together(&scenarios)?;
    }
    let there = earlier.as_ref().map_or(0, |earlier| {
        let of = earlier.scenarios.iter().map(|kept| kept.outcomes.len());
        u32::try_from(of.max().unwrap_or(0)).unwrap_or(u32::MAX)
    });
    let asked = arguments.replicates.unwrap_or(if there > 1 { there } else { 20 });
    if asked < there {
        complain(&format!(
            "the comparison has {there} replicates already: they stay, and new scenarios get as many"
        ));
    }
    let rule = Rule { replicates: asked.max(there), until: until_precise(arguments, asked.max(there))? };
    let question = question(arguments, &scenarios)?;
    let tables = tables(arguments, earlier.as_ref())?;
    Ok(Prepared { folder, scenarios, earlier, tables, question, rule })
}

fn until_precise(arguments: &Arguments, replicates: u32) -> anyhow::Result<Option<UntilPrecise>> {
    let Some(width) = arguments.until_precise else { return Ok(None) };
    let at_most = arguments.at_most.unwrap_or(AT_MOST.max(replicates));
    if at_most < replicates {
        return Err(misuse(format!(
            "--at-most {at_most} is below the {replicates} replicates to begin with"
        )));
    }
    Ok(Some(UntilPrecise { width, at_most }))
}

/// Scenarios can be compared if names tell them apart and they are summarised by the same phases.
fn check_together(scenarios: &[Scenario]) -> anyhow::Result<()> {
    let baseline = &scenarios[0];
    for (position, scenario) in scenarios.iter().enumerate() {
        let name = &scenario.name;
        if scenarios[..position].iter().any(|other| other.name == *name) {
            return Err(misuse(format!(
                "`{name}` is given twice: each scenario of a comparison needs a name of its own"
            )));
        }
        if scenario.phases != baseline.phases {
            let phases = |scenario: &Scenario| {
                let list = scenario.phases.iter().map(|phase| format!("{} from {}", phase.name, phase.from));
                list.collect::<Vec<_>>().join(", ")
            };
            return Err(misuse(format!(
                "`{name}` and `{}` are summarised by different phases, so that phases cannot be compared:\n  {}: {}\n  {name}: {}\n\
                 give both the same [[phase]] tables",
                baseline.name,
                baseline.name,
                phases(baseline),
                phases(scenario),
            )));
        }
    }
    if baseline.phases.iter().any(|phase| phase.name == WHOLE_PERIOD) {
        return Err(misuse(format!(
            "no phase of a comparison can be named `{WHOLE_PERIOD}`: that means all months"
        )));
    }
    Ok(())
}

fn default_folder(scenarios: &[Scenario]) -> PathBuf {
    let mut digest = Sha256::new();
    scenarios.iter().for_each(|scenario| digest.update(scenario.hash()));
    Path::new("output").join(format!("compare-{}", &hexadecimal(&digest.finalize())[..8]))
}

/// The comparison in a folder, or beside it under the name of one that was cut short.
fn open(folder: &Path) -> anyhow::Result<Earlier> {
    let cut_short = folder
        .with_file_name(format!("{}.incomplete", folder.file_name().unwrap_or_default().to_string_lossy()));
    if !folder.exists() && cut_short.is_dir() {
        complain(&format!("taking up {}; it can be removed when this is done", cut_short.display()));
        return Ok(earlier::read(&cut_short)?);
    }
    if !folder.exists() {
        anyhow::bail!(
            "there is no comparison {} to extend: leave out --extend, or give its folder with --out DIR",
            folder.display()
        );
    }
    Ok(earlier::read(folder)?)
}

/// The scenarios of an earlier comparison, then those that are new; an earlier one stays what it is.
fn joined(
    arguments: &Arguments,
    folder: &Path,
    earlier: &Earlier,
    given: Vec<Scenario>,
) -> anyhow::Result<Vec<Scenario>> {
    let shown = folder.display();
    let manifest = &earlier.manifest;
    if manifest.seed != arguments.common.seed {
        let (theirs, ours) = (manifest.seed, arguments.common.seed);
        return Err(misuse(format!(
            "{shown} has seed {theirs}, not {ours}: give --seed {theirs}, or another --out DIR"
        )));
    }
    let last = arguments.common.until.to_string();
    if manifest.months[1] != last {
        let theirs = &manifest.months[1];
        return Err(misuse(format!(
            "{shown} runs until {theirs}, not {last}: give --until {theirs}, or another --out DIR"
        )));
    }
    let mut all = Vec::new();
    for kept in &earlier.scenarios {
        let name = &kept.mark.name;
        let read = load_text(&format!("{name}.toml"), &kept.toml).map_err(|faults| {
            anyhow::anyhow!("{shown}/{} cannot be read: {faults}", earlier::scenario_file(name))
        })?;
        all.push(read);
    }
    if given[0].name != all[0].name {
        let (theirs, ours) = (&all[0].name, &given[0].name);
        return Err(misuse(format!(
            "{shown} has the baseline `{theirs}`, not `{ours}`: name `{theirs}` first"
        )));
    }
    for scenario in given {
        match all.iter().position(|other| other.name == scenario.name) {
            Some(position) if all[position].hash() != scenario.hash() => {
                let name = &scenario.name;
                return Err(misuse(format!(
                    "`{name}` is another than that in {shown} (its population, a change or a --set differs): \
                     `kadry diff` shows how; give the same, or another --out DIR"
                )));
            }
            // What people say about it may have changed since.
            Some(position) => all[position] = scenario,
            None => all.push(scenario),
        }
    }
    Ok(all)
}

fn tables(arguments: &Arguments, earlier: Option<&Earlier>) -> anyhow::Result<Vec<&'static dyn Table>> {
    let chosen = |name: &str| ALWAYS.contains(&name) || arguments.tables.iter().any(|table| table == name);
    let asked: Vec<&'static dyn Table> = TABLES
        .iter()
        .copied()
        .filter(|table| chosen(table.layout().name))
        .chain([&WholePeriod as &'static dyn Table])
        .collect();
    let Some(earlier) = earlier else { return Ok(asked) };
    let list = |tables: &[&'static dyn Table]| {
        tables.iter().map(|table| table.layout().name).collect::<Vec<_>>().join(", ")
    };
    if !arguments.tables.is_empty() && list(&asked) != list(&earlier.tables) {
        return Err(misuse(format!(
            "the comparison has the tables {}: leave out --tables to keep them, or compare anew with --force",
            list(&earlier.tables)
        )));
    }
    Ok(earlier.tables.clone())
}

fn question(arguments: &Arguments, scenarios: &[Scenario]) -> anyhow::Result<Question> {
    let until = arguments.common.until;
    let reached = scenarios[0].phases.iter().filter(|phase| phase.from <= until).count();
    let phases: Vec<&str> = scenarios[0].phases[..reached].iter().map(|phase| phase.name.as_str()).collect();
    let periods: Vec<&str> = phases.iter().copied().chain([WHOLE_PERIOD]).collect();
    let keys: Vec<&str> = PHASE_MEASURES.iter().map(|measure| measure.key).collect();
    // The number of months is a measure of a phase, but nothing to compare.
    let every = (0..keys.len()).filter(|position| keys[*position] != "months").collect();
    let metrics = chosen(&arguments.metric, &keys, every, |name| {
        let hint = MONTH_MEASURES.iter().any(|measure| measure.key == name);
        if hint {
            "; it is a column of series.csv alone, compared month by month in compare_months.csv"
        } else {
            ""
        }
    });
    let metrics = metrics.map_err(|text| misuse(format!("unknown metric {text}")))?;
    let every = (0..periods.len()).collect();
    let periods = chosen(&arguments.phase, &periods, every, |_| "")
        .map_err(|text| misuse(format!("unknown phase {text}")))?;
    let regimes = arguments.phases || scenarios.len() == 1;
    if regimes && periods.iter().filter(|period| **period < reached).count() < 2 {
        return Err(misuse(
            "to compare phases with each other takes two of them: name more by --phase, or none for all",
        ));
    }
    Ok(Question {
        metrics,
        periods,
        regimes,
        level: arguments.level,
        spend: 1.0,
        correction: match arguments.correction {
            Method::Holm => Correction::Holm,
            Method::None => Correction::None,
        },
        half_width: arguments.until_precise.map_or(arguments.half_width, Width::halved),
    })
}

/// Positions of the names that were given, in the order of `known`; all that stand for them if none was.
fn chosen(
    given: &[String],
    known: &[&str],
    every: Vec<usize>,
    more: impl Fn(&str) -> &'static str,
) -> Result<Vec<usize>, String> {
    if given.is_empty() {
        return Ok(every);
    }
    let mut positions = Vec::new();
    for name in given {
        match known.iter().position(|known| known == name) {
            Some(position) => positions.push(position),
            None => {
                let near = nearest(name, known.iter().copied());
                let near = near.map_or_else(
                    || format!("; there are {}", known.join(", ")),
                    |near| format!("; did you mean `{near}`?"),
                );
                return Err(format!("`{name}`{}{near}", more(name)));
            }
        }
    }
    positions.sort_unstable();
    positions.dedup();
    Ok(positions)
}

impl Prepared {
    fn carry_out(self, arguments: &Arguments) -> anyhow::Result<ExitCode> {
        let common = &arguments.common;
        let limit = common.memory_limit();
        let most = self.rule.until.map_or(self.rule.replicates, |until| until.at_most);
        let plan =
            |scenario: &Scenario| common.fit(common.plan(scenario, 1..=most, self.tables.clone()), limit);
        let plans: Vec<Plan> = self.scenarios.iter().map(plan).collect();
        let foresights: Vec<Foresight> = plans.iter().map(foresight::foresee).collect();
        let largest = foresights.iter().max_by_key(|foresight| foresight.memory).context("a baseline")?;
        let memory = largest.memory.saturating_add(values(&plans[0], plans.len()));
        let room = limit.map_or(Ok(()), |limit| enough_memory(largest, memory, limit));
        if common.dry_run {
            print(&self.foretell(arguments, &plans, &foresights, memory))?;
            return room.map(|()| Exit::Done.into());
        }
        room?;
        let stop = interrupt::listen().context("cannot listen for Ctrl-C")?;
        let weights =
            plans.iter().zip(foresights).map(|(plan, foresight)| (plan.scenario.clone(), foresight.people));
        let progress = Progress::new(weights.collect(), common.when(), common.verbose);
        let options = self.options(arguments, &plans[0]);
        let entrants: Vec<Entrant> = plans
            .into_iter()
            .zip(&self.scenarios)
            .map(|(plan, scenario)| Entrant { plan, toml: scenario.to_toml() })
            .collect();
        let destination = Destination {
            folder: &self.folder,
            force: common.force,
            earlier: self.earlier,
            options,
            all_months: arguments.metric.is_empty(),
        };
        let report = carry_out(&entrants, self.question, self.rule, destination, &progress, &stop);
        progress.finish();
        conclude(arguments, &self.scenarios, &report?, stop.load(Ordering::Relaxed))
    }

    /// Runs that are there already.
    fn kept(&self) -> u64 {
        let kept = self.earlier.iter().flat_map(|earlier| &earlier.scenarios);
        kept.map(|kept| kept.outcomes.len() as u64).sum()
    }

    /// What a comparison would take, for people or for machines.
    fn foretell(
        &self,
        arguments: &Arguments,
        plans: &[Plan],
        foresights: &[Foresight],
        memory: u64,
    ) -> String {
        let most = self.rule.until.map_or(self.rule.replicates, |until| until.at_most);
        let runs = plans.len() as u64 * u64::from(most) - self.kept();
        let whole: u64 = foresights.iter().map(|foresight| foresight.agent_months).sum();
        let agent_months = whole / (plans.len() as u64 * u64::from(most)).max(1) * runs;
        let disk: u64 = foresights.iter().map(|foresight| foresight.disk).sum();
        let (rate, threads) = (foresight::try_speed(&plans[0]), plans[0].threads);
        let seconds = agent_months as f64 / (rate * threads as f64);
        let folder = &self.folder;
        if arguments.json {
            let value = json!({
                "scenarios": plans.iter().map(|plan| json!({ "name": plan.scenario, "hash": plan.hash })).collect::<Vec<_>>(),
                "seed": arguments.common.seed,
                "runs": runs,
                "runs_there": self.kept(),
                "threads": threads,
                "months": plans[0].months().count(),
                "agent_months": agent_months,
                "memory_bytes": memory,
                "disk_bytes": disk,
                "seconds": seconds,
                "folder": folder,
            });
            return format!("{value:#}\n");
        }
        let names: Vec<&str> = plans.iter().map(|plan| plan.scenario.as_str()).collect();
        let exists = match (folder.exists(), arguments.extend) {
            (true, false) => "  (exists: --force would replace it, --extend add to it)",
            _ => "",
        };
        let at_most = if self.rule.until.is_some() { "at most " } else { "" };
        format!(
            "{}, seed {}, {at_most}{most} replicates, {} to {}\n\
             runs    {at_most}{}{}, {} thread{}\n\
             months  {} in each run, {at_most}{} agent-months in all\n\
             memory  about {}\n\
             disk    {at_most}about {}\n\
             time    {at_most}about {} (at {:.1} million agent-months per second and thread, tried on a small society)\n\
             folder  {}{exists}\n",
            names.join(", "),
            arguments.common.seed,
            Month::FIRST,
            arguments.common.until,
            count(runs),
            if self.earlier.is_some() {
                format!(", {} are there already", count(self.kept()))
            } else {
                String::new()
            },
            threads,
            plural(threads as u64),
            plans[0].months().count(),
            count(agent_months),
            bytes(memory),
            bytes(disk),
            span(seconds),
            rate / 1e6,
            folder.display(),
        )
    }

    /// The options in force, for the manifest.
    fn options(
        &self,
        arguments: &Arguments,
        plan: &Plan,
    ) -> std::collections::BTreeMap<String, serde_json::Value> {
        let width = |width: Width| match width {
            Width::Absolute(width) => json!(width),
            Width::Share(share) => json!(format!("{}%", 100.0 * share)),
        };
        let scenarios: Vec<&String> = self.scenarios.iter().map(|scenario| &scenario.name).collect();
        let tables: Vec<&str> = self.tables.iter().map(|table| table.layout().name).collect();
        let metrics: Vec<&str> =
            self.question.metrics.iter().map(|metric| PHASE_MEASURES[*metric].key).collect();
        let own = [
            ("scenarios", json!(scenarios)),
            ("replicates", json!(self.rule.replicates)),
            ("metric", json!(metrics)),
            ("phase", json!(arguments.phase)),
            ("phases", json!(self.question.regimes)),
            ("level", json!(arguments.level)),
            ("correction", json!(if arguments.correction == Method::Holm { "holm" } else { "none" })),
            ("half_width", width(self.question.half_width)),
            ("until_precise", arguments.until_precise.map_or(serde_json::Value::Null, width)),
            ("at_most", json!(self.rule.until.map(|until| until.at_most))),
            ("extend", json!(arguments.extend)),
            ("tables", json!(tables)),
        ];
        let mut options = arguments.common.options(plan.threads);
        options.extend(own.map(|(name, value)| (name.to_owned(), value)));
        options
    }
}

/// Bytes of the values that a comparison keeps of its replicates.
fn values(plan: &Plan, scenarios: usize) -> u64 {
    let (months, phases) = (plan.months().count(), plan.phases_reached().len() + 1);
    let of_replicate = 8 * (months * MONTH_MEASURES.len() + scenarios * phases * PHASE_MEASURES.len());
    let of_scenario = 72 * months * MONTH_MEASURES.len();
    of_replicate as u64 * u64::from(plan.replicate_count()) + (of_scenario * scenarios) as u64
}

/// The command that makes the page of findings anew, options that change no figure left out.
fn command(arguments: &Arguments) -> String {
    let quoted = |text: &str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/=%".contains(letter);
        if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
    };
    let mut words = vec!["kadry".to_owned(), "compare".to_owned(), quoted(&arguments.baseline)];
    words.extend(arguments.scenarios.iter().map(|name| quoted(name)));
    let mut option = |name: &str, value: String| words.extend([format!("--{name}"), quoted(&value)]);
    let common = &arguments.common;
    option("seed", common.seed.to_string());
    if let Some(replicates) = arguments.replicates {
        option("replicates", replicates.to_string());
    }
    match common.population {
        Some(Size::People(people)) => option("population", people.to_string()),
        Some(Size::OneToOne) => option("population", "one-to-one".to_owned()),
        None => {}
    }
    common.set.iter().for_each(|setting| option("set", setting.clone()));
    if common.until != Month::LAST {
        option("until", common.until.to_string());
    }
    if arguments.level != 0.95 {
        option("level", arguments.level.to_string());
    }
    if arguments.correction == Method::None {
        option("correction", "none".to_owned());
    }
    if let Some(path) = &arguments.findings {
        option("findings", path.display().to_string());
    }
    if arguments.all {
        words.insert(3, "--all".to_owned());
    }
    words.join(" ")
}

/// Writes the page beside its place and moves it there.
fn write_findings(path: &Path, page: &str) -> anyhow::Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.partial-{}", std::process::id()));
    let written = std::fs::write(&beside, page).and_then(|()| std::fs::rename(&beside, path));
    written.with_context(|| {
        let _ = std::fs::remove_file(&beside);
        format!(
            "the comparison is done, but {} cannot be written: give --findings another FILE with --extend",
            path.display()
        )
    })
}

/// Says what came of it, and gives the exit code.
fn conclude(
    arguments: &Arguments,
    scenarios: &[Scenario],
    report: &Report,
    stopped: bool,
) -> anyhow::Result<ExitCode> {
    let complete = report.complete();
    let folder = report.folder.display();
    if !complete {
        let why = if stopped { "interrupted" } else { "some replicates failed" };
        let (finished, asked) = (report.finished(), report.replicates.first().map_or(0, Vec::len));
        complain(&format!(
            "{why}: {finished} of {asked} replicates are finished in every scenario; what was finished is kept in {folder}{}",
            if stopped { "; --extend takes it up again" } else { "" }
        ));
    }
    if report.precise == Some(false) && complete {
        complain(&format!(
            "not every interval is as narrow as asked for after {} replicates, the most allowed: give a larger --at-most N",
            report.finished()
        ));
    }
    if let Some(path) = arguments.findings.as_ref().filter(|_| complete) {
        write_findings(
            path,
            &findings::page(scenarios, report, arguments.common.until, &command(arguments)),
        )?;
    }
    print(&if arguments.json {
        differences::json(scenarios, report)
    } else if arguments.common.quiet {
        format!("seed {}  {folder}\n", report.names.seed)
    } else {
        differences::text(scenarios, report, arguments.common.until, arguments.top)
    })?;
    Ok(match (complete, stopped) {
        (true, _) => Exit::Done,
        (false, true) => Exit::Interrupted,
        (false, false) => Exit::SomeFailed,
    }
    .into())
}
