//! Compares the bounds on hazards with hazards, and checks suspicion by columns.

use super::bounds::{BoundTerms, Ceiling};
use super::*;
use crate::engine::random::Key;
use crate::model::parameters::Parameters;
use crate::model::rules::accusation::left_by;
use crate::model::state::standing::{ELITE, Origin, Party, RANKS, REGIONAL, Role};

/// A random climate, with every term somewhere within its range or at its end.
fn random_climate(draw: impl Fn(usize) -> f32) -> Climate {
    // About every seventh value is zero.
    let some = |slot: usize| if draw(slot) < 0.15 { 0.0 } else { draw(slot + 8) };
    Climate {
        principle: 3.0 * some(0),
        temperament: 2.0 * some(1),
        calm: draw(73),
        rankled: 1.0 + 2.0 * draw(74),
        shock_distance: draw(75),
        sideways: draw(76),
        able: 0.45,
        rivalry: std::array::from_fn(|rank| 3.0 * draw(16 + rank)),
        fear: some(2),
        licence: [draw(21), draw(22)],
        image: std::array::from_fn(|class| 2.0 * draw(23 + class)),
        gap_blame: 0.5 * some(3),
        exposure: 3.0 * some(4),
        exposure_decay: -1.0 / (6.0 + 18.0 * draw(77)),
        exposed_ambition: draw(78),
        left: left_by(some(6), 2.0 * some(5), 2.0 * some(7)),
    }
}

/// Returns a possible standing of this rank.
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

/// Checks accusers and targets of every rank under all sorts of climates: no hazard exceeds the bound for all workers
/// or bosses or the one by the rank of the target, and no chance exceeds its hazard.
#[test]
fn no_hazard_exceeds_its_bounds() {
    let (key, ways) = (Key::new(11, 1), Ways::new(&Parameters::default()));
    let mut nearest = [[0.0f32; 2]; RANKS];
    for case in 0..40_000u64 {
        let blocks: [[u32; 16]; 6] = std::array::from_fn(|page| key.block(page as u16, 0, case));
        let draw = |slot: usize| uniform(blocks[slot / 16][slot % 16]);
        let climate = random_climate(draw);
        let own = (case % RANKS as u64) as u8;
        let accuser = Accuser {
            standing: random_standing(own, |slot| draw(32 + slot)),
            shock_worker: own == WORKER && draw(36) < 0.3,
            eligible: own > WORKER || draw(37) < 0.5,
            egalitarianism: draw(38),
            grievance: draw(39),
            temper: draw(40),
            ambition: draw(41),
            fear: draw(42),
            grudge: draw(43) < 0.5,
        };
        let words = blocks[3];
        let pool = Pool::of(&ways, accuser.standing, &Meeting::of(|word| words[word]));
        let known = match pool {
            Pool::Superiors(rank) => Some(rank),
            Pool::Rivals => Some(own),
            // Everyone in an office is a regional official, no one in a plant is.
            Pool::Brigade | Pool::Cell => (own == REGIONAL).then_some(REGIONAL),
        };
        let theirs = known.unwrap_or((4.0 * draw(64)) as u8);
        let target = Target {
            standing: random_standing(theirs, |slot| draw(65 + slot)),
            shock_worker: theirs == WORKER && draw(69) < 0.5,
            ambition: draw(70),
            // Mostly people who were just promoted, who are most exposed.
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
    // The bounds are not too loose: for every rank some case comes near each of them.
    assert!(nearest.iter().all(|[first, by_rank]| *first > 0.4 && *by_rank > 0.7), "{nearest:?}");
}

#[test]
fn suspicion_fades_and_is_fed_by_accusations() {
    let mut suspicions = [1.0, 0.0, 0.5];
    let accused = |row, times| Accused { row, times, sanction_word: 0 };
    suspect(Instructions::Baseline, &mut suspicions, &[accused(1, 2), accused(2, 1)], 0.88);
    assert_eq!(suspicions, [0.88, 2.0, 1.44]);
}
