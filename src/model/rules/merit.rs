//! R8 Merit: who may be promoted, and with what score.
//!
//! Part of step 7 of the month, as far as it can be told in the first sweep, which has all people and their random words at
//! hand: it notes all bosses of a unit, and the workers whose scores are highest. Merit is the part of a score that does
//! not depend on chance. Who is promoted, and what that does, is the business of [`super::promotion`]. Claims C07, C27,
//! C49, C50.

use super::accusation::eligible;
use crate::engine::maths::gumbel_of_word;
use crate::model::levers::Levers;
use crate::model::parameters::Parameters;
use crate::model::state::standing::{FOREMAN, Origin, Standing};

/// Who comes first among candidates: the higher score, then the smaller identity.
pub fn better(one: (f32, u64), other: (f32, u64)) -> std::cmp::Ordering {
    other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
}

/// The coefficients of a score: of merit, which depends on neither chance nor training, then of noise and training.
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
    /// The coefficients under this month's levers.
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

    /// The merit of a person.
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

    /// May hope for a post.
    #[inline(always)]
    pub(crate) fn eligible(&self, standing: Standing, competence: f32) -> bool {
        eligible(standing, competence, self.able)
    }

    /// May be promoted to `rank`, unless the rank has changed this month already.
    #[inline(always)]
    pub(crate) fn candidate(&self, rank: u8, standing: Standing, competence: f32) -> bool {
        (standing.rank() + 1 == rank) & ((rank > FOREMAN) | self.eligible(standing, competence))
    }

    /// What training adds to the score of a person for the next rank. It counts for rank 2 alone: training is for
    /// engineers, whose posts begin there.
    #[inline(always)]
    pub(crate) fn training(&self, standing: Standing) -> f32 {
        if standing.trained() & (standing.rank() == FOREMAN) { self.trained } else { 0.0 }
    }

    /// Score of a person of this merit with this random word; `trained` is what training adds to it.
    #[inline(always)]
    pub(crate) fn score(&self, merit: f32, word: u32, trained: f32) -> f32 {
        self.score_with(merit, gumbel_of_word(word), trained)
    }

    /// The same from the Gumbel deviate of the word.
    #[inline(always)]
    pub(crate) fn score_with(&self, merit: f32, deviate: f32, trained: f32) -> f32 {
        merit + self.noise * deviate + trained
    }
}

#[cfg(test)]
#[path = "merit_tests.rs"]
mod tests;
