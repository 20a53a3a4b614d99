//! Sorts movers by the unit they go to.

use std::ops::Range;

use super::departures::Movers;

/// Movers by destination, as (list, position in it), with the random words of their brigades if they change units.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrivals {
    begin: Vec<u32>,
    places: Vec<(u32, u32)>,
    brigades: Vec<u32>,
}

impl Arrivals {
    /// Sorts the movers of all lists by destination. Within a unit they keep the order of the lists.
    pub(super) fn sort(&mut self, lists: &[Movers], units: usize) {
        self.begin.clear();
        self.begin.resize(units + 1, 0);
        for &to in lists.iter().flat_map(|movers| &movers.to) {
            self.begin[to as usize + 1] += 1;
        }
        for unit in 0..units {
            self.begin[unit + 1] += self.begin[unit];
        }
        self.places.clear();
        self.places.resize(self.begin[units] as usize, (0, 0));
        self.brigades.clear();
        self.brigades.resize(lists.iter().map(|movers| movers.brigades.len()).sum(), 0);
        for (list, movers) in (0u32..).zip(lists) {
            let mut brigades = movers.brigades.iter();
            for (position, &to) in (0u32..).zip(&movers.to) {
                let place = &mut self.begin[to as usize];
                self.places[*place as usize] = (list, position);
                if let Some(&brigade) = brigades.next() {
                    self.brigades[*place as usize] = brigade;
                }
                *place += 1;
            }
        }
        // Each beginning has moved to the end of its unit, which is the beginning of the next.
        self.begin.rotate_right(1);
        self.begin[0] = 0;
    }

    fn range(&self, unit: usize) -> Range<usize> {
        self.begin[unit] as usize..self.begin[unit + 1] as usize
    }

    /// Returns the movers who come to a unit, as (list, position in it).
    pub(super) fn of(&self, unit: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.places[self.range(unit)].iter().map(|&(list, position)| (list as usize, position as usize))
    }

    /// Returns the words of the brigades of the movers who come to a unit; empty if all movers stay in their own
    /// units.
    pub(super) fn brigades(&self, unit: usize) -> &[u32] {
        self.brigades.get(self.range(unit)).unwrap_or_default()
    }
}
