//! R9 Recruitment to the party.
//!
//! End of step 7. Everybody outside the party who is present joins with a probability relative to the mean over them:
//! the ambitious, the risen, preferred origins, heroes of labour first. That mean is known when everybody has found a
//! place; who may join at all is noted before, when all people are at hand. Candidates become members after a year and
//! a half, which is a matter of dates. Claims C07, C35.

use crate::engine::maths::{SUMMABLE, exp, fixed, from_fixed};
use crate::engine::random::uniform;
use crate::engine::select::{positions, room};
use crate::engine::simd::dispatch;
use crate::model::attributes::Drive;
use crate::model::conditions::Conditions;
use crate::model::people::{People, Person};
use crate::model::person::{Origin, Party, Standing};
use crate::model::purpose::{MONTHLY, monthly};
use crate::model::scratch::Scratch;
use crate::model::unit::Unit;
use crate::model::watchlists::Watched;

/// Months after which a candidate becomes a member.
const CANDIDACY_MONTHS: i16 = 18;
/// Weights are summed as shares of this, which none reaches (the largest is e^3.2).
const WEIGHT_SCALE: f32 = 32.0;

/// The terms of the weight that do not depend on the person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    preference: f32,
    hero_below: f32,
}

impl Terms {
    pub(crate) fn new(conditions: &Conditions) -> Self {
        Terms {
            preference: (0.6 * conditions.levers.origin_preference) as f32,
            hero_below: conditions.hero_below,
        }
    }
}

/// Weight of a person outside the party (w).
#[inline(always)]
pub(crate) fn weight(terms: &Terms, standing: Standing, drive: Drive, suspicion: f32) -> f32 {
    exp(log_weight(terms, standing, drive, suspicion))
}

/// Its logarithm.
#[inline(always)]
fn log_weight(terms: &Terms, standing: Standing, drive: Drive, suspicion: f32) -> f32 {
    let rank = standing.rank();
    let suspicion = if suspicion < 2.0 { suspicion } else { 2.0 };
    0.8 * drive.ambition().value()
        + 0.5 * f32::from(if rank < 2 { rank } else { 2 })
        + if standing.origin_bits() == Origin::Worker as u16 { terms.preference } else { 0.0 }
        + if drive.hero_quality().value() < terms.hero_below { 0.8 } else { 0.0 }
        - if standing.origin_bits() == Origin::Former as u16 { 1.0 } else { 0.0 }
        - 0.5 * suspicion
}

/// What the party's recruitment of a month looks like before it is known how many it has to choose from.
#[derive(Debug, Clone, Copy)]
pub struct Joining {
    terms: Terms,
    /// Chance of joining per unit of weight, up to which it is noted who may join.
    pub ceiling: f32,
    /// No chance up to the ceiling is larger, whatever the weight.
    pub most_likely: f32,
}

impl Joining {
    /// This month's recruitment, given the mean weight of a month before; none in a month without recruitment. The
    /// ceiling leaves some room for another mean; without a month before nobody is noted.
    pub fn new(conditions: &Conditions, mean_before: Option<f64>) -> Option<Self> {
        let ceiling = mean_before.map_or(0.0, |mean| rate(conditions) / (HEADROOM * mean)) as f32;
        open(conditions).then(|| Joining {
            terms: Terms::new(conditions),
            ceiling,
            most_likely: ceiling * WEIGHT_SCALE,
        })
    }

    /// Weight of a person (w).
    pub fn weight(&self, person: &Person) -> f32 {
        weight(&self.terms, person.standing, person.drive, person.suspicion)
    }

    /// Weight of the person in a row. Only what it depends on is read: the rest of the row may be far away.
    pub fn weight_in(&self, people: &People, row: usize) -> f32 {
        weight(&self.terms, people.standing[row], people.drive[row], people.suspicion[row])
    }

    /// A person as one outside the party: nobody, if in it.
    pub fn outsider(&self, person: &Person) -> Outsiders {
        if person.standing.in_party() {
            return Outsiders::default();
        }
        Outsiders { weights: u64::from(fixed(self.weight(person) * (1.0 / WEIGHT_SCALE))), people: 1 }
    }
}

/// How far below that of the month before the mean weight may be without anybody being missed.
const HEADROOM: f64 = 0.97;

dispatch! {
    /// Marks those outside the party who may join it, up to the ceiling of the chance; returns the sum of the weights of
    /// those outside, and how many they are.
    fn weigh(
        instructions,
        joining: &Joining,
        marks: &mut [bool],
        words: &[u32],
        standings: &[Standing],
        drives: &[Drive],
        suspicions: &[f32],
    ) -> (u64, u64) {
        let Joining { terms, ceiling, .. } = *joining;
        let (mut sum, mut people) = (0u64, 0u64);
        let mut log_weights = [0.0; SUMMABLE];
        for first in (0..standings.len()).step_by(SUMMABLE) {
            let rows = first..standings.len().min(first + SUMMABLE);
            let marks = &mut marks[rows.clone()];
            let count = marks.len();
            let (words, standings) = (&words[rows.clone()][..count], &standings[rows.clone()][..count]);
            let drives = &drives[rows.clone()][..count];
            let suspicions = &suspicions[rows][..count];
            let (mut part, mut outside) = (0u32, 0u32);
            // Long sums and their exponentials in loops of their own: the processor is at work on more people at once.
            let log_weights = &mut log_weights[..count];
            for row in 0..count {
                log_weights[row] =
                    log_weight(&terms, standings[row], drives[row], suspicions[row]);
            }
            for row in 0..count {
                let standing = standings[row];
                let weight = exp(log_weights[row]);
                let counted = fixed(weight * (1.0 / WEIGHT_SCALE));
                part += if standing.in_party() { 0 } else { counted };
                outside += u32::from(!standing.in_party());
                marks[row] = (uniform(words[row]) < ceiling * weight) & !standing.in_party();
            }
            sum += u64::from(part);
            people += u64::from(outside);
        }
        (sum, people)
    }
}

/// Everybody outside the party: the sum of their weights, and their number. Sums wrap round, so that people can be taken
/// away before they are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outsiders {
    /// In fixed point, as shares of [`WEIGHT_SCALE`].
    weights: u64,
    people: u64,
}

impl Outsiders {
    /// More of them.
    pub fn add(&mut self, more: Outsiders) {
        self.weights = self.weights.wrapping_add(more.weights);
        self.people = self.people.wrapping_add(more.people);
    }

    /// Fewer of them.
    pub fn remove(&mut self, fewer: Outsiders) {
        self.weights = self.weights.wrapping_sub(fewer.weights);
        self.people = self.people.wrapping_sub(fewer.people);
    }

    /// Their mean weight; none if there is nobody.
    pub fn mean(&self) -> Option<f64> {
        (self.people > 0).then(|| from_fixed(self.weights) * f64::from(WEIGHT_SCALE) / self.people as f64)
    }
}

/// Whether anybody can join this month.
pub fn open(conditions: &Conditions) -> bool {
    conditions.levers.party_recruitment > 0.0
}

/// Share of those outside the party who join in a month.
fn rate(conditions: &Conditions) -> f64 {
    conditions.rules.recruitment_rate / 12.0 * conditions.levers.party_recruitment
}

/// Probability of joining in a month per unit of weight, from everybody outside the party in the country.
pub fn chance(conditions: &Conditions, outsiders: &Outsiders) -> f64 {
    let mean = outsiders.mean().unwrap_or(0.0);
    if mean > 0.0 { rate(conditions) / mean } else { 0.0 }
}

/// Weighs the people of a unit who are outside the party, and notes who may join. `scratch.words` are those of the unit's
/// people.
pub fn watch(conditions: &Conditions, joining: &Joining, unit: &mut Unit, scratch: &mut Scratch) {
    watch_from(conditions, joining, 0, unit, scratch);
}

/// The same for those in the rows from `first` on, whose words `scratch.words` are.
pub fn watch_from(
    conditions: &Conditions,
    joining: &Joining,
    first: usize,
    unit: &mut Unit,
    scratch: &mut Scratch,
) {
    let words = scratch.words.column(monthly::RECRUITMENT);
    let people = &unit.people;
    let rows = first..people.len();
    let marks = room(&mut scratch.marks, rows.len());
    let (weights, outside) = weigh(
        conditions.instructions,
        joining,
        marks,
        words,
        &people.standing[rows.clone()],
        &people.drive[rows.clone()],
        &people.suspicion[rows],
    );
    unit.watched.outsiders.add(Outsiders { weights, people: outside });
    positions(marks, &mut scratch.rows);
    unit.watched.applicants.extend(scratch.rows.iter().map(|&place| {
        let row = first + place as usize;
        Watched { identity: people.identity[row], seen: row as u32, word: words[place as usize] }
    }));
}

/// Asks for the memory of those noted in a unit.
pub fn prefetch(unit: &Unit) {
    for applicant in &unit.watched.applicants {
        unit.people.prefetch_one(applicant.seen as usize);
    }
}

/// Recruits the people of a unit with this chance per unit of weight.
pub fn pass(conditions: &Conditions, joining: &Joining, chance: f64, unit: &mut Unit, scratch: &mut Scratch) {
    let chance = chance as f32;
    if chance > joining.ceiling {
        watch_all(conditions, joining, chance, unit, scratch);
    }
    let (month, people) = (conditions.month.0 as i16, &mut unit.people);
    for &Watched { identity, seen, word } in &unit.watched.applicants {
        // Some have left since, or been noted twice.
        let Some(row) = people.find(identity, seen) else { continue };
        let in_party = people.standing[row].in_party();
        if !in_party && uniform(word) < chance * joining.weight_in(people, row) {
            people.standing[row].set_party(Party::Candidate);
            people.dates[row].set_joined(month);
            unit.now.recruits += 1;
        }
    }
}

/// Notes everybody in a unit who joins with this chance, where it is higher than was foreseen.
fn watch_all(
    conditions: &Conditions,
    joining: &Joining,
    chance: f32,
    unit: &mut Unit,
    scratch: &mut Scratch,
) {
    let (instructions, month) = (conditions.instructions, conditions.month.0);
    scratch.words.fill(instructions, &conditions.key, MONTHLY, month, &unit.people.identity);
    unit.watched.applicants.clear();
    let joining = Joining { ceiling: chance, most_likely: 1.0, ..*joining };
    watch(conditions, &joining, unit, scratch);
}

impl Person {
    /// Standing in the party in `month`: a candidate of eighteen months becomes a member when the month ends. A date, so that
    /// nobody has to be touched for it; no rule tells candidates from members.
    pub fn party(&self, month: u16) -> Party {
        match self.standing.joined_as() {
            Party::Candidate if month as i16 - self.dates.joined() > CANDIDACY_MONTHS => Party::Member,
            party => party,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::attributes::Trait;
    use crate::model::people::tests::somebody;

    #[test]
    fn a_candidacy_ends_with_its_eighteenth_month() {
        let mut person = somebody(1, 0);
        assert_eq!(person.party(7), Party::Outside);
        person.standing.set_party(Party::Candidate);
        person.dates.set_joined(7);
        assert_eq!(
            [7, 25, 26].map(|month| person.party(month)),
            [Party::Candidate, Party::Candidate, Party::Member]
        );
        person.standing.set_party(Party::Member);
        assert_eq!(person.party(7), Party::Member);
    }

    #[test]
    fn the_ambitious_risen_and_preferred_join_first() {
        let terms = Terms { preference: 0.3, hero_below: 0.2 };
        let drive = |ambition, quality| Drive::new(Trait::nearest(ambition), Trait::nearest(quality));
        let mut standing = Standing::worker(Origin::Worker, false);
        assert!((weight(&terms, standing, drive(0.5, 0.5), 0.0) - 0.7f64.exp_m1() as f32 - 1.0).abs() < 1e-5);
        standing.set_rank(3);
        assert!((weight(&terms, standing, drive(0.0, 0.1), 4.0) - 1.1f64.exp_m1() as f32 - 1.0).abs() < 1e-5);
        let former = Standing::worker(Origin::Former, true);
        assert!((weight(&terms, former, drive(0.0, 0.5), 0.0) - (-1f64).exp_m1() as f32 - 1.0).abs() < 1e-6);
    }
}
