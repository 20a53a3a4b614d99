//! Writes the patches of conditions: judgements varied, null models, and mechanisms switched off.
//!
//! Each function returns a text in TOML for [`crate::scenario::Patch::Text`]. Tracks are written as steps before smoothing.

use std::fmt::Write;

use super::draws::Keyed;
use crate::engine::calendar::Month;
use crate::model::levers::LEVERS;
use crate::model::parameters::{Parameters, SHARES, Shares, parameter};
use crate::scenario::claims::Robustness;
use crate::scenario::{Scenario, Track};

/// The judged lever that null n1 does not permute: hardship is what happened to people, and no policy that could have come
/// at another time.
const NOT_PERMUTED: &str = "hardship";

/// Draws of a group of shares before one that exceeds 1 is kept, for the resolver to report.
const ATTEMPTS: usize = 10_000;

/// Writes judged levers shifted and turns of policy moved.
///
/// Every judged lever is shifted in every phase by its own draw, uniform between `-shift` and `shift`, and held between 0
/// and 1. Every turn, which is the beginning of a phase but the first, is moved by a whole number of months, at most
/// `turn_months` either way; the draw is the same for all judged levers. Months between the old and the new turn take the
/// value of the nearest month of the phase to which they now belong. A phase keeps at least one month.
pub fn jitter(base: &Scenario, robustness: &Robustness, seed: u64, draw: u32) -> String {
    let draws = Keyed::new(seed, "jitter", draw);
    let starts = moved_turns(base, robustness.turn_months, &draws);
    let mut text = String::new();
    for (key, track) in named(base, &robustness.judged_levers) {
        let shifts: Vec<f64> = (0..starts.len())
            .map(|phase| robustness.shift * (2.0 * draws.uniform(key, phase) - 1.0))
            .collect();
        let values = Month::all().map(|month| {
            let phase = starts.partition_point(|start| *start <= month) - 1;
            let nearest = month.clamp(base.phases[phase].from, base.phase_end(phase));
            (track.values[nearest.index()] + shifts[phase]).clamp(0.0, 1.0)
        });
        write_track(&mut text, key, values.collect());
    }
    text
}

/// The first month of each phase, with the turns moved.
fn moved_turns(base: &Scenario, most: u32, draws: &Keyed) -> Vec<Month> {
    let phases = base.phases.len();
    let mut starts: Vec<Month> = Vec::with_capacity(phases);
    for (position, phase) in base.phases.iter().enumerate() {
        let Some(before) = starts.last() else {
            starts.push(Month::FIRST);
            continue;
        };
        let months = draws.whole("turn", position, -i64::from(most), i64::from(most));
        // The phases before and after keep a month each. There are at most as many phases as months.
        let (least, last) = (i64::from(before.0) + 1, (Month::COUNT - (phases - position)) as i64);
        let moved = (i64::from(phase.from.0) + months).clamp(least, last);
        starts.push(Month(moved as u16));
    }
    starts
}

/// Writes null n1: the judged levers except `hardship`, and the permuted levers, permuted among the phases.
///
/// Each of these levers is replaced by its means over the phases, which are permuted among the phases, independently of
/// the other levers. It is constant within a phase. Events stay.
pub fn permuted(base: &Scenario, robustness: &Robustness, seed: u64, permutation: u32) -> String {
    let draws = Keyed::new(seed, "permuted", permutation);
    let mut keys: Vec<String> = permuted_levers(robustness).cloned().collect();
    keys.sort_unstable();
    keys.dedup();
    let mut text = String::new();
    for (key, track) in named(base, &keys) {
        let means = phase_means(base, track);
        let order = draws.permutation(key, means.len());
        let of_phase: Vec<f64> = order.into_iter().map(|phase| means[phase]).collect();
        write_phases(&mut text, base, key, &of_phase);
    }
    text
}

/// Whether null n1 permutes any lever.
pub fn permutes(robustness: &Robustness) -> bool {
    permuted_levers(robustness).next().is_some()
}

fn permuted_levers(robustness: &Robustness) -> impl Iterator<Item = &String> {
    let judged = robustness.judged_levers.iter().filter(|key| *key != NOT_PERMUTED);
    judged.chain(&robustness.permuted_levers)
}

/// Writes judged parameters drawn from the ranges of the prior, uniformly and independently.
///
/// Parameters that are whole are drawn from the whole numbers of the range. Parameters that are shares of one whole are
/// drawn anew together until they add up to at most 1, with those that have no range at the value of the base.
pub fn prior(base: &Scenario, robustness: &Robustness, seed: u64, draw: u32) -> String {
    let draws = Keyed::new(seed, "prior", draw);
    let mut parameters = base.parameters.clone();
    draw_parameters(&mut parameters, &robustness.prior, &draws, 0, |_| true);
    for shares in SHARES {
        let of_group = |key: &str| shares.keys.contains(&key);
        for attempt in 1..ATTEMPTS {
            if !drawn_too_large(shares, &robustness.prior, &parameters) {
                break;
            }
            draw_parameters(&mut parameters, &robustness.prior, &draws, attempt, of_group);
        }
    }
    let mut text = String::from("[parameters]\n");
    for (key, ..) in &robustness.prior {
        if let Some(info) = parameter(key) {
            let _ = writeln!(text, "{key} = {:?}", (info.get)(&parameters));
        }
    }
    text
}

fn drawn_too_large(shares: &Shares, prior: &[(String, f64, f64)], parameters: &Parameters) -> bool {
    prior.iter().any(|(key, ..)| shares.keys.contains(&key.as_str())) && shares.exceed_one(parameters)
}

fn draw_parameters(
    parameters: &mut Parameters,
    prior: &[(String, f64, f64)],
    draws: &Keyed,
    attempt: usize,
    chosen: impl Fn(&str) -> bool,
) {
    for (key, low, high) in prior.iter().filter(|(key, ..)| chosen(key)) {
        let Some(info) = parameter(key) else { continue };
        let value = if info.is_whole() {
            draws.whole(key, attempt, low.ceil() as i64, high.floor() as i64) as f64
        } else {
            low + draws.uniform(key, attempt) * (high - low)
        };
        (info.set)(parameters, value.clamp(info.valid.0, info.valid.1));
    }
}

/// Writes null n0: no accusations.
pub fn no_accusations() -> String {
    "[parameters]\naccusation_scale = 0.0\n".to_owned()
}

/// Writes null n5: the official image of the enemy has no influence on whom people accuse.
pub fn no_image() -> String {
    "[parameters]\nimage_weight = 0.0\n".to_owned()
}

/// Writes mechanisms switched off.
pub fn without(mechanisms: &[String]) -> String {
    let mut text = String::from("[mechanisms]\n");
    for key in mechanisms {
        let _ = writeln!(text, "{key} = false");
    }
    text
}

/// The mean of a track over each phase, before smoothing.
pub(super) fn phase_means(scenario: &Scenario, track: &Track) -> Vec<f64> {
    (0..scenario.phases.len())
        .map(|phase| {
            let months = scenario.phases[phase].from.index()..=scenario.phase_end(phase).index();
            let values = &track.values[months];
            values.iter().sum::<f64>() / values.len() as f64
        })
        .collect()
}

/// Levers by key with their tracks, in the order of the table. Unknown keys are passed over: the reader of the file has
/// refused them.
fn named<'a>(scenario: &'a Scenario, keys: &'a [String]) -> impl Iterator<Item = (&'static str, &'a Track)> {
    let all = LEVERS.iter().zip(&scenario.tracks);
    all.filter(|(info, _)| keys.iter().any(|key| key == info.key)).map(|(info, track)| (info.key, track))
}

/// Writes a lever that is constant within each phase.
pub(super) fn write_phases(text: &mut String, scenario: &Scenario, key: &str, of_phase: &[f64]) {
    let values = Month::all().map(|month| {
        let phase = scenario.phases.partition_point(|phase| phase.from <= month) - 1;
        of_phase[phase].clamp(0.0, 1.0)
    });
    write_track(text, key, values.collect());
}

fn write_track(text: &mut String, key: &str, values: Vec<f64>) {
    let track = Track { values, source: None };
    let steps: Vec<String> =
        track.steps().iter().map(|(month, value)| format!("[\"{month}\", {value:?}]")).collect();
    let _ = writeln!(text, "[levers.{key}]\nsteps = [{}]", steps.join(", "));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::PARAMETERS;
    use crate::scenario::{Patch, Stack, load};

    fn robustness() -> Robustness {
        let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        Robustness {
            judged_levers: LEVERS.iter().filter(|info| info.judged).map(|info| info.key.to_owned()).collect(),
            permuted_levers: keys(&["repression", "purge"]),
            shift: 0.15,
            turn_months: 3,
            prior: PARAMETERS
                .iter()
                .filter_map(|info| info.prior.map(|(low, high)| (info.key.to_owned(), low, high)))
                .collect(),
        }
    }

    fn historical() -> Scenario {
        load("historical", &[]).unwrap()
    }

    fn resolved(text: &str) -> Scenario {
        Stack::load("historical").unwrap().resolve(&[Patch::Text { name: "a layer", text }], None).unwrap()
    }

    #[test]
    fn jitter_without_shift_and_turn_is_the_base() {
        let still = Robustness { shift: 0.0, turn_months: 0, ..robustness() };
        let base = historical();
        assert_eq!(resolved(&jitter(&base, &still, 1, 0)).setup(), base.setup());
    }

    #[test]
    fn jitter_shifts_each_judged_lever_by_phase_and_moves_turns_together() {
        let (base, robustness) = (historical(), robustness());
        let starts: Vec<usize> = base.phases.iter().map(|phase| phase.from.index()).collect();
        let mut moved = std::collections::BTreeSet::new();
        for draw in 0..40 {
            let scenario = resolved(&jitter(&base, &robustness, 7, draw));
            let turns = moved_turns(&base, 3, &Keyed::new(7, "jitter", draw));
            moved.insert(turns[1].index() as i64 - starts[1] as i64);
            for (position, info) in LEVERS.iter().enumerate() {
                let (old, new) = (&base.tracks[position].values, &scenario.tracks[position].values);
                if !info.judged {
                    assert_eq!(old, new, "{}", info.key);
                    continue;
                }
                let mut shifts = Vec::new();
                for phase in 0..5 {
                    // Months that belong to the phase before and after turns have moved.
                    let first = starts[phase].max(turns[phase].index());
                    let last = base.phase_end(phase).index();
                    let last = turns.get(phase + 1).map_or(last, |next| last.min(next.index() - 1));
                    for month in first..=last {
                        let shift = new[month] - old[month];
                        assert!(shift.abs() <= 0.15 + 1e-12, "{} {month}: {shift}", info.key);
                        if 0.0 < new[month] && new[month] < 1.0 {
                            shifts.push((phase, shift));
                        }
                    }
                    // Months that the phase has gained take the value at its old edge.
                    for month in turns[phase].index()..starts[phase] {
                        assert_eq!(new[month], new[starts[phase]], "{} {month}", info.key);
                    }
                }
                for pair in shifts.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                    assert!((pair[0].1 - pair[1].1).abs() < 1e-12, "{} {pair:?}", info.key);
                }
            }
        }
        assert_eq!(moved.into_iter().collect::<Vec<_>>(), [-3, -2, -1, 0, 1, 2, 3]);
    }

    #[test]
    fn draws_of_the_jitter_differ_and_repeat() {
        let (base, robustness) = (historical(), robustness());
        let text = |seed, draw| jitter(&base, &robustness, seed, draw);
        assert_eq!(text(1, 0), text(1, 0));
        assert!(text(1, 0) != text(1, 1) && text(1, 0) != text(2, 0));
        // A lever that is left out changes nothing about the others.
        let fewer = Robustness {
            judged_levers: vec!["criticism".to_owned(), "penalty".to_owned()],
            ..robustness.clone()
        };
        let few = jitter(&base, &fewer, 1, 0);
        assert!(few.split_inclusive("]]\n").all(|lever| text(1, 0).contains(lever)), "{few}");
    }

    #[test]
    fn turns_keep_a_month_for_every_phase() {
        let mut base = historical();
        let months = ["1928-01", "1928-02", "1928-03", "1941-05", "1941-06"];
        for (phase, month) in base.phases.iter_mut().zip(months) {
            phase.from = month.parse().unwrap();
        }
        for draw in 0..200 {
            let turns = moved_turns(&base, 12, &Keyed::new(1, "jitter", draw));
            assert!(turns[0] == Month::FIRST && turns[4] <= Month::LAST, "{turns:?}");
            assert!(turns.windows(2).all(|pair| pair[0] < pair[1]), "{turns:?}");
            resolved(&jitter(&base, &robustness(), 1, draw));
        }
    }

    /// Repression, as set: the months of 1937-08 to 1938-11 weigh most. Terror: (7 x .18 + 5 x 1 + 10 x .26) / 22.
    #[test]
    fn permuted_levers_are_their_phase_means_in_another_order() {
        let (base, robustness) = (historical(), robustness());
        let position = LEVERS.iter().position(|info| info.key == "repression").unwrap();
        let means = phase_means(&base, &base.tracks[position]);
        assert!((means[3] - (7.0 * 0.18 + 5.0 + 10.0 * 0.26) / 22.0).abs() < 1e-12, "{means:?}");
        let mut orders = std::collections::BTreeSet::new();
        for permutation in 0..20 {
            let scenario = resolved(&permuted(&base, &robustness, 1, permutation));
            for (position, info) in LEVERS.iter().enumerate() {
                let (old, new) = (&base.tracks[position], &scenario.tracks[position]);
                let acts =
                    (info.judged && info.key != "hardship") || ["repression", "purge"].contains(&info.key);
                if !acts {
                    assert_eq!(old.values, new.values, "{}", info.key);
                    continue;
                }
                let (mut before, mut after) = (phase_means(&base, old), phase_means(&base, new));
                for phase in 0..5 {
                    let months = base.phases[phase].from.index()..=base.phase_end(phase).index();
                    assert!(new.values[months].windows(2).all(|pair| pair[0] == pair[1]), "{}", info.key);
                }
                if info.key == "repression" {
                    orders.insert(after.iter().map(|mean| (mean * 1e6) as i64).collect::<Vec<_>>());
                }
                before.sort_by(f64::total_cmp);
                after.sort_by(f64::total_cmp);
                assert!(
                    before.iter().zip(&after).all(|(one, other)| (one - other).abs() < 1e-12),
                    "{}",
                    info.key
                );
            }
            assert_eq!(scenario.events, base.events);
        }
        assert!(orders.len() > 15, "{}", orders.len());
    }

    #[test]
    fn priors_stay_in_their_ranges_and_shares_fit() {
        let (base, robustness) = (historical(), robustness());
        let mut sums = vec![0.0; robustness.prior.len()];
        for draw in 0..300 {
            let parameters = resolved(&prior(&base, &robustness, 1, draw)).parameters;
            for ((key, low, high), sum) in robustness.prior.iter().zip(&mut sums) {
                let info = parameter(key).unwrap();
                let value = (info.get)(&parameters);
                assert!(
                    (*low..=*high).contains(&value) && (!info.is_whole() || value.fract() == 0.0),
                    "{key}"
                );
                *sum += (value - low) / (high - low) / 300.0;
            }
            let untouched = PARAMETERS.iter().filter(|info| info.prior.is_none());
            for info in untouched {
                assert_eq!((info.get)(&parameters), (info.get)(&Parameters::default()), "{}", info.key);
            }
        }
        // The mean of 300 uniforms lies within five standard errors, .083, of a half. Shares are drawn anew.
        for ((key, ..), mean) in robustness.prior.iter().zip(sums) {
            let share = SHARES.iter().any(|shares| shares.keys.contains(&key.as_str()));
            assert!(share || (0.417..0.583).contains(&mean), "{key}: {mean}");
        }
    }

    #[test]
    fn shares_are_drawn_until_they_fit_with_those_of_the_base() {
        let settings = ["parameters.meeting_brigade=0.6", "parameters.meeting_superior=0.2"];
        let base = load("historical", &settings.map(str::to_owned)).unwrap();
        let prior_of = |ranges: &[(&str, f64, f64)]| Robustness {
            prior: ranges.iter().map(|(key, low, high)| ((*key).to_owned(), *low, *high)).collect(),
            ..Robustness::default()
        };
        let robustness = prior_of(&[("meeting_superior", 0.0, 1.0)]);
        for draw in 0..50 {
            let text = prior(&base, &robustness, 1, draw);
            let value: f64 = text.trim_end().rsplit(' ').next().unwrap().parse().unwrap();
            // .6 + .15 are taken.
            assert!(value <= 0.25 + 1e-9, "{text}");
        }
        // A range that cannot fit is left to the resolver, which names the shares.
        let text = prior(&base, &prior_of(&[("meeting_superior", 0.5, 0.6)]), 1, 0);
        assert!(text.starts_with("[parameters]\nmeeting_superior = 0.5"), "{text}");
    }

    #[test]
    fn nulls_and_mechanisms_set_what_they_say() {
        assert_eq!(resolved(&no_accusations()).parameters.accusation_scale, 0.0);
        assert_eq!(resolved(&no_image()).parameters.image_weight, 0.0);
        let scenario = resolved(&without(&["fear".to_owned(), "rivalry".to_owned()]));
        assert!(!scenario.mechanisms.fear && !scenario.mechanisms.rivalry && scenario.mechanisms.catharsis);
    }
}
