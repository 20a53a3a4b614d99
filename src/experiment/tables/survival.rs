//! Fills `survival.csv`: how long entrants to the elite stay in it, by the phase in which they entered.
//!
//! The table holds the life table of each cohort and its product-limit estimate (Kaplan and Meier). The age at exit is the
//! month of exit minus the month of entry plus a half. Spells that last to the end of the run are censored there. Spells
//! that began before the start, whose month of entry is unknown, form a cohort of their own; its time counts from January
//! 1928.

use super::{Extent, MONTH, MonthView, Recorder, RowWriter, Table, count, label_columns, text};
use crate::engine::calendar::Month;
use crate::model::simulation::Simulation;
use crate::model::state::standing::{ELITE, REGIONAL};
use crate::model::state::traits::ENTERED_BEFORE;
use crate::model::state::unit::{Cause, Unit};
use crate::output::table::{Cell, Column, Kind, Layout};

/// The table.
pub struct Survival;

/// Arrest, demotion, natural.
const CAUSES: usize = 3;

/// The cohort of those who were in the elite at the start of January 1928.
pub const START: &str = crate::scenario::COHORT_OF_THE_START;

impl Table for Survival {
    fn layout(&self) -> Layout {
        let own = [
            text(
                "cohort",
                "phase in which the spell in the elite began; `start` for those in the elite at the start of January 1928, whose entry is unknown",
            ),
            Column {
                name: "cohort_from",
                definition: "first month of that phase; of the cohort `start` January 1928",
                ..MONTH
            },
            count("months", "months", "whole months since entry, or since the start of January 1928"),
            count(
                "at_risk",
                "people",
                "spells that lasted longer than this number of months and are still observed",
            ),
            count(
                "exit_arrest",
                "people",
                "spells that ended by arrest in the month that follows (age months to months + 1)",
            ),
            count(
                "exit_demotion",
                "people",
                "spells that ended in it by demotion; from regional official to middle rank another spell begins",
            ),
            count("exit_natural", "people", "spells that ended in it by death, retirement or departure"),
            count(
                "censored",
                "people",
                "spells that go on at the end of the run, which comes at the end of that month",
            ),
            Column {
                name: "survival",
                kind: Kind::Real,
                unit: "share",
                definition: "Kaplan-Meier estimate of the share still in the elite after this number of months (the exits of the row come later); 1 at 0 months",
            },
        ];
        Layout {
            name: "survival",
            row: "one row per replicate, cohort and months since entry, up to one row past the longest spell, the cohort of the start first; no row for a cohort without spells",
            columns: label_columns().into_iter().chain(own).collect(),
        }
    }

    fn rows(&self, extent: Extent) -> u64 {
        // On average a cohort is observed for half the run; three quarters are on the safe side. That of the start is
        // observed for all of it.
        extent.phases * (extent.months * 3 / 4 + 2) + extent.months + 1
    }

    fn recorder(&self) -> Box<dyn Recorder> {
        Box::new(Cohorts::default())
    }
}

/// The beginning or the end of a spell in the elite.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Turn {
    /// A spell begins in the month.
    Begins,
    /// A spell ends in the month.
    Ends {
        /// The month in which it began; [`ENTERED_BEFORE`] if it began before January 1928.
        entered: i16,
        /// Why it ends.
        cause: Cause,
    },
}

/// Calls `take` for each spell in the elite that ends or begins in the month of a unit.
pub(crate) fn each_turn(unit: &Unit, mut take: impl FnMut(Turn)) {
    for loss in unit.now.losses.iter().filter(|loss| loss.rank >= ELITE) {
        take(Turn::Ends { entered: loss.entered, cause: loss.cause });
        // A regional official is demoted to the middle rank, which begins another spell.
        if !matches!(loss.cause, Cause::Arrest | Cause::Natural) && loss.rank == REGIONAL {
            take(Turn::Begins);
        }
    }
    let risen = unit.now.promotions.iter().filter(|one| one.new_spell && one.rank >= ELITE);
    risen.for_each(|_| take(Turn::Begins));
}

/// The spells of all cohorts.
#[derive(Debug, Default)]
struct Cohorts {
    /// Names of the phases, in order.
    names: Vec<String>,
    /// For each month, its phase and the number of spells that began in it and have not ended.
    entered: Vec<(usize, u64)>,
    /// Exits by phase of entry, age in whole months and cause.
    exits: Vec<Vec<[u64; CAUSES]>>,
    /// Spells of the start that have not ended.
    of_start: u64,
    /// Their exits, by month and cause.
    exits_of_start: Vec<[u64; CAUSES]>,
}

/// One line of a life table.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Age {
    at_risk: u64,
    exits: [u64; CAUSES],
    censored: u64,
    survival: f64,
}

impl Cohorts {
    fn begin_month(&mut self, phase: &str) {
        if self.names.last().is_none_or(|name| name != phase) {
            self.names.push(phase.to_owned());
            self.exits.push(Vec::new());
        }
        self.entered.push((self.names.len() - 1, 0));
    }

    fn exit(&mut self, entered: i16, cause: usize) {
        let now = self.entered.len() - 1;
        if entered == ENTERED_BEFORE {
            self.of_start -= 1;
            self.exits_of_start.resize(now + 1, [0; CAUSES]);
            self.exits_of_start[now][cause] += 1;
        }
        let Ok(month) = usize::try_from(entered) else { return };
        let (phase, spells) = &mut self.entered[month];
        *spells -= 1;
        let (ages, age) = (&mut self.exits[*phase], now - month);
        ages.resize(ages.len().max(age + 1), [0; CAUSES]);
        ages[age][cause] += 1;
    }

    fn add(&mut self, unit: &Unit) {
        each_turn(unit, |turn| match turn {
            Turn::Begins => self.enter(),
            Turn::Ends { entered, cause } => {
                let cause = match cause {
                    Cause::Arrest => 0,
                    Cause::Sanction | Cause::Purge | Cause::Election => 1,
                    Cause::Natural => 2,
                };
                self.exit(entered, cause);
            }
        });
    }

    fn enter(&mut self) {
        if let Some((_, spells)) = self.entered.last_mut() {
            *spells += 1;
        }
    }

    /// First month of a phase.
    fn first_month(&self, phase: usize) -> Month {
        u16::try_from(self.entered.partition_point(|&(of, _)| of < phase)).map_or(Month::LAST, Month)
    }

    /// The life table of the cohort of the start.
    fn ages_of_start(&self) -> Vec<Age> {
        let mut censored = Vec::new();
        if self.of_start > 0 {
            censored.resize(self.entered.len(), 0);
            *censored.last_mut().expect("a run has a month") = self.of_start;
        }
        life_table(self.exits_of_start.clone(), censored)
    }

    /// The life table of the cohort of a phase.
    fn ages(&self, phase: usize) -> Vec<Age> {
        let months = self.entered.len();
        let mut censored = Vec::new();
        for (month, &(of, spells)) in self.entered.iter().enumerate() {
            if of == phase && spells > 0 {
                let age = months - 1 - month;
                censored.resize(censored.len().max(age + 1), 0);
                censored[age] += spells;
            }
        }
        life_table(self.exits[phase].clone(), censored)
    }
}

/// The life table of spells that end by `exits` or are `censored`, both by age in whole months.
fn life_table(mut exits: Vec<[u64; CAUSES]>, mut censored: Vec<u64>) -> Vec<Age> {
    let ages = exits.len().max(censored.len());
    exits.resize(ages, [0; CAUSES]);
    censored.resize(ages, 0);
    let mut at_risk = exits.as_flattened().iter().chain(&censored).sum::<u64>();
    let (mut survival, mut table) = (1.0, Vec::with_capacity(ages + 1));
    for (exits, censored) in exits.into_iter().zip(censored) {
        table.push(Age { at_risk, exits, censored, survival });
        let gone: u64 = exits.iter().sum();
        survival *= (at_risk - gone) as f64 / at_risk as f64;
        at_risk -= gone + censored;
    }
    if ages > 0 {
        table.push(Age { at_risk, exits: [0; CAUSES], censored: 0, survival });
    }
    table
}

/// Writes the life table of a cohort.
fn write(writer: &mut RowWriter, cohort: &str, from: Month, ages: Vec<Age>) {
    let from = from.to_string();
    for (months, age) in (0..).zip(ages) {
        let [arrest, demotion, natural] = age.exits;
        let counts = [months, age.at_risk, arrest, demotion, natural, age.censored];
        let cells = [Cell::Text(cohort), Cell::Text(&from)].into_iter().chain(counts.map(Cell::Integer));
        writer.row(cells.chain([Cell::Real(age.survival)]));
    }
}

impl Recorder for Cohorts {
    fn begin(&mut self, start: &Simulation, _writer: &mut RowWriter) {
        start.for_each_standing(|standing| self.of_start += u64::from(standing.elite()));
    }

    fn month(&mut self, view: &MonthView<'_>, _writer: &mut RowWriter) {
        let Month(number) = view.month;
        debug_assert_eq!(usize::from(number), self.entered.len(), "months arrive in order from the first");
        self.begin_month(view.phase);
        view.society.units().for_each(|unit| self.add(unit));
    }

    fn finish(&mut self, writer: &mut RowWriter) {
        write(writer, START, Month::FIRST, self.ages_of_start());
        for (phase, name) in self.names.iter().enumerate() {
            write(writer, name, self.first_month(phase), self.ages(phase));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_table_by_hand() {
        let mut cohorts = Cohorts { of_start: 3, ..Cohorts::default() };
        // Four enter in month 0 and one in month 1, in the early phase; one in month 2, in the late one.
        for (phase, entries) in [("early", 4), ("early", 1), ("late", 1), ("late", 0)] {
            cohorts.begin_month(phase);
            (0..entries).for_each(|_| cohorts.enter());
            match cohorts.entered.len() {
                2 => cohorts.exit(0, 2),
                4 => {
                    cohorts.exit(0, 0);
                    cohorts.exit(1, 1);
                    cohorts.exit(-1, 0);
                }
                _ => {}
            }
        }
        assert_eq!([0, 1].map(|phase| cohorts.first_month(phase)), [Month(0), Month(2)]);
        let age = |at_risk, exits, censored, survival| Age { at_risk, exits, censored, survival };
        // Exits at ages 1, 3 and 2; the two of month 0 who remain are observed for four months.
        assert_eq!(
            cohorts.ages(0),
            [
                age(5, [0, 0, 0], 0, 1.0),
                age(5, [0, 0, 1], 0, 1.0),
                age(4, [0, 1, 0], 0, 0.8),
                age(3, [1, 0, 0], 2, 0.8 * 0.75),
                age(0, [0, 0, 0], 0, 0.8 * 0.75 * (2.0 / 3.0)),
            ]
        );
        // One of the three of the start leaves in the fourth month; the others are observed to its end.
        assert_eq!(
            cohorts.ages_of_start(),
            [
                age(3, [0; 3], 0, 1.0),
                age(3, [0; 3], 0, 1.0),
                age(3, [0; 3], 0, 1.0),
                age(3, [1, 0, 0], 2, 1.0),
                age(0, [0; 3], 0, 2.0 / 3.0),
            ]
        );
        assert_eq!(cohorts.ages(1), [age(1, [0; 3], 0, 1.0), age(1, [0; 3], 1, 1.0), age(0, [0; 3], 0, 1.0)]);
    }
}
