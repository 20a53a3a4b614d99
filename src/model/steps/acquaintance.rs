//! Chooses acquaintances from pools: the people of a unit by brigade, by rank, and in the party (R5).

use crate::engine::sampling::choose;
use crate::model::conditions::Conditions;
use crate::model::parameters::Parameters;
use crate::model::rules::acquaintance::{
    BRIGADES_PER_SHOP, CATEGORIES, FORMER_WORKER, Meeting, Met, Official, Pool, SLOTS, Ways,
};
use crate::model::rules::expected_meetings;
use crate::model::society::Agent;
use crate::model::state::standing::{FOREMAN, RANKS, REGIONAL, TARGET_CLASSES, WORKER};

/// The pools of a unit, as lists of positions in `people`.
pub(super) struct Pools<'a> {
    pub(super) people: &'a [Agent],
    pub(super) officials: &'a [Official],
    ways: Ways,
    brigades: Vec<Vec<usize>>,
    ranks: [Vec<usize>; RANKS],
    party: Vec<usize>,
}

impl<'a> Pools<'a> {
    /// Returns the pools of a unit with these people, in a region with these officials.
    pub(super) fn new(rules: &Parameters, people: &'a [Agent], officials: &'a [Official]) -> Self {
        let last = people.iter().map(|agent| agent.person.brigade as usize + 1).max();
        let mut pools = Pools {
            people,
            officials,
            ways: Ways::new(rules),
            brigades: vec![Vec::new(); last.unwrap_or(0)],
            ranks: Default::default(),
            party: Vec::new(),
        };
        for (row, agent) in people.iter().enumerate() {
            pools.brigades[agent.person.brigade as usize].push(row);
            pools.ranks[usize::from(agent.rank())].push(row);
            if agent.person.standing.in_party() {
                pools.party.push(row);
            }
        }
        pools
    }

    /// Returns the acquaintance of the person in `row` this month; `None` if the pool is empty or the person
    /// draws themselves.
    pub(super) fn meet(&self, row: usize, meeting: &Meeting) -> Option<Met> {
        let agent = &self.people[row];
        let key = meeting.key;
        let met = match Pool::of(&self.ways, agent.person.standing, meeting) {
            Pool::Superiors(REGIONAL) => {
                let officials =
                    (0u32..).zip(self.officials).map(|(place, official)| (official.identity, place));
                choose(key, officials).map(Met::Official)
            }
            Pool::Superiors(FOREMAN) => self.foreman(agent, key),
            Pool::Superiors(rank) => self.choose(key, &self.ranks[usize::from(rank)]),
            Pool::Brigade => self.choose(key, &self.brigades[agent.person.brigade as usize]),
            Pool::Rivals => self.rival(agent, key),
            Pool::Cell => self.choose(key, &self.party),
        };
        met.filter(|met| *met != Met::Row(row as u32))
    }

    /// Returns a foreman of the person's shop, or of the unit if the shop has none.
    fn foreman(&self, agent: &Agent, key: u64) -> Option<Met> {
        let foremen = &self.ranks[usize::from(FOREMAN)];
        let in_shop: Vec<usize> =
            foremen.iter().copied().filter(|&row| shop(&self.people[row]) == shop(agent)).collect();
        self.choose(key, if in_shop.is_empty() { foremen } else { &in_shop })
    }

    /// Returns a worker of the shop for a worker, a person of the same rank in the unit for a boss.
    fn rival(&self, agent: &Agent, key: u64) -> Option<Met> {
        if agent.rank() > WORKER {
            return self.choose(key, &self.ranks[usize::from(agent.rank())]);
        }
        let brigades = self.brigades.chunks(BRIGADES_PER_SHOP).nth(shop(agent)).into_iter().flatten();
        let workers = brigades.flatten().copied().filter(|&row| self.people[row].rank() == WORKER);
        self.choose(key, &workers.collect::<Vec<_>>())
    }

    fn choose(&self, key: u64, pool: &[usize]) -> Option<Met> {
        let member = |&row: &usize| (self.people[row].person.identity, Met::Row(row as u32));
        choose(key, pool.iter().map(member))
    }

    /// Returns the expected number of people met by all people of the unit, by target class.
    pub(super) fn expected(&self, conditions: &Conditions) -> [f64; TARGET_CLASSES] {
        let mut brigades = vec![[0u32; SLOTS]; self.brigades.len()];
        let mut foremen = vec![[0u32; CATEGORIES]; self.brigades.len().div_ceil(BRIGADES_PER_SHOP)];
        let mut by_rank = [[0.0; CATEGORIES]; RANKS];
        for agent in self.people {
            let standing = agent.person.standing;
            let category = if !standing.boss() && standing.former() {
                FORMER_WORKER as usize
            } else {
                standing.target_class(agent.person.is_shock_worker(conditions.shock_below))
            };
            let slot = category + if standing.in_party() { CATEGORIES } else { 0 };
            brigades[agent.person.brigade as usize][slot] += 1;
            if standing.boss() {
                by_rank[usize::from(standing.rank())][category] += 1.0;
            }
            if standing.rank() == FOREMAN {
                foremen[shop(agent)][category] += 1;
            }
        }
        let people = std::array::from_fn(|rank| self.ranks[rank].len());
        let shops =
            expected_meetings::in_shops(&self.ways, &brigades, &foremen, &by_rank[usize::from(FOREMAN)]);
        expected_meetings::of_unit(&self.ways, shops, &by_rank, &people, self.officials)
    }
}

fn shop(agent: &Agent) -> usize {
    agent.person.brigade as usize / BRIGADES_PER_SHOP
}
