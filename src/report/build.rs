//! From a folder to a report.
//!
//! Owns the order of work: checks first, then the sections, then the page.

use super::draw::frame::letter;
use super::page;
use super::picture::Picture;
use super::sections::{self, Section};
use super::source::{ReportError, Source};
use std::path::Path;

/// A report, ready to be written.
pub struct Report {
    /// Title of the page.
    pub title: String,
    /// A line under it.
    pub subtitle: String,
    /// The phases with their letters and first months, in a sentence.
    pub phases: String,
    /// What it is made of.
    pub sections: Vec<Section>,
}

/// Makes the report of a result folder.
///
/// # Errors
///
/// If the folder is not a whole and sound result of this version of the program.
pub fn build(folder: &Path) -> Result<Report, ReportError> {
    let source = Source::open(folder)?;
    let replicates = match source.replicates {
        1 => "1 replicate".to_owned(),
        number => format!("{number} replicates"),
    };
    let subtitle = format!(
        "Scenario {}, {replicates}, seed {}, {} to {}",
        source.scenario.name, source.folder.manifest.seed, source.folder.manifest.months[0], source.last
    );
    let phases = source.scenario.phases.iter().filter(|phase| phase.from <= source.last).enumerate();
    let phases =
        phases.map(|(position, phase)| format!("{} {} from {}", letter(position), phase.name, phase.from));
    let phases = format!("Phases: {}.", phases.collect::<Vec<_>>().join(", "));
    let comparison = source.has("compare");
    let sections = if comparison { sections::of_comparison(&source)? } else { sections::of_run(&source)? };
    let title = match comparison {
        true => format!("{} and what might have been", source.scenario.title),
        false => source.scenario.title.clone(),
    };
    Ok(Report { title, subtitle, phases, sections })
}

impl Report {
    /// The page: HTML that needs nothing beside itself.
    pub fn page(&self) -> String {
        page::html(self)
    }

    /// Every picture, in the order of the page.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.sections.iter().flat_map(|section| &section.groups).flat_map(|group| &group.pictures)
    }
}
