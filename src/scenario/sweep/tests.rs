//! Tests which sweeps are accepted, and the messages for those that are refused.

use super::*;
use crate::scenario::Problem;
use crate::scenario::target::Target;
use std::path::Path;

const FILE: &str = r#"
base = "historical"
design = "grid"
replicates = 10
seed = 7
population = 4_000
until = "1930-12"
tables = ["series"]
metrics = ["discipline"]
set = ["mechanisms.fear=false"]

[[vary]]
key = "parameters.accusation_scale"
from = 0.002
to = 0.006
steps = 5
scale = "log"

[[vary]]
key = "levers.union"
values = [0.1, 0.30, 6e-1, 1]
"#;

fn read(text: &str, options: &SweepOptions<'_>) -> Result<Sweep, Faults> {
    load_sweep_text("sweep.toml", text, &SweepOptions { tables: &["series", "phases"], ..*options })
}

fn texts(values: &[&str]) -> Variation {
    Variation::Values(values.iter().map(|value| (*value).to_owned()).collect())
}

/// Reads texts of `--vary` without a file.
fn vary(texts: &[&str], design: &str, points: Option<u32>) -> Result<Sweep, Faults> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let options = SweepOptions {
        base: Some(OsStr::new("historical")),
        vary: &texts,
        design: Some(design.parse().unwrap()),
        points,
        ..SweepOptions::default()
    };
    load_sweep(None, &options)
}

/// The message, the text of the marked place, and the first advice of each fault.
fn messages(faults: &Faults) -> Vec<String> {
    let message = |fault: &crate::scenario::Fault| {
        let place = fault.place.as_ref().map_or("nowhere".to_owned(), |place| {
            let source = faults.sources.get(place.source);
            let marked = source.text[place.start..place.end].lines().next().unwrap_or_default().to_owned();
            let (line, column) = faults.sources.line_column(place);
            format!("{}:{line}:{column} `{marked}`", source.name)
        });
        format!("{} @ {place} # {}", fault.problem, fault.key)
    };
    faults.list.iter().map(message).collect()
}

#[test]
fn a_file_is_read() {
    let sweep = read(FILE, &SweepOptions::default()).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(sweep.base, "historical");
    assert_eq!(sweep.design, Design::Grid);
    assert_eq!(
        (sweep.replicates, sweep.seed, sweep.population),
        (Some(10), Some(7), Some(Size::People(4_000)))
    );
    assert_eq!(
        (sweep.until, sweep.set.as_slice()),
        (Some(Month(35)), &["mechanisms.fear=false".to_owned()][..])
    );
    assert_eq!(sweep.tables.unwrap(), ["series"]);
    assert_eq!(sweep.metrics.unwrap(), ["discipline"]);
    let keys: Vec<&str> = sweep.vary.iter().map(|vary| vary.key.as_str()).collect();
    assert_eq!(keys, ["parameters.accusation_scale", "levers.union"]);
    let steps = Variation::Steps { from: 0.002, to: 0.006, steps: 5, scale: Scale::Log };
    assert_eq!(sweep.vary[0].variation, steps);
    assert_eq!(sweep.vary[1].variation, texts(&["0.1", "0.3", "0.6", "1"]));
}

#[test]
fn the_forms_of_the_option_are_read() {
    let one = |text: &str, design: &str| {
        let points = (design == "latin").then_some(8);
        vary(&[text], design, points).unwrap_or_else(|faults| panic!("{faults}")).vary.remove(0)
    };
    let grid = |text: &str| one(text, "grid").variation;
    assert_eq!(grid("levers.union=0.1,0.30, 1"), texts(&["0.1", "0.3", "1"]));
    assert_eq!(grid(" mechanisms.fear = true,false"), texts(&["true", "false"]));
    assert_eq!(grid("population.size=4_000,one-to-one"), texts(&["4000", "one-to-one"]));
    let steps = |steps, scale| Variation::Steps { from: 0.1, to: 0.9, steps, scale };
    assert_eq!(grid("levers.union=0.1:0.9:5"), steps(5, Scale::Linear));
    assert_eq!(grid("levers.union=0.1:0.9:5:linear"), steps(5, Scale::Linear));
    assert_eq!(grid("levers.union = 0.1 : 9e-1 : 5 : log"), steps(5, Scale::Log));
    let range = |scale| Variation::Range { from: 0.1, to: 0.9, scale };
    assert_eq!(one("levers.union=0.1:0.9", "latin").variation, range(Scale::Linear));
    assert_eq!(one("levers.union=0.1:0.9:log", "latin").variation, range(Scale::Log));
    let prior = Variation::Range { from: 0.001, to: 0.01, scale: Scale::Linear };
    assert_eq!(one("parameters.accusation_scale", "latin").variation, prior);
    assert_eq!(one("mechanisms.fear=true,false", "latin").variation, texts(&["true", "false"]));
    assert!(one("population.regions=1:10:10", "grid").whole && !one("levers.union=0,1", "grid").whole);
}

#[test]
fn the_command_line_overrides_the_file() {
    let texts_of_vary = ["levers.growth=0.1,0.2".to_owned(), "levers.union=0:1".to_owned()];
    let options = SweepOptions {
        base: Some(OsStr::new("unions_kept")),
        vary: &texts_of_vary,
        design: Some(DesignName::Sobol),
        points: Some(16),
        population: Some(Size::People(2_000)),
        tables: &[],
    };
    let text = "base = \"historical\"\ndesign = \"grid\"\n[[vary]]\nkey = \"levers.union\"\nvalues = [0.5]\n";
    let sweep = read(text, &options).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!((sweep.base, sweep.design), ("unions_kept".into(), Design::Sobol { points: 16 }));
    assert_eq!(sweep.population, Some(Size::People(2_000)));
    assert_eq!(sweep.vary[0].key, "levers.union");
    assert_eq!(sweep.vary[0].variation, Variation::Range { from: 0.0, to: 1.0, scale: Scale::Linear });
    assert_eq!(sweep.vary[1].key, "levers.growth");
    // The number of points of the file belongs to its design.
    let text = text.replace("\"grid\"", "\"latin\"\npoints = 8");
    let options = SweepOptions { design: Some(DesignName::Grid), ..SweepOptions::default() };
    assert_eq!(read(&text, &options).unwrap().design, Design::Grid);
}

#[test]
fn a_base_is_relative_to_its_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    std::fs::write(folder.path().join("mine.toml"), "name = \"mine\"\nextends = \"historical\"\n").unwrap();
    let sweep = folder.path().join("inner/sweep.toml");
    let write = |base: &str| {
        let text = format!("base = \"{base}\"\n[[vary]]\nkey = \"levers.union\"\nvalues = [0.5]\n");
        std::fs::write(&sweep, text).unwrap();
        load_sweep(Some(sweep.as_os_str()), &SweepOptions::default())
    };
    let base = write("../mine.toml").unwrap().base;
    let template = crate::scenario::Template::load(&base, &[], None, None).unwrap();
    assert_eq!(template.base().name, "mine");
    assert_eq!(write("unions_kept").unwrap().base, "unions_kept");
    let faults = write("mine.toml").unwrap_err();
    assert!(messages(&faults)[0].contains("there is no such file @ "), "{faults}");
    let faults = write("unions_kep").unwrap_err();
    assert_eq!(faults.list[0].problem.label(), "did you mean `unions_kept`?");
    let missing = folder.path().join("absent.toml");
    let faults = load_sweep(Some(missing.as_os_str()), &SweepOptions::default()).unwrap_err();
    assert!(
        matches!(&faults.list[..], [only] if matches!(only.problem, Problem::Unreadable { .. })),
        "{faults}"
    );
}

#[test]
fn all_faults_of_a_file_are_shown_where_they_are() {
    let text = r#"bas = "historical"
design = "gird"
replicates = 0
until = "1942-01"
tables = ["serie"]
metrics = ["disciplin"]
set = ["levers.unio=0.1", "x"]

[[vary]]
key = "levers.unions"
values = [0.1]

[[vary]]
key = "levers.union"
values = [0.1, 1.5, "0.2", [1]]

[[vary]]
key = "parameters.quit_base"
from = 0.06
to = 0.02
steps = 1

[[vary]]
key = "parameters.gap_blame"
from = 0
to = 2
steps = 4
scale = "log"

[[vary]]
key = "parameters.grudge_months"
from = 2.5
values = []

[[vary]]
key = "levers.growth"
values = []

[[vary]]
key = "parameters.workforce_growth"

[[vary]]
key = "levers.union"
from = 0.1
"#;
    let faults = read(text, &SweepOptions::default()).unwrap_err();
    let expected = [
        "the key `base` is missing in a sweep @ sweep.toml:1:1 `` # base",
        "unknown key `bas` in a sweep @ sweep.toml:1:1 `bas` # bas",
        "unknown design `gird` @ sweep.toml:2:10 `\"gird\"` # design",
        "`replicates` is 0, outside its range @ sweep.toml:3:14 `0` # replicates",
        "1942-01 lies outside the calendar: months run from 1928-01 to 1941-06 @ sweep.toml:4:9 `\"1942-01\"` # until",
        "unknown table `serie` @ sweep.toml:5:11 `\"serie\"` # tables[0]",
        "unknown metric `disciplin` @ sweep.toml:6:12 `\"disciplin\"` # metrics[0]",
        "unknown key `unio` in [levers] @ sweep.toml:7:8 `\"levers.unio=0.1\"` # set[0]",
        "`--set x` is not of the form KEY=VALUE @ sweep.toml:7:27 `\"x\"` # set[1]",
        "`levers.unions` is no key that a sweep can vary @ sweep.toml:10:7 `\"levers.unions\"` # vary[0].key",
        "`levers.union` is 1.5, outside its range @ sweep.toml:15:16 `1.5` # vary[1].values[1]",
        "`levers.union` must be a number, not a string @ sweep.toml:15:21 `\"0.2\"` # vary[1].values[2]",
        "`vary[1].values[3]` must be one value, not a list @ sweep.toml:15:28 `[1]` # vary[1].values[3]",
        "`vary[2].steps` is 1, outside its range @ sweep.toml:21:9 `1` # vary[2].steps",
        "the logarithmic range of `parameters.gap_blame` begins at 0, but it must begin above 0 @ sweep.toml:25:8 `0` # vary[3].from",
        "`parameters.grudge_months` is given `values` and also `from` @ sweep.toml:33:1 `values` # vary[4].values",
        "`levers.growth` is given no values @ sweep.toml:37:10 `[]` # vary[5].values",
        "`parameters.workforce_growth` has no prior range: it is set from data, or the unit of a scale @ sweep.toml:40:7 `\"parameters.workforce_growth\"` # vary[6].key",
        "the key `to` is missing in [[vary]] @ sweep.toml:42:1 `[[vary]]` # vary[7].to",
        "`levers.union` is varied twice @ sweep.toml:43:7 `\"levers.union\"` # levers.union",
    ];
    let found = messages(&faults);
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    let shown = faults.render(false);
    for advice in
        ["did you mean `base`?", "did you mean `grid`?", "did you mean `levers.union`?", "allowed: 0 to 1"]
    {
        assert!(shown.contains(advice), "{advice}: {shown}");
    }
}

#[test]
fn broken_files_are_refused() {
    let one = |text: &str| messages(&read(text, &SweepOptions::default()).unwrap_err());
    let base = "base = \"historical\"\n";
    assert_eq!(one(base), ["the sweep varies no key @ nowhere # "]);
    assert!(
        one(&format!("{base}[vary]\nkey = \"levers.union\"\n"))[0]
            .starts_with("`vary` must be a list of tables")
    );
    let vary = "[[vary]]\nkey = \"levers.union\"\n";
    assert!(one(&format!("{base}{vary}values = [0.1, .5]\n"))[0].starts_with("not valid TOML"));
    assert!(one(&format!("{base}{vary}values = 0.1\n"))[0].starts_with("`vary[0].values` must be a list"));
    assert!(
        one(&format!("{base}{vary}values = [0.1, nan]\n"))[0]
            .starts_with("`levers.union` must be a finite number")
    );
    assert!(one(&format!("{base}{vary}"))[0].starts_with("`levers.union` has no prior range @"));
    let reversed = one(&format!("{base}{vary}from = 0.6\nto = 0.6\nsteps = 3\n"));
    assert_eq!(
        reversed,
        [
            "the range of `levers.union` begins at 0.6, which is not below its end, 0.6 @ sweep.toml:5:6 `0.6` # vary[0].to"
        ]
    );
    let points = one(&format!("{base}points = 4\n{vary}values = [0.1]\n"));
    assert_eq!(
        points,
        [
            "the design grid takes no number of points: they follow from its values @ sweep.toml:2:10 `4` # points"
        ]
    );
    // A faulty design or number of points causes no other fault.
    let unknown = one(&format!("{base}design = \"lattin\"\npoints = 4\n{vary}from = 0\nto = 1\n"));
    assert_eq!(unknown, ["unknown design `lattin` @ sweep.toml:2:10 `\"lattin\"` # design"]);
    let none = one(&format!("{base}design = \"latin\"\npoints = 0\n{vary}from = 0\nto = 1\n"));
    assert_eq!(none, ["`points` is 0, outside its range @ sweep.toml:3:10 `0` # points"]);
    let scale = one(&format!("{base}{vary}values = [0.1]\nscale = \"log\"\nsteps = 3\n"));
    assert!(
        scale[0].starts_with("`levers.union` is given `values` and also `steps`, `scale` @"),
        "{scale:?}"
    );
    let keys: String = Target::keys()
        .iter()
        .take(65)
        .map(|(key, _)| format!("[[vary]]\nkey = \"{key}\"\nvalues = [1]\n"))
        .collect();
    assert!(
        one(&format!("{base}{keys}"))
            .iter()
            .any(|text| text.starts_with("the sweep varies 65 keys, more than 64 @"))
    );
}

#[test]
fn faults_of_the_option_are_shown_in_its_text() {
    let one = |texts: &[&str], design: &str, points| messages(&vary(texts, design, points).unwrap_err());
    let grid = |text: &str| one(&[text], "grid", None).remove(0);
    assert_eq!(
        grid("accusation_scale=1"),
        "`accusation_scale` is no key that a sweep can vary @ --vary:1:1 `accusation_scale` # accusation_scale"
    );
    assert_eq!(
        grid("levers.union=0.1, 2"),
        "`levers.union` is 2, outside its range @ --vary:1:19 `2` # levers.union"
    );
    assert!(
        grid("levers.union=0.1:0.2:x").starts_with("`--vary levers.union=0.1:0.2:x` is not of a known form")
    );
    assert!(
        grid("levers.union=0.1:0.2:3:4")
            .starts_with("`--vary levers.union=0.1:0.2:3:4` is not of a known form")
    );
    assert!(grid("=1").starts_with("`--vary =1` is not of a known form"));
    assert!(grid("").starts_with("`--vary ` is not of a known form"));
    assert!(grid("levers.union=").starts_with("`levers.union` is given no values"));
    assert!(grid("levers.union=0.1,,0.2").starts_with("not valid TOML"));
    assert!(grid("levers.union=0.1:").starts_with("not valid TOML"));
    assert!(grid("levers.union=0.1:0.2:1").starts_with("`steps` is 1, outside its range @ --vary:1:22 `1`"));
    assert!(grid("mechanisms.fear=0:1:2").starts_with("`mechanisms.fear` must be true or false"));
    assert!(grid("mechanisms.fear").starts_with("`mechanisms.fear` is true or false and has no range"));
    assert!(
        grid("mechanisms.fear=false:true").starts_with("`mechanisms.fear` is true or false and has no range")
    );
    assert!(
        grid("population.size=100:one-to-one:3")
            .starts_with("`population.size` must be a number, not a string")
    );
    assert!(grid("population.size=100.5:200:3").starts_with("`population.size` must be a whole number"));
    assert!(
        grid("parameters.grudge_months=1.5:3:3")
            .starts_with("`parameters.grudge_months` must be a whole number, not 1.5")
    );
    assert!(grid("levers.union=0.3,0.1,0.30").starts_with("`levers.union` is given the value 0.3 twice @"));
    assert!(
        grid("levers.union=0:1").starts_with("the design grid needs values of `levers.union`, not a range")
    );
    assert!(
        grid("levers.union=0:1:1_000").starts_with("`--vary levers.union=0:1:1_000` is not of a known form")
    );
    assert_eq!(
        one(&["levers.union=0:1:2000", "levers.growth=0:1:600"], "grid", None),
        ["the sweep has 1200000 points, more than 1000000 @ --vary:1:1 `levers.union` # levers.union"]
    );
    assert_eq!(
        one(&["levers.union=0,1", "levers.union=0.5"], "grid", None),
        ["`levers.union` is varied twice @ --vary:1:1 `levers.union` # levers.union"]
    );
    assert_eq!(
        one(&["levers.union=0,1", "levers.growth=0,0,1"], "list", None),
        [
            "the design list takes one value of each key for a point, but `levers.growth` has 3 values and `levers.union` 2 \
          @ --vary:1:1 `levers.growth` # levers.growth"
        ]
    );
    assert!(
        one(&["levers.union=0:1:3"], "latin", Some(4))[0]
            .starts_with("the design latin draws values of `levers.union`")
    );
    assert!(
        one(&["levers.union=0:1"], "sobol", None)[0].starts_with("the design sobol needs a number of points")
    );
    assert_eq!(
        one(&["levers.union=0,1"], "list", Some(4)),
        [
            "the design list takes no number of points: they follow from its values @ --points:1:1 `4` # --points"
        ]
    );
    assert_eq!(
        one(&["levers.union=0:1"], "latin", Some(0)),
        ["`points` is 0, outside its range @ --points:1:1 `0` # --points"]
    );
    assert!(one(&[], "grid", None)[0].starts_with("the sweep varies no key"));
    // Unknown keys do not hide other faults, and cause none.
    assert_eq!(one(&["levers.unio=1", "levers.growth=2"], "grid", None).len(), 2);
}

#[test]
fn symbols_and_bare_names_are_suggested() {
    for (key, suggested) in [
        ("λ0", "parameters.accusation_scale"),
        ("accusation_scale", "parameters.accusation_scale"),
        ("union", "levers.union"),
        ("fear", "mechanisms.fear"),
        ("size", "population.size"),
        ("parameter.quit_base", "parameters.quit_base"),
    ] {
        let faults = vary(&[&format!("{key}=1")], "grid", None).unwrap_err();
        assert_eq!(faults.list[0].problem.label(), format!("did you mean `{suggested}`?"));
    }
    let faults = vary(&["title=a,b"], "grid", None).unwrap_err();
    assert_eq!(faults.list[0].problem.to_string(), "`title` is no key that a sweep can vary");
}

#[test]
fn a_population_cannot_be_given_and_varied() {
    let text =
        "base = \"historical\"\npopulation = 400\n[[vary]]\nkey = \"population.size\"\nvalues = [500]\n";
    let faults = read(text, &SweepOptions::default()).unwrap_err();
    assert!(
        matches!(&faults.list[0].problem, Problem::Sweep(problem) if matches!(**problem, SweepProblem::SizeVaried { .. })),
        "{faults}"
    );
}

#[test]
fn faults_of_points_name_the_point_and_the_place_of_its_key() {
    let text = "base = \"historical\"\n[[vary]]\nkey = \"levers.union\"\nvalues = [0.1]\n\
                [[vary]]\nkey = \"parameters.hires_peasant\"\nvalues = [0.9, 0.995]\n";
    let sweep = read(text, &SweepOptions::default()).unwrap();
    let template = crate::scenario::Template::load(&sweep.base, &sweep.set, None, None).unwrap();
    let mut faults = sweep.no_faults();
    for value in ["0.9", "0.995"] {
        let settings = [("levers.union", "0.1"), ("parameters.hires_peasant", value)];
        if let Err(found) = template.resolve(&settings) {
            sweep.blame(&mut faults, &settings, &found);
        }
    }
    let found = messages(&faults);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0].contains("add up to 1.")
            && found[0].contains("at levers.union=0.1, parameters.hires_peasant=0.995"),
        "{found:?}"
    );
    assert!(
        found[0].ends_with("@ sweep.toml:6:7 `\"parameters.hires_peasant\"` # parameters.hires_peasant"),
        "{found:?}"
    );
}

#[test]
fn the_examples_and_the_guide_are_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    for (example, keys) in [("accusation_and_union", 2), ("catharsis", 1)] {
        let text = read(&format!("scenarios/sweeps/{example}.toml"));
        let sweep = load_sweep_text(example, &text, &SweepOptions::default())
            .unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(sweep.vary.len(), keys);
    }
    let guide = read("docs/sweeps.md");
    let files: Vec<&str> =
        guide.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(!files.is_empty());
    for text in files {
        load_sweep_text("guide.toml", text, &SweepOptions::default())
            .unwrap_or_else(|faults| panic!("{faults}"));
    }
    let shown = guide.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let text = format!("{}values = [0.1, 1.5]\n", "\n".repeat(12) + "[[vary]]\nkey = \"levers.union\"\n");
    let options = SweepOptions { base: Some(OsStr::new("historical")), ..SweepOptions::default() };
    let found = load_sweep_text("sweep.toml", &text, &options).unwrap_err().render(false);
    assert!(found.starts_with(shown.trim_end()), "{found}");
}
