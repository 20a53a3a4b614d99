//! Watchlists: whom of a unit the rest of the month may concern.
//!
//! Most of a month is decided for few: who leaves, who rises to foreman, who is sent to school, who joins the party. The
//! first sweep of the month, which has all people of a unit and their random words at hand, notes for each of these
//! everybody whom chance may favour, by bounds that depend on what is known then; what follows looks at the lists alone.
//! A list may hold people who in the end are not concerned, or have left; it never misses one who is, or it says that it
//! may. Owns the lists and the bounds; decides nothing.

use super::conditions::Conditions;
use super::people::{People, Person};
use super::person::{RANKS, REGIONAL, WORKER};
use super::processes::ageing::{competence, learned};
use super::processes::fear::Directed;
use super::processes::merit::{self, Merit};
use super::processes::recruitment::{Joining, Outsiders};
use super::processes::school::Bar;
use super::purpose::monthly;
use super::unit::Unit;
use crate::engine::prefetch::prefetch_first;
use crate::engine::random::uniform;

/// Random words of a person that are read after people have moved, so that they travel with the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LateWords {
    /// Noise in the score for promotion (R8).
    pub promotion: u32,
    /// Noise in the choice of students (R9).
    pub school: u32,
    /// Joins the party (R9).
    pub recruitment: u32,
}

impl LateWords {
    /// Those of somebody whose words of page [`super::purpose::MONTHLY`] these are.
    pub fn of(word: impl Fn(usize) -> u32) -> Self {
        LateWords {
            promotion: word(monthly::PROMOTION),
            school: word(monthly::SCHOOL),
            recruitment: word(monthly::RECRUITMENT),
        }
    }
}

/// Somebody to whom something happens in step 7, or may happen.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// Row in the unit, as in step 1.
    pub row: u32,
    /// What, as bits of [`super::people::fate`].
    pub fate: u16,
    /// The words that are read later.
    pub words: LateWords,
}

/// Somebody whom the purge may concern, whatever else happens to the person.
#[derive(Debug, Clone, Copy)]
pub struct AtRisk {
    /// Who.
    pub identity: u64,
    /// What happens; the row is where the person was last seen.
    pub event: Event,
    /// Random word of the purge (R6d).
    pub purge_word: u32,
}

/// Somebody on a list.
#[derive(Debug, Clone, Copy)]
pub struct Watched {
    /// Who.
    pub identity: u64,
    /// Row in which the person stood when noted.
    pub seen: u32,
    /// The random word that the list is about.
    pub word: u32,
}

/// Somebody who may be promoted to the next rank.
#[derive(Debug, Clone, Copy)]
pub struct Hopeful {
    /// Score for it.
    pub score: f32,
    /// Merit alone.
    pub merit: f32,
    /// Who.
    pub identity: u64,
    /// Row in which the person stood when noted.
    pub seen: u32,
}

impl Hopeful {
    /// Best score first.
    pub fn order(one: &Hopeful, other: &Hopeful) -> std::cmp::Ordering {
        merit::better((one.score, one.identity), (other.score, other.identity))
    }
}

/// Whom the rest of the month may concern in one unit. Nothing is kept from month to month but `least`, which is a guess
/// of speed alone.
#[derive(Debug, Clone, Default)]
pub struct Watchlists {
    /// Those to whom something happens, by row; lent by scratch while the unit is at hand, but kept by offices, and by plants
    /// where elections wait for the purge.
    pub events: Vec<Event>,
    /// Those of whom it is not known before the purge, by row when noted.
    pub at_risk: Vec<AtRisk>,
    /// Grievance and unrest of the unit if one of the elite at risk falls, if two do, and so on.
    pub directed: Vec<Directed>,
    /// Who may be promoted, by rank from worker to director: all bosses who are there and have neither risen nor fallen
    /// this month; of the workers everybody whose score is `least` or more, even if gone since.
    pub hopefuls: [Vec<Hopeful>; RANKS - 1],
    /// Score from which on workers are noted.
    pub least: f32,
    /// Everybody who may be sent to school and reaches [`Bar::least`], even if gone or risen since.
    pub students: Vec<Watched>,
    /// Everybody outside the party who may join it, as far as [`Joining::ceiling`] reaches.
    pub applicants: Vec<Watched>,
    /// Identities of those who fell to a lower rank of the unit this month, and cannot rise again in it.
    pub fallen: Vec<u64>,
    /// Sum of purge weights over the party people, in units of 2^-23 of the scale of [`super::processes::purge`].
    pub purge_weight: u64,
    /// Those outside the party, with sums that wrap round: of one unit alone they may stand below zero while people move.
    pub outsiders: Outsiders,
}

impl Watchlists {
    /// Strikes somebody of `rank` off the list of those who may be promoted.
    pub fn strike(&mut self, rank: u8, identity: u64) {
        if let Some(hopefuls) = self.hopefuls.get_mut(usize::from(rank)) {
            hopefuls.retain(|hopeful| hopeful.identity != identity);
        }
    }

    /// Follows those workers who were noted in rows behind the last, and moved into one of these since, which others left.
    pub fn follow(&mut self, people: &People, rows: &[u32]) {
        let follow = |identity: u64, seen: &mut u32| {
            let there = |row: &&u32| people.identity.get(**row as usize) == Some(&identity);
            if *seen as usize >= people.len()
                && let Some(&row) = rows.iter().find(there)
            {
                *seen = row;
            }
        };
        let hopefuls = &mut self.hopefuls[usize::from(WORKER)];
        hopefuls.iter_mut().for_each(|one| follow(one.identity, &mut one.seen));
        let lists = [&mut self.students, &mut self.applicants];
        lists.into_iter().flatten().for_each(|one| follow(one.identity, &mut one.seen));
        self.at_risk.iter_mut().for_each(|one| follow(one.identity, &mut one.event.row));
    }

    /// Asks for the memory of those who will be noted of these people, as far as it can be told how many.
    pub fn prefetch_room(&mut self, people: &People) {
        for (rank, hopefuls) in (0u8..).zip(&mut self.hopefuls).skip(1) {
            prefetch_first(hopefuls.spare_capacity_mut(), people.ranks.count(rank));
        }
    }

    /// Forgets the month.
    pub fn clear(&mut self) {
        self.events.clear();
        self.at_risk.clear();
        self.directed.clear();
        self.hopefuls.iter_mut().for_each(Vec::clear);
        self.students.clear();
        self.applicants.clear();
        self.fallen.clear();
        self.outsiders = Outsiders::default();
    }
}

/// What makes people worth noting this month.
#[derive(Debug, Clone, Copy)]
pub struct Lookout {
    /// Merit of those who may be promoted.
    pub merit: Merit,
    /// Score below which nobody is looked at for a place at school.
    pub school: Bar,
    /// The party's recruitment; none in a month without it.
    pub joining: Option<Joining>,
}

impl Lookout {
    /// Notes somebody who was not in the unit when its lists were made, or has changed since, in `row`, with these words.
    pub fn newcomer(&self, conditions: &Conditions, unit: &mut Unit, row: usize, words: &LateWords) {
        let Unit { people, watched, .. } = unit;
        let identity = people.identity[row];
        let (standing, seen) = (people.standing[row], row as u32);
        let competence = competence(people.skill[row], learned(conditions.month.0));
        let worker = standing.rank() == WORKER;
        if standing.rank() < REGIONAL && merit::candidate(standing.rank() + 1, standing, competence) {
            let merit = self.merit.of(
                standing,
                competence,
                people.drive[row].ambition().value(),
                people.suspicion[row],
            );
            let hopefuls = &mut watched.hopefuls[usize::from(standing.rank())];
            // A mover may be back in the plant left behind, and on its lists.
            let known = || hopefuls.iter().any(|hopeful| hopeful.identity == identity);
            let least = if worker { watched.least } else { f32::NEG_INFINITY };
            if merit::most(merit, words.promotion) >= least || !worker {
                let score = merit::score(merit, words.promotion, merit::training(standing));
                // Nobody below the least: the list would not hold everybody who is better.
                if score >= least && !known() {
                    hopefuls.push(Hopeful { score, merit, identity, seen });
                }
            }
        }
        let students = &mut watched.students;
        let known = || students.iter().any(|student| student.identity == identity);
        if self.school.reached(people, row, conditions.month.0, words.school) && !known() {
            students.push(Watched { identity, seen, word: words.school });
        }
        self.applicant(people, row, words.recruitment, &mut watched.applicants);
    }

    /// Notes the person in a row if the word may be low enough for joining the party.
    pub fn applicant(&self, people: &People, row: usize, word: u32, applicants: &mut Vec<Watched>) {
        let Some(joining) = &self.joining else { return };
        if uniform(word) >= joining.most_likely || people.standing[row].in_party() {
            return;
        }
        if uniform(word) < joining.ceiling * joining.weight_in(people, row) {
            applicants.push(Watched { identity: people.identity[row], seen: row as u32, word });
        }
    }

    /// Weight of a person among those outside the party: nothing if in it, or in a month without recruitment.
    pub fn outsider(&self, person: &Person) -> Outsiders {
        self.joining.as_ref().map_or_else(Outsiders::default, |joining| joining.outsider(person))
    }
}
