//! Defines rank, role, origin, standing in the party and target class, and packs a person's into 16 bits.
//!
//! Three words for rank recur throughout the model:
//!
//! - a *worker* has rank 0;
//! - a *boss* is a superior: a person of rank 1 or higher, from foreman to regional official;
//! - the *elite* is rank 2 and higher: the bosses above the foremen.

/// Number of ranks: worker, foreman, middle, director, regional official.
pub const RANKS: usize = 5;
/// Names of the ranks, in the order of every rank array.
pub const RANK_NAMES: [&str; RANKS] = ["worker", "foreman", "middle", "director", "regional"];
/// Ranks of the elite: middle, director, regional official.
pub const ELITE_RANKS: usize = 3;
/// Number of roles in the elite.
pub const ELITE_ROLES: usize = 4;
/// Number of positions: worker, foreman, and the four roles of the elite at any rank.
pub const POSITIONS: usize = 6;
/// Names of the positions, in the order of every position array.
pub const POSITION_NAMES: [&str; POSITIONS] =
    ["worker", "foreman", "manager", "specialist", "party", "union"];
/// Number of origins.
pub const ORIGINS: usize = 4;
/// Names of the origins, in the order of every origin array.
pub const ORIGIN_NAMES: [&str; ORIGINS] = ["peasant", "worker", "employee", "former"];
/// Number of origin groups whose upward mobility people compare with their own (rule R1).
pub const ORIGIN_GROUPS: usize = 3;
/// Number of motives of an accusation.
pub const MOTIVES: usize = 4;
/// Names of the motives, in the order of every motive array.
pub const MOTIVE_NAMES: [&str; MOTIVES] = ["principle", "temperament", "rivalry", "fear"];
/// Number of target classes.
pub const TARGET_CLASSES: usize = 6;
/// Names of the target classes, in the order of every class array.
pub const TARGET_CLASS_NAMES: [&str; TARGET_CLASSES] =
    ["former", "new_specialist", "manager", "official", "shock_worker", "worker"];

/// Rank 0: a worker.
pub const WORKER: u8 = 0;
/// Rank 1: foreman or junior technician, the lowest boss.
pub const FOREMAN: u8 = 1;
/// Rank 2: shop head, engineer, party or union secretary; the lowest rank of the elite.
pub const ELITE: u8 = 2;
/// Rank 3: director, deputy, chief engineer.
pub const DIRECTOR: u8 = 3;
/// Rank 4: regional official.
pub const REGIONAL: u8 = 4;

/// Kind of post of an elite person; workers and foremen have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Role {
    /// None: a worker or foreman.
    None = 0,
    /// Manager.
    Manager = 1,
    /// Engineer or technician.
    Specialist = 2,
    /// Party official.
    Party = 3,
    /// Trade-union official.
    Union = 4,
}

/// Returns the position of a person of `rank` with `role` (as [`Role`]), an index into [`POSITION_NAMES`].
pub fn position(rank: u8, role: u8) -> usize {
    match rank {
        WORKER => 0,
        FOREMAN => 1,
        _ => 1 + usize::from(role.max(Role::Manager as u8)),
    }
}

/// Social origin of a person; never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Origin {
    /// Peasant family.
    Peasant = 0,
    /// Worker's family.
    Worker = 1,
    /// White-collar family.
    Employee = 2,
    /// The former people: families of the propertied, the clergy and the old specialists.
    Former = 3,
}

impl Origin {
    /// Returns the group by which people compare fortunes: peasant, worker, all others.
    #[inline(always)]
    pub fn group(self) -> usize {
        (self as usize).min(ORIGIN_GROUPS - 1)
    }
}

/// Standing in the party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Party {
    /// Not in the party.
    Outside = 0,
    /// Candidate.
    Candidate = 1,
    /// Member.
    Member = 2,
}

/// Rank, role, origin, standing in the party, training and blemish of a person in 16 bits.
///
/// Bits 0-2 hold the rank, 3-5 the role, 6-7 the origin, 8-9 the party; bit 10 is training, bit 11 the blemish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing(u16);

const ROLE: u32 = 3;
const ORIGIN: u32 = 6;
const PARTY: u32 = 8;
const TRAINED: u16 = 1 << 10;
const BLEMISH: u16 = 1 << 11;

impl Standing {
    /// An untrained worker of peasant origin outside the party: no bit is set.
    pub const BLANK: Standing = Standing(0);

    /// Returns an untrained worker of this origin outside the party.
    pub fn worker(origin: Origin, blemish: bool) -> Self {
        Standing(((origin as u16) << ORIGIN) | if blemish { BLEMISH } else { 0 })
    }

    /// Returns the packed bits.
    #[inline(always)]
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Returns the rank, 0 to 4.
    #[inline(always)]
    pub fn rank(self) -> u8 {
        (self.0 & 7) as u8
    }

    /// Sets the rank. The caller must set a role that fits it.
    #[inline(always)]
    pub fn set_rank(&mut self, rank: u8) {
        self.0 = (self.0 & !7) | u16::from(rank);
    }

    /// Returns the role.
    #[inline(always)]
    pub fn role(self) -> Role {
        match (self.0 >> ROLE) & 7 {
            0 => Role::None,
            1 => Role::Manager,
            2 => Role::Specialist,
            3 => Role::Party,
            _ => Role::Union,
        }
    }

    /// Sets the role.
    #[inline(always)]
    pub fn set_role(&mut self, role: Role) {
        self.0 = (self.0 & !(7 << ROLE)) | ((role as u16) << ROLE);
    }

    /// Returns the origin.
    #[inline(always)]
    pub fn origin(self) -> Origin {
        match (self.0 >> ORIGIN) & 3 {
            0 => Origin::Peasant,
            1 => Origin::Worker,
            2 => Origin::Employee,
            _ => Origin::Former,
        }
    }

    /// Returns the number of the origin, 0 to 3, without a branch, for loops over columns.
    #[inline(always)]
    pub fn origin_bits(self) -> u16 {
        (self.0 >> ORIGIN) & 3
    }

    /// Returns the standing in which the person joined the party. A candidacy ends after a time: see
    /// [`Person::party`]. That follows from the date of joining, so that standings need not be written every month.
    ///
    /// [`Person::party`]: super::person::Person::party
    #[inline(always)]
    pub fn joined_as(self) -> Party {
        match (self.0 >> PARTY) & 3 {
            0 => Party::Outside,
            1 => Party::Candidate,
            _ => Party::Member,
        }
    }

    /// Sets the standing in the party.
    #[inline(always)]
    pub fn set_party(&mut self, party: Party) {
        self.0 = (self.0 & !(3 << PARTY)) | ((party as u16) << PARTY);
    }

    /// Returns true for a candidate or member.
    #[inline(always)]
    pub fn in_party(self) -> bool {
        self.0 & (3 << PARTY) != 0
    }

    /// Returns true for a holder of a post that only party people may hold: an official of party or union, or any
    /// regional official.
    #[inline(always)]
    pub fn party_post(self) -> bool {
        self.rank() == REGIONAL || matches!(self.role(), Role::Party | Role::Union)
    }

    /// Returns true if the person has been to a technical school.
    #[inline(always)]
    pub fn trained(self) -> bool {
        self.0 & TRAINED != 0
    }

    /// Marks the person as trained.
    #[inline(always)]
    pub fn train(&mut self) {
        self.0 |= TRAINED;
    }

    /// Returns true if something in the person's past can be held against them.
    #[inline(always)]
    pub fn blemish(self) -> bool {
        self.0 & BLEMISH != 0
    }

    /// Returns true for a boss: rank 1 or higher.
    #[inline(always)]
    pub fn boss(self) -> bool {
        self.rank() >= FOREMAN
    }

    /// Returns true for the elite: rank 2 or higher.
    #[inline(always)]
    pub fn elite(self) -> bool {
        self.rank() >= ELITE
    }

    /// Returns true for one of the former people.
    #[inline(always)]
    pub fn former(self) -> bool {
        self.origin() == Origin::Former
    }

    /// Returns the target class (section 2.2 of docs/model.md), an index into [`TARGET_CLASS_NAMES`].
    ///
    /// The first class that fits wins: former people, officials, new specialists, managers, shock workers, workers.
    /// `shock_worker`, which says whether the person is a shock worker, matters for workers only.
    #[inline(always)]
    pub fn target_class(self, shock_worker: bool) -> usize {
        if self.former() {
            0
        } else if self.elite() && matches!(self.role(), Role::Party | Role::Union) {
            3
        } else if (self.elite() && self.role() == Role::Specialist)
            || (self.rank() == FOREMAN && self.trained())
        {
            1
        } else if self.boss() {
            2
        } else if shock_worker {
            4
        } else {
            5
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(rank: u8, role: Role, origin: Origin, trained: bool) -> Standing {
        let mut standing = Standing::worker(origin, false);
        standing.set_rank(rank);
        standing.set_role(role);
        if trained {
            standing.train();
        }
        standing
    }

    #[test]
    fn every_attribute_survives_packing() {
        for origin in [Origin::Peasant, Origin::Worker, Origin::Employee, Origin::Former] {
            for role in [Role::None, Role::Manager, Role::Specialist, Role::Party, Role::Union] {
                for party in [Party::Outside, Party::Candidate, Party::Member] {
                    for rank in 0..RANKS as u8 {
                        let mut standing = standing(rank, role, origin, rank == 2);
                        standing.set_party(party);
                        assert_eq!(
                            (standing.rank(), standing.role(), standing.origin(), standing.joined_as()),
                            (rank, role, origin, party)
                        );
                        assert_eq!(standing.trained(), rank == 2);
                        assert!(!standing.blemish());
                        assert_eq!(standing.in_party(), party != Party::Outside);
                    }
                }
            }
        }
        assert!(Standing::worker(Origin::Former, true).blemish());
    }

    #[test]
    fn workers_and_foremen_stand_as_such_and_the_elite_by_role() {
        let name = |rank, role: Role| POSITION_NAMES[position(rank, role as u8)];
        assert_eq!([name(0, Role::None), name(1, Role::None)], ["worker", "foreman"]);
        let roles = [Role::Manager, Role::Specialist, Role::Party, Role::Union];
        assert_eq!(roles.map(|role| name(4, role)), ["manager", "specialist", "party", "union"]);
    }

    #[test]
    fn posts_of_party_and_union_and_of_the_region_are_for_party_people() {
        let post = |rank, role| standing(rank, role, Origin::Worker, false).party_post();
        assert!(post(2, Role::Party) && post(3, Role::Union) && post(4, Role::Manager));
        assert!(!post(3, Role::Manager) && !post(2, Role::Specialist) && !post(1, Role::None));
    }

    #[test]
    fn the_first_class_that_fits_is_taken() {
        assert_eq!(standing(3, Role::Party, Origin::Former, false).target_class(false), 0);
        assert_eq!(standing(2, Role::Union, Origin::Worker, true).target_class(false), 3);
        assert_eq!(standing(4, Role::Manager, Origin::Worker, false).target_class(false), 2);
        assert_eq!(standing(2, Role::Specialist, Origin::Worker, false).target_class(false), 1);
        assert_eq!(standing(1, Role::None, Origin::Worker, true).target_class(false), 1);
        assert_eq!(standing(1, Role::None, Origin::Worker, false).target_class(false), 2);
        assert_eq!(standing(0, Role::None, Origin::Former, false).target_class(true), 0);
        assert_eq!(standing(0, Role::None, Origin::Peasant, true).target_class(true), 4);
        assert_eq!(standing(0, Role::None, Origin::Peasant, false).target_class(false), 5);
    }
}
