//! Candidates: the people of a unit whom later steps of the month may concern.
//!
//! Most of a month is decided for few: who leaves, who rises to foreman, who is sent to school, who joins the party. The
//! first sweep, which has all people of a unit and their random words at hand, lists them by the bounds of
//! [`super::prefilter`]; later steps look at the lists alone. A list may hold people who in the end are not concerned, or who
//! have left. It never misses a person who is, or it says that it may.

use super::people::People;
use crate::engine::prefetch::prefetch_first;
use crate::model::purpose::monthly;
use crate::model::rules::merit;
use crate::model::rules::recruitment::Outsiders;
use crate::model::state::standing::{RANKS, WORKER};

/// Random words of a person that are read after people have moved, so that they travel with the person.
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
    /// Of a person with these words of page [`crate::model::purpose::MONTHLY`].
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
    /// The person's random word of the sanction.
    pub sanction_word: u32,
}

/// A person to whom something happens in step 7, or may happen.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// Row in the unit, as in step 1.
    pub row: u32,
    /// What happens, as bits of [`crate::model::state::fate`].
    pub fate: u16,
    /// Words that are read later.
    pub words: LateWords,
    /// Draw of the purge (R6d).
    pub purge_word: u32,
}

/// A person on a list.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Identity of the person.
    pub identity: u64,
    /// Row in which the person stood when listed.
    pub seen: u32,
    /// The random word that decides.
    pub word: u32,
}

/// A person who may be promoted to the next rank.
#[derive(Debug, Clone, Copy)]
pub struct PromotionCandidate {
    /// Score for the next rank.
    pub score: f32,
    /// The part of the score that does not depend on chance or training.
    pub merit: f32,
    /// Identity of the person.
    pub identity: u64,
    /// Row in which the person stood when listed.
    pub seen: u32,
}

impl PromotionCandidate {
    /// Orders by score, best first.
    pub fn order(one: &PromotionCandidate, other: &PromotionCandidate) -> std::cmp::Ordering {
        merit::better((one.score, one.identity), (other.score, other.identity))
    }
}

/// The lists of one unit. Only `least` is kept from month to month, as a guess that affects speed alone.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// People who were accused, each once.
    pub accused: Vec<Accused>,
    /// People to whom something happens, by row. Lent by the workspace while the unit is at hand; kept by offices, and by plants
    /// in months of a purge.
    pub events: Vec<Event>,
    /// Candidates for promotion by rank, from worker to director: all bosses who are present and have neither risen nor
    /// fallen this month; all workers whose score is at least `least`, even if they have left since.
    pub for_promotion: [Vec<PromotionCandidate>; RANKS - 1],
    /// Least score of the workers listed.
    pub least: f32,
    /// Workers who may be sent to school and reach the threshold of the month, even if they have left or risen since.
    pub for_school: Vec<Candidate>,
    /// People outside the party who may join it.
    pub for_party: Vec<Candidate>,
    /// Identities of those who fell to a lower rank of the unit this month, and cannot rise in it.
    pub fallen: Vec<u64>,
    /// Sum of the purge weights of the party people, as in [`crate::model::rules::purge::mean_weight`].
    pub purge_weight: u64,
    /// People outside the party. Sums wrap round: of one unit they may be below zero while people move.
    pub outsiders: Outsiders,
}

impl Candidates {
    /// Removes a person of `rank` from the candidates for promotion.
    pub fn strike(&mut self, rank: u8, identity: u64) {
        if let Some(for_promotion) = self.for_promotion.get_mut(usize::from(rank)) {
            for_promotion.retain(|candidate| candidate.identity != identity);
        }
    }

    /// Updates the rows of workers who were listed in rows beyond the last, and have been moved into one of `rows`, which others
    /// left.
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

    /// Prefetches room for the bosses who will be listed.
    pub fn prefetch_room(&mut self, people: &People) {
        for (rank, for_promotion) in (0u8..).zip(&mut self.for_promotion).skip(1) {
            prefetch_first(for_promotion.spare_capacity_mut(), people.ranks.count(rank));
        }
    }

    /// Empties the lists for a new month; keeps their memory.
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
