//! Fills the table of quantities: one row per run, with every number that the tests of a file need.
//!
//! The recorder keeps the record of every month of the run and computes the quantities at its end. What needs units or people
//! is followed only if a quantity asks for it.

use super::course::{correlation, extreme, peaks, read_back, smoothed, statistic_of};
use super::elsewhere::{self, Elsewhere};
use super::plants::{Plants, Thirds};
use super::quantities::{Fate, Quantity, Span};
use super::recovery::{ProfiledAct, Recovery};
use super::spells::Spells;
use crate::experiment::tables::accusation_cells;
use crate::experiment::tables::{Extent, MonthView, Recorder, RowWriter, Table, label_columns};
use crate::model::levers::{LEVERS, Levers};
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::{PHASE_MEASURES, PhaseRecord};
use crate::model::record::MonthRecord;
use crate::model::setup::PolicyMode;
use crate::model::simulation::Simulation;
use crate::model::state::unit::Cause;
use crate::output::table::{Cell, Column, Kind, Layout};
use crate::scenario::claims::Statistic;
use std::collections::BTreeMap;

/// Name of the table.
pub const QUANTITIES: &str = "quantities";

/// The table of some quantities.
pub struct Quantities {
    list: Vec<Quantity>,
    columns: Vec<Column>,
}

impl Quantities {
    /// The table; it exists as long as the program, like every other table.
    pub fn table(list: &[Quantity]) -> &'static dyn Table {
        let column = |quantity: &Quantity| Column {
            name: quantity.column().leak(),
            kind: Kind::Real,
            unit: "as its metric",
            definition: quantity.definition().leak(),
        };
        let columns = label_columns().into_iter().chain(list.iter().map(column)).collect();
        Box::leak(Box::new(Quantities { list: list.to_vec(), columns }))
    }
}

impl Table for Quantities {
    fn layout(&self) -> Layout {
        Layout {
            name: QUANTITIES,
            row: "one row per run, with every number that the analysis is computed from",
            columns: self.columns.clone(),
        }
    }

    fn rows(&self, _extent: Extent) -> u64 {
        1
    }

    fn draws_by_chance(&self) -> bool {
        let chance = |quantity: &Quantity| matches!(quantity, Quantity::Measured { chance: true, .. });
        self.list.iter().any(chance)
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Run::of(&self.list))
    }
}

/// The months of a run, as far as quantities need them.
struct Run {
    list: Vec<Quantity>,
    levers: Vec<Levers>,
    months: Vec<MonthRecord>,
    spells: Option<Spells>,
    plants: Option<Plants>,
    thirds: Option<Thirds>,
    elsewhere: Option<Elsewhere>,
    /// The accusations with the profiles of their targets, if motives are to be recovered.
    acts: Vec<ProfiledAct>,
    recovers: bool,
}

impl Run {
    fn of(list: &[Quantity]) -> Run {
        let spells = |quantity: &Quantity| match quantity {
            Quantity::LogRank(..) => true,
            Quantity::Measured { metric, .. } => survival_months(metric).is_some() || metric == HALF_LIFE,
            _ => false,
        };
        let elsewhere = |quantity: &Quantity| match quantity {
            Quantity::Measured { metric, .. } => group_metric(metric).is_some_and(|(_, elsewhere)| elsewhere),
            _ => false,
        };
        let spans: Vec<Span> = list
            .iter()
            .filter_map(|quantity| match quantity {
                Quantity::Plants(_, _, from, to) => Some([*from, *to]),
                Quantity::Among(_, _, span) => Some([*span, *span]),
                _ => None,
            })
            .flatten()
            .collect();
        let thirds = |quantity: &Quantity| matches!(quantity, Quantity::Terciles(..));
        Run {
            list: list.to_vec(),
            levers: Vec::new(),
            months: Vec::new(),
            spells: list.iter().any(spells).then(Spells::default),
            plants: (!spans.is_empty()).then(|| Plants::over(spans)),
            thirds: list.iter().any(thirds).then(Thirds::default),
            elsewhere: list.iter().any(elsewhere).then(Elsewhere::default),
            acts: Vec::new(),
            recovers: list.iter().any(|quantity| matches!(quantity, Quantity::Ascribed(..))),
        }
    }
}

impl Recorder for Run {
    fn begin(&mut self, start: &Simulation, _writer: &mut RowWriter) {
        let PolicyMode::Schedule(levers) = &start.setup().policy;
        self.levers.clone_from(levers);
    }

    fn month(&mut self, view: &MonthView<'_>, _writer: &mut RowWriter) {
        let month = view.month.index();
        self.months.push(view.record.clone());
        self.spells.iter_mut().for_each(|spells| spells.month(view.society));
        self.plants.iter_mut().for_each(|plants| plants.month(month, view.society));
        self.thirds.iter_mut().for_each(|thirds| thirds.month(month, view.society));
        self.elsewhere.iter_mut().for_each(|elsewhere| elsewhere.month(view.society));
        if self.recovers {
            let acts = view.society.units().flat_map(|unit| &unit.now.acts);
            self.acts.extend(acts.map(|act| ProfiledAct {
                month: view.month.0,
                profile: accusation_cells::profile(act),
                motives: act.motives,
            }));
        }
    }

    fn finish(&mut self, writer: &mut RowWriter) {
        let mut values =
            Values { run: self, phases: BTreeMap::new(), columns: BTreeMap::new(), recovery: None };
        let values: Vec<Option<f64>> = self.list.iter().map(|quantity| values.value(quantity)).collect();
        writer.row(values.into_iter().map(|value| value.map_or(Cell::Missing, Cell::Real)));
    }
}

/// Quantities of a finished run, with what several of them share.
struct Values<'r> {
    run: &'r Run,
    phases: BTreeMap<Span, PhaseRecord>,
    columns: BTreeMap<String, Vec<Option<f64>>>,
    recovery: Option<Recovery>,
}

impl Values<'_> {
    fn value(&mut self, quantity: &Quantity) -> Option<f64> {
        // Months that were not run have no quantities, and neither have spans that end in them.
        if quantity.last_month() >= self.run.months.len() {
            return None;
        }
        match quantity {
            Quantity::Measured { metric, span, statistic, chance } => {
                self.measured(metric, *span, *statistic, *chance)
            }
            Quantity::Extreme(course, extremum) => {
                let values = smoothed(self.column(&course.metric), course.smooth);
                extreme(&values, course.span, *extremum).map(|month| month as f64)
            }
            Quantity::Peaks(course, extremum, prominence) => {
                let values = smoothed(self.column(&course.metric), course.smooth);
                let least = f64::from_bits(*prominence);
                Some(peaks(&values, course.span, *extremum, least) as f64)
            }
            Quantity::Month(metric, month, smooth) => {
                smoothed(self.column(metric), *smooth).get(month.index()).copied().flatten()
            }
            Quantity::LogRank(one, other, months) => {
                self.run.spells.as_ref()?.log_rank(*one, *other, *months)
            }
            Quantity::Plants(outcome, regressor, from, to) => {
                self.run.plants.as_ref()?.coefficient(*outcome, *regressor, *from, *to)
            }
            Quantity::Terciles(span, months) => self.run.thirds.as_ref()?.response(*span, *months),
            Quantity::Correlation { metric, with, span, absolute } => {
                let one = self.column(metric).to_vec();
                let found = correlation(&one, self.column(with), *span)?;
                Some(if *absolute { found.abs() } else { found })
            }
            Quantity::Ascribed(of, to) => self.ascribed(*of, *to),
            Quantity::ReadBack(of) => {
                let column = self.column(of.metric).to_vec();
                read_back(of, &column, self.column(&format!("levers.{}", of.lever)))
            }
            Quantity::Lost(fate, rank, span) => lost(&self.run.months[span.months()], *fate, *rank),
            Quantity::Among(outcome, part, span) => self.run.plants.as_ref()?.among(*outcome, *part, *span),
        }
    }

    /// The share of a motive's accusations that the profiles of the targets ascribe to a motive.
    fn ascribed(&mut self, of: usize, to: usize) -> Option<f64> {
        let run = self.run;
        let recovery =
            self.recovery.get_or_insert_with(|| Recovery::of_run(&run.acts, &accusation_cells::sizes()));
        Some(recovery.ascribed(of)?[to])
    }

    fn measured(&mut self, metric: &str, span: Span, statistic: Statistic, chance: bool) -> Option<f64> {
        if let Some(months) = survival_months(metric) {
            return self.run.spells.as_ref()?.survival(span, months);
        }
        if metric == HALF_LIFE {
            return self.run.spells.as_ref()?.half_life(span);
        }
        if let Some((group, elsewhere)) = group_metric(metric) {
            return self.group(group, elsewhere, chance, span);
        }
        let phase = PHASE_MEASURES.iter().find(|measure| measure.key == metric);
        if let (Some(measure), Statistic::Mean) = (phase, statistic) {
            let phase = self.phase(span);
            return match chance {
                true => (measure.value)(&phase.with_chance_targets()).number(),
                false => (measure.value)(phase).number(),
            };
        }
        statistic_of(self.column(metric), span, statistic)
    }

    /// The measures of a span as if it were a phase.
    fn phase(&mut self, span: Span) -> &PhaseRecord {
        let months = &self.run.months;
        self.phases.entry(span).or_insert_with(|| {
            let mut record = PhaseRecord::default();
            months[span.months()].iter().for_each(|month| record.add(month));
            record
        })
    }

    /// A column of `series.csv` or a lever, by month.
    fn column(&mut self, metric: &str) -> &[Option<f64>] {
        let run = self.run;
        self.columns.entry(metric.to_owned()).or_insert_with(|| column(run, metric))
    }

    /// Accusations of a group per 1000 people and year: in all units, or in those in which no member of
    /// the group was arrested or demoted in the twelve months before.
    fn group(&self, group: usize, elsewhere: bool, chance: bool, span: Span) -> Option<f64> {
        let of_month = |month: usize| match &self.run.elsewhere {
            Some(all) if elsewhere => all.of(month, group),
            _ => {
                let record = &self.run.months[month];
                let targets = if chance { &record.chance_targets } else { &record.targets };
                let accusations = elsewhere::classes(group).iter().map(|class| targets.by_class[*class]);
                (accusations.sum(), record.people())
            }
        };
        let (mut accusations, mut people) = (0, 0);
        for (of_month, present) in span.months().map(of_month) {
            accusations += of_month;
            people += present;
        }
        (people > 0).then(|| 12_000.0 * accusations as f64 / people as f64)
    }
}

fn column(run: &Run, metric: &str) -> Vec<Option<f64>> {
    if let Some(measure) = MONTH_MEASURES.iter().find(|measure| measure.key == metric) {
        return run.months.iter().map(|month| (measure.value)(month).number()).collect();
    }
    let lever = metric.strip_prefix("levers.").and_then(|key| LEVERS.iter().find(|info| info.key == key));
    let value = |month: usize| Some((lever?.get)(run.levers.get(month)?));
    (0..run.months.len()).map(value).collect()
}

/// The losses of a rank over its mean stock; `None` if the rank was empty.
fn lost(months: &[MonthRecord], fate: Fate, rank: usize) -> Option<f64> {
    let causes: &[Cause] = match fate {
        Fate::Arrested => &[Cause::Arrest],
        Fate::Demoted => &[Cause::Sanction, Cause::Purge, Cause::Election],
        Fate::Gone => &[Cause::Natural],
    };
    let lost =
        |month: &MonthRecord| causes.iter().map(|cause| month.losses[*cause as usize][rank]).sum::<u64>();
    let stock: u64 = months.iter().map(|month| month.people_by_rank[rank]).sum();
    let lost: u64 = months.iter().map(lost).sum();
    (stock > 0).then(|| lost as f64 * months.len() as f64 / stock as f64)
}

/// The metric of the half-life of a cohort.
pub const HALF_LIFE: &str = "half_life_months";

/// The months of a metric of survival.
fn survival_months(metric: &str) -> Option<usize> {
    match metric {
        "survival_12" => Some(12),
        "survival_24" => Some(24),
        _ => None,
    }
}

/// The group of a metric of accusations, and whether only units count in which no member of the group was arrested or
/// demoted.
fn group_metric(metric: &str) -> Option<(usize, bool)> {
    let name = metric.strip_prefix("accusations_of_")?;
    match (name.strip_suffix("_per_1000"), name.strip_suffix("_elsewhere")) {
        (Some(name), _) => Some((elsewhere::group(name)?, false)),
        (_, Some(name)) => Some((elsewhere::group(name)?, true)),
        _ => None,
    }
}
