//! Bounds the size of the societies that a setup can produce, and checks it against the capacity of identities.
//!
//! An identity has a fixed number of bits for the unit and for the person's number in it ([`super::identity`]).
//! [`check`] proves that a setup stays within both in every month, for every seed.

use super::identity::{MOST_ENTRANTS, MOST_UNITS};
use super::rules::growth;
use super::setup::{Events, PolicyMode, Population, Setup};
use super::start;
use crate::engine::calendar::Month;
use crate::engine::distributions::normal_of_word;

/// A setup that could outgrow the identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    /// Number of enterprises and regional offices, which exceeds [`MOST_UNITS`].
    #[error("{0} enterprises and regional offices; identities can tell {MOST_UNITS} apart")]
    Units(u64),
    /// Number of people that one enterprise may want, which exceeds [`MOST_ENTRANTS`].
    #[error("one enterprise may want {0} people; identities can tell {MOST_ENTRANTS} apart")]
    PeopleOfAUnit(u64),
    /// Size to which the elite may grow, which exceeds [`MOST_ENTRANTS`]; the students of a month grow with it.
    #[error("the elite may grow to {0}, and students with it; identities can tell {MOST_ENTRANTS} apart")]
    Elite(u64),
}

/// Returns the number of units of a population: enterprises and regional offices. It never changes during a run.
pub fn units(population: &Population) -> u64 {
    u64::from(population.enterprises) + u64::from(population.regions)
}

/// Checks that there are enough identities for all units, and for all people who enter one of them in a month.
///
/// # Errors
///
/// Returns the first bound that the setup can exceed.
pub fn check(setup: &Setup) -> Result<(), TooLarge> {
    let units = units(&setup.population);
    if units > MOST_UNITS {
        return Err(TooLarge::Units(units));
    }
    let most = MOST_ENTRANTS as f64;
    let largest = Largest::of(setup);
    if largest.people_of_a_unit > most {
        return Err(TooLarge::PeopleOfAUnit(largest.people_of_a_unit as u64));
    }
    if largest.elite > most {
        return Err(TooLarge::Elite(largest.elite as u64));
    }
    Ok(())
}

/// Why a setup cannot be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsoundSetup {
    /// The number of regions is 0 or larger than that of enterprises.
    #[error("{regions} regions for {enterprises} enterprises; there must be 1 to as many as enterprises")]
    Regions {
        /// Regions.
        regions: u32,
        /// Enterprises.
        enterprises: u32,
    },
    /// The schedule or the events do not cover every month of the calendar.
    #[error("{0} months of levers or events; there must be {count}", count = Month::COUNT)]
    Months(usize),
    /// The society could become larger than identities can number.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

impl Setup {
    /// Checks what a simulation relies on. A setup of a checked scenario is sound.
    ///
    /// # Errors
    ///
    /// The first condition that does not hold.
    pub fn check(&self) -> Result<(), UnsoundSetup> {
        let Population { enterprises, regions, .. } = self.population;
        if regions == 0 || regions > enterprises {
            return Err(UnsoundSetup::Regions { regions, enterprises });
        }
        let PolicyMode::Schedule(months) = &self.policy;
        let Events { pulses, party_elections, union_elections } = &self.events;
        for months in [months.len(), pulses.len(), party_elections.len(), union_elections.len()] {
            if months != Month::COUNT {
                return Err(UnsoundSetup::Months(months));
            }
        }
        Ok(check(self)?)
    }
}

/// Upper bounds over all months and seeds.
struct Largest {
    /// Jobs and posts in one unit. The hires of a month cannot exceed those that are vacant.
    people_of_a_unit: f64,
    /// Posts of the elite in the country. There is at most one place at school for each.
    elite: f64,
}

impl Largest {
    fn of(setup: &Setup) -> Self {
        let rules = setup.mechanisms.ablate(setup.parameters.clone());
        let population = &setup.population;
        let enterprises = f64::from(population.enterprises);
        // The largest possible plant: its size is the largest draw, and all others are the smallest.
        let extreme = libm::exp(rules.plant_spread * normal_of_word(u32::MAX));
        let share = extreme / (extreme + (enterprises - 1.0) / extreme);
        let workers = rules.start_workers * population.size as f64;
        let mut workers_of_one = workers * share;
        let mut posts_of_one = start::posts(&rules, workers_of_one);
        // Every plant has at least one director, and the large ones more.
        let directors = rules.start_directors * workers + enterprises;
        let mut elite = rules.start_middle * workers + directors;
        let mut officials_of_one = rules.office_posts;
        let posts = rules.start_foremen * workers + elite + officials_of_one * f64::from(population.regions);
        // Outsiders at school in January 1928 who graduate in one month.
        let early_students = rules.school_places * rules.early_elite * (workers + posts);
        let PolicyMode::Schedule(months) = &setup.policy;
        for levers in months {
            let growth = growth::factors(&rules, levers);
            workers_of_one *= growth[0];
            for (posts, growth) in posts_of_one.iter_mut().zip(&growth[1..]) {
                *posts *= growth;
            }
            elite *= growth[2].max(growth[3]);
            officials_of_one *= growth[4];
        }
        // Growth rates are never negative, so every size is largest at the end.
        Largest {
            people_of_a_unit: (workers_of_one + posts_of_one.iter().sum::<f64>()).max(officials_of_one),
            elite: (elite + officials_of_one * f64::from(population.regions)).max(early_students),
        }
    }
}
