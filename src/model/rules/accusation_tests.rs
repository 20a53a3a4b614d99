//! Tests accusations against values computed by hand.

use super::*;

use crate::model::state::standing::{Origin, Party, Role};

const CLIMATE: Climate = Climate {
    principle: 2.0,
    temperament: 1.2,
    calm: 0.4,
    rankled: 2.0,
    shock_distance: 0.5,
    sideways: 0.5,
    able: 0.45,
    rivalry: [0.0, 3.0, 2.0, 1.5, 1.0],
    fear: 0.8,
    licence: [0.01, 0.005],
    image: [1.3, 0.7, 0.9, 1.1, 0.3, 0.4],
    gap_blame: 0.1,
    exposure: 0.9,
    exposure_decay: -1.0 / 12.0,
    exposed_ambition: 0.5,
    left: left_by(0.2, 0.5, 0.4),
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
        shock_worker: false,
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
        shock_worker: false,
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
    // 20.9 posts for 40 candidates; 18 of the 20 whole posts are taken.
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
    // The fall of an equal clears the way to the rank above.
    close(motives(&CLIMATE, &accuser(2), &target(2)), [0.0, 0.216, 1.5 * 0.4 * 0.5, 0.08]);
    close(motives(&CLIMATE, &accuser(3), &target(3)), [0.0, 0.216, 1.0 * 0.4 * 0.5, 0.08]);
    close(motives(&CLIMATE, &accuser(0), &target(0)), [0.0, 0.216, 0.0, 0.08]);
    let hopeless = Accuser { eligible: false, ..accuser(0) };
    assert_eq!(motives(&CLIMATE, &hopeless, &target(1))[2], 0.0);
    // There is no post above the top rank.
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
    let shock_worker = Target { shock_worker: true, ..target(0) };
    assert!((motives(&CLIMATE, &accuser(0), &shock_worker)[0] - 0.3).abs() < 1e-6);
    assert_eq!(motives(&CLIMATE, &Accuser { shock_worker: true, ..accuser(0) }, &shock_worker)[0], 0.0);
}

#[test]
fn licence_image_exposure_and_cost_multiply() {
    // A manager of rank 2, a year in rank: e^-1 + .15 of exposure; authority and union deter.
    let expected = 0.01 * (0.9 + 0.1) * (1.0 + 0.9 * (0.367_879_44 + 0.15)) * 0.496_585_3;
    assert!((opportunity(&CLIMATE, &accuser(0), &target(2)) - expected).abs() < 1e-7);
    // Sideways among workers: neither exposure nor authority counts.
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
