//! Defines units: enterprises (plants) and regional offices, to which every rule applies as if they were
//! plants.
//!
//! A unit holds stocks and a record of its month; its people are stored separately. This module contains no
//! rule.

use super::counts::with_counts;
use super::standing::{ELITE_RANKS, ELITE_ROLES, FOREMAN, ORIGINS, RANKS, TARGET_CLASSES};
use super::target::{THIRDS, TargetProfile};
use crate::engine::calendar::Month;

/// A plant or a regional office.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// Number of the unit: plants from 0, then the offices, one for each region.
    pub number: u32,
    /// Region of the unit.
    pub region: u32,
    /// True for a regional office, which has rank-4 officials only and no workers.
    pub office: bool,
    /// Workers wanted (W), a real number.
    pub workers_wanted: f64,
    /// Posts by rank, as real numbers; only whole posts can be filled. Index 0 is unused.
    pub posts: [f64; RANKS],
    /// Managerial authority (A), from its floor to 1.
    pub authority: f64,
    /// Union capacity (U), 0 to 1.
    pub union: f64,
    /// Catharsis (K), 0 or more: visible punishment of the elite, with exponential forgetting.
    pub catharsis: f64,
    /// Scarcity of labour (tight), 0 to 1.
    pub tightness: f64,
    /// Accusations per boss, smoothed (bossacc).
    pub accused_bosses: f64,
    /// Share of denouncers among the people, smoothed (h).
    pub denouncers: f64,
    /// Promotions per post and year, smoothed (opn).
    pub openness: f64,
    /// Trend of output (Ybar); `None` before the first month's output.
    pub output_trend: Option<f64>,
    /// Share by which output fell short of plan last month (gap), from 0 to its ceiling.
    pub plan_gap: f64,
    /// Random words of the unit this month, from page [`crate::model::purpose::UNIT`]. They are drawn once
    /// and kept, because a single block costs as much as ten computed in bulk.
    pub words: [u32; 16],
    /// Counts, sums and events of this month.
    pub now: UnitMonth,
}

/// One accusation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Act {
    /// Shares of the four motives, in units of 2^-20; they sum to 2^20.
    pub motives: [u32; 4],
    /// Rank of the accuser.
    pub accuser_rank: u8,
    /// Role of the accuser, as [`super::standing::Role`].
    pub accuser_role: u8,
    /// The target.
    pub target: TargetProfile,
    /// Somebody whom the accuser might have met instead, drawn without regard to motives; `None` if 16 draws find nobody,
    /// and unless [`crate::model::simulation::Simulation::with_chance_targets`] asks for it.
    pub chance: Option<TargetProfile>,
    /// Row of the target, in the region's office if `official`, otherwise in the accuser's unit.
    pub row: u32,
    /// True if the target is in the region's office and the accuser is not.
    pub official: bool,
}

/// Returns the bin of months in rank: 0 under 12, 1 for 12 to 35, 2 from 36.
pub fn since_bin(since: u8) -> usize {
    match since {
        0..=11 => 0,
        12..=35 => 1,
        _ => 2,
    }
}

/// Largest number of brigades in an enterprise, which 16 bits can number.
const MOST_BRIGADES: u32 = 1 << 16;
/// A whole act in the units of [`Act::motives`]: shares of an act are counted in fixed point.
pub const WHOLE_ACT: u32 = 1 << 20;

/// Cause of leaving the elite or losing a boss's rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Arrested.
    Arrest,
    /// Demoted after accusations.
    Sanction,
    /// Demoted as a result of expulsion from the party.
    Purge,
    /// Voted out.
    Election,
    /// Death, retirement or departure.
    Natural,
}

/// A boss who lost rank or left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loss {
    /// Cause of the loss.
    pub cause: Cause,
    /// Rank before the loss.
    pub rank: u8,
    /// Role before the loss, as [`super::standing::Role`].
    pub role: u8,
    /// Role that a person who stays in the elite has after it.
    pub role_after: u8,
    /// Origin, as [`super::standing::Origin`].
    pub origin: u8,
    /// Month of entering the elite before the loss, as in [`super::traits::Career`].
    pub entered: i16,
    /// True for a person in the party.
    pub in_party: bool,
}

/// A way in which the party loses people that is counted by year of joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyLoss {
    /// Expelled.
    Expelled,
    /// A worker who left quietly.
    Left,
    /// Arrested, and not expelled in the same month.
    Arrested,
}

/// Number of ways in [`PartyLoss`].
pub const PARTY_LOSSES: usize = 3;

/// Number of years of joining that are told apart: before 1928, then each year.
pub const JOINING_YEARS: usize = 1 + Month::COUNT.div_ceil(12);

/// Returns the place of a month of joining the party: 0 before 1928, 1 for 1928, and so on.
pub fn joining_year(joined: i16) -> usize {
    usize::try_from(joined).map_or(0, |month| (1 + month / 12).min(JOINING_YEARS - 1))
}

/// A promotion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Promotion {
    /// New rank.
    pub rank: u8,
    /// Role in the new rank.
    pub role: u8,
    /// Role in the rank before.
    pub role_before: u8,
    /// Origin, as [`super::standing::Origin`].
    pub origin: u8,
    /// True if the person had no earlier spell in the elite.
    pub new_spell: bool,
    /// True if the person came from another unit, through the regional pass or to a regional office.
    pub from_elsewhere: bool,
    /// Ability in the rank before, in fixed point.
    pub ability: u32,
    /// Ambition, in fixed point.
    pub ambition: u32,
    /// Suspicion in units of [`super::target::MOST_SUSPICION`], in fixed point.
    pub suspicion: u32,
    /// True if the person was in the party before. Otherwise the person joins on promotion to rank 4.
    pub in_party: bool,
    /// Month of joining the party, as in [`super::traits::Dates`]; this month for a person who joins on promotion.
    pub joined: i16,
}

macro_rules! unit_month {
    ($($(#[$doc:meta])* $count:ident: $type:ty;)*) => {
        /// Counts, exact sums and events of one month in a unit; cleared at the start of each month.
        #[derive(Debug, Clone, Default)]
        pub struct UnitMonth {
            $($(#[$doc])* pub $count: $type,)*
            /// Share of the rules that is enforced here (impl), 0 to 1.
            pub implementation: f64,
            /// Share of absences that the plant records (rec), 0 to 1.
            pub recording: f64,
            /// Accusations by people of this unit.
            pub acts: Vec<Act>,
            /// Expected number of acquaintances met, by target class; draws without an acquaintance do not count.
            pub acquaintances: [f64; TARGET_CLASSES],
            /// Bosses who lost rank or left.
            pub losses: Vec<Loss>,
            /// True for ranks with more whole posts than people at the roll call; for rank 4, in the region's office. All
            /// false in offices. The people one rank below in the unit are candidates for these posts: all bosses, and
            /// workers who may hope for a post.
            pub open_posts: [bool; RANKS],
            /// Whole posts by rank before this month's growth.
            pub posts_before: [u64; RANKS],
            /// Promotions into posts of this unit.
            pub promotions: Vec<Promotion>,
            /// Vacant jobs of workers (v), a real number.
            pub workers_missing: f64,
            /// Workers after departures, before arrivals.
            pub workers_left: u32,
        }
    };
}
with_counts!(unit_month);

impl UnitMonth {
    /// Clears the month but keeps the memory of the lists.
    pub fn clear(&mut self) {
        let mut acts = std::mem::take(&mut self.acts);
        let mut losses = std::mem::take(&mut self.losses);
        let mut promotions = std::mem::take(&mut self.promotions);
        acts.clear();
        losses.clear();
        promotions.clear();
        *self = UnitMonth { acts, losses, promotions, ..UnitMonth::default() };
    }

    /// Counts the workers who may hope for a post, and those of them who are candidates for an open post.
    pub(in crate::model) fn count_eligible_workers(&mut self, eligible: u32) {
        self.eligible_workers = eligible;
        let open = self.open_posts[usize::from(FOREMAN)];
        self.candidates[usize::from(FOREMAN)] = if open { eligible } else { 0 };
    }

    /// Returns the number of people present at the start of the month (N).
    pub fn people(&self) -> u32 {
        self.people_by_rank.iter().sum()
    }

    /// Returns the number of bosses, at least 1 (nb), for use as a denominator.
    pub fn bosses_at_least_one(&self) -> f64 {
        f64::from((self.people() - self.people_by_rank[0]).max(1))
    }

    /// Returns the number of people in the elite, at least 1 (ne), for use as a denominator.
    pub fn elite_at_least_one(&self) -> f64 {
        f64::from(self.people_by_rank[2..].iter().sum::<u32>().max(1))
    }
}

impl Unit {
    /// Returns the number of whole posts of a rank.
    pub fn whole_posts(&self, rank: usize) -> u64 {
        self.posts[rank].max(0.0) as u64
    }

    /// Returns the number of brigades to which newcomers are assigned (NB): one per twelve workers wanted, from 1 to
    /// 65,536.
    pub fn brigades(&self) -> u32 {
        if self.office { 1 } else { brigades(self.workers_wanted) }
    }

    /// Returns a random brigade of the unit for a draw in (0, 1).
    pub fn brigade(&self, draw: f64) -> u16 {
        brigade(self.brigades(), draw)
    }
}

/// Returns the number of brigades of a plant that wants this many workers.
fn brigades(workers_wanted: f64) -> u32 {
    // Twelve workers to a brigade is not a parameter, because it shapes the lists from which acquaintances
    // are chosen.
    let brigades = workers_wanted / 12.0;
    // Rounds up without calling the platform's function.
    let whole = brigades.min(f64::from(MOST_BRIGADES)) as u32;
    (whole + u32::from(f64::from(whole) < brigades)).clamp(1, MOST_BRIGADES)
}

/// Returns one of `brigades` (1 to 65,536), for a draw in (0, 1).
#[inline(always)]
pub fn brigade(brigades: u32, draw: f64) -> u16 {
    ((draw * f64::from(brigades)) as u32).min(brigades - 1) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_draw_gives_one_of_the_brigades_however_many() {
        for brigades in [1, 2, 4000, MOST_BRIGADES] {
            assert_eq!(brigade(brigades, 1e-10), 0);
            assert_eq!(u32::from(brigade(brigades, 1.0 - 1e-10)), brigades - 1);
        }
        assert_eq!(brigade(10, 0.55), 5);
    }

    #[test]
    fn a_brigade_stands_for_twelve_workers_wanted() {
        for (wanted, expected) in [(0.0, 1), (12.0, 1), (12.1, 2), (786_432.0, 65_536), (1e12, 65_536)] {
            assert_eq!(brigades(wanted), expected);
        }
    }
}
