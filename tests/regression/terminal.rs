//! Tests that output fits the terminal, and that shells complete commands.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const WIDTHS: [&str; 5] = ["40", "60", "80", "100", "132"];

/// A command that runs the program in `home`, without environment variables that change the output.
fn kadry(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kadry"));
    for variable in ["LC_ALL", "LC_CTYPE", "LANG", "TERM", "COLUMNS", "NO_COLOR", "KADRY_ASCII"] {
        command.env_remove(variable);
    }
    command.current_dir(home).args(arguments);
    command
}

fn done(mut command: Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", err(&output));
    output
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn widest(text: &str) -> usize {
    text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let small = ["--population", "500", "--until", "1938-12", "--replicates", "2"];
    for width in WIDTHS {
        let folders = [format!("run{width}"), format!("compare{width}"), format!("phases{width}")];
        let verbs: [&[&str]; 6] = [
            &["run", "historical", "--out", &folders[0]],
            &["compare", "historical", "no_terror", "unions_kept", "--out", &folders[1]],
            &["compare", "historical", "--out", &folders[2]],
            &["history", &folders[0]],
            &["list"],
            &["--help"],
        ];
        for arguments in verbs {
            let runs = ["run", "compare"].contains(&arguments[0]);
            let all = [arguments, if runs { &small[..] } else { &[] }].concat();
            let mut command = kadry(home.path(), &all);
            command.env("COLUMNS", width);
            let text = out(&done(command));
            let most: usize = width.parse().unwrap();
            assert!(widest(&text) <= most, "{arguments:?} at {width}:\n{text}");
            assert!(!runs || text.contains("phase"), "{text}");
        }
    }
}

#[test]
fn short_runs_have_whole_years_on_their_axis() {
    let home = tempfile::tempdir().unwrap();
    for until in ["1928-01", "1928-03", "1929-02"] {
        let arguments = ["run", "historical", "--population", "500", "--until", until, "--out", until];
        let text = out(&done(kadry(home.path(), &arguments)));
        let lines: Vec<&str> = text.lines().collect();
        let phases = lines.iter().position(|line| line.trim() == "┊class war").unwrap();
        let years = lines[phases - 1];
        assert!(years.split_whitespace().all(|year| ["1928", "1929"].contains(&year)), "{years}");
    }
}

#[test]
fn a_locale_without_utf8_gets_ascii() {
    let home = tempfile::tempdir().unwrap();
    let run = |name: &str, variables: &[(&str, &str)]| {
        let arguments = [
            "run",
            "historical",
            "--population",
            "500",
            "--until",
            "1929-12",
            "--replicates",
            "2",
            "--out",
            name,
        ];
        let mut command = kadry(home.path(), &arguments);
        command.envs(variables.iter().copied());
        out(&done(command))
    };
    for (name, variables) in [
        ("c", &[("LC_ALL", "C")][..]),
        ("latin", &[("LANG", "de_DE.ISO-8859-1")]),
        ("dumb", &[("TERM", "dumb"), ("LANG", "en_GB.UTF-8")]),
        ("asked", &[("KADRY_ASCII", "1")]),
    ] {
        let text = run(name, variables);
        assert!(text.is_ascii() && text.contains("+-") && text.contains('@'), "{text}");
    }
    for (name, variables) in [("nothing", &[][..]), ("utf8", &[("LANG", "C.UTF-8")])] {
        let text = run(name, variables);
        assert!(text.contains('±') && text.contains('█'), "{text}");
    }
    let arguments = [
        "compare",
        "historical",
        "--population",
        "500",
        "--until",
        "1934-12",
        "--replicates",
        "3",
        "--out",
        "k",
    ];
    let mut command = kadry(home.path(), &arguments);
    command.env("LANG", "C");
    let text = out(&done(command));
    assert!(text.is_ascii() && text.contains("->"), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn messages_that_cannot_be_written_fail_nothing() {
    let home = tempfile::tempdir().unwrap();
    for more in [&["--profile"][..], &["--verbose"], &["--progress", "always"]] {
        let name = more[0].trim_start_matches('-');
        let mut command = kadry(
            home.path(),
            &["run", "historical", "--population", "500", "--until", "1928-06", "--out", name],
        );
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command.args(more).stderr(full).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{more:?}");
        assert!(home.path().join(name).join("manifest.json").exists());
    }
}

#[test]
fn progress_ends_at_100_percent_and_never_shows_it_before() {
    let home = tempfile::tempdir().unwrap();
    let arguments = [
        "run",
        "historical",
        "--population",
        "500",
        "--until",
        "1929-12",
        "--replicates",
        "3",
        "--out",
        "r",
        "--progress",
        "always",
    ];
    let text = err(&done(kadry(home.path(), &arguments)));
    let (last, before) =
        text.lines().collect::<Vec<_>>().split_last().map(|(last, rest)| (*last, rest.to_vec())).unwrap();
    assert!(last.starts_with("100 %") && last.contains("month 72 of 72"), "{text}");
    assert!(before.iter().all(|line| !line.contains("100 %")), "{text}");
}

/// The words that bash offers to complete the last word; `None` without bash.
fn offered(home: &Path, words: &[&str]) -> Option<Vec<String>> {
    let program = Path::new(env!("CARGO_BIN_EXE_kadry"));
    let script = "\
        source \"$SCRIPT\"\n\
        COMP_WORDS=(\"$@\")\n\
        COMP_CWORD=$(($# - 1))\n\
        COMP_LINE=\"$*\"\n\
        COMP_POINT=${#COMP_LINE}\n\
        _kadry_complete \"$1\" \"${!#}\" \"\"\n\
        printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    let file = home.join("kadry.bash");
    fs::write(&file, out(&done(kadry(home, &["completions", "bash"])))).unwrap();
    let mut command = Command::new("bash");
    command.current_dir(home).env("SCRIPT", &file).args(["--noprofile", "--norc", "-c", script, "bash"]);
    let output = match command.arg(program).args(words).output() {
        Ok(output) => output,
        Err(_) => {
            eprintln!("skipped: there is no bash");
            return None;
        }
    };
    assert!(output.status.success() && output.stderr.is_empty(), "{}", err(&output));
    Some(out(&output).lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

#[test]
fn bash_completes_scenarios_keys_metrics_phases_and_folders() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("no_mine.toml"), "").unwrap();
    fs::write(home.path().join("notes.txt"), "").unwrap();
    fs::create_dir(home.path().join("results")).unwrap();
    let cases: &[(&[&str], &[&str])] = &[
        (&["ru"], &["run"]),
        (&["run", "no_te"], &["no_terror"]),
        (&["run", "no_m"], &["no_mine.toml"]),
        (&["compare", "historical", "unions_k"], &["unions_kept"]),
        (&["diff", "historical", "techno"], &["technocracy"]),
        (&["run", "historical", "--set", "parameters.accusation_sc"], &["parameters.accusation_scale="]),
        (&["run", "historical", "--set", "levers.uni"], &["levers.union="]),
        (&["run", "historical", "--set", "population.reg"], &["population.regions="]),
        // Bash splits words at `=`.
        (&["run", "historical", "--set", "mechanisms.fear", "=", "t"], &["true"]),
        (&["explain", "historical", "--set", "mechanisms.fear", "="], &["true", "false"]),
        (&["run", "--set", "levers.union", "=", "0.5", "no_te"], &["no_terror"]),
        (&["compare", "historical", "--metric", "elite_turnover_r"], &["elite_turnover_repressive"]),
        (&["compare", "historical", "--metric", "=", "elite_turnover_r"], &["elite_turnover_repressive"]),
        (&["compare", "historical", "--phase", "class"], &["class\\ war"]),
        (&["compare", "historical", "--phase", "'class"], &["class war"]),
        (&["run", "historical", "--tables", "ser"], &["series"]),
        (&["report", "resu"], &["results/"]),
        (&["run", "historical", "--out", "r"], &["results/"]),
        (&["run", "historical", "--dry"], &["--dry-run"]),
        (
            &["compare", "historical", "--metric", "fear,elite_turnover_r"],
            &["fear,elite_turnover_repressive"],
        ),
        (&["completions", "z"], &["zsh"]),
        (&["man", "compl"], &["completions"]),
    ];
    for (words, expected) in cases {
        let Some(found) = offered(home.path(), words) else { return };
        assert_eq!(found, *expected, "{words:?}");
    }
}

#[test]
fn fish_and_zsh_read_their_scripts() {
    let home = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_kadry"));
    let folder = program.parent().unwrap().to_owned();
    let path = std::env::join_paths(
        std::iter::once(folder).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let script = |shell: &str| {
        let file = home.path().join(shell);
        fs::write(&file, out(&done(kadry(home.path(), &["completions", shell])))).unwrap();
        file
    };
    let asked =
        "source $argv[1]; complete -C 'kadry run no_te'; complete -C 'kadry run x --set mechanisms.fear=f'";
    let mut fish = Command::new("fish");
    fish.env("PATH", path.unwrap()).env("HOME", home.path()).current_dir(home.path());
    match fish.args(["--no-config", "-c", asked]).arg(script("fish")).output() {
        Ok(output) => {
            let text = out(&output);
            let lines: Vec<&str> = text.lines().map(|line| line.split('\t').next().unwrap()).collect();
            assert_eq!(lines, ["no_terror", "mechanisms.fear=false"], "{}", err(&output));
        }
        Err(_) => eprintln!("skipped: there is no fish"),
    }
    match Command::new("zsh").args(["-f", "-n"]).arg(script("zsh")).output() {
        Ok(output) => assert!(output.status.success() && output.stderr.is_empty(), "{}", err(&output)),
        Err(_) => eprintln!("skipped: there is no zsh"),
    }
}

#[test]
fn every_shell_has_a_script() {
    let home = tempfile::tempdir().unwrap();
    for (shell, word) in [
        ("bash", "complete -"),
        ("zsh", "compdef"),
        ("fish", "complete --"),
        ("elvish", "arg-completer"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = out(&done(kadry(home.path(), &["completions", shell])));
        assert!(script.contains(word) && script.contains("KADRY_COMPLETE"), "{shell}: {script}");
    }
}

#[test]
fn the_manual_page_has_every_verb_and_is_sound_roff() {
    let home = tempfile::tempdir().unwrap();
    let page = out(&done(kadry(home.path(), &["man"])));
    for part in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "\"EXIT STATUS\"", "ENVIRONMENT", "FILES"] {
        assert!(page.lines().any(|line| line == format!(".SH {part}")), "{part}: {page}");
    }
    for verb in [
        "run",
        "compare",
        "check",
        "explain",
        "diff",
        "follow",
        "list",
        "history",
        "report",
        "schema",
        "completions",
        "man",
    ] {
        assert!(page.lines().any(|line| line == format!(".SH \"kadry {verb}\"")), "{verb}: {page}");
        let alone = out(&done(kadry(home.path(), &["man", verb])));
        assert!(alone.contains(".SH \"EXIT STATUS\"") && alone.contains(".SH SYNOPSIS"), "{alone}");
        sound(home.path(), &alone);
    }
    for word in ["until\\-precise", "NO_COLOR", "130", "manifest.json"] {
        assert!(page.contains(word), "{word}");
    }
    sound(home.path(), &page);
    let unknown = kadry(home.path(), &["man", "nothing"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("completions"), "{}", err(&unknown));
}

/// Checks a page with groff, if it is installed.
fn sound(home: &Path, page: &str) {
    let file = home.join("page.1");
    fs::write(&file, page).unwrap();
    match Command::new("groff").args(["-man", "-Tutf8", "-ww", "-z"]).arg(&file).output() {
        Ok(output) => assert!(output.status.success() && output.stderr.is_empty(), "{}", err(&output)),
        Err(_) => eprintln!("skipped: there is no groff"),
    }
}

#[test]
fn scenarios_that_cannot_differ_are_announced() {
    let home = tempfile::tempdir().unwrap();
    let compare = |other: &str, until: &str, out: &str| {
        let arguments = [
            "compare",
            "historical",
            other,
            "--population",
            "500",
            "--replicates",
            "2",
            "--until",
            until,
            "--out",
            out,
        ];
        err(&done(kadry(home.path(), &arguments)))
    };
    let said = compare("unions_restored_1934", "1931-12", "early");
    assert!(
        said.contains("identical to `historical+population=500` until 193") && said.contains("--until 193"),
        "{said}"
    );
    assert_eq!(compare("unions_restored_1934", "1934-12", "late"), "");
    fs::write(home.path().join("same.toml"), "name = \"same\"\nextends = \"historical\"\n").unwrap();
    let said = compare("same.toml", "1928-06", "same");
    assert!(
        said.contains("`same+population=500` is identical to `historical+population=500` in everything"),
        "{said}"
    );
}

#[test]
fn scenarios_of_different_sizes_are_announced() {
    let home = tempfile::tempdir().unwrap();
    let text = "name = \"small\"\nextends = \"historical\"\n[population]\nsize = 400\n";
    fs::write(home.path().join("small.toml"), text).unwrap();
    let text = "name = \"larger\"\nextends = \"historical\"\n[population]\nsize = 500\n";
    fs::write(home.path().join("larger.toml"), text).unwrap();
    let arguments =
        ["compare", "small.toml", "larger.toml", "--replicates", "2", "--until", "1928-03", "--out", "c"];
    let said = err(&done(kadry(home.path(), &arguments)));
    assert!(said.contains("starts with 500 people and `small` with 400"), "{said}");
}

#[test]
fn what_the_user_asked_for_is_shown_and_inputs_are_not() {
    let home = tempfile::tempdir().unwrap();
    let small = ["--population", "1000", "--replicates", "6", "--until", "1933-12"];
    let compare = |arguments: &[&str]| {
        out(&done(kadry(home.path(), &[&["compare", "historical"], arguments, &small].concat())))
    };
    let metric = |line: &str| line.split_whitespace().next().unwrap_or_default().to_owned();
    let text = compare(&["--out", "phases"]);
    let shown: Vec<String> =
        text.lines().filter(|line| line.starts_with("  ") && line.contains('→')).map(metric).collect();
    assert!(!shown.is_empty(), "{text}");
    for input in ["people", "workers", "elite", "union_capacity", "mood"] {
        assert!(!shown.iter().any(|metric| metric == input), "{input}: {text}");
    }
    let text =
        compare(&["no_terror", "--metric", "mood,people", "--phase", "whole period", "--out", "asked"]);
    let shown: Vec<String> = text.lines().filter(|line| line.contains("whole period")).map(metric).collect();
    assert_eq!(shown, ["people", "mood"], "{text}");
}

#[test]
fn scenarios_are_identical_until_the_first_month_that_differs() {
    let home = tempfile::tempdir().unwrap();
    let load = |name: &str| kadry::scenario::load(name, &[]).unwrap();
    let series = |name: &str| {
        let arguments = ["run", name, "--population", "1000", "--out", name, "--tables", "series"];
        done(kadry(home.path(), &arguments));
        let text = fs::read_to_string(home.path().join(name).join("series.csv")).unwrap();
        text.lines().skip(1).map(|line| line.split_once(',').unwrap().1.to_owned()).collect::<Vec<String>>()
    };
    let baseline = series("historical");
    assert_eq!(load("historical").first_difference(&load("historical")), None);
    for name in ["unions_restored_1934", "no_terror", "class_coded_1937", "no_egalitarian_norm"] {
        let expected = load("historical").first_difference(&load(name)).unwrap().index();
        let other = series(name);
        let differs = baseline.iter().zip(&other).position(|(a, b)| a != b).unwrap();
        // An effect on people in a month may only be counted in the next month.
        assert!((expected..=expected + 2).contains(&differs), "{name}: {differs}, not {expected}");
    }
}
