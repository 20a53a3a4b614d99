//! Fits parameters to the patterns K1 to K7 of docs/model.md, and to nothing else.
//!
//! [`fit`] searches the parameters whose losses over a few replicates are least. Every candidate is run with the same seed and
//! the same replicates, so the loss is a function of the parameters without noise of its own. What the search has made of the
//! chance of these replicates shows in others, which are run afterwards, and so are the patterns that were held out.

mod held_out;
mod loss;
mod parameters;
mod patch;
mod search;
mod targets;

pub use held_out::HeldOut;
pub use loss::{FigureLoss, PatternLoss, total};
pub use parameters::{ParameterError, chosen};
pub use patch::patch;

use crate::engine::calendar::Month;
use crate::experiment::study::execute::Observer;
use crate::model::parameters::ParameterInfo;
use crate::model::record::MonthRecord;
use crate::model::setup::Setup;
use crate::model::simulation::Simulation;
use crate::scenario::{Faults, Size, Stack};
use held_out::held_out;
use loss::{Amounts, amounts, losses};
use parameters::Searched;
use rayon::prelude::*;
use search::{Start, minimise};
use serde::Serialize;
use std::ops::RangeInclusive;
use std::sync::Arc;
use targets::{Target, targets};

/// What is searched, and how.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The parameters, by [`chosen`].
    pub parameters: Vec<&'static ParameterInfo>,
    /// Evaluations of the loss, from 1; that of the base is the first.
    pub evaluations: u32,
    /// Replicates of each, from 1.
    pub replicates: u32,
    /// Seed of the runs and of the search.
    pub seed: u64,
    /// Population in place of that of the scenario.
    pub population: Option<Size>,
}

/// A parameter before and after the fit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FittedParameter {
    /// Its key.
    pub key: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// The range that was searched.
    pub range: (f64, f64),
    /// The value of the base.
    pub before: f64,
    /// The fitted value.
    pub after: f64,
}

/// The losses of the base and of the fitted scenario over some replicates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Losses {
    /// First and last replicate.
    pub replicates: (u32, u32),
    /// The losses of the base, by pattern.
    pub before: Vec<PatternLoss>,
    /// Those of the fitted scenario.
    pub after: Vec<PatternLoss>,
}

/// The result of a fit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fit {
    /// Name of the base.
    pub scenario: String,
    /// Its hash, in this population.
    pub hash: String,
    /// Seed.
    pub seed: u64,
    /// Replicates of each evaluation.
    pub replicates: u32,
    /// People in January 1928.
    pub people: u64,
    /// The parameters.
    pub parameters: Vec<FittedParameter>,
    /// Evaluations made and the least loss so far, after the base and after each generation of the search.
    pub trace: Vec<(u32, f64)>,
    /// The losses over the replicates of the search.
    pub fitted: Losses,
    /// The losses over as many other replicates.
    pub fresh: Losses,
    /// The patterns held out, over those other replicates.
    pub held_out: Vec<HeldOut>,
}

/// Fits a scenario. Runs are shared among the threads of the surrounding rayon pool and added up in one order.
///
/// # Errors
///
/// The faults of the scenario in this population.
pub fn fit(stack: &Stack, asked: &Asked, observer: &dyn Observer) -> Result<Fit, Faults> {
    let base = stack.resolve_altered(&[], &[], asked.population, None)?;
    let setup = base.setup();
    let searched: Vec<Searched> =
        asked.parameters.iter().map(|info| Searched::new(info, &setup.parameters)).collect();
    let objective = Objective { targets: targets(), seed: asked.seed, observer };
    // The search, the fitted values once more, and base and fitted values on other replicates, twice.
    let runs = (u64::from(asked.evaluations) + 5) * u64::from(asked.replicates);
    let months = runs * Month::COUNT as u64;
    observer.expect(months, months);

    let used = 1..=asked.replicates;
    let start: Vec<f64> = searched.iter().map(|searched| searched.start).collect();
    let before = Arc::new(setup.clone());
    let of_base = objective.one(&before, &used);
    let make = |values: &[f64]| Arc::new(with(&setup, &searched, values));
    let (values, trace) = search(&objective, asked, &searched, total(&of_base), &make);
    let after = make(values.as_ref().unwrap_or(&start));
    let of_fitted = objective.one(&after, &used);
    let other = asked.replicates + 1..=2 * asked.replicates;
    let losses = |replicates: &RangeInclusive<u32>, before, after| Losses {
        replicates: (*replicates.start(), *replicates.end()),
        before,
        after,
    };
    let fresh = losses(&other, objective.one(&before, &other), objective.one(&after, &other));
    let parameters = searched.iter().zip(values.as_ref().unwrap_or(&start));
    Ok(Fit {
        scenario: base.name.clone(),
        hash: base.hash_hex(),
        seed: asked.seed,
        replicates: asked.replicates,
        people: base.population.size,
        parameters: parameters.map(|(searched, after)| searched.fitted(*after)).collect(),
        trace,
        fitted: losses(&used, of_base, of_fitted),
        fresh,
        held_out: held_out(&base, [before, after], asked.seed, other, observer),
    })
}

/// The values with the least loss, unless those of the base have it, and the course of the search.
fn search(
    objective: &Objective<'_>,
    asked: &Asked,
    searched: &[Searched],
    loss_of_base: f64,
    make: &(impl Fn(&[f64]) -> Arc<Setup> + Sync),
) -> (Option<Vec<f64>>, Vec<(u32, f64)>) {
    let names: Vec<&str> = searched.iter().map(|searched| searched.info.key).collect();
    let point: Vec<f64> = searched.iter().map(Searched::place).collect();
    let start = Start {
        names: &names,
        point: &point,
        value: loss_of_base,
        seed: asked.seed,
        evaluations: asked.evaluations,
    };
    let values_at = |point: &[f64]| -> Vec<f64> {
        searched.iter().zip(point).map(|(searched, place)| searched.at(*place)).collect()
    };
    let used = 1..=asked.replicates;
    let found = minimise(start, |points| {
        let setups: Vec<Arc<Setup>> = points.iter().map(|point| make(&values_at(point))).collect();
        objective.of(&setups, &used).iter().map(|losses| total(losses)).collect()
    });
    // The base is run with its own values, which need not be rounded.
    ((found.value < loss_of_base).then(|| values_at(&found.point)), found.trace)
}

/// The setup with other values of the searched parameters.
fn with(setup: &Setup, searched: &[Searched], values: &[f64]) -> Setup {
    let mut setup = setup.clone();
    for (searched, value) in searched.iter().zip(values) {
        (searched.info.set)(&mut setup.parameters, *value);
    }
    setup
}

/// What is minimised, over any setups.
struct Objective<'a> {
    targets: Vec<Target>,
    seed: u64,
    observer: &'a dyn Observer,
}

impl Objective<'_> {
    /// The losses of each setup over the replicates.
    fn of(&self, setups: &[Arc<Setup>], replicates: &RangeInclusive<u32>) -> Vec<Vec<PatternLoss>> {
        let of_setup = |setup| replicates.clone().map(move |replicate| (setup, replicate));
        let runs: Vec<(&Arc<Setup>, u32)> = setups.iter().flat_map(of_setup).collect();
        let amounts: Vec<Amounts> =
            runs.par_iter().map(|(setup, replicate)| self.run(setup, *replicate)).collect();
        amounts.chunks(replicates.clone().count()).map(|runs| losses(&self.targets, runs)).collect()
    }

    /// The losses of one setup.
    fn one(&self, setup: &Arc<Setup>, replicates: &RangeInclusive<u32>) -> Vec<PatternLoss> {
        self.of(std::slice::from_ref(setup), replicates).swap_remove(0)
    }

    fn run(&self, setup: &Arc<Setup>, replicate: u32) -> Amounts {
        let mut simulation = Simulation::start(Arc::clone(setup), self.seed, replicate);
        let mut months: Vec<MonthRecord> = Vec::with_capacity(Month::COUNT);
        loop {
            let people = simulation.people();
            let Some(record) = simulation.month() else { return amounts(&self.targets, &months) };
            months.push(record);
            self.observer.month(1, people);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::study::execute::Unobserved;
    use crate::model::parameters::parameter;

    fn asked(keys: &[&'static str], evaluations: u32) -> Asked {
        Asked {
            parameters: keys.iter().map(|key| parameter(key).unwrap()).collect(),
            evaluations,
            replicates: 2,
            seed: 1,
            population: Some(Size::People(800)),
        }
    }

    /// Quitting is set to half of what it is; the search finds its way back towards K1.
    #[test]
    fn a_parameter_far_off_is_found_again() {
        let off = "name = \"off\"\nextends = \"historical\"\n[parameters]\nquit_base = 0.025\n";
        let stack = Stack::load_text("off.toml", off).unwrap();
        let found = fit(&stack, &asked(&["quit_base"], 30), &Unobserved).unwrap();
        let quits = &found.parameters[0];
        assert_eq!((quits.key, quits.before, quits.range), ("quit_base", 0.025, (0.025, 0.06)));
        assert!((0.04..0.06).contains(&quits.after), "{quits:?}");
        for losses in [&found.fitted, &found.fresh] {
            assert!(total(&losses.after) < 0.5 * total(&losses.before), "{losses:?}");
            let of = |all: &[PatternLoss]| all.iter().map(|pattern| pattern.pattern).collect::<Vec<_>>();
            assert_eq!(of(&losses.after), ["K1", "K1b", "K2", "K2b", "K4", "K5", "K6", "K7"]);
        }
        assert_eq!((found.fitted.replicates, found.fresh.replicates), ((1, 2), (3, 4)));
        assert_eq!(found.trace.last().unwrap(), &(30, total(&found.fitted.after)));
        assert_eq!(found.held_out.len(), 21);
        // Shares of two replicates.
        let shares = found.held_out.iter().flat_map(|pattern| [pattern.before, pattern.after]).flatten();
        assert!(shares.clone().all(|share| [0.0, 0.5, 1.0].contains(&share)) && shares.count() > 20);

        // The file of the fit gives the losses of the fit.
        let text = patch(&found, "historical", "kadry fit");
        let again = Stack::load_text("again.toml", &text).unwrap();
        let again = fit(&again, &asked(&["quit_base"], 1), &Unobserved).unwrap();
        assert_eq!(again.fitted.before, found.fitted.after);
        assert_eq!(again.held_out[0].before, found.held_out[0].after);
    }

    #[test]
    fn a_single_evaluation_changes_nothing() {
        let stack = Stack::load("historical").unwrap();
        let found = fit(&stack, &asked(&["quit_base", "authority_speed"], 1), &Unobserved).unwrap();
        assert!(found.parameters.iter().all(|parameter| parameter.before == parameter.after));
        assert_eq!(found.fitted.before, found.fitted.after);
        assert_eq!(found.trace.len(), 1);
        assert!(found.held_out.iter().all(|pattern| pattern.before == pattern.after));
    }
}
