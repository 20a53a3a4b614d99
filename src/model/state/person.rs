//! Defines the record of one person.

use super::standing::Standing;
use super::traits::{Career, Dates, Drive, Skill, Temperament};

/// One person, at work or at school.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Person {
    /// Key of the person's random draws; see [`crate::model::identity`].
    pub identity: u64,
    /// Rank, role, origin, standing in the party, training, blemish.
    pub standing: Standing,
    /// Brigade within the unit, counted from 0; six brigades make a shop.
    pub brigade: u16,
    /// Grievance (g), 0 to 1.
    pub grievance: f32,
    /// Egalitarian conviction (egal), 0 to 1.
    pub egalitarianism: f32,
    /// Ambition and quality as a shock worker; fixed.
    pub drive: Drive,
    /// Readiness to accuse and threshold of unrest; fixed.
    pub temperament: Temperament,
    /// Ability and industrial experience.
    pub skill: Skill,
    /// Fear, 0 to 1.
    pub fear: f32,
    /// Suspicion (susp), 0 or more: accusations received and not yet forgotten.
    pub suspicion: f32,
    /// Month of joining the party, and the last month of a grudge.
    pub dates: Dates,
    /// Months of entering the elite and the present rank; [`Career::none`] for workers.
    pub career: Career,
}

impl Person {
    /// Returns the rank, 0 (worker) to 4 (regional official).
    pub fn rank(&self) -> u8 {
        self.standing.rank()
    }

    /// Returns the ambition (amb), 0 to 1.
    pub fn ambition(&self) -> f32 {
        self.drive.ambition().value()
    }

    /// Returns the readiness to accuse (temper), 0 to 1.
    pub fn temper(&self) -> f32 {
        self.temperament.temper().value()
    }

    /// Returns the grievance at which the person joins unrest (thr), 0 to 2.
    pub fn unrest_threshold(&self) -> f32 {
        self.temperament.threshold().value()
    }

    /// Returns true for a worker whose quality number is below `limit`. Lower numbers make better shock workers.
    pub fn is_shock_worker(&self, limit: f32) -> bool {
        !self.standing.boss() && self.drive.shock_quality().value() < limit
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::state::standing::Origin;
    use crate::model::state::traits::{Aptitude, Months, NEVER_ENTERED, Threshold, Trait};

    /// Returns a person of this rank with middling traits, as a starting point for tests.
    pub(crate) fn sample_person(identity: u64, rank: u8) -> Person {
        let mut standing = Standing::worker(Origin::Worker, false);
        standing.set_rank(rank);
        Person {
            identity,
            standing,
            brigade: 0,
            grievance: 0.35,
            egalitarianism: 0.6,
            drive: Drive::new(Trait::nearest(0.3), Trait::nearest(0.5)),
            temperament: Temperament::new(Trait::nearest(0.2), Threshold::nearest(0.4)),
            skill: Skill::new(Aptitude::nearest(0.3), Months::nearest(-12.0)),
            fear: 0.0,
            suspicion: 0.0,
            dates: Dates::default(),
            career: if rank > 0 { Career::new(NEVER_ENTERED, identity as i16 % 100) } else { Career::none() },
        }
    }
}
