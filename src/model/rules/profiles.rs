//! Records the attributes of the targets of accusations and of candidates for promotion.
//!
//! No rule reads these records. Both months make them by the functions of this module.

use super::accusation::{Target, eligible};
use super::acquaintance::Official;
use super::ageing::{competence, learned};
use super::thirds::{AbilityThirds, ambition_third};
use crate::model::state::person::Person;
use crate::model::state::standing::{DIRECTOR, FOREMAN, RANKS, REGIONAL, Standing, WORKER};
use crate::model::state::target::{SUSPECTED, TargetProfile};
use crate::model::state::traits::Skill;
use crate::model::state::unit::Unit;

/// What the month records for tables only.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Notes {
    /// Thirds of ability among the bosses.
    pub(crate) thirds: AbilityThirds,
    /// True if a person is drawn by chance in addition to the target of each accusation.
    pub(crate) chance: bool,
}

/// What all profiles of a unit's month have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    pub(crate) thirds: AbilityThirds,
    /// Ranks with open posts, as in [`crate::model::state::unit::UnitMonth::open_posts`].
    pub(crate) open_posts: [bool; RANKS],
    /// Ability above which a worker may hope for a post.
    pub(crate) able: f32,
    pub(crate) month: u16,
}

/// A person as a target, with the attributes that are noted but not read by R5.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) target: Target,
    pub(crate) skill: Skill,
    pub(crate) suspicion: f32,
    /// Brigade; `None` if the target is in the region's office and the accuser is not.
    pub(crate) brigade: Option<u16>,
}

impl Seen {
    /// Returns a person of the accuser's unit.
    pub(crate) fn of(person: &Person, month: u16, shock_below: f32) -> Seen {
        Seen {
            target: Target::of(person, month, shock_below),
            skill: person.skill,
            suspicion: person.suspicion,
            brigade: Some(person.brigade),
        }
    }

    /// Returns an official of the region.
    pub(crate) fn official(official: &Official) -> Seen {
        Seen {
            target: Target::official(official),
            skill: official.skill,
            suspicion: official.suspicion,
            brigade: None,
        }
    }
}

impl Context {
    /// Returns the profile of a target whom a person of this standing and brigade accuses.
    pub(crate) fn profile(&self, accuser: Standing, brigade: u16, seen: &Seen) -> TargetProfile {
        let Target { standing, shock_worker, ambition, since } = seen.target;
        let rank = standing.rank();
        let hopes =
            || rank > WORKER || eligible(standing, competence(seen.skill, learned(self.month)), self.able);
        TargetProfile {
            rank,
            role: standing.role() as u8,
            class: standing.target_class(shock_worker) as u8,
            since,
            ambition: ambition_third(ambition),
            ability: self.thirds.third(rank, seen.skill.aptitude()),
            candidate: rank < REGIONAL && self.open_posts[usize::from(rank) + 1] && hopes(),
            suspected: seen.suspicion > SUSPECTED,
            comrades: accuser.in_party() && standing.in_party(),
            same_brigade: seen.brigade == Some(brigade),
        }
    }
}

/// Returns the ranks with open posts in a unit whose people have been counted; `regional` says whether the office of its
/// region has an open post.
pub(crate) fn open_posts(unit: &Unit, regional: bool) -> [bool; RANKS] {
    let mut open = [false; RANKS];
    if !unit.office {
        for rank in usize::from(FOREMAN)..=usize::from(DIRECTOR) {
            open[rank] = unit.whole_posts(rank) > u64::from(unit.now.people_by_rank[rank]);
        }
        open[usize::from(REGIONAL)] = regional;
    }
    open
}

/// Returns true if the office has more whole posts than this number of officials.
pub(crate) fn open_in_office(office: &Unit, officials: usize) -> bool {
    office.whole_posts(usize::from(REGIONAL)) > officials as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::person::tests::sample_person;
    use crate::model::state::standing::{Party, Role};
    use crate::model::state::traits::{Career, Drive, NEVER_ENTERED, Trait};

    #[test]
    fn a_profile_says_what_the_target_was() {
        let context = Context {
            thirds: AbilityThirds::default(),
            open_posts: [false, true, false, true, false],
            able: 0.45,
            month: 20,
        };
        let mut accuser = Standing::BLANK;
        accuser.set_party(Party::Member);
        // A shop head who was promoted in month 13, in the party, under suspicion of .2.
        let mut head = Person { suspicion: 0.2, brigade: 4, ..sample_person(7, 2) };
        head.standing.set_role(Role::Specialist);
        head.standing.set_party(Party::Candidate);
        head.career = Career::new(NEVER_ENTERED, 13);
        let seen = Seen::of(&head, 20, 0.1);
        let expected = TargetProfile {
            rank: 2,
            role: 2,
            class: 1,
            since: 7,
            ambition: 1,
            ability: 1,
            candidate: true,
            suspected: true,
            comrades: true,
            same_brigade: true,
        };
        assert_eq!(context.profile(accuser, 4, &seen), expected);
        let other = TargetProfile { same_brigade: false, ..expected };
        assert_eq!(context.profile(accuser, 3, &seen), other);
        let away = Seen { brigade: None, ..seen };
        assert_eq!(context.profile(accuser, 4, &away), other);
        assert!(!context.profile(Standing::BLANK, 4, &seen).comrades);
        // A worker of ability .3 may not hope for the open post of a foreman; one in the party may.
        let mut worker = Person { suspicion: 0.1, ..sample_person(8, 0) };
        worker.drive = Drive::new(Trait::nearest(0.1), Trait::nearest(0.05));
        let profile = |worker: &Person| context.profile(accuser, 0, &Seen::of(worker, 20, 0.1));
        let found = profile(&worker);
        assert_eq!((found.class, found.since, found.ambition), (4, 255, 0));
        assert!(!found.candidate && !found.suspected && !found.comrades);
        worker.standing.set_party(Party::Member);
        assert!(profile(&worker).candidate);
        // A foreman cannot rise where there is no open post above.
        assert!(!context.profile(accuser, 0, &Seen::of(&sample_person(9, 1), 20, 0.1)).candidate);
    }

    #[test]
    fn posts_are_open_above_the_people_counted() {
        let mut unit = Unit { posts: [0.0, 5.9, 3.2, 1.0, 0.0], ..Unit::default() };
        unit.now.people_by_rank = [90, 5, 2, 2, 0];
        assert_eq!(open_posts(&unit, true), [false, false, true, false, true]);
        assert_eq!(open_posts(&unit, false), [false, false, true, false, false]);
        let office = Unit { office: true, posts: [0.0, 0.0, 0.0, 0.0, 4.9], ..Unit::default() };
        assert_eq!(open_posts(&office, true), [false; 5]);
        assert!(open_in_office(&office, 3) && !open_in_office(&office, 4));
    }
}
