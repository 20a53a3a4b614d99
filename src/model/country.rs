//! What has to be known for the whole country, or a region, between the processes of a month.
//!
//! Owns the steps of [`super::month`] that join units: counts by region, accusations of officials, movers,
//! recruitment; the vacancy chain and school have files of their own. Sums are over integers, or over units in their order, so that
//! nothing depends on who computed what.

use super::conditions::{Conditions, official_image};
use super::identity;
use super::people::fate;
use super::person::{DIRECTOR, REGIONAL};
use super::processes::acquaintance::Official;
use super::processes::discourse::Images;
use super::processes::regions::RegionMonth;
use super::processes::*;
use super::purpose::{self, MONTHLY, monthly};
use super::scratch::Scratch;
use super::society::Society;
use super::students::{self, Hopes};
use super::unit::Unit;
use crate::engine::distributions::round_randomly;
use crate::engine::maths::from_fixed;
use crate::engine::parallel::Workers;
use crate::engine::random::uniform64;

/// Share of the quality scale that heroes of labour make up at full Stakhanovism.
const HEROES: f64 = 0.30;
/// Decay of a show trial's pulse in a month: e^(-1/6).
const PULSE_DECAY: f64 = 0.846_481_724_890_614_1;

/// Recruitment of a month: probability of joining per unit of weight, and whether only those marked can join.
#[derive(Debug, Clone, Copy)]
pub(super) struct Admission {
    chance: f64,
    marked: bool,
}

fn suspect(conditions: &Conditions, unit: &mut Unit) {
    let people = &mut unit.people;
    accusation::suspect(
        conditions.instructions,
        &mut people.suspicion,
        &people.accused,
        (1.0 - conditions.rules.suspicion_forgetting) as f32,
    );
}

/// R9: workers are hired for a share of what is missing.
fn hire(conditions: &Conditions, unit: &mut Unit) {
    let missing = unit.now.workers_missing;
    let scarce =
        (missing / unit.workers_wanted.max(1.0) / conditions.rules.vacancy_reference).clamp(0.0, 1.0);
    unit.tightness = 0.8 * unit.tightness + 0.2 * scarce;
    let month = conditions.month;
    let words = conditions.key.block(purpose::UNIT, month.0, identity::unit(unit.number));
    let hires =
        round_randomly(conditions.rules.hiring_share * missing, uniform64(words[purpose::unit::HIRES]));
    for ordinal in 0..hires as u32 {
        let identity = identity::hire(month, unit.number, ordinal);
        let (mut person, draw) = births::hire(&conditions.key, &conditions.rules, identity, month.0);
        person.brigade = unit.brigade(draw);
        unit.now.hired_by_origin[person.standing.origin() as usize] += 1;
        unit.people.push(person);
    }
    unit.now.hired = hires as u32;
}

impl Society {
    pub(super) fn each_unit(&mut self, workers: Workers, work: impl Fn(&mut Scratch, &mut Unit) + Sync) {
        let mut nothing = vec![(); self.blocks.count()];
        self.blocks.each(workers, &mut self.units, &mut nothing, &self.scratch, |scratch, _, units, ()| {
            for unit in units {
                work(scratch, unit);
            }
        });
    }

    pub(super) fn set_levers(&mut self) -> Conditions {
        let month = self.next;
        let levers = self.policy.levers(month, self.observed.as_ref());
        let trials = &self.setup.events.pulses[month.index()];
        for (pulse, trial) in self.centre.pulses.iter_mut().zip(trials) {
            *pulse = *pulse * PULSE_DECAY + trial;
        }
        Conditions {
            month,
            levers,
            rules: self.rules.clone(),
            mechanisms: self.setup.mechanisms,
            pulses: self.centre.pulses,
            image: official_image(&levers, &self.centre.pulses),
            hero_below: (HEROES * levers.stakhanovism) as f32,
            elections: [
                self.setup.events.party_elections[month.index()],
                self.setup.events.union_elections[month.index()],
            ],
            key: self.key.clone(),
            instructions: self.instructions,
        }
    }

    pub(super) fn regional_presence(&self) -> Vec<RegionMonth> {
        let mut months = vec![RegionMonth::default(); self.regions.len()];
        for unit in &self.units {
            let month = &mut months[unit.region as usize];
            month.people += u64::from(unit.now.people());
            month.directors += u64::from(unit.now.counts[usize::from(DIRECTOR)]);
            for (origin, &count) in unit.now.origins.iter().enumerate() {
                month.heads[origin.min(month.heads.len() - 1)] += u64::from(count);
            }
        }
        months
    }

    fn offices(&self) -> &[Unit] {
        &self.units[self.units.len() - self.regions.len()..]
    }

    pub(super) fn officials(&self) -> Vec<Vec<Official>> {
        let list = |office: &Unit| {
            let people = &office.people;
            office
                .ranks
                .of(REGIONAL)
                .map(|row| Official {
                    identity: people.identity[row],
                    row: row as u32,
                    standing: people.standing[row],
                    ambition: people.ambition[row],
                    since: people.since[row],
                })
                .collect()
        };
        self.offices().iter().map(list).collect()
    }

    pub(super) fn feel_work_and_accuse(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        months: &[RegionMonth],
        officials: &[Vec<Official>],
        hopes: Hopes,
    ) {
        let possible_below = recruitment::possible_below(conditions, self.mean_weight);
        let regions = self.regions.clone();
        let regional_posts: Vec<f64> =
            self.offices().iter().map(|office| office.posts[usize::from(REGIONAL)]).collect();
        self.each_unit(workers, |scratch, unit| {
            let own = unit.region as usize;
            scratch.words.fill(
                conditions.instructions,
                &conditions.key,
                MONTHLY,
                conditions.month.0,
                &unit.people.identity,
            );
            grievance::pass(conditions, &regions[own], unit);
            effort::pass(conditions, unit, scratch);
            exits::pass(conditions, unit, scratch);
            if possible_below > 0.0 {
                exits::mark(
                    conditions.instructions,
                    &mut unit.people.fate,
                    scratch.words.column(monthly::RECRUITMENT),
                    possible_below,
                    fate::MAY_JOIN,
                );
            }
            students::mark_hopes(unit, scratch, hopes);
            let climate = accusation::climate(
                conditions,
                &regions[own],
                unit,
                accusation::eligible_workers(unit),
                regional_posts[own],
                months[own].directors as u32,
            );
            accusation::pass(conditions, &climate, unit, scratch, &officials[own]);
        });
    }

    /// Accusations of regional officials by people of other units reach the offices.
    pub(super) fn deliver_accusations(&mut self) {
        let plants = self.units.len() - self.regions.len();
        let (plants, offices) = self.units.split_at_mut(plants);
        for plant in plants {
            for act in plant.now.acts.iter().filter(|act| act.official) {
                accusation::receive(&mut offices[plant.region as usize], act.row as usize);
            }
        }
    }

    /// Weights of the purge have to be known for the whole country before anybody is expelled.
    pub(super) fn purge_mean(&mut self, workers: Workers, conditions: &Conditions) -> f64 {
        if conditions.levers.purge <= 0.0 {
            return 1.0;
        }
        self.each_unit(workers, |_, unit| {
            suspect(conditions, unit);
            purge::weigh(conditions, unit);
        });
        let sum = self.units.iter().map(|unit| unit.now.purge_weight).sum();
        let people = self.units.iter().map(|unit| u64::from(unit.now.party)).sum();
        purge::mean_weight(sum, people)
    }

    /// Steps 4 to 6, and the departures of step 7, which nothing outside a unit can change any more.
    pub(super) fn punish_and_depart(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        months: &[RegionMonth],
        purge_mean: f64,
    ) {
        let population = self.setup.population;
        let mut grievance = vec![0u64; self.regions.len()];
        for unit in &self.units {
            grievance[unit.region as usize] += unit.now.grievance_all;
        }
        let regions = &self.regions;
        let punish = |scratch: &mut Scratch, unit: &mut Unit| {
            let own = unit.region as usize;
            if conditions.levers.purge <= 0.0 {
                suspect(conditions, unit);
            }
            sanction::pass(conditions, &regions[own], unit);
            repression::pass(conditions, &regions[own], unit, scratch);
            purge::pass(conditions, purge_mean, unit, scratch);
            let (sum, people) = if unit.office {
                (grievance[own], months[own].people)
            } else {
                (unit.now.grievance_all, u64::from(unit.now.people()))
            };
            election::pass(conditions, from_fixed(sum) / people.max(1) as f64, unit);
            outcome::count(conditions, unit);
            authority::pass(conditions, unit);
            fear::pass(conditions, unit);
        };
        self.blocks.each(
            workers,
            &mut self.units,
            &mut self.movers,
            &self.scratch,
            |scratch, _, units, movers| {
                movers.clear();
                for unit in units {
                    punish(scratch, unit);
                    departures::pass(conditions, population.enterprises, population.regions, unit, movers);
                    growth::pass(conditions, unit);
                }
            },
        );
    }

    pub(super) fn update_regions(&mut self, conditions: &Conditions, months: &mut [RegionMonth]) {
        for unit in &self.units {
            let month = &mut months[unit.region as usize];
            month.accusations += u64::from(unit.now.accusations_received);
            month.punished_suspects += u64::from(unit.now.punished_suspects);
            month.due += u64::from(unit.now.arrests_due);
            month.arrested += u64::from(unit.now.arrested);
            if unit.office {
                month.officials_removed += u64::from(unit.now.arrested_bosses + unit.now.demoted_bosses);
                let officials = f64::from(unit.now.counts[usize::from(REGIONAL)].max(1));
                month.officials_fear = from_fixed(unit.now.fear_elite) / officials;
            }
        }
        for (region, month) in self.regions.iter_mut().zip(months) {
            regions::update(&conditions.rules, conditions.levers.repression, region, month);
        }
    }

    /// Movers get a destination, and everybody on the way arrives.
    pub(super) fn place_movers(&mut self, workers: Workers, conditions: &Conditions) {
        let plants = self.units.len() - self.regions.len();
        let deficits = movers::Deficits::new(
            self.units[..plants].iter().map(|unit| (unit.workers_wanted, unit.now.workers_left)),
        );
        let sizes = &self.sizes;
        let mut nothing = vec![(); self.movers.len()];
        self.lists.each(workers, &mut self.movers, &mut nothing, &self.scratch, |scratch, _, lists, ()| {
            for list in lists {
                movers::place(conditions, &deficits, sizes, list, scratch);
            }
        });
        self.arrivals.sort(&self.movers, self.units.len());
        let (arrivals, movers) = (&self.arrivals, &self.movers);
        self.blocks.each(workers, &mut self.units, &mut nothing, &self.scratch, |_, first, units, ()| {
            for (position, unit) in (first..).zip(units) {
                for (list, index) in arrivals.of(position) {
                    movers::arrive(conditions, unit, &movers[list][index]);
                }
                unit.close_gaps();
                let there = f64::from(unit.now.workers_left + unit.now.moved_in);
                unit.now.workers_missing =
                    if unit.office { 0.0 } else { (unit.workers_wanted - there).max(0.0) };
                promotion::prepare(conditions.instructions, unit);
            }
        });
    }

    /// R9: hires; and the mean weight of those outside the party, for recruitment.
    pub(super) fn hire_and_weigh(&mut self, workers: Workers, conditions: &Conditions) -> Admission {
        let recruiting = conditions.levers.party_recruitment > 0.0;
        let mut sums = vec![(0u64, 0u64); self.blocks.count()];
        self.blocks.each(workers, &mut self.units, &mut sums, &self.scratch, |scratch, _, units, sums| {
            for unit in units {
                hire(conditions, unit);
                if recruiting {
                    let (sum, people) = recruitment::weigh(conditions, unit, scratch);
                    *sums = (sums.0 + sum, sums.1 + people);
                }
            }
        });
        let (sum, people) = sums.iter().fold((0, 0), |total, sums| (total.0 + sums.0, total.1 + sums.1));
        if !recruiting {
            return Admission { chance: 0.0, marked: true };
        }
        let mean = recruitment::mean_weight(sum, people);
        let marked = mean >= 0.5 * self.mean_weight;
        self.mean_weight = mean;
        Admission { chance: recruitment::chance(conditions, sum, people), marked }
    }

    /// R9: the party recruits, a month passes for everybody; R11: output.
    pub(super) fn recruit_age_and_produce(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        admission: Admission,
    ) {
        self.centre.capital = production::capital(&conditions.rules, self.centre.capital);
        let capital = self.centre.capital;
        self.each_unit(workers, |scratch, unit| {
            recruitment::pass(conditions, admission.chance, admission.marked, unit, scratch);
            ageing::pass(conditions.instructions, unit);
            production::pass(&conditions.rules, &conditions.levers, capital, unit);
        });
    }

    pub(super) fn discuss(&mut self, conditions: &Conditions) -> Images {
        let mut meetings = [0.0; super::person::TARGET_CLASSES];
        for unit in &self.units {
            for (sum, meetings) in meetings.iter_mut().zip(unit.now.acquaintances) {
                *sum += meetings;
            }
        }
        let acts = self.units.iter().flat_map(|unit| &unit.now.acts);
        discourse::remember(&mut self.centre, acts, &meetings);
        discourse::images(&conditions.image, &self.centre)
    }
}
