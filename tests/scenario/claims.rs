//! Files of hypotheses as far as they concern other layers and the command line.

use std::fs;

use kadry::experiment::tables;
use kadry::scenario::SHIPPED;
use kadry::scenario::claims::{ClaimTest, is_claims_file, load_claims, load_claims_text};

#[test]
fn a_test_that_needs_a_table_waits_only_if_there_is_no_such_table() {
    let file = |table: &str| {
        let text = format!(
            "name = 'a'\nbase = 'historical'\n[[claim]]\nid = 'A'\nstatement = 'a'\ntype = 'causal'\n[[claim.test]]\n\
             needs = 'tables.{table}'\nmetric = 'fear'\nscenario = 'no_terror'\ndirection = 'falls'\nmargin = 0\n"
        );
        load_claims_text("claims.toml", &text).unwrap().claims.remove(0).tests.remove(0)
    };
    for table in tables::names() {
        assert!(
            matches!(file(table), ClaimTest::Ready(_)),
            "the table {table} is missing in src/scenario/claims/language.rs"
        );
    }
    assert!(matches!(file("no_such_table"), ClaimTest::Waiting(_)));
}

#[test]
fn files_of_hypotheses_are_told_from_scenarios() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        fs::write(home.path().join(name), text).unwrap();
        home.path().join(name)
    };
    assert!(is_claims_file("essay"));
    assert!(is_claims_file(write("a.toml", "[[claim]]\nid = 1\n")));
    assert!(is_claims_file(write("b.json", r#"{"claim": [{}]}"#)));
    assert!(!is_claims_file(write("c.toml", "claims = ['C01']\nclaim = ['C01']\n")));
    for shipped in SHIPPED {
        assert!(!is_claims_file(shipped.name));
        assert!(!is_claims_file(write("d.toml", shipped.text)), "{}", shipped.name);
    }
    for other in ["-", "no_such_file", "./no/such.toml"] {
        assert!(!is_claims_file(other));
    }
    assert!(!is_claims_file(home.path()));
    let path = write("own.toml", &fs::read_to_string("claims/essay.toml").unwrap());
    assert_eq!(load_claims(path).unwrap().claims, load_claims("essay").unwrap().claims);
}
