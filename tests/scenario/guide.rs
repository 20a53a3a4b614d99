//! Tests the examples in the guide `docs/scenarios.md`: every scenario is valid and every command succeeds.

use std::path::Path;
use std::process::{Command, Output};

/// The fenced blocks of a language in the guide.
fn blocks(language: &str) -> Vec<String> {
    let guide =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenarios.md")).unwrap();
    let open = format!("```{language}\n");
    guide.split(&open).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Writes the guide's scenarios into a folder, each under the name in its line `# file:`.
fn write_examples(folder: &Path) -> usize {
    let examples = blocks("toml");
    for example in &examples {
        let name =
            example.lines().find_map(|line| line.strip_prefix("# file: ")).expect("a line `# file: NAME`");
        std::fs::write(folder.join(name), example).unwrap();
    }
    examples.len()
}

/// Runs a command of the guide in a shell.
fn run(line: &str, folder: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_kadry")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    Command::new("sh").args(["-c", line]).current_dir(folder).env("PATH", path).output().unwrap()
}

#[test]
fn every_command_of_the_guide_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    assert!(write_examples(folder.path()) >= 7);
    let has_run = run("kadry help run", folder.path()).status.success();
    let lines: Vec<String> =
        blocks("sh").iter().flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(lines.len() >= 10);
    for line in lines.iter().filter(|line| has_run || !line.starts_with("kadry run")) {
        let output = run(line, folder.path());
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn every_scenario_of_the_guide_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    write_examples(folder.path());
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let scenario =
            kadry::scenario::load(path.to_str().unwrap(), &[]).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(path.file_stem().unwrap().to_str(), Some(scenario.name.as_str()));
    }
}

#[test]
fn the_guide_shows_what_the_program_prints() {
    let folder = tempfile::tempdir().unwrap();
    write_examples(folder.path());
    let shown = blocks("text");
    let output = run("kadry diff historical quiet_terror.toml", folder.path());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), shown[0]);
    let path = folder.path().join("quiet_terror.toml");
    let text = std::fs::read_to_string(&path).unwrap().replace("\"criticism\"", "\"criticsm\"");
    std::fs::write(&path, text).unwrap();
    let output = run("kadry check quiet_terror.toml", folder.path());
    assert!(String::from_utf8(output.stderr).unwrap().starts_with(shown[1].trim_end()));
}
