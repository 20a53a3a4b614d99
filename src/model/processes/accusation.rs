//! R5 Accusation: who accuses whom, and why.
//!
//! Step 3 of the month, all ranks. Everybody meets one acquaintance a month and may accuse that person. Four motives
//! (principle, temperament, rivalry, fear) compete as hazards, so that their shares in an act are exact fractions.
//! Whether somebody accuses at all is decided first, by one draw against a bound that no acquaintance could exceed;
//! only then is the acquaintance looked up, and the same draw decides. Claims C03, C06, C13, C24, C26, C28, C34, C37,
//! C38, C48, C51 to C54.

use crate::engine::instructions::{Instructions, dispatch};
use crate::engine::marks::{positions, room};
use crate::engine::maths::{exp, one_minus_exp_neg};
use crate::engine::random::uniform;
use crate::model::conditions::Conditions;
use crate::model::people::People;
use crate::model::person::{MOTIVES, RANKS, Standing};
use crate::model::processes::acquaintance::{self, Meeting, Met, Official, Pools};
use crate::model::purpose::monthly;
use crate::model::region::Region;
use crate::model::scratch::Scratch;
use crate::model::unit::{Accused, Act, Unit, WHOLE_ACT};

/// Ability above which a worker outside the party and without training may hope for a post.
pub const ELIGIBLE_COMPETENCE: f32 = 0.45;
/// Rank distance that counts as 1.
const DISTANCE_UNIT: f32 = 1.5;
/// Largest rank distance upwards, by rank of the accuser.
const HIGHEST: [f32; RANKS] = [3.0, 2.0, 2.0, 1.0, 0.0];
/// A worker no hero of labour sees a hero half a unit above.
const HERO_DISTANCE: f32 = 0.5;
/// What rivalry with an equal is worth beside that with one above.
const SIDEWAYS_REACH: f32 = 0.5;
/// The bound is raised by this factor, so that rounding cannot make an act miss it.
const BOUND_MARGIN: f32 = 1.0001;

/// May hope for a post (elig): a boss, in the party, able, or trained.
#[inline(always)]
pub fn eligible(standing: Standing, competence: f32) -> bool {
    standing.boss() | standing.in_party() | (competence > ELIGIBLE_COMPETENCE) | standing.trained()
}

/// Competition for the posts of a rank (κ): how likely a cleared post falls to one of those below.
///
/// Posts per eligible candidate, at most 1, less what openings already wait.
pub fn competition(posts: f64, holders: f64, eligible: f64) -> f64 {
    let eligible = eligible.max(1.0);
    let waiting = (posts.floor() - holders).max(0.0);
    (posts / eligible).min(1.0) * (1.0 - (waiting / eligible).min(1.0))
}

/// What accusations in a unit have in common this month.
#[derive(Debug, Clone, Copy)]
pub struct Climate {
    /// Strength of each motive, with all that is the same for everybody in the unit.
    principle: f32,
    temperament: f32,
    /// Rivalry for posts of each rank.
    rivalry: [f32; RANKS],
    fear: f32,
    /// Scale times licence, upwards and otherwise.
    licence: [f32; 2],
    /// Weight of each target class outside the elite, and what a plan gap adds for the elite.
    image: [f32; 6],
    gap_blame: f32,
    /// Exposure of bosses under egalitarian norms.
    exposure: f32,
    /// What deters: authority upwards, union always, party loyalty within the elite.
    authority: f32,
    union: f32,
    clique: f32,
}

/// The climate of a unit. `eligible_workers` are the workers who may hope for a post.
pub fn climate(
    conditions: &Conditions,
    region: &Region,
    unit: &Unit,
    eligible_workers: u32,
    regional_posts: f64,
    regional_directors: u32,
) -> Climate {
    let (rules, levers) = (&conditions.rules, &conditions.levers);
    let expected_gain = rules.motive_rivalry
        * (1.0 + rules.openings_aspiration * unit.openness)
        * levers.career_reward
        * (region.perceived_punishment / rules.punished_reference);
    let rivalry = std::array::from_fn(|rank| {
        let competition = if !conditions.mechanisms.competition {
            rules.competition_reference
        } else {
            match rank {
                0 => 0.0,
                4 => (regional_posts / f64::from(regional_directors.max(1))).min(1.0),
                _ => competition(
                    unit.posts[rank],
                    f64::from(unit.now.counts[rank]),
                    f64::from(if rank == 1 { eligible_workers } else { unit.now.counts[rank - 1] }),
                ),
            }
        };
        (expected_gain * competition / rules.competition_reference) as f32
    });
    let licence = |slope: f64| (rules.accusation_scale * libm::exp(slope * (levers.criticism - 0.5))) as f32;
    Climate {
        principle: (rules.motive_principle * levers.egalitarian_norm) as f32,
        temperament: rules.motive_temperament as f32,
        rivalry,
        fear: (rules.motive_fear
            * levers.vigilance
            * (0.5 + (unit.denouncers / rules.denouncer_reference).min(1.0))) as f32,
        licence: [licence(rules.criticism_slope), licence(rules.criticism_slope * rules.criticism_sideways)],
        image: conditions.image.map(|weight| (rules.image_floor + rules.image_weight * weight) as f32),
        gap_blame: (rules.gap_blame * unit.plan_gap) as f32,
        exposure: (rules.moral_exposure * levers.egalitarian_norm * (1.0 + 0.5 * levers.vigilance)) as f32,
        authority: (rules.authority_deterrence * unit.authority) as f32,
        union: (rules.union_substitution * unit.union) as f32,
        clique: rules.clique_loyalty as f32,
    }
}

/// The accuser, as R5 sees one.
#[derive(Debug, Clone, Copy)]
pub struct Accuser {
    pub(crate) standing: Standing,
    pub(crate) hero: bool,
    pub(crate) eligible: bool,
    pub(crate) egalitarianism: f32,
    pub(crate) grievance: f32,
    pub(crate) temper: f32,
    pub(crate) ambition: f32,
    pub(crate) fear: f32,
    pub(crate) grudge: bool,
}

/// The target, as R5 sees one.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    pub(crate) standing: Standing,
    pub(crate) hero: bool,
    pub(crate) ambition: f32,
    pub(crate) since: u8,
}

impl Accuser {
    fn of(people: &People, row: usize, hero_below: f32) -> Self {
        let standing = people.standing[row];
        Accuser {
            standing,
            hero: !standing.boss() && people.hero_quality[row] < hero_below,
            eligible: eligible(standing, people.competence[row]),
            egalitarianism: people.egalitarianism[row],
            grievance: people.grievance[row],
            temper: people.temper[row],
            ambition: people.ambition[row],
            fear: people.fear[row],
            grudge: people.grudge[row] > 0,
        }
    }
}

impl Target {
    fn of(people: &People, row: usize, hero_below: f32) -> Self {
        let standing = people.standing[row];
        Target {
            standing,
            hero: !standing.boss() && people.hero_quality[row] < hero_below,
            ambition: people.ambition[row],
            since: people.since[row],
        }
    }

    fn official(official: &Official) -> Self {
        Target {
            standing: official.standing,
            hero: false,
            ambition: official.ambition,
            since: official.since,
        }
    }
}

/// The strengths of the four motives of one person towards another, in the order of
/// [`crate::model::person::MOTIVE_NAMES`].
pub fn motives(climate: &Climate, accuser: &Accuser, target: &Target) -> [f32; MOTIVES] {
    let (own, theirs) = (accuser.standing.rank(), target.standing.rank());
    let above = theirs.saturating_sub(own);
    let beside_hero = own == theirs && target.hero && !accuser.hero;
    let distance = f32::from(above) / DISTANCE_UNIT + if beside_hero { HERO_DISTANCE } else { 0.0 };
    let rankled = if accuser.grudge && theirs >= own { 2.0 } else { 1.0 };
    let reach = if above == 1 && accuser.eligible {
        1.0
    } else if own == theirs && (1..=3).contains(&own) {
        SIDEWAYS_REACH
    } else {
        0.0
    };
    let post = if above == 1 { theirs } else { (own + 1).min(4) };
    [
        climate.principle * accuser.egalitarianism * accuser.grievance * distance,
        climate.temperament * accuser.temper * (0.4 + accuser.grievance) * rankled,
        climate.rivalry[usize::from(post)] * accuser.ambition * reach,
        climate.fear * accuser.fear,
    ]
}

/// What multiplies the motives: licence, image of the target, exposure of the target, cost to the accuser.
pub fn opportunity(climate: &Climate, accuser: &Accuser, target: &Target) -> f32 {
    let upwards = target.standing.rank() > accuser.standing.rank();
    let licence = climate.licence[usize::from(!upwards)];
    let image = climate.image[target.standing.target_class(target.hero)]
        + if target.standing.elite() { climate.gap_blame } else { 0.0 };
    let exposure = if target.standing.boss() {
        1.0 + climate.exposure * (exp(f32::from(target.since) * (-1.0 / 12.0)) + 0.5 * target.ambition)
    } else {
        1.0
    };
    let clique = accuser.standing.elite()
        && target.standing.elite()
        && accuser.standing.in_party()
        && target.standing.in_party();
    let cost = climate.union
        + if upwards { climate.authority } else { 0.0 }
        + if clique { climate.clique } else { 0.0 };
    licence * image * exposure * exp(-cost)
}

/// The terms of the bound on the hazard for all people of one rank.
#[derive(Debug, Clone, Copy)]
struct BoundTerms {
    opportunity: f32,
    principle: f32,
    temperament: f32,
    rivalry: f32,
    fear: f32,
    boss: bool,
}

impl BoundTerms {
    fn new(climate: &Climate, rank: usize) -> Self {
        let [up, sideways] = climate.licence;
        let image = climate.image.iter().copied().fold(0.0, f32::max) + climate.gap_blame;
        let reach = if rank == 4 { 0.0 } else { 1.0 };
        BoundTerms {
            opportunity: BOUND_MARGIN
                * up.max(sideways)
                * image
                * (1.0 + 1.5 * climate.exposure)
                * exp(-climate.union),
            principle: climate.principle
                * (HIGHEST[rank] / DISTANCE_UNIT).max(if rank == 0 { HERO_DISTANCE } else { 0.0 }),
            temperament: climate.temperament,
            rivalry: reach * climate.rivalry[(rank + 1).min(4)],
            fear: climate.fear,
            boss: rank > 0,
        }
    }

    /// Upper bound of the hazard of accusing anybody.
    #[inline(always)]
    #[allow(clippy::too_many_arguments)]
    fn bound(
        &self,
        egalitarianism: f32,
        grievance: f32,
        temper: f32,
        ambition: f32,
        fear: f32,
        rankles: bool,
        hopes: bool,
    ) -> f32 {
        let motives = self.principle * egalitarianism * grievance
            + self.temperament * temper * (0.4 + grievance) * if rankles { 2.0 } else { 1.0 }
            + if hopes { self.rivalry * ambition } else { 0.0 }
            + self.fear * fear;
        self.opportunity * motives
    }
}

dispatch! {
    /// Marks the people of one rank whose draw lies below the upper bound of their hazard of accusing anybody.
    fn may_accuse(
        instructions,
        terms: &BoundTerms,
        marks: &mut [bool],
        words: &[u32],
        egalitarianisms: &[f32],
        grievances: &[f32],
        tempers: &[f32],
        ambitions: &[f32],
        fears: &[f32],
        grudges: &[u8],
        competences: &[f32],
        standings: &[Standing],
    ) {
        let terms = *terms;
        let count = marks.len();
        let (words, egalitarianisms, grievances) =
            (&words[..count], &egalitarianisms[..count], &grievances[..count]);
        let (tempers, ambitions) = (&tempers[..count], &ambitions[..count]);
        let (fears, grudges) = (&fears[..count], &grudges[..count]);
        let (competences, standings) = (&competences[..count], &standings[..count]);
        for row in 0..count {
            let hopes = terms.boss | standings[row].in_party() | standings[row].trained()
                | (competences[row] > ELIGIBLE_COMPETENCE);
            let bound = terms.bound(
                egalitarianisms[row],
                grievances[row],
                tempers[row],
                ambitions[row],
                fears[row],
                grudges[row] > 0,
                hopes,
            );
            marks[row] = uniform(words[row]) < bound;
        }
    }
}

/// Leaves in `scratch.rows` whose accusations are possible.
fn possible(conditions: &Conditions, climate: &Climate, unit: &Unit, scratch: &mut Scratch) {
    let people = &unit.people;
    let marks = room(&mut scratch.marks, people.len());
    for rank in 0..RANKS {
        let rows = unit.ranks.of(rank as u8);
        may_accuse(
            conditions.instructions,
            &BoundTerms::new(climate, rank),
            &mut marks[rows.clone()],
            &scratch.words.column(monthly::ACCUSE)[rows.clone()],
            &people.egalitarianism[rows.clone()],
            &people.grievance[rows.clone()],
            &people.temper[rows.clone()],
            &people.ambition[rows.clone()],
            &people.fear[rows.clone()],
            &people.grudge[rows.clone()],
            &people.competence[rows.clone()],
            &people.standing[rows],
        );
    }
    positions(marks, &mut scratch.rows);
}

/// Shares of the motives in whole units of an act; the largest takes what rounding leaves.
pub(crate) fn whole_shares(motives: &[f32; MOTIVES]) -> [u32; MOTIVES] {
    let sum: f32 = motives.iter().sum();
    let mut shares = motives.map(|motive| (motive / sum * WHOLE_ACT as f32) as u32);
    let missing = i64::from(WHOLE_ACT) - shares.iter().map(|&share| i64::from(share)).sum::<i64>();
    if let Some(largest) = shares.iter_mut().max_by_key(|share| **share) {
        *largest = (i64::from(*largest) + missing) as u32;
    }
    shares
}

/// R5 for a unit: the month's accusations by its people.
///
/// Accusations of people of the unit are counted on them; those of the region's officials are left in the list of
/// acts, from which the schedule delivers them.
pub fn pass(
    conditions: &Conditions,
    climate: &Climate,
    unit: &mut Unit,
    scratch: &mut Scratch,
    officials: &[Official],
) {
    acquaintance::prepare(conditions.instructions, unit, conditions.hero_below, &mut scratch.layout);
    unit.now.acquaintances =
        acquaintance::expected(conditions.instructions, unit, &mut scratch.layout, officials);
    possible(conditions, climate, unit, scratch);
    let mut acts = std::mem::take(&mut unit.now.acts);
    let mut pools = Pools::new(conditions.instructions, unit, &mut scratch.layout, officials);
    let draws = scratch.words.column(monthly::ACCUSE);
    for &row in &scratch.rows {
        let row = row as usize;
        let meeting = Meeting::of(|word| scratch.words.column(word)[row]);
        let Some(met) = pools.meet(row, &meeting) else { continue };
        let accuser = Accuser::of(&unit.people, row, conditions.hero_below);
        let target = match met {
            Met::Row(other) => Target::of(&unit.people, other as usize, conditions.hero_below),
            Met::Official(position) => Target::official(&officials[position as usize]),
        };
        let motives = motives(climate, &accuser, &target);
        let hazard = motives.iter().sum::<f32>() * opportunity(climate, &accuser, &target);
        if uniform(draws[row]) < one_minus_exp_neg(hazard) {
            let (row, official) = match met {
                Met::Row(other) => (other, false),
                Met::Official(position) => (officials[position as usize].row, true),
            };
            acts.push(Act {
                motives: whole_shares(&motives),
                accuser_rank: accuser.standing.rank(),
                accuser_role: accuser.standing.role() as u8,
                target_rank: target.standing.rank(),
                class: target.standing.target_class(target.hero) as u8,
                since: target.since,
                row,
                official,
            });
        }
    }
    unit.now.accusers = acts.len() as u32;
    for act in acts.iter().filter(|act| !act.official) {
        let row = act.row as usize;
        receive(unit, row, scratch.words.column(monthly::SANCTION)[row]);
    }
    unit.now.acts = acts;
}

/// Counts an accusation on the person in `row` of the unit, whose random word of the sanction this is.
pub fn receive(unit: &mut Unit, row: usize, sanction_word: u32) {
    if unit.people.accused[row] == 0 {
        unit.now.accused.push(Accused { row: row as u32, sanction_word });
    }
    unit.people.accused[row] = unit.people.accused[row].saturating_add(1);
    unit.now.accusations_received += 1;
    unit.now.accusations_of_bosses += u32::from(unit.people.standing[row].boss());
}

dispatch! {
    /// Suspicion a month on: a share is forgotten, the month's accusations are added.
    pub fn suspect(instructions, suspicions: &mut [f32], accused: &[u16], kept: f32) {
        for (suspicion, &accused) in suspicions.iter_mut().zip(accused) {
            *suspicion = kept * *suspicion + f32::from(accused);
        }
    }
}

dispatch! {
    fn count_eligible(instructions, standings: &[Standing], competences: &[f32]) -> u32 {
        standings
            .iter()
            .zip(competences)
            .map(|(&standing, &competence)| u32::from(eligible(standing, competence)))
            .sum()
    }
}

/// Workers who may hope for a post.
pub fn eligible_workers(instructions: Instructions, unit: &Unit) -> u32 {
    let workers = unit.ranks.workers();
    count_eligible(instructions, &unit.people.standing[workers.clone()], &unit.people.competence[workers])
}

#[cfg(test)]
#[path = "accusation_tests.rs"]
mod tests;
