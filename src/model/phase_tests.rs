//! Tests measures of a phase against values computed by hand.

use super::*;
use crate::engine::maths::fixed;

/// Returns the value of a measure of a phase.
fn value(phase: &PhaseRecord, key: &str) -> Option<f64> {
    let measure = PHASE_MEASURES.iter().find(|measure| measure.key == key).expect("a measure of a phase");
    (measure.value)(phase).number()
}

/// Returns a phase of one month.
fn phase(month: &MonthRecord) -> PhaseRecord {
    let mut phase = PhaseRecord::default();
    phase.add(month);
    phase
}

fn close(phase: &PhaseRecord, key: &str, expected: f64) {
    let value = value(phase, key).expect(key);
    assert!((value - expected).abs() < 1e-12, "{key}: {value}, not {expected}");
}

#[test]
fn hazards_of_bosses_are_per_person_month() {
    let mut month = MonthRecord { acts: 33, ..MonthRecord::default() };
    month.people_by_rank = [1000, 100, 40, 8, 2];
    month.bosses_by_ambition = [30, 40, 80];
    month.bosses_by_ability = [50, 50, 50];
    // Candidates by rank of the post: 60 foremen, 40 shop heads (so that no others are left) and 4 directors.
    month.candidates = [0, 500, 60, 40, 4];
    month.targets = Targets {
        acts: 33,
        by_class: [2, 3, 10, 4, 4, 10],
        by_rank: [14, 10, 5, 3, 1],
        by_ambition: [2, 5, 12],
        by_ability: [4, 5, 10],
        candidates: [9, 8, 5, 2, 0],
        workers_by_workers: 11,
        ..Targets::default()
    };
    month.chance_targets =
        Targets { acts: 30, by_rank: [25, 3, 1, 1, 0], by_ambition: [1, 2, 2], ..Targets::default() };
    let phase = phase(&month);
    close(&phase, "accusations_of_bosses_per_1000", 12_000.0 * 19.0 / 1150.0);
    close(&phase, "accusations_worker_on_worker_per_1000", 12_000.0 * 11.0 / 1150.0);
    close(&phase, "hazard_ratio_ambitious", (12.0 / 80.0) / (2.0 / 30.0));
    close(&phase, "hazard_ratio_able", 2.5);
    // Foremen: 8 of 60 candidates against 2 of 40 others. Directors: 2 of 4 against 1 of 4. All shop heads are candidates.
    close(&phase, "hazard_ratio_candidates", (8.0 + 2.0) / (60.0 * 2.0 / 40.0 + 4.0 * 1.0 / 4.0));
    let by_chance = phase.with_chance_targets();
    close(&by_chance, "accusations_of_bosses_per_1000", 12_000.0 * 5.0 / 1150.0);
    close(&by_chance, "hazard_ratio_ambitious", (2.0 / 80.0) / (1.0 / 30.0));
    assert_eq!(value(&by_chance, "accusations_per_1000"), value(&phase, "accusations_per_1000"));
    assert_eq!((phase.targets().acts, phase.chance_targets().acts), (33, 30));
}

#[test]
fn the_promoted_are_compared_with_the_candidates_of_the_month() {
    let sum = |values: &[f32]| values.iter().map(|&value| u64::from(fixed(value))).sum::<u64>();
    let mut month = MonthRecord::default();
    month.candidates[2] = 3;
    month.candidate_ability[2] = sum(&[0.25, 0.5, 0.75]);
    month.promotions = [0, 7, 2, 1, 0];
    month.promoted_ability = [0, 0, sum(&[0.5, 0.75]), sum(&[1.0]), 0];
    // The promotion to rank 3, for which there were no candidates at the roll call, is left out.
    close(&phase(&month), "promoted_ability_gap", (0.0 + 0.25) / 2.0);
    assert_eq!(value(&phase(&MonthRecord::default()), "promoted_ability_gap"), None);
}

#[test]
fn recent_recruits_are_compared_with_older_members() {
    let month =
        MonthRecord { expelled: 9, expelled_recent: 6, exposed_to_purge: [20, 40], ..MonthRecord::default() };
    // 6 of 20 against 3 of 40.
    close(&phase(&month), "recent_expulsion_ratio", 4.0);
    assert_eq!(value(&phase(&MonthRecord::default()), "recent_expulsion_ratio"), None);
}

#[test]
fn openings_are_losses_and_growth() {
    let mut month = MonthRecord { posts_added: 6, ..MonthRecord::default() };
    month.losses[Cause::Arrest as usize][1] = 1;
    month.losses[Cause::Natural as usize][3] = 1;
    close(&phase(&month), "replacement_share", 0.25);
}

#[test]
fn the_popular_image_of_bosses_is_compared_with_their_number() {
    let mut month = MonthRecord { former_bosses: 20, ..MonthRecord::default() };
    month.people_by_rank = [900, 60, 30, 8, 2];
    month.images.popular = Some([0.3, 0.1, 0.2, 0.1, 0.0, 0.3]);
    // 80 of 1000 people are new specialists, managers and officials.
    close(&phase(&month), "popular_image_bosses_ratio", 0.4 / 0.08);
}
