//! Tests `kadry fit` through the program: the same bytes on any number of threads, the file that it writes, and errors.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Options that keep a test short: 13 evaluations are more than one generation.
const SHORT: [&str; 8] =
    ["--population", "500", "--evaluations", "13", "--replicates", "1", "--parameter", "quit_base"];

fn kadry(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    command.current_dir(home).args(arguments).env_remove("COLUMNS").env("LC_ALL", "C.UTF-8");
    command.output().unwrap()
}

fn fit(home: &Path, more: &[&str]) -> Output {
    kadry(home, &[&["fit"], SHORT.as_slice(), more].concat())
}

#[track_caller]
fn succeeds(output: Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn fails(output: &Output, code: i32, message: &str) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(error.contains(message), "{error}");
}

#[test]
fn threads_do_not_affect_the_fit_or_its_file() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let more = ["--parameter", "shirking_intercept", "--out"];
    let [one, three] = ["1", "3"].map(|threads| {
        let file = format!("{threads}.toml");
        let more = [more.as_slice(), &[&file, "--threads", threads]].concat();
        (succeeds(fit(home, &more)), fs::read_to_string(home.join(file)).unwrap())
    });
    assert_eq!(one, three);
    assert!(one.0.contains("historical: 2 parameters fitted to K1 to K7, 500 people"), "{}", one.0);
    let place = |words: &str| one.0.find(words).unwrap_or_else(|| panic!("{words}\n{}", one.0));
    assert!(place("\nK1 1928 ") < place("\nheld out"), "{}", one.0);
}

#[test]
fn the_file_is_a_scenario_with_the_fitted_values() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let json = succeeds(fit(home, &["--seed", "3", "--json", "--out", "fitted.toml"]));
    let json: Value = serde_json::from_str(&json).unwrap();
    let fitted = json["parameters"][0]["after"].as_f64().unwrap();
    succeeds(kadry(home, &["check", "fitted.toml"]));
    let text = fs::read_to_string(home.join("fitted.toml")).unwrap();
    assert!(text.contains("kadry fit historical --parameter quit_base --evaluations 13"), "{text}");
    assert!(
        text.contains(&format!("\nextends = \"historical\"\n\n[parameters]\nquit_base = {fitted:?}\n")),
        "{text}"
    );

    // The losses of the file before a fit are those after the fit that made it, and a fit of a file extends that file.
    let one = ["--evaluations", "1", "--replicates", "1", "--seed", "3", "--population", "500", "--json"];
    let again = [&["fit", "fitted.toml", "--out", "again.toml"], one.as_slice()].concat();
    let again: Value = serde_json::from_str(&succeeds(kadry(home, &again))).unwrap();
    assert_eq!(again["fitted"]["before"], json["fitted"]["after"]);
    assert!(fs::read_to_string(home.join("again.toml")).unwrap().contains("\nextends = \"fitted.toml\"\n"));
    succeeds(kadry(home, &["check", "again.toml"]));
    let away = [&["fit", "fitted.toml", "--out", "away/again.toml"], one.as_slice()].concat();
    fs::create_dir(home.join("away")).unwrap();
    succeeds(kadry(home, &away));
    succeeds(kadry(home, &["check", "away/again.toml"]));

    // It is replaced only with --force, and only while it is unchanged.
    let more = ["--seed", "3", "--out", "fitted.toml"];
    fails(&fit(home, &more), 1, "fitted.toml already exists");
    let force = [more.as_slice(), &["--force"]].concat();
    succeeds(fit(home, &force));
    assert_eq!(fs::read_to_string(home.join("fitted.toml")).unwrap(), text);
    fs::write(home.join("fitted.toml"), text.clone() + "# my note\n").unwrap();
    fails(&fit(home, &force), 1, "has been changed since");
}

#[test]
fn wrong_calls_have_clear_errors() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    for (key, message) in [
        ("quit_bas", "there is no parameter `quit_bas`: did you mean `quit_base`?"),
        ("usual_mobility", "unit of measurement"),
        ("role_party", "shares of a whole"),
        ("quit_base", "is named twice"),
    ] {
        fails(&fit(home, &["--parameter", key]), 2, message);
    }
    fails(&fit(home, &["--out", "none/fitted.toml"]), 1, "there is no folder none");
    fails(&fit(home, &["historica"]), 3, "historica");
    fails(&kadry(home, &["fit", "-", "--out", "fitted.toml"]), 1, "stdin");
    fails(&fit(home, &["--evaluations", "0"]), 2, "--evaluations");
    assert!(!home.join("fitted.toml").exists());
}
