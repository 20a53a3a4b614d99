//! Sums up what happened in a month in the country.
//!
//! The measures of [`super::measures`] are computed from these sums. Sums over people are whole numbers or fixed
//! point; the few real sums run over units in their order. Results therefore do not depend on the order of people.

use super::conditions::Conditions;
use super::leadership::Observation;
use super::rules::enemy_images::Images;
use super::state::counts::{Count, with_counts};
use super::state::region::Region;
use super::state::standing::{ELITE_RANKS, ELITE_ROLES, MOTIVES, ORIGINS, RANKS, TARGET_CLASSES};
use super::state::target::THIRDS;
use super::state::unit::{Cause, JOINING_YEARS, PARTY_LOSSES, Unit, UnitMonth, WHOLE_ACT};
use super::targets::Targets;
use crate::engine::calendar::Month;
use crate::engine::maths::from_fixed;

macro_rules! month_record {
    ($($(#[$doc:meta])* $count:ident: $type:ty;)*) => {
        /// What happened in one month of one replicate: counts and sums over the country.
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct MonthRecord {
            $($(#[$doc])* pub $count: <$type as Count>::Sum,)*
            /// The month.
            pub month: Month,
            /// Whole posts of ranks 1 to 4 after growth. Index 0 is unused.
            pub posts: [u64; RANKS],
            /// Whole posts of ranks 1 to 4 added by growth.
            pub posts_added: u64,
            /// Losses of bosses by cause and rank.
            pub losses: [[u64; RANKS]; CAUSES],
            /// Accusations.
            pub acts: u64,
            /// Accusations by motive, in units of 2^-20 of an act.
            pub motives: [u64; MOTIVES],
            /// Targets of the accusations.
            pub targets: Targets,
            /// The people drawn beside the targets, without regard to motives; only if
            /// [`super::simulation::Simulation::with_chance_targets`] asks for them.
            pub chance_targets: Targets,
            /// Recorded absences: the sum over plants of shirkers times the share recorded.
            pub recorded: f64,
            /// The lever `stakhanovism`.
            pub stakhanovism: f64,
            /// Days of absence in a month of shirking; a parameter.
            pub absence_days: f64,
            /// Number of plants.
            pub plants: u64,
            /// People in plants.
            pub plant_people: u64,
            /// Sum over plants of authority times people.
            pub authority: f64,
            /// Sums over plants of union capacity, implementation, scarcity of labour, plan gap and openness.
            pub plant_sums: [f64; 5],
            /// Planned arrests before any ratchet, a real number; 0 in months with repression of .2 or less.
            pub arrests_planned: f64,
            /// Arrests in months with repression above .2.
            pub arrests_under_plan: u64,
            /// Mean quota over the regions.
            pub quota: f64,
            /// Promotions by new rank.
            pub promotions: [u64; RANKS],
            /// Of those promoted, by new rank: people in the party before.
            pub promoted_in_party: [u64; RANKS],
            /// Sum of their ability in the rank before, in fixed point.
            pub promoted_ability: [u64; RANKS],
            /// Sum of their ambition, in fixed point.
            pub promoted_ambition: [u64; RANKS],
            /// Sum of their suspicion in units of [`super::state::target::MOST_SUSPICION`], in fixed point.
            pub promoted_suspicion: [u64; RANKS],
            /// First entries to rank 2, by people without an earlier spell in the elite, by origin.
            pub elite_entries: [u64; ORIGINS],
            /// Outsiders who entered school.
            pub outsiders_to_school: u64,
            /// The two images of the enemy.
            pub images: Images,
        }

        impl MonthRecord {
            /// Adds the counts of a unit.
            fn add_counts(&mut self, now: &UnitMonth) {
                $(now.$count.add_to(&mut self.$count);)*
            }
        }
    };
}
with_counts!(month_record);

/// Repression above which arrests are compared with their plan. It defines the measure `arrests_over_plan`; the rule of
/// the quota reads its own parameter.
const REPRESSION_UNDER_PLAN: f64 = 0.2;

/// Number of causes of loss.
pub const CAUSES: usize = 5;

/// Sums up what happened in the units.
pub(super) fn of<'a>(
    conditions: &Conditions,
    units: impl Iterator<Item = &'a Unit>,
    regions: &[Region],
    images: &Images,
) -> MonthRecord {
    let mut sum = MonthRecord { month: conditions.month, images: *images, ..MonthRecord::default() };
    for unit in units {
        add_unit(&mut sum, unit);
    }
    sum.absence_days = conditions.parameters.absence_days;
    let levers = &conditions.levers;
    sum.stakhanovism = levers.stakhanovism;
    if levers.repression > REPRESSION_UNDER_PLAN {
        sum.arrests_planned = conditions.parameters.arrest_plan
            * levers.repression
            * sum.people_by_rank.iter().sum::<u64>() as f64;
        sum.arrests_under_plan = sum.arrests;
    }
    sum.quota = regions.iter().map(|region| region.quota).sum::<f64>() / regions.len() as f64;
    sum
}

fn add_unit(sum: &mut MonthRecord, unit: &Unit) {
    let now = &unit.now;
    sum.add_counts(now);
    sum.recorded += f64::from(now.shirkers) * now.recording;
    for rank in 1..RANKS {
        let posts = unit.whole_posts(rank);
        sum.posts[rank] += posts;
        sum.posts_added += posts.saturating_sub(now.posts_before[rank]);
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
        sum.targets.add(act.accuser_rank, &act.target);
        act.chance.iter().for_each(|other| sum.chance_targets.add(act.accuser_rank, other));
    }
    for loss in &unit.now.losses {
        sum.losses[loss.cause as usize][usize::from(loss.rank)] += 1;
    }
    for promotion in &unit.now.promotions {
        let rank = usize::from(promotion.rank);
        sum.promotions[rank] += 1;
        sum.promoted_in_party[rank] += u64::from(promotion.in_party);
        sum.promoted_ability[rank] += u64::from(promotion.ability);
        sum.promoted_ambition[rank] += u64::from(promotion.ambition);
        sum.promoted_suspicion[rank] += u64::from(promotion.suspicion);
        if promotion.rank == 2 && promotion.new_spell {
            sum.elite_entries[usize::from(promotion.origin)] += 1;
        }
    }
}

impl MonthRecord {
    /// Returns the number of people present at the start of the month.
    pub fn people(&self) -> u64 {
        self.people_by_rank.iter().sum()
    }

    /// Returns the number of the elite present at the start of the month.
    pub fn elite(&self) -> u64 {
        self.people_by_rank[2..].iter().sum()
    }

    /// Returns the losses of the elite for a cause.
    pub fn elite_losses(&self, cause: Cause) -> u64 {
        self.losses[cause as usize][2..].iter().sum()
    }

    /// Returns the losses of the elite for all causes.
    pub fn all_elite_losses(&self) -> u64 {
        self.losses.iter().flat_map(|by_rank| &by_rank[2..]).sum()
    }

    /// Returns the losses of the elite by sanction, purge and election.
    pub fn administrative_elite_losses(&self) -> u64 {
        [Cause::Sanction, Cause::Purge, Cause::Election]
            .into_iter()
            .map(|cause| self.elite_losses(cause))
            .sum()
    }

    /// Returns the posts that opened: bosses who lost rank or left, and posts added by growth.
    pub fn openings(&self) -> u64 {
        self.losses.iter().flatten().sum::<u64>() + self.posts_added
    }

    /// Returns a motive's part of the accusations, in acts.
    pub fn acts_from(&self, motive: usize) -> f64 {
        self.motives[motive] as f64 / f64::from(WHOLE_ACT)
    }

    /// Returns what the leadership sees of the month.
    pub fn observation(&self) -> Observation {
        let share = |count: f64, total: u64| if total == 0 { 0.0 } else { count / total as f64 };
        Observation {
            discipline: 1.0 - share(self.shirkers as f64, self.people_by_rank[0]),
            mood: share(from_fixed(self.grievance_public), self.people()),
            plan_gap: share(self.plant_sums[3], self.plants),
            elite_turnover: share(self.all_elite_losses() as f64, self.elite()),
            former_elite: share(self.former_elite as f64, self.elite()),
        }
    }
}
