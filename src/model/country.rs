//! Defines the country, the part of a society above its plants and offices, and the steps of the month at that level.
//!
//! The readable month ([`super::society`]) and the fast month ([`super::fast`]) share both.

use std::collections::VecDeque;
use std::sync::Arc;

use super::conditions::{Conditions, official_image};
use super::identity;
use super::leadership::{Leadership, Observation};
use super::levers::Levers;
use super::parameters::Parameters;
use super::purpose::{RARE, rare};
use super::record::{self, MonthRecord};
use super::rules::enemy_images::{self, Images};
use super::rules::profiles::Notes;
use super::rules::thirds::AbilityThirds;
use super::rules::{entrants, output, promotion, regions, school};
use super::setup::Setup;
use super::state::person::Person;
use super::state::region::{Centre, Region, RegionMonth};
use super::state::school::Cohort;
use super::state::standing::{DIRECTOR, ORIGIN_GROUPS, RANKS, REGIONAL, TARGET_CLASSES};
use super::state::traits::Aptitude;
use super::state::unit::Unit;
use crate::engine::calendar::Month;
use crate::engine::maths::from_fixed;
use crate::engine::random::{Key, uniform64};
use crate::engine::sampling::Alias;

/// Leadership, regions, centre and school, with the setup and the random key of the run.
#[derive(Debug, Clone)]
pub(super) struct Country {
    pub(super) setup: Arc<Setup>,
    /// Parameters, with those of ablated mechanisms at zero.
    pub(super) parameters: Parameters,
    /// Key of the draws at the start, and of every month before [`Country::future`].
    pub(super) key: Key,
    /// First month whose draws are keyed by another replicate, and the key of that replicate.
    pub(super) future: Option<(Month, Key)>,
    pub(super) leadership: Box<dyn Leadership>,
    /// The levers in force in the last month that was simulated; all 0 before the first.
    pub(super) levers: Levers,
    /// What the leadership saw of the previous month.
    pub(super) observed: Option<Observation>,
    /// The next month to simulate.
    pub(super) next: Month,
    pub(super) regions: Vec<Region>,
    pub(super) centre: Centre,
    pub(super) notes: Notes,
    /// Cohorts at school by month of entry, the oldest at the front.
    pub(super) school: VecDeque<Cohort>,
    /// Outsiders at school in January 1928, by month of graduation.
    pub(super) early_students: Vec<u32>,
    /// Tables for drawing a plant in proportion to its size: from the whole country, and from each region.
    pub(super) sizes: Alias,
    pub(super) regional_sizes: Vec<Alias>,
}

/// A graduate and the plant where the graduate starts.
pub(super) struct Placement {
    pub(super) person: Person,
    /// Position of the plant among the units.
    pub(super) plant: usize,
}

/// Kinds of graduates, as indices into a unit's counts: outsiders, and workers sent by their plants.
const OUTSIDER: usize = 0;
const SENT_WORKER: usize = 1;

impl Country {
    /// Returns the number of plants, which is also the position of the first office.
    pub(super) fn plants(&self) -> usize {
        self.setup.population.enterprises as usize
    }

    /// Keys the draws of `from` and of later months by another replicate of the same seed.
    pub(super) fn set_future(&mut self, from: Month, replicate: u32) {
        self.future = Some((from, self.key.of_replicate(replicate)));
    }

    /// Returns the key of the draws of a month.
    fn key_of(&self, month: Month) -> &Key {
        match &self.future {
            Some((from, key)) if *from <= month => key,
            _ => &self.key,
        }
    }

    /// Step 0: asks the leadership for the levers, lets the pulses of show trials decay and adds new ones; returns
    /// the month's conditions.
    pub(super) fn set_levers(&mut self) -> Conditions {
        let month = self.next;
        let levers = self.leadership.levers(month, self.observed.as_ref()).clamped();
        self.levers = levers;
        let events = &self.setup.events;
        for (pulse, trial) in self.centre.pulses.iter_mut().zip(&events.pulses[month.index()]) {
            *pulse = *pulse * self.parameters.trial_memory + trial;
        }
        Conditions {
            month,
            levers,
            parameters: self.parameters.clone(),
            mechanisms: self.setup.mechanisms,
            pulses: self.centre.pulses,
            image: official_image(&self.parameters, &levers, &self.centre.pulses),
            shock_below: (self.parameters.shock_share * levers.stakhanovism) as f32,
            elections: [events.party_elections[month.index()], events.union_elections[month.index()]],
            key: self.key_of(month).clone(),
        }
    }

    /// Step 1: in January, divides the bosses into thirds by ability. `people` are the rank and aptitude of everyone
    /// present, or of all bosses.
    pub(super) fn divide_bosses(
        &mut self,
        conditions: &Conditions,
        people: impl Iterator<Item = (u8, Aptitude)>,
    ) {
        if conditions.month.0.is_multiple_of(12) {
            let mut aptitudes: [Vec<Aptitude>; RANKS] = Default::default();
            people.for_each(|(rank, aptitude)| aptitudes[usize::from(rank)].push(aptitude));
            self.notes.thirds = AbilityThirds::of(&mut aptitudes);
        }
    }

    /// Step 5 in the regions: updates what people learn about the success of accusations, the attack on the
    /// officials, and the arrest quota.
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
            month.accused += u64::from(now.accused);
            month.punished_suspects += u64::from(now.punished_suspects);
            month.due += u64::from(now.arrests_due);
            month.arrests += u64::from(now.arrests);
            if unit.office {
                month.officials_removed += u64::from(now.arrested_bosses + now.demoted_bosses);
                let officials = f64::from(now.people_by_rank[usize::from(REGIONAL)].max(1));
                month.officials_fear = from_fixed(now.fear_elite) / officials;
            }
        }
        for (region, month) in self.regions.iter_mut().zip(months) {
            regions::update(&conditions.parameters, conditions.levers.repression, region, month);
        }
    }

    /// Step 5: lets the suspicion and fear of the students fade. They left the list of people present, which the other
    /// steps go through.
    pub(super) fn fade_at_school(&mut self, conditions: &Conditions) {
        let fading = school::Fading::new(&conditions.parameters, &conditions.levers);
        let students = self.school.iter_mut().flat_map(|cohort| &mut cohort.workers);
        students.for_each(|student| fading.pass(&mut student.person));
    }

    /// Step 7: places the students who entered school four years ago.
    ///
    /// Workers return to their own region; outsiders get a random one. Each is placed in a plant drawn in proportion
    /// to its posts of rank 2, which are proportional to the plants' sizes.
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
            let person = school::learn(&conditions.parameters, student.person, month.0);
            placements.push(self.place(conditions, person, student.region as usize, SENT_WORKER, units));
        }
        for ordinal in 0..cohort.outsiders {
            let identity = if early {
                identity::early_student(month, ordinal)
            } else {
                identity::student(Month(month.0 - school::MONTHS), ordinal)
            };
            let person =
                entrants::outside_graduate(&conditions.key, &conditions.parameters, identity, month.0);
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
        let mut person = school::graduate(&conditions.parameters, person, conditions.month.0);
        person.brigade = unit.brigade(uniform64(words[rare::BRIGADE]));
        unit.now.graduates[kind] += 1;
        unit.now.graduates_by_origin[kind][person.standing.origin() as usize] += 1;
        Placement { person, plant }
    }

    /// Step 7: updates the openness of the units and the mobility of the origin groups from the month's promotions.
    pub(super) fn close_vacancy_chain<'a>(
        &mut self,
        units: impl Iterator<Item = &'a mut Unit>,
        months: &mut [RegionMonth],
    ) {
        for unit in units {
            let posts = unit.posts[1..].iter().sum();
            unit.openness =
                promotion::openness(&self.parameters, unit.openness, unit.now.promotions.len(), posts);
            let month = &mut months[unit.region as usize];
            for (sum, promotions) in month.promotions.iter_mut().zip(promotion::by_group(unit)) {
                *sum += promotions;
            }
        }
        for (region, month) in self.regions.iter_mut().zip(months) {
            regions::rise_of_groups(region, month);
        }
    }

    /// Step 8: lets capital grow and returns it.
    pub(super) fn accumulate_capital(&mut self) -> f64 {
        self.centre.capital = output::capital(&self.parameters, self.centre.capital);
        self.centre.capital
    }

    /// Ends the month: updates the images of the enemy, sums up the record, and keeps what the leadership sees of it.
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

    /// R10: updates the popular image of the enemy from accusations and expected meetings; returns both images.
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

/// A collection of units that can be accessed by position: plants, then offices.
pub(super) trait UnitsByPosition {
    /// Returns the unit in a position.
    fn unit(&mut self, position: usize) -> &mut Unit;
}

impl UnitsByPosition for Vec<Unit> {
    fn unit(&mut self, position: usize) -> &mut Unit {
        &mut self[position]
    }
}

/// Starts the monthly records of the regions with what the roll call counted: people and directors.
pub(super) fn roll_of_regions<'a>(regions: usize, units: impl Iterator<Item = &'a Unit>) -> Vec<RegionMonth> {
    let mut months = vec![RegionMonth::default(); regions];
    for unit in units {
        let month = &mut months[unit.region as usize];
        month.people += u64::from(unit.now.people());
        month.directors += u64::from(unit.now.people_by_rank[usize::from(DIRECTOR)]);
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mechanisms::Mechanisms;
    use crate::model::setup::{Events, PolicyMode, Population};
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
