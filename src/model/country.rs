//! The country: everything in a society that stands above its plants and offices.
//!
//! The readable month ([`super::society`]) and the fast month ([`super::fast`]) share this part and its steps.

use std::collections::VecDeque;
use std::sync::Arc;

use super::conditions::{Conditions, official_image};
use super::leadership::{self, Leadership, Observation};
use super::parameters::Parameters;
use super::purpose::{RARE, rare};
use super::record::{self, MonthRecord};
use super::rules::enemy_images::{self, Images};
use super::rules::{entrants, output, promotion, regions, school};
use super::setup::{PolicyMode, Setup};
use super::state::person::Person;
use super::state::region::{Centre, Region, RegionMonth};
use super::state::school::Cohort;
use super::state::standing::{DIRECTOR, ORIGIN_GROUPS, REGIONAL, TARGET_CLASSES};
use super::state::unit::Unit;
use super::{identity, start};
use crate::engine::calendar::Month;
use crate::engine::maths::from_fixed;
use crate::engine::random::{Key, uniform64};
use crate::engine::sampling::Alias;

/// What stands above the units: leadership, regions, centre and school, with setup and key of the run.
#[derive(Debug, Clone)]
pub(super) struct Country {
    pub(super) setup: Arc<Setup>,
    /// Parameters, with those of ablated mechanisms at zero.
    pub(super) rules: Parameters,
    pub(super) key: Key,
    pub(super) leadership: Box<dyn Leadership>,
    /// What the leadership saw of the month before.
    pub(super) observed: Option<Observation>,
    /// The next month to simulate.
    pub(super) next: Month,
    pub(super) regions: Vec<Region>,
    pub(super) centre: Centre,
    /// People at school, by month of entry; the front entered first.
    pub(super) school: VecDeque<Cohort>,
    /// Outsiders at school in January 1928, by month of graduation.
    pub(super) early_students: Vec<u32>,
    /// Sizes of the plants relative to each other: in the country, and by region.
    pub(super) sizes: Alias,
    pub(super) regional_sizes: Vec<Alias>,
}

/// A graduate and the plant that takes the graduate on.
pub(super) struct Placement {
    pub(super) person: Person,
    /// Position of the plant among the units.
    pub(super) plant: usize,
}

/// Kinds of graduates, as positions in the counts of a unit: outsiders, and workers who were sent.
const OUTSIDER: usize = 0;
const SENT_WORKER: usize = 1;

impl Country {
    /// The country in January 1928, and its plants and offices, without their people.
    pub(super) fn start(setup: Arc<Setup>, key: Key) -> (Country, Vec<Unit>) {
        let rules = setup.mechanisms.ablate(setup.parameters.clone());
        let wanted = start::sizes(&setup, &key);
        let units = start::units(&setup, &wanted);
        let people = units.iter().flat_map(start::headcount).map(u64::from).sum();
        let regions = setup.population.regions as usize;
        let of_region = |region| wanted.iter().copied().skip(region).step_by(regions).collect::<Vec<_>>();
        let PolicyMode::Schedule(levers) = &setup.policy;
        let schooling = levers[0].schooling;
        let country = Country {
            early_students: start::early_students(&key, &rules, schooling, people),
            regions: vec![start::region(&rules); regions],
            centre: start::centre(),
            school: VecDeque::with_capacity(usize::from(school::MONTHS) + 1),
            sizes: start::proportions(&wanted),
            regional_sizes: (0..regions).map(|region| start::proportions(&of_region(region))).collect(),
            leadership: leadership::of(&setup.policy),
            observed: None,
            next: Month::FIRST,
            setup,
            rules,
            key,
        };
        (country, units)
    }

    /// Number of plants, which is also the position of the first office.
    pub(super) fn plants(&self) -> usize {
        self.setup.population.enterprises as usize
    }

    /// Step 0: the leadership sets the levers; the pulses of the show trials fade, and new ones begin.
    pub(super) fn set_levers(&mut self) -> Conditions {
        let month = self.next;
        let levers = self.leadership.levers(month, self.observed.as_ref()).clamped();
        let events = &self.setup.events;
        for (pulse, trial) in self.centre.pulses.iter_mut().zip(&events.pulses[month.index()]) {
            *pulse = *pulse * self.rules.trial_memory + trial;
        }
        Conditions {
            month,
            levers,
            rules: self.rules.clone(),
            mechanisms: self.setup.mechanisms,
            pulses: self.centre.pulses,
            image: official_image(&self.rules, &levers, &self.centre.pulses),
            hero_below: (self.rules.hero_share * levers.stakhanovism) as f32,
            elections: [events.party_elections[month.index()], events.union_elections[month.index()]],
            key: self.key.clone(),
        }
    }

    /// Step 5 in the regions: what accusing led to, the attack on the officials, the quota of arrests.
    pub(super) fn update_regions<'a>(
        &mut self,
        conditions: &Conditions,
        units: impl Iterator<Item = &'a Unit>,
        months: &mut [RegionMonth],
    ) {
        for unit in units {
            let (month, now) = (&mut months[unit.region as usize], &unit.now);
            for (origin, &count) in now.origins.iter().enumerate() {
                month.heads[origin.min(ORIGIN_GROUPS - 1)] += u64::from(count);
            }
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

    /// Step 7: the students of four years ago leave school, each for a plant of a region drawn in proportion to the posts of
    /// rank 2, which are in proportion to the plants' sizes. Workers return to their own region.
    pub(super) fn graduates(
        &mut self,
        conditions: &Conditions,
        units: &mut impl UnitsByPosition,
    ) -> Vec<Placement> {
        let month = conditions.month;
        let early = month.0 < school::MONTHS;
        let cohort = if early {
            Cohort { workers: Vec::new(), outsiders: self.early_students[month.index()] }
        } else {
            self.school.pop_front().unwrap_or_default()
        };
        let mut placements = Vec::with_capacity(cohort.workers.len() + cohort.outsiders as usize);
        for student in cohort.workers {
            let person = school::learn(&conditions.rules, student.person, month.0);
            placements.push(self.place(conditions, person, student.region as usize, SENT_WORKER, units));
        }
        for ordinal in 0..cohort.outsiders {
            let identity = if early {
                identity::early_student(month, ordinal)
            } else {
                identity::student(Month(month.0 - school::MONTHS), ordinal)
            };
            let person = entrants::outside_graduate(&conditions.key, &conditions.rules, identity, month.0);
            let draw = uniform64(conditions.key.block(RARE, month.0, identity)[rare::REGION]);
            let regions = self.regions.len();
            let region = ((draw * regions as f64) as usize).min(regions - 1);
            placements.push(self.place(conditions, person, region, OUTSIDER, units));
        }
        placements
    }

    fn place(
        &self,
        conditions: &Conditions,
        person: Person,
        region: usize,
        kind: usize,
        units: &mut impl UnitsByPosition,
    ) -> Placement {
        let words = conditions.key.block(RARE, conditions.month.0, person.identity);
        let turn = self.regional_sizes[region].draw(words[rare::PLANT], words[rare::PLANT + 1]);
        let plant = region + turn * self.regions.len();
        let unit = units.unit(plant);
        let mut person = school::graduate(&conditions.rules, person, conditions.month.0);
        person.brigade = unit.brigade(uniform64(words[rare::BRIGADE]));
        unit.now.graduates[kind] += 1;
        unit.now.graduates_by_origin[kind][person.standing.origin() as usize] += 1;
        Placement { person, plant }
    }

    /// Step 7: openness of the units and rise of the origin groups follow from the month's promotions.
    pub(super) fn close_vacancy_chain<'a>(
        &mut self,
        units: impl Iterator<Item = &'a mut Unit>,
        months: &mut [RegionMonth],
    ) {
        for unit in units {
            let posts = unit.posts[1..].iter().sum();
            unit.openness = promotion::openness(&self.rules, unit.openness, unit.now.promotions.len(), posts);
            let month = &mut months[unit.region as usize];
            for (sum, promotions) in month.promotions.iter_mut().zip(promotion::by_group(unit)) {
                *sum += promotions;
            }
        }
        for (region, month) in self.regions.iter_mut().zip(months) {
            regions::rise_of_groups(region, month);
        }
    }

    /// Step 8: capital grows.
    pub(super) fn accumulate_capital(&mut self) -> f64 {
        self.centre.capital = output::capital(&self.rules, self.centre.capital);
        self.centre.capital
    }

    /// Ends the month: the images of the enemy, the month's record, what the leadership sees of it.
    pub(super) fn close_month<'a>(
        &mut self,
        conditions: &Conditions,
        units: impl Iterator<Item = &'a Unit> + Clone,
    ) -> MonthRecord {
        let images = self.discuss(conditions, units.clone());
        let mut record = record::of(conditions, units, &self.regions, &images);
        record.outsiders_to_school = self.school.back().map_or(0, |cohort| u64::from(cohort.outsiders));
        self.observed = Some(record.observation());
        self.next = Month(conditions.month.0 + 1);
        record
    }

    /// R10: the popular image of the enemy follows from accusations and expected meetings.
    fn discuss<'a>(
        &mut self,
        conditions: &Conditions,
        units: impl Iterator<Item = &'a Unit> + Clone,
    ) -> Images {
        let mut meetings = [0.0; TARGET_CLASSES];
        for unit in units.clone() {
            for (sum, meetings) in meetings.iter_mut().zip(unit.now.acquaintances) {
                *sum += meetings;
            }
        }
        let acts = units.flat_map(|unit| &unit.now.acts);
        enemy_images::remember(&mut self.centre, acts, &meetings);
        enemy_images::images(&conditions.image, &self.centre)
    }
}

/// Units that can be looked up by their position: plants, then offices.
pub(super) trait UnitsByPosition {
    /// The unit in a position.
    fn unit(&mut self, position: usize) -> &mut Unit;
}

impl UnitsByPosition for Vec<Unit> {
    fn unit(&mut self, position: usize) -> &mut Unit {
        &mut self[position]
    }
}

/// What is known of the regions when the roll has been called.
pub(super) fn roll_of_regions<'a>(regions: usize, units: impl Iterator<Item = &'a Unit>) -> Vec<RegionMonth> {
    let mut months = vec![RegionMonth::default(); regions];
    for unit in units {
        let month = &mut months[unit.region as usize];
        month.people += u64::from(unit.now.people());
        month.directors += u64::from(unit.now.counts[usize::from(DIRECTOR)]);
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::levers::Levers;
    use crate::model::mechanisms::Mechanisms;
    use crate::model::setup::{Events, Population};
    use crate::model::society::Society;

    #[test]
    fn regions_count_the_people_directors_and_origins_of_their_units() {
        let setup = Setup {
            population: Population { size: 1_200, enterprises: 7, regions: 3 },
            parameters: Parameters::default(),
            mechanisms: Mechanisms::default(),
            policy: PolicyMode::Schedule(vec![Levers::default(); Month::COUNT]),
            events: Events::none(),
        };
        let mut society = Society::start(setup.into(), 1, 1);
        let conditions = society.country.set_levers();
        society.call_roll(&conditions);
        let mut months = roll_of_regions(3, society.units.iter());
        society.country.update_regions(&conditions, society.units.iter(), &mut months);
        for (region, month) in months.iter().enumerate() {
            let of_region = || (0..10).filter(|&unit| society.units[unit].region as usize == region);
            let people = || of_region().flat_map(|unit| society.people_of(unit));
            assert_eq!(month.people, people().count() as u64);
            // Plants 0 to 6 are in regions 0, 1, 2, 0, 1, 2, 0; each has one director.
            assert_eq!(month.directors, if region == 0 { 3 } else { 2 });
            assert_eq!(month.directors, people().filter(|person| person.rank() == DIRECTOR).count() as u64);
            let former = people().filter(|one| one.standing.elite() && one.standing.former()).count();
            let counted: u32 = of_region().map(|unit| society.units[unit].now.former_elite).sum();
            assert!(former > 0 && counted as usize == former, "{counted} of {former} former people");
            // Employees and former people form one group.
            let mut heads = [0; 3];
            people().for_each(|person| heads[person.standing.origin().group()] += 1);
            assert_eq!(month.heads, heads);
        }
    }
}
