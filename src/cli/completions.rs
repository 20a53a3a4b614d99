//! `kadry completions SHELL`: prints a completion script, and answers the requests of that script.
//!
//! To complete a word, the script calls `kadry` with the variable `KADRY_COMPLETE` set. The candidates (scenarios, keys
//! of `--set`, metrics, phases, folders) therefore always match the installed program.

use super::explain::POPULATION_KEYS;
use super::stdout::print;
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::phase::PHASE_MEASURES;
use crate::scenario::{SHIPPED, WHOLE_PERIOD, load};
use clap::{Arg, Command};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter};
use clap_complete::env::{self, Elvish, EnvCompleter, Fish, Powershell, Shells};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// The environment variable that requests completions.
const VARIABLE: &str = "KADRY_COMPLETE";

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Shell that the script is for
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

const SHELLS: [&dyn EnvCompleter; 5] = [&BASH, &Elvish, &Fish, &Powershell, &ZSH];

/// Prints the completion script of a shell.
///
/// # Errors
///
/// If stdout cannot be written.
pub(super) fn completions(args: &Arguments) -> anyhow::Result<ExitCode> {
    let wanted = args.shell.to_string();
    let mut script = Vec::new();
    for shell in SHELLS.iter().filter(|shell| shell.is(&wanted)) {
        shell.write_registration(VARIABLE, "kadry", "kadry", "kadry", &mut script)?;
    }
    print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints candidates if a completion script is calling; returns whether it is.
///
/// # Errors
///
/// If the shell is unknown, or stdout cannot be written.
pub(super) fn answer(arguments: &[OsString], command: impl Fn() -> Command) -> anyhow::Result<bool> {
    let folder = std::env::current_dir().ok();
    let complete = CompleteEnv::with_factory(command).var(VARIABLE).bin("kadry").completer("kadry");
    Ok(complete.shells(Shells(&SHELLS)).try_complete(arguments, folder.as_deref())?)
}

/// Adds a completer to each argument, chosen by its value name and identifier.
pub(super) fn with_completers(command: Command) -> Command {
    let command = command.mut_args(|argument| match completer(&argument) {
        Some(completer) => argument.add(completer),
        None => argument,
    });
    command.mut_subcommands(with_completers)
}

fn completer(argument: &Arg) -> Option<ArgValueCompleter> {
    let value = argument.get_value_names().and_then(|names| names.first())?;
    Some(match (value.as_str(), argument.get_id().as_str()) {
        (_, "first_folder" | "second_folder") => ArgValueCompleter::new(PathCompleter::dir()),
        ("SCENARIO" | "BASELINE" | "A" | "B", _) => ArgValueCompleter::new(scenarios),
        ("KEY=VALUE", _) => ArgValueCompleter::new(settings),
        ("DIR", _) => ArgValueCompleter::new(PathCompleter::dir()),
        ("FILE", _) => ArgValueCompleter::new(PathCompleter::any()),
        ("COMMAND", _) => ArgValueCompleter::new(verbs),
        (_, "parameter") => ArgValueCompleter::new(parameters),
        (_, "metric") => ArgValueCompleter::new(metrics),
        (_, "phase") => ArgValueCompleter::new(phases),
        _ => return None,
    })
}

/// The candidates that begin with the text; each is a value and its description.
fn with_prefix(text: &OsStr, candidates: impl Iterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let Some(text) = text.to_str() else { return Vec::new() };
    let candidates = candidates.filter(|(value, _)| value.starts_with(text));
    candidates
        .map(|(value, help)| CompletionCandidate::new(value).help((!help.is_empty()).then(|| help.into())))
        .collect()
}

/// Completes shipped scenarios, and TOML and JSON files.
fn scenarios(text: &OsStr) -> Vec<CompletionCandidate> {
    let title = |name: &str| load(name, &[]).map_or_else(|_| String::new(), |scenario| scenario.title);
    let names = SHIPPED.iter().map(|shipped| shipped.name);
    let names = names.filter(|name| text.to_str().is_some_and(|text| name.starts_with(text)));
    let mut found = with_prefix(text, names.map(|name| (name.to_owned(), title(name))));
    let is_scenario = |path: &Path| path.extension().is_some_and(|end| end == "toml" || end == "json");
    found.extend(PathCompleter::any().filter(is_scenario).complete(text));
    found
}

/// Completes `KEY=` for every key with a single value, and `true` and `false` after the `=` of a mechanism.
fn settings(text: &OsStr) -> Vec<CompletionCandidate> {
    let population =
        POPULATION_KEYS.map(|(key, meaning)| (format!("population.{key}="), meaning.to_owned())).into_iter();
    let parameters = PARAMETERS.iter().map(|info| {
        let (low, high) = info.valid;
        (
            format!("parameters.{}=", info.key),
            format!("{} ({low} to {high}, default {})", info.meaning, info.default),
        )
    });
    let levers =
        LEVERS.iter().map(|info| (format!("levers.{}=", info.key), format!("{} (0 to 1)", info.meaning)));
    let keys = MECHANISMS.iter().map(|info| (format!("mechanisms.{}=", info.key), info.meaning.to_owned()));
    let switches = MECHANISMS.iter().flat_map(|info| {
        ["true", "false"].map(|value| (format!("mechanisms.{}={value}", info.key), String::new()))
    });
    if text.to_str().is_some_and(|text| text.contains('=')) {
        return with_prefix(text, switches);
    }
    // Tables in the order in which `explain` prints them; a text without a dot completes to the table.
    with_prefix(text, population.chain(levers).chain(parameters).chain(keys))
}

/// Completes parameters.
fn parameters(text: &OsStr) -> Vec<CompletionCandidate> {
    with_prefix(text, PARAMETERS.iter().map(|info| (info.key.to_owned(), info.meaning.to_owned())))
}

/// Completes metrics; the argument is a list separated by commas.
fn metrics(text: &OsStr) -> Vec<CompletionCandidate> {
    let metrics = PHASE_MEASURES.iter().filter(|measure| measure.key != "months");
    with_prefix(text, metrics.map(|measure| (measure.key.to_owned(), measure.definition.to_owned())))
}

/// Completes the phases of the historical scenario; other scenarios may have other phases.
fn phases(text: &OsStr) -> Vec<CompletionCandidate> {
    let phases = load("historical", &[]).map_or_else(|_| Vec::new(), |scenario| scenario.phases);
    let phases = phases.into_iter().map(|phase| (phase.name, format!("from {}", phase.from)));
    let whole = [(WHOLE_PERIOD.to_owned(), "all months of the run".to_owned())];
    with_prefix(text, phases.chain(whole))
}

/// Completes the names of commands.
fn verbs(text: &OsStr) -> Vec<CompletionCandidate> {
    let command = super::command();
    let verbs = command.get_subcommands().map(|verb| {
        (verb.get_name().to_owned(), verb.get_about().map(ToString::to_string).unwrap_or_default())
    });
    with_prefix(text, verbs)
}

/// A shell whose candidates `clap_complete` formats, with a script of our own.
struct OwnScript<S> {
    shell: S,
    script: &'static str,
}

/// Bash splits words at `=` and `:` and does not quote candidates. The script joins the words before the request,
/// returns only what follows the last of these characters, and quotes spaces.
const BASH: OwnScript<env::Bash> =
    OwnScript { shell: env::Bash, script: include_str!("completions/bash.sh") };

/// Zsh adds a space to every candidate; the script adds none after a key, which needs a value.
const ZSH: OwnScript<env::Zsh> = OwnScript { shell: env::Zsh, script: include_str!("completions/zsh.sh") };

impl<S: EnvCompleter> EnvCompleter for OwnScript<S> {
    fn name(&self) -> &'static str {
        self.shell.name()
    }

    fn is(&self, name: &str) -> bool {
        self.shell.is(name)
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        program: &str,
        _completer: &str,
        script: &mut dyn io::Write,
    ) -> io::Result<()> {
        let text = self.script.replace("VARIABLE", variable).replace("FUNCTION", name);
        script.write_all(text.replace("PROGRAM", program).as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        arguments: Vec<OsString>,
        folder: Option<&Path>,
        candidates: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.shell.write_complete(command, arguments, folder, candidates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(candidates: &[CompletionCandidate]) -> Vec<String> {
        candidates.iter().map(|candidate| candidate.get_value().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn every_offered_setting_is_valid() {
        let offered = settings(OsStr::new(""));
        assert_eq!(offered.len(), 3 + LEVERS.len() + PARAMETERS.len() + MECHANISMS.len());
        for key in values(&offered) {
            let value = match key.split_once('.').unwrap().0 {
                "population" => "20".to_owned(),
                "levers" => "0.5".to_owned(),
                "mechanisms" => "false".to_owned(),
                _ => {
                    let name = key["parameters.".len()..].trim_end_matches('=');
                    PARAMETERS.iter().find(|info| info.key == name).unwrap().default.to_string()
                }
            };
            assert!(load("historical", &[format!("{key}{value}")]).is_ok(), "{key}{value}");
        }
        assert_eq!(
            values(&settings(OsStr::new("mechanisms.fear="))),
            ["mechanisms.fear=true", "mechanisms.fear=false"]
        );
    }

    #[test]
    fn scenarios_metrics_and_phases_are_offered() {
        assert_eq!(values(&scenarios(OsStr::new("no_terr"))), ["no_terror"]);
        assert_eq!(values(&metrics(OsStr::new("elite_turnover_r"))), ["elite_turnover_repressive"]);
        assert_eq!(values(&phases(OsStr::new("w"))), ["whole period"]);
        assert!(values(&phases(OsStr::new(""))).contains(&"class war".to_owned()));
    }

    #[test]
    fn arguments_that_name_a_scenario_a_key_or_a_path_have_a_completer() {
        let mut command = super::super::command();
        command.build();
        let mut missing = Vec::new();
        for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
            for argument in verb.get_arguments() {
                let names: Vec<&str> =
                    argument.get_value_names().unwrap_or_default().iter().map(|name| name.as_str()).collect();
                let needs = names
                    .iter()
                    .any(|name| ["SCENARIO", "KEY=VALUE", "DIR", "FILE", "COMMAND"].contains(name));
                if needs && argument.get::<ArgValueCompleter>().is_none() {
                    missing.push(format!("{} {}", verb.get_name(), argument.get_id()));
                }
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
}
