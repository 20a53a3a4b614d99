//! Tests that names that other programs read as missing values, numbers, booleans, dates or formulas are refused.

use std::process::Command;

use kadry::scenario::{Misread, Problem, load_text};

const BASE: &str = "name = \"x\"\nextends = \"historical\"\n";

/// A text as a TOML string.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn names_that_other_programs_misread_are_refused_wherever_they_stand_in_tables() {
    let names = [
        ("null", Misread::Missing),
        ("NA", Misread::Missing),
        ("N/A", Misread::Missing),
        ("nan", Misread::Missing),
        ("None", Misread::Missing),
        ("<NA>", Misread::Missing),
        ("#N/A", Misread::Missing),
        ("1928", Misread::Number),
        ("1e5", Misread::Number),
        ("inf", Misread::Number),
        ("TRUE", Misread::Boolean),
        ("F", Misread::Boolean),
        ("1937-08", Misread::Date),
        ("1937-08-01", Misread::Date),
        ("=1+1", Misread::Formula),
        ("+x", Misread::Formula),
        ("-x", Misread::Formula),
        ("@x", Misread::Formula),
    ];
    for (name, expected) in names {
        let name = quoted(name);
        for (key, text) in [
            ("phase[0].name", format!("[[phase]]\nname = {name}\nfrom = \"1928-01\"\n")),
            (
                "event[0].name",
                format!(
                    "[[event]]\nname = {name}\nkind = \"election\"\nposts = \"union\"\nfrom = \"1930-01\"\nuntil = \"1930-02\"\n"
                ),
            ),
            ("label", format!("label = {name}\n")),
        ] {
            let faults = load_text("case.toml", &format!("{BASE}{text}")).expect_err(&name);
            assert_eq!(faults.list.len(), 1, "{faults}");
            assert_eq!(faults.list[0].key, key);
            let Problem::Misread { misread, .. } = &faults.list[0].problem else {
                panic!("{name}: {faults}")
            };
            assert_eq!(*misread, expected, "{name}");
            // The example in the advice is valid.
            let help = faults.list[0].problem.help().join(" ");
            let example = help.rsplit('"').nth(1).unwrap().to_owned();
            assert_eq!(kadry::scenario::misread(&example), None, "{help}");
        }
    }
    // Some programs take a leading tab or carriage return for a formula; names must not have spaces at their ends.
    for name in ["\tx", "\rx"] {
        let text = format!("{BASE}[[phase]]\nname = {}\nfrom = \"1928-01\"\n", quoted(name));
        assert!(matches!(
            load_text("case.toml", &text).unwrap_err().list[0].problem,
            Problem::BadName { .. }
        ));
    }
}

#[test]
fn no_phase_has_the_name_of_the_cohort_of_the_start() {
    let phase = |name: &str| {
        load_text("case.toml", &format!("{BASE}[[phase]]\nname = \"{name}\"\nfrom = \"1928-01\"\n"))
    };
    let faults = phase("start").unwrap_err();
    assert_eq!(faults.list[0].key, "phase[0].name");
    let said = faults.list[0].problem.to_string();
    let expected = "`start` cannot be the name of a phase: use another name, because survival.csv gives it to the cohort of";
    assert!(said.starts_with(expected), "{said}");
    assert!(phase("starting").is_ok());
    // An event may have it.
    let event = "[[event]]\nname = \"start\"\nkind = \"election\"\nposts = \"union\"\nfrom = \"1930-01\"\nuntil = \"1930-02\"\n";
    assert!(load_text("case.toml", &format!("{BASE}{event}")).is_ok());
}

#[test]
fn names_of_scenarios_are_no_missing_values_either() {
    for name in ["null", "na", "nan", "none", "inf", "true", "t", "no"] {
        let faults = load_text("case.toml", &format!("name = \"{name}\"\nextends = \"historical\"\n"))
            .expect_err(name);
        assert!(matches!(faults.list[0].problem, Problem::Misread { what: "scenario", .. }), "{faults}");
    }
}

#[test]
fn check_refuses_such_a_name_with_its_reason_and_an_example() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("case.toml"),
        format!("{BASE}[[phase]]\nname = \"1928\"\nfrom = \"1928-01\"\n"),
    )
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_kadry"))
        .current_dir(folder.path())
        .args(["check", "case.toml"])
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr.contains("`1928` cannot be the name of a phase: other programs read it as a number"),
        "{stderr}"
    );
    assert!(stderr.contains("case.toml:4:8") && stderr.contains("\"phase 1928\""), "{stderr}");
}

#[test]
fn ordinary_names_stay_allowed() {
    for name in ["1928/29", "first half", "war & peace", "№ 1", "террор", "\"><script>alert(1)</script>"]
    {
        let text = format!("{BASE}[[phase]]\nname = {}\nfrom = \"1928-01\"\n", quoted(name));
        assert!(load_text("case.toml", &text).is_ok(), "{name}");
    }
}
