//! Tests the page of a comparison whose differences are replaced by known ones.

use super::*;

/// Two phases and two scenarios; the second is further from the baseline in one, the first in the other.
const ROWS: &str = "\
fear,terror,unions_kept+population=1000,historical+population=1000,1,0 to 1,3,0.1,0.08,-0.02,0.95,-0.03,-0.01,0.001,0.02,-0.05,0.01,-2,1,0.01,9
fear,terror,no_terror+population=1000,historical+population=1000,1,0 to 1,3,0.1,0.14,0.04,0.95,0.01,0.07,0.01,0.2,-0.05,0.13,3,1,0.01,9
fear,whole period,unions_kept+population=1000,historical+population=1000,1,0 to 1,3,0.04,0.0401,0.0001,0.95,-0.001,0.0012,0.9,1,-0.01,0.01,0,1,0.01,9
fear,whole period,no_terror+population=1000,historical+population=1000,1,0 to 1,3,0.04,0.03,-0.01,0.95,-0.02,0,0.05,0.5,-0.05,0.03,-1,1,0.01,9
";

fn compare_with_known_differences(home: &Path) {
    let line = "compare historical unions_kept no_terror --population 1000 --replicates 3 --out result";
    let output = kadry(home, &line.split(' ').collect::<Vec<_>>());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    replace_differences(&home.join("result"), ROWS);
}

#[test]
fn differences_equal_the_table_and_are_sorted() {
    let home = tempfile::tempdir().unwrap();
    compare_with_known_differences(home.path());
    let page = page(home.path());
    let figures = figures(&page);
    let of = |id: &str| figures.iter().find(|figure| figure.0 == id).unwrap_or_else(|| panic!("no {id}")).1;

    let terror = behind(of("difference-fear-phase-4"));
    assert_eq!(terror[1][..4], ["no_terror+population=1000", "0.04", "0.01", "0.07"]);
    assert_eq!(
        terror[2],
        ["unions_kept+population=1000", "-0.02", "-0.03", "-0.01", "-0.05", "0.01", "0.02"]
    );
    let texts: Vec<&str> = between(of("difference-fear-phase-4"), "<text", "</text>")
        .iter()
        .filter_map(|text| text.split('>').nth(1))
        .collect();
    for shown in ["+0.040", "−0.020", "no terror+population=1…", "Fear: terror, 1937–38"] {
        assert!(texts.contains(&shown), "{texts:?}");
    }
    // A filled dot has the hue, a ring the background.
    let discs: Vec<&str> = between(of("difference-fear-phase-4"), "<circle", "/>");
    assert!(discs.iter().any(|disc| disc.contains("fill=\"var(--purple)\"")), "{discs:?}");
    assert!(discs.iter().any(|disc| disc.contains("fill=\"var(--paper)\"")), "{discs:?}");

    let whole = behind(of("difference-fear-whole-period"));
    assert_eq!([&whole[1][0], &whole[2][0]], ["unions_kept+population=1000", "no_terror+population=1000"]);
    assert!(
        between(of("difference-fear-whole-period"), "<desc", "</desc>")[0]
            .contains("unions kept+population=1000 +0.0001 (−0.0010 to +0.0012)")
    );

    let courses = behind(of("courses-fear"));
    assert_eq!(
        courses[0],
        ["month", "historical+population=1000", "unions_kept+population=1000", "no_terror+population=1000"]
    );
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
}
