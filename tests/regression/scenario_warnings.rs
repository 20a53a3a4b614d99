//! Tests that valid scenarios that are probably not intended cause a warning and still run.

use std::process::Command;

use kadry::scenario::{Caution, SHIPPED, Scenario, load, load_text};

fn read(text: &str) -> Scenario {
    let text = format!("name = \"x\"\nextends = \"historical\"\n{text}\n");
    load_text("case.toml", &text).unwrap_or_else(|faults| panic!("{faults}"))
}

fn cautions(scenario: &Scenario) -> Vec<Caution> {
    scenario.warnings.iter().map(|warning| warning.caution.clone()).collect()
}

#[test]
fn a_change_that_changes_nothing_is_warned_about() {
    let scenario =
        read("[[change]]\nlever = \"union\"\nat_most = 1\n[[change]]\nlever = \"union\"\nadd = 0.1");
    assert!(
        matches!(&cautions(&scenario)[..], [Caution::IdleChange { lever: "union", .. }]),
        "{:?}",
        scenario.warnings
    );
    assert_eq!(scenario.warnings[0].key, "change[0]");
    assert_eq!(scenario.sources.position(scenario.warnings[0].place.as_ref().unwrap()), "case.toml:3");
    assert!(matches!(
        &cautions(&read("[[event]]\nname = \"Shakhty trial\"\nmonth = \"1928-05\""))[..],
        [Caution::IdleEvent { .. }]
    ));
    assert!(matches!(&cautions(&read("[parameters]\nquit_base = 0.049"))[..], [Caution::IdlePatch { .. }]));
    // A scenario that only renames its base gets no warning.
    assert!(cautions(&read("title = \"the same\"")).is_empty());
    assert!(cautions(&read("[[event]]\nname = \"Shakhty trial\"\nsource = \"another book\"")).is_empty());
}

#[test]
fn a_setting_that_changes_nothing_is_warned_about() {
    let set = |setting: &str| {
        cautions(&load("historical", &[setting.to_owned()]).unwrap_or_else(|faults| panic!("{faults}")))
    };
    for setting in [
        "parameters.quit_base=0.049",
        "mechanisms.fear=true",
        "change=[{lever='union', add=0}]",
        "policy.mode=schedule",
    ] {
        assert!(matches!(&set(setting)[..], [Caution::IdleSetting { .. }]), "{setting}");
    }
    for setting in ["parameters.quit_base=0.05", "title=new", "hypothesis=new"] {
        assert!(set(setting).is_empty(), "{setting}");
    }
}

#[test]
fn an_election_of_one_month_is_warned_about() {
    let election = |posts: &str, from: &str, until: &str| {
        format!(
            "[[event]]\nname = \"vote {posts} {from}x\"\nkind = \"election\"\nposts = \"{posts}\"\nfrom = \"{from}\"\nuntil = \"{until}\"\n"
        )
    };
    let warned = |text: &str| cautions(&read(text));
    assert!(matches!(&warned(&election("union", "1930-01", "1930-01"))[..], [Caution::HalfElection { .. }]));
    assert!(matches!(&warned(&election("party", "1941-06", "1941-06"))[..], [Caution::HalfElection { .. }]));
    assert!(warned(&election("union", "1930-01", "1930-02")).is_empty());
    // Two adjacent events are one election.
    let two = election("union", "1930-01", "1930-01") + &election("union", "1930-02", "1930-02");
    assert!(warned(&two).is_empty());
    let others = election("union", "1930-01", "1930-01") + &election("party", "1930-02", "1930-02");
    assert_eq!(warned(&others).len(), 2);
    let moved = read("[[event]]\nname = \"union elections\"\nmonth = \"1937-10\"");
    assert_eq!(moved.sources.position(moved.warnings[0].place.as_ref().unwrap()), "case.toml:3");
}

#[test]
fn shipped_scenarios_are_without_warnings() {
    for shipped in SHIPPED {
        let scenario = load(shipped.name, &[]).unwrap();
        assert!(scenario.warnings.is_empty(), "{}: {}", shipped.name, scenario.render_warnings(false));
    }
}

#[test]
fn warnings_go_to_stderr_or_into_the_json_and_leave_the_exit_code() {
    let check = |arguments: &[&str]| {
        let setting = ["check", "historical", "--set", "mechanisms.fear=true"];
        Command::new(env!("CARGO_BIN_EXE_kadry")).args(setting).args(arguments).output().unwrap()
    };
    let output = check(&[]);
    assert_eq!(
        (output.status.code(), String::from_utf8(output.stdout).unwrap().as_str()),
        (Some(0), "historical: valid\n")
    );
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .starts_with("warning: `--set mechanisms.fear=true` changes nothing")
    );
    let output = check(&["--json"]);
    assert!(output.status.success() && output.stderr.is_empty());
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json[0]["warnings"][0]["file"], "--set");
    assert_eq!(json[0]["warnings"][0]["key"], "mechanisms.fear");
}
