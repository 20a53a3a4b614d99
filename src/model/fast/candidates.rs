//! Lists candidates: the people of a unit who may matter for later steps of the month.
//!
//! Most of a month is decided for few people: who leaves, becomes a foreman, goes to school, joins the party. The
//! first sweep has all people of a unit and their random words at hand; it lists candidates by the bounds of
//! [`super::prefilter`]. Later steps read the lists alone. A list may hold people who turn out not to matter, or who
//! have left. It never misses a person who matters, or else it says that it may.

use super::people::People;
use crate::engine::prefetch::prefetch_first;
use crate::model::purpose::monthly;
use crate::model::rules::merit;
use crate::model::rules::recruitment::Outsiders;
use crate::model::state::standing::{RANKS, WORKER};

/// Random words of a person that are read after people have moved. They travel with the person: computing a single
/// block again costs as much as ten in bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LateWords {
    /// Noise in the score for promotion (R8).
    pub promotion: u32,
    /// Noise in the choice of students (R9).
    pub school: u32,
    /// Draw of joining the party (R9).
    pub recruitment: u32,
}

impl LateWords {
    /// Returns the late words of a person with these words of page [`crate::model::purpose::MONTHLY`].
    pub fn of(word: impl Fn(usize) -> u32) -> Self {
        LateWords {
            promotion: word(monthly::PROMOTION),
            school: word(monthly::SCHOOL),
            recruitment: word(monthly::RECRUITMENT),
        }
    }
}

/// A person who was accused this month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accused {
    /// Row in the unit.
    pub row: u32,
    /// Accusations against the person this month.
    pub times: u16,
    /// Random word of the sanction.
    pub sanction_word: u32,
}

/// A person to whom something happens, or may happen, in step 7.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// Row in the unit, as in step 1.
    pub row: u32,
    /// Fates of the person, as bits of [`crate::model::state::fate`].
    pub fate: u16,
    /// Random words that are read later.
    pub words: LateWords,
    /// Draw of the purge (R6d).
    pub purge_word: u32,
}

/// A candidate for school or for the party.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Identity of the person.
    pub identity: u64,
    /// Row of the person when listed.
    pub seen: u32,
    /// Random word that decides.
    pub word: u32,
}

/// A person who may be promoted to the next rank.
#[derive(Debug, Clone, Copy)]
pub struct PromotionCandidate {
    /// Score for the next rank.
    pub score: f32,
    /// Part of the score that does not depend on noise or training.
    pub merit: f32,
    /// Identity of the person.
    pub identity: u64,
    /// Row of the person when listed.
    pub seen: u32,
}

impl PromotionCandidate {
    /// Orders candidates by score, best first.
    pub fn order(one: &PromotionCandidate, other: &PromotionCandidate) -> std::cmp::Ordering {
        merit::better((one.score, one.identity), (other.score, other.identity))
    }
}

/// The lists of one unit. Only `least` is kept from month to month, as a guess that affects speed alone.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// People who were accused, each once.
    pub accused: Vec<Accused>,
    /// People to whom something happens, by row.
    ///
    /// The workspace lends this list to a plant while the plant is in the cache. Offices, and plants in months of a
    /// purge, keep their own.
    pub events: Vec<Event>,
    /// Candidates for promotion by rank, from worker to director.
    ///
    /// Holds all bosses who are present and have neither risen nor fallen this month; and all workers whose score is
    /// at least `least`, even if they have left since.
    pub for_promotion: [Vec<PromotionCandidate>; RANKS - 1],
    /// Least score of the workers listed.
    pub least: f32,
    /// Workers who may be sent to school and reach the threshold of the month, even if they have left or risen since.
    pub for_school: Vec<Candidate>,
    /// People outside the party who may join it.
    pub for_party: Vec<Candidate>,
    /// Identities of the people demoted within the unit this month, who cannot be promoted in it.
    pub fallen: Vec<u64>,
    /// Sum of the purge weights of the party people, as in [`crate::model::rules::purge::mean_weight`].
    pub purge_weight: u64,
    /// Sums over people outside the party. They wrap: a unit's sums may pass below zero while people move.
    pub outsiders: Outsiders,
}

impl Candidates {
    /// Removes a person of `rank` from the candidates for promotion.
    pub fn strike(&mut self, rank: u8, identity: u64) {
        if let Some(for_promotion) = self.for_promotion.get_mut(usize::from(rank)) {
            for_promotion.retain(|candidate| candidate.identity != identity);
        }
    }

    /// Updates the rows of listed workers who have been moved from beyond the last row into one of `rows`, so that
    /// they need not be searched for later.
    pub fn follow(&mut self, people: &People, rows: &[u32]) {
        let follow = |identity: u64, seen: &mut u32| {
            let there = |row: &&u32| people.identity.get(**row as usize) == Some(&identity);
            if *seen as usize >= people.len()
                && let Some(&row) = rows.iter().find(there)
            {
                *seen = row;
            }
        };
        let for_promotion = &mut self.for_promotion[usize::from(WORKER)];
        for_promotion.iter_mut().for_each(|one| follow(one.identity, &mut one.seen));
        let lists = [&mut self.for_school, &mut self.for_party];
        lists.into_iter().flatten().for_each(|one| follow(one.identity, &mut one.seen));
    }

    /// Prefetches capacity for the bosses who will be listed.
    pub fn prefetch_room(&mut self, people: &People) {
        for (rank, for_promotion) in (0u8..).zip(&mut self.for_promotion).skip(1) {
            prefetch_first(for_promotion.spare_capacity_mut(), people.ranks.count(rank));
        }
    }

    /// Clears the lists for a new month; keeps their memory.
    pub fn clear(&mut self) {
        self.accused.clear();
        self.events.clear();
        self.for_promotion.iter_mut().for_each(Vec::clear);
        self.for_school.clear();
        self.for_party.clear();
        self.fallen.clear();
        self.outsiders = Outsiders::default();
    }
}
