//! The steps of the month, person by person: each public function is one call of [`super::month`].
//!
//! A step decides who is asked, in which order, and what is counted; what a rule says of one person or unit is in
//! [`super::rules`]. Written for reading: plain lists, full sorts, one person at a time.

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
