//! Decides who enters the lists of [`super::candidates`].
//!
//! The bounds are computed at the start of the month from what is known then. A bound may let people through who turn
//! out not to matter; it must never exclude anyone who does.

use super::candidates::{Candidate, LateWords, PromotionCandidate};
use super::conditions::Conditions;
use super::merit as bounds;
use super::people::People;
use super::recruitment::PartyPrefilter;
use super::school::SchoolThreshold;
use super::unit::Unit;
use crate::engine::random::uniform;
use crate::model::rules::ageing::{competence, learned};
use crate::model::rules::merit::Merit;
use crate::model::rules::recruitment::{Outsiders, lost_card};
use crate::model::state::person::Person;
use crate::model::state::standing::{REGIONAL, WORKER};

/// The bounds of one month.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prefilter {
    /// Coefficients of merit for promotion (R8).
    pub(super) merit: Merit,
    /// Score below which workers are not considered for a place at school (R9).
    pub(super) school: SchoolThreshold,
    /// Recruitment to the party (R9); `None` in a month without it.
    pub(super) party: Option<PartyPrefilter>,
}

impl Prefilter {
    /// Lists the person in `row`, who was not in the unit when the lists were made or has changed since.
    pub(super) fn add_newcomer(
        &self,
        conditions: &Conditions,
        unit: &mut Unit,
        row: usize,
        words: &LateWords,
    ) {
        self.consider_for_promotion(conditions, unit, row, words);
        let (people, for_school) = (&unit.people, &mut unit.candidates.for_school);
        let identity = people.identity[row];
        // A mover may return to the plant just left, whose lists still hold them.
        let known = || for_school.iter().any(|one| one.identity == identity);
        if self.school.reached(conditions, people, row, words.school) && !known() {
            for_school.push(Candidate { identity, seen: row as u32, word: words.school });
        }
        self.consider_for_party(people, row, words.recruitment, &mut unit.candidates.for_party);
    }

    fn consider_for_promotion(
        &self,
        conditions: &Conditions,
        unit: &mut Unit,
        row: usize,
        words: &LateWords,
    ) {
        let Unit { people, candidates, .. } = unit;
        let (identity, standing) = (people.identity[row], people.standing[row]);
        let competence = competence(people.skill[row], learned(conditions.month.0));
        if standing.rank() >= REGIONAL || !self.merit.candidate(standing.rank() + 1, standing, competence) {
            return;
        }
        // A regional post brings the party card, which is not given back in the month of its loss.
        if standing.rank() + 1 == REGIONAL && lost_card(standing, people.dates[row], conditions.month.0) {
            return;
        }
        let ambition = people.drive[row].ambition().value();
        let merit = self.merit.of(standing, competence, ambition, people.suspicion[row]);
        let for_promotion = &mut candidates.for_promotion[usize::from(standing.rank())];
        // Workers below the least score stay out: the list would miss others who are better.
        let least = if standing.rank() == WORKER { candidates.least } else { f32::NEG_INFINITY };
        if bounds::most(&self.merit, merit, words.promotion) < least {
            return;
        }
        let score = self.merit.score(merit, words.promotion, self.merit.training(standing));
        if score >= least && !for_promotion.iter().any(|one| one.identity == identity) {
            for_promotion.push(PromotionCandidate { score, merit, identity, seen: row as u32 });
        }
    }

    /// Lists the person in `row` for the party if the word may be low enough for joining.
    pub(super) fn consider_for_party(
        &self,
        people: &People,
        row: usize,
        word: u32,
        for_party: &mut Vec<Candidate>,
    ) {
        let Some(party) = &self.party else { return };
        if uniform(word) >= party.most_likely || people.standing[row].in_party() {
            return;
        }
        if uniform(word) < party.ceiling * party.weight_in(people, row) {
            for_party.push(Candidate { identity: people.identity[row], seen: row as u32, word });
        }
    }

    /// Returns the person's contribution to the sums over people outside the party: zero in a month without
    /// recruitment.
    pub(super) fn outsider(&self, person: &Person) -> Outsiders {
        self.party.as_ref().map_or_else(Outsiders::default, |party| party.terms.outsider(person))
    }
}
