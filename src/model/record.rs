//! The tally: what a month gave for the country, and what the months of a phase gave together.
//!
//! Owns the sums and counts from which the measures of [`super::measures`] are computed. Sums over people are whole
//! numbers or fixed point; the few real sums run over units in their order.

use super::conditions::Conditions;
use super::leadership::Observation;
use super::rules::enemy_images::Images;
use super::state::region::Region;
use super::state::standing::{MOTIVES, ORIGINS, RANKS, TARGET_CLASSES};
use super::state::unit::{Cause, Unit, WHOLE_ACT, since_bin};
use crate::engine::calendar::Month;
use crate::engine::maths::from_fixed;

/// What one month of one replicate gave.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthRecord {
    /// The month.
    pub month: Month,
    /// People present at the start, by rank.
    pub counts: [u64; RANKS],
    /// By origin.
    pub origins: [u64; ORIGINS],
    /// In the party.
    pub party: u64,
    /// Workers with less than 24 months of experience.
    pub newcomers: u64,
    /// Former people among bosses.
    pub former_bosses: u64,
    /// Former people among the elite.
    pub former_elite: u64,
    /// Bosses by months in rank: under 12, 12 to 35, 36 and more.
    pub bosses_by_since: [u64; 3],
    /// Whole posts of ranks 1 to 4 after growth (index 0 is 0).
    pub posts: [u64; RANKS],
    /// Whole posts that growth added, ranks 1 to 4.
    pub posts_added: u64,
    /// Vacant posts by rank before each rank is filled.
    pub vacant: [u64; RANKS],
    /// Losses of bosses by cause and rank.
    pub losses: [[u64; RANKS]; CAUSES],
    /// Accusations.
    pub acts: u64,
    /// By motive, in units of 2^-20 of an act.
    pub motives: [u64; MOTIVES],
    /// By class of target.
    pub acts_by_class: [u64; TARGET_CLASSES],
    /// Upwards, sideways, downwards.
    pub acts_by_direction: [u64; 3],
    /// Against bosses, by months in rank of the target.
    pub acts_by_since: [u64; 3],
    /// Against former people of rank 1 and more.
    pub acts_on_former_bosses: u64,
    /// Against bosses.
    pub acts_on_bosses: u64,
    /// Distinct people accused.
    pub accused: u64,
    /// Of these, sanctioned or arrested this month.
    pub punished: u64,
    /// Workers who shirked.
    pub shirkers: u64,
    /// Recorded absences: sum over plants of shirkers times the share recorded.
    pub recorded: f64,
    /// Days of absence in a month of shirking, a parameter.
    pub absence_days: f64,
    /// Draws of quitting.
    pub quits: u64,
    /// Workers dismissed.
    pub dismissed: u64,
    /// Sum of the workers' grievance, fixed point.
    pub grievance_workers: u64,
    /// Of everybody's.
    pub grievance_all: u64,
    /// Of grievance as shown.
    pub grievance_public: u64,
    /// Of grievance directed at the regime.
    pub grievance_regime: u64,
    /// Sum of the workers' deprivation terms.
    pub deprivation: f64,
    /// People above their threshold of unrest.
    pub unrest: u64,
    /// Sum of fear, fixed point, of everybody.
    pub fear_all: u64,
    /// Of the elite.
    pub fear_elite: u64,
    /// Plants.
    pub plants: u64,
    /// People in plants.
    pub plant_people: u64,
    /// Sum over plants of authority times people.
    pub authority: f64,
    /// Sums over plants: union capacity, implementation, scarcity, plan gap, openness.
    pub plant_sums: [f64; 5],
    /// Sum of the elite's competence, fixed point.
    pub elite_competence: u64,
    /// Arrests.
    pub arrests: u64,
    /// By target class.
    pub arrests_by_class: [u64; TARGET_CLASSES],
    /// The plan of arrests before any ratchet, real; counted in months of repression above .2.
    pub arrests_planned: f64,
    /// Arrests in the same months.
    pub arrests_under_plan: u64,
    /// Mean quota over the regions.
    pub quota: f64,
    /// Expelled from the party.
    pub expelled: u64,
    /// Left the party quietly.
    pub left_party: u64,
    /// Joined the party.
    pub recruits: u64,
    /// Natural exits.
    pub natural: u64,
    /// Officials standing for election at rank 2, and above.
    pub standing: [u64; 2],
    /// Voted out at rank 2, and above.
    pub voted_out: [u64; 2],
    /// Promotions by new rank.
    pub promotions: [u64; RANKS],
    /// First entries to rank 2 (no spell in the elite before) by origin.
    pub elite_entries: [u64; ORIGINS],
    /// Left industry by quitting or dismissal.
    pub left_industry: u64,
    /// Moved between plants.
    pub moved: u64,
    /// Hired.
    pub hired: u64,
    /// Graduates from outside, and own.
    pub graduates: [u64; 2],
    /// Workers sent to school.
    pub students: u64,
    /// Outsiders who entered school.
    pub outsiders_to_school: u64,
    /// Output (Y).
    pub output: f64,
    /// The two images of the enemy.
    pub images: Images,
}

/// Repression above which arrests are compared with their plan. It defines the measure `arrests_over_plan`; the rule of
/// the quota reads its own parameter.
const REPRESSION_UNDER_PLAN: f64 = 0.2;

/// Number of causes of loss.
pub const CAUSES: usize = 5;

/// Adds up what happened in the units.
pub(super) fn of<'a>(
    conditions: &Conditions,
    units: impl Iterator<Item = &'a Unit>,
    regions: &[Region],
    images: &Images,
) -> MonthRecord {
    let mut sum = MonthRecord::empty(conditions.month, *images);
    for unit in units {
        add_unit(&mut sum, unit);
    }
    sum.absence_days = conditions.rules.absence_days;
    let levers = &conditions.levers;
    if levers.repression > REPRESSION_UNDER_PLAN {
        sum.arrests_planned =
            conditions.rules.arrest_plan * levers.repression * sum.counts.iter().sum::<u64>() as f64;
        sum.arrests_under_plan = sum.arrests;
    }
    sum.quota = regions.iter().map(|region| region.quota).sum::<f64>() / regions.len() as f64;
    sum
}

fn add<const N: usize>(sums: &mut [u64; N], values: &[u32; N]) {
    for (sum, &value) in sums.iter_mut().zip(values) {
        *sum += u64::from(value);
    }
}

fn add_unit(sum: &mut MonthRecord, unit: &Unit) {
    let now = &unit.now;
    add(&mut sum.counts, &now.counts);
    add(&mut sum.origins, &now.origins);
    add(&mut sum.bosses_by_since, &now.bosses_by_since);
    add(&mut sum.arrests_by_class, &now.arrested_by_class);
    add(&mut sum.standing, &now.standing);
    add(&mut sum.voted_out, &now.voted_out);
    add(&mut sum.graduates, &now.graduates);
    for (total, count) in [
        (&mut sum.party, now.party),
        (&mut sum.newcomers, now.newcomers),
        (&mut sum.former_bosses, now.former_bosses),
        (&mut sum.former_elite, now.former_elite),
        (&mut sum.accused, now.accused_people),
        (&mut sum.punished, now.punished_people),
        (&mut sum.shirkers, now.shirkers),
        (&mut sum.quits, now.quits),
        (&mut sum.dismissed, now.dismissed),
        (&mut sum.unrest, now.unrest),
        (&mut sum.arrests, now.arrested),
        (&mut sum.expelled, now.expelled),
        (&mut sum.left_party, now.left_party),
        (&mut sum.recruits, now.recruits),
        (&mut sum.natural, now.natural),
        (&mut sum.left_industry, now.left_industry),
        (&mut sum.moved, now.moved_in),
        (&mut sum.hired, now.hired),
        (&mut sum.students, now.students),
    ] {
        *total += u64::from(count);
    }
    for (total, value) in [
        (&mut sum.grievance_workers, now.grievance_workers),
        (&mut sum.grievance_all, now.grievance_all),
        (&mut sum.grievance_public, now.grievance_public),
        (&mut sum.grievance_regime, now.grievance_regime),
        (&mut sum.fear_all, now.fear_all),
        (&mut sum.fear_elite, now.fear_elite),
        (&mut sum.elite_competence, now.elite_competence),
    ] {
        *total += value;
    }
    sum.deprivation += now.deprivation_workers;
    sum.recorded += f64::from(now.shirkers) * now.recording;
    sum.output += now.output;
    for rank in 1..RANKS {
        let posts = unit.whole_posts(rank);
        sum.posts[rank] += posts;
        sum.posts_added += posts.saturating_sub(now.posts_before[rank]);
        sum.vacant[rank] += now.vacant[rank];
    }
    if !unit.office {
        sum.plants += 1;
        sum.plant_people += u64::from(now.people());
        sum.authority += unit.authority * f64::from(now.people());
        let values = [unit.union, now.implementation, unit.tightness, unit.plan_gap, unit.openness];
        for (total, value) in sum.plant_sums.iter_mut().zip(values) {
            *total += value;
        }
    }
    add_events(sum, unit);
}

fn add_events(sum: &mut MonthRecord, unit: &Unit) {
    for act in &unit.now.acts {
        sum.acts += 1;
        for (total, &share) in sum.motives.iter_mut().zip(&act.motives) {
            *total += u64::from(share);
        }
        sum.acts_by_class[usize::from(act.class)] += 1;
        let direction = match act.target_rank.cmp(&act.accuser_rank) {
            std::cmp::Ordering::Greater => 0,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Less => 2,
        };
        sum.acts_by_direction[direction] += 1;
        if act.target_rank > 0 {
            sum.acts_on_bosses += 1;
            sum.acts_on_former_bosses += u64::from(act.class == 0);
            sum.acts_by_since[since_bin(act.since)] += 1;
        }
    }
    for loss in &unit.now.losses {
        sum.losses[loss.cause as usize][usize::from(loss.rank)] += 1;
    }
    for promotion in &unit.now.promotions {
        sum.promotions[usize::from(promotion.rank)] += 1;
        if promotion.rank == 2 && promotion.new_spell {
            sum.elite_entries[usize::from(promotion.origin)] += 1;
        }
    }
}

impl MonthRecord {
    /// A month in which nothing was counted.
    pub fn empty(month: Month, images: Images) -> Self {
        MonthRecord {
            month,
            counts: [0; RANKS],
            origins: [0; ORIGINS],
            party: 0,
            newcomers: 0,
            former_bosses: 0,
            former_elite: 0,
            bosses_by_since: [0; 3],
            posts: [0; RANKS],
            posts_added: 0,
            vacant: [0; RANKS],
            losses: [[0; RANKS]; CAUSES],
            acts: 0,
            motives: [0; MOTIVES],
            acts_by_class: [0; TARGET_CLASSES],
            acts_by_direction: [0; 3],
            acts_by_since: [0; 3],
            acts_on_former_bosses: 0,
            acts_on_bosses: 0,
            accused: 0,
            punished: 0,
            shirkers: 0,
            recorded: 0.0,
            absence_days: 0.0,
            quits: 0,
            dismissed: 0,
            grievance_workers: 0,
            grievance_all: 0,
            grievance_public: 0,
            grievance_regime: 0,
            deprivation: 0.0,
            unrest: 0,
            fear_all: 0,
            fear_elite: 0,
            plants: 0,
            plant_people: 0,
            authority: 0.0,
            plant_sums: [0.0; 5],
            elite_competence: 0,
            arrests: 0,
            arrests_by_class: [0; TARGET_CLASSES],
            arrests_planned: 0.0,
            arrests_under_plan: 0,
            quota: 0.0,
            expelled: 0,
            left_party: 0,
            recruits: 0,
            natural: 0,
            standing: [0; 2],
            voted_out: [0; 2],
            promotions: [0; RANKS],
            elite_entries: [0; ORIGINS],
            left_industry: 0,
            moved: 0,
            hired: 0,
            graduates: [0; 2],
            students: 0,
            outsiders_to_school: 0,
            output: 0.0,
            images,
        }
    }

    /// People present at the start.
    pub fn people(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Elite present at the start.
    pub fn elite(&self) -> u64 {
        self.counts[2..].iter().sum()
    }

    /// Losses of the elite for a cause.
    pub fn elite_losses(&self, cause: Cause) -> u64 {
        self.losses[cause as usize][2..].iter().sum()
    }

    /// Losses of the elite for any cause.
    pub fn all_elite_losses(&self) -> u64 {
        self.losses.iter().flat_map(|by_rank| &by_rank[2..]).sum()
    }

    /// Losses of the elite by sanction, purge and election.
    pub fn administrative_elite_losses(&self) -> u64 {
        [Cause::Sanction, Cause::Purge, Cause::Election]
            .into_iter()
            .map(|cause| self.elite_losses(cause))
            .sum()
    }

    /// Posts that opened: bosses who lost rank or left, and posts that growth added.
    pub fn openings(&self) -> u64 {
        self.losses.iter().flatten().sum::<u64>() + self.posts_added
    }

    /// A motive's part of the acts, in acts.
    pub fn acts_from(&self, motive: usize) -> f64 {
        self.motives[motive] as f64 / f64::from(WHOLE_ACT)
    }

    /// What the leadership sees of the month.
    pub fn observation(&self) -> Observation {
        let share = |count: f64, total: u64| if total == 0 { 0.0 } else { count / total as f64 };
        Observation {
            discipline: 1.0 - share(self.shirkers as f64, self.counts[0]),
            mood: share(from_fixed(self.grievance_public), self.people()),
            plan_gap: share(self.plant_sums[3], self.plants),
            elite_turnover: share(self.all_elite_losses() as f64, self.elite()),
            former_elite: share(self.former_elite as f64, self.elite()),
        }
    }
}
