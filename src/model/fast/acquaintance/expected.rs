//! Computes the expected meetings of a unit from the counts in [`Layout`]
//! ([`crate::model::rules::expected_meetings`]).

use super::Layout;
use crate::engine::simd::{Instructions, dispatch};
use crate::model::fast::unit::Unit;
use crate::model::rules::acquaintance::{BRIGADES_PER_SHOP, CATEGORIES, Official, SLOTS, Ways};
use crate::model::rules::expected_meetings::{self, add_counts};
use crate::model::state::standing::{DIRECTOR, ELITE, FOREMAN, RANKS, REGIONAL, TARGET_CLASSES};

dispatch! {
    fn in_shops(
        instructions,
        ways: &Ways,
        brigades: &[[u32; SLOTS]],
        foremen: &[[u32; CATEGORIES]],
        all_foremen: &[f64; CATEGORIES],
    ) -> ([f64; CATEGORIES], [u32; SLOTS]) {
        expected_meetings::in_shops(ways, brigades, foremen, all_foremen)
    }
}

/// Returns the expected number of people met by all people of a unit, by target class.
///
/// It is the exact mean of what [`Pools::choose`](super::Pools::choose) returns over its draws; draws without an
/// acquaintance do not count.
pub(in crate::model::fast) fn expected(
    instructions: Instructions,
    ways: &Ways,
    unit: &Unit,
    layout: &mut Layout,
    officials: &[Official],
) -> [f64; TARGET_CLASSES] {
    let category_of = |place: u32| place as usize % CATEGORIES;
    // Counts by rank and category; foremen also by shop.
    let mut by_rank = [[0; CATEGORIES]; RANKS];
    let shops = layout.counts.len().div_ceil(BRIGADES_PER_SHOP);
    layout.foremen.clear();
    layout.foremen.resize(shops, [0; CATEGORIES]);
    for &place in &layout.places[unit.people.ranks.of(FOREMAN)] {
        layout.foremen[place as usize / (SLOTS * BRIGADES_PER_SHOP)][category_of(place)] += 1;
    }
    for foremen in &layout.foremen {
        add_counts(&mut by_rank[usize::from(FOREMAN)], foremen);
    }
    for rank in [ELITE, DIRECTOR, REGIONAL] {
        for &place in &layout.places[unit.people.ranks.of(rank)] {
            by_rank[usize::from(rank)][category_of(place)] += 1;
        }
    }
    let by_rank = by_rank.map(|counts| counts.map(f64::from));
    let people = std::array::from_fn(|rank| unit.people.ranks.count(rank as u8));
    let shops = in_shops(instructions, ways, &layout.counts, &layout.foremen, &by_rank[usize::from(FOREMAN)]);
    expected_meetings::of_unit(ways, shops, &by_rank, &people, officials)
}
