//! Tests that the README is true: its first two commands, the output of the first, its scenario and its other commands.
//!
//! `KADRY_RENEW=1 cargo test --release readme` updates the output.

use super::*;
use crate::renewal::Renewal;

fn page() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// The fenced blocks of a page: language and text.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let inside = page.split("```").skip(1).step_by(2);
    inside.map(|block| block.split_once('\n').expect("a fence ends its line")).collect()
}

/// The part of the output that the README shows: the table, three of the charts, and the end. `…` replaces the rest,
/// including the time.
fn shortened(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    let is_title =
        |line: &&str| line.starts_with("        ") && line.trim_start().starts_with(char::is_alphabetic);
    let titles: Vec<usize> = (0..lines.len()).filter(|&line| is_title(&lines[line])).collect();
    let axis =
        lines.iter().rposition(|line| line.trim_start().starts_with("1928 ")).expect("an axis of years");
    let [turnover, _, arrests, discipline, grievance, ..] = titles[..] else {
        panic!("five pictures: {titles:?}")
    };
    let gap = ["        …"];
    let (end, time) = (lines.len() - 2, lines[lines.len() - 2]);
    let seed = format!("{}, …", time.split(',').next().unwrap_or_default());
    let mut shown: Vec<&str> = lines[..arrests].to_vec();
    assert!(turnover < arrests && time.starts_with("seed "), "{output}");
    shown.extend(gap);
    shown.extend(&lines[discipline..grievance]);
    shown.extend(gap);
    shown.extend(&lines[axis..end]);
    shown.push(&seed);
    shown.extend(&lines[end + 1..]);
    shown.join("\n") + "\n"
}

#[test]
fn the_first_two_blocks_of_the_readme_are_the_two_commands() {
    let text = fs::read_to_string(page()).unwrap();
    let commands: Vec<_> = blocks(&text).into_iter().take(2).collect();
    assert_eq!(
        commands,
        [("sh", "cargo run --release -- run historical\n"), ("sh", "cargo test --release\n")]
    );
}

#[test]
fn the_readme_shows_what_the_first_command_prints() {
    let home = tempfile::tempdir().unwrap();
    let output = kadry(home.path(), &["run", "historical"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", err(&output));
    let printed = shortened(&out(&output));
    let mut text = fs::read_to_string(page()).unwrap();
    let shown = blocks(&text)
        .iter()
        .find(|(language, _)| *language == "text")
        .expect("a block of output")
        .1
        .to_owned();
    if Renewal::asked() == Renewal::Pages && shown != printed {
        text = text.replacen(&format!("```text\n{shown}```"), &format!("```text\n{printed}```"), 1);
        fs::write(page(), text).unwrap();
        return;
    }
    assert!(
        shown == printed,
        "the output in README.md is out of date: run `KADRY_RENEW=1 cargo test --release readme`"
    );
}

/// The words of a command line; double quotes hold a word together.
fn words(command: &str) -> Vec<&str> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(
            |(number, part)| if number % 2 == 1 { vec![part] } else { part.split_whitespace().collect() },
        )
        .collect()
}

#[test]
fn every_other_command_of_the_readme_succeeds() {
    let home = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(page()).unwrap();
    let blocks = blocks(&text);
    let (_, scenario) = blocks.iter().find(|(language, _)| *language == "toml").expect("a scenario");
    fs::write(home.path().join("quiet_terror.toml"), scenario).unwrap();
    let commands = blocks.iter().filter(|(language, _)| *language == "sh").flat_map(|(_, text)| text.lines());
    let commands: Vec<&str> = commands.filter_map(|line| line.strip_prefix("kadry ")).collect();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands {
        let output = kadry(home.path(), &words(command)).output().unwrap();
        assert_eq!(code(&output), 0, "{command}: {}", err(&output));
    }
}
