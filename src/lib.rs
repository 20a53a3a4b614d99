//! Kadry: an agent-based model of elite formation, denunciation and discipline in Soviet industry, 1928-41.
//!
//! A scenario says how large the society is, what its rules are and what the leadership decides. A [`Simulation`] takes it
//! through the 162 months from January 1928 to June 1941; each month returns a [`MonthRecord`].
//!
//! ```
//! use kadry::{Simulation, scenario};
//!
//! let settings = ["population.size=2000".to_owned()];
//! let historical = scenario::load("historical", &settings).expect("a shipped scenario");
//! let mut simulation = Simulation::start(historical.setup().into(), 1, 1);
//! let mut accusations = 0;
//! while let Some(record) = simulation.month() {
//!     accusations += record.acts;
//! }
//! assert!(accusations > 0);
//! ```
//!
//! The same scenario, seed and replicate give the same bytes on every machine. [`Simulation::readable`] computes them person by
//! person, as the source of `model::month` reads; [`Simulation::start`] computes them by columns, about ten times faster.
//!
//! The folder `examples` of the repository has a run written to a table, a leadership of one's own, and the life of one
//! person. What the rules say is in `docs/model.md`; which numbers they use is in [`PARAMETERS`].
//!
//! # Features
//!
//! - `cli` (default): the program `kadry`. Without it the library needs no argument parser, progress bars or signal
//!   handling.
//! - `dev-hooks`: opens all modules to this package's own tests and benchmarks. It carries no promise of stability.

// Modules are private without `dev-hooks`; what is public of them is named below. Some items serve tests alone.
#![cfg_attr(not(feature = "dev-hooks"), allow(unreachable_pub, dead_code, unused_imports))]
#![allow(rustdoc::private_intra_doc_links)]

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(not(feature = "dev-hooks"))]
mod engine;
#[cfg(feature = "dev-hooks")]
pub mod engine;
#[cfg(not(feature = "dev-hooks"))]
mod experiment;
#[cfg(feature = "dev-hooks")]
pub mod experiment;
#[cfg(not(feature = "dev-hooks"))]
mod model;
#[cfg(feature = "dev-hooks")]
pub mod model;
#[cfg(not(feature = "dev-hooks"))]
mod output;
#[cfg(feature = "dev-hooks")]
pub mod output;
#[cfg(not(feature = "dev-hooks"))]
mod report;
#[cfg(feature = "dev-hooks")]
pub mod report;
pub mod scenario;

pub use engine::calendar::{Month, MonthError};
pub use engine::packed::Fixed16;
pub use engine::parallel::Workers;
pub use model::bounds::{TooLarge, UnsoundSetup};
pub use model::leadership::{BoxedClone, Leadership, Observation, Schedule};
pub use model::levers::{LEVERS, LeverInfo, Levers, smooth};
pub use model::measures::{MONTH_MEASURES, Measure, Value};
pub use model::mechanisms::{MECHANISMS, MechanismInfo, Mechanisms};
pub use model::parameters::{Grade, PARAMETERS, ParameterInfo, Parameters};
pub use model::phase::{PHASE_MEASURES, PhaseRecord};
pub use model::record::MonthRecord;
pub use model::rules::enemy_images::Images;
pub use model::setup::{Events, PolicyMode, Population, Setup};
pub use model::simulation::{Profile, Simulation};
pub use model::state::counts::Count;
pub use model::state::person::Person;
pub use model::state::region::{Centre, Region};
pub use model::state::school::{Cohort, Student};
pub use model::state::standing::{Origin, Party, RANK_NAMES, Role, Standing};
pub use model::state::traits::{Career, Dates, Drive, Skill, Temperament};
pub use model::state::unit::{Act, Cause, Loss, Promotion, Unit, UnitMonth};
