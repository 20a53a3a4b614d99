//! Computes the month by columns, with the same results as [`super::month`] in every byte.
//!
//! This module could be deleted at no cost but time. People are stored in columns, one per attribute, so that a step
//! is a loop over a few arrays, compiled for several instruction sets. A unit goes through steps 1 to 7 at once,
//! while its people are in the cache. Steps that concern few people work on lists of candidates, which the first
//! sweep makes with bounds that cannot miss anyone ([`candidates`]). docs/performance.md says what each of these
//! gains.
//!
//! All formulas are those of [`super::rules`]; none is repeated here. Only [`super::simulation`] uses this module.
//! Tests compare it with the readable month.

mod accusation;
mod acquaintance;
mod arrivals;
pub mod candidates;
mod conditions;
mod departures;
mod effort;
mod election;
mod entrants;
mod fates;
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
