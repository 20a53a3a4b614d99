//! Tests the page for readers who cannot see the pictures or the colours.

use super::*;
use kadry::report::palette::{SWATCHES, contrast};
use std::collections::BTreeSet;

#[test]
fn the_page_can_be_read_by_a_screen_reader() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &[]);
    can_be_read(&page(home.path()), 30);
}

#[test]
fn the_pages_of_sweeps_can_be_read_by_a_screen_reader() {
    let forms = [
        ("--vary parameters.accusation_scale=0.002:0.006:3", 16),
        ("--vary parameters.accusation_scale=0.002:0.006:3 --vary mechanisms.fear=true,false", 8),
        ("--vary parameters.accusation_scale=0.002:0.006:7 --vary levers.union=0:1:7", 8),
        ("--vary parameters.accusation_scale --vary levers.union=0:1 --design latin --points 9", 8),
    ];
    for (vary, least) in forms {
        let home = tempfile::tempdir().unwrap();
        let options = "--replicates 2 --until 1932-12 --population 300";
        let arguments: Vec<&str> = vary.split(' ').chain(options.split(' ')).collect();
        sweep::sweep(home.path(), &arguments);
        let page = page(home.path());
        can_be_read(&page, least);
        colours_are_in_the_palette(&page);
    }
}

/// Checks headings, identifiers and the texts of at least `least` figures.
pub(super) fn can_be_read(page: &str, least: usize) {
    assert!(page.contains("<html lang=\"en\">") && page.contains("name=\"viewport\""));
    assert!(page.contains("class=\"skip\" href=\"#content\"") && page.contains("<main id=\"content\">"));
    assert!(page.contains("<nav aria-label=\"Contents\">"));

    // Headings: one of the first level, and no level is skipped.
    let levels: Vec<u32> = between(page, "<h", ">").iter().filter_map(|tag| tag[..1].parse().ok()).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert!(levels[0] == 1 && levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");

    let ids: Vec<&str> = between(page, " id=\"", "\"");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an identifier is not unique");
    for list in between(page, "aria-labelledby=\"", "\"") {
        assert!(list.split(' ').all(|id| unique.contains(id)), "{list}");
    }
    for target in between(page, "href=\"#", "\"") {
        assert!(unique.contains(target), "{target}");
    }

    let figures = figures(page);
    assert!(figures.len() >= least, "{}", figures.len());
    for (id, figure) in figures {
        assert!(figure.contains(" role=\"img\" aria-labelledby="), "{id}");
        for (open, close, least) in
            [("<title", "</title>", 5), ("<desc", "</desc>", 40), ("<figcaption>", "</figcaption>", 60)]
        {
            let text = between(figure, open, close)[0].split('>').next_back().unwrap_or_default();
            let whole = between(figure, open, close)[0];
            assert!(whole.len() > least && !(text.is_empty() && whole.is_empty()), "{id}: {open}");
        }
        assert!(
            figure.contains("seed 1") || figure.contains("as its file sets them"),
            "{id} does not name its runs"
        );
    }
}

#[test]
fn every_colour_is_in_the_palette() {
    let home = tempfile::tempdir().unwrap();
    run(home.path(), &["--until", "1931-12"]);
    let page = page(home.path());
    let style = between(&page, "<style>", "</style>")[0];
    for swatch in SWATCHES {
        assert!(style.contains(&format!("--{}:{};", swatch.name, swatch.light)), "{}", swatch.name);
        assert!(style.contains(&format!("--{}:{};", swatch.name, swatch.dark)), "{}", swatch.name);
    }
    colours_are_in_the_palette(&page);
    // Text and links of the page itself.
    let of = |name: &str| SWATCHES.iter().find(|swatch| swatch.name == name).unwrap();
    for name in ["text", "muted", "blue"] {
        assert!(contrast(of(name).light, of("paper").light) >= 4.5);
        assert!(contrast(of(name).dark, of("paper").dark) >= 4.5);
    }
}

pub(super) fn colours_are_in_the_palette(page: &str) {
    for (id, figure) in figures(page) {
        for colour in between(figure, "fill=\"", "\"").into_iter().chain(between(figure, "stroke=\"", "\"")) {
            let name = colour.strip_prefix("var(--").and_then(|rest| rest.strip_suffix(')'));
            assert!(
                colour == "none"
                    || name.is_some_and(|name| SWATCHES.iter().any(|swatch| swatch.name == name)),
                "{id}: {colour}"
            );
        }
    }
}
