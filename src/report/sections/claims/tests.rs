use super::*;
use crate::experiment::claims::example::evidence;
use crate::report::build::Report;

fn results() -> Results {
    Results::of(&evidence())
}

fn picture(section: &Section) -> &Picture {
    &section.groups[0].pictures[0]
}

/// The texts of the elements `text` of a drawing, in order. The drawing must be well-formed XML.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let elements =
        document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    elements.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_map_has_a_sign_for_each_cell() {
    let results = results();
    let section = map(&results);
    let picture = picture(&section);
    let svg = picture.alone();
    // Base, n0 to n3, off, seven rungs, two kinds of draws; nothing was tried on n4 and n5.
    let columns = 1 + 4 + 1 + 7 + 2;
    assert_eq!(picture.numbers.rows.len(), 10 * columns);
    let legend = 8;
    let groups = ["null models", "ladder", "draws"];
    let texts = texts(&svg);
    let names = texts.iter().filter(|text| groups.contains(&text.as_str())).count();
    assert_eq!(names, groups.len());
    // Title and unit; sign and meaning of the legend; five names of groups, two of which are empty; names of columns and rows.
    assert_eq!(texts.len(), 2 + 2 * legend + 5 + columns + 10 + 10 * columns);
    let first = texts.iter().position(|text| text == "C01").unwrap();
    let row = &texts[first + 1..=first + columns];
    assert_eq!(row, ["+", "−", "·", "·", "·", "?", "0", "0", "0", "+", "+", "+", "+", "95", "40"]);
    let second = texts.iter().position(|text| text == "C02").unwrap();
    assert_eq!(texts[second + 1..second + 6], ["+", "·", "+", "0", "+"]);
}

#[test]
fn the_map_is_described_in_words() {
    let results = results();
    let section = map(&results);
    let picture = picture(&section);
    for text in [
        "Of all claims: 4 supported, 1 absent",
        "base: supported C01, C02, C03, C09; absent C06; contradicted C04;",
        "n1: supported C02; absent C09.",
        "without: supported C03; contradicted C04; undecided C01.",
        "prior: C01 40 %.",
    ] {
        assert!(picture.description.contains(text), "{text}: {}", picture.description);
    }
    assert!(picture.caption.contains("seed 1."));
    let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
    assert!(picture.numbers.rows.contains(&row(["C01", "jitter", "", "0.95"])));
    assert!(picture.numbers.rows.contains(&row(["C01", "without", "undecided", ""])));
}

#[test]
fn many_claims_are_divided_among_pictures() {
    let mut results = results();
    let row = results.claims[6].clone();
    results.claims = (0..130).map(|number| ClaimRow { claim: format!("D{number}"), ..row.clone() }).collect();
    let section = map(&results);
    let pictures = &section.groups[0].pictures;
    let of = |picture: &Picture| (picture.id.clone(), picture.numbers.rows.len());
    // No condition was tried but the base.
    let expected = [("verdicts-map-1", 60), ("verdicts-map-2", 60), ("verdicts-map-3", 10)];
    assert_eq!(pictures.iter().map(of).collect::<Vec<_>>(), expected.map(|(id, rows)| (id.to_owned(), rows)));
    results.claims.clear();
    assert!(map(&results).groups[0].pictures.is_empty());
}

#[test]
fn tables_hold_what_the_signs_say() {
    let results = results();
    let section = claims(&results);
    let [claims, tests] = &section.groups[0].tables[..] else { panic!("two tables") };
    assert_eq!(claims.rows.len(), 10);
    assert_eq!(
        claims.rows[1],
        [
            "C02",
            "Discipline is lowest in the class war.",
            "comparative",
            "supported",
            "yes",
            "n1 n3",
            "–",
            "–",
            "1.00",
            "–",
            "–"
        ]
    );
    assert_eq!(claims.rows[6][3], "not testable: beliefs are not in the model");
    assert_eq!(
        tests.rows[3],
        ["C03", "discipline, part 1", "+0.200", "+0.190 to +0.210", "0.01", "supported"]
    );
    assert!(claims.rows.iter().all(|row| row.len() == claims.header.len()));
    assert!(tests.rows.iter().all(|row| row.len() == tests.header.len()));
}

#[test]
fn motives_are_drawn_if_their_recovery_was_tested() {
    let mut results = results();
    let section = recovery(&results).unwrap();
    assert!(section.text[0].contains("assumptions of the model"));
    assert!(!texts(&picture(&section).alone()).is_empty());
    assert!(
        picture(&section)
            .numbers
            .rows
            .contains(&["principle", "rivalry", "10.0"].map(str::to_owned).to_vec())
    );
    results.motives = None;
    assert_eq!(recovery(&results), None);
}

#[test]
fn texts_of_the_file_are_shown_as_text() {
    let report = Report {
        title: "Claims".into(),
        subtitle: String::new(),
        reading: Vec::new(),
        sections: of_results(&results()),
    };
    let page = report.page();
    for raw in ["<b ", "\u{202e}", "\u{1b}", "onmouseover=\"x\""] {
        assert!(!page.contains(raw), "{raw:?}");
    }
    // Once in the summary, once in the table.
    assert_eq!(page.matches("Bosses &lt;b onmouseover=&quot;x&quot;&gt;fear&lt;/b&gt; |").count(), 2);
    assert!(!page.contains("C02: Discipline is lowest"), "a trivial claim is not among the informative");
}
