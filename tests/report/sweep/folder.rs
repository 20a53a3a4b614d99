//! Tests the size of the page of a sweep, its pictures as files, and tables that are refused.

use super::*;

#[test]
fn metrics_beyond_the_twelfth_are_named_but_not_drawn() {
    let home = tempfile::tempdir().unwrap();
    let metrics = "people,workers,elite,elite_turnover,accusations_per_1000,share_principle,share_temperament,\
                   share_rivalry,share_fear,share_upwards,share_sideways,discipline,mood,openness";
    let key = "levers.union=0.1,0.6";
    sweep(home.path(), &["--vary", key, "--replicates", "2", "--until", "1929-12", "--metric", metrics]);
    let page = page(home.path());
    let drawn = figures(&page).iter().filter(|figure| figure.0.starts_with("response-")).count();
    assert_eq!(drawn, 12);
    assert!(page.contains("Not drawn, but in response.csv: mood, openness."));
    assert_eq!(page_table(&page, "over the whole period").len(), 1 + 14);
}

#[test]
fn pages_stay_small() {
    let home = tempfile::tempdir().unwrap();
    sweep(
        home.path(),
        &["--vary", "parameters.accusation_scale=0.001:0.01:50", "--replicates", "2", "--population", "200"],
    );
    let fifty = page(home.path());
    assert!(fifty.len() < 1_000_000, "{} bytes", fifty.len());
    fs::remove_dir_all(home.path().join("result")).unwrap();
    // One month each; the page of 4,000 points draws a sample and has the size of one of 400.
    let arguments = "--vary parameters.accusation_scale --vary levers.union=0:1 --vary parameters.quit_base=0.01:0.03 \
                     --design latin --replicates 1 --population 200 --until 1928-01 --points";
    let size = |points: &str| {
        sweep(home.path(), &arguments.split_whitespace().chain([points, "--force"]).collect::<Vec<_>>());
        let page = page(home.path());
        if points == "4000" {
            let about = |word: &str| word.parse::<usize>().is_ok_and(|drawn| (110..=130).contains(&drawn));
            let caption = between(&page, "varied keys. ", " of the 4,000 points are drawn");
            assert!(about(caption[0]), "{}", caption[0]);
        }
        page.len()
    };
    let (few, many) = (size("400"), size("4000"));
    assert!(many < few + few / 10 && many < 1_000_000, "{few} and {many} bytes");
}

#[test]
fn pictures_of_a_sweep_are_written_to_files() {
    let home = tempfile::tempdir().unwrap();
    let arguments = "--vary levers.union=0:1 --vary parameters.accusation_scale --vary levers.growth=0:1 \
                     --design sobol --points 8 --replicates 2 --until 1929-12";
    sweep(home.path(), &arguments.split_whitespace().collect::<Vec<_>>());
    let output = kadry(home.path(), &["report", "result", "--svg", "pictures", "--out", "page.html"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = fs::read_to_string(home.path().join("page.html")).unwrap();
    let figures = figures(&page);
    assert_eq!(figures.len(), 8);
    for (id, figure) in figures {
        let svg = fs::read_to_string(home.path().join(format!("pictures/{id}.svg"))).unwrap();
        assert!(svg.starts_with("<?xml") && svg.contains("<path") && !svg.contains("var(--"), "{id}");
        let csv = fs::read_to_string(home.path().join(format!("pictures/{id}.csv"))).unwrap();
        assert_eq!(csv.lines().count(), behind(figure).len(), "{id}");
    }
}

#[test]
fn damaged_tables_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let key = "parameters.accusation_scale=0.002,0.003";
    let folder = home.path().join("result");
    let refused = |file: &str, change: &dyn Fn(String) -> String, words: &str| {
        // A finished folder is not computed again.
        let _ = fs::remove_dir_all(&folder);
        sweep(home.path(), &["--vary", key, "--replicates", "2", "--until", "1929-12"]);
        alter(&folder, file, change);
        let output = kadry(home.path(), &["report", "result"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(!folder.join("report.html").exists());
    };
    let without_line = |number: usize| {
        move |text: String| {
            let lines = text.lines().enumerate().filter(|(position, _)| *position != number);
            lines.map(|(_, line)| format!("{line}\n")).collect::<String>()
        }
    };
    refused("response.csv", &without_line(4), "is not in its place");
    refused(
        "response.csv",
        &|text| text.lines().take(20).map(|line| format!("{line}\n")).collect(),
        "does not have the rows",
    );
    refused(
        "response.csv",
        &|text| text.replace(",0.003,fear", ",0.004,fear").replacen(",0.003,", ",0.004,", 1),
        "not that of points.csv",
    );
    refused("response.csv", &|text| text.replacen(",0.002,", ",inf,", 1), "is not a finite number");
    refused("points.csv", &without_line(2), "but manifest.json says 2");
    refused("phases.csv", &|text| text.replacen(",0.002,", ",x,", 1), "column parameters.accusation_scale");

    fs::remove_dir_all(&folder).unwrap();
    sweep(home.path(), &["--vary", key, "--replicates", "2", "--until", "1929-12"]);
    in_manifest(&folder, |manifest| manifest["plan"]["analysis"]["level"] = 2.into());
    let said = kadry(home.path(), &["report", "result"]).stderr;
    assert!(
        String::from_utf8_lossy(&said).contains("plan.analysis.level is 2, but must be from 0.5 to below 1")
    );
    in_manifest(&folder, |manifest| {
        manifest["complete"] = false.into();
        manifest["sweep"]["unfinished"] = serde_json::json!([{ "scenario": "historical+population=500", "replicate": 2, "status": "failed" }]);
    });
    let said = kadry(home.path(), &["report", "result"]).stderr;
    assert!(
        String::from_utf8_lossy(&said).contains("1 of its runs did not finish"),
        "{}",
        String::from_utf8_lossy(&said)
    );
}
