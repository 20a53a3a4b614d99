//! Builds a report from a result folder: checks the folder, then draws the sections.

use super::draw::frame::letter;
use super::format::grouped;
use super::page;
use super::picture::Picture;
use super::sections::{self, Section};
use super::source::{ReportError, Source};
use crate::experiment::claims::summary::one_line;
use std::path::Path;

/// A report, ready for writing.
pub struct Report {
    /// Title of the page.
    pub title: String,
    /// The line below it.
    pub subtitle: String,
    /// Paragraphs on how to read the pictures.
    pub reading: Vec<String>,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// Builds the report of a result folder.
///
/// # Errors
///
/// If the folder is not a finished and undamaged result of this version of the program.
pub fn build(folder: &Path) -> Result<Report, ReportError> {
    let source = Source::open(folder)?;
    let replicates = match source.replicates {
        1 => "1 replicate".to_owned(),
        number => format!("{number} replicates"),
    };
    let seed = source.folder.manifest.seed;
    let months = format!("{} to {}", crate::engine::calendar::Month::FIRST, source.last);
    let (subject, sections) = if source.claims.is_some() {
        (Subject::Claims, sections::of_claims(&source)?)
    } else if let Some(sweep) = &source.folder.manifest.sweep {
        (Subject::Sweep(sweep.points), sections::of_sweep(&source)?)
    } else if source.has("compare") {
        (Subject::Comparison, sections::of_comparison(&source)?)
    } else {
        (Subject::Run, sections::of_run(&source)?)
    };
    let (title, what) = match subject {
        Subject::Claims => {
            let title = source.claims.as_ref().map_or("", |heading| heading.title.as_str());
            (format!("Claims: {}", one_line(title)), "Base".to_owned())
        }
        Subject::Sweep(points) => {
            let points =
                if points == 1 { "1 point".to_owned() } else { format!("{} points", grouped(points)) };
            (format!("Sweep of: {}", source.scenario.title), format!("{points}, base"))
        }
        Subject::Comparison => (format!("Compared with: {}", source.scenario.title), "Baseline".to_owned()),
        Subject::Run => (source.scenario.title.clone(), "Scenario".to_owned()),
    };
    let subtitle = format!("{what} {}, {replicates}, seed {seed}, {months}", source.name());
    Ok(Report { title, subtitle, reading: reading(&source, subject), sections })
}

/// What a page shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Run,
    Comparison,
    Claims,
    /// A sweep of a number of points.
    Sweep(u64),
}

/// What holds for all numbers of the model.
const FICTION: &str = "Read signs, ratios and dates; absolute levels are not calibrated. All people are fictional, and nothing here measures the guilt of anyone.";

/// Paragraphs on what all pictures have in common.
fn reading(source: &Source, subject: Subject) -> Vec<String> {
    if subject == Subject::Claims {
        return vec![
            "A verdict is about the model, not about the past. Intervals and verdicts describe chance between replicates, and do not say whether the model is right.".to_owned(),
            FICTION.to_owned(),
        ];
    }
    let phases = source.phases.iter().enumerate();
    let phases = phases.map(|(position, phase)| match subject {
        Subject::Sweep(_) => phase.dated(),
        _ => format!("{} {}", letter(position), phase.dated()),
    });
    let mut lines = vec![format!("Phases: {}.", phases.collect::<Vec<_>>().join(", "))];
    if let Subject::Sweep(_) = subject {
        lines.push("Bands and bars are intervals of means over replicates, unless the text says otherwise. They describe chance between replicates only, and do not say whether the model is right.".to_owned());
    } else {
        lines.push("The names along the top of a picture are the phases of the scenario; every second phase is shaded. If the names do not fit, letters replace them, A for the first phase. Below the time axis, triangles mark show trials and bars mark elections.".to_owned());
    }
    if subject == Subject::Run && source.replicates > 1 {
        lines.push("A line is the mean of the replicates. The dark band is the 95 % interval of the mean; it describes chance between replicates only. The light band, in pictures with one or two lines, is the range from the lowest to the highest replicate. Neither band says whether the model is right.".to_owned());
    }
    lines.push(FICTION.to_owned());
    lines
}

impl Report {
    /// Returns the page as HTML that needs no other file and no network.
    pub fn page(&self) -> String {
        page::html(self)
    }

    /// The pictures, in the order of the page.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.sections.iter().flat_map(|section| &section.groups).flat_map(|group| &group.pictures)
    }
}
