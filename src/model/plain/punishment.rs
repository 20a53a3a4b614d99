//! Steps 4 to 6, person by person: sanctions, arrests, natural exits, purge, elections; then what follows for fear.

use super::{Country, Somebody};
use crate::engine::maths::{fixed, from_fixed, gumbel_of_word};
use crate::engine::random::{uniform, uniform64};
use crate::model::conditions::Conditions;
use crate::model::people::fate;
use crate::model::person::{ELITE, REGIONAL, Role};
use crate::model::processes::outcome::{Outcome, SUSPECTED, outcome};
use crate::model::processes::regions::{self, RegionMonth};
use crate::model::processes::repression::{Case, due, weak_case};
use crate::model::processes::{authority, election, fear, purge, sanction};
use crate::model::purpose::{RARE, monthly, rare};
use crate::model::unit::{Cause, Loss, Unit};

impl Country {
    /// R6a: whoever was accused may be sanctioned.
    pub(super) fn sanction(&mut self, conditions: &Conditions) {
        for (unit, people) in self.units.iter().zip(&mut self.people) {
            let attack = self.regions[unit.region as usize].attack;
            let criticism = conditions.levers.criticism;
            for somebody in people.iter_mut().filter(|somebody| somebody.accused > 0) {
                let Somebody { person, words, fate, accused, .. } = somebody;
                let protected = person.standing.elite() && person.standing.in_party();
                let chance = sanction::sanction(&conditions.rules, criticism, *accused, protected, attack);
                if uniform64(words[monthly::SANCTION]) < chance {
                    *fate |= fate::SANCTIONED;
                }
            }
        }
    }

    /// R6b: of each unit, those with the highest scores are considered for arrest.
    pub(super) fn arrest(&mut self, conditions: &Conditions) {
        let (rules, levers) = (&conditions.rules, &conditions.levers);
        let case = Case::new(levers, &conditions.image);
        let against = |somebody: &Somebody| {
            case.against(somebody.person.standing, somebody.hero(conditions), somebody.person.suspicion)
        };
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            let due = due(conditions, &self.regions[unit.region as usize], unit);
            unit.now.arrests_due = due;
            if due == 0 {
                continue;
            }
            let mut scores: Vec<(f32, u64, usize)> = Vec::with_capacity(people.len());
            for (row, somebody) in people.iter().enumerate() {
                let noise = gumbel_of_word(somebody.words[monthly::SELECTION]);
                let score = against(somebody) + rules.selection_noise as f32 * noise;
                scores.push((score, somebody.person.identity, row));
            }
            scores.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
            for &(_, _, row) in scores.iter().take(due as usize) {
                let strong = against(&people[row]) > rules.evidence_threshold as f32;
                let draw = uniform(people[row].words[monthly::WEAK_CASE]);
                if strong || draw < weak_case(levers.repression) as f32 {
                    people[row].fate |= fate::ARRESTED;
                }
            }
        }
    }

    /// R6c: death, retirement, departure.
    pub(super) fn exit_naturally(&mut self, conditions: &Conditions) {
        let rules = &conditions.rules;
        for Somebody { person, words, fate, .. } in self.people.iter_mut().flatten() {
            let more = if person.standing.elite() { rules.natural_exit_elite } else { 0.0 };
            if uniform(words[monthly::NATURAL_EXIT]) < (rules.natural_exit + more) as f32 {
                *fate |= fate::NATURAL;
            }
        }
    }

    /// R6d: the party purge.
    pub(super) fn purge(&mut self, conditions: &Conditions) {
        let month = conditions.month.0;
        let rate = purge::hazard(conditions);
        if rate <= 0.0 {
            return;
        }
        let weight = |Somebody { person, .. }: &Somebody| {
            purge::weight(month as i16 - person.dates.joined(), person.suspicion, person.standing.blemish())
        };
        let in_party = |somebody: &Somebody| somebody.person.standing.in_party();
        let (mut sum, mut comrades) = (0, 0);
        for somebody in self.people.iter().flatten().filter(|somebody| in_party(somebody)) {
            sum += u64::from(fixed(weight(somebody) * (1.0 / purge::WEIGHT_SCALE)));
            comrades += 1;
        }
        let mean = purge::mean_weight(sum, comrades);
        for somebody in self.people.iter_mut().flatten().filter(|somebody| in_party(somebody)) {
            let hazard = rate * f64::from(weight(somebody)) / mean;
            let draw = uniform64(somebody.words[monthly::PURGE]);
            let Somebody { person, fate, .. } = somebody;
            let boss = person.standing.boss();
            if draw < hazard {
                *fate |= fate::EXPELLED;
                let words = conditions.key.block(RARE, month, person.identity);
                let demoted = uniform64(words[rare::EXPULSION_DEMOTION]) < purge::DEMOTED;
                if boss && demoted && *fate & (fate::ARRESTED | fate::SANCTIONED) == 0 {
                    *fate |= fate::PURGED;
                }
            } else if !boss && draw < purge::QUIETLY * hazard {
                *fate |= fate::LEFT_PARTY;
            }
        }
    }

    /// R6e: the elections.
    pub(super) fn elect(&mut self, conditions: &Conditions, months: &[RegionMonth]) {
        let [party, union] = conditions.elections;
        let mut regional = vec![0u64; self.regions.len()];
        for unit in &self.units {
            regional[unit.region as usize] += unit.now.grievance_all;
        }
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            let own = unit.region as usize;
            let (grievance, electors) = if unit.office {
                (regional[own], months[own].people)
            } else {
                (unit.now.grievance_all, people.len() as u64)
            };
            let mean = from_fixed(grievance) / electors.max(1) as f64;
            for Somebody { person, fate, .. } in people {
                let elected = match person.standing.role() {
                    Role::Party => party,
                    Role::Union => union,
                    _ => false,
                };
                let fallen = *fate & (fate::ARRESTED | fate::SANCTIONED | fate::PURGED) != 0;
                let turn = election::parity(person.identity) == conditions.month.0 % 2;
                if !person.standing.elite() || !elected || fallen || !turn {
                    continue;
                }
                let (rank, vigilance) = (person.standing.rank(), conditions.levers.vigilance);
                let suspicion = f64::from(person.suspicion);
                let chance = election::losing(&conditions.rules, mean, suspicion, rank, vigilance);
                let words = conditions.key.block(RARE, conditions.month.0, person.identity);
                let upper = usize::from(rank > ELITE);
                unit.now.standing[upper] += 1;
                if uniform64(words[rare::ELECTION]) < chance {
                    *fate |= fate::VOTED_OUT;
                    unit.now.voted_out[upper] += 1;
                }
            }
        }
    }

    /// The fates that prevail, counted.
    pub(super) fn count_outcomes(&mut self, conditions: &Conditions) {
        for (unit, people) in self.units.iter_mut().zip(&self.people) {
            for somebody in people {
                count_outcome(conditions, unit, somebody);
            }
        }
    }

    /// R7 in the units: authority, catharsis, union, fear; and step 6.
    pub(super) fn update_stocks(&mut self, conditions: &Conditions) {
        for (unit, people) in self.units.iter_mut().zip(&mut self.people) {
            authority::pass(conditions, unit);
            let terms = fear::terms(conditions, unit, unit.catharsis);
            let now = &mut unit.now;
            for Somebody { person, .. } in people {
                let terms = &terms[usize::from(person.standing.rank().min(ELITE))];
                person.fear = fear::fear(terms, person.fear, person.suspicion);
                let regime = person.grievance * terms.regime;
                let shown = fear::shown(person.grievance, person.fear, terms.falsification);
                now.fear_all += u64::from(fixed(person.fear));
                if person.standing.elite() {
                    now.fear_elite += u64::from(fixed(person.fear));
                }
                now.grievance_public += u64::from(fixed(shown));
                now.grievance_regime += u64::from(fixed(regime));
                now.unrest += u32::from(
                    regime > person.temperament.threshold().value() + terms.deterrence * person.fear,
                );
            }
        }
    }

    /// R7 in the regions.
    pub(super) fn update_regions(&mut self, conditions: &Conditions, months: &mut [RegionMonth]) {
        for unit in &self.units {
            let (month, now) = (&mut months[unit.region as usize], &unit.now);
            month.accusations += u64::from(now.accusations_received);
            month.punished_suspects += u64::from(now.punished_suspects);
            month.due += u64::from(now.arrests_due);
            month.arrested += u64::from(now.arrested);
            if unit.office {
                month.officials_removed += u64::from(now.arrested_bosses + now.demoted_bosses);
                let officials = f64::from(now.counts[usize::from(REGIONAL)].max(1));
                month.officials_fear = from_fixed(now.fear_elite) / officials;
            }
        }
        for (region, month) in self.regions.iter_mut().zip(months) {
            regions::update(&conditions.rules, conditions.levers.repression, region, month);
        }
    }
}

fn count_outcome(conditions: &Conditions, unit: &mut Unit, somebody: &Somebody) {
    let now = &mut unit.now;
    let person = &somebody.person;
    let (marks, standing) = (somebody.fate, person.standing);
    let punished = marks & (fate::ARRESTED | fate::SANCTIONED) != 0;
    now.punished_people += u32::from(punished && somebody.accused > 0);
    now.punished_suspects += u32::from(punished && person.suspicion > SUSPECTED);
    now.expelled += u32::from(marks & fate::EXPELLED != 0);
    now.left_party += u32::from(marks & fate::LEFT_PARTY != 0);
    let (boss, elite) = (u32::from(standing.boss()), u32::from(standing.elite()));
    let cause = match outcome(marks, standing.boss()) {
        Outcome::Stays | Outcome::Quits => return,
        Outcome::Dismissed => {
            now.dismissed += 1;
            return;
        }
        Outcome::Arrested => {
            now.arrested += 1;
            now.arrested_by_class[standing.target_class(somebody.hero(conditions))] += 1;
            now.arrested_bosses += boss;
            now.arrested_elite += elite;
            Cause::Arrest
        }
        Outcome::Demoted(cause) => {
            now.demoted_bosses += 1;
            now.demoted_elite += elite;
            cause
        }
        Outcome::Natural => {
            now.natural += 1;
            now.natural_elite += elite;
            Cause::Natural
        }
    };
    if standing.boss() {
        now.losses.push(Loss {
            cause,
            rank: standing.rank(),
            role: standing.role() as u8,
            origin: standing.origin() as u8,
            entered: person.career.entered(),
        });
    }
}
