//! Where the elite came from, how it left, and how long it lasted.

use super::{Group, Section, over, words};
use crate::model::person::ORIGIN_NAMES;
use crate::output::table::real;
use crate::report::draw::bars::{Bars, draw};
use crate::report::draw::canvas::Dash;
use crate::report::draw::frame::{Calendar, Clock};
use crate::report::draw::lines::{self, Line, Lines, Value};
use crate::report::draw::matrix::figure;
use crate::report::draw::short;
use crate::report::figures::flows::{CAUSES, Flows, Phase, WAYS};
use crate::report::figures::survival::Survival;
use crate::report::palette::Ink;
use crate::report::picture::{Numbers, Picture};
use crate::report::source::{ReportError, Source};

const FLOWS: (&str, &str) = ("elite-flows", "Where the elite came from and how it left");
const SURVIVAL: (&str, &str) = ("survival", "How long they lasted");

/// The section on entries and exits.
///
/// # Errors
///
/// If the table cannot be read.
pub(super) fn section(source: &Source) -> Result<Section, ReportError> {
    let (id, title) = FLOWS;
    if !source.has("elite_flows") {
        return Ok(Section::without(id, title, source, "elite_flows"));
    }
    let flows = Flows::read(&source.folder, source.scenario.called(), &source.phases())?;
    let origins = [Ink::Green, Ink::Vermilion, Ink::Blue, Ink::Ochre];
    let causes = [Ink::Vermilion, Ink::Ochre, Ink::Purple, Ink::Green, Ink::Axis];
    let share = |part: f64, whole: f64| if whole > 0.0 { 100.0 * part / whole } else { 0.0 };
    let from = bars(
        source,
        &flows,
        ("elite-origins", "Where those who entered came from", "% of those who entered, by origin"),
        ORIGIN_NAMES.into_iter().map(origin).zip(origins).collect(),
        |phase| phase.origins.map(|entries| share(entries, phase.origins.iter().sum())).to_vec(),
        "Promotion from foreman into the elite, by the origin of who rose; each bar adds up to 100.",
    );
    let ways = bars(
        source,
        &flows,
        ("elite-ways-in", "How they entered", "entries per 100 of the elite and year"),
        WAYS.iter().map(|way| way.0.to_owned()).zip([Ink::Blue, Ink::Ochre]).collect(),
        |phase| phase.ways.map(|entries| 12.0 * share(entries, phase.stock)).to_vec(),
        "How many were promoted into the elite, in their own plant or from another one of the region; the number behind a bar is their sum.",
    );
    let out = bars(
        source,
        &flows,
        ("elite-exits", "How they left", "exits per 100 of the elite and year"),
        CAUSES.iter().map(|cause| cause.0.to_owned()).zip(causes).collect(),
        |phase| phase.causes.map(|exits| 12.0 * share(exits, phase.stock)).to_vec(),
        "Arrest; demotion by sanction after an accusation, on expulsion in a purge, or by election; natural: death, retirement and departure. Regional officials who fall to middle rank stay in the elite and are not counted.",
    );
    let group = Group { title: String::new(), pictures: vec![from, ways, out], tables: Vec::new() };
    let text = "The elite is shop heads and engineers, directors, and regional officials. A bar for each phase, all replicates together.";
    Ok(Section { id, title: title.into(), text: vec![text.into()], groups: vec![group] })
}

fn origin(name: &str) -> String {
    match name {
        "employee" => "white-collar".into(),
        "former" => "former people".into(),
        name => words(name),
    }
}

fn bars(
    source: &Source,
    flows: &Flows,
    (id, title, unit): (&str, &str, &str),
    segments: Vec<(String, Ink)>,
    values: impl Fn(&Phase) -> Vec<f64>,
    sentence: &str,
) -> Picture {
    let phases = source.phases();
    let bars: Vec<(String, Vec<f64>)> =
        phases.iter().map(|phase| (*phase).to_owned()).zip(flows.phases.iter().map(values)).collect();
    let mut numbers = Numbers::new(["phase", "part", "value"]);
    let mut described = Vec::new();
    for (phase, values) in &bars {
        for ((name, _), value) in segments.iter().zip(values) {
            numbers.push(vec![phase.clone(), name.clone(), real(*value)]);
        }
        let parts =
            segments.iter().zip(values).map(|((name, _), value)| format!("{name} {}", figure(*value)));
        described.push(format!("{phase}: {}.", parts.collect::<Vec<_>>().join(", ")));
    }
    let picture = Bars { title: title.into(), unit: unit.into(), segments, bars };
    Picture {
        id: id.into(),
        title: title.into(),
        description: format!("{unit}. {}", described.join(" ")),
        caption: format!("{sentence} {}", over(source)),
        numbers,
        sketch: draw(&picture),
    }
}

/// Fewest spells at risk, over all replicates, for which a share is drawn.
const LEAST: f64 = 20.0;

/// The section on survival.
///
/// # Errors
///
/// If the table cannot be read.
pub(super) fn survival(source: &Source) -> Result<Section, ReportError> {
    let (id, title) = SURVIVAL;
    if !source.has("survival") {
        return Ok(Section::without(id, title, source, "survival"));
    }
    let phases = source.phases();
    let survival = Survival::read(&source.folder, source.scenario.called(), &phases)?;
    const LOOKS: [(Ink, Dash); 6] = [
        (Ink::Blue, Dash::Solid),
        (Ink::Green, Dash::Long),
        (Ink::Ochre, Dash::DashDot),
        (Ink::Vermilion, Dash::Short),
        (Ink::Purple, Dash::Solid),
        (Ink::Text, Dash::Dots),
    ];
    let mut numbers = Numbers::new(["cohort", "months", "survival"]);
    let (mut drawn, mut described) = (Vec::new(), Vec::new());
    for (position, phase) in phases.iter().enumerate() {
        let course = survival.course(position, LEAST);
        for (months, share) in course.iter().enumerate() {
            numbers.push(vec![(*phase).to_owned(), months.to_string(), real(*share)]);
        }
        for years in [1, 3, 5] {
            if let Some(share) = course.get(12 * years) {
                described.push(format!("{phase}: {} after {years} years.", short(*share)));
            }
        }
        let value = |share| Some(Value { mean: share, interval: None, range: None });
        let points = course.iter().enumerate().map(|(months, share)| (months as f64, value(*share)));
        let (ink, dash) = LOOKS[position % LOOKS.len()];
        drawn.push(Line { name: (*phase).to_owned(), ink, dash, points: points.collect(), steps: true });
    }
    let longest = drawn.iter().map(|line| line.points.len()).max().unwrap_or(0).max(13);
    let picture = Lines {
        title: "Share still in the elite".into(),
        unit: "share of those who entered in a phase, by years since".into(),
        clock: Clock::Since,
        months: 0.0..(longest - 1) as f64,
        lines: drawn,
        figures: Vec::new(),
    };
    let caption = format!(
        "Of those who entered the elite in a phase, the share still in it after so many years (Kaplan and Meier, all replicates together); drawn as long as {LEAST} are observed. Those in the elite in January 1928 are left out. {}",
        over(source)
    );
    let picture = Picture {
        id: "elite-survival".into(),
        title: picture.title.clone(),
        description: described.join(" "),
        caption,
        numbers,
        sketch: lines::draw(&picture, &Calendar::default()),
    };
    let group = Group { title: String::new(), pictures: vec![picture], tables: Vec::new() };
    let text = "A line for each phase of entry: the steeper it falls, the shorter careers were.";
    Ok(Section { id, title: title.into(), text: vec![text.into()], groups: vec![group] })
}
