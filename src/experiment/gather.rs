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
use crate::output::folder::{FolderError, Stream, WORK, Workspace};
use crate::output::manifest::{ReplicateStatus, Status};
use lz4_flex::frame::{FrameDecoder, FrameEncoder, FrameInfo};
use rayon::prelude::*;
use std::collections::VecDeque;
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
    /// Finished runs that an earlier process left.
    pub taken_up: u64,
    /// Runs that this process computed.
    pub computed: u64,
    /// Sum over months and finished runs of the people present.
    pub agent_months: u64,
    /// The same over the runs that this process computed.
    pub agent_months_computed: u64,
    /// Where the time of the computed runs went; nothing unless the plans ask for it.
    pub profile: Profile,
    /// By scenario, parts that have not been read, and runs of the last part that are not yet needed.
    waiting: Vec<VecDeque<String>>,
    ahead: Vec<VecDeque<Run>>,
    open: Option<Open>,
    /// When a part was last written.
    written: Instant,
}

/// Finished runs that are not yet in a file: the part that is being filled.
struct Open {
    scenario: usize,
    first: u32,
    last: u32,
    bytes: FrameEncoder<Vec<u8>>,
}

impl Open {
    fn new(scenario: usize, first: u32) -> Self {
        let bytes = FrameEncoder::with_frame_info(FrameInfo::new().content_checksum(true), Vec::new());
        Open { scenario, first, last: first, bytes }
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
        self.bytes.get_ref().len() >= PART_BYTES
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
    /// Finds the runs that an earlier process finished. [`Gathered::compute`] takes them up.
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

    /// Takes up finished runs of a scenario, up to the replicate `last` and as far as none is missing.
    fn take_up(&mut self, scenario: usize, last: u32, take: &mut impl FnMut(usize, u32, &Outcome)) {
        while self.next_replicate(scenario) <= last {
            if let Some((replicate, outcome)) = self.ahead[scenario].pop_front() {
                self.finished(scenario, replicate, &outcome);
                self.taken_up += 1;
                take(scenario, replicate, &outcome);
                continue;
            }
            let Some(name) = self.waiting[scenario].pop_front() else { return };
            let next = self.next_replicate(scenario);
            let tables = self.work.plans[scenario].tables.len();
            match self.work.workspace.part(&name).and_then(|bytes| decode(&bytes)) {
                Some(runs) if follow(next, tables, &runs) => self.ahead[scenario] = runs.into(),
                // A part that is damaged, or that follows a gap, is computed again, and what follows it as well.
                _ => {
                    self.work.workspace.drop_part(&name);
                    let behind = std::mem::take(&mut self.waiting[scenario]);
                    behind.iter().for_each(|name| self.work.workspace.drop_part(name));
                    return;
                }
            }
        }
    }

    /// The first replicate of a scenario that has not been computed.
    pub fn next_replicate(&self, scenario: usize) -> u32 {
        let first = *self.work.plans[scenario].replicates.start();
        self.replicates[scenario].last().map_or(first, |last| last.replicate + 1)
    }

    /// Replicates that each scenario lacks, up to the number `last`, if all parts are sound.
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
        // One scenario after the other: runs of the baseline come before those that are compared with them.
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
        if open.is_full() || self.written.elapsed() >= PART_TIME { self.write_part() } else { Ok(()) }
    }

    fn write_part(&mut self) -> Result<(), FolderError> {
        self.written = Instant::now();
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

/// Writes the tables of the finished `replicates` from the parts: scenarios in their order, replicates by number. The threads of
/// `pool` share the tables.
///
/// # Errors
///
/// If a part has disappeared or the disk cannot take a table.
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
            runs.iter().try_for_each(|(_, outcome)| stream.append(&outcome.tables[table]))
        };
        pool.install(|| streams.par_iter_mut().enumerate().try_for_each(append))?;
    }
    if due.iter().any(|due| !due.is_empty()) {
        return Err(lost("parts"));
    }
    streams.into_iter().try_for_each(|stream| workspace.close(stream))
}

/// Scenario, first and last replicate of a part.
fn parse_name(name: &str) -> Option<(usize, u32, u32)> {
    let mut numbers = name.split('-');
    let mut number = || numbers.next()?.parse().ok();
    Some((number()? as usize, number()?, number()?))
}

/// True if the runs of a part follow one another from `first` on, and have so many tables.
fn follow(first: u32, tables: usize, runs: &[Run]) -> bool {
    !runs.is_empty()
        && (first..)
            .zip(runs)
            .all(|(expected, (replicate, outcome))| expected == *replicate && outcome.tables.len() == tables)
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
    use crate::output::folder::{Opened, Request, open};
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
        assert_eq!(parse_name(&open.name()), Some((3, 1, 2)));
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
    fn finished_runs_are_taken_up_no_further_than_the_work_has_come() {
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
            assert_eq!(taken.last(), Some(&last), "as many as a look needs, and no more");
        }
        assert_eq!((gathered.taken_up, gathered.computed), (4, 0));
    }

    #[test]
    fn what_follows_a_gap_is_computed_again() {
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
            .compute(5, &simulate, |_, replicate, outcome| taken.push((replicate, outcome.clone())))
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
