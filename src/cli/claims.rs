//! `kadry claims [FILE]`: tests a file of hypotheses and gives a verdict on each claim.
//!
//! Defines the options; [`crate::experiment::claims`] does the work.

use super::claims_summary;
use super::faults::print_faults;
use super::quantity::{count, plural};
use super::quote::quoted;
use super::run_options::RunOptions;
use super::stderr::eprint_line;
use super::stdout::print;
use super::terminal::Terminal;
use super::variants::{self, Heading};
use super::{Exit, interrupt};
use crate::experiment::claims::cases::Extent;
use crate::experiment::claims::page::page;
use crate::experiment::claims::study::{ClaimsReport, ClaimsStudy, Settings};
use crate::experiment::study::session::StudyVerb;
use crate::output::single_files::{may_write, write_sealed};
use crate::scenario::claims::{Claims, ClaimsPopulation, SHIPPED_CLAIMS, load_claims_on};
use crate::scenario::{Scenario, nearest};
use anyhow::Context;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Test a file of hypotheses, and give a verdict on each claim
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// File of hypotheses (docs/hypotheses.md), or `-` for standard input [default: essay, the claims of the essay]
    file: Option<OsString>,

    /// Scenario on which the tests are made, in place of the file's: a file, or the name of a shipped scenario
    #[arg(long, value_name = "SCENARIO")]
    base: Option<OsString>,

    /// Test this claim only (repeatable, or separated by commas)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    claim: Vec<String>,

    /// Run replicates 1 to N of the base and of each scenario; nulls, mechanisms and rungs get a fifth of them, at least 5
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    replicates: u32,

    /// Draws of shifted levers and turns of policy
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    jitter: u32,

    /// Draws of judged parameters
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    prior: u32,

    /// Family-wise confidence level of the verdicts
    #[arg(long, value_name = "L", default_value_t = 0.95, value_parser = super::compare::level)]
    level: f64,

    /// Result folder [default: output/claims-NAME-HASH, the first 8 digits of a hash of the scenarios that are run]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Also write the evidence as a page of Markdown, such as docs/claims.md
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,

    /// Print the verdicts as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    shared: RunOptions,
}

/// Tests the file.
///
/// # Errors
///
/// If a folder cannot be read or written, or memory is too small.
pub(super) fn claims(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.page {
        may_write(path, arguments.shared.force).context("--page")?;
    }
    let file = arguments.file.clone().unwrap_or_else(|| SHIPPED_CLAIMS.into());
    let claims = match load_claims_on(&file, arguments.base.as_deref()) {
        Ok(claims) => claims,
        Err(faults) => return Ok(print_faults(&faults)),
    };
    if let Some(unknown) =
        arguments.claim.iter().find(|id| !claims.claims.iter().any(|claim| claim.id == **id))
    {
        let near = nearest(unknown, claims.claims.iter().map(|claim| claim.id.as_str()));
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        eprint_line(&format!("error: there is no claim `{unknown}` in {}{near}", claims.name));
        return Ok(Exit::Usage.into());
    }
    let base = match load_base(arguments, &claims) {
        Ok(base) => base,
        Err(code) => return Ok(code),
    };
    let study = match prepare(arguments, claims, &base)? {
        Ok(study) => study,
        Err(code) => return Ok(code),
    };
    run(arguments, &study)
}

/// The base with the population of the file and the changes of the options.
fn load_base(arguments: &Arguments, claims: &Claims) -> Result<Scenario, ExitCode> {
    let shared = &arguments.shared;
    let mut settings = Vec::new();
    if shared.population.is_none() {
        settings.extend(population_settings(claims.population));
    }
    settings.extend(shared.set.iter().cloned());
    let name = arguments.base.clone().unwrap_or_else(|| claims.base.clone().into());
    let loaded = crate::scenario::load_altered(&name, &settings, shared.population, shared.label.as_deref());
    let mut base = loaded.map_err(|faults| print_faults(&faults))?;
    // The population of the file is part of what is tested, not an alteration.
    if shared.population.is_none() && shared.set.is_empty() && shared.label.is_none() {
        base.label = None;
    }
    Ok(base)
}

/// The population of a file as options.
fn population_settings(population: ClaimsPopulation) -> Vec<String> {
    let ClaimsPopulation { size, enterprises, regions } = population;
    let numbers =
        [("size", size), ("enterprises", enterprises.map(u64::from)), ("regions", regions.map(u64::from))];
    let settings = numbers.into_iter().filter_map(|(key, value)| Some((key, value?)));
    settings.map(|(key, value)| format!("population.{key}={value}")).collect()
}

/// Resolves every case; if one has faults, prints them and returns the exit code.
fn prepare(
    arguments: &Arguments,
    claims: Claims,
    base: &Scenario,
) -> anyhow::Result<Result<ClaimsStudy, ExitCode>> {
    let shared = &arguments.shared;
    let extent = Extent {
        jitter: arguments.jitter,
        prior: arguments.prior,
        level: arguments.level,
        ..Extent::of(arguments.replicates)
    };
    let settings = Settings {
        claims: claims.text.clone(),
        only: arguments.claim.clone(),
        base: base.called().to_owned(),
        extent,
    };
    let plan = shared.plan(base, 1..=arguments.replicates, Vec::new());
    let mut study = match ClaimsStudy::new(plan, base.to_toml(), claims, settings) {
        Ok(study) => study,
        Err(faults) => return Ok(Err(print_faults(&faults))),
    };
    shared.memory_limit().iter().for_each(|(limit, _)| study.study.fit(*limit));
    Ok(Ok(study))
}

fn run(arguments: &Arguments, study: &ClaimsStudy) -> anyhow::Result<ExitCode> {
    let shared = &arguments.shared;
    let folder = arguments.out.clone().unwrap_or_else(|| {
        Path::new("output").join(format!("claims-{}-{}", study.claims.name, &study.study.digest()[..8]))
    });
    let plan = study.plan_file(options(arguments, study)).sealed();
    let estimate = shared.dry_run.then(|| (heading(study), arguments.json));
    match variants::run(study, &plan, folder, shared, estimate)? {
        Ok((report, signals)) => conclude(arguments, &report, &signals),
        Err(code) => Ok(code),
    }
}

/// Prints messages and the verdicts, writes the page, and returns the exit code.
fn conclude(
    arguments: &Arguments,
    report: &ClaimsReport,
    signals: &interrupt::Signals,
) -> anyhow::Result<ExitCode> {
    let outcome = &report.outcome;
    variants::report_outcome(outcome);
    let Some(results) = &report.results else {
        return Ok(signals.exit_code(arguments.shared.on_term));
    };
    if let Some(path) = &arguments.page {
        let text = page(results, &command(arguments));
        write_sealed(path, &text, None, arguments.shared.force)
            .context("the claims are tested, but the page cannot be written")?;
    }
    print(&if arguments.json {
        format!("{:#}\n", claims_summary::json(results))
    } else if arguments.shared.quiet {
        format!("seed {}  {}\n", results.heading.seed, outcome.folder.display())
    } else {
        claims_summary::text(results, Terminal::of_stdout())
    })?;
    Ok(variants::end(outcome))
}

/// What is tested, for an estimate.
fn heading(claims: &ClaimsStudy) -> Heading {
    let (study, base) = (&claims.study, &claims.study.base);
    let text = format!(
        "{} on {}, seed {}\n\
         claims  {}\n\
         runs    {} of {} variants, {} thread{}\n",
        claims.claims.name,
        base.scenario,
        base.seed,
        claims.claims.claims.len(),
        count(study.run_count()),
        count(study.marks.len() as u64),
        base.threads,
        plural(base.threads as u64),
    );
    let json = [("claims", json!(claims.claims.name)), ("variants", json!(study.marks.len()))];
    Heading { text, json: json.map(|(name, value)| (name.to_owned(), value)).into_iter().collect() }
}

/// Returns the options in force, for the manifest.
fn options(arguments: &Arguments, claims: &ClaimsStudy) -> BTreeMap<String, Value> {
    let (base, extent) = (&claims.study.base, &claims.settings.extent);
    let own = [
        ("file", json!(arguments.file.as_ref().map(|file| file.to_string_lossy()))),
        ("claims", json!(claims.claims.name)),
        ("base", json!(claims.settings.base)),
        ("claim", json!(arguments.claim)),
        ("replicates", json!(extent.replicates)),
        ("jitter", json!(extent.jitter)),
        ("prior", json!(extent.prior)),
        ("level", json!(extent.level)),
        ("seed", json!(base.seed)),
        ("until", json!(base.last.to_string())),
        ("population", json!(base.setup.population.size)),
    ];
    let mut options = arguments.shared.options(base.threads);
    options.extend(own.map(|(name, value)| (name.to_owned(), value)));
    options
}

/// The command line that writes the page, without options that do not affect the figures.
fn command(arguments: &Arguments) -> String {
    let mut words = vec!["kadry".to_owned(), "claims".to_owned()];
    words.extend(arguments.file.as_ref().map(|file| quoted(file)));
    let mut option = |name: &str, value: String| words.extend([format!("--{name}"), quoted(value.as_ref())]);
    let shared = &arguments.shared;
    if let Some(base) = &arguments.base {
        option("base", base.to_string_lossy().into_owned());
    }
    if !arguments.claim.is_empty() {
        option("claim", arguments.claim.join(","));
    }
    for (name, value, default) in [
        ("seed", shared.seed(), 1),
        ("replicates", u64::from(arguments.replicates), 100),
        ("jitter", u64::from(arguments.jitter), 100),
        ("prior", u64::from(arguments.prior), 300),
    ] {
        if value != default {
            option(name, value.to_string());
        }
    }
    shared.each_alteration(&mut option);
    if arguments.level != 0.95 {
        option("level", arguments.level.to_string());
    }
    if let Some(path) = &arguments.page {
        option("page", path.display().to_string());
    }
    words.join(" ")
}
