//! Computes effort and quitting by columns (R3, R4, [`crate::model::rules::effort`]).

use super::conditions::Conditions;
use super::fates as fate;
use super::unit::Unit;
use super::workspace::Workspace;
use crate::engine::maths::{SUMMABLE, fixed};
use crate::engine::random::uniform;
use crate::engine::select::room;
use crate::engine::simd::dispatch;
use crate::model::purpose::monthly;
use crate::model::rules::ageing::{competence, learned, months_in_rank, tenure};
use crate::model::rules::effort::{
    NEWCOMER_MONTHS, Terms, experience, experience_decay, novelty, odds_against_shirking, quitting,
    recording, terms, wins, work,
};
use crate::model::state::traits::{Career, Skill};

/// Counts and exact sums over the workers of a unit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    shirkers: u32,
    quits: u32,
    newcomers: u32,
    work: u64,
}

dispatch! {
    /// R3 and R4 for the workers of a unit: marks those who quit, and counts.
    fn labour(
        instructions,
        terms: &Terms,
        month: u16,
        fates: &mut [u16],
        grievances: &[f32],
        skills: &[Skill],
        shirk_words: &[u32],
        quit_words: &[u32],
    ) -> Sums {
        let terms = *terms;
        let learned = learned(month);
        let mut sums = Sums::default();
        let (mut novelties, mut odds_against) = ([0.0; SUMMABLE], [0.0; SUMMABLE]);
        for first in (0..fates.len()).step_by(SUMMABLE) {
            let rows = first..fates.len().min(first + SUMMABLE);
            let fates = &mut fates[rows.clone()];
            let count = fates.len();
            let (grievances, skills) = (&grievances[rows.clone()][..count], &skills[rows.clone()][..count]);
            let (shirk_words, quit_words) = (&shirk_words[rows.clone()][..count], &quit_words[rows][..count]);
            let (mut shirkers, mut quitters, mut newcomers, mut work_done) = (0u32, 0u32, 0u32, 0u32);
            // Two exponentials that depend on each other have loops of their own, so that the processor works on more
            // people at once.
            let (novelties, odds_against) = (&mut novelties[..count], &mut odds_against[..count]);
            for row in 0..count {
                let tenure = tenure(skills[row], month);
                novelties[row] = novelty(tenure, terms.decay);
                newcomers += u32::from(tenure < NEWCOMER_MONTHS);
            }
            for row in 0..count {
                odds_against[row] = odds_against_shirking(&terms, grievances[row], novelties[row]);
            }
            for row in 0..count {
                let novelty = novelties[row];
                let shirks = wins(odds_against[row], uniform(shirk_words[row]));
                let quits = uniform(quit_words[row]) < quitting(&terms, grievances[row], novelty);
                fates[row] = if quits { fate::QUITS } else { 0 };
                shirkers += u32::from(shirks);
                quitters += u32::from(quits);
                // Halved, a worker's output is at most 1 and fits fixed point.
                work_done += fixed(0.5 * work(&terms, competence(skills[row], learned), novelty, shirks));
            }
            sums.shirkers += shirkers;
            sums.quits += quitters;
            sums.newcomers += newcomers;
            sums.work += u64::from(work_done);
        }
        sums
    }
}

dispatch! {
    /// Returns the sums of the ability and of the experience in rank of the elite of a unit, in fixed point.
    fn elite(instructions, month: u16, decay: f32, skills: &[Skill], careers: &[Career]) -> (u64, u64) {
        let learned = learned(month);
        let (mut competence_sum, mut experience_sum) = (0u64, 0u64);
        for (skills, careers) in skills.chunks(SUMMABLE).zip(careers.chunks(SUMMABLE)) {
            let (mut able, mut experienced) = (0u32, 0u32);
            for (&skill, career) in skills.iter().zip(careers) {
                able += fixed(competence(skill, learned));
                experienced += fixed(experience(months_in_rank(career.ranked(), month), decay));
            }
            competence_sum += u64::from(able);
            experience_sum += u64::from(experienced);
        }
        (competence_sum, experience_sum)
    }
}

/// R3 and R4 for the workers of a unit, and the elite's contribution to output (R11). Resets `workspace.fates` for
/// the month.
pub(super) fn pass(conditions: &Conditions, unit: &mut Unit, workspace: &mut Workspace) {
    let terms = terms(conditions, &unit.state);
    let month = conditions.month.0;
    let people = &unit.people;
    let workers = people.ranks.workers();
    let fates = room(&mut workspace.fates, people.len());
    fates[people.ranks.bosses()].fill(0);
    let sums = labour(
        conditions.instructions,
        &terms,
        month,
        &mut fates[workers.clone()],
        &people.grievance[workers.clone()],
        &people.skill[workers.clone()],
        &workspace.words.column(monthly::SHIRK)[workers.clone()],
        &workspace.words.column(monthly::QUIT)[workers],
    );
    unit.state.now.shirkers = sums.shirkers;
    unit.state.now.quits = sums.quits;
    unit.state.now.newcomers = sums.newcomers;
    unit.state.now.work = sums.work;
    unit.state.now.recording =
        recording(&conditions.parameters, conditions.levers.absence_law, unit.state.now.implementation);
    let (rows, decay) = (people.ranks.elite(), experience_decay(&conditions.parameters));
    (unit.state.now.elite_competence, unit.state.now.elite_experience) =
        elite(conditions.instructions, month, decay, &people.skill[rows.clone()], &people.career[rows]);
}
