//! Entrants: the traits with which people enter the model (section 5.2 of docs/model.md).
//!
//! People enter as the population of January 1928, as new hires, and as graduates from outside. Their traits
//! depend on identity alone, never on the month's levers.

use super::ageing::learned;
use crate::engine::distributions::{BETA_1_5_5, BETA_2_4, BETA_3_5_2, NORMAL};
use crate::engine::random::{Key, uniform64};
use crate::model::parameters::Parameters;
use crate::model::purpose::{BIRTH, birth};
use crate::model::state::person::Person;
use crate::model::state::standing::{Origin, Party, REGIONAL, Role, Standing};
use crate::model::state::traits::{
    Aptitude, Career, Dates, Drive, ENTERED_BEFORE, Months, NEVER_ENTERED, NEVER_JOINED, Skill, Temperament,
    Threshold, Trait,
};
use crate::model::state::unit::brigade;

/// Returns what all entrants of `month` have in common: rank 0 and no experience. Identity and traits are not
/// yet drawn.
pub(crate) fn newcomer_in(rules: &Parameters, month: u16) -> Person {
    Person {
        identity: 0,
        standing: Standing::BLANK,
        brigade: 0,
        grievance: rules.grievance_at_entry as f32,
        egalitarianism: 0.0,
        drive: Drive::default(),
        temperament: Temperament::default(),
        skill: Skill::new(Aptitude::default(), Months::nearest(f32::from(month))),
        fear: 0.0,
        suspicion: 0.0,
        dates: Dates::default(),
        career: Career::none(),
    }
}

/// Returns a newcomer with the traits given by these words of page [`BIRTH`]. `mean_competence` is the mean
/// ability.
fn newcomer(
    rules: &Parameters,
    identity: u64,
    month: u16,
    words: &[u32; 16],
    mean_competence: f64,
) -> Person {
    let (low, spread) = (rules.unrest_threshold_low, rules.unrest_threshold_spread);
    // The shapes of the Beta distributions are not parameters, because their tables use closed forms that
    // other shapes do not have.
    let mut person = Person {
        identity,
        egalitarianism: BETA_3_5_2.at(words[birth::EGALITARIANISM]) as f32,
        drive: Drive::new(
            nearest(BETA_2_4.at(words[birth::AMBITION])),
            nearest(uniform64(words[birth::SHOCK_QUALITY])),
        ),
        temperament: Temperament::new(
            nearest(BETA_1_5_5.at(words[birth::TEMPER])),
            threshold(low, spread, words[birth::THRESHOLD]),
        ),
        ..newcomer_in(rules, month)
    };
    let normal = NORMAL.at(words[birth::COMPETENCE]);
    person.skill.set_aptitude(aptitude(mean_competence, rules.ability_spread, normal, learned(month)));
    person
}

/// Returns the aptitude of a person whose ability is drawn with this mean and spread and limited to 0 and 1.
///
/// `normal` is a standard normal deviate, and `learned` what everyone has [`learned`] by the month of entry.
#[inline(always)]
pub(crate) fn aptitude(mean: f64, spread: f64, normal: f64, learned: f32) -> Aptitude {
    Aptitude::nearest((mean + spread * normal).clamp(0.0, 1.0) as f32 - learned)
}

/// Returns the threshold of joining unrest: uniform between `low` and `low + spread`.
#[inline(always)]
pub(crate) fn threshold(low: f64, spread: f64, word: u32) -> Threshold {
    Threshold::nearest((low + spread * uniform64(word)) as f32)
}

#[inline(always)]
pub(crate) fn nearest(share: f64) -> Trait {
    Trait::nearest(share as f32)
}

/// Returns a worker hired in `month` by a unit with this many brigades, from the words of page [`BIRTH`].
pub fn hire(rules: &Parameters, identity: u64, month: u16, brigades: u32, words: &[u32; 16]) -> Person {
    Person {
        standing: hired(rules.hires_former, rules.hires_peasant, words[birth::ORIGIN]),
        brigade: brigade(brigades, uniform64(words[birth::BRIGADE])),
        ..newcomer(rules, identity, month, words, rules.hired_ability)
    }
}

/// Returns the standing of a new hire, given the shares of former people and of peasants among the hires.
#[inline(always)]
pub(crate) fn hired(former: f64, peasant: f64, word: u32) -> Standing {
    let draw = uniform64(word);
    if draw < former {
        Standing::worker(Origin::Former, true)
    } else if draw < former + peasant {
        Standing::worker(Origin::Peasant, false)
    } else {
        Standing::worker(Origin::Worker, false)
    }
}

/// Returns a graduate from outside, before a plant is assigned.
pub fn outside_graduate(key: &Key, rules: &Parameters, identity: u64, month: u16) -> Person {
    let words = key.block(BIRTH, month, identity);
    let mut person = newcomer(rules, identity, month, &words, rules.graduate_ability);
    person.standing = Standing::worker(Origin::Employee, false);
    person.set_tenure(rules.graduate_tenure as f32, month);
    person
}

/// The attributes of a person present in January 1928 that differ from those of a new hire.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Founding {
    pub(crate) standing: Standing,
    pub(crate) skill: Skill,
    pub(crate) brigade: u16,
    /// Month of joining the party, [`NEVER_JOINED`] outside it.
    pub(crate) joined: i16,
    pub(crate) career: Career,
}

impl Founding {
    /// Returns the attributes of a person of `rank` in a unit with this many brigades. `word` returns the
    /// words of page [`BIRTH`].
    pub(crate) fn of(rules: &Parameters, rank: u8, brigades: u32, word: impl Fn(usize) -> u32) -> Self {
        let draw = |slot: usize| uniform64(word(slot));
        let standing = initial_standing(rules, rank, draw);
        let favoured = standing.former() && standing.boss();
        // Regional officials have the ability of directors.
        let mean = rules.start_ability
            + rules.start_ability_rank * f64::from(rank.min(3))
            + if favoured { rules.start_ability_former } else { 0.0 };
        let entered = if standing.elite() { ENTERED_BEFORE } else { NEVER_ENTERED };
        Founding {
            standing,
            skill: Skill::new(
                aptitude(mean, rules.ability_spread, NORMAL.at(word(birth::COMPETENCE)), 0.0),
                Months::nearest(-(draw(birth::TENURE) * rules.start_tenure).floor() as f32),
            ),
            brigade: brigade(brigades, draw(birth::BRIGADE)),
            joined: if standing.in_party() {
                -((draw(birth::JOINED) * rules.start_party_months) as i16)
            } else {
                NEVER_JOINED
            },
            career: if standing.boss() {
                Career::new(entered, -((draw(birth::SINCE) * rules.start_rank_months) as i16))
            } else {
                Career::none()
            },
        }
    }
}

/// Returns a person of `rank` present in January 1928 in a unit with this many brigades, from the words of
/// page [`BIRTH`].
pub fn founder(rules: &Parameters, identity: u64, rank: u8, brigades: u32, words: &[u32; 16]) -> Person {
    let Founding { standing, skill, brigade, joined, career } =
        Founding::of(rules, rank, brigades, |slot| words[slot]);
    // The ability drawn here is replaced by `skill`.
    let traits = newcomer(rules, identity, 0, words, rules.start_ability);
    let mut person = Person { standing, skill, brigade, career, ..traits };
    person.dates.set_joined(joined);
    person
}

/// Returns the standing of a person of `rank` in January 1928.
fn initial_standing(rules: &Parameters, rank: u8, draw: impl Fn(usize) -> f64) -> Standing {
    let origin = initial_origin(rules, rank, draw(birth::ORIGIN));
    let former = origin == Origin::Former;
    // All former people have a blemish, their past; those in the elite are trained.
    let blemish = former || draw(birth::BLEMISH) < rules.start_blemish;
    let mut standing = Standing::worker(origin, blemish);
    standing.set_rank(rank);
    standing.set_party(initial_party(rules, rank, former, draw(birth::PARTY)));
    if standing.elite() {
        standing.set_role(if rank == REGIONAL {
            regional_role(rules, draw(birth::ROLE))
        } else {
            initial_role(rules, standing.in_party(), former, draw(birth::ROLE))
        });
        if former || draw(birth::TRAINED) < rules.start_trained {
            standing.train();
        }
    }
    standing
}

/// Returns the origin of a person of `rank` in January 1928. Regional officials are never former people.
/// Among workers and foremen the rest are peasants; above them the rest are from the families of employees.
fn initial_origin(rules: &Parameters, rank: u8, draw: f64) -> Origin {
    let (former, worker, peasant) = match rank {
        4 => (0.0, rules.start_regional_worker, rules.start_regional_peasant),
        2 | 3 => (rules.start_elite_former, rules.start_elite_worker, rules.start_elite_peasant),
        _ => (rules.start_lower_former, rules.start_lower_worker, 1.0),
    };
    if draw < former {
        Origin::Former
    } else if draw < former + worker {
        Origin::Worker
    } else if draw < former + worker + peasant {
        Origin::Peasant
    } else {
        Origin::Employee
    }
}

/// Returns the party standing of a person of `rank` in January 1928. Former people are in the party with a
/// fraction of the rank's probability; all regional officials are in it.
fn initial_party(rules: &Parameters, rank: u8, former: bool, draw: f64) -> Party {
    let chance = match rank {
        4 => 1.0,
        2 | 3 => rules.start_party_elite,
        _ => rules.start_party_lower,
    } * if former { rules.start_party_former } else { 1.0 };
    // Three in ten are candidates. Not a parameter, because no rule distinguishes candidates from members.
    if draw >= chance {
        Party::Outside
    } else if draw < 0.3 * chance {
        Party::Candidate
    } else {
        Party::Member
    }
}

fn initial_role(rules: &Parameters, in_party: bool, former: bool, draw: f64) -> Role {
    let (party, union) = (rules.role_party, rules.role_party + rules.role_union);
    if in_party && !former && draw < party {
        Role::Party
    } else if in_party && !former && draw < union {
        Role::Union
    } else if draw < rules.start_manager && (draw >= union || !in_party) {
        Role::Manager
    } else {
        Role::Specialist
    }
}

/// Returns the role of a regional official. `draw` is uniform on (0, 1).
pub fn regional_role(rules: &Parameters, draw: f64) -> Role {
    if draw < rules.regional_party {
        Role::Party
    } else if draw < rules.regional_party + rules.regional_union {
        Role::Union
    } else {
        Role::Manager
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_at_the_start_follow_party_and_class() {
        let rules = Parameters::default();
        assert_eq!(initial_role(&rules, true, false, 0.05), Role::Party);
        assert_eq!(initial_role(&rules, true, false, 0.15), Role::Union);
        assert_eq!(initial_role(&rules, false, false, 0.05), Role::Manager);
        assert_eq!(initial_role(&rules, true, false, 0.45), Role::Manager);
        assert_eq!(initial_role(&rules, false, true, 0.6), Role::Specialist);
        // Former people who drew a party or union post are specialists instead.
        assert_eq!(initial_role(&rules, true, true, 0.05), Role::Specialist);
        assert_eq!(initial_role(&rules, true, true, 0.3), Role::Manager);
        assert_eq!(
            [0.5, 0.7, 0.9].map(|draw| regional_role(&rules, draw)),
            [Role::Party, Role::Union, Role::Manager]
        );
    }

    #[test]
    fn origins_at_the_start_follow_rank() {
        let rules = Parameters::default();
        let counts = |rank: u8| {
            let mut counts = [0; 4];
            for step in 0..1000 {
                counts[initial_origin(&rules, rank, (f64::from(step) + 0.5) / 1000.0) as usize] += 1;
            }
            counts
        };
        assert_eq!(counts(0), [540, 440, 0, 20]);
        assert_eq!(counts(1), counts(0));
        assert_eq!(counts(2), [50, 250, 250, 450]);
        assert_eq!(counts(4), [150, 600, 250, 0]);
    }

    #[test]
    fn three_in_ten_party_people_are_candidates() {
        let rules = Parameters::default();
        let count = |rank, former, wanted| {
            (0..1000)
                .filter(|step| {
                    initial_party(&rules, rank, former, (f64::from(*step) + 0.5) / 1000.0) == wanted
                })
                .count()
        };
        assert_eq!((count(0, false, Party::Candidate), count(0, false, Party::Member)), (36, 84));
        assert_eq!(count(4, false, Party::Outside), 0);
        assert_eq!(count(3, true, Party::Outside), 965);
    }

    #[test]
    fn ability_rises_with_its_deviate_and_stays_in_range() {
        let ability = |mean, normal| aptitude(mean, 0.12, normal, 0.0).value();
        let near = |got: f32, expected: f32| (got - expected).abs() < Aptitude::STEP;
        assert!(near(ability(0.5, -1.0), 0.38) && near(ability(0.5, 2.0), 0.74));
        assert!(ability(-9.0, 0.0) == 0.0 && near(ability(9.0, 0.0), 1.0 - Aptitude::STEP));
        assert!(near(aptitude(0.5, 0.12, 0.0, 0.1).value(), 0.4));
    }

    #[test]
    fn those_present_at_the_start_are_as_section_5_says() {
        let (key, rules) = (Key::new(3, 1), Parameters::default());
        for rank in 0..5u8 {
            let person = |identity| founder(&rules, identity, rank, 7, &key.block(BIRTH, 0, identity));
            let people: Vec<Person> = (0..20_000).map(person).collect();
            let mean = |among: fn(&Person) -> bool, value: fn(&Person) -> f64| {
                let chosen: Vec<f64> = people.iter().filter(|p| among(p)).map(value).collect();
                chosen.iter().sum::<f64>() / chosen.len() as f64
            };
            let near = |got: f64, expected: f64, within: f64, what: &str| {
                assert!((got - expected).abs() < within, "{what} of rank {rank}: {got}, not {expected}");
            };
            // Ability rises by .09 a rank up to rank 3; four standard errors are below .01 (.03 among few former).
            let ability = 0.30 + 0.09 * f64::from(rank.min(3));
            near(mean(|p| !p.standing.former(), |p| f64::from(p.competence(0))), ability, 0.01, "ability");
            if rank < 4 {
                let of_former = mean(|p| p.standing.former(), |p| f64::from(p.competence(0)));
                near(of_former, ability + if rank > 0 { 0.15 } else { 0.0 }, 0.035, "ability of the former");
                assert!(people.iter().filter(|p| p.standing.former()).all(|p| p.standing.blemish()));
            }
            let blemished = mean(|p| !p.standing.former(), |p| f64::from(u8::from(p.standing.blemish())));
            near(blemished, 0.03, 0.006, "blemish");
            let trained = mean(|p| !p.standing.former(), |p| f64::from(u8::from(p.standing.trained())));
            near(trained, if rank >= 2 { 0.3 } else { 0.0 }, 0.02, "training");
            assert!(people.iter().all(|p| !p.standing.former() || p.standing.trained() == (rank >= 2)));
            // Spells: whole months from uniform draws over eight years in the party and the rank, ten at work.
            near(
                mean(|p| p.standing.in_party(), |p| f64::from(p.dates.joined())),
                -47.5,
                if rank < 2 { 2.3 } else { 1.4 },
                "party spell",
            );
            near(mean(|_| true, |p| f64::from(p.tenure(0))), 59.5, 1.0, "experience");
            if rank > 0 {
                near(mean(|_| true, |p| f64::from(p.months_in_rank(0))), 47.5, 0.8, "spell in rank");
            }
            let within = |p: &Person| {
                (if p.standing.in_party() {
                    (-95..=0).contains(&p.dates.joined())
                } else {
                    p.dates.joined() == NEVER_JOINED
                }) && p.tenure(0) <= 119.0
                    && (p.months_in_rank(0) <= 95) == (rank > 0)
            };
            assert!(people.iter().all(|p| within(p) && p.tenure(0).fract() == 0.0));
            assert!(
                people
                    .iter()
                    .all(|p| (p.career.entered() == ENTERED_BEFORE) == (rank >= 2)
                        && p.standing.rank() == rank)
            );
            assert!(people.iter().all(|p| (p.standing.role() == Role::None) == (rank < 2)));
        }
    }

    #[test]
    fn traits_depend_on_identity_alone_and_have_the_stated_means() {
        let (key, rules) = (Key::new(3, 1), Parameters::default());
        let hires: Vec<Person> = (0..20_000)
            .map(|identity| hire(&rules, identity, 5, 7, &key.block(BIRTH, 5, identity)))
            .collect();
        assert_eq!(hires[77], hire(&rules, 77, 5, 7, &key.block(BIRTH, 5, 77)));
        let mean = |value: fn(&Person) -> f32| {
            hires.iter().map(|person| f64::from(value(person))).sum::<f64>() / hires.len() as f64
        };
        // Four standard errors of each mean are below .006.
        for (got, expected) in [
            (mean(|p| p.egalitarianism), 3.5 / 5.5),
            (mean(|p| p.drive.ambition().value()), 2.0 / 6.0),
            (mean(|p| p.temperament.temper().value()), 1.5 / 6.5),
            (mean(|p| p.competence(5)), 0.28),
            (mean(|p| p.drive.shock_quality().value()), 0.5),
            (mean(|p| p.temperament.threshold().value()), 0.2 + 0.35 / 2.0),
        ] {
            assert!((got - expected).abs() < 0.01, "{got} {expected}");
        }
        let share = |origin| hires.iter().filter(|p| p.standing.origin() == origin).count() as f64 / 20_000.0;
        assert!((share(Origin::Peasant) - 0.7).abs() < 0.014);
        assert!((share(Origin::Former) - 0.03).abs() < 0.006);
    }
}
