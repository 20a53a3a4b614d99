//! Runs studies: variants of a scenario times replicates, on one machine or many.
//!
//! Every verb that runs anything makes a [`Study`] and lets a [`session::Session`] carry it out in three steps: *plan* writes
//! what there is to do into the result folder, *work* computes the batches that are missing and stores them as parts,
//! *collect* joins the parts into tables. `kadry work` and `kadry collect` are the last two steps alone.

pub mod address;
pub(super) mod batches;
pub mod execute;
pub mod finish;
pub mod heartbeat;
pub mod import;
pub mod merge;
pub mod outcome;
pub mod part;
pub mod rows;
pub mod session;
pub mod store;
mod tables;
pub mod version;
pub mod work;

use super::foresight::{self, Foresight};
use super::plan::{Futures, Plan};
use super::tables::{Extent, Table, label_columns_of};
use crate::engine::calendar::Month;
use crate::output::folder::hexadecimal;
use crate::output::manifest::{Program, ScenarioMark};
use crate::output::plan::{self, PlanFile, PlanMark, VariantMark};
use crate::output::table::Column;
use address::Address;
use rows::Labels;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Gives the plans of the variants of a study. A plan holds the levers of every month, so those of many variants do not
/// exist all at once.
pub trait Variants: Sync {
    /// The plan of a variant, by position.
    fn plan(&self, variant: usize) -> Arc<Plan>;
}

impl Variants for Vec<Arc<Plan>> {
    fn plan(&self, variant: usize) -> Arc<Plan> {
        Arc::clone(&self[variant])
    }
}

/// A run of a study: a replicate of a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId {
    /// Position of the variant.
    pub variant: usize,
    /// Number of the replicate.
    pub replicate: u32,
}

/// Everything that a study computes: variants, replicates, tables.
pub struct Study {
    /// The plan of the first variant: baseline, base, or the only one. All variants share its seed, replicates, last month,
    /// tables and threads.
    pub base: Arc<Plan>,
    /// The variants.
    pub variants: Box<dyn Variants>,
    /// Name, substance, values and expected work of each variant.
    pub marks: Vec<VariantMark>,
    /// The varied keys, which are columns of every table by run.
    pub keys: Vec<String>,
    /// Tables that the result holds. The plan may have more, from which values are read.
    pub written: Vec<&'static dyn Table>,
    /// Number of the first run of each variant, and at the end the number of all runs.
    first_runs: Vec<u64>,
}

impl Study {
    /// A study of the given plans, which differ in their scenario alone.
    ///
    /// # Panics
    ///
    /// If there is no plan.
    pub fn of_plans(plans: Vec<Plan>) -> Study {
        let plans: Vec<Arc<Plan>> = plans.into_iter().map(Arc::new).collect();
        let base = Arc::clone(plans.first().expect("a study has a plan"));
        let marks = plans.iter().map(|plan| mark_of(plan, Vec::new())).collect();
        let written = base.tables.clone();
        Study::new(base, Box::new(plans), marks, Vec::new(), written)
    }

    /// A study of variants, given by their marks.
    pub fn new(
        base: Arc<Plan>,
        variants: Box<dyn Variants>,
        marks: Vec<VariantMark>,
        keys: Vec<String>,
        written: Vec<&'static dyn Table>,
    ) -> Study {
        let mut study = Study { base, variants, marks, keys, written, first_runs: Vec::new() };
        let mut first = 0;
        let counts = (0..study.marks.len()).map(|variant| study.replicates(variant).count() as u64);
        let mut first_runs: Vec<u64> = counts
            .map(|count| {
                first += count;
                first - count
            })
            .collect();
        first_runs.push(first);
        study.first_runs = first_runs;
        study
    }

    /// The replicates of a variant.
    pub fn replicates(&self, variant: usize) -> RangeInclusive<u32> {
        self.marks[variant].replicates.map_or(self.base.replicates.clone(), |[first, last]| first..=last)
    }

    /// Every run, in the order of the tables.
    pub fn runs(&self) -> impl Iterator<Item = RunId> + use<'_> {
        (0..self.marks.len()).flat_map(move |variant| {
            self.replicates(variant).map(move |replicate| RunId { variant, replicate })
        })
    }

    /// Number of runs.
    pub fn run_count(&self) -> u64 {
        self.first_runs.last().copied().unwrap_or(0)
    }

    /// The run with a number, counted from 0 in the order of the tables.
    pub fn run(&self, number: u64) -> RunId {
        let variant = self.first_runs.partition_point(|first| *first <= number) - 1;
        let replicate = self.replicates(variant).start() + (number - self.first_runs[variant]) as u32;
        RunId { variant, replicate }
    }

    /// The address of a run.
    pub fn address(&self, run: RunId) -> Address {
        let substance = Address::parse(&self.marks[run.variant].substance).expect("a plan has been checked");
        Address::of(&substance.0, self.base.seed, self.base.draws(run.replicate), self.base.last)
    }

    /// Digest of the variants: what their runs follow from, their replicates and their values.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for mark in &self.marks {
            digest.update(mark.substance.as_bytes());
            digest.update(format!("{:?}", mark.replicates));
            mark.values.iter().for_each(|value| digest.update(value.as_bytes()));
        }
        hexadecimal(&digest.finalize())
    }

    /// The plan of a variant.
    pub fn plan(&self, variant: usize) -> Arc<Plan> {
        self.variants.plan(variant)
    }

    /// Names of the tables of the plan.
    pub fn tables(&self) -> Vec<&'static str> {
        self.base.tables.iter().map(|table| table.layout().name).collect()
    }

    /// The tables of the plan as parts name them: with a digest of their columns, so that rows of other columns are never
    /// taken for those of this program.
    pub fn recorded(&self) -> Vec<String> {
        let one = |table: &&'static dyn Table| {
            let layout = table.layout();
            let mut digest = Sha256::new();
            for column in &layout.columns {
                digest.update(column.name);
                digest.update([0]);
            }
            format!("{}#{}", layout.name, hexadecimal(&digest.finalize()[..8]))
        };
        self.base.tables.iter().map(one).collect()
    }

    /// The variant whose runs are the largest.
    pub fn largest(&self) -> usize {
        (0..self.marks.len()).max_by_key(|variant| self.marks[*variant].agent_months).unwrap_or(0)
    }

    /// Reduces the number of runs at the same time to what fits the memory, but not below one.
    pub fn fit(&mut self, memory: u64) {
        let fitting = foresight::fitting(&self.plan(self.largest()), self.run_count(), memory);
        let base = Arc::make_mut(&mut self.base);
        base.side_by_side = base.side_by_side.min(usize::try_from(fitting).unwrap_or(usize::MAX)).max(1);
    }

    /// Expected cost of a typical run and of the whole study, from the largest variant.
    pub fn foresight(&self) -> Foresight {
        let largest =
            Plan { side_by_side: self.base.side_by_side, ..Plan::clone(&self.plan(self.largest())) };
        let mut foresight = foresight::foresee_among(&largest, self.run_count());
        let of_largest = foresight.agent_months.max(1);
        let of = |(variant, mark): (usize, &VariantMark)| {
            mark.agent_months.saturating_mul(self.replicates(variant).count() as u64)
        };
        foresight.agent_months = self.marks.iter().enumerate().map(of).fold(0, u64::saturating_add);
        let replicates = u64::from(self.base.replicate_count()).max(1);
        let times = (foresight.agent_months / of_largest).max(self.run_count() / replicates).max(1);
        foresight.disk = foresight.disk.saturating_mul(times);
        foresight.memory = foresight.memory.saturating_add(self.marks.len() as u64 * MEMORY_PER_VARIANT);
        foresight
    }

    /// Divides the runs into batches; returns the number of the first run of each.
    pub fn batches(&self) -> Vec<u64> {
        let base = &self.base;
        let people = self.marks[0].agent_months / base.months().count().max(1) as u64;
        let bytes = foresight::row_bytes_of(base, Extent::of(base, people));
        let runs: Vec<u64> = self.runs().map(|run| self.marks[run.variant].agent_months).collect();
        batches::divide(runs.into_iter(), bytes)
    }

    /// The batches of a shard with the runs that `selects` returns true for, in the order of the plan. Batches
    /// without any are left out. `begins` holds the number of the first run of each batch.
    pub fn batches_of(
        &self,
        begins: &[u64],
        shard: Shard,
        mut selects: impl FnMut(RunId) -> bool,
    ) -> Vec<Vec<RunId>> {
        let ends = begins.iter().skip(1).copied().chain([self.run_count()]);
        let of_shard = |batch: &(usize, (&u64, u64))| batch.0 as u64 % shard.of == shard.position - 1;
        let batches = begins.iter().zip(ends).enumerate().filter(of_shard);
        let runs = batches.map(|(_, (begin, end))| {
            (*begin..end).map(|number| self.run(number)).filter(|run| selects(*run)).collect::<Vec<_>>()
        });
        runs.filter(|batch| !batch.is_empty()).collect()
    }

    /// The columns after the seed in every table by run.
    pub fn labels(&self) -> Vec<Column> {
        let values = self.marks.iter().map(|mark| mark.values.as_slice());
        label_columns_of(self.base.futures.is_some(), &self.keys, values)
    }

    /// The labels of the rows of a variant.
    pub fn labels_of(&self, variant: usize) -> Labels {
        let mark = &self.marks[variant];
        Labels::new(mark.scenario.called(), self.base.seed, &self.base.phases, &mark.values)
    }

    /// What the plan records, with the texts of the scenarios.
    pub fn plan_file(&self, details: PlanDetails, options: BTreeMap<String, serde_json::Value>) -> PlanFile {
        let PlanDetails { command, scenarios, texts, points, analysis, settings, files } = details;
        let base = &self.base;
        let mark = PlanMark {
            command: command.into(),
            results: version::RESULTS_VERSION,
            scenarios,
            keys: self.keys.clone(),
            points,
            seed: base.seed,
            replicates: [*base.replicates.start(), *base.replicates.end()],
            futures: base.futures.map(Futures::mark),
            months: [Month::FIRST.to_string(), base.last.to_string()],
            texts: crate::output::manifest::digest_of_texts(texts.iter().map(String::as_str)),
            tables: self.written.iter().map(|table| table.layout().file()).collect(),
            analysis,
            settings,
            files,
        };
        PlanFile {
            form: plan::FORM,
            digest: String::new(),
            program: Program::this(),
            planned: false,
            mark,
            scenario_texts: texts,
            variants: self.marks.clone(),
            options,
            looks_before: 0,
            batches: self.batches(),
        }
    }
}

/// Memory per variant in bytes: its label, its hash, its place in the plan, and its estimates.
const MEMORY_PER_VARIANT: u64 = 10_000;

/// What a verb adds to the plan of its study.
pub struct PlanDetails {
    /// Its name.
    pub command: &'static str,
    /// The scenarios, the baseline first; of a sweep, the base alone.
    pub scenarios: Vec<ScenarioMark>,
    /// The texts of these scenarios.
    pub texts: Vec<String>,
    /// Digest of the points of a sweep.
    pub points: Option<String>,
    /// Settings of the analysis in words, for messages.
    pub analysis: BTreeMap<String, serde_json::Value>,
    /// The settings in the form of the verb.
    pub settings: serde_json::Value,
    /// Names of all files of the result except the manifest.
    pub files: Vec<String>,
}

/// The mark of a variant.
pub fn mark_of(plan: &Plan, values: Vec<String>) -> VariantMark {
    VariantMark {
        scenario: plan.mark(),
        substance: hexadecimal(&address::substance(plan)),
        values,
        replicates: None,
        agent_months: foresight::people(&plan.setup, plan.months().count()).iter().sum(),
    }
}

/// A share of the batches of a plan: every `of`-th, beginning with the one in position `position` from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1 to `of`.
    pub position: u64,
    /// Number of shards.
    pub of: u64,
}

impl Shard {
    /// All batches.
    pub const ALL: Shard = Shard { position: 1, of: 1 };
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shard = text.split_once('/').and_then(|(position, of)| {
            Some(Shard { position: position.parse().ok()?, of: of.parse().ok()? })
        });
        shard
            .filter(|shard| shard.position >= 1 && shard.position <= shard.of)
            .ok_or_else(|| "write a shard and the number of shards, such as 3/64 for the third of 64".into())
    }
}

/// Replicates up to a number.
pub fn up_to(replicates: &RangeInclusive<u32>, last: u32) -> RangeInclusive<u32> {
    *replicates.start()..=last.min(*replicates.end())
}
