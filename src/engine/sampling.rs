//! Samples from a set: uniformly by highest random score ([`choose`]), or with fixed weights in constant time
//! ([`Alias`]).

use std::hint::select_unpredictable;

/// The increment of SplitMix64: 2^64 divided by the golden ratio, made odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of SplitMix64 (Stafford's mixer 13): a bijection in which every input bit affects every output bit.
#[inline(always)]
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A mixed key: the part of [`prefer`] that is the same for every member of a pool.
#[derive(Debug, Clone, Copy)]
struct Chooser(u64);

impl Chooser {
    #[inline(always)]
    fn new(key: u64) -> Chooser {
        Chooser(mix(key.wrapping_add(GOLDEN)))
    }

    #[inline(always)]
    fn prefer(self, identity: u64) -> u64 {
        mix(self.0 ^ identity.wrapping_mul(GOLDEN))
    }

    /// The member with the highest score, and that score.
    #[inline(always)]
    fn best<T>(self, mut pool: impl Iterator<Item = (u64, T)>) -> Option<(u64, T)> {
        let (identity, first) = pool.next()?;
        // A branch would be mispredicted often: which member leads is random.
        Some(pool.fold((self.prefer(identity), first), |(most, chosen), (identity, member)| {
            let score = self.prefer(identity);
            let better = score > most;
            (select_unpredictable(better, score, most), select_unpredictable(better, member, chosen))
        }))
    }
}

/// The score of a member for a chooser: a hash of both, uniform over 64 bits. For one key, distinct identities have
/// distinct scores.
///
/// Two rounds of SplitMix64's finaliser, one over the key and one over both, so that keys may be regular (0, 1, 2 …).
#[inline(always)]
pub fn prefer(key: u64, identity: u64) -> u64 {
    Chooser::new(key).prefer(identity)
}

/// Chooses the member of a pool with the highest [`prefer`] for this key. `None` if the pool is empty.
///
/// `pool` yields pairs of a distinct identity and the member. The choice is uniform over the pool and does not depend on
/// its order. A member who joins or leaves changes only the choices that fall on that member, so counterfactual pairs keep
/// choosing the same people.
#[inline]
pub fn choose<T>(key: u64, pool: impl Iterator<Item = (u64, T)>) -> Option<T> {
    Chooser::new(key).best(pool).map(|(_, chosen)| chosen)
}

/// A table that draws positions in proportion to fixed weights in constant time: the alias method of Vose (1991).
///
/// It uses IEEE operations and integers only, so its draws are the same on every platform.
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    slots: Vec<Slot>,
}

/// One of as many equal slots as there are weights. Below the threshold it yields its own position, otherwise its alias.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Slot {
    /// In units of 2^-32 of the slot.
    threshold: u32,
    alias: u32,
}

impl Alias {
    /// Builds a table from weights. `None` if there are none or more than 2^32 - 1, if one is negative or not finite, or
    /// if their sum is 0 or infinite.
    pub fn new(weights: &[f64]) -> Option<Alias> {
        let sum: f64 = weights.iter().sum();
        let sound = weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0);
        if !sound || !sum.is_finite() || sum <= 0.0 || u32::try_from(weights.len()).is_err() {
            return None;
        }
        let count = weights.len() as f64;
        // In units of a slot: the mean is 1.
        let mut shares: Vec<f64> = weights.iter().map(|weight| weight / sum * count).collect();
        let mut slots: Vec<Slot> =
            (0..weights.len() as u32).map(|alias| Slot { threshold: u32::MAX, alias }).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..shares.len()).partition(|&i| shares[i] < 1.0);
        while let (Some(&short), Some(&long)) = (small.last(), large.last()) {
            small.pop();
            slots[short] = Slot { threshold: (shares[short] * 4_294_967_296.0) as u32, alias: long as u32 };
            // The long one fills the rest of the short one's slot.
            shares[long] -= 1.0 - shares[short];
            if shares[long] < 1.0 {
                large.pop();
                small.push(long);
            }
        }
        // The remaining shares are 1 up to rounding and keep their whole slots. Rounding can leave a weight of 0 among
        // them, which must never be drawn.
        let heaviest = (0..weights.len()).max_by(|&a, &b| weights[a].total_cmp(&weights[b]))?;
        for left in small {
            if weights[left] == 0.0 {
                slots[left] = Slot { threshold: 0, alias: heaviest as u32 };
            }
        }
        Some(Alias { slots })
    }

    /// Draws a position with two random words: the first selects a slot, the second one of the slot's two positions.
    ///
    /// The probability of a position is exact to within the number of positions times 2^-32.
    #[inline]
    pub fn draw(&self, slot: u32, within: u32) -> usize {
        let position = ((u64::from(slot) * self.slots.len() as u64) >> 32) as usize;
        let slot = self.slots[position];
        if within < slot.threshold { position } else { slot.alias as usize }
    }

    /// Number of positions, at least 1.
    #[allow(clippy::len_without_is_empty, reason = "a table is never empty")]
    pub fn len(&self) -> usize {
        self.slots.len()
    }
}

#[cfg(test)]
#[path = "sampling_tests.rs"]
mod tests;
