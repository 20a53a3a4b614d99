//! Counts the targets of accusations by what is recorded of them.

use std::cmp::Ordering;

use super::state::standing::{RANKS, TARGET_CLASSES};
use super::state::target::THIRDS;
use super::state::target::TargetProfile;
use super::state::unit::since_bin;

/// Counts of the targets of some accusations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Targets {
    /// All targets, one for each accusation.
    pub acts: u64,
    /// Targets by class.
    pub by_class: [u64; TARGET_CLASSES],
    /// Targets by rank.
    pub by_rank: [u64; RANKS],
    /// Accusations upwards, sideways and downwards.
    pub by_direction: [u64; 3],
    /// Bosses by months in rank: under 12, 12 to 35, 36 and more.
    pub by_since: [u64; 3],
    /// Bosses by third of ambition.
    pub by_ambition: [u64; THIRDS],
    /// Bosses by third of ability among the bosses of their rank.
    pub by_ability: [u64; THIRDS],
    /// Candidates for an open post, by their own rank.
    pub candidates: [u64; RANKS],
    /// Bosses who were suspected already.
    pub suspected_bosses: u64,
    /// Former people among the bosses.
    pub former_bosses: u64,
    /// Workers accused by workers.
    pub workers_by_workers: u64,
}

impl Targets {
    /// Counts the target of an accusation by a person of this rank.
    pub fn add(&mut self, accuser_rank: u8, target: &TargetProfile) {
        let rank = usize::from(target.rank);
        self.acts += 1;
        self.by_class[usize::from(target.class)] += 1;
        self.by_rank[rank] += 1;
        let direction = match target.rank.cmp(&accuser_rank) {
            Ordering::Greater => 0,
            Ordering::Equal => 1,
            Ordering::Less => 2,
        };
        self.by_direction[direction] += 1;
        self.candidates[rank] += u64::from(target.candidate);
        self.workers_by_workers += u64::from(!target.boss() && accuser_rank == 0);
        if target.boss() {
            self.by_since[since_bin(target.since)] += 1;
            self.by_ambition[usize::from(target.ambition)] += 1;
            self.by_ability[usize::from(target.ability)] += 1;
            self.suspected_bosses += u64::from(target.suspected);
            self.former_bosses += u64::from(target.class == 0);
        }
    }

    /// Adds the counts of other accusations.
    pub fn add_all(&mut self, other: &Targets) {
        self.acts += other.acts;
        add(&mut self.by_class, &other.by_class);
        add(&mut self.by_rank, &other.by_rank);
        add(&mut self.by_direction, &other.by_direction);
        add(&mut self.by_since, &other.by_since);
        add(&mut self.by_ambition, &other.by_ambition);
        add(&mut self.by_ability, &other.by_ability);
        add(&mut self.candidates, &other.candidates);
        self.suspected_bosses += other.suspected_bosses;
        self.former_bosses += other.former_bosses;
        self.workers_by_workers += other.workers_by_workers;
    }

    /// Returns the number of accusations of bosses.
    pub fn of_bosses(&self) -> u64 {
        self.acts - self.by_rank[0]
    }
}

/// Adds numbers to sums, place by place.
pub(super) fn add<const N: usize>(sums: &mut [u64; N], values: &[u64; N]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_counted_once_in_each_respect() {
        let foreman = TargetProfile {
            rank: 1,
            role: 0,
            class: 0,
            since: 12,
            ambition: 2,
            ability: 0,
            candidate: true,
            suspected: false,
            comrades: true,
            same_brigade: true,
        };
        let worker = TargetProfile { rank: 0, class: 5, since: 255, candidate: false, ..foreman };
        let official = TargetProfile { rank: 4, class: 3, suspected: true, candidate: false, ..foreman };
        let mut targets = Targets::default();
        [(0, foreman), (0, worker), (2, worker), (2, official), (4, official)]
            .iter()
            .for_each(|(accuser, target)| targets.add(*accuser, target));
        let expected = Targets {
            acts: 5,
            by_class: [1, 0, 0, 2, 0, 2],
            by_rank: [2, 1, 0, 0, 2],
            by_direction: [2, 2, 1],
            by_since: [0, 3, 0],
            by_ambition: [0, 0, 3],
            by_ability: [3, 0, 0],
            candidates: [0, 1, 0, 0, 0],
            suspected_bosses: 2,
            former_bosses: 1,
            workers_by_workers: 1,
        };
        assert_eq!(targets, expected);
        assert_eq!(targets.of_bosses(), 3);
        let mut twice = targets;
        twice.add_all(&targets);
        assert_eq!((twice.acts, twice.by_rank, twice.of_bosses()), (10, [4, 2, 0, 0, 4], 6));
    }
}
