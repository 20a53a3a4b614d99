//! Acquaintances, pool by pool: lists of the people of a unit by brigade, by rank and in the party.

use super::Somebody;
use crate::engine::sampling::choose;
use crate::model::conditions::Conditions;
use crate::model::person::{ELITE, FOREMAN, RANKS, REGIONAL, TARGET_CLASSES, WORKER};
use crate::model::processes::acquaintance::{
    BRIGADES_PER_SHOP, CATEGORIES, FORMER_WORKER, LEVELS, MEETINGS, Meeting, Met, Official, SLOTS,
    expected_of,
};

/// Whom the people of a unit may meet; rows are positions in `people`.
pub(super) struct Pools<'a> {
    pub(super) people: &'a [Somebody],
    pub(super) officials: &'a [Official],
    brigades: Vec<Vec<usize>>,
    ranks: [Vec<usize>; RANKS],
    party: Vec<usize>,
}

impl<'a> Pools<'a> {
    pub(super) fn new(people: &'a [Somebody], officials: &'a [Official]) -> Self {
        let last = people.iter().map(|somebody| somebody.person.brigade as usize + 1).max();
        let mut pools = Pools {
            people,
            officials,
            brigades: vec![Vec::new(); last.unwrap_or(0)],
            ranks: Default::default(),
            party: Vec::new(),
        };
        for (row, somebody) in people.iter().enumerate() {
            pools.brigades[somebody.person.brigade as usize].push(row);
            pools.ranks[usize::from(somebody.rank())].push(row);
            if somebody.person.standing.in_party() {
                pools.party.push(row);
            }
        }
        pools
    }

    /// The acquaintance of the person in `row` this month; none if the pool is empty or the choice falls on the person.
    pub(super) fn meet(&self, row: usize, meeting: &Meeting) -> Option<Met> {
        let somebody = &self.people[row];
        let [superior, brigade, rival] = MEETINGS;
        let draw = f64::from(meeting.kind);
        let met = if draw < superior {
            if somebody.rank() == REGIONAL {
                self.rival(somebody, meeting.key)
            } else {
                self.superior(somebody, f64::from(meeting.level), meeting.key)
            }
        } else if draw < superior + brigade {
            self.in_brigade(somebody, meeting.key)
        } else if draw < superior + brigade + rival {
            self.rival(somebody, meeting.key)
        } else if somebody.person.standing.in_party() {
            self.choose(meeting.key, self.party.iter().copied())
        } else {
            self.in_brigade(somebody, meeting.key)
        };
        met.filter(|met| *met != Met::Row(row as u32))
    }

    fn superior(&self, somebody: &Somebody, draw: f64, key: u64) -> Option<Met> {
        let rank = somebody.rank();
        let higher = match draw {
            draw if draw < LEVELS[0] => rank + 1,
            draw if draw < LEVELS[0] + LEVELS[1] => rank + 2,
            _ => rank + 3,
        };
        let level = higher.min(if rank < ELITE { 3 } else { REGIONAL });
        if level == REGIONAL {
            let officials = (0u32..).zip(self.officials).map(|(place, official)| (official.identity, place));
            return choose(key, officials).map(Met::Official);
        }
        let of_level = &self.ranks[usize::from(level)];
        let own_shop = of_level.iter().copied().filter(|&row| self.people[row].shop() == somebody.shop());
        if level == FOREMAN && own_shop.clone().next().is_some() {
            return self.choose(key, own_shop);
        }
        self.choose(key, of_level.iter().copied())
    }

    fn in_brigade(&self, somebody: &Somebody, key: u64) -> Option<Met> {
        self.choose(key, self.brigades[somebody.person.brigade as usize].iter().copied())
    }

    fn rival(&self, somebody: &Somebody, key: u64) -> Option<Met> {
        if somebody.rank() > WORKER {
            return self.choose(key, self.ranks[usize::from(somebody.rank())].iter().copied());
        }
        let shop = self.brigades.chunks(BRIGADES_PER_SHOP).nth(somebody.shop());
        let workers = shop.into_iter().flatten().flatten().copied();
        self.choose(key, workers.filter(|&row| self.people[row].rank() == WORKER))
    }

    fn choose(&self, key: u64, pool: impl Iterator<Item = usize>) -> Option<Met> {
        choose(key, pool.map(|row| (self.people[row].person.identity, Met::Row(row as u32))))
    }

    /// Expected acquaintances of all people of the unit, by target class of the person met.
    pub(super) fn expected(&self, conditions: &Conditions) -> [f64; TARGET_CLASSES] {
        let mut brigades = vec![[0u32; SLOTS]; self.brigades.len()];
        let mut foremen = vec![[0u32; CATEGORIES]; self.brigades.len().div_ceil(BRIGADES_PER_SHOP)];
        let mut by_rank = [[0.0; CATEGORIES]; RANKS];
        for somebody in self.people {
            let standing = somebody.person.standing;
            let category = if !standing.boss() && standing.former() {
                FORMER_WORKER as usize
            } else {
                standing.target_class(somebody.hero(conditions))
            };
            let slot = category + if standing.in_party() { CATEGORIES } else { 0 };
            brigades[somebody.person.brigade as usize][slot] += 1;
            if standing.boss() {
                by_rank[usize::from(standing.rank())][category] += 1.0;
            }
            if standing.rank() == FOREMAN {
                foremen[somebody.shop()][category] += 1;
            }
        }
        let people = std::array::from_fn(|rank| self.ranks[rank].len());
        expected_of(conditions.instructions, &brigades, &foremen, &by_rank, &people, self.officials)
    }
}

impl Somebody {
    fn shop(&self) -> usize {
        self.person.brigade as usize / BRIGADES_PER_SHOP
    }
}
