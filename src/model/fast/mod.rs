//! The fast month: the model of [`super::month`] by columns, with the same results in every byte.
//!
//! It can be deleted without any loss but time. People stand in columns, one per attribute, so that a step is a loop over
//! a few arrays, compiled for several instruction sets. A unit goes through steps 1 to 7 at once, while its people are in
//! the cache. Steps that concern few people work on lists of candidates, which the first sweep makes with bounds that
//! cannot miss anybody ([`candidates`]). docs/performance.md has what each of these gains.
//!
//! Rules come from [`super::rules`]; no formula is written here a second time. Only [`super::simulation`] uses this module;
//! tests compare it with the readable month.

mod accusation;
mod acquaintance;
mod arrivals;
pub mod candidates;
mod conditions;
mod departures;
mod effort;
mod election;
mod entrants;
mod fear;
mod grievance;
mod hiring;
mod merit;
mod month;
mod movers;
mod natural_exits;
mod outcome;
pub mod people;
mod prefilter;
pub mod profile;
mod promotion;
mod purge;
pub mod ranks;
mod recruitment;
mod repression;
mod roll_call;
mod sanction;
mod school;
pub mod society;
mod start;
pub mod unit;
mod unit_steps;
mod vacancies;
mod workspace;
