//! What has to be known for the whole country, or a region, between the processes of a month.
//!
//! Owns the steps of [`super::month`] that join units: counts by region, accusations of officials, movers, graduates,
//! the regional passes of the vacancy chain, school. Sums are over integers, or over units in their order, so that
//! nothing depends on who computed what.

use super::conditions::{Conditions, official_image};
use super::identity;
use super::people::{Person, fate};
use super::person::{DIRECTOR, FOREMAN, REGIONAL};
use super::processes::acquaintance::Official;
use super::processes::departures::{Mover, Way};
use super::processes::discourse::Images;
use super::processes::promotion::Candidate;
use super::processes::regions::RegionMonth;
use super::processes::school::{Cohort, Student};
use super::processes::*;
use super::purpose::{self, MONTHLY, RARE, monthly, rare};
use super::scratch::Scratch;
use super::society::Society;
use super::unit::Unit;
use crate::engine::calendar::Month;
use crate::engine::distributions::round_randomly;
use crate::engine::maths::{from_fixed, gumbel_of_word};
use crate::engine::parallel::Workers;
use crate::engine::random::uniform64;

/// Share of the quality scale that heroes of labour make up at full Stakhanovism.
const HEROES: f64 = 0.30;
/// Decay of a show trial's pulse in a month: e^(-1/6).
const PULSE_DECAY: f64 = 0.846_481_724_890_614_1;

/// Those flagged as hopeful for school: the places for workers and for outsiders, and the word above which noise may
/// be enough for a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hopes {
    workers: u64,
    outsiders: u64,
    above: u32,
}

/// Recruitment of a month: probability of joining per unit of weight, and whether only those marked can join.
#[derive(Debug, Clone, Copy)]
pub(super) struct Admission {
    chance: f64,
    marked: bool,
}

/// Largest score for a school place without noise.
const MOST_PROMISE: f32 = 3.5;

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

    /// Places at school this month, and the noise above which a worker may hope for one: about forty times as many
    /// workers pass it as there are places, and whether that was enough is checked when places are given.
    pub(super) fn school_hopes(&self, conditions: &Conditions) -> Hopes {
        let (mut workers, mut elite) = (0u64, 0u64);
        for unit in &self.units {
            workers += u64::from(unit.now.counts[0]);
            elite += unit.now.counts[2..].iter().map(|&count| u64::from(count)).sum::<u64>();
        }
        let (places, outsiders) = school::places(conditions, elite);
        let share = (40.0 * (places as f64 + 2.0) / workers.max(1) as f64).min(1.0);
        Hopes { workers: places, outsiders, above: ((1.0 - share) * f64::from(u32::MAX)) as u32 }
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
            mark_hopes(unit, scratch, hopes);
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

    /// Graduates of this month come to plants of their region: own workers, and outsiders.
    pub(super) fn return_graduates(&mut self, conditions: &Conditions) {
        let month = conditions.month;
        let (workers, outsiders) = if month.0 < school::MONTHS {
            (Vec::new(), self.early_students[month.index()])
        } else {
            let cohort = self.school.pop_front().unwrap_or_default();
            (cohort.workers, cohort.outsiders)
        };
        for student in workers {
            self.graduate(conditions, school::learn(student.person), student.region, 1);
        }
        for ordinal in 0..outsiders {
            let identity = if month.0 < school::MONTHS {
                identity::early_student(month, ordinal)
            } else {
                identity::student(Month(month.0 - school::MONTHS), ordinal)
            };
            let words = conditions.key.block(RARE, month.0, identity);
            let regions = self.regions.len();
            let region = ((uniform64(words[rare::REGION]) * regions as f64) as usize).min(regions - 1);
            let person = births::outside_graduate(&conditions.key, &conditions.rules, identity, month.0);
            self.graduate(conditions, person, region as u32, 0);
        }
    }

    /// A graduate comes to a plant of the region, drawn in proportion to posts of rank 2, which are in proportion to
    /// the plants' sizes.
    fn graduate(&mut self, conditions: &Conditions, person: Person, region: u32, kind: usize) {
        let words = conditions.key.block(RARE, conditions.month.0, person.identity);
        let turn = self.regional_sizes[region as usize].draw(words[rare::PLANT], words[rare::PLANT + 1]);
        let unit = &mut self.units[region as usize + turn * self.regions.len()];
        let mut person = school::graduate(person);
        person.brigade = unit.brigade(uniform64(words[rare::BRIGADE]));
        unit.now.graduates[kind] += 1;
        unit.now.graduates_by_origin[kind][person.standing.origin() as usize] += 1;
        unit.settle(person);
    }

    /// Rank 4: the best directors of the region come to its office.
    pub(super) fn fill_regional_posts(&mut self, conditions: &Conditions) -> Vec<Mover> {
        let mut risen = Vec::new();
        let plants = self.units.len() - self.regions.len();
        for region in 0..self.regions.len() {
            let office = plants + region;
            let posts = promotion::posts_to_fill(conditions, &mut self.units[office], REGIONAL);
            if posts > 0 {
                let mut candidates = Vec::new();
                for position in (region..plants).step_by(self.regions.len()) {
                    let unit = &self.units[position];
                    promotion::candidates(conditions, unit, position as u32, REGIONAL, &mut candidates);
                }
                let turns = (0..posts).map(|_| office as u32);
                self.promote_best(conditions, &mut candidates, turns, REGIONAL, &mut risen);
            }
        }
        risen
    }

    /// Ranks 3, 2, 1: units promote their own best; posts still short go to the best of the region.
    pub(super) fn fill_posts(&mut self, workers: Workers, conditions: &Conditions, risen: &mut Vec<Mover>) {
        let plants = self.units.len() - self.regions.len();
        for rank in (FOREMAN..=DIRECTOR).rev() {
            let mut short: Vec<Vec<(u32, u64)>> = vec![Vec::new(); self.blocks.count()];
            self.blocks.each(
                workers,
                &mut self.units,
                &mut short,
                &self.scratch,
                |scratch, first, units, short| {
                    for (position, unit) in (first..).zip(units) {
                        let posts = promotion::fill_from_within(conditions, unit, rank, scratch);
                        if posts > 0 {
                            short.push((position as u32, posts));
                        }
                    }
                },
            );
            let mut short: Vec<(u32, u64)> = short.concat();
            short.sort_by_key(|&(unit, _)| promotion::turn(conditions, unit, rank));
            for region in 0..self.regions.len() {
                let of_region = |unit: u32| self.units[unit as usize].region as usize == region;
                let turns: Vec<u32> = short
                    .iter()
                    .filter(|&&(unit, _)| of_region(unit))
                    .flat_map(|&(unit, posts)| (0..posts).map(move |_| unit))
                    .collect();
                if turns.is_empty() {
                    continue;
                }
                let mut candidates = Vec::new();
                for position in (region..plants).step_by(self.regions.len()) {
                    let unit = &self.units[position];
                    promotion::candidates(conditions, unit, position as u32, rank, &mut candidates);
                }
                self.promote_best(conditions, &mut candidates, turns.into_iter(), rank, risen);
            }
        }
    }

    /// The best candidates rise, each into the next of the units that take turns.
    fn promote_best(
        &mut self,
        conditions: &Conditions,
        candidates: &mut Vec<Candidate>,
        turns: impl Iterator<Item = u32>,
        rank: u8,
        risen: &mut Vec<Mover>,
    ) {
        candidates.sort_unstable_by(|one, other| {
            promotion::better((one.score, one.identity), (other.score, other.identity))
        });
        for (candidate, to) in candidates.iter().zip(turns) {
            let from = &mut self.units[candidate.unit as usize];
            let row = candidate.row as usize;
            let (person, record) = promotion::promoted(conditions, from.people.person(row), rank);
            from.people.fate[row] |= fate::MOVED_UP;
            from.holders[usize::from(rank) - 1] -= 1;
            let unit = &mut self.units[to as usize];
            unit.holders[usize::from(rank)] += 1;
            unit.now.promotions.push(record);
            risen.push(Mover { person, to, way: Way::Rises, brigade: 0 });
        }
    }

    /// Those who rose elsewhere arrive; openness of the units and the rise of the origin groups follow.
    pub(super) fn close_chain(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        risen: Vec<Mover>,
        months: &mut [RegionMonth],
    ) {
        if !risen.is_empty() {
            self.each_unit(workers, |_, unit| promotion::see_off(unit));
        }
        for mover in &risen {
            movers::arrive(conditions, &mut self.units[mover.to as usize], mover);
        }
        for unit in &mut self.units {
            let posts = unit.posts[1..].iter().sum();
            unit.openness = promotion::openness(unit.openness, unit.now.promotions.len(), posts);
            let month = &mut months[unit.region as usize];
            for (sum, promotions) in month.promotions.iter_mut().zip(promotion::by_group(unit)) {
                *sum += promotions;
            }
        }
        for (region, month) in self.regions.iter_mut().zip(months) {
            regions::rise_of_groups(region, month);
        }
    }

    /// R9: the best of the workers who want to study leave for school; if there are places for all, all do.
    pub(super) fn send_to_school(&mut self, workers: Workers, conditions: &Conditions, hopes: Hopes) {
        let mut cohort = Cohort { workers: Vec::new(), outsiders: hopes.outsiders as u32 };
        if hopes.workers > 0 {
            let places = hopes.workers as usize;
            let mut best = self.best_students(workers, conditions, Some(hopes), places);
            // Whoever was not looked at scores below this.
            let bound = MOST_PROMISE + gumbel_of_word(hopes.above);
            if best.len() < places || best[places - 1].0 < bound {
                best = self.best_students(workers, conditions, None, places);
            }
            for (_, _, unit, row) in &best {
                self.units[*unit as usize].people.fate[*row as usize] |= fate::STUDENT;
            }
            let mut units: Vec<u32> = best.iter().map(|&(_, _, unit, _)| unit).collect();
            units.sort_unstable();
            units.dedup();
            for unit in units {
                let unit = &mut self.units[unit as usize];
                for row in (0..unit.people.len()).rev() {
                    if unit.people.fate[row] & fate::STUDENT != 0 {
                        let person = unit.people.take(row);
                        cohort.workers.push(Student {
                            person: Person { fate: 0, accused: 0, ..person },
                            region: unit.region,
                        });
                        unit.now.students += 1;
                    }
                }
            }
            cohort.workers.sort_unstable_by_key(|student| student.person.identity);
        }
        self.school.push_back(cohort);
    }

    /// The best `places` candidates for school: of those marked as hopeful, or of all.
    fn best_students(
        &mut self,
        workers: Workers,
        conditions: &Conditions,
        hopes: Option<Hopes>,
        places: usize,
    ) -> Vec<(f32, u64, u32, u32)> {
        let order = |one: &(f32, u64, u32, u32), other: &(f32, u64, u32, u32)| {
            other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
        };
        let mut found = vec![Vec::new(); self.blocks.count()];
        self.blocks.each(workers, &mut self.units, &mut found, &self.scratch, |_, first, units, found| {
            for (position, unit) in (first..).zip(units) {
                let people = &unit.people;
                for row in 0..people.len() {
                    let looked_at = hopes.is_none() || people.fate[row] & fate::HOPES != 0;
                    if looked_at && school::eligible(people, row) {
                        let score = school::score(conditions, people, row);
                        found.push((score, people.identity[row], position as u32, row as u32));
                    }
                }
            }
            found.sort_unstable_by(order);
            found.truncate(places);
        });
        let mut best = found.concat();
        best.sort_unstable_by(order);
        best.truncate(places);
        best
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

fn mark_hopes(unit: &mut Unit, scratch: &Scratch, hopes: Hopes) {
    let workers = unit.ranks.workers();
    let words = &scratch.words.column(monthly::SCHOOL)[workers.clone()];
    for (fate, &word) in unit.people.fate[workers].iter_mut().zip(words) {
        *fate |= if word > hopes.above { fate::HOPES } else { 0 };
    }
}
