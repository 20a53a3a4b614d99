use super::*;
use crate::output::manifest::{Cost, Platform, Program, ReplicateStatus, ScenarioMark, Status};
use crate::output::plan::{self, PlanMark};

fn plan(seed: u64, files: &[&str]) -> PlanFile {
    let mark = PlanMark {
        command: "run".into(),
        results: 1,
        keys: Vec::new(),
        points: None,
        futures: None,
        settings: serde_json::Value::Null,
        scenarios: vec![ScenarioMark { name: "historical".into(), label: None, hash: "0123456789".into() }],
        seed,
        replicates: [1, 1],
        months: ["1928-01".into(), "1941-06".into()],
        texts: String::new(),
        tables: Vec::new(),
        analysis: BTreeMap::new(),
        files: files.iter().map(|file| (*file).to_owned()).collect(),
    };
    let plan = PlanFile {
        form: plan::FORM,
        digest: String::new(),
        program: Program::this(),
        planned: false,
        mark,
        scenario_texts: Vec::new(),
        variants: Vec::new(),
        options: BTreeMap::new(),
        looks_before: 0,
        batches: Vec::new(),
    };
    plan.sealed()
}

fn manifest(plan: &PlanFile, workspace: &Workspace, complete: bool) -> Manifest {
    let manifest = Manifest {
        form: crate::output::manifest::FORM,
        digest: String::new(),
        complete,
        program: Program::this(),
        scenario: plan.mark.scenarios[0].clone(),
        seed: plan.mark.seed,
        seed_text: plan.mark.seed.to_string(),
        months: plan.mark.months.clone(),
        generator: String::new(),
        replicates: vec![ReplicateStatus { replicate: 1, status: Status::Finished, reason: None }],
        files: workspace.marks().clone(),
        plan: plan.mark.clone(),
        options: BTreeMap::new(),
        comparison: None,
        sweep: None,
        cost: Cost {
            wall_seconds: 0.1,
            peak_memory_bytes: None,
            threads: 1,
            side_by_side: 1,
            runs_computed: 1,
            agent_months: 1,
            process_seconds: BTreeMap::new(),
        },
        platform: Platform::this(),
    };
    manifest.sealed()
}

fn ask(folder: &Path, plan: &PlanFile, replace: bool) -> Result<Opened, FolderError> {
    open(&Request { folder, plan, replace, extends: None })
}

fn work(folder: &Path, plan: &PlanFile, replace: bool) -> Workspace {
    match ask(folder, plan, replace) {
        Ok(Opened::Work(workspace)) => workspace,
        other => panic!("{other:?}"),
    }
}

/// Writes each file of a plan with a text, and finishes.
fn finish(folder: &Path, plan: &PlanFile, replace: bool, text: &str) {
    let mut workspace = work(folder, plan, replace);
    for file in &plan.mark.files {
        workspace.write(file, text.as_bytes()).unwrap();
    }
    let manifest = manifest(plan, &workspace, true);
    workspace.finish(&manifest).unwrap();
}

fn store(workspace: &Workspace, name: &str) {
    workspace.parts().unwrap().store(name, b"runs").unwrap();
}

fn stored(workspace: &Workspace) -> Vec<String> {
    workspace.parts().unwrap().names().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_finished_folder_has_its_files_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("deep/er/result");
    let plan = plan(1, &["a.csv", "scenarios/b.toml"]);
    finish(&folder, &plan, false, "abc");
    assert_eq!(names(&folder), ["a.csv", "manifest.json", "scenarios"]);
    let Ok(Opened::Finished(manifest)) = ask(&folder, &plan, false) else { panic!("not finished") };
    assert_eq!(
        manifest.files["a.csv"].sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(names(&folder), ["a.csv", "manifest.json", "scenarios"]);
}

#[test]
fn work_is_removed_without_finished_runs_and_continued_with_them() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let plan = plan(1, &["a.csv"]);
    let workspace = work(&folder, &plan, false);
    workspace.stream("a.csv").unwrap();
    drop(workspace);
    assert!(names(home.path()).is_empty());

    let workspace = work(&folder, &plan, false);
    store(&workspace, "1");
    drop(workspace);
    let workspace = work(&folder, &plan, false);
    assert_eq!(stored(&workspace), ["1"]);
    assert_eq!(workspace.parts().unwrap().read("1").unwrap().unwrap(), b"runs");
}

#[test]
fn another_plan_is_refused_without_permission_to_replace() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    finish(&folder, &plan(1, &["a.csv", "old.csv"]), false, "old");
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    let error = ask(&folder, &plan(2, &["a.csv"]), false).unwrap_err().to_string();
    assert!(error.contains("seed 1, not 2"), "{error}");
    assert_eq!(names(&folder), ["a.csv", "manifest.json", "notes.txt", "old.csv"]);
    finish(&folder, &plan(2, &["a.csv"]), true, "new");
    assert_eq!(names(&folder), ["a.csv", "manifest.json", "notes.txt"]);
    assert_eq!(fs::read_to_string(folder.join("a.csv")).unwrap(), "new");

    drop({
        let workspace = work(&folder, &plan(3, &["a.csv"]), true);
        store(&workspace, "1");
        workspace
    });
    // The old result stays until the new one is complete.
    assert!(matches!(ask(&folder, &plan(2, &["a.csv"]), false), Ok(Opened::Finished(_))));
    // The command that continues it finds its finished runs.
    let workspace = work(&folder, &plan(3, &["a.csv"]), false);
    assert_eq!(stored(&workspace), ["1"]);
}

#[test]
fn a_folder_that_is_replaced_meanwhile_belongs_to_the_other_process() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let first = work(&folder, &plan(1, &["a.csv"]), false);
    let parts = first.parts().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let second = work(&folder, &plan(2, &["a.csv"]), false);
    store(&second, "1");
    assert!(matches!(parts.store("2", b"runs"), Err(FolderError::Removed(_))));
    assert!(matches!(first.stream("a.csv"), Err(FolderError::Removed(_))));
    drop(first);
    assert_eq!(stored(&second), ["1"]);
}

#[cfg(unix)]
#[test]
fn links_inside_a_result_are_not_followed() {
    use std::os::unix::fs::symlink;
    let home = tempfile::tempdir().unwrap();
    let (folder, away) = (home.path().join("result"), home.path().join("away"));
    let old = plan(1, &["a.csv", "scenarios/b.toml"]);
    finish(&folder, &old, false, "abc");
    fs::rename(folder.join("scenarios"), &away).unwrap();
    symlink(&away, folder.join("scenarios")).unwrap();
    finish(&folder, &plan(2, &["a.csv"]), true, "new");
    assert_eq!(names(&away), ["b.toml"]);
    let victim = home.path().join("victim");
    fs::create_dir_all(victim.join("deep")).unwrap();
    fs::write(victim.join("thesis.part"), "work").unwrap();
    for name in ["parts", "tables"] {
        let empty = home.path().join(name);
        fs::create_dir_all(empty.join(WORK)).unwrap();
        symlink(&victim, empty.join(WORK).join(name)).unwrap();
        assert!(matches!(ask(&empty, &old, true), Err(FolderError::Taken { .. })));
    }
    assert_eq!(names(&victim), ["deep", "thesis.part"]);
}

#[test]
fn a_move_that_cannot_be_completed_starts_again() {
    let home = tempfile::tempdir().unwrap();
    for edited in [false, true] {
        let folder = home.path().join(edited.to_string());
        let plan = plan(1, &["a.csv", "b.csv"]);
        let mut workspace = work(&folder, &plan, false);
        store(&workspace, "1");
        for file in &plan.mark.files {
            workspace.write(file, b"abc").unwrap();
        }
        let manifest = manifest(&plan, &workspace, true);
        workspace.write_whole(PENDING, &manifest.to_bytes()).unwrap();
        fs::rename(workspace.work().join(TABLES).join("a.csv"), folder.join("a.csv")).unwrap();
        drop(workspace);
        // An edit that keeps the length counts, too.
        if edited {
            fs::write(folder.join("a.csv"), "xyz").unwrap();
        } else {
            fs::remove_file(folder.join("a.csv")).unwrap();
        }
        assert!(matches!(ask(&folder, &plan, false), Err(FolderError::Lost { .. })));
        if edited {
            assert!(matches!(ask(&folder, &plan, false), Err(FolderError::Taken { .. })));
            assert_eq!(fs::read(folder.join("a.csv")).unwrap(), b"xyz");
            fs::remove_file(folder.join("a.csv")).unwrap();
        }
        let workspace = work(&folder, &plan, false);
        assert_eq!(stored(&workspace), ["1"]);
    }
}

#[test]
fn files_of_the_user_are_kept_whatever_their_names() {
    let home = tempfile::tempdir().unwrap();
    let plan = plan(1, &["a.csv", "scenarios/b.toml"]);
    let refused = |folder: &Path, replace: bool| {
        let before = names(folder);
        let error = ask(folder, &plan, replace).unwrap_err();
        assert_eq!(names(folder), before, "{error}");
        error
    };
    // A folder without a manifest, or with one of another program.
    for (name, text) in
        [("thesis.txt", "work"), ("manifest.json", "{\"manifest_version\":3}"), ("a.csv", "1")]
    {
        let folder = home.path().join(format!("with-{name}"));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(name), text).unwrap();
        for replace in [false, true] {
            assert!(matches!(
                refused(&folder, replace),
                FolderError::Foreign(..) | FolderError::Manifest(..)
            ));
        }
    }
    // A table that has been changed, and one that has been changed while kadry was running.
    let folder = home.path().join("result");
    finish(&folder, &plan, false, "abc");
    fs::write(folder.join("a.csv"), "abd").unwrap();
    assert!(matches!(refused(&folder, false), FolderError::Taken { .. }));
    assert!(matches!(refused(&folder, true), FolderError::Taken { .. }));
    fs::remove_file(folder.join("a.csv")).unwrap();
    let mut workspace = work(&folder, &plan, false);
    workspace.write("a.csv", b"abc").unwrap();
    workspace.write("scenarios/b.toml", b"abc").unwrap();
    fs::write(folder.join("a.csv"), "mine").unwrap();
    let manifest = manifest(&plan, &workspace, true);
    assert!(matches!(workspace.finish(&manifest), Err(FolderError::Taken { .. })));
    assert_eq!(fs::read_to_string(folder.join("a.csv")).unwrap(), "mine");
}

#[test]
fn the_next_command_completes_an_interrupted_move() {
    let home = tempfile::tempdir().unwrap();
    let (old, new) = (plan(1, &["a.csv", "old.csv"]), plan(2, &["a.csv", "b.csv", "scenarios/c.toml"]));
    for step in 0..6 {
        let folder = home.path().join(step.to_string());
        finish(&folder, &old, false, "same");
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        let mut workspace = work(&folder, &new, true);
        for file in &new.mark.files {
            workspace.write(file, b"same").unwrap();
        }
        let manifest = manifest(&new, &workspace, true);
        workspace.write_whole(PENDING, &manifest.to_bytes()).unwrap();
        // The first steps of the move.
        let work_folder = workspace.work();
        let move_out =
            |file: &str| fs::rename(work_folder.join(TABLES).join(file), folder.join(file)).unwrap();
        let steps: [&dyn Fn(); 5] = [
            &|| fs::rename(folder.join("manifest.json"), work_folder.join(REPLACED)).unwrap(),
            &|| fs::remove_file(folder.join("a.csv")).unwrap(),
            &|| fs::remove_file(folder.join("old.csv")).unwrap(),
            &|| move_out("a.csv"),
            &|| move_out("b.csv"),
        ];
        steps[..step].iter().for_each(|act| act());
        drop(workspace);
        assert!(matches!(ask(&folder, &new, false), Ok(Opened::Finished(_))), "step {step}");
        assert_eq!(
            names(&folder),
            ["a.csv", "b.csv", "manifest.json", "notes.txt", "scenarios"],
            "step {step}"
        );
    }
}

#[test]
fn finished_runs_with_an_unreadable_plan_are_kept_without_force() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let plan = plan(1, &["a.csv"]);
    store(&work(&folder, &plan, false), "1");
    fs::write(folder.join(WORK).join(PLAN), "{").unwrap();
    assert!(matches!(
        ask(&folder, &plan, false),
        Err(FolderError::Foreign(..) | FolderError::OtherPlan { .. })
    ));
    assert!(folder.join(WORK).join(PARTS).join("1.part").exists());
    // What a run follows from is part of its address, so finished runs need no plan.
    assert_eq!(stored(&work(&folder, &plan, true)), ["1"]);
}

#[test]
fn one_process_at_a_time() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let first = work(&folder, &plan(1, &["a.csv"]), false);
    let error = ask(&folder, &plan(1, &["a.csv"]), false).unwrap_err().to_string();
    assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
    drop(first);
    work(&folder, &plan(1, &["a.csv"]), false);
}

#[test]
fn a_lost_table_prevents_completion() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let plan = plan(1, &["a.csv", "b.csv"]);
    let mut workspace = work(&folder, &plan, false);
    workspace.write("a.csv", b"abc").unwrap();
    workspace.write("b.csv", b"abc").unwrap();
    fs::remove_file(folder.join(WORK).join(TABLES).join("a.csv")).unwrap();
    let sealed = manifest(&plan, &workspace, true);
    assert!(matches!(workspace.finish(&sealed), Err(FolderError::Lost { .. })));
    assert!(!folder.join("manifest.json").exists());

    let workspace = work(&folder, &plan, false);
    fs::remove_dir_all(&folder).unwrap();
    let error = workspace.parts().unwrap_err().to_string();
    assert!(error.contains("has been removed"), "{error}");
    drop(workspace);
    assert!(!folder.exists());
}

#[test]
fn links_to_the_folder_are_followed_and_links_inside_are_not() {
    let home = tempfile::tempdir().unwrap();
    let plan = plan(1, &["a.csv"]);
    let (real, link) = (home.path().join("real"), home.path().join("link"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(&real, &link).unwrap();
        assert!(matches!(ask(&link, &plan, false), Err(FolderError::Dangling(..))));
        fs::create_dir(&real).unwrap();
        finish(&link, &plan, false, "abc");
        assert_eq!(names(&real), ["a.csv", "manifest.json"]);
        fs::remove_file(real.join("a.csv")).unwrap();
        symlink(home.path().join("elsewhere"), real.join(WORK)).unwrap();
        assert!(matches!(ask(&link, &plan, false), Err(FolderError::Taken { .. })));
    }
}

#[test]
fn a_manifest_with_names_outside_the_folder_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let plan = plan(1, &["a.csv"]);
    finish(&folder, &plan, false, "abc");
    let path = folder.join("manifest.json");
    let sound = Manifest::from_bytes(&fs::read(&path).unwrap()).unwrap();
    for name in ["/etc/passwd", "../x", "a/../../x", "a/b/c", ".hidden", "manifest.json", "", "a\\b"] {
        let mut hostile = sound.clone();
        let mark = hostile.files["a.csv"].clone();
        hostile.files.insert(name.into(), mark);
        fs::write(&path, hostile.sealed().to_bytes()).unwrap();
        let error = ask(&folder, &plan, true).unwrap_err().to_string();
        assert!(error.contains("not a file of a result folder"), "{name}: {error}");
    }
    // The digest covers every byte.
    let text = String::from_utf8(sound.to_bytes()).unwrap();
    for changed in [text.replace("\"seed\": 1", "\"seed\": 2"), text.replace("0.1", "0.2")] {
        assert!(Manifest::from_bytes(changed.as_bytes()).unwrap_err().contains("digest"));
    }
}

#[test]
fn a_plan_is_kept_without_finished_runs_if_it_was_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("result");
    let planned = PlanFile { planned: true, ..plan(1, &["a.csv"]) }.sealed();
    work(&folder, &planned, false).keep_plan();
    assert_eq!(plan_of(&folder).unwrap().unwrap(), planned);
    assert!(matches!(ask(&folder, &plan(2, &["a.csv"]), false), Err(FolderError::OtherPlan { .. })));
    // Any number of processes may store parts without a lock.
    let parts = [parts_of(&folder).unwrap(), parts_of(&folder).unwrap()];
    for (name, parts) in ["1", "2"].into_iter().zip(&parts) {
        parts.store(name, b"runs").unwrap();
    }
    write_note(&folder, Note::Failure, "3", b"reason");
    assert_eq!(notes(&folder, Note::Failure)[0].1, b"reason");
    drop(work(&folder, &plan(1, &["a.csv"]), false));
    finish(&folder, &plan(1, &["a.csv"]), false, "abc");
    assert_eq!(names(&folder), ["a.csv", "manifest.json"]);
    assert!(matches!(parts[0].store("4", b"runs"), Err(FolderError::Removed(_))));
    // The digest covers every byte.
    let text = String::from_utf8(planned.to_bytes()).unwrap();
    let changed = text.replace("\"seed\": 1", "\"seed\": 2");
    assert!(PlanFile::from_bytes(changed.as_bytes()).unwrap_err().contains("digest"));
}
