//! Tests that files generated from tables in the code are up to date.
//!
//! To regenerate them, run `KADRY_RENEW=1 cargo test --test kadry generated` and review the changes.

use std::path::Path;

use crate::renewal::Renewal;

fn compare(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if Renewal::asked() == Renewal::Pages {
        std::fs::write(&path, text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "{file} has drifted: renew it with KADRY_RENEW=1 cargo test --test kadry generated"
    );
}

#[test]
fn the_schema_is_up_to_date() {
    compare("scenario.schema.json", &kadry::scenario::schema());
}

#[test]
fn the_page_of_parameters_is_up_to_date() {
    compare("docs/parameters.md", &kadry::scenario::parameters_page());
}

#[test]
fn the_table_of_shipped_scenarios_is_up_to_date() {
    compare("scenarios/README.md", &super::library::table());
}

#[test]
fn the_page_of_decisions_is_up_to_date() {
    compare("docs/decrees.md", &super::decrees::page());
}
