//! Tests that no command deletes or overwrites a file of the user.

use super::*;

#[test]
fn a_folder_with_a_manifest_of_another_program_is_never_replaced() {
    let home = tempfile::tempdir().unwrap();
    let foreign = home.path().join("ext");
    fs::create_dir_all(foreign.join(".git")).unwrap();
    fs::write(foreign.join(".git/HEAD"), "ref").unwrap();
    let manifests = ["{\"manifest_version\":3}", "[]", "", "{\"form\":2,\"program\":{\"name\":\"other\"}}"];
    for manifest in manifests {
        fs::write(foreign.join("manifest.json"), manifest).unwrap();
        let before = everything(home.path());
        for arguments in
            [&["--out", "ext", "--force"][..], &["--out", "ext"], &["--out", "./ext/../ext/", "--force"]]
        {
            refused(&run(home.path(), arguments), "manifest");
        }
        refused(&compare(home.path(), &["--replicates", "2", "--out", "ext", "--force"]), "manifest");
        refused(
            &kadry(&foreign, &[&["run", "historical"], &SMALL[..], &["--out", ".", "--force"]].concat())
                .output()
                .unwrap(),
            "manifest",
        );
        #[cfg(unix)]
        {
            let link = home.path().join("link");
            let _ = fs::remove_file(&link);
            std::os::unix::fs::symlink(&foreign, &link).unwrap();
            refused(&run(home.path(), &["--out", "link", "--force"]), "manifest");
            fs::remove_file(&link).unwrap();
        }
        assert_eq!(everything(home.path()), before, "{manifest}");
    }
}

#[test]
fn force_replaces_only_what_kadry_wrote() {
    let home = tempfile::tempdir().unwrap();
    succeeds(&run(home.path(), &["--out", "result"]));
    let folder = home.path().join("result");
    let mine = ["notes.txt", "scenario of mine.toml", "deep/er/file", "scenarios/mine.toml", ".hidden"];
    for name in mine {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "name = \"mine\"\nextends = \"historical\"\n").unwrap();
    }
    succeeds(&kadry(home.path(), &["report", "result"]).output().unwrap());
    let page = fs::read(folder.join("report.html")).unwrap();
    // Another seed, a scenario that is in the folder, and a comparison.
    succeeds(&run(home.path(), &["--out", "result", "--seed", "2", "--force"]));
    let inside = ["run", "result/scenario of mine.toml", "--out", "result", "--force"];
    succeeds(&kadry(home.path(), &[&inside[..], &SMALL[..]].concat()).output().unwrap());
    let output = compare(home.path(), &["--replicates", "2", "--out", "result", "--force"]);
    succeeds(&output);
    assert!(err(&output).contains("shows an earlier result"), "{}", err(&output));
    let output = run(home.path(), &["--out", "result", "--force"]);
    succeeds(&output);
    for name in mine {
        assert!(fs::read_to_string(folder.join(name)).unwrap().starts_with("name = "), "{name}");
    }
    assert!(fs::read(folder.join("report.html")).unwrap() == page);
    assert!(!folder.join("compare.csv").exists() && !folder.join(".kadry").exists());
}

#[test]
fn other_results_below_an_output_folder_stay() {
    let home = tempfile::tempdir().unwrap();
    succeeds(&run(home.path(), &["--out", "output/one"]));
    let before = everything(home.path());
    refused(&run(home.path(), &["--out", "output", "--force"]), "not a result folder");
    refused(&run(home.path(), &["--out", ".", "--force"]), "not a result folder");
    assert_eq!(everything(home.path()), before);
}

#[test]
fn a_changed_table_belongs_to_the_user() {
    let home = tempfile::tempdir().unwrap();
    succeeds(&run(home.path(), &["--out", "result"]));
    let series = home.path().join("result/series.csv");
    let text = fs::read_to_string(&series).unwrap() + "# checked by hand\n";
    fs::write(&series, text).unwrap();
    let before = everything(home.path());
    for arguments in [
        &["--out", "result"][..],
        &["--out", "result", "--force"],
        &["--out", "result", "--seed", "2", "--force"],
    ] {
        refused(&run(home.path(), arguments), "result/series.csv is not a file that kadry wrote");
        assert_eq!(everything(home.path()), before);
    }
    fs::rename(&series, home.path().join("mine.csv")).unwrap();
    succeeds(&run(home.path(), &["--out", "result"]));
}

#[test]
fn extending_keeps_foreign_files_and_two_at_once_lose_nothing() {
    let home = tempfile::tempdir().unwrap();
    succeeds(&compare(home.path(), &["--replicates", "2", "--out", "c"]));
    let notes = home.path().join("c/notes.txt");
    fs::write(&notes, "mine").unwrap();
    let extend = |scenario: &'static str| {
        let arguments = ["compare", "historical", scenario, "--extend", "--out", "c"];
        kadry(home.path(), &[&arguments[..], &SMALL[..]].concat())
    };
    let scenarios = ["no_enemies", "no_terror", "technocracy"];
    let children: Vec<_> = scenarios
        .iter()
        .map(|scenario| {
            extend(scenario)
                .stderr(std::process::Stdio::piped())
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    let ended: Vec<Output> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let series = fs::read_to_string(home.path().join("c/series.csv")).unwrap();
    for (scenario, output) in scenarios.iter().zip(&ended) {
        let there = series.lines().any(|line| line.starts_with(&format!("{scenario}+population=500,")));
        assert_eq!(there, output.status.success(), "{scenario}: {}", err(output));
    }
    assert!(ended.iter().any(|output| output.status.success()));
    assert_eq!(fs::read_to_string(notes).unwrap(), "mine");
}

#[test]
fn pages_and_pictures_never_replace_a_file_that_kadry_did_not_write() {
    let home = tempfile::tempdir().unwrap();
    succeeds(&run(home.path(), &["--out", "r"]));
    fs::write(home.path().join("mine.html"), "mine").unwrap();
    fs::write(home.path().join("mine.toml"), "extends = \"historical\"\n").unwrap();
    fs::create_dir(home.path().join("folder")).unwrap();
    let report =
        |arguments: &[&str]| kadry(home.path(), &[&["report", "r"], arguments].concat()).output().unwrap();
    let before = everything(home.path());
    for out in ["r/series.csv", "r/manifest.json", "mine.html", "mine.toml"] {
        refused(&report(&["--out", out]), "already exists");
        refused(&report(&["--out", out, "--force"]), "is not a file that kadry wrote");
    }
    refused(&report(&["--out", "folder", "--force"]), "is not a file that kadry wrote");
    // Pictures in the result folder have other names than tables, so the result does not change.
    assert_eq!(everything(home.path()), before);
    let with_pictures = report(&["--svg", "r", "--force"]);
    let changed: Vec<_> = before.iter().filter(|one| !everything(home.path()).contains(one)).collect();
    assert!(changed.is_empty(), "{changed:?}, {}", err(&with_pictures));
    // --force replaces a page of kadry, unless the user has changed it.
    succeeds(&report(&["--out", "page.html"]));
    refused(&report(&["--out", "page.html"]), "already exists");
    succeeds(&report(&["--out", "page.html", "--force"]));
    let page = home.path().join("page.html");
    fs::write(&page, fs::read_to_string(&page).unwrap().replacen("<h1>", "<h1>My ", 1)).unwrap();
    refused(&report(&["--out", "page.html", "--force"]), "is not a file that kadry wrote");
}

#[test]
fn findings_never_replace_a_file_that_kadry_did_not_write() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("scenario.toml"), "mine").unwrap();
    let page = |file: &str, more: &[&str]| {
        compare(home.path(), &[&["--replicates", "2", "--out", "c", "--findings", file], more].concat())
    };
    refused(&page("scenario.toml", &[]), "scenario.toml already exists");
    refused(&page("scenario.toml", &["--force"]), "is not a file that kadry wrote");
    #[cfg(unix)]
    {
        refused(&page("/dev/null", &["--force"]), "is not a file that kadry wrote");
        std::os::unix::fs::symlink("scenario.toml", home.path().join("link.md")).unwrap();
        refused(&page("link.md", &["--force"]), "is not a file that kadry wrote");
    }
    // Refused before the first run.
    assert!(!home.path().join("c").exists());
    succeeds(&page("findings.md", &[]));
    refused(&page("findings.md", &[]), "findings.md already exists");
    succeeds(&page("findings.md", &["--force"]));
    assert_eq!(fs::read_to_string(home.path().join("scenario.toml")).unwrap(), "mine");
}
