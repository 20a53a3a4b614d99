//! What has to be known for the whole country, or a region, between the processes of a month.
//!
//! Owns the steps of [`super::month`] that join units: counts by region, accusations of officials, movers,
//! recruitment; the vacancy chain and school have files of their own. Sums are over integers, or over units in their order, so that
//! nothing depends on who computed what.

use super::conditions::{Conditions, official_image};
use super::people::fate;
use super::person::{DIRECTOR, REGIONAL};
use super::processes::acquaintance::Official;
use super::processes::departures::Mover;
use super::processes::discourse::Images;
use super::processes::recruitment::Outsiders;
use super::processes::regions::RegionMonth;
use super::processes::*;
use super::profile::Process;
use super::purpose::{MONTHLY, monthly};
use super::region::Region;
use super::scratch::Scratch;
use super::setup::Population;
use super::society::Society;
use super::students::{self, Hopes};
use super::unit::Unit;
use crate::engine::maths::from_fixed;
use crate::engine::parallel::Workers;

/// Share of the quality scale that heroes of labour make up at full Stakhanovism.
pub(super) const HEROES: f64 = 0.30;
/// Decay of a show trial's pulse in a month: e^(-1/6).
pub(super) const PULSE_DECAY: f64 = 0.846_481_724_890_614_1;

fn suspect(conditions: &Conditions, unit: &mut Unit) {
    let people = &mut unit.people;
    accusation::suspect(
        conditions.instructions,
        &mut people.suspicion,
        &people.accused,
        (1.0 - conditions.rules.suspicion_forgetting) as f32,
    );
}

/// Random words of page [`MONTHLY`] of the people of a unit.
fn fill_words(conditions: &Conditions, unit: &Unit, scratch: &mut Scratch) {
    let identities = &unit.people.identity;
    scratch.words.fill(conditions.instructions, &conditions.key, MONTHLY, conditions.month.0, identities);
}

/// Step 4 but for the purge and elections, with the words of the unit's people at hand.
fn punish(conditions: &Conditions, region: &Region, unit: &mut Unit, scratch: &mut Scratch) {
    suspect(conditions, unit);
    sanction::pass(conditions, region, unit);
    repression::pass(conditions, region, unit, scratch);
}

/// Purge and elections of step 4, with the sum of the grievance of the electors and their number; steps 5 and 6; the
/// departures and the growth of step 7.
fn conclude(
    conditions: &Conditions,
    population: Population,
    purge_mean: f64,
    electors: (u64, u64),
    unit: &mut Unit,
    scratch: &mut Scratch,
    movers: &mut Vec<Mover>,
) {
    purge::pass(conditions, purge_mean, unit, scratch);
    election::pass(conditions, from_fixed(electors.0) / electors.1.max(1) as f64, unit);
    let Scratch { marks, rows, watch, .. } = scratch;
    watch.lap(Process::Purge);
    unit.people.rows_with(fate::EVENTS, conditions.instructions, marks, rows);
    outcome::count(conditions, unit, rows);
    watch.lap(Process::Departures);
    authority::pass(conditions, unit);
    fear::pass(conditions, unit);
    watch.lap(Process::Mood);
    departures::pass(conditions, population.enterprises, population.regions, unit, rows, movers);
    growth::pass(conditions, unit);
    watch.lap(Process::Departures);
}

impl Society {
    pub(super) fn each_unit(&mut self, workers: Workers, work: impl Fn(&mut Scratch, &mut Unit) + Sync) {
        let mut nothing = vec![(); self.blocks.count()];
        self.crew.sweep(workers, &self.blocks, &mut self.units, &mut nothing, |scratch, _, units, ()| {
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

    /// Takes stock again where somebody may have changed the people between two months.
    pub(super) fn renew_stock(&mut self, workers: Workers) {
        if std::mem::take(&mut self.stale) {
            let instructions = self.instructions;
            self.each_unit(workers, |_, unit| unit.take_stock(instructions));
        }
    }

    pub(super) fn regional_presence(&self) -> Vec<RegionMonth> {
        let mut months = vec![RegionMonth::default(); self.regions.len()];
        for unit in &self.units {
            let month = &mut months[unit.region as usize];
            month.people += unit.people.len() as u64;
            month.directors += u64::from(unit.stock.ranks[usize::from(DIRECTOR)]);
            for (origin, &count) in unit.stock.origins.iter().enumerate() {
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

    /// Steps 2 to 4 of plants, and as far as offices can go before the accusations of plants reach them. In a month
    /// without a purge nothing outside a plant can change its fates any more: then its steps 5 to 7 follow at once.
    pub(super) fn live_in_units(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        months: &[RegionMonth],
        officials: &[Vec<Official>],
        hopes: Hopes,
    ) {
        let purging = purge::hazard(conditions) > 0.0;
        let regions = &self.regions;
        let population = self.setup.population;
        let regional_posts: Vec<f64> =
            self.offices().iter().map(|office| office.posts[usize::from(REGIONAL)]).collect();
        self.crew.sweep(
            workers,
            &self.blocks,
            &mut self.units,
            &mut self.movers,
            |scratch, _, units, movers| {
                movers.clear();
                for unit in units {
                    let own = unit.region as usize;
                    presence::pass(conditions, unit);
                    fill_words(conditions, unit, scratch);
                    unit.people.keep_words(&scratch.words);
                    scratch.watch.lap(Process::Words);
                    grievance::pass(conditions, &regions[own], unit);
                    scratch.watch.lap(Process::Grievance);
                    effort::pass(conditions, unit, scratch);
                    exits::pass(conditions, unit, scratch);
                    students::mark_hopes(conditions.instructions, unit, scratch, hopes);
                    scratch.watch.lap(Process::Effort);
                    let climate = accusation::climate(
                        conditions,
                        &regions[own],
                        unit,
                        accusation::eligible_workers(conditions.instructions, unit),
                        regional_posts[own],
                        months[own].directors as u32,
                    );
                    accusation::pass(conditions, &climate, unit, scratch, &officials[own]);
                    scratch.watch.lap(Process::Accusation);
                    if unit.office {
                        continue;
                    }
                    punish(conditions, &regions[own], unit, scratch);
                    scratch.watch.lap(Process::Punishment);
                    if !purging {
                        let electors = (unit.now.grievance_all, u64::from(unit.now.people()));
                        conclude(conditions, population, 1.0, electors, unit, scratch, movers);
                    }
                }
            },
        );
    }

    /// Accusations of regional officials by people of other units reach the offices, and step 4 there.
    pub(super) fn punish_officials(&mut self, conditions: &Conditions) {
        let plants = self.units.len() - self.regions.len();
        let (plants, offices) = self.units.split_at_mut(plants);
        for plant in plants {
            for act in plant.now.acts.iter().filter(|act| act.official) {
                let office = &mut offices[plant.region as usize];
                let row = act.row as usize;
                let words = conditions.key.block(MONTHLY, conditions.month.0, office.people.identity[row]);
                accusation::receive(office, row, words[monthly::SANCTION]);
            }
        }
        let scratch = self.crew.alone();
        for office in offices {
            fill_words(conditions, office, scratch);
            punish(conditions, &self.regions[office.region as usize], office, scratch);
        }
    }

    /// Weights of the purge have to be known for the whole country before anybody is expelled.
    pub(super) fn purge_mean(&mut self, workers: Workers, conditions: &Conditions) -> f64 {
        if purge::hazard(conditions) <= 0.0 {
            return 1.0;
        }
        self.each_unit(workers, |scratch, unit| {
            purge::weigh(conditions, unit);
            scratch.watch.lap(Process::Purge);
        });
        let sum = self.units.iter().map(|unit| unit.now.purge_weight).sum();
        let people = self.units.iter().map(|unit| u64::from(unit.now.party)).sum();
        purge::mean_weight(sum, people)
    }

    /// What is left of steps 4 to 6, and the departures of step 7: in all units in a month with a purge, in the offices
    /// in others.
    pub(super) fn conclude(
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
        let unit = |scratch: &mut Scratch, unit: &mut Unit, movers: &mut Vec<Mover>| {
            let own = unit.region as usize;
            let electors = if unit.office {
                (grievance[own], months[own].people)
            } else {
                (unit.now.grievance_all, u64::from(unit.now.people()))
            };
            conclude(conditions, population, purge_mean, electors, unit, scratch, movers);
        };
        if purge::hazard(conditions) > 0.0 {
            self.crew.sweep(
                workers,
                &self.blocks,
                &mut self.units,
                &mut self.movers,
                |scratch, _, units, movers| units.iter_mut().for_each(|one| unit(scratch, one, movers)),
            );
            return;
        }
        let plants = self.units.len() - self.regions.len();
        let last = self.movers.len() - 1;
        let scratch = self.crew.alone();
        for office in &mut self.units[plants..] {
            unit(scratch, office, &mut self.movers[last]);
        }
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
        self.crew.sweep(workers, &self.lists, &mut self.movers, &mut nothing, |scratch, _, lists, ()| {
            for list in lists {
                movers::place(conditions, &deficits, sizes, list, scratch);
            }
            scratch.watch.lap(Process::Movers);
        });
        self.arrivals.sort(&self.movers, self.units.len());
        let (arrivals, movers) = (&self.arrivals, &self.movers);
        self.crew.sweep(workers, &self.blocks, &mut self.units, &mut nothing, |scratch, first, units, ()| {
            for (position, unit) in (first..).zip(units) {
                // Copied in one go, so that the processor waits for many of them at once.
                scratch.arriving.clear();
                scratch.arriving.extend(arrivals.of(position).map(|(list, index)| movers[list][index]));
                for mover in &scratch.arriving {
                    movers::arrive(conditions, unit, mover);
                }
                let there = f64::from(unit.now.workers_left + unit.now.moved_in);
                unit.now.workers_missing =
                    if unit.office { 0.0 } else { (unit.workers_wanted - there).max(0.0) };
                promotion::prepare(conditions.instructions, unit);
            }
            scratch.watch.lap(Process::Movers);
        });
    }

    /// R9: the party recruits, a month passes for everybody; R11: output.
    pub(super) fn recruit_age_and_produce(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        outsiders: &Outsiders,
    ) {
        let open = recruitment::open(conditions);
        let chance = if open { recruitment::chance(conditions, outsiders) } else { 0.0 };
        self.centre.capital = production::capital(&conditions.rules, self.centre.capital);
        let capital = self.centre.capital;
        self.each_unit(workers, |scratch, unit| {
            recruitment::pass(conditions, chance, unit, scratch);
            scratch.watch.lap(Process::Recruitment);
            ageing::pass(conditions.instructions, unit);
            production::pass(&conditions.rules, &conditions.levers, capital, unit);
            unit.take_stock(conditions.instructions);
            scratch.watch.lap(Process::Ageing);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::calendar::Month;
    use crate::model::levers::Levers;
    use crate::model::mechanisms::Mechanisms;
    use crate::model::parameters::Parameters;
    use crate::model::setup::{Events, PolicyMode, Setup};

    #[test]
    fn regions_hold_the_people_directors_and_origins_of_their_units() {
        let setup = Setup {
            population: Population { size: 1_200, enterprises: 7, regions: 3 },
            parameters: Parameters::default(),
            mechanisms: Mechanisms::default(),
            policy: PolicyMode::Schedule(vec![Levers::default(); Month::COUNT]),
            events: Events::none(),
        };
        let mut society = Society::start(setup.into(), 1, 1, Workers::One);
        let conditions = society.set_levers();
        for unit in &mut society.units {
            presence::pass(&conditions, unit);
        }
        let months = society.regional_presence();
        assert_eq!(months.len(), 3);
        for (region, month) in months.iter().enumerate() {
            let of_region = || society.units.iter().filter(|unit| unit.region as usize == region);
            let standings = || of_region().flat_map(|unit| unit.people.standing.iter());
            assert_eq!(month.people, standings().count() as u64);
            let directors = standings().filter(|standing| standing.rank() == DIRECTOR).count();
            assert_eq!(month.directors, directors as u64);
            // Plants 0 to 6 stand in regions 0, 1, 2, 0, 1, 2, 0; each has one director.
            assert_eq!(month.directors, if region == 0 { 3 } else { 2 });
            let seen: u32 = of_region().map(|unit| unit.now.former_elite).sum();
            let former = standings().filter(|standing| standing.elite() && standing.former()).count();
            assert!(former > 0 && seen as usize == former, "{seen} of {former} former people in the elite");
            // Employees and former people rise as one group.
            let mut heads = [0; 3];
            standings().for_each(|standing| heads[usize::from(standing.origin_bits()).min(2)] += 1);
            assert_eq!(month.heads, heads);
        }
    }
}
