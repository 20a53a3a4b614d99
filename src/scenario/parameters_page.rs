//! Writes `docs/parameters.md` from the tables of parameters, levers and mechanisms. A test compares the file with it.

use std::fmt::Write;

use super::event::MAX_PULSE;
use super::layer::{MAX_ENTERPRISES, MAX_PEOPLE};
use super::number::short;
use super::schema::capital;
use crate::model::levers::LEVERS;
use crate::model::mechanisms::MECHANISMS;
use crate::model::parameters::{PARAMETERS, ParameterInfo, SHARES, Shares};
use crate::model::setup::{DEFAULT_REGIONS, MEAN_ENTERPRISE};
use crate::model::state::standing::TARGET_CLASS_NAMES;

/// Returns the page in Markdown.
pub fn parameters_page() -> String {
    let mut text = String::new();
    let _ = write_page(&mut text);
    text
}

fn write_page(out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "# Parameters, levers and mechanisms\n\n\
         Made from the tables in `src/model/`; do not edit. Renew it with `KADRY_RENEW=1 cargo test --test kadry generated`.\n\n\
         ## Parameters\n\n\
         Constants of the rules, under `[parameters]`. A scenario may set each within *allowed*; *search* is the range\n\
         for sensitivity analysis. Judged values are not measurements. *Source* names the section of `docs/model.md` that\n\
         introduces the symbol and what the default rests on; `kadry explain SCENARIO KEY` shows it too. Series are those of\n\
         `scenarios/reference/series.csv`.\n\n\
         | key | symbol | default | unit | allowed | search | rule | grade | meaning | source |\n\
         |---|---|---|---|---|---|---|---|---|---|"
    )?;
    for info in PARAMETERS {
        let range = |(low, high): (f64, f64)| format!("{} to {}", short(low), short(high));
        writeln!(
            out,
            "| `{}` | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            info.key,
            info.symbol.replace('*', "\\*"),
            short(info.default),
            info.unit,
            range(info.valid),
            info.prior.map_or_else(|| "fixed".to_owned(), range),
            info.rule,
            info.grade.word(),
            info.meaning,
            source(info),
        )?;
    }
    writeln!(out, "\nShares of one whole, which may add up to at most 1:\n")?;
    for Shares { keys, rest } in SHARES {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        writeln!(out, "- {}; the remaining {rest}.", keys.join(", "))?;
    }
    write_others(out)
}

/// The source as the page shows it: without the names of the files, which the page gives once.
fn source(info: &ParameterInfo) -> &'static str {
    let source = info.source.strip_prefix("docs/model.md, ").unwrap_or(info.source);
    source.strip_suffix("; series in scenarios/reference/series.csv").unwrap_or(source)
}

fn write_others(out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "\n## Levers\n\n\
         The settings of the leadership, each from 0 to 1, under `[levers]` and in `[[change]]`. *Smoothed* levers act as their mean\n\
         over the month and the two before it. *Judged* tracks are shifted in the robustness ensemble; `scenarios/historical.toml`\n\
         gives the source of each track.\n\n\
         | key | symbol | smoothed | judged | rules | 1 means |\n|---|---|---|---|---|---|"
    )?;
    for info in LEVERS {
        let word = |yes: bool| if yes { "yes" } else { "no" };
        let (smoothed, judged) = (word(info.smoothed), word(info.judged));
        writeln!(
            out,
            "| `{}` | {} | {smoothed} | {judged} | {} | {} |",
            info.key, info.symbol, info.rule, info.meaning
        )?;
    }
    writeln!(
        out,
        "\n## Mechanisms\n\nSwitches under `[mechanisms]`, all `true` by default.\n\n| key | meaning |\n|---|---|"
    )?;
    for info in MECHANISMS {
        writeln!(out, "| `{}` | {} |", info.key, capital(info.meaning))?;
    }
    writeln!(
        out,
        "\n## Population\n\n\
         Under `[population]`: `size`, people in January 1928, 1 to {MAX_PEOPLE} or `\"one-to-one\"`; `enterprises`, at most as many\n\
         as people and {MAX_ENTERPRISES}, by default one for {MEAN_ENTERPRISE} people; `regions`, at most as many as enterprises, by default {DEFAULT_REGIONS}.\n\n\
         ## Target classes\n\n\
         A show trial adds 0 to {MAX_PULSE} to the image of each class it names: {}.",
        TARGET_CLASS_NAMES.map(|class| format!("`{class}`")).join(", ")
    )
}
