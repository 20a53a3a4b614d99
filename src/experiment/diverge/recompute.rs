//! Runs one replicate on both sides, and finds the month, the step and the person in which the societies part.
//!
//! Both simulations go on until the rows of the tables differ and a person differs. The month in which the societies part
//! is repeated from its start, step by step; so is the month in which people part, if units part first. The rows that the
//! simulations give are compared with those of the folders: if they differ, the folder was changed, or another program
//! wrote it.

use super::Divergence;
use super::sides::Side;
use super::state::{Differing, Hashes, PersonAt, SocietyDifference, difference, digest};
use super::tables::TableKey;
use crate::engine::calendar::Month;
use crate::engine::parallel::Workers;
use crate::engine::random::{Key, uniform64};
use crate::experiment::foresight::foresee;
use crate::experiment::machine;
use crate::experiment::plan::Plan;
use crate::experiment::study::version::{RESULTS_VERSION, changes_since};
use crate::experiment::tables::{MonthView, Recorder, RowWriter, TABLES, label_columns};
use crate::model::levers::Levers;
use crate::model::observed::{PersonalDraw, START_DRAWS, STEPS, Step};
use crate::model::record::MonthRecord;
use crate::model::simulation::Simulation;
use crate::model::society::Society;
use crate::output::reading::{ReadError, ResultFolder};
use crate::output::table::Layout;
use crate::scenario::Scenario;

/// Largest number of people in a society whose month is repeated step by step.
pub const MAX_PEOPLE_IN_STEPS: u64 = 500_000;

/// Memory for the repetition of a month, in bytes per person: copies of both societies, as columns and as lists.
const BYTES_PER_PERSON_IN_STEPS: u64 = 600;

/// The reason why nothing was recomputed.
#[derive(Debug, thiserror::Error)]
pub enum NotRecomputed {
    /// This version gives other results than the program that wrote a folder.
    #[error(
        "{path} has results of version {results}, and this kadry computes version {RESULTS_VERSION} ({}): use the kadry that \
         wrote it, {version}, to recompute it",
        changes_since(*.results)
    )]
    OtherVersion {
        /// The folder.
        path: String,
        /// Version of its results.
        results: u32,
        /// Version of the program that wrote it.
        version: String,
    },
    /// The resolved scenario of a folder cannot be loaded.
    #[error("the scenario of {path} cannot be loaded by this version:\n{faults}")]
    Scenario {
        /// The folder.
        path: String,
        /// The faults, as text.
        faults: String,
    },
    /// Two societies do not fit the memory.
    #[error("two societies need about {} MiB of memory, and {} are free: free some memory", needed >> 20, available >> 20)]
    Memory {
        /// Bytes needed.
        needed: u64,
        /// Bytes available.
        available: u64,
    },
    /// A table cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// What the recomputation found.
#[derive(Debug)]
pub struct Recomputation {
    /// Position of the pair of scenarios.
    pub pair: usize,
    /// The replicate that was run on both sides.
    pub replicate: u32,
    /// Last month that was run.
    pub until: Month,
    /// Whether each folder's rows by month are those that this program computes.
    pub reproduced: [Reproduction; 2],
    /// Where the societies part; `None` if they are equal up to `until`.
    pub parting: Option<Parting>,
    /// Where people differ first, if the societies part earlier; `None` if no person differs up to `until`.
    pub people: Option<Parting>,
}

/// Whether the rows of a folder are those that this program computes.
#[derive(Debug, Clone, PartialEq)]
pub enum Reproduction {
    /// All of them: their number.
    Equal(u64),
    /// No: the first row that is not.
    Differs {
        /// Name of the table.
        file: String,
        /// Month of the row.
        month: String,
        /// The first column that differs, with the recorded and the recomputed cell; `None` if one side has no such row.
        cell: Option<[String; 3]>,
    },
    /// The folder has no table by month.
    Unknown,
}

/// Where two societies, or their people, part.
#[derive(Debug)]
pub struct Parting {
    /// The month; `None` if they differ at the start, before January 1928.
    pub month: Option<Month>,
    /// How they differ at the end of that month, or at the start.
    pub end: SocietyDifference,
    /// The first step after which they differ; `None` at the start, and for large societies.
    pub step: Option<StepParting>,
    /// The draws of the person who differs first: in the step, or on entering the model if they differ at the start.
    pub draws: Vec<SharedDraw>,
}

/// How two societies differ after a step.
#[derive(Debug)]
pub struct StepParting {
    /// The step.
    pub step: &'static Step,
    /// How they differ after it.
    pub difference: SocietyDifference,
}

/// A draw of a person on both sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharedDraw {
    /// The draw.
    pub draw: PersonalDraw,
    /// The word of each side.
    pub words: [u32; 2],
}

impl SharedDraw {
    /// The word of each side as a number between 0 and 1.
    pub fn uniforms(&self) -> [f64; 2] {
        self.words.map(uniform64)
    }
}

/// Recomputes the run in which the tables differ first; `None` if they do not differ.
///
/// # Errors
///
/// If a folder is of another version, a scenario cannot be loaded, or memory is short.
pub fn recompute(
    divergence: &Divergence,
    folders: [&ResultFolder; 2],
    threads: usize,
) -> Result<Option<Recomputation>, NotRecomputed> {
    let Some((table, row)) = divergence.first() else { return Ok(None) };
    let sides = &divergence.sides;
    let pair = &divergence.pairs[row.pair];
    for side in sides {
        if side.results != RESULTS_VERSION {
            let (path, version) = (side.path.clone(), side.program.version.clone());
            return Err(NotRecomputed::OtherVersion { path, results: side.results, version });
        }
    }
    let scenario = |side: usize| match &sides[side].scenarios[pair.positions[side]].scenario {
        Ok(scenario) => Ok(scenario),
        Err(faults) => {
            Err(NotRecomputed::Scenario { path: sides[side].path.clone(), faults: faults.clone() })
        }
    };
    let scenarios = [scenario(0)?, scenario(1)?];
    let last = sides[0].last.min(sides[1].last);
    check_memory(scenarios, last)?;
    let target = match table.key {
        TableKey::Month => row.date().and_then(|date| date.parse().ok()).unwrap_or(Month::FIRST),
        TableKey::Period(_) | TableKey::Run => last,
    };
    let twins = |workers| {
        let runs = [0, 1].map(|side| Run {
            side: &sides[side],
            folder: folders[side],
            scenario: scenarios[side],
            label: &pair.labels[side],
            replicate: row.replicate,
        });
        follow(row.pair, runs, last, target, workers)
    };
    let pool = (threads > 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build());
    Ok(Some(match pool {
        Some(Ok(pool)) => pool.install(|| twins(Workers::Pool)),
        // One thread gives the same results.
        Some(Err(_)) | None => twins(Workers::One),
    }?))
}

fn check_memory(scenarios: [&Scenario; 2], last: Month) -> Result<(), NotRecomputed> {
    let forecast = scenarios.map(|scenario| foresee(&Plan { last, ..Plan::of(scenario) }));
    let societies = forecast.iter().map(|one| one.memory_per_replicate);
    let most = forecast.iter().flat_map(|one| &one.people).copied().max().unwrap_or(0);
    let steps = most.min(MAX_PEOPLE_IN_STEPS) * BYTES_PER_PERSON_IN_STEPS;
    let needed = societies.fold(steps, u64::saturating_add);
    let limits = [machine::memory_available(), machine::process_room()];
    match limits.into_iter().flatten().min() {
        Some(available) if needed > available => Err(NotRecomputed::Memory { needed, available }),
        _ => Ok(()),
    }
}

/// One side of the recomputation.
#[derive(Clone, Copy)]
struct Run<'a> {
    side: &'a Side,
    folder: &'a ResultFolder,
    scenario: &'a Scenario,
    label: &'a str,
    replicate: u32,
}

impl Run<'_> {
    fn start(&self, workers: Workers) -> Simulation {
        Simulation::with_workers(self.scenario.setup().into(), self.side.seed, self.replicate, workers)
    }
}

/// Runs both sides up to the month `target` and further, if the societies do not differ by then.
fn follow(
    pair: usize,
    runs: [Run<'_>; 2],
    last: Month,
    target: Month,
    workers: Workers,
) -> Result<Recomputation, NotRecomputed> {
    let mut societies = runs.map(|run| run.start(workers));
    let mut recordings = runs.map(Recording::begin);
    for (recording, society) in recordings.iter_mut().zip(&societies) {
        recording.start(society);
    }
    let keys = runs.map(|run| Key::new(run.side.seed, run.replicate));
    let mut parting = at_start(&societies, &keys);
    // People who differ when the societies part are reported with the parting.
    let with_people = |found: &Option<Parting>| found.as_ref().is_some_and(|found| found.end.of_people());
    let mut people: Option<Parting> = None;
    let mut until = Month::FIRST;
    for month in Month::all().take_while(|month| *month <= last) {
        let scope = match &parting {
            None => Some(Scope::Everything),
            Some(_) if !with_people(&parting) && people.is_none() => Some(Scope::People),
            Some(_) => None,
        };
        let small = societies.iter().all(|society| society.people() <= MAX_PEOPLE_IN_STEPS);
        let before = (scope.is_some() && small).then(|| societies.clone());
        for (society, recording) in societies.iter_mut().zip(&mut recordings) {
            let Some(record) = society.month() else { break };
            recording.month(month, &record, society);
        }
        until = month;
        match scope {
            Some(Scope::Everything) => {
                parting = in_month(month, Scope::Everything, before, &societies, &keys)
            }
            Some(Scope::People) => people = in_month(month, Scope::People, before, &societies, &keys),
            None => {}
        }
        if month >= target && (with_people(&parting) || people.is_some()) {
            break;
        }
    }
    let [left, right] = recordings;
    let reproduced = [left.check(runs[0], until)?, right.check(runs[1], until)?];
    Ok(Recomputation { pair, replicate: runs[0].replicate, until, reproduced, parting, people })
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// People, units, regions, centre and school.
    Everything,
    /// People alone.
    People,
}

impl Scope {
    fn differs(self, [left, right]: [Hashes; 2]) -> bool {
        match self {
            Scope::Everything => left != right,
            Scope::People => left.people != right.people,
        }
    }
}

fn at_start(societies: &[Simulation; 2], keys: &[Key; 2]) -> Option<Parting> {
    let [left, right] = societies;
    let differs = Scope::Everything.differs([digest(left), digest(right)]);
    let end = differs.then(|| difference(left, right, 0)).flatten()?;
    let draws = draws(START_DRAWS, &end, keys, 0);
    Some(Parting { month: None, end, step: None, draws })
}

/// The parting in a month, if the societies differ after it. `before` are the societies at its start.
fn in_month(
    month: Month,
    scope: Scope,
    before: Option<[Simulation; 2]>,
    after: &[Simulation; 2],
    keys: &[Key; 2],
) -> Option<Parting> {
    let [left, right] = after;
    let differs = scope.differs([digest(left), digest(right)]);
    let end = differs.then(|| difference(left, right, month.0)).flatten()?;
    let step = before.and_then(|before| step_in(month, scope, &before, after));
    let draws = step.as_ref().map(|found| draws(found.step.draws, &found.difference, keys, month.0));
    Some(Parting { month: Some(month), end, step, draws: draws.unwrap_or_default() })
}

/// Repeats a month step by step, and finds the first step after which the societies differ.
fn step_in(
    month: Month,
    scope: Scope,
    before: &[Simulation; 2],
    after: &[Simulation; 2],
) -> Option<StepParting> {
    let [left, right] = before.each_ref().map(|society| {
        let mut hashes = Vec::new();
        society.month_in_steps(|_, society| hashes.push(digest(society)));
        hashes
    });
    // The societies before step n are those after step n - 1. None is shown after the last step.
    let differing = left.iter().zip(&right).position(|(&left, &right)| scope.differs([left, right]));
    let Some(next) = differing else {
        let difference = difference(&after[0], &after[1], month.0)?;
        return Some(StepParting { step: STEPS.last()?, difference });
    };
    let [left, right] = before.each_ref().map(|society| {
        let (mut place, mut found): (usize, Option<Society>) = (0, None);
        society.month_in_steps(|_, society| {
            if place == next {
                found = Some(society.clone());
            }
            place += 1;
        });
        found
    });
    let difference = difference(&left?, &right?, month.0)?;
    Some(StepParting { step: STEPS.get(next.checked_sub(1)?)?, difference })
}

/// The draws of the person who differs first.
fn draws(
    list: &'static [PersonalDraw],
    difference: &SocietyDifference,
    keys: &[Key; 2],
    month: u16,
) -> Vec<SharedDraw> {
    let identity = |person_at: &PersonAt| person_at.person.identity;
    let identity = match &difference.first {
        Differing::Person { sides, .. } => Some(identity(&sides[0])),
        Differing::PersonOfOne(sides) => sides.iter().flatten().map(identity).next(),
        _ => None,
    };
    let Some(identity) = identity else { return Vec::new() };
    let of = |draw: &PersonalDraw| {
        let words = keys.each_ref().map(|key| key.block(draw.page, month, identity)[draw.slot]);
        SharedDraw { draw: *draw, words }
    };
    list.iter().map(of).collect()
}

/// The rows by month that a simulation gives, for the tables of a folder.
struct Recording<'a> {
    scenario: &'a Scenario,
    /// The levers of each month before smoothing.
    steps: Vec<Levers>,
    last: Month,
    tables: Vec<RecordedTable>,
}

/// The rows of one table.
struct RecordedTable {
    layout: Layout,
    recorder: Box<dyn Recorder>,
    /// Rows without labels.
    writer: RowWriter,
}

impl<'a> Recording<'a> {
    fn begin(run: Run<'a>) -> Self {
        let by_month = |layout: &Layout| layout.columns.iter().any(|column| column.name == "month");
        let tables = TABLES
            .iter()
            .map(|table| (table, table.layout()))
            .filter(|(_, layout)| by_month(layout) && run.folder.manifest.files.contains_key(&layout.file()))
            .map(|(table, layout)| RecordedTable {
                layout,
                recorder: table.recorder(),
                writer: RowWriter::default(),
            });
        let steps = run.scenario.steps();
        Recording { scenario: run.scenario, steps, last: run.side.last, tables: tables.collect() }
    }

    fn start(&mut self, society: &Simulation) {
        for table in &mut self.tables {
            table.recorder.begin(society, &mut table.writer);
        }
    }

    fn month(&mut self, month: Month, record: &MonthRecord, society: &Simulation) {
        let phase = self.scenario.phase_of(month);
        let view = MonthView {
            month,
            // The name in place of the number, as in the table.
            phase: &phase.name,
            phase_from: phase.from,
            record,
            set: self.steps.get(month.index()),
            society,
            last: month == self.last,
            // Tables by month do not read the sums over months.
            phase_record: None,
            whole_record: None,
        };
        for table in &mut self.tables {
            table.recorder.month(&view, &mut table.writer);
        }
    }

    /// Compares the rows with those of the folder, up to the month `until`.
    fn check(self, run: Run<'_>, until: Month) -> Result<Reproduction, ReadError> {
        let mut rows = 0;
        for table in self.tables {
            match check_table(table, run, until, &mut rows)? {
                None => {}
                Some(differs) => return Ok(differs),
            }
        }
        Ok(if rows == 0 { Reproduction::Unknown } else { Reproduction::Equal(rows) })
    }
}

fn check_table(
    table: RecordedTable,
    run: Run<'_>,
    until: Month,
    rows: &mut u64,
) -> Result<Option<Reproduction>, ReadError> {
    let file = table.layout.file();
    let names: Vec<&str> = table.layout.columns.iter().map(|column| column.name).collect();
    let month = names.iter().position(|name| *name == "month").unwrap_or(0);
    let labels = label_columns().len();
    let bytes = table.writer.into_bytes();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    let mut computed = reader.records().map_while(Result::ok);
    let (until, replicate) = (until.to_string(), run.replicate.to_string());
    let mut found: Option<Reproduction> = None;
    let mut differs = |month: &str, cell| {
        found.get_or_insert(Reproduction::Differs { file: file.clone(), month: month.to_owned(), cell });
    };
    run.folder.rows(&file, &names, |cells| {
        // Months as text are in the order of the calendar.
        if cells[0] != run.label || cells[1] != replicate || cells[month] > until.as_str() {
            return;
        }
        *rows += 1;
        let Some(row) = computed.next() else { return differs(cells[month], None) };
        let unequal =
            names.iter().zip(cells).skip(labels).zip(&row).find(|((_, recorded), cell)| *recorded != cell);
        if let Some(((name, recorded), cell)) = unequal {
            let cell = [*name, recorded, cell].map(str::to_owned);
            differs(cells[month], (cell[0] != "month").then_some(cell));
        }
    })?;
    if let Some(row) = computed.next() {
        differs(&row[month - labels], None);
    }
    Ok(found)
}
