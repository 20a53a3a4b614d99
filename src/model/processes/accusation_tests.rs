//! Accusation by hand, and the bound under every accusation.

use super::*;
use crate::engine::instructions::Instructions;
use crate::engine::random::{Key, uniform};
use crate::model::person::{Origin, Party, Role};

const CLIMATE: Climate = Climate {
    principle: 2.0,
    temperament: 1.2,
    rivalry: [0.0, 3.0, 2.0, 1.5, 1.0],
    fear: 0.8,
    licence: [0.01, 0.005],
    image: [1.3, 0.7, 0.9, 1.1, 0.3, 0.4],
    gap_blame: 0.1,
    exposure: 0.9,
    authority: 0.5,
    union: 0.2,
    clique: 0.4,
};

fn standing(rank: u8, role: Role, party: Party) -> Standing {
    let mut standing = Standing::worker(Origin::Worker, false);
    standing.set_rank(rank);
    standing.set_role(role);
    standing.set_party(party);
    standing
}

fn accuser(rank: u8) -> Accuser {
    Accuser {
        standing: standing(rank, if rank < 2 { Role::None } else { Role::Manager }, Party::Outside),
        hero: false,
        eligible: true,
        egalitarianism: 0.6,
        grievance: 0.5,
        temper: 0.2,
        ambition: 0.4,
        fear: 0.1,
        grudge: false,
    }
}

fn target(rank: u8) -> Target {
    Target {
        standing: standing(rank, if rank < 2 { Role::None } else { Role::Manager }, Party::Outside),
        hero: false,
        ambition: 0.3,
        since: 12,
    }
}

fn close(got: [f32; 4], expected: [f32; 4]) {
    assert!(
        got.iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 1e-6),
        "{got:?} {expected:?}"
    );
}

#[test]
fn competition_is_posts_per_candidate_less_what_waits() {
    // Half a post for each of 40 candidates, of 20 whole posts 18 taken.
    assert!((competition(20.9, 18.0, 40.0) - 20.9 / 40.0 * (1.0 - 2.0 / 40.0)).abs() < 1e-12);
    assert_eq!(competition(60.0, 60.0, 40.0), 1.0);
    assert_eq!(competition(5.0, 0.0, 0.0), 0.0);
}

#[test]
fn a_director_is_accused_out_of_principle_but_not_rivalry() {
    // Three ranks above: distance 2.
    close(motives(&CLIMATE, &accuser(0), &target(3)), [2.0 * 0.6 * 0.5 * 2.0, 1.2 * 0.2 * 0.9, 0.0, 0.08]);
}

#[test]
fn rivals_aim_at_the_next_rank_and_at_equals() {
    close(motives(&CLIMATE, &accuser(0), &target(1)), [0.6 / 1.5, 0.216, 3.0 * 0.4, 0.08]);
    // An equal's fall clears the way to the rank above.
    close(motives(&CLIMATE, &accuser(2), &target(2)), [0.0, 0.216, 1.5 * 0.4 * 0.5, 0.08]);
    close(motives(&CLIMATE, &accuser(3), &target(3)), [0.0, 0.216, 1.0 * 0.4 * 0.5, 0.08]);
    close(motives(&CLIMATE, &accuser(0), &target(0)), [0.0, 0.216, 0.0, 0.08]);
    let hopeless = Accuser { eligible: false, ..accuser(0) };
    assert_eq!(motives(&CLIMATE, &hopeless, &target(1))[2], 0.0);
    // Nobody rises from the top.
    assert_eq!(motives(&CLIMATE, &accuser(4), &target(4))[2], 0.0);
}

#[test]
fn a_grudge_doubles_temper_except_downwards() {
    let sore = Accuser { grudge: true, ..accuser(1) };
    assert!((motives(&CLIMATE, &sore, &target(1))[1] - 0.432).abs() < 1e-6);
    assert!((motives(&CLIMATE, &sore, &target(0))[1] - 0.216).abs() < 1e-6);
}

#[test]
fn heroes_stand_half_a_unit_above_other_workers() {
    let hero = Target { hero: true, ..target(0) };
    assert!((motives(&CLIMATE, &accuser(0), &hero)[0] - 0.3).abs() < 1e-6);
    assert_eq!(motives(&CLIMATE, &Accuser { hero: true, ..accuser(0) }, &hero)[0], 0.0);
}

#[test]
fn licence_image_exposure_and_cost_multiply() {
    // A manager of rank 2, a year in rank: e^-1 + .15 of exposure; authority and union deter.
    let expected = 0.01 * (0.9 + 0.1) * (1.0 + 0.9 * (0.367_879_44 + 0.15)) * 0.496_585_3;
    assert!((opportunity(&CLIMATE, &accuser(0), &target(2)) - expected).abs() < 1e-7);
    // Sideways among workers: no exposure, no authority in the way.
    assert!((opportunity(&CLIMATE, &accuser(0), &target(0)) - 0.005 * 0.4 * 0.818_730_8).abs() < 1e-8);
    // Party people in the elite spare each other.
    let member = |role| standing(2, role, Party::Member);
    let comrade = Accuser { standing: member(Role::Party), ..accuser(2) };
    let official = Target { standing: member(Role::Union), since: 255, ambition: 0.0, ..target(2) };
    let expected = 0.005 * 1.2 * 0.548_811_6;
    assert!((opportunity(&CLIMATE, &comrade, &official) - expected).abs() < 1e-7);
}

#[test]
fn shares_of_motives_make_whole_acts() {
    assert_eq!(whole_shares(&[1.0, 0.0, 1.0, 2.0]), [WHOLE_ACT / 4, 0, WHOLE_ACT / 4, WHOLE_ACT / 2]);
    for odd in [[0.1, 0.2, 0.3, 0.05], [1e-9, 3.0, 0.0, 0.7], [1.0, 1.0, 1.0, 0.0]] {
        assert_eq!(whole_shares(&odd).iter().sum::<u32>(), WHOLE_ACT);
    }
}

#[test]
fn no_hazard_exceeds_its_bound() {
    let key = Key::new(11, 1);
    let mut largest: f32 = 0.0;
    for case in 0..20_000u64 {
        let words = key.block(0, 0, case);
        let draw = |slot: usize| uniform(words[slot]);
        let rank = (words[0] % 5) as u8;
        // Superiors stand at most three ranks above workers, one above directors.
        let highest = rank + HIGHEST[usize::from(rank)] as u8;
        let theirs = (words[1] % u32::from(highest + 1)) as u8;
        let climate = Climate {
            principle: 3.0 * draw(2),
            temperament: 2.0 * draw(3),
            fear: draw(4),
            gap_blame: 0.5 * draw(5),
            exposure: 3.0 * draw(6),
            licence: [draw(7), draw(8)],
            ..CLIMATE
        };
        let accuser = Accuser {
            egalitarianism: draw(9),
            grievance: draw(10),
            temper: draw(11),
            ambition: draw(12),
            fear: draw(13),
            grudge: words[14] & 1 == 1,
            eligible: rank > 0 || words[14] & 2 == 2,
            hero: rank == 0 && words[14] & 4 == 4,
            ..accuser(rank)
        };
        let target = Target {
            since: (words[15] & 63) as u8,
            ambition: draw(1),
            hero: theirs == 0 && words[14] & 8 == 8,
            ..target(theirs)
        };
        let hazard = motives(&climate, &accuser, &target).iter().sum::<f32>()
            * opportunity(&climate, &accuser, &target);
        let bound = BoundTerms::new(&climate, usize::from(rank)).bound(
            accuser.egalitarianism,
            accuser.grievance,
            accuser.temper,
            accuser.ambition,
            accuser.fear,
            accuser.grudge,
            accuser.eligible,
        );
        assert!(hazard <= bound, "case {case}: {hazard} above {bound}");
        largest = largest.max(hazard / bound);
    }
    // The bound is not idle: some case comes near it.
    assert!(largest > 0.5, "{largest}");
}

#[test]
fn suspicion_fades_and_is_fed_by_accusations() {
    let mut suspicions = [1.0, 0.0, 0.5];
    let accused = |row, times| Accused { row, times, sanction_word: 0 };
    suspect(Instructions::Baseline, &mut suspicions, &[accused(1, 2), accused(2, 1)], 0.88);
    assert_eq!(suspicions, [0.88, 2.0, 1.44]);
}
