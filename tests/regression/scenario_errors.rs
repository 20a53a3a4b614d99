//! Tests that errors about scenarios report each fault once, with fitting advice.

use std::path::Path;
use std::process::{Command, Output};

use kadry::scenario::{Faults, Problem, load, load_text};

const BASE: &str = "name = \"x\"\nextends = \"historical\"\n";

fn kadry(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kadry")).current_dir(folder).args(arguments).output().unwrap()
}

fn faults(text: &str) -> Faults {
    load_text("case.toml", &format!("{BASE}{text}\n")).expect_err(text)
}

fn set(setting: &str) -> Result<kadry::scenario::Scenario, Faults> {
    load("historical", &[setting.to_owned()])
}

#[test]
fn a_malformed_value_is_one_fault() {
    for text in [
        "[parameters]\nquit_base = .5",
        "[parameters]\nquit_base = 5.",
        "[parameters]\nquit_base = 0.1.2",
        "[parameters]\nquit_base = 40k",
        "[parameters]\nquit_base = 1__0",
        "[parameters]\nquit_base =",
        "[population]\nsize = 40k",
        "[mechanisms]\nfear = off",
        "[[change]]\nlever = \"union\"\nset = 0\nfrom = 1937-01",
        "[levers.union]\nsteps = [[\"1928-01\", .5]]",
        "[levers.union]\nsteps = [[1928-01, 0.5]]",
        "title = unquoted words",
        "[population]\nregions\u{a0}= 4",
        "[population]\n\u{feff}regions = 4",
    ] {
        let faults = faults(text);
        assert_eq!(faults.list.len(), 1, "{text}: {faults}");
        assert!(matches!(faults.list[0].problem, Problem::Syntax { .. }), "{faults}");
    }
    assert!(faults("[parameters]\nquit_base = .5").render(false).contains("0.5, 5.0"));
    assert!(
        faults("[[change]]\nlever = \"union\"\nset = 0\nfrom = 1937-01")
            .render(false)
            .contains("\"1937-08\"")
    );
}

#[test]
fn characters_that_cannot_be_seen_are_named() {
    let drawn = |text: &str| faults(text).render(false);
    assert!(drawn("[population]\nsize\u{a0}= 40").contains("U+00A0, no-break space"));
    assert!(drawn("[population]\nsize = 40\n\u{feff}regions = 4").contains("U+FEFF, byte order mark"));
    assert!(drawn("title = \u{201c}curly\u{201d}").contains("U+201C, curly quotation mark"));
    assert!(drawn("[parameters]\nshirking_intercept = \u{2212}1").contains("U+2212"));
    assert!(drawn("[[change]]\nlever = \"union\u{200b}\"\nset = 0").contains("U+200B, zero-width space"));
    assert!(drawn("[population]\n\"size\u{a0}\" = 4").contains("U+00A0"));
    let json = load_text("case.json", "{\"name\":\u{a0}\"x\"}").unwrap_err();
    assert!(json.render(false).contains("U+00A0, no-break space"), "{json}");
}

#[test]
fn half_a_surrogate_pair_in_json_is_a_fault() {
    for text in ["\\ud800", "\\udc00", "a\\ud83dz"] {
        let faults =
            load_text("case.json", &format!("{{\"name\": \"x\",\n\"title\": \"{text}\"}}")).expect_err(text);
        assert!(faults.render(false).contains("surrogate"), "{faults}");
        assert_eq!(faults.sources.line_column(faults.list[0].place.as_ref().unwrap()).0, 2);
    }
    let sound = load_text(
        "case.json",
        "{\"name\": \"x\", \"extends\": \"historical\", \"title\": \"\\ud83d\\ude00\"}",
    );
    assert_eq!(sound.unwrap().title, "😀");
    for text in ["5", "null", "[]", "\"x\""] {
        let faults = load_text("case.json", text).unwrap_err();
        assert!(
            faults.list[0].problem.to_string().starts_with("a scenario must be a table, not"),
            "{faults}"
        );
    }
}

#[test]
fn advice_about_posts_is_given_where_posts_are_meant() {
    let targets = faults("[[event]]\nname = \"Shakhty trial\"\ntargets = { managers = 0.5 }").render(false);
    assert!(targets.contains("did you mean `manager`?") && !targets.contains("director"), "{targets}");
    assert!(faults("[population]\nmanagers = 5").render(false).contains("every plant has a director"));
}

#[test]
fn a_size_in_quotes_is_a_number_in_quotes() {
    let drawn = faults("[population]\nsize = \"10000\"").render(false);
    assert!(drawn.contains("`population.size` must be a whole number, not a string"), "{drawn}");
    assert!(drawn.contains("without quotes") && drawn.contains("one-to-one"), "{drawn}");
}

#[test]
fn options_that_are_taken_for_keys_are_named() {
    for key in ["seed", "replicates", "until", "threads"] {
        let faults = set(&format!("{key}=4")).unwrap_err();
        assert!(faults.render(false).contains(&format!("`--{key}`")), "{faults}");
    }
}

#[test]
fn settings_of_texts_need_no_quotes() {
    let title = |setting: &str| set(setting).unwrap_or_else(|faults| panic!("{faults}")).title;
    assert_eq!(title("title=a: b"), "a: b");
    assert_eq!(title("title=1937"), "1937");
    assert_eq!(title("title=true, \"perhaps\" (50 %)"), "true, \"perhaps\" (50 %)");
    assert_eq!(title("title=\"quoted\""), "quoted");
    assert_eq!(title("title='a' # why"), "a");
    assert_eq!(title("title=C:\\x"), "C:\\x");
    assert_eq!(set("policy.mode=schedule").unwrap().setup(), load("historical", &[]).unwrap().setup());
    // A value that does not look like a word is not treated as a string.
    for setting in
        ["parameters.quit_base=0.1.2", "parameters.quit_base=.5", "population.size=40k", "levers.union=5."]
    {
        let faults = set(setting).unwrap_err();
        assert_eq!(faults.list.len(), 1, "{faults}");
        assert!(matches!(faults.list[0].problem, Problem::Syntax { .. }), "{faults}");
    }
    assert_eq!(set("mechanisms.fear=off").unwrap_err().list.len(), 1);
}

#[test]
fn explain_names_the_nearest_keys_where_none_matches() {
    let folder = tempfile::tempdir().unwrap();
    let output = kadry(folder.path(), &["explain", "historical", "unin", "criticism"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("no key of `historical` contains `unin`") && stderr.contains("`union`"),
        "{stderr}"
    );
    assert!(!stderr.contains("contains `criticism`"), "{stderr}");
    let output = kadry(folder.path(), &["explain", "historical", "zzzzzz"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn differences_are_shown_without_the_digits_that_adding_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        format!("{BASE}[[change]]\nlever = \"union\"\nset = 0.7\n[[change]]\nlever = \"union\"\nadd = 0.2\n");
    std::fs::write(folder.path().join("x.toml"), text).unwrap();
    let output = kadry(folder.path(), &["diff", "historical", "x.toml"]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("-> 0.9\n") && !stdout.contains("0.89999"), "{stdout}");
    let output = kadry(folder.path(), &["explain", "x.toml", "union"]);
    assert!(!String::from_utf8(output.stdout).unwrap().contains("0.89999"));
    // If only these digits differ, they are shown.
    let exact = "name = \"y\"\nextends = \"historical\"\n[levers]\nunion = 0.9\n";
    std::fs::write(folder.path().join("y.toml"), exact).unwrap();
    let output = kadry(folder.path(), &["diff", "x.toml", "y.toml"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("0.8999999999999999 -> 0.9"));
}

#[test]
fn messages_count_correctly() {
    let one = faults("[population]\nsize = 1\nregions = 2").render(false);
    assert!(!one.contains("1 enterprises") && one.ends_with("error: 1 fault\n"), "{one}");
    let mut text = BASE.to_owned();
    for key in 0..101 {
        text += &format!("k{key} = 1\n");
    }
    let drawn = load_text("case.toml", &text).unwrap_err().render(false);
    assert!(
        drawn.contains("1 further fault is not shown") && drawn.ends_with("error: 101 faults\n"),
        "{drawn}"
    );
}
