//! Tests that pages and pictures escape any text, load nothing, and agree with the tables.

mod refused;

use crate::report::{alter, behind, between, figures, in_manifest, kadry, page, replace_differences};
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, EndTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Names that look like markup or paths, or hardly differ.
const HOSTILE: [&str; 10] = [
    "\"><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "../../1928/29",
    "War & Peace &amp; <b>",
    "Terror",
    "terror",
    "]]> --> */ </style> -- |",
    "\u{200f}\u{5d0}\u{202e}dlo\u{202c} 😀 \u{fffe}",
    "`code` *star* _under_ [a](b) #x",
    "terror.",
];

/// Texts of a scenario file that may have any length and content.
const TEXT: &str = "</title></desc></svg><script src=\"https://example.org/x.js\"></script>\u{1} \"'&lt;";

/// A scenario with hostile texts; `change` makes it differ from the other one.
fn scenario(name: &str, change: bool) -> String {
    let text = toml(TEXT);
    let mut file = format!(
        "name = \"{name}\"\ntitle = {text}\nhypothesis = {text}\nextends = \"historical\"\n\n\
         [population]\nsize = 300\nenterprises = 3\nregions = 1\n"
    );
    for (position, phase) in HOSTILE.iter().enumerate() {
        file += &format!("\n[[phase]]\nname = {}\nfrom = \"{}-01\"\n", toml(phase), 1928 + position);
    }
    for (position, event) in HOSTILE.iter().enumerate() {
        file += &format!(
            "\n[[event]]\nname = {}\nkind = \"show_trial\"\nmonth = \"{}-03\"\ntargets = {{ former = 0.{} }}\n",
            toml(event),
            1928 + position,
            if change { 5 } else { 6 }
        );
    }
    if change {
        file += &format!("\n[[change]]\nlever = \"union\"\nfrom = \"1929-01\"\nset = 0.9\nsource = {text}\n");
        for phase in HOSTILE {
            file += &format!(
                "\n[[prediction]]\nmetric = \"fear\"\nphase = {}\nfrom_phase = {}\ndirection = \"falls\"\n",
                toml(HOSTILE[9]),
                toml(if phase == HOSTILE[9] { HOSTILE[0] } else { phase })
            );
        }
    }
    file
}

/// A text as a TOML string.
fn toml(text: &str) -> String {
    let letter = |letter: char| match letter {
        '"' | '\\' => format!("\\{letter}"),
        letter if letter.is_control() || letter == '\u{fffe}' => format!("\\u{:04X}", letter as u32),
        letter => letter.to_string(),
    };
    format!("\"{}\"", text.chars().map(letter).collect::<String>())
}

/// The result of parsing an HTML page.
#[derive(Default)]
struct Found {
    /// Open elements.
    open: RefCell<Vec<String>>,
    elements: RefCell<BTreeSet<String>>,
    /// Element, attribute and value.
    attributes: RefCell<Vec<(String, String, String)>>,
    texts: RefCell<String>,
    faults: RefCell<Vec<String>>,
}

impl TokenSink for Found {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => return self.tag(&tag, line),
            Token::CharacterTokens(text) => *self.texts.borrow_mut() += &text,
            Token::ParseError(error) => self.faults.borrow_mut().push(format!("line {line}: {error}")),
            // The last line is a seal.
            Token::CommentToken(text) if text.starts_with(" kadry: ") => {}
            Token::CommentToken(text) => {
                self.faults.borrow_mut().push(format!("line {line}: comment {text}"))
            }
            Token::NullCharacterToken => self.faults.borrow_mut().push(format!("line {line}: U+0000")),
            Token::DoctypeToken(_) | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}

impl Found {
    fn tag(&self, tag: &Tag, line: u64) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        let mut open = self.open.borrow_mut();
        let mut faults = self.faults.borrow_mut();
        if tag.kind == EndTag {
            if open.pop().as_ref() != Some(&name) {
                faults.push(format!("line {line}: </{name}> closes no element"));
            }
            // Keep the texts of different elements apart.
            *self.texts.borrow_mut() += "\n";
            return TokenSinkResult::Continue;
        }
        if tag.had_duplicate_attributes || tag.self_closing {
            faults.push(format!("line {line}: <{name}> has an attribute twice or closes itself"));
        }
        for attribute in &tag.attrs {
            let one = (name.clone(), attribute.name.local.to_string(), attribute.value.to_string());
            self.attributes.borrow_mut().push(one);
        }
        let inside_svg = open.iter().any(|name| name == "svg");
        self.elements.borrow_mut().insert(name.clone());
        if name != "meta" {
            open.push(name.clone());
        }
        match name.as_str() {
            "style" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" if !inside_svg => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }
}

/// Parses a page; panics if it has a fault.
fn parsed(page: &str) -> Found {
    let input = BufferQueue::default();
    input.push_back(page.into());
    let options = TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Found::default(), options);
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let found = tokenizer.sink;
    assert_eq!(found.faults.take(), Vec::<String>::new());
    assert_eq!(found.open.take(), Vec::<String>::new(), "elements stay open");
    assert_eq!(page.matches("<!DOCTYPE html>").count(), 1);
    found
}

/// Allowed elements of a page; none loads or runs anything.
const ELEMENTS: &str = "html head meta title style body a header h1 h2 h3 p nav ul li main section div figure figcaption \
    span table caption thead tbody tr th td footer svg desc polyline polygon rect circle path text";

/// Allowed elements of a picture.
const SHAPES: &str = "svg title desc polyline polygon rect circle path text";

/// Allowed attributes of a page. The values of those that can contain a URL are checked individually.
const ATTRIBUTES: &str = "lang charset name content http-equiv class href id aria-labelledby aria-label download tabindex \
    role scope data-label viewBox viewbox font-family fill stroke stroke-width stroke-linecap stroke-dasharray d points opacity x y width \
    height cx cy r dy text-anchor font-size font-weight";

fn one_of(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}

/// Checks that the page of `result` and its pictures are valid, load nothing, and show every hostile name as text.
fn holds_any_text(home: &Path, shown: &[&str]) {
    let output = kadry(home, &["report", "result", "--svg", "pictures", "--out", "page.html"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = fs::read_to_string(home.join("page.html")).unwrap();
    let found = parsed(&page);
    for element in found.elements.borrow().iter() {
        assert!(one_of(ELEMENTS, element), "<{element}>");
    }
    let mut ids = BTreeSet::new();
    for (element, name, value) in found.attributes.borrow().iter() {
        assert!(one_of(ATTRIBUTES, name), "<{element} {name}={value:?}>");
        let plain = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        };
        match name.as_str() {
            "id" => assert!(plain(value) && ids.insert(value.clone()), "identifier {value:?}"),
            "aria-labelledby" => assert!(value.split(' ').all(plain), "{value:?}"),
            "href" => {
                let inside = value.strip_prefix('#').is_some_and(plain);
                assert!(inside || value.starts_with("data:text/csv;charset=utf-8,"), "{value:.80}");
            }
            "fill" | "stroke" => assert!(!value.contains("url("), "{value}"),
            _ => {}
        }
    }
    let policy = found.attributes.borrow().iter().any(|(element, name, value)| {
        element == "meta"
            && name == "content"
            && value.starts_with("default-src 'none'; style-src 'unsafe-inline'")
    });
    assert!(policy, "the page has no policy");
    let texts = found.texts.borrow();
    for name in shown {
        let name = name.replace(['\u{fffe}', '\u{1}'], "\u{fffd}");
        assert!(texts.contains(&name), "{name:?} is not on the page");
    }

    let mut names = BTreeSet::new();
    for entry in fs::read_dir(home.join("pictures")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        assert!(name.bytes().all(plain) && !name.starts_with('.'), "{name:?}");
        assert!(names.insert(name.to_lowercase()), "{name} twice");
        if name.ends_with(".svg") {
            let text = fs::read_to_string(&path).unwrap();
            let drawing = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            for node in drawing.descendants().filter(roxmltree::Node::is_element) {
                assert_eq!(node.tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
                let tag = node.tag_name().name();
                assert!(one_of(SHAPES, tag), "{name}: <{tag}>");
            }
        }
    }
    assert!(names.remove("pictures.json"));
    assert_eq!(names.len(), 2 * figures(&page).len());
    // Nothing else was written.
    assert!(!home.join("1928").exists() && !home.parent().unwrap().join("1928").exists());
}

#[test]
fn hostile_names_stay_text_on_the_page_of_a_run() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("a.toml"), scenario("a", false)).unwrap();
    let output = kadry(home.path(), &["run", "a.toml", "--replicates", "2", "--out", "result"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    holds_any_text(home.path(), &[&HOSTILE[..], &[TEXT]].concat());
}

#[test]
fn hostile_names_stay_text_on_the_pages_of_sweeps() {
    for vary in [
        "--vary levers.union=0.1,0.6",
        "--vary levers.union=0:1 --vary levers.growth=0:1 --design latin --points 5",
    ] {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("a.toml"), scenario("a", false)).unwrap();
        let mut arguments =
            vec!["sweep", "a.toml", "--replicates", "2", "--out", "result", "--label", HOSTILE[6]];
        arguments.extend(vary.split(' '));
        let output = kadry(home.path(), &arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        holds_any_text(home.path(), &[&HOSTILE[..], &[TEXT]].concat());

        // Names of keys are not those of this version; the folder is altered throughout.
        let folder = home.path().join("result");
        let key = "x.<script>&amp;";
        for file in ["points.csv", "response.csv", "phases.csv", "whole_period.csv"] {
            alter(&folder, file, |text| text.replacen("levers.union", key, 1));
        }
        in_manifest(&folder, |manifest| {
            manifest["sweep"]["keys"][0] = key.into();
            manifest["plan"]["keys"][0] = key.into();
        });
        fs::remove_file(home.path().join("page.html")).unwrap();
        fs::remove_dir_all(home.path().join("pictures")).unwrap();
        holds_any_text(home.path(), &[key, TEXT]);
    }
}

#[test]
fn hostile_names_stay_text_on_the_page_of_a_comparison_and_in_its_findings() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("a.toml"), scenario("a", false)).unwrap();
    fs::write(home.path().join("b.toml"), scenario("b", true)).unwrap();
    let line = "compare a.toml b.toml --replicates 2 --out result --findings findings.md";
    let output = kadry(home.path(), &line.split(' ').collect::<Vec<_>>());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    holds_any_text(home.path(), &[&HOSTILE[..], &[TEXT]].concat());

    let findings = fs::read_to_string(home.path().join("findings.md")).unwrap();
    let (findings, seal) = findings.trim_end().rsplit_once('\n').unwrap();
    assert!(seal.starts_with("<!-- kadry: sha256 "), "{seal}");
    let unescaped = |text: &str, letter: char| {
        let text = text.replace("\\\\", "");
        text.chars().zip(text.chars().skip(1)).filter(|pair| pair.1 == letter && pair.0 != '\\').count()
    };
    assert_eq!(unescaped(findings, '<'), 0, "{findings}");
    let widths: Vec<usize> = findings
        .lines()
        .filter(|line| line.starts_with("| ") || line.starts_with("|---"))
        .map(|line| unescaped(line, '|'))
        .collect();
    // Columns: prediction, compared with, found, difference, verdict; one column per period; the overview.
    assert!(widths.iter().all(|width| [5, HOSTILE.len() + 2, 10].contains(width)), "{widths:?}");
}

/// Runs a small comparison of two shipped scenarios in `result`, with its page of findings.
fn comparison(home: &Path) {
    let line = "compare historical unions_kept no_terror --population 500 --replicates 3 --out result --findings findings.md";
    let output = kadry(home, &line.split(' ').collect::<Vec<_>>());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The tables of a section of a page: rows of cells.
fn rows(page: &str, section: &str) -> Vec<Vec<String>> {
    let section = between(page, &format!("<section aria-labelledby=\"{section}\">"), "</section>")[0];
    let cells = |row: &str| {
        let cells = row
            .split("<t")
            .skip(1)
            .filter(|cell| cell.starts_with("h scope=\"row\"") || cell.starts_with("d "));
        cells.map(|cell| cell.split_once('>').unwrap().1.split('<').next().unwrap().to_owned()).collect()
    };
    between(section, "<tr>", "</tr>")
        .into_iter()
        .map(cells)
        .filter(|row: &Vec<String>| !row.is_empty())
        .collect()
}

#[test]
fn a_comparison_shows_what_each_scenario_changes_and_the_verdicts_on_its_predictions() {
    let home = tempfile::tempdir().unwrap();
    comparison(home.path());
    let page = page(home.path());

    let changes = rows(&page, "changes");
    let diff = kadry(home.path(), &["diff", "historical", "no_terror", "--json"]);
    let diff: serde_json::Value = serde_json::from_slice(&diff.stdout).unwrap();
    let levers: Vec<&serde_json::Value> =
        diff.as_array().unwrap().iter().filter(|one| one["table"] == "levers").collect();
    assert!(!levers.is_empty());
    for lever in levers {
        let what = format!("{} (lever)", lever["key"].as_str().unwrap().replace('_', " "));
        let values = [lever["left"].as_str().unwrap(), lever["right"].as_str().unwrap()];
        assert!(
            changes.iter().any(|row| row[0] == what && row[2..] == values),
            "{what} {values:?}: {changes:?}"
        );
    }

    // The verdicts equal those of the page of findings, which was made while the runs were in memory.
    let findings = fs::read_to_string(home.path().join("findings.md")).unwrap();
    let expected: Vec<Vec<String>> = findings
        .lines()
        .filter(|line| line.starts_with("| `") && line.matches('|').count() == 6)
        .map(|line| {
            line.trim_matches('|').split('|').map(|cell| cell.trim().replace(['`', '*'], "")).collect()
        })
        .collect();
    let found = rows(&page, "predictions");
    assert!(found.len() >= 5, "{found:?}");
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        let found: Vec<String> = found.iter().map(|cell| cell.replace('−', "-")).collect();
        assert_eq!(found[1..], expected[1..]);
        assert_eq!(found[0].split(' ').next(), expected[0].split(' ').next());
    }
    assert!(found.iter().any(|row| row[0].contains("(1937-01 to 1938-10)")), "{found:?}");
}

#[test]
fn a_difference_is_not_shown_with_an_interval_of_zeros() {
    let home = tempfile::tempdir().unwrap();
    comparison(home.path());
    replace_differences(
        &home.path().join("result"),
        "elite_turnover,whole period,unions_kept+population=500,historical+population=500,1,per year,3,0.1,0.085,-0.015,0.95,-0.0152,-0.0148,0.001,0.02,-0.05,0.01,-2,1,0.01,9\n\
         elite_turnover,whole period,no_terror+population=500,historical+population=500,1,per year,3,0.1,0.1,0.0000002,0.95,0.0000001,0.0000003,0.001,0.02,-0.05,0.01,-2,1,0.01,9",
    );
    let page = page(home.path());
    let figures = figures(&page);
    let figure = figures.iter().find(|(id, _)| id == "difference-elite-turnover-whole-period").unwrap().1;
    let description = between(figure, "<desc", "</desc>")[0];
    assert!(
        description.contains("unions kept+population=500 −0.01500 (−0.01520 to −0.01480)"),
        "{description}"
    );
    assert!(
        description.contains("no terror+population=500 +0.0000002 (+0.0000001 to +0.0000003)"),
        "{description}"
    );
    for text in ["−0.01500", "+0.0000002"] {
        assert!(figure.contains(&format!(">{text}</text>")), "{text}: {figure}");
    }
}

#[test]
fn phases_have_their_dates_and_parts_that_never_occur_are_said_to_be_zero() {
    let home = tempfile::tempdir().unwrap();
    let line = "run historical --population 2000 --replicates 2 --out result";
    assert!(kadry(home.path(), &line.split(' ').collect::<Vec<_>>()).status.success());
    let page = page(home.path());
    // A phase is not confused with a measure of the same name.
    for phase in ["class war", "discipline", "criticism from below", "terror", "authority restored"] {
        assert!(!page.contains(&format!("data-label=\"{phase}\"")), "{phase} without its dates");
    }
    assert!(page.contains("<th scope=\"col\">discipline (1931-07 to 1933-12)</th>"));
    for (id, figure) in figures(&page) {
        let rows = behind(figure);
        if rows[0] != ["phase", "part", "value"] {
            continue;
        }
        let parts: BTreeSet<&String> = rows[1..].iter().map(|row| &row[1]).collect();
        for part in parts {
            let zero = rows[1..].iter().filter(|row| row[1] == *part).all(|row| row[2].parse() == Ok(0.0));
            let named = figure.contains(&format!(">{part}</text>"));
            let said = between(figure, "Always zero: ", ".").iter().any(|list| list.contains(part.as_str()));
            assert_eq!((named, said), (!zero, zero), "{id}: {part}");
        }
    }
}
