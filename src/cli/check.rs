//! `kadry check`: checks scenarios without running them.

use std::ffi::OsString;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::faults::{INVALID_SCENARIO, as_json, report, shown_name, warn, warnings_json};
use super::stdout::{print, print_json};
use crate::scenario::load_altered;

/// Check scenarios without running them, and print every fault and warning
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Scenario files, names of shipped scenarios, or `-` for standard input
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<OsString>,
    /// Change a key in each scenario, such as `levers.union=0.6` (repeatable)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// Print the result as JSON
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
