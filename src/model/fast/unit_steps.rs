//! Runs the steps of the month in one unit while its people are in the cache.

use super::candidates::{Event, LateWords};
use super::conditions::Conditions;
use super::departures::Movers;
use super::fates as fate;
use super::prefilter::Prefilter;
use super::profile::Process;
use super::unit::Unit;
use super::workspace::Workspace;
use super::{
    accusation, departures, effort, election, fear, grievance, merit, natural_exits, outcome, purge,
    recruitment, repression, roll_call, sanction, school,
};
use crate::engine::maths::from_fixed;
use crate::engine::select::{positions, room};
use crate::engine::simd::dispatch;
use crate::model::purpose::{MONTHLY, monthly};
use crate::model::rules::accusation::Climate;
use crate::model::rules::acquaintance::Official;
use crate::model::rules::profiles::Notes;
use crate::model::rules::{accusation as rule, authority, growth, purge as purge_rule};
use crate::model::setup::Population;
use crate::model::state::region::Region;

/// Context for the steps of a unit. After each step, it times the step and prefetches a part of the next unit's
/// people.
pub(super) struct Pipeline<'a> {
    pub(super) workspace: &'a mut Workspace,
    pub(super) next: Option<&'a Unit>,
    /// Parts of the next unit prefetched so far.
    pub(super) part: usize,
}

/// Number of parts in which the people of the next unit are prefetched. More or fewer parts, prefetching column by
/// column, or into the second cache, gained nothing.
const PARTS: usize = 8;

impl Pipeline<'_> {
    fn done(&mut self, process: Process) {
        self.prefetch();
        self.workspace.timer.lap(process);
    }

    fn prefetch(&mut self) {
        self.next.into_iter().for_each(|next| next.people.prefetch_part(self.part, PARTS));
        self.part += 1;
    }
}

/// Buffers of the punishments in a unit.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    /// Events of the unit, in a month in which nothing waits for them.
    pub(super) events: Vec<Event>,
    /// Rows of the accused, once for each accusation.
    targets: Vec<u32>,
}

fn fill_words(conditions: &Conditions, unit: &Unit, workspace: &mut Workspace) {
    let identities = &unit.people.identity;
    workspace.words.fill(conditions.instructions, &conditions.key, MONTHLY, conditions.month.0, identities);
}

/// Runs steps 1 and 2, and draws natural exits.
pub(super) fn feel_and_work(
    conditions: &Conditions,
    region: &Region,
    notes: &Notes,
    open_in_office: bool,
    unit: &mut Unit,
    pipeline: &mut Pipeline,
) {
    roll_call::pass(conditions, &notes.thirds, open_in_office, unit);
    pipeline.prefetch();
    unit.candidates.prefetch_room(&unit.people);
    fill_words(conditions, unit, pipeline.workspace);
    pipeline.done(Process::Words);
    grievance::pass(conditions, region, unit);
    pipeline.done(Process::Grievance);
    effort::pass(conditions, unit, pipeline.workspace);
    pipeline.prefetch();
    natural_exits::pass(conditions, unit, pipeline.workspace);
    pipeline.done(Process::Effort);
}

/// Returns the terms that all accusations in the unit share.
pub(super) fn climate(
    conditions: &Conditions,
    region: &Region,
    unit: &mut Unit,
    regional_posts: f64,
    regional_directors: u32,
) -> Climate {
    let eligible = accusation::eligible_workers(conditions, &unit.people);
    unit.state.now.count_eligible_workers(eligible);
    rule::climate(conditions, region, &unit.state, eligible, regional_posts, regional_directors)
}

/// Runs step 3: accusations by the people of the unit.
pub(super) fn accuse(
    conditions: &Conditions,
    climate: &Climate,
    notes: &Notes,
    unit: &mut Unit,
    officials: &[Official],
    pipeline: &mut Pipeline,
) {
    accusation::pass(conditions, climate, notes, unit, pipeline.workspace, officials);
    pipeline.done(Process::Accusation);
}

/// Lends the unit the workspace's list of events, emptied, until they are carried out.
pub(super) fn lend_events(unit: &mut Unit, workspace: &mut Workspace) {
    workspace.punishment.events.clear();
    unit.candidates.events = std::mem::take(&mut workspace.punishment.events);
}

/// Runs step 4 in a plant, except purge and elections.
pub(super) fn punish(
    conditions: &Conditions,
    prefilter: &Prefilter,
    region: &Region,
    unit: &mut Unit,
    pipeline: &mut Pipeline,
) {
    let workspace = &mut *pipeline.workspace;
    let mut targets = std::mem::take(&mut workspace.punishment.targets);
    targets.clear();
    targets.extend(unit.state.now.acts.iter().filter(|act| !act.official).map(|act| act.row));
    punish_accused(conditions, prefilter, region, unit, &mut targets, workspace);
    workspace.punishment.targets = targets;
    pipeline.prefetch();
    pipeline.prefetch();
}

/// Runs step 4 in an office, except purge and elections. `targets` are the rows of the accused, once for each
/// accusation.
pub(super) fn punish_office(
    conditions: &Conditions,
    prefilter: &Prefilter,
    region: &Region,
    office: &mut Unit,
    mut targets: Vec<u32>,
    workspace: &mut Workspace,
) {
    fill_words(conditions, office, workspace);
    room(&mut workspace.fates, office.people.len()).fill(0);
    natural_exits::pass(conditions, office, workspace);
    punish_accused(conditions, prefilter, region, office, &mut targets, workspace);
}

/// Delivers accusations to their targets, draws sanctions and arrests, then lists the people who matter for later
/// steps.
fn punish_accused(
    conditions: &Conditions,
    prefilter: &Prefilter,
    region: &Region,
    unit: &mut Unit,
    targets: &mut [u32],
    workspace: &mut Workspace,
) {
    let sanction_words = workspace.words.column(monthly::SANCTION);
    accusation::receive(unit, targets, |row| sanction_words[row]);
    let kept = (1.0 - conditions.parameters.suspicion_forgetting) as f32;
    accusation::suspect(conditions.instructions, &mut unit.people.suspicion, &unit.candidates.accused, kept);
    sanction::pass(conditions, region, unit, &mut workspace.fates);
    repression::pass(conditions, region, unit, workspace);
    workspace.timer.lap(Process::Punishment);
    if purge_rule::hazard(conditions) > 0.0 {
        purge::mark(conditions, unit, workspace);
        workspace.timer.lap(Process::Purge);
    }
    list_events(conditions, unit, workspace);
    school::list(conditions, prefilter, unit, workspace);
    workspace.timer.lap(Process::Departures);
    merit::list(conditions, &prefilter.merit, unit, workspace);
    workspace.timer.lap(Process::Chain);
    if let Some(party) = &prefilter.party {
        recruitment::list(conditions, party, unit, workspace);
        let bosses = unit.people.ranks.bosses();
        unit.candidates.for_party.retain(|candidate| {
            let row = candidate.seen as usize;
            bosses.contains(&row) || workspace.fates[row] & fate::LEAVING == 0
        });
        workspace.timer.lap(Process::Recruitment);
    }
}

dispatch! {
    fn mark_fates(instructions, marks: &mut [bool], fates: &[u16], any: u16) {
        for (mark, fate) in marks.iter_mut().zip(fates) {
            *mark = fate & any != 0;
        }
    }
}

/// Lists the people to whom something happens, or may happen in the purge, with the words that are read later.
fn list_events(conditions: &Conditions, unit: &mut Unit, workspace: &mut Workspace) {
    let Workspace { marks, rows, fates, words, .. } = workspace;
    let people = unit.people.len();
    mark_fates(conditions.instructions, room(marks, people), &fates[..people], fate::EVENTS);
    positions(&marks[..people], rows);
    let [promotion, school, recruitment, purge] =
        [monthly::PROMOTION, monthly::SCHOOL, monthly::RECRUITMENT, monthly::PURGE]
            .map(|purpose| &words.column(purpose)[..people]);
    let fates = &fates[..people];
    unit.candidates.events.extend(rows.iter().map(|&row| {
        let place = row as usize;
        let words =
            LateWords { promotion: promotion[place], school: school[place], recruitment: recruitment[place] };
        Event { row, fate: fates[place], words, purge_word: purge[place] }
    }));
}

/// Prefetches the rows of a unit's events, which [`conclude`] reads in a second sweep. Its loops over whole columns need no
/// prefetch.
pub(super) fn prefetch_conclusion(unit: &Unit) {
    unit.candidates.events.iter().for_each(|event| unit.people.prefetch_one(event.row as usize));
}

/// Runs the elections of step 4, steps 5 and 6, and the departures and growth of step 7.
///
/// `electors` is the sum of the voters' grievance and their number; `None` means the unit's people.
pub(super) fn conclude(
    conditions: &Conditions,
    prefilter: &Prefilter,
    population: &Population,
    electors: Option<(u64, u64)>,
    unit: &mut Unit,
    workspace: &mut Workspace,
    movers: &mut Movers,
) {
    let now = &unit.state.now;
    let (grievance, electors) = electors.unwrap_or((now.grievance_all, u64::from(now.people())));
    election::pass(conditions, from_fixed(grievance) / electors.max(1) as f64, unit);
    workspace.timer.lap(Process::Purge);
    outcome::count(conditions, unit);
    workspace.timer.lap(Process::Departures);
    authority::update(conditions, &mut unit.state);
    fear::pass(conditions, unit);
    workspace.timer.lap(Process::Mood);
    departures::pass(conditions, prefilter, population, unit, workspace, movers);
    growth::update(conditions, &mut unit.state);
    workspace.timer.lap(Process::Departures);
}
