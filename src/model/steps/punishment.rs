//! Step 4: decides sanctions, arrests, natural exits, the purge and elections, and counts the fates that prevail
//! (R6).

use crate::engine::maths::{fixed, from_fixed, gumbel_of_word};
use crate::engine::random::{uniform, uniform64};
use crate::model::conditions::Conditions;
use crate::model::purpose::{RARE, monthly, rare};
use crate::model::rules::outcome::{self, Subject};
use crate::model::rules::repression::{Case, due, weak_case};
use crate::model::rules::{election, natural_exit, purge, sanction};
use crate::model::society::{Agent, Society};
use crate::model::state::fate;
use crate::model::state::region::RegionMonth;
use crate::model::state::standing::ELITE;

impl Society {
    /// R6a: sanctions some of the people who were accused.
    pub(in crate::model) fn sanction(&mut self, conditions: &Conditions) {
        for (unit, people) in self.units.iter().zip(&mut self.people) {
            let attack = self.country.regions[unit.region as usize].attack;
            let criticism = conditions.levers.criticism;
            for Agent { person, words, fate, accusations, .. } in people {
                let protected = sanction::protected(person.standing);
                let chance =
                    sanction::probability(&conditions.parameters, criticism, *accusations, protected, attack);
                if *accusations > 0 && uniform64(words[monthly::SANCTION]) < chance {
                    *fate |= fate::SANCTIONED;
                }
            }
        }
    }

    /// R6b: considers for arrest the people of each unit against whom the case is strongest.
    pub(in crate::model) fn arrest(&mut self, conditions: &Conditions) {
        let rules = &conditions.parameters;
        let case = Case::new(rules, &conditions.levers, &conditions.image);
        let against = |agent: &Agent| {
            let shock_worker = agent.person.is_shock_worker(conditions.shock_below);
            case.against(agent.person.standing, shock_worker, agent.person.suspicion)
        };
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            let due = due(conditions, &self.country.regions[unit.region as usize], unit);
            unit.now.arrests_due = due;
            if due == 0 {
                continue;
            }
            let score = |agent: &Agent| {
                let noise = gumbel_of_word(agent.words[monthly::SELECTION]);
                against(agent) + rules.selection_noise as f32 * noise
            };
            let mut scores: Vec<(f32, u64, usize)> = (0..)
                .zip(people.iter())
                .map(|(row, agent)| (score(agent), agent.person.identity, row))
                .collect();
            scores.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
            for &(_, _, row) in scores.iter().take(due as usize) {
                let strong = against(&people[row]) > rules.evidence_threshold as f32;
                let draw = uniform(people[row].words[monthly::WEAK_CASE]);
                if strong || draw < weak_case(rules, conditions.levers.repression) as f32 {
                    people[row].fate |= fate::ARRESTED;
                }
            }
        }
    }

    /// R6c: draws death, retirement and departure.
    pub(in crate::model) fn exit_naturally(&mut self, conditions: &Conditions) {
        for Agent { person, words, fate, .. } in self.people.iter_mut().flatten() {
            let chance = natural_exit::probability(&conditions.parameters, person.standing.elite());
            if uniform(words[monthly::NATURAL_EXIT]) < chance as f32 {
                *fate |= fate::NATURAL;
            }
        }
    }

    /// R6d: runs the party purge, with weights relative to their mean over all party people of the country.
    pub(in crate::model) fn purge(&mut self, conditions: &Conditions) {
        let month = conditions.month.0;
        let rate = purge::hazard(conditions);
        if rate <= 0.0 {
            return;
        }
        let terms = purge::Terms::new(&conditions.parameters);
        let (mut sum, mut comrades) = (0, 0);
        for (unit, people) in self.units.iter_mut().zip(&self.people) {
            for Agent { person, .. } in people.iter().filter(|agent| agent.person.standing.in_party()) {
                sum += u64::from(fixed(purge::weight_of(&terms, person, month) * (1.0 / terms.scale)));
                comrades += 1;
                let recent = outcome::joined_recently(person.dates.joined(), month as i16);
                unit.now.exposed_to_purge[usize::from(!recent)] += 1;
            }
        }
        let mean = purge::mean_weight(&terms, sum, comrades);
        for Agent { person, words, fate, .. } in self.people.iter_mut().flatten() {
            if !person.standing.in_party() {
                continue;
            }
            let hazard = rate * f64::from(purge::weight_of(&terms, person, month)) / mean;
            let demotion_draw = || {
                let words = conditions.key.block(RARE, month, person.identity);
                uniform64(words[rare::EXPULSION_DEMOTION])
            };
            let draw = uniform64(words[monthly::PURGE]);
            *fate |= purge::decide(&terms, hazard, draw, person.standing, *fate, demotion_draw);
        }
    }

    /// R6e: holds the elections to party and union posts.
    pub(in crate::model) fn elect(&mut self, conditions: &Conditions, months: &[RegionMonth]) {
        let mut regional = vec![0u64; self.country.regions.len()];
        for unit in &self.units {
            regional[unit.region as usize] += unit.now.grievance_all;
        }
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            let region = unit.region as usize;
            let (grievance, electors) = if unit.office {
                (regional[region], months[region].people)
            } else {
                (unit.now.grievance_all, people.len() as u64)
            };
            let grievance = from_fixed(grievance) / electors.max(1) as f64;
            for Agent { person, fate, .. } in people {
                if !election::stands(conditions, person.standing, person.identity, *fate) {
                    continue;
                }
                let (rank, vigilance) = (person.rank(), conditions.levers.vigilance);
                let suspicion = f64::from(person.suspicion);
                let chance =
                    election::probability(&conditions.parameters, grievance, suspicion, rank, vigilance);
                let words = conditions.key.block(RARE, conditions.month.0, person.identity);
                let upper = usize::from(rank > ELITE);
                unit.now.stood[upper] += 1;
                if uniform64(words[rare::ELECTION]) < chance {
                    *fate |= fate::VOTED_OUT;
                    unit.now.voted_out[upper] += 1;
                }
            }
        }
    }

    /// Counts the fates by unit; of several fates of a person, the gravest counts.
    pub(in crate::model) fn count_fates(&mut self, conditions: &Conditions) {
        for (unit, people) in self.units.iter_mut().zip(&self.people) {
            for Agent { person, fate, accusations, .. } in people {
                let subject = Subject {
                    standing: person.standing,
                    shock_worker: person.is_shock_worker(conditions.shock_below),
                    suspicion: person.suspicion,
                    accused: *accusations > 0,
                    entered: person.career.entered(),
                    joined: person.dates.joined(),
                    month: conditions.month.0,
                };
                outcome::count(&conditions.parameters, *fate, &subject, &mut unit.now);
            }
        }
    }
}
