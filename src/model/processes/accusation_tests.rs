//! Accusation by hand, and the bound under every accusation.

use super::*;
use crate::engine::random::{Key, uniform};
use crate::engine::simd::Instructions;
use crate::model::person::{ELITE, Origin, Party, REGIONAL, Role};

const CLIMATE: Climate = Climate {
    principle: 2.0,
    temperament: 1.2,
    rivalry: [0.0, 3.0, 2.0, 1.5, 1.0],
    fear: 0.8,
    licence: [0.01, 0.005],
    image: [1.3, 0.7, 0.9, 1.1, 0.3, 0.4],
    gap_blame: 0.1,
    exposure: 0.9,
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

/// A random climate, with every term somewhere within its range or at its end.
fn random_climate(draw: impl Fn(usize) -> f32) -> Climate {
    // Every seventh value is none.
    let some = |slot: usize| if draw(slot) < 0.15 { 0.0 } else { draw(slot + 8) };
    Climate {
        principle: 3.0 * some(0),
        temperament: 2.0 * some(1),
        rivalry: std::array::from_fn(|rank| 3.0 * draw(16 + rank)),
        fear: some(2),
        licence: [draw(21), draw(22)],
        image: std::array::from_fn(|class| 2.0 * draw(23 + class)),
        gap_blame: 0.5 * some(3),
        exposure: 3.0 * some(4),
        left: left_by(some(6), 2.0 * some(5), 2.0 * some(7)),
    }
}

/// A standing of that rank that is possible.
fn random_standing(rank: u8, draw: impl Fn(usize) -> f32) -> Standing {
    const ROLES: [Role; 4] = [Role::Manager, Role::Specialist, Role::Party, Role::Union];
    let origin = if draw(0) < 0.2 { Origin::Former } else { Origin::Peasant };
    let mut standing = Standing::worker(origin, false);
    standing.set_rank(rank);
    if rank >= ELITE {
        standing.set_role(ROLES[(4.0 * draw(1)) as usize]);
    }
    if draw(2) < 0.5 {
        standing.set_party(Party::Member);
    }
    if draw(3) < 0.5 {
        standing.train();
    }
    standing
}

/// Accusers and targets of every rank that meet in some way, under all sorts of climates: the hazard exceeds neither
/// the bound for all workers or bosses nor the one by the rank of the target, and the chance exceeds no hazard.
#[test]
fn no_hazard_exceeds_its_bounds() {
    let key = Key::new(11, 1);
    let mut nearest = [[0.0f32; 2]; RANKS];
    for case in 0..40_000u64 {
        let blocks: [[u32; 16]; 6] = std::array::from_fn(|page| key.block(page as u16, 0, case));
        let draw = |slot: usize| uniform(blocks[slot / 16][slot % 16]);
        let climate = random_climate(draw);
        let own = (case % RANKS as u64) as u8;
        let accuser = Accuser {
            standing: random_standing(own, |slot| draw(32 + slot)),
            hero: own == WORKER && draw(36) < 0.3,
            eligible: own > WORKER || draw(37) < 0.5,
            egalitarianism: draw(38),
            grievance: draw(39),
            temper: draw(40),
            ambition: draw(41),
            fear: draw(42),
            grudge: draw(43) < 0.5,
        };
        let words = blocks[3];
        let pool = Pool::of(accuser.standing, &Meeting::of(|word| words[word]));
        let known = match pool {
            Pool::Superiors(rank) => Some(rank),
            Pool::Rivals => Some(own),
            // Everybody of an office is a regional official, nobody of a plant.
            Pool::Brigade | Pool::Cell => (own == REGIONAL).then_some(REGIONAL),
        };
        let theirs = known.unwrap_or((4.0 * draw(64)) as u8);
        let target = Target {
            standing: random_standing(theirs, |slot| draw(65 + slot)),
            hero: theirs == WORKER && draw(69) < 0.5,
            ambition: draw(70),
            // Mostly those who have just risen, who are most exposed.
            since: (draw(71) * draw(72) * 64.0) as u8,
        };
        let hazard = motives(&climate, &accuser, &target).iter().sum::<f32>()
            * opportunity(&climate, &accuser, &target);
        let ceiling = Ceiling::new(&climate);
        let of_everybody = match own {
            WORKER => BoundTerms::of_workers(&climate, &ceiling),
            _ => BoundTerms::of_bosses(&climate, &ceiling),
        };
        let first = of_everybody.bound_of(&accuser);
        let by_rank = BoundTerms::new(&climate, &ceiling, own, theirs).bound_of(&accuser);
        assert!(one_minus_exp_neg(hazard) <= hazard * BOUND_MARGIN.sqrt());
        for (which, bound) in [first, by_rank].into_iter().enumerate() {
            let least = BOUND_MARGIN.sqrt() * hazard;
            assert!(least <= bound, "case {case}: {hazard} of {accuser:?} to {target:?} above {bound}");
            if bound > 0.0 {
                nearest[usize::from(own)][which] = nearest[usize::from(own)][which].max(hazard / bound);
            }
        }
    }
    // No bound is idle: for every rank some case comes near it.
    assert!(nearest.iter().all(|[first, by_rank]| *first > 0.4 && *by_rank > 0.7), "{nearest:?}");
}

#[test]
fn suspicion_fades_and_is_fed_by_accusations() {
    let mut suspicions = [1.0, 0.0, 0.5];
    let accused = |row, times| Accused { row, times, sanction_word: 0 };
    suspect(Instructions::Baseline, &mut suspicions, &[accused(1, 2), accused(2, 1)], 0.88);
    assert_eq!(suspicions, [0.88, 2.0, 1.44]);
}
