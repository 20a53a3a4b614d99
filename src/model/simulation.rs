//! Runs a society by the readable month or by the fast one, with the same results.

use std::sync::Arc;

use super::bounds::{self, TooLarge};
use super::country::Country;
pub use super::fast::profile::{Clock, PROCESSES, Profile};
use super::fast::society::{Options, Society as FastSociety};
use super::fast::unit::Unit as FastUnit;
use super::leadership::Leadership;
use super::levers::Levers;
use super::record::MonthRecord;
use super::setup::{PolicyMode, Setup};
use super::society::{Agent, Society};
use super::state::person::Person;
use super::state::region::{Centre, Region};
use super::state::school::Cohort;
use super::state::standing::{ORIGINS, Standing};
use super::state::unit::Unit;
use crate::engine::calendar::Month;
use crate::engine::parallel::Workers;

/// A society in the course of a simulation.
///
/// ```
/// use kadry::Simulation;
///
/// let scenario = kadry::scenario::load("historical", &["population.size=2000".to_owned()]).expect("it ships");
/// let mut simulation = Simulation::start(scenario.setup().into(), 1, 1);
/// while let Some(record) = simulation.month() {
///     println!("{}: {} accusations", record.month, record.acts);
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Simulation {
    society: Implementation,
}

#[derive(Debug, Clone)]
enum Implementation {
    Readable(Box<Society>),
    Fast(Box<FastSociety>),
}

impl Simulation {
    /// Creates the society of January 1928, to be simulated on the calling thread.
    ///
    /// Results depend only on setup, seed and replicate.
    ///
    /// # Panics
    ///
    /// If [`Setup::check`] finds a fault, as it never does in the setup of a checked scenario.
    pub fn start(setup: Arc<Setup>, seed: u64, replicate: u32) -> Simulation {
        Simulation::with_workers(setup, seed, replicate, Workers::One)
    }

    /// Like [`Simulation::start`], with the work of each month shared among these workers; results are the same.
    ///
    /// # Panics
    ///
    /// As [`Simulation::start`].
    pub fn with_workers(setup: Arc<Setup>, seed: u64, replicate: u32, workers: Workers) -> Simulation {
        assert_sound(&setup);
        let options = Options { workers, ..Options::default() };
        let society = FastSociety::start(setup, seed, replicate, options);
        Simulation { society: Implementation::Fast(Box::new(society)) }
    }

    /// Like [`Simulation::start`], computed person by person: about ten times slower, with the same results.
    ///
    /// # Panics
    ///
    /// As [`Simulation::start`].
    pub fn readable(setup: Arc<Setup>, seed: u64, replicate: u32) -> Simulation {
        assert_sound(&setup);
        Simulation { society: Implementation::Readable(Box::new(Society::start(setup, seed, replicate))) }
    }

    /// Replaces the leadership of the setup, from the next month on.
    ///
    /// # Errors
    ///
    /// Returns an error if the society could outgrow its identities under the highest levers in every month.
    pub fn with_leadership(mut self, leadership: impl Leadership + 'static) -> Result<Simulation, TooLarge> {
        let country = self.country_mut();
        let highest = vec![Levers::highest(); Month::COUNT];
        bounds::check(&Setup { policy: PolicyMode::Schedule(highest), ..(*country.setup).clone() })?;
        country.leadership = Box::new(leadership);
        Ok(self)
    }

    /// Draws the months from `from` on with the random words of another replicate of the same seed: another future of
    /// the same past.
    ///
    /// Months before `from` keep the words of the replicate with which the society was started. The future whose number
    /// is that replicate is the replicate itself. Since a draw is keyed by its month, the words before and after
    /// `from` are independent, whichever numbers past and future have.
    ///
    /// Whatever is drawn before `from` belongs to the past, also if it shows later. That is the start of January 1928
    /// with the number of outsiders then at school, who graduate until December 1931, and the number of students
    /// admitted since. The traits of outsiders are drawn when they graduate.
    ///
    /// Months that have been simulated stay as they are, so a society may be taken to `from` once and cloned for each
    /// future. A second call replaces the future of the first. A future from after June 1941 changes nothing.
    ///
    /// ```
    /// use kadry::{Month, Simulation, scenario};
    ///
    /// let settings = ["population.size=2000".to_owned()];
    /// let setup = scenario::load("historical", &settings).expect("a shipped scenario").setup();
    /// let mut past = Simulation::start(setup.into(), 1, 1);
    /// let terror: Month = "1937-01".parse().expect("a month of the calendar");
    /// while past.next() < terror {
    ///     past.month();
    /// }
    /// for future in 1..=3 {
    ///     let mut society = past.clone().with_future(terror, future);
    ///     let record = society.month().expect("it is before June 1941");
    ///     println!("future {future}: {} accusations in {}", record.acts, record.month);
    /// }
    /// ```
    #[must_use]
    pub fn with_future(mut self, from: Month, replicate: u32) -> Simulation {
        self.country_mut().set_future(from, replicate);
        self
    }

    /// Draws somebody by chance beside the target of each accusation, from the next month on: another acquaintance of the
    /// same accuser, without regard to motives.
    ///
    /// The draws have random words of their own and change nothing else; they take about 2 % of the time of a month. The
    /// people drawn are in [`Act::chance`](super::state::unit::Act::chance) and in
    /// [`MonthRecord::chance_targets`].
    #[must_use]
    pub fn with_chance_targets(mut self) -> Simulation {
        self.country_mut().notes.chance = true;
        self
    }

    /// Simulates the next month and returns what happened in it; `None` after June 1941, the last month of the
    /// calendar.
    pub fn month(&mut self) -> Option<MonthRecord> {
        if self.next().index() >= Month::COUNT {
            return None;
        }
        Some(match &mut self.society {
            Implementation::Readable(society) => society.month(),
            Implementation::Fast(society) => society.month(),
        })
    }

    /// Simulates the next month in a copy, person by person, and calls `look` before each step with the step's name (see
    /// [`super::observed::STEPS`]) and the society so far. Returns what happened; `None` after the last month.
    ///
    /// The simulation itself stays where it is.
    pub(crate) fn month_in_steps(&self, look: impl FnMut(&'static str, &Society)) -> Option<MonthRecord> {
        if self.next().index() >= Month::COUNT {
            return None;
        }
        self.as_readable().watched_month(look)
    }

    /// Returns a copy that goes on person by person, with the same results.
    pub(crate) fn as_readable(&self) -> Simulation {
        let society = match &self.society {
            Implementation::Readable(society) => (**society).clone(),
            Implementation::Fast(society) => {
                let of_unit = |unit: &FastUnit| unit.everybody().map(Agent::new).collect();
                Society {
                    country: society.country.clone(),
                    units: society.units().iter().map(|unit| unit.state.clone()).collect(),
                    people: society.units().iter().map(of_unit).collect(),
                }
            }
        };
        Simulation { society: Implementation::Readable(Box::new(society)) }
    }

    /// Like [`Simulation::month`]. In a readable simulation, calls `look` before each step, as
    /// [`Simulation::month_in_steps`] does; the fast month has no such steps.
    pub(crate) fn watched_month(
        &mut self,
        mut look: impl FnMut(&'static str, &Society),
    ) -> Option<MonthRecord> {
        match &mut self.society {
            Implementation::Readable(society) if society.next().index() < Month::COUNT => {
                Some(society.month_in_steps(&mut look))
            }
            _ => self.month(),
        }
    }

    /// Returns the input of the model.
    pub(crate) fn setup(&self) -> &Setup {
        &self.country().setup
    }

    /// Returns the month that [`Simulation::month`] will simulate next.
    pub fn next(&self) -> Month {
        self.country().next
    }

    /// Returns the number of people present, not counting those at school.
    pub fn people(&self) -> u64 {
        match &self.society {
            Implementation::Readable(society) => society.people(),
            Implementation::Fast(society) => society.people(),
        }
    }

    /// Returns the units: plants in the order of their numbers, then the regional offices.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        let (readable, fast) = match &self.society {
            Implementation::Readable(society) => (society.units(), Default::default()),
            Implementation::Fast(society) => (Default::default(), society.units()),
        };
        readable.iter().chain(fast.iter().map(|unit| &unit.state))
    }

    /// Calls `look` for everyone present, with the position of the person's unit among [`Simulation::units`].
    pub fn for_each_person(&self, mut look: impl FnMut(usize, &Person)) {
        match &self.society {
            Implementation::Readable(society) => (0..society.units().len())
                .for_each(|unit| society.people_of(unit).for_each(|person| look(unit, person))),
            Implementation::Fast(society) => {
                society.units().iter().enumerate().for_each(|(position, unit)| {
                    unit.everybody().for_each(|person| look(position, &person));
                })
            }
        }
    }

    /// Calls `look` with the standing of everyone present; cheaper than [`Simulation::for_each_person`].
    pub fn for_each_standing(&self, mut look: impl FnMut(Standing)) {
        match &self.society {
            Implementation::Readable(_) => self.for_each_person(|_, person| look(person.standing)),
            Implementation::Fast(society) => {
                society.units().iter().flat_map(|unit| &unit.people.standing).copied().for_each(look);
            }
        }
    }

    /// Calls `look` with the month of joining of everyone present who is in the party, in months since January 1928.
    pub fn for_each_member(&self, mut look: impl FnMut(i16)) {
        match &self.society {
            Implementation::Readable(_) => self.for_each_person(|_, person| {
                if person.standing.in_party() {
                    look(person.dates.joined());
                }
            }),
            Implementation::Fast(society) => {
                let people = society.units().iter().map(|unit| &unit.people);
                let members = people.flat_map(|people| people.standing.iter().zip(&people.dates));
                let members = members.filter(|(standing, _)| standing.in_party());
                members.for_each(|(_, dates)| look(dates.joined()));
            }
        }
    }

    /// Returns the regions.
    pub fn regions(&self) -> &[Region] {
        &self.country().regions
    }

    /// Returns the centre.
    pub fn centre(&self) -> &Centre {
        &self.country().centre
    }

    /// Returns the levers in force in the last month that was simulated, after smoothing; all 0 before the first.
    pub fn levers(&self) -> &Levers {
        &self.country().levers
    }

    /// Returns the cohorts at school, in the order of entry.
    pub fn school(&self) -> impl Iterator<Item = &Cohort> {
        self.country().school.iter()
    }

    /// Returns the number of workers at school, by origin.
    pub fn students_by_origin(&self) -> [u64; ORIGINS] {
        let mut counts = [0; ORIGINS];
        for student in self.school().flat_map(|cohort| &cohort.workers) {
            counts[student.person.standing.origin() as usize] += 1;
        }
        counts
    }

    /// Times the processes of the fast month with this clock from now on, at the cost of a few per cent of the time.
    ///
    /// The readable month is not timed.
    pub fn time(&mut self, clock: Clock) {
        if let Implementation::Fast(society) = &mut self.society {
            society.time(clock);
        }
    }

    /// Returns the time per process since [`Simulation::time`], summed over threads.
    pub fn profile(&self) -> Profile {
        match &self.society {
            Implementation::Readable(_) => Profile::default(),
            Implementation::Fast(society) => society.profile(),
        }
    }

    fn country(&self) -> &Country {
        match &self.society {
            Implementation::Readable(society) => &society.country,
            Implementation::Fast(society) => &society.country,
        }
    }

    fn country_mut(&mut self) -> &mut Country {
        match &mut self.society {
            Implementation::Readable(society) => &mut society.country,
            Implementation::Fast(society) => &mut society.country,
        }
    }
}

fn assert_sound(setup: &Setup) {
    if let Err(fault) = setup.check() {
        panic!("a setup that cannot be simulated: {fault}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::bounds::UnsoundSetup;
    use crate::model::leadership::Observation;
    use crate::model::mechanisms::Mechanisms;
    use crate::model::observed::STEPS;
    use crate::model::parameters::Parameters;
    use crate::model::setup::{Events, Population};

    fn setup() -> Setup {
        Setup {
            population: Population { size: 600, enterprises: 3, regions: 2 },
            parameters: Parameters::default(),
            mechanisms: Mechanisms::default(),
            policy: PolicyMode::Schedule(vec![Levers { criticism: 0.5, ..Levers::default() }; Month::COUNT]),
            events: Events::none(),
        }
    }

    #[test]
    fn setups_made_by_hand_are_checked() {
        assert_eq!(setup().check(), Ok(()));
        let of = |enterprises, regions| Setup {
            population: Population { size: 600, enterprises, regions },
            ..setup()
        };
        assert_eq!(of(3, 0).check(), Err(UnsoundSetup::Regions { regions: 0, enterprises: 3 }));
        assert!(matches!(of(3, 4).check(), Err(UnsoundSetup::Regions { .. })));
        assert!(matches!(of((1 << 20) + 5, 1).check(), Err(UnsoundSetup::TooLarge(TooLarge::Units(_)))));
        let short = Setup { policy: PolicyMode::Schedule(vec![Levers::default(); 3]), ..setup() };
        assert_eq!(short.check(), Err(UnsoundSetup::Months(3)));
    }

    #[test]
    fn a_month_in_steps_is_the_month() {
        let mut simulation = Simulation::start(setup().into(), 1, 1);
        for month in 0..24 {
            let mut steps = Vec::new();
            let record = simulation.month_in_steps(|step, society| steps.push((step, society.people())));
            let people = simulation.people();
            assert_eq!(steps[0], ("set_levers", people));
            assert_eq!(simulation.next(), Month(month));
            assert_eq!(record, simulation.month());
            assert!(steps.iter().map(|(name, _)| *name).eq(STEPS.iter().map(|step| step.name)), "{steps:?}");
            assert_eq!(steps.last().map(|(_, people)| *people), Some(simulation.people()));
        }
    }

    #[derive(Debug, Clone)]
    struct Wild;

    impl Leadership for Wild {
        fn levers(&mut self, month: Month, _observed: Option<&Observation>) -> Levers {
            let value = [f64::NAN, 7.0, -3.0][month.index() % 3];
            Levers { criticism: value, repression: value, growth: value, ..Levers::default() }
        }
    }

    #[test]
    fn both_months_clamp_the_levers_of_any_leadership_and_end_after_the_calendar() {
        let fast = Simulation::start(setup().into(), 1, 1).with_leadership(Wild);
        let readable = Simulation::readable(setup().into(), 1, 1).with_leadership(Wild);
        let (mut fast, mut readable) = (fast.unwrap(), readable.unwrap());
        for _ in 0..Month::COUNT {
            let record = fast.month();
            assert!(record.is_some());
            assert_eq!(record, readable.month());
        }
        assert!(fast.month().is_none() && fast.month().is_none() && readable.month().is_none());
    }
}
