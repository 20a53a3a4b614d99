//! Computes upper bounds on the hazard of an accusation (R5) from what is known before the acquaintance is looked up.
//!
//! A bound must never lie below a hazard; the tests of [`super`] compare both for random cases. The bound for all
//! people of a unit leaves out the kind of meeting, the members of the brigade and the bosses actually present:
//! tighter bounds were tried and cost as much as the lookups they save.

use crate::engine::random::uniform;
use crate::engine::select::{positions, room};
use crate::engine::simd::dispatch;
use crate::model::fast::conditions::Conditions;
use crate::model::fast::unit::Unit;
use crate::model::fast::workspace::Workspace;
use crate::model::purpose::monthly;
use crate::model::rules::accusation::{Accuser, Climate, distance, exposure, post, reach};
use crate::model::rules::ageing::{competence, learned};
use crate::model::state::standing::{DIRECTOR, ELITE, FOREMAN, Standing, WORKER};
use crate::model::state::traits::{Dates, Drive, Skill, Temperament};

/// Factor by which bounds are raised, so that rounding cannot put them below the hazard. Bound and hazard
/// differ by about a dozen roundings of 6e-8 each and two exponentials of 1.2e-7. No result depends on the
/// factor.
pub(super) const BOUND_MARGIN: f32 = 1.0001;

/// Target classes of workers; see [`Standing::target_class`].
const CLASSES_OF_WORKERS: [usize; 3] = [0, 4, 5];
/// Target classes of foremen.
const CLASSES_OF_FOREMEN: [usize; 3] = [0, 1, 2];
/// Target classes of the elite.
const CLASSES_OF_THE_ELITE: [usize; 4] = [0, 1, 2, 3];

/// Upper bound on [`super::opportunity`] for targets of whom only the rank is known: `direction` times
/// `target`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ceiling {
    /// Licence times deterrence, upwards and otherwise.
    direction: [f32; 2],
    /// Image times exposure, of workers, foremen and the elite.
    target: [f32; 3],
}

impl Ceiling {
    pub(super) fn new(climate: &Climate) -> Self {
        let most = |classes: &[usize]| largest(classes.iter().map(|&class| climate.image[class]));
        let exposed = exposure(climate, 0, 1.0);
        Ceiling {
            direction: [0, 1].map(|way| BOUND_MARGIN * climate.licence[way] * climate.left[way][0]),
            target: [
                most(&CLASSES_OF_WORKERS),
                most(&CLASSES_OF_FOREMEN) * exposed,
                (most(&CLASSES_OF_THE_ELITE) + climate.gap_blame) * exposed,
            ],
        }
    }

    fn of(&self, own: u8, theirs: u8) -> f32 {
        self.direction[usize::from(theirs <= own)] * self.target[usize::from(theirs.min(ELITE))]
    }
}

fn largest(values: impl IntoIterator<Item = f32>) -> f32 {
    values.into_iter().fold(0.0, f32::max)
}

/// The terms of an upper bound on hazards that do not depend on the accuser's attributes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BoundTerms {
    opportunity: f32,
    principle: f32,
    temperament: f32,
    calm: f32,
    rankled: f32,
    rivalry: f32,
    fear: f32,
    able: f32,
}

impl BoundTerms {
    /// Returns the terms for accusers of rank `own` who meet a person of rank `theirs`.
    pub(super) fn new(climate: &Climate, ceiling: &Ceiling, own: u8, theirs: u8) -> Self {
        BoundTerms {
            opportunity: ceiling.of(own, theirs),
            principle: climate.principle * distance(climate, own, theirs, own == WORKER && theirs == WORKER),
            temperament: climate.temperament,
            calm: climate.calm,
            rankled: climate.rankled,
            rivalry: climate.rivalry[post(own, theirs)] * reach(climate, own, theirs, true),
            fear: climate.fear,
            able: climate.able,
        }
    }

    /// Returns terms that bound the hazards of workers, whatever rank they meet.
    pub(super) fn of_workers(climate: &Climate, ceiling: &Ceiling) -> Self {
        [WORKER, FOREMAN, ELITE, DIRECTOR]
            .map(|theirs| BoundTerms::new(climate, ceiling, WORKER, theirs))
            .into_iter()
            .fold(BoundTerms::default(), BoundTerms::or)
    }

    /// Returns terms that bound the hazards of bosses of all ranks. They may be loose, since bosses are few.
    pub(super) fn of_bosses(climate: &Climate, ceiling: &Ceiling) -> Self {
        BoundTerms {
            opportunity: largest(ceiling.direction) * largest(ceiling.target),
            // From foreman to director: the largest distance at which a boss looks up.
            principle: climate.principle * distance(climate, FOREMAN, DIRECTOR, false),
            temperament: climate.temperament,
            calm: climate.calm,
            rankled: climate.rankled,
            rivalry: largest(climate.rivalry),
            fear: climate.fear,
            able: climate.able,
        }
    }

    /// Returns terms whose bounds are at least those of either.
    fn or(self, other: Self) -> Self {
        BoundTerms {
            opportunity: self.opportunity.max(other.opportunity),
            principle: self.principle.max(other.principle),
            temperament: self.temperament.max(other.temperament),
            calm: self.calm.max(other.calm),
            rankled: self.rankled.max(other.rankled),
            rivalry: self.rivalry.max(other.rivalry),
            fear: self.fear.max(other.fear),
            // Equal in all terms of a month, except that a fold starts with 0.
            able: self.able.max(other.able),
        }
    }

    /// Returns an upper bound on the hazard of an accusation. `hopes` says whether the accuser is eligible for a
    /// post.
    #[inline(always)]
    #[allow(clippy::too_many_arguments)]
    fn bound(
        &self,
        egalitarianism: f32,
        grievance: f32,
        temper: f32,
        ambition: f32,
        fear: f32,
        rankles: bool,
        hopes: bool,
    ) -> f32 {
        let motives = self.principle * egalitarianism * grievance
            + self.temperament * temper * (self.calm + grievance) * if rankles { self.rankled } else { 1.0 }
            + if hopes { self.rivalry * ambition } else { 0.0 }
            + self.fear * fear;
        self.opportunity * motives
    }

    /// Returns an upper bound on the hazard of an accusation by this accuser.
    pub(super) fn bound_of(&self, accuser: &Accuser) -> f32 {
        self.bound(
            accuser.egalitarianism,
            accuser.grievance,
            accuser.temper,
            accuser.ambition,
            accuser.fear,
            accuser.grudge,
            accuser.eligible,
        )
    }
}

dispatch! {
    /// Marks the people whose draw lies below the upper bound on their hazard of accusing anyone.
    fn may_accuse(
        instructions,
        terms: &BoundTerms,
        bosses: bool,
        marks: &mut [bool],
        words: &[u32],
        egalitarianisms: &[f32],
        grievances: &[f32],
        temperaments: &[Temperament],
        drives: &[Drive],
        fears: &[f32],
        dates: &[Dates],
        skills: &[Skill],
        standings: &[Standing],
        month: u16,
    ) {
        let terms = *terms;
        let learned = learned(month);
        let count = marks.len();
        let (words, egalitarianisms, grievances) =
            (&words[..count], &egalitarianisms[..count], &grievances[..count]);
        let (temperaments, drives) = (&temperaments[..count], &drives[..count]);
        let (fears, dates) = (&fears[..count], &dates[..count]);
        let (skills, standings) = (&skills[..count], &standings[..count]);
        for row in 0..count {
            let hopes = bosses | standings[row].in_party() | standings[row].trained()
                | (competence(skills[row], learned) > terms.able);
            let bound = terms.bound(
                egalitarianisms[row],
                grievances[row],
                temperaments[row].temper().value(),
                drives[row].ambition().value(),
                fears[row],
                dates[row].rankles_until() >= month as i16,
                hopes,
            );
            marks[row] = uniform(words[row]) < bound;
        }
    }
}

/// Writes to `workspace.rows` the people who may accuse someone.
pub(super) fn possible(
    conditions: &Conditions,
    climate: &Climate,
    ceiling: &Ceiling,
    unit: &Unit,
    workspace: &mut Workspace,
) {
    let people = &unit.people;
    let marks = room(&mut workspace.marks, people.len());
    for (terms, bosses, rows) in [
        (BoundTerms::of_bosses(climate, ceiling), true, people.ranks.bosses()),
        (BoundTerms::of_workers(climate, ceiling), false, people.ranks.workers()),
    ] {
        may_accuse(
            conditions.instructions,
            &terms,
            bosses,
            &mut marks[rows.clone()],
            &workspace.words.column(monthly::ACCUSE)[rows.clone()],
            &people.egalitarianism[rows.clone()],
            &people.grievance[rows.clone()],
            &people.temperament[rows.clone()],
            &people.drive[rows.clone()],
            &people.fear[rows.clone()],
            &people.dates[rows.clone()],
            &people.skill[rows.clone()],
            &people.standing[rows],
            conditions.month.0,
        );
    }
    positions(marks, &mut workspace.rows);
}
