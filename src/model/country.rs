//! What has to be known for the whole country, or a region, between the processes of a month.
//!
//! Owns the steps of [`super::month`] that join units: counts by region, accusations of officials, movers,
//! recruitment; the vacancy chain and school have files of their own. Sums are over integers, or over units in their order, so that
//! nothing depends on who computed what.

use super::conditions::{Conditions, official_image};
use super::person::{DIRECTOR, ORIGIN_GROUPS, REGIONAL};
use super::processes::acquaintance::Official;
use super::processes::departures::Movers;
use super::processes::discourse::Images;
use super::processes::recruitment::{Joining, Outsiders};
use super::processes::regions::RegionMonth;
use super::processes::*;
use super::profile::Process;
use super::society::Society;
use super::students::Places;
use super::unit::{Unit, for_each_with_next};
use super::unit_steps;
use super::watchlists::Lookout;
use crate::engine::maths::from_fixed;
use crate::engine::parallel::Workers;
use crate::engine::select::room;

/// Share of the quality scale that heroes of labour make up at full Stakhanovism.
pub(super) const HEROES: f64 = 0.30;
/// Parts in which the memory of the next unit is asked for.
const PARTS: usize = 8;
/// Decay of a show trial's pulse in a month: e^(-1/6).
pub(super) const PULSE_DECAY: f64 = 0.846_481_724_890_614_1;

/// Whether the purge has to be over before anything else of a plant: those whom it demotes do not stand for election.
fn awaits_purge(conditions: &Conditions) -> bool {
    purge::hazard(conditions) > 0.0 && conditions.elections != [false; 2]
}

impl Society {
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
            month.people += unit.people.len() as u64;
            month.directors += unit.people.ranks.count(DIRECTOR) as u64;
        }
        months
    }

    /// What makes people worth noting this month.
    pub(super) fn look_out(&self, conditions: &Conditions, places: &Places) -> Lookout {
        Lookout {
            merit: merit::Merit::new(&conditions.rules, &conditions.levers),
            school: places.bar,
            joining: Joining::new(conditions, self.outsiders_mean),
        }
    }

    fn plants(&self) -> usize {
        self.units.len() - self.regions.len()
    }

    fn offices(&self) -> &[Unit] {
        &self.units[self.units.len() - self.regions.len()..]
    }

    pub(super) fn officials(&self, conditions: &Conditions) -> Vec<Vec<Official>> {
        let list = |office: &Unit| {
            let people = &office.people;
            let rows = people.ranks.of(REGIONAL);
            rows.map(|row| Official {
                identity: people.identity[row],
                row: row as u32,
                standing: people.standing[row],
                ambition: people.drive[row].ambition().value(),
                since: people.months_in_rank(row, conditions.month.0),
            })
            .collect()
        };
        self.offices().iter().map(list).collect()
    }

    /// Steps 2 to 4 of plants, and as far as offices can go before the accusations of plants reach them. Apart
    /// from the purge, nothing outside a plant can change its fates any more: its steps 5 to 7 follow at once.
    pub(super) fn live_in_units(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        lookout: &Lookout,
        months: &[RegionMonth],
        officials: &[Vec<Official>],
    ) {
        let at_once = !awaits_purge(conditions);
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
                for_each_with_next(units, |unit, next| {
                    // The next unit's people come part by part, while this one's are lived with.
                    let fetch =
                        |part: usize| next.iter().for_each(|next| next.people.prefetch_part(part, PARTS));
                    let own = unit.region as usize;
                    presence::pass(conditions, unit);
                    fetch(0);
                    // As many as leave in a month of much movement.
                    movers.prefetch_room(unit.people.len() / 12);
                    unit.watched.prefetch_room(&unit.people);
                    unit_steps::fill_words(conditions, unit, scratch);
                    fetch(1);
                    scratch.watch.lap(Process::Words);
                    grievance::pass(conditions, &regions[own], unit);
                    fetch(2);
                    scratch.watch.lap(Process::Grievance);
                    effort::pass(conditions, unit, scratch);
                    fetch(3);
                    exits::pass(conditions, unit, scratch);
                    fetch(4);
                    scratch.watch.lap(Process::Effort);
                    let climate = accusation::climate(
                        conditions,
                        &regions[own],
                        unit,
                        accusation::eligible_workers(conditions, &unit.people),
                        regional_posts[own],
                        months[own].directors as u32,
                    );
                    accusation::pass(conditions, &climate, unit, scratch, &officials[own]);
                    fetch(5);
                    scratch.watch.lap(Process::Accusation);
                    if unit.office {
                        return;
                    }
                    if at_once {
                        unit_steps::lend_events(unit, scratch);
                    }
                    let mut targets = std::mem::take(&mut scratch.targets);
                    targets.clear();
                    targets.extend(unit.now.acts.iter().filter(|act| !act.official).map(|act| act.row));
                    unit_steps::punish(conditions, lookout, &regions[own], unit, &mut targets, scratch);
                    scratch.targets = targets;
                    fetch(6);
                    fetch(7);
                    if at_once {
                        unit_steps::conclude(conditions, lookout, population, None, unit, scratch, movers);
                        scratch.events = std::mem::take(&mut unit.watched.events);
                    }
                });
            },
        );
    }

    /// Accusations of regional officials by people of other units reach the offices, and step 4 there.
    pub(super) fn punish_officials(&mut self, conditions: &Conditions, lookout: &Lookout) {
        let plants = self.plants();
        let mut targets: Vec<Vec<u32>> = vec![Vec::new(); self.regions.len()];
        for (position, unit) in self.units.iter().enumerate() {
            let against = unit.now.acts.iter().filter(|act| act.official || position >= plants);
            targets[unit.region as usize].extend(against.map(|act| act.row));
        }
        let scratch = self.crew.alone();
        for (office, targets) in self.units[plants..].iter_mut().zip(&mut targets) {
            unit_steps::fill_words(conditions, office, scratch);
            room(&mut scratch.fates, office.people.len()).fill(0);
            exits::pass(conditions, office, scratch);
            unit_steps::punish(
                conditions,
                lookout,
                &self.regions[office.region as usize],
                office,
                targets,
                scratch,
            );
        }
    }

    /// Weights of the purge have to be known for the whole country before anybody is expelled.
    pub(super) fn purge_mean(&self, conditions: &Conditions) -> f64 {
        if purge::hazard(conditions) <= 0.0 {
            return 1.0;
        }
        let sum = self.units.iter().map(|unit| unit.watched.purge_weight).sum();
        let people = self.units.iter().map(|unit| u64::from(unit.now.party)).sum();
        purge::mean_weight(sum, people)
    }

    /// The purge, and what is left of steps 4 to 6 and of the departures of step 7: of plants, what waited for the purge; of
    /// offices, all. Returns the officials who fell.
    pub(super) fn conclude(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        lookout: &Lookout,
        months: &[RegionMonth],
        purge_mean: f64,
    ) -> Movers {
        let population = self.setup.population;
        let mut grievance = vec![0u64; self.regions.len()];
        for unit in &self.units {
            grievance[unit.region as usize] += unit.now.grievance_all;
        }
        if purge::hazard(conditions) > 0.0 {
            let waited = awaits_purge(conditions);
            self.crew.sweep(
                workers,
                &self.blocks,
                &mut self.units,
                &mut self.movers,
                |scratch, _, units, movers| {
                    for_each_with_next(units, |unit, next| {
                        next.iter().for_each(|next| unit_steps::prefetch_at_risk(next));
                        if unit.office {
                            return;
                        }
                        if waited {
                            unit_steps::purge_first(conditions, purge_mean, unit);
                            unit_steps::conclude(
                                conditions, lookout, population, None, unit, scratch, movers,
                            );
                        } else {
                            unit_steps::purge_last(
                                conditions, lookout, population, purge_mean, unit, scratch, movers,
                            );
                        }
                    });
                },
            );
        }
        let plants = self.plants();
        let scratch = self.crew.alone();
        let mut fallen = Movers::default();
        for office in &mut self.units[plants..] {
            let own = office.region as usize;
            let electors = (grievance[own], months[own].people);
            unit_steps::purge_first(conditions, purge_mean, office);
            unit_steps::conclude(
                conditions,
                lookout,
                population,
                Some(electors),
                office,
                scratch,
                &mut fallen,
            );
        }
        fallen
    }

    pub(super) fn update_regions(&mut self, conditions: &Conditions, months: &mut [RegionMonth]) {
        for unit in &self.units {
            let month = &mut months[unit.region as usize];
            for (origin, &count) in unit.now.origins.iter().enumerate() {
                month.heads[origin.min(ORIGIN_GROUPS - 1)] += u64::from(count);
            }
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

    /// Demoted officials come to plants.
    pub(super) fn place_fallen(&mut self, conditions: &Conditions, lookout: &Lookout, fallen: &Movers) {
        for (mover, &to) in fallen.people.iter().zip(&fallen.to) {
            movers::receive_fallen(conditions, lookout, &mut self.units[to as usize], mover);
        }
    }

    /// Movers get a destination, at which they will arrive: [`Society::fill_lowest_posts_and_hire`].
    pub(super) fn direct_movers(&mut self, workers: Workers, conditions: &Conditions) {
        let deficits = movers::Deficits::new(
            self.units[..self.plants()].iter().map(|unit| (unit.workers_wanted, unit.now.workers_left)),
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
    }

    /// R9: the party recruits; R11: output. What a month adds to everybody's age is no work: see [`ageing`].
    pub(super) fn recruit_and_produce(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        lookout: &Lookout,
        outsiders: &Outsiders,
    ) {
        let chance = lookout.joining.map(|joining| (joining, recruitment::chance(conditions, outsiders)));
        self.outsiders_mean = lookout.joining.and_then(|_| outsiders.mean());
        self.centre.capital = production::capital(&conditions.rules, self.centre.capital);
        let capital = self.centre.capital;
        let mut nothing = vec![(); self.blocks.count()];
        self.crew.sweep(workers, &self.blocks, &mut self.units, &mut nothing, |scratch, _, units, ()| {
            for_each_with_next(units, |unit, next| {
                next.into_iter().for_each(|next| recruitment::prefetch(next));
                if let Some((joining, chance)) = &chance {
                    recruitment::pass(conditions, joining, *chance, unit, scratch);
                }
                scratch.watch.lap(Process::Recruitment);
                production::pass(&conditions.rules, &conditions.levers, capital, unit);
                scratch.watch.lap(Process::Output);
            });
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
    use crate::model::setup::{Events, PolicyMode, Population, Setup};

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
        let mut months = society.regional_presence();
        society.update_regions(&conditions, &mut months);
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
