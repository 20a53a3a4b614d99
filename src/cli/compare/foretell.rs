//! What a comparison would take, and the options that it records.
//!
//! Owns the words of `--dry-run` and the memory of the values that are kept.

use super::prepare::Prepared;
use super::{Arguments, Method};
use crate::cli::common::{self, time};
use crate::cli::quantity::{bytes, count, plural};
use crate::engine::calendar::Month;
use crate::experiment::compare::contrasts::Width;
use crate::experiment::foresight::Foresight;
use crate::experiment::foresight::speed::Speed;
use crate::experiment::plan::Plan;
use crate::model::measures::{MONTH_MEASURES, PHASE_MEASURES};
use crate::output::folder::standing;
use serde_json::json;

impl Prepared {
    /// Runs that are there already.
    fn kept(&self) -> u64 {
        let kept = self.earlier.iter().flat_map(|earlier| &earlier.scenarios);
        kept.map(|kept| kept.replicates.len() as u64).sum()
    }

    /// What a comparison would take, for people or for machines.
    pub(super) fn foretell(
        self,
        arguments: &Arguments,
        plans: Vec<Plan>,
        foresights: &[Foresight],
        memory: u64,
        speed: Option<Speed>,
    ) -> anyhow::Result<String> {
        let most = self.rule.until.map_or(self.rule.replicates, |until| until.at_most);
        let runs = plans.len() as u64 * u64::from(most) - self.kept();
        let whole: u64 = foresights.iter().map(|foresight| foresight.agent_months).sum();
        let agent_months = whole / (plans.len() as u64 * u64::from(most)).max(1) * runs;
        let disk: u64 = foresights.iter().map(|foresight| foresight.disk).sum();
        let threads = plans[0].threads;
        let (kept, extends) = (self.kept(), self.earlier.is_some());
        let (folder, until) = (self.folder.clone(), self.rule.until);
        let (comparison, _) = self.comparison(arguments, plans.clone());
        let standing = standing(&folder, &comparison.mark(), arguments.common.force || extends)?;
        if arguments.json {
            let value = json!({
                "scenarios": plans.iter().map(|plan| json!({ "name": plan.scenario, "hash": plan.hash })).collect::<Vec<_>>(),
                "seed": arguments.common.seed,
                "runs": runs,
                "runs_there": kept,
                "threads": threads,
                "months": plans[0].months().count(),
                "agent_months": agent_months,
                "memory_bytes": memory,
                "disk_bytes": disk,
                "seconds": speed.map(|speed| speed.seconds(agent_months)),
                "folder": folder.to_string_lossy(),
                "folder_state": common::state_word(standing),
            });
            return Ok(format!("{value:#}\n"));
        }
        let names: Vec<&str> = plans.iter().map(|plan| plan.scenario.as_str()).collect();
        let at_most = if until.is_some() { "at most " } else { "" };
        Ok(format!(
            "{}, seed {}, {at_most}{most} replicates, {} to {}\n\
             runs    {at_most}{}{}, {} thread{}\n\
             months  {} in each run, {at_most}{} agent-months in all\n\
             memory  about {}\n\
             disk    {at_most}about {}\n\
             time    {at_most}{}\n\
             folder  {}{}\n",
            names.join(", "),
            arguments.common.seed,
            Month::FIRST,
            arguments.common.until,
            count(runs),
            if extends { format!(", {} others already finished", count(kept)) } else { String::new() },
            threads,
            plural(threads as u64),
            plans[0].months().count(),
            count(agent_months),
            bytes(memory),
            bytes(disk),
            time(speed, agent_months),
            folder.display(),
            common::state(standing),
        ))
    }

    /// The options in force, for the manifest.
    pub(super) fn options(
        &self,
        arguments: &Arguments,
        plan: &Plan,
    ) -> std::collections::BTreeMap<String, serde_json::Value> {
        let width = |width: Width| match width {
            Width::Absolute(width) => json!(width),
            Width::Share(share) => json!(format!("{}%", 100.0 * share)),
        };
        let scenarios: Vec<&String> = self.scenarios.iter().map(|scenario| &scenario.name).collect();
        let tables: Vec<&str> = self.tables.iter().map(|table| table.layout().name).collect();
        let metrics: Vec<&str> =
            self.question.metrics.iter().map(|metric| PHASE_MEASURES[*metric].key).collect();
        let own = [
            ("scenarios", json!(scenarios)),
            ("replicates", json!(self.rule.replicates)),
            ("metric", json!(metrics)),
            ("phase", json!(arguments.phase)),
            ("phases", json!(self.question.regimes)),
            ("level", json!(arguments.level)),
            ("correction", json!(if arguments.correction == Method::Holm { "holm" } else { "none" })),
            ("half_width", width(self.question.half_width)),
            ("until_precise", arguments.until_precise.map_or(serde_json::Value::Null, width)),
            ("at_most", json!(self.rule.until.map(|until| until.at_most))),
            ("extend", json!(arguments.extend)),
            ("tables", json!(tables)),
        ];
        let mut options = arguments.common.options(plan.threads);
        options.extend(own.map(|(name, value)| (name.to_owned(), value)));
        options
    }
}

/// Bytes of the values that a comparison keeps of its replicates.
pub(super) fn values(plan: &Plan, scenarios: usize) -> u64 {
    let (months, phases) = (plan.months().count(), plan.phases_reached().len() + 1);
    let of_replicate = 8 * (months * MONTH_MEASURES.len() + scenarios * phases * PHASE_MEASURES.len());
    let of_scenario = 72 * months * MONTH_MEASURES.len();
    of_replicate as u64 * u64::from(plan.replicate_count()) + (of_scenario * scenarios) as u64
}
