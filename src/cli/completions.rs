//! `kadry completions SHELL`: prints the script by which a shell completes commands, and answers that script.
//!
//! The script calls `kadry` with the variable `KADRY_COMPLETE` set whenever a word is to be completed. So what is offered
//! is always what this program knows: scenarios, keys of `--set`, metrics, phases and folders.

use super::stdout::print;
use crate::model::levers::LEVERS;
use crate::model::measures::PHASE_MEASURES;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::scenario::{SHIPPED, WHOLE_PERIOD, load};
use clap::{Arg, Command};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter};
use clap_complete::env::{self, Elvish, EnvCompleter, Fish, Powershell, Shells};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// The variable that asks for completions instead of a run.
const VARIABLE: &str = "KADRY_COMPLETE";

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// Shell that the script is for
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

const SHELLS: [&dyn EnvCompleter; 5] = [&BASH, &Elvish, &Fish, &Powershell, &ZSH];

/// Prints the script for a shell.
///
/// # Errors
///
/// If stdout cannot be written.
pub fn completions(args: &CompletionsArgs) -> anyhow::Result<ExitCode> {
    let wanted = args.shell.to_string();
    let mut script = Vec::new();
    for shell in SHELLS.iter().filter(|shell| shell.is(&wanted)) {
        shell.write_registration(VARIABLE, "kadry", "kadry", "kadry", &mut script)?;
    }
    print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// Answers the script of a shell, if the environment says that it is calling; true if it was.
///
/// # Errors
///
/// If the shell is unknown, or stdout cannot be written.
pub(super) fn answer(arguments: &[OsString], command: impl Fn() -> Command) -> anyhow::Result<bool> {
    let folder = std::env::current_dir().ok();
    let complete = CompleteEnv::with_factory(command).var(VARIABLE).bin("kadry").completer("kadry");
    Ok(complete.shells(Shells(&SHELLS)).try_complete(arguments, folder.as_deref())?)
}

/// A command whose arguments know what completes them, by the name of their value.
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
        ("SCENARIO" | "BASELINE" | "A" | "B", _) => ArgValueCompleter::new(scenarios),
        ("KEY=VALUE", _) => ArgValueCompleter::new(settings),
        ("DIR", _) => ArgValueCompleter::new(PathCompleter::dir()),
        ("FILE", _) => ArgValueCompleter::new(PathCompleter::any()),
        ("VERB", _) => ArgValueCompleter::new(verbs),
        (_, "metric") => ArgValueCompleter::new(metrics),
        (_, "phase") => ArgValueCompleter::new(phases),
        _ => return None,
    })
}

/// Candidates with a line about each, as far as they begin with the text.
fn beginning_with(
    text: &OsStr,
    candidates: impl Iterator<Item = (String, String)>,
) -> Vec<CompletionCandidate> {
    let Some(text) = text.to_str() else { return Vec::new() };
    let candidates = candidates.filter(|(value, _)| value.starts_with(text));
    candidates
        .map(|(value, help)| CompletionCandidate::new(value).help((!help.is_empty()).then(|| help.into())))
        .collect()
}

/// The shipped scenarios, and files in TOML or JSON.
fn scenarios(text: &OsStr) -> Vec<CompletionCandidate> {
    let title = |name: &str| load(name, &[]).map_or_else(|_| String::new(), |scenario| scenario.title);
    let names = SHIPPED.iter().map(|shipped| shipped.name);
    let names = names.filter(|name| text.to_str().is_some_and(|text| name.starts_with(text)));
    let mut found = beginning_with(text, names.map(|name| (name.to_owned(), title(name))));
    let is_scenario = |path: &Path| path.extension().is_some_and(|end| end == "toml" || end == "json");
    found.extend(PathCompleter::any().filter(is_scenario).complete(text));
    found
}

/// `KEY=` of every key that takes one value, and the values of those that have few.
fn settings(text: &OsStr) -> Vec<CompletionCandidate> {
    let population = [
        ("size", "nominal people in January 1928"),
        ("enterprises", "plants that people work in"),
        ("regions", "regions that plants lie in"),
    ];
    let population =
        population.map(|(key, meaning)| (format!("population.{key}="), meaning.to_owned())).into_iter();
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
        return beginning_with(text, switches);
    }
    // One table after another, as `explain` prints them; a text without a dot completes to the table.
    beginning_with(text, population.chain(levers).chain(parameters).chain(keys))
}

/// Metrics, after the commas that stand between them.
fn metrics(text: &OsStr) -> Vec<CompletionCandidate> {
    let metrics = PHASE_MEASURES.iter().filter(|measure| measure.key != "months");
    beginning_with(text, metrics.map(|measure| (measure.key.to_owned(), measure.definition.to_owned())))
}

/// The phases of the historical scenario; other scenarios may have others.
fn phases(text: &OsStr) -> Vec<CompletionCandidate> {
    let phases = load("historical", &[]).map_or_else(|_| Vec::new(), |scenario| scenario.phases);
    let phases = phases.into_iter().map(|phase| (phase.name, format!("from {}", phase.from)));
    let whole = [(WHOLE_PERIOD.to_owned(), "all months that are run".to_owned())];
    beginning_with(text, phases.chain(whole))
}

/// The names of the verbs.
fn verbs(text: &OsStr) -> Vec<CompletionCandidate> {
    let command = super::command();
    let verbs = command.get_subcommands().map(|verb| {
        (verb.get_name().to_owned(), verb.get_about().map(ToString::to_string).unwrap_or_default())
    });
    beginning_with(text, verbs)
}

/// A shell for which `clap_complete` answers, with a script of our own.
struct OwnScript<S> {
    answers: S,
    script: &'static str,
}

/// Bash splits words at `=` and `:`, and does not quote what is completed: the script joins the words before it asks,
/// gives back what follows the last of these characters, and quotes blanks.
const BASH: OwnScript<env::Bash> =
    OwnScript { answers: env::Bash, script: include_str!("completions/bash.sh") };

/// Zsh adds a blank to what is completed: the script adds none to a key whose value is to come.
const ZSH: OwnScript<env::Zsh> = OwnScript { answers: env::Zsh, script: include_str!("completions/zsh.sh") };

impl<S: EnvCompleter> EnvCompleter for OwnScript<S> {
    fn name(&self) -> &'static str {
        self.answers.name()
    }

    fn is(&self, name: &str) -> bool {
        self.answers.is(name)
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
        self.answers.write_complete(command, arguments, folder, candidates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(candidates: &[CompletionCandidate]) -> Vec<String> {
        candidates.iter().map(|candidate| candidate.get_value().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn every_setting_that_is_offered_is_read() {
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
                let needs =
                    names.iter().any(|name| ["SCENARIO", "KEY=VALUE", "DIR", "FILE", "VERB"].contains(name));
                if needs && argument.get::<ArgValueCompleter>().is_none() {
                    missing.push(format!("{} {}", verb.get_name(), argument.get_id()));
                }
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
}
