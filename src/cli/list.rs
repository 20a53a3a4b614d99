//! `kadry list`: lists the scenarios inside the program.

use std::process::ExitCode;

use anyhow::anyhow;
use serde_json::{Value, json};

use super::stdout::{print, print_json};
use super::terminal::{Terminal, columns, left};
use crate::scenario::{SHIPPED, load};

/// List the scenarios inside the program
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// Print them as JSON
    #[arg(long)]
    pub json: bool,
}

/// Lists name and title of each shipped scenario.
///
/// # Errors
///
/// If stdout cannot be written.
pub fn list(args: &ListArgs) -> anyhow::Result<ExitCode> {
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

/// A name and a title beside it, or below it where the terminal is narrow.
fn entry(name: &str, title: &str, width: usize, terminal: Terminal) -> String {
    if width + 2 + columns(title) <= terminal.width {
        return format!("{}  {title}\n", left(name, width));
    }
    format!("{name}\n{}", terminal.wrapped(title, 4))
}
