//! `kadry man [COMMAND]`: prints the manual page of the program or of one command, in roff.

use super::Exit;
use super::help::{self, ENVIRONMENT, EXIT_CODES, Example, FILES};
use super::stderr::eprint_line;
use super::stdout::print;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};
use std::process::ExitCode;

/// Print the manual page
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Print only the page of this command [default: one page with all commands]
    #[arg(value_name = "COMMAND")]
    verb: Option<String>,
}

/// Prints the page.
///
/// # Errors
///
/// If stdout cannot be written.
pub(super) fn man(arguments: &Arguments, mut command: Command) -> anyhow::Result<ExitCode> {
    command.build();
    let page = match &arguments.verb {
        None => page(&command)?,
        Some(name) => match verbs(&command).find(|verb| verb.get_name() == name) {
            Some(verb) => page_of(verb)?,
            None => {
                let known: Vec<&str> = verbs(&command).map(Command::get_name).collect();
                eprint_line(&format!(
                    "error: there is no command `{name}`: give one of {}",
                    known.join(", ")
                ));
                return Ok(Exit::Usage.into());
            }
        },
    };
    print(&page)?;
    Ok(Exit::Success.into())
}

fn verbs(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|verb| verb.get_name() != "help")
}

/// The page of the program: description, each verb with its options, and the common sections.
fn page(command: &Command) -> std::io::Result<String> {
    let manual = Man::new(command.clone());
    let mut bytes = title("KADRY").into_bytes();
    manual.render_name_section(&mut bytes)?;
    manual.render_synopsis_section(&mut bytes)?;
    manual.render_description_section(&mut bytes)?;
    manual.render_options_section(&mut bytes)?;
    let mut page = text(bytes);
    for verb in verbs(command) {
        let mut heading = Roff::new();
        heading.control("SH", [verb.get_bin_name().unwrap_or_else(|| verb.get_name())]);
        page += &heading.render();
        page += &body(verb)?.replace("\n.SH ", "\n.SS ").replacen(".SH ", ".SS ", 1);
    }
    page += &examples(help::EXAMPLES);
    page += &common_sections();
    Ok(page)
}

/// The page of one verb.
fn page_of(verb: &Command) -> std::io::Result<String> {
    let mut bytes = title(&format!("KADRY-{}", verb.get_name().to_uppercase())).into_bytes();
    Man::new(verb.clone()).render_name_section(&mut bytes)?;
    let also =
        pairs("SEE ALSO", &[("kadry(1)".to_owned(), "the program, its exit codes and its environment")]);
    Ok(text(bytes) + &body(verb)? + &common_sections() + &also)
}

/// The title line of a page. The date is empty, so that the page depends only on the program; written by hand because
/// `roff` drops empty fields.
fn title(name: &str) -> String {
    format!(".TH {name} 1 \"\" \"kadry {}\" \"Kadry manual\"\n", env!("CARGO_PKG_VERSION"))
}

/// Synopsis, description, options and examples of a verb.
fn body(verb: &Command) -> std::io::Result<String> {
    let manual = Man::new(verb.clone());
    let mut bytes = Vec::new();
    manual.render_synopsis_section(&mut bytes)?;
    manual.render_description_section(&mut bytes)?;
    manual.render_options_section(&mut bytes)?;
    Ok(text(bytes) + &examples(help::examples(verb.get_name())))
}

/// Exit status, environment and files: the same for every verb.
fn common_sections() -> String {
    let own = |pairs: &[(&str, &'static str)]| {
        pairs.iter().map(|(name, meaning)| ((*name).to_owned(), *meaning)).collect::<Vec<_>>()
    };
    let codes: Vec<_> =
        EXIT_CODES.iter().map(|(exit, meaning)| (exit.code().to_string(), *meaning)).collect();
    pairs("EXIT STATUS", &codes) + &pairs("ENVIRONMENT", &own(ENVIRONMENT)) + &pairs("FILES", &own(FILES))
}

fn examples(examples: &[Example]) -> String {
    if examples.is_empty() {
        return String::new();
    }
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    for (line, what) in examples {
        roff.control("TP", []).text([bold(*line)]).text([roman(*what)]);
    }
    roff.render()
}

/// A section of terms with their meanings.
fn pairs(heading: &str, pairs: &[(String, &'static str)]) -> String {
    let mut roff = Roff::new();
    roff.control("SH", [heading]);
    for (term, meaning) in pairs {
        roff.control("TP", []).text([italic(term.as_str())]).text([roman(*meaning)]);
    }
    roff.render()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}
