//! Builds the section on what was run.

use super::{Group, Section, Table};
use crate::engine::calendar::Month;
use crate::experiment::claims::summary::one_line;
use crate::report::format::grouped;
use crate::report::source::Source;

/// Builds the section.
pub(super) fn section(source: &Source) -> Section {
    let manifest = &source.folder.manifest;
    let population = source.scenario.population;
    let numbers = |replicates: &[crate::output::manifest::ReplicateStatus]| match replicates {
        [] => "none".into(),
        [only] => only.replicate.to_string(),
        [first, .., last] => format!("{} to {}", first.replicate, last.replicate),
    };
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let mut rows = vec![
        row("scenario", format!("{}: {}", source.name(), source.scenario.title)),
        row("scenario hash", manifest.scenario.hash.clone()),
        row("seed", manifest.seed.to_string()),
        row("replicates", numbers(&manifest.replicates)),
        row("months", format!("{} to {}", Month::FIRST, source.last)),
        row("people in January 1928", grouped(population.size)),
        row(
            "enterprises, regions",
            format!("{}, {}", grouped(population.enterprises.into()), population.regions),
        ),
        row("random numbers", manifest.generator.clone()),
        row("program", format!("{} {}", manifest.program.name, manifest.program.version)),
        row("revision of the source", manifest.program.revision.clone()),
    ];
    if let Some(sweep) = &manifest.sweep {
        rows.insert(3, row("points, each with these replicates", grouped(sweep.points)));
        rows[0][0] = "base".to_owned();
    }
    if let Some(hypothesis) = &source.scenario.hypothesis {
        rows.insert(1, row("what was expected", hypothesis.clone()));
    }
    if let Some(heading) = &source.claims {
        rows[0][0] = "base".to_owned();
        let claims = one_line(&format!("{}: {}", heading.claims, heading.title));
        rows.insert(0, row("claims", claims));
        rows.insert(1, row("SHA-256 of their file", heading.file_sha256.clone()));
    }
    let table = Table {
        caption: "From manifest.json and scenario.toml of the folder".into(),
        header: vec!["what".into(), "value".into()],
        rows,
    };
    let text = "The same program, scenario, seed and replicates give the same numbers on any machine. Every number on this page is in the result folder or is computed from numbers there, as the caption says. Each picture links to its numbers.";
    Section {
        id: "run",
        title: "What was run".into(),
        text: vec![text.into()],
        groups: vec![Group { title: String::new(), pictures: Vec::new(), tables: vec![table] }],
    }
}
