//! The command that writes the page of findings again.

use super::{Arguments, Method};
use crate::engine::calendar::Month;
use crate::scenario::Size;

/// The command that writes the page of findings again, without the options that change no figure.
pub(super) fn command(arguments: &Arguments) -> String {
    let quoted = |text: &str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/=%".contains(letter);
        if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
    };
    let mut words = vec!["kadry".to_owned(), "compare".to_owned(), quoted(&arguments.baseline)];
    words.extend(arguments.scenarios.iter().map(|name| quoted(name)));
    let mut option = |name: &str, value: String| words.extend([format!("--{name}"), quoted(&value)]);
    let common = &arguments.common;
    option("seed", common.seed.to_string());
    if let Some(replicates) = arguments.replicates {
        option("replicates", replicates.to_string());
    }
    match common.population {
        Some(Size::People(people)) => option("population", people.to_string()),
        Some(Size::OneToOne) => option("population", "one-to-one".to_owned()),
        None => {}
    }
    common.set.iter().for_each(|setting| option("set", setting.clone()));
    if common.until != Month::LAST {
        option("until", common.until.to_string());
    }
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
