//! Tests of unreadable files, chains of bases, and `--set` options.

use std::path::Path;

use kadry::scenario::{Faults, MAX_BASES, Problem, Scenario, load};

fn load_path(path: &Path, settings: &[&str]) -> Result<Scenario, Faults> {
    let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
    load(path.to_str().unwrap(), &settings)
}

fn sound(path: &Path) -> Scenario {
    load_path(path, &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

fn first(result: Result<Scenario, Faults>) -> Problem {
    result.expect_err("a fault").list.remove(0).problem
}

#[test]
fn an_unreadable_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(matches!(first(load_path(&path("none.toml"), &[])), Problem::Unreadable { .. }));
    assert!(matches!(first(load_path(folder.path(), &[])), Problem::NotAFile { directory: true, .. }));
    std::fs::write(path("latin.toml"), b"name = \"x\"\ntitle = \"caf\xe9\"\n").unwrap();
    assert!(matches!(first(load_path(&path("latin.toml"), &[])), Problem::NotUtf8 { line: 2, .. }));
    std::fs::write(path("binary.toml"), [0u8, 159, 146, 150, 255, 0, 1]).unwrap();
    assert!(matches!(first(load_path(&path("binary.toml"), &[])), Problem::NotUtf8 { line: 1, .. }));
    std::fs::write(path("nul.toml"), [0u8; 64]).unwrap();
    assert!(matches!(first(load_path(&path("nul.toml"), &[])), Problem::Syntax { .. }));
    std::fs::write(path("utf16.toml"), [0xff, 0xfe, b'n', 0]).unwrap();
    assert!(matches!(first(load_path(&path("utf16.toml"), &[])), Problem::NotUtf8 { .. }));
    assert!(matches!(first(load("no_such_scenario", &[])), Problem::NoSuchScenario { .. }));
    assert!(matches!(first(load("", &[])), Problem::NoSuchScenario { .. }));
    let Problem::NoSuchScenario { nearest, .. } = first(load("technocrazy", &[])) else { panic!() };
    assert_eq!(nearest.as_deref(), Some("technocracy"));
}

#[cfg(unix)]
#[test]
fn devices_pipes_and_forbidden_files_neither_hang_nor_pass() {
    use std::os::unix::fs::PermissionsExt;
    assert!(matches!(first(load("/dev/zero", &[])), Problem::NotAFile { directory: false, .. }));
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        assert!(matches!(first(load_path(&pipe, &[])), Problem::NotAFile { directory: false, .. }));
    }
    let forbidden = folder.path().join("forbidden.toml");
    std::fs::write(&forbidden, "name = \"x\"\nextends = \"historical\"").unwrap();
    std::fs::set_permissions(&forbidden, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read everything; other users must get an error.
    if std::fs::read(&forbidden).is_err() {
        assert!(matches!(first(load_path(&forbidden, &[])), Problem::Unreadable { .. }));
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("windows.toml");
    std::fs::write(
        &path,
        "\u{feff}name = \"x\"\r\nextends = \"historical\"\r\n[population]\r\nsize = 4000\r\n",
    )
    .unwrap();
    assert_eq!(sound(&path).population.size, 4_000);
}

#[test]
fn bases_can_be_nested_but_not_in_a_cycle() {
    let folder = tempfile::tempdir().unwrap();
    let path = |number: usize| folder.path().join(format!("s{number}.toml"));
    let write = |number: usize, base: &str| {
        let text = format!(
            "name = \"s{number}\"\nextends = \"{base}\"\n[[change]]\nlever = \"union\"\nadd = 0.01\n"
        );
        std::fs::write(path(number), text).unwrap();
    };
    write(0, "unions_kept");
    for number in 1..=40 {
        write(number, &format!("s{}.toml", number - 1));
    }
    let union = kadry::model::levers::LEVERS.iter().position(|info| info.key == "union").unwrap();
    assert!((sound(&path(9)).tracks[union].values[100] - 0.7).abs() < 1e-12);
    assert!(matches!(first(load_path(&path(40), &[])), Problem::TooManyBases { limit: MAX_BASES }));
    write(0, "s2.toml");
    let faults = load_path(&path(5), &[]).unwrap_err();
    let Problem::Cycle { chain } = &faults.list[0].problem else { panic!("{faults}") };
    assert_eq!(chain.len(), 4);
    let at = faults.list[0].place.as_ref().unwrap();
    assert!(
        faults.sources.get(at.source).name.ends_with("s0.toml"),
        "the file that closes the ring is marked"
    );
}

#[test]
fn faults_of_file_base_and_settings_are_reported_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("top.toml");
    std::fs::write(&path, "name = \"Top\"\nextends = \"base.toml\"\n").unwrap();
    std::fs::write(folder.path().join("base.toml"), "name = \"base\"\nextends = \"historical\"\nfoo = 1\n")
        .unwrap();
    let faults = load_path(&path, &["parameters.quit_base=7", "bar=1"]).unwrap_err();
    let keys: Vec<&str> = faults.list.iter().map(|fault| fault.key.as_str()).collect();
    assert_eq!(keys, ["name", "foo", "parameters.quit_base", "bar"]);
}

#[test]
fn settings_take_the_keys_of_a_file() {
    let set = |settings: &[&str]| {
        let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
        load("historical", &settings)
    };
    let good = |settings: &[&str]| set(settings).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(good(&["population.size=4000"]).population.enterprises, 10);
    assert_eq!(good(&["population.size=one-to-one"]).population.regions, 70);
    assert_eq!(
        good(&["parameters.quit_base=0.05", "parameters.quit_base = 0.06"]).parameters.quit_base,
        0.06
    );
    assert!(!good(&["mechanisms.fear=false"]).mechanisms.fear);
    assert_eq!(good(&["title=With blanks and 7"]).title, "With blanks and 7");
    assert_eq!(good(&["policy.mode=schedule"]).setup(), good(&["policy.mode=\"schedule\""]).setup());
    let changed = good(&["change=[{lever='criticism', from='1937-01', at_most=0.15}]"]);
    assert_eq!(changed.setup(), load("terror_without_criticism", &[]).unwrap().setup());
    assert_eq!(
        good(&["event=[{name='Shakhty trial', month='1928-06'}]"]).events[0].from.to_string(),
        "1928-06"
    );
    assert!(matches!(first(set(&["population.size"])), Problem::NotASetting { .. }));
    assert!(matches!(first(set(&["extends=technocracy"])), Problem::NotBySet { key: "extends" }));
    assert!(matches!(first(set(&["=1"])), Problem::Syntax { .. }));
    assert!(matches!(first(set(&["population.size="])), Problem::Syntax { .. }));
    assert!(matches!(first(set(&["seed=1"])), Problem::UnknownKey { .. }));
    assert!(matches!(first(set(&["population.size=0"])), Problem::OutOfRange { .. }));
}

#[test]
fn equivalent_json_gives_the_same_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("same.json");
    let toml: toml::Value = toml::from_str(&load("class_coded_1937", &[]).unwrap().to_toml()).unwrap();
    std::fs::write(&path, serde_json::to_string(&toml).unwrap()).unwrap();
    let same = sound(&path);
    assert_eq!(same.hash_hex(), load("class_coded_1937", &[]).unwrap().hash_hex());
}

#[test]
fn an_event_is_altered_key_by_key() {
    let set =
        |setting: &str| load("historical", &[setting.to_owned()]).unwrap_or_else(|faults| panic!("{faults}"));
    let before = load("historical", &[]).unwrap();
    let altered = set("event=[{name='second Moscow trial', targets={worker=0.1}}]");
    assert_eq!(altered.events[3].from, before.events[3].from);
    assert_eq!(altered.setup().events.pulses[108], [0.0, 0.0, 0.0, 0.0, 0.0, 0.1]);
    let moved = set("event=[{name='party elections', month='1938-01'}]");
    assert_eq!(moved.setup().events.party_elections.iter().filter(|vote| **vote).count(), 1);
    let added = set(
        "event=[{name='another', kind='show_trial', from='1936-12', until='1937-01', targets={manager=0.25}}]",
    );
    assert_eq!(added.setup().events.pulses[107], [0.0, 0.0, 0.25, 0.0, 0.0, 0.0]);
    assert_eq!(
        added.setup().events.pulses[108],
        [0.0, 0.0, 0.75, 0.5, 0.0, 0.0],
        "trials of one month add up"
    );
    let same = set("event=[{name='second Moscow trial'}]");
    assert_eq!(same.setup(), before.setup());
}

#[test]
fn a_size_alone_keeps_the_mean_enterprise_in_a_file_too() {
    let set = |settings: &[&str]| {
        let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
        load("historical", &settings).unwrap_or_else(|faults| panic!("{faults}")).population
    };
    assert_eq!(set(&["population.size=4000"]).enterprises, 10);
    let all = set(&["population={size=4000, enterprises=30, regions=6}"]);
    assert_eq!((all.size, all.enterprises, all.regions), (4_000, 30, 6));
    assert_eq!(set(&["population.enterprises=4"]).regions, 4);
    assert_eq!(set(&["population.size=1"]).regions, 1);
}

/// The number of the line in a shipped file that begins with a text, counted from 1.
fn line_of(file: &str, begins: &str) -> usize {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().position(|line| line.starts_with(begins)).unwrap() + 1
}

#[test]
fn explain_names_the_file_and_line_that_set_a_value() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kadry"))
        .args([
            "explain",
            "terror_without_criticism",
            "criticism",
            "quit_base",
            "--set",
            "parameters.quit_base=0.05",
        ])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let steps = line_of("historical.toml", "[levers.criticism]");
    let change = line_of("terror_without_criticism.toml", "[[change]]");
    let set = format!(
        "set: scenarios/historical.toml:{steps} (steps); then scenarios/terror_without_criticism.toml:{change} (at_most 0.15 from 1937-01)"
    );
    assert!(text.contains(&set), "{text}");
    assert!(text.contains("quit_base = 0.05 per month  (0 to 1, default 0.049)"), "{text}");
    assert!(text.contains("set: --set:1"), "{text}");
}

#[test]
fn two_scenarios_that_differ_from_a_month_on_have_equal_levers_before() {
    let policy = |name: &str| match load(name, &[]).unwrap().setup().policy {
        kadry::model::setup::PolicyMode::Schedule(levers) => levers,
        #[allow(unreachable_patterns, reason = "further modes may come")]
        _ => panic!("a schedule"),
    };
    let (history, restored) = (policy("historical"), policy("unions_restored_1934"));
    assert_eq!(history[..72], restored[..72]);
    // The change applies before smoothing, so a third of it shows in its first month.
    assert!((restored[72].union - (0.05 + 0.05 + 0.6) / 3.0).abs() < 1e-12);
    assert_eq!(restored[74].union, (0.6 + 0.6 + 0.6) / 3.0);
}
