//! Lists what the tests of a file are run on: arms under conditions and draws.

use super::compile::{Arm, Compilation};
use super::evidence::Condition;
use super::{ladder, layers, policies};
use crate::scenario::claims::{Claim, Claims, OwnScenario, Robustness};
use crate::scenario::{Faults, Patch, Scenario, Stack, quoted};
use serde::{Deserialize, Serialize};

/// How much is run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Extent {
    /// Replicates of the base and of each scenario.
    pub replicates: u32,
    /// Replicates of nulls, mechanisms and rungs.
    pub null_replicates: u32,
    /// Permutations of the judged levers.
    pub permutations: u32,
    /// Draws of shifted levers and turns.
    pub jitter: u32,
    /// Draws of judged parameters.
    pub prior: u32,
    /// Random policies.
    pub policies: u32,
    /// Family-wise level of the verdicts.
    pub level: f64,
}

impl Extent {
    /// The extent for a number of replicates of the base. Nulls, mechanisms and rungs have a fifth of them and at least
    /// [`LEAST`], but never more than the base.
    pub fn of(replicates: u32) -> Extent {
        Extent {
            replicates,
            null_replicates: (replicates / 5).max(LEAST).min(replicates),
            permutations: 20,
            jitter: 100,
            prior: 300,
            policies: 200,
            level: 0.95,
        }
    }
}

/// Replicates of nulls, mechanisms and rungs below which a fifth of those of the base would fall.
const LEAST: u32 = 5;

impl Extent {
    /// Number of draws of a condition that has draws; 0 if the file gives it nothing to vary.
    pub fn draws(&self, condition: &Condition, robustness: &Robustness) -> u32 {
        let moves = robustness.shift > 0.0 || robustness.turn_months > 0;
        let (draws, varies) = match condition {
            Condition::Null(1) => (self.permutations, layers::permutes(robustness)),
            Condition::Null(4) => (self.policies, true),
            Condition::Jitter => (self.jitter, moves && !robustness.judged_levers.is_empty()),
            Condition::Prior => (self.prior, !robustness.prior.is_empty()),
            _ => (0, false),
        };
        if varies { draws } else { 0 }
    }
}

/// A condition with one of its draws.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case {
    /// The condition.
    pub condition: Condition,
    /// Number of the permutation, draw or policy, from 1; 0 for conditions without draws.
    pub draw: u32,
}

impl Case {
    /// A case without draws.
    pub fn of(condition: Condition) -> Case {
        Case { condition, draw: 0 }
    }
}

/// A case on an arm, with the replicates that are run.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The case.
    pub case: Case,
    /// Position of the arm.
    pub arm: usize,
    /// Numbers of the first and the last replicate.
    pub replicates: [u32; 2],
}

/// Mechanisms to which claims with tests are attributed, joined by `+`, each once, in the order of the file.
fn attributed(claims: &Claims) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let tested = |claim: &&Claim| !claim.mechanisms.is_empty() && !claim.tests.is_empty();
    for claim in claims.claims.iter().filter(tested) {
        let joined = claim.mechanisms.join("+");
        if !all.contains(&joined) {
            all.push(joined);
        }
    }
    all
}

/// Everything that is run, in the order of the tables.
pub fn planned(claims: &Claims, compilation: &Compilation, extent: &Extent) -> Vec<Planned> {
    let every: Vec<usize> = (0..compilation.arms.len()).collect();
    let mut planned = Vec::new();
    let mut add = |condition: Condition, draw: u32, arms: &[usize], replicates: [u32; 2]| {
        planned.extend(arms.iter().map(|&arm| Planned {
            case: Case { condition: condition.clone(), draw },
            arm,
            replicates,
        }));
    };
    let few = [1, extent.null_replicates];
    add(Condition::Base, 0, &every, [1, extent.replicates]);
    if compilation.tests.iter().flatten().all(Result::is_err) {
        return planned;
    }
    add(Condition::Null(0), 0, &every, few);
    let drawn = |condition: &Condition| {
        (1..=extent.draws(condition, &claims.robustness)).map(|draw| (draw, [replicate_of(draw, extent); 2]))
    };
    for (draw, replicate) in drawn(&Condition::Null(1)) {
        add(Condition::Null(1), draw, &every, replicate);
    }
    for (draw, replicate) in drawn(&Condition::Null(4)) {
        add(Condition::Null(4), draw, &[0], replicate);
    }
    add(Condition::Null(5), 0, &every, few);
    for mechanisms in attributed(claims) {
        let arms = compilation.arms_of(|claim| claims.claims[claim].mechanisms.join("+") == mechanisms);
        add(Condition::Without(mechanisms), 0, &arms, few);
    }
    // The last rung is the base.
    for rung in 0..ladder::HIGHEST {
        add(Condition::Rung(rung), 0, &every, few);
    }
    for condition in [Condition::Jitter, Condition::Prior] {
        for (draw, replicate) in drawn(&condition) {
            add(condition.clone(), draw, &every, replicate);
        }
    }
    planned
}

/// The replicate whose random numbers a draw uses: draws differ in chance as well.
pub fn replicate_of(draw: u32, extent: &Extent) -> u32 {
    (draw - 1) % extent.replicates + 1
}

/// Resolves arms under conditions.
pub struct Resolving {
    /// The base.
    pub base: Scenario,
    stack: Stack,
    own: Vec<OwnScenario>,
    robustness: Robustness,
    seed: u64,
}

impl Resolving {
    /// Prepares the base, given as the text of a resolved scenario, and the scenarios of a file.
    ///
    /// # Errors
    ///
    /// The faults of the base.
    pub fn of(base_toml: &str, claims: &Claims, seed: u64) -> Result<Resolving, Faults> {
        let stack = Stack::load_text("scenario.toml", base_toml)?;
        let base = stack.resolve(&[], None)?;
        let (own, robustness) = (claims.scenarios.clone(), claims.robustness.clone());
        Ok(Resolving { base, stack, own, robustness, seed })
    }

    /// The seed of the draws.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The features of a random policy.
    pub fn policy_features(&self, number: u32) -> Vec<f64> {
        policies::policy(&self.base, self.seed, number).1
    }

    /// Resolves an arm in a case.
    ///
    /// # Errors
    ///
    /// The faults of its patches.
    pub fn resolve(&self, case: &Case, arm: &Arm) -> Result<Scenario, Faults> {
        self.under(case)?.resolve(arm)
    }

    /// Prepares a case, in which any number of arms can be resolved.
    ///
    /// # Errors
    ///
    /// The faults of the patch under those of the arms.
    pub fn under(&self, case: &Case) -> Result<Under<'_>, Faults> {
        let (before, above) = self.layers(case);
        let stack = match before.as_str() {
            "" => None,
            text => Some(self.stack.with(Patch::Text { name: CONDITION, text })?),
        };
        Ok(Under { resolving: self, stack, above })
    }

    fn patch<'a>(&'a self, name: &'a str) -> Patch<'a> {
        match self.own.iter().find(|own| own.name == name) {
            Some(own) => Patch::Text { name: &own.name, text: &own.patch },
            None => Patch::Shipped(name),
        }
    }

    /// The layers of a case: under the patch of the arm and above it. Shifted, permuted and drawn values are what a patch
    /// acts on; what is switched off stays off whatever a patch says.
    fn layers(&self, case: &Case) -> (String, String) {
        let none = String::new;
        let (base, robustness, seed, draw) = (&self.base, &self.robustness, self.seed, case.draw);
        match &case.condition {
            Condition::Base => (none(), none()),
            Condition::Null(0) => (none(), layers::no_accusations()),
            Condition::Null(1) => (layers::permuted(base, robustness, seed, draw), none()),
            Condition::Null(4) => (policies::policy(base, seed, draw).0, none()),
            Condition::Null(_) => (none(), layers::no_image()),
            Condition::Without(keys) => {
                let keys: Vec<String> = keys.split('+').map(str::to_owned).collect();
                (none(), layers::without(&keys))
            }
            Condition::Rung(rung) => (none(), ladder::rung(*rung)),
            Condition::Jitter => (layers::jitter(base, robustness, seed, draw), none()),
            Condition::Prior => (layers::prior(base, robustness, seed, draw), none()),
        }
    }
}

/// A case in which arms can be resolved.
pub struct Under<'r> {
    resolving: &'r Resolving,
    /// The base with the patch of the condition under those of the arms; `None` for the base as it is.
    stack: Option<Stack>,
    /// The patch of the condition above those of the arms.
    above: String,
}

impl Under<'_> {
    /// Resolves an arm.
    ///
    /// # Errors
    ///
    /// The faults of its patches.
    pub fn resolve(&self, arm: &Arm) -> Result<Scenario, Faults> {
        let own = arm_text(arm);
        let mut patches = Vec::new();
        patches.extend(arm.scenario().map(|name| self.resolving.patch(name)));
        patches.extend((!own.is_empty()).then_some(Patch::Text { name: "arm", text: &own }));
        patches
            .extend((!self.above.is_empty()).then_some(Patch::Text { name: CONDITION, text: &self.above }));
        self.stack.as_ref().unwrap_or(&self.resolving.stack).resolve(&patches, None)
    }
}

/// Name of the patches of conditions in messages.
const CONDITION: &str = "condition";

/// The patch of an arm beside its scenario.
fn arm_text(arm: &Arm) -> String {
    match arm {
        Arm::Base | Arm::Scenario(_) => String::new(),
        Arm::WithoutEvent(event) => {
            format!("[[event]]\nname = {}\nremove = true\n", quoted(event))
        }
        Arm::Dose(_, key, value) => format!("{key} = {value}\n"),
    }
}
