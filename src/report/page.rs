//! Writes the page: one HTML file without scripts that needs no network.
//!
//! `maud` escapes every text. Only the style sheet is written unescaped; it contains no text of a scenario.

use super::build::Report;
use super::draw::canvas::legible;
use super::palette::SWATCHES;
use super::picture::{Numbers, Picture};
use super::sections::{Group, Section, Table};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The style sheet without the colours, which come from the palette.
const STYLE: &str = include_str!("style.css");

/// What the page may load: its own style sheet and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The CSS variables of a theme.
fn variables(dark: bool) -> String {
    SWATCHES
        .iter()
        .map(|swatch| format!("--{}:{};", swatch.name, if dark { swatch.dark } else { swatch.light }))
        .collect()
}

fn style() -> String {
    format!(
        ":root{{color-scheme:light dark;{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n@media print{{:root{{color-scheme:light;{light}}}}}\n{STYLE}",
        light = variables(false),
        dark = variables(true)
    )
}

/// The page.
pub(super) fn html(report: &Report) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="kadry report";
                title { (legible(&report.title)) " – kadry" }
                style { (PreEscaped(style())) }
            }
            body {
                a.skip href="#content" { "Skip to the pictures" }
                header {
                    h1 { (legible(&report.title)) }
                    p { (legible(&report.subtitle)) }
                }
                (contents(&report.sections))
                main id="content" {
                    section aria-labelledby="reading" {
                        h2 id="reading" { "How to read the pictures" }
                        @for line in &report.reading { p { (legible(line)) } }
                    }
                    @for section in &report.sections { (section_markup(section)) }
                }
                footer { p { "Made by kadry report." } }
            }
        }
    };
    page.into_string() + "\n"
}

fn contents(sections: &[Section]) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul {
                li { a href="#reading" { "How to read the pictures" } }
                @for section in sections { li { a href=(format!("#{}", section.id)) { (section.title) } } }
            }
        }
    }
}

fn section_markup(section: &Section) -> Markup {
    html! {
        section aria-labelledby=(section.id) {
            h2 id=(section.id) { (legible(&section.title)) }
            @for line in &section.text { p { (legible(line)) } }
            @for group in &section.groups { (group_markup(group)) }
        }
    }
}

fn group_markup(group: &Group) -> Markup {
    html! {
        @if !group.title.is_empty() { h3 { (legible(&group.title)) } }
        @if !group.pictures.is_empty() {
            div.pictures { @for picture in &group.pictures { (figure(picture)) } }
        }
        @for table in &group.tables { (table_markup(table)) }
    }
}

fn figure(picture: &Picture) -> Markup {
    html! {
        figure id=(format!("{}-figure", picture.id)) {
            (picture.inline())
            figcaption {
                (legible(&picture.caption)) " "
                a download=(format!("{}.csv", picture.id)) href=(data_address(&picture.numbers)) {
                    "Numbers" span.hidden { " of: " (legible(&picture.title)) } " (CSV)"
                }
            }
        }
    }
}

fn table_markup(table: &Table) -> Markup {
    html! {
        div.table tabindex="0" role="region" aria-label=(legible(&table.caption)) {
            table {
                caption { (legible(&table.caption)) }
                thead { tr { @for name in &table.header { th scope="col" { (legible(name)) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (position, cell) in row.iter().enumerate() {
                                @if position == 0 { th scope="row" { (legible(cell)) } } @else {
                                    td data-label=(legible(&table.header[position])) { (legible(cell)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Returns a `data:` address that contains the numbers as a CSV file.
fn data_address(numbers: &Numbers) -> String {
    let mut address = String::from("data:text/csv;charset=utf-8,");
    for byte in numbers.to_csv().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b',' => {
                address.push(char::from(byte))
            }
            _ => address += &format!("%{byte:02X}"),
        }
    }
    address
}
