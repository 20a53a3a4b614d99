//! Computes missing replicates, stores finished ones and writes the tables: the work that `run` and `compare` share.
//!
//! Finished replicates are stored in parts, so a killed process loses a few seconds of work. A part holds consecutive
//! replicates of one scenario and is never changed. The tables are written from the parts at the end.

use super::batch::{self, Ended, Observer};
use super::plan::Plan;
use super::replicate::ReplicateOutput;
use crate::engine::parallel::Workers;
use crate::model::simulation::Profile;
use crate::output::folder::{FolderError, Stream, WORK, Workspace};
use crate::output::manifest::{ReplicateStatus, Status};
use lz4_flex::frame::{FrameDecoder, FrameEncoder, FrameInfo};
use rayon::prelude::*;
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// Compressed size at which a part is written, which bounds memory.
const PART_BYTES: usize = 1 << 20;
/// Time after which a part is written, which bounds what a killed process loses.
const PART_TIME: Duration = Duration::from_secs(5);

/// Number and output of a replicate.
type Run = (u32, ReplicateOutput);

/// What to compute, and with what.
pub struct Work<'a> {
    /// The plans of the scenarios, the baseline first; all have the same tables, seed and last month.
    pub plans: Vec<&'a Plan>,
    /// The folder in which finished runs are stored.
    pub workspace: &'a Workspace,
    /// The threads.
    pub pool: &'a rayon::ThreadPool,
    /// Receives the progress.
    pub observer: &'a dyn Observer,
    /// When set, the work stops.
    pub stop: &'a AtomicBool,
}

/// The runs gathered so far.
pub struct Gathered<'a> {
    work: Work<'a>,
    /// How the replicates of each scenario ended, in the order of their numbers.
    pub replicates: Vec<Vec<ReplicateStatus>>,
    /// Finished runs that were loaded from an earlier process.
    pub taken_up: u64,
    /// Runs that this process computed.
    pub computed: u64,
    /// Sum over months and finished runs of the people present.
    pub agent_months: u64,
    /// The same sum over the runs that this process computed.
    pub agent_months_computed: u64,
    /// Time of the computed runs by process of the month; empty unless the plans ask for it.
    pub profile: Profile,
    /// By scenario: names of the parts that have not been read.
    waiting: Vec<VecDeque<String>>,
    /// By scenario: runs of the last part read that are not needed yet.
    ahead: Vec<VecDeque<Run>>,
    open: Option<PartWriter>,
    /// When a part was last written.
    written: Instant,
}

/// The part that is being filled: finished runs that are not in a file yet.
struct PartWriter {
    scenario: usize,
    first: u32,
    last: u32,
    bytes: FrameEncoder<Vec<u8>>,
}

impl PartWriter {
    fn new(scenario: usize, first: u32) -> Self {
        let bytes = FrameEncoder::with_frame_info(FrameInfo::new().content_checksum(true), Vec::new());
        PartWriter { scenario, first, last: first, bytes }
    }

    /// Adds the next run of the scenario.
    fn add(&mut self, replicate: u32, output: &ReplicateOutput) {
        self.last = replicate;
        let tables: Vec<u64> = output.tables.iter().map(|table| table.len() as u64).collect();
        let head = postcard::to_stdvec(&(replicate, output, tables)).expect(TO_MEMORY);
        let all = [&(head.len() as u64).to_le_bytes(), head.as_slice()];
        for bytes in all.into_iter().chain(output.tables.iter().map(Vec::as_slice)) {
            self.bytes.write_all(bytes).expect(TO_MEMORY);
        }
    }

    fn is_full(&self) -> bool {
        self.bytes.get_ref().len() >= PART_BYTES
    }

    fn name(&self) -> String {
        format!("{:05}-{:07}-{:07}", self.scenario, self.first, self.last)
    }

    /// Writes the part into the folder.
    fn store(self, workspace: &Workspace) -> Result<(), FolderError> {
        let name = self.name();
        workspace.store_part(&name, &self.bytes.finish().expect(TO_MEMORY))
    }
}

const TO_MEMORY: &str = "writing to memory cannot fail";

impl<'a> Gathered<'a> {
    /// Finds the parts of an earlier process, which [`Gathered::compute`] will load.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn new(work: Work<'a>) -> Result<Self, FolderError> {
        let mut waiting = vec![VecDeque::new(); work.plans.len()];
        for name in work.workspace.parts()? {
            match parse_name(&name).and_then(|(scenario, ..)| waiting.get_mut(scenario)) {
                Some(parts) => parts.push_back(name),
                None => work.workspace.drop_part(&name),
            }
        }
        Ok(Gathered {
            replicates: vec![Vec::new(); work.plans.len()],
            taken_up: 0,
            computed: 0,
            agent_months: 0,
            agent_months_computed: 0,
            profile: Profile::default(),
            ahead: vec![VecDeque::new(); work.plans.len()],
            waiting,
            open: None,
            written: Instant::now(),
            work,
        })
    }

    /// Loads finished runs of a scenario up to the replicate `last` or the first gap.
    fn take_up(&mut self, scenario: usize, last: u32, take: &mut impl FnMut(usize, u32, &ReplicateOutput)) {
        while self.next_replicate(scenario) <= last {
            if let Some((replicate, output)) = self.ahead[scenario].pop_front() {
                self.finished(scenario, replicate, &output);
                self.taken_up += 1;
                take(scenario, replicate, &output);
                continue;
            }
            let Some(name) = self.waiting[scenario].pop_front() else { return };
            let next = self.next_replicate(scenario);
            let tables = self.work.plans[scenario].tables.len();
            match self.work.workspace.part(&name).and_then(|bytes| decode(&bytes)) {
                Some(runs) if follow(next, tables, &runs) => self.ahead[scenario] = runs.into(),
                // A part that is damaged or follows a gap is computed again, and so are all parts after it.
                _ => {
                    self.work.workspace.drop_part(&name);
                    let behind = std::mem::take(&mut self.waiting[scenario]);
                    behind.iter().for_each(|name| self.work.workspace.drop_part(name));
                    return;
                }
            }
        }
    }

    /// Number of the first replicate of a scenario that is missing.
    pub fn next_replicate(&self, scenario: usize) -> u32 {
        let first = *self.work.plans[scenario].replicates.start();
        self.replicates[scenario].last().map_or(first, |last| last.replicate + 1)
    }

    /// Number of missing replicates of each scenario up to `last`, if all parts are intact.
    fn missing(&self, last: u32) -> Vec<u32> {
        let of = |scenario: usize| {
            let part =
                self.waiting[scenario].back().and_then(|name| parse_name(name)).map(|(_, _, last)| last);
            let ahead = self.ahead[scenario].back().map(|(last, _)| *last);
            let there = part.or(ahead).map_or(self.next_replicate(scenario), |there| there + 1);
            (last + 1).saturating_sub(there)
        };
        (0..self.replicates.len()).map(of).collect()
    }

    fn finished(&mut self, scenario: usize, replicate: u32, output: &ReplicateOutput) {
        self.agent_months += output.agent_months;
        self.replicates[scenario].push(ReplicateStatus { replicate, status: Status::Finished, reason: None });
    }

    /// Loads or computes (with `simulate`) the replicates of every scenario up to `last`, and passes each finished run to
    /// `take`.
    ///
    /// # Errors
    ///
    /// If a part cannot be written; earlier parts stay.
    pub fn compute(
        &mut self,
        last: u32,
        simulate: &(impl Fn(&Plan, u32, Workers) -> Option<ReplicateOutput> + Sync),
        mut take: impl FnMut(usize, u32, &ReplicateOutput),
    ) -> Result<(), FolderError> {
        self.work.observer.round(&self.missing(last));
        // The baseline comes first: comparing a run needs the baseline's run of the same number.
        for scenario in 0..self.replicates.len() {
            self.take_up(scenario, last, &mut take);
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
                    Ended::Finished(output) => {
                        take(scenario, replicate, &output);
                        self.keep(scenario, replicate, &output)?;
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

    /// Counts a run and adds it to the open part.
    fn keep(&mut self, scenario: usize, replicate: u32, output: &ReplicateOutput) -> Result<(), FolderError> {
        self.finished(scenario, replicate, output);
        self.computed += 1;
        self.agent_months_computed += output.agent_months;
        self.profile.add(&output.profile);
        let follows = |open: &PartWriter| open.scenario == scenario && open.last + 1 == replicate;
        if !self.open.as_ref().is_some_and(follows) {
            self.write_part()?;
        }
        let open = self.open.get_or_insert_with(|| PartWriter::new(scenario, replicate));
        open.add(replicate, output);
        if open.is_full() || self.written.elapsed() >= PART_TIME { self.write_part() } else { Ok(()) }
    }

    fn write_part(&mut self) -> Result<(), FolderError> {
        self.written = Instant::now();
        self.open.take().map_or(Ok(()), |open| open.store(self.work.workspace))
    }

    /// The first failure of a scenario all of whose replicates failed, if there is one.
    pub fn all_failed(&self) -> Option<(u32, String)> {
        let of = |replicates: &Vec<ReplicateStatus>| {
            let first = replicates.first()?;
            let all = replicates.iter().all(|replicate| replicate.status == Status::Failed);
            all.then(|| (first.replicate, first.reason.clone().unwrap_or_default()))
        };
        self.replicates.iter().find_map(of)
    }

    /// Returns whether the work was stopped before every run was tried.
    pub fn stopped(&self) -> bool {
        let cut = |status| matches!(status, Status::Interrupted | Status::NotStarted);
        self.replicates.iter().flatten().any(|replicate| cut(replicate.status))
    }
}

/// Stores finished runs, such as those of a result that is extended, as parts.
///
/// # Errors
///
/// If a part cannot be written.
pub fn keep_all(
    workspace: &Workspace,
    scenarios: impl IntoIterator<Item = Vec<Run>>,
) -> Result<(), FolderError> {
    for (scenario, runs) in scenarios.into_iter().enumerate() {
        let mut open: Option<PartWriter> = None;
        for (replicate, output) in runs {
            if open.as_ref().is_some_and(|open| open.last + 1 != replicate || open.is_full())
                && let Some(full) = open.take()
            {
                full.store(workspace)?;
            }
            open.get_or_insert_with(|| PartWriter::new(scenario, replicate)).add(replicate, &output);
        }
        open.map_or(Ok(()), |open| open.store(workspace))?;
    }
    Ok(())
}

/// Writes the tables of the finished `replicates` from the parts: scenarios in their order, replicates by number. The
/// threads of `pool` share the tables.
///
/// # Errors
///
/// If a part has disappeared or a table cannot be written.
pub fn write_tables(
    workspace: &mut Workspace,
    plan: &Plan,
    replicates: &[Vec<ReplicateStatus>],
    pool: &rayon::ThreadPool,
) -> Result<(), FolderError> {
    let open = |table: &&'static dyn super::tables::Table| {
        let layout = table.layout();
        let mut stream = workspace.stream(&layout.file())?;
        stream.append(&layout.header())?;
        Ok(stream)
    };
    let mut streams: Vec<Stream> = plan.tables.iter().map(open).collect::<Result<_, FolderError>>()?;
    let finished = |status: &&ReplicateStatus| status.status == Status::Finished;
    let mut due: Vec<VecDeque<u32>> = replicates
        .iter()
        .map(|replicates| replicates.iter().filter(finished).map(|status| status.replicate).collect())
        .collect();
    let lost =
        |file: &str| FolderError::Lost { path: workspace.shown().into(), file: format!("{WORK}/{file}") };
    for name in workspace.parts()? {
        let due = parse_name(&name).and_then(|(scenario, ..)| due.get_mut(scenario));
        let Some(due) = due.filter(|due| !due.is_empty()) else { continue };
        let mut runs = workspace.part(&name).and_then(|bytes| decode(&bytes)).ok_or_else(|| lost(&name))?;
        runs.retain(|(replicate, _)| due.front() == Some(replicate) && due.pop_front().is_some());
        let append = |(table, stream): (usize, &mut Stream)| {
            runs.iter().try_for_each(|(_, output)| stream.append(&output.tables[table]))
        };
        pool.install(|| streams.par_iter_mut().enumerate().try_for_each(append))?;
    }
    if due.iter().any(|due| !due.is_empty()) {
        return Err(lost("parts"));
    }
    streams.into_iter().try_for_each(|stream| workspace.close(stream))
}

/// Parses the name of a part: scenario, first and last replicate.
fn parse_name(name: &str) -> Option<(usize, u32, u32)> {
    let mut numbers = name.split('-');
    let mut number = || numbers.next()?.parse().ok();
    Some((number()? as usize, number()?, number()?))
}

/// Returns whether the runs of a part are consecutive from `first` on and each has `tables` tables.
fn follow(first: u32, tables: usize, runs: &[Run]) -> bool {
    !runs.is_empty()
        && (first..)
            .zip(runs)
            .all(|(expected, (replicate, output))| expected == *replicate && output.tables.len() == tables)
}

/// Decodes the runs of a part; `None` if it is damaged.
fn decode(bytes: &[u8]) -> Option<Vec<Run>> {
    let mut plain = Vec::new();
    FrameDecoder::new(bytes).read_to_end(&mut plain).ok()?;
    let mut rest = plain.as_slice();
    let mut runs = Vec::new();
    while !rest.is_empty() {
        let length = take(&mut rest, 8)?.try_into().ok().map(u64::from_le_bytes)?;
        let head = take(&mut rest, length)?;
        let (replicate, mut output, tables): (u32, ReplicateOutput, Vec<u64>) =
            postcard::from_bytes(head).ok()?;
        for length in tables {
            output.tables.push(take(&mut rest, length)?.to_vec());
        }
        runs.push((replicate, output));
    }
    Some(runs)
}

/// Splits off the first `length` bytes.
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
    use crate::output::folder::{Opened, Request, open};
    use std::ops::ControlFlow;

    #[test]
    fn a_part_is_decoded_and_a_damaged_one_is_not() {
        let plan = small(2, 1);
        let run = |number| {
            let output = replicate::run(&plan, number, Workers::One, |_| ControlFlow::Continue(()));
            (number, output.unwrap())
        };
        let runs = vec![run(1), run(2)];
        let mut open = PartWriter::new(3, 1);
        runs.iter().for_each(|(number, output)| open.add(*number, output));
        assert_eq!(parse_name(&open.name()), Some((3, 1, 2)));
        let bytes = open.bytes.finish().unwrap();
        let raw: usize = runs.iter().flat_map(|(_, output)| &output.tables).map(Vec::len).sum();
        assert!(bytes.len() < raw, "{} bytes for {raw}", bytes.len());
        assert_eq!(decode(&bytes).as_ref(), Some(&runs));
        for position in (0..bytes.len()).step_by(997).chain([0, bytes.len() - 1]) {
            let mut damaged = bytes.clone();
            damaged[position] ^= 4;
            // A flipped bit may leave the decoded bytes unchanged, but never give other ones.
            assert!(decode(&damaged).is_none_or(|found| found == runs), "byte {position}");
        }
        assert_eq!(decode(&bytes[..bytes.len() - 1]), None);
    }

    /// A workspace that holds finished runs of a scenario.
    fn workspace(home: &std::path::Path, plan: &Plan, runs: Vec<Run>) -> Workspace {
        let mark = crate::experiment::run::mark(plan, false, "");
        let folder = home.join("result");
        let request = Request { folder: &folder, plan: &mark, replace: false, extends: None };
        let Ok(Opened::Work(workspace)) = open(&request) else { panic!("a new folder") };
        keep_all(&workspace, [runs]).unwrap();
        workspace
    }

    fn runs(plan: &Plan, numbers: std::ops::RangeInclusive<u32>) -> Vec<Run> {
        let run = |number| replicate::run(plan, number, Workers::One, |_| ControlFlow::Continue(()));
        numbers.map(|number| (number, run(number).unwrap())).collect()
    }

    #[test]
    fn only_the_finished_runs_that_are_needed_are_loaded() {
        let home = tempfile::tempdir().unwrap();
        let plan = small(4, 1);
        let workspace = workspace(home.path(), &plan, runs(&plan, 1..=4));
        let (pool, stop) = (batch::pool(&plan).unwrap(), AtomicBool::new(false));
        let observer = &batch::Unobserved;
        let work = Work { plans: vec![&plan], workspace: &workspace, pool: &pool, observer, stop: &stop };
        let mut gathered = Gathered::new(work).unwrap();
        let never = |_: &Plan, _, _| panic!("nothing has to be computed");
        for last in [2, 3, 4] {
            let mut taken = Vec::new();
            gathered.compute(last, &never, |_, replicate, _| taken.push(replicate)).unwrap();
            assert_eq!(taken.last(), Some(&last), "as many as are needed, and no more");
        }
        assert_eq!((gathered.taken_up, gathered.computed), (4, 0));
    }

    #[test]
    fn runs_after_a_gap_are_computed_again() {
        let home = tempfile::tempdir().unwrap();
        let plan = small(5, 1);
        let all = runs(&plan, 1..=5);
        let kept = all.iter().filter(|(number, _)| *number != 3).cloned().collect();
        let mut workspace = workspace(home.path(), &plan, kept);
        let (pool, stop) = (batch::pool(&plan).unwrap(), AtomicBool::new(false));
        let observer = &batch::Unobserved;
        let work = Work { plans: vec![&plan], workspace: &workspace, pool: &pool, observer, stop: &stop };
        let mut gathered = Gathered::new(work).unwrap();
        let simulate =
            |plan: &Plan, number, workers| replicate::simulate(plan, number, workers, observer, &stop);
        let mut taken = Vec::new();
        gathered
            .compute(5, &simulate, |_, replicate, output| taken.push((replicate, output.clone())))
            .unwrap();
        assert_eq!((gathered.taken_up, gathered.computed), (2, 3));
        let profile = |mut run: Run| {
            run.1.profile = Profile::default();
            run
        };
        assert!(taken.into_iter().map(profile).eq(all.into_iter().map(profile)));
        let replicates = gathered.replicates;
        write_tables(&mut workspace, &plan, &replicates, &pool).unwrap();
    }
}
