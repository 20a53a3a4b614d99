//! `kadry sweep BASE --vary KEY=…`: varies keys of a scenario and compares each point with the base.
//!
//! Defines the options; [`crate::experiment::sweep`] does the work, and `summary` formats the result.

mod summary;

use super::faults::print_faults;
use super::quantity::{count, plural};
use super::run_options::RunOptions;
use super::stderr::eprint_line;
use super::stdout::print;
use super::variants::{self, Heading};
use super::{Exit, interrupt};
use crate::experiment::compare::statistics::Correction;
use crate::experiment::study::session::StudyVerb;
use crate::experiment::summary::HEADLINE;
use crate::experiment::sweep::study::{Settings, Sweep, SweepReport};
use crate::experiment::sweep::{Points, label_clash};
use crate::experiment::tables::{TABLES, Table};
use crate::model::phase::PHASE_MEASURES;
use crate::scenario::{DesignName, Sweep as Asked, SweepOptions, Template, load_sweep, nearest};
use anyhow::Context;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Vary keys of a scenario, and compare each point with the base
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Scenario to vary: a file, the name of a shipped scenario, or `-` for standard input
    #[arg(required_unless_present = "file")]
    base: Option<OsString>,

    /// Sweep file (docs/sweeps.md); options replace what it says
    #[arg(long, value_name = "FILE")]
    file: Option<OsString>,

    /// Key and values: KEY=A,B,C or KEY=FROM:TO:STEPS[:log]; for sampled designs KEY=FROM:TO[:log], or KEY alone for the prior
    /// of a parameter (repeatable)
    #[arg(long, value_name = "KEY=VALUES", required_unless_present = "file")]
    vary: Vec<String>,

    /// How points are made of values [default: grid]
    #[arg(long, value_name = "DESIGN", value_parser = PossibleValuesParser::new(DesignName::words()).map(|word| word.parse::<DesignName>().unwrap_or(DesignName::Grid)))]
    design: Option<DesignName>,

    /// Number of points of a sampled design
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    points: Option<u32>,

    /// Run replicates 1 to N of the base and of each point [default: 10]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    replicates: Option<u32>,

    /// Summarise this metric, a column of phases.csv (repeatable, or separated by commas) [default: the main ones]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    metric: Vec<String>,

    /// Confidence level of the intervals
    #[arg(long, value_name = "L", default_value_t = 0.95, value_parser = super::compare::level)]
    level: f64,

    /// Result folder [default: output/sweep-HASH, the first 8 digits of a hash of the points]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Tables to write in addition to phases, separated by commas [default: none]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = PossibleValuesParser::new(table_names()))]
    tables: Vec<String>,

    /// Print the responses of the whole period as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    shared: RunOptions,
}

/// Names of the tables by run.
fn table_names() -> Vec<&'static str> {
    TABLES.iter().map(|table| table.layout().name).collect()
}

/// Default number of replicates.
const REPLICATES: u32 = 10;

/// Maximum number of runs of a sweep.
const MAX_RUNS: u64 = 10_000_000;

/// Runs the sweep.
///
/// # Errors
///
/// If a folder cannot be read or written, or memory is too small.
pub(super) fn sweep(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let tables = table_names();
    let options = SweepOptions {
        base: arguments.base.as_deref(),
        vary: &arguments.vary,
        design: arguments.design,
        points: arguments.points,
        population: arguments.shared.population,
        tables: &tables,
    };
    let asked = match load_sweep(arguments.file.as_deref(), &options) {
        Ok(asked) => asked,
        Err(faults) => return Ok(print_faults(&faults)),
    };
    let settings: Vec<String> = asked.set.iter().chain(&arguments.shared.set).cloned().collect();
    let label = arguments.shared.label.as_deref();
    let template = match Template::load(&asked.base, &settings, asked.population, label) {
        Ok(template) => template,
        Err(faults) => return Ok(print_faults(&faults)),
    };
    let metrics = match metrics(arguments, &asked) {
        Ok(metrics) => metrics,
        Err(error) => {
            eprint_line(&format!("error: {error}"));
            return Ok(Exit::Usage.into());
        }
    };
    match prepare(arguments, &asked, template, metrics)? {
        Ok(sweep) => run(arguments, &sweep),
        Err(code) => Ok(code),
    }
}

/// Resolves every point; if one has faults, prints them and returns the exit code.
fn prepare(
    arguments: &Arguments,
    asked: &Asked,
    template: Template,
    metrics: Vec<usize>,
) -> anyhow::Result<Result<Sweep, ExitCode>> {
    let shared = &arguments.shared;
    let seed = shared.seed.or(asked.seed).unwrap_or(1);
    let points = Points::of(asked, seed);
    let replicates = arguments.replicates.or(asked.replicates).unwrap_or(REPLICATES);
    let runs = (points.count() as u64 + 1) * u64::from(replicates);
    if runs > MAX_RUNS {
        eprint_line(&format!(
            "error: the sweep has {} runs, and at most {} are possible: give fewer points or replicates",
            count(runs),
            count(MAX_RUNS)
        ));
        return Ok(Err(Exit::Usage.into()));
    }
    if points.left_out() > 0 {
        let left_out = points.left_out() as u64;
        eprint_line(&format!(
            "{} point{} left out: equal to an earlier one after rounding to whole numbers",
            count(left_out),
            if left_out == 1 { " is" } else { "s are" }
        ));
    }
    let keys: Vec<String> = points.keys().map(str::to_owned).collect();
    let values: Vec<Vec<String>> = (0..points.count())
        .map(|point| (0..keys.len()).map(|key| points.value(point, key).into_owned()).collect())
        .collect();
    let chosen = |table: &&'static dyn Table| {
        let name = table.layout().name;
        let asked = asked.tables.iter().flatten().chain(&arguments.tables);
        name == "phases" || asked.into_iter().any(|table| table == name)
    };
    let tables = TABLES.iter().copied().filter(chosen);
    let tables =
        tables.chain([&crate::experiment::tables::whole_period::WholePeriod as &'static dyn Table]).collect();
    let mut plan = shared.plan(template.base(), 1..=replicates, tables);
    plan.seed = seed;
    plan.last = shared.until.or(asked.until).unwrap_or(plan.last);
    let regions = template.requested_regions();
    let settings = Settings { metrics, level: arguments.level, correction: Correction::Holm, regions };
    let mut sweep = match Sweep::new(plan, template, keys, values, settings) {
        Ok(sweep) => sweep,
        Err(faulty) => {
            let mut faults = asked.no_faults();
            for (point, found) in faulty {
                asked.blame(&mut faults, &points.settings(point), &found);
            }
            return Ok(Err(print_faults(&faults)));
        }
    };
    shared.memory_limit().iter().for_each(|(limit, _)| sweep.study.fit(*limit));
    let labels = sweep.study.marks.iter().map(|mark| mark.scenario.called());
    if let Some((one, other)) = label_clash(labels) {
        anyhow::bail!("points {one} and {other} have the same label: give a shorter --label");
    }
    Ok(Ok(sweep))
}

fn run(arguments: &Arguments, sweep: &Sweep) -> anyhow::Result<ExitCode> {
    let shared = &arguments.shared;
    let digest = sweep.digest();
    let folder =
        arguments.out.clone().unwrap_or_else(|| Path::new("output").join(format!("sweep-{}", &digest[..8])));
    let plan = sweep.plan_file(options(arguments, sweep)).sealed();
    let estimate = shared.dry_run.then(|| (heading(sweep), arguments.json));
    match variants::run(sweep, &plan, folder, shared, estimate)? {
        Ok((report, signals)) => conclude(arguments, sweep, &report, &signals),
        Err(code) => Ok(code),
    }
}

/// Prints messages and the summary, and returns the exit code.
fn conclude(
    arguments: &Arguments,
    sweep: &Sweep,
    report: &SweepReport,
    signals: &interrupt::Signals,
) -> anyhow::Result<ExitCode> {
    let outcome = &report.outcome;
    variants::report_outcome(outcome);
    if outcome.stopped {
        return Ok(signals.exit_code(arguments.shared.on_term));
    }
    print(&if arguments.json {
        summary::json(sweep, report)
    } else if arguments.shared.quiet {
        format!("seed {}  {}\n", sweep.study.base.seed, outcome.folder.display())
    } else {
        summary::text(sweep, report)
    })?;
    Ok(variants::end(outcome))
}

/// The metrics to summarise, by position.
fn metrics(arguments: &Arguments, asked: &Asked) -> anyhow::Result<Vec<usize>> {
    let given = if arguments.metric.is_empty() { asked.metrics.as_deref() } else { Some(&*arguments.metric) };
    let Some(given) = given else {
        return Ok(HEADLINE.iter().map(|headline| headline.position()).collect());
    };
    let mut positions = Vec::new();
    for name in given {
        let position = PHASE_MEASURES.iter().position(|measure| measure.key == name);
        positions.push(position.with_context(|| {
            let near = nearest(name, PHASE_MEASURES.iter().map(|measure| measure.key));
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            format!("unknown metric `{name}`{near}")
        })?);
    }
    positions.sort_unstable();
    positions.dedup();
    Ok(positions)
}

/// What is varied, for an estimate.
fn heading(sweep: &Sweep) -> Heading {
    let (study, base) = (&sweep.study, &sweep.study.base);
    let (points, replicates) = (study.marks.len() as u64 - 1, base.replicate_count());
    let text = format!(
        "{}, seed {}, {} over {}\n\
         runs    {} ({} and the base, {replicates} replicate{} of each), {} thread{}\n",
        base.scenario,
        base.seed,
        count_of(points, "point"),
        study.keys.join(", "),
        count(study.run_count()),
        count_of(points, "point"),
        plural(u64::from(replicates)),
        base.threads,
        plural(base.threads as u64),
    );
    let json = [("keys", json!(study.keys)), ("points", json!(points)), ("replicates", json!(replicates))];
    Heading { text, json: json.map(|(name, value)| (name.to_owned(), value)).into_iter().collect() }
}

/// `1 point`, `5 points`.
fn count_of(number: u64, what: &str) -> String {
    format!("{} {what}{}", count(number), plural(number))
}

/// Returns the options in force, for the manifest.
fn options(arguments: &Arguments, sweep: &Sweep) -> BTreeMap<String, Value> {
    let base = &sweep.study.base;
    let own = [
        ("scenario", json!(base.name)),
        ("file", json!(arguments.file.as_ref().map(|file| file.to_string_lossy()))),
        ("vary", json!(arguments.vary)),
        ("design", json!(arguments.design.map(|design| design.to_string()))),
        ("points", json!(sweep.study.marks.len() - 1)),
        ("replicates", json!(base.replicate_count())),
        ("level", json!(arguments.level)),
        ("tables", json!(sweep.study.written.iter().map(|table| table.layout().name).collect::<Vec<_>>())),
        ("seed", json!(base.seed)),
        ("until", json!(base.last.to_string())),
        ("population", json!(base.setup.population.size)),
        (
            "metric",
            json!(
                sweep.settings.metrics.iter().map(|metric| PHASE_MEASURES[*metric].key).collect::<Vec<_>>()
            ),
        ),
    ];
    let mut options = arguments.shared.options(base.threads);
    options.extend(own.map(|(name, value)| (name.to_owned(), value)));
    options
}
