//! `kadry fit`: searches the parameters with which a scenario comes nearest to the patterns K1 to K7.
//!
//! [`crate::experiment::fit`] does the work; this module defines the options and formats the result.

use super::Exit;
use super::faults::print_faults;
use super::progress::{Progress, When};
use super::quantity::{count, plural};
use super::quote::quoted;
use super::run_options::{seed, use_threads};
use super::stderr::eprint_line;
use super::stdout::{print, print_json};
use super::table::{Column, tables};
use super::terminal::Terminal;
use crate::experiment::fit::{Asked, Fit, PatternLoss, chosen, fit as search, patch, total};
use crate::output::single_files::{may_write, write_sealed};
use crate::scenario::{SHIPPED, Size, Stack};
use anyhow::Context;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// People in January 1928 unless the options say otherwise.
const PEOPLE: u64 = 4_000;

/// What the figures are, below the tables.
const READING: &str = "A loss is the mean over the figures of a pattern of the square of (log model - log data)/tolerance; the \
    search minimises the sum over patterns. K3 is met by construction and is not in it. Losses over other replicates show how much \
    of a gain is the chance of the replicates that were searched on. Patterns held out are computed over those other replicates, \
    after the fit; a dash says that a pattern is an input or nearly so, and no evidence.";

/// Search the parameters with which a scenario comes nearest to the fitted patterns K1 to K7
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// File or name of a shipped scenario
    #[arg(value_name = "SCENARIO", default_value = "historical")]
    scenario: OsString,

    /// Parameter to search, such as `quit_base` (repeatable) [default: all parameters of grade `fitted`]
    #[arg(long, value_name = "KEY")]
    parameter: Vec<String>,

    /// Evaluations of the loss, of which the scenario itself is the first
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    evaluations: u32,

    /// Replicates of each evaluation
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    replicates: u32,

    /// Seed of the random numbers of the runs and of the search
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = seed)]
    seed: u64,

    /// Number of people in January 1928, or `one-to-one`; enterprises keep their mean size [default: 4000]
    #[arg(long, value_name = "N|one-to-one", allow_negative_numbers = true)]
    population: Option<Size>,

    /// Number of threads (does not affect results) [default: as many as the process may use]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Write the fitted parameters as a scenario file that extends the scenario
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Replace the file of --out if kadry wrote it and it is unchanged
    #[arg(long, requires = "out")]
    force: bool,

    /// Print the result as JSON
    #[arg(long)]
    json: bool,

    /// When to show progress on stderr
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    progress: When,
}

/// Fits the parameters and prints the result.
///
/// # Errors
///
/// If the file cannot be written.
pub(super) fn fit(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let parameters = match chosen(&arguments.parameter) {
        Ok(parameters) => parameters,
        Err(error) => {
            eprint_line(&format!("error: --parameter: {error}"));
            return Ok(Exit::Usage.into());
        }
    };
    let extends = match &arguments.out {
        Some(path) => {
            may_write(path, arguments.force).context("--out")?;
            Some(base_of(&arguments.scenario, path)?)
        }
        None => None,
    };
    use_threads(arguments.threads);
    let asked = Asked {
        parameters,
        evaluations: arguments.evaluations,
        replicates: arguments.replicates,
        seed: arguments.seed,
        population: Some(arguments.population.unwrap_or(Size::People(PEOPLE))),
    };
    let progress = Progress::new(true, arguments.progress, false);
    let found = Stack::load(&arguments.scenario).and_then(|stack| search(&stack, &asked, &progress));
    progress.finish();
    let found = match found {
        Ok(found) => found,
        Err(faults) => return Ok(print_faults(&faults)),
    };
    if let Some((path, extends)) = arguments.out.as_ref().zip(extends) {
        // The seal, a comment of Markdown, is behind the mark of a comment of TOML.
        let text = patch(&found, &extends, &command(arguments)) + "\n# ";
        write_sealed(path, &text, None, arguments.force)
            .context("the parameters are fitted, but the file cannot be written")?;
    }
    if arguments.json {
        print_json(&serde_json::to_value(&found).context("cannot write the fit as JSON")?)?;
    } else {
        print(&text(&found, Terminal::of_stdout()))?;
    }
    Ok(Exit::Success.into())
}

/// The base as the written file has to name it: a shipped scenario by its name, a file in the same folder by its file name,
/// and another file by its whole path.
fn base_of(scenario: &OsStr, out: &Path) -> anyhow::Result<String> {
    let name = scenario
        .to_str()
        .context("--out: the name of the scenario is not UTF-8, and a file cannot extend it")?;
    if name == "-" {
        anyhow::bail!(
            "--out: a file cannot extend a scenario that is read from stdin; save it as a file first"
        );
    }
    // Without a file the name is returned as it is: loading the scenario says what is wrong.
    let whole = std::fs::canonicalize(name);
    let Some(whole) = whole.ok().filter(|_| SHIPPED.iter().all(|shipped| shipped.name != name)) else {
        return Ok(name.to_owned());
    };
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let same = std::fs::canonicalize(folder).is_ok_and(|folder| whole.parent() == Some(&folder));
    let path = if same { whole.file_name().map(Path::new).unwrap_or(&whole) } else { &whole };
    let path =
        path.to_str().context("--out: the path of the scenario is not UTF-8, and a file cannot extend it")?;
    Ok(path.to_owned())
}

/// The command, with every option that affects the result.
fn command(arguments: &Arguments) -> String {
    let mut words = vec!["kadry fit".to_owned(), quoted(&arguments.scenario)];
    words.extend(arguments.parameter.iter().map(|key| format!("--parameter {}", quoted(key.as_ref()))));
    words.push(format!("--evaluations {}", arguments.evaluations));
    words.push(format!("--replicates {} --seed {}", arguments.replicates, arguments.seed));
    words.push(match arguments.population {
        Some(size) => format!("--population {size}"),
        None => format!("--population {PEOPLE}"),
    });
    words.join(" ")
}

/// The result as text.
fn text(fit: &Fit, terminal: Terminal) -> String {
    let evaluations = fit.trace.last().map_or(0, |(evaluations, _)| *evaluations);
    let about = format!(
        "{}: {} parameter{} fitted to K1 to K7, {} people, seed {}, {} evaluations of {} replicate{}",
        fit.scenario,
        fit.parameters.len(),
        plural(fit.parameters.len() as u64),
        count(fit.people),
        fit.seed,
        count(u64::from(evaluations)),
        fit.replicates,
        plural(u64::from(fit.replicates)),
    );
    let mut text = terminal.wrapped(&about, 0);
    for table in [parameters(fit), patterns(fit), figures(fit), held_out(fit)] {
        text += &format!("\n{}", tables(&table.0, &table.1, terminal, "\n"));
    }
    text + &format!("\n{}", terminal.wrapped(READING, 0))
}

/// A table: the names of its rows, and its other columns.
type Table = (Column, Vec<Column>);

fn column(heading: &str, left: bool, cells: impl Iterator<Item = String>) -> Column {
    Column { heading: heading.to_owned(), cells: cells.collect(), left }
}

fn parameters(fit: &Fit) -> Table {
    let all = || fit.parameters.iter();
    let columns = vec![
        column("base", false, all().map(|parameter| parameter.before.to_string())),
        column("fitted", false, all().map(|parameter| parameter.after.to_string())),
        column(
            "range",
            true,
            all().map(|parameter| format!("{} to {}", parameter.range.0, parameter.range.1)),
        ),
        column("unit", true, all().map(|parameter| parameter.unit.to_owned())),
    ];
    (column("parameter", true, all().map(|parameter| parameter.key.to_owned())), columns)
}

fn patterns(fit: &Fit) -> Table {
    let names = fit.fitted.before.iter().map(|pattern| pattern.pattern).chain(["sum"]);
    let losses = |heading: &str, losses: &[PatternLoss]| {
        let all: Vec<f64> = losses.iter().map(|pattern| pattern.loss).chain([total(losses)]).collect();
        column(heading, false, all.into_iter().map(|loss| format!("{loss:.3}")))
    };
    let statements = fit.fitted.before.iter().map(|pattern| pattern.statement).chain([""]);
    let columns = vec![
        losses("loss before", &fit.fitted.before),
        losses("loss after", &fit.fitted.after),
        losses("others before", &fit.fresh.before),
        losses("others after", &fit.fresh.after),
        column("pattern", true, statements.map(str::to_owned)),
    ];
    (column("", true, names.map(str::to_owned)), columns)
}

fn figures(fit: &Fit) -> Table {
    let pairs = || fit.fitted.before.iter().zip(&fit.fitted.after);
    let rows: Vec<_> = pairs()
        .flat_map(|(before, after)| {
            before.figures.iter().zip(&after.figures).map(move |(one, other)| (before.pattern, one, other))
        })
        .collect();
    let model =
        |model: Option<f64>| model.map_or_else(|| "undefined".to_owned(), |model| format!("{model:.3}"));
    let data = |data: &[f64]| data.iter().map(f64::to_string).collect::<Vec<_>>().join(" to ");
    let columns = vec![
        column("data", false, rows.iter().map(|(_, figure, _)| data(&figure.data))),
        column("model before", false, rows.iter().map(|(_, figure, _)| model(figure.model))),
        column("model after", false, rows.iter().map(|(_, _, figure)| model(figure.model))),
        column("tolerance", false, rows.iter().map(|(_, figure, _)| format!("{:.2}", figure.tolerance))),
        column("loss before", false, rows.iter().map(|(_, figure, _)| format!("{:.3}", figure.loss))),
        column("loss after", false, rows.iter().map(|(_, _, figure)| format!("{:.3}", figure.loss))),
    ];
    (column("figure", true, rows.iter().map(|(id, figure, _)| format!("{id} {}", figure.label))), columns)
}

fn held_out(fit: &Fit) -> Table {
    let share =
        |share: Option<f64>| share.map_or_else(|| "undefined".to_owned(), |share| format!("{share:.2}"));
    let all = || fit.held_out.iter();
    let columns = vec![
        column("holds before", false, all().map(|pattern| share(pattern.before))),
        column("holds after", false, all().map(|pattern| share(pattern.after))),
        column("pattern", true, {
            all().map(|pattern| {
                let mark = if pattern.input.is_empty() { "" } else { "- " };
                format!("{mark}{}", pattern.statement)
            })
        }),
    ];
    (column("held out", true, all().map(|pattern| pattern.pattern.to_owned())), columns)
}
