//! The largest society that a setup can come to, and the bounds that identities set to it.
//!
//! An identity has a fixed number of bits for the unit and for the person's number in it
//! ([`super::identity`]). [`check`] proves that a setup keeps within both in every month, for every seed.

use super::identity::{MOST_ENTRANTS, MOST_UNITS};
use super::rules::growth;
use super::setup::{PolicyMode, Population, Setup};
use super::start;
use crate::engine::distributions::normal_of_word;

/// Why a setup is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooLarge {
    /// More enterprises and regional offices together than identities can tell apart.
    Units(u64),
    /// One enterprise may want so many people, more than identities can tell apart.
    PeopleOfAUnit(u64),
    /// The elite of the country may grow to so many, and with it the students of a month.
    Elite(u64),
}

/// Units of a population: enterprises and regional offices. Their number never changes.
pub fn units(population: &Population) -> u64 {
    u64::from(population.enterprises) + u64::from(population.regions)
}

/// Checks that identities can tell apart all units, and all who enter one of them in a month.
///
/// # Errors
///
/// The first bound that the setup can exceed.
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

/// Upper bounds over all months and seeds.
struct Largest {
    /// Jobs and posts in one unit, all filled. Hires of a month are at most as many as are empty.
    people_of_a_unit: f64,
    /// Posts of the elite in the country. Places at school are at most one for each.
    elite: f64,
}

impl Largest {
    fn of(setup: &Setup) -> Self {
        let rules = setup.mechanisms.ablate(setup.parameters.clone());
        let population = &setup.population;
        let enterprises = f64::from(population.enterprises);
        // The largest draw of a plant's size, all others being the smallest.
        let extreme = libm::exp(rules.plant_spread * normal_of_word(u32::MAX));
        let share = extreme / (extreme + (enterprises - 1.0) / extreme);
        let workers = rules.start_workers * population.size as f64;
        let mut workers_of_one = workers * share;
        let mut posts_of_one = start::posts(&rules, workers_of_one);
        // Each plant has a director, however small it is.
        let directors = (rules.start_directors * workers).max(enterprises);
        let mut elite = rules.start_middle * workers + directors;
        let mut officials_of_one = rules.office_posts;
        let posts = rules.start_foremen * workers + elite + officials_of_one * f64::from(population.regions);
        // Outsiders at school in January 1928 who graduate in one month.
        let early_students = rules.school_places * rules.early_elite * (workers + posts);
        let PolicyMode::Schedule(months) = &setup.policy;
        for levers in months {
            let growth = growth::by_rank(&rules, levers);
            workers_of_one *= 1.0 + growth[0];
            for (posts, growth) in posts_of_one.iter_mut().zip(&growth[1..]) {
                *posts *= 1.0 + growth;
            }
            elite *= 1.0 + growth[2].max(growth[3]);
            officials_of_one *= 1.0 + growth[4];
        }
        // Rates are never negative, so everything is largest at the end.
        Largest {
            people_of_a_unit: (workers_of_one + posts_of_one.iter().sum::<f64>()).max(officials_of_one),
            elite: (elite + officials_of_one * f64::from(population.regions)).max(early_students),
        }
    }
}
