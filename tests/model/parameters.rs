//! Every parameter, lever and switch does something, and switches remove just their mechanism.
//!
//! One case for each row of the tables, so that a parameter that a rule stops reading is found by its key.

use std::sync::Arc;

use kadry::engine::calendar::Month;
use kadry::model::fast::society::Society;
use kadry::model::levers::LEVERS;
use kadry::model::mechanisms::MECHANISMS;
use kadry::model::mechanisms::mechanism;
use kadry::model::parameters::PARAMETERS;
use kadry::model::parameters::ParameterInfo;
use kadry::model::parameters::Parameters;
use kadry::model::parameters::parameter;
use kadry::model::record::MonthRecord;
use kadry::model::setup::PolicyMode;
use kadry::model::setup::Setup;
use rayon::prelude::*;

use super::{MONTHS, change_lever, everybody, first_difference, historical, live, start};

fn small() -> Setup {
    historical(2000, 15, 3).setup()
}

/// The first month in which a setup's records differ from those expected, living no longer than that.
fn parts_from(expected: &[MonthRecord], setup: Setup) -> Option<Month> {
    let mut society = start(Arc::new(setup), 1, 1);
    expected.iter().find(|expected| society.month() != **expected).map(|record| record.month)
}

/// Other valid values: half-way from the default to the farther end of the prior range, and to the nearer one, unless
/// the default is that end; a quarter more or less for a scale.
fn others(info: &ParameterInfo) -> Vec<f64> {
    let (low, high) = info.prior.unwrap_or((0.5 * info.default, 1.5 * info.default));
    let mut others = vec![0.5 * (info.default + low), 0.5 * (info.default + high)];
    if info.default - low < high - info.default {
        others.reverse();
    }
    if info.is_whole() {
        others.iter_mut().for_each(|other| *other = other.round());
    }
    others.retain(|other| *other != info.default);
    others
}

/// The historical setup of a size; for a parameter that could not act in it, with what it takes to act.
fn setup_for(key: Option<&str>, (size, enterprises, regions): (u64, u32, u32)) -> Setup {
    let mut scenario = historical(size, enterprises, regions);
    if key == Some("election_vigilance") {
        // In the months of the elections vigilance is at 1, above any value of the parameter.
        change_lever(&mut scenario, "vigilance", 105, 123, |_| 0.65);
    }
    if key == Some("recruitment_suspicion_ceiling") {
        // While people are much suspected the party hardly recruits, and not those who have just been expelled: in
        // so small countries nobody so suspected is near to joining.
        change_lever(&mut scenario, "party_recruitment", 100, 130, |_| 1.0);
    }
    scenario.setup()
}

#[test]
fn every_parameter_changes_the_records() {
    // In the smallest country few officials stand for election and quotas rise little: what acts through them alone is
    // looked for in a larger one. The ceiling of the belief in punishment is reached in small regions alone, of which
    // the largest country has many.
    let sizes = [(2000, 15, 3), (16_000, 60, 6), (40_000, 200, 100)];
    let expected = sizes.map(|size| live(&Arc::new(setup_for(None, size)), 1, 1, MONTHS));
    let special: Vec<_> = ["election_vigilance", "recruitment_suspicion_ceiling"]
        .map(|key| (key, sizes.map(|size| live(&Arc::new(setup_for(Some(key), size)), 1, 1, MONTHS))))
        .into();
    let first: Vec<_> = PARAMETERS
        .par_iter()
        .map(|info| {
            let special = special.iter().find(|(key, _)| *key == info.key);
            let expected = special.map_or(&expected, |(_, expected)| expected);
            for (size, expected) in sizes.into_iter().zip(expected) {
                for value in others(info) {
                    assert!(info.valid.0 <= value && value <= info.valid.1, "{}", info.key);
                    let mut setup = setup_for(Some(info.key), size);
                    (info.set)(&mut setup.parameters, value);
                    if let Some(month) = parts_from(expected, setup) {
                        return (info.key, Some((month, size.0)));
                    }
                }
            }
            (info.key, None)
        })
        .collect();
    let without: Vec<_> = first.iter().filter(|(_, found)| found.is_none()).map(|(key, _)| key).collect();
    assert!(without.is_empty(), "these parameters change nothing: {without:?}");
    let late: Vec<String> = first
        .iter()
        .filter_map(|(key, found)| found.map(|(month, size)| (key, month, size)))
        .filter(|(_, month, _)| month.0 > 0)
        .map(|(key, month, size)| format!("{key} {month} ({size} people)"))
        .collect();
    println!("{} parameters; those that do not act in the first month: {}", first.len(), late.join(", "));
}

#[test]
fn every_lever_changes_the_records_but_that_of_the_adaptive_leadership() {
    let expected = live(&Arc::new(small()), 1, 1, MONTHS);
    for info in LEVERS {
        let mut scenario = historical(2000, 15, 3);
        // By half of the range, over three years: a smaller change of quit_law is hidden by the larger of two terms.
        change_lever(
            &mut scenario,
            info.key,
            24,
            59,
            |value| if value < 0.5 { value + 0.5 } else { value - 0.5 },
        );
        let first = parts_from(&expected, scenario.setup());
        if info.key == "threat" {
            // Read by the adaptive leadership alone, which does not exist yet.
            assert_eq!(first, None, "threat acts: the test has to learn of what reads it");
        } else {
            let first = first.unwrap_or_else(|| panic!("{} changes nothing", info.key));
            assert!(first >= Month(24), "{} acts before its change, in {first}", info.key);
        }
    }
}

/// The setup with a switch off.
fn without(key: &str) -> Setup {
    let mut setup = historical(4000, 30, 6).setup();
    let info = mechanism(key).unwrap_or_else(|| panic!("no switch {key}"));
    (info.set)(&mut setup.mechanisms, false);
    setup
}

/// The setup with some parameters at other values.
fn with_parameters(values: &[(&str, f64)]) -> Setup {
    let mut setup = historical(4000, 30, 6).setup();
    set(&mut setup.parameters, values);
    setup
}

fn set(parameters: &mut Parameters, values: &[(&str, f64)]) {
    for (key, value) in values {
        let info = parameter(key).unwrap_or_else(|| panic!("no parameter {key}"));
        (info.set)(parameters, *value);
    }
}

fn records(setup: Setup) -> Vec<MonthRecord> {
    live(&Arc::new(setup), 1, 1, MONTHS)
}

/// Lives through the calendar and looks at the society after every month; gives the records.
fn watch(setup: Setup, mut look: impl FnMut(&Society, &MonthRecord)) -> Vec<MonthRecord> {
    let mut society = start(Arc::new(setup), 1, 1);
    (0..MONTHS)
        .map(|_| {
            let record = society.month();
            look(&society, &record);
            record
        })
        .collect()
}

#[test]
fn every_switch_changes_the_records() {
    let expected = live(&Arc::new(small()), 1, 1, MONTHS);
    for info in MECHANISMS {
        let mut setup = small();
        (info.set)(&mut setup.mechanisms, false);
        assert!(parts_from(&expected, setup).is_some(), "{} changes nothing", info.key);
    }
    assert_eq!(MECHANISMS.len(), 14);
}

#[test]
fn switches_of_coefficients_equal_the_coefficients_at_zero() {
    let cases: &[(&str, &[&str])] = &[
        ("fear", &["motive_fear", "fear_of_arrests", "fear_of_suspicion"]),
        ("catharsis", &["catharsis_weight"]),
        ("authority_feedback", &["authority_loss_accusation", "authority_loss_removal"]),
        ("moral_exposure", &["moral_exposure"]),
        ("group_mobility", &["tunnel_weight", "resentment_weight"]),
        ("siege_discount", &["siege_discount"]),
        ("norm_drift", &["norm_drift"]),
        ("rivalry", &["motive_rivalry"]),
        ("principle", &["motive_principle"]),
        ("temperament", &["motive_temperament"]),
        ("quota_ratchet", &["quota_ratchet"]),
        ("plan_gap", &["gap_blame"]),
    ];
    for (key, parameters) in cases {
        let zeros: Vec<_> = parameters.iter().map(|parameter| (*parameter, 0.0)).collect();
        assert_eq!(
            first_difference(&records(without(key)), &records(with_parameters(&zeros))),
            None,
            "{key}"
        );
        // With the switch off the coefficients are not read at all.
        let mut doubled = without(key);
        for parameter_key in *parameters {
            let info = parameter(parameter_key).expect("looked up above");
            (info.set)(&mut doubled.parameters, (2.0 * info.default).min(info.valid.1));
        }
        assert_eq!(first_difference(&records(without(key)), &records(doubled)), None, "{key} doubled");
    }
}

/// Accusations of the whole run from each motive, in units of 2^-20 of an act.
fn motives(records: &[MonthRecord]) -> [u64; 4] {
    std::array::from_fn(|motive| records.iter().map(|record| record.motives[motive]).sum())
}

#[test]
fn without_fear_nobody_is_afraid_and_nobody_accuses_from_fear() {
    let records = watch(without("fear"), |society, record| {
        assert_eq!((record.fear_all, record.fear_elite), (0, 0), "{}", record.month);
        assert!(society.units().iter().flat_map(everybody).all(|person| person.fear == 0.0));
        // Nothing hides grievance then.
        assert_eq!(record.grievance_public, record.grievance_all);
    });
    let [principle, temperament, rivalry, fear] = motives(&records);
    assert_eq!(fear, 0);
    assert!(principle > 0 && temperament > 0 && rivalry > 0);
    assert!(records.iter().map(|record| record.arrests).sum::<u64>() > 0, "repression goes on");
}

#[test]
fn without_a_motive_nobody_accuses_from_it_and_the_others_stay() {
    for (position, key) in ["principle", "temperament", "rivalry"].into_iter().enumerate() {
        let found = motives(&records(without(key)));
        for (motive, sum) in found.iter().enumerate() {
            assert_eq!(*sum == 0, motive == position, "{key}: {found:?}");
        }
    }
}

#[test]
fn without_competition_rivalry_does_not_know_the_unit_of_competition() {
    // Off, competition stands at its reference everywhere, so that the reference cancels. It is doubled because a
    // power of two leaves no rounding.
    let reference = Parameters::default().competition_reference;
    let mut doubled = without("competition");
    doubled.parameters.competition_reference = 2.0 * reference;
    assert_eq!(first_difference(&records(without("competition")), &records(doubled)), None);
    let with = with_parameters(&[("competition_reference", 2.0 * reference)]);
    assert!(first_difference(&records(with_parameters(&[])), &records(with)).is_some());
    assert!(motives(&records(without("competition")))[2] > 0, "rivalry stays");
}

#[test]
fn without_feedback_authority_follows_its_backing_alone() {
    let setup = without("authority_feedback");
    let PolicyMode::Schedule(levers) = setup.policy.clone();
    let speed = setup.parameters.authority_speed;
    let mut expected: f64 = 0.40;
    let records = watch(setup, |society, record| {
        let backing = levers[record.month.index()].managerial_authority;
        expected = (expected + speed * (backing - expected)).clamp(0.02, 1.0);
        for unit in society.units() {
            assert!((unit.state.authority - expected).abs() < 1e-12, "{}", record.month);
        }
    });
    assert!(
        records.iter().map(|record| record.targets.of_bosses()).sum::<u64>() > 0,
        "bosses are still accused"
    );
}

#[test]
fn without_the_union_stock_capacity_equals_its_lever() {
    let setup = without("union_stock");
    let PolicyMode::Schedule(levers) = setup.policy.clone();
    watch(setup, |society, record| {
        let room = levers[record.month.index()].union;
        assert!(society.units().iter().all(|unit| unit.state.union == room), "{}", record.month);
    });
}

#[test]
fn without_the_ratchet_quotas_stay_at_the_plan() {
    watch(without("quota_ratchet"), |society, _| {
        assert!(society.regions().iter().all(|region| region.quota == 1.0));
    });
    let mut highest: f64 = 1.0;
    watch(with_parameters(&[]), |society, _| {
        highest = society.regions().iter().map(|region| region.quota).fold(highest, f64::max);
    });
    assert!(highest > 1.05, "with it they rise: {highest}");
}

#[test]
fn without_norm_drift_nobody_changes_conviction() {
    let mut known = std::collections::BTreeMap::new();
    let mut checked = 0u64;
    watch(without("norm_drift"), |society, _| {
        for person in society.units().iter().flat_map(everybody) {
            let first = *known.entry(person.identity).or_insert(person.egalitarianism);
            assert_eq!(first, person.egalitarianism);
            checked += 1;
        }
    });
    assert!(checked > 500_000);
}

#[test]
fn without_blame_for_plan_gaps_there_still_are_gaps() {
    let records = records(without("plan_gap"));
    assert!(records.iter().map(|record| record.plant_sums[3]).sum::<f64>() > 0.0);
}

#[test]
fn without_catharsis_punishment_is_still_seen() {
    let mut seen: f64 = 0.0;
    watch(without("catharsis"), |society, _| {
        seen = society.units().iter().map(|unit| unit.state.catharsis).fold(seen, f64::max);
    });
    assert!(seen > 0.1, "{seen}");
}

#[test]
fn without_group_mobility_the_rise_of_groups_is_still_counted() {
    let mut risen = [0.0f64; 3];
    watch(without("group_mobility"), |society, _| {
        for region in society.regions() {
            for (most, rate) in risen.iter_mut().zip(region.mobility) {
                *most = most.max(rate);
            }
        }
    });
    assert!(risen.iter().all(|rate| *rate > 0.05), "{risen:?}");
}

#[test]
fn siege_discount_and_moral_exposure_act_through_one_rule_each() {
    // The discount acts on deprivation alone, by the factor 1 - s_v vigilance: in the first month, before anything has
    // followed from it, the sum of the workers' deprivation is larger by just that.
    let first = |setup: Setup| live(&Arc::new(setup), 1, 1, 1).remove(0);
    let setup = with_parameters(&[]);
    let PolicyMode::Schedule(levers) = setup.policy.clone();
    let factor = 1.0 - setup.parameters.siege_discount * levers[0].vigilance;
    let (with, off) = (first(setup), first(without("siege_discount")));
    assert!((with.deprivation / off.deprivation - factor).abs() < 1e-6, "rounding of fixed point");
    // Exposure acts on who accuses bosses: in the first month nothing but accusations and what follows from them.
    let (with, off) = (first(with_parameters(&[])), first(without("moral_exposure")));
    assert_eq!((with.shirkers, with.quits, with.deprivation), (off.shirkers, off.quits, off.deprivation));
    assert_eq!((with.grievance_all, with.people_by_rank), (off.grievance_all, off.people_by_rank));
    assert!(with.targets.of_bosses() >= off.targets.of_bosses());
    let acts =
        |records: &[MonthRecord]| records[..42].iter().map(|record| record.targets.of_bosses()).sum::<u64>();
    let (with, off) = (acts(&records(with_parameters(&[]))), acts(&records(without("moral_exposure"))));
    assert!(off < with, "bosses are accused less without exposure: {off} and {with}");
}
