//! Arrivals: who on the way comes to which unit.
//!
//! Owns the counting sort of movers by destination. Neither people nor draws are its business.

use super::processes::departures::Movers;

/// Movers by destination, as (list, position in it).
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    begin: Vec<u32>,
    places: Vec<(u32, u32)>,
}

impl Arrivals {
    /// Sorts the movers of all lists by the unit they go to; within a unit they keep the order of the lists.
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
        for (list, movers) in (0u32..).zip(lists) {
            for (position, &to) in (0u32..).zip(&movers.to) {
                let place = &mut self.begin[to as usize];
                self.places[*place as usize] = (list, position);
                *place += 1;
            }
        }
        // Each beginning has moved to the end of its unit, which is the beginning of the next.
        self.begin.rotate_right(1);
        self.begin[0] = 0;
    }

    /// Those who come to a unit.
    pub(super) fn of(&self, unit: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let places = &self.places[self.begin[unit] as usize..self.begin[unit + 1] as usize];
        places.iter().map(|&(list, position)| (list as usize, position as usize))
    }
}
