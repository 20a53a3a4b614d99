//! Lists what is run for the answers: the base, and the base with a policy, a dose, an image or drawn parameters.

use super::study::Settings;
use crate::engine::calendar::Month;
use crate::engine::random::uniform64;
use crate::experiment::claims::draws::Keyed;
use crate::experiment::claims::{layers, policies};
use crate::experiment::sweep::sobol::Sobol;
use crate::model::levers::LEVERS;
use crate::model::parameters::{ParameterInfo, parameter};
use crate::scenario::claims::Robustness;
use crate::scenario::{Faults, Patch, Scenario, Stack};
use std::fmt::Write;

/// The levers of constant policies and doses: those by which a government of the model gives licence or keeps order.
pub const POLICY_LEVERS: [&str; 8] = [
    "criticism",
    "vigilance",
    "class_war",
    "managerial_authority",
    "penalty",
    "union",
    "stakhanovism",
    "repression",
];

/// A moderate policy, constant throughout; other levers are those of the base.
pub const MODERATE: [(&str, f64); 6] = [
    ("union", 0.6),
    ("managerial_authority", 0.6),
    ("penalty", 0.45),
    ("criticism", 0.3),
    ("vigilance", 0.4),
    ("class_war", 0.3),
];

/// The levels of a dose, as shares of the range of the lever.
pub const LEVELS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// Factors on the lever `growth` in the frontier of growth against unions.
pub const GROWTH: [f64; 3] = [0.5, 1.0, 1.5];

/// Weights of the official image of the enemy in accusations, relative to the base.
pub const IMAGE_WEIGHTS: [f64; 3] = [0.0, 1.0, 2.0];

/// Most replicates of a point of the frontier.
const FRONTIER_REPLICATES: u32 = 5;

/// What the base is changed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// Nothing.
    Base,
    /// No accusations.
    NoAccusations,
    /// The weight of the official image, by position in [`IMAGE_WEIGHTS`].
    Image(usize),
    /// [`MODERATE`].
    Moderate,
    /// A lever at a level throughout, by positions in [`POLICY_LEVERS`] and [`LEVELS`].
    Dose(usize, usize),
    /// The lever `union` at a level and the lever `growth` times a factor, by positions in [`LEVELS`] and [`GROWTH`].
    Frontier(usize, usize),
    /// A random policy that is constant within phases, by number from 1.
    Policy(u32),
    /// A random policy that is constant throughout, by number from 1.
    Constant(u32),
    /// Judged parameters drawn from their prior, by number from 1.
    Prior(u32),
}

impl Case {
    /// Condition and draw, as the labels of a run have them.
    pub fn words(self) -> [String; 2] {
        let (condition, draw) = match self {
            Case::Base => ("base".to_owned(), String::new()),
            Case::NoAccusations => ("no accusations".to_owned(), String::new()),
            Case::Image(weight) => ("image weight".to_owned(), format!("x{}", IMAGE_WEIGHTS[weight])),
            Case::Moderate => ("moderate policy".to_owned(), String::new()),
            Case::Dose(lever, level) => {
                (format!("dose of {}", POLICY_LEVERS[lever]), format!("x{}", LEVELS[level]))
            }
            Case::Frontier(union, growth) => {
                (format!("union x{}", LEVELS[union]), format!("growth x{}", GROWTH[growth]))
            }
            Case::Policy(number) => ("policy by phases".to_owned(), format!("no. {number}")),
            Case::Constant(number) => ("constant policy".to_owned(), format!("no. {number}")),
            Case::Prior(number) => ("prior".to_owned(), format!("no. {number}")),
        };
        [condition, draw]
    }

    /// The replicates that are run. Draws take the replicates of the base in turn, so that they differ in chance as well.
    pub fn replicates(self, settings: &Settings) -> [u32; 2] {
        let all = settings.replicates;
        match self {
            Case::Base | Case::NoAccusations | Case::Image(_) | Case::Moderate => [1, all],
            Case::Dose(..) => [1, all.div_ceil(2).max(2)],
            Case::Frontier(..) => [1, all.min(FRONTIER_REPLICATES)],
            Case::Policy(number) | Case::Constant(number) | Case::Prior(number) => {
                [(number - 1) % all + 1; 2]
            }
        }
    }
}

/// Everything that is run, the base first.
pub fn all(settings: &Settings) -> Vec<Case> {
    let mut cases = vec![Case::Base, Case::NoAccusations, Case::Moderate];
    cases.extend((0..IMAGE_WEIGHTS.len()).map(Case::Image));
    let levers = 0..POLICY_LEVERS.len();
    cases.extend(levers.flat_map(|lever| (0..LEVELS.len()).map(move |level| Case::Dose(lever, level))));
    cases.extend(
        (0..LEVELS.len())
            .flat_map(|union| (0..GROWTH.len()).map(move |growth| Case::Frontier(union, growth))),
    );
    cases.extend((1..=settings.policies).map(Case::Policy));
    cases.extend((1..=settings.constants).map(Case::Constant));
    cases.extend((1..=settings.prior).map(Case::Prior));
    cases
}

/// Resolves cases on a base.
pub struct Resolving {
    /// The base.
    pub base: Scenario,
    stack: Stack,
    robustness: Robustness,
    seed: u64,
}

impl Resolving {
    /// Prepares a base, given as the text of a resolved scenario. `robustness` names the judged parameters with their prior.
    ///
    /// # Errors
    ///
    /// The faults of the base.
    pub fn of(base_toml: &str, robustness: Robustness, seed: u64) -> Result<Resolving, Faults> {
        let stack = Stack::load_text("scenario.toml", base_toml)?;
        let base = stack.resolve(&[], None)?;
        Ok(Resolving { base, stack, robustness, seed })
    }

    /// Resolves a case.
    ///
    /// # Errors
    ///
    /// The faults of its patch.
    pub fn resolve(&self, case: Case) -> Result<Scenario, Faults> {
        let text = self.patch(case);
        let patch = Patch::Text { name: "case", text: &text };
        self.stack.resolve(if text.is_empty() { &[] } else { std::slice::from_ref(&patch) }, None)
    }

    /// The levers in each phase under a random policy: what a regression on levers sees.
    pub fn features(&self, policy: u32) -> Vec<f64> {
        policies::policy(&self.base, self.seed, policy).1
    }

    /// The levels of [`POLICY_LEVERS`] in a constant policy: a point of the Sobol' sequence, whose bits are flipped by a random
    /// word in each dimension.
    pub fn constant(&self, number: u32) -> [f64; POLICY_LEVERS.len()] {
        let shifts = Keyed::new(self.seed, "constant policy", 0);
        let sobol = Sobol::new(POLICY_LEVERS.len());
        std::array::from_fn(|lever| {
            let bits = sobol.coordinate(number, lever) ^ shifts.word(POLICY_LEVERS[lever], 0);
            uniform64(bits) * self.most(POLICY_LEVERS[lever])
        })
    }

    /// The seed of the draws.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The values of the drawn parameters in a scenario.
    pub fn parameters(&self, scenario: &Scenario) -> Vec<f64> {
        let drawn = self.drawn_parameters();
        drawn.iter().map(|info| (info.get)(&scenario.parameters)).collect()
    }

    /// The parameters that are drawn from their prior.
    pub fn drawn_parameters(&self) -> Vec<&'static ParameterInfo> {
        let keys = self.robustness.prior.iter();
        keys.filter_map(|(key, ..)| parameter(key)).collect()
    }

    /// The largest level of a lever: 1, and for repression the largest mean that it has in a phase of the base. At 1 for
    /// thirteen years, arrests would stay at the height of the autumn of 1937.
    fn most(&self, lever: &str) -> f64 {
        policies::most(&self.base, lever)
    }

    fn patch(&self, case: Case) -> String {
        match case {
            Case::Base => String::new(),
            Case::NoAccusations => layers::no_accusations(),
            Case::Image(weight) => {
                let weight = IMAGE_WEIGHTS[weight] * self.base.parameters.image_weight;
                format!("[parameters]\nimage_weight = {weight:?}\n")
            }
            Case::Moderate => MODERATE.iter().map(|(lever, level)| throughout(lever, *level)).collect(),
            Case::Dose(lever, level) => {
                let lever = POLICY_LEVERS[lever];
                throughout(lever, LEVELS[level] * self.most(lever))
            }
            Case::Frontier(union, growth) => {
                throughout("union", LEVELS[union]) + &self.scaled("growth", GROWTH[growth])
            }
            Case::Policy(number) => policies::policy(&self.base, self.seed, number).0,
            Case::Constant(number) => {
                let levels = self.constant(number);
                POLICY_LEVERS.iter().zip(levels).map(|(lever, level)| throughout(lever, level)).collect()
            }
            Case::Prior(number) => layers::prior(&self.base, &self.robustness, self.seed, number),
        }
    }

    /// A lever of the base times a factor, at most 1.
    fn scaled(&self, lever: &str, factor: f64) -> String {
        let tracks = LEVERS.iter().zip(&self.base.tracks);
        let steps = tracks.filter(|(info, _)| info.key == lever).flat_map(|(_, track)| track.steps());
        let steps = steps.map(|(month, value)| (month, (factor * value).min(1.0)));
        written(lever, steps)
    }
}

/// A lever at a level in all months.
fn throughout(lever: &str, level: f64) -> String {
    written(lever, [(Month::FIRST, level)].into_iter())
}

fn written(lever: &str, steps: impl Iterator<Item = (Month, f64)>) -> String {
    let mut text = format!("[levers.{lever}]\nsteps = [");
    for (month, value) in steps {
        let _ = write!(text, "[\"{month}\", {value:?}], ");
    }
    text + "]\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    fn resolving() -> Resolving {
        let base = load("historical", &[]).unwrap();
        let robustness = crate::scenario::claims::load_claims("essay").unwrap().robustness;
        Resolving::of(&base.to_toml(), robustness, 1).unwrap()
    }

    fn level(scenario: &Scenario, lever: &str, month: usize) -> f64 {
        scenario.tracks[LEVERS.iter().position(|info| info.key == lever).unwrap()].values[month]
    }

    #[test]
    fn cases_change_what_they_name() {
        let all = resolving();
        let of = |case| all.resolve(case).unwrap();
        assert_eq!(of(Case::Base).setup(), all.base.setup());
        assert_eq!(of(Case::NoAccusations).parameters.accusation_scale, 0.0);
        assert_eq!(of(Case::Image(2)).parameters.image_weight, 2.0 * all.base.parameters.image_weight);
        assert_eq!(of(Case::Image(1)).setup(), all.base.setup());
        for month in [0, 100, 161] {
            let moderate = of(Case::Moderate);
            assert!(MODERATE.iter().all(|(lever, value)| level(&moderate, lever, month) == *value));
            assert_eq!(level(&of(Case::Dose(5, 3)), "union", month), 0.75);
            let frontier = of(Case::Frontier(4, 2));
            assert_eq!(level(&frontier, "union", month), 1.0);
            let growth = (1.5 * level(&all.base, "growth", month)).min(1.0);
            assert_eq!(level(&frontier, "growth", month), growth);
        }
        // The mean of repression in the terror is its largest in a phase.
        let most = (7.0 * 0.18 + 5.0 + 10.0 * 0.26) / 22.0;
        assert!((level(&of(Case::Dose(7, 4)), "repression", 0) - most).abs() < 1e-12);
    }

    #[test]
    fn constant_policies_are_constant_and_fill_the_ranges() {
        let all = resolving();
        let policies: Vec<_> = (1..=64).map(|number| all.constant(number)).collect();
        for lever in 0..POLICY_LEVERS.len() {
            let most = all.most(POLICY_LEVERS[lever]);
            let upper = policies.iter().filter(|policy| policy[lever] > most / 2.0).count();
            assert!((31..=33).contains(&upper), "{upper}");
        }
        let scenario = all.resolve(Case::Constant(7)).unwrap();
        for (lever, expected) in POLICY_LEVERS.iter().zip(all.constant(7)) {
            assert!([0, 161].iter().all(|month| level(&scenario, lever, *month) == expected), "{lever}");
        }
    }
}
