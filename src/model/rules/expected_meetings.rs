//! R5 Expected meetings: how many people of each target class are met in a month, on average over all draws.
//!
//! Step 3 of the month. The result is the exact mean of the choices of [`super::acquaintance`], computed from
//! the number of people in each pool. The popular image of the enemy (R10) divides accusations by it, so that
//! a class is not more of an enemy because people meet it more often. Claims C18, C19.

use super::acquaintance::{
    BRIGADES_PER_SHOP, CATEGORIES, CLASS_OF, FORMER_WORKER, ORDINARY, Official, SHOCK, SLOTS, Ways,
};
use crate::model::state::standing::{RANKS, REGIONAL, TARGET_CLASSES};

/// Returns the expected meetings within brigades and shops by category, and the people of the unit by slot.
///
/// The meetings are those of all people in their brigades, and those of workers with their rivals and with
/// the foremen of their shops. `foremen` are counted by shop; `all_foremen` is their sum.
#[inline(always)]
pub(crate) fn in_shops(
    ways: &Ways,
    brigades: &[[u32; SLOTS]],
    foremen: &[[u32; CATEGORIES]],
    all_foremen: &[f64; CATEGORIES],
) -> ([f64; CATEGORIES], [u32; SLOTS]) {
    let Ways { superior, brigade, rival, cell, levels } = *ways;
    let sum_of_foremen: f64 = all_foremen.iter().sum();
    let (mut met, mut everybody) = ([0.0; CATEGORIES], [0; SLOTS]);
    // Meetings in the brigades, by slot.
    let mut in_brigades = [0.0; SLOTS];
    for (brigades, foremen) in brigades.chunks(BRIGADES_PER_SHOP).zip(foremen) {
        let mut counts = [0; SLOTS];
        for own in brigades {
            add_counts(&mut counts, own);
            let comrades = own[CATEGORIES..].iter().sum::<u32>();
            let people = own[..CATEGORIES].iter().sum::<u32>() + comrades;
            if people == 0 {
                continue;
            }
            // Each of n people draws one of the n, and a draw of oneself does not count. A person is
            // therefore met 1/n times for each draw by another member.
            let (people, comrades) = (f64::from(people as i32), f64::from(comrades as i32));
            let draws = brigade * people + cell * (people - comrades);
            let share = 1.0 / people;
            let (outside, inside) = ((draws - (brigade + cell)) * share, (draws - brigade) * share);
            for category in 0..CATEGORIES {
                in_brigades[category] += f64::from(own[category] as i32) * outside;
            }
            for slot in CATEGORIES..SLOTS {
                in_brigades[slot] += f64::from(own[slot] as i32) * inside;
            }
        }
        add_counts(&mut everybody, &counts);
        let mut workers = [0.0; CATEGORIES];
        for category in [SHOCK, ORDINARY, FORMER_WORKER].map(|category| category as usize) {
            workers[category] = f64::from(counts[category] + counts[category + CATEGORIES]);
        }
        let total: f64 = workers.iter().sum();
        if total == 0.0 {
            continue;
        }
        add(&mut met, &workers, rival * (total - 1.0) / total);
        let own: u32 = foremen.iter().sum();
        let draws = total * superior * levels[0];
        if own > 0 {
            add(&mut met, &foremen.map(f64::from), draws / f64::from(own));
        } else if sum_of_foremen > 0.0 {
            add(&mut met, all_foremen, draws / sum_of_foremen);
        }
    }
    for (slot, meetings) in in_brigades.into_iter().enumerate() {
        met[slot % CATEGORIES] += meetings;
    }
    (met, everybody)
}

/// Returns the expected acquaintances of all people of a unit, by target class of the person met.
///
/// The second argument is the result of [`in_shops`]. `by_rank` holds the bosses by rank and category,
/// `people` the number of people by rank.
pub(crate) fn of_unit(
    ways: &Ways,
    (mut met, everybody): ([f64; CATEGORIES], [u32; SLOTS]),
    by_rank: &[[f64; CATEGORIES]; RANKS],
    people: &[usize; RANKS],
    officials: &[Official],
) -> [f64; TARGET_CLASSES] {
    let Ways { superior, rival, cell, levels, .. } = *ways;
    let people_of = |rank: usize| people[rank] as f64;
    // Superiors of ranks 2 and 3.
    let draws_of_2 = people_of(0) * superior * levels[1] + people_of(1) * superior * levels[0];
    let draws_of_3 = people_of(0) * superior * levels[2]
        + people_of(1) * superior * (1.0 - levels[0])
        + people_of(2) * superior * levels[0];
    for (rank, draws) in [(2, draws_of_2), (3, draws_of_3)] {
        if people_of(rank) > 0.0 {
            add(&mut met, &by_rank[rank], draws / people_of(rank));
        }
    }
    // Rivals of the same rank; regional officials meet rivals where others meet superiors.
    for (rank, counts) in by_rank.iter().enumerate().skip(1) {
        let people = people_of(rank);
        if people > 0.0 {
            let share = if rank == usize::from(REGIONAL) { rival + superior } else { rival };
            add(&mut met, counts, share * (people - 1.0) / people);
        }
    }
    // The party cell.
    let comrades = &everybody[CATEGORIES..];
    let people = f64::from(comrades.iter().sum::<u32>());
    if people > 0.0 {
        let comrades = std::array::from_fn(|category| f64::from(comrades[category]));
        add(&mut met, &comrades, cell * (people - 1.0) / people);
    }
    let mut by_class = [0.0; TARGET_CLASSES];
    for (category, met) in met.into_iter().enumerate() {
        by_class[CLASS_OF[category]] += met;
    }
    // Officials of the region.
    let draws_of_4 = people_of(2) * superior * (1.0 - levels[0]) + people_of(3) * superior;
    for official in officials {
        by_class[official.standing.target_class(false)] += draws_of_4 / officials.len() as f64;
    }
    by_class
}

#[inline(always)]
fn add(met: &mut [f64; CATEGORIES], counts: &[f64; CATEGORIES], weight: f64) {
    for (met, count) in met.iter_mut().zip(counts) {
        *met += count * weight;
    }
}

#[inline(always)]
pub(crate) fn add_counts<const N: usize>(sums: &mut [u32; N], counts: &[u32; N]) {
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
}
