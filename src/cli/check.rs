//! `kadry check`: are these scenarios valid?

use std::ffi::OsString;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::faults::{INVALID_SCENARIO, as_json, report, shown_name, warn, warnings_json};
use super::stdout::{print, print_json};
use crate::scenario::load_altered;

/// Check scenarios without running them; print every fault and warning of each
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Scenarios: names of shipped ones, paths, or `-` for standard input
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<OsString>,
    /// Set a key of each scenario, dotted as in a file; repeatable
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// Print the result as JSON to stdout
    #[arg(long)]
    pub json: bool,
}

/// Checks each scenario; exit code 3 if one is not valid. Warnings do not change the exit code.
///
/// # Errors
///
/// If stdout cannot be written.
pub fn check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let mut results: Vec<Value> = Vec::new();
    let mut code = ExitCode::SUCCESS;
    for asked in &args.scenarios {
        let name = shown_name(asked);
        match load_altered(asked, &args.settings, None, None) {
            Ok(scenario) if args.json => results.push(json!({
                "scenario": name,
                "valid": true,
                "hash": scenario.hash_hex(),
                "label": scenario.label,
                "warnings": warnings_json(&scenario),
            })),
            Ok(scenario) => {
                warn(&scenario);
                print(&format!("{name}: valid\n"))?;
            }
            Err(faults) => {
                if args.json {
                    let mut result = as_json(&faults);
                    result["scenario"] = json!(name);
                    result["valid"] = json!(false);
                    results.push(result);
                } else {
                    report(&faults);
                }
                code = ExitCode::from(INVALID_SCENARIO);
            }
        }
    }
    if args.json {
        print_json(&Value::Array(results))?;
    }
    Ok(code)
}
