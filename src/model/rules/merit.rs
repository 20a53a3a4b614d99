//! R8 Merit: who may be promoted, and with what score.
//!
//! Step 7 of the month. Merit is the part of a candidate's score that does not depend on chance: ability,
//! party membership, origin, ambition and a clean record. Vigilance lowers the weight of ability. Training
//! adds to the score for rank 2, and noise to every score. The effects of a promotion are in
//! [`super::promotion`]. Claims C07, C27, C49, C50.

use super::accusation::eligible;
use crate::engine::maths::gumbel_of_word;
use crate::model::levers::Levers;
use crate::model::parameters::Parameters;
use crate::model::state::standing::{FOREMAN, Origin, Standing};

/// Compares two candidates by score and identity. The higher score comes first, then the smaller identity.
pub fn better(one: (f32, u64), other: (f32, u64)) -> std::cmp::Ordering {
    other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
}

/// Coefficients of a score: of merit, then of noise and training.
#[derive(Debug, Clone, Copy)]
pub struct Merit {
    ability: f32,
    loyalty: f32,
    worker: f32,
    peasant: f32,
    ambition: f32,
    suspicion: f32,
    suspicion_ceiling: f32,
    former: f32,
    /// Ability above which a worker may hope for a post.
    able: f32,
    /// Weight of the noise.
    pub(crate) noise: f32,
    trained: f32,
}

impl Merit {
    /// Returns the coefficients under this month's levers.
    pub fn new(rules: &Parameters, levers: &Levers) -> Self {
        let preference = rules.promotion_origin * levers.origin_preference;
        Merit {
            ability: (rules.promotion_ability * (1.0 - rules.promotion_vigilance * levers.vigilance)) as f32,
            loyalty: rules.promotion_loyalty as f32,
            worker: preference as f32,
            peasant: (rules.promotion_peasant * preference) as f32,
            ambition: rules.promotion_ambition as f32,
            suspicion: rules.promotion_suspicion as f32,
            suspicion_ceiling: rules.suspicion_ceiling as f32,
            able: rules.eligible_ability as f32,
            former: (rules.promotion_former * levers.class_war) as f32,
            noise: rules.promotion_noise as f32,
            trained: rules.promotion_training as f32,
        }
    }

    /// Returns the merit of a person.
    #[inline(always)]
    pub fn of(&self, standing: Standing, competence: f32, ambition: f32, suspicion: f32) -> f32 {
        let suspicion = if suspicion < self.suspicion_ceiling { suspicion } else { self.suspicion_ceiling };
        let origin = standing.origin_bits();
        self.ability * competence
            + if standing.in_party() { self.loyalty } else { 0.0 }
            + if origin == Origin::Worker as u16 { self.worker } else { 0.0 }
            + if origin == Origin::Peasant as u16 { self.peasant } else { 0.0 }
            + self.ambition * ambition
            - self.suspicion * suspicion
            - if origin == Origin::Former as u16 { self.former } else { 0.0 }
    }

    /// Returns true if a person may hope for a post.
    #[inline(always)]
    pub(crate) fn eligible(&self, standing: Standing, competence: f32) -> bool {
        eligible(standing, competence, self.able)
    }

    /// Returns true if a person may be promoted to `rank`. The caller excludes people whose rank has already
    /// changed this month.
    #[inline(always)]
    pub(crate) fn candidate(&self, rank: u8, standing: Standing, competence: f32) -> bool {
        (standing.rank() + 1 == rank) & ((rank > FOREMAN) | self.eligible(standing, competence))
    }

    /// Returns what training adds to the score of a person for the next rank. It counts for rank 2 only,
    /// because the posts of engineers begin there.
    #[inline(always)]
    pub(crate) fn training(&self, standing: Standing) -> f32 {
        if standing.trained() & (standing.rank() == FOREMAN) { self.trained } else { 0.0 }
    }

    /// Returns the score of a person of this merit. `word` gives the noise, and `trained` is what training
    /// adds.
    #[inline(always)]
    pub(crate) fn score(&self, merit: f32, word: u32, trained: f32) -> f32 {
        self.score_with(merit, gumbel_of_word(word), trained)
    }

    /// Like [`Merit::score`], for a given standard Gumbel deviate.
    #[inline(always)]
    pub(crate) fn score_with(&self, merit: f32, deviate: f32, trained: f32) -> f32 {
        merit + self.noise * deviate + trained
    }
}

#[cfg(test)]
#[path = "merit_tests.rs"]
mod tests;
