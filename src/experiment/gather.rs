//! Replicates computed, kept and handed on: the work that `run` and `compare` have in common.
//!
//! Finished replicates are handed on in the order of their numbers and kept in parts, so that a process that is killed
//! loses a few seconds of work. A part is immutable and holds consecutive replicates of one scenario. Tables are put
//! together from the parts at the end.

use super::batch::{self, Ended, Observer};
use super::plan::Plan;
use super::replicate::Outcome;
use crate::engine::parallel::Workers;
use crate::model::profile::Profile;
use crate::output::folder::{FolderError, Stream, Workspace};
use crate::output::manifest::{ReplicateStatus, Status};
use lz4_flex::frame::{FrameDecoder, FrameEncoder, FrameInfo};
use rayon::prelude::*;
use std::io::{Read, Write};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// A part is written when it has so many bytes, compressed, which bounds memory.
const PART_BYTES: usize = 1 << 20;
/// A part is written after so long, which bounds what a killed process loses.
const PART_TIME: Duration = Duration::from_secs(5);

/// A replicate by its number, and what it gave.
type Run = (u32, Outcome);

/// What is computed, from where and with what.
pub struct Work<'a> {
    /// The scenarios, the baseline first; tables, seed and last month are the same for all.
    pub plans: Vec<&'a Plan>,
    /// The folder in which finished runs are kept.
    pub workspace: &'a Workspace,
    /// The threads.
    pub pool: &'a rayon::ThreadPool,
    /// Is told how far the work is.
    pub observer: &'a dyn Observer,
    /// Stops the work when it is set.
    pub stop: &'a AtomicBool,
}

/// Runs gathered so far.
pub struct Gathered<'a> {
    work: Work<'a>,
    /// How the replicates of each scenario ended, in the order of their numbers.
    pub replicates: Vec<Vec<ReplicateStatus>>,
    /// Runs that this process computed.
    pub computed: u64,
    /// Sum over months and finished runs of the people present.
    pub agent_months: u64,
    /// The same over the runs that this process computed.
    pub agent_months_computed: u64,
    /// Where the time of the computed runs went; nothing unless the plans ask for it.
    pub profile: Profile,
    open: Option<Open>,
}

/// Finished runs that are not yet in a file: the part that is being filled.
struct Open {
    scenario: usize,
    first: u32,
    last: u32,
    bytes: FrameEncoder<Vec<u8>>,
    since: Instant,
}

impl Open {
    fn new(scenario: usize, first: u32) -> Self {
        let bytes = FrameEncoder::with_frame_info(FrameInfo::new().content_checksum(true), Vec::new());
        Open { scenario, first, last: first, bytes, since: Instant::now() }
    }

    /// Adds the next run of the scenario.
    fn add(&mut self, replicate: u32, outcome: &Outcome) {
        self.last = replicate;
        let tables: Vec<u64> = outcome.tables.iter().map(|table| table.len() as u64).collect();
        let head = postcard::to_stdvec(&(replicate, outcome, tables)).expect(TO_MEMORY);
        let all = [&(head.len() as u64).to_le_bytes(), head.as_slice()];
        for bytes in all.into_iter().chain(outcome.tables.iter().map(Vec::as_slice)) {
            self.bytes.write_all(bytes).expect(TO_MEMORY);
        }
    }

    fn is_full(&self) -> bool {
        self.bytes.get_ref().len() >= PART_BYTES || self.since.elapsed() >= PART_TIME
    }

    fn name(&self) -> String {
        format!("{:05}-{:07}-{:07}", self.scenario, self.first, self.last)
    }

    /// Keeps the part in the folder.
    fn store(self, workspace: &Workspace) -> Result<(), FolderError> {
        let name = self.name();
        workspace.store_part(&name, &self.bytes.finish().expect(TO_MEMORY))
    }
}

const TO_MEMORY: &str = "writing to memory cannot fail";

impl<'a> Gathered<'a> {
    /// Takes up the runs that an earlier process finished, and hands each to `take` with the position of its scenario.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn take_up(work: Work<'a>, mut take: impl FnMut(usize, u32, &Outcome)) -> Result<Self, FolderError> {
        let mut gathered = Gathered {
            replicates: vec![Vec::new(); work.plans.len()],
            computed: 0,
            agent_months: 0,
            agent_months_computed: 0,
            profile: Profile::default(),
            open: None,
            work,
        };
        for name in gathered.work.workspace.parts()? {
            let part = parse_name(&name).filter(|(scenario, _)| *scenario < gathered.work.plans.len());
            let next = part.map(|(scenario, _)| gathered.next_replicate(scenario));
            let runs = gathered.work.workspace.part(&name).and_then(|bytes| decode(&bytes));
            match (part, runs) {
                // A part that is damaged, or that follows a gap, is computed again.
                (Some((scenario, first)), Some(runs)) if Some(first) == next && consecutive(first, &runs) => {
                    for (replicate, outcome) in &runs {
                        gathered.finished(scenario, *replicate, outcome);
                        take(scenario, *replicate, outcome);
                    }
                }
                _ => gathered.work.workspace.drop_part(&name),
            }
        }
        Ok(gathered)
    }

    /// The first replicate of a scenario that has not been computed.
    pub fn next_replicate(&self, scenario: usize) -> u32 {
        let first = *self.work.plans[scenario].replicates.start();
        self.replicates[scenario].last().map_or(first, |last| last.replicate + 1)
    }

    /// Replicates that each scenario lacks, up to the number `last`.
    pub fn missing(&self, last: u32) -> Vec<u32> {
        let of = |scenario| (last + 1).saturating_sub(self.next_replicate(scenario));
        (0..self.replicates.len()).map(of).collect()
    }

    fn finished(&mut self, scenario: usize, replicate: u32, outcome: &Outcome) {
        self.agent_months += outcome.agent_months;
        self.replicates[scenario].push(ReplicateStatus { replicate, status: Status::Finished, reason: None });
    }

    /// Computes by `simulate` what every scenario lacks up to the replicate `last`, and hands each finished run to
    /// `take`.
    ///
    /// # Errors
    ///
    /// If the disk cannot take the runs; those in earlier parts are kept.
    pub fn compute(
        &mut self,
        last: u32,
        simulate: &(impl Fn(&Plan, u32, Workers) -> Option<Outcome> + Sync),
        mut take: impl FnMut(usize, u32, &Outcome),
    ) -> Result<(), FolderError> {
        self.work.observer.round(&self.missing(last));
        for scenario in 0..self.replicates.len() {
            let mut plan = self.work.plans[scenario].clone();
            plan.replicates = self.next_replicate(scenario)..=last;
            if plan.replicates.is_empty() {
                continue;
            }
            self.work.observer.scenario(scenario);
            let Work { pool, stop, observer, .. } = self.work;
            let one = |number, workers| simulate(&plan, number, workers);
            batch::run(&plan, pool, stop, one, |replicate, ended| {
                let (status, reason) = match ended {
                    Ended::Finished(outcome) => {
                        take(scenario, replicate, &outcome);
                        self.keep(scenario, replicate, &outcome)?;
                        (Status::Finished, None)
                    }
                    Ended::Failed(reason) => (Status::Failed, Some(reason)),
                    Ended::Interrupted => (Status::Interrupted, None),
                    Ended::NotStarted => (Status::NotStarted, None),
                };
                let ended = ReplicateStatus { replicate, status, reason };
                observer.ended(&ended);
                if status != Status::Finished {
                    self.replicates[scenario].push(ended);
                }
                Ok::<(), FolderError>(())
            })?;
        }
        self.write_part()
    }

    /// Counts a run and adds it to the part that is being filled.
    fn keep(&mut self, scenario: usize, replicate: u32, outcome: &Outcome) -> Result<(), FolderError> {
        self.finished(scenario, replicate, outcome);
        self.computed += 1;
        self.agent_months_computed += outcome.agent_months;
        self.profile.add(&outcome.profile);
        let follows = |open: &Open| open.scenario == scenario && open.last + 1 == replicate;
        if !self.open.as_ref().is_some_and(follows) {
            self.write_part()?;
        }
        let open = self.open.get_or_insert_with(|| Open::new(scenario, replicate));
        open.add(replicate, outcome);
        if open.is_full() { self.write_part() } else { Ok(()) }
    }

    fn write_part(&mut self) -> Result<(), FolderError> {
        self.open.take().map_or(Ok(()), |open| open.store(self.work.workspace))
    }

    /// The first failure, if some scenario has no finished replicate although none was stopped.
    pub fn all_failed(&self) -> Option<(u32, String)> {
        let of = |replicates: &Vec<ReplicateStatus>| {
            let first = replicates.first()?;
            let all = replicates.iter().all(|replicate| replicate.status == Status::Failed);
            all.then(|| (first.replicate, first.reason.clone().unwrap_or_default()))
        };
        self.replicates.iter().find_map(of)
    }

    /// True if the work was stopped before every run had been tried.
    pub fn stopped(&self) -> bool {
        let cut = |status| matches!(status, Status::Interrupted | Status::NotStarted);
        self.replicates.iter().flatten().any(|replicate| cut(replicate.status))
    }
}

/// Keeps runs that are there already, such as those of a result that is extended, as parts.
///
/// # Errors
///
/// If the disk cannot take them.
pub fn keep_all(
    workspace: &Workspace,
    scenarios: impl IntoIterator<Item = Vec<Run>>,
) -> Result<(), FolderError> {
    for (scenario, runs) in scenarios.into_iter().enumerate() {
        let mut open: Option<Open> = None;
        for (replicate, outcome) in runs {
            if open.as_ref().is_some_and(|open| open.last + 1 != replicate || open.is_full())
                && let Some(full) = open.take()
            {
                full.store(workspace)?;
            }
            open.get_or_insert_with(|| Open::new(scenario, replicate)).add(replicate, &outcome);
        }
        open.map_or(Ok(()), |open| open.store(workspace))?;
    }
    Ok(())
}

/// Writes the tables of replicates from the parts: scenarios in their order, replicates by number. The threads of
/// `pool` share the tables.
///
/// # Errors
///
/// If a part has disappeared or the disk cannot take a table.
pub fn write_tables(
    workspace: &mut Workspace,
    plan: &Plan,
    pool: &rayon::ThreadPool,
) -> Result<(), FolderError> {
    let open = |table: &&'static dyn super::tables::Table| {
        let layout = table.layout();
        let mut stream = workspace.stream(&layout.file())?;
        stream.append(&layout.header())?;
        Ok(stream)
    };
    let mut streams: Vec<Stream> = plan.tables.iter().map(open).collect::<Result<_, FolderError>>()?;
    for name in workspace.parts()? {
        let runs = workspace.part(&name).and_then(|bytes| decode(&bytes));
        let lost = || FolderError::Lost { path: workspace.shown().into(), file: name.clone() };
        let runs = runs.ok_or_else(lost)?;
        let append = |(table, stream): (usize, &mut Stream)| {
            runs.iter().try_for_each(|(_, outcome)| stream.append(&outcome.tables[table]))
        };
        pool.install(|| streams.par_iter_mut().enumerate().try_for_each(append))?;
    }
    streams.into_iter().try_for_each(|stream| workspace.close(stream))
}

/// Scenario and first replicate of a part.
fn parse_name(name: &str) -> Option<(usize, u32)> {
    let mut numbers = name.split('-');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn consecutive(first: u32, runs: &[Run]) -> bool {
    (first..).zip(runs).all(|(expected, (replicate, _))| expected == *replicate)
}

/// The runs of a part; none if it is damaged.
fn decode(bytes: &[u8]) -> Option<Vec<Run>> {
    let mut plain = Vec::new();
    FrameDecoder::new(bytes).read_to_end(&mut plain).ok()?;
    let mut rest = plain.as_slice();
    let mut runs = Vec::new();
    while !rest.is_empty() {
        let length = take(&mut rest, 8)?.try_into().ok().map(u64::from_le_bytes)?;
        let head = take(&mut rest, length)?;
        let (replicate, mut outcome, tables): (u32, Outcome, Vec<u64>) = postcard::from_bytes(head).ok()?;
        for length in tables {
            outcome.tables.push(take(&mut rest, length)?.to_vec());
        }
        runs.push((replicate, outcome));
    }
    Some(runs)
}

/// Splits so many bytes off.
fn take<'a>(rest: &mut &'a [u8], length: u64) -> Option<&'a [u8]> {
    let (first, behind) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = behind;
    Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::plan::tests::small;
    use crate::experiment::replicate;
    use std::ops::ControlFlow;

    #[test]
    fn a_part_gives_back_its_runs_and_a_damaged_one_gives_none() {
        let plan = small(2, 1);
        let run = |number| {
            let outcome = replicate::run(&plan, number, Workers::One, |_| ControlFlow::Continue(()));
            (number, outcome.unwrap())
        };
        let runs = vec![run(1), run(2)];
        let mut open = Open::new(3, 1);
        runs.iter().for_each(|(number, outcome)| open.add(*number, outcome));
        assert_eq!(parse_name(&open.name()), Some((3, 1)));
        let bytes = open.bytes.finish().unwrap();
        let raw: usize = runs.iter().flat_map(|(_, outcome)| &outcome.tables).map(Vec::len).sum();
        assert!(bytes.len() < raw, "{} bytes for {raw}", bytes.len());
        assert_eq!(decode(&bytes).as_ref(), Some(&runs));
        for position in (0..bytes.len()).step_by(997).chain([0, bytes.len() - 1]) {
            let mut damaged = bytes.clone();
            damaged[position] ^= 4;
            // A changed bit of the compressed form may still give the same bytes, but never others.
            assert!(decode(&damaged).is_none_or(|found| found == runs), "byte {position}");
        }
        assert_eq!(decode(&bytes[..bytes.len() - 1]), None);
    }
}
