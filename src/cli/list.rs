//! `kadry list`: lists the shipped scenarios.

use std::process::ExitCode;

use anyhow::anyhow;
use serde_json::{Value, json};

use super::stdout::{print, print_json};
use super::terminal::{Terminal, align_left, display_width};
use crate::scenario::{SHIPPED, load};

/// List the shipped scenarios
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
}

/// Prints the name and title of each shipped scenario.
///
/// # Errors
///
/// If stdout cannot be written.
pub(super) fn list(args: &Arguments) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::of_stdout();
    let mut text = String::new();
    let mut rows: Vec<Value> = Vec::new();
    let width = SHIPPED.iter().map(|shipped| shipped.name.len()).max().unwrap_or(0);
    for shipped in SHIPPED {
        let scenario = load(shipped.name, &[]).map_err(|faults| anyhow!("{faults}"))?;
        text += &entry(shipped.name, &scenario.title, width, terminal);
        rows.push(json!({
            "name": scenario.name,
            "title": scenario.title,
            "hypothesis": scenario.hypothesis,
            "claims": scenario.claims,
            "hash": scenario.hash_hex(),
        }));
    }
    if args.json {
        print_json(&Value::Array(rows))?
    } else {
        print(&text)?
    }
    Ok(ExitCode::SUCCESS)
}

/// A name, and a title on the same line or, on a narrow terminal, below.
fn entry(name: &str, title: &str, width: usize, terminal: Terminal) -> String {
    if width + 2 + display_width(title) <= terminal.width {
        return format!("{}  {title}\n", align_left(name, width));
    }
    format!("{name}\n{}", terminal.wrapped(title, 4))
}
