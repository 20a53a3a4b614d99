//! Describes a run: scenario, seed, replicates, last month and tables.
//!
//! [`Plan`] holds everything that determines the bytes of the tables, and the number of threads, which does not.

use super::tables::{Table, by_default};
use crate::engine::calendar::Month;
use crate::model::levers::Levers;
use crate::model::setup::Setup;
use crate::output::manifest::ScenarioMark;
use crate::output::plan::FuturesMark;
use crate::scenario::Scenario;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Everything that determines a run.
#[derive(Clone)]
pub struct Plan {
    /// The scenario in the rows of the tables: its label, or its name if it has none.
    pub scenario: String,
    /// Name of the scenario.
    pub name: String,
    /// Hash of the resolved scenario.
    pub hash: String,
    /// Input of the model.
    pub setup: Arc<Setup>,
    /// The levers of each month as the scenario sets them. The setup has them smoothed, as people and rules see them.
    pub steps: Arc<Vec<Levers>>,
    /// Names of the phases, in order.
    pub phases: Vec<String>,
    /// For each month of the calendar, the position of its phase in `phases`; never decreases.
    pub phase_of: Vec<usize>,
    /// Seed, shared by all replicates.
    pub seed: u64,
    /// Numbers of the replicates, from 1.
    pub replicates: RangeInclusive<u32>,
    /// Last month that is run.
    pub last: Month,
    /// Tables to write besides the summary, in the order of [`super::tables::TABLES`].
    pub tables: Vec<&'static dyn Table>,
    /// Threads that may be used at once, at least 1.
    pub threads: usize,
    /// Replicates that may run at the same time, at least 1; below `threads` only if memory is short.
    pub side_by_side: usize,
    /// Whether to measure the time of each process of the month.
    pub profile: bool,
    /// Pasts and futures that the replicates stand for, if they do.
    pub futures: Option<Futures>,
}

/// Many futures of several pasts. Replicate (p - 1) F + f is future f of past p: its months before `from` have the draws of
/// replicate p, and the others those of replicate f.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Futures {
    /// First month whose draws are those of the future.
    pub from: Month,
    /// Number of pasts.
    pub pasts: u32,
    /// Number of futures of each past.
    pub futures: u32,
}

impl Futures {
    /// Past and future of a replicate, both from 1.
    pub fn of(self, replicate: u32) -> (u32, u32) {
        ((replicate - 1) / self.futures + 1, (replicate - 1) % self.futures + 1)
    }

    /// As the plan of a result records it.
    pub fn mark(self) -> FuturesMark {
        FuturesMark { fresh_from: self.from.to_string(), pasts: self.pasts, futures: self.futures }
    }

    /// Reads what a plan of a result has recorded.
    pub fn read(mark: &FuturesMark) -> Option<Self> {
        let from = mark.fresh_from.parse().ok()?;
        Some(Futures { from, pasts: mark.pasts, futures: mark.futures })
            .filter(|all| all.pasts > 0 && all.futures > 0)
    }
}

/// The random draws of a replicate, which may stand for a past and a future.
pub fn draws(futures: Option<Futures>, replicate: u32) -> Draws {
    match futures {
        Some(futures) => {
            let (past, future) = futures.of(replicate);
            Draws { replicate: past, future: Some((futures.from, future)) }
        }
        None => Draws { replicate, future: None },
    }
}

/// The random draws of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// Replicate whose draws the run has.
    pub replicate: u32,
    /// From a month on, another replicate whose draws the run has.
    pub future: Option<(Month, u32)>,
}

impl Plan {
    /// Creates the default plan of a scenario: every month, the tables written by default, replicate 1, seed 1, one thread. The caller sets
    /// what should differ.
    pub fn of(scenario: &Scenario) -> Plan {
        let phase_of = |month| scenario.phases.partition_point(|phase| phase.from <= month).saturating_sub(1);
        Plan {
            scenario: scenario.called().to_owned(),
            name: scenario.name.clone(),
            hash: scenario.hash_hex(),
            setup: Arc::new(scenario.setup()),
            steps: Arc::new(scenario.steps()),
            phases: scenario.phases.iter().map(|phase| phase.name.clone()).collect(),
            phase_of: Month::all().map(phase_of).collect(),
            seed: 1,
            replicates: 1..=1,
            last: Month::LAST,
            tables: by_default(),
            threads: 1,
            side_by_side: 1,
            profile: false,
            futures: None,
        }
    }

    /// The same plan for another scenario with the same phases, whose setup is given.
    pub fn of_other(&self, scenario: &Scenario, setup: Setup) -> Plan {
        Plan {
            scenario: scenario.called().to_owned(),
            name: scenario.name.clone(),
            hash: scenario.hash_hex(),
            setup: Arc::new(setup),
            steps: Arc::new(scenario.steps()),
            ..self.clone()
        }
    }

    /// The random draws of a replicate.
    pub fn draws(&self, replicate: u32) -> Draws {
        draws(self.futures, replicate)
    }

    /// Numbers of the past and the future that a replicate stands for; empty if it stands for none.
    pub fn past_and_future(&self, replicate: u32) -> Vec<u32> {
        self.futures.map_or_else(Vec::new, |futures| {
            let (past, future) = futures.of(replicate);
            vec![past, future]
        })
    }

    /// Number of replicates.
    pub fn replicate_count(&self) -> u32 {
        if self.replicates.is_empty() { 0 } else { self.replicates.end() - self.replicates.start() + 1 }
    }

    /// Name, label and hash of the scenario.
    pub fn mark(&self) -> ScenarioMark {
        let label = (self.scenario != self.name).then(|| self.scenario.clone());
        ScenarioMark { name: self.name.clone(), label, hash: self.hash.clone() }
    }

    /// The months that are run, in order.
    pub fn months(&self) -> impl Iterator<Item = Month> + use<> {
        (Month::FIRST.0..=self.last.0).map(Month)
    }

    /// Names of the phases that are reached, in order.
    pub fn phases_reached(&self) -> &[String] {
        &self.phases[..=self.phase_of[self.last.index()]]
    }

    /// First month of a phase, by its position in `phases`.
    pub fn phase_from(&self, phase: usize) -> Month {
        let first = self.phase_of.partition_point(|&of_month| of_month < phase);
        u16::try_from(first).map_or(Month::LAST, Month)
    }

    /// Returns whether `month` is the last month of its phase that is run.
    pub fn ends_phase(&self, month: Month) -> bool {
        month == self.last || self.phase_of[month.index() + 1] != self.phase_of[month.index()]
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::experiment::tables::TABLES;
    use crate::model::mechanisms::Mechanisms;
    use crate::model::parameters::Parameters;
    use crate::model::setup::{Events, PolicyMode, Population};

    /// A small plan with all tables but the lives, which take longer than all others: 1,000 people, two phases that meet in 1933, replicates 1 to `replicates`.
    pub(crate) fn small(replicates: u32, threads: usize) -> Plan {
        let steps = vec![Levers { growth: 0.5, ..Levers::default() }; Month::COUNT];
        let setup = Setup {
            population: Population::of_size(1_000),
            parameters: Parameters::default(),
            mechanisms: Mechanisms::default(),
            policy: PolicyMode::Schedule(steps.clone()),
            events: Events::none(),
        };
        Plan {
            scenario: "small".into(),
            name: "small".into(),
            hash: "0123456789abcdef".into(),
            setup: Arc::new(setup),
            steps: Arc::new(steps),
            phases: vec!["early".into(), "late".into()],
            phase_of: Month::all().map(|month| usize::from(month.year() >= 1933)).collect(),
            seed: 1,
            replicates: 1..=replicates,
            last: Month(71),
            tables: TABLES.iter().copied().filter(|table| table.layout().name != "lives").collect(),
            threads,
            side_by_side: threads,
            profile: false,
            futures: None,
        }
    }

    #[test]
    fn phases_end_where_they_should() {
        let mut plan = small(3, 1);
        assert_eq!(plan.replicate_count(), 3);
        assert_eq!(plan.months().count(), 72);
        let ends = |plan: &Plan| plan.months().filter(|month| plan.ends_phase(*month)).collect::<Vec<_>>();
        assert_eq!(ends(&plan), [Month(59), Month(71)]);
        assert_eq!(plan.phases_reached(), ["early", "late"]);
        assert_eq!([0, 1].map(|phase| plan.phase_from(phase)), [Month(0), Month(60)]);
        plan.last = Month(59);
        assert_eq!(ends(&plan), [Month(59)]);
        assert_eq!(plan.phases_reached(), ["early"]);
    }
}
