//! Writes the estimate that `compare --dry-run` prints, and collects the options for the manifest.

use super::prepare::Prepared;
use super::{Arguments, Method};
use crate::cli::estimate::{cluster_text, core_seconds, folder_remark, folder_word, time_text};
use crate::cli::quantity::{bytes, count, plural};
use crate::engine::calendar::Month;
use crate::experiment::compare::contrasts::Width;
use crate::experiment::foresight::Foresight;
use crate::experiment::foresight::speed::Speed;
use crate::experiment::plan::Plan;
use crate::model::measures::MONTH_MEASURES;
use crate::model::phase::PHASE_MEASURES;
use crate::output::folder::folder_state;
use crate::output::plan::PlanFile;
use serde_json::json;

impl Prepared {
    /// Number of finished runs in the comparison to extend.
    fn kept(&self) -> u64 {
        let kept = self.earlier.iter().flat_map(|earlier| &earlier.variants);
        kept.map(|kept| kept.replicates.len() as u64).sum()
    }

    /// The estimate of `--dry-run`, as text or JSON.
    pub(super) fn estimate_text(
        &self,
        arguments: &Arguments,
        plan: &PlanFile,
        foresight: &Foresight,
        memory: u64,
        speed: Option<Speed>,
    ) -> anyhow::Result<String> {
        let most = self.rule.most();
        let all = plan.runs();
        let (kept, extends) = (self.kept(), self.earlier.is_some());
        let runs = all - kept.min(all);
        let agent_months = foresight.agent_months / all.max(1) * runs;
        let left = Foresight { agent_months, ..foresight.clone() };
        let (folder, until) = (&self.folder, self.rule.until);
        let state = folder_state(folder, &plan.mark, arguments.shared.force || extends)?;
        let threads = arguments.shared.threads();
        let batches = plan.batches.len() as u64;
        let months = arguments.shared.until.index() + 1;
        let scenarios = || plan.variants.iter().map(|variant| &variant.scenario);
        if arguments.json {
            let value = json!({
                "scenarios": scenarios().map(|mark| json!({ "name": mark.called(), "hash": mark.hash })).collect::<Vec<_>>(),
                "seed": arguments.shared.seed,
                "runs": runs,
                "runs_there": kept,
                "threads": threads,
                "months": months,
                "agent_months": agent_months,
                "memory_bytes": memory,
                "disk_bytes": foresight.disk,
                "seconds": speed.map(|speed| speed.seconds(agent_months)),
                "batches": batches,
                "core_seconds": speed.map(|speed| core_seconds(speed, agent_months, foresight.side_by_side)),
                "folder": folder.to_string_lossy(),
                "folder_state": folder_word(state),
            });
            return Ok(format!("{value:#}\n"));
        }
        let names: Vec<&str> = scenarios().map(|mark| mark.called()).collect();
        let at_most = if until.is_some() { "at most " } else { "" };
        Ok(format!(
            "{}, seed {}, {at_most}{most} replicates, {} to {}\n\
             runs    {at_most}{}{}, {} thread{}\n\
             months  {months} in each run, {at_most}{} agent-months in all\n\
             memory  about {}\n\
             disk    {at_most}about {}\n\
             time    {at_most}{}\n\
             cluster {}\n\
             folder  {}{}\n",
            names.join(", "),
            arguments.shared.seed,
            Month::FIRST,
            arguments.shared.until,
            count(runs),
            if extends { format!(", {} others already finished", count(kept)) } else { String::new() },
            threads,
            plural(threads as u64),
            count(agent_months),
            bytes(memory),
            bytes(foresight.disk),
            time_text(speed, agent_months),
            cluster_text(speed, &left, batches),
            folder.display(),
            folder_remark(state),
        ))
    }

    /// Returns the options in force, for the manifest.
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
            self.analysis.metrics.iter().map(|metric| PHASE_MEASURES[*metric].key).collect();
        let own = [
            ("scenarios", json!(scenarios)),
            ("replicates", json!(self.rule.replicates)),
            ("metric", json!(metrics)),
            ("phase", json!(arguments.phase)),
            ("phases", json!(self.analysis.regimes)),
            ("level", json!(arguments.level)),
            ("correction", json!(if arguments.correction == Method::Holm { "holm" } else { "none" })),
            ("half_width", width(self.analysis.half_width)),
            ("until_precise", arguments.until_precise.map_or(serde_json::Value::Null, width)),
            ("at_most", json!(self.rule.until.map(|until| until.at_most))),
            ("extend", json!(arguments.shared.extend)),
            ("tables", json!(tables)),
        ];
        let mut options = arguments.shared.options(plan.threads);
        options.extend(own.map(|(name, value)| (name.to_owned(), value)));
        options
    }
}

/// Memory in bytes for the values that a comparison keeps of its replicates.
pub(super) fn value_bytes(plan: &Plan, scenarios: usize) -> u64 {
    let (months, phases) = (plan.months().count(), plan.phases_reached().len() + 1);
    let of_replicate = 8 * (months * MONTH_MEASURES.len() + scenarios * phases * PHASE_MEASURES.len());
    let of_scenario = 72 * months * MONTH_MEASURES.len();
    of_replicate as u64 * u64::from(plan.replicate_count()) + (of_scenario * scenarios) as u64
}
