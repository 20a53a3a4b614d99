//! Writes the rungs of the ladder (docs/model.md, B.3) as patches: the model with some of its processes without effect.
//!
//! Each process is switched off by mechanisms and parameters at which it changes nothing that another rule reads. The rungs
//! have the random words of the whole model, so rungs can be compared replicate by replicate.

use std::fmt::Write;

/// The highest rung: the whole model with a schedule.
pub const HIGHEST: u8 = 6;

/// What a rung adds to the one below.
#[derive(Debug)]
pub struct Rung {
    /// What it adds, in words.
    pub adds: &'static str,
    /// Parameters that are set on all rungs below, to the value at which the process has no effect.
    parameters: &'static [(&'static str, f64)],
    /// Mechanisms that are off on all rungs below.
    mechanisms: &'static [&'static str],
}

/// All rungs, from the lowest.
pub static RUNGS: [Rung; HIGHEST as usize + 1] = [
    Rung { adds: "hiring, exits, vacancy chain", parameters: &[], mechanisms: &[] },
    Rung {
        adds: "grievance and effort (R1, R3, R4)",
        parameters: &[
            // Everybody keeps the grievance of entry.
            ("grievance_speed", 0.0),
            // Nobody shirks. The logistic function has no exact zero: at -20 one worker in 5 * 10^8 does.
            ("shirking_intercept", -20.0),
            ("shirking_grievance", 0.0),
            ("shirking_newcomer", 0.0),
            ("union_fairness", 0.0),
            // Nobody quits: the other terms of R4 multiply this one.
            ("quit_base", 0.0),
        ],
        mechanisms: &[],
    },
    Rung {
        adds: "authority, held at its lever, and penalty",
        parameters: &[
            // Authority and penalty reach conduct through these alone, and enforcement (7.1) with them.
            ("shirking_sanction", 0.0),
            ("quit_penalty", 0.0),
            ("quit_law_penalty", 0.0),
        ],
        mechanisms: &[],
    },
    Rung {
        adds: "accusation from principle and temperament",
        // The hazard of every motive is multiplied by it. Sanctions (R6a) follow accusations.
        parameters: &[("accusation_scale", 0.0)],
        mechanisms: &[],
    },
    Rung { adds: "rivalry", parameters: &[], mechanisms: &["rivalry"] },
    Rung {
        adds: "fear, and repression with its quota",
        parameters: &[
            // No arrests are due anywhere.
            ("arrest_plan", 0.0),
            // The ladder does not name purges and elections. Those in power remove people by them as well.
            ("purge_rate", 0.0),
            ("election_intercept", -20.0),
            ("election_grievance", 0.0),
            ("election_suspicion", 0.0),
            ("election_upper", 0.0),
        ],
        // Without arrests a region would count as having fulfilled its quota and raise it.
        mechanisms: &["fear", "quota_ratchet"],
    },
    Rung {
        adds: "feedback on authority, and catharsis",
        // Authority is its lever of the month before. In January 1928 it is `start_authority`.
        parameters: &[("authority_speed", 1.0)],
        mechanisms: &["authority_feedback", "catharsis"],
    },
];

/// Writes a rung of the ladder, from 0 to [`HIGHEST`]. The highest is empty: it is the whole model.
pub fn rung(number: u8) -> String {
    let above = || RUNGS.iter().skip(usize::from(number) + 1);
    let parameters =
        above().flat_map(|rung| rung.parameters).map(|(key, value)| format!("{key} = {value:?}"));
    let mechanisms = above().flat_map(|rung| rung.mechanisms).map(|key| format!("{key} = false"));
    let mut text = String::new();
    for (table, lines) in
        [("parameters", parameters.collect::<Vec<_>>()), ("mechanisms", mechanisms.collect())]
    {
        if !lines.is_empty() {
            let _ = writeln!(text, "[{table}]\n{}", lines.join("\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::simulation::Simulation;
    use crate::model::state::standing::MOTIVE_NAMES;
    use crate::scenario::{Patch, Scenario, Stack, load};

    fn resolved(number: u8) -> Scenario {
        let text = rung(number);
        let size = "[population]\nsize = 1_500\nenterprises = 5\nregions = 2\n";
        let patches =
            [Patch::Text { name: "a rung", text: &text }, Patch::Text { name: "a population", text: size }];
        Stack::load("historical").unwrap().resolve(&patches, None).unwrap()
    }

    #[test]
    fn the_highest_rung_is_the_whole_model() {
        assert_eq!(rung(HIGHEST), "");
        let historical = load("historical", &[]).unwrap();
        let rung = Stack::load("historical").unwrap();
        let rung =
            rung.resolve(&[Patch::Text { name: "a rung", text: &super::rung(HIGHEST) }], None).unwrap();
        assert_eq!(rung.setup(), historical.setup());
    }

    #[test]
    fn each_rung_sets_less_than_the_one_below() {
        for number in 0..HIGHEST {
            let (low, high) = (rung(number), rung(number + 1));
            assert!(high.lines().all(|line| low.lines().any(|other| other == line)), "{number}");
            let (lower, higher) = (resolved(number), resolved(number + 1));
            assert!(!lower.same_substance(&higher), "{number}");
        }
    }

    /// What happens in the whole of a run on a rung: shirkers, quits, accusations, arrests, all demotions, and acts by
    /// motive.
    fn happens(number: u8) -> ([u64; 5], [u64; 4]) {
        let scenario = resolved(number);
        let crate::model::setup::PolicyMode::Schedule(levers) = scenario.setup().policy;
        let mut simulation = Simulation::start(scenario.setup().into(), 1, 1);
        let (mut counts, mut motives) = ([0; 5], [0; 4]);
        while let Some(record) = simulation.month() {
            let demoted = record.losses[1..4].iter().flatten().sum::<u64>();
            for (count, more) in
                counts.iter_mut().zip([record.shirkers, record.quits, record.acts, record.arrests, demoted])
            {
                *count += more;
            }
            for (sum, more) in motives.iter_mut().zip(record.motives) {
                *sum += more;
            }
            // The lever of the month, as smoothed, is what authority becomes at the end of the month.
            let authority = record.authority / record.plant_people as f64;
            let lever = levers[record.month.index()].managerial_authority;
            if number < HIGHEST {
                assert!((authority - lever).abs() < 1e-6, "{number} {}: {authority} {lever}", record.month);
            }
        }
        (counts, motives)
    }

    #[test]
    fn processes_act_from_their_rung_on_and_not_below() {
        let mut before = None;
        for number in 0..=HIGHEST {
            let ([shirkers, quits, acts, arrests, demoted], motives) = happens(number);
            assert_eq!(shirkers > 0, number >= 1, "{number}: {shirkers} shirkers");
            assert_eq!(quits > 0, number >= 1, "{number}: {quits} quits");
            assert_eq!(acts > 0, number >= 3, "{number}: {acts} accusations");
            assert_eq!(demoted > 0, number >= 3, "{number}: {demoted} demotions");
            assert_eq!(arrests > 0, number >= 5, "{number}: {arrests} arrests");
            for (motive, first) in MOTIVE_NAMES.iter().zip([3, 3, 4, 5]) {
                let position = MOTIVE_NAMES.iter().position(|name| name == motive).unwrap();
                assert_eq!(motives[position] > 0, number >= first, "{number}: {motive}");
            }
            let now = Some((shirkers, acts, arrests, motives));
            assert_ne!(before, now, "rung {number}");
            before = now;
        }
    }
}
