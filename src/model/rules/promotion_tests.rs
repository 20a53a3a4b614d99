//! Tests promotions against values computed by hand.

use super::*;

#[test]
fn ability_is_partly_drawn_anew_in_a_new_rank() {
    let rules = Parameters::default();
    assert!((ability(&rules, 0.5, 2, true, 1.0) - (0.15 + 0.7 * (0.48 + 0.15 + 0.15))).abs() < 1e-12);
    assert_eq!(ability(&rules, 0.0, 1, false, -9.0), 0.0);
    let unchanged = Parameters { ability_carried: 1.0, ..rules };
    assert_eq!(ability(&unchanged, 0.37, 3, true, 2.0), 0.37);
}

#[test]
fn roles_follow_party_and_training() {
    let rules = Parameters::default();
    assert_eq!(role(&rules, true, false, 0.05), Role::Party);
    assert_eq!(role(&rules, true, false, 0.15), Role::Union);
    assert_eq!(role(&rules, false, false, 0.05), Role::Manager);
    assert_eq!(role(&rules, false, true, 0.5), Role::Specialist);
    assert_eq!(role(&rules, false, false, 0.5), Role::Manager);
    assert_eq!(role(&rules, false, false, 0.7), Role::Specialist);
}

#[test]
fn openness_is_promotions_per_post_and_year() {
    let rules = Parameters::default();
    assert!((openness(&rules, 0.2, 3, 24.0) - (0.168 + 0.16 * 1.5)).abs() < 1e-12);
    assert!((openness(&rules, 0.0, 1, 0.2) - 1.92).abs() < 1e-12);
}
