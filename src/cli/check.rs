//! `kadry check`: checks scenarios without running them.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::faults::{INVALID_SCENARIO, as_json, report};
use super::stdout::{print, print_json};
use crate::scenario::load;

/// Check scenarios without running them, and print every fault
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Scenario files, or names of shipped scenarios
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
    /// Change a key in each scenario, such as `levers.union=0.6` (repeatable)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Checks each scenario; exit code 3 if one is not valid.
///
/// # Errors
///
/// If stdout cannot be written.
pub fn check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let mut results: Vec<Value> = Vec::new();
    let mut code = ExitCode::SUCCESS;
    for name in &args.scenarios {
        match load(name, &args.settings) {
            Ok(scenario) if args.json => {
                results.push(json!({ "scenario": name, "valid": true, "hash": scenario.hash_hex() }));
            }
            Ok(_) => print(&format!("{name}: valid\n"))?,
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
