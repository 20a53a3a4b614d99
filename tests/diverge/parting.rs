//! Tests the first difference in tables, and the month, step and person in which the recomputed societies part.

use super::*;

/// Writes a scenario that raises a lever of the historical scenario from a month on.
fn raised(home: &Path, lever: &str, from: &str, add: &str) {
    let text = format!(
        "name = \"raised\"\nextends = \"historical\"\n[[change]]\nlever = \"{lever}\"\nfrom = \"{from}\"\nadd = {add}\n"
    );
    fs::write(home.join("raised.toml"), text).unwrap();
}

fn draws(parting: &Value) -> &Vec<Value> {
    parting["draws"].as_array().unwrap()
}

#[test]
fn another_seed_has_other_people_from_the_start() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &[]);
    run(home.path(), "historical", "b", &["--seed", "2"]);
    let (code, found) = diverge(home.path(), &["a", "b"]);
    assert_eq!(code, 5);
    // The first rows of all are those of the people at the start.
    let first = &found["first"];
    assert_eq!(
        (&first["file"], &first["month"], &first["replicate"]),
        (&"mobility.csv".into(), &"1927-12".into(), &1.into())
    );
    assert_eq!(table(&found, "series.csv")["first"]["month"], "1928-01");
    let recomputed = &found["recomputed"];
    assert_eq!(
        (&recomputed["reproduced"]["left"]["equal"], &recomputed["reproduced"]["right"]["equal"]),
        (&true.into(), &true.into())
    );
    assert_eq!(recomputed["same_draws"], false);
    let parting = &recomputed["parting"];
    assert_eq!((&parting["month"], &parting["step"]), (&Value::Null, &Value::Null));
    assert_eq!(parting["society"]["first"]["kind"], "person");
    assert!(!draws(parting).is_empty() && draws(parting).iter().all(|draw| draw["left"] != draw["right"]));
}

#[test]
fn one_parameter_shows_in_the_step_that_reads_it() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &[]);
    run(home.path(), "historical", "b", &["--set", "parameters.quit_base=0.06"]);
    let (code, found) = diverge(home.path(), &["a", "b"]);
    assert_eq!(code, 5);
    let difference = &found["scenarios"][0]["differences"][0];
    assert_eq!((&difference["key"], &difference["right"]), (&"quit_base".into(), &"0.06".into()));
    assert_eq!(found["scenarios"][0]["first_month"], "1928-01");
    assert_eq!(found["first"]["month"], "1928-01");
    let columns = found["first"]["columns"].as_array().unwrap();
    assert!(columns.iter().any(|column| column["column"] == "quit_rate"), "{columns:?}");
    let parting = &found["recomputed"]["parting"];
    assert_eq!(
        (&parting["month"], &parting["step"]["name"], &parting["step"]["number"]),
        (&"1928-01".into(), &"work".into(), &2.into())
    );
    // The same draw makes the person quit under the higher hazard alone.
    let person = &parting["step"]["society"]["first"];
    assert_eq!((&person["kind"], &person["identity"].as_str().unwrap()[..2]), (&"person".into(), "p1"));
    let field = &person["fields"][0];
    assert_eq!(
        (&field["field"], &field["left"], &field["right"]),
        (&"fate this month".into(), &"none".into(), &"quits".into())
    );
    let names: Vec<&str> = draws(parting).iter().map(|draw| draw["draw"].as_str().unwrap()).collect();
    assert_eq!(names, ["shirking", "quitting"]);
    assert!(draws(parting).iter().all(|draw| draw["left"] == draw["right"]));
    assert_eq!(found["recomputed"]["same_draws"], true);
}

#[test]
fn a_lever_changed_from_a_month_on_shows_in_that_month_and_never_before() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &["--until", "1934-12"]);
    for (lever, add) in
        [("union", "0.2"), ("repression", "0.2"), ("egalitarian_norm", "0.1"), ("criticism", "-0.2")]
    {
        raised(home.path(), lever, "1934-01", add);
        run(home.path(), "raised.toml", lever, &["--until", "1934-12"]);
        let (code, found) = diverge(home.path(), &["a", lever]);
        assert_eq!(code, 5, "{lever}");
        assert_eq!(found["scenarios"][0]["first_month"], "1934-01", "{lever}");
        // So few people seldom accuse anyone: of the change in criticism, the first outcomes show in February.
        let first = if lever == "criticism" { "1934-02" } else { "1934-01" };
        assert_eq!(found["first"]["month"], first, "{lever}");
        for table in found["tables"].as_array().unwrap() {
            let by_month = table["dated_by"] == "month";
            let month = table["first"]["month"].as_str();
            assert!(!by_month || month.is_none_or(|month| month >= "1934-01"), "{lever} {}", table["file"]);
        }
        let recomputed = &found["recomputed"];
        for side in ["left", "right"] {
            assert_eq!(recomputed["reproduced"][side]["equal"], true, "{lever}");
        }
        let month = |parting: &Value| parting["month"].as_str().unwrap().to_owned();
        assert!(month(&recomputed["parting"]).as_str() >= "1934-01", "{lever}");
        // Who differs first is said whether or not people differ in the first month.
        let people = &recomputed["people_parting"];
        let people = if people.is_null() { &recomputed["parting"] } else { people };
        assert!(month(people).as_str() >= "1934-01", "{lever}");
        let kind = people["step"]["society"]["first"]["kind"].as_str().unwrap();
        assert!(kind.starts_with("person"), "{lever}: {kind}");
    }
}

#[test]
fn units_part_before_people_under_a_lever_that_acts_on_units() {
    let home = tempfile::tempdir().unwrap();
    raised(home.path(), "union", "1930-02", "0.2");
    run(home.path(), "historical", "a", &["--tables", "series,mobility"]);
    run(home.path(), "raised.toml", "b", &["--tables", "series,mobility"]);
    let (_, found) = diverge(home.path(), &["a", "b"]);
    let recomputed = &found["recomputed"];
    let step = &recomputed["parting"]["step"];
    assert_eq!((&recomputed["parting"]["month"], &step["name"]), (&"1930-02".into(), &"update_units".into()));
    let first = &step["society"]["first"];
    assert_eq!((&first["kind"], &first["fields"][0]["field"]), (&"unit".into(), &"union capacity".into()));
    assert!(recomputed["people_parting"]["month"].as_str().unwrap() > "1930-02");
    // Without the table of the months, the societies part before any row differs.
    for folder in ["a", "b"] {
        fs::remove_dir_all(home.path().join(folder)).unwrap();
    }
    run(home.path(), "historical", "a", &["--tables", "mobility"]);
    run(home.path(), "raised.toml", "b", &["--tables", "mobility"]);
    let (code, found) = diverge(home.path(), &["a", "b"]);
    assert_eq!((code, &found["first"]["month"]), (5, &"1930-12".into()));
    assert_eq!(found["recomputed"]["parting"]["month"], "1930-02");
    let text = out(&kadry(home.path(), &["diverge", "a", "b"]));
    assert!(text.contains("part in 1930-02, before any row of a table does (1930-12)"), "{text}");
}

#[test]
fn a_forged_row_is_not_reproduced() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &[]);
    run(home.path(), "historical", "b", &[]);
    // One more vacancy of a foreman in March 1929, with all digests renewed.
    forge_table(&home.path().join("b"), "openings.csv", |table| {
        let row =
            table.lines().find(|row| row.contains(",2,1,1929-03,") && row.contains(",foreman,")).unwrap();
        let (before, last) = row.rsplit_once(',').unwrap();
        table.replacen(row, &format!("{before},{}", last.parse::<u64>().unwrap() + 1), 1)
    });
    let (code, found) = diverge(home.path(), &["a", "b"]);
    assert_eq!(code, 5);
    let first = &found["first"];
    assert_eq!(
        (&first["file"], &first["month"], &first["replicate"]),
        (&"openings.csv".into(), &"1929-03".into(), &2.into())
    );
    assert_eq!(
        (&first["row"]["rank"], &first["columns"][0]["column"]),
        (&"foreman".into(), &"promotions".into())
    );
    let recomputed = &found["recomputed"];
    assert_eq!((&recomputed["replicate"], &recomputed["parting"]), (&2.into(), &Value::Null));
    assert_eq!(recomputed["reproduced"]["left"]["equal"], true);
    let right = &recomputed["reproduced"]["right"];
    assert_eq!(
        (&right["equal"], &right["file"], &right["month"], &right["column"]),
        (&false.into(), &"openings.csv".into(), &"1929-03".into(), &"promotions".into())
    );
    let text = out(&kadry(home.path(), &["diverge", "a", "b"]));
    assert!(
        text.contains("B is not what this program computes") && text.contains("kadry verify b"),
        "{text}"
    );
    assert!(text.contains("the scenarios, seed and replicate are the same, but the rows differ"), "{text}");
}

#[test]
fn a_row_that_one_table_lacks_is_named() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), "historical", "a", &["--tables", "accusations"]);
    run(home.path(), "historical", "b", &["--tables", "accusations"]);
    let mut removed = String::new();
    let series = fs::read_to_string(home.path().join("b/accusations.csv")).unwrap();
    removed.push_str(series.lines().find(|row| row.contains(",1,1,1929-0")).unwrap());
    forge_table(&home.path().join("b"), "accusations.csv", |table| {
        table.replacen(&format!("{removed}\n"), "", 1)
    });
    let (code, found) = diverge(home.path(), &["a", "b"]);
    let first = &found["first"];
    assert_eq!((code, &first["only"], &first["columns"][0]["right"]), (5, &"left".into(), &Value::Null));
    for column in ["month", "motive", "accuser", "target"] {
        assert!(removed.contains(first["row"][column].as_str().unwrap()), "{first:#}");
    }
}

#[test]
fn the_text_fits_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    raised(home.path(), "repression", "1930-02", "0.3");
    run(home.path(), "historical", "a", &[]);
    run(home.path(), "raised.toml", "b", &[]);
    for width in ["60", "80", "140"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
        command.current_dir(home.path()).args(["diverge", "a", "b"]).env("COLUMNS", width).env("LC_ALL", "C");
        let output = command.output().unwrap();
        assert_eq!(code(&output), 5);
        let text = out(&output);
        let most = width.parse::<usize>().unwrap();
        assert!(text.is_ascii() && text.lines().all(|line| line.len() <= most), "{text}");
        for part in ["First difference: ", "recomputed: replicate 1", "step ", "person "] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
