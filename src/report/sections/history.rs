//! Builds the section that compares the model with published figures.

use super::{Group, Section, over, words};
use crate::experiment::history::{Basis, SeriesDistance, cautions, compare};
use crate::experiment::{moments, quantiles};
use crate::output::table::real;
use crate::report::draw::Label;
use crate::report::draw::canvas::Dash;
use crate::report::draw::frame::{Calendar, Clock};
use crate::report::draw::lines::{DataPoint, Line, Lines, draw};
use crate::report::format::{csv, short};
use crate::report::measures::style;
use crate::report::palette::Colour;
use crate::report::picture::{Numbers, Picture};
use crate::report::source::{ReportError, Source};

const ID: &str = "history";
const TITLE: &str = "Against the historical figures";

/// Colour and pattern of the model's line: those of the measure if other pictures also draw it.
fn line_style(series: &str) -> (Colour, Dash) {
    let key = match series {
        "labour_turnover" => "quit_rate",
        "recorded_absence" => "recorded_absence_days",
        "political_convictions" => "arrests_per_1000",
        _ => return (Colour::Blue, Dash::Solid),
    };
    (style(key).colour, style(key).dash)
}

/// Builds the section.
///
/// # Errors
///
/// If the table cannot be read.
pub(super) fn section(source: &Source) -> Result<Section, ReportError> {
    if !source.has("series") {
        return Ok(Section::without(ID, TITLE, "series"));
    }
    let comparison = compare(&source.folder)?;
    let drawn =
        |series: &&SeriesDistance| series.figures.iter().any(|figure| figure.model_on_basis.is_some());
    let pictures = comparison.series.iter().filter(drawn).map(|series| picture(source, series)).collect();
    let mut text = vec![
        "Rings are published figures with their grades: A was read in the source or in a text that quotes it, B is known from the named source, C is rough, D is computed from graded figures. The line is the model's mean at the same dates, the band its 95 % interval. The model was fitted to many of these figures, so agreement with them proves nothing.".to_owned(),
    ];
    text.extend(cautions().into_iter().map(|caution| caution.replace('*', "")));
    let without: Vec<String> = comparison
        .series
        .iter()
        .filter_map(|series| Some(format!("{} ({})", words(series.series), series.without?)))
        .collect();
    text.push(format!("Not drawn, because the model has no counterpart: {}.", without.join("; ")));
    let group = Group { title: String::new(), pictures, tables: Vec::new() };
    Ok(Section { id: ID, title: TITLE.into(), text, groups: vec![group] })
}

/// The position of a figure on the time axis: the middle of its year or month.
fn when(date: &str) -> Option<f64> {
    let (year, month) = date.split_once('-').map_or((date, None), |(year, month)| (year, Some(month)));
    let year: f64 = year.parse().ok()?;
    let month: f64 = month.map_or(Some(6.0), |month| month.parse().ok().map(|month: f64| month - 0.5))?;
    Some((year - 1928.0) * 12.0 + month)
}

fn picture(source: &Source, series: &SeriesDistance) -> Picture {
    let n = source.replicates;
    let half = |mean: f64, spread: f64| {
        quantiles::student(moments::LEVEL, n as u64 - 1) * spread * mean / libm::sqrt(n as f64)
    };
    let value = |mean: f64, spread: Option<f64>| {
        let half = spread.filter(|_| n > 1).map(|spread| half(mean, spread));
        DataPoint { mean, interval: half.map(|half| (mean - half, mean + half)), range: None }
    };
    let title = words(series.series);
    let title = title[..1].to_uppercase() + &title[1..];
    let mut numbers = Numbers::new(["date", "figure", "figure_compared", "model", "lo", "hi", "grade"]);
    let (mut points, mut figures, mut described) = (Vec::new(), Vec::new(), Vec::new());
    for figure in &series.figures {
        let Some(month) = when(&figure.date) else { continue };
        let model = figure.model_on_basis.map(|mean| value(mean, figure.spread));
        let ends = model.and_then(|model| model.interval);
        numbers.push(vec![
            figure.date.clone(),
            real(figure.reference),
            real(figure.reference_on_basis),
            csv(figure.model_on_basis),
            csv(ends.map(|ends| ends.0)),
            csv(ends.map(|ends| ends.1)),
            figure.grade.clone(),
        ]);
        let modelled = figure.model_on_basis.map_or("none".into(), short);
        described.push(format!(
            "{}: figure {}, model {modelled}.",
            figure.date,
            short(figure.reference_on_basis)
        ));
        if model.is_some() || month >= 0.0 && month <= source.months() as f64 {
            figures.push((month, figure.reference_on_basis, figure.grade.clone()));
        }
        if model.is_some() {
            points.push((month, model));
        }
    }
    let basis = series.basis.unwrap_or_default();
    let unit = if basis == Basis::Level.word() { series.unit.clone() } else { basis.to_owned() };
    let first = figures.iter().map(|figure| figure.0).fold(0.0, f64::min);
    let (colour, dash) = line_style(series.series);
    let lines = Lines {
        title: title.clone(),
        unit,
        clock: Clock::Calendar,
        months: first.min(0.0) - 3.0..source.months() as f64,
        lines: vec![Line { name: Label::plain("model"), colour, dash, points, steps: false }],
        figures,
    };
    Picture {
        id: format!("history-{}", series.series.replace('_', "-")),
        title,
        description: described.join(" "),
        caption: format!(
            "Figures in {}, compared {basis}. In the model: {}. Caution: {}. {}",
            series.unit,
            series.model.replace('`', ""),
            series.caution,
            over(source)
        ),
        numbers,
        drawing: draw(&lines, &Calendar::default()),
    }
}
