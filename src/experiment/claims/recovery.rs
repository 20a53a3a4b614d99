//! Recovers the motives of accusations from their profiles, as an observer of the records could try to (claim C53).
//!
//! The model knows for each accusation which share each motive had in it. An observer sees who accused whom. Here a naive
//! Bayes classifier learns how likely each value of a profile is under each motive, and is then applied to accusations that
//! it has not learnt from: even months teach odd months of the same run, and the reverse. It is a generous observer, since
//! it learns from true motives, which no archive has.

use crate::model::state::standing::MOTIVES;
use crate::model::state::unit::WHOLE_ACT;
use std::collections::BTreeMap;

/// The least common multiple of 1 to [`MOTIVES`]: an act that fits several motives alike is divided among them exactly.
const PARTS: u64 = 12;

/// Acts that are added to every count (Laplace's rule), so that an unseen value is unlikely and not impossible.
const SMOOTHING: f64 = 1.0;

/// Steps of the estimation of shares, far more than it needs.
const STEPS: usize = 500;

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

/// How well the motives of accusations are recovered. Runs are added up by [`Recovery::add`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recovery {
    /// Acts by true and recovered motive, in units of 2^-20/12 of an act.
    confusion: [[u64; MOTIVES]; MOTIVES],
    /// Acts by motive as estimated from the profiles, without classifying any act.
    estimated: [f64; MOTIVES],
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
        let mut profiles: BTreeMap<&[u8], u64> = BTreeMap::new();
        for act in acts {
            let most = likelihoods.most_likely(&act.profile);
            let part = PARTS / most.len() as u64;
            for (row, share) in self.confusion.iter_mut().zip(act.motives) {
                for motive in &most {
                    row[*motive] += u64::from(share) * part;
                }
            }
            *profiles.entry(&act.profile).or_default() += 1;
        }
        let shares = unmixed(likelihoods, &profiles);
        for (sum, share) in self.estimated.iter_mut().zip(shares) {
            *sum += share * acts.len() as f64;
        }
    }

    /// Adds the acts of another run.
    pub fn add(&mut self, other: &Recovery) {
        for (row, other) in self.confusion.iter_mut().zip(&other.confusion) {
            for (cell, other) in row.iter_mut().zip(other) {
                *cell += other;
            }
        }
        for (sum, other) in self.estimated.iter_mut().zip(&other.estimated) {
            *sum += other;
        }
    }

    /// Number of acts that were recovered.
    pub fn acts(&self) -> f64 {
        self.confusion.iter().flatten().sum::<u64>() as f64 / (PARTS * u64::from(WHOLE_ACT)) as f64
    }

    /// For each true motive, the shares of its acts by recovered motive; zeros for a motive without acts.
    pub fn confusion(&self) -> [[f64; MOTIVES]; MOTIVES] {
        self.confusion.map(|row| {
            let sum: u64 = row.iter().sum();
            row.map(|cell| if sum == 0 { 0.0 } else { cell as f64 / sum as f64 })
        })
    }

    /// The share of a motive's acts that are recovered as that motive; `None` without such acts.
    pub fn recall(&self, motive: usize) -> Option<f64> {
        let row = self.confusion[motive];
        let sum: u64 = row.iter().sum();
        (sum > 0).then(|| row[motive] as f64 / sum as f64)
    }

    /// The mean recall of the motives that have acts: .25 by chance with four. `None` without acts.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        let recalls: Vec<f64> = (0..MOTIVES).filter_map(|motive| self.recall(motive)).collect();
        (!recalls.is_empty()).then(|| recalls.iter().sum::<f64>() / recalls.len() as f64)
    }

    /// The true shares of the motives in all acts; `None` without acts.
    pub fn true_shares(&self) -> Option<[f64; MOTIVES]> {
        shares(self.confusion.map(|row| row.iter().sum::<u64>() as f64))
    }

    /// The shares of the motives as estimated from the profiles alone; `None` without acts.
    pub fn estimated_shares(&self) -> Option<[f64; MOTIVES]> {
        shares(self.estimated)
    }
}

fn shares(sums: [f64; MOTIVES]) -> Option<[f64; MOTIVES]> {
    let whole: f64 = sums.iter().sum();
    (whole > 0.0).then(|| sums.map(|sum| sum / whole))
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

/// The shares of the motives under which the profiles are most likely, by expectation and maximisation: each profile is
/// divided among the motives in proportion to share times likelihood, and the shares become the sums. The likelihoods stay.
fn unmixed(likelihoods: &Likelihoods, profiles: &BTreeMap<&[u8], u64>) -> [f64; MOTIVES] {
    let rows: Vec<([f64; MOTIVES], f64)> = profiles
        .iter()
        .map(|(profile, count)| {
            let logs = likelihoods.of_profile(profile);
            let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (logs.map(|log| libm::exp(log - most)), *count as f64)
        })
        .collect();
    let acts: f64 = rows.iter().map(|(_, count)| count).sum();
    let mut shares = [1.0 / MOTIVES as f64; MOTIVES];
    for _ in 0..STEPS {
        let mut next = [0.0; MOTIVES];
        for (likelihoods, count) in &rows {
            let weights: [f64; MOTIVES] = std::array::from_fn(|motive| shares[motive] * likelihoods[motive]);
            let sum: f64 = weights.iter().sum();
            for (next, weight) in next.iter_mut().zip(weights) {
                *next += count * weight / sum;
            }
        }
        shares = next.map(|sum| sum / acts);
    }
    shares
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
            assert_eq!(recovery.confusion()[motive], only(motive));
        }
        assert_eq!((recovery.balanced_accuracy(), recovery.acts()), (Some(1.0), 400.0));
        assert_eq!(recovery.true_shares(), Some([0.25; MOTIVES]));
        for share in recovery.estimated_shares().unwrap() {
            assert!((share - 0.25).abs() < 0.01, "{share}");
        }
    }

    #[test]
    fn equal_profiles_give_chance() {
        let acts: Vec<ProfiledAct> =
            (0..40).map(|number| act(number, &[0], only(usize::from(number % 8 / 2)))).collect();
        let recovery = Recovery::of_run(&acts, &[1]);
        assert_eq!(recovery.confusion(), [[0.25; MOTIVES]; MOTIVES]);
        assert_eq!(recovery.balanced_accuracy(), Some(0.25));
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
        assert_eq!(recovery.confusion()[0], [0.75, 0.0, 0.25, 0.0]);
        assert_eq!(recovery.confusion()[2], [0.25, 0.0, 0.75, 0.0]);
        assert_eq!(recovery.confusion()[1], [0.0; MOTIVES]);
        assert_eq!((recovery.recall(0), recovery.recall(1)), (Some(0.75), None));
        assert_eq!(recovery.balanced_accuracy(), Some(0.75));
        assert_eq!(recovery.true_shares(), Some([0.5, 0.0, 0.5, 0.0]));
    }

    /// An act of 3/4 principle and 1/4 fear adds to both, in learning and in the table.
    #[test]
    fn acts_count_by_their_shares() {
        let mixed = [0.75, 0.0, 0.0, 0.25];
        let acts: Vec<ProfiledAct> = (0..8)
            .flat_map(|month| [act(month, &[0], mixed), act(month, &[1], [0.25, 0.0, 0.0, 0.75])])
            .collect();
        let recovery = Recovery::of_run(&acts, &[2]);
        assert_eq!(recovery.confusion()[0], [0.75, 0.0, 0.0, 0.25]);
        assert_eq!(recovery.confusion()[3], [0.25, 0.0, 0.0, 0.75]);
        assert_eq!(recovery.acts(), 16.0);
    }

    /// Two motives with values 0 and 1 at .8/.2 and .2/.8, in equal numbers in the months that teach. Of 1000 acts with
    /// shares .9 and .1, .8 * .9 + .2 * .1 = .74 have value 0, which no other shares explain.
    #[test]
    fn shares_are_estimated_from_profiles_alone() {
        let whole = |motive: usize, zeros: usize, ones: usize, month: u16| {
            let values = [(0_u8, zeros), (1, ones)];
            values.into_iter().flat_map(move |(value, count)| {
                std::iter::repeat_with(move || act(month, &[value], only(motive))).take(count)
            })
        };
        let teach: Vec<ProfiledAct> = whole(0, 8_000, 2_000, 0).chain(whole(2, 2_000, 8_000, 0)).collect();
        let recover: Vec<ProfiledAct> = whole(0, 720, 180, 1).chain(whole(2, 20, 80, 1)).collect();
        let likelihoods = Likelihoods::of(&teach.iter().collect::<Vec<_>>(), &[2]);
        let mut recovery = Recovery::default();
        recovery.recover(&likelihoods, &recover.iter().collect::<Vec<_>>());
        let shares = recovery.estimated_shares().unwrap();
        // The motives without acts, for which both values are equally likely, are mixtures of the two.
        let (zeros, expected) = (0.8 * shares[0] + 0.2 * shares[2] + 0.5 * (shares[1] + shares[3]), 0.74);
        assert!((zeros - expected).abs() < 1e-3, "{shares:?}");
        assert!(shares[0] > shares[2], "{shares:?}");
        assert_eq!(recovery.true_shares(), Some([0.9, 0.0, 0.1, 0.0]));
    }

    #[test]
    fn runs_are_added_up() {
        let acts: Vec<ProfiledAct> = (0..10).map(|month| act(month, &[0], only(1))).collect();
        let one = Recovery::of_run(&acts, &[2]);
        let mut sum = Recovery::default();
        assert_eq!((sum.balanced_accuracy(), sum.true_shares()), (None, None));
        sum.add(&one);
        sum.add(&one);
        assert_eq!((sum.acts(), sum.confusion()), (20.0, one.confusion()));
        // One month alone teaches nothing about others.
        assert_eq!(Recovery::of_run(&acts[..1], &[2]), Recovery::default());
    }
}
