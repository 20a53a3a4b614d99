//! Reconstructs the command line that writes a page of findings, for the page itself.

use super::{Arguments, Method};
use crate::cli::quote::quoted;

/// The command line, without options that do not affect the figures.
pub(super) fn command(arguments: &Arguments) -> String {
    let mut words = vec!["kadry".to_owned(), "compare".to_owned(), quoted(&arguments.baseline)];
    words.extend(arguments.scenarios.iter().map(|name| quoted(name)));
    let mut option = |name: &str, value: String| words.extend([format!("--{name}"), quoted(value.as_ref())]);
    let shared = &arguments.shared;
    option("seed", shared.seed().to_string());
    if let Some(replicates) = arguments.replicates {
        option("replicates", replicates.to_string());
    }
    shared.each_alteration(&mut option);
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
