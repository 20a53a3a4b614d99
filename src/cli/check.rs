//! `kadry check SCENARIO...`: checks scenarios without running them.

use std::ffi::OsString;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::Exit;
use super::faults::{faults_as_json, print_faults, print_warnings, shown_name, warnings_as_json};
use super::stdout::{print, print_json};
use crate::scenario::load_altered;

/// Check scenarios without running them, and print every fault and warning
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Scenario files, names of shipped scenarios, or `-` for standard input
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<OsString>,
    /// Change a key in each scenario, such as `levers.union=0.6` (repeatable)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// Checks each scenario. The exit code is 3 if one is not valid; warnings do not change it.
///
/// # Errors
///
/// If stdout cannot be written.
pub(super) fn check(args: &Arguments) -> anyhow::Result<ExitCode> {
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
                "warnings": warnings_as_json(&scenario),
            })),
            Ok(scenario) => {
                print_warnings(&scenario);
                print(&format!("{name}: valid\n"))?;
            }
            Err(faults) => {
                if args.json {
                    let mut result = faults_as_json(&faults);
                    result["scenario"] = json!(name);
                    result["valid"] = json!(false);
                    results.push(result);
                } else {
                    print_faults(&faults);
                }
                code = Exit::Invalid.into();
            }
        }
    }
    if args.json {
        print_json(&Value::Array(results))?;
    }
    Ok(code)
}
