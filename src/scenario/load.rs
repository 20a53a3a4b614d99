//! A name or path, and `--set` options -> a checked scenario.
//!
//! Owns the way from the asked file through its bases. Reads every text before it judges any, so that all faults of
//! all of them come out at once.

use super::Scenario;
use super::fault::{Faults, Problem};
use super::layer::{Layer, Role, read_layer};
use super::resolve::resolve;
use super::source::{Location, Place};
use super::{json_text, toml_text};

/// Most bases behind each other.
pub const MAX_BASES: usize = 32;

/// Reads a scenario: a shipped one by its bare name, any other by its path; `settings` are `KEY=VALUE` with the keys
/// of a file, dotted, acting over it in order. Gives every fault of the file, its bases and the settings.
///
/// # Errors
///
/// [`Faults`] if anything is wrong; nothing of the scenario is then to be used.
pub fn load(name_or_path: &str, settings: &[String]) -> Result<Scenario, Faults> {
    let mut faults = Faults::default();
    let mut layers = Vec::new();
    let complete = match Location::find(name_or_path, None) {
        Ok(location) => read_chain(location, &mut layers, &mut faults),
        Err(problem) => {
            faults.push(problem, "", None);
            false
        }
    };
    layers.reverse();
    layers.extend(settings.iter().map(|setting| read_setting(setting, &mut faults)));
    finish(&layers, complete, faults)
}

/// Resolves what has been read, the base first. Without its base nothing can be said about what a patch does to it.
fn finish(layers: &[Layer], complete: bool, mut faults: Faults) -> Result<Scenario, Faults> {
    let scenario = complete.then(|| resolve(layers, &mut faults));
    match scenario {
        Some(mut scenario) if faults.list.is_empty() => {
            scenario.sources = faults.sources;
            Ok(scenario)
        }
        _ => {
            faults.sort();
            Err(faults)
        }
    }
}

/// Reads a scenario from a text instead of a file, called `name` in messages. Relative bases start from the current
/// folder.
///
/// # Errors
///
/// As [`load`].
pub fn load_text(name: &str, text: &str) -> Result<Scenario, Faults> {
    let mut faults = Faults::default();
    let mut layers = vec![read_text(name.to_owned(), text.to_owned(), name.ends_with(".json"), &mut faults)];
    let complete = match layers[0].extends.clone() {
        Some(extends) => match Location::find(&extends.value, None) {
            Ok(base) => read_chain(base, &mut layers, &mut faults),
            Err(problem) => {
                faults.push(problem, "extends", Some(extends.at));
                false
            }
        },
        None => true,
    };
    layers.reverse();
    finish(&layers, complete, faults)
}

/// Reads a file and its bases, the file first. False if one of them could not be had.
fn read_chain(start: Location, layers: &mut Vec<Layer>, faults: &mut Faults) -> bool {
    let mut visited: Vec<(String, String)> = Vec::new();
    let mut location = start;
    let mut asked: Option<Place> = None;
    loop {
        let identity = location.identity();
        let closes = visited.iter().position(|(other, _)| *other == identity);
        visited.push((identity, location.name()));
        if let Some(first) = closes {
            let chain = visited[first..].iter().map(|(_, name)| name.clone()).collect();
            faults.push(Problem::Cycle { chain }, "extends", asked);
            return false;
        }
        if visited.len() > MAX_BASES + 1 {
            faults.push(Problem::TooManyBases { limit: MAX_BASES }, "extends", asked);
            return false;
        }
        let text = match location.read() {
            Ok(text) => text,
            Err(problem) => {
                let key = if asked.is_some() { "extends" } else { "" };
                faults.push(problem, key, asked);
                return false;
            }
        };
        let layer = read_text(location.name(), text, location.is_json(), faults);
        let extends = layer.extends.clone();
        layers.push(layer);
        let Some(extends) = extends else { return true };
        match Location::find(&extends.value, location.folder()) {
            Ok(base) => location = base,
            Err(problem) => {
                faults.push(problem, "extends", Some(extends.at));
                return false;
            }
        }
        asked = Some(extends.at);
    }
}

fn read_text(name: String, text: String, json: bool, faults: &mut Faults) -> Layer {
    let (tree, form, language) = if json {
        let (tree, form) = json_text::read(&text);
        (tree, form, "JSON")
    } else {
        let (tree, form) = toml_text::read(&text);
        (tree, form, "TOML")
    };
    let source = faults.sources.add(name, text);
    read_layer(&tree, form, language, source, Role::File, faults)
}

/// Reads `KEY=VALUE` as the line of TOML that it nearly is: a value that is none by itself is taken as a text.
fn read_setting(setting: &str, faults: &mut Faults) -> Layer {
    let Some((key, value)) = setting.split_once('=') else {
        let source = faults.sources.add("--set".to_owned(), setting.to_owned());
        let place = Place { source, start: 0, end: setting.len() };
        faults.push(Problem::NotASetting { setting: setting.to_owned() }, "", Some(place));
        return Layer::default();
    };
    let bare = value.trim();
    let mut text = setting.to_owned();
    let plain = |letter: char| letter.is_alphanumeric() || "_-./ ".contains(letter);
    if !toml_text::read(&text).1.is_empty() && !bare.is_empty() && bare.chars().all(plain) {
        text = format!("{} = \"{bare}\"", key.trim());
    }
    let (tree, form) = toml_text::read(&text);
    let source = faults.sources.add("--set".to_owned(), text);
    read_layer(&tree, form, "TOML", source, Role::Setting, faults)
}
