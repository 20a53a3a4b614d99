//! Outcome: which of a person's fates in a month prevails (section 3 of docs/model.md), and the count of
//! outcomes.
//!
//! End of step 4. The order of precedence is arrest, administrative sanction, purge, election, natural exit,
//! quitting. A boss who is demoted does not leave naturally; a worker who is dismissed may. The counts enter
//! authority, catharsis, fear and the regions (R7).

use super::demotion::role_after;
use crate::model::parameters::Parameters;
use crate::model::state::fate;
use crate::model::state::standing::Standing;
use crate::model::state::unit::{Cause, Loss, PartyLoss, UnitMonth, joining_year};

/// Months in the party for which a person counts as a recent recruit in the tables; no rule reads it.
const RECENT_MONTHS: i16 = 36;

/// What happens to a person this month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No exit and no loss of rank.
    Stays,
    /// Arrested; leaves the model.
    Arrested,
    /// A boss who is demoted.
    Demoted(Cause),
    /// Death, retirement or departure; leaves the model.
    Natural,
    /// A worker who is dismissed; moves or leaves industry like one who quits.
    Dismissed,
    /// A worker who quits; moves to another plant or leaves industry.
    Quits,
}

/// Returns the outcome of the marks of [`fate`] for a boss or a worker.
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

/// The attributes of a person that [`count`] reads.
pub(crate) struct Subject {
    pub(crate) standing: Standing,
    pub(crate) shock_worker: bool,
    pub(crate) suspicion: f32,
    /// True if accused this month; read only for people who are arrested or sanctioned.
    pub(crate) accused: bool,
    /// Month of entering the elite, as in [`crate::model::state::traits::Career`].
    pub(crate) entered: i16,
    /// Month of joining the party, as in [`crate::model::state::traits::Dates`].
    pub(crate) joined: i16,
    /// The present month.
    pub(crate) month: u16,
}

/// Counts the outcome of a person's fate, and the loss of party membership.
pub(crate) fn count(rules: &Parameters, fate: u16, subject: &Subject, now: &mut UnitMonth) {
    let standing = subject.standing;
    let (boss, elite) = (u32::from(standing.boss()), u32::from(standing.elite()));
    count_party(fate, subject, now);
    now.expelled += u32::from(fate & fate::EXPELLED != 0);
    now.left_party += u32::from(fate & fate::LEFT_PARTY != 0);
    let punished = fate & (fate::ARRESTED | fate::SANCTIONED) != 0;
    now.punished += u32::from(punished && subject.accused);
    // The punishment of a suspect shows that accusing works.
    let suspected = subject.suspicion > rules.suspicion_threshold as f32;
    now.punished_suspects += u32::from(punished && suspected);
    let cause = match outcome(fate, standing.boss()) {
        Outcome::Stays | Outcome::Quits => return,
        Outcome::Dismissed => {
            now.dismissed += 1;
            return;
        }
        Outcome::Arrested => {
            now.arrests += 1;
            now.arrests_by_class[standing.target_class(subject.shock_worker)] += 1;
            now.arrested_bosses += boss;
            now.arrested_worker_comrades += u32::from(boss == 0 && standing.in_party());
            now.arrested_elite += elite;
            Cause::Arrest
        }
        Outcome::Demoted(cause) => {
            now.demoted_bosses += 1;
            now.demoted_elite += elite;
            cause
        }
        Outcome::Natural => {
            now.natural += 1;
            now.natural_elite += elite;
            Cause::Natural
        }
    };
    if standing.boss() {
        now.losses.push(Loss {
            cause,
            rank: standing.rank(),
            role: standing.role() as u8,
            role_after: role_after(standing.role(), fate & fate::EXPELLED != 0) as u8,
            origin: standing.origin() as u8,
            entered: subject.entered,
            in_party: standing.in_party(),
        });
    }
}

/// Counts what the party loses by a person's fate.
fn count_party(fate: u16, subject: &Subject, now: &mut UnitMonth) {
    if !subject.standing.in_party() {
        return;
    }
    let loss = if fate & fate::EXPELLED != 0 {
        now.expelled_recent += u32::from(joined_recently(subject.joined, subject.month as i16));
        PartyLoss::Expelled
    } else if fate & fate::LEFT_PARTY != 0 {
        PartyLoss::Left
    } else if fate & fate::ARRESTED != 0 {
        PartyLoss::Arrested
    } else {
        return;
    };
    now.party_losses[loss as usize][joining_year(subject.joined)] += 1;
}

/// Returns true if a person who joined the party in month `joined` is a recent recruit in `month`.
#[inline(always)]
pub(crate) fn joined_recently(joined: i16, month: i16) -> bool {
    month - joined < RECENT_MONTHS
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
