//! Outcome: which of several fates of one month prevails (precedence, section 3 of docs/model.md), and the count of them.
//!
//! End of step 4. Arrest before administrative sanction, purge, election, natural exit, quitting; a demoted boss does
//! not leave naturally, a dismissed worker may. The counts go to authority, catharsis, fear and the regions (R7).

use crate::model::conditions::Conditions;
use crate::model::people::{People, fate};
use crate::model::person::Standing;
use crate::model::unit::{Cause, Loss, Unit, UnitMonth};
use crate::model::watchlists::{AtRisk, Event};

/// What becomes of a person this month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing of the kind.
    Stays,
    /// Arrested: gone.
    Arrested,
    /// A boss who loses rank.
    Demoted(Cause),
    /// Death, retirement, departure: gone.
    Natural,
    /// A worker who is dismissed, and moves or leaves like one who quits.
    Dismissed,
    /// A worker who quits.
    Quits,
}

/// The outcome of the marks of [`fate`] for a boss or a worker.
#[inline(always)]
pub fn outcome(marks: u16, boss: bool) -> Outcome {
    if marks & fate::ARRESTED != 0 {
        Outcome::Arrested
    } else if boss && marks & fate::SANCTIONED != 0 {
        Outcome::Demoted(Cause::Sanction)
    } else if boss && marks & fate::PURGED != 0 {
        Outcome::Demoted(Cause::Purge)
    } else if boss && marks & fate::VOTED_OUT != 0 {
        Outcome::Demoted(Cause::Election)
    } else if marks & fate::NATURAL != 0 {
        Outcome::Natural
    } else if marks & fate::SANCTIONED != 0 {
        Outcome::Dismissed
    } else if marks & fate::QUITS != 0 {
        Outcome::Quits
    } else {
        Outcome::Stays
    }
}

/// Suspicion above which punishment shows that accusing works.
pub(crate) const SUSPECTED: f32 = 0.5;

/// Whether the purge may still change the outcome: it can demote a boss who is not arrested or sanctioned.
fn open(event: &Event, standing: Standing) -> bool {
    standing.boss() && event.fate & (fate::ARRESTED | fate::SANCTIONED) == 0
}

/// Counts the outcomes of a unit's events, of those at risk as far as the purge cannot change them; returns how many of the
/// elite it may demote.
pub fn count(conditions: &Conditions, unit: &mut Unit) -> u32 {
    let Unit { people, watched, now, .. } = unit;
    for event in &watched.events {
        count_cards(event, now);
        count_event(conditions, people, event, now);
    }
    let mut may_fall = 0;
    for AtRisk { event, .. } in &watched.at_risk {
        let standing = people.standing[event.row as usize];
        if open(event, standing) {
            may_fall += u32::from(standing.elite());
        } else {
            count_event(conditions, people, event, now);
        }
    }
    may_fall
}

/// Counts what [`count`] left open of a unit's events, which are of those who were at risk; returns how many of the elite
/// the purge demoted.
pub fn count_purged(conditions: &Conditions, unit: &mut Unit) -> u32 {
    let Unit { people, watched, now, .. } = unit;
    let before = now.demoted_elite;
    for event in &watched.events {
        count_cards(event, now);
        if open(event, people.standing[event.row as usize]) {
            count_event(conditions, people, event, now);
        }
    }
    now.demoted_elite - before
}

/// Counts who loses the party card.
fn count_cards(event: &Event, now: &mut UnitMonth) {
    now.expelled += u32::from(event.fate & fate::EXPELLED != 0);
    now.left_party += u32::from(event.fate & fate::LEFT_PARTY != 0);
}

/// Counts the outcome of an event.
fn count_event(conditions: &Conditions, people: &People, event: &Event, now: &mut UnitMonth) {
    let row = event.row as usize;
    let marks = event.fate;
    let standing = people.standing[row];
    let punished = marks & (fate::ARRESTED | fate::SANCTIONED) != 0;
    if punished && now.accused.binary_search_by_key(&event.row, |accused| accused.row).is_ok() {
        now.punished_people += 1;
    }
    if punished && people.suspicion[row] > SUSPECTED {
        now.punished_suspects += 1;
    }
    let cause = match outcome(marks, standing.boss()) {
        Outcome::Stays | Outcome::Quits => return,
        Outcome::Dismissed => {
            now.dismissed += 1;
            return;
        }
        Outcome::Arrested => {
            let hero = !standing.boss() && people.drive[row].hero_quality().value() < conditions.hero_below;
            now.arrested += 1;
            now.arrested_by_class[standing.target_class(hero)] += 1;
            now.arrested_bosses += u32::from(standing.boss());
            now.arrested_elite += u32::from(standing.elite());
            Cause::Arrest
        }
        Outcome::Demoted(cause) => {
            now.demoted_bosses += 1;
            now.demoted_elite += u32::from(standing.elite());
            cause
        }
        Outcome::Natural => {
            now.natural += 1;
            now.natural_elite += u32::from(standing.elite());
            Cause::Natural
        }
    };
    if standing.boss() {
        now.losses.push(Loss {
            cause,
            rank: standing.rank(),
            role: standing.role() as u8,
            origin: standing.origin() as u8,
            entered: people.career[row].entered(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_graver_fate_prevails() {
        let all = fate::QUITS
            | fate::NATURAL
            | fate::SANCTIONED
            | fate::PURGED
            | fate::VOTED_OUT
            | fate::EXPELLED
            | fate::LEFT_PARTY;
        assert_eq!(outcome(all | fate::ARRESTED, true), Outcome::Arrested);
        assert_eq!(outcome(all, true), Outcome::Demoted(Cause::Sanction));
        assert_eq!(outcome(all & !fate::SANCTIONED, true), Outcome::Demoted(Cause::Purge));
        assert_eq!(outcome(fate::VOTED_OUT | fate::NATURAL, true), Outcome::Demoted(Cause::Election));
        assert_eq!(outcome(fate::NATURAL | fate::QUITS, true), Outcome::Natural);
        // A dismissed worker is still subject to natural exit.
        assert_eq!(outcome(fate::SANCTIONED | fate::NATURAL, false), Outcome::Natural);
        assert_eq!(outcome(fate::SANCTIONED | fate::QUITS, false), Outcome::Dismissed);
        assert_eq!(outcome(fate::QUITS, false), Outcome::Quits);
        // Expulsion from the party is no exit.
        assert_eq!(outcome(fate::EXPELLED | fate::LEFT_PARTY, false), Outcome::Stays);
    }
}
