//! `kadry soundness [SCENARIO...]`: asks what the model can show on a base.
//!
//! Defines the options; [`crate::experiment::soundness`] does the work.

use super::quantity::{count, plural};
use super::quote::quoted;
use super::run_options::RunOptions;
use super::stderr::eprint_line;
use super::stdout::print;
use super::terminal::Terminal;
use super::variants::{self, Heading};
use super::{Exit, faults::print_faults};
use crate::experiment::soundness::answers::{Answers, Figure, PolicyAnswer};
use crate::experiment::soundness::cases::POLICY_LEVERS;
use crate::experiment::soundness::constants::compared;
use crate::experiment::soundness::page::page;
use crate::experiment::soundness::study::{Settings, SoundnessStudy};
use crate::experiment::soundness::summary::sentences;
use crate::experiment::study::session::StudyVerb;
use crate::output::single_files::{may_write, write_sealed};
use anyhow::Context;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// People, plants and regions if the options name none: plants of the size of the base, several of them in each region.
const POPULATION: [(&str, u64); 3] = [("size", 8_000), ("enterprises", 20), ("regions", 5)];

/// Ask what the model can show on a base: levers read back, constant policies, doses, patterns over the prior
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Bases: files or names of shipped scenarios; several are answered one after the other [default: historical]
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<OsString>,

    /// Replicates of each base
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    replicates: u32,

    /// Random policies that are constant within phases, for the share of variance that levers explain
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    policies: u32,

    /// Random policies that are constant throughout
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    constants: u32,

    /// Draws of judged parameters
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    prior: u32,

    /// Result folder, for a single base [default: output/soundness-NAME-HASH, the first 8 digits of a hash of the scenarios that are run]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Also write the answers on all bases as a page of Markdown, such as docs/soundness.md
    #[arg(long, value_name = "FILE", conflicts_with_all = ["plan_only", "dry_run"])]
    page: Option<PathBuf>,

    /// Print the answers as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    shared: RunOptions,
}

/// Answers the questions on each base.
///
/// # Errors
///
/// If a folder cannot be read or written, or memory is too small.
pub(super) fn soundness(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.page {
        may_write(path, arguments.shared.force).context("--page")?;
    }
    let default = [OsString::from("historical")];
    let scenarios = if arguments.scenarios.is_empty() { &default[..] } else { &arguments.scenarios };
    if scenarios.len() > 1 && arguments.out.is_some() {
        eprint_line("error: --out names one folder, and each of several bases has its own: leave --out out");
        return Ok(Exit::Usage.into());
    }
    if scenarios.len() > 1 && arguments.shared.dry_run && arguments.json {
        eprint_line("error: --dry-run --json prints one estimate: give one base");
        return Ok(Exit::Usage.into());
    }
    let (mut all, mut code, mut interrupted) = (Vec::new(), ExitCode::from(Exit::Success), false);
    for scenario in scenarios {
        let study = match study(arguments, scenario)? {
            Ok(study) => study,
            Err(code) => return Ok(code),
        };
        let plan = study.plan_file(options(arguments, &study)).sealed();
        let folder = arguments.out.clone().unwrap_or_else(|| folder(&study));
        let estimate = arguments.shared.dry_run.then(|| (heading(&study), arguments.json));
        let (report, signals) = match variants::run(&study, &plan, folder, &arguments.shared, estimate)? {
            Ok(done) => done,
            Err(done) if arguments.shared.dry_run || arguments.shared.plan_only => {
                code = done;
                continue;
            }
            Err(code) => return Ok(code),
        };
        variants::report_outcome(&report.outcome);
        let Some(answers) = report.answers else {
            code = signals.exit_code(arguments.shared.on_term);
            interrupted = true;
            break;
        };
        if report.outcome.missing > 0 {
            code = Exit::SomeFailed.into();
        }
        all.push((answers, report.outcome.folder));
    }
    if !all.is_empty() {
        show(arguments, &all, !interrupted)?;
    }
    Ok(code)
}

/// Prints the answers, and writes the page if they are `complete`.
fn show(arguments: &Arguments, all: &[(Answers, PathBuf)], complete: bool) -> anyhow::Result<()> {
    let answers: Vec<Answers> = all.iter().map(|(answers, _)| answers.clone()).collect();
    if let Some(path) = arguments.page.as_ref().filter(|_| complete) {
        let text = page(&answers, &command(arguments));
        write_sealed(path, &text, None, arguments.shared.force)
            .context("the questions are answered, but the page cannot be written")?;
    }
    if arguments.json {
        let values: Vec<Value> = answers.iter().map(json_of).collect();
        return print(&format!("{:#}\n", Value::from(values)));
    }
    for (answers, folder) in all {
        print(&if arguments.shared.quiet {
            format!("seed {}  {}\n", answers.seed, folder.display())
        } else {
            text(answers, folder, Terminal::of_stdout())
        })?;
    }
    Ok(())
}

/// The study of a base; if the base or one of its cases has faults, prints them and returns the exit code.
fn study(arguments: &Arguments, scenario: &OsStr) -> anyhow::Result<Result<SoundnessStudy, ExitCode>> {
    let shared = &arguments.shared;
    let mut settings = Vec::new();
    if shared.population.is_none() {
        settings.extend(POPULATION.map(|(key, value)| format!("population.{key}={value}")));
    }
    settings.extend(shared.set.iter().cloned());
    let loaded =
        crate::scenario::load_altered(scenario, &settings, shared.population, shared.label.as_deref());
    let mut base = match loaded {
        Ok(base) => base,
        Err(faults) => return Ok(Err(print_faults(&faults))),
    };
    // The population is part of what is asked, not an alteration.
    if shared.population.is_none() && shared.set.is_empty() && shared.label.is_none() {
        base.label = None;
    }
    let extent = Settings {
        base: base.called().to_owned(),
        replicates: arguments.replicates,
        policies: arguments.policies,
        constants: arguments.constants,
        prior: arguments.prior,
    };
    let plan = shared.plan(&base, 1..=arguments.replicates, Vec::new());
    let mut study = match SoundnessStudy::new(plan, base.to_toml(), extent) {
        Ok(study) => study,
        Err(faults) => return Ok(Err(print_faults(&faults))),
    };
    shared.memory_limit().iter().for_each(|(limit, _)| study.study.fit(*limit));
    Ok(Ok(study))
}

fn folder(study: &SoundnessStudy) -> PathBuf {
    Path::new("output").join(format!("soundness-{}-{}", study.study.base.name, &study.study.digest()[..8]))
}

/// What is asked, for an estimate.
fn heading(soundness: &SoundnessStudy) -> Heading {
    let (study, base) = (&soundness.study, &soundness.study.base);
    let text = format!(
        "soundness of {}, seed {}\nruns    {} of {} variants, {} thread{}\n",
        base.scenario,
        base.seed,
        count(study.run_count()),
        count(study.marks.len() as u64),
        base.threads,
        plural(base.threads as u64),
    );
    let json = [("variants", json!(study.marks.len()))];
    Heading { text, json: json.map(|(name, value)| (name.to_owned(), value)).into_iter().collect() }
}

/// Returns the options in force, for the manifest.
fn options(arguments: &Arguments, soundness: &SoundnessStudy) -> BTreeMap<String, Value> {
    let (base, settings) = (&soundness.study.base, &soundness.settings);
    let own = [
        ("base", json!(settings.base)),
        ("replicates", json!(settings.replicates)),
        ("policies", json!(settings.policies)),
        ("constants", json!(settings.constants)),
        ("prior", json!(settings.prior)),
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
    let mut words = vec!["kadry".to_owned(), "soundness".to_owned()];
    words.extend(arguments.scenarios.iter().map(|scenario| quoted(scenario)));
    let mut option = |name: &str, value: String| words.extend([format!("--{name}"), quoted(value.as_ref())]);
    let shared = &arguments.shared;
    for (name, value, default) in [
        ("seed", shared.seed(), 1),
        ("replicates", u64::from(arguments.replicates), 20),
        ("policies", u64::from(arguments.policies), 200),
        ("constants", u64::from(arguments.constants), 500),
        ("prior", u64::from(arguments.prior), 300),
    ] {
        if value != default {
            option(name, value.to_string());
        }
    }
    shared.each_alteration(&mut option);
    if let Some(path) = &arguments.page {
        option("page", path.display().to_string());
    }
    words.join(" ")
}

/// The findings for the terminal.
fn text(answers: &Answers, folder: &Path, terminal: Terminal) -> String {
    let about = format!(
        "{}: what the model can show, seed {}, {} replicates",
        answers.base, answers.seed, answers.replicates
    );
    let mut text = terminal.wrapped(&about, 0);
    for sentence in sentences(answers) {
        text += &format!("\n{}", terminal.wrapped(&sentence, 0));
    }
    text + &format!("\nAll figures: {}\n", folder.join("soundness.csv").display())
}

fn json_of(answers: &Answers) -> Value {
    let figure = |figure: &Figure| {
        json!({
            "question": figure.question.word(),
            "of": figure.of,
            "metric": figure.metric,
            "period": figure.period,
            "unit": figure.unit,
            "n": figure.n,
            "estimate": figure.estimate,
            "interval": figure.interval.map(|(low, high)| [low, high]),
        })
    };
    let policy = |policy: &PolicyAnswer| {
        let better = compared().zip(&policy.better).map(|((main, ..), by_period)| {
            let by_period = answers.periods.iter().cloned().zip(by_period.iter().map(|better| json!(better)));
            (main.key.to_owned(), Value::Object(by_period.collect()))
        });
        json!({
            "number": policy.number,
            "levels": policy.levels.map(|levels| {
                let levels = POLICY_LEVERS.iter().zip(levels).map(|(lever, level)| ((*lever).to_owned(), json!(level)));
                Value::Object(levels.collect())
            }),
            "better": Value::Object(better.collect()),
        })
    };
    let patterns = answers.patterns.iter().map(|pattern| {
        json!({
            "pattern": pattern.id,
            "statement": pattern.statement,
            "input": pattern.input,
            "base_share": pattern.base,
            "draws": pattern.draws,
            "prior_share": pattern.prior,
            "moved_by": pattern.moved_by.iter().map(|(key, rho)| json!({ "parameter": key, "correlation": rho })).collect::<Vec<_>>(),
            "by_chance": pattern.chance,
        })
    });
    json!({
        "base": answers.base,
        "seed": answers.seed,
        "people": answers.people,
        "plants": answers.units[0],
        "regions": answers.units[1],
        "replicates": answers.replicates,
        "draws": { "policies": answers.draws[0], "constants": answers.draws[1], "prior": answers.draws[2] },
        "findings": sentences(answers),
        "figures": answers.figures.iter().map(figure).collect::<Vec<_>>(),
        "patterns": patterns.collect::<Vec<_>>(),
        "constant_policies": answers.policies.iter().map(policy).collect::<Vec<_>>(),
    })
}
