//! Recovers the motives of accusations from their profiles, as an observer of the records could try to (claim C53).
//!
//! The model knows for each accusation which share each motive had in it. An observer sees who accused whom. Here a naive
//! Bayes classifier learns how likely each value of a profile is under each motive, and is then applied to accusations that
//! it has not learnt from: even months teach odd months of the same run, and the reverse. It is a generous observer, since
//! it learns from true motives, which no archive has.

use crate::model::state::standing::MOTIVES;
use crate::model::state::unit::WHOLE_ACT;

/// The least common multiple of 1 to [`MOTIVES`]: an act that fits several motives alike is divided among them exactly.
const PARTS: u64 = 12;

/// Acts that are added to every count (Laplace's rule), so that an unseen value is unlikely and not impossible.
const SMOOTHING: f64 = 1.0;

/// What an observer sees of an accusation, and its true motives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfiledAct {
    /// Month, counted from January 1928.
    pub month: u16,
    /// The value of each feature, from 0.
    pub profile: Vec<u8>,
    /// Shares of the motives in units of 2^-20, as in [`crate::model::state::unit::Act`].
    pub motives: [u32; MOTIVES],
}

/// How well the motives of the accusations of a run are recovered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recovery {
    /// Acts by true and recovered motive, in units of 2^-20/12 of an act.
    confusion: [[u64; MOTIVES]; MOTIVES],
}

impl Recovery {
    /// Recovers the motives of the accusations of a run. `values` is the number of values of each feature.
    ///
    /// Accusations of even and odd months are each recovered by what the others teach. Without accusations in one of the
    /// two, nothing is recovered.
    pub fn of_run(acts: &[ProfiledAct], values: &[u8]) -> Recovery {
        let (even, odd): (Vec<&ProfiledAct>, Vec<&ProfiledAct>) =
            acts.iter().partition(|act| act.month % 2 == 0);
        let mut recovery = Recovery::default();
        for (teach, recover) in [(&even, &odd), (&odd, &even)] {
            if !teach.is_empty() && !recover.is_empty() {
                recovery.recover(&Likelihoods::of(teach, values), recover);
            }
        }
        recovery
    }

    fn recover(&mut self, likelihoods: &Likelihoods, acts: &[&ProfiledAct]) {
        for act in acts {
            let most = likelihoods.most_likely(&act.profile);
            let part = PARTS / most.len() as u64;
            for (row, share) in self.confusion.iter_mut().zip(act.motives) {
                for motive in &most {
                    row[*motive] += u64::from(share) * part;
                }
            }
        }
    }

    /// The shares of a motive's acts by recovered motive; `None` without such acts.
    pub fn ascribed(&self, motive: usize) -> Option<[f64; MOTIVES]> {
        let row = self.confusion[motive];
        let sum: u64 = row.iter().sum();
        (sum > 0).then(|| row.map(|cell| cell as f64 / sum as f64))
    }
}

/// The logarithms of the probabilities of each value of each feature under each motive.
struct Likelihoods {
    /// By motive, feature and value.
    logs: [Vec<Vec<f64>>; MOTIVES],
}

impl Likelihoods {
    /// Learns from acts, each counted for every motive by the motive's share in it.
    fn of(acts: &[&ProfiledAct], values: &[u8]) -> Likelihoods {
        let logs = std::array::from_fn(|motive| {
            let mut counts: Vec<Vec<u64>> = values.iter().map(|count| vec![0; usize::from(*count)]).collect();
            for act in acts {
                for (counts, value) in counts.iter_mut().zip(&act.profile) {
                    counts[usize::from(*value)] += u64::from(act.motives[motive]);
                }
            }
            counts.iter().map(|counts| smoothed(counts)).collect()
        });
        Likelihoods { logs }
    }

    /// The logarithm of the probability of a profile under each motive, as if its features were independent.
    fn of_profile(&self, profile: &[u8]) -> [f64; MOTIVES] {
        std::array::from_fn(|motive| {
            let features = self.logs[motive].iter().zip(profile);
            features.map(|(logs, value)| logs[usize::from(*value)]).sum()
        })
    }

    /// The motives under which a profile is most likely: mostly one. How frequent a motive is does not count, so that a
    /// rare motive can be recovered as well as a frequent one.
    fn most_likely(&self, profile: &[u8]) -> Vec<usize> {
        let logs = self.of_profile(profile);
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (0..MOTIVES).filter(|motive| logs[*motive] >= most).collect()
    }
}

/// The logarithms of (count + 1)/(all + number of values), with counts in acts.
fn smoothed(counts: &[u64]) -> Vec<f64> {
    let acts = |count: u64| count as f64 / f64::from(WHOLE_ACT);
    let all = acts(counts.iter().sum()) + SMOOTHING * counts.len() as f64;
    counts.iter().map(|count| libm::log((acts(*count) + SMOOTHING) / all)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(month: u16, profile: &[u8], motives: [f64; MOTIVES]) -> ProfiledAct {
        let motives = motives.map(|share| (share * f64::from(WHOLE_ACT)) as u32);
        ProfiledAct { month, profile: profile.to_vec(), motives }
    }

    fn only(motive: usize) -> [f64; MOTIVES] {
        std::array::from_fn(|other| if other == motive { 1.0 } else { 0.0 })
    }

    #[test]
    fn profiles_that_separate_are_recovered() {
        let acts: Vec<ProfiledAct> = (0..400)
            .map(|number| {
                let motive = usize::from(number % 8 / 2);
                act(number, &[motive as u8, (number % 3) as u8], only(motive))
            })
            .collect();
        let recovery = Recovery::of_run(&acts, &[4, 3]);
        for motive in 0..MOTIVES {
            assert_eq!(recovery.ascribed(motive), Some(only(motive)));
        }
        // Every act counts once.
        let acts: u64 = recovery.confusion.iter().flatten().sum();
        assert_eq!(acts, 400 * PARTS * u64::from(WHOLE_ACT));
    }

    #[test]
    fn equal_profiles_give_chance() {
        let acts: Vec<ProfiledAct> =
            (0..40).map(|number| act(number, &[0], only(usize::from(number % 8 / 2)))).collect();
        let recovery = Recovery::of_run(&acts, &[1]);
        assert!((0..MOTIVES).all(|motive| recovery.ascribed(motive) == Some([0.25; MOTIVES])));
    }

    /// One feature with two values. In each half, principle has three acts of value 0 and one of value 1, rivalry one and
    /// three. With one act added to every count, value 0 has (3 + 1)/(4 + 2) = 2/3 under principle, 1/3 under rivalry, and
    /// 1/2 under the motives without acts. Value 0 is thus taken for principle and value 1 for rivalry: recall 3/4 each.
    #[test]
    fn a_table_by_hand() {
        let half = [(0, 0), (0, 0), (0, 0), (0, 1), (2, 0), (2, 1), (2, 1), (2, 1)];
        let of_month = |month| half.iter().map(move |(motive, value)| act(month, &[*value], only(*motive)));
        let acts: Vec<ProfiledAct> = of_month(0).chain(of_month(1)).collect();
        let recovery = Recovery::of_run(&acts, &[2]);
        assert_eq!(recovery.ascribed(0), Some([0.75, 0.0, 0.25, 0.0]));
        assert_eq!(recovery.ascribed(2), Some([0.25, 0.0, 0.75, 0.0]));
        assert_eq!(recovery.ascribed(1), None);
    }

    /// An act of 3/4 principle and 1/4 fear adds to both, in learning and in the table.
    #[test]
    fn acts_count_by_their_shares() {
        let mixed = [0.75, 0.0, 0.0, 0.25];
        let acts: Vec<ProfiledAct> = (0..8)
            .flat_map(|month| [act(month, &[0], mixed), act(month, &[1], [0.25, 0.0, 0.0, 0.75])])
            .collect();
        let recovery = Recovery::of_run(&acts, &[2]);
        assert_eq!(recovery.ascribed(0), Some([0.75, 0.0, 0.0, 0.25]));
        assert_eq!(recovery.ascribed(3), Some([0.25, 0.0, 0.0, 0.75]));
    }

    #[test]
    fn one_month_teaches_nothing_about_others() {
        let acts: Vec<ProfiledAct> = (0..10).map(|month| act(month, &[0], only(1))).collect();
        assert_eq!(Recovery::of_run(&acts[..1], &[2]), Recovery::default());
    }
}
