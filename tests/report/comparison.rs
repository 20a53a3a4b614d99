//! The page of a comparison, from a folder put together here out of two runs.

use super::*;
use sha2::{Digest, Sha256};

const HEADER: &str = "metric,phase,scenario,baseline,seed,unit,n,baseline_mean,scenario_mean,difference,level,lo,hi,p,p_adjusted,lo_simultaneous,hi_simultaneous,effect_size,variance_ratio,half_width_target,replicates_needed\n";

/// Two phases and two scenarios; the second is further from the baseline in one, the first in the other.
const ROWS: &str = "\
fear,terror,unions_kept,historical,1,0 to 1,3,0.1,0.08,-0.02,0.95,-0.03,-0.01,0.001,0.02,-0.05,0.01,-2,1,0.01,9
fear,terror,no_terror,historical,1,0 to 1,3,0.1,0.14,0.04,0.95,0.01,0.07,0.01,0.2,-0.05,0.13,3,1,0.01,9
fear,whole period,unions_kept,historical,1,0 to 1,3,0.04,0.0401,0.0001,0.95,-0.001,0.0012,0.9,1,-0.01,0.01,0,1,0.01,9
fear,whole period,no_terror,historical,1,0 to 1,3,0.04,0.03,-0.01,0.95,-0.02,0,0.05,0.5,-0.05,0.03,-1,1,0.01,9
";

fn put_together(home: &Path) {
    let folder = home.join("result");
    let mut series = String::new();
    for scenario in ["unions_kept", "no_terror", "historical"] {
        let options =
            ["--population", "1000", "--replicates", "3", "--tables", "series", "--out", "result", "--force"];
        let line = ["run", scenario, "--label", scenario].into_iter().chain(options);
        assert!(kadry(home, &line.collect::<Vec<_>>()).status.success());
        fs::copy(folder.join("scenario.toml"), home.join(format!("{scenario}.toml"))).unwrap();
        let table = fs::read_to_string(folder.join("series.csv")).unwrap();
        let (header, rows) = table.split_once('\n').unwrap();
        series = format!("{header}\n{rows}{}", series.split_once('\n').map_or("", |(_, rows)| rows));
    }
    fs::create_dir(folder.join("scenarios")).unwrap();
    fs::remove_file(folder.join("scenario.toml")).unwrap();
    let mut files =
        vec![("series.csv".to_owned(), series), ("compare.csv".to_owned(), format!("{HEADER}{ROWS}"))];
    for scenario in ["historical", "unions_kept", "no_terror"] {
        let text = fs::read_to_string(home.join(format!("{scenario}.toml"))).unwrap();
        files.push((format!("scenarios/{scenario}.toml"), text));
    }
    let text = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let marks = manifest["files"].as_object_mut().unwrap();
    marks.remove("scenario.toml");
    for (name, text) in files {
        let digest: String =
            Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        marks.insert(name.clone(), serde_json::json!({ "sha256": digest, "bytes": text.len() }));
        fs::write(folder.join(name), text).unwrap();
    }
    fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
}

#[test]
fn differences_are_sorted_and_those_of_the_table() {
    let home = tempfile::tempdir().unwrap();
    put_together(home.path());
    let page = page(home.path());
    let figures = figures(&page);
    let of = |id: &str| figures.iter().find(|figure| figure.0 == id).unwrap_or_else(|| panic!("no {id}")).1;

    let terror = behind(of("difference-fear-terror"));
    assert_eq!(terror[1][..4], ["no_terror", "0.04", "0.01", "0.07"]);
    assert_eq!(terror[2], ["unions_kept", "-0.02", "-0.03", "-0.01", "-0.05", "0.01", "0.02"]);
    let texts: Vec<&str> = between(of("difference-fear-terror"), "<text", "</text>")
        .iter()
        .filter_map(|text| text.split('>').nth(1))
        .collect();
    for shown in ["+0.04", "−0.02", "no terror", "Fear: terror"] {
        assert!(texts.contains(&shown), "{texts:?}");
    }
    // A disc is filled with the hue, a ring with the ground.
    let discs: Vec<&str> = between(of("difference-fear-terror"), "<circle", "/>");
    assert!(discs.iter().any(|disc| disc.contains("fill=\"var(--purple)\"")), "{discs:?}");
    assert!(discs.iter().any(|disc| disc.contains("fill=\"var(--paper)\"")), "{discs:?}");

    let whole = behind(of("difference-fear-whole-period"));
    assert_eq!([&whole[1][0], &whole[2][0]], ["unions_kept", "no_terror"]);
    assert!(
        between(of("difference-fear-whole-period"), "<desc", "</desc>")[0].contains("unions kept +0.0001")
    );

    let courses = behind(of("courses-fear"));
    assert_eq!(courses[0], ["month", "historical", "no_terror", "unions_kept"]);
    let mut reader = csv::Reader::from_path(home.path().join("result/series.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    for row in courses[1..].iter().step_by(20) {
        for (name, cell) in courses[0][1..].iter().zip(&row[1..]) {
            let of =
                rows.iter().filter(|one| one[place("scenario")] == *name && one[place("month")] == row[0]);
            let values: Vec<f64> = of.map(|one| one[place("fear")].parse().unwrap()).collect();
            let mean = values.iter().sum::<f64>() / 3.0;
            assert!((cell.parse::<f64>().unwrap() - mean).abs() < 1e-12, "{name} {}", row[0]);
        }
    }
    // What each scenario changes stands in words.
    assert!(page.contains("<td data-label=\"what it changes\">union</td>"));
}
