//! The arrows between the layers of `src/`, and what the inner layers must not do: ARCHITECTURE.md, held to the code.
//!
//! Cargo cannot enforce arrows inside one crate, so these tests read the sources: every path that begins at the crate's
//! root, or climbs out of its layer by `super::`. Comments and strings do not count: a page may point wherever it likes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each layer, and the layers that it may name beside itself; an entry such as `engine::calendar` allows that alone.
const ARROWS: [(&str, &[&str]); 7] = [
    ("engine", &[]),
    ("model", &["engine"]),
    ("scenario", &["engine", "model"]),
    ("output", &["engine::calendar"]),
    ("experiment", &["engine", "model", "output", "scenario"]),
    ("report", &["engine", "experiment", "model", "output", "scenario"]),
    ("cli", &["engine", "experiment", "model", "output", "report", "scenario"]),
];

/// Parts of the standard library that see or change anything outside the program, its clock included.
const OUTSIDE: [&str; 7] = ["env", "fs", "io", "net", "os", "process", "time"];

/// Macros that print.
const PRINTING: [&str; 5] = ["print!", "println!", "eprint!", "eprintln!", "dbg!"];

fn layers() -> impl Iterator<Item = &'static str> {
    ARROWS.iter().map(|(layer, _)| *layer)
}

/// The sources of a layer: path below `src/`, and text without comments and strings.
fn sources(layer: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.join(layer)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = code(&std::fs::read_to_string(&path).unwrap());
                found.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "src/{layer} holds no source");
    found
}

/// A source without its comments and the contents of its strings.
fn code(source: &str) -> String {
    let mut rest = source;
    let mut code = String::new();
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("r\"") || rest.starts_with("r#") {
            let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
            let close = format!("\"{}", "#".repeat(hashes));
            let open = 1 + hashes;
            // Otherwise a raw name, such as `r#type`.
            let raw = rest[open..].starts_with('"');
            if raw {
                rest[open + 1..].find(&close).map_or(rest.len(), |end| open + 1 + end + close.len())
            } else {
                0
            }
        } else if first == '"' {
            string_length(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            // A quotation mark as a character; other characters and lifetimes are as harmless as code.
            rest[1..].find('\'').map_or(rest.len(), |end| end + 2)
        } else {
            0
        };
        if skipped > 0 {
            rest = &rest[skipped..];
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    code
}

/// Bytes of the string literal that a text begins with.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (position, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return position + 1,
            _ => {}
        }
    }
    text.len()
}

/// What stands behind `root::` in a text: a path each, `a::b`; of a group `{a::b, c}`, one for each of its entries.
fn paths_behind(root: &str, code: &str) -> Vec<String> {
    let prefix = format!("{root}::");
    let mut found = Vec::new();
    for (position, _) in code.match_indices(&prefix) {
        let inside_a_name =
            code[..position].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        if inside_a_name {
            continue;
        }
        let behind = &code[position + prefix.len()..];
        match behind.strip_prefix('{') {
            Some(group) => found.extend(entries(group).iter().map(|entry| path(entry))),
            None => found.push(path(behind)),
        }
    }
    found
}

/// The entries of a group of imports, up to the brace that closes it.
fn entries(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut entries = vec![String::new()];
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => entries.push(String::new()),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                if let Some(last) = entries.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    entries.into_iter().map(|entry| entry.trim().to_owned()).filter(|entry| !entry.is_empty()).collect()
}

/// The path that a text begins with.
fn path(text: &str) -> String {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    text[..end].trim_end_matches(':').to_owned()
}

/// What a source names of the crate's layers: by `crate::`, and by as many `super::` as lead out of its own layer.
fn named(file: &Path, code: &str) -> Vec<String> {
    let mut named = paths_behind("crate", code);
    let last_is_module = !file.ends_with("mod.rs");
    let depth = file.components().count() - usize::from(!last_is_module);
    let climbing = vec!["super"; depth].join("::");
    named.extend(paths_behind(&climbing, code));
    // A name of the crate's root is that of a layer, or an item that the root exports from one: that goes around the arrows.
    let own = |path: &String| path.starts_with(|c: char| c.is_uppercase());
    named.retain(|path| layers().any(|layer| path.split("::").next() == Some(layer)) || own(path));
    named
}

fn allowed(layer: &str, path: &str) -> bool {
    let (_, arrows) = ARROWS.iter().find(|(name, _)| *name == layer).expect("a layer");
    let leads_to = |target: &str| path == target || path.starts_with(&format!("{target}::"));
    leads_to(layer) || arrows.iter().any(|target| leads_to(target))
}

#[test]
fn arrows_between_the_layers_go_one_way() {
    let mut wrong = Vec::new();
    let mut drawn = BTreeSet::new();
    for layer in layers() {
        for (file, code) in sources(layer) {
            for path in named(&file, &code) {
                let target = path.split("::").next().unwrap_or_default().to_owned();
                if !allowed(layer, &path) {
                    wrong.push(format!("src/{} uses {path}", file.display()));
                } else if target != layer {
                    drawn.insert((layer, target));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that go the wrong way:\n{}", wrong.join("\n"));
    // The reader of sources sees the arrows that are there, so that the test cannot pass by seeing nothing.
    for (layer, target) in [
        ("model", "engine"),
        ("scenario", "model"),
        ("experiment", "model"),
        ("experiment", "output"),
        ("report", "experiment"),
        ("cli", "report"),
        ("cli", "experiment"),
        ("cli", "scenario"),
    ] {
        assert!(drawn.contains(&(layer, target.to_owned())), "no arrow from {layer} to {target} was seen");
    }
}

/// Modules directly under `src/model`, by name, with the sources of each: a file, or all files of a folder.
fn model_modules() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let mut modules: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (file, code) in sources("model") {
        let inside: Vec<String> =
            file.components().skip(1).map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let name = inside[0].trim_end_matches(".rs").to_owned();
        if name != "mod" {
            modules.entry(name).or_default().push((file, code));
        }
    }
    modules
}

/// Modules under `src/model` that a source names, its own excepted, without what its tests name.
fn modules_named(own: &str, file: &Path, code: &str) -> BTreeSet<String> {
    let code = without_test_module(code);
    if file.to_string_lossy().ends_with("_tests.rs") {
        return BTreeSet::new();
    }
    let climbs = file.components().count() - usize::from(!file.ends_with("mod.rs")) - 1;
    let mut paths = paths_behind("crate::model", code);
    // Behind the root, `crate::{model::fast, ...}`.
    let behind_root = paths_behind("crate", code).into_iter();
    paths.extend(behind_root.filter_map(|path| path.strip_prefix("model::").map(str::to_owned)));
    paths.extend(paths_behind(&vec!["super"; climbs.max(1)].join("::"), code));
    let first = |path: &String| path.split("::").next().unwrap_or_default().to_owned();
    paths.iter().map(first).filter(|name| name != own).collect()
}

/// A source up to its test module, if it has one.
fn without_test_module(code: &str) -> &str {
    let end = code.match_indices("#[cfg(test)]").find(|(position, attribute)| {
        let behind = code[position + attribute.len()..].trim_start();
        let behind = if behind.starts_with("#[path") {
            behind.split_once(']').map_or(behind, |(_, rest)| rest.trim_start())
        } else {
            behind
        };
        behind.starts_with("mod ") || behind.starts_with("pub(")
    });
    &code[..end.map_or(code.len(), |(position, _)| position)]
}

/// What each part of the model may name beside itself. Modules that are not listed may name all but `fast`.
const PARTS: [(&str, &[&str]); 3] = [
    ("state", &[]),
    ("rules", &["conditions", "identity", "levers", "mechanisms", "parameters", "purpose", "setup", "state"]),
    (
        "steps",
        &["conditions", "country", "identity", "parameters", "purpose", "rules", "setup", "society", "state"],
    ),
];

#[test]
fn the_fast_month_can_be_taken_away_at_the_switch() {
    let modules = model_modules();
    let mut wrong = Vec::new();
    for (name, files) in &modules {
        for (file, code) in files {
            let named = modules_named(name, file, code);
            if named.contains("fast") && name != "simulation" {
                wrong.push(format!("src/{} uses fast", file.display()));
            }
            if let Some((_, allowed)) = PARTS.iter().find(|(part, _)| part == name) {
                let known = named.iter().filter(|module| modules.contains_key(*module));
                let more = known.filter(|module| !allowed.contains(&module.as_str()));
                wrong.extend(more.map(|module| format!("src/{} uses {module}", file.display())));
            }
        }
    }
    for layer in layers().filter(|layer| *layer != "model") {
        for (file, code) in sources(layer) {
            let from_model = paths_behind("crate::model", &code).into_iter();
            let from_root = paths_behind("crate", &code).into_iter();
            let from_root = from_root.filter_map(|path| path.strip_prefix("model::").map(str::to_owned));
            if from_model.chain(from_root).any(|path| path.starts_with("fast")) {
                wrong.push(format!("src/{} uses model::fast", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let fast = &modules["fast"];
    assert!(fast.iter().any(|(file, code)| modules_named("fast", file, code).contains("rules")));
}

#[test]
fn modules_of_the_model_form_no_circle() {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let modules = model_modules();
    for (name, files) in &modules {
        let named = files.iter().flat_map(|(file, code)| modules_named(name, file, code));
        uses.insert(name.clone(), named.filter(|module| modules.contains_key(module)).collect());
    }
    assert!(uses["month"].contains("society"), "the reader of sources sees the imports: {uses:?}");
    // Modules that use nothing but what was taken away before, again and again.
    while !uses.is_empty() {
        let free: Vec<String> =
            uses.iter().filter(|(_, named)| named.is_empty()).map(|(name, _)| name.clone()).collect();
        assert!(!free.is_empty(), "a circle among {uses:#?}");
        uses.retain(|name, _| !free.contains(name));
        uses.values_mut().for_each(|named| named.retain(|module| !free.contains(module)));
    }
}

#[test]
fn every_folder_of_the_sources_is_a_layer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap());
    let folders: BTreeSet<String> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, layers().map(str::to_owned).collect());
}

#[test]
fn engine_and_model_touch_nothing_outside_the_program() {
    let mut wrong = Vec::new();
    for layer in ["engine", "model"] {
        for (file, code) in sources(layer) {
            let outside = paths_behind("std", &code);
            let outside =
                outside.iter().filter(|path| OUTSIDE.contains(&path.split("::").next().unwrap_or("")));
            wrong.extend(outside.map(|path| format!("src/{} uses std::{path}", file.display())));
            let printing = PRINTING.iter().filter(|printing| code.contains(*printing));
            wrong.extend(printing.map(|printing| format!("src/{} calls {printing}", file.display())));
        }
    }
    assert!(wrong.is_empty(), "input, output or a clock:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_but_main_ends_the_program() {
    for layer in layers() {
        for (file, code) in sources(layer) {
            for call in ["process::exit", "process::abort"] {
                assert!(!code.contains(call), "src/{} calls {call}", file.display());
            }
            let mut imports = code.lines().filter(|line| line.trim_start().starts_with("use std::process"));
            assert!(
                !imports.any(|line| line.contains(" exit") || line.contains("{exit")),
                "src/{}",
                file.display()
            );
        }
    }
}

#[test]
fn sources_are_read_as_they_are_meant() {
    let source = r##"
        //! See [`crate::cli`]. /* use crate::cli; */
        use crate::{engine::{maths, random}, output};
        use super::super::scenario::Scenario;
        fn f<'a>(c: char) -> &'a str { if c == '"' { "crate::cli" } else { r#"crate::"cli""# } }
        const R#TYPE: u8 = mycrate::cli; /* crate::cli */ use crate::experiment::run;
    "##;
    let code = code(source);
    assert_eq!(paths_behind("crate", &code), ["engine", "output", "experiment::run"]);
    assert_eq!(
        named(Path::new("model/person.rs"), &code),
        ["engine", "output", "experiment::run", "scenario::Scenario"]
    );
    assert_eq!(named(Path::new("engine/maths.rs"), "use crate::{Parameters, Setup};").len(), 2);
    assert!(!allowed("engine", "Parameters"));
    let hidden = "#[cfg(test)] use std::fmt; use crate::model::{fast::purge, setup}; #[cfg(test)] mod tests { use crate::model::fast; }";
    let rules = modules_named("rules", Path::new("model/rules/hiring.rs"), hidden);
    assert_eq!(rules.into_iter().collect::<Vec<_>>(), ["fast", "setup"]);
    let grouped =
        modules_named("rules", Path::new("model/rules/a.rs"), "use crate::{model::fast::b, engine};");
    assert!(grouped.contains("fast"));
    assert_eq!(without_test_module("a #[cfg(test)]\n#[path = \"\"] mod tests;"), "a ");
    // One folder deeper the same climb ends inside the layer.
    assert_eq!(named(Path::new("model/rules/fear.rs"), &code).len(), 3);
    assert_eq!(named(Path::new("model/mod.rs"), "use super::cli;"), ["cli"]);
    assert!(allowed("output", "engine::calendar::Month") && !allowed("output", "engine::maths"));
    assert!(allowed("cli", "cli::stdout") && !allowed("experiment", "cli"));
    assert_eq!(path("engine::calendar::{Month, MonthError}"), "engine::calendar");
}
