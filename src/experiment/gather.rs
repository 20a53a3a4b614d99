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
use std::io::Read;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// A part is written when its tables have so many bytes, which bounds memory.
const PART_BYTES: usize = 8 << 20;
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
    kept: Kept,
}

/// Finished runs that are not yet in a part.
struct Kept {
    scenario: usize,
    runs: Vec<Run>,
    bytes: usize,
    since: Instant,
}

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
            kept: Kept { scenario: 0, runs: Vec::new(), bytes: 0, since: Instant::now() },
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
                        self.keep(scenario, replicate, outcome)?;
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

    fn keep(&mut self, scenario: usize, replicate: u32, outcome: Outcome) -> Result<(), FolderError> {
        self.finished(scenario, replicate, &outcome);
        self.computed += 1;
        self.agent_months_computed += outcome.agent_months;
        self.profile.add(&outcome.profile);
        self.store(scenario, replicate, outcome)
    }

    /// Adds a run to the part that is being filled, and begins another part where it does not follow.
    fn store(&mut self, scenario: usize, replicate: u32, outcome: Outcome) -> Result<(), FolderError> {
        let follows = |(last, _): &Run| self.kept.scenario == scenario && last + 1 == replicate;
        if !self.kept.runs.last().is_some_and(follows) {
            self.write_part()?;
            self.kept.scenario = scenario;
        }
        self.kept.bytes += outcome.tables.iter().map(Vec::len).sum::<usize>();
        self.kept.runs.push((replicate, outcome));
        if self.kept.bytes >= PART_BYTES || self.kept.since.elapsed() >= PART_TIME {
            self.write_part()?;
        }
        Ok(())
    }

    fn write_part(&mut self) -> Result<(), FolderError> {
        let runs = std::mem::take(&mut self.kept.runs);
        if let (Some((first, _)), Some((last, _))) = (runs.first(), runs.last()) {
            let name = part_name(self.kept.scenario, *first, *last);
            self.work.workspace.store_part(&name, &encode(&runs))?;
        }
        self.kept.bytes = 0;
        self.kept.since = Instant::now();
        Ok(())
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
        for runs in runs.chunk_by(|(one, _), (next, _)| one + 1 == *next) {
            let name = part_name(scenario, runs[0].0, runs[runs.len() - 1].0);
            workspace.store_part(&name, &encode(runs))?;
        }
    }
    Ok(())
}

/// Writes the tables of replicates from the parts: scenarios in their order, replicates by number.
///
/// # Errors
///
/// If a part has disappeared or the disk cannot take a table.
pub fn write_tables(workspace: &mut Workspace, plan: &Plan) -> Result<(), FolderError> {
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
        for (_, outcome) in runs.ok_or_else(lost)? {
            for (stream, rows) in streams.iter_mut().zip(&outcome.tables) {
                stream.append(rows)?;
            }
        }
    }
    streams.into_iter().try_for_each(|stream| workspace.close(stream))
}

/// Names of parts sort by scenario and by replicate.
fn part_name(scenario: usize, first: u32, last: u32) -> String {
    format!("{scenario:05}-{first:07}-{last:07}")
}

/// Scenario and first replicate of a part.
fn parse_name(name: &str) -> Option<(usize, u32)> {
    let mut numbers = name.split('-');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn consecutive(first: u32, runs: &[Run]) -> bool {
    (first..).zip(runs).all(|(expected, (replicate, _))| expected == *replicate)
}

/// A part as bytes: compressed, with a checksum.
fn encode(runs: &[Run]) -> Vec<u8> {
    const TO_MEMORY: &str = "writing to memory cannot fail";
    let encoder = FrameEncoder::with_frame_info(FrameInfo::new().content_checksum(true), Vec::new());
    let encoder = postcard::to_io(runs, encoder).expect(TO_MEMORY);
    encoder.finish().expect(TO_MEMORY)
}

/// The runs of a part; none if it is damaged.
fn decode(bytes: &[u8]) -> Option<Vec<Run>> {
    let mut plain = Vec::new();
    FrameDecoder::new(bytes).read_to_end(&mut plain).ok()?;
    let (runs, rest) = postcard::take_from_bytes(&plain).ok()?;
    rest.is_empty().then_some(runs)
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
        let bytes = encode(&runs);
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
        assert_eq!(parse_name(&part_name(3, 7, 9)), Some((3, 7)));
    }
}
