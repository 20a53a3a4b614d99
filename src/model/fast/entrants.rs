//! Creates the hires and founders of a unit, column by column ([`crate::model::rules::entrants`]).
//!
//! Columns let tables of cubics replace Newton's method for the distributions, which cuts the cost of a hire by 40 %.
//! The tables are read in plain loops: gathers, which the instruction sets offer, are slower.

use super::people::People;
use crate::engine::chacha::Words;
use crate::engine::distributions::{BETA_1_5_5, BETA_2_4, BETA_3_5_2, NORMAL};
use crate::engine::random::uniform64;
use crate::engine::simd::{Instructions, dispatch};
use crate::model::parameters::Parameters;
use crate::model::purpose::birth;
use crate::model::rules::ageing::learned;
use crate::model::rules::entrants::{Founding, aptitude, hired, nearest, newcomer_in, threshold};
use crate::model::state::standing::{RANKS, Standing};
use crate::model::state::traits::{Drive, Skill, Temperament, Threshold, Trait};
use crate::model::state::unit::brigade;

/// Gives the people in the rows from `first` on these identities, and all traits but ability from their words of page
/// [`BIRTH`](crate::model::purpose::BIRTH).
fn endow(
    instructions: Instructions,
    rules: &Parameters,
    people: &mut People,
    first: usize,
    identities: &[u64],
    words: &Words,
) {
    people.identity[first..].copy_from_slice(identities);
    let egalitarianisms = &mut people.egalitarianism[first..];
    BETA_3_5_2.fill(egalitarianisms, words.column(birth::EGALITARIANISM), |share| share as f32);
    let (drives, temperaments) = (&mut people.drive[first..], &mut people.temperament[first..]);
    BETA_2_4
        .fill(drives, words.column(birth::AMBITION), |share| Drive::new(nearest(share), Trait::default()));
    BETA_1_5_5.fill(temperaments, words.column(birth::TEMPER), |share| {
        Temperament::new(nearest(share), Threshold::default())
    });
    let thresholds = (rules.unrest_threshold_low, rules.unrest_threshold_spread);
    let (qualities, draws) = (words.column(birth::SHOCK_QUALITY), words.column(birth::THRESHOLD));
    draw_uniforms(instructions, thresholds, drives, temperaments, qualities, draws);
}

dispatch! {
    /// Draws the quality as a shock worker, and thresholds of unrest from the lowest and the spread in `thresholds`.
    fn draw_uniforms(
        instructions,
        thresholds: (f64, f64),
        drives: &mut [Drive],
        temperaments: &mut [Temperament],
        quality_words: &[u32],
        threshold_words: &[u32],
    ) {
        for (drive, word) in drives.iter_mut().zip(quality_words) {
            drive.set_shock_quality(nearest(uniform64(*word)));
        }
        for (temperament, word) in temperaments.iter_mut().zip(threshold_words) {
            temperament.set_threshold(threshold(thresholds.0, thresholds.1, *word));
        }
    }
}

/// Adds workers hired this month as the last rows of a unit; returns the first row.
///
/// They equal those of [`hire`](crate::model::rules::entrants::hire).
pub(super) fn hires(
    instructions: Instructions,
    rules: &Parameters,
    people: &mut People,
    month: u16,
    brigades: u32,
    identities: &[u64],
    words: &Words,
) -> usize {
    let (first, hire) = (people.len(), newcomer_in(rules, month));
    people.extend(identities.len(), &hire);
    endow(instructions, rules, people, first, identities, words);
    let (began, learned) = (hire.skill.began(), learned(month));
    let (mean, spread) = (rules.hired_ability, rules.ability_spread);
    NORMAL.fill(&mut people.skill[first..], words.column(birth::COMPETENCE), |normal| {
        Skill::new(aptitude(mean, spread, normal, learned), began)
    });
    place_hired(
        instructions,
        (rules.hires_former, rules.hires_peasant),
        brigades,
        &mut people.standing[first..],
        words.column(birth::ORIGIN),
        &mut people.brigade[first..],
        words.column(birth::BRIGADE),
    );
    first
}

dispatch! {
    /// Draws standing and brigade of new hires.
    fn place_hired(
        instructions,
        shares: (f64, f64),
        brigades: u32,
        standings: &mut [Standing],
        origin_words: &[u32],
        brigade_of: &mut [u16],
        brigade_words: &[u32],
    ) {
        for (standing, word) in standings.iter_mut().zip(origin_words) {
            *standing = hired(shares.0, shares.1, *word);
        }
        for (of, word) in brigade_of.iter_mut().zip(brigade_words) {
            *of = brigade(brigades, uniform64(*word));
        }
    }
}

/// Fills a unit with the people of January 1928: `counts` of each rank, the highest rank first among the identities.
pub(super) fn founders(
    instructions: Instructions,
    rules: &Parameters,
    people: &mut People,
    brigades: u32,
    counts: [u32; RANKS],
    identities: &[u64],
    words: &Words,
) {
    people.begin(counts, &newcomer_in(rules, 0));
    endow(instructions, rules, people, 0, identities, words);
    let words = words.columns();
    let ranks = (0..RANKS as u8).zip(counts).rev().flat_map(|(rank, count)| (0..count).map(move |_| rank));
    for (row, rank) in ranks.enumerate() {
        let founding = Founding::of(rules, rank, brigades, |slot| words[slot][row]);
        people.standing[row] = founding.standing;
        people.skill[row] = founding.skill;
        people.brigade[row] = founding.brigade;
        people.dates[row].set_joined(founding.joined);
        if founding.standing.boss() {
            people.career[row] = founding.career;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Key;
    use crate::model::purpose::BIRTH;
    use crate::model::rules::entrants::{founder, hire};
    use crate::model::state::person::Person;

    /// Returns `count` identities and their words of page [`BIRTH`] in month 0.
    fn identities(key: &Key, count: u64) -> (Vec<u64>, Words) {
        let identities: Vec<u64> = (0..count).collect();
        let mut words = Words::new();
        words.fill(Instructions::detect(), key, BIRTH, 0, &identities);
        (identities, words)
    }

    #[test]
    fn hires_of_a_unit_are_those_that_come_one_by_one() {
        let (key, rules) = (Key::new(3, 1), Parameters::default());
        let (identities, words) = identities(&key, 1000);
        let expected: Vec<Person> = identities
            .iter()
            .map(|&identity| hire(&rules, identity, 9, 7, &key.block(BIRTH, 0, identity)))
            .collect();
        for instructions in Instructions::available() {
            let mut people = People::default();
            people.extend(3, &newcomer_in(&rules, 0));
            assert_eq!(hires(instructions, &rules, &mut people, 9, 7, &identities, &words), 3);
            assert_eq!((people.len(), people.person(2)), (1003, newcomer_in(&rules, 0)));
            for (row, expected) in (3..).zip(&expected) {
                assert_eq!(people.person(row), *expected, "{}", instructions.name());
            }
        }
    }

    #[test]
    fn founders_of_a_unit_are_those_that_come_one_by_one() {
        let (key, rules) = (Key::new(3, 1), Parameters::default());
        let counts = [700, 120, 100, 50, 30];
        let (identities, words) = identities(&key, 1000);
        for instructions in Instructions::available() {
            let mut people = People::default();
            founders(instructions, &rules, &mut people, 7, counts, &identities, &words);
            for (row, &identity) in identities.iter().enumerate() {
                let rank = people.standing[row].rank();
                let expected = founder(&rules, identity, rank, 7, &key.block(BIRTH, 0, identity));
                assert_eq!(people.person(row), expected, "{}", instructions.name());
            }
            assert_eq!(people.ranks.counts(), counts);
        }
    }
}
