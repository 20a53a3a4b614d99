//! The reader of scenarios stands on the model and the calendar, and on nothing above it.

use std::path::Path;

#[test]
fn scenarios_know_nothing_of_running_writing_and_commands() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scenario");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for layer in ["cli", "output", "experiment"] {
            assert!(!text.contains(&format!("crate::{layer}")), "{} uses {layer}", path.display());
        }
    }
}
