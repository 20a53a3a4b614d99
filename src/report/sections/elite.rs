//! Builds the sections on the elite: entries, exits, and how long people stay.

use super::{Group, Section, origin, over};
use crate::model::state::standing::ORIGIN_NAMES;
use crate::output::table::real;
use crate::report::draw::bars::{Bars, draw};
use crate::report::draw::canvas::Dash;
use crate::report::draw::frame::{Calendar, Clock};
use crate::report::draw::lines::{self, DataPoint, Line, Lines};
use crate::report::figures::flows::{CAUSES, Flows, Phase, WAYS};
use crate::report::figures::survival::Survival;
use crate::report::format::{compact, short};
use crate::report::palette::Colour;
use crate::report::picture::{Numbers, Picture};
use crate::report::source::{ReportError, Source, Span};

const FLOWS: (&str, &str) = ("elite-flows", "Entries into the elite and exits from it");
const SURVIVAL: (&str, &str) = ("survival", "How long people stayed in the elite");

/// Builds the section on entries and exits.
///
/// # Errors
///
/// If the table cannot be read.
pub(super) fn section(source: &Source) -> Result<Section, ReportError> {
    let (id, title) = FLOWS;
    if !source.has("elite_flows") {
        return Ok(Section::without(id, title, "elite_flows"));
    }
    let flows = Flows::read(&source.folder, source.name(), &source.phase_names())?;
    let origins = [Colour::Green, Colour::Vermilion, Colour::Blue, Colour::Ochre];
    let causes = [Colour::Vermilion, Colour::Ochre, Colour::Purple, Colour::Green, Colour::Axis];
    let share = |part: f64, whole: f64| if whole > 0.0 { 100.0 * part / whole } else { 0.0 };
    let from = bars(
        source,
        &flows,
        ("elite-origins", "Social origin of entrants", "% of entrants"),
        ORIGIN_NAMES.into_iter().map(origin).zip(origins).collect(),
        |phase| phase.origins.map(|entries| share(entries, phase.origins.iter().sum())).to_vec(),
        "Social origin of the foremen who were promoted into the elite. Each bar adds up to 100.",
    );
    let ways = bars(
        source,
        &flows,
        ("elite-ways-in", "Entries", "per 100 members of the elite and year"),
        WAYS.iter().map(|way| way.0.to_owned()).zip([Colour::Blue, Colour::Ochre]).collect(),
        |phase| phase.ways.map(|entries| 12.0 * share(entries, phase.stock)).to_vec(),
        "Promotions into the elite, from the same plant or from another plant of the region. The number at the end of a bar is the sum.",
    );
    let out = bars(
        source,
        &flows,
        ("elite-exits", "Exits", "per 100 members of the elite and year"),
        CAUSES.iter().map(|cause| cause.0.to_owned()).zip(causes).collect(),
        |phase| phase.causes.map(|exits| 12.0 * share(exits, phase.stock)).to_vec(),
        "Exits by arrest, by demotion (after an accusation, in a purge or in an election), and natural exits (death, retirement, departure). Regional officials demoted to middle rank stay in the elite and are not counted.",
    );
    let group = Group { title: String::new(), pictures: vec![from, ways, out], tables: Vec::new() };
    let text = "The elite consists of shop heads and engineers, directors, and regional officials. There is one bar for each phase, over all replicates.";
    Ok(Section { id, title: title.into(), text: vec![text.into()], groups: vec![group] })
}

fn bars(
    source: &Source,
    flows: &Flows,
    (id, title, unit): (&str, &str, &str),
    segments: Vec<(String, Colour)>,
    values: impl Fn(&Phase) -> Vec<f64>,
    sentence: &str,
) -> Picture {
    let bars: Vec<Vec<f64>> = flows.phases.iter().map(values).collect();
    let mut numbers = Numbers::new(["phase", "part", "value"]);
    let mut described = Vec::new();
    for (phase, values) in source.phases.iter().zip(&bars) {
        for ((name, _), value) in segments.iter().zip(values) {
            numbers.push(vec![phase.name.clone(), name.clone(), real(*value)]);
        }
        let parts =
            segments.iter().zip(values).map(|((name, _), value)| format!("{name} {}", compact(*value)));
        described.push(format!("{}: {}.", phase.dated(), parts.collect::<Vec<_>>().join(", ")));
    }
    // A part that never occurs has no area, so it is named in the caption and not in the key.
    let occurs = |part: usize| bars.iter().any(|values| values[part] != 0.0);
    let never: Vec<&str> =
        (0..segments.len()).filter(|&part| !occurs(part)).map(|part| segments[part].0.as_str()).collect();
    let never = if never.is_empty() { String::new() } else { format!(" Always zero: {}.", never.join(", ")) };
    let shown: Vec<usize> = (0..segments.len()).filter(|&part| occurs(part)).collect();
    let bar = |(phase, values): (&Span, &Vec<f64>)| {
        (phase.label(), shown.iter().map(|&part| values[part]).collect())
    };
    let picture = Bars {
        title: title.into(),
        unit: unit.into(),
        segments: shown.iter().map(|&part| segments[part].clone()).collect(),
        bars: source.phases.iter().zip(&bars).map(bar).collect(),
    };
    Picture {
        id: id.into(),
        title: title.into(),
        description: format!("{unit}. {}", described.join(" ")),
        caption: format!("{sentence}{never} {}", over(source)),
        numbers,
        drawing: draw(&picture),
    }
}

/// Minimum number of spells at risk, over all replicates, for a share to be drawn.
const LEAST: f64 = 20.0;

/// Builds the section on survival.
///
/// # Errors
///
/// If the table cannot be read.
pub(super) fn survival(source: &Source) -> Result<Section, ReportError> {
    let (id, title) = SURVIVAL;
    if !source.has("survival") {
        return Ok(Section::without(id, title, "survival"));
    }
    let survival = Survival::read(&source.folder, source.name(), &source.phase_names())?;
    const STYLES: [(Colour, Dash); 6] = [
        (Colour::Blue, Dash::Solid),
        (Colour::Green, Dash::Long),
        (Colour::Ochre, Dash::Alternating),
        (Colour::Vermilion, Dash::Short),
        (Colour::Purple, Dash::Solid),
        (Colour::Text, Dash::Dots),
    ];
    let mut numbers = Numbers::new(["cohort", "months", "survival"]);
    let (mut drawn, mut described) = (Vec::new(), Vec::new());
    for (position, phase) in source.phases.iter().enumerate() {
        let course = survival.course(position, LEAST);
        for (months, share) in course.iter().enumerate() {
            numbers.push(vec![phase.name.clone(), months.to_string(), real(*share)]);
        }
        for years in [1, 3, 5] {
            if let Some(share) = course.get(12 * years) {
                described.push(format!("{}: {} after {years} years.", phase.dated(), short(*share)));
            }
        }
        let value = |share| Some(DataPoint { mean: share, interval: None, range: None });
        let points = course.iter().enumerate().map(|(months, share)| (months as f64, value(*share)));
        let (colour, dash) = STYLES[position % STYLES.len()];
        drawn.push(Line { name: phase.label(), colour, dash, points: points.collect(), steps: true });
    }
    let longest = drawn.iter().map(|line| line.points.len()).max().unwrap_or(0).max(13);
    let picture = Lines {
        title: "Share still in the elite".into(),
        unit: "share of the entrants of a phase, by years since entry".into(),
        clock: Clock::Since,
        months: 0.0..(longest - 1) as f64,
        lines: drawn,
        figures: Vec::new(),
    };
    let caption = format!(
        "Share of the people who entered the elite in a phase and are still in it, by years since entry (Kaplan-Meier estimate over all replicates). A line ends, with a dot, where the run ends or fewer than {LEAST} people are observed. Members of the elite in January 1928 are left out. {}",
        over(source)
    );
    let picture = Picture {
        id: "elite-survival".into(),
        title: picture.title.clone(),
        description: described.join(" "),
        caption,
        numbers,
        drawing: lines::draw(&picture, &Calendar::default()),
    };
    let group = Group { title: String::new(), pictures: vec![picture], tables: Vec::new() };
    let text = "There is one line for each phase of entry. The steeper it falls, the shorter the careers.";
    Ok(Section { id, title: title.into(), text: vec![text.into()], groups: vec![group] })
}
