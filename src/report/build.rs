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
    /// How to read its pictures, in paragraphs.
    pub reading: Vec<String>,
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
    let comparison = source.has("compare");
    let sections = if comparison { sections::of_comparison(&source)? } else { sections::of_run(&source)? };
    let (title, what) = match comparison {
        true => (format!("{} and what might have been", source.scenario.title), "Comparison with"),
        false => (source.scenario.title.clone(), "Scenario"),
    };
    let subtitle = format!(
        "{what} {}, {replicates}, seed {}, {} to {}",
        source.scenario.called(),
        source.folder.manifest.seed,
        source.folder.manifest.months[0],
        source.last
    );
    Ok(Report { title, subtitle, reading: reading(&source, comparison), sections })
}

/// How to read the pictures: what all of them have in common.
fn reading(source: &Source, comparison: bool) -> Vec<String> {
    let phases = source.scenario.phases.iter().filter(|phase| phase.from <= source.last).enumerate();
    let phases =
        phases.map(|(position, phase)| format!("{} {} from {}", letter(position), phase.name, phase.from));
    let mut lines = vec![
        format!("Phases: {}.", phases.collect::<Vec<_>>().join(", ")),
        "The names along the top of a picture are the phases of the scenario, shaded by turns; where they do not fit they are letters, A for the first. A triangle below the axis is a show trial, a bar an election.".to_owned(),
    ];
    if !comparison && source.replicates > 1 {
        lines.push("The line is the mean of the replicates. The dark band is the 95 % interval of the mean, about the chance between replicates alone; the light band, where there are fewer than three lines, goes from the lowest to the highest replicate. Neither says whether the model is right.".to_owned());
    }
    lines.push("Signs, ratios and dates mean something; levels do not. All people in it are fictional, and nothing in it measures the guilt of anyone.".to_owned());
    lines
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
