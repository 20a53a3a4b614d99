//! `kadry list`: the shipped scenarios.

use std::process::ExitCode;

use anyhow::anyhow;
use serde_json::{Value, json};

use super::stdout::{print, print_json};
use crate::scenario::{SHIPPED, load};

/// List the shipped scenarios
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
    let mut text = String::new();
    let mut rows: Vec<Value> = Vec::new();
    let width = SHIPPED.iter().map(|shipped| shipped.name.len()).max().unwrap_or(0);
    for shipped in SHIPPED {
        let scenario = load(shipped.name, &[]).map_err(|faults| anyhow!("{faults}"))?;
        text += &format!("{:width$}  {}\n", shipped.name, scenario.title);
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
