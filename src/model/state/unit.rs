//! Units: enterprises (plants) and the regional offices, which go through every rule as if they were plants.
//!
//! Owns the stocks of a unit, its people, and what happened in it this month. Holds no rule.

use super::standing::{ELITE_RANKS, ELITE_ROLES, ORIGINS, RANKS, TARGET_CLASSES};

/// A plant or a regional office.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    /// Number of the unit: plants from 0, then the offices, one per region.
    pub number: u32,
    /// Region it belongs to.
    pub region: u32,
    /// A regional office: rank-4 officials only, no workers.
    pub office: bool,
    /// Workers wanted (W), real.
    pub workers_wanted: f64,
    /// Posts by rank, real; only whole posts are filled. Index 0 is not used.
    pub posts: [f64; RANKS],
    /// Managerial authority (A), from its floor to 1.
    pub authority: f64,
    /// Union capacity (U), 0 to 1.
    pub union: f64,
    /// Catharsis (K): visible punishment of the elite, not yet forgotten.
    pub catharsis: f64,
    /// Scarcity of labour (tight), 0 to 1.
    pub tightness: f64,
    /// Accusations per boss, smoothed (bossacc).
    pub accused_bosses: f64,
    /// Share of denouncers among the people, smoothed (h).
    pub denouncers: f64,
    /// Promotions per post and year, smoothed (opn).
    pub openness: f64,
    /// Trend of output (Ybar); none before the first month's output.
    pub output_trend: Option<f64>,
    /// Share by which output fell short of plan last month (gap), from 0 to its ceiling.
    pub plan_gap: f64,
    /// The unit's random words of this month, of page [`super::purpose::UNIT`].
    pub words: [u32; 16],
    /// What happened this month.
    pub now: UnitMonth,
}

/// One accusation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Act {
    /// Shares of the motives, in units of 2^-20, which add up to 2^20.
    pub motives: [u32; 4],
    /// Rank of the accuser.
    pub accuser_rank: u8,
    /// Role of the accuser, as [`super::person::Role`].
    pub accuser_role: u8,
    /// Rank of the target.
    pub target_rank: u8,
    /// Target class.
    pub class: u8,
    /// Months in rank of the target, at most 255, which it is for workers.
    pub since: u8,
    /// Row of the target: in the region's office if `official`, else in the accuser's unit.
    pub row: u32,
    /// The target sits in the region's office while the accuser does not.
    pub official: bool,
}

/// Bin of months in rank: under 12, 12 to 35, 36 and more.
pub fn since_bin(since: u8) -> usize {
    match since {
        0..=11 => 0,
        12..=35 => 1,
        _ => 2,
    }
}

/// Most brigades of an enterprise: as many as 16 bits tell apart.
const MOST_BRIGADES: u32 = 1 << 16;
/// The whole of an act in the units of [`Act::motives`]: the fixed point in which shares of an act are counted.
pub const WHOLE_ACT: u32 = 1 << 20;

/// Why somebody left the elite, or the rank of a boss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Arrested.
    Arrest,
    /// Demoted after accusations.
    Sanction,
    /// Demoted on expulsion from the party.
    Purge,
    /// Voted out.
    Election,
    /// Death, retirement, departure.
    Natural,
}

/// A boss who lost rank or left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loss {
    /// Why.
    pub cause: Cause,
    /// Rank before.
    pub rank: u8,
    /// Role before, as [`super::person::Role`].
    pub role: u8,
    /// Origin, as [`super::person::Origin`].
    pub origin: u8,
    /// Month of entering the elite before, as in [`super::attributes::Career`].
    pub entered: i16,
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
    /// Origin, as [`super::person::Origin`].
    pub origin: u8,
    /// Had no spell in the elite.
    pub new_spell: bool,
    /// Came from another unit, through the regional pass or to a regional office.
    pub from_elsewhere: bool,
}

/// What happened in a unit this month, as counts, exact sums and events. Cleared at the start of each month.
#[derive(Debug, Clone, Default)]
pub struct UnitMonth {
    /// People by rank at the start of the month (n).
    pub counts: [u32; RANKS],
    /// People by origin.
    pub origins: [u32; ORIGINS],
    /// People in the party.
    pub party: u32,
    /// Heroes of labour among the workers.
    pub heroes: u32,
    /// Workers with less than 24 months of experience.
    pub newcomers: u32,
    /// Former people among the bosses, and among the elite.
    pub former_bosses: u32,
    /// Former people among the elite.
    pub former_elite: u32,
    /// Elite by rank, from 2 on, and role, from manager on.
    pub elite_by_role: [[u32; ELITE_ROLES]; ELITE_RANKS],
    /// Bosses by months in rank: under 12, 12 to 35, 36 and more.
    pub bosses_by_since: [u32; 3],
    /// How far rules are implemented here (impl).
    pub implementation: f64,
    /// Sum of the workers' grievance, in fixed point.
    pub grievance_workers: u64,
    /// Sum of everybody's grievance, in fixed point.
    pub grievance_all: u64,
    /// Sum of the workers' deprivation terms.
    pub deprivation_workers: f64,
    /// Workers who shirk.
    pub shirkers: u32,
    /// Recorded share of absences (rec).
    pub recording: f64,
    /// Sum of what the workers produce, before the elite's part, halved and in fixed point.
    pub work: u64,
    /// Sum of the elite's competence, in fixed point.
    pub elite_competence: u64,
    /// Sum over the elite of 1 - e^(-since/12), in fixed point.
    pub elite_experience: u64,
    /// Draws of quitting.
    pub quits: u32,
    /// The month's accusations by people of this unit.
    pub acts: Vec<Act>,
    /// People of this unit who accused somebody.
    pub accusers: u32,
    /// Accusations of bosses who belong to this unit.
    pub accusations_of_bosses: u32,
    /// Accusations of people who belong to this unit.
    pub accusations_received: u32,
    /// Expected acquaintances by class, valid draws only.
    pub acquaintances: [f64; TARGET_CLASSES],
    /// People due for arrest.
    pub arrests_due: u32,
    /// People arrested.
    pub arrested: u32,
    /// Arrested by target class.
    pub arrested_by_class: [u32; TARGET_CLASSES],
    /// Arrested bosses.
    pub arrested_bosses: u32,
    /// Arrested elite.
    pub arrested_elite: u32,
    /// Bosses demoted.
    pub demoted_bosses: u32,
    /// Elite demoted.
    pub demoted_elite: u32,
    /// Workers dismissed (sanctioned and not arrested).
    pub dismissed: u32,
    /// People accused this month.
    pub accused_people: u32,
    /// Accused this month and sanctioned or arrested this month.
    pub punished_people: u32,
    /// Arrested or administratively sanctioned with suspicion above .5.
    pub punished_suspects: u32,
    /// Members expelled.
    pub expelled: u32,
    /// Workers who left the party quietly.
    pub left_party: u32,
    /// Natural exits.
    pub natural: u32,
    /// Natural exits of the elite.
    pub natural_elite: u32,
    /// Officials standing for election at rank 2, and above.
    pub standing: [u32; 2],
    /// Officials voted out at rank 2, and above.
    pub voted_out: [u32; 2],
    /// Bosses who lost rank or left.
    pub losses: Vec<Loss>,
    /// Sum of fear of everybody, of the elite, in fixed point, after its update.
    pub fear_all: u64,
    /// The same of the elite.
    pub fear_elite: u64,
    /// Sum of grievance as people show it, in fixed point.
    pub grievance_public: u64,
    /// Sum of grievance directed at the regime, in fixed point.
    pub grievance_regime: u64,
    /// People above their threshold of unrest.
    pub unrest: u32,
    /// Whole posts by rank before this month's growth.
    pub posts_before: [u64; RANKS],
    /// Vacant posts by rank before the rank is filled.
    pub vacant: [u64; RANKS],
    /// The month's promotions into posts of this unit.
    pub promotions: Vec<Promotion>,
    /// People who left industry by quitting or dismissal.
    pub left_industry: u32,
    /// Workers who quit or were dismissed and look for another plant.
    pub moved_out: u32,
    /// People who arrived as movers.
    pub moved_in: u32,
    /// Demoted regional officials who arrived.
    pub fallen_in: u32,
    /// People who arrived by promotion into a post of this unit.
    pub risen_in: u32,
    /// Workers after departures, before arrivals.
    pub workers_left: u32,
    /// New hires.
    pub hired: u32,
    /// New hires by origin.
    pub hired_by_origin: [u32; ORIGINS],
    /// Graduates, from outside and of one's own.
    pub graduates: [u32; 2],
    /// The same by origin.
    pub graduates_by_origin: [[u32; ORIGINS]; 2],
    /// Workers who left for school.
    pub students: u32,
    /// People who joined the party.
    pub recruits: u32,
    /// Workers missing (v), real.
    pub workers_missing: f64,
    /// Output (Y).
    pub output: f64,
}

impl UnitMonth {
    /// Forgets the month; keeps the room of the lists.
    pub fn clear(&mut self) {
        let mut acts = std::mem::take(&mut self.acts);
        let mut losses = std::mem::take(&mut self.losses);
        let mut promotions = std::mem::take(&mut self.promotions);
        acts.clear();
        losses.clear();
        promotions.clear();
        *self = UnitMonth { acts, losses, promotions, ..UnitMonth::default() };
    }

    /// People present at the start of the month (N).
    pub fn people(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// Bosses, at least 1 (nb): a denominator, whose numerator is then 0.
    pub fn bosses_at_least_one(&self) -> f64 {
        f64::from((self.people() - self.counts[0]).max(1))
    }

    /// Elite, at least 1 (ne): a denominator as well.
    pub fn elite_at_least_one(&self) -> f64 {
        f64::from(self.counts[2..].iter().sum::<u32>().max(1))
    }
}

impl Unit {
    /// Whole posts of a rank.
    pub fn whole_posts(&self, rank: usize) -> u64 {
        self.posts[rank].max(0.0) as u64
    }

    /// Brigades among which a newcomer is put (NB): one per twelve workers wanted, at least 1, at most 65,536.
    pub fn brigades(&self) -> u32 {
        if self.office { 1 } else { brigades(self.workers_wanted) }
    }

    /// A brigade from a draw in (0, 1).
    pub fn brigade(&self, draw: f64) -> u16 {
        brigade(self.brigades(), draw)
    }
}

/// Brigades of a plant that wants so many workers.
fn brigades(workers_wanted: f64) -> u32 {
    // Twelve to a brigade is no parameter: it shapes the lists from which acquaintances are chosen.
    let brigades = workers_wanted / 12.0;
    // Rounded up without a call of the platform's function.
    let whole = brigades.min(f64::from(MOST_BRIGADES)) as u32;
    (whole + u32::from(f64::from(whole) < brigades)).clamp(1, MOST_BRIGADES)
}

/// One of so many brigades, from 1 to 65,536, by a draw in (0, 1).
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
