//! The patterns that were held out of the fit, on the base and on the fitted scenario: computed once, after the search.

use crate::engine::parallel::Workers;
use crate::experiment::claims::quantities::Quantity;
use crate::experiment::claims::record::Quantities;
use crate::experiment::moments::Moments;
use crate::experiment::plan::Plan;
use crate::experiment::replicate;
use crate::experiment::soundness::patterns::{Pattern, patterns};
use crate::experiment::study::execute::Observer;
use crate::model::setup::Setup;
use crate::scenario::Scenario;
use rayon::prelude::*;
use serde::Serialize;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;

/// A pattern that was held out, and how often it holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldOut {
    /// As docs/model.md numbers it.
    pub pattern: &'static str,
    /// In words.
    pub statement: &'static str,
    /// Why it is no evidence; empty for evidence.
    pub input: &'static str,
    /// The share of replicates of the base in which it holds; `None` if it is defined in none.
    pub before: Option<f64>,
    /// That of the fitted scenario.
    pub after: Option<f64>,
}

/// Runs the replicates of the base and of the fitted scenario.
pub(super) fn held_out(
    base: &Scenario,
    setups: [Arc<Setup>; 2],
    seed: u64,
    replicates: RangeInclusive<u32>,
    observer: &dyn Observer,
) -> Vec<HeldOut> {
    let all = patterns();
    let mut needed: Vec<Quantity> = all
        .iter()
        .flat_map(|pattern| &pattern.parts)
        .flat_map(|part| &part.terms)
        .map(|term| term.quantity.clone())
        .collect();
    needed.sort();
    needed.dedup();
    let tables = vec![Quantities::table(&needed)];
    let plans = setups.map(|setup| Plan {
        setup,
        seed,
        replicates: replicates.clone(),
        tables: tables.clone(),
        ..Plan::of(base)
    });
    let runs: Vec<(usize, u32)> = (0..plans.len())
        .flat_map(|plan| replicates.clone().map(move |replicate| (plan, replicate)))
        .collect();
    let values: Vec<(usize, Vec<Option<f64>>)> = runs
        .par_iter()
        .filter_map(|(plan, replicate)| {
            let watch = |people| {
                observer.month(1, people);
                ControlFlow::Continue(())
            };
            let output = replicate::run(&plans[*plan], *replicate, Workers::One, watch)?;
            Some((*plan, output.values(&plans[*plan]).quantities))
        })
        .collect();
    let share = |pattern: &Pattern, plan: usize| {
        let mut moments = Moments::default();
        for (_, values) in values.iter().filter(|(of, _)| *of == plan) {
            let held = pattern.holds(|quantity| values[needed.binary_search(quantity).ok()?]);
            held.into_iter().for_each(|held| moments.add(f64::from(u8::from(held))));
        }
        moments.mean()
    };
    let answer = |pattern: &Pattern| HeldOut {
        pattern: pattern.id,
        statement: pattern.statement,
        input: pattern.input,
        before: share(pattern, 0),
        after: share(pattern, 1),
    };
    all.iter().map(answer).collect()
}
