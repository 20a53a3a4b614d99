//! Builds the sections of a comparison: what each scenario changes, the verdicts on its predictions, and the differences.

use super::{Group, Section, Table, over, words};
use crate::engine::calendar::Month;
use crate::experiment::compare::findings::{Finding, tally};
use crate::experiment::compare::sequential;
use crate::experiment::compare::tables::Names;
use crate::experiment::compare::verdict::{Judgement, judge};
use crate::experiment::summary::HEADLINE;
use crate::model::phase::PHASE_MEASURES;
use crate::output::manifest::ComparisonMark;
use crate::output::table::real;
use crate::report::draw::forest::{self, Forest, Row, range};
use crate::report::draw::multiples::{self, Course, Multiples};
use crate::report::figures::compare::{DifferenceRow, read};
use crate::report::figures::replicates;
use crate::report::figures::series::Series;
use crate::report::format::{self, csv, percent, short, with_minus};
use crate::report::measures::{STYLES, on_axis, style, unit};
use crate::report::palette::Colour;
use crate::report::picture::{Numbers, Picture};
use crate::report::source::{ReportError, Source, Span};
use crate::scenario::claims::Test;
use crate::scenario::{self, Scenario};

/// Maximum number of measures shown if no headline measure was compared.
const MOST: usize = 8;

/// Maximum number of rows in a table of what a scenario changes.
const MOST_CHANGES: usize = 100;

/// Corrected p-value below which a difference is significant.
const SIGNIFICANT: f64 = 0.05;

/// A measure that is shown: its position in [`PHASE_MEASURES`], and its title.
type Shown = (usize, String);

/// The comparison in a folder.
struct Compared<'a> {
    source: &'a Source,
    mark: &'a ComparisonMark,
    names: Names,
    /// The resolved scenarios, the baseline first.
    scenarios: Vec<Scenario>,
}

/// Builds the sections.
///
/// # Errors
///
/// If a table or a scenario cannot be read.
pub(super) fn sections(source: &Source) -> Result<Vec<Section>, ReportError> {
    let mark = source.comparison()?;
    let names = Names {
        scenarios: mark.scenarios.iter().map(|one| one.scenario.called().to_owned()).collect(),
        phases: source.phases.iter().map(|phase| phase.name.clone()).collect(),
        phases_from: source.phases.iter().map(|phase| phase.from).collect(),
        seed: source.folder.manifest.seed,
    };
    let scenarios = names.scenarios.iter().map(|name| source.other(name)).collect::<Result<_, _>>()?;
    let compared = Compared { source, mark, names, scenarios };
    let differences = read(&source.folder, &compared.names)?;
    let shown = shown(&differences);
    Ok(vec![
        compared.overview(),
        compared.changes(),
        compared.predictions()?,
        compared.forests(&differences, &shown),
        compared.courses(&shown)?,
    ])
}

fn shown(differences: &[DifferenceRow]) -> Vec<Shown> {
    let compared = |metric: usize| differences.iter().any(|row| row.metric == metric);
    let headline = HEADLINE.iter().map(|headline| (headline.position(), headline.title.to_owned()));
    let headline: Vec<Shown> = headline.filter(|(metric, _)| compared(*metric)).collect();
    if !headline.is_empty() {
        return headline;
    }
    let others = (0..PHASE_MEASURES.len()).filter(|metric| compared(*metric)).take(MOST);
    others.map(|metric| (metric, words(PHASE_MEASURES[metric].key))).collect()
}

/// Name and months of a period.
fn period(source: &Source, period: usize) -> String {
    source.phases.get(period).map_or_else(|| "the whole period".to_owned(), |phase| phase.dated())
}

/// A period as part of an identifier: the number of a phase, or a fixed word.
fn period_id(source: &Source, period: usize) -> String {
    if period < source.phases.len() { format!("phase-{}", period + 1) } else { "whole-period".to_owned() }
}

impl Compared<'_> {
    fn baseline(&self) -> &str {
        &self.names.scenarios[0]
    }

    /// The scenarios that are compared with the baseline, with their positions.
    fn others(&self) -> impl Iterator<Item = (usize, &Scenario)> {
        self.scenarios.iter().enumerate().skip(1)
    }

    fn overview(&self) -> Section {
        let row = |(position, scenario): (usize, &Scenario)| {
            let expected = scenario.hypothesis.clone().unwrap_or_else(|| "nothing stated".into());
            vec![words(&self.names.scenarios[position]), scenario.title.clone(), expected]
        };
        let table = Table {
            caption: format!("Scenarios compared with {}", self.baseline()),
            header: ["scenario", "what it is", "what was expected"].map(str::to_owned).to_vec(),
            rows: self.others().map(row).collect(),
        };
        Section {
            id: "scenarios",
            title: "What is compared".into(),
            text: vec![format!(
                "Replicate k of each scenario is compared with replicate k of {}; both use the same random numbers. {}",
                self.baseline(),
                over(self.source)
            )],
            groups: vec![Group { title: String::new(), pictures: Vec::new(), tables: vec![table] }],
        }
    }

    /// The section on what each scenario changes in the baseline.
    fn changes(&self) -> Section {
        let group = |(position, scenario): (usize, &Scenario)| Group {
            title: words(&self.names.scenarios[position]),
            pictures: Vec::new(),
            tables: vec![self.changes_of(position, scenario)],
        };
        Section {
            id: "changes",
            title: "What each scenario changes".into(),
            text: vec![format!(
                "All values in which a scenario differs from {} in the months that were run; levers are given before smoothing.",
                self.baseline()
            )],
            groups: self.others().map(group).collect(),
        }
    }

    fn changes_of(&self, position: usize, scenario: &Scenario) -> Table {
        let name = &self.names.scenarios[position];
        let run = |difference: &scenario::Difference| {
            difference.months.is_none_or(|(from, _)| from <= self.source.last)
        };
        let differences: Vec<_> = self.scenarios[0].differences(scenario).into_iter().filter(run).collect();
        let value = |side: &Option<String>| side.clone().unwrap_or_else(|| "none".to_owned());
        let row = |difference: &scenario::Difference| {
            let what = match difference.table {
                "levers" => format!("{} (lever)", words(&difference.key)),
                "event" => format!("{} (event)", difference.key),
                "parameters" => format!("{} (parameter)", words(&difference.key)),
                "mechanisms" => format!("{} (mechanism)", words(&difference.key)),
                "population" => format!("{} (population)", words(&difference.key)),
                _ => words(&difference.key),
            };
            let months = match difference.months {
                None => "all".to_owned(),
                Some((from, until)) if from == Month::FIRST && until >= self.source.last => "all".to_owned(),
                Some((from, until)) if from == until => from.to_string(),
                Some((from, until)) => format!("{from} to {}", until.min(self.source.last)),
            };
            vec![what, months, value(&difference.left), value(&difference.right)]
        };
        let mut rows: Vec<Vec<String>> = differences.iter().take(MOST_CHANGES).map(row).collect();
        if rows.is_empty() {
            rows.push(["nothing", "all", "the same", "the same"].map(str::to_owned).to_vec());
        }
        if differences.len() > MOST_CHANGES {
            let more = format!("and {} more", differences.len() - MOST_CHANGES);
            let command = format!("kadry diff {} {name}", self.baseline());
            rows.push(vec![more, String::new(), command.clone(), command]);
        }
        Table {
            caption: format!("{name}: {}", scenario.title),
            header: vec!["what".into(), "months".into(), self.baseline().to_owned(), name.clone()],
            rows,
        }
    }

    /// The level asked for, and the level of the intervals, which is higher after several looks.
    fn levels(&self) -> (f64, f64) {
        let of_look = self.mark.level;
        let asked = match self.mark.precise {
            Some(_) => 1.0 - (1.0 - of_look) / sequential::spend(self.mark.looks),
            None => of_look,
        };
        ((asked * 1e9).round() / 1e9, of_look)
    }

    /// The section on the predictions of each scenario, tested on the replicates in the folder.
    fn predictions(&self) -> Result<Section, ReportError> {
        const ID: &str = "predictions";
        const TITLE: &str = "Predictions";
        let all: usize = self.scenarios.iter().skip(1).map(|scenario| scenario.predictions.len()).sum();
        if all == 0 {
            let text = vec!["The scenarios make no predictions.".to_owned()];
            return Ok(Section { id: ID, title: TITLE.into(), text, groups: Vec::new() });
        }
        if let Some(table) = replicates::TABLES.iter().find(|table| !self.source.has(table)) {
            return Ok(Section::without(ID, TITLE, table));
        }
        let samples = replicates::read(&self.source.folder, &self.names)?;
        let (level, of_look) = self.levels();
        let judged = judge(&samples, &self.names, &self.scenarios, 1.0 - level);
        let table = |(position, _): (usize, &Scenario)| {
            let own: Vec<&Judgement> = judged.iter().filter(|one| one.scenario == position).collect();
            let row = |judgement: &Judgement, finding: Finding| -> Vec<String> {
                let Finding { part, compared_with, found, difference, verdict } = finding;
                let part = part.map_or_else(String::new, |part| format!(": {part}"));
                let figures = [compared_with, found, difference].map(|figure| with_minus(&figure));
                let prediction = format!("{}{part}", self.in_words(&judgement.prediction));
                [prediction].into_iter().chain(figures).chain([verdict.word().to_owned()]).collect()
            };
            let rows = own.iter().flat_map(|judgement| {
                Finding::of(judgement, of_look).into_iter().map(|finding| row(judgement, finding))
            });
            let rows: Vec<Vec<String>> = rows.collect();
            (!own.is_empty()).then(|| Table {
                caption: format!("{}: {}", words(&self.names.scenarios[position]), tally(&own)),
                header: ["prediction", "compared with", "found", "difference", "verdict"]
                    .map(str::to_owned)
                    .to_vec(),
                rows,
            })
        };
        let tables: Vec<Table> = self.others().filter_map(table).collect();
        let without: Vec<String> = self
            .others()
            .filter(|(_, scenario)| scenario.predictions.is_empty())
            .map(|(position, _)| words(&self.names.scenarios[position]))
            .collect();
        let mut text = vec![format!(
            "Each scenario file restates as predictions the part of its hypothesis that figures can decide; they call the baseline the base. A prediction is supported, absent or contradicted if the difference that it names lies beyond its margin on the claimed side, within it, or beyond it on the other side, by one-sided t tests at {alpha} % after Holm's correction over all {all} predictions of this page; otherwise it is undecided. It is not testable if it names a scenario or a phase that was not run, or if there are fewer than two pairs of replicates. Differences are shown with the half-width of their {of_look} % interval, and as a percentage of the mean that they are compared with. A verdict is about the model, not about history.",
            alpha = percent(100.0 * (1.0 - level)),
            of_look = percent(100.0 * of_look),
        )];
        if !without.is_empty() {
            text.push(format!("Without predictions: {}.", without.join(", ")));
        }
        let groups = vec![Group { title: String::new(), pictures: Vec::new(), tables }];
        Ok(Section { id: ID, title: TITLE.into(), text, groups })
    }

    /// A prediction in words, with the months of its phases.
    fn in_words(&self, prediction: &Test) -> String {
        prediction.in_words(&|phase| self.source.dated(phase)).replace('`', "")
    }

    fn forests(&self, differences: &[DifferenceRow], shown: &[Shown]) -> Section {
        let level = differences.iter().find_map(|row| row.level).unwrap_or(self.mark.level);
        let groups = shown.iter().map(|(metric, title)| {
            let of = |period: usize| -> Vec<&DifferenceRow> {
                differences.iter().filter(|row| (row.metric, row.period) == (*metric, period)).collect()
            };
            let periods = 0..=self.source.phases.len();
            let periods = periods.map(|period| (period, of(period))).filter(|(_, rows)| !rows.is_empty());
            let pictures = periods.map(|(period, rows)| self.forest(*metric, title, period, &rows, level));
            Group { title: title.clone(), pictures: pictures.collect(), tables: Vec::new() }
        });
        Section {
            id: "differences",
            title: "Differences from the baseline".into(),
            text: vec![
                format!(
                    "A dot is the mean difference over pairs of replicates, scenario minus baseline; right of zero the scenario is higher. The thick line is its {} % interval. The thin line, cut at the edge of the picture, is the interval that holds simultaneously with those of all other differences. Filled dots are significant after correction for multiple testing (p below {SIGNIFICANT}); open rings are not.",
                    percent(100.0 * level)
                ),
                "Rows are sorted by the difference. Each picture has its own scale.".into(),
            ],
            groups: groups.collect(),
        }
    }

    fn row(&self, difference: &DifferenceRow) -> Option<Row> {
        Some(Row {
            name: self.names.scenarios[difference.scenario].clone(),
            difference: difference.difference?,
            interval: difference.interval,
            wide: difference.simultaneous,
            clear: difference.adjusted.is_some_and(|p| p < SIGNIFICANT),
        })
    }

    fn forest(&self, metric: usize, title: &str, at: usize, of: &[&DifferenceRow], level: f64) -> Picture {
        let source = self.source;
        let key = PHASE_MEASURES[metric].key;
        let mut rows: Vec<(Row, Option<f64>)> =
            of.iter().filter_map(|one| Some((self.row(one)?, one.adjusted))).collect();
        rows.sort_by(|one, other| other.0.difference.total_cmp(&one.0.difference));
        let colour = STYLES.iter().find(|style| style.key == key).map_or(Colour::Blue, |style| style.colour);
        let unit = on_axis(PHASE_MEASURES[metric].unit);
        let baseline = of.iter().find_map(|row| row.baseline);
        let in_baseline = baseline.map(|mean| format!("; baseline {}", short(mean))).unwrap_or_default();
        let mut numbers = Numbers::new([
            "scenario",
            "difference",
            "lo",
            "hi",
            "lo_simultaneous",
            "hi_simultaneous",
            "p_adjusted",
        ]);
        for (row, p) in &rows {
            numbers.push(vec![
                row.name.clone(),
                real(row.difference),
                csv(row.interval.map(|ends| ends.0)),
                csv(row.interval.map(|ends| ends.1)),
                csv(row.wide.map(|ends| ends.0)),
                csv(row.wide.map(|ends| ends.1)),
                csv(*p),
            ]);
        }
        let rows: Vec<Row> = rows.into_iter().map(|(row, _)| row).collect();
        let described: Vec<String> = rows
            .iter()
            .map(|row| {
                let (difference, ends) = format::difference(row.difference, row.interval);
                let ends = ends.map(|(low, high)| format!(" ({low} to {high})"));
                format!("{} {difference}{}", words(&row.name), ends.unwrap_or_default())
            })
            .collect();
        let pairs = of.iter().map(|row| row.pairs).min().unwrap_or(0);
        let picture = Forest {
            title: format!(
                "{title}: {}",
                source.phases.get(at).map_or("the whole period".into(), Span::with_years)
            ),
            unit: format!("difference, {unit}{in_baseline}"),
            colour,
            range: range(rows.iter()),
            rows,
        };
        Picture {
            id: format!("difference-{}-{}", key.replace('_', "-"), period_id(source, at)),
            title: picture.title.clone(),
            description: format!("{}: {}.", picture.unit, described.join("; ")),
            caption: format!(
                "{title} in {}, scenario minus {}, with {} % intervals, over {pairs} pairs of replicates, seed {}.",
                period(source, at),
                self.baseline(),
                percent(100.0 * level),
                source.folder.manifest.seed
            ),
            numbers,
            drawing: forest::draw(&picture),
        }
    }

    /// The section that shows each scenario with the baseline, month by month.
    fn courses(&self, shown: &[Shown]) -> Result<Section, ReportError> {
        const ID: &str = "courses";
        const TITLE: &str = "Month by month, each with the baseline";
        if !self.source.has("series") {
            return Ok(Section::without(ID, TITLE, "series"));
        }
        let series = Series::read(&self.source.folder, self.source.months())?;
        let drawn = shown.iter().filter_map(|(metric, title)| {
            let key = PHASE_MEASURES[*metric].key;
            STYLES.iter().any(|style| style.key == key).then(|| self.courses_of(&series, key, title))
        });
        let pictures = drawn.collect();
        Ok(Section {
            id: ID,
            title: TITLE.into(),
            text: vec!["The line is the mean of the scenario, the dots are the mean of the baseline, hidden where the two are equal. All panels of a picture have the same scale; every second phase is shaded. The section above shows which differences are significant.".into()],
            groups: vec![Group { title: String::new(), pictures, tables: Vec::new() }],
        })
    }

    fn courses_of(&self, series: &Series, key: &str, title: &str) -> Picture {
        let source = self.source;
        let course = |name: &String| -> Course {
            let position = series.scenarios.iter().position(|known| known == name);
            let values = position.map(|position| series.course(position, key)).unwrap_or_default();
            values.into_iter().map(|(month, value)| (month, value.map(|value| value.mean))).collect()
        };
        let (baseline, others) = self.names.scenarios.split_first().expect("a comparison has a baseline");
        let picture = Multiples {
            title: title.to_owned(),
            unit: unit(key).into(),
            colour: style(key).colour,
            months: 0.0..source.months() as f64,
            baseline: course(baseline),
            scenarios: others.iter().map(|name| (name.clone(), course(name))).collect(),
        };
        let all: Vec<(&str, &Course)> = [(baseline.as_str(), &picture.baseline)]
            .into_iter()
            .chain(picture.scenarios.iter().map(|(name, course)| (name.as_str(), course)))
            .collect();
        let mut numbers = Numbers::new(["month"].into_iter().chain(all.iter().map(|one| one.0)));
        for month in Month::all().take(source.months()) {
            let cell = |course: &Course| csv(course.get(month.index()).and_then(|one| one.1));
            numbers.push(
                [month.to_string()].into_iter().chain(all.iter().map(|(_, course)| cell(course))).collect(),
            );
        }
        Picture {
            id: format!("courses-{}", key.replace('_', "-")),
            title: title.to_owned(),
            description: format!(
                "{title} by month in {} scenarios, each with {baseline}. The pictures before this one show the differences.",
                others.len()
            ),
            caption: format!("{title} in each scenario and in {baseline}. {}", over(source)),
            numbers,
            drawing: multiples::draw(&picture, &source.calendar()),
        }
    }
}
