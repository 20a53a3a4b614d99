//! Steps of a month inside one unit, where several follow each other while its people are at hand.
//!
//! Owns what is carried out together: the punishments of step 4 with the lists of whom the rest of the month may concern,
//! and the way from fates to departures. Whom the purge may concern waits for the mean weight of the country; everybody
//! else does not, so that no second sweep over people is needed: until then fear is felt, and grievance is turned to
//! enemies, for every number of the elite that may fall.

use super::conditions::Conditions;
use super::people::fate;
use super::processes::departures::Movers;
use super::processes::*;
use super::profile::Process;
use super::purpose::{MONTHLY, monthly};
use super::region::Region;
use super::scratch::Scratch;
use super::setup::Population;
use super::students;
use super::unit::Unit;
use super::watchlists::{AtRisk, Event, LateWords, Lookout};
use crate::engine::maths::from_fixed;
use crate::engine::select::{positions, room};
use crate::engine::simd::dispatch;

/// Random words of page [`MONTHLY`] of the people of a unit.
pub(super) fn fill_words(conditions: &Conditions, unit: &Unit, scratch: &mut Scratch) {
    let identities = &unit.people.identity;
    scratch.words.fill(conditions.instructions, &conditions.key, MONTHLY, conditions.month.0, identities);
}

/// Gives a unit the list of events in scratch, empty, until they are carried out.
pub(super) fn lend_events(unit: &mut Unit, scratch: &mut Scratch) {
    scratch.events.clear();
    unit.watched.events = std::mem::take(&mut scratch.events);
}

/// The accusations in a unit reach those accused; step 4 as far as it does not wait for other units; then whom the rest of
/// the month may concern is noted. `scratch.words` are those of the unit's people, `targets` the rows of those accused.
pub(super) fn punish(
    conditions: &Conditions,
    lookout: &Lookout,
    region: &Region,
    unit: &mut Unit,
    targets: &mut [u32],
    scratch: &mut Scratch,
) {
    let sanction_words = scratch.words.column(monthly::SANCTION);
    accusation::receive(unit, targets, |row| sanction_words[row]);
    let kept = (1.0 - conditions.rules.suspicion_forgetting) as f32;
    accusation::suspect(conditions.instructions, &mut unit.people.suspicion, &unit.now.accused, kept);
    sanction::pass(conditions, region, unit, &mut scratch.fates);
    repression::pass(conditions, region, unit, scratch);
    scratch.watch.lap(Process::Punishment);
    if purge::hazard(conditions) > 0.0 {
        unit.watched.purge_weight = purge::watch(conditions, unit, scratch);
        scratch.watch.lap(Process::Purge);
    }
    note_events(conditions, unit, scratch);
    students::watch(conditions, lookout, unit, scratch);
    scratch.watch.lap(Process::Departures);
    merit::watch(conditions, &lookout.merit, unit, scratch);
    scratch.watch.lap(Process::Chain);
    if let Some(joining) = &lookout.joining {
        recruitment::watch(conditions, joining, unit, scratch);
        let bosses = unit.people.ranks.bosses();
        unit.watched.applicants.retain(|applicant| {
            let row = applicant.seen as usize;
            bosses.contains(&row) || scratch.fates[row] & fate::LEAVING == 0
        });
        scratch.watch.lap(Process::Recruitment);
    }
}

dispatch! {
    fn mark_fates(instructions, marks: &mut [bool], fates: &[u16], any: u16) {
        for (mark, fate) in marks.iter_mut().zip(fates) {
            *mark = fate & any != 0;
        }
    }
}

/// Notes those to whom something happens, with the words that are read later; those apart to whom the purge may happen.
fn note_events(conditions: &Conditions, unit: &mut Unit, scratch: &mut Scratch) {
    let Scratch { marks, rows, fates, words, .. } = scratch;
    let people = unit.people.len();
    mark_fates(conditions.instructions, room(marks, people), &fates[..people], fate::EVENTS);
    positions(&marks[..people], rows);
    let [promotion, school, recruitment] = [monthly::PROMOTION, monthly::SCHOOL, monthly::RECRUITMENT]
        .map(|purpose| &words.column(purpose)[..people]);
    let (purge, fates) = (words.column(monthly::PURGE), &fates[..people]);
    let watched = &mut unit.watched;
    watched.events.reserve(rows.len());
    for &row in rows.iter() {
        let place = row as usize;
        let words =
            LateWords { promotion: promotion[place], school: school[place], recruitment: recruitment[place] };
        let event = Event { row, fate: fates[place], words };
        if event.fate & fate::AT_RISK == 0 {
            watched.events.push(event);
        } else {
            let identity = unit.people.identity[place];
            watched.at_risk.push(AtRisk { identity, event, purge_word: purge[place] });
        }
    }
}

/// Elections of step 4; steps 5 and 6; the departures and the growth of step 7: all that does not wait for the purge.
/// `electors` are the sum of the grievance of those who vote, and their number: if not said, the unit's people.
pub(super) fn conclude(
    conditions: &Conditions,
    lookout: &Lookout,
    population: Population,
    electors: Option<(u64, u64)>,
    unit: &mut Unit,
    scratch: &mut Scratch,
    movers: &mut Movers,
) {
    let (grievance, electors) = electors.unwrap_or((unit.now.grievance_all, u64::from(unit.now.people())));
    election::pass(conditions, from_fixed(grievance) / electors.max(1) as f64, unit);
    scratch.watch.lap(Process::Purge);
    let may_fall = outcome::count(conditions, unit);
    scratch.watch.lap(Process::Departures);
    fear::pass(conditions, unit, may_fall);
    if unit.watched.at_risk.is_empty() {
        authority::pass(conditions, unit);
    }
    scratch.watch.lap(Process::Mood);
    departures::pass(conditions, lookout, population, unit, scratch, movers);
    growth::pass(conditions, unit);
    scratch.watch.lap(Process::Departures);
}

/// Asks for the memory of those at risk in a unit.
pub(super) fn prefetch_at_risk(unit: &Unit) {
    unit.watched.at_risk.iter().for_each(|one| unit.people.prefetch_one(one.event.row as usize));
}

/// The purge before everything that [`conclude`] carries out, in which it then has its part.
pub(super) fn purge_first(conditions: &Conditions, mean_weight: f64, unit: &mut Unit) {
    purge::pass(conditions, mean_weight, unit);
    let watched = &mut unit.watched;
    watched.events.extend(watched.at_risk.drain(..).map(|one| one.event));
    watched.events.sort_unstable_by_key(|event| event.row);
}

/// The purge after [`conclude`]: it, and all that waited for it.
pub(super) fn purge_last(
    conditions: &Conditions,
    lookout: &Lookout,
    population: Population,
    mean_weight: f64,
    unit: &mut Unit,
    scratch: &mut Scratch,
    movers: &mut Movers,
) {
    if unit.watched.at_risk.is_empty() {
        return;
    }
    for one in &mut unit.watched.at_risk {
        let Some(row) = unit.people.find(one.identity, one.event.row) else {
            unreachable!("those at risk wait for the purge")
        };
        one.event.row = row as u32;
    }
    lend_events(unit, scratch);
    purge_first(conditions, mean_weight, unit);
    scratch.watch.lap(Process::Purge);
    let fallen = outcome::count_purged(conditions, unit);
    fear::settle(unit, fallen);
    authority::pass(conditions, unit);
    scratch.watch.lap(Process::Mood);
    departures::pass(conditions, lookout, population, unit, scratch, movers);
    scratch.events = std::mem::take(&mut unit.watched.events);
    scratch.watch.lap(Process::Departures);
}
