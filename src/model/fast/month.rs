//! Runs the schedule of [`crate::model::month`] as sweeps over blocks of units.
//!
//! A sweep takes each unit through as many steps as possible without information from other units. In most months one
//! sweep covers steps 1 to 7.2. In a month with a purge, whose weights are relative to their mean over the country, a
//! second sweep continues after the purge. Sums over units are taken in whole numbers, or over units in their order.

use super::conditions::Conditions;
use super::departures::Movers;
use super::prefilter::Prefilter;
use super::profile::Process;
use super::recruitment::PartyPrefilter;
use super::school::Places;
use super::society::Society;
use super::unit::{Unit, for_each_with_next};
use super::unit_steps::{self, Pipeline};
use super::{movers, recruitment};
use crate::model::record::MonthRecord;
use crate::model::rules::acquaintance::Official;
use crate::model::rules::destinations::Deficits;
use crate::model::rules::merit::Merit;
use crate::model::rules::profiles;
use crate::model::rules::recruitment::{self as joining, Outsiders};
use crate::model::rules::{output, purge};
use crate::model::state::person::Person;
use crate::model::state::region::RegionMonth;
use crate::model::state::standing::{DIRECTOR, REGIONAL};

impl Society {
    /// Simulates the next month, with the results of [`crate::model::society::Society::month`].
    pub fn month(&mut self) -> MonthRecord {
        self.workspaces.timer.start();
        // 0. and 1.
        let conditions = Conditions::new(self.country.set_levers(), self.instructions);
        let mut regions = self.roll_of_regions();
        self.divide_bosses(&conditions);
        let officials = self.officials(&conditions);
        let places = self.school_places(&conditions);
        let prefilter = self.prefilter(&conditions, &places);
        // 1. to 7.2 in plants, as far as they do not wait for the purge; then the offices.
        self.sweep_plants(&conditions, &prefilter, &regions, &officials);
        self.punish_officials(&conditions, &prefilter);
        let fallen = self.conclude(&conditions, &prefilter, &regions);
        let (country, units) = (&mut self.country, &self.units);
        country.fade_at_school(&conditions);
        country.update_regions(&conditions, units.iter().map(|unit| &unit.state), &mut regions);
        // 7. Movers get a destination. They arrive, and hires are made, while the last posts are filled: neither the
        // chain nor the school affects hires.
        self.return_graduates(&conditions, &prefilter);
        self.place_fallen(&conditions, &prefilter, &fallen);
        self.direct_movers(&conditions);
        self.fill_regional_posts(&conditions, &prefilter);
        self.fill_posts_of_the_elite(&conditions, &prefilter);
        let for_school = self.fill_lowest_posts_and_hire(&conditions, &prefilter);
        self.send_to_school(&conditions, &prefilter, &places, for_school);
        let states = self.units.iter_mut().map(|unit| &mut unit.state);
        self.country.close_vacancy_chain(states, &mut regions);
        // 7. Recruitment. 8.
        self.recruit_and_produce(&conditions, &prefilter);
        let record = self.country.close_month(&conditions, self.units.iter().map(|unit| &unit.state));
        self.workspaces.timer.lap(Process::Country);
        record
    }

    fn roll_of_regions(&self) -> Vec<RegionMonth> {
        let mut months = vec![RegionMonth::default(); self.country.regions.len()];
        for unit in &self.units {
            let month = &mut months[unit.state.region as usize];
            month.people += unit.people.len() as u64;
            month.directors += unit.people.ranks.count(DIRECTOR) as u64;
        }
        months
    }

    /// In January, divides the bosses into thirds by ability.
    fn divide_bosses(&mut self, conditions: &Conditions) {
        let (country, units) = (&mut self.country, &self.units);
        let bosses = units.iter().flat_map(|unit| {
            let rows = unit.people.ranks.bosses();
            unit.people.standing[rows.clone()].iter().zip(&unit.people.skill[rows])
        });
        country
            .divide_bosses(conditions, bosses.map(|(standing, skill)| (standing.rank(), skill.aptitude())));
    }

    /// Returns the bounds of the month.
    fn prefilter(&self, conditions: &Conditions, places: &Places) -> Prefilter {
        Prefilter {
            merit: Merit::new(&conditions.parameters, &conditions.levers),
            school: places.threshold,
            party: PartyPrefilter::new(conditions, self.outsiders_mean),
        }
    }

    fn offices(&self) -> &[Unit] {
        &self.units[self.country.plants()..]
    }

    /// Returns the officials of each region.
    fn officials(&self, conditions: &Conditions) -> Vec<Vec<Official>> {
        let list = |office: &Unit| {
            let person = |row| -> Person { office.people.person(row) };
            let rows = office.people.ranks.of(REGIONAL);
            rows.map(|row| Official::of(&person(row), row as u32, conditions.month.0)).collect()
        };
        self.offices().iter().map(list).collect()
    }

    /// Runs steps 1 to 4 in plants and, unless they wait for the purge, steps 5 to 7.2; steps 1 to 3 in offices.
    fn sweep_plants(
        &mut self,
        conditions: &Conditions,
        prefilter: &Prefilter,
        months: &[RegionMonth],
        officials: &[Vec<Official>],
    ) {
        let purge = purge::hazard(conditions) > 0.0;
        let (regions, population) = (&self.country.regions, &self.country.setup.population);
        let regional_posts: Vec<f64> =
            self.offices().iter().map(|office| office.state.posts[usize::from(REGIONAL)]).collect();
        let open_in_office: Vec<bool> = self
            .offices()
            .iter()
            .map(|office| profiles::open_in_office(&office.state, office.people.len()))
            .collect();
        let notes = self.country.notes;
        let (workers, units, movers) = (self.workers, &mut self.units, &mut self.movers);
        self.workspaces.sweep(workers, &self.blocks, units, movers, |workspace, _, units, movers| {
            movers.clear();
            for_each_with_next(units, |unit, next| {
                let region = unit.state.region as usize;
                let mut pipeline = Pipeline { workspace, next: next.as_deref(), part: 0 };
                movers.prefetch_room(unit.people.len() / MOVERS_OF);
                let open = open_in_office[region];
                unit_steps::feel_and_work(conditions, &regions[region], &notes, open, unit, &mut pipeline);
                let climate = unit_steps::climate(
                    conditions,
                    &regions[region],
                    unit,
                    regional_posts[region],
                    months[region].directors as u32,
                );
                unit_steps::accuse(conditions, &climate, &notes, unit, &officials[region], &mut pipeline);
                if unit.state.office {
                    return;
                }
                if !purge {
                    unit_steps::lend_events(unit, pipeline.workspace);
                }
                unit_steps::punish(conditions, prefilter, &regions[region], unit, &mut pipeline);
                if !purge {
                    let workspace = pipeline.workspace;
                    unit_steps::conclude(conditions, prefilter, population, None, unit, workspace, movers);
                    workspace.punishment.events = std::mem::take(&mut unit.candidates.events);
                }
            });
        });
    }

    /// Runs step 4 in the offices, once accusations from all plants are known.
    fn punish_officials(&mut self, conditions: &Conditions, prefilter: &Prefilter) {
        let plants = self.country.plants();
        let mut targets: Vec<Vec<u32>> = vec![Vec::new(); self.country.regions.len()];
        for (position, unit) in self.units.iter().enumerate() {
            let against = unit.state.now.acts.iter().filter(|act| act.official || position >= plants);
            targets[unit.state.region as usize].extend(against.map(|act| act.row));
        }
        let workspace = self.workspaces.first();
        for (office, targets) in self.units[plants..].iter_mut().zip(targets) {
            let region = &self.country.regions[office.state.region as usize];
            unit_steps::punish_office(conditions, prefilter, region, office, targets, workspace);
        }
    }

    /// Runs the purge and then what waited for it: elections, steps 5 and 6, departures and growth. Returns the
    /// demoted regional officials.
    fn conclude(&mut self, conditions: &Conditions, prefilter: &Prefilter, months: &[RegionMonth]) -> Movers {
        let mean = self.mean_purge_weight(conditions);
        let population = self.country.setup.population;
        if purge::hazard(conditions) > 0.0 {
            let (workers, units, movers) = (self.workers, &mut self.units, &mut self.movers);
            self.workspaces.sweep(workers, &self.blocks, units, movers, |workspace, _, units, movers| {
                for_each_with_next(units, |unit, next| {
                    next.into_iter().for_each(|next| unit_steps::prefetch_conclusion(next));
                    if !unit.state.office {
                        super::purge::pass(conditions, mean, unit);
                        unit_steps::conclude(
                            conditions,
                            prefilter,
                            &population,
                            None,
                            unit,
                            workspace,
                            movers,
                        );
                    }
                });
            });
        }
        let mut grievance = vec![0u64; self.country.regions.len()];
        for unit in &self.units {
            grievance[unit.state.region as usize] += unit.state.now.grievance_all;
        }
        let plants = self.country.plants();
        let workspace = self.workspaces.first();
        let mut fallen = Movers::default();
        for office in &mut self.units[plants..] {
            let region = office.state.region as usize;
            let electors = Some((grievance[region], months[region].people));
            super::purge::pass(conditions, mean, office);
            let movers = &mut fallen;
            unit_steps::conclude(conditions, prefilter, &population, electors, office, workspace, movers);
        }
        fallen
    }

    fn mean_purge_weight(&self, conditions: &Conditions) -> f64 {
        if purge::hazard(conditions) <= 0.0 {
            return 1.0;
        }
        let sum = self.units.iter().map(|unit| unit.candidates.purge_weight).sum();
        let people = self.units.iter().map(|unit| u64::from(unit.state.now.party)).sum();
        purge::mean_weight(&purge::Terms::new(&conditions.parameters), sum, people)
    }

    /// Places demoted officials in plants.
    fn place_fallen(&mut self, conditions: &Conditions, prefilter: &Prefilter, fallen: &Movers) {
        for (mover, &to) in fallen.people.iter().zip(&fallen.to) {
            movers::receive_fallen(conditions, prefilter, &mut self.units[to as usize], mover);
        }
    }

    /// Finds the destinations of movers, who arrive there in [`Society::fill_lowest_posts_and_hire`].
    fn direct_movers(&mut self, conditions: &Conditions) {
        let plants = self.units[..self.country.plants()].iter().map(|unit| &unit.state);
        let deficits = Deficits::new(plants.map(|unit| (unit.workers_wanted, unit.now.workers_left)));
        let sizes = &self.country.sizes;
        let mut nothing = vec![(); self.movers.len()];
        let (workers, movers) = (self.workers, &mut self.movers);
        self.workspaces.sweep(workers, &self.lists, movers, &mut nothing, |workspace, _, lists, ()| {
            for list in lists {
                movers::place(conditions, &deficits, sizes, list, workspace);
            }
            workspace.timer.lap(Process::Movers);
        });
        self.arrivals.sort(&self.movers, self.units.len());
    }

    /// R9: recruits to the party. R11: computes output.
    fn recruit_and_produce(&mut self, conditions: &Conditions, prefilter: &Prefilter) {
        let mut outsiders = Outsiders::default();
        self.units.iter().for_each(|unit| outsiders.add(unit.candidates.outsiders));
        let party =
            prefilter.party.map(|party| (party, joining::chance(conditions, &party.terms, &outsiders)));
        self.outsiders_mean = party.and_then(|(party, _)| outsiders.mean(&party.terms));
        let capital = self.country.accumulate_capital();
        let mut nothing = vec![(); self.blocks.count()];
        let (workers, units) = (self.workers, &mut self.units);
        self.workspaces.sweep(workers, &self.blocks, units, &mut nothing, |workspace, _, units, ()| {
            for_each_with_next(units, |unit, next| {
                next.into_iter().for_each(|next| recruitment::prefetch(next));
                if let Some((party, chance)) = &party {
                    recruitment::pass(conditions, party, *chance, unit, workspace);
                }
                workspace.timer.lap(Process::Recruitment);
                output::update(conditions, capital, &mut unit.state);
                workspace.timer.lap(Process::Output);
            });
        });
    }
}

/// In a month of much movement, one in this many people of a unit leaves it.
const MOVERS_OF: usize = 12;
