//! Implements the steps of the month person by person: each public function is one call of [`super::month`].
//!
//! A step decides who is considered, in which order, and what is counted; the formulas for one person or unit are in
//! [`super::rules`]. Steps that act above the units are in [`super::country`]. The code is written for reading: plain lists,
//! full sorts, one person at a time.

mod accusation;
mod acquaintance;
mod departures;
mod entries;
mod mood_and_work;
mod output;
mod punishment;
mod roll_call;
mod stocks;
mod vacancies;
