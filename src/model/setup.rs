//! Defines [`Setup`], a checked scenario without files, names and provenance.
//!
//! A setup made from a checked scenario cannot fail; the model trusts it.

use super::levers::Levers;
use super::mechanisms::Mechanisms;
use super::parameters::Parameters;
use super::state::standing::TARGET_CLASSES;
use crate::engine::calendar::Month;

/// Size and structure of the society in January 1928.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Population {
    /// Nominal number of people in January 1928 (N0): by default .905 of it are workers and about .08 bosses.
    pub size: u64,
    /// Enterprises (E), at least 1.
    pub enterprises: u32,
    /// Regions (R), from 1 to `enterprises`.
    pub regions: u32,
}

/// Mean number of people per enterprise if a scenario does not give the number of enterprises.
pub const MEAN_ENTERPRISE: u64 = 400;

/// Largest number of regions if a scenario does not give it.
pub const DEFAULT_REGIONS: u32 = 10;

impl Population {
    /// Returns a population of `size` nominal people with the default number of enterprises and regions.
    ///
    /// There are `size`/400 enterprises, rounded, at least 1; and ten regions, or one per enterprise if those are
    /// fewer.
    pub fn of_size(size: u64) -> Self {
        let enterprises =
            u32::try_from((size + MEAN_ENTERPRISE / 2) / MEAN_ENTERPRISE).unwrap_or(u32::MAX).max(1);
        Population { size, enterprises, regions: DEFAULT_REGIONS.min(enterprises) }
    }

    /// Returns the industrial workforce of the USSR in January 1928, person by person: 3.6 million people in 9,000
    /// enterprises and 70 regions.
    pub fn one_to_one() -> Self {
        Population { size: 3_600_000, enterprises: 9_000, regions: 70 }
    }
}

/// Dated events by month of the calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    /// Show trials: increment to the pulse of each target class in each month (rule R5), 0 or more.
    pub pulses: Vec<[f64; TARGET_CLASSES]>,
    /// Months in which party posts (role party) are put to the vote (rule R6e).
    pub party_elections: Vec<bool>,
    /// Months in which union posts are put to the vote.
    pub union_elections: Vec<bool>,
}

impl Events {
    /// Returns a calendar without events.
    pub fn none() -> Self {
        Events {
            pulses: vec![[0.0; TARGET_CLASSES]; Month::COUNT],
            party_elections: vec![false; Month::COUNT],
            union_elections: vec![false; Month::COUNT],
        }
    }
}

/// The kind of leadership, which sets the levers.
#[derive(Debug, Clone, PartialEq)]
pub enum PolicyMode {
    /// A schedule, already smoothed by [`super::levers::smooth`]: one entry per month of the calendar.
    Schedule(Vec<Levers>),
}

/// Everything that determines a run apart from seed and replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Size and structure in January 1928.
    pub population: Population,
    /// Constants of the rules.
    pub parameters: Parameters,
    /// Which mechanisms act.
    pub mechanisms: Mechanisms,
    /// The leadership.
    pub policy: PolicyMode,
    /// Dated events.
    pub events: Events,
}
