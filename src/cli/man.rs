//! `kadry man [VERB]`: prints the manual page of the program or of one verb, in roff.

use super::Exit;
use super::help::{self, ENVIRONMENT, EXIT_CODES, Example, FILES};
use super::stderr::complain;
use super::stdout::print;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};
use std::process::ExitCode;

/// Print the manual page
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print the page of this verb alone [default: one page with all verbs]
    #[arg(value_name = "VERB")]
    verb: Option<String>,
}

/// Prints the page.
///
/// # Errors
///
/// If stdout cannot be written.
pub fn man(arguments: &Arguments, mut command: Command) -> anyhow::Result<ExitCode> {
    command.build();
    let page = match &arguments.verb {
        None => page(&command)?,
        Some(name) => match verbs(&command).find(|verb| verb.get_name() == name) {
            Some(verb) => page_of(verb)?,
            None => {
                let known: Vec<&str> = verbs(&command).map(Command::get_name).collect();
                complain(&format!("error: there is no verb `{name}`: give one of {}", known.join(", ")));
                return Ok(Exit::Usage.into());
            }
        },
    };
    print(&page)?;
    Ok(Exit::Done.into())
}

fn verbs(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|verb| verb.get_name() != "help")
}

/// The page of the program: what it is, its verbs each with its options, and what holds for all of them.
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
    page += &closing();
    Ok(page)
}

/// The page of one verb.
fn page_of(verb: &Command) -> std::io::Result<String> {
    let mut bytes = title(&format!("KADRY-{}", verb.get_name().to_uppercase())).into_bytes();
    Man::new(verb.clone()).render_name_section(&mut bytes)?;
    let also =
        pairs("SEE ALSO", &[("kadry(1)".to_owned(), "the program, its exit codes and its environment")]);
    Ok(text(bytes) + &body(verb)? + &closing() + &also)
}

/// The head of a page. It has no date, so that the page depends on the program alone; `roff` would drop the empty field.
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

/// What holds for every verb.
fn closing() -> String {
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

/// A piece of a page.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}
