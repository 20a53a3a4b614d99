//! Steps 1 and 2, person by person: the roll call, grievance and norms, effort and quitting.

use super::Somebody;
use crate::engine::maths::fixed;
use crate::engine::random::uniform;
use crate::model::conditions::Conditions;
use crate::model::identity;
use crate::model::people::fate;
use crate::model::person::{ELITE, WORKER};
use crate::model::processes::effort::{self, NEWCOMER_MONTHS, recording};
use crate::model::processes::grievance;
use crate::model::processes::implementation::implementation;
use crate::model::processes::presence::since_bin;
use crate::model::purpose::UNIT;
use crate::model::region::Region;
use crate::model::unit::Unit;

/// Step 1 in a unit: who is here, with which words, and how many of each kind.
pub(super) fn roll_call(conditions: &Conditions, unit: &mut Unit, people: &mut [Somebody]) {
    let month = conditions.month.0;
    unit.now.clear();
    unit.words = conditions.key.block(UNIT, month, identity::unit(unit.number));
    let now = &mut unit.now;
    for somebody in people {
        *somebody = Somebody::new(conditions, somebody.person);
        let standing = somebody.person.standing;
        now.counts[usize::from(standing.rank())] += 1;
        now.origins[standing.origin() as usize] += 1;
        now.party += u32::from(standing.in_party());
        now.heroes += u32::from(somebody.hero(conditions));
        if standing.boss() {
            now.bosses_by_since[since_bin(somebody.person.months_in_rank(month))] += 1;
            now.former_bosses += u32::from(standing.former());
        }
        if standing.elite() {
            let role = (standing.role() as usize).saturating_sub(1);
            now.elite_by_role[usize::from(standing.rank() - ELITE)][role] += 1;
            now.former_elite += u32::from(standing.former());
        }
    }
    now.implementation =
        implementation(&conditions.rules, conditions.levers.enforcement, unit.tightness, unit.accused_bosses);
    if !conditions.mechanisms.union_stock {
        unit.union = conditions.levers.union;
    }
}

/// R1 and R2 in a unit.
pub(super) fn feel(conditions: &Conditions, region: &Region, unit: &mut Unit, people: &mut [Somebody]) {
    let terms = grievance::terms(conditions, region, unit);
    // Of the workers who are heroes of labour, and of the others.
    let mut egalitarianism = [0u64; 2];
    for somebody in people {
        let rank = somebody.rank();
        let terms = &terms[usize::from(rank)];
        let hero = somebody.hero(conditions);
        let person = &mut somebody.person;
        let convinced = person.egalitarianism;
        let group = person.standing.origin_bits();
        person.grievance = grievance::grievance(
            terms,
            person.grievance,
            convinced,
            person.drive.ambition().value(),
            hero,
            group,
        );
        person.egalitarianism = grievance::follow_norm(convinced, terms.norm, terms.drift);
        unit.now.grievance_all += u64::from(fixed(person.grievance));
        if rank == WORKER {
            unit.now.grievance_workers += u64::from(fixed(person.grievance));
            egalitarianism[usize::from(!hero)] += u64::from(fixed(convinced));
        }
    }
    unit.now.deprivation_workers = grievance::summed_deprivation(&terms[usize::from(WORKER)], egalitarianism);
}

/// R3 and R4 in a unit, and what its elite brings to output.
pub(super) fn work(conditions: &Conditions, unit: &mut Unit, people: &mut [Somebody]) {
    use crate::model::purpose::monthly;
    let terms = effort::terms(conditions, unit);
    let month = conditions.month.0;
    let now = &mut unit.now;
    for Somebody { person, words, fate, .. } in people {
        if person.standing.elite() {
            now.elite_competence += u64::from(fixed(person.competence(month)));
            now.elite_experience += u64::from(fixed(effort::experience(person.months_in_rank(month))));
        }
        if person.standing.boss() {
            continue;
        }
        let novelty = effort::novelty(person.tenure(month), terms.decay);
        let shirks = effort::shirks(&terms, person.grievance, novelty, uniform(words[monthly::SHIRK]));
        if uniform(words[monthly::QUIT]) < effort::quitting(&terms, person.grievance, novelty) {
            *fate |= fate::QUITS;
            now.quits += 1;
        }
        now.shirkers += u32::from(shirks);
        now.newcomers += u32::from(person.tenure(month) < NEWCOMER_MONTHS);
        now.work += u64::from(fixed(0.5 * effort::work(&terms, person.competence(month), novelty, shirks)));
    }
    now.recording = recording(&conditions.rules, conditions.levers.absence_law, now.implementation);
}
