//! Tests that every scenario file within the size limit is read in little time and memory.

use std::time::{Duration, Instant};

use kadry::scenario::{MAX_BYTES, Problem, load};

/// Time limit for reading and rendering on a busy machine; on an idle machine the slowest case takes 0.2 s.
const LIMIT: Duration = Duration::from_secs(2);

const BASE: &str = "name = \"x\"\nextends = \"historical\"\n";

/// A text that repeats a numbered pattern up to the size limit.
fn full(start: &str, part: impl Fn(usize) -> String, end: &str) -> String {
    let mut text = start.to_owned();
    for number in 0.. {
        let part = part(number);
        if text.len() + part.len() + end.len() > MAX_BYTES as usize {
            break;
        }
        text += &part;
    }
    text + end
}

fn texts() -> Vec<(&'static str, String)> {
    let toml = |part: fn(usize) -> String| full(BASE, part, "");
    let list = |key: &str, part: fn(usize) -> String| full(&format!("{BASE}{key} = ["), part, "]\n");
    vec![
        (
            "alterations.toml",
            toml(|number| format!("[[event]]\nname = \"Shakhty trial {number}\"\nmonth = \"1930-01\"\n")),
        ),
        (
            "removals.toml",
            list("event", |number| format!("{{name=\"party election {number}\",remove=true}},")),
        ),
        (
            "events.toml",
            toml(|number| {
                format!(
                    "[[event]]\nname=\"e{number}\"\nkind=\"election\"\nmonth=\"1930-01\"\nposts=\"union\"\n"
                )
            }),
        ),
        ("phases.toml", toml(|number| format!("[[phase]]\nname=\"p{number}\"\nfrom=\"1928-01\"\n"))),
        ("changes.toml", list("change", |_| "{lever=\"union\",add=0},".into())),
        ("predictions.toml", list("prediction", |_| "{metric=\"disciplin\",direction=\"fals\"},".into())),
        ("claims.toml", list("claims", |_| "\"C99\",".into())),
        (
            "steps.toml",
            full(&format!("{BASE}[levers.union]\nsteps = ["), |_| "[\"1930-01\",2],".into(), "]\n"),
        ),
        ("keys.toml", toml(|number| format!("k{number}=1\n"))),
        (
            "parameters.toml",
            full(&format!("{BASE}[parameters]\n"), |number| format!("quit_bas{number}=1\n"), ""),
        ),
        ("duplicates.toml", toml(|_| "a=1\n".into())),
        ("errors.toml", toml(|_| "=\n".into())),
        ("carriage returns.toml", toml(|_| "\r".into())),
        ("numbers.toml", list("title", |_| ".5,".into())),
        ("dotted.toml", toml(|number| format!("{}b{number} = 1\n", "a.".repeat(40)))),
        ("nested.toml", toml(|number| format!("t{number}={}{}\n", "[".repeat(70), "]".repeat(70)))),
        ("arrays.toml", toml(|number| format!("[[a{number}]]\n"))),
        ("brackets.toml", toml(|_| "a=[\n".into())),
        ("braces.toml", toml(|_| "a={\n".into())),
        ("name.toml", full(&format!("{BASE}[[event]]\nremove = true\nname = \""), |_| "x".into(), "\"\n")),
        ("surrogates.json", full("{\"name\":\"x\",\"claims\":[1", |_| ",\"\\ud800\"".into(), "]}")),
        ("duplicates.json", full("{\"name\":\"x\"", |_| ",\"title\":1".into(), "}")),
        (
            "nested.json",
            full(
                "{\"name\":\"x\",\"title\":[1",
                |_| format!(",{}{}", "[".repeat(100), "]".repeat(100)),
                "]}",
            ),
        ),
    ]
}

#[test]
fn a_full_file_is_read_in_time() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in texts() {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let started = Instant::now();
        let faults = load(&path, &[]).expect_err(name);
        let drawn = faults.render(false);
        let took = started.elapsed();
        println!("{name}: {took:?}, {} faults", faults.list.len() + faults.more);
        assert!(took < LIMIT, "{name}: {took:?}");
        assert!(drawn.len() < 1 << 20, "{name}: a message of {} bytes", drawn.len());
    }
}

#[test]
fn a_long_list_is_refused_with_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    for (file, key, most) in [
        ("events.toml", "event", 1_000),
        ("phases.toml", "phase", 162),
        ("changes.toml", "change", 1_000),
        ("claims.toml", "claims", 54),
    ] {
        let (_, text) = texts().into_iter().find(|(name, _)| *name == file).unwrap();
        std::fs::write(folder.path().join(file), text).unwrap();
        let faults = load(folder.path().join(file), &[]).unwrap_err();
        let found = faults.list.iter().any(|fault| {
            fault.key == key && matches!(&fault.problem, Problem::TooMany { limit, count, .. } if *limit == most && *count > most)
        });
        assert!(found, "{file}: {faults}");
    }
}

#[test]
fn a_chain_of_long_bases_is_read_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let event = |file: usize, number: usize| {
        format!(
            "[[event]]\nname = \"a trial of some length in a file {file:02} {number:03}\"\nkind = \"show_trial\"\nmonth = \"1930-01\"\ntargets = {{ worker = 1 }}\n"
        )
    };
    for file in 0..30 {
        let base = if file == 0 { "historical".to_owned() } else { format!("s{}.toml", file - 1) };
        let mut text = format!("name = \"s{file}\"\nextends = \"{base}\"\n");
        for number in 0..100 {
            text += &event(file, number);
        }
        for number in 0..100 {
            text +=
                &format!("[[change]]\nlever = \"union\"\nadd = 0.0{number}\nsource = \"reason {number}\"\n");
        }
        std::fs::write(folder.path().join(format!("s{file}.toml")), text).unwrap();
    }
    let started = Instant::now();
    let faults = load(folder.path().join("s29.toml"), &[]).unwrap_err();
    assert!(
        matches!(&faults.list[..], [only] if matches!(only.problem, Problem::TooMany { count, .. } if count > 3_000)),
        "{faults}"
    );
    assert!(load(folder.path().join("s8.toml"), &[]).is_ok());
    assert!(started.elapsed() < LIMIT, "{:?}", started.elapsed());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_file_is_read_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in texts() {
        std::fs::write(folder.path().join(name), text).unwrap();
        // Limits the address space, of which the program itself takes a few MiB.
        let line = format!("ulimit -v 204800; exec '{}' check './{name}'", env!("CARGO_BIN_EXE_kadry"));
        let output =
            std::process::Command::new("sh").current_dir(folder.path()).args(["-c", &line]).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{name}: {}", stderr.chars().take(500).collect::<String>());
    }
}

#[test]
fn a_scenario_with_full_lists_is_resolved_in_time() {
    let mut text = BASE.to_owned();
    for number in 0..992 {
        text += &format!(
            "[[event]]\nname = \"trial {number}\"\nkind = \"show_trial\"\nmonth = \"1930-01\"\ntargets = {{ worker = 1 }}\n"
        );
    }
    for number in 0..1_000 {
        text += &format!("[[change]]\nlever = \"union\"\nadd = 0\nsource = \"reason {number}\"\n");
    }
    let months: Vec<String> = kadry::engine::calendar::Month::all().map(|month| month.to_string()).collect();
    for month in &months {
        text += &format!("[[phase]]\nname = \"month {month}\"\nfrom = \"{month}\"\n");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("full.toml");
    std::fs::write(&path, text).unwrap();
    let settings: Vec<String> =
        (0..1_000).map(|number| format!("parameters.quit_base=0.{number:04}")).collect();
    let started = Instant::now();
    let scenario = load(&path, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!((scenario.events.len(), scenario.phases.len(), scenario.warnings.len()), (1_000, 162, 1_000));
    let drawn = scenario.render_warnings(false);
    assert!(drawn.ends_with("warning: 900 further warnings are not shown\n\n"));
    let again = kadry::scenario::load_text("again.toml", &scenario.to_toml())
        .unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(again.to_toml(), scenario.to_toml());
    assert!(started.elapsed() < LIMIT, "{:?}", started.elapsed());
    let started = Instant::now();
    load("historical", &settings).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(started.elapsed() < LIMIT, "{:?}", started.elapsed());
    let more = [settings, vec!["parameters.quit_base=0.5".to_owned()]].concat();
    assert!(matches!(
        load("historical", &more).unwrap_err().list[0].problem,
        Problem::TooMany { limit: 1_000, .. }
    ));
}
