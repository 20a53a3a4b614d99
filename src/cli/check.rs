//! `kadry check SCENARIO...`: checks scenarios and files of hypotheses without running them.

use std::ffi::OsString;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::Exit;
use super::faults::{faults_as_json, print_faults, print_warnings, shown_name, warnings_as_json};
use super::stderr::eprint_line;
use super::stdout::{print, print_json};
use crate::scenario::claims::{ClaimTest, Claims, is_claims_file, load_claims};
use crate::scenario::{Faults, load_altered};

/// Check scenarios and files of hypotheses without running them, and print every fault and warning
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Scenario files, names of shipped scenarios, files of hypotheses, `essay`, or `-` for a scenario on standard input
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
    if let (Some(file), false) =
        (args.scenarios.iter().find(|asked| is_claims_file(asked)), args.settings.is_empty())
    {
        let name = shown_name(file);
        eprint_line(&format!(
            "error: --set changes a scenario, and {name} is a file of hypotheses; \
             to test it on a changed base, give --set to `kadry claims`"
        ));
        return Ok(Exit::Usage.into());
    }
    let mut results: Vec<Value> = Vec::new();
    let mut code = ExitCode::SUCCESS;
    for asked in &args.scenarios {
        let name = shown_name(asked);
        if is_claims_file(asked) {
            let claims = load_claims(asked);
            if claims.is_err() {
                code = Exit::Invalid.into();
            }
            results.extend(check_claims(&name, claims, args.json)?);
            continue;
        }
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
                results.extend(report_faults("scenario", &name, &faults, args.json));
                code = Exit::Invalid.into();
            }
        }
    }
    if args.json {
        print_json(&Value::Array(results))?;
    }
    Ok(code)
}

/// Reports faults; returns them if they are to be printed as JSON.
fn report_faults(key: &str, name: &str, faults: &Faults, as_json: bool) -> Option<Value> {
    if !as_json {
        print_faults(faults);
        return None;
    }
    let mut result = faults_as_json(faults);
    result[key] = json!(name);
    result["valid"] = json!(false);
    Some(result)
}

/// Reports on a file of hypotheses; returns the result if it is to be printed as JSON.
fn check_claims(name: &str, claims: Result<Claims, Faults>, as_json: bool) -> anyhow::Result<Option<Value>> {
    let claims = match claims {
        Ok(claims) => claims,
        Err(faults) => return Ok(report_faults("claims", name, &faults, as_json)),
    };
    let tests = || claims.claims.iter().flat_map(|claim| &claim.tests);
    let (count, waiting) =
        (tests().count(), tests().filter(|test| matches!(test, ClaimTest::Waiting(_))).count());
    if as_json {
        let number = claims.claims.len();
        return Ok(Some(json!({
            "claims": name, "valid": true, "number": number, "tests": count, "waiting": waiting,
        })));
    }
    print(&format!(
        "{name}: valid, {} claims, {count} tests, of which {waiting} wait for what this version lacks\n",
        claims.claims.len()
    ))?;
    Ok(None)
}
