//! Adds groups of options, examples, exit codes and environment variables to the help of the commands.
//!
//! The manual page ([`super::man`]) uses the same tables.

use super::Exit;
use clap::Command;

/// Description of the program in its help and its manual page.
pub(super) const DESCRIPTION: &str = "\
Kadry simulates the people of Soviet industry month by month from January 1928 to June 1941: workers, foremen, managers \
and officials, their grievances and their discipline, accusations, arrests, purges and promotions. A scenario sets the \
policy of the leadership and the events; `historical` is the baseline, and each counterfactual changes a part of it. The \
result of a run is a folder of CSV tables.\n\n\
The model is an argument made explicit. Its levels are not estimates of historical quantities: compare phases or \
scenarios with each other.";

/// A command line and what it does.
pub(super) type Example = (&'static str, &'static str);

/// Examples of the program.
pub(super) const EXAMPLES: &[Example] = &[
    ("kadry run historical", "Run the baseline and write a result folder under output/"),
    (
        "kadry compare historical unions_kept",
        "Compare a counterfactual with the baseline, with 20 replicates of each",
    ),
    ("kadry report output/historical-698dfeb9", "Write a page of charts from a result folder"),
    (
        "kadry explain historical union",
        "Show the values, ranges and sources of the keys that contain `union`",
    ),
];

/// Examples of each verb.
const EXAMPLES_OF_VERBS: &[(&str, &[Example])] = &[
    (
        "run",
        &[
            ("kadry run historical", "Run the baseline once"),
            (
                "kadry run historical --replicates 20 --out twenty",
                "Run replicates 1 to 20 and write the folder `twenty`",
            ),
            ("kadry run my.toml --set levers.union=0.6", "Run your own file with one key changed"),
            (
                "kadry run historical --population one-to-one --dry-run",
                "Estimate memory, disk and time for the whole industry",
            ),
        ],
    ),
    (
        "compare",
        &[
            ("kadry compare historical no_terror unions_kept", "Compare two scenarios with the baseline"),
            ("kadry compare historical", "Compare the phases of the baseline with each other"),
            (
                "kadry compare historical no_terror --metric discipline,fear",
                "Compare two metrics in every phase",
            ),
            (
                "kadry compare historical no_terror --metric fear --until-precise 1%",
                "Add replicates until the interval is narrower than 1 % of the baseline",
            ),
        ],
    ),
    (
        "sweep",
        &[
            (
                "kadry sweep historical --vary parameters.accusation_scale=0.002:0.006:5",
                "Vary a parameter in five steps, with 10 replicates of each point",
            ),
            (
                "kadry sweep historical --vary levers.union=0.1,0.3,0.6 --vary mechanisms.catharsis=true,false",
                "Combine the values of two keys",
            ),
            (
                "kadry sweep historical --vary parameters.accusation_scale --vary parameters.trial_memory --design sobol --points 64",
                "Draw 64 points from the priors of two parameters",
            ),
        ],
    ),
    (
        "claims",
        &[
            ("kadry claims", "Test the 54 claims of the essay on the historical scenario"),
            (
                "kadry claims --claim C14,C40 --replicates 20 --jitter 20 --prior 20",
                "Test two claims, with fewer replicates and draws",
            ),
            (
                "kadry claims my_hypotheses.toml --page verdicts.md",
                "Test a file of one's own, and write a page about it",
            ),
        ],
    ),
    (
        "soundness",
        &[
            ("kadry soundness", "Ask what the model can show on the historical scenario"),
            (
                "kadry soundness historical decrees_only --page soundness.md",
                "Answer on two bases, and write one page about both",
            ),
        ],
    ),
    (
        "fit",
        &[
            (
                "kadry fit --out fitted.toml",
                "Fit all parameters of grade `fitted`, and write them as a scenario",
            ),
            (
                "kadry fit my.toml --parameter quit_base --parameter quit_scarcity --evaluations 100",
                "Fit two parameters of your own scenario",
            ),
        ],
    ),
    (
        "work",
        &[
            (
                "kadry work twenty --shard 3/64",
                "Compute every 64th batch of a plan, beginning with the third",
            ),
            ("kadry work twenty", "Compute whatever is missing"),
        ],
    ),
    (
        "submit",
        &[
            (
                "kadry submit twenty --to slurm",
                "Submit what is missing, and a job that joins the runs when they are finished",
            ),
            (
                "kadry submit twenty --to slurm --tasks 200 --time 04:00:00 --partition short --dry-run",
                "Print the scripts for 200 tasks of four hours each",
            ),
        ],
    ),
    ("collect", &[("kadry collect twenty", "Join the runs that `kadry work` has computed")]),
    ("status", &[("kadry status twenty", "Show how many runs are finished, and who computes the others")]),
    (
        "verify",
        &[
            ("kadry verify twenty", "Recompute every run and compare every file"),
            ("kadry verify twenty --sample 5", "Recompute five runs only"),
        ],
    ),
    ("check", &[("kadry check my.toml other.toml", "Check two files and print all faults in both")]),
    (
        "explain",
        &[
            ("kadry explain historical union", "Show the keys that contain `union`"),
            ("kadry explain my.toml --toml", "Print the complete scenario, without `extends`"),
        ],
    ),
    ("diff", &[("kadry diff historical unions_kept", "Show what the second scenario changes in the first")]),
    (
        "diverge",
        &[
            (
                "kadry diverge mine yours",
                "Find the first row and the first person that differ in two results",
            ),
            (
                "kadry diverge twenty comparison --scenario unions_kept",
                "Compare the scenario of a run with one of a comparison",
            ),
        ],
    ),
    (
        "follow",
        &[
            (
                "kadry follow historical --rule \"worker in 1928, director by 1938\"",
                "Find a worker of 1928 who becomes a director, and print the life month by month",
            ),
            (
                "kadry follow no_terror --person 1000000010000123",
                "Print the life of the same person under another policy",
            ),
        ],
    ),
    (
        "report",
        &[("kadry report twenty --svg pictures", "Write the page, and also each chart as an SVG file")],
    ),
    (
        "history",
        &[
            ("kadry history twenty", "Compare a result with the published figures"),
            (
                "kadry history --ladder --population 4000",
                "Show how much each rung of the ladder adds to the fit, and what levers alone can do",
            ),
        ],
    ),
    ("schema", &[("kadry schema > scenario.schema.json", "Save the schema for an editor")]),
    (
        "completions",
        &[
            (
                "source <(kadry completions bash)",
                "Enable completion in this bash; add the line to ~/.bashrc to keep it",
            ),
            (
                "source <(kadry completions zsh)",
                "Enable completion in this zsh; add the line to ~/.zshrc, after compinit, to keep it",
            ),
            (
                "kadry completions fish > ~/.config/fish/completions/kadry.fish",
                "Enable completion in fish permanently",
            ),
        ],
    ),
    (
        "man",
        &[
            ("kadry man | man -l -", "Read the manual"),
            ("kadry man > ~/.local/share/man/man1/kadry.1", "Install it for `man kadry`"),
        ],
    ),
];

/// Exit codes and their meanings.
pub(super) const EXIT_CODES: &[(Exit, &str)] = &[
    (Exit::Success, "success"),
    (
        Exit::Failed,
        "the command failed: disk, memory, or a folder that cannot be used; or `follow` found no person",
    ),
    (Exit::Usage, "wrong usage: an unknown option or value"),
    (Exit::Invalid, "a scenario is not valid, or its file cannot be read"),
    (Exit::SomeFailed, "some runs failed or are missing; the others are kept"),
    (Exit::Different, "`verify` found damage, or `diverge` a difference"),
    (Exit::Interrupted, "interrupted; finished runs are kept, and the same command continues"),
];

/// Environment variables and their meanings.
pub(super) const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "COLUMNS",
        "width of the output, 40 to 200; the default is the width of the terminal, or 100 if stdout is not a terminal",
    ),
    (
        "LC_ALL, LC_CTYPE, LANG",
        "the first that is set gives the encoding; unless it is UTF-8, only ASCII characters are used",
    ),
    ("KADRY_ASCII", "1: use ASCII characters only; 0: use all characters in any locale"),
    ("TERM", "`dumb`: use ASCII characters only, without colours"),
    ("NO_COLOR", "any value: use no colours"),
    ("KADRY_COMPLETE", "set by completion scripts to request completions"),
];

/// Files that the program writes and their meanings.
pub(super) const FILES: &[(&str, &str)] = &[
    ("output/SCENARIO-HASH/", "result folder of `run` unless --out names another"),
    ("output/compare-HASH/", "result folder of `compare` unless --out names another"),
    ("output/sweep-HASH/", "result folder of `sweep` unless --out names another"),
    ("output/claims-NAME-HASH/", "result folder of `claims` unless --out names another"),
    ("output/soundness-NAME-HASH/", "result folder of `soundness` unless --out names another"),
    (
        "manifest.json",
        "in a result folder: what was run, the version of the program, and the digest of each file",
    ),
    (
        "scenario.toml",
        "in a result folder: the resolved scenario; running it gives the same tables, byte for byte",
    ),
    ("columns.csv", "in a result folder: definition and unit of each column of its tables"),
    (".kadry/", "in a result folder: plan and finished runs of work that is in progress or was interrupted"),
    ("report.html", "in a result folder: the page that `report` writes"),
];

/// Headings in the help of verbs with many options, and the options below them.
const HEADINGS: &[(&str, &[&str])] = &[
    (
        "What is run",
        &[
            "seed",
            "replicates",
            "replicate",
            "all",
            "population",
            "set",
            "settings",
            "until",
            "label",
            "sample",
            "shard",
            "file",
            "vary",
            "design",
            "points",
            "pasts",
            "futures",
            "fresh_from",
            "base",
            "claim",
            "jitter",
            "parameter",
            "evaluations",
            "policies",
            "constants",
            "ladder",
            "prior",
        ],
    ),
    ("Who is followed", &["person", "rule", "count"]),
    (
        "What is compared",
        &["metric", "phase", "phases", "level", "correction", "half_width", "until_precise", "at_most"],
    ),
    ("Result folder", &["out", "tables", "force", "extend", "findings", "page", "reuse", "svg"]),
    ("Time and memory", &["threads", "memory_limit", "dry_run", "plan_only", "on_term", "profile"]),
    (
        "Scheduler",
        &["to", "tasks", "time", "partition", "account", "memory", "cpus", "sbatch_option", "program"],
    ),
    ("What is printed", &["top", "json", "markdown", "progress", "quiet", "verbose"]),
];

/// The help of verbs with at least this many options has headings.
const MIN_OPTIONS_FOR_HEADINGS: usize = 8;

/// The examples of a verb.
pub(super) fn examples(verb: &str) -> &'static [Example] {
    EXAMPLES_OF_VERBS.iter().find(|(name, _)| *name == verb).map_or(&[], |(_, examples)| examples)
}

/// Adds headings, examples, exit codes and environment variables to the help.
pub(super) fn with_help(command: Command) -> Command {
    let codes = EXIT_CODES.iter().map(|(exit, meaning)| (exit.code().to_string(), *meaning));
    let variables = ENVIRONMENT.iter().map(|(name, meaning)| ((*name).to_owned(), *meaning));
    let after_help = format!(
        "{}\n\n{}\n\n{}",
        list("Examples", EXAMPLES.iter().map(|(line, what)| ((*line).to_owned(), *what))),
        list("Exit codes", codes),
        list("Environment", variables)
    );
    command
        .long_about(DESCRIPTION)
        .after_help("`kadry --help` adds examples, exit codes and environment variables.")
        .after_long_help(after_help)
        .mut_subcommands(|verb| {
            let examples = examples(verb.get_name());
            let verb = with_headings(verb);
            if examples.is_empty() {
                return verb;
            }
            let text = list("Examples", examples.iter().map(|(line, what)| ((*line).to_owned(), *what)));
            verb.after_long_help(text)
        })
}

fn with_headings(verb: Command) -> Command {
    if verb.get_opts().count() < MIN_OPTIONS_FOR_HEADINGS {
        return verb;
    }
    verb.mut_args(|argument| {
        let id = argument.get_id().as_str();
        match HEADINGS.iter().find(|(_, options)| options.contains(&id)) {
            Some((heading, _)) if !argument.is_positional() => argument.help_heading(*heading),
            _ => argument,
        }
    })
}

/// A heading and pairs, each on two lines so that long lines fit.
fn list(heading: &str, pairs: impl Iterator<Item = (String, &'static str)>) -> String {
    let lines: Vec<String> = pairs.map(|(first, second)| format!("  {first}\n      {second}")).collect();
    format!("{heading}:\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_valid_command_lines() {
        let command = super::super::command();
        let all = EXAMPLES_OF_VERBS.iter().flat_map(|(_, examples)| examples.iter()).chain(EXAMPLES);
        for (line, _) in all {
            let line = line.trim_start_matches("source <(").trim_end_matches(')');
            // Spaces between quotes do not separate words.
            let parts = line.split('"').enumerate().flat_map(|(place, part)| match place % 2 {
                0 => part.split_whitespace().collect::<Vec<_>>(),
                _ => vec![part],
            });
            let words = parts.take_while(|word| !["|", ">"].contains(word));
            assert!(command.clone().try_get_matches_from(words).is_ok(), "{line}");
        }
        for (verb, _) in EXAMPLES_OF_VERBS {
            assert!(command.find_subcommand(verb).is_some(), "{verb}");
        }
    }

    #[test]
    fn every_option_of_a_verb_with_many_has_a_heading() {
        for verb in super::super::command()
            .get_subcommands()
            .filter(|verb| verb.get_opts().count() >= MIN_OPTIONS_FOR_HEADINGS)
        {
            for option in verb.get_opts() {
                assert!(option.get_help_heading().is_some(), "{} --{}", verb.get_name(), option.get_id());
            }
        }
    }

    #[test]
    fn every_verb_has_a_short_and_a_long_help() {
        let mut command = super::super::command();
        command.build();
        for verb in command.get_subcommands().filter(|verb| verb.get_name() != "help") {
            let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty() && !about.ends_with('.'), "{}: {about}", verb.get_name());
            assert!(verb.get_name() == "list" || verb.get_after_long_help().is_some(), "{}", verb.get_name());
            for argument in verb.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", verb.get_name(), argument.get_id());
            }
        }
    }
}
