//! What has no strength is as good as absent, and what comes later changes nothing earlier.

use std::sync::Arc;

use kadry::engine::calendar::Month;
use kadry::model::state::standing::TARGET_CLASSES;
use kadry::scenario::{Event, Happening, Scenario};
use rayon::prelude::*;

use super::{MONTHS, change_lever, first_difference, historical, live};

/// January 1934.
const LATE: u16 = 72;

fn base() -> Scenario {
    historical(4000, 30, 6)
}

fn records(scenario: &Scenario) -> Vec<kadry::model::record::MonthRecord> {
    live(&Arc::new(scenario.setup()), 1, 1, MONTHS)
}

fn trial(from: u16, until: u16, targets: [f64; TARGET_CLASSES]) -> Event {
    Event {
        name: "another trial".to_owned(),
        from: Month(from),
        until: Month(until),
        happening: Happening::ShowTrial(targets),
        source: None,
    }
}

#[test]
fn what_has_no_strength_is_as_good_as_absent() {
    let expected = records(&base());
    let mut cases: Vec<(&str, Scenario)> = Vec::new();
    let mut case = |name: &'static str, change: &dyn Fn(&mut Scenario)| {
        let mut scenario = base();
        change(&mut scenario);
        cases.push((name, scenario));
    };
    case("a trial of strength zero", &|s| s.events.push(trial(50, 60, [0.0; 6])));
    case("a trial of strength zero beside one of some", &|s| s.events.push(trial(103, 113, [0.0; 6])));
    case("a purge of strength zero", &|s| change_lever(s, "purge", 31, 64, |_| 0.0));
    case("repression set to what it is", &|s| change_lever(s, "repression", 115, 119, |_| 1.0));
    case("criticism set to what it is", &|s| change_lever(s, "criticism", 72, 107, |_| 0.6));
    case("nothing added to growth", &|s| change_lever(s, "growth", 0, 161, |value| value + 0.0));
    case("party recruitment times one", &|s| change_lever(s, "party_recruitment", 0, 161, |value| value));
    case("union at least nothing", &|s| change_lever(s, "union", 0, 161, |value| value.max(0.0)));
    for (name, scenario) in &cases {
        assert_eq!(first_difference(&expected, &records(scenario)), None, "{name}");
    }
    // The purge of nobody also equals a purge whose rate is nothing, which takes another path through the rules.
    let mut none = base();
    change_lever(&mut none, "purge", 0, 161, |_| 0.0);
    let mut powerless = base();
    powerless.parameters.purge_rate = 0.0;
    assert_eq!(first_difference(&records(&none), &records(&powerless)), None, "a purge at rate zero");
}

#[test]
fn a_file_whose_events_and_changes_have_no_strength_gives_the_records_of_its_base() {
    let text = r#"
        name = "nothing_new"
        extends = "historical"

        [population]
        size = 4000
        enterprises = 30
        regions = 6

        [[event]]
        name = "a trial of nobody"
        kind = "show_trial"
        month = "1935-03"
        targets = { manager = 0.0, worker = 0.0 }

        [[change]]
        lever = "purge"
        from = "1930-08"
        until = "1933-04"
        set = 0.0

        [[change]]
        lever = "hardship"
        from = "1929-01"
        scale = 1.0

        [[change]]
        lever = "vigilance"
        from = "1937-01"
        until = "1938-10"
        at_least = 0.9
    "#;
    let scenario = kadry::scenario::load_text("nothing_new.toml", text)
        .unwrap_or_else(|_| panic!("the text of this test has faults"));
    assert_eq!(first_difference(&records(&base()), &records(&scenario)), None);
}

#[test]
fn scenarios_that_part_in_1934_are_equal_until_1933_and_differ_later() {
    let expected = records(&base());
    let late = |key: &'static str, change: fn(f64) -> f64| {
        let mut scenario = base();
        change_lever(&mut scenario, key, LATE, 161, change);
        (format!("{key} from 1934-01"), scenario)
    };
    let mut cases = vec![
        late("criticism", |value| value + 0.02),
        late("hardship", |value| value - 0.1),
        late("union", |_| 0.6),
        late("purge", |_| 0.0),
        late("repression", |value| 0.5 * value),
        late("schooling", |_| 1.0),
        late("growth", |_| 0.1),
        late("post_growth", |_| 0.9),
        late("party_recruitment", |_| 0.5),
        late("absence_law", |_| 0.0),
        late("career_reward", |_| 0.0),
        late("managerial_authority", |value| value.max(0.8)),
    ];
    let mut with_trial = base();
    with_trial.events.push(trial(LATE, LATE, [0.0, 0.0, 0.6, 0.0, 0.0, 0.0]));
    cases.push(("a trial in 1934-01".to_owned(), with_trial));
    let mut without_trials = base();
    without_trials.events.retain(|event| event.from < Month(LATE));
    cases.push(("no trial or election from 1934 on".to_owned(), without_trials));
    let differences: Vec<_> = cases
        .par_iter()
        .map(|(name, scenario)| (name, first_difference(&expected, &records(scenario))))
        .collect();
    for (name, difference) in differences {
        let month = difference.unwrap_or_else(|| panic!("{name} makes no difference"));
        println!("{name}: first difference in {}", Month(month as u16));
        assert!(month >= usize::from(LATE), "{name}: {}", Month(month as u16));
    }
}
