//! Choosing from a set: by highest random weight, and by a table of given weights.
//!
//! Owns two ways of choosing whose result does not depend on the order of a set, or costs the same whatever its
//! size. Must not know who chooses whom.

use std::hint::select_unpredictable;

/// The odd constant of SplitMix64, 2^64 over the golden ratio.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of SplitMix64 (Stafford's thirteenth mixer): every bit of the input reaches every bit of the output,
/// and no two inputs share an output.
#[inline(always)]
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Whoever chooses with a key: what of [`prefer`] is the same for every member of a pool.
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

    /// The member of a pool that scores highest, and its score.
    #[inline(always)]
    fn best<T>(self, mut pool: impl Iterator<Item = (u64, T)>) -> Option<(u64, T)> {
        let (identity, first) = pool.next()?;
        // Which member is the best so far nobody can foresee: no branch.
        Some(pool.fold((self.prefer(identity), first), |(most, chosen), (identity, member)| {
            let score = self.prefer(identity);
            let better = score > most;
            (select_unpredictable(better, score, most), select_unpredictable(better, member, chosen))
        }))
    }
}

/// How much the chooser with this key likes the member with this identity: a hash, uniform over 64 bits. Two rounds
/// of SplitMix64's finaliser, one over the key and one over both; keys may be as regular as 0, 1, 2 …
///
/// For one key, no two identities score the same.
#[inline(always)]
pub fn prefer(key: u64, identity: u64) -> u64 {
    Chooser::new(key).prefer(identity)
}

/// The member that the chooser with this key takes from a pool: the highest [`prefer`]. Uniform over the pool, and
/// independent of its order, since identities are distinct and no two of them score the same. Who joins or leaves
/// changes only the choices that fall on them: counterfactual pairs go on choosing the same people. `None` from an empty
/// pool.
#[inline]
pub fn choose<T>(key: u64, pool: impl Iterator<Item = (u64, T)>) -> Option<T> {
    Chooser::new(key).best(pool).map(|(_, chosen)| chosen)
}

/// A table that draws positions in proportion to fixed weights in constant time (the alias method, as Vose 1991
/// builds it). Built and read with IEEE operations and integers only: the same on every platform.
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    slots: Vec<Slot>,
}

/// One of as many equal slots as there are weights: below the threshold it stands for itself, else for its alias.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Slot {
    /// In units of 2^-32.
    threshold: u32,
    alias: u32,
}

impl Alias {
    /// A table over weights. `None` if they are empty, more than 2^32 - 1, not all finite and at least 0, or sum to 0
    /// or to infinity.
    pub fn new(weights: &[f64]) -> Option<Alias> {
        let sum: f64 = weights.iter().sum();
        let sound = weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0);
        if !sound || !sum.is_finite() || sum <= 0.0 || u32::try_from(weights.len()).is_err() {
            return None;
        }
        let count = weights.len() as f64;
        // Shares of a slot: their mean is 1.
        let mut shares: Vec<f64> = weights.iter().map(|weight| weight / sum * count).collect();
        let mut slots: Vec<Slot> =
            (0..weights.len() as u32).map(|alias| Slot { threshold: u32::MAX, alias }).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..shares.len()).partition(|&i| shares[i] < 1.0);
        while let (Some(&short), Some(&long)) = (small.last(), large.last()) {
            small.pop();
            slots[short] = Slot { threshold: (shares[short] * 4_294_967_296.0) as u32, alias: long as u32 };
            // What the short one leaves of its slot is taken from the long one.
            shares[long] -= 1.0 - shares[short];
            if shares[long] < 1.0 {
                large.pop();
                small.push(long);
            }
        }
        // Those left over are whole but for rounding: they keep their slots to themselves. A weight of 0 can be among
        // them only through rounding, and must never be drawn.
        let heaviest = (0..weights.len()).max_by(|&a, &b| weights[a].total_cmp(&weights[b]))?;
        for left in small {
            if weights[left] == 0.0 {
                slots[left] = Slot { threshold: 0, alias: heaviest as u32 };
            }
        }
        Some(Alias { slots })
    }

    /// The position drawn by two random words: the first picks a slot, the second one of its two positions. A slot's
    /// probability is right to within 2^-32, a position's to within the number of positions times 2^-32.
    #[inline]
    pub fn draw(&self, slot: u32, within: u32) -> usize {
        let position = ((u64::from(slot) * self.slots.len() as u64) >> 32) as usize;
        let slot = self.slots[position];
        if within < slot.threshold { position } else { slot.alias as usize }
    }

    /// Number of positions, at least 1.
    #[allow(clippy::len_without_is_empty, reason = "it never is")]
    pub fn len(&self) -> usize {
        self.slots.len()
    }
}

#[cfg(test)]
#[path = "sampling_tests.rs"]
mod tests;
