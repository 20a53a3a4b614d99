//! Step 2: updates grievance and egalitarian conviction, and lets workers work, shirk or quit (R1 to R4).

use crate::engine::maths::fixed;
use crate::engine::random::uniform;
use crate::model::conditions::Conditions;
use crate::model::purpose::monthly;
use crate::model::rules::effort::{self, NEWCOMER_MONTHS};
use crate::model::rules::grievance;
use crate::model::society::{Agent, Society};
use crate::model::state::fate;
use crate::model::state::standing::WORKER;

impl Society {
    /// R1 and R2: moves grievance towards its target and egalitarian conviction towards the official norm.
    pub(in crate::model) fn feel(&mut self, conditions: &Conditions) {
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            let terms = grievance::terms(conditions, &self.country.regions[unit.region as usize], unit);
            // Sums of the workers' conviction: shock workers, then the others.
            let mut convictions = [0u64; 2];
            for Agent { person, .. } in people {
                let rank = person.rank();
                let terms = &terms[usize::from(rank)];
                let shock_worker = person.is_shock_worker(conditions.shock_below);
                let conviction = person.egalitarianism;
                person.grievance = grievance::grievance(
                    terms,
                    person.grievance,
                    conviction,
                    person.ambition(),
                    shock_worker,
                    person.standing.origin_bits(),
                );
                person.egalitarianism = grievance::follow_norm(conviction, terms.norm, terms.drift);
                unit.now.grievance_all += u64::from(fixed(person.grievance));
                if rank == WORKER {
                    unit.now.grievance_workers += u64::from(fixed(person.grievance));
                    convictions[usize::from(!shock_worker)] += u64::from(fixed(conviction));
                }
            }
            unit.now.deprivation = grievance::summed_deprivation(&terms[usize::from(WORKER)], convictions);
        }
    }

    /// R3 and R4: decides which workers shirk, and which quit, to be carried out in step 7.
    ///
    /// It also sums what the elite contributes to output.
    pub(in crate::model) fn work(&mut self, conditions: &Conditions) {
        let month = conditions.month.0;
        let decay = effort::experience_decay(&conditions.parameters);
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            let terms = effort::terms(conditions, unit);
            let now = &mut unit.now;
            for Agent { person, words, fate, .. } in people {
                if person.standing.elite() {
                    now.elite_competence += u64::from(fixed(person.competence(month)));
                    let experience = effort::experience(person.months_in_rank(month), decay);
                    now.elite_experience += u64::from(fixed(experience));
                }
                if person.standing.boss() {
                    continue;
                }
                let novelty = effort::novelty(person.tenure(month), terms.decay);
                let shirks =
                    effort::shirks(&terms, person.grievance, novelty, uniform(words[monthly::SHIRK]));
                if uniform(words[monthly::QUIT]) < effort::quitting(&terms, person.grievance, novelty) {
                    *fate |= fate::QUITS;
                    now.quits += 1;
                }
                let work = effort::work(&terms, person.competence(month), novelty, shirks);
                now.shirkers += u32::from(shirks);
                now.newcomers += u32::from(person.tenure(month) < NEWCOMER_MONTHS);
                // Halved, a worker's output is at most 1 and fits fixed point.
                now.work += u64::from(fixed(0.5 * work));
            }
            now.recording =
                effort::recording(&conditions.parameters, conditions.levers.absence_law, now.implementation);
        }
    }
}
